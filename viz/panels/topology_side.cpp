// Beside the topology: the statement, with the clause that decides just now; the table that a pull query would see; the changes
// that were told; and the sum of rows, which always adds up.
#include <algorithm>

#include "viz/panels/topology.h"
#include "viz/ui/signs.h"

namespace nutshell {

using streams::PictureRow;
using streams::PictureTask;

namespace {

bool has_word(const std::string& line, std::string_view word) {
  std::string upper;
  for (const char c : line) upper += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return upper.find(word) != std::string::npos;
}

// The clause that the newest thing is about: a row that came too late, or one that is on its way to another partition.
std::string_view clause_now(const TopologyScene& scene) {
  const Time at = scene.picture.at;
  const Duration while_fresh = 6 * scene.hop;
  for (const PictureTask& task : scene.picture.tasks) {
    for (const auto& late : task.late) {
      if (at >= late.at && at < late.at + while_fresh) return "WINDOW";
    }
  }
  for (const streams::PictureTopic& topic : scene.picture.topics) {
    if (topic.role != streams::TopicRole::repartition) continue;
    for (const auto& rows : topic.partitions) {
      if (!rows.empty() && rows.back().read == kNever) return scene.picture.counting ? "GROUP BY" : "JOIN";
    }
  }
  return "";
}

void draw_statement(const TopologyScene& scene, Rect& rest, float most) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  const std::vector<std::string> lines = statement_lines(scene.picture.query->text);
  const float line = canvas.height(kMono) * 1.38F, head = canvas.height(kSmallBold) + canvas.big(10, 10);
  const float wanted = head + line * static_cast<float>(lines.size()) + canvas.big(18, 18);
  if (wanted > most) return;
  canvas.text_in(rest.take_top(head), kSmallBold, theme.text, "Statement");
  Rect box = rest.take_top(wanted - head - canvas.big(6, 6));
  rest.take_top(canvas.big(10, 10));
  canvas.fill(box, theme.card, canvas.big(7, 9));
  canvas.outline(box, theme.line, 1, canvas.big(7, 9));
  const std::string_view clause = clause_now(scene);
  Rect inner{box.x + canvas.big(10, 10), box.y + canvas.big(6, 6), box.w - canvas.big(20, 20), box.h - canvas.big(12, 12)};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Rect row = inner.take_top(line);
    bool decides = !clause.empty() && has_word(lines[i], clause);
    if (clause == "WINDOW" && has_word(lines[i], "GRACE")) decides = true;
    if (decides) {
      canvas.outline({row.x - 5, row.y, row.w + 10, row.h}, theme.paper, 1.75F, 4);
      canvas.fill({box.x - 3, row.y + 2, 3, row.h - 4}, theme.paper);
    }
    canvas.text_in(row, decides ? kMonoBold : kMono, decides ? theme.text : theme.text2, lines[i]);
  }
}

// A line: the key as a cell, what it is for, and its value at the right.
void draw_line(const TopologyScene& scene, Rect row, const PictureRow& shown, const std::string& number, bool fresh) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  if (fresh) canvas.fill(row, theme.raised, 4);
  Rect rest = row;
  rest.take_left(4);
  rest.take_right(6);
  if (!number.empty()) {
    const float wide = canvas.width(kMono, "000") + 4;
    canvas.text_in(rest.take_left(wide), kMono, theme.text3, number);
  }
  const float key = std::min(canvas.width(kMonoBold, shown.key) + 16, rest.w * 0.45F);
  const Rect cell{rest.x, row.y + 2, key, row.h - 4};
  draw_row_cell(scene, cell, shown.key, RowCellState::read, {shown.key});
  rest.take_left(key + 8);
  std::string value;
  for (const std::string& each : shown.cells) value += (value.empty() ? "" : ", ") + each;
  if (shown.deleted) value = "deleted";
  const std::string result = number.empty() ? value : (shown.deleted ? value : "= " + value);
  const float wide = std::min(canvas.width(kMonoBold, result), scene.picture.windowed ? rest.w * 0.6F : rest.w);
  canvas.text_in(rest.take_right(wide + 2), kMonoBold, shown.deleted ? theme.text2 : theme.text, result, Align::right);
  rest.take_right(8);
  if (!scene.picture.windowed) return;
  const bool session = scene.picture.windowed->window == streams::WindowKind::session;
  const std::string window = "[" + second_text(shown.window_start) + ", " + second_text(shown.window_end) + (session ? "]" : ")");
  if (canvas.width(kMono, window) <= rest.w) canvas.text_in(rest, kMono, theme.text2, window);
}

float line_height(const Canvas& canvas) { return canvas.height(kMonoBold) * 1.42F + canvas.big(2, 2); }

// What is not told in the end: a row that came too late.
struct ToldLine {
  Time at = 0;
  const PictureRow* change = nullptr;
  const streams::PictureLate* late = nullptr;
};

std::vector<ToldLine> entries_of(const TopologyScene& scene) {
  std::vector<ToldLine> all;
  for (const PictureRow& each : scene.picture.changes) all.push_back({each.written, &each, nullptr});
  for (const PictureTask& task : scene.picture.tasks) {
    for (const auto& each : task.late) all.push_back({each.at, nullptr, &each});
  }
  std::stable_sort(all.begin(), all.end(), [](const ToldLine& a, const ToldLine& b) { return a.at < b.at; });
  return all;
}

