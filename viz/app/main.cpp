// The program `nutshell` with its front end.
#include "sim/command/program.h"
#include "viz/app/commands.h"

int main(int argc, char** argv) {
  using namespace nutshell;
  return run_program(argc, argv, {add_open, add_present, add_shot, add_film, add_slide_stills, add_slide_export});
}
