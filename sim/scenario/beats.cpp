#include "sim/scenario/beats.h"

#include <algorithm>
#include <optional>

#include "sim/scenario/effect.h"

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

Time quiet_until(const Timeline& timeline, Time until) {
  return std::max(timeline.now(), std::min(timeline.next_time() - 1, until));
}

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

std::optional<StopFinder::Stop> StopFinder::find(const Fact& fact, Time last) {
  const Stop decided{fact.at, fact.step + 1};
  if (!takes_effect_later(fact.body)) return decided;
  const Step latest = std::min(run_.position(), run_.steps_until(std::min(last, fact.at + kLongestEffect)));
  if (!probe_) probe_ = run_.fork();
  probe_->seek(decided.position);
  while (!has_taken_effect(fact.body, probe_->world())) {
    if (probe_->position() < latest) {
      probe_->step();
      continue;
    }
    if (latest < run_.position() || run_.next_time() > until_) return decided;
    return std::nullopt;
  }
  return Stop{probe_->now(), probe_->position()};
}

namespace {

// A beat that waits for a time stands before what happens then, and so does the one before it.
Time latest_stop(const Scenario& scenario, std::size_t beat) {
  if (beat + 1 >= scenario.beats.size() || scenario.beats[beat + 1].on.fact) return kNever;
  return scenario.beats[beat + 1].on.time.value_or(kNever) - 1;
}

}  // namespace

std::vector<FiredBeat> fire_beats(const Scenario& scenario, const Timeline& timeline, const std::vector<FiredBeat>& known) {
  const WorldNamer names(timeline.world());
  BeatWalk walk(timeline, names, scenario.opens, timeline.position(), quiet_until(timeline, scenario.until));
  StopFinder stops(timeline, scenario.until);
  std::vector<FiredBeat> fired;
  for (std::size_t i = 0; i < scenario.beats.size() && walk.go_on(scenario.beats[i].on); ++i) {
    FiredBeat beat{i, walk.position(), walk.at(), walk.position()};
    if (i < known.size() && known[i].fired == beat.fired) {
      beat = known[i];
    } else if (scenario.beats[i].on.fact) {
      const auto stop = stops.find(timeline.facts()[walk.next_fact() - 1], latest_stop(scenario, i));
      if (!stop) break;
      beat.at = stop->at;
      beat.position = stop->position;
    }
    if (!fired.empty() && beat.position < fired.back().position) {
      beat.position = fired.back().position;
      beat.at = std::max(beat.at, fired.back().at);
    }
    fired.push_back(beat);
  }
  return fired;
}

}  // namespace nutshell
