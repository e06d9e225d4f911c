// What lies over a slide: black, the overview, the field to jump, spotlight, magnifier and pen.
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "viz/app/podium.h"
#include "viz/panels/panels.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kLens = 0.16F, kCloser = 2.2F;  // half its width, of the slide's height
constexpr std::size_t kMostFound = 6;

void draw_overview(PanelUi& ui, Podium& at, Rect whole) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.cover(whole);
  canvas.fill(whole, theme.bg);
  const std::size_t count = at.talk.deck().slides.size(), columns = overview_columns(count);
  const TextStyle words{Face::regular, Size::micro}, strong{Face::bold, Size::micro};
  const float margin = whole.w * 0.02F, gap = whole.w * 0.012F, line = canvas.height(words) * 1.4F;
  Rect rest = whole.inset(margin);
  const float wide = (rest.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns), high = wide * whole.h / whole.w;
  const float row = high + line + gap;
  const auto shown = static_cast<std::size_t>(std::max(std::floor((rest.h + gap) / row), 1.0F));
  const std::size_t rows = (count + columns - 1) / columns, here = at.chosen / columns;
  const std::size_t first = rows <= shown ? 0 : std::min(here > shown / 2 ? here - shown / 2 : 0, rows - shown);
  for (std::size_t i = first * columns; i < std::min(count, (first + shown) * columns); ++i) {
    const Rect page{rest.x + static_cast<float>(i % columns) * (wide + gap), rest.y + static_cast<float>(i / columns - first) * row, wide,
                    high};
    at.show.draw_small(ui, i, page, whole.w, whole.h);
    const bool chosen = i == at.chosen;
    canvas.outline(page.inset(chosen ? -4.0F : 0), chosen ? theme.paper : theme.line2, chosen ? 5 : 1.5F, chosen ? 6.0F : 2);
    const Rect below{page.x, page.bottom() + 4, wide, line};
    const std::string number = std::to_string(i + 1) + (i == at.talk.slide() ? "  here" : "");
    canvas.text_in(below, chosen ? strong : words, chosen ? theme.text : theme.text2, number);
    if (!ui.over(page)) continue;
    if (ui.clicked) at.overlay = Overlay::none, at.talk.go_to(i);
  }
}

void draw_jump(PanelUi& ui, Podium& at, Rect whole) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const TextStyle large{Face::bold, Size::caption}, words{Face::regular, Size::body}, number{Face::mono, Size::body};
  const std::size_t count = std::min(at.found.size(), kMostFound);
  const float line = canvas.height(words) * 1.7F, head = canvas.height(large) * 1.9F, wide = std::min(whole.w * 0.6F, 1100.0F);
  const float high = head + line * static_cast<float>(std::max<std::size_t>(count, 1)) + 28;
  const Rect box{whole.center().x - wide / 2, whole.bottom() - high - whole.h * 0.08F, wide, high};
  canvas.cover(box.inset(-6));
  canvas.fill(box, theme.panel, 14);
  canvas.outline(box, theme.paper, 3, 14);
  Rect rest = box.inset(14);
  Rect top = rest.take_top(head);
  top.take_left(10);
  canvas.text_in(top, large, theme.text, at.typed + "|");
  if (count == 0) canvas.text_in(rest.take_top(line).inset(4), words, theme.text2, "no slide has this number, or this in its title");
  const std::size_t from = at.chosen < kMostFound ? 0 : at.chosen + 1 - kMostFound;
  for (std::size_t i = from; i < from + count; ++i) {
    Rect row = rest.take_top(line);
    if (i == at.chosen) canvas.fill(row, theme.raised, 8);
    row.take_left(12);
    canvas.text_in(row.take_left(canvas.width(number, "0000")), number, theme.text2, std::to_string(at.found[i] + 1));
    if (i == at.chosen) {
      Rect key = row.take_right(key_width(canvas, "Enter") + 10);
      draw_key(canvas, {key.x, key.center().y}, "Enter");
    }
    canvas.text_in(row, words, theme.text, at.talk.deck().slides[at.found[i]].title());
  }
}

