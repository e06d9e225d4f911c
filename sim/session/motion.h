// How time passes in the picture, as far as view time alone does not say it: how fast it goes, and what is left to
// be shown of what has just happened when it stands still.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/types.h"

namespace nutshell {

// What is worth a look passes so many times slower, from so much simulated time before it to as much after.
inline constexpr std::int64_t kSlower = 5;
inline constexpr Duration kSlowAround = 200 * kMillisecond;

// A stretch of simulated time that is played slower.
struct SlowStretch {
  Time from = 0, to = 0;
};

struct Motion {
  bool moving = false;          // false: time stands still, and everything stands at its end
  bool reduced = false;         // nothing flies or falls; what changes fades over
  Duration pace = kSecond;      // simulated time a second of wall time, where it is not slow
  Step settled = 0;             // what happened in the steps before this one stands at its end
  Duration after = 0;           // wall time since view time stopped
  std::vector<SlowStretch> slow;

  // At that moment. Whatever happened then is shown at this pace to its end, so that it never goes back.
  Duration pace_at(Time at) const;
};

// How a session's motion ends. After a step, or when playing stops, what has just happened comes to its end in
// wall time while view time stands. It begins with the first wall time that goes by: until then it has ended.
struct Settling {
  bool on = false, begun = false;
  bool slows = false;  // what is worth a look passed slower
  Step settled = 0;
  Duration pace = kSecond, after = 0;
};

// The way back to a moment, shown as a film that runs backwards: first what had just happened where it begins, then
// the time between. The session has landed when the way begins; it is led along it only by wall time that goes by.
struct Rewind {
  Step from = 0, to = 0;           // positions where it begins and ends
  Time from_time = 0, to_time = 0;
  std::string caption;             // where it ends
  Duration pace = kSecond;
  Duration last = 0;               // wall time that what had just happened would have taken ...
  Duration last_wall = 0;          // ... and takes
  Duration wall = 0, passed = 0;   // in all
};

}  // namespace nutshell
