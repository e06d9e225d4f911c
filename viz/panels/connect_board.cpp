#include "viz/panels/connect_board.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/core/text.h"

namespace nutshell {

namespace {

using connect::Simulation;
using connect::UnitState;

constexpr TextStyle kHead{Face::bold, Size::body};
constexpr TextStyle kCell{Face::mono_bold, Size::small};
constexpr TextStyle kLine{Face::mono, Size::small};
constexpr float kRow = 27;

// A table or a file at one end, as lines.
struct End {
  std::string title, kind;
  std::vector<std::string> lines;
};

std::string row_text(const connect::Row& row) {
  std::string all;
  for (const connect::Value& value : row) all += (all.empty() ? "" : "  ") + connect::text_of(connect::Data{nullptr, value});
  return all;
}

std::vector<std::string> lines_in(const std::string& text) {
  std::vector<std::string> all(1);
  for (const char c : text) {
    if (c == '\n') all.emplace_back();
    else all.back() += c;
  }
  if (all.back().empty()) all.pop_back();
  return all;
}

// What stands at the beginning, or at the end, of the connectors that there are.
std::vector<End> ends_of(const Simulation& run, bool sinks) {
  std::vector<End> ends;
  std::set<std::string> seen;
  for (const auto& [name, connector] : run.config().connectors) {
    std::string problem;
    const auto config = connect::read_connector(name, connector.properties, run.setup().defaults, problem);
    if (!config || config->sink() != sinks) continue;
    std::string url, file;
    if (const auto* jdbc = std::get_if<connect::JdbcSourceConfig>(&config->plugin)) url = jdbc->url;
    if (const auto* jdbc = std::get_if<connect::JdbcSinkConfig>(&config->plugin)) url = jdbc->url;
    if (const auto* source = std::get_if<connect::FileSourceConfig>(&config->plugin)) file = source->file;
    if (const auto* sink = std::get_if<connect::FileSinkConfig>(&config->plugin)) file = sink->file;
    if (!seen.insert(url + "|" + file).second) continue;
    if (!file.empty()) {
      const auto written = run.sink_files().find(file);
      const auto read = run.setup().files.find(file);
      const std::string text = sinks ? (written == run.sink_files().end() ? "" : written->second)
                                     : (read == run.setup().files.end() ? "" : read->second.written);
      ends.push_back({file, "file", lines_in(text)});
      continue;
    }
    const auto database = run.databases().find(url);
    if (database == run.databases().end()) continue;
    for (const auto& [table, rows] : database->second.tables) {
      End end{table, "table in " + url, {}};
      for (const connect::Row& row : rows.rows()) end.lines.push_back(row_text(row));
      ends.push_back(std::move(end));
    }
  }
  return ends;
}

void draw_card(Canvas& canvas, Rect box) {
  canvas.fill(box, canvas.theme.card, 6);
  canvas.outline(box, canvas.theme.line2, 1, 6);
}

// Twice is orange and solid, with its word.
void draw_twice_mark(Canvas& canvas, Rect box) {
  const Hue& hue = canvas.theme.hue(HueName::orange);
  canvas.outline(box, hue.stroke, 2, 4);
  canvas.outline({box.x + 3, box.y + 3, box.w, box.h}, hue.stroke, 1, 4);
}

void draw_end(Canvas& canvas, const End& end, Rect box, bool source) {
  const Theme& theme = canvas.theme;
  draw_card(canvas, box);
  Rect inner = box.inset(12);
  canvas.text_in(inner.take_top(22), kHead, theme.text, end.title);
  const std::string count = std::to_string(end.lines.size()) + (source ? " there" : " written");
  canvas.text_in(inner.take_top(20), kSmall, theme.text2, end.kind + ", " + count);
  const auto room = static_cast<std::size_t>(std::max(0.0F, inner.h / kRow));
  const std::size_t from = end.lines.size() > room ? end.lines.size() - room : 0;
  std::set<std::string> seen(end.lines.begin(), end.lines.begin() + static_cast<std::ptrdiff_t>(from));
  for (std::size_t i = from; i < end.lines.size(); ++i) {
    Rect line = inner.take_top(kRow);
    const bool again = !seen.insert(end.lines[i]).second;
    if (again) {
      draw_twice_mark(canvas, {line.x - 6, line.y + 1, line.w + 8, line.h - 4});
      canvas.text_in(line.take_right(48), kSmallBold, theme.hue(HueName::orange).words, "again", Align::right);
    }
    canvas.text_in(line, kLine, theme.text, end.lines[i]);
  }
  if (end.lines.empty()) canvas.text_in(inner.take_top(kRow), kSmall, theme.text3, "nothing yet");
}

void draw_ends(Canvas& canvas, const std::vector<End>& ends, Rect column, bool source) {
  if (ends.empty()) return;
  const float gap = 12, each = (column.h - gap * static_cast<float>(ends.size() - 1)) / static_cast<float>(ends.size());
  for (const End& end : ends) {
    draw_end(canvas, end, column.take_top(each), source);
    column.take_top(gap);
  }
}

Color state_color(const Theme& theme, UnitState state) {
  if (state == UnitState::running) return theme.hue(HueName::green).words;
  if (state == UnitState::failed) return theme.hue(HueName::red).words;
  return theme.text2;
}

// What the status topic says of the unit, which of a dead worker is the last that it said.
void draw_unit(Canvas& canvas, const Simulation& run, const std::string& unit, Rect line, bool alive) {
  const Theme& theme = canvas.theme;
  const auto status = run.status().find(unit);
  const std::string word = status == run.status().end() ? "" : std::string(connect::unit_state_name(status->second.state));
  Rect pill = {line.x, line.y + 2, line.w, line.h - 5};
  if (alive) canvas.fill(pill, theme.raised, 4);
  else canvas.dashed_outline(pill, theme.hue(HueName::red).stroke, 1, kDead, 4);
  pill = {pill.x + 8, pill.y, pill.w - 16, pill.h};
  const Rect right = pill.take_right(86);
  canvas.text_in(pill, kLine, theme.text, unit);
  const Color color = status == run.status().end() || !alive ? theme.text2 : state_color(theme, status->second.state);
  canvas.text_in(right, kSmallBold, color, word, Align::right);
}

void draw_worker(Canvas& canvas, const Simulation& run, const connect::Worker& worker, std::size_t number, Rect box) {
  const Theme& theme = canvas.theme;
  const Hue& red = theme.hue(HueName::red);
  canvas.fill(box, theme.card, 6);
  if (worker.alive) canvas.outline(box, theme.line2, 1, 6);
  else canvas.dashed_outline(box, red.stroke, 2, kDead, 6);
  Rect inner = box.inset(12);
  Rect head = inner.take_top(28);
  const Rect square = head.take_left(28);
  canvas.outline(square.inset(2), worker.alive ? theme.text2 : red.stroke, 2, 4);
  canvas.line({square.x + 7, square.bottom() + 1}, {square.right() - 7, square.bottom() + 1}, worker.alive ? theme.text2 : red.stroke, 2);
  canvas.text_in(square, kCell, worker.alive ? theme.text : red.words, std::to_string(number), Align::center);
  head.take_left(10);
  if (!worker.alive) canvas.text_in(head.take_right(80), kSmallBold, red.words, "CRASHED", Align::right);
  canvas.text_in(head, kHead, theme.text, worker.name);
  inner.take_top(6);
  std::vector<std::string> units(worker.has.connectors.begin(), worker.has.connectors.end());
  for (const connect::TaskId& task : worker.has.tasks) units.push_back(connect::text_of(task));
  if (!worker.alive) {
    // The dead do not report: what they had is theirs for the status topic until it starts elsewhere.
    units.clear();
    for (const auto& [unit, status] : run.status()) {
      if (status.worker == worker.name && status.state != UnitState::unassigned) units.push_back(unit);
    }
  }
  if (!worker.alive && !units.empty()) canvas.text_in(inner.take_top(20), kSmall, theme.text2, "the status topic still says:");
  if (units.empty()) canvas.text_in(inner.take_top(22), kSmall, theme.text2, worker.alive ? "up, with nothing to do" : "out of the group");
  for (const std::string& unit : units) {
    if (inner.h < 28) break;
    draw_unit(canvas, run, unit, inner.take_top(28), worker.alive);
  }
}

// The first word that tells records apart: of JSON an id, of a line its beginning.
std::string cell_word(const connect::RawRecord& record) {
  if (!record.value) return "null";
  const std::string& text = *record.value;
  const std::size_t id = text.rfind("\"id\":");
  if (id != std::string::npos) {
    const std::size_t from = text.find_first_not_of(" ", id + 5);
    return text.substr(from, text.find_first_of(",}", from) - from);
  }
  return text.substr(0, std::min<std::size_t>(4, text.find(' ')));
}

// Records that somebody could not read: they lie among dead letters, too.
std::set<std::string> poison_in(const Simulation& run) {
  std::set<std::string> letters, poison;
  for (const auto& [name, connector] : run.config().connectors) {
    const auto topic = connector.properties.find("errors.deadletterqueue.topic.name");
    if (topic != connector.properties.end()) letters.insert(topic->second);
  }
  for (const auto& [place, log] : run.topics()) {
    if (!letters.count(place.first)) continue;
    for (const connect::RawRecord& record : log) poison.insert(record.value.value_or(""));
  }
  return poison;
}

void draw_marks(Canvas& canvas, const Simulation& run, const connect::TopicPlace& place, std::int64_t end, std::int64_t from,
                Rect cells, float y) {
  const Hue& purple = canvas.theme.hue(HueName::purple);
  for (const auto& [connector, marks] : run.committed()) {
    const auto mark = marks.find(place);
    if (mark == marks.end()) continue;
    const float x = std::min(cells.x + 40 * static_cast<float>(std::max<std::int64_t>(mark->second - from, 0)), cells.right());
    canvas.line({x - 1, cells.y - 3}, {x - 1, cells.bottom() + 3}, purple.stroke, 2);
    const std::string behind = std::to_string(end - mark->second) + " behind";
    canvas.text_in({cells.x, y, cells.w, 18}, kSmall, purple.words,
                   "connect-" + connector + ": committed " + std::to_string(mark->second) + ", " + behind);
    y += 20;
  }
}

void draw_topic(Canvas& canvas, const Simulation& run, const connect::TopicPlace& place,
                const std::vector<connect::RawRecord>& log, Rect box) {
  const Theme& theme = canvas.theme;
  const Hue& blue = theme.hue(HueName::blue);
  draw_card(canvas, box);
  Rect inner = box.inset(12);
  canvas.text_in(inner.take_top(24), kHead, theme.text, place.first + "-" + std::to_string(place.second));
  inner.take_top(4);
  const Rect offsets = inner.take_top(18);
  const Rect cells = inner.take_top(40);
  const auto room = static_cast<std::size_t>(std::max(1.0F, cells.w / 40));
  const std::size_t from = log.size() > room ? log.size() - room : 0;
  const auto left = [&](std::size_t i) { return cells.x + 40 * static_cast<float>(i - from); };
  const std::set<std::string> dead = poison_in(run);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const bool again = !seen.insert(log[i].value.value_or("")).second;
    if (i < from) continue;
    const Rect cell{left(i), cells.y, 37, cells.h};
    const bool poison = dead.count(log[i].value.value_or("")) > 0;
    canvas.text_in({cell.x, offsets.y, cell.w, offsets.h}, kLine, theme.text2, std::to_string(i), Align::center);
    if (poison) canvas.outline(cell, theme.hue(HueName::red).stroke, 2, 3);
    else canvas.fill(cell, blue.fill, 3);
    canvas.text_in(cell, kCell, poison ? theme.hue(HueName::red).words : theme.ink, cell_word(log[i]), Align::center);
    if (!again) continue;
    draw_twice_mark(canvas, cell);
    canvas.text_in({cell.x, cell.bottom() + 4, cell.w, 18}, kSmallBold, theme.hue(HueName::orange).words, "x2", Align::center);
  }
  draw_marks(canvas, run, place, static_cast<std::int64_t>(log.size()), static_cast<std::int64_t>(from), cells, cells.bottom() + 26);
}

// The largest ring of the tool: how long what was lost is still kept, and what it is.
void draw_delay(Canvas& canvas, const Simulation& run, Rect box) {
  const Theme& theme = canvas.theme;
  const connect::Decision& decision = run.last_decision();
  if (decision.lost.empty() || decision.delay <= 0) return;
  const Hue& yellow = theme.hue(HueName::yellow);
  canvas.fill(box, theme.card, 6);
  canvas.outline(box, yellow.stroke, 2, 6);
  Time since = 0;
  for (const connect::Fact& fact : run.facts()) {
    if (fact.kind == connect::FactKind::rebalance) since = fact.at;
  }
  const Duration all = run.setup().rebalance_delay, rest = std::max<Duration>(0, decision.delay - (run.now() - since));
  Rect inner = box.inset(14);
  const Rect ring = inner.take_left(std::min(inner.h, 120.0F));
  const float radius = std::min(ring.w, ring.h) / 2 - 8;
  canvas.ring(ring.center(), radius, theme.line2, 10);
  canvas.arc(ring.center(), radius, 0, static_cast<float>(rest / kMillisecond) / static_cast<float>(all / kMillisecond), theme.text, 10);
  canvas.text_in({ring.x, ring.center().y - 20, ring.w, 24}, kCell, theme.text, std::to_string(rest / kSecond) + " s", Align::center);
  canvas.text_in({ring.x, ring.center().y + 2, ring.w, 18}, kSmall, theme.text2, "of " + std::to_string(all / kSecond), Align::center);
  inner.take_left(14);
  canvas.text_in(inner.take_top(24), kHead, theme.text, std::to_string(decision.lost.size()) + " units have no worker, on purpose");
  canvas.text_in(inner.take_top(22), kSmall, theme.text2, "Their worker may come back, so they wait for it.");
  std::string units;
  for (const std::string& each : decision.lost.connectors) units += (units.empty() ? "" : ", ") + each;
  for (const connect::TaskId& each : decision.lost.tasks) units += (units.empty() ? "" : ", ") + connect::text_of(each);
  canvas.paragraph(inner, kLine, theme.text, units);
}

void draw_story(Canvas& canvas, const Simulation& run, Rect box) {
  const Theme& theme = canvas.theme;
  canvas.fill(box, theme.raised);
  canvas.fill({box.x, box.y, 4, box.h}, theme.text);
  Rect inner = box.inset(14);
  canvas.text_in(inner.take_left(120), {Face::mono_bold, Size::caption}, theme.text, format_time(run.now()));
  const std::string told = run.facts().empty() ? "" : capital(run.facts().back().text);
  canvas.text_in(inner, {Face::regular, Size::caption}, theme.text, told);
}

}  // namespace

