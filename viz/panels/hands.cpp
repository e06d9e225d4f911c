// What the hand holds: the belt of tools, the menu of a place, and the text that some rows ask for.
#include <algorithm>
#include <cmath>

#include "viz/panels/carry.h"
#include "viz/panels/field.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

void draw_bars(Canvas& canvas, Point c, Color color) {
  canvas.fill({c.x - 5, c.y - 6, 3.5F, 12}, color, 1);
  canvas.fill({c.x + 1.5F, c.y - 6, 3.5F, 12}, color, 1);
}

void draw_clock(Canvas& canvas, Point c, Color color) {
  canvas.ring(c, 6.5F, color, 1.5F);
  canvas.polyline({{c.x, c.y - 4}, c, {c.x + 3.5F, c.y + 1}}, color, 1.5F);
}

std::string key_of(const ToolRow& tool) {
  if (tool.key >= U'A' && tool.key <= U'Z') return std::string("Shift ") + static_cast<char>(tool.key);
  char key = static_cast<char>(tool.key);
  if (key >= 'a' && key <= 'z') key = static_cast<char>(key - 'a' + 'A');
  return std::string(1, key);
}

// What all tools say while they sleep.
void draw_sleeping_belt(Canvas& canvas, const std::vector<ToolRow>& belt, Rect rest) {
  for (const ToolRow& tool : belt) draw_tool_icon(canvas, rest.take_left(26).center(), tool.tool, canvas.theme.line2);
  rest.take_left(16);
  const bool room = canvas.width(kSmall, kAsleep) <= rest.w;
  canvas.text_in(rest, kSmall, canvas.theme.text2, room ? kAsleep : "Asleep: a question is open.");
}

// A tool that was pressed: let go where it was, it is used on what is selected, or picked up; carried to the stage, it
// is used there.
void carry_tool(Ui& ui, Rect button) {
  Carry& carry = ui.figure.carry;
  const Tool tool = carry.tool;
  const bool inside = ui.over(button);
  if (!inside && !carry.on) {
    carry.on = true;
    ui.figure.hand = tool;
  }
  if (ui.held) return;
  const bool moved = carry.on;
  carry = {};
  if (inside && !moved) return ui.use(tool, ui.figure.selected);
  const bool there = ui.figure.hovered && !ui.figure.hovered_in_list;
  if (there) ui.use(tool, ui.figure.hovered);
  else ui.figure.hand = Tool::none;
}

}  // namespace

void draw_tool_icon(Canvas& canvas, Point c, Tool tool, Color color) {
  switch (tool) {
    case Tool::none: return;
    case Tool::crash: return draw_cross(canvas, c, 5, color, 2.5F);
    case Tool::start: return draw_triangle(canvas, {c.x - 1, c.y}, 7, color, true);
    case Tool::stop: return canvas.outline({c.x - 5, c.y - 5, 10, 10}, color, 2, 2);
    case Tool::pause: return draw_bars(canvas, c, color);
    case Tool::cut:
      canvas.line({c.x - 8, c.y}, {c.x - 2.5F, c.y}, color, 2);
      canvas.line({c.x + 2.5F, c.y}, {c.x + 8, c.y}, color, 2);
      return canvas.line({c.x - 2.5F, c.y + 6}, {c.x + 2.5F, c.y - 6}, color, 1.5F);
    case Tool::slow:
      draw_triangle(canvas, {c.x, c.y - 3.5F}, 4.5F, color, false, 0.25F);
      return draw_triangle(canvas, {c.x, c.y + 3.5F}, 4.5F, color, true, -0.25F);
    case Tool::delay: return draw_clock(canvas, c, color);
    case Tool::drop:
      canvas.outline({c.x - 6, c.y - 6, 12, 7}, color, 1.5F, 2);
      canvas.line({c.x, c.y + 2}, {c.x, c.y + 7}, color, 1.5F);
      return canvas.polyline({{c.x - 3, c.y + 4.5F}, {c.x, c.y + 7}, {c.x + 3, c.y + 4.5F}}, color, 1.5F);
    case Tool::add_consumer: return canvas.circle(c, 6, color);
    case Tool::remove_consumer:
      canvas.ring(c, 6.5F, color, 1.5F);
      return canvas.line({c.x - 3, c.y}, {c.x + 3, c.y}, color, 2);
    case Tool::add_producer: return draw_triangle(canvas, {c.x - 1, c.y}, 7, color, false);
    case Tool::add_broker:
      canvas.outline({c.x - 6, c.y - 6, 12, 12}, color, 1.75F, 3);
      canvas.line({c.x - 3, c.y}, {c.x + 3, c.y}, color, 1.5F);
      return canvas.line({c.x, c.y - 3}, {c.x, c.y + 3}, color, 1.5F);
    case Tool::lose_zone:
      canvas.outline({c.x - 7, c.y - 7, 14, 14}, color, 1.25F, 4);
      return draw_cross(canvas, c, 3, color, 1.75F);
    case Tool::add_topic:
      for (float y : {-5.0F, -1.0F, 3.0F}) canvas.outline({c.x - 6, c.y + y, 12, 3}, color, 1.25F, 1);
      return;
    case Tool::config:
      canvas.line({c.x - 6, c.y - 3}, {c.x + 6, c.y - 3}, color, 1.5F);
      canvas.line({c.x - 6, c.y + 3}, {c.x + 6, c.y + 3}, color, 1.5F);
      canvas.circle({c.x - 2, c.y - 3}, 2.75F, color);
      return canvas.circle({c.x + 3, c.y + 3}, 2.75F, color);
  }
}

