// Finding scenarios, reading them and running them, for commands.
#pragma once

#include <string>
#include <vector>

#include "sim/command/options.h"
#include "sim/history/timeline.h"
#include "sim/scenario/run.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

// Files of the scenarios that come with the program, by name. Looks beside the program (../share/nutshell), in
// the source tree that it was built from, and where it was to be installed.
std::vector<std::string> shipped_scenarios();

// The file that a user means: a path, or the name of a shipped scenario with its number or without
// ("13-leader-failover", "leader-failover").
// Throws Failure, with the nearest name.
std::string find_scenario_file(const std::string& name);
// The same for several names, among which folders stand for all scenarios in them. Sorted within a folder.
std::vector<std::string> find_scenario_files(const std::vector<std::string>& names);

// File name without folder and extension.
std::string bare_name(const std::string& path);

// The scenario with what the options change. Throws Failure that lists every mistake.
Scenario load(const std::string& name, const Overrides& overrides);

// The whole run, standing at its end. Throws Failure if it takes too many steps.
Timeline run_to_end(const Scenario& scenario, FactLevel keep);

}  // namespace nutshell
