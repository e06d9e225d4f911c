// Windows on the axis of record time: a band for each key of a task. They fill, close behind stream time, and expire; a row that
// comes too late falls out of its band.
#include <algorithm>
#include <set>

#include "viz/panels/topology.h"
#include "viz/ui/signs.h"

namespace nutshell {

using streams::FilmEvent;
using streams::FilmKind;
using streams::NoteKind;
using streams::PictureLate;
using streams::PictureTask;
using streams::PictureWindow;
using streams::WindowKind;
using streams::WindowStatus;

namespace {

struct RecordAxis {
  Rect area;
  std::int64_t from = 0, to = 1;  // ms
  float x(std::int64_t ms) const {
    const float part = static_cast<float>(within(ms, from, to) - from) / static_cast<float>(std::max<std::int64_t>(to - from, 1));
    return area.x + area.w * part;
  }
  bool sees(std::int64_t ms) const { return ms >= from && ms <= to; }
};

struct Band {
  const PictureTask* task = nullptr;
  std::string key;
  bool first = false;  // of its task
  bool falls = false;  // some row of it comes too late, now or later
  Rect rect, gap;      // the windows; below them, where late rows fall
  Rect above;          // the words of stream time
};

struct Board {
  const TopologyScene& scene;
  const streams::Step& step;
  RecordAxis axis;
  std::vector<Band> bands;
  std::size_t left_out = 0;
  bool session() const { return step.window == WindowKind::session; }
  int layers() const {
    if (session() || step.advance <= 0) return 1;
    return static_cast<int>(within<std::int64_t>((step.size + step.advance - 1) / step.advance, 1, 4));
  }
};

// All that ever happens stands on the axis, so that it does not move while time passes.
RecordAxis axis_of(const TopologyScene& scene, const streams::Step& step) {
  RecordAxis axis;
  bool any = false;
  const auto see = [&](std::int64_t from, std::int64_t to) {
    axis.from = any ? std::min(axis.from, from) : from;
    axis.to = any ? std::max(axis.to, to) : to;
    any = true;
  };
  for (const FilmEvent& each : scene.film.events) {
    if (each.kind != FilmKind::noted || (each.note.kind != NoteKind::counted && each.note.kind != NoteKind::late)) continue;
    if (step.window == WindowKind::session)
      see(each.window_start - step.size / 4, each.window_end + step.size);
    else
      see(each.window_start, each.window_end);
  }
  if (!any) see(0, std::max<std::int64_t>(step.size, 1000) * 3);
  axis.from = std::max<std::int64_t>(axis.from, 0);
  if (step.window != WindowKind::session) axis.to += std::min<std::int64_t>(step.advance, step.size) / (any ? 2 : 1);
  return axis;
}

std::vector<Band> bands_of(const TopologyScene& scene) {
  std::vector<Band> bands;
  for (const PictureTask& task : scene.picture.tasks) {
    std::vector<std::string> keys;
    std::set<std::string> late;
    for (const FilmEvent& each : scene.film.events) {
      const bool own = each.kind == FilmKind::noted && each.part == task.part && each.partition == task.partition;
      if (!own || (each.note.kind != NoteKind::counted && each.note.kind != NoteKind::late)) continue;
      if (std::find(keys.begin(), keys.end(), each.key) == keys.end()) keys.push_back(each.key);
      if (each.note.kind == NoteKind::late) late.insert(each.key);
    }
    for (std::size_t i = 0; i < keys.size(); ++i) bands.push_back({&task, keys[i], i == 0, late.count(keys[i]) > 0, {}, {}, {}});
  }
  return bands;
}

Board lay_board(const TopologyScene& scene, Rect area) {
  Canvas& canvas = scene.canvas();
  Board board{scene, *scene.picture.windowed, axis_of(scene, *scene.picture.windowed), bands_of(scene), 0};
  const float label = std::min(canvas.width(kMonoBold, "task 1_0") + canvas.big(22, 22), area.w * 0.2F);
  const float ticks = canvas.height(kMono) + canvas.big(10, 8), flag = canvas.height(kMicroBold) + 4;
  Rect rest = area;
  const Rect foot = rest.take_bottom(ticks);
  board.axis.area = {area.x + label, foot.y, area.w - label - canvas.big(10, 14), foot.h};
  const float least = canvas.height(kMonoBold) * 1.4F;
  float fall = canvas.height(kMonoBold) * 2.3F + 4, wanted = 0;
  const auto needs = [&](const Band& each) { return least + (each.first ? flag : 3) + (each.falls ? fall : 0); };
  // Where two lines for each late row are too much, one has to do.
  for (const Band& each : board.bands) wanted += needs(each);
  if (wanted > rest.h) fall = canvas.height(kMonoBold) * 1.45F + 2;
  wanted = 0;
  std::size_t fit = 0;
  while (fit < board.bands.size() && wanted + needs(board.bands[fit]) <= rest.h) wanted += needs(board.bands[fit++]);
  board.left_out = board.bands.size() - std::max<std::size_t>(fit, 1);
  board.bands.resize(std::min(std::max<std::size_t>(fit, 1), board.bands.size()));
  const float spare = std::max(rest.h - wanted, 0.0F) / static_cast<float>(std::max<std::size_t>(board.bands.size(), 1));
  const float high = least + std::min(spare * 0.85F, canvas.big(80, 80)), between = std::min(spare * 0.15F, canvas.big(14, 14));
  for (Band& each : board.bands) {
    if (each.first) rest.take_top(between);
    each.above = rest.take_top(each.first ? flag : 3);
    each.rect = rest.take_top(high);
    each.gap = rest.take_top(each.falls ? fall : 0);
    for (Rect* part : {&each.above, &each.rect, &each.gap}) {
      part->x = board.axis.area.x;
      part->w = board.axis.area.w;
    }
  }
  return board;
}

void draw_ticks(const Board& board) {
  Canvas& canvas = board.scene.canvas();
  const Theme& theme = canvas.theme;
  const RecordAxis& axis = board.axis;
  const std::int64_t span = std::max<std::int64_t>(axis.to - axis.from, 1);
  std::int64_t step = 1;
  for (const std::int64_t each : {1,    2,    5,      10,     20,     50,      100,     200,     500,       1000,
                                  2000, 5000, 10'000, 20'000, 60'000, 120'000, 300'000, 600'000, 3'600'000, 86'400'000}) {
    step = each;
    if (static_cast<float>(span / each) * (canvas.width(kMono, second_text(axis.to)) + canvas.big(26, 34)) <= axis.area.w) break;
  }
  for (std::int64_t at = (axis.from + step - 1) / step * step; at <= axis.to; at += step) {
    const float x = axis.x(at);
    canvas.line({x, axis.area.y + 2}, {x, axis.area.y + 6}, theme.line2);
    const bool last = at + step > axis.to;
    const std::string text = second_text(at) + (last ? " s" : "");
    const float wide = canvas.width(kMono, text), left = within(x - wide / 2, axis.area.x - 8, axis.area.right() + 8 - wide);
    canvas.text_in({left, axis.area.y + 6, wide + 1, axis.area.h - 6}, kMono, theme.text2, text);
  }
}

void draw_band_name(const Board& board, const Band& band, Rect area) {
  Canvas& canvas = board.scene.canvas();
  const Theme& theme = canvas.theme;
  Rect rest{area.x, band.rect.y, band.rect.x - area.x - canvas.big(10, 10), band.rect.h};
  const float line = canvas.height(kMonoBold) * 1.2F;
  if (rest.h >= 2 * line) {
    Rect words = rest.take_top(line);
    if (band.first) canvas.text_in(words, kMonoBold, theme.text, "task " + band.task->name());
  } else if (band.first) {
    canvas.text_in({rest.x, band.above.y, rest.w, band.above.h}, kMonoBold, theme.text, "task " + band.task->name());
  }
  const float wide = std::min(canvas.width(kMonoBold, band.key) + 16, rest.w);
  const Rect cell{rest.x, rest.y + 2, wide, std::min(line + 4, rest.h - 2)};
  draw_row_cell(board.scene, cell, band.key, RowCellState::read, {band.key});
}

// Where one window stands in its band.
Rect box_of(const Board& board, const Band& band, std::int64_t start, std::int64_t end) {
  Rect rect = band.rect;
  const int layers = board.layers();
  if (layers > 1) {
    const float high = rect.h / static_cast<float>(layers);
    rect.y += high * static_cast<float>((start / board.step.advance) % layers);
    rect.h = high - 2;
  }
  const float from = board.axis.x(start), to = board.axis.x(end);
  rect.x = from + 1;
  rect.w = std::max(to - from - 2, 3.0F);
  return rect;
}

enum class BoxLook : std::uint8_t { not_begun, open, closed, expired };

void draw_box(const Board& board, Rect box, BoxLook look) {
  Canvas& canvas = board.scene.canvas();
  const Theme& theme = canvas.theme;
  const float radius = canvas.big(4, 6);
  switch (look) {
    case BoxLook::not_begun: return canvas.dashed_outline(box, theme.line2, 1, kHidden, radius);
    case BoxLook::open: canvas.fill(box, theme.raised, radius); return canvas.outline(box, theme.text2, 1.75F, radius);
    case BoxLook::closed: canvas.hatch(box, theme.line2, canvas.big(9, 12)); return canvas.outline(box, theme.line2, 1.25F, radius);
    case BoxLook::expired: return canvas.dashed_outline(box, theme.line2, 1, kDead, radius);
  }
}

std::string_view look_word(BoxLook look) {
  switch (look) {
    case BoxLook::not_begun: return "not begun";
    case BoxLook::open: return "open";
    case BoxLook::closed: return "closed";
    case BoxLook::expired: break;
  }
  return "expired";
}

// Rows of the window, each at its time; those that would lie on one another move apart.
float draw_rows_in(const Board& board, const PictureWindow& window, Rect box) {
  Canvas& canvas = board.scene.canvas();
  const float high = std::min(box.h - 6, canvas.height(kMonoBold) * 1.5F),
              wide = canvas.width(kMonoBold, "00") + canvas.big(10, 12);
  std::vector<std::size_t> order(window.rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return window.times[a] < window.times[b]; });
  const float count = canvas.width({Face::bold, Size::name}, "00") + canvas.big(8, 8);
  float free = box.x + 3;
  if (high < canvas.height(kMonoBold)) return free;
  // A row that was counted again stands there once, with how often.
  std::erase_if(order, [&](std::size_t i) {
    const auto end = window.rows.begin() + static_cast<std::ptrdiff_t>(i);
    return std::find(window.rows.begin(), end, window.rows[i]) != end;
  });
  std::size_t left = order.size();
  for (const std::size_t i : order) {
    const auto often = std::count(window.rows.begin(), window.rows.end(), window.rows[i]);
    const std::string text = second_text(window.times[i]) + (often > 1 ? " x" + std::to_string(often) : "");
    const float own = std::max(wide, canvas.width(kMonoBold, text) + 8);
    // Those to come need their room, too.
    const float last = box.right() - count - static_cast<float>(left--) * (own + 3);
    const float x = std::max(std::min(board.axis.x(window.times[i]) - own / 2, last), free);
    if (x + own > box.right() - count) break;
    const bool fresh = board.scene.picture.at < window.changed + 4 * board.scene.hop;
    const bool newest = window.rows[i] == window.rows.back();
    const RowCellState state = newest && fresh ? RowCellState::at_work : RowCellState::read;
    float y = box.center().y - high / 2;
    if (newest && !board.scene.reduced) {
      // It drops onto the axis.
      const float part = static_cast<float>(board.scene.picture.at - window.changed) / static_cast<float>(160 * kMillisecond);
      y -= (1 - eased(part)) * canvas.big(26, 34);
    }
    draw_row_cell(board.scene, {x, y, own, high}, window.key, state, {text});
    if (often > 1)
      canvas.outline({x - 3, y - 3, own + 6, high + 6}, canvas.theme.hue(HueName::orange).stroke, canvas.big(1.75F, 2.5F), 5);
    free = x + own + (often > 1 ? 6 : 3);
  }
  return free;
}

// The count at the right end, and what the window is where there is room for words.
void draw_box_words(const Board& board, Rect box, float free, BoxLook look, const PictureWindow* window) {
  Canvas& canvas = board.scene.canvas();
  const Theme& theme = canvas.theme;
  const TextStyle large{Face::bold, box.h >= canvas.height({Face::bold, Size::name}) ? Size::name : Size::micro};
  Rect rest{free + 4, box.y, box.right() - free - 10, box.h};
  if (window && look != BoxLook::expired) {
    const std::string count = std::to_string(window->rows.size());
    const float wide = canvas.width(large, count);
    Rect place{box.right() - wide - 8, box.y, wide + 2, box.h};
    canvas.text_in(place, large, theme.text, count, Align::right);
    rest.w -= wide + 8;
  }
  std::string word(look_word(look));
  if (window && window->told) word += ", told";
  const float wide = canvas.width(kMicroBold, word);
  if (wide <= rest.w && box.h >= canvas.height(kMicro)) {
    const Color color = look == BoxLook::open ? theme.text : theme.text3;
    canvas.text_in(rest, look == BoxLook::open ? kMicroBold : kMicro, color, word, window ? Align::right : Align::center);
  }
}

const PictureWindow* window_at(const Band& band, std::int64_t start) {
  for (const PictureWindow& each : band.task->windows) {
    if (each.key == band.key && each.start == start) return &each;
  }
  return nullptr;
}

// First the boxes, then, over the hands of the clocks, what is in them.
enum class Pass : std::uint8_t { boxes, contents };

// Why it holds what it holds, for whoever points at it.
void tell_why(const Board& board, Rect box, const std::string& key, std::int64_t start) {
  const std::vector<streams::WindowReason> why = streams::why_window(board.scene.picture, key, start);
  if (why.empty()) return;
  std::string rest;
  for (std::size_t i = 1; i < why.size(); ++i) rest += (i > 1 ? " " : "") + why[i].text;
  board.scene.ui.tell(box, why[0].text, rest.empty() ? "no row of it was late" : rest);
  if (board.scene.ui.over(box)) board.scene.ui.pointed_window = streams::WindowName{key, start};
}

void draw_fixed(const Board& board, const Band& band, Pass pass) {
  const streams::Step& step = board.step;
  const std::int64_t clock = band.task->stream_time, advance = std::max<std::int64_t>(step.advance, 1);
  const std::int64_t first = board.axis.from / advance * advance;
  for (std::int64_t start = first; start < board.axis.to; start += advance) {
    const std::int64_t end = start + step.size;
    if (start < board.axis.from) continue;
    const PictureWindow* window = window_at(band, start);
    BoxLook look = BoxLook::not_begun;
    if (window && window->status == WindowStatus::expired)
      look = BoxLook::expired;
    else if (clock != streams::kNoTime && end <= clock - step.grace)
      look = BoxLook::closed;
    else if (window || (clock != streams::kNoTime && start <= clock))
      look = BoxLook::open;
    if (board.layers() > 1 && !window && look != BoxLook::open) continue;
    const Rect box = box_of(board, band, start, end);
    if (pass == Pass::boxes) {
      draw_box(board, box, look);
      continue;
    }
    const float free = window && look != BoxLook::expired ? draw_rows_in(board, *window, box) : box.x + 3;
    draw_box_words(board, box, free, look, window);
    tell_why(board, box, band.key, start);
  }
}

void draw_sessions(const Board& board, const Band& band, Pass pass) {
  Canvas& canvas = board.scene.canvas();
  for (const PictureWindow& each : band.task->windows) {
    if (each.key != band.key) continue;
    const BoxLook look = each.status == WindowStatus::expired  ? BoxLook::expired
                         : each.status == WindowStatus::closed ? BoxLook::closed
                                                               : BoxLook::open;
    const float least = canvas.width(kMonoBold, "00") + canvas.big(46, 60);
    Rect box = box_of(board, band, each.start, each.end);
    const Rect reach = box_of(board, band, each.end, each.end + board.step.size);
    // How long the next row may let itself be waited for.
    if (look == BoxLook::open && pass == Pass::boxes)
      canvas.dashed_outline({reach.x, box.y + box.h * 0.25F, reach.w, box.h * 0.5F}, canvas.theme.text3, 1, kNotYet, 3);
    box.x -= canvas.big(12, 14);
    box.w = std::max(box.w + canvas.big(24, 28), least);
    if (pass == Pass::boxes) {
      draw_box(board, box, look);
      continue;
    }
    const float free = look != BoxLook::expired ? draw_rows_in(board, each, box) : box.x + 3;
    draw_box_words(board, box, free, look, &each);
    tell_why(board, box, each.key, each.start);
  }
}

// Stream time: a line with a pennant, over all bands of its task; behind it, up to where no row counts any more.
void draw_hand(const Board& board, const PictureTask& task) {
  Canvas& canvas = board.scene.canvas();
  const Theme& theme = canvas.theme;
  if (task.stream_time == streams::kNoTime) return;
  const Band *first = nullptr, *last = nullptr;
  for (const Band& each : board.bands) {
    if (each.task != &task) continue;
    if (!first) first = &each;
    last = &each;
  }
  if (!first) return;
  const std::int64_t shown = [&] {
    // It slides to where a row has moved it.
    std::int64_t before = streams::kNoTime;
    Time moved = -1;
    for (const FilmEvent& each : board.scene.film.events) {
      if (each.at > board.scene.picture.at) break;
      if (each.kind != FilmKind::noted || each.part != task.part || each.partition != task.partition) continue;
      if (each.note.stream_time == task.stream_time && moved < 0) moved = each.at;
      if (each.note.stream_time < task.stream_time && each.note.stream_time != 0) before = std::max(before, each.note.stream_time);
    }
    if (board.scene.reduced || before == streams::kNoTime || moved < 0) return task.stream_time;
    const float part = eased(static_cast<float>(board.scene.picture.at - moved) / static_cast<float>(240 * kMillisecond));
    return before + static_cast<std::int64_t>(static_cast<float>(task.stream_time - before) * part);
  }();
  const float x = board.axis.x(shown);
  canvas.line({x, first->above.y + 2}, {x, last->rect.bottom() + 4}, theme.paper, 2);
  canvas.polygon({{x, first->above.y + 2}, {x + 11, first->above.y + 6}, {x, first->above.y + 10}}, theme.paper);
  const std::string text = "stream time " + streams::seconds_text(task.stream_time);
  const float wide = canvas.width(kMicroBold, text);
  const bool right = x + 16 + wide <= board.axis.area.right() + 8;
  const Rect words{right ? x + 16 : x - wide - 8, first->above.y, wide + 2, first->above.h};
  canvas.text_in(words, kMicroBold, theme.text, text);
  const std::int64_t closes = task.stream_time - board.step.grace - (board.session() ? board.step.size : 0);
  if ((board.step.grace == 0 && !board.session()) || !board.axis.sees(closes)) return;
  const float y = board.axis.x(closes);
  canvas.dashed_line({y, first->above.y + first->above.h * 0.5F}, {y, last->rect.bottom() + 4}, theme.hue(HueName::red).stroke,
                     1.5F, kNotYet);
  const std::string grace = board.session() ? "closed before here" : "closed: grace " + streams::seconds_text(board.step.grace);
  const float room = canvas.width(kMicro, grace);
  if (y - room - 6 >= board.axis.area.x && (right || y < words.x))
    canvas.text_in({y - room - 6, first->above.y, room + 1, first->above.h}, kMicro, theme.text2, grace, Align::right);
}

std::string late_reason(const Board& board, const PictureLate& late) {
  if (board.session())
    return "its session ended at " + second_text(late.window_end) + ", before clock " + second_text(late.stream_time) +
           " \u2212 gap " + second_text(board.step.size) + " \u2212 grace " + second_text(board.step.grace);
  return "end " + second_text(late.window_end) + " > clock " + second_text(late.stream_time) + " \u2212 grace " +
         second_text(board.step.grace) + " is false";
}

std::string late_head(const Board& board, const PictureLate& late, int count) {
  const std::string before = count > 1 ? std::to_string(count) + " late, the last: " : "";
  const std::string bounds =
      " [" + second_text(late.window_start) + ", " + second_text(late.window_end) + (board.session() ? "]" : ")");
  return before + "too late: " + (board.session() ? "its session" : "its window") + bounds + " is closed";
}

// The last one stands below its band; what came before is counted.
void draw_late(const Board& board, const Band& band) {
  Canvas& canvas = board.scene.canvas();
  const Theme& theme = canvas.theme;
  const PictureLate* last = nullptr;
  int count = 0;
  for (const PictureLate& each : band.task->late) {
    if (each.key != band.key) continue;
    last = &each;
    ++count;
  }
  if (!last || band.gap.h <= 0) return;
  const Color red = theme.hue(HueName::red).stroke;
  const std::string text = second_text(last->timestamp);
  const float wide = std::max(canvas.width(kMonoBold, text), canvas.width(kMonoBold, "00")) + canvas.big(10, 12),
              high = canvas.height(kMonoBold) * 1.4F;
  const float x = within(board.axis.x(last->timestamp) - wide / 2, band.gap.x, band.gap.right() - wide);
  const float part =
      board.scene.reduced
          ? 1
          : within(static_cast<float>(board.scene.picture.at - last->at) / static_cast<float>(500 * kMillisecond), 0.0F, 1.0F);
  const float top = band.rect.center().y - high / 2, foot = band.gap.center().y - high / 2;
  const Rect cell{x, top + (foot - top) * part * part * part, wide, high};
  canvas.dashed_line({cell.center().x, band.rect.center().y}, {cell.center().x, cell.y}, red, 1.75F, kNotYet);
  if (part < 1) canvas.cover(cell);
  draw_row_cell(board.scene, cell, last->key, RowCellState::late, {text});
  if (part < 1) return;
  draw_cross(canvas, {cell.right() + canvas.big(12, 15), cell.center().y}, canvas.big(5, 7), red, 2.5F);
  const std::string reason = late_reason(board, *last);
  const bool one_line = band.gap.h < canvas.height(kMicro) * 2.1F;
  const std::string head = one_line ? "too late: " + reason : late_head(board, *last, count);
  const float both = std::max(canvas.width(kMicroBold, head), one_line ? 0.0F : canvas.width(kMicro, reason));
  const float left = cell.right() + canvas.big(24, 30), room_right = band.gap.right() - left, room_left = cell.x - 10 - band.gap.x;
  const bool to_right = room_right >= both || room_right >= room_left;
  const float line = band.gap.h / (one_line ? 1 : 2);
  const float w = std::min(both + 2, std::max(to_right ? room_right : room_left, 10.0F));
  const float wx = to_right ? left : cell.x - 10 - w;
  const Align align = to_right ? Align::left : Align::right;
  canvas.text_in({wx, band.gap.y, w, line}, kMicroBold, theme.hue(HueName::red).words, head, align);
  if (!one_line) canvas.text_in({wx, band.gap.y + line, w, line}, kMicro, theme.text2, reason, align);
}

std::string kind_text(const streams::Step& step) {
  const std::string size = streams::seconds_text(step.size);
  if (step.window == WindowKind::session) return "Sessions with a gap of up to " + size;
  if (step.advance < step.size) return "Windows of " + size + ", one every " + streams::seconds_text(step.advance);
  return "Windows of " + size;
}

}  // namespace

