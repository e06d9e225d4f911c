// The timeline: lanes, marks, and the scrubber.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "sim/session/about.h"
#include "sim/session/asked.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

struct Axis {
  Rect area;
  Time end = 1;
  float x(Time at) const { return area.x + area.w * static_cast<float>(at) / static_cast<float>(end); }
  Time time(float px) const {
    const float part = within((px - area.x) / std::max(area.w, 1.0F), 0.0F, 1.0F);
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

// Where the label of a bar stands: at its left, or beside a line that would cross it; nullopt: there is no room.
std::optional<float> label_place(Rect bar, float wide, const std::vector<float>& lines) {
  std::vector<float> places = {bar.x + 6};
  for (float each : lines) places.push_back(each + 5);
  for (float each : lines) places.push_back(each - 5 - wide);
  for (float x : places) {
    if (x < bar.x + 4 || x + wide > bar.right() - 4) continue;
    const auto crosses = [&](float line) { return line > x - 4 && line < x + wide + 4; };
    if (std::none_of(lines.begin(), lines.end(), crosses)) return x;
  }
  return std::nullopt;
}

// `lines`: where the cursor and its like stand before the lanes.
void draw_stretch(Canvas& canvas, const Stretch& stretch, Rect bar, const std::vector<float>& lines) {
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
    case StretchKind::absent: return;
  }
  const float wide = canvas.width(style, stretch.text);
  if (const std::optional<float> x = label_place(bar, wide, lines)) canvas.text_in({*x, bar.y, wide + 1, bar.h}, style, ink, stretch.text);
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

// Whether a lane is that of the place, or of the copy or record that is meant.
bool lane_means(const Lane& lane, const Place& place) {
  if (!lane.place || !place) return false;
  if (lane.place == place) return true;
  if (lane.place.kind == PlaceKind::partition) return lane.place.tp == place.tp;
  if (place.tp.topic >= 0) return false;
  if (lane.place.kind == PlaceKind::controller) return place.kind == PlaceKind::controller;
  return lane.place.kind == PlaceKind::broker && lane.place.node == place.node;
}

// What lies beyond a question that nobody has answered is hidden: the picture must not answer it, not even before.
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

// What a lane that nothing happens in is worth: partitions and groups say more than brokers that are up.
std::size_t worth(const Lane& lane) {
  switch (lane.place.kind) {
    case PlaceKind::group: return 3;
    case PlaceKind::partition: return 2;
    case PlaceKind::controller: return 1;
    default: return 0;
  }
}

// A lane, and in comparison the same lane of the other universe: nullptr where both tell the same.
struct LaneShown {
  const Lane* lane = nullptr;
  const Lane* other = nullptr;
  std::size_t told = 0;
  std::size_t rows() const { return other ? 2 : 1; }
};

std::vector<LaneShown> all_lanes(const Session& session) {
  static const Lane kNone;
  std::vector<LaneShown> all;
  for (const Lane& each : session.lanes().lanes) {
    all.push_back({&each, nullptr, telling(each)});
    if (!session.compared()) continue;
    // Mostly the two have the same lanes in the same order.
    const std::vector<Lane>& others = session.other().lanes.lanes;
    auto same = others.begin() + static_cast<std::ptrdiff_t>(std::min(all.size() - 1, others.size()));
    if (same == others.end() || same->name != each.name)
      same = std::find_if(others.begin(), others.end(), [&](const Lane& lane) { return lane.name == each.name; });
    if (same == others.end()) all.back().other = &kNone;
    else if (same->stretches != each.stretches) all.back().other = &*same;
  }
  return all;
}

// The lanes for which there is room, in their order: those that differ and those in which something happens before calm
// ones; what is selected or pointed at always has its lane.
std::vector<LaneShown> lanes_shown(const Session& session, const View& view, std::size_t room) {
  std::vector<LaneShown> shown = all_lanes(session);
  const auto wanted = [&](const Lane& lane) { return lane.place && (lane_means(lane, view.selected) || lane_means(lane, view.hovered)); };
  const auto rank = [&](const LaneShown& each) {
    return std::tuple(wanted(*each.lane), each.other != nullptr, each.told > 0, each.told, worth(*each.lane));
  };
  std::stable_sort(shown.begin(), shown.end(), [&](const LaneShown& a, const LaneShown& b) { return rank(a) > rank(b); });
  std::size_t rows = 0, fit = 0;
  while (fit < shown.size() && (rows += shown[fit].rows()) <= room) ++fit;
  shown.resize(fit);
  std::sort(shown.begin(), shown.end(), [](const LaneShown& a, const LaneShown& b) { return a.lane < b.lane; });  // they stand in one list
  return shown;
}

// Its name, in which universe, and, if that is what is selected, a frame; a click on the name selects.
void draw_lane_name(Ui& ui, const Lane& lane, std::string_view universe, Rect name, Rect line) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const TextStyle style{Face::regular, Size::micro}, bold{Face::bold, Size::micro};
  const bool selected = lane_means(lane, ui.view.selected), pointed = lane_means(lane, ui.view.hovered);
  if (selected || pointed) canvas.fill(line, theme.raised, 3);
  if (selected) canvas.fill({line.x, line.y + 1, 3, line.h - 2}, theme.paper);
  const Color ink = selected || pointed ? theme.text : theme.text3;
  if (!universe.empty()) canvas.text_in({name.right() - 22, name.y, 14, name.h}, bold, theme.text2, universe, Align::center);
  const float wide = name.w - (universe.empty() ? 14 : 34);
  if (universe != "II") canvas.text_in({name.x + 6, name.y, wide, name.h}, selected ? bold : style, ink, lane.name, Align::right);
  if (!lane.place || !ui.over(name)) return;
  point_at(ui, lane.place);
  if (ui.clicked) ui.select(ui.view.selected == lane.place ? Place{} : lane.place);
}

// `known`: what may be shown of the run.
void draw_lanes(Ui& ui, const Session& session, const Axis& axis, Rect lanes, float labels, Time known) {
  const float row = 17;
  std::vector<float> lines = {axis.x(session.view_time())};
  if (session.divergence() && session.divergence()->at <= known) lines.push_back(axis.x(session.divergence()->at));
  if (session.marked()) lines.push_back(axis.x(session.marked()->at));
  std::sort(lines.begin(), lines.end());  // a label moves no further than it has to
  const auto draw = [&](const LaneShown& shown, const Lane& stretches, std::string_view universe) {
    const Rect line = lanes.take_top(row);
    draw_lane_name(ui, *shown.lane, universe, {line.x, line.y, labels, line.h}, line);
    for (const Stretch& each : stretches.stretches) {
      if (each.from > known) break;
      const float from = axis.x(each.from), to = axis.x(std::min({each.to, axis.end, known}));
      draw_stretch(ui.canvas, each, {from, line.y + 1.5F, std::max(to - from - 1, 1.0F), row - 3}, lines);
    }
  };
  for (const LaneShown& each : lanes_shown(session, ui.view, static_cast<std::size_t>(lanes.h / row))) {
    draw(each, *each.lane, each.other ? "I" : "");
    if (each.other) draw(each, *each.other, "II");
  }
}

struct AxisLabel {
  Time at = 0;
  std::string text;
};

std::vector<AxisLabel> axis_labels(const Axis& axis) {
  std::vector<AxisLabel> all;
  const Duration step = axis_step(axis.end, axis.area.w);
  for (Time at = 0; at <= axis.end; at += step) all.push_back({at, std::to_string(at / kSecond) + (at + step > axis.end ? " s" : "")});
  return all;
}

// Where the number of a section stands: at its moment, or beside the label of the axis that is there.
float section_place(const Canvas& canvas, const Axis& axis, const std::vector<AxisLabel>& labels, Time at) {
  const float x = axis.x(at);
  for (const AxisLabel& each : labels) {
    const float away = x - axis.x(each.at), least = canvas.width({Face::mono, Size::micro}, each.text) / 2 + 12;
    if (away > -least && away < least) return axis.x(each.at) + (away < 0 && each.at > 0 ? -least : least);
  }
  return x;
}

// The axis, and on it the sections of the lesson by number, as keys go to them. True: one was clicked.
bool draw_axis(Ui& ui, const Session& session, const Axis& axis, Rect ticks, Time known) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const std::vector<AxisLabel> axis_marks = axis_labels(axis);
  for (const AxisLabel& each : axis_marks) {
    canvas.line({axis.x(each.at), ticks.y}, {axis.x(each.at), ticks.y + 4}, theme.line2);
    canvas.text({axis.x(each.at), ticks.y + 11}, {Face::mono, Size::micro}, theme.text3, each.text, Align::center);
  }
  bool clicked = false;
  float free = axis.area.x - 8;
  for (std::size_t i = 0; i < session.sections().size() && i < 9; ++i) {
    const Time at = session.beats()[session.sections()[i]].at;
    const Rect pill{section_place(canvas, axis, axis_marks, at) - 8, ticks.y + 3, 16, ticks.h - 3};
    if (at > known || pill.x < free) continue;
    free = pill.right() + 2;
    const bool now = session.told() > 0 && session.section() == i, over = ui.over(pill);
    canvas.line({axis.x(at), ticks.y - 2}, {pill.center().x, pill.y}, theme.text2, 1);
    // Solid, so that it is not read together with the seconds beside it.
    const Color inverse = theme.light ? rgb(0xFFFFFF) : theme.ink;
    canvas.fill(pill, now || over ? theme.paper : theme.text3, 5);
    canvas.text_in(pill, {Face::mono_bold, Size::micro}, inverse, std::to_string(i + 1), Align::center);
    ui.tell(pill, "Section " + std::to_string(i + 1), "a key of that number goes there");
    if (!over || !ui.clicked) continue;
    ui.ask(CommandName::section, static_cast<std::int64_t>(i) + 1);
    clicked = true;
  }
  return clicked;
}

