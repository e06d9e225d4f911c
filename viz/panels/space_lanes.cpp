// What stands still in the space-time diagram: lanes with their strips, folds, and the axis.
#include <algorithm>
#include <cmath>

#include "sim/core/text.h"
#include "viz/panels/space_time.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// How many members stand before this one: that is its hue and its letter.
std::size_t nth_member(const Tracks& tracks, NodeId node) {
  std::size_t nth = 0;
  for (const Track& each : tracks.tracks) {
    if (each.node == node) break;
    nth += each.kind == NodeKind::consumer;
  }
  return nth;
}

// Draws the strip; returns the colour of its words.
Color draw_strip(Canvas& canvas, const SpaceChart& chart, const SpaceLane& lane, Role role, Rect bar) {
  const Theme& theme = canvas.theme;
  const float line = canvas.big(1.25F, 2.5F), strong = canvas.big(1.75F, 3.5F);
  const auto hue = [&](HueName name) -> const Hue& { return theme.hue(name); };
  canvas.fill(bar, theme.stage, 4);
  switch (role) {
    case Role::idle: canvas.dashed_outline(bar, theme.line2, line, kHidden, 4); return theme.text3;
    case Role::calm:
      canvas.fill(bar, theme.raised, 4);
      canvas.outline(bar, theme.line2, line, 4);
      return theme.text2;
    case Role::reads:
      canvas.fill(bar, lane.nodes.size() > 1 ? hue(HueName::purple).fill
          : theme.member(nth_member(chart.tracks, lane.nodes.front())).fill, 4);
      if (theme.light) canvas.outline(bar, theme.ink, line, 4);
      return theme.ink;
    case Role::leads:
      canvas.fill(bar, theme.light ? hue(HueName::yellow).fill : theme.raised, 4);
      canvas.outline(bar, theme.light ? theme.ink : hue(HueName::yellow).stroke, strong, 4);
      return theme.light ? theme.ink : hue(HueName::yellow).words;
    case Role::candidate: canvas.dashed_outline(bar, hue(HueName::yellow).stroke, strong, kNotYet, 4); return hue(HueName::yellow).words;
    case Role::out_of_isr: canvas.dashed_outline(bar, hue(HueName::orange).stroke, strong, kOutOfIsr, 4); return hue(HueName::orange).words;
    case Role::paused: canvas.dashed_outline(bar, theme.text2, line, kDead, 4); return theme.text2;
    case Role::fenced: canvas.outline(bar, hue(HueName::red).stroke, strong, 4); return hue(HueName::red).words;
    case Role::down:
      canvas.hatch(bar, hue(HueName::red).stroke.with_alpha(110), 9);
      canvas.dashed_outline(bar, hue(HueName::red).stroke, strong, kDead, 4);
      return hue(HueName::red).words;
  }
  return theme.text2;
}

// Words of a strip with the ground behind them, where they fit; a long text loses its last parts first.
void draw_words(Canvas& canvas, Rect bar, Role role, Color ink, std::string text) {
  const auto fits = [&] { return canvas.width(kMicroBold, text) + 14 <= bar.w; };
  while (!fits() && text.find_last_of(",;") != std::string::npos) text = text.substr(0, text.find_last_of(",;"));
  if (text.empty() || !fits()) return;
  const Rect words{bar.x + 7, bar.y, canvas.width(kMicroBold, text) + 1, bar.h};
  if (role == Role::down) canvas.fill({words.x - 3, bar.y + 2, words.w + 6, bar.h - 4}, canvas.theme.stage);
  canvas.text_in(words, kMicroBold, ink, text);
}

void draw_zigzag(Canvas& canvas, float x, const Rect& area) {
  std::vector<Point> points;
  const float tooth = 4;
  for (float y = area.y; y <= area.bottom(); y += 2 * tooth) points.push_back({x + (points.size() % 2 == 0 ? -tooth : tooth), y});
  if (points.size() > 1) canvas.polyline(points, canvas.theme.line2, 1);
}

