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

// Where the entry of a record stands: below it.
float tooth_of(const LogBand& band, Offset offset) { return band.columns.of(offset) + band.columns.cell / 2; }

// The comb of offsets, and below it that of times.
float comb_line(const LogBand& band, bool times) { return band.combs.y + band.combs.h * (times ? 0.75F : 0.3F); }

void draw_comb(const LogBand& band, Rect frame, float y, const std::vector<Offset>& teeth, bool round) {
  Canvas& canvas = band.canvas();
  const Color color = canvas.theme.text3;
  const float high = canvas.big(4, 6);
  canvas.line({frame.x + 8, y}, {frame.right() - 8, y}, color, 1.25F);
  for (const Offset each : teeth) {
    if (!band.columns.sees(each)) continue;
    const Point foot{tooth_of(band, each), y};
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

// The search in the picture: the entry of each index that it uses, what is read from there on, and the record that is found.
void mark_search(const LogBand& band, const TimeLookUp& look) {
  Canvas& canvas = band.canvas();
  const Color color = canvas.theme.text;
  const auto mark_entry = [&](Offset entry, bool times) {
    if (band.combs.empty() || !band.columns.sees(entry)) return;
    const Point foot{tooth_of(band, entry), comb_line(band, times)};
    canvas.circle(foot, canvas.big(4, 6), color);
  };
  if (look.time) mark_entry(look.time->offset, true);
  if (look.offset) mark_entry(look.offset->offset, false);
  if (!look.found || !band.columns.sees(look.found->offset)) return;
  const float from = band.columns.of(std::max(look.offset ? look.offset->offset : look.segment, band.columns.first));
  const Rect found{band.columns.of(look.found->offset), band.cells.y, band.columns.cell, band.cells.h};
  const float y = band.cells.bottom() + 2;
  canvas.line({from, y}, {found.right(), y}, color, canvas.big(3, 4));
  canvas.outline(found, color, canvas.big(3, 4), 4);
}

}  // namespace

void draw_combs(const LogBand& band) {
  if (band.combs.empty()) return;
  const float first = comb_line(band, false), second = comb_line(band, true);
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
    const bool runs = world.fabric.nodes[static_cast<std::size_t>(each.node)].status == NodeStatus::running;
    if (reads && runs && reset.to == OffsetReset::by_duration) return std::max<Time>(now - reset.back, 0);
  }
  return std::nullopt;
}

void draw_look_up(const LogBand& band) {
  if (band.look_up.empty() || band.asks) return;
  Canvas& canvas = band.canvas();
  const Time wanted = *looked_for(band.world, band.shown, band.ui.figure.selected, band.view_time);
  const auto look = look_up_time(band.log(), band.world.commons.store.records, wanted);
  if (!look) return;
  mark_search(band, *look);
  draw_line_name(band, band.look_up, "by its time", kSmall);
  const Rect words{band.columns.x, band.look_up.y, band.area.right() - band.columns.x, band.look_up.h};
  const std::vector<std::string> ways = steps_of(*look, wanted);
  for (const TextStyle style : {kBody, kSmall})
    for (const std::string& each : ways) {
      if (canvas.width(style, each) > words.w * 0.95F) continue;
      canvas.text_in(words, style, canvas.theme.text, each);
      return;
    }
}

}  // namespace nutshell
