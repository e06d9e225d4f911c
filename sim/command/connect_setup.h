// What nutshell connect runs, from files.
#pragma once

#include <string>

#include "sim/scenario/scenario.h"

namespace nutshell {

// A set-up (connect_scenario.h), a scenario's file, or the name of a shipped one. Of a set-up all that stands outside is taken in:
// { "sqlite": "shop.db" } as its tables, { "read": "in.txt" } as its text, from beside the file. Throws Failure.
Scenario read_connect(const std::string& file);

}  // namespace nutshell
