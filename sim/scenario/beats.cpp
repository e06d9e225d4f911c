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

}  // namespace

BeatWalk::BeatWalk(const Timeline& run, const Namer& names, Time opens, Step steps, Time now)
    : run_(&run), names_(&names), now_(now), steps_(steps), end_(facts_from(run.facts(), steps)), at_(opens),
      position_(std::min(steps, run.steps_until(opens - 1))), fact_(facts_from(run.facts(), position_)) {}

bool BeatWalk::go_on(const Moment& to) {
  if (to.fact) {
    const std::size_t found = find_fact(*to.fact, run_->facts(), fact_, end_, *names_);
    if (found == end_) return false;
    const Fact& fact = run_->facts()[found];
    at_ = fact.at;
    position_ = fact.step + 1;
    fact_ = found + 1;
    return true;
  }
  const Time time = std::max(to.time.value_or(0), at_);
  if (time > now_) return false;
  if (time == at_) return true;
  at_ = time;
  position_ = std::min(steps_, run_->steps_until(time - 1));
  fact_ = std::max(fact_, facts_from(run_->facts(), position_));
  return true;
}

std::vector<FiredBeat> fire_beats(const Scenario& scenario, const Timeline& timeline) {
  const WorldNamer names(timeline.world());
  BeatWalk walk(timeline, names, scenario.opens, timeline.position(), timeline.now());
  std::vector<FiredBeat> fired;
  for (std::size_t i = 0; i < scenario.beats.size() && walk.go_on(scenario.beats[i].on); ++i)
    fired.push_back({i, walk.at(), walk.position()});
  return fired;
}

}  // namespace nutshell