std::string length_text(Duration length) {
  if (length >= kMinute) return std::to_string(length / kMinute) + " min";
  if (length >= kSecond) return std::to_string(length / kSecond) + "." + std::to_string(length / (100 * kMillisecond) % 10) + " s";
  if (length >= kMillisecond) return std::to_string(length / kMillisecond) + " ms";
  return std::to_string(length / kMicrosecond) + " \xc2\xb5s";
}

// "12.000", with so many decimals.
std::string tick_text(Time at, int decimals) {
  std::string part = std::to_string(1'000'000'000 + at % kSecond).substr(1);
  return std::to_string(at / kSecond) + (decimals == 0 ? "" : "." + part.substr(0, static_cast<std::size_t>(decimals)));
}

// A round distance between ticks that leaves `wide` pixels between them, where a nanosecond has `scale` pixels.
Duration tick_step(double scale, float wide) {
  for (Duration unit = 1; unit < 1000 * kSecond; unit *= 10) {
    for (Duration times : {1, 2, 5}) {
      if (static_cast<double>(unit * times) * scale >= static_cast<double>(wide)) return unit * times;
    }
  }
  return 1000 * kSecond;
}

int decimals_of(Duration step) {
  int decimals = 9;
  for (Duration unit = 10; decimals > 0 && step % unit == 0; unit *= 10) --decimals;
  return decimals;
}

class Ticks {
 public:
  Ticks(Canvas& canvas, const SpaceChart& chart) : canvas_(canvas), chart_(chart), free_(chart.ticks.x) {}

  // Round moments between two of the axis that is linear in between.
  void between(Time from, Time to) {
    from = std::max(from, chart_.axis.time_of(chart_.place(chart_.chart.x)));
    to = std::min({to, chart_.axis.time_of(chart_.place(chart_.chart.right())), chart_.known});
    if (from >= to) return;
    const double scale = static_cast<double>(chart_.time_x(to) - chart_.time_x(from)) / static_cast<double>(to - from);
    const float wide = canvas_.width(style_, "888.8888") + 14;
    const Duration step = tick_step(scale, wide);
    const int decimals = std::max(decimals_of(step), chart_.axis.mode() == AxisMode::linear && step >= kSecond ? 0 : 3);
    bool any = false;
    for (Time at = (from + step - 1) / step * step; at <= to; at += step) any = put(at, decimals) || any;
    if (!any && chart_.axis.mode() == AxisMode::compressed) put(from, std::max(decimals, 4));
  }

  // False: there is no room.
  bool put(Time at, int decimals) {
    const float x = chart_.time_x(at);
    const std::string text = tick_text(at, std::min(decimals, 6));
    const float half = canvas_.width(style_, text) / 2 + 1;
    if (x - half < free_ || x + half > chart_.ticks.right()) return false;
    canvas_.line({x, chart_.chart.bottom()}, {x, chart_.chart.bottom() + 5}, canvas_.theme.line2);
    const Rect box{x - half, chart_.ticks.y + 6, 2 * half, chart_.ticks.h - 8};
    canvas_.text_in(box, style_, canvas_.theme.text3, text, Align::center);
    free_ = x + half + 12;
    return true;
  }

 private:
  Canvas& canvas_;
  const SpaceChart& chart_;
  TextStyle style_{Face::mono, Size::micro};
  float free_;  // from here on there is room
};

}  // namespace

void draw_space_folds(Canvas& canvas, const SpaceChart& chart) {
  const Rect& area = chart.chart;
  for (const Fold& each : chart.axis.folds()) {
    const float left = chart.x(each.left), right = chart.x(each.right);
    if (right < area.x || left > area.right()) continue;
    const float from = std::max(left, area.x), to = std::min(right, area.right());
    canvas.fill({from, area.y, to - from, area.h}, canvas.theme.bg);
    for (float x : {left, right}) {
      if (x > area.x + 4 && x < area.right() - 4) draw_zigzag(canvas, x, area);
    }
    const TextStyle style{Face::mono, Size::micro};
    const std::string text = length_text(each.to - each.from);
    const Rect box{from, area.y - canvas.height(style) * 1.35F, to - from, canvas.height(style) * 1.3F};
    if (each.to <= chart.known && canvas.width(style, text) + 4 < box.w) canvas.text_in(box, style, canvas.theme.text2, text,
        Align::center);
  }
}

