// The reading half of Log: finding batches by offset and by time (L4, L6).
#include <algorithm>
#include <iterator>

#include "sim/log/log.h"

namespace nutshell {

std::optional<BatchRange> Log::read_held(Offset from, std::int64_t max_bytes, Offset upper_bound, bool min_one) const {
  const BatchView all = batches();
  const std::size_t end = all.size();
  const std::optional<std::size_t> first = find(from);
  if (!first) return BatchRange{};
  BatchRange range{*first, *first, 0};
  while (range.last < end) {
    const Batch& batch = all[range.last];
    if (batch.next_offset() > upper_bound) break;
    const bool fits = range.size_in_bytes + batch.size_in_bytes <= max_bytes;
    if (!fits && !(min_one && range.empty())) break;
    range.size_in_bytes += batch.size_in_bytes;
    ++range.last;
  }
  return range;
}

std::optional<std::size_t> Log::find(Offset offset) const {
  if (offset >= log_end_offset_) return std::nullopt;
  const LogContent& content = *content_;
  const std::vector<ClosedSegment>& closed = *content.closed;
  if (offset < (closed.empty() ? content.active.base_offset : closed.front().base_offset)) return std::nullopt;
  if (closed.empty() || offset >= content.active.base_offset) {
    const std::optional<std::size_t> found = content.active.find(offset);
    if (found) return content.active_first + *found;
    return std::nullopt;
  }
  const auto after = std::upper_bound(closed.begin(), closed.end(), offset,
                                      [](Offset wanted, const ClosedSegment& each) { return wanted < each.base_offset; });
  for (auto each = std::prev(after); each != closed.end(); ++each)
    if (const std::optional<std::size_t> found = each->file->find(offset)) return each->first_batch + *found;
  if (const std::optional<std::size_t> found = content.active.find(offset)) return content.active_first + *found;
  return std::nullopt;
}

const Batch* Log::batch_at(Offset offset) const {
  const std::optional<std::size_t> index = find(offset);
  if (!index) return nullptr;
  const Batch& found = batches()[*index];
  return found.holds(offset) ? &found : nullptr;
}

namespace {

std::optional<TimedOffset> first_in(const Segment& segment, const Records& records, Offset from, Time timestamp) {
  for (const Batch& batch : segment.batches) {
    if (batch.max_timestamp < timestamp || batch.next_offset() <= from) continue;
    for (std::int64_t nth = records_below(records, batch, from); nth < batch.count; ++nth) {
      const Record& record = records[static_cast<std::size_t>(batch.first_record + nth)];
      const Time at = timestamp_of(batch, record);
      if (at >= timestamp) return TimedOffset{offset_of(records, batch, nth), at, batch.partition_leader_epoch};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<TimedOffset> Log::find_by_timestamp(const Records& records, Time timestamp) const {
  for (const Segment& segment : segments())
    if (segment.newest() >= timestamp) return first_in(segment, records, log_start_offset_, timestamp);
  return std::nullopt;
}

std::optional<TimedOffset> Log::find_newest(const Records& records) const {
  Time newest = kNoTimestamp;
  for (const Batch& each : batches()) newest = std::max(newest, each.max_timestamp);
  if (newest == kNoTimestamp) return std::nullopt;
  for (const Segment& each : segments())
    if (const auto found = first_in(each, records, 0, newest)) return found;
  return std::nullopt;
}

std::optional<Epoch> Log::epoch_at(Offset offset) const {
  const Batch* batch = batch_at(offset);
  if (!batch) return std::nullopt;
  return batch->partition_leader_epoch;
}

std::optional<std::uint64_t> Log::chain_at(Offset offset) const {
  // Who asks mostly means one of the last batches.
  const BatchLog& active = content_->active.batches;
  const std::size_t end = active.size();
  const std::size_t near_end = std::max(active.begin_index(), end - std::min<std::size_t>(end, 4));
  for (std::size_t i = end; i-- > near_end;) {
    if (active[i].next_offset() == offset) return active[i].chain;
    if (active[i].next_offset() < offset) return std::nullopt;
  }
  const Batch* batch = batch_at(offset - 1);
  if (!batch || batch->next_offset() != offset) return std::nullopt;
  return batch->chain;
}

}  // namespace nutshell
