#include "sim/scenario/goals.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/scenario/evaluate.h"

namespace nutshell {
namespace {

// "scenarios/31-x.json:7: goal 'Lose one record': "
std::string goal_place(const Scenario& puzzle, const Goal& goal) {
  return puzzle.file + (goal.line > 0 ? ":" + std::to_string(goal.line) : "") + ": goal '" + goal.text + "': ";
}

void check_unsolved(const Scenario& puzzle, const Timeline& unsolved, std::vector<std::string>& wrong) {
  const std::vector<GoalState> states = judge_goals(puzzle, unsolved);
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (states[i].met) wrong.push_back(goal_place(puzzle, puzzle.goals[i]) + "is met without anybody doing anything");
  }
}

bool asked_for(const Scenario& puzzle, const Breach& breach, const World& world) {
  return std::any_of(puzzle.goals.begin(), puzzle.goals.end(), [&](const Goal& goal) {
    const auto* test = std::get_if<PromiseTest>(&goal.test);
    return test && test->breaks && speaks_of(*test, breach, world);
  });
}

// What Kafka does not promise with these settings may break: that is what the player plays with.
void check_promises(const Scenario& puzzle, const Timeline& finished, std::vector<std::string>& wrong) {
  const Evaluator evaluator(finished, puzzle);
  for (const Breach& breach : evaluator.judge().breaches()) {
    if (breach.promised && !asked_for(puzzle, breach, finished.world())) {
      wrong.push_back(puzzle.file + ": with the solution " + to_text(breach));
    }
  }
}

}  // namespace

std::vector<GoalState> judge_goals(const Scenario& scenario, const Timeline& finished) {
  std::vector<GoalState> states;
  if (scenario.goals.empty()) return states;
  Evaluator evaluator(finished, scenario);
  for (const Goal& goal : scenario.goals) {
    const TestOutcome outcome = evaluator.evaluate(goal.test);
    if (outcome.holds) states.push_back({true, "", outcome.position, outcome.at});
    else states.push_back({false, outcome.why});
  }
  return states;
}

Scenario solved(const Scenario& puzzle) {
  Scenario scenario = puzzle;
  scenario.script.insert(scenario.script.end(), puzzle.solution.begin(), puzzle.solution.end());
  return scenario;
}

std::vector<std::string> check_puzzle(const Scenario& puzzle, const Timeline& unsolved, const RunLimits& limits) {
  std::vector<std::string> wrong;
  if (!puzzle.is_puzzle()) return wrong;
  check_unsolved(puzzle, unsolved, wrong);
  Timeline played = timeline_of(solved(puzzle), needed_facts(puzzle));
  if (!run_to(played, puzzle.until, limits)) {
    wrong.push_back(puzzle.file + ": with the solution the run needs more than " + std::to_string(limits.steps) + " steps");
    return wrong;
  }
  const std::vector<GoalState> states = judge_goals(puzzle, played);
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!states[i].met) wrong.push_back(goal_place(puzzle, puzzle.goals[i]) + "the solution does not meet it: " + states[i].why);
  }
  check_promises(puzzle, played, wrong);
  for (const std::string& each : never_done(puzzle, played)) wrong.push_back(each + ", with the solution");
  return wrong;
}

std::string marked(const Goal& goal, const GoalState& state) {
  return state.met ? "✓ " + goal.text + " (at " + format_time(state.at) + ")" : "○ " + goal.text;
}

}  // namespace nutshell
