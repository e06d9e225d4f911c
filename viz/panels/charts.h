// Figures: what became of readers, replicas and rates over time, in a dock below the stage. In compare mode each
// universe has its own, with the same axis.
#pragma once

#include <string>

#include "sim/session/session.h"
#include "viz/panels/view.h"

namespace nutshell {

// What is seen of time, and where.
struct PlotAxis {
  Rect area;
  Time from = 0, to = 1;
  float x(Time at) const;
  Time time(float px) const;
  // The part of a stretch of time that is seen; empty if none is.
  Rect bar(Time begin, Time end, float y, float high) const;
};

// What a figure draws from.
struct Plot {
  Ui& ui;
  const Session& session;
  const Branch& branch;
  const Branch* beside = nullptr;  // the other universe, if there is one
  PlotAxis axis;
  Time now = 0, known = 0;         // nothing after `known` may be shown
  Rect labels, values;             // to the left and to the right of the axis
};

float figures_height(const Canvas& canvas, float below_top_bar);
void draw_figures(Ui& ui, const Session& session, Rect area);

// The figures, each in a file.

void draw_readers(Plot& plot);
void draw_replication(Plot& plot);
void draw_metrics(Plot& plot);
// Totals from the opening until now.
void draw_reader_tiles(Plot& plot, Rect area);
// How wide the words to the left and to the right of a figure are.
struct Sides {
  float left = 0, right = 0;
};
Sides reader_sides(const Plot& plot);
Sides replication_sides(const Plot& plot);
Sides metric_sides(const Plot& plot);

// The group and the partition that a figure is about: what is selected, else what was chosen, else the first; nullptr:
// there is none.
const GroupHistory* shown_group(const View& view, const Branch& branch);
const PartitionHistory* shown_partition(const View& view, const Branch& branch);

// The next group, or the next partition.
void next_subject(View& view, const Branch& branch);
// A shorter or a longer time around the present.
void zoom_figures(View& view, const Session& session, bool closer);

// "3.0 s"; under a tenth of a second in milliseconds.
std::string span_text(Duration duration);
// The outline of levels as a line of steps, up to `to`; `y` says how high a value stands.
template <class Y>
std::vector<Point> steps_of(const std::vector<Level>& levels, const PlotAxis& axis, Time to, const Y& y) {
  std::vector<Point> points;
  const float end = axis.x(std::min(to, axis.to));
  for (std::size_t i = 0; i < levels.size() && levels[i].at <= std::min(to, axis.to); ++i) {
    const float x = std::max(axis.x(levels[i].at), axis.area.x), height = y(levels[i].value);
    if (i + 1 < levels.size() && levels[i + 1].at <= axis.from) continue;
    if (!points.empty()) points.push_back({x, points.back().y});
    points.push_back({x, height});
  }
  if (!points.empty() && points.back().x < end) points.push_back({end, points.back().y});
  return points;
}

}  // namespace nutshell