void draw_space_lanes(Canvas& canvas, const SpaceChart& chart) {
  const Theme& theme = canvas.theme;
  const TextStyle name{Face::bold, Size::small};
  const float line = canvas.height(name);
  for (std::size_t i = 0; i < chart.model.lanes.size(); ++i) {
    const SpaceLane& lane = chart.model.lanes[i];
    const float y = chart.lane_y(i);
    const bool two = !lane.what.empty() && chart.pitch() > line * 2.4F;
    const Rect names{chart.labels.x, y - line * (two ? 1.15F : 0.6F), chart.labels.w - 10, line * 1.2F};
    canvas.text_in(names, name, theme.text, lane.name);
    if (two) canvas.text_in({names.x, names.bottom() - 2, names.w, line * 1.2F}, kMicro, theme.text3, lane.what);
  }
}

void draw_space_strips(Canvas& canvas, const SpaceChart& chart) {
  const Rect& area = chart.chart;
  for (std::size_t i = 0; i < chart.model.lanes.size(); ++i) {
    const float y = chart.lane_y(i);
    for (const RoleSpan& each : chart.model.lanes[i].spans) {
      if (each.from > chart.known) break;
      const float from = std::max(chart.time_x(each.from), area.x), to =
          std::min(chart.time_x(std::min(each.to, chart.known)), area.right());
      if (to <= from) continue;
      const Rect bar{from, y - chart.bar / 2, std::max(to - from - 1, 1.0F), chart.bar};
      const Color ink = draw_strip(canvas, chart, chart.model.lanes[i], each.role, bar);
      draw_words(canvas, bar, each.role, ink, each.text);
    }
  }
}

void draw_space_silences(Canvas& canvas, const SpaceChart& chart) {
  const Rect& area = chart.chart;
  for (const SpacePoint& place : chart.model.points) {
    const TrackPoint& each = chart.tracks.points[place.point];
    if (each.silent_since < 0 || each.silent_since > chart.known) continue;
    const float from = std::max(chart.time_x(each.silent_since), area.x);
    const float to = std::min(chart.time_x(std::min(each.at, chart.known)), area.right());
    if (to <= from) continue;
    const Rect bar{from, chart.lane_y(place.lane) + chart.bar / 2 + 3, to - from, canvas.big(5, 9)};
    canvas.fill(bar, canvas.theme.tint(canvas.theme.hue(HueName::red)), 2.5F);
    canvas.outline(bar, canvas.theme.hue(HueName::red).stroke, canvas.big(1.25F, 2.5F), 2.5F);
  }
}

void draw_space_ticks(Canvas& canvas, const SpaceChart& chart) {
  const Rect& area = chart.chart;
  canvas.line({area.x, area.bottom()}, {area.right(), area.bottom()}, canvas.theme.line2);
  Ticks ticks(canvas, chart);
  if (chart.axis.mode() == AxisMode::linear) return ticks.between(0, chart.tracks.until);
  if (chart.axis.mode() == AxisMode::by_event) {
    for (const SpacePoint& each : chart.model.points) {
      const Time at = chart.tracks.points[each.point].at;
      if (at <= chart.known && chart.time_x(at) > area.x) ticks.put(at, 4);
    }
    return;
  }
  Time from = 0;
  for (const Fold& each : chart.axis.folds()) {
    ticks.between(from, each.from);
    from = each.to;
  }
  ticks.between(from, chart.tracks.until);
}

}  // namespace nutshell
