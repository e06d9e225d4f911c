// How the figures below the stage are looked at.
#pragma once

#include <cstdint>

#include "sim/session/place.h"

namespace nutshell {

enum class Chart : std::uint8_t { none, readers, replication, metrics };
inline constexpr int kCharts = 4;

struct ChartsView {
  Chart shown = Chart::none;
  bool for_back_row = false;  // asked for in projector mode; else it has none
  bool scrubbing = false;     // the mouse went down in a figure and has not come up
  Time from = 0, to = 0;      // what is seen of the run; the same: all of it
  GroupId group = -1;    // chosen among several; interned
  TopicPartition tp;          // likewise
  Place followed;             // what was selected when they were

  bool stand(bool projector) const { return shown != Chart::none && (!projector || for_back_row); }
};

}  // namespace nutshell
