#include "sim/log/log_cleaner.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/core/require.h"

namespace nutshell {

namespace {

// Segments [first, last) of the log, as Kafka's LogSegments.values(from, to): from the one that holds `from` on, those that
// begin below `to`.
struct SegmentRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

SegmentRange segments_between(const Log& log, Offset from, Offset to) {
  if (from == to) return {};
  const SegmentView segments = log.segments();
  SegmentRange range;
  while (range.first + 1 < segments.size() && segments[range.first + 1].base_offset <= from) ++range.first;
  range.last = range.first;
  while (range.last < segments.size() && segments[range.last].base_offset < to) ++range.last;
  return range;
}

std::int64_t bytes_of(const Log& log, SegmentRange range) {
  std::int64_t bytes = 0;
  for (std::size_t i = range.first; i < range.last; ++i) bytes += log.segments()[i].size_in_bytes;
  return bytes;
}

SegmentRange closed_from(const Log& log, Offset from) {
  const Offset active = log.segments().back().base_offset;
  return from > active ? SegmentRange{} : segments_between(log, from, active);
}

// L13. The first dirty segment that is too new.
Offset end_by_lag(const Log& log, Offset first_dirty, const CleanerConfig& config, Time now) {
  const SegmentRange dirty = closed_from(log, first_dirty);
  for (std::size_t i = dirty.first; i < dirty.last; ++i)
    if (log.segments()[i].newest() > now - config.min_compaction_lag) return log.segments()[i].base_offset;
  return kNever;
}

// L14. Something dirty has waited for longer than max.compaction.lag.ms.
bool lag_exceeded(const Log& log, Offset first_dirty, const CleanerConfig& config, Time now) {
  if (config.max_compaction_lag == kNever) return false;
  const SegmentRange dirty = closed_from(log, first_dirty);
  Time earliest = kNever;
  for (std::size_t i = dirty.first; i < dirty.last; ++i) {
    const BatchLog& batches = log.segments()[i].batches;
    if (!batches.empty() && batches.front().max_timestamp > 0) earliest = std::min(earliest, batches.front().max_timestamp);
  }
  return earliest < now - config.max_compaction_lag;
}

// Of each key the highest offset. Keys are interned, so a place for each does.
class OffsetMap {
 public:
  explicit OffsetMap(std::int64_t capacity) : capacity_(capacity) {}

  // False: it is full, even for a key that is in it.
  bool put(std::int32_t key, Offset offset) {
    if (size_ >= capacity_) return false;
    const auto place = static_cast<std::size_t>(key);
    if (place >= offsets_.size()) offsets_.resize(std::max(place + 1, offsets_.size() * 2), -1);
    size_ += offsets_[place] < 0;
    offsets_[place] = offset;
    latest_ = offset;
    return true;
  }
  Offset get(std::int32_t key) const {
    const auto place = static_cast<std::size_t>(key);
    return place < offsets_.size() ? offsets_[place] : -1;
  }
  void reach(Offset offset) { latest_ = std::max(latest_, offset); }
  Offset latest() const { return latest_; }
  std::int64_t size() const { return size_; }

