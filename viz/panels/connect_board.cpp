#include "viz/panels/connect_board.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "sim/core/text.h"
#include "sim/session/asked.h"
#include "viz/panels/connect_picture.h"

namespace nutshell {

namespace {

constexpr TextStyle kHead{Face::bold, Size::body};
constexpr TextStyle kRecordWord{Face::mono_bold, Size::small};
constexpr TextStyle kEntry{Face::mono, Size::small};

// What the board is drawn with: a line's height by the room, and where what is drawn is noted.
struct ConnectBoard {
  Canvas& canvas;
  std::vector<Spot>& spots;
  float line = 27;
  bool asks_when = false;  // then no clock drains

  void note(Rect rect, Place place) const { spots.push_back({canvas.in_window(rect), place}); }
};

void draw_panel(Canvas& canvas, Rect box) {
  canvas.fill(box, canvas.theme.card, 6);
  canvas.outline(box, canvas.theme.line2, 1, 6);
}

// Twice is orange and solid, with its word.
void draw_twice_mark(Canvas& canvas, Rect box) {
  const Hue& hue = canvas.theme.hue(HueName::orange);
  canvas.outline(box, hue.stroke, 2, 4);
  canvas.outline({box.x + 3, box.y + 3, box.w, box.h}, hue.stroke, 1, 4);
}

// The first of several words that has room; the last one is cut off by nobody.
std::string that_fits(const Canvas& canvas, TextStyle style, float room, std::vector<std::string> words) {
  for (const std::string& each : words)
    if (canvas.width(style, each) <= room) return each;
  return "";
}

// As much of the text as there is room for.
std::string shortened(const Canvas& canvas, TextStyle style, float room, std::string text) {
  if (canvas.width(style, text) <= room) return text;
  while (!text.empty() && canvas.width(style, text + "\u2026") > room) {
    do text.pop_back();
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80);
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xc0) text.pop_back();
  }
  return text.empty() ? "" : text + "\u2026";
}

void draw_end(const ConnectBoard& board, const ConnectEnd& end, Rect box, bool source) {
  Canvas& canvas = board.canvas;
  const Theme& theme = canvas.theme;
  draw_panel(canvas, box);
  board.note(box, {PlaceKind::process, end.store});
  Rect inner = box.inset(12);
  canvas.text_in(inner.take_top(board.line), kHead, theme.text, shortened(canvas, kHead, inner.w, end.title));
  const std::string count = std::to_string(end.lines.size() - (end.half_line ? 1 : 0)) + (source ? " there" : " written");
  canvas.text_in(inner.take_top(board.line * 0.8F), kSmall, theme.text2,
                 that_fits(canvas, kSmall, inner.w, {end.kind + ", " + count, end.kind, count}));
  if (!end.note.empty()) {
    const std::size_t colon = end.note.find(": ");
    const bool noted = colon != std::string::npos;
    const std::string number = end.note.substr(end.note.rfind(' ') + 1);
    const std::string shorter = noted ? "noted: " + number : "nothing noted", least = noted ? "at " + number : "none noted";
    const std::string fits = that_fits(canvas, kSmallBold, inner.w, {end.note, shorter, least});
    canvas.text_in(inner.take_bottom(board.line), kSmallBold, theme.hue(HueName::purple).words, fits);
  }
  const auto room = static_cast<std::size_t>(std::max(0.0F, inner.h / board.line));
  const std::size_t from = end.lines.size() > room ? end.lines.size() - room : 0;
  std::set<std::string> seen(end.lines.begin(), end.lines.begin() + static_cast<std::ptrdiff_t>(from));
  for (std::size_t i = from; i < end.lines.size(); ++i) {
    Rect line = inner.take_top(board.line);
    if (!seen.insert(end.lines[i]).second) {
      draw_twice_mark(canvas, {line.x - 6, line.y + 1, line.w + 8, line.h - 4});
      canvas.text_in(line.take_right(canvas.width(kSmallBold, "again") + 4), kSmallBold, theme.hue(HueName::orange).words, "again",
                     Align::right);
    }
    const bool half = end.half_line && i + 1 == end.lines.size();
    canvas.text_in(line, kEntry, half ? theme.text2 : theme.text, shortened(canvas, kEntry, line.w, end.lines[i]));
  }
  if (end.lines.empty() && inner.h >= board.line) canvas.text_in(inner.take_top(board.line), kSmall, theme.text2, "nothing yet");
}

