// Finding scenarios, reading them and running them, for commands.
#pragma once

#include <string>
#include <vector>

#include "sim/command/options.h"
#include "sim/history/timeline.h"
#include "sim/scenario/read.h"
#include "sim/scenario/run.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/share.h"

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

// A file that comes with the program, such as "assets/prices/example.json". Throws Failure: it is not there.
std::string find_shipped_file(const std::string& name);
// The text of a file, of two megabytes at most. Throws Failure.
std::string text_of_file(const std::string& path);
// Files of the workloads that come with the program, by name; and the one that a user means, by its path or its name.
// Throws Failure, with the nearest name.
std::vector<std::string> shipped_workloads();
std::string find_workload_file(const std::string& name);

// File name without folder and extension; of a share code, the name in it.
std::string bare_name(const std::string& path);
// Without the number that puts the files in order as well: "leader-failover".
std::string lesson_name(const std::string& path);

// The scenario with what the options change. `name` may be a share code: then the deeds in it are in the script, and
// what there is to say about it is said on standard error. Throws Failure that lists every mistake.
Scenario load(const std::string& name, const Overrides& overrides);

// A share code, opened: what it begins with, and what it says of that.
struct OpenedShare {
  Share share;          // with the overrides in its course
  Scenario base;        // the lesson as its file has it, or the scenario in the code
  Scenario scenario;    // the base as the course changes it, without deeds
  std::string warning;  // a sentence if the lesson is another version; empty: it is the same
};
// Throws Failure if it is no code, is damaged, or speaks of what there is not here.
OpenedShare open_share(const std::string& code, const Overrides& overrides = {});

// The whole run, standing at its end. Throws Failure if it takes too many steps.
Timeline run_to_end(const Scenario& scenario, FactLevel keep);

}  // namespace nutshell
