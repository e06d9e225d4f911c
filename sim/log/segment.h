// One segment of a log: what Kafka keeps in a .log file and its two indexes (L5, L6).
//
// It owns its batches. The one that is appended to belongs to its log alone; a closed one never changes, is shared by
// the copies of the log, and is replaced as a whole when a cleaner has rewritten it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include "sim/core/fields.h"
#include "sim/core/types.h"
#include "sim/log/batch.h"
#include "sim/log/log_config.h"

namespace nutshell {

inline constexpr std::int64_t kOffsetIndexEntryBytes = 8;
inline constexpr std::int64_t kTimeIndexEntryBytes = 12;

// What one append brings: a client's batch, or all that a fetch has brought.
struct Appending {
  std::int64_t bytes = 0;
  Time max_timestamp = kNoTimestamp;
  Offset last_offset = 0;

  void add(const Batch& batch) {
    bytes += batch.size_in_bytes;
    max_timestamp = std::max(max_timestamp, batch.max_timestamp);
    last_offset = batch.last_offset();
  }
};

struct Segment {
  Offset base_offset = 0;  // names the file
  std::int64_t size_in_bytes = 0;
  Time created = 0;                            // when its first batch was appended here
  Duration roll_jitter = 0;                    // by so much sooner it is rolled for its age
  Time first_batch_timestamp = kNoTimestamp;   // max timestamp of its first batch: rolling by time counts from it
  Time largest_timestamp = kNoTimestamp;       // of any of its batches
  Time last_modified = 0;                      // when its last batch was appended: the time of the file
  Time last_indexed_timestamp = kNoTimestamp;  // in the last entry of the time index
  std::int64_t index_interval_bytes = 0;       // index.interval.bytes at the time it was opened
  std::int64_t bytes_since_last_index_entry = 0;
  std::int32_t offset_index_entries = 0;
  std::int32_t time_index_entries = 0;
  BatchLog batches;

  bool empty() const { return size_in_bytes == 0; }
  // How new it is: what it is found by in time, and kept by. Without timestamps the time of the file decides.
  Time newest() const { return largest_timestamp != kNoTimestamp ? largest_timestamp : last_modified; }
  // Appends a batch, and accounts for it.
  void append(const Batch& batch);
  // Size, timestamps and index entries (L6) with one more batch.
  void account(const Batch& batch);
  // L5: a new segment has to be opened before that is appended.
  bool should_roll(const Appending& next, const LogConfig& config, Time now) const;
  // Index of the first batch that ends above the offset. Steps back from the end, where most reads are.
  std::optional<std::size_t> find(Offset offset) const;
  // The same file without the batches from this index on.
  Segment cut_at(std::size_t index) const;

  NUTSHELL_FIELDS(Segment, base_offset, size_in_bytes, created, roll_jitter, first_batch_timestamp, largest_timestamp,
                  last_modified, last_indexed_timestamp, index_interval_bytes, bytes_since_last_index_entry, offset_index_entries,
                  time_index_entries, batches)
  friend bool operator==(const Segment& a, const Segment& b) { return digest_of(a) == digest_of(b); }
};

// A segment that takes no more batches, and where its batches stand among all of its log.
struct ClosedSegment {
  std::shared_ptr<const Segment> file;
  Offset base_offset = 0;
  std::size_t first_batch = 0;
  std::uint64_t digest = 0;  // of the file
  void fold_into(std::uint64_t& to) const {
    to = mix(to, first_batch);
    to = mix(to, digest);
  }
};

}  // namespace nutshell
