#include "viz/panels/lens.h"

#include <algorithm>
#include <cmath>

#include "sim/session/about.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kWheelStep = 1.2F, kMapWheelStep = 1.4F;
constexpr float kDragMoves = 4;  // pixels: less is no drag

// Nothing beyond the edges of the picture is shown.
void keep_inside(Lens& lens, Rect stage) {
  lens.zoom = within(lens.zoom, 1.0F, lens.most);
  lens.left_top.x = within(lens.left_top.x, 0.0F, stage.w - stage.w / lens.zoom);
  lens.left_top.y = within(lens.left_top.y, 0.0F, stage.h - stage.h / lens.zoom);
}

void enter(Lens& lens, Place place) {
  if (!lens.focus) {
    lens.before_zoom = lens.zoom;
    lens.before = lens.left_top;
  }
  lens.focus = place;
  lens.zoom = 1;
  lens.left_top = {};
}

void leave(Lens& lens) {
  lens.focus = {};
  lens.zoom = lens.before_zoom;
  lens.most = std::max(lens.most, lens.zoom);  // of what stood alone it may have been less
  lens.left_top = lens.before;
}

// What stands alone, not only enlarged.
bool stands_alone(const Lens& lens, const Place& place) {
  return place.tp.partition >= 0 || (lens.map && place.kind == PlaceKind::broker);
}

}  // namespace

void zoom_lens(View& view, Rect stage, Point around, float factor) {
  Lens& lens = view.lens;
  if (factor > 1 && lens.map && lens.zoom > lens.most * 0.99F) {
    // Nearer than the widest columns are the copies themselves.
    const Place under = place_at(view, around);
    if (under.kind == PlaceKind::partition) return enter(lens, under);
  }
  if (factor < 1 && lens.focus && lens.zoom <= 1.001F) return leave(lens);
  const Point inside = around - Point{stage.x, stage.y};
  const Point meant = lens.left_top + inside * (1 / lens.zoom);
  lens.zoom = within(lens.zoom * factor, 1.0F, lens.most);
  lens.left_top = meant - inside * (1 / lens.zoom);
  keep_inside(lens, stage);
}

void steer_lens(Ui& ui, Rect stage) {
  Lens& lens = ui.view.lens;
  if (ui.over(stage) && ui.wheel != 0) zoom_lens(ui.view, stage, ui.mouse, std::pow(lens.map ? kMapWheelStep : kWheelStep, ui.wheel));
  if (ui.clicked && ui.over(stage)) {
    lens.dragging = lens.zoom > 1;
    lens.pressed = lens.grip = ui.mouse;
  }
  lens.dragging = lens.dragging && ui.held;
  if (lens.dragging) {
    const Point moved = ui.mouse - lens.pressed;
    if (std::hypot(moved.x, moved.y) < kDragMoves) return;
    lens.left_top = lens.left_top - (ui.mouse - lens.grip) * (1 / lens.zoom);
    lens.grip = ui.mouse;
  }
  keep_inside(lens, stage);
}

void reset_lens(View& view) {
  view.lens.focus = {};
  view.lens.zoom = 1;
  view.lens.left_top = {};
}

void toggle_focus(View& view, Rect stage) {
  Lens& lens = view.lens;
  if (lens.focus) return leave(lens);
  const Place place = view.selected;
  if (!place) return reset_lens(view);
  if (stands_alone(lens, place)) {
    const bool of_partition = place.tp.partition >= 0;
    return enter(lens, of_partition ? Place{PlaceKind::partition, kNoNode, kNoNode, place.tp} : place);
  }
  for (const Spot& each : view.spots) {
    if (!marks(place, each.place)) continue;
    const float before = lens.zoom;
    const Point corner = lens.left_top + Point{each.rect.x - stage.x, each.rect.y - stage.y} * (1 / before);
    const float wide = each.rect.w / before, high = each.rect.h / before;
    enter(lens, place);
    lens.zoom = within(std::min(stage.w / wide, stage.h / high) * 0.55F, 1.0F, std::min(lens.most, 2.5F));
    lens.left_top = {corner.x + wide / 2 - stage.w / lens.zoom / 2, corner.y + high / 2 - stage.h / lens.zoom / 2};
    return keep_inside(lens, stage);
  }
}

void draw_lens_note(Ui& ui, const Session& session, Rect stage) {
  const Lens& lens = ui.view.lens;
  if (!lens.focus && lens.zoom <= 1.001F) return;
  Canvas& canvas = ui.canvas;
  const TextStyle style{Face::bold, Size::small};
  std::string text = lens.focus ? "only " + place_text(session.world(), lens.focus) : "";
  if (lens.focus && !stands_alone(lens, lens.focus)) text = place_text(session.world(), lens.focus);
  if (!lens.focus) {
    const int tenths = static_cast<int>(std::lround(lens.zoom * 10));
    text = std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " times as large";
  }
  const std::string_view key = lens.focus ? key_text(CommandName::focus) : "Ctrl 0";
  const float high = canvas.height(style) + 14;
  const float wide = canvas.width(style, text) + key_width(canvas, key) + 34;
  const Rect pill{stage.right() - wide - 12, stage.y + 10, wide, high};
  canvas.cover(pill);
  canvas.fill(pill, canvas.theme.raised, high / 2);
  canvas.outline(pill, canvas.theme.text2, 1, high / 2);
  Rect rest = pill.inset(2);
  rest.take_left(12);
  rest.take_left(canvas.text_in(rest, style, canvas.theme.text, text) + 8);
  draw_key(canvas, {rest.x, rest.center().y}, key);
  if (!ui.clicked || !ui.over(pill)) return;
  ui.clicked = false;
  ui.ask(lens.focus ? CommandName::focus : CommandName::zoom, 0);
}

}  // namespace nutshell