void draw_late_line(const TopologyScene& scene, Rect row, const streams::PictureLate& late) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  canvas.dashed_outline(row, theme.hue(HueName::red).stroke, 1.25F, kNotYet, 4);
  Rect rest = row;
  rest.take_left(4 + canvas.width(kMono, "000") + 4);
  rest.take_right(8);
  const Rect cross = rest.take_right(canvas.big(14, 18));
  draw_cross(canvas, cross.center(), canvas.big(4, 6), theme.hue(HueName::red).stroke, 2);
  const std::string words = "no change: too late";
  const float key = std::min(canvas.width(kMonoBold, late.key) + 16, rest.w * 0.45F);
  draw_row_cell(scene, {rest.x, row.y + 2, key, row.h - 4}, late.key, RowCellState::late, {late.key});
  rest.take_left(key + 8);
  canvas.text_in(rest, kMicroBold, theme.hue(HueName::red).words, canvas.width(kMicroBold, words) <= rest.w ? words : "too late");
}

void draw_changes(const TopologyScene& scene, Rect& rest) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  const float head = canvas.height(kSmallBold) + canvas.big(8, 8), line = line_height(canvas);
  if (rest.h < head + line) return;
  Rect title = rest.take_top(head);
  title.take_left(canvas.text_in(title, kSmallBold, theme.text, "Changes told") + 10);
  const std::string more = "each a new record";
  if (canvas.width(kMicro, more) <= title.w) canvas.text_in(title, kMicro, theme.text2, more, Align::right);
  const std::vector<ToldLine> all = entries_of(scene);
  const auto fit = static_cast<std::size_t>(rest.h / line);
  std::size_t number = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].change) ++number;
    if (i + fit < all.size()) continue;
    const Rect row = rest.take_top(line);
    const Rect inner{row.x, row.y + 1, row.w, row.h - 2};
    if (all[i].late)
      draw_late_line(scene, inner, *all[i].late);
    else
      draw_line(scene, inner, *all[i].change, std::to_string(number), scene.picture.at < all[i].at + 3 * scene.hop);
  }
}

void draw_table(const TopologyScene& scene, Rect& rest, std::size_t most) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  const float head = canvas.height(kSmallBold) + canvas.big(8, 8), line = line_height(canvas);
  if (rest.h < head + line) return;
  Rect title = rest.take_top(head);
  const auto* sink = &scene.picture.query->plan->steps.back();
  title.take_left(canvas.text_in(title, kSmallBold, theme.text, sink->table ? "Table" : "Stream") + 10);
  const std::string more = sink->table ? "now: SELECT * FROM it" : "the last of each key";
  if (canvas.width(kMicro, more) <= title.w) canvas.text_in(title, kMicro, theme.text2, more, Align::right);
  const auto& table = scene.picture.table;
  const std::size_t fit = std::min(most, static_cast<std::size_t>(rest.h / line));
  const std::size_t from = table.size() > fit ? table.size() - fit : 0;
  if (table.empty()) canvas.text_in(rest.take_top(line), kMicro, theme.text3, "no row yet");
  for (std::size_t i = from; i < table.size(); ++i) {
    const Rect row = rest.take_top(line);
    if (i > from) canvas.line({row.x, row.y}, {row.right(), row.y}, theme.line);
    draw_line(scene, {row.x, row.y + 1, row.w, row.h - 2}, table[i], "", scene.picture.at < table[i].written + 3 * scene.hop);
  }
  rest.take_top(canvas.big(10, 8));
}

void draw_sum(const TopologyScene& scene, Rect area) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  const std::string sum = scene.picture.sum_text(), counts = scene.picture.counts_text();
  const bool beside = canvas.width(kMicroBold, sum) + canvas.width(kMono, counts) + 16 <= area.w;
  if (beside) canvas.text_in(area.take_right(canvas.width(kMono, counts) + 2), kMono, theme.text2, counts, Align::right);
  canvas.text_in(area, kMicroBold, theme.text, sum);
}

}  // namespace

std::vector<std::string> statement_lines(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n')
      lines.emplace_back();
    else if (c != '\r')
      lines.back() += c;
  }
  while (!lines.empty() && lines.back().find_first_not_of(' ') == std::string::npos) lines.pop_back();
  return lines;
}

void draw_topology_side(const TopologyScene& scene, Rect area) {
  Canvas& canvas = scene.canvas();
  canvas.line({area.x - canvas.big(7, 9), area.y}, {area.x - canvas.big(7, 9), area.bottom()}, canvas.theme.line);
  Rect rest = area;
  if (scene.picture.windowed) draw_sum(scene, rest.take_bottom(canvas.height(kMicroBold) + canvas.big(8, 6)));
  const float line = line_height(canvas), head = canvas.height(kSmallBold) + canvas.big(8, 8);
  // The table and some changes are seen in any case.
  const std::size_t lines =
      std::min<std::size_t>(std::max<std::size_t>(scene.picture.table.size(), 1) + entries_of(scene).size(), 6);
  draw_statement(scene, rest, rest.h - 2 * head - static_cast<float>(lines) * line - canvas.big(20, 20));
  const auto room = static_cast<std::size_t>(std::max((rest.h - 2 * head - canvas.big(10, 8)) / line, 2.0F));
  draw_table(scene, rest, std::max<std::size_t>(room / 2, std::min(scene.picture.table.size(), room - 1)));
  draw_changes(scene, rest);
}

}  // namespace nutshell