// The mark under the mouse; nullptr: none. Of several on one spot, the one that began it.
const Mark* draw_marks(Ui& ui, const Session& session, const Axis& axis, Rect area, Time known) {
  const Mark* under = nullptr;
  const bool asked = !asked_of(session).promises.empty();
  for (const Mark& each : session.lanes().marks) {
    if (each.at > known) break;
    if (each.at < session.scenario().opens && each.kind != MarkKind::action) continue;
    if (asked && each.kind == MarkKind::promise) continue;
    const Point at{axis.x(each.at), area.center().y};
    const bool mine = ui.view.selected && each.place && belong_together(session.world(), ui.view.selected, each.place);
    if (mine) ui.canvas.fill({at.x - 7, area.bottom() - 2, 14, 2}, ui.canvas.theme.paper);
    if (each.at == ui.view.hovered_at) ui.canvas.ring(at, 8.5F, ui.canvas.theme.paper, 1.5F);
    draw_mark(ui.canvas, each, at);
    const auto away = [&](Time moment) { return std::abs(static_cast<int>(axis.x(moment)) - static_cast<int>(ui.mouse.x)); };
    if (ui.over({at.x - 6, area.y, 12, area.h}) && (!under || away(each.at) < away(under->at))) under = &each;
  }
  return under;
}

}  // namespace

