#include "sim/scenario/deed_beats.h"

#include <algorithm>
#include <optional>

#include "sim/scenario/beats.h"

namespace nutshell {
namespace {

// Fields that say who or what it was.
bool names_something(const FieldShape& field) {
  switch (field.kind) {
    case FieldKind::node:
    case FieldKind::topic:
    case FieldKind::group:
    case FieldKind::broker: return field.name != "previous";
    default: return field.name == "partition";
  }
}

FactPattern pattern_of(const FactBody& body, const Namer& namer) {
  FactPattern pattern;
  pattern.fact = std::string(fact_name(body));
  for (const FieldShape& field : find_fact_shape(pattern.fact)->fields) {
    const std::string value = names_something(field) ? field_text(body, field.name, namer) : "";
    if (!value.empty() && value != "none" && value != "-1") pattern.where.push_back({std::string(field.name), value});
  }
  return pattern;
}

// The step that took the deed.
std::optional<Step> step_of(const Timeline& run, Time at) {
  const Step end = run.steps_until(at);
  for (Step step = run.steps_until(at - 1); step < end; ++step) {
    if (run.record_of(step).action >= 0) return step;
  }
  return std::nullopt;
}

// The first fact of the deed that belongs to the story; nullopt: it brought about none.
std::optional<std::size_t> fact_of(const Timeline& run, Time at) {
  const std::optional<Step> step = step_of(run, at);
  if (!step) return std::nullopt;
  const auto [first, last] = run.facts_of(*step);
  for (std::size_t i = first; i < last; ++i) {
    if (fact_level(run.facts()[i].body) == FactLevel::story) return i;
  }
  return std::nullopt;
}

// The fact as one that is looked for from `from` on.
FactPattern anchor(const Timeline& run, const Namer& names, std::size_t from, std::size_t fact) {
  FactPattern pattern = pattern_of(run.facts()[fact].body, names);
  for (std::size_t i = from; i < fact; ++i) pattern.nth += matches(pattern, run.facts()[i], names);
  return pattern;
}

}  // namespace

Scenario with_beats_for(Scenario scenario, const std::vector<Action>& deeds, const Timeline& run) {
  if (deeds.empty()) return scenario;
  const WorldNamer names(run.front_world());
  const Time last = deeds.back().at;
  BeatWalk walk(run, names, scenario.opens, run.steps_until(last), last);
  for (const Beat& each : scenario.beats) walk.go_on(each.on);
  for (const Action& deed : deeds) {
    Beat beat;
    beat.say = sentence(deed.body);
    beat.on.time = deed.at;
    BeatWalk next = walk;
    if (const std::optional<std::size_t> fact = fact_of(run, deed.at)) {
      const Moment on{std::nullopt, anchor(run, names, walk.next_fact(), *fact)};
      // Two deeds of one time may have brought about one fact.
      if (next.go_on(on) && next.at() == deed.at) beat.on = on;
      else next = walk;
    }
    if (beat.on.time) next.go_on(beat.on);
    walk = next;
    scenario.beats.push_back(std::move(beat));
  }
  return scenario;
}

}  // namespace nutshell
