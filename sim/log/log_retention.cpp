#include "sim/log/log_retention.h"

#include <algorithm>

namespace nutshell {

namespace {

Offset end_of(const Log& log, std::size_t index) {
  const SegmentView segments = log.segments();
  return index + 1 < segments.size() ? segments[index + 1].base_offset : log.log_end_offset();
}

// How many of the oldest segments go (UnifiedLog.deletableSegments).
template <class Goes>
std::size_t deletable(const Log& log, Goes goes) {
  const SegmentView segments = log.segments();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool is_last_and_empty = i + 1 == segments.size() && segments[i].empty();
    if (log.high_watermark() < end_of(log, i) || is_last_and_empty || !goes(segments[i], i)) return i;
  }
  return segments.size();
}

void take_away(Log& log, std::size_t count, DeletionReason reason, const LogConfig& config, Time now,
               std::vector<DeletedSegment>& deleted) {
  if (count == 0) return;
  const SegmentView segments = log.segments();
  for (std::size_t i = 0; i < count; ++i)
    deleted.push_back({segments[i].base_offset, end_of(log, i), segments[i].size_in_bytes, reason});
  if (count == segments.size()) log.close_active(config, now);
  log.delete_segments(count);
}

}  // namespace

std::vector<DeletedSegment> delete_old_segments(Log& log, const Retention& retention, const LogConfig& config, Time now) {
  std::vector<DeletedSegment> deleted;
  const auto below_start = [&](const Segment&, std::size_t i) {
    return i + 1 < log.segments().size() && log.segments()[i + 1].base_offset <= log.log_start_offset();
  };
  take_away(log, deletable(log, below_start), DeletionReason::log_start, config, now, deleted);
  if (!retention.deletes) return deleted;
  if (retention.bytes >= 0) {
    std::int64_t excess = log.size_in_bytes() - retention.bytes;
    const auto too_large = [&](const Segment& segment, std::size_t) {
      if (excess < segment.size_in_bytes) return false;
      excess -= segment.size_in_bytes;
      return true;
    };
    take_away(log, deletable(log, too_large), DeletionReason::size, config, now, deleted);
  }
  if (retention.time >= 0) {
    const auto too_old = [&](const Segment& segment, std::size_t) { return now - segment.newest() > retention.time; };
    take_away(log, deletable(log, too_old), DeletionReason::time, config, now, deleted);
  }
  if (retention.messages >= 0) {
    const auto too_many = [&](const Segment&, std::size_t i) { return log.log_end_offset() - end_of(log, i) >= retention.messages; };
    take_away(log, deletable(log, too_many), DeletionReason::messages, config, now, deleted);
  }
  return deleted;
}

}  // namespace nutshell
