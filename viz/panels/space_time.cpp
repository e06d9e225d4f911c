#include "viz/panels/space_time.h"

#include <algorithm>
#include <cmath>

#include "sim/core/text.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kNowAt = 0.74F;       // of the chart's width: where the present first stands
constexpr float kStep = 1.2F;         // that the wheel zooms by
constexpr float kClickMoves = 4;           // pixels that a click may move

// Moments of the story that are no facts of the cluster are kept only if something happens just then.
std::vector<Time> kept_moments(const Session& session) {
  std::vector<Time> keep;
  const Timeline& timeline = session.timeline();
  for (const StoryLine& each : session.beats()) {
    if (each.position > 0 && timeline.record_of(each.position - 1).at == each.at) keep.push_back(each.at);
  }
  return keep;
}

SpacePicture& picture_of(const Ui& ui, const Session& session) {
  SpaceView& view = ui.figure.space;
  if (!view.picture) view.picture = std::make_shared<SpacePicture>();
  SpacePicture& picture = *view.picture;
  const bool same = picture.axis && picture.tracks == session.tracks() && picture.mode == view.axis && picture.thread == ui.figure.thread;
  if (same) return picture;
  if (picture.tracks != session.tracks()) view.placed = false;
  picture.tracks = session.tracks();
  picture.mode = view.axis;
  picture.thread = ui.figure.thread;
  std::vector<Time> keep = kept_moments(session);
  for (Step each : picture.thread) {
    if (each < session.timeline().furthest()) keep.push_back(session.timeline().record_of(each).at);
  }
  picture.axis = std::make_unique<const TimeAxis>(*picture.tracks, picture.mode, std::move(keep));
  picture.made += 1000;
  picture.options.to = -1;  // the model is another one now
  return picture;
}

double pixels(AxisPlace place) { return static_cast<double>(place) / static_cast<double>(kPixel); }

void limit_view(SpaceView& view, const TimeAxis& axis, float wide) {
  const float least = std::min(1.0F, wide / static_cast<float>(std::max(pixels(axis.end()), 1.0)));
  view.zoom = within(view.zoom, least, axis.mode() == AxisMode::linear ? 20000.0F : 16.0F);
  const double seen = wide / view.zoom;
  view.left = within(view.left, -0.02 * seen, std::max(pixels(axis.end()) - 0.94 * seen, 0.0));
}

// The present stays in the picture while time goes by.
void follow(SpaceView& view, const TimeAxis& axis, Time now, float wide) {
  const double at = pixels(axis.place_of(now)), seen = wide / view.zoom;
  const auto put = [&](double part) { view.left = at - part * seen; };
  if (!view.placed) put(kNowAt);
  else if (view.seen != now && (at > view.left + 2 * seen || at < view.left - seen)) put(kNowAt);
  else if (view.seen != now && at > view.left + 0.86 * seen) put(0.86);
  else if (view.seen != now && at < view.left + 0.12 * seen) put(0.12);
  view.placed = true;
  view.seen = now;
}

void zoom_at(SpaceView& view, float px, float turns) {
  const double under = view.left + px / view.zoom;
  view.zoom *= std::pow(kStep, turns);
  view.left = under - px / view.zoom;
}

// The model of what can be seen and a screen to each side; made again only when the view has left it.
void make_model(SpacePicture& picture, const SpaceView& view, SpaceTimeOptions wanted, float wide) {
  const TimeAxis& axis = *picture.axis;
  const double seen = wide / view.zoom;
  const auto at = [&](double px) { return axis.time_of(static_cast<AxisPlace>(px * static_cast<double>(kPixel))); };
  const Time first = at(std::max(view.left, 0.0)), last = at(view.left + seen);
  // A bead keeps its width; steps of zoom in between share a model.
  const float steps = std::round(std::log2(view.zoom) * 2) / 2;
  wanted.bucket = static_cast<AxisPlace>(static_cast<double>(wanted.bucket) / std::exp2(static_cast<double>(steps)));
  wanted.thread = picture.thread;
  const SpaceTimeOptions& had = picture.options;
  const bool same = had.bucket == wanted.bucket && had.most_lanes == wanted.most_lanes && had.hidden_traffic == wanted.hidden_traffic &&
                    had.thread == wanted.thread && had.to >= 0 && had.from <= first && had.to >= last;
  if (same) return;
  wanted.from = at(std::max(view.left - seen, 0.0));
  wanted.to = at(view.left + 2 * seen);
  picture.model = make_space_time(*picture.tracks, axis, wanted);
  picture.options = wanted;
  picture.made += 1;
}

// The axis' three modes as buttons, at the right; returns what is left of the line.
Rect draw_modes(Ui& ui, Rect line) {
  constexpr std::array<std::string_view, kAxisModes> kNames = {"linear", "by event", "folded"};
  Canvas& canvas = ui.canvas;
  const auto width = [&](std::size_t i) { return canvas.width({Face::bold, Size::small}, kNames[i]) + 22; };
  for (std::size_t i = kNames.size(); i-- > 0;) {
    const Rect button = line.take_right(width(i));
    line.take_right(6);
    if (draw_button(ui, button, kNames[i], static_cast<std::size_t>(ui.figure.space.axis) == i))
      ui.ask(CommandName::time_axis, static_cast<std::int64_t>(i) + 1);
  }
  const std::string_view title = "Time axis";
  line.take_right(6);
  if (line.w > 320) canvas.text_in(line.take_right(canvas.width(kSmall, title)), kSmall, canvas.theme.text2, title);
  line.take_right(16);
  return line;
}

