// The commands of the program that draw: open, present, shot, film, and what of slides draws.
#pragma once

#include "sim/command/options.h"

namespace nutshell {

void add_open(CLI::App& program, Job& job);
void add_present(CLI::App& program, Job& job);
void add_shot(CLI::App& program, Job& job);
void add_film(CLI::App& program, Job& job);
// What of "slides" draws.
void add_slide_stills(CLI::App& program, Job& job);
void add_slide_export(CLI::App& program, Job& job);

}  // namespace nutshell
