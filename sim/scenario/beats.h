// Which beats of a scenario have fired in a run, and when.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/scenario/run.h"

namespace nutshell {

// A beat and the moment at which it fired.
struct FiredBeat {
  std::size_t beat = 0;  // index into Scenario::beats
  Time at = 0;
  Step position = 0;  // steps taken by then: for Timeline::seek
};

// A walk along a run from one moment to the next: each is looked for after the one before.
class BeatWalk {
 public:
  // From the opening, through what happens in the first `steps` known steps, at the end of which it is `now`. The names
  // are those that the facts may speak of. REQUIRES the run and the names outlive the walk.
  BeatWalk(const Timeline& run, const Namer& names, Time opens, Step steps, Time now);
  // On to the moment. False: the run has none so far, and the walk stays where it is.
  bool go_on(const Moment& to);
  Time at() const { return at_; }
  Step position() const { return position_; }  // steps taken by then: for Timeline::seek
  // Index of the first fact that the next moment may be.
  std::size_t next_fact() const { return fact_; }

 private:
  const Timeline* run_;
  const Namer* names_;
  Time now_ = 0;
  Step steps_ = 0;
  std::size_t end_ = 0;  // of the facts
  Time at_ = 0;
  Step position_ = 0;
  std::size_t fact_ = 0;
};

// The beats that have fired up to where the timeline stands, in their order. A beat waits for the one before it; after
// the first that has not fired, none has. REQUIRES the timeline keeps the facts that the beats wait for.
std::vector<FiredBeat> fire_beats(const Scenario& scenario, const Timeline& timeline);

}  // namespace nutshell