void draw_store_column(const ConnectBoard& board, const std::vector<ConnectEnd>& ends, Rect column, bool source) {
  if (ends.empty()) return;
  const float gap = 12, each = (column.h - gap * static_cast<float>(ends.size() - 1)) / static_cast<float>(ends.size());
  for (const ConnectEnd& end : ends) {
    draw_end(board, end, column.take_top(each), source);
    column.take_top(gap);
  }
}

Color state_color(const Theme& theme, const ConnectUnitPicture& unit) {
  if (!unit.alive) return theme.text2;
  if (unit.failed) return theme.hue(HueName::red).words;
  return unit.state == "RUNNING" ? theme.hue(HueName::green).words : theme.hue(HueName::yellow).words;
}

void draw_unit(const ConnectBoard& board, const ConnectUnitPicture& unit, Rect line) {
  Canvas& canvas = board.canvas;
  const Theme& theme = canvas.theme;
  Rect pill = {line.x, line.y + 2, line.w, line.h - 5};
  if (!unit.alive || unit.failed) canvas.dashed_outline(pill, theme.hue(HueName::red).stroke, 1, kDead, 4);
  else canvas.fill(pill, theme.raised, 4);
  pill = {pill.x + 8, pill.y, pill.w - 16, pill.h};
  canvas.text_in(pill.take_right(canvas.width(kSmallBold, unit.state) + 4), kSmallBold, state_color(theme, unit), unit.state, Align::right);
  pill.take_right(6);
  canvas.text_in(pill, kEntry, theme.text, shortened(canvas, kEntry, pill.w, unit.name));
}

void draw_worker(const ConnectBoard& board, const ConnectWorkerPicture& worker, Rect box) {
  Canvas& canvas = board.canvas;
  const Theme& theme = canvas.theme;
  const Hue& red = theme.hue(HueName::red);
  canvas.fill(box, theme.card, 6);
  if (worker.alive) canvas.outline(box, theme.line2, 1, 6);
  else canvas.dashed_outline(box, red.stroke, 2, kDead, 6);
  board.note(box, {PlaceKind::process, worker.node});
  Rect inner = box.inset(12);
  Rect head = inner.take_top(board.line);
  const std::string note = worker.alive ? (worker.leads ? "leader" : "") : worker.status;
  canvas.text_in(head.take_right(canvas.width(kSmallBold, note) + 4), kSmallBold, worker.alive ? theme.text2 : red.words, note,
                 Align::right);
  canvas.text_in(head, kHead, theme.text, worker.name);
  inner.take_top(4);
  const auto say = [&](const std::string& text) {
    canvas.text_in(inner.take_top(board.line * 0.8F), kSmall, theme.text2, shortened(canvas, kSmall, inner.w, text));
  };
  if (!worker.alive && !worker.units.empty()) say("the status topic still says:");
  if (worker.units.empty()) say(worker.alive ? "up, with nothing to do" : "nothing is said of it");
  for (const ConnectUnitPicture& unit : worker.units) {
    if (inner.h < board.line) break;
    draw_unit(board, unit, inner.take_top(board.line));
  }
  if (!worker.trace.empty() && inner.h >= board.line * 0.8F) canvas.paragraph(inner, kSmall, red.words, worker.trace);
}

void draw_commits(const ConnectBoard& board, const ConnectTopicPicture& topic, Rect cells, float cell, Rect below) {
  const Hue& purple = board.canvas.theme.hue(HueName::purple);
  const Offset end = topic.first + static_cast<Offset>(topic.cells.size());
  for (const ConnectMark& mark : topic.marks) {
    const float x = std::clamp(cells.x + cell * static_cast<float>(mark.committed - topic.first), cells.x, cells.right());
    board.canvas.line({x - 1, cells.y - 4}, {x - 1, cells.bottom() + 4}, purple.stroke, 2);
    if (below.h < board.line * 0.7F) return;
    const std::string committed = "committed " + std::to_string(mark.committed), behind = std::to_string(end - mark.committed) + " behind";
    board.canvas.text_in(
        below.take_top(board.line * 0.75F), kSmall, purple.words,
        that_fits(board.canvas, kSmall, below.w, {mark.group + ": " + committed + ", " + behind, committed + ", " + behind, behind}));
  }
}