void draw_timeline(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  const float labels = canvas.width({Face::regular, Size::micro}, "__consumer-00") + (session.compared() ? 30.0F : 12.0F);
  Rect rest{area.x + 16, area.y + 4, area.w - 32, area.h - 6};
  const Rect marks = rest.take_top(18), ticks = rest.take_bottom(18);
  const Axis axis{{rest.x + labels, rest.y, rest.w - labels, rest.h}, std::max<Time>(session.scenario().until, 1)};
  canvas.text_in({marks.x + 6, marks.y, labels - 14, marks.h}, {Face::regular, Size::micro}, theme.text3, "you", Align::right);
  const Time fog = session.fog(), known = std::max(std::min(fog, axis.end), session.view_time());
  draw_lanes(ui, session, axis, rest, labels, known);
  const Mark* under = draw_marks(ui, session, axis, marks, known);
  const bool to_section = draw_axis(ui, session, axis, ticks, known);
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
  if (const std::optional<Marked>& marked = session.marked(); marked && marked->at <= known) {
    const float there = axis.x(marked->at);
    canvas.dashed_line({there, marks.y + 2}, {there, ticks.y + 2}, theme.text2, 1.25F, kNotYet);
    canvas.polygon({{there, marks.y + 2}, {there + 11, marks.y + 6}, {there, marks.y + 10}}, theme.text2);
  }
  if (ui.view.hovered_at >= 0) {
    const float there = axis.x(ui.view.hovered_at);
    canvas.line({there, marks.bottom() - 2}, {there, ticks.y}, theme.text2, 1);
  }
  const float x = axis.x(session.view_time());
  if (fog < axis.end) draw_fog(canvas, axis, {marks.x, marks.y, marks.w, marks.h + axis.area.h}, axis.x(known) + 1);
  canvas.line({x, marks.y}, {x, ticks.y + 2}, theme.paper, 2);
  draw_triangle(canvas, {x, marks.y + 4}, 6, theme.paper, true, 0.25F);
  const Rect grip{axis.area.x - 6, area.y, axis.area.w + 12, area.h};
  ui.view.scrubbing = ui.held && (ui.view.scrubbing || (ui.clicked && ui.over(grip) && !to_section));
  if (under && !ui.held) point_at(ui, under->place, under->at);
  if (!ui.view.scrubbing) return;
  // A click on a mark means its moment, not one beside it.
  ui.ask(CommandName::go_to_time, under && ui.clicked ? under->at : axis.time(ui.mouse.x));
}

}  // namespace nutshell
