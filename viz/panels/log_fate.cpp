// What becomes of the segments of a log that is shown large: what retention takes and when, what a power loss would.
#include <algorithm>
#include <string>
#include <vector>

#include "sim/core/text.h"
#include "sim/log/log_pace.h"
#include "viz/panels/log_close_up.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// The time that counts for the topic: its own, or its broker's (L9).
Duration kept_for(const ShownLog& shown) {
  if (shown.config && shown.config->retention_time != kAsBroker) return shown.config->retention_time;
  const BrokerConfig& broker = shown.broker->config;
  if (broker.retention_time != kAsBroker) return broker.retention_time;
  return broker.retention_minutes != kAsBroker ? broker.retention_minutes : broker.retention_hours;
}

std::int64_t kept_bytes(const ShownLog& shown) {
  const bool own = shown.config && shown.config->retention_bytes != kAsBroker;
  return own ? shown.config->retention_bytes : shown.broker->config.retention_bytes;
}

// How many of the oldest segments go by size: as long as the log is no smaller than it may be without them (L10).
std::size_t gone_by_size(const ShownLog& shown) {
  const std::int64_t limit = kept_bytes(shown);
  if (limit < 0) return 0;
  const SegmentView segments = shown.replica->log.segments();
  std::int64_t over = shown.replica->log.size_in_bytes() - limit;
  std::size_t count = 0;
  while (count < segments.size() && over - segments[count].size_in_bytes >= 0) over -= segments[count++].size_in_bytes;
  return count;
}

// Likewise by number: as long as so many offsets are left without them.
std::size_t gone_by_number(const ShownLog& shown) {
  const std::int64_t limit = shown.config ? shown.config->retention_messages : -1;
  if (limit < 0) return 0;
  const Log& log = shown.replica->log;
  const SegmentView segments = log.segments();
  std::size_t count = 0;
  while (count < segments.size()) {
    const Offset end = count + 1 < segments.size() ? segments[count + 1].base_offset : log.log_end_offset();
    if (log.log_end_offset() - end < limit) break;
    ++count;
  }
  return count;
}

// In words, from the longest to the shortest that says it.
struct Outlook {
  std::vector<std::string> texts;
  float left = 1;  // of its time
  bool due = false;
};

std::string time_left(Duration left) {
  if (left >= 24 * kHour) return std::to_string(left / (24 * kHour)) + " d";
  return left >= kMinute ? format_duration(left / kMinute * kMinute) : left_text(0, left);
}

enum class Over : std::uint8_t { nothing, bytes, messages };

Outlook outlook_of(const LogBand& band, const Segment& segment, Over over, bool blocked) {
  const Duration keep = kept_for(band.shown);
  const Duration left = segment.newest() + keep - band.clock;
  if (over == Over::messages) return {{"enough newer messages: goes whole", "too many: goes whole", "goes whole"}, 0, true};
  if (over == Over::bytes) return {{"over retention.bytes: goes whole", "too much: goes whole", "goes whole"}, 0, true};
  const bool limited = kept_bytes(band.shown) >= 0 || (band.shown.config && band.shown.config->retention_messages >= 0);
  if (keep < 0 && limited) return {{"within the limit", "stays"}, 1, false};
  if (keep < 0) return {{"kept for ever", "for ever"}, 1, false};
  if (left < 0 && blocked) return {{"expired, but an older one stays", "an older one stays"}, 0, false};
  if (left < 0) return {{"expired " + left_text(0, -left) + " ago: goes whole", "expired: goes whole", "goes whole"}, 0, true};
  const std::string text = time_left(left);
  return {{text + " left", text}, keep > 0 ? static_cast<float>(left) / static_cast<float>(keep) : 0, false};
}

// The limit that the line is about: time, where there is one.
std::string_view limit_name(const ShownLog& shown) {
  if (kept_for(shown) >= 0) return "retention.ms";
  if (kept_bytes(shown) >= 0) return "retention.bytes";
  return shown.config && shown.config->retention_messages >= 0 ? "messages" : "retention.ms";
}

}  // namespace

