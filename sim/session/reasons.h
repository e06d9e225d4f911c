// Reasons: what is behind a badge of the picture. The fact that made it what it is, found by looking back from the
// moment that is shown, and from there the chain of causes (Timeline::why).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/history/timeline.h"
#include "sim/session/place.h"
#include "sim/streams/picture.h"

namespace nutshell {

struct Reason {
  std::string question;       // "Why is broker 2 out of the ISR of orders-0?", or simply "Why broker 2?"
  std::vector<Cause> causes;  // the effect first; the last one is an action, a timer, or the beginning
};

// Of a place; of none: why nothing happens just now, that is what everything waits for. `timeline` is looked at up to
// where it stands, except for what comes next when `may_look_ahead`. There is always a cause: it may be the beginning, as step kNoStep.
Reason reason_of(const Timeline& timeline, const Place& place, bool may_look_ahead);
// Of a window of ksqlDB, as a picture of the film shows it: which rows count, which were too late and by what rule; each leads to its
// step, where servers of the world run the tasks. Without a window, of that which a row came to last. `query`: its id, "" for the last
// one with windows. Without causes: there is no such window.
Reason reason_of(const Timeline& timeline, const streams::Film& film, Time at, std::string_view query,
                 std::optional<streams::WindowName> window);

}  // namespace nutshell
