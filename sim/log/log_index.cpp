#include "sim/log/log_index.h"

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

}  // namespace nutshell
