// What the cleaner makes of a log that is shown large: clean and dirty in brackets, and below each record that the next round
// will leave out, where its key came again (L13-L17).
#include <algorithm>
#include <map>

#include "sim/log/log_cleaner.h"
#include "viz/panels/log_close_up.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

std::string share_text(std::int64_t part, std::int64_t whole) {
  const std::int64_t hundredths = whole > 0 ? part * 100 / whole : 0;
  const std::string digits = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (digits.size() < 2 ? "0" : "") + digits;
}

// A bracket over the columns [from, to), and the longest of the words that fits.
void draw_bracket(const LogBand& band, Offset from, Offset to, const std::vector<std::string>& texts, bool strong) {
  const Rect frame = band.frame_of(from, to);
  if (frame.empty() || from >= to) return;
  Canvas& canvas = band.canvas();
  const Color color = strong ? canvas.theme.text : canvas.theme.text2;
  const float y = band.cleaning.bottom() - 5;
  const float left = frame.x + 1, right = frame.right() - 1;
  canvas.polyline({{left, y + 5}, {left, y}, {right, y}, {right, y + 5}}, color, strong ? 1.75F : 1.25F);
  const TextStyle style = strong ? kSmallBold : kSmall;
  for (const std::string& each : texts) {
    if (canvas.width(style, each) > frame.w - 4) continue;
    canvas.text_in({frame.x + 2, band.cleaning.y, frame.w - 4, band.cleaning.h - 8}, style, color, each);
    return;
  }
}

// The newest offset of each key within the part that a round maps.
std::map<std::int32_t, Offset> newest_of(const LogBand& band, Offset from, Offset to) {
  std::map<std::int32_t, Offset> newest;
  for (const Batch& batch : band.log().batches()) {
    if (batch.next_offset() <= from || batch.base_offset >= to) continue;
    for_each_record(band.world.commons.store.records, batch, [&](Offset offset, const Record& record) {
      if (offset >= from && offset < to && record.key >= 0) newest[record.key] = offset;
    });
  }
  return newest;
}

// What a record says below itself; empty: the next round keeps it, or does not come to it.
std::string note_of(const LogBand& band, Offset offset, const CleanableRange& range, const std::map<std::int32_t, Offset>& newest) {
  const StoredRecord stored = stored_record(band.world, band.log(), offset);
  if (!stored.record || offset >= range.first_uncleanable) return "";
  const auto found = newest.find(stored.record->key);
  if (found != newest.end() && found->second > offset) return "\u2192 " + std::to_string(found->second);
  if (stored.record->is_tombstone() && stored.batch->delete_horizon != kNoTimestamp)
    return stored.batch->delete_horizon > band.clock ? left_text(band.clock, stored.batch->delete_horizon) : "may go";
  return "";
}

}  // namespace

CleanableRange next_round(const LogBand& band) {
  std::optional<Offset> checkpoint;
  for (const CleanerCheckpoint& each : band.shown.broker->cleaner.checkpoints)
    if (each.tp == band.shown.tp) checkpoint = each.offset;
  return cleanable_range(band.log(), checkpoint, cleaner_config(*band.shown.config), band.clock);
}

void draw_cleaning(const LogBand& band) {
  Canvas& canvas = band.canvas();
  const CleanableRange range = next_round(band);
  const SegmentView segments = band.log().segments();
  if (segments.empty()) return;
  const Offset active = segments.back().base_offset, end = band.log().log_end_offset();
  const std::int64_t whole = range.clean_bytes + range.cleanable_bytes;
  const std::string ratio = share_text(range.cleanable_bytes, whole);
  const std::string least = share_text(band.shown.config->min_cleanable_dirty_ratio.ppm, 1'000'000);
  const bool wanted = range.wants_cleaning(band.shown.config->min_cleanable_dirty_ratio.ppm);
  const std::string clean = "clean, up to the checkpoint " + std::to_string(range.first_dirty);
  draw_bracket(band, band.log().log_start_offset(), range.first_dirty, {clean, "clean"}, false);
  const std::string bytes = std::to_string(range.cleanable_bytes) + " of " + std::to_string(whole) + " B = ";
  const std::string than = (wanted ? ", over " : ", not over ") + least;
  draw_bracket(band, range.first_dirty, range.first_uncleanable,
               {"dirty: " + bytes + ratio + than, "dirty: " + ratio + than, "dirty: " + ratio, "dirty"}, wanted);
  draw_bracket(band, range.first_uncleanable, active, {"too young: min.compaction.lag.ms", "too young"}, false);
  draw_bracket(band, active, end + 1, {"active: never cleaned", "active"}, false);
  draw_line_name(band, band.again, "again at", kSmall);
  if (band.asks) return;  // what goes next may be what is asked
  const auto newest = newest_of(band, range.first_dirty, range.first_uncleanable);
  for (Offset offset = std::max(band.log().log_start_offset(), band.columns.first); offset < std::min(end, band.columns.last); ++offset) {
    const std::string note = note_of(band, offset, range, newest);
    const Rect below{band.columns.of(offset) - 2, band.again.y, band.columns.cell + 4, band.again.h};
    if (!note.empty() && canvas.width(kMono, note) <= below.w) canvas.text_in(below, kMono, canvas.theme.text, note, Align::center);
  }
}

std::string cleaner_text(const LogBand& band) {
  const LogCleaner& cleaner = band.shown.broker->cleaner;
  for (const CleanerThread& each : cleaner.threads) {
    if (!(each.tp == band.shown.tp)) continue;
    if (!band.work) return "the cleaner has put its file in place";
    const bool mapping = band.work->bytes_left > band.work->range.clean_bytes + band.work->range.cleanable_bytes;
    return std::string("the cleaner: pass ") + (mapping ? "1, it makes a map" : "2, it copies what stays");
  }
  const Time look = band.timer(TimerKind::log_cleaner);
  return look < 0 ? "" : "the cleaner looks in " + left_text(band.view_time, look);
}

}  // namespace nutshell
