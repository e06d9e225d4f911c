// The reading half of Log: finding batches by offset and by time (L4, L6).
#include <algorithm>

#include "sim/log/log.h"

namespace nutshell {

std::optional<BatchRange> Log::read(Offset from, std::int64_t max_bytes, Offset upper_bound, bool min_one) const {
  if (from < log_start_offset_ || from > log_end_offset_) return std::nullopt;
  const std::optional<std::size_t> first = from < upper_bound ? find(from) : std::nullopt;
  if (!first) return BatchRange{batches_.size(), batches_.size(), 0};
  BatchRange range{*first, *first, 0};
  for (const std::size_t end = batches_.size(); range.last < end;) {
    const Batch& batch = batches_[range.last];
    if (batch.next_offset() > upper_bound) break;
    const bool fits = range.size_in_bytes + batch.size_in_bytes <= max_bytes;
    if (!fits && !(min_one && range.empty())) break;
    range.size_in_bytes += batch.size_in_bytes;
    ++range.last;
  }
  return range;
}

std::optional<std::size_t> Log::find(Offset offset) const {
  if (offset >= log_end_offset_ || batches_.empty()) return std::nullopt;
  std::size_t high = batches_.size() - 1;  // the batch at `high` ends above the offset
  if (offset >= batches_[high].base_offset) return high;
  if (offset < first_offset()) return std::nullopt;
  std::size_t low = batches_.begin_index();
  for (std::size_t stride = 1; high - low >= stride; stride *= 2) {
    if (batches_[high - stride].next_offset() <= offset) {
      low = high - stride + 1;
      break;
    }
    high -= stride;
  }
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (batches_[middle].next_offset() > offset) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return high;
}

std::optional<std::size_t> Log::find_by_timestamp(Time timestamp) const {
  for (const Segment& segment : segments_) {
    if (segment.largest_timestamp < timestamp) continue;
    const std::optional<std::size_t> first = find(std::max(segment.base_offset, log_start_offset_));
    for (std::size_t i = first.value_or(batches_.size()); i < batches_.size(); ++i) {
      if (batches_[i].max_timestamp >= timestamp) return i;
    }
  }
  return std::nullopt;
}

std::optional<Epoch> Log::epoch_at(Offset offset) const {
  const std::optional<std::size_t> index = find(offset);
  if (!index) return std::nullopt;
  return batches_[*index].partition_leader_epoch;
}

std::optional<std::uint64_t> Log::chain_at(Offset offset) const {
  const std::optional<std::size_t> index = find(offset - 1);
  if (!index) return std::nullopt;
  const Batch& batch = batches_[*index];
  if (batch.next_offset() != offset) return std::nullopt;
  return batch.chain;
}

}  // namespace nutshell
