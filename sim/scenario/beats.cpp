#include "sim/scenario/beats.h"

#include <algorithm>

namespace nutshell {
namespace {

// Index of the first fact of this step or a later one.
std::size_t facts_from(const Facts& facts, Step step) {
  const auto first =
      std::partition_point(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.step < step; });
  return static_cast<std::size_t>(first - facts.begin());
}

// Where the search for the next beat goes on.
struct Cursor {
  Time at = 0;
  Step position = 0;
  std::size_t fact = 0;
};

// Moves on to the moment. False: the run, as far as known, has none.
bool advance(const Timeline& timeline, const Namer& namer, std::size_t end, const Moment& on, Cursor& cursor) {
  if (on.fact) {
    const std::size_t found = find_fact(*on.fact, timeline.facts(), cursor.fact, end, namer);
    if (found == end) return false;
    const Fact& fact = timeline.facts()[found];
    cursor = {fact.at, fact.step + 1, found + 1};
    return true;
  }
  const Time time = std::max(on.time.value_or(0), cursor.at);
  if (time > timeline.now()) return false;
  if (time > cursor.at) {
    const Step position = position_before(timeline, time);
    cursor = {time, position, std::max(cursor.fact, facts_from(timeline.facts(), position))};
  }
  return true;
}

}  // namespace

std::vector<FiredBeat> fire_beats(const Scenario& scenario, const Timeline& timeline) {
  const WorldNamer namer(timeline.world());
  const std::size_t end = facts_from(timeline.facts(), timeline.position());
  const Step opening = position_before(timeline, scenario.opens);
  Cursor cursor{scenario.opens, opening, facts_from(timeline.facts(), opening)};
  std::vector<FiredBeat> fired;
  for (std::size_t i = 0; i < scenario.beats.size(); ++i) {
    if (!advance(timeline, namer, end, scenario.beats[i].on, cursor)) break;
    fired.push_back({i, cursor.at, cursor.position});
  }
  return fired;
}

}  // namespace nutshell
