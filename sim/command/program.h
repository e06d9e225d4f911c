// The program `nutshell`: parses the command line, does one command, and says in one sentence what went wrong.
#pragma once

#include <vector>

#include "sim/command/options.h"

namespace nutshell {

using AddCommand = void (*)(const CliCommand& program, Job& job);

// Does what the command line says, and returns the exit code. `more`: commands besides those of the terminal.
int run_program(int argc, char** argv, const std::vector<AddCommand>& more = {});

}  // namespace nutshell
