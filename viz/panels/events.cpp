// The list of events: what happened until now, the newest first, under filters.
#include <algorithm>
#include <array>

#include "sim/core/text.h"
#include "sim/session/about.h"
#include "viz/panels/chrome.h"
#include "viz/panels/field.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr std::size_t kFactsAFrame = 20'000;
constexpr std::size_t kWheelRows = 3;

// The field that `/` opens.
void draw_find(Ui& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  EventsView& events = ui.view.events;
  const bool typing = ui.view.typing == Typing::find;
  canvas.outline(area, typing ? theme.paper : ui.over(area) ? theme.text2 : theme.line2, typing ? 2.0F : 1.0F, 6);
  Rect inner{area.x + 10, area.y, area.w - 18, area.h};
  const std::string_view key = typing || !events.find.empty() ? "Esc" : "/";
  Rect corner = inner.take_right(key_width(canvas, key));
  inner.take_right(8);
  draw_key(canvas, {corner.x, corner.center().y}, key);
  if (ui.clicked && ui.over(corner) && !events.find.empty()) return ui.ask(CommandName::close);
  const bool empty = events.find.empty();
  if (typing) draw_typed(canvas, inner, kSmall, events.find, ui.view.caret);
  else canvas.text_in(inner, kSmall, empty ? theme.text3 : theme.text, empty ? "Find" : events.find);
  if (ui.clicked && ui.over(area)) ui.ask(CommandName::find);
}

// A filter that can be put in or out; true when clicked.
bool draw_chip(Ui& ui, Rect& line, Rect& area, std::string_view label, bool on) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const TextStyle style{on ? Face::bold : Face::regular, Size::small};
  const float high = canvas.height(kSmall) + 10;
  const float wide = std::min(canvas.width({Face::bold, Size::small}, label) + 18, area.w);
  if (wide > line.w) line = area.take_top(high + 6);
  const Rect whole = line.take_left(wide);
  line.take_left(6);
  const Rect chip{whole.x, whole.y, whole.w, high};
  if (on || ui.over(chip)) canvas.fill(chip, theme.raised, high / 2);
  canvas.outline(chip, on ? theme.paper : theme.line2, on ? 2.0F : 1.0F, high / 2);
  canvas.text_in({chip.x + 6, chip.y, chip.w - 12, chip.h}, style, on ? theme.text : theme.text2, label, Align::center);
  return ui.clicked && ui.over(chip);
}

void draw_chips(Ui& ui, const Session& session, Rect& area) {
  EventsView& events = ui.view.events;
  Rect line{area.x, area.y, 0, 0};
  for (int i = 1; i < kFactKinds; ++i) {
    const auto kind = static_cast<FactKind>(i);
    const bool on = (events.kinds >> i & 1U) != 0;
    if (!draw_chip(ui, line, area, fact_kind_label(kind), on)) continue;
    events.kinds ^= 1U << i;
    events.scrolled = events.cursor = 0;
  }
  if (!ui.view.selected) return;
  const std::string label = "only " + place_text(session.world(), ui.view.selected);
  if (!draw_chip(ui, line, area, label, events.only_selected)) return;
  events.only_selected = !events.only_selected;
  events.scrolled = events.cursor = 0;
}

void draw_nothing(Ui& ui, bool complete, Rect area) {
  const EventsView& events = ui.view.events;
  const Theme& theme = ui.canvas.theme;
  if (!complete) {
    ui.canvas.text_in(area.take_top(24), kSmall, theme.text3, "Looking \u2026");
    return;
  }
  if (events.find.empty() && events.kinds == 0 && !events.only_selected) {
    ui.canvas.text_in(area.take_top(24), kSmall, theme.text2, "Nothing has happened yet.");
    return;
  }
  const std::string what = events.find.empty() ? "these filters" : "'" + events.find + "'";
  area.take_top(ui.canvas.paragraph(area, kSmall, theme.text2, "Nothing matches " + what + "."));
  area.take_top(8);
  Rect line = area.take_top(24);
  line.take_left(draw_key(ui.canvas, {line.x, line.center().y}, "Esc") + 8);
  ui.canvas.text_in(line, kSmall, theme.text3, "clears the filter");
}

