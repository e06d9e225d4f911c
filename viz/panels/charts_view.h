// How the figures below the stage are looked at.
#pragma once

#include <cstdint>

#include "sim/session/place.h"

namespace nutshell {

enum class Figure : std::uint8_t { none, readers, replication, metrics };
inline constexpr int kFigures = 4;

struct FiguresView {
  Figure shown = Figure::none;
  bool for_back_row = false;  // asked for in projector mode; else it has none
  bool scrubbing = false;     // the mouse went down in a figure and has not come up
  Time from = 0, to = 0;      // what is seen of the run; the same: all of it
  GroupId group = -1;    // chosen among several; interned
  TopicPartition tp;          // likewise
  Place followed;             // what was selected when they were

  bool stand(bool projector) const { return shown != Figure::none && (!projector || for_back_row); }
};

}  // namespace nutshell
