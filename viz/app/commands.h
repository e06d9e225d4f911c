// The commands of the program that draw: open, present, shot, film, and what of slides draws.
#pragma once

#include "sim/command/options.h"

namespace nutshell {

void add_open(const CliCommand& program, Job& job);
void add_present(const CliCommand& program, Job& job);
void add_shot(const CliCommand& program, Job& job);
void add_film(const CliCommand& program, Job& job);
// What of "slides" draws.
void add_slide_stills(const CliCommand& program, Job& job);
void add_slide_export(const CliCommand& program, Job& job);

}  // namespace nutshell
