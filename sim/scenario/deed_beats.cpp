#include "sim/scenario/deed_beats.h"

#include <algorithm>
#include <optional>

#include "sim/scenario/beats.h"
#include "sim/scenario/run.h"

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
std::optional<Step> step_of(const Timeline& timeline, Time at) {
  for (Step step = position_before(timeline, at); step < timeline.position() && timeline.record_of(step).at == at; ++step) {
    if (timeline.record_of(step).action >= 0) return step;
  }
  return std::nullopt;
}

// The first fact of the deed that belongs to the story; nullopt: it brought about none.
std::optional<std::size_t> fact_of(const Timeline& timeline, Time at) {
  const std::optional<Step> step = step_of(timeline, at);
  if (!step) return std::nullopt;
  const auto [first, last] = timeline.facts_of(*step);
  for (std::size_t i = first; i < last; ++i) {
    if (fact_level(timeline.facts()[i].body) == FactLevel::story) return i;
  }
  return std::nullopt;
}

}  // namespace

Scenario with_beats_for(Scenario scenario, const std::vector<Action>& deeds) {
  if (deeds.empty()) return scenario;
  Timeline timeline = timeline_of(scenario);
  timeline.seek_time(deeds.back().at);
  const WorldNamer namer(timeline.world());
  std::size_t from = 0;  // the first fact that a beat would look at
  const std::vector<FiredBeat> fired = fire_beats(scenario, timeline);
  while (from < timeline.facts().size() && !fired.empty() && timeline.facts()[from].step < fired.back().position) ++from;
  for (const Action& deed : deeds) {
    Beat beat;
    beat.say = sentence(deed.body);
    beat.on.time = deed.at;
    const std::optional<std::size_t> fact = fact_of(timeline, deed.at);
    scenario.beats.push_back(beat);
    if (!fact) continue;
    Beat& made = scenario.beats.back();
    made.on.fact = pattern_of(timeline.facts()[*fact].body, namer);
    for (std::size_t i = from; i < *fact; ++i) made.on.fact->nth += matches(*made.on.fact, timeline.facts()[i], namer);
    made.on.time.reset();
    // If it would fire elsewhere, its time is the better anchor.
    const std::vector<FiredBeat> all = fire_beats(scenario, timeline);
    if (all.size() == scenario.beats.size() && all.back().at == deed.at) from = *fact + 1;
    else made = beat;
  }
  return scenario;
}

}  // namespace nutshell
