// The cleaner at work on a log that is shown large: the line up to which it has read, and below it the file that will take
// the place of the old ones (L15).
#include <algorithm>
#include <string>
#include <vector>

#include "viz/panels/log_close_up.h"
#include "viz/panels/log_strip.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// Above it a preview would take longer than a frame.
constexpr Offset kMostOffsets = 4000;

// How far pass 2 is, as an offset: by the bytes that are left to read.
Offset read_up_to(const LogBand& band, const CleanerAtWork& work) {
  const std::int64_t all = work.range.clean_bytes + work.range.cleanable_bytes;
  std::int64_t read = std::max<std::int64_t>(all - work.bytes_left, 0);
  for (const Segment& segment : band.log().segments()) {
    if (segment.base_offset >= work.range.first_uncleanable) break;
    for (const Batch& batch : segment.batches) {
      if (read < batch.size_in_bytes) return batch.base_offset;
      read -= batch.size_in_bytes;
    }
  }
  return work.range.first_uncleanable;
}

// What the round will leave out, as the cleaner itself says: on a copy.
std::vector<Removed> preview(const LogBand& band, const CleanableRange& range) {
  if (range.cleanable_bytes == 0 || band.log().log_end_offset() - band.log().log_start_offset() > kMostOffsets) return {};
  Log log = band.log();
  Records records = band.world.commons.store.records;
  CleaningRound round;
  round.range = range;
  round.keep_batch_ending_at = log.high_watermark();
  return clean(log, records, round, cleaner_config(*band.shown.config), band.clock).removed;
}

void draw_line(const LogBand& band, Offset at) {
  Canvas& canvas = band.canvas();
  const float x = band.columns.of(std::clamp(at, band.columns.first, band.columns.last)) - (band.columns.pitch - band.columns.cell) / 2;
  const float head = canvas.big(6, 9), foot = band.fresh.y - 2;
  canvas.line({x, band.frames.y}, {x, foot - head}, canvas.theme.paper, canvas.big(3, 4));
  canvas.polygon({{x - head, foot - head}, {x + head, foot - head}, {x, foot}}, canvas.theme.paper);
}

void draw_kept_cell(const LogBand& band, Rect cell, Offset offset) {
  Canvas& canvas = band.canvas();
  const StoredRecord stored = stored_record(band.world, band.log(), offset);
  const Point from{cell.center().x, band.cells.bottom() + 2}, to{cell.center().x, cell.y - 2};
  canvas.line(from, to, canvas.theme.text2, 1.5F);
  canvas.polygon({{to.x - 4, to.y - 6}, {to.x + 4, to.y - 6}, to}, canvas.theme.text2);
  draw_cell(canvas, cell, dye_of_key(canvas.theme, key_word(band.world, stored)), ReplicaSign::leader, true, false);
  const std::string number = std::to_string(offset);
  if (canvas.width(kMono, number) <= cell.w) canvas.text_in(cell, kMono, canvas.theme.ink, number, Align::center);
}

}  // namespace

void draw_new_file(const LogBand& band) {
  if (band.fresh.empty() || !band.work || band.asks) return;
  Canvas& canvas = band.canvas();
  draw_line_name(band, band.fresh, "as it will be", kSmall);
  const CleanableRange& range = band.work->range;
  const bool mapping = band.work->bytes_left > range.clean_bytes + range.cleanable_bytes;
  if (mapping) {
    const Rect words{band.columns.x, band.fresh.y, band.area.right() - band.columns.x, band.fresh.h};
    canvas.text_in(words, kSmall, canvas.theme.text2, "pass 1 only reads, and notes the last offset of each key");
    return;
  }
  const Offset decided = read_up_to(band, *band.work);
  const std::vector<Removed> removed = preview(band, range);
  const Rect frame = band.frame_of(band.log().log_start_offset(), range.first_uncleanable);
  if (frame.empty()) return;
  const Rect file{frame.x, band.fresh.y, frame.w, band.fresh.h};
  canvas.dashed_outline(file, canvas.theme.text2, 1.5F, kNotYet, 8);
  for (Offset offset = std::max(band.log().log_start_offset(), band.columns.first); offset < decided; ++offset) {
    const bool goes = std::any_of(removed.begin(), removed.end(), [&](const Removed& each) { return each.offset == offset; });
    const bool there = record_at(band.world.commons.store.records, band.log(), offset) != nullptr;
    if (there && !goes) draw_kept_cell(band, {band.columns.of(offset), file.y + 6, band.columns.cell, file.h - 12}, offset);
  }
  Rect words{file.right() + 10, file.y, band.area.right() - file.right() - 12, file.h};
  for (const char* each : {".log.cleaned: not in use before the end", ".log.cleaned, not in use yet", ".log.cleaned"}) {
    if (canvas.width(kMono, each) > words.w) continue;
    canvas.text_in(words, kMono, canvas.theme.text2, each);
    break;
  }
  draw_line(band, decided);
}

}  // namespace nutshell
