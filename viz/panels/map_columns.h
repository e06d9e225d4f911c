// The columns of the map: one a partition, in the order of topics.
#pragma once

#include <vector>

#include "viz/panels/stage.h"

namespace nutshell {

// Pixels a partition from which on the map shows more: numbers, epochs and owners, then strips; and the most there are.
inline constexpr float kNamesFrom = 12, kStripsFrom = 28, kMostPitch = 43;

struct Columns {
  float x = 0, pitch = 0;
  Rect seen;                           // columns beyond it are scrolled out of sight
  std::vector<TopicPartition> all;     // a column each
  std::vector<Offset> ends;            // the longest log of each, once draw_map() has looked ...
  Offset fullest = 1;                  // ... and of all
  float of(std::size_t column) const { return x + static_cast<float>(column) * pitch; }
  bool sees(std::size_t column) const { return of(column) > seen.x - 1 && of(column) + pitch < seen.right() + 1; }
};
// REQUIRES the layout is of a map with brokers.
Columns columns_of(const World& world, const StageLayout& layout);

// A copy in its column: a stroke, or a small strip where there is room.
void draw_map_replica(Canvas& canvas, const Scene& scene, const Columns& columns, std::size_t column, const Broker& broker, Rect cell);
// What each group has still to read, a bar a partition, and who reads it.
void draw_lags(Canvas& canvas, const Scene& scene, const StageLayout& layout, const Columns& columns);
void draw_map_legend(Canvas& canvas, Rect area, float pitch);

}  // namespace nutshell