 private:
  std::int64_t capacity_;
  std::vector<Offset> offsets_;
  std::int64_t size_ = 0;
  Offset latest_ = -1;
};

// False: the map is full.
bool map_segment(const Segment& segment, const Records& records, Offset from, Offset end, CleanedTransactions& transactions,
                 OffsetMap& map) {
  for (const Batch& batch : segment.batches) {
    const bool aborted = transactions.read(records, batch);
    if (!batch.is_control() && !aborted) {
      bool full = false;
      for_each_record(records, batch, [&](Offset offset, const Record& record) {
        if (!full && record.key >= 0 && offset >= from) full = !map.put(record.key, offset);
      });
      if (full) return false;
    }
    if (batch.last_offset() >= from) map.reach(batch.last_offset());
  }
  map.reach(end - 1);  // across a gap at its end
  return true;
}

// What the index says of transactions that end in the segments from the one that holds `from` on.
CleanedTransactions transactions_from(const Log& log, const CleaningRound& round, Offset segment) {
  std::vector<AbortedTransaction> known;
  for (const AbortedTransaction& each : round.aborted)
    if (each.last_offset >= segment) known.push_back(each);
  return CleanedTransactions(known, log.log_start_offset());
}

// L15, the first pass.
OffsetMap map_of(const Log& log, const Records& records, const CleaningRound& round) {
  OffsetMap map(round.map_capacity);
  const SegmentRange dirty = segments_between(log, round.range.first_dirty, round.range.first_uncleanable);
  CleanedTransactions transactions = transactions_from(log, round, log.segments()[dirty.first].base_offset);
  for (std::size_t i = dirty.first; i < dirty.last; ++i) {
    const Offset end = i + 1 < dirty.last ? log.segments()[i + 1].base_offset : round.range.first_uncleanable;
    if (!map_segment(log.segments()[i], records, round.range.first_dirty, end, transactions, map)) break;
  }
  return map;
}

// The second pass over one log.
class Rewriting {
 public:
  Rewriting(const Log& log, Records& records, const CleaningRound& round, const CleanerConfig& config, Time now,
            const BatchSizes& sizes, const OffsetMap& map)
      : log_(log), records_(records), round_(round), config_(config), now_(now), sizes_(sizes), map_(map),
        transactions_(transactions_from(log, round, 0)) {}

  // The segments up to `last`, neighbours merged as long as they fit.
  std::vector<Segment> rewrite(std::size_t last) {
    std::vector<Segment> made;
    for (std::size_t i = 0; i < last;) {
      const std::size_t end = group_end(i, last);
      made.push_back(merged(i, end));
      i = end;
    }
    return made;
  }
  void tell(Cleaned& cleaned) {
    cleaned.removed = std::move(removed_);
    cleaned.records_left = left_;
    cleaned.tombstones_left = tombstones_;
    cleaned.aborted = transactions_.still_needed();
  }

 private:
  // A closed one has its largest timestamp as the last entry (L6).
  static std::int64_t time_entries(const Segment& closed) {
    return closed.time_index_entries + (closed.largest_timestamp > closed.last_indexed_timestamp ? 1 : 0);
  }

  // L15. By the sizes from before.
  std::size_t group_end(std::size_t first, std::size_t last) const {
    const SegmentView segments = log_.segments();
    std::int64_t bytes = segments[first].size_in_bytes;
    std::int64_t offsets = segments[first].offset_index_entries, times = time_entries(segments[first]);
    std::size_t end = first + 1;
    for (; end < last; ++end) {
      const Segment& next = segments[end];
      bytes += next.size_in_bytes;
      offsets += next.offset_index_entries;
      times += time_entries(next);
      const Offset next_ends = (end + 1 < last ? segments[end + 1].base_offset : round_.range.first_uncleanable) - 1;
      const bool reaches = next.size_in_bytes == 0 || next_ends - segments[first].base_offset <= std::numeric_limits<std::int32_t>::max();
      const bool fits = bytes <= config_.segment_bytes && offsets * kOffsetIndexEntryBytes <= config_.segment_index_bytes &&
                        times * kTimeIndexEntryBytes <= config_.segment_index_bytes;
      if (!fits || !reaches) break;
    }
    return end;
  }

  Segment merged(std::size_t first, std::size_t end) {
    Segment cleaned;
    const Segment& head = log_.segments()[first];
    cleaned.base_offset = head.base_offset;
    cleaned.created = head.created;
    cleaned.roll_jitter = head.roll_jitter;
    cleaned.index_interval_bytes = head.index_interval_bytes;
    for (std::size_t i = first; i < end; ++i) {
      for (const Batch& batch : log_.segments()[i].batches)
        if (const std::optional<Batch> left = rewritten(batch)) cleaned.append(*left);
      cleaned.last_modified = log_.segments()[i].last_modified;
    }
    return cleaned;
  }

