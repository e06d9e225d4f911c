#include "sim/scenario/check.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/scenario/beats.h"
#include "sim/scenario/evaluate.h"
#include "sim/scenario/goals.h"
#include "sim/scenario/rivals.h"

namespace nutshell {
namespace {

std::string place(const Scenario& scenario, std::int32_t line) {
  return line > 0 ? scenario.file + ":" + std::to_string(line) + ": " : scenario.file + ": ";
}

bool is_expected_breach(const Scenario& scenario, const Breach& breach, const World& world) {
  return std::any_of(scenario.expect.begin(), scenario.expect.end(), [&](const Expectation& each) {
    const auto* test = std::get_if<PromiseTest>(&each.test);
    return test && speaks_of(*test, breach, world);
  });
}

void judge_expectations(const Scenario& scenario, Evaluator& evaluator, Verdict& verdict) {
  for (const Expectation& expectation : scenario.expect) {
    const TestOutcome outcome = evaluator.evaluate(expectation.test);
    ++verdict.expectations;
    if (!outcome.holds) verdict.failures.push_back(place(scenario, expectation.line) + outcome.why);
  }
}

void judge_promises(const Scenario& scenario, const Evaluator& evaluator, const World& world, Verdict& verdict) {
  for (const Breach& breach : evaluator.judge().breaches()) {
    if (is_expected_breach(scenario, breach, world)) continue;
    const std::string name(promises()[static_cast<std::size_t>(breach.promise)].name);
    const std::string advice = breach.promised ? "" : "; if that is the lesson, expect {\"breaks\": \"" + name + "\"}";
    verdict.failures.push_back(place(scenario, 0) + to_text(breach) + advice);
  }
  for (std::uint64_t trials : evaluator.judge().trials()) {
    verdict.trials += trials;
    if (trials > 0) ++verdict.promises;
  }
}

// What was confirmed is done, dead, still stored or lost, on each of them.
void judge_rivals(const Scenario& scenario, const World& world, Verdict& verdict) {
  if (!world.rivals.setup) return;
  for (const RivalRun& run : runs_of(world.rivals)->runs()) {
    fold(verdict.digest, run.end.digest);
    for (const std::string& each : run.end.breaches) verdict.failures.push_back(place(scenario, 0) + "on " + run.name + " " + each);
  }
}

void judge_question(const Scenario& scenario, const Beat& beat, Evaluator& evaluator, Verdict& verdict) {
  if (beat.ask.empty()) return;
  ++verdict.questions;
  if (right_choice(evaluator, beat)) return;
  std::string what = "the question has not exactly one right answer:";
  for (const Choice& choice : beat.choices) {
    const TestOutcome outcome = evaluator.evaluate(choice.test);
    what += " '" + choice.text + "' " + (outcome.holds ? "is right" : "is wrong (" + outcome.why + ")") + ";";
  }
  what.pop_back();
  verdict.failures.push_back(place(scenario, beat.line) + what);
}

void judge_beats(const Scenario& scenario, const Timeline& finished, Evaluator& evaluator, Verdict& verdict) {
  const std::size_t fired = fire_beats(scenario, finished).size();
  verdict.beats = fired;
  for (std::size_t i = 0; i < fired; ++i) judge_question(scenario, scenario.beats[i], evaluator, verdict);
  if (fired == scenario.beats.size()) return;
  const Beat& beat = scenario.beats[fired];
  const std::string awaited = beat.on.fact ? to_text(*beat.on.fact) : format_time(beat.on.time.value_or(0));
  verdict.failures.push_back(place(scenario, beat.line) + "the beat never fires: it waits for " + awaited);
}

}  // namespace

Verdict judge_run(const Scenario& scenario, const Timeline& finished) {
  Verdict verdict;
  Evaluator evaluator(finished, scenario);
  judge_expectations(scenario, evaluator, verdict);
  judge_promises(scenario, evaluator, finished.world(), verdict);
  for (std::string& each : never_done(scenario, finished)) verdict.failures.push_back(std::move(each));
  judge_beats(scenario, finished, evaluator, verdict);
  verdict.steps = finished.position();
  verdict.digest = finished.digest();
  judge_rivals(scenario, finished.world(), verdict);
  verdict.passed = verdict.failures.empty();
  return verdict;
}

Verdict check_scenario(const Scenario& scenario, const RunLimits& limits) {
  Timeline timeline = timeline_of(scenario, needed_facts(scenario));
  Verdict verdict;
  if (run_to(timeline, scenario.until, limits)) {
    verdict = judge_run(scenario, timeline);
    verdict.goals = scenario.goals.size();
    for (std::string& each : check_puzzle(scenario, timeline, limits)) verdict.failures.push_back(std::move(each));
    verdict.passed = verdict.failures.empty();
    return verdict;
  }
  verdict.steps = timeline.position();
  verdict.failures.push_back(place(scenario, 0) + "the run needs more than " + std::to_string(limits.steps) +
                             " steps and was given up at " + format_time(timeline.now()));
  return verdict;
}

}  // namespace nutshell