void draw_windows(const TopologyScene& scene, Rect area) {
  if (area.w < 160 || area.h < 70) return;
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  if (area.h > canvas.big(190, 260)) {
    Rect head = area.take_top(canvas.height(kSmallBold) + canvas.big(8, 4));
    head.take_left(canvas.text_in(head, kSmallBold, theme.text, kind_text(*scene.picture.windowed)) + 10);
    const std::string more = "each task has a clock of its own: the highest time it has seen";
    if (canvas.width(kMicro, more) <= head.w) canvas.text_in(head, kMicro, theme.text2, more);
  }
  const Board board = lay_board(scene, area);
  const auto draw_all = [&board](Pass pass) {
    for (const Band& each : board.bands) board.session() ? draw_sessions(board, each, pass) : draw_fixed(board, each, pass);
  };
  draw_all(Pass::boxes);
  for (const PictureTask& each : scene.picture.tasks) draw_hand(board, each);
  draw_all(Pass::contents);
  for (const Band& each : board.bands) draw_band_name(board, each, area);
  for (const Band& each : board.bands) draw_late(board, each);
  draw_ticks(board);
  if (board.bands.empty()) canvas.text_in(area, kSmall, theme.text2, "No row has come to a window.", Align::center);
}

}  // namespace nutshell
