// The commands of the program that draw: open, present, shot and film.
#pragma once

#include "sim/command/options.h"

namespace nutshell {

void add_open(CLI::App& program, Job& job);
void add_present(CLI::App& program, Job& job);
void add_shot(CLI::App& program, Job& job);
void add_film(CLI::App& program, Job& job);

}  // namespace nutshell
