// Judges a scenario: does everything come out as it says?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/run.h"

namespace nutshell {

struct Verdict {
  bool passed = false;
  std::vector<std::string> failures;  // "file:line: what was expected and what was seen"; empty if passed
  std::size_t expectations = 0;       // judged
  std::size_t promises = 0;           // put to the test at least once
  std::uint64_t trials = 0;           // tests of promises in all
  std::size_t beats = 0, questions = 0;
  std::size_t goals = 0;  // of a puzzle; failures tell of those that its solution does not meet, or that nobody has to
  Step steps = 0;
  std::uint64_t digest = 0;  // of the end of the run
};

// Runs the scenario to its end and judges its expectations, its beats (each fires, each question has exactly one
// right answer) and all promises: one that breaks although no expectation says so is a failure. A puzzle is judged twice:
// as it stands no goal is met, and with its solution every one is (goals.h).
Verdict check_scenario(const Scenario& scenario, const RunLimits& limits = {});

// Judges a run that has come to scenario.until; of a puzzle, the unsolved one, and not the goals.
Verdict judge_run(const Scenario& scenario, const Timeline& finished);

}  // namespace nutshell
