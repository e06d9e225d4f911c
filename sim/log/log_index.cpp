#include "sim/log/log_index.h"

#include <algorithm>

namespace nutshell {

SegmentIndexes indexes_of(const Segment& segment, bool closed) {
  SegmentIndexes made;
  TimeIndexEntry newest{kNoTimestamp, -1};
  Time last_indexed = kNoTimestamp;
  std::int64_t position = 0, since_last = 0;
  const auto add_time = [&] {
    if (newest.timestamp > last_indexed) made.times.push_back(newest);
    last_indexed = newest.timestamp;
  };
  for (const Batch& each : segment.batches) {
    if (each.max_timestamp > newest.timestamp) newest = {each.max_timestamp, each.last_offset()};
    if (since_last > segment.index_interval_bytes) {
      made.offsets.push_back({each.last_offset(), position});
      add_time();
      since_last = 0;
    }
    since_last += each.size_in_bytes;
    position += each.size_in_bytes;
  }
  if (closed) add_time();
  return made;
}

std::optional<TimeLookUp> look_up_time(const Log& log, const Records& records, Time timestamp) {
  const SegmentView segments = log.segments();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].newest() < timestamp) continue;
    TimeLookUp made;
    made.segment = segments[i].base_offset;
    made.closed = i + 1 < segments.size();
    const SegmentIndexes indexes = indexes_of(segments[i], made.closed);
    for (const TimeIndexEntry& each : indexes.times)
      if (each.timestamp <= timestamp) made.time = each;
    const Offset from = std::max(made.time ? made.time->offset : made.segment, log.log_start_offset());
    for (const OffsetIndexEntry& each : indexes.offsets)
      if (each.offset <= from) made.offset = each;
    if (made.offset) made.read_from = made.offset->position;
    made.found = log.find_by_timestamp(records, timestamp);
    return made;
  }
  return std::nullopt;
}

}  // namespace nutshell