struct Row {
  const Fact& fact;
  bool newest = false, cursor = false;
};

// Returns the height that it used.
float draw_row(Ui& ui, const Session& session, const Row& row, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const World& world = session.world();
  const std::string text = sentence(row.fact.body, WorldNamer(world));
  const float time = canvas.width(kMono, widest_time(session.scenario().until)) + 10, step = canvas.height(kSmall) * 1.3F;
  const float wide = area.w - time - 10;
  const float high = std::min(step * static_cast<float>(canvas.lines(kSmall, text, wide)), std::min(area.h - 4, 3 * step));
  const Rect hit{area.x, area.y, area.w, high + 6};
  const Place place = place_of(world, row.fact.body);
  if (ui.over(hit)) {
    canvas.fill(hit, theme.raised, 4);
    point_at(ui, place, row.fact.at);
  }
  if (row.cursor) canvas.outline(hit, theme.paper, 2, 4);
  if (concerns(world, row.fact.body, ui.view.selected)) canvas.fill({hit.x, hit.y + 2, 3, hit.h - 4}, theme.paper);
  canvas.text_in({hit.x + 8, hit.y + 3, time, step}, kMono, theme.text3, format_time(row.fact.at));
  canvas.paragraph({hit.x + 8 + time, hit.y + 3, wide, high + 1}, kSmall, row.newest ? theme.text : theme.text2, text, 1.3F);
  if (ui.over(hit) && ui.clicked) {
    ui.view.events.scrolled = ui.view.events.cursor = 0;
    ui.ask(CommandName::go_to_step, static_cast<std::int64_t>(row.fact.step + 1));
    if (place) ui.select(place);
  }
  return hit.h + 1;
}

void scroll(Ui& ui, Rect area) {
  EventsView& events = ui.view.events;
  if (ui.over(area) && ui.wheel > 0) events.scrolled -= std::min(events.scrolled, kWheelRows);
  if (ui.over(area) && ui.wheel < 0) events.scrolled += kWheelRows;
  if (events.cursor < events.scrolled && ui.view.typing == Typing::find) events.scrolled = events.cursor;
  if (events.cursor >= events.scrolled + events.shown && ui.view.typing == Typing::find)
    events.scrolled = events.cursor - events.shown + 1;
  events.scrolled = std::min(events.scrolled, events.count == 0 ? 0 : events.count - 1);
}

void draw_thumb(Canvas& canvas, const EventsView& events, Rect area) {
  if (events.count <= events.shown) return;
  const auto part = [&](std::size_t rows) { return area.h * static_cast<float>(rows) / static_cast<float>(events.count); };
  const float high = std::max(part(events.shown), 16.0F);
  const float y = std::min(area.y + part(events.scrolled), area.bottom() - high);
  canvas.fill({area.right() + 8, y, 4, high}, canvas.theme.line2, 2);
}

}  // namespace

void draw_events(Ui& ui, const Session& session, Rect area) {
  const Timeline& timeline = session.timeline();
  EventsView& events = ui.view.events;
  if (!ui.view.selected) events.only_selected = false;
  draw_find(ui, area.take_top(30));
  area.take_top(8);
  draw_chips(ui, session, area);
  area.take_top(4);
  const EventFilter filter{events.find, events.kinds, events.only_selected ? ui.view.selected : Place{}};
  events.list.follow(timeline, filter, kFactsAFrame);
  events.count = events.list.until(timeline, timeline.position());
  if (events.count == 0) return draw_nothing(ui, events.list.complete(timeline), area);
  events.cursor = std::min(events.cursor, events.count - 1);
  scroll(ui, area);
  const Rect whole = area;
  std::size_t drawn = 0;
  const float least = ui.canvas.height(kSmall) * 1.3F + 8;
  for (std::size_t i = events.scrolled; i < events.count && area.h > least; ++i, ++drawn) {
    const Fact& fact = timeline.facts()[events.list.rows()[events.count - 1 - i]];
    const bool cursor = ui.view.typing == Typing::find && i == events.cursor;
    area.take_top(draw_row(ui, session, {fact, i == 0, cursor}, area));
  }
  events.shown = std::max<std::size_t>(drawn, 1);
  draw_thumb(ui.canvas, events, whole);
}

}  // namespace nutshell