void draw_headers(const ConnectBoard& board, const ConnectTopicPicture& topic, Rect below) {
  constexpr std::string_view kFront = "__connect.errors.";
  for (const std::string& each : topic.headers) {
    const std::string text = each.rfind(kFront, 0) == 0 ? each.substr(kFront.size()) : each;
    const bool told =
        text.rfind("topic", 0) == 0 || text.rfind("partition", 0) == 0 || text.rfind("offset", 0) == 0 || text.rfind("stage", 0) == 0;
    if (!told || below.h < board.line * 0.7F) continue;
    board.canvas.text_in(below.take_top(board.line * 0.75F), kEntry, board.canvas.theme.text2,
                         shortened(board.canvas, kEntry, below.w, text));
  }
}

void draw_topic(const ConnectBoard& board, const ConnectTopicPicture& topic, Rect box) {
  Canvas& canvas = board.canvas;
  const Theme& theme = canvas.theme;
  const Hue &blue = theme.hue(HueName::blue), &red = theme.hue(HueName::red);
  draw_panel(canvas, box);
  board.note(box, {.kind = PlaceKind::partition, .tp = topic.tp});
  Rect inner = box.inset(12);
  Rect head = inner.take_top(board.line);
  const std::string count =
      topic.cells.empty() ? "empty" : "up to offset " + std::to_string(topic.first + static_cast<Offset>(topic.cells.size()) - 1);
  if (canvas.width(kHead, topic.title) + canvas.width(kSmall, count) + 10 < head.w)
    canvas.text_in(head.take_right(canvas.width(kSmall, count) + 2), kSmall, theme.text2, count, Align::right);
  canvas.text_in(head, kHead, theme.text, shortened(canvas, kHead, head.w, topic.title));
  const float wide = canvas.big(40, 46);
  const Rect offsets = inner.take_top(board.line * 0.7F), cells = inner.take_top(board.line * 1.4F);
  const auto room = static_cast<std::size_t>(std::max(1.0F, cells.w / wide));
  const std::size_t from = topic.cells.size() > room ? topic.cells.size() - room : 0;
  for (std::size_t i = from; i < topic.cells.size(); ++i) {
    const ConnectCell& record = topic.cells[i];
    const Rect cell{cells.x + wide * static_cast<float>(i - from), cells.y, wide - 3, cells.h};
    canvas.text_in({cell.x, offsets.y, cell.w, offsets.h}, kEntry, theme.text2, std::to_string(topic.first + static_cast<Offset>(i)),
                   Align::center);
    if (record.poison) canvas.outline(cell, red.stroke, 2, 3);
    else canvas.fill(cell, blue.fill, 3);
    canvas.text_in(cell, kRecordWord, record.poison ? red.words : theme.ink, shortened(canvas, kRecordWord, cell.w - 4, record.word),
                   Align::center);
    if (record.again && !record.poison) draw_twice_mark(canvas, cell);
    if (record.again && inner.h >= board.line * 0.7F)
      canvas.text_in({cell.x, cell.bottom() + 4, cell.w, board.line * 0.7F}, kSmallBold, theme.hue(HueName::orange).words, "x2",
                     Align::center);
  }
  inner.take_top(board.line * 0.9F);
  ConnectTopicPicture seen = topic;
  seen.first += static_cast<Offset>(from);
  seen.cells.erase(seen.cells.begin(), seen.cells.begin() + static_cast<std::ptrdiff_t>(from));
  draw_commits(board, seen, cells, wide, inner);
  if (topic.marks.empty()) draw_headers(board, topic, inner);
}

