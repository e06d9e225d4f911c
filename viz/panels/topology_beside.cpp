// Several queries over the same rows: a line for each row that came, a column for each query with what it told of that row, and
// below what it holds by now. So kinds of joins are compared, and views of one log.
#include <algorithm>

#include "sim/streams/problem.h"
#include "viz/panels/question.h"
#include "viz/panels/topology.h"
#include "viz/ui/signs.h"

namespace nutshell {

using streams::FilmEvent;
using streams::FilmKind;
using streams::Picture;
using streams::PictureRow;
using streams::StepKind;

namespace {

// A row as it came in.
struct CameIn {
  int row = 0;
  const FilmEvent* event = nullptr;
};

// What a query keeps, as a line.
struct KeptLine {
  std::string key, value;
  bool fresh = false;
};

struct QueriesBoard {
  const TopologyScene& scene;  // of the first query
  std::vector<Picture> pictures;
  std::vector<CameIn> rows;  // all that ever come
  bool timed = false;        // times of records matter
  bool topics = false;       // rows come into several topics
  // Words of rows, and of statements: as large as there is room.
  Size words = Size::micro, code = Size::micro;
  float line = 1;
  TextStyle strong() const { return {Face::mono_bold, words}; }
  TextStyle weak() const { return {Face::mono, words}; }
  TextStyle plain() const { return {Face::regular, words}; }
  TextStyle statement() const { return {Face::mono, code}; }
};

bool goes_by_time(const Picture& picture) {
  return picture.windowed || (picture.join && picture.join->kind == StepKind::stream_stream_join);
}

QueriesBoard board_of(const TopologyScene& scene, std::vector<Picture> pictures) {
  QueriesBoard board{scene, std::move(pictures), {}, false, false, Size::micro, Size::micro, 1};
  for (const FilmEvent& each : scene.film.events) {
    const bool first = each.kind == FilmKind::written && each.query < 0;
    if (!first) continue;
    if (!board.rows.empty() && board.rows.front().event->topic != each.topic) board.topics = true;
    board.rows.push_back({each.row, &each});
  }
  for (const Picture& each : board.pictures) board.timed = board.timed || goes_by_time(each);
  return board;
}

std::string values_text(const std::vector<std::string>& cells, bool deleted) {
  return deleted ? "deleted" : streams::joined(cells, ", ");
}

float key_wide(const QueriesBoard& board, const std::string& key) {
  return board.scene.canvas().width(board.strong(), key) + board.scene.canvas().height(board.strong());
}

// The key in its hue, then what belongs to it. Returns how wide it is.
float draw_key_chip(const QueriesBoard& board, Rect room, const std::string& key, const std::string& value, RowCellState state,
                    bool deleted) {
  Canvas& canvas = board.scene.canvas();
  const Theme& theme = canvas.theme;
  const float wide = std::min(key_wide(board, key), room.w * 0.6F), gap = canvas.height(board.strong()) * 0.4F;
  const float high = std::min(room.h - 3, canvas.height(board.strong()) * 1.36F);
  const bool solid = state == RowCellState::at_work;
  const Rect cell{room.x, room.center().y - high / 2, wide, high};
  draw_cell(canvas, cell, dye_of_key(theme, key), solid ? ReplicaSign::leader : ReplicaSign::follower, true, false);
  canvas.text_in(cell, board.strong(), solid ? theme.ink : theme.text, canvas.fitted(board.strong(), key, wide - 4), Align::center);
  room.take_left(wide + gap);
  const std::string fitted = canvas.fitted(board.strong(), value, room.w);
  canvas.text_in(room, board.strong(), deleted ? theme.text2 : theme.text, fitted);
  return wide + gap + canvas.width(board.strong(), fitted);
}

float topics_wide(const QueriesBoard& board) {
  float wide = 0;
  for (const CameIn& each : board.rows) wide = std::max(wide, board.scene.canvas().width(board.plain(), each.event->topic));
  return board.topics ? wide + 10 : 0;
}

float number_wide(const QueriesBoard& board) { return board.scene.canvas().width(board.weak(), "0") + 10; }

void draw_came_in(const QueriesBoard& board, Rect row, std::size_t number, const CameIn& came) {
  const TopologyScene& scene = board.scene;
  Canvas& canvas = scene.canvas();
  const FilmEvent& event = *came.event;
  canvas.text_in(row.take_left(number_wide(board)), board.weak(), canvas.theme.text3, std::to_string(number + 1));
  if (event.at > scene.picture.at) {
    const float wide = key_wide(board, "anna");
    return canvas.dashed_outline({row.x, row.y + 4, wide, row.h - 8}, canvas.theme.line2, 1.25F, kHidden, canvas.big(4, 7));
  }
  if (board.timed) {
    const std::string time = "at " + second_text(event.timestamp);
    canvas.text_in(row.take_right(canvas.width(board.weak(), "at 00") + 2), board.weak(), canvas.theme.text2, time, Align::right);
  }
  if (board.topics) canvas.text_in(row.take_left(topics_wide(board)), board.plain(), canvas.theme.text2, event.topic);
  const bool fresh = scene.picture.at < event.at + 4 * scene.hop;
  draw_key_chip(board, row, event.key, values_text(event.cells, event.deleted), fresh ? RowCellState::at_work : RowCellState::read,
                event.deleted);
}

// Whether the query has read the row, however it came to it.
bool has_read(const Picture& picture, int query, int row) {
  for (const FilmEvent& each : picture.film->events) {
    if (each.at > picture.at) return false;
    if (each.kind == FilmKind::read && each.query == query && each.row == row) return true;
  }
  return false;
}

void draw_told(const QueriesBoard& board, Rect row, const Picture& picture, const CameIn& came) {
  const TopologyScene& scene = board.scene;
  Canvas& canvas = scene.canvas();
  bool any = false;
  for (const PictureRow& each : picture.changes) {
    if (each.row != came.row) continue;
    any = true;
    if (row.w < key_wide(board, each.key)) return;
    const bool fresh = scene.picture.at < each.written + 4 * scene.hop;
    std::string value = values_text(each.cells, each.deleted);
    if (picture.windowed) value = "@" + second_text(each.window_start) + " " + value;
    row.take_left(draw_key_chip(board, row, each.key, value, fresh ? RowCellState::at_work : RowCellState::read, each.deleted) +
                  canvas.big(14, 16));
  }
  const int query = static_cast<int>(picture.query - scene.film.queries.data());
  // What is on its way may still come of it.
  if (any || !has_read(picture, query, came.row)) return;
  for (const FilmEvent& each : scene.film.events) {
    if (each.kind == FilmKind::written && each.query == query && each.row == came.row && each.at > picture.at) return;
  }
  canvas.text_in(row, board.plain(), canvas.theme.text3, "nothing");
}

std::vector<KeptLine> kept_lines(const TopologyScene& scene, const Picture& picture) {
  std::vector<KeptLine> lines;
  const auto fresh = [&](Time changed) { return scene.picture.at < changed + 4 * scene.hop; };
  if (picture.query->plan->table) {
    for (const PictureRow& each : picture.table) {
      std::string value = values_text(each.cells, false);
      if (picture.windowed) value = "@" + second_text(each.window_start) + " " + value;
      lines.push_back({each.key, std::move(value), fresh(each.written)});
    }
    return lines;
  }
  for (const auto& task : picture.tasks) {
    for (const auto* rows : {&task.stored, &task.held}) {
      for (const auto& each : *rows) {
        std::vector<std::string> cells = each.cells;
        // Behind a row's columns stand the pseudo columns of its source.
        if (cells.size() > 1) cells.resize(2);
        if (!cells.empty() && cells[0] == each.key) cells.erase(cells.begin());
        lines.push_back({each.key, values_text(cells, false), fresh(each.changed)});
      }
    }
  }
  return lines;
}

void draw_query_holds(const QueriesBoard& board, Rect area, const Picture& picture) {
  const TopologyScene& scene = board.scene;
  Canvas& canvas = scene.canvas();
  const bool table = picture.query->plan->table;
  const std::vector<KeptLine> lines = kept_lines(scene, picture);
  const std::string told = std::to_string(picture.changes.size()) + (picture.changes.size() == 1 ? " row told" : " rows told");
  Rect head = area.take_top(canvas.height(kSmallBold) * 1.35F);
  const float wide = canvas.text_in(head, kSmallBold, canvas.theme.text, table ? "The table now" : "It holds");
  head.take_left(wide + 10);
  if (canvas.width(kMicro, told) <= head.w) canvas.text_in(head, kMicro, canvas.theme.text2, told, Align::right);
  const auto fit = static_cast<std::size_t>(std::max(area.h / board.line, 0.0F));
  if (lines.empty() && fit > 0) {
    const std::string nothing = table || picture.join ? "nothing yet" : "nothing: each row by itself";
    const Rect row = area.take_top(board.line);
    canvas.text_in(row, board.plain(), canvas.theme.text3, canvas.fitted(board.plain(), nothing, row.w));
  }
  for (std::size_t i = lines.size() > fit ? lines.size() - fit : 0; i < lines.size(); ++i) {
    const Rect row = area.take_top(board.line);
    draw_key_chip(board, row, lines[i].key, lines[i].value, lines[i].fresh ? RowCellState::at_work : RowCellState::read, false);
  }
}

// Name and statement of a query.
void draw_query_head(const QueriesBoard& board, Rect area, const Picture& picture) {
  Canvas& canvas = board.scene.canvas();
  const Theme& theme = canvas.theme;
  Rect head = area.take_top(canvas.height(kSmallBold) * 1.4F);
  const std::string name = streams::lower(picture.query->plan->writes);
  head.take_left(canvas.text_in(head, kSmallBold, theme.text, canvas.fitted(kSmallBold, name, head.w)) + 10);
  const std::string what = picture.query->plan->table ? "table" : "stream";
  if (canvas.width(kMicro, what) <= head.w) canvas.text_in(head, kMicro, theme.text2, what, Align::right);
  const float line = canvas.height(board.statement()) * 1.32F;
  for (const std::string& each : statement_lines(picture.query->text)) {
    if (area.h < line * 0.95F) return;
    canvas.text_in(area.take_top(line), board.statement(), theme.text2, canvas.fitted(board.statement(), each, area.w));
  }
}

struct QueriesLayout {
  Rect left;
  std::vector<Rect> columns;
  float head = 0, rows_y = 0, kept = 0;
  std::size_t first = 0, shown = 0;  // of the rows
};

float left_wide(const Canvas& canvas, Rect area) { return within(area.w * 0.27F, canvas.big(190, 230), canvas.big(400, 520)); }

// How many lines statements take; 0: one is too wide for its column, so names have to do.
std::size_t statement_high(const QueriesBoard& board, float column) {
  std::size_t lines = 0;
  for (const Picture& each : board.pictures) {
    const std::vector<std::string> statement = statement_lines(each.query->text);
    lines = std::max(lines, statement.size());
    for (const std::string& line : statement)
      if (board.scene.canvas().width(board.statement(), line) > column) return 0;
  }
  return lines;
}

// Whether all that ever stands there has room in these sizes.
bool fits_board(const QueriesBoard& board, const std::vector<Picture>& last, Rect area) {
  const Canvas& canvas = board.scene.canvas();
  const float gap = canvas.big(14, 16), pad = canvas.big(20, 24), left = left_wide(canvas, area);
  const float column = (area.w - left) / static_cast<float>(last.size()) - gap - pad;
  const auto chip = [&](const std::string& key, const std::string& value) {
    return key_wide(board, key) + canvas.height(board.strong()) * 0.4F + canvas.width(board.strong(), value) + 2;
  };
  const std::size_t lines = statement_high(board, column);
  if (lines == 0 && board.code != Size::micro) return false;
  for (const Picture& each : last) {
    for (const PictureRow& row : each.changes)
      if (chip(row.key, values_text(row.cells, row.deleted) + (each.windowed ? "@000 " : "")) > column) return false;
  }
  const float times = board.timed ? canvas.width(board.weak(), "at 00") + 6 : 0;
  for (const CameIn& each : board.rows) {
    const float wide = chip(each.event->key, values_text(each.event->cells, each.event->deleted));
    if (number_wide(board) + topics_wide(board) + wide + times + 12 > left) return false;
  }
  const float heads = canvas.height(kSmallBold) * 2.75F + canvas.big(44, 44);
  const float statements = canvas.height(board.statement()) * 1.32F * static_cast<float>(lines);
  return heads + statements + board.line * static_cast<float>(board.rows.size() + 3) <= area.h;
}

void choose_sizes(QueriesBoard& board, const std::vector<Picture>& last, Rect area) {
  const Canvas& canvas = board.scene.canvas();
  using Sizes = std::pair<Size, Size>;
  for (const auto& [words, code] : {Sizes{Size::name, Size::body}, Sizes{Size::name, Size::small}, Sizes{Size::name, Size::micro},
                                    Sizes{Size::body, Size::small}, Sizes{Size::body, Size::micro}, Sizes{Size::small, Size::small},
                                    Sizes{Size::small, Size::micro}, Sizes{Size::micro, Size::micro}}) {
    board.words = words;
    board.code = code;
    board.line = canvas.height(board.strong()) * 1.42F + canvas.big(4, 5);
    if (fits_board(board, last, area)) return;
  }
}

QueriesLayout lay_queries(const QueriesBoard& board, Rect area) {
  const Canvas& canvas = board.scene.canvas();
  QueriesLayout layout;
  const float gap = canvas.big(14, 16);
  layout.left = area.take_left(left_wide(canvas, area));
  const auto count = static_cast<float>(board.pictures.size());
  const float wide = (area.w - gap * count) / count;
  for (std::size_t i = 0; i < board.pictures.size(); ++i) {
    area.take_left(gap);
    layout.columns.push_back(area.take_left(wide));
  }
  const std::size_t lines = statement_high(board, wide - canvas.big(20, 24));
  const float name = canvas.height(kSmallBold) * 1.4F, line = canvas.height(board.statement()) * 1.32F, pad = canvas.big(8, 8);
  // Rows first, then what is kept, then the statements.
  const float rows = board.line * static_cast<float>(board.rows.size());
  const float least = canvas.height(kSmallBold) * 1.35F + 2 * board.line + pad;
  const float statement = static_cast<float>(lines) * line;
  const float spare = area.h - name - rows - least - 3 * pad;
  layout.head = name + within(spare, 0.0F, statement);
  layout.rows_y = area.y + layout.head + 2 * pad;
  const float room = area.bottom() - layout.rows_y - least;
  layout.shown = std::min(board.rows.size(), static_cast<std::size_t>(std::max(room / board.line, 1.0F)));
  std::size_t come = 0;
  for (const CameIn& each : board.rows) come += each.event->at <= board.scene.picture.at;
  if (come > layout.shown) layout.first = come - layout.shown;
  layout.kept = layout.rows_y + board.line * static_cast<float>(layout.shown) + 2 * pad;
  return layout;
}

void draw_query_lines(const QueriesBoard& board, const QueriesLayout& layout, Rect area) {
  Canvas& canvas = board.scene.canvas();
  std::size_t newest = 0;
  for (std::size_t i = 0; i < board.rows.size(); ++i) {
    if (board.rows[i].event->at <= board.scene.picture.at) newest = i + 1;
  }
  for (std::size_t i = 0; i < layout.shown; ++i) {
    const std::size_t index = layout.first + i;
    const float y = layout.rows_y + board.line * static_cast<float>(i);
    if (index + 1 == newest) canvas.fill({area.x, y, area.w, board.line}, canvas.theme.raised, canvas.big(4, 6));
    if (i > 0) canvas.line({area.x, y}, {area.right(), y}, canvas.theme.line);
    draw_came_in(board, {layout.left.x + 6, y, layout.left.w - 12, board.line}, index, board.rows[index]);
    for (std::size_t q = 0; q < layout.columns.size(); ++q) {
      const Rect column = layout.columns[q];
      draw_told(board, {column.x + canvas.big(10, 12), y, column.w - canvas.big(20, 24), board.line}, board.pictures[q],
                board.rows[index]);
    }
  }
}

}  // namespace

void draw_queries_beside(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const streams::Film& film = *session.scenario().film;
  const streams::FilmSetup& setup = *session.scenario().ksql;
  std::vector<Picture> pictures, last;
  for (const std::string& each : setup.beside) {
    pictures.push_back(streams::picture_of(film, session.view_time(), film.query_of(each)));
    last.push_back(streams::picture_of(film, kNever, film.query_of(each)));
  }
  const Picture first = pictures.front();
  const TopologyScene scene{ui, film, first, setup.hop, is_question(session), ui.room.reduced_motion};
  QueriesBoard board = board_of(scene, std::move(pictures));
  canvas.push_clip(area);
  const Rect rest = area.inset(canvas.big(12, 14));
  choose_sizes(board, last, rest);
  const QueriesLayout layout = lay_queries(board, rest);
  for (std::size_t q = 0; q < layout.columns.size(); ++q) {
    const Rect column = layout.columns[q];
    canvas.fill(column, canvas.theme.card, canvas.big(8, 10));
    canvas.outline(column, canvas.theme.line2, 1, canvas.big(8, 10));
  }
  draw_query_lines(board, layout, rest);
  canvas.text_in({layout.left.x, rest.y, layout.left.w, canvas.height(kSmallBold) * 1.8F}, kSmallBold, canvas.theme.text,
                 "Rows, as they come");
  for (std::size_t q = 0; q < layout.columns.size(); ++q) {
    const Rect inner{layout.columns[q].x + canvas.big(10, 12), rest.y + canvas.big(4, 4),
                     layout.columns[q].w - canvas.big(20, 24), layout.head};
    draw_query_head(board, inner, board.pictures[q]);
    canvas.line({inner.x, layout.kept - canvas.big(6, 6)}, {inner.right(), layout.kept - canvas.big(6, 6)}, canvas.theme.line);
    draw_query_holds(board, {inner.x, layout.kept, inner.w, rest.bottom() - layout.kept - 4}, board.pictures[q]);
  }
  canvas.pop_clip();
}

}  // namespace nutshell