void draw_connect_board(Canvas& canvas, const Simulation& run, Rect area) {
  draw_story(canvas, run, area.take_bottom(64));
  area = area.inset(14);
  const Theme& theme = canvas.theme;
  int columns = 0;
  const auto column = [&](Rect& from, float width, const char* name) {
    Rect taken = from.take_left(width);
    from.take_left(16);
    Rect head = taken.take_top(28);
    canvas.text_in(head.take_left(18), kSmallBold, theme.text3, std::to_string(++columns));
    canvas.text_in(head, kSmallBold, theme.text2, name);
    return taken;
  };
  const std::vector<End> sources = ends_of(run, false), sinks = ends_of(run, true);
  const float side = area.w * 0.17F;
  Rect rest = area;
  if (!sources.empty()) draw_ends(canvas, sources, column(rest, side, "where it comes from"), true);
  Rect workers = column(rest, area.w * 0.24F, "workers and their tasks");
  Rect middle = column(rest, rest.w - (sinks.empty() ? 0 : side + 16), "topics");
  if (!sinks.empty()) draw_ends(canvas, sinks, column(rest, side, "where it goes"), false);
  const float gap = 12, each = (workers.h + gap) / static_cast<float>(run.workers().size()) - gap;
  for (std::size_t i = 0; i < run.workers().size(); ++i) {
    draw_worker(canvas, run, run.workers()[i], i + 1, workers.take_top(each));
    workers.take_top(gap);
  }
  if (!run.last_decision().lost.empty() && run.last_decision().delay > 0) {
    draw_delay(canvas, run, middle.take_bottom(150));
    middle.take_bottom(gap);
  }
  for (const auto& [place, log] : run.topics()) {
    if (middle.h < 150) break;
    draw_topic(canvas, run, place, log, middle.take_top(std::min(middle.h, 170.0F)));
    middle.take_top(gap);
  }
  if (run.topics().empty()) canvas.text_in(middle.take_top(30), kSmall, theme.text3, "no records yet");
}

}  // namespace nutshell