void draw_tool_belt(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.panel);
  canvas.line({area.x, area.y}, {area.right(), area.y}, theme.line);
  const Rect rest{area.x + 12, area.y, area.w - 24, area.h};
  const std::vector<ToolRow> belt = tools_for(session.world());
  if (session.asking()) {
    ui.figure.carry = {};
    return draw_sleeping_belt(canvas, belt, rest);
  }
  // Names and keys; where that is too wide, long keys go first, then the names.
  bool named = true, long_keys = true;
  const auto has_key = [&](const ToolRow& tool) { return long_keys || !named || key_of(tool).size() <= 1; };
  const auto width_of = [&](const ToolRow& tool) {
    return 26 + (has_key(tool) ? key_width(canvas, key_of(tool)) + 4 : 0) + (named ? canvas.width(kSmall, tool.name) + 4 : 0);
  };
  const auto width_of_all = [&] {
    float all = 0;
    for (const ToolRow& tool : belt) all += width_of(tool);
    return all;
  };
  if (width_of_all() > rest.w) long_keys = false;
  if (width_of_all() > rest.w) named = false;
  const float all = width_of_all();
  const float spare = named ? std::min((rest.w - all) / static_cast<float>(belt.size()), 20.0F) : 0;
  float x = rest.x;
  for (const ToolRow& tool : belt) {
    const float wide = width_of(tool) + spare;
    const Rect button{x + 2, rest.center().y - 15, wide - 4, 30};
    x += wide;
    const bool held = ui.figure.hand == tool.tool, over = ui.over(button);
    ui.tell(button, std::string(tool.name) + ", key " + key_of(tool), "works on " + std::string(tool.needs));
    if (held) canvas.fill(button, theme.paper, 6);
    else if (over) canvas.fill(button, theme.raised, 6);
    const Color ground = theme.light ? rgb(0xFFFFFF) : theme.ink;
    const Color color = held ? ground : over ? theme.text : theme.text2;
    draw_tool_icon(canvas, {button.x + 11, button.center().y}, tool.tool, color);
    Rect words{button.x + 23, button.y, button.w - 23, button.h};
    const std::string key = key_of(tool);
    if (named) words.take_left(canvas.text_in(words, kSmall, color, tool.name) + 4);
    if (!held && has_key(tool)) draw_key(canvas, {words.x, words.center().y}, key);
    if (over && ui.clicked) ui.figure.carry = {{}, ui.mouse, false, tool.tool};
    if (ui.figure.carry.tool == tool.tool) carry_tool(ui, button);
  }
}

std::vector<Offer> menu_rows(const World& world, const Menu& menu) {
  std::vector<Offer> rows = menu.beside.empty() ? offers(world, menu.place) : menu.beside;
  for (std::size_t which : menu.path) {
    if (which >= rows.size()) return {};
    std::vector<Offer> more = std::move(rows[which].more);
    rows = std::move(more);
  }
  return rows;
}

void draw_menu(Ui& ui, const Session& session, Rect window) {
  if (!ui.figure.menu.open) return;
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  Menu& menu = ui.figure.menu;
  const std::vector<Offer> rows = menu_rows(session.world(), menu);
  const std::string title = menu.beside.empty() ? place_name(session.world(), menu.place) : "Beside this, show \u2026";
  const TextStyle bold{Face::bold, Size::small};
  float wide = canvas.width(bold, title) + 60;
  for (const Offer& each : rows) {
    const float reason = each.reason.empty() ? 0 : canvas.width({Face::regular, Size::micro}, each.reason) + 20;
    wide = std::max(wide, canvas.width(kSmall, each.label) + 64 + reason);
  }
  wide = std::min(wide, std::min(760.0F, window.w - 20));
  const float row = std::min(canvas.height(kSmall) * 1.75F, (window.h - 70) / static_cast<float>(std::max<std::size_t>(rows.size(), 1)));
  const float high = 44 + row * static_cast<float>(rows.size());
  const Rect box{within(menu.at.x, window.x + 8, window.right() - wide - 8),
                 within(menu.at.y, window.y + 8, window.bottom() - high - 8), wide, high};
  menu.drawn = box;
  canvas.cover(box);
  canvas.fill(box, theme.raised, 8);
  canvas.outline(box, theme.text2, 1.25F, 8);
  Rect rest{box.x + 6, box.y + 6, box.w - 12, box.h - 12};
  Rect head = rest.take_top(28);
  head.take_left(10);
  canvas.text_in(head, bold, theme.text2, menu.path.empty() ? title : "\u2190  " + title);
  if (!menu.path.empty() && ui.over(head) && ui.clicked) ui.ask(CommandName::back);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Rect line = rest.take_top(row);
    const bool sleeps = session.asking() && (!rows[i].deeds.empty() || rows[i].tool != Tool::none);
    const std::string reason = sleeps ? "Asleep: a question is open." : rows[i].reason;
    const bool can = reason.empty();
    if (ui.over(line)) menu.chosen = i;
    if (menu.chosen == i) canvas.fill(line, theme.line, 5);
    if (ui.over(line) && ui.clicked) ui.ask(CommandName::choose_row, static_cast<std::int64_t>(i));
    line.take_left(10);
    line.take_right(8);
    line.take_left(canvas.text_in(line, kSmall, can ? theme.text : theme.text3, rows[i].label) + 16);
    if (!can && line.w > 40) canvas.text_in(line, {Face::regular, Size::micro}, theme.text3, reason, Align::right);
    for (const ToolRow& tool : tools()) {
      if (!can || rows[i].tool != tool.tool || tool.tool == Tool::none) continue;
      const std::string key = key_of(tool);
      if (line.w > key_width(canvas, key)) draw_key(canvas, {line.right() - key_width(canvas, key), line.center().y}, key);
    }
  }
}

