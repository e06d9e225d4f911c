// "Metrics": a strip for each, with the value at the present moment.
#include <algorithm>
#include <cstdio>

#include "viz/panels/charts.h"

namespace nutshell {

namespace {

constexpr TextStyle kNumber{Face::mono_bold, Size::small};

std::string value_text(const Metric& metric, double value) {
  char text[32];
  // Latencies are kept in microseconds.
  if (metric.kind == MetricKind::sample) std::snprintf(text, sizeof text, value < 10'000 ? "%.1f" : "%.0f", value / 1000);
  else std::snprintf(text, sizeof text, "%.0f", value);
  return text;
}

// What the strip shows between two times: the most of it, so that nothing short is lost between two pixels.
std::optional<double> highest(const Metric& metric, Time from, Time to) {
  std::optional<double> most = metric.kind == MetricKind::sample ? std::nullopt : metric_at(metric, to);
  const auto later = [](Time time, const Level& each) { return time < each.at; };
  auto each = std::upper_bound(metric.levels.begin(), metric.levels.end(), from, later);
  for (; each != metric.levels.end() && each->at <= to; ++each) {
    const auto here = metric.kind == MetricKind::count ? metric_at(metric, each->at) : std::optional(static_cast<double>(each->value));
    if (here && (!most || *here > *most)) most = here;
  }
  return most;
}

// A column for every other pixel.
std::vector<std::optional<double>> columns_of(const Plot& plot, const Metric& metric) {
  std::vector<std::optional<double>> columns;
  const Rect& area = plot.axis.area;
  Time before = plot.axis.from - 1;
  for (float x = area.x; x < area.right(); x += 2) {
    const Time at = plot.axis.time(x + 2);
    if (plot.axis.time(x) > plot.known) break;
    columns.push_back(highest(metric, before, std::min(at, plot.known)));
    before = at;
  }
  return columns;
}

void draw_strip(Plot& plot, const Metric& metric, Rect strip) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const std::vector<std::optional<double>> columns = columns_of(plot, metric);
  double most = 0;
  for (const auto& each : columns) most = std::max(most, each.value_or(0));
  const float foot = strip.bottom() - 1;
  const bool trouble = metric.name == "under-replicated";
  const Color color = trouble ? theme.hue(HueName::red).stroke : theme.text2;
  canvas.fill(strip, theme.card, 4);
  canvas.line({strip.x, foot}, {strip.right(), foot}, theme.line2);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i] || most <= 0) continue;
    const float high = static_cast<float>(*columns[i] / most) * (strip.h - 5);
    const Rect column{strip.x + 2 * static_cast<float>(i), foot - high, 2, high};
    if (metric.kind == MetricKind::sample) canvas.fill({column.x, column.y - 1, 2, std::max(column.h, 2.0F)}, color);
    else canvas.fill(column, color.with_alpha(70)), canvas.fill({column.x, column.y - 1, 2, high > 0 ? 2.0F : 0.0F}, color);
  }
  // The name, and below it, if there is room, how much the full height is.
  const Rect label{plot.labels.x, strip.y, plot.labels.w - 12, strip.h};
  const float line = canvas.height(kSmall) * 1.25F;
  const bool both = strip.h > 2 * line && most > 0;
  canvas.text_in(both ? Rect{label.x, label.center().y - line, label.w, line} : label, kSmall, theme.text, metric.name);
  if (both) canvas.text_in({label.x, label.center().y, label.w, line}, kMicro, theme.text3, "max " + value_text(metric, most));
}

void draw_value(Plot& plot, const Metric& metric, Rect row) {
  Canvas& canvas = plot.ui.canvas;
  const auto value = metric_at(metric, plot.now);
  Rect cell{plot.values.x + 8, row.y, plot.values.w - 8, row.h};
  const Rect unit = cell.take_right(canvas.width(kMicro, "ms") + 5);
  canvas.text_in(cell, kNumber, canvas.theme.text, value ? value_text(metric, *value) : "-", Align::right);
  if (!metric.unit.empty()) canvas.text_in({unit.x + 4, unit.y, unit.w - 4, unit.h}, kMicro, canvas.theme.text3, metric.unit);
}

}  // namespace

Sides metric_sides(const Plot& plot) {
  const Canvas& canvas = plot.ui.canvas;
  float wide = 0;
  for (const Metric& each : plot.branch.histories().metrics) wide = std::max(wide, canvas.width(kSmall, each.name));
  return {std::min(wide, canvas.big(150, 260)) + 12, canvas.width(kNumber, "88888") + canvas.width(kMicro, "ms") + 14};
}

void draw_metrics(Plot& plot) {
  Canvas& canvas = plot.ui.canvas;
  const std::vector<Metric>& all = plot.branch.histories().metrics;
  Rect rest = plot.axis.area;
  const float least = canvas.height(kSmall), gap = rest.h > 120 ? 4.0F : 2.0F;
  const auto count = std::min(all.size(), std::max<std::size_t>(static_cast<std::size_t>((rest.h + gap) / (least + gap)), 1));
  const float high = std::min((rest.h + gap) / static_cast<float>(std::max<std::size_t>(count, 1)) - gap, canvas.big(60, 100));
  for (std::size_t i = 0; i < count; ++i) {
    const Rect strip = rest.take_top(high);
    rest.take_top(gap);
    draw_strip(plot, all[i], strip);
    draw_value(plot, all[i], strip);
  }
}

}  // namespace nutshell
