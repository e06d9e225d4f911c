// Which of Kafka's inner works the stage shows: a lesson that speaks of none of them is not crowded by them.
#pragma once

#include "sim/scenario/scenario.h"

namespace nutshell {

struct Parts {
  bool controllers = true;    // and what they know: broker sessions, leader epochs, metadata on its way
  bool watermarks = true;     // where the high watermark and the log end stand
  bool groups = true;         // the group protocol: its messages, timers and generations
  bool offset_reset = false;  // of each consumer: auto.offset.reset
  friend bool operator==(const Parts&, const Parts&) = default;
};

// A lesson shows what its texts name, and controllers where there are several. What is no lesson shows everything.
Parts parts_of(const Scenario& scenario);

}  // namespace nutshell
