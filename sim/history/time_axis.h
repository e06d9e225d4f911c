// The time axis of a space-time diagram: which moment lies where, and what stretches are folded.
//
// Places are integers, kPixel of them a pixel at the usual zoom, so that the picture of a run is the same everywhere.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/history/tracks.h"

namespace nutshell {

enum class AxisMode : std::uint8_t {
  linear,     // a second is as wide as any other
  by_event,   // a step that is told, or an end of a message, is as wide as any other
  compressed  // what is near such a moment is linear, and quiet stretches are folded to the same narrow width
};
inline constexpr int kAxisModes = 3;
std::string_view axis_name(AxisMode mode);  // "linear", "event", "compressed"

using AxisPlace = std::int64_t;
inline constexpr AxisPlace kPixel = 1'000'000'000;

// A stretch in which nothing is told.
struct Fold {
  Time from = 0, to = 0;
  AxisPlace left = 0, right = 0;
};

class TimeAxis {
 public:
  // `keep`: moments that are not folded although nothing is told there, in any order.
  TimeAxis(const Tracks& tracks, AxisMode mode, std::vector<Time> keep = {});

  AxisMode mode() const { return mode_; }
  AxisPlace end() const { return knots_.back().place; }
  // Both rise between 0 and the end, and stay there beyond. A place is at most some nanoseconds wide.
  AxisPlace place_of(Time at) const;
  Time time_of(AxisPlace place) const;
  const std::vector<Fold>& folds() const { return folds_; }  // by time; of the compressed axis only
  const Fold* fold_at(Time at) const;                        // nullptr: none

 private:
  struct Knot {
    Time at = 0;
    AxisPlace place = 0;
  };
  void lay_linear(Time until);
  void lay_by_event(const Tracks& tracks, std::vector<Time> keep);
  void lay_compressed(const Tracks& tracks, std::vector<Time> keep);
  // The next knot; nothing if it is not after the last one.
  void go(Time at, AxisPlace width);

  AxisMode mode_;
  std::vector<Knot> knots_;
  std::vector<Fold> folds_;
};

}  // namespace nutshell