  // L16, L17. nullopt: nothing is left of it.
  std::optional<Batch> rewritten(const Batch& batch) {
    const bool unneeded = transactions_.read(records_, batch);
    const bool over = batch.delete_horizon != kNoTimestamp && batch.delete_horizon <= now_;
    const bool drop = unneeded && (over || !batch.is_control());
    std::vector<Record> kept;
    bool tombstones = unneeded && batch.is_control();
    for_each_record(records_, batch, [&](Offset offset, const Record& record) {
      if (drop) removed_.push_back({offset, -1, batch.is_control() ? CleaningReason::marker : CleaningReason::aborted});
      if (drop || !stays(batch, offset, record)) return;
      kept.push_back(record);
      kept.back().offset_delta = static_cast<std::int32_t>(offset - batch.base_offset);
      tombstones = tombstones || record.is_tombstone();
      tombstones_ += record.is_tombstone();
    });
    left_ += static_cast<std::int64_t>(kept.size());
    if (kept.empty()) return is_needed_empty(batch) ? std::optional(emptied(batch)) : std::nullopt;
    const bool new_horizon = tombstones && batch.delete_horizon == kNoTimestamp;
    if (static_cast<std::int32_t>(kept.size()) == batch.count && !new_horizon) return batch;
    Batch left = batch;
    if (new_horizon) left.delete_horizon = now_ + config_.delete_retention;
    if (static_cast<std::int32_t>(kept.size()) < batch.count) put_run(left, kept);
    left.size_in_bytes = sizes_.size_of(records_, left);
    return left;
  }

  bool stays(const Batch& batch, Offset offset, const Record& record) {
    if (batch.is_control() || offset > map_.latest()) return true;
    const Offset newest = record.key < 0 ? -1 : map_.get(record.key);
    const bool over = record.is_tombstone() && batch.delete_horizon != kNoTimestamp && now_ >= batch.delete_horizon;
    if (record.key < 0) removed_.push_back({offset, -1, CleaningReason::no_key});
    else if (offset < newest) removed_.push_back({offset, newest, CleaningReason::superseded});
    else if (over) removed_.push_back({offset, -1, CleaningReason::tombstone_expired});
    else return true;
    return false;
  }

  // Its producer could not go on without it, or the end of what was cleaned would be forgotten.
  bool is_needed_empty(const Batch& batch) const {
    if (batch.next_offset() == round_.keep_batch_ending_at) return true;
    if (!batch.has_producer_id()) return false;
    return std::any_of(round_.producers.begin(), round_.producers.end(), [&](const ActiveProducer& each) {
      if (each.producer_id != batch.producer_id) return false;
      if (each.last_data_offset) return batch.last_offset() == *each.last_data_offset;
      return batch.is_control() && batch.producer_epoch == each.producer_epoch;
    });
  }

  static Batch emptied(const Batch& batch) {
    Batch header = batch;
    header.removed = static_cast<std::int32_t>(batch.offsets());
    header.count = 0;
    header.first_record = -1;
    header.size_in_bytes = kBatchHeaderBytes;
    header.delete_horizon = kNoTimestamp;
    return header;
  }

  // The records that are left become a run of their own.
  void put_run(Batch& left, const std::vector<Record>& kept) {
    left.removed = static_cast<std::int32_t>(left.offsets() - static_cast<std::int64_t>(kept.size()));
    left.count = static_cast<std::int32_t>(kept.size());
    left.first_record = static_cast<std::int64_t>(records_.size());
    if (!left.is_log_append_time()) left.max_timestamp = kNoTimestamp;
    for (const Record& each : kept) {
      if (!left.is_log_append_time()) left.max_timestamp = std::max(left.max_timestamp, each.timestamp);
      records_.push_back(each);
    }
  }

