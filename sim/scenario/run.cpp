#include "sim/scenario/run.h"

#include <algorithm>

namespace nutshell {
namespace {

void raise(FactLevel& level, const FactPattern& pattern) {
  const FactShape* shape = find_fact_shape(pattern.fact);
  if (shape) level = std::max(level, shape->level);
}

void raise(FactLevel& level, const Moment& moment) {
  if (moment.fact) raise(level, *moment.fact);
}

void raise(FactLevel& level, const Test& test) {
  if (const auto* value = std::get_if<ValueTest>(&test)) raise(level, value->at);
  if (const auto* fact = std::get_if<FactTest>(&test)) {
    raise(level, fact->fact);
    if (fact->of) raise(level, *fact->of);
  }
}

}  // namespace

FactLevel needed_facts(const Scenario& scenario) {
  FactLevel level = FactLevel::protocol;
  for (const Expectation& expectation : scenario.expect) raise(level, expectation.test);
  for (const Goal& goal : scenario.goals) raise(level, goal.test);
  for (const Beat& beat : scenario.beats) {
    raise(level, beat.on);
    for (const Choice& choice : beat.choices) raise(level, choice.test);
  }
  return level;
}

Timeline timeline_of(const Scenario& scenario, FactLevel keep) {
  TimelineOptions options;
  options.keep = keep;
  return Timeline(scenario.setup, scenario.script, options);
}

std::vector<std::string> never_done(const Scenario& scenario, const Timeline& finished) {
  std::vector<std::string> vain;
  const auto said = [&](const Action& each) {
    return scenario.file + ": the action '" + std::string(action_name(each.body)) + "' is never done: it waits for " +
           to_text(each.when->fact);
  };
  for (const Action& each : finished.waiting()) vain.push_back(said(each) + ", which does not happen");
  for (const Action& each : finished.script())
    if (each.when && each.at > scenario.until) vain.push_back(said(each) + ", and its time comes after the end");
  return vain;
}

Step position_before(const Timeline& timeline, Time time) {
  return std::min(timeline.position(), timeline.steps_until(time - 1));
}

bool run_to(Timeline& timeline, Time until, const RunLimits& limits) {
  while (timeline.position() < limits.steps) {
    if (!timeline.step(until)) return true;
  }
  return false;
}

}  // namespace nutshell
