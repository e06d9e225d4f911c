// The timeline: lanes, marks, and the scrubber.
#include <algorithm>

#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

struct Axis {
  Rect area;
  Time end = 1;
  float x(Time at) const { return area.x + area.w * static_cast<float>(at) / static_cast<float>(end); }
  Time time(float px) const {
    const float part = std::clamp((px - area.x) / std::max(area.w, 1.0F), 0.0F, 1.0F);
    return static_cast<Time>(static_cast<double>(part) * static_cast<double>(end));
  }
};

// A round distance between labels of the axis.
Duration axis_step(Duration end, float width) {
  for (Duration step : {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600}) {
    if (static_cast<float>(end / (step * kSecond)) * 56 < width) return step * kSecond;
  }
  return 7200 * kSecond;
}

void draw_stretch(Canvas& canvas, const Stretch& stretch, Rect bar) {
  const Theme& theme = canvas.theme;
  const TextStyle style{Face::regular, Size::micro};
  Color ink = theme.text2;
  switch (stretch.kind) {
    case StretchKind::calm: canvas.fill(bar, theme.line, 3); break;
    case StretchKind::epoch:
      canvas.fill(bar, theme.tint(theme.epoch(stretch.value)), 3);
      canvas.fill({bar.x, bar.y, std::min(bar.w, 3.0F), bar.h}, theme.epoch(stretch.value).fill);
      ink = theme.text;
      break;
    case StretchKind::waiting: canvas.dashed_outline(bar.inset(0.5F), theme.line2, 1, kHidden, 3); break;
    case StretchKind::broken:
      canvas.dashed_outline(bar.inset(0.5F), theme.hue(HueName::red).stroke, 1.25F, kNotYet, 3);
      ink = theme.hue(HueName::red).stroke;
      break;
  }
  if (bar.w > canvas.width(style, stretch.text) + 12) canvas.text_in({bar.x + 6, bar.y, bar.w - 8, bar.h}, style, ink, stretch.text);
}

void draw_mark(Canvas& canvas, const Mark& mark, Point at) {
  const Theme& theme = canvas.theme;
  switch (mark.kind) {
    case MarkKind::action: return draw_triangle(canvas, at, 5.5F, theme.paper, true, 0.25F);
    case MarkKind::election: return draw_crown(canvas, at, 5, theme.hue(HueName::yellow).stroke);
    case MarkKind::rebalance: return draw_hexagon(canvas, at, 4.5F, theme.hue(HueName::purple).stroke, true);
    case MarkKind::isr: return canvas.ring(at, 4, theme.hue(HueName::orange).stroke, 1.5F);
    case MarkKind::promise: return draw_octagon(canvas, at, 5.5F, theme.hue(HueName::red).stroke);
    case MarkKind::beat: return canvas.fill({at.x - 1, at.y - 4, 2, 8}, theme.text2);
    case MarkKind::question:
      canvas.circle(at, 6, theme.bg);
      canvas.ring(at, 6, theme.text, 1.25F);
      return canvas.text(at, {Face::bold, Size::micro}, theme.text, "?", Align::center), void();
  }
}

// What lies ahead is hidden while a question stands: the picture must not answer it.
void draw_fog(Canvas& canvas, const Axis& axis, Rect area, float x) {
  const Rect fog{x, area.y, axis.area.right() - x, area.h};
  if (fog.w <= 2) return;
  canvas.fill(fog, canvas.theme.bg);
  canvas.hatch(fog, canvas.theme.line, 14);
  const std::string_view text = "the rest is hidden until you have answered";
  const TextStyle style{Face::regular, Size::small};
  if (canvas.width(style, text) + 40 > fog.w) return;
  const Rect pill{fog.center().x - canvas.width(style, text) / 2 - 14, fog.center().y - 13, canvas.width(style, text) + 28, 26};
  canvas.fill(pill, canvas.theme.bg, 13);
  canvas.outline(pill, canvas.theme.line2, 1, 13);
  canvas.text_in(pill, style, canvas.theme.text2, text, Align::center);
}

