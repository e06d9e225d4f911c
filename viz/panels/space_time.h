// The space-time diagram: a lane for each node, time to the right, messages between lanes.
//
// The wheel zooms the time axis around the mouse, dragging moves it, and a click goes to what was clicked. What has
// not happened yet lies under a veil, and behind a fog while a question stands.
#pragma once

#include "sim/session/session.h"
#include "viz/panels/view.h"

namespace nutshell {

void draw_space_time(Ui& ui, const Session& session, Rect area);

// The parts, each in a file.

// Where everything is in a frame.
struct SpaceChart {
  const Tracks& tracks;
  const TimeAxis& axis;
  const SpaceTime& model;
  Rect labels, chart, ticks;  // names of lanes, the diagram itself, and the axis below it
  double left = 0;            // as in SpaceView
  float zoom = 1;
  float bar = 17;             // height of a strip
  Time now = 0, known = 0;    // `known`: what may be shown

  float x(AxisPlace place) const {
    return chart.x + static_cast<float>((static_cast<double>(place) / static_cast<double>(kPixel) - left) * zoom);
  }
  float time_x(Time at) const { return x(axis.place_of(at)); }
  AxisPlace place(float px) const {
    return static_cast<AxisPlace>((static_cast<double>(px - chart.x) / zoom + left) * static_cast<double>(kPixel));
  }
  float pitch() const { return chart.h / static_cast<float>(model.lanes.empty() ? 1 : model.lanes.size()); }
  float lane_y(std::size_t lane) const { return chart.y + (static_cast<float>(lane) + 0.5F) * pitch(); }
};

// A thing under the mouse, or where the timeline stands.
struct SpaceItem {
  Step step = kNoStep;  // kNoStep: nothing
  std::string sentence;
};

void draw_space_folds(Canvas& canvas, const SpaceChart& chart);
void draw_space_lanes(Canvas& canvas, const SpaceChart& chart);
// Lie over the lines of messages that pass, so that their words are read.
void draw_space_strips(Canvas& canvas, const SpaceChart& chart);
// Sessions that ran out, from the last heartbeat on.
void draw_space_silences(Canvas& canvas, const SpaceChart& chart);
void draw_space_ticks(Canvas& canvas, const SpaceChart& chart);
// Messages, beads and points, each where there is room; returns what lies under the mouse.
SpaceItem draw_space_traffic(Ui& ui, const Timeline& timeline, const SpaceChart& chart);

}  // namespace nutshell
