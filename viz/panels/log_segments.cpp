// The segments of a log that is shown large: a frame each, with its records, and the files that wait to be removed.
#include <algorithm>

#include "sim/core/text.h"
#include "viz/panels/log_close_up.h"
#include "viz/panels/log_strip.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// "…00012.log": the file is named by its first offset, in twenty digits.
std::string file_name(Offset base) {
  std::string digits = std::to_string(base);
  if (digits.size() < 5) digits.insert(0, 5 - digits.size(), '0');
  return "\u2026" + digits + ".log";
}

std::string size_text(std::int64_t bytes) {
  if (bytes < 10'000) return std::to_string(bytes) + " B";
  if (bytes < 10'000'000) return std::to_string(bytes / 1024) + " KiB";
  return std::to_string(bytes / (1024 * 1024)) + " MiB";
}

// What a frame says of itself, as much as it has room for.
void draw_frame_head(Canvas& canvas, Rect frame, const Segment& segment, bool active) {
  const Theme& theme = canvas.theme;
  Rect head{frame.x + 8, frame.y + 4, frame.w - 16, canvas.height(kMono) + 4};
  const std::string name = file_name(segment.base_offset), size = size_text(segment.size_in_bytes);
  const std::string_view state = active ? "active" : "closed";
  const TextStyle style = active ? kMicroBold : kMicro;
  if (canvas.width(kMono, name) > head.w) return;
  // Letters that are enlarged are a little wider than they measure.
  head.take_left(canvas.text_in(head, kMono, theme.text, name) * 1.1F + 8);
  const float wide = canvas.width(style, state);
  if (wide > head.w) return;
  canvas.text_in(head.take_right(wide + 2), style, active ? theme.text : theme.text3, state, Align::right);
  if (canvas.width(kMono, size) + 8 <= head.w) canvas.text_in(head, kMono, theme.text3, size);
}

// The offset; below it key and value, as far as there is room.
void draw_words(Canvas& canvas, const World& world, Rect cell, Offset offset, const StoredRecord& stored, Color color) {
  const std::string number = std::to_string(offset);
  const bool roomy = cell.w > canvas.big(70, 96) && cell.h > canvas.big(110, 150);
  const bool large = roomy && canvas.width({Face::mono, Size::small}, number) <= cell.w - 6;
  const TextStyle mono{Face::mono, large ? Size::small : Size::micro}, bold{Face::bold, roomy ? Size::body : Size::small};
  const float line = canvas.height(bold) * 1.15F;
  Rect rest{cell.x + 3, cell.y + 4, cell.w - 6, cell.h - 8};
  const bool fits = canvas.width(mono, number) <= rest.w;
  if (fits) canvas.text_in(rest.take_top(line), mono, color, number, Align::left);
  if (rest.h < line) return;
  std::string key = key_word(world, stored), word = stored.record && stored.record->is_tombstone() ? "" : record_word(world, stored);
  if (word == key) word.clear();
  if (key.empty()) std::swap(key, word);
  const auto say = [&](TextStyle style, const std::string& text) {
    if (text.empty() || rest.h < line * 0.9F) return;
    canvas.text_in(rest.take_top(line), style, color, canvas.fitted(style, text, rest.w), Align::center);
  };
  say(bold, key);
  say(mono, word);
  if (!stored.record || !stored.record->is_tombstone() || rest.h < line * 0.9F) return;
  const Point middle{rest.center().x, rest.y + line / 2};
  const float radius = line * 0.32F;
  canvas.ring(middle, radius, color, 1.5F);
  canvas.line({middle.x - radius - 2, middle.y + radius + 2}, {middle.x + radius + 2, middle.y - radius - 2}, color, 1.5F);
}

// Where a record stood that is no more: its number stays, and so does its column.
void draw_hole(Canvas& canvas, Rect cell, Offset offset) {
  const Color color = canvas.theme.text3;
  const std::string number = std::to_string(offset);
  const Point above{cell.center().x, cell.bottom() - canvas.height(kMono)};
  if (canvas.width(kMono, number) <= cell.w) canvas.text(above, kMono, color, number, Align::center);
  canvas.line({cell.x + 4, cell.bottom() - 2}, {cell.right() - 4, cell.bottom() - 2}, color, 1.5F);
}

void draw_record(const LogBand& band, Offset offset) {
  Canvas& canvas = band.canvas();
  const Theme& theme = canvas.theme;
  const Rect cell{band.columns.of(offset), band.cells.y, band.columns.cell, band.cells.h};
  const StoredRecord stored = stored_record(band.world, band.log(), offset);
  const Place place{PlaceKind::record, band.shown.broker->node, kNoNode, band.shown.tp, offset};
  band.ui.figure.spots.push_back({canvas.in_window(cell), place});
  if (!stored.record) return draw_hole(canvas, cell, offset);
  const bool committed = offset < band.log().high_watermark();
  draw_cell(canvas, cell, dye_of_key(theme, key_word(band.world, stored)), ReplicaSign::leader, committed, false);
  draw_words(canvas, band.world, cell, offset, stored, committed ? theme.ink : theme.text);
}

// Below the log start, in a segment that is still there: on the disk, and for nobody to read (L12).
void draw_unreadable(const LogBand& band, Offset offset) {
  Canvas& canvas = band.canvas();
  const Rect cell{band.columns.of(offset), band.cells.y, band.columns.cell, band.cells.h};
  canvas.hatch(cell, canvas.theme.line2, canvas.big(8, 12));
  canvas.dashed_outline(cell, canvas.theme.text3, 1.25F, kHidden, 4);
  const std::string number = std::to_string(offset);
  if (canvas.width(kMono, number) + 8 <= cell.w)
    canvas.text({cell.x + 4, cell.y + canvas.height(kMono)}, kMono, canvas.theme.text3, number);
}

// Deleted from the log, and still on disk until file.delete.delay.ms is over.
void draw_waiting_files(const LogBand& band) {
  Canvas& canvas = band.canvas();
  const auto& files = band.shown.broker->deleted_files;
  const Color orange = canvas.theme.hue(HueName::orange).stroke;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].tp != band.shown.tp) continue;
    Offset next = band.log().segments().empty() ? band.log().log_end_offset() : band.log().segments().front().base_offset;
    for (const DeletedFile& each : files)
      if (each.tp == files[i].tp && each.base_offset > files[i].base_offset) next = std::min(next, each.base_offset);
    const Rect frame = band.frame_of(files[i].base_offset, next);
    if (frame.empty()) continue;
    canvas.dashed_outline(frame, orange, 1.25F, kHidden, 8);
    Rect words{frame.x + 8, frame.y + 4, frame.w - 16, canvas.height(kMono) + 4};
    const std::string name = file_name(files[i].base_offset) + ".deleted";
    if (canvas.width(kMono, name) <= words.w) canvas.text_in(words, kMono, canvas.theme.text3, name);
    words.y += canvas.height(kMono) * 1.5F;
    const Duration left = std::max<Duration>(files[i].remove_at - band.view_time, 0);
    const std::string text = "file goes in " + format_duration(left / (100 * kMillisecond) * (100 * kMillisecond));
    if (canvas.width(kMicro, text) <= words.w) canvas.text_in(words, kMicro, canvas.theme.hue(HueName::orange).words, text);
  }
}

