// What Kafka's own command-line tools would print just now.
#include <algorithm>
#include <array>
#include <set>

#include "sim/cluster/describe.h"
#include "viz/panels/chrome.h"

namespace nutshell {

namespace {

constexpr float kTerminalLine = 1.45F, kWheelLines = 3;

struct Program {
  std::string_view label, command, subject;
  int states = 0;  // of the subject's tables: 1 only those with a column STATE, -1 only the others, 0 all
};
constexpr std::array<Program, kPrograms> kAllPrograms = {
    {{"topics", "kafka-topics --describe", "topics"},
     {"groups", "kafka-consumer-groups --describe --all-groups", "groups", -1},
     {"state", "kafka-consumer-groups --describe --all-groups --state", "groups", 1},
     {"members", "kafka-consumer-groups --describe --all-groups --members --verbose", "members"},
     {"quorum", "kafka-metadata-quorum describe --status", "quorum"},
     {"logs", "every copy on every disk (what kafka-log-dirs and kafka-dump-log look at)", "logs"}}};

// The column by which rows are told apart: the first one in which no two are the same.
std::size_t key_column(const Table& table) {
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    std::set<std::string> seen;
    for (const auto& row : table.rows) seen.insert(row[column]);
    if (seen.size() == table.rows.size()) return column;
  }
  return 0;
}

std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// The columns of a table that stand beside each other in `room` letters; what does not fit stands in a further group
// below, with the key column before it.
std::vector<std::vector<std::size_t>> column_groups(const Table& table, std::size_t room) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    widths.push_back(letters(table.columns[i]));
    for (const auto& row : table.rows) widths[i] = std::max(widths[i], letters(row[i]));
  }
  const std::size_t key = key_column(table);
  std::vector<std::vector<std::size_t>> groups;
  std::size_t used = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (groups.empty() || used + 2 + widths[i] > room) {
      groups.emplace_back();
      used = 0;
      if (groups.size() > 1 && i != key && widths[key] + 2 + widths[i] <= room && key < i) {
        groups.back().push_back(key);
        used = widths[key];
      }
    }
    used += widths[i] + (groups.back().empty() ? 0 : 2);
    groups.back().push_back(i);
  }
  return groups;
}

Table part_of(const Table& table, const std::vector<std::size_t>& columns) {
  Table part;
  for (std::size_t each : columns) part.columns.push_back(table.columns[each]);
  for (const auto& row : table.rows) {
    part.rows.emplace_back();
    for (std::size_t each : columns) part.rows.back().push_back(row[each]);
  }
  return part;
}

struct Printed {
  std::string text;
  bool head = false;
};

void append_lines(std::vector<Printed>& lines, const std::string& text, bool head) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back({text.substr(at, end - at), head});
    at = end + 1;
    head = false;
  }
}

// A line that is too long goes on in the next ones, broken where two blanks are and set in.
void append_broken(std::vector<Printed>& lines, const std::string& text, std::size_t room) {
  std::vector<Printed> whole;
  append_lines(whole, text, false);
  for (const Printed& each : whole) {
    std::string rest = each.text, indent;
    while (letters(indent + rest) > room) {
      std::size_t end = rest.rfind("  ", room - std::min(room, indent.size()));
      if (end == std::string::npos || rest.find_first_not_of(' ') >= end) end = rest.find(' ', rest.find(", ") + 1);
      if (end == std::string::npos || rest.find_first_not_of(' ') >= end) break;
      lines.push_back({indent + rest.substr(0, end)});
      rest.erase(0, std::min(rest.find_first_not_of(' ', end), rest.size()));
      indent = "      ";
    }
    lines.push_back({indent + rest});
  }
}

std::vector<Printed> print(const World& world, const Program& tool, std::size_t room) {
  std::vector<Printed> lines;
  for (const Table& table : describe(world, tool.subject)) {
    const bool state = std::find(table.columns.begin(), table.columns.end(), "STATE") != table.columns.end();
    if (tool.states != 0 && state != (tool.states > 0)) continue;
    if (!lines.empty()) lines.push_back({});
    // The quorum is told by two calls of its tool.
    if (tool.subject == "quorum" && !lines.empty()) append_broken(lines, "$ kafka-metadata-quorum describe --replication", room);
    if (table.layout != TableLayout::columns) {
      append_broken(lines, to_text({table}), room);
      continue;
    }
    if (!table.title.empty()) append_lines(lines, table.title, false);
    bool first = true;
    for (const std::vector<std::size_t>& columns : column_groups(table, room)) {
      if (!first) lines.push_back({});
      first = false;
      append_lines(lines, to_text({part_of(table, columns)}), true);
    }
  }
  return lines;
}

void draw_tools(PanelUi& ui, Rect& area) {
  const Theme& theme = ui.canvas.theme;
  const float high = ui.canvas.height(kSmall) + 10;
  Rect line{area.x, area.y, 0, 0};
  for (std::size_t i = 0; i < kAllPrograms.size(); ++i) {
    const bool now = ui.panels.terminal.tool == i;
    const float wide = ui.canvas.width({Face::bold, Size::small}, kAllPrograms[i].label) + 18;
    if (wide > line.w) line = area.take_top(high + 6);
    const Rect whole = line.take_left(wide);
    line.take_left(6);
    const Rect chip{whole.x, whole.y, whole.w, high};
    if (now || ui.over(chip)) ui.canvas.fill(chip, theme.raised, high / 2);
    ui.canvas.outline(chip, now ? theme.paper : theme.line2, now ? 2.0F : 1.0F, high / 2);
    ui.canvas.text_in({chip.x + 6, chip.y, chip.w - 12, chip.h}, {now ? Face::bold : Face::regular, Size::small},
                      now ? theme.text : theme.text2, kAllPrograms[i].label, Align::center);
    if (!ui.clicked || !ui.over(chip)) continue;
    ui.panels.terminal.tool = i;
    ui.panels.terminal.scrolled = 0;
  }
}

}  // namespace

void draw_terminal(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  draw_tools(ui, area);
  area.take_top(6);
  const Program& tool = kAllPrograms[std::min(ui.panels.terminal.tool, kAllPrograms.size() - 1)];
  const float step = canvas.height(kMono) * kTerminalLine;
  const std::string command = "$ " + std::string(tool.command);
  area.take_top(canvas.paragraph(area, kMonoBold, theme.text, command, kTerminalLine) + 4);
  const auto room = static_cast<std::size_t>(std::max(1.0F, area.w / canvas.width(kMono, "0")));
  const std::vector<Printed> lines = print(session.world(), tool, room);
  const auto fit = static_cast<std::size_t>(std::max(1.0F, area.h / step));
  float& scrolled = ui.panels.terminal.scrolled;
  if (ui.over(area)) scrolled -= ui.wheel * kWheelLines;
  scrolled = within(scrolled, 0.0F, lines.size() <= fit ? 0.0F : static_cast<float>(lines.size() - fit));
  const auto first = static_cast<std::size_t>(scrolled);
  const Rect whole = area;
  for (std::size_t i = first; i < std::min(lines.size(), first + fit); ++i)
    canvas.text_in(area.take_top(step), lines[i].head ? kMonoBold : kMono, lines[i].head ? theme.text3 : theme.text2, lines[i].text);
  if (lines.size() <= fit) return;
  const auto all = static_cast<float>(lines.size());
  const float high = std::max(whole.h * static_cast<float>(fit) / all, 16.0F);
  const float y = std::min(whole.y + whole.h * static_cast<float>(first) / all, whole.bottom() - high);
  canvas.fill({whole.right() + 8, y, 4, high}, theme.line2, 2);
}

}  // namespace nutshell