float label_width(const Canvas& canvas, const SpaceTime& model, float most) {
  float wide = 0;
  for (const SpaceLane& each : model.lanes)
    wide = std::max({wide, canvas.width({Face::bold, Size::small}, each.name), canvas.width({Face::regular, Size::micro}, each.what)});
  return std::min(wide + 14, most);
}

void take_mouse(Ui& ui, const SpaceChart& chart, const SpaceItem& item) {
  SpaceView& view = ui.figure.space;
  const bool over = ui.over(chart.chart) || ui.over(chart.ticks);
  if (over && ui.wheel != 0) zoom_at(view, ui.mouse.x - chart.chart.x, ui.wheel);
  if (over && ui.clicked) {
    view.held = true;
    view.moved = false;
    view.grip = ui.mouse;
  }
  if (!view.held) return;
  if (ui.held) {
    view.moved = view.moved || std::abs(ui.mouse.x - view.grip.x) > kClickMoves;
    if (view.moved) {
      view.left -= (ui.mouse.x - view.grip.x) / view.zoom;
      view.grip = ui.mouse;
    }
    return;
  }
  view.held = false;
  if (view.moved || !over) return;
  if (item.step != kNoStep) ui.ask(CommandName::go_to_step, static_cast<std::int64_t>(item.step) + 1);
  else ui.ask(CommandName::go_to_time, chart.axis.time_of(chart.place(view.grip.x)));
}

// What has not happened yet, and the line of the present.
void draw_now(Canvas& canvas, const SpaceChart& chart, bool fogged) {
  const Theme& theme = canvas.theme;
  const Rect& area = chart.chart;
  const float x = chart.time_x(chart.now);
  const float from = within(x, area.x, area.right());
  const Rect ahead{from, area.y, area.right() - from, area.h + chart.ticks.h};
  if (fogged && ahead.w > 1) {
    canvas.fill(ahead, theme.bg);
    canvas.hatch({ahead.x, ahead.y, ahead.w, area.h}, theme.line, 14);
    const std::string_view text = "hidden until you have answered";
    const float wide = canvas.width(kSmall, text) + 24, high = canvas.height(kSmall) + 12;
    const Rect pill{ahead.center().x - wide / 2, area.center().y - high / 2, wide, high};
    if (wide + 16 < ahead.w) {
      canvas.fill(pill, theme.bg, 13);
      canvas.outline(pill, theme.line2, 1, 13);
      canvas.text_in(pill, kSmall, theme.text2, text, Align::center);
    }
  }
  if (x < area.x || x > area.right()) return;
  canvas.line({x, area.y}, {x, area.bottom()}, theme.paper, canvas.big(2, 4));
  draw_triangle(canvas, {x, area.bottom() + canvas.big(3, 5)}, canvas.big(6, 10), theme.paper, true, -0.25F);
}

void draw_veil(Canvas& canvas, const SpaceChart& chart) {
  const float from = within(chart.time_x(chart.now), chart.chart.x, chart.chart.right());
  canvas.fill({from, chart.chart.y, chart.chart.right() - from, chart.chart.h}, canvas.theme.stage.with_alpha(140));
}

}  // namespace

void draw_space_time(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  canvas.fill(area, canvas.theme.stage);
  canvas.line({area.x, area.y}, {area.right(), area.y}, canvas.theme.line);
  SpaceView& view = ui.figure.space;
  SpacePicture& picture = picture_of(ui, session);
  Rect rest{area.x + 16, area.y + 8, area.w - 32, area.h - 12};
  const Rect head = canvas.projector ? Rect{} : draw_modes(ui, rest.take_top(28));
  rest.take_top(canvas.projector ? 0.0F : 6.0F);
  const Rect foot = rest.take_bottom(canvas.big(26, 44));
  rest.take_top(canvas.height(kSmall) * 1.3F);  // for how long a fold is
  SpaceTimeOptions wanted;
  wanted.most_lanes = static_cast<std::size_t>(std::max(rest.h / canvas.big(36, 66), 2.0F));
  wanted.hidden_traffic = ui.figure.hidden_traffic;
  wanted.bucket = static_cast<AxisPlace>(canvas.big(96, 150)) * kPixel;
  std::vector<SpaceLane> lanes = plan_lanes(*picture.tracks, wanted.most_lanes);
  SpaceTime names;
  names.lanes = std::move(lanes);
  const Rect labels = rest.take_left(label_width(canvas, names, canvas.big(150, 240)));
  limit_view(view, *picture.axis, rest.w);
  follow(view, *picture.axis, session.view_time(), rest.w);
  make_model(picture, view, wanted, rest.w);
  SpaceChart chart{*picture.tracks, *picture.axis, picture.model, labels, rest, {rest.x, foot.y, rest.w, foot.h}, view.left, view.zoom};
  chart.bar = canvas.big(chart.pitch() > 44 ? 19 : 17, 32);
  chart.now = session.view_time();
  chart.known = session.asking() ? chart.now : picture.tracks->until;
  draw_space_folds(canvas, chart);
  draw_space_lanes(canvas, chart);
  const SpaceItem item = draw_space_traffic(ui, session.timeline(), chart);
  draw_space_ticks(canvas, chart);
  if (!session.asking()) draw_veil(canvas, chart);
  draw_now(canvas, chart, session.asking());
  if (!head.empty()) {
    const std::string_view hint = "wheel: zoom, drag: move, click: go there";
    canvas.text_in(head, kSmall, item.step == kNoStep ? canvas.theme.text3 : canvas.theme.text,
        item.step == kNoStep ? hint : std::string_view(item.sentence));
  }
  take_mouse(ui, chart, item);
}

}  // namespace nutshell
