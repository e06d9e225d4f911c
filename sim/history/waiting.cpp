// Actions of the script that wait for facts.
#include <algorithm>

#include "sim/history/timeline_state.h"

namespace nutshell {

void Timeline::State::note_facts() {
  const WorldNamer names(world);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    Waiting& each = waiting[i];
    for (const Fact& fact : facts) {
      if (each.is_due() || !each.reader.is_meant(fact, names)) continue;
      each.seen.push_back(position);
      if (!each.is_due()) continue;
      const Time at = fact.at + std::max<Duration>(each.action.when->after, 1);
      Action action = each.action;
      action.at = at;
      const auto later = std::upper_bound(script.begin() + static_cast<std::ptrdiff_t>(next_action), script.end(), at,
                                          [](Time time, const Action& other) { return time < other.at; });
      insert_action(static_cast<std::size_t>(later - script.begin()), std::move(action), false, static_cast<std::int32_t>(i));
    }
  }
}

// After steps have been forgotten. What became due in them has not been done yet.
void Timeline::State::wait_again() {
  const WorldNamer names(world);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    Waiting& each = waiting[i];
    const bool was_due = each.is_due();
    while (!each.seen.empty() && each.seen.back() >= position) each.seen.pop_back();
    if (was_due && !each.is_due()) {
      const auto place = std::find(waited.begin(), waited.end(), static_cast<std::int32_t>(i)) - waited.begin();
      script.erase(script.begin() + place);
      live.erase(live.begin() + place);
      waited.erase(waited.begin() + place);
    }
    if (each.is_due() || !each.reader.has_titles()) continue;
    each.reader = PatternReader(each.action.when->fact);
    for (std::size_t fact = 0; fact < chronicle.facts().size(); ++fact) each.reader.is_meant(chronicle.facts()[fact], names);
  }
}

void Timeline::State::insert_action(std::size_t place, Action action, bool by_act, std::int32_t was_waiting) {
  const auto at = static_cast<std::ptrdiff_t>(place);
  script.insert(script.begin() + at, std::move(action));
  live.insert(live.begin() + at, by_act);
  waited.insert(waited.begin() + at, was_waiting);
}

std::vector<Action> Timeline::waiting() const {
  std::vector<Action> still;
  for (const Waiting& each : state_->waiting)
    if (!each.is_due()) still.push_back(each.action);
  return still;
}

}  // namespace nutshell
