// The two indexes of each segment of a log that is shown large: combs with a tooth per entry (L6). For a record that is
// selected, how a search for its time comes to it.
#include <algorithm>
#include <string>
#include <vector>

#include "sim/core/text.h"
#include "sim/log/log_index.h"
#include "viz/panels/log_close_up.h"
#include "viz/panels/stage.h"

namespace nutshell {

namespace {

// An entry stands below the record that it points at.
void draw_comb(const LogBand& band, Rect frame, float y, const std::vector<Offset>& teeth, bool round) {
  Canvas& canvas = band.canvas();
  const Color color = canvas.theme.text3;
  const float high = canvas.big(4, 6);
  canvas.line({frame.x + 8, y}, {frame.right() - 8, y}, color, 1.25F);
  for (const Offset each : teeth) {
    if (!band.columns.sees(each)) continue;
    const Point foot{band.columns.of(each) + band.columns.cell / 2, y};
    canvas.line({foot.x, y - high}, {foot.x, y + high}, color, 1.5F);
    if (round) canvas.circle({foot.x, y + high}, canvas.big(2.5F, 3.5F), color);
  }
}

std::vector<Offset> offsets_of(const SegmentIndexes& indexes, bool times) {
  std::vector<Offset> all;
  if (times)
    for (const TimeIndexEntry& each : indexes.times) all.push_back(each.offset);
  else
    for (const OffsetIndexEntry& each : indexes.offsets) all.push_back(each.offset);
  return all;
}

// The steps, in words; the longest that fits.
std::vector<std::string> steps_of(const TimeLookUp& look, Time wanted) {
  const std::string time = look.time ? "offset " + std::to_string(look.time->offset) : std::string("no entry so old");
  const std::string place = "byte " + std::to_string(look.read_from);
  const std::string end = look.found ? "offset " + std::to_string(look.found->offset) : std::string("nothing");
  const std::string from = "from " + format_time(wanted) + " on:  ";
  return {from + "1. .timeindex: " + time + "   2. .index: " + place + "   then it reads, to " + end,
          from + "1. time index: " + time + "  2. index: " + place + "  read to " + end, from + place + ", then read to " + end};
}

}  // namespace

void draw_combs(const LogBand& band) {
  if (band.combs.empty()) return;
  const float first = band.combs.y + band.combs.h * 0.3F, second = band.combs.y + band.combs.h * 0.75F;
  const float line = band.canvas().height(kMono);
  draw_line_name(band, {band.combs.x, first - line / 2, band.combs.w, line}, ".index", kMono);
  draw_line_name(band, {band.combs.x, second - line / 2, band.combs.w, line}, ".timeindex", kMono);
  const SegmentView segments = band.log().segments();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool closed = i + 1 < segments.size();
    const Rect frame = band.frame_of(segments[i].base_offset, closed ? segments[i + 1].base_offset : band.log().log_end_offset() + 1);
    if (frame.empty()) continue;
    const SegmentIndexes indexes = indexes_of(segments[i], closed);
    draw_comb(band, frame, first, offsets_of(indexes, false), false);
    draw_comb(band, frame, second, offsets_of(indexes, true), true);
  }
}

std::optional<Time> looked_for(const World& world, const ShownLog& shown, const Place& selected, Time now) {
  if (selected.kind == PlaceKind::record && selected.tp == shown.tp) {
    const Batch* batch = shown.replica->log.batch_at(selected.offset);
    const Record* record = batch ? record_at(world.commons.store.records, *batch, selected.offset) : nullptr;
    if (record && timestamp_of(*batch, *record) >= 0) return timestamp_of(*batch, *record);
  }
  for (const Consumer& each : world.consumers) {
    const AutoOffsetReset& reset = each.spec.config.auto_offset_reset;
    const auto& topics = each.spec.topics;
    const bool reads = std::find(topics.begin(), topics.end(), shown.tp.topic) != topics.end();
    if (reads && reset.to == OffsetReset::by_duration) return std::max<Time>(now - reset.back, 0);
  }
  return std::nullopt;
}

void draw_look_up(const LogBand& band) {
  if (band.look_up.empty() || band.asks) return;
  Canvas& canvas = band.canvas();
  const Time wanted = *looked_for(band.world, band.shown, band.ui.figure.selected, band.view_time);
  const auto look = look_up_time(band.log(), band.world.commons.store.records, wanted);
  if (!look) return;
  draw_line_name(band, band.look_up, "by its time", kSmall);
  const Rect words{band.columns.x, band.look_up.y, band.area.right() - band.columns.x, band.look_up.h};
  for (const std::string& each : steps_of(*look, wanted)) {
    if (canvas.width(kSmall, each) > words.w * 0.95F) continue;
    canvas.text_in(words, kSmall, canvas.theme.text, each);
    return;
  }
}

}  // namespace nutshell
