// The goals of a puzzle: which of them a run meets, and whether the puzzle is a good one.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/run.h"

namespace nutshell {

struct GoalState {
  bool met = false;
  std::string why;    // if it is not met: what was seen instead
  // If it is met: the moment from which on that is settled. For what happens or breaks, just after it did; for what must
  // not happen, and for values, when nothing can spoil it any more: mostly at the end of the run.
  Step position = 0;  // steps taken by then: Timeline::seek goes there
  Time at = 0;
};

// One for each goal of the scenario, in their order. REQUIRES `finished` has run to scenario.until, stands there, and
// keeps facts as needed_facts() says. What was done to the cluster is the timeline's own business.
std::vector<GoalState> judge_goals(const Scenario& scenario, const Timeline& finished);

// The puzzle with its solution carried out: the actions of both, in the order of their times.
Scenario solved(const Scenario& puzzle);

// What is wrong with the puzzle, "file:line: what" each: a goal that is met although nobody did anything, or is not met
// by the solution, and promises that the solution breaks although no goal asks for it. `unsolved` as for judge_goals().
std::vector<std::string> check_puzzle(const Scenario& puzzle, const Timeline& unsolved, const RunLimits& limits = {});

// "✓ Lose one record (at 12.345s)", "○ Lose one record", for lists.
std::string marked(const Goal& goal, const GoalState& state);

}  // namespace nutshell
