// The program without the front end.
#include "sim/command/program.h"

int main(int argc, char** argv) { return nutshell::run_program(argc, argv); }
