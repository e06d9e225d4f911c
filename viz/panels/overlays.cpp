// What covers the stage for a while: the gallery of lessons, and the keys.
#include <algorithm>

#include "viz/panels/chrome.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr TextStyle kKeyLabel{Face::regular, Size::body};
constexpr float kTitleLine = 1.15F;

// What stands behind the last comma or colon goes first when there is little room.
std::string_view without_details(const Canvas& canvas, std::string_view label, float room) {
  while (canvas.width(kKeyLabel, label) > room && label.find_last_of(",;:") != std::string_view::npos)
    label = label.substr(0, label.find_last_of(",;:"));
  return label;
}

// The way to an empty stage; takes its room from the line.
void draw_new_cluster(Ui& ui, Rect& line) {
  constexpr std::string_view kLabel = "An empty cluster";
  const float key = key_width(ui.canvas, "N");
  Rect right = line.take_right(ui.canvas.width({Face::bold, Size::small}, kLabel) + 44 + key);
  line.take_right(16);
  draw_key(ui.canvas, {right.right() - key, right.center().y}, "N");
  right.take_right(key + 10);
  const float high = std::min(right.h, ui.canvas.big(32, 44));
  if (draw_button(ui, {right.x, right.center().y - high / 2, right.w, high}, kLabel)) ui.ask(CommandName::new_cluster);
}

// Words and a key at the right of the line, where there is room; a click on them does what the key does.
void draw_way_in(Ui& ui, Rect& line, std::string_view words, std::string_view key, CommandName command, std::int64_t value = 0) {
  Canvas& canvas = ui.canvas;
  const TextStyle style{Face::regular, Size::small};
  const float wide = canvas.width(style, words) + key_width(canvas, key) + 8;
  if (line.w <= wide + 24) return;
  Rect place = line.take_right(wide);
  line.take_right(24);
  draw_key(canvas, {place.x, place.center().y}, key);
  if (ui.over(place) && ui.clicked) ui.ask(command, value);
  place.take_left(key_width(canvas, key) + 8);
  canvas.text_in(place, style, canvas.theme.text2, words);
}

}  // namespace

void draw_gallery(Ui& ui, const std::vector<LessonCard>& lessons, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  Rect rest = area.inset(32);
  Rect head = rest.take_top(canvas.big(48, 60));
  draw_new_cluster(ui, head);
  head.take_left(canvas.text_in(head, {Face::bold, Size::title}, theme.text, "Lessons, and what people often think") + 24);
  draw_way_in(ui, head, "join by code", "J", CommandName::jump);
  draw_way_in(ui, head, "open a file", "O", CommandName::tool, static_cast<std::int64_t>(Tool::drop));
  const int columns = rest.w > 1500 ? 5 : rest.w > 1000 ? 4 : 3;
  ui.view.columns = static_cast<std::size_t>(columns);
  const auto count = static_cast<int>(lessons.size());
  const int rows = (count + columns - 1) / columns;
  const float wide = (rest.w - 16 * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float high = std::min(canvas.big(230, 260), (rest.h - 14 * static_cast<float>(rows - 1)) / static_cast<float>(std::max(rows, 1)));
  for (int i = 0; i < count; ++i) {
    const auto column = static_cast<float>(i % columns), line = static_cast<float>(i / columns);
    const Rect card{rest.x + column * (wide + 16), rest.y + line * (high + 14), wide, high};
    const bool chosen = static_cast<std::size_t>(i) == ui.view.chosen;
    canvas.fill(card, chosen || ui.over(card) ? theme.raised : theme.card, 8);
    canvas.outline(card, chosen ? theme.paper : theme.line2, chosen ? 2.0F : 1.0F, 8);
    Rect inner{card.x + 14, card.y + 8, card.w - 28, card.h - 14};
    const LessonCard& lesson = lessons[static_cast<std::size_t>(i)];
    Rect title = inner.take_top(canvas.height({Face::bold, Size::body}) * 1.5F);
    title.take_left(canvas.text_in(title, {Face::mono_bold, Size::body}, theme.text3, std::to_string(i + 1)) + 10);
    // Where no picture has room below it, a long title takes more lines; if they are not enough, it is shortened.
    const TextStyle bold{Face::bold, Size::body};
    const auto lines = static_cast<float>(canvas.lines(bold, lesson.title, title.w));
    const float wanted = lines * canvas.height(bold) * kTitleLine;
    if (lines > 1 && inner.h < 40 && wanted <= title.h + inner.h) {
      canvas.paragraph({title.x, title.y, title.w, wanted}, bold, theme.text, lesson.title, kTitleLine);
      inner = {};
    } else {
      canvas.text_in(title, bold, theme.text, lesson.title);
    }
    const bool room = inner.h > 76;
    const Rect still{inner.x, inner.y + 2, inner.w, room ? inner.h - 44 : inner.h};
    if (lesson.still && still.h > 30) draw_still(canvas, *lesson.still, session.timeline(), still);
    if (room) inner.take_top(inner.h - 40);
    const std::string thought = lesson.corrects.empty() ? "" : "\u201c" + lesson.corrects + "\u201d";
    if (room || (!lesson.still && inner.h > 0)) canvas.paragraph(inner, {Face::regular, Size::small}, theme.text2, thought, 1.35F);
    if (ui.over(card) && ui.clicked) ui.ask(CommandName::open_lesson, i);
  }
}

void draw_keys(Ui& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  Rect rest = area.inset(32);
  canvas.text_in(rest.take_top(canvas.big(48, 60)), {Face::bold, Size::title}, theme.text, "Keys");
  struct Row {
    std::string_view keys, label;
  };
  std::vector<Row> listed;
  for (const Binding& each : bindings()) {
    if (!each.keys.empty()) listed.push_back({each.keys, each.label});
  }
  if (ui.view.controller) {
    listed.push_back({"", "Game controller; its left stick goes back and forth in time"});
    for (const PadBinding& each : pad_bindings()) listed.push_back({each.keys, each.label});
  }
  const float least = canvas.height(kKeyLabel) * 1.2F;
  const auto rows_in = [&](int columns) { return (static_cast<int>(listed.size()) + columns - 1) / columns; };
  int columns = rest.w > 1100 ? 3 : rest.w > 700 ? 2 : 1;
  while (columns < 4 && static_cast<float>(rows_in(columns)) * least > rest.h) ++columns;
  const int rows = rows_in(columns);
  float key = 0;
  for (const Row& each : listed) key = std::max(key, key_width(canvas, each.keys) + 12);
  const float wide = rest.w / static_cast<float>(columns);
  const float row = std::min(std::max(canvas.height(kKeyLabel) * 1.9F, 30.0F), rest.h / static_cast<float>(rows));
  int place = 0;
  for (const Row& each : listed) {
    Rect line{rest.x + static_cast<float>(place / rows) * wide, rest.y + static_cast<float>(place % rows) * row, wide - 24, row};
    if (!each.keys.empty()) {
      draw_key(canvas, {line.x, line.center().y}, each.keys);
      line.take_left(key);
    }
    canvas.text_in(line, kKeyLabel, theme.text, without_details(canvas, each.label, line.w));
    ++place;
  }
}

}  // namespace nutshell
