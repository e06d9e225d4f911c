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

// The beats that have fired up to where the timeline stands, in their order. A beat waits for the one before it; after
// the first that has not fired, none has. REQUIRES the timeline keeps the facts that the beats wait for.
std::vector<FiredBeat> fire_beats(const Scenario& scenario, const Timeline& timeline);

}  // namespace nutshell
