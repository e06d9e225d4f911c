// The program `nutshell` with its front end.
#include "sim/command/program.h"
#include "viz/app/commands.h"

int main(int argc, char** argv) {
  return nutshell::run_program(
      argc, argv, {nutshell::add_open, nutshell::add_present, nutshell::add_shot, nutshell::add_film, nutshell::add_slide_pictures});
}