void draw_strokes(Canvas& canvas, const Podium& at, Rect whole) {
  const LaidSlide& slide = const_cast<Podium&>(at).show.laid(at.talk.slide(), whole.w, whole.h, canvas.theme.light);
  const Theme& theme = slide.light ? light_theme() : dark_theme();
  const float width = 7 * slide.unit;
  for (const auto& stroke : at.strokes) {
    std::vector<Point> points;
    for (const auto& [x, y] : stroke) points.push_back({whole.x + x * whole.w, whole.y + y * whole.h});
    if (points.size() == 1) points.push_back(points.front() + Point{1, 0});
    // A rim in the ground's colour keeps it apart from what is drawn below.
    canvas.polyline(points, color_of(slide.ground), width * 2.2F);
    canvas.polyline(points, theme.paper, width);
  }
}

// Everything but a circle steps back.
void draw_spotlight(Canvas& canvas, Point at, Rect whole) {
  const float radius = whole.h * kLens, wide = whole.w + whole.h;
  canvas.push_clip(whole);
  canvas.ring(at, radius + wide / 2, rgb(0x000000).with_alpha(165), wide);
  canvas.ring(at, radius, rgb(0xFFFFFF).with_alpha(220), whole.h * 0.003F);
  canvas.pop_clip();
}

void draw_magnifier(PanelUi& ui, Podium& at, Point where, Rect whole) {
  Canvas& canvas = ui.canvas;
  const float half = whole.h * kLens * 1.3F;
  const Rect lens{where.x - half * 1.4F, where.y - half, half * 2.8F, half * 2};
  const Rect seen{where.x - lens.w / kCloser / 2, where.y - lens.h / kCloser / 2, lens.w / kCloser, lens.h / kCloser};
  canvas.cover(lens);
  canvas.push_clip(lens);
  // The whole slide, so that this part of it fills the lens.
  const Rect large{lens.x - (seen.x - whole.x) * kCloser, lens.y - (seen.y - whole.y) * kCloser, whole.w * kCloser, whole.h * kCloser};
  at.show.draw_small(ui, at.talk.slide(), large, whole.w, whole.h);
  canvas.pop_clip();
  canvas.outline(lens, canvas.theme.paper, 4, 4);
}

void use_pen(PanelUi& ui, Podium& at, Point where, Rect whole) {
  const std::pair<float, float> point{(where.x - whole.x) / whole.w, (where.y - whole.y) / whole.h};
  if (ui.clicked) at.strokes.emplace_back(), at.drawing = true;
  if (!ui.held) at.drawing = false;
  if (!at.drawing || at.strokes.empty()) return;
  auto& stroke = at.strokes.back();
  if (stroke.empty() || std::hypot(stroke.back().first - point.first, stroke.back().second - point.second) > 0.001F)
    stroke.push_back(point);
}

}  // namespace

std::size_t overview_columns(std::size_t slides) { return slides <= 12 ? 4 : slides <= 40 ? 6 : 8; }

void draw_overlays(PanelUi& ui, Podium& at, Rect whole) {
  if (at.overlay == Overlay::black) {
    ui.canvas.cover(whole);
    return ui.canvas.fill(whole, rgb(0x000000));
  }
  if (at.overlay == Overlay::overview) return draw_overview(ui, at, whole);
  draw_strokes(ui.canvas, at, whole);
  if (at.pointer != Pointer::none) {
    const Point where = ui.mouse;
    const bool here = ui.over(whole);
    if (at.pointer == Pointer::spotlight && here) draw_spotlight(ui.canvas, where, whole);
    if (at.pointer == Pointer::magnifier && here) draw_magnifier(ui, at, where, whole);
    if (at.pointer == Pointer::pen) use_pen(ui, at, where, whole);
    if (at.pointer == Pointer::pen && here) ui.canvas.circle(where, whole.h * 0.005F, ui.canvas.theme.paper);
  }
  if (at.overlay == Overlay::jump) draw_jump(ui, at, whole);
}

}  // namespace nutshell
