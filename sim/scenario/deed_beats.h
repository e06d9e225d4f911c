// Captions for what was done by hand: a saved session tells of each deed, in words that wait to be made better.
#pragma once

#include <vector>

#include "sim/history/timeline.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

// The scenario, whose script holds the deeds, with a beat for each of them at the end of its own. A beat hangs on the
// fact that the deed brought about, so that it stays true when times are changed; where there is none, on its time.
// REQUIRES the deeds are later than every beat of the scenario, and the run has taken them all.
Scenario with_beats_for(Scenario scenario, const std::vector<Action>& deeds, const Timeline& run);

}  // namespace nutshell