// The largest ring of the tool: how long what was lost is still kept, and what it is.
void draw_delay(const ConnectBoard& board, const ConnectPicture& picture, Time now, Rect box) {
  Canvas& canvas = board.canvas;
  const Theme& theme = canvas.theme;
  const Hue& yellow = theme.hue(HueName::yellow);
  canvas.fill(box, theme.card, 6);
  canvas.outline(box, yellow.stroke, 2, 6);
  const Duration rest = std::clamp<Duration>(picture.delay_until - now, 0, picture.delay);
  Rect inner = box.inset(14);
  const Rect ring = inner.take_left(std::min(inner.h, canvas.big(120, 150)));
  const float radius = std::min(ring.w, ring.h) / 2 - 8;
  canvas.ring(ring.center(), radius, theme.line2, 10);
  canvas.arc(ring.center(), radius, 0,
             static_cast<float>(rest / kMillisecond) / static_cast<float>(std::max<Duration>(picture.delay / kMillisecond, 1)),
             yellow.stroke, 10);
  canvas.text_in({ring.x, ring.center().y - board.line * 0.8F, ring.w, board.line * 0.9F}, kRecordWord, theme.text,
                 std::to_string(rest / kSecond) + " s", Align::center);
  canvas.text_in({ring.x, ring.center().y + 2, ring.w, board.line * 0.7F}, kSmall, theme.text2,
                 "of " + std::to_string(picture.delay / kSecond), Align::center);
  inner.take_left(14);
  const std::string count = std::to_string(picture.lost.size()) + (picture.lost.size() == 1 ? " unit has" : " units have");
  canvas.text_in(inner.take_top(board.line), kHead, theme.text,
                 that_fits(canvas, kHead, inner.w, {count + " no worker, on purpose", "no worker, on purpose", "on purpose"}));
  canvas.text_in(inner.take_top(board.line * 0.85F), kSmall, theme.text2,
                 that_fits(canvas, kSmall, inner.w,
                           {"Their worker may come back, so they wait for it.", "They wait for their worker.", "They wait."}));
  for (const std::string& each : picture.lost) {
    if (inner.h < board.line * 0.85F) break;
    canvas.text_in(inner.take_top(board.line * 0.85F), kEntry, theme.text, shortened(canvas, kEntry, inner.w, each));
  }
}

// A topic's records, and what stands below them.
float lines_of(const ConnectTopicPicture& topic) {
  const bool tells = topic.marks.empty() && !topic.headers.empty();
  return 5.5F + (tells ? 3.5F : static_cast<float>(topic.marks.size()) * 0.75F);
}

void draw_topic_column(const ConnectBoard& board, const ConnectPicture& picture, Time now, Rect middle) {
  const float gap = 12;
  if (picture.delay_until > now && !board.asks_when) {
    draw_delay(board, picture, now, middle.take_bottom(std::min(middle.h * 0.45F, board.line * 6)));
    middle.take_bottom(gap);
  }
  const float least = board.line * 4.5F, most = board.line * 9.5F, whole = middle.h + gap;
  float all = 0;
  for (const ConnectTopicPicture& topic : picture.topics) all += lines_of(topic);
  for (const ConnectTopicPicture& topic : picture.topics) {
    if (middle.h < least) break;
    draw_topic(board, topic, middle.take_top(std::min(middle.h, std::clamp(whole * lines_of(topic) / all - gap, least, most))));
    middle.take_top(gap);
  }
  if (picture.topics.empty()) board.canvas.text_in(middle.take_top(board.line), kSmall, board.canvas.theme.text2, "no topic with rows yet");
}

// How many lines the fullest column takes: few are drawn larger.
float lines_needed(const ConnectPicture& picture) {
  const auto of_ends = [](const std::vector<ConnectEnd>& ends) {
    float lines = 1;
    for (const ConnectEnd& each : ends) lines += 4.5F + static_cast<float>(std::min<std::size_t>(each.lines.size(), 10));
    return lines;
  };
  float workers = 1, topics = picture.delay_until > 0 ? 7.5F : 1;
  for (const ConnectWorkerPicture& each : picture.workers)
    workers += 3 + static_cast<float>(each.units.size()) + (each.trace.empty() ? 0.0F : 3.0F) + (each.alive ? 0.0F : 0.8F);
  for (const ConnectTopicPicture& each : picture.topics) topics += lines_of(each);
  return std::max({of_ends(picture.sources), of_ends(picture.sinks), workers, topics});
}