// `known`: what may be shown of the run.
void draw_lanes(Canvas& canvas, const Session& session, const Axis& axis, Rect lanes, float labels, Time known) {
  const TextStyle style{Face::regular, Size::micro};
  const float row = 17;
  const auto room = static_cast<std::size_t>(lanes.h / row);
  const std::vector<Lane>& all = session.lanes().lanes;
  // When there is little room, partitions and groups say more than brokers that are up.
  std::vector<const Lane*> shown;
  for (const Lane& each : all) {
    if (all.size() <= room || each.stretches.size() > 2 || each.name.find("broker ") != 0) shown.push_back(&each);
  }
  for (std::size_t i = 0; i < std::min(room, shown.size()); ++i) {
    const Rect line = lanes.take_top(row);
    canvas.text_in({line.x, line.y, labels - 8, line.h}, style, canvas.theme.text3, shown[i]->name, Align::right);
    for (const Stretch& each : shown[i]->stretches) {
      if (each.from > known) break;
      const float from = axis.x(each.from), to = axis.x(std::min({each.to, axis.end, known}));
      draw_stretch(canvas, each, {from, line.y + 1.5F, std::max(to - from - 1, 1.0F), row - 3});
    }
  }
}

}  // namespace

void draw_timeline(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  const float labels = canvas.width({Face::regular, Size::micro}, "__consumer-00") + 12;
  Rect rest{area.x + 16, area.y + 4, area.w - 32, area.h - 6};
  const Rect marks = rest.take_top(18), ticks = rest.take_bottom(18);
  const Axis axis{{rest.x + labels, rest.y, rest.w - labels, rest.h}, std::max<Time>(session.scenario().until, 1)};
  canvas.text_in({marks.x, marks.y, labels - 8, marks.h}, {Face::regular, Size::micro}, theme.text3, "you", Align::right);
  const Time known = session.asking() ? session.view_time() : axis.end;
  draw_lanes(canvas, session, axis, rest, labels, known);
  for (const Mark& each : session.lanes().marks) {
    if (each.at > known) break;
    if (each.at >= session.scenario().opens || each.kind == MarkKind::action) draw_mark(canvas, each, {axis.x(each.at), marks.center().y});
  }
  const Duration step = axis_step(axis.end, axis.area.w);
  for (Time at = 0; at <= axis.end; at += step) {
    canvas.line({axis.x(at), ticks.y}, {axis.x(at), ticks.y + 4}, theme.line2);
    canvas.text({axis.x(at), ticks.y + 11}, {Face::mono, Size::micro}, theme.text3,
                std::to_string(at / kSecond) + (at + step > axis.end ? " s" : ""), Align::center);
  }
  if (session.divergence() && session.divergence()->at <= known) {
    const float part = axis.x(session.divergence()->at);
    const Point disc{part, marks.center().y};
    canvas.line({part, marks.y}, {part, ticks.y + 2}, theme.paper, 1.5F);
    canvas.circle(disc, 9, theme.paper);
    const Color ink = theme.light ? rgb(0xFFFFFF) : theme.ink;
    canvas.line({disc.x - 5, disc.y - 2.5F}, {disc.x + 5, disc.y - 2.5F}, ink, 1.75F);
    canvas.line({disc.x - 5, disc.y + 2.5F}, {disc.x + 5, disc.y + 2.5F}, ink, 1.75F);
    canvas.line({disc.x - 3, disc.y + 6}, {disc.x + 3, disc.y - 6}, ink, 1.5F);
  }
  const float x = axis.x(session.view_time());
  if (session.asking()) draw_fog(canvas, axis, {marks.x, marks.y, marks.w, marks.h + axis.area.h}, x + 1);
  canvas.line({x, marks.y}, {x, ticks.y + 2}, theme.paper, 2);
  draw_triangle(canvas, {x, marks.y + 4}, 6, theme.paper, true, 0.25F);
  const Rect grip{axis.area.x - 6, area.y, axis.area.w + 12, area.h};
  ui.view.scrubbing = ui.held && (ui.view.scrubbing || (ui.clicked && ui.over(grip)));
  if (ui.view.scrubbing) ui.ask(CommandName::go_to_time, axis.time(ui.mouse.x));
}

}  // namespace nutshell
