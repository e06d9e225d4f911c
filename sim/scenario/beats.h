// Which beats of a scenario have fired in a run, and when.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sim/scenario/run.h"

namespace nutshell {

// A beat that has fired. It stops, for people to look, where what its fact names has taken effect.
struct FiredBeat {
  std::size_t beat = 0;  // index into Scenario::beats
  Step fired = 0;        // steps taken when its fact had happened or its time had come
  Time at = 0;           // where it stops ...
  Step position = 0;     // ... and steps taken by then: for Timeline::seek
};

// Until when nothing more happens than what the timeline stands after, but not after `until`.
Time quiet_until(const Timeline& timeline, Time until);

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
  // Index of the first fact that the next moment may be; the one before it is the moment's own, if it was a fact.
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

// Looks where what a fact names can be seen. It runs the stretches in question again, in a timeline of its own.
class StopFinder {
 public:
  struct Stop {
    Time at = 0;
    Step position = 0;
  };
  // Up to where the run stands. `until`: how far it is to be known at last. REQUIRES the run outlives the finder.
  StopFinder(const Timeline& run, Time until) : run_(run), until_(until) {}
  // The first moment, not after `last`, at which the fact has taken effect; where it does not in time, the fact itself.
  // nullopt: that lies beyond what is known.
  std::optional<Stop> find(const Fact& fact, Time last = kNever);

 private:
  const Timeline& run_;
  Time until_ = 0;
  std::optional<Timeline> probe_;
};

// The beats that have fired up to where the timeline stands, in their order. A beat waits for the one before it; after
// the first that has not fired, none has. A beat stops no later than kLongestEffect after its fact, before the time of
// the next beat, if that waits for a time, and never before the beat before it. REQUIRES the timeline keeps the facts
// that the beats wait for. `known`: what this has returned for the same run, when less of it was known.
std::vector<FiredBeat> fire_beats(const Scenario& scenario, const Timeline& timeline,
                                  const std::vector<FiredBeat>& known = {});

}  // namespace nutshell