// The marks stand between cells, before the offset that they name.
void draw_marks_at(const LogBand& band) {
  Canvas& canvas = band.canvas();
  const Theme& theme = canvas.theme;
  const Log& log = band.log();
  const float gap = (band.columns.pitch - band.columns.cell) / 2, top = band.cells.y - 4, foot = band.cells.bottom() + 4;
  const auto x_at = [&](Offset offset) { return band.columns.of(offset) - gap; };
  if (log.log_start_offset() >= band.columns.first && band.columns.sees(log.log_start_offset())) {
    const float x = x_at(log.log_start_offset()) - 1;
    canvas.polyline({{x + 5, top}, {x, top}, {x, foot}, {x + 5, foot}}, theme.text, 2);
  }
  if (band.columns.sees(log.high_watermark())) {
    const float x = x_at(log.high_watermark());
    canvas.line({x, top}, {x, foot}, theme.text, canvas.big(2.5F, 4));
    canvas.fill({x, top, canvas.big(8, 12), canvas.big(6, 9)}, theme.text);
  }
  if (!band.columns.sees(log.log_end_offset())) return;
  const float x = x_at(log.log_end_offset()) + (log.high_watermark() == log.log_end_offset() ? 4.0F : 0.0F);
  canvas.polyline({{x - 4, top}, {x, top}, {x, foot}, {x - 4, foot}}, theme.text, 1.5F);
  const Rect next{band.columns.of(log.log_end_offset()) + 4, band.cells.y, band.columns.cell - 4, band.cells.h};
  canvas.dashed_outline(next, theme.line2, 1.25F, kHidden, 4);
}

}  // namespace

void draw_segments(const LogBand& band) {
  Canvas& canvas = band.canvas();
  const Theme& theme = canvas.theme;
  const Log& log = band.log();
  draw_line_name(band, band.cells, "records", kSmall);
  draw_waiting_files(band);
  const SegmentView segments = log.segments();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool active = i + 1 == segments.size();
    const Offset end = active ? log.log_end_offset() + 1 : segments[i + 1].base_offset;
    const Rect frame = band.frame_of(segments[i].base_offset, end);
    if (frame.empty()) continue;
    canvas.fill(frame, theme.card, 8);
    canvas.outline(frame, active ? theme.text2 : theme.line2, active ? 1.5F : 1, 8);
    draw_frame_head(canvas, frame, segments[i], active);
  }
  if (!segments.empty())
    for (Offset offset = std::max(segments.front().base_offset, band.columns.first); offset < log.log_start_offset(); ++offset)
      draw_unreadable(band, offset);
  const Offset end = std::min(log.log_end_offset(), band.columns.last);
  for (Offset offset = std::max(log.log_start_offset(), band.columns.first); offset < end; ++offset) draw_record(band, offset);
  draw_marks_at(band);
  if (log.log_start_offset() < band.columns.first)
    canvas.text({band.columns.x - 10, band.cells.center().y}, kSmall, theme.text3, "\u2026", Align::center);
}

}  // namespace nutshell
