// Which of Kafka's inner works the stage shows: a lesson that speaks of none of them is not crowded by them.
#pragma once

#include "sim/scenario/scenario.h"

namespace nutshell {

struct Parts {
  bool controllers = true;    // and what they know: broker sessions, leader epochs, metadata on its way
  bool watermarks = true;     // where the high watermark and the log end stand
  bool groups = true;         // the group protocol: its messages, timers and generations
  bool offset_reset = false;  // of each consumer: auto.offset.reset
  bool keys = false;          // records have the hue of their key, not of their epoch
  bool page_cache = false;    // what of a log is on the disk, and what a power loss would take
  friend bool operator==(const Parts&, const Parts&) = default;
};

// No lesson, and no cluster yet: one that is put together by hand.
bool is_to_be_built(const Scenario& scenario);

// A lesson shows what its texts name, and controllers where there are several. What is no lesson shows everything.
Parts parts_of(const Scenario& scenario);

}  // namespace nutshell
