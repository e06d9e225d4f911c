// One segment of a log: what Kafka keeps in a .log file and its two indexes (L5, L6).
//
// The batches themselves stand in the log's one list; a segment is the run of them from its base offset
// to the next segment's.
#pragma once

#include <cstdint>

#include "sim/core/fields.h"
#include "sim/core/types.h"
#include "sim/log/batch.h"
#include "sim/log/log_config.h"

namespace nutshell {

struct Segment {
  Offset base_offset = 0;  // names the file
  std::int64_t size_in_bytes = 0;
  Time created = 0;                            // when its first batch was appended here
  Time first_batch_timestamp = kNoTimestamp;   // max timestamp of its first batch: rolling by time counts from it
  Time largest_timestamp = kNoTimestamp;       // of any of its batches
  Time last_indexed_timestamp = kNoTimestamp;  // in the last entry of the time index
  std::int64_t index_interval_bytes = 0;       // index.interval.bytes at the time it was opened
  std::int64_t bytes_since_last_index_entry = 0;
  std::int32_t offset_index_entries = 0;
  std::int32_t time_index_entries = 0;

  bool empty() const { return size_in_bytes == 0; }
  // Accounts for a batch appended at the end: size, timestamps, index entries (L6).
  void append(const Batch& batch);
  // L5: a new segment has to be opened before `batch` is appended.
  bool should_roll(const Batch& batch, const LogConfig& config, Time now) const;

  NUTSHELL_FIELDS(Segment, base_offset, size_in_bytes, created, first_batch_timestamp, largest_timestamp,
                  last_indexed_timestamp, index_interval_bytes, bytes_since_last_index_entry, offset_index_entries,
                  time_index_entries)
  friend bool operator==(const Segment&, const Segment&) = default;
};

}  // namespace nutshell
