#include "sim/log/segment.h"

#include <algorithm>
#include <limits>

namespace nutshell {

namespace {

bool index_is_full(const Segment& segment, std::int64_t segment_index_bytes) {
  // The time index keeps room for the entry that is written when the segment is closed.
  return segment.offset_index_entries >= segment_index_bytes / kOffsetIndexEntryBytes ||
         segment.time_index_entries >= segment_index_bytes / kTimeIndexEntryBytes - 1;
}

Duration time_waited_for_roll(const Segment& segment, const Appending& next, Time now) {
  if (segment.first_batch_timestamp != kNoTimestamp) return next.max_timestamp - segment.first_batch_timestamp;
  return now - segment.created;
}

}  // namespace

void Segment::append(const Batch& batch) {
  account(batch);
  batches.push_back(batch);
}

void Segment::account(const Batch& batch) {
  if (empty()) first_batch_timestamp = batch.max_timestamp;
  largest_timestamp = std::max(largest_timestamp, batch.max_timestamp);
  if (bytes_since_last_index_entry > index_interval_bytes) {
    ++offset_index_entries;
    if (largest_timestamp > last_indexed_timestamp) {
      ++time_index_entries;
      last_indexed_timestamp = largest_timestamp;
    }
    bytes_since_last_index_entry = 0;
  }
  bytes_since_last_index_entry += batch.size_in_bytes;
  size_in_bytes += batch.size_in_bytes;
}

std::optional<std::size_t> Segment::find(Offset offset) const {
  if (batches.empty()) return std::nullopt;
  std::size_t high = batches.size() - 1;
  const Batch& last = batches[high];
  if (last.next_offset() <= offset) return std::nullopt;
  if (last.base_offset <= offset) return high;
  // The batch at `high` ends above the offset.
  std::size_t low = batches.begin_index();
  for (std::size_t stride = 1; high - low >= stride; stride *= 2) {
    if (batches[high - stride].next_offset() <= offset) {
      low = high - stride + 1;
      break;
    }
    high -= stride;
    if (batches[high].base_offset <= offset) return high;
  }
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (batches[middle].next_offset() > offset) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return high;
}

Segment Segment::cut_at(std::size_t index) const {
  Segment cut;
  cut.base_offset = base_offset;
  cut.created = created;
  cut.roll_jitter = roll_jitter;
  cut.last_modified = last_modified;
  cut.index_interval_bytes = index_interval_bytes;
  cut.batches = batches;
  cut.batches.truncate(index);
  for (std::size_t i = batches.begin_index(); i < index; ++i) cut.account(batches[i]);
  return cut;
}

bool Segment::should_roll(const Appending& next, const LogConfig& config, Time now) const {
  const Duration oldest = config.compacts() ? std::min(config.segment_time, config.max_compaction_lag) : config.segment_time;
  return size_in_bytes > config.segment_bytes - next.bytes ||
         (!empty() && time_waited_for_roll(*this, next, now) > oldest - roll_jitter) ||
         index_is_full(*this, config.segment_index_bytes) ||
         next.last_offset - base_offset > std::numeric_limits<std::int32_t>::max();
}

}  // namespace nutshell