void draw_fate(const LogBand& band) {
  Canvas& canvas = band.canvas();
  const Theme& theme = canvas.theme;
  const Hue& orange = theme.hue(HueName::orange);
  draw_line_name(band, band.fate, limit_name(band.shown), kMono);
  const SegmentView segments = band.log().segments();
  const std::size_t by_size = gone_by_size(band.shown), by_number = gone_by_number(band.shown);
  if (band.asks) return;  // what goes next may be what is asked
  bool blocked = false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool active = i + 1 == segments.size();
    const bool committed = (active ? band.log().log_end_offset() : segments[i + 1].base_offset) <= band.log().high_watermark();
    if (segments[i].batches.empty()) continue;
    const Over over = !committed ? Over::nothing : i < by_size ? Over::bytes : i < by_number ? Over::messages : Over::nothing;
    const Outlook fate = outlook_of(band, segments[i], over, blocked || !committed);
    blocked = blocked || !fate.due;
    const Rect frame = band.frame_of(segments[i].base_offset, active ? band.log().log_end_offset() + 1 : segments[i + 1].base_offset);
    if (frame.empty()) continue;
    if (fate.due) canvas.dashed_outline(frame.inset(-2), orange.stroke, 2, kNotYet, 9);
    Rect words{frame.x + 2, band.fate.y, frame.w - 4, band.fate.h};
    const float radius = canvas.big(8, 12);
    if (words.w < 2 * radius) continue;
    draw_drain(canvas, {words.x + radius + 2, words.center().y}, radius, fate.left);
    words.take_left(2 * radius + 10);
    const auto fits = std::find_if(fate.texts.begin(), fate.texts.end(),
                                   [&](const std::string& text) { return canvas.width(kSmall, text) <= words.w; });
    if (fits != fate.texts.end()) canvas.text_in(words, kSmall, fate.due ? orange.words : theme.text2, *fits);
  }
}

void draw_kept(const LogBand& band) {
  Canvas& canvas = band.canvas();
  const Theme& theme = canvas.theme;
  const Log& log = band.log();
  draw_line_name(band, band.kept, "kept where", kSmall);
  const auto bar = [&](Offset from, Offset to) {
    const Rect frame = band.frame_of(from, to);
    return frame.empty() || from >= to ? Rect{} : Rect{frame.x, band.kept.y + 3, frame.w, band.kept.h - 6};
  };
  const Rect disk = bar(log.log_start_offset(), std::min(log.flushed_offset(), log.log_end_offset()));
  if (!disk.empty()) {
    canvas.fill(disk, theme.raised, 4);
    canvas.outline(disk, theme.text2, 1, 4);
    const std::string text = "on disk, up to " + std::to_string(log.flushed_offset());
    if (canvas.width(kSmall, text) + 16 <= disk.w) canvas.text_in({disk.x + 8, disk.y, disk.w - 16, disk.h}, kSmall, theme.text, text);
  }
  const Offset from = std::max(log.flushed_offset(), log.log_start_offset());
  const Rect cache = bar(from, log.log_end_offset());
  if (cache.empty()) return;
  canvas.dashed_outline(cache, theme.text2, 1.25F, kNotYet, 4);
  const Offset last = log.log_end_offset() - 1;
  const std::string where = from == last ? std::to_string(last) : std::to_string(from) + " to " + std::to_string(last);
  const std::string text = "page cache only: " + where;
  for (const std::string& each : {text + ": a power loss takes it", text, std::string("page cache"), std::string("cache")}) {
    if (canvas.width(kSmall, each) + 12 > cache.w) continue;
    canvas.text_in({cache.x + 6, cache.y, cache.w - 12, cache.h}, kSmall, theme.text2, each);
    return;
  }
}

bool grows_fast(const World& world, const ShownLog& shown, Time clock) {
  constexpr std::int64_t kFast = 100 * 86'400;  // a hundred records a second
  return pace_of(shown.replica->log, world.commons.store.records, clock).records_per_day >= kFast;
}

void draw_lasts(const LogBand& band) {
  if (band.lasts.empty() || band.asks) return;
  Canvas& canvas = band.canvas();
  const LogPace pace = pace_of(band.log(), band.world.commons.store.records, band.clock);
  draw_line_name(band, band.lasts, "2^63 offsets", kSmall);
  const std::string years = large_number(pace.days_left * 4 / 1461) + " years";
  const std::string offsets = "at " + large_number(pace.records_per_day) + " records a day they last " + years;
  const std::string bytes = large_bytes(pace.bytes_per_day) + " a day";
  const Rect words{band.columns.x, band.lasts.y, band.area.right() - band.columns.x, band.lasts.h};
  for (const std::string& each : {offsets + " (" + bytes + ")", offsets, "last " + years}) {
    if (canvas.width(kBodyBold, each) > words.w * 0.95F) continue;
    canvas.text_in(words, kBodyBold, canvas.theme.text, each);
    return;
  }
}

}  // namespace nutshell