// What the widest line and what is said of it take; the topics have the rest.
float width_of(const Canvas& canvas, const std::vector<ConnectEnd>& ends, float whole) {
  constexpr float kInset = 28;
  float width = whole * 0.17F;
  for (const ConnectEnd& each : ends) {
    width = std::max(width, canvas.width(kSmall, each.kind + ", 10 written") + kInset);
    for (const std::string& line : each.lines) width = std::max(width, canvas.width(kEntry, line) + kInset);
  }
  return std::min(width, whole * 0.24F);
}

void draw_board(const ConnectBoard& board, const ConnectPicture& picture, Time now, Rect area) {
  Canvas& canvas = board.canvas;
  int columns = 0;
  const auto column = [&](Rect& from, float width, const std::string& name) {
    Rect taken = from.take_left(width);
    from.take_left(14);
    Rect head = taken.take_top(board.line);
    canvas.text_in(head.take_left(canvas.big(16, 22)), kSmallBold, canvas.theme.text2, std::to_string(++columns));
    canvas.text_in(head, kSmallBold, canvas.theme.text2, shortened(canvas, kSmallBold, head.w, name));
    return taken;
  };
  const float side = width_of(canvas, picture.sources, area.w), far_side = width_of(canvas, picture.sinks, area.w);
  Rect rest = area;
  const std::string from = that_fits(canvas, kSmallBold, side - canvas.big(16, 22), {"where it comes from", "comes from", "from"});
  if (!picture.sources.empty()) draw_store_column(board, picture.sources, column(rest, side, from), true);
  Rect workers = column(rest, area.w * 0.27F, "workers and their tasks");
  const Rect middle = column(rest, rest.w - (picture.sinks.empty() ? 0 : far_side + 14), "topics");
  draw_topic_column(board, picture, now, middle);
  if (!picture.sinks.empty()) draw_store_column(board, picture.sinks, column(rest, far_side, "where it goes"), false);
  const float gap = 12, each = (workers.h + gap) / static_cast<float>(std::max<std::size_t>(picture.workers.size(), 1)) - gap;
  for (const ConnectWorkerPicture& worker : picture.workers) {
    draw_worker(board, worker, workers.take_top(each));
    workers.take_top(gap);
  }
}

// What is selected stands in a frame, and what the caption points at.
void frame_places(Ui& ui) {
  const Theme& theme = ui.canvas.theme;
  Canvas canvas = ui.canvas.on_window();
  for (const Spot& each : ui.figure.spots) {
    const bool selected = each.place == ui.figure.selected;
    if (selected || each.place == ui.figure.hovered)
      canvas.outline(each.rect.inset(selected ? -3 : -1), selected ? theme.paper : theme.text2, selected ? 2 : 1, 8);
  }
}

}  // namespace

void draw_connect(Ui& ui, const Session& session, Rect area) {
  if (area.w < 80 || area.h < 80) return;
  Canvas& canvas = ui.canvas;
  canvas.fill(area, canvas.theme.stage);
  ui.figure.stage = area;
  ui.figure.spots.clear();
  const Rect inside = area.inset(canvas.big(14, 16));
  // A small room is drawn as a larger one from farther away, a room with little in it from near.
  const ConnectPicture picture = connect_picture(session.world());
  const float line = std::max(canvas.height(kHead) * 1.35F, 22.0F);
  const float farther = std::max({0.7F, canvas.big(840, 880) / inside.w, std::min(lines_needed(picture) * line / inside.h, 1.4F)});
  const Rect whole{inside.x, inside.y, inside.w * farther, inside.h * farther};
  Canvas far = canvas.zoomed(whole, inside);
  const ConnectBoard board{far, ui.figure.spots, line, asked_of(session).when};
  canvas.push_clip(area);
  draw_board(board, picture, session.view_time(), whole);
  canvas.pop_clip();
  frame_places(ui);
}

}  // namespace nutshell
