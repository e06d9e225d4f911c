// The console of a ksqlDB server: what was typed at it and printed, the newest last, and below it the field with what the text
// may become.
#include <algorithm>

#include "sim/session/ksql_console.h"
#include "viz/panels/chrome.h"
#include "viz/panels/field.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kConsoleWheel = 3;

struct ConsoleLine {
  std::string text;
  bool typed = false, problem = false;
};

// Broken where it is too long for the panel, at a blank if there is one.
void append_console(const Canvas& canvas, std::vector<ConsoleLine>& lines, const std::string& text, float wide, ConsoleLine like) {
  const auto room = static_cast<std::size_t>(std::max(wide / canvas.width(kMono, "0"), 8.0F));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string rest = text.substr(at, end - at);
    do {
      std::size_t cut = rest.size() <= room ? rest.size() : rest.rfind(' ', room);
      if (cut == std::string::npos || cut == 0 || rest.find_first_not_of(' ') >= cut) cut = std::min(room, rest.size());
      like.text = rest.substr(0, cut);
      lines.push_back(like);
      rest.erase(0, cut);
      if (!rest.empty()) rest = "  " + rest.substr(std::min(rest.find_first_not_of(' '), rest.size() - 1));
    } while (!rest.empty());
    at = end + 1;
  }
}

std::vector<ConsoleLine> console_lines(const Canvas& canvas, const World& world, const std::string& server, float wide) {
  std::vector<ConsoleLine> lines;
  for (const ConsoleEntry& each : console_entries(world, server)) {
    if (!lines.empty()) lines.push_back({});
    append_console(canvas, lines, "ksql> " + each.text, wide, {"", true, false});
    append_console(canvas, lines, each.printed, wide, {"", false, each.refused});
    if (!each.answered) lines.push_back({"…", false, false});
    if (!each.runs.empty()) append_console(canvas, lines, "… rows still come; TERMINATE " + each.runs + "; ends it", wide, {});
  }
  return lines;
}

// Whom the statements go to; a click chooses another.
void draw_console_servers(PanelUi& ui, const std::vector<std::string>& servers, const std::string& chosen, Rect line) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  line.take_left(canvas.text_in(line, kSmall, theme.text2, "typed at") + 10);
  for (const std::string& each : servers) {
    const bool now = each == chosen;
    const float wide = canvas.width(kSmallBold, each) + 18;
    if (wide > line.w) return;
    const Rect chip = line.take_left(wide);
    line.take_left(6);
    if (now || ui.over(chip)) canvas.fill(chip, theme.raised, chip.h / 2);
    canvas.outline(chip, now ? theme.paper : theme.line2, now ? 2.0F : 1.0F, chip.h / 2);
    canvas.text_in(chip, now ? kSmallBold : kSmall, now ? theme.text : theme.text2, each, Align::center);
    if (ui.clicked && ui.over(chip)) ui.panels.console.server = each;
  }
}

void draw_console_field(PanelUi& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const ConsoleView& view = ui.panels.console;
  const bool typing = ui.hands.typing == Typing::console;
  canvas.outline(area, typing ? theme.paper : ui.over(area) ? theme.text2 : theme.line2, typing ? 2.0F : 1.0F, 6);
  Rect inner{area.x + 10, area.y, area.w - 18, area.h};
  const std::string_view key = typing ? "Enter" : ";";
  const Rect corner = inner.take_right(key_width(canvas, key));
  inner.take_right(8);
  draw_key(canvas, {corner.x, corner.center().y}, key);
  if (typing) draw_typed(canvas, inner, kMono, view.text, ui.hands.caret, "a statement");
  else canvas.text_in(inner, kMono, view.text.empty() ? theme.text3 : theme.text, view.text.empty() ? "a statement" : view.text);
  if (ui.clicked && ui.over(area)) ui.ask(CommandName::console);
}

// What Tab makes of the text, above the field; only the part that comes new is told apart by its weight.
void draw_console_words(PanelUi& ui, Rect& area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const ConsoleView& view = ui.panels.console;
  if (ui.hands.typing != Typing::console || view.completions.empty()) return;
  const float line = canvas.height(kMono) * 1.5F;
  const auto fit = std::min(view.completions.size(), static_cast<std::size_t>(std::max(area.h * 0.5F / line, 0.0F)));
  Rect list = area.take_bottom(line * static_cast<float>(fit) + 8);
  for (std::size_t i = 0; i < fit; ++i) {
    Rect row = list.take_top(line);
    const Completion& each = view.completions[i];
    if (view.chosen == i) canvas.fill({row.x - 4, row.y, row.w + 8, row.h}, theme.raised, 4);
    const std::string about = each.about;
    if (const float wide = canvas.width(kMicro, about); !about.empty() && wide < row.w * 0.5F)
      canvas.text_in(row.take_right(wide + 4), kMicro, theme.text3, about, Align::right);
    // The end of a long text is what is new.
    std::string shown = each.text;
    while (shown.size() > 4 && canvas.width(kMono, shown) > row.w) shown = "…" + shown.substr(shown.find_first_not_of("…") + 4);
    canvas.text_in(row, view.chosen == i ? kMonoBold : kMono, view.chosen == i ? theme.text : theme.text2, shown);
  }
}

}  // namespace

void draw_console(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const World& world = session.world();
  const std::vector<std::string> servers = ksql_servers(world);
  if (servers.empty()) {
    canvas.paragraph(area, kBody, theme.text2, "No ksqlDB server runs here. A scenario has them in its section ksqldb_servers.");
    return;
  }
  const std::string server = ksql_server_for(world, ui.panels.console.server);
  draw_console_servers(ui, servers, server, area.take_top(canvas.height(kSmall) + 8));
  area.take_top(8);
  draw_console_field(ui, area.take_bottom(canvas.height(kMono) + 16));
  area.take_bottom(6);
  draw_console_words(ui, area);
  const float step = canvas.height(kMono) * 1.4F;
  const std::vector<ConsoleLine> lines = console_lines(canvas, world, server, area.w);
  if (lines.empty()) {
    canvas.paragraph(area, kSmall, theme.text2, "Nothing has been typed here. SHOW QUERIES; says what runs.");
    return;
  }
  const auto fit = static_cast<std::size_t>(std::max(1.0F, area.h / step));
  float& scrolled = ui.panels.console.scrolled;
  if (ui.over(area)) scrolled += ui.wheel * kConsoleWheel;
  scrolled = within(scrolled, 0.0F, lines.size() <= fit ? 0.0F : static_cast<float>(lines.size() - fit));
  const std::size_t last = lines.size() - static_cast<std::size_t>(scrolled), first = last > fit ? last - fit : 0;
  for (std::size_t i = first; i < last; ++i) {
    const ConsoleLine& each = lines[i];
    const Color color = each.problem ? theme.hue(HueName::red).words : each.typed ? theme.text : theme.text2;
    canvas.text_in(area.take_top(step), each.typed ? kMonoBold : kMono, color, each.text);
  }
}

}  // namespace nutshell
