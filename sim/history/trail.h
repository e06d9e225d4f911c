// A trail: the digest of a run at many of its moments. Where two trails part, the runs part.
#pragma once

#include <functional>
#include <string>

#include "sim/history/timeline.h"

namespace nutshell {

struct TrailRange {
  Step from = 0, to = 0;  // steps; the trail ends at `to`, or where the run ends
  Step every = 1;         // > 0
};

// Calls `take` with a line for each point: steps taken, the time in ns, the digest, and what happened in the last step.
// It begins `every` steps after `from`; its last point is its end, whatever `every` is.
void walk_trail(Timeline& timeline, TrailRange range, const std::function<void(const std::string& line)>& take);

}  // namespace nutshell