  const Log& log_;
  Records& records_;
  const CleaningRound& round_;
  const CleanerConfig& config_;
  Time now_;
  const BatchSizes& sizes_;
  const OffsetMap& map_;
  CleanedTransactions transactions_;
  std::vector<Removed> removed_;
  std::int64_t left_ = 0, tombstones_ = 0;
};

}  // namespace

CleanerConfig cleaner_config(const LogConfig& config) {
  return {config.segment_bytes, config.segment_index_bytes, config.min_compaction_lag, config.max_compaction_lag, config.delete_retention};
}

bool CleanableRange::dirtier_than(std::int64_t ppm) const {
  // Sizes are below 2^43: a million times as much fits.
  return cleanable_bytes * 1'000'000 > ppm * (clean_bytes + cleanable_bytes);
}

bool CleanableRange::dirtier_than(const CleanableRange& other) const {
  using Wide = unsigned __int128;
  const auto total = [](const CleanableRange& each) { return static_cast<Wide>(each.clean_bytes + each.cleanable_bytes); };
  return static_cast<Wide>(cleanable_bytes) * total(other) > static_cast<Wide>(other.cleanable_bytes) * total(*this);
}

bool CleanableRange::wants_cleaning(std::int64_t min_dirty_ppm) const {
  return (max_lag_exceeded && cleanable_bytes > 0) || dirtier_than(min_dirty_ppm);
}

CleanableRange cleanable_range(const Log& log, std::optional<Offset> checkpoint, const CleanerConfig& config, Time now) {
  return cleanable_range(log, checkpoint, config, now, log.last_stable_offset());
}

CleanableRange cleanable_range(const Log& log, std::optional<Offset> checkpoint, const CleanerConfig& config, Time now,
                               Offset last_stable_offset) {
  CleanableRange range;
  range.first_dirty = checkpoint.value_or(log.log_start_offset());
  if (range.first_dirty < log.log_start_offset() || range.first_dirty > log.log_end_offset()) {
    range.first_dirty = log.log_start_offset();
    range.reset_checkpoint = true;
  }
  if (log.segments().empty()) {
    range.uncleanable_offset = range.first_uncleanable = range.first_dirty;
    return range;
  }
  const Offset active = log.segments().back().base_offset;
  Offset end = std::min(last_stable_offset, active);
  if (config.min_compaction_lag > 0) end = std::min(end, end_by_lag(log, range.first_dirty, config, now));
  range.uncleanable_offset = std::max(range.first_dirty, end);
  const SegmentRange above = closed_from(log, range.uncleanable_offset);
  range.first_uncleanable = above.first < above.last ? log.segments()[above.first].base_offset : active;
  const SegmentRange dirty = segments_between(log, std::min(range.first_dirty, range.first_uncleanable), range.first_uncleanable);
  range.cleanable_bytes = bytes_of(log, dirty);
  for (const Segment& each : log.segments())
    if (each.base_offset < range.first_dirty) range.clean_bytes += each.size_in_bytes;
  range.max_lag_exceeded = lag_exceeded(log, range.first_dirty, config, now);
  return range;
}

std::vector<ActiveProducer> active_producers(const ProducerState& state) {
  std::vector<ActiveProducer> active;
  for (const ProducerStateEntry& each : state.entries()) {
    ActiveProducer producer{each.producer_id, std::nullopt, each.producer_epoch};
    if (each.batch_count > 0) {
      const BatchMetadata& last = each.batches[each.batch_count - 1];
      const std::int64_t delta = (static_cast<std::int64_t>(last.last_sequence) - last.first_sequence + (std::int64_t{1} << 31)) %
                                 (std::int64_t{1} << 31);
      producer.last_data_offset = last.base_offset + delta;
    }
    active.push_back(producer);
  }
  return active;
}

std::int32_t BatchSizes::size_of(const Records& records, const Batch& batch) const {
  std::int32_t bytes = kBatchHeaderBytes;
  for_each_record(records, batch, [&](Offset, const Record& record) { bytes += record.size_in_bytes; });
  return bytes;
}

Cleaned clean(Log& log, Records& records, const CleaningRound& round, const CleanerConfig& config, Time now,
              const BatchSizes& sizes) {
  NUTSHELL_REQUIRE(round.range.cleanable_bytes > 0);
  const OffsetMap map = map_of(log, records, round);
  Cleaned cleaned;
  cleaned.end_offset = map.latest() + 1;
  cleaned.keys = map.size();
  const std::size_t last = segments_between(log, 0, cleaned.end_offset).last;
  Rewriting rewriting(log, records, round, config, now, sizes, map);
  std::vector<Segment> segments = rewriting.rewrite(last);
  rewriting.tell(cleaned);
  const Offset rewritten_to = last < log.segments().size() ? log.segments()[last].base_offset : kNever;
  for (const AbortedTransaction& each : round.aborted)
    if (each.last_offset >= rewritten_to) cleaned.aborted.push_back(each);
  cleaned.bytes_before = bytes_of(log, {0, last});
  for (const Segment& each : segments) cleaned.bytes_after += each.size_in_bytes;
  log.replace_segments(0, last, std::move(segments));
  return cleaned;
}

}  // namespace nutshell
