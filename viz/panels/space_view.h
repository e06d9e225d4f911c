// How the space-time diagram is looked at, and the picture that was made last, so that a paused frame makes none.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/history/space_time.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// What was made, and of what. Each part is made again only when that has changed.
struct SpacePicture {
  std::shared_ptr<const Tracks> tracks;
  AxisMode mode = AxisMode::compressed;
  std::vector<Step> thread;
  std::unique_ptr<const TimeAxis> axis;
  SpaceTimeOptions options;
  SpaceTime model;
  int made = 0;  // how often the model was made; for tests
};

struct SpaceView {
  AxisMode axis = AxisMode::compressed;
  float zoom = 1;
  double left = 0;     // of the chart, in pixels of the axis at zoom 1
  bool placed = false; // `left` fits the moment; else the next frame brings it into view
  Time seen = -1;      // the moment that was drawn last
  bool held = false;   // the mouse went down on the chart and has not come up
  bool moved = false;  // and has been drawn along
  Point grip;          // where it was
  std::shared_ptr<SpacePicture> picture;  // nullptr: none yet
};

}  // namespace nutshell