namespace {

constexpr std::size_t kCompletionsShown = 7;

// What the text may become, the chosen row among them; a click takes it.
void draw_completions(Ui& ui, const Prompt& prompt, Rect area, float row) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const TextStyle mono{Face::mono, Size::small}, small{Face::regular, Size::small};
  const std::size_t count = prompt.completions.size(), chosen = prompt.chosen.value_or(0);
  const std::size_t first = chosen < kCompletionsShown ? 0 : chosen - kCompletionsShown + 1;
  for (std::size_t i = first; i < std::min(count, first + kCompletionsShown); ++i) {
    const Completion& each = prompt.completions[i];
    Rect line = area.take_top(row);
    if (prompt.chosen == i || ui.over(line)) canvas.fill(line, theme.line, 5);
    if (ui.over(line) && ui.clicked) ui.ask(CommandName::complete, static_cast<std::int64_t>(i));
    line = {line.x + 8, line.y, line.w - 16, line.h};
    if (i == chosen) {
      const Rect key = line.take_right(key_width(canvas, "Tab"));
      line.take_right(8);
      draw_key(canvas, {key.x, key.center().y}, "Tab");
    }
    line.take_left(canvas.text_in(line, mono, theme.text, each.text) + 16);
    if (line.w > 40) canvas.text_in(line, small, theme.text3, each.about);
  }
  const std::size_t more = count > first + kCompletionsShown ? count - first - kCompletionsShown : 0;
  if (more > 0) canvas.text_in(area.take_top(row), small, theme.text3, "and " + std::to_string(more) + " more");
}

// Each line of a text that has several as a paragraph of its own; returns the height used.
float draw_lines(Canvas& canvas, Rect area, Color color, std::string_view text) {
  const float top = area.y;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    area.take_top(canvas.paragraph(area, kSmall, color, text.substr(0, end), 1.3F));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return area.y - top;
}

float lines_high(const Canvas& canvas, std::string_view text, float wide) {
  int lines = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines += std::max(canvas.lines(kSmall, text.substr(0, end), wide), 1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return static_cast<float>(lines) * canvas.height(kSmall) * 1.3F;
}

}  // namespace

void draw_prompt(PanelUi& ui, Rect window) {
  const Prompt& prompt = ui.hands.prompt;
  if (!prompt.open) return;
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const float wide = std::min(prompt.code ? 760.0F : canvas.big(640, 960), window.w - 40), row = canvas.height(kSmall) * 1.6F;
  const std::size_t shown = std::min(prompt.completions.size(), kCompletionsShown);
  const float list = row * static_cast<float>(shown + (prompt.completions.size() > shown ? 1 : 0)) + (shown > 0 ? 8.0F : 0.0F);
  const float title = lines_high(canvas, prompt.title, wide - 32) + 8;
  const float wrong = prompt.complaint.empty() ? 0 : lines_high(canvas, prompt.complaint, wide - 32) + 10;
  const float high = std::min(title + wrong + list + canvas.big(36, 56) + 32, window.h - 16);
  const Rect box{window.center().x - wide / 2, window.center().y - high / 2, wide, high};
  ui.hands.prompt.drawn = box;
  canvas.cover(box);
  canvas.fill(box, theme.raised, 8);
  canvas.outline(box, theme.text2, 1.5F, 8);
  Rect rest = box.inset(16);
  draw_lines(canvas, rest.take_top(title), theme.text2, prompt.title);
  const Rect field = rest.take_top(canvas.big(36, 56));
  canvas.fill(field, theme.bg, 6);
  canvas.outline(field, theme.line2, 1.25F, 6);
  draw_typed(canvas, field.inset(8), {Face::mono, Size::body}, prompt.text, prompt.caret, prompt.usual);
  if (wrong > 0) {
    rest.take_top(10);
    rest.take_top(draw_lines(canvas, rest, theme.hue(HueName::red).words, prompt.complaint));
  }
  if (shown > 0) rest.take_top(8);
  draw_completions(ui, prompt, rest, row);
}

}  // namespace nutshell
