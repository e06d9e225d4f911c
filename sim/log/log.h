// The log of one replica: segments of batches, three marks, leader epochs and producer state.
//
// A Log is a value: copying it costs next to nothing and the copy lives on its own. It knows nothing of
// other replicas; what it is told by them arrives as arguments. After each operation holds
//   log_start_offset <= high_watermark <= log_end_offset   (L3)
// Offsets of batches ascend, and may leave holes: a cleaner takes whole batches away, and records out of batches (L16).
// From an offset to a record it goes by `record_at` (record.h). Bytes and times are those of the batches; nothing here
// reads a clock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/fields.h"
#include "sim/core/shared.h"
#include "sim/core/shared_log.h"
#include "sim/core/types.h"
#include "sim/log/batch.h"
#include "sim/log/leader_epochs.h"
#include "sim/log/log_config.h"
#include "sim/log/producer_state.h"
#include "sim/log/record.h"
#include "sim/log/segment.h"

namespace nutshell {

class Log;

// What a log holds of one kind, by number: from begin_index() on, below size(). Good until the log changes.
template <class View, class T>
class NumberedView {
 public:
  class const_iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    const_iterator(const View& view, std::size_t index) : view_(view), index_(index) {}
    const T& operator*() const { return view_[index_]; }
    const_iterator& operator++() { return ++index_, *this; }
    friend bool operator==(const const_iterator& a, const const_iterator& b) { return a.index_ == b.index_; }

   private:
    View view_;
    std::size_t index_;
  };

  const_iterator begin() const { return {self(), self().begin_index()}; }
  const_iterator end() const { return {self(), self().size()}; }
  bool empty() const { return self().begin_index() == self().size(); }
  // REQUIRES !empty().
  const T& front() const { return self()[self().begin_index()]; }
  const T& back() const { return self()[self().size() - 1]; }
  friend bool operator==(const View& a, const View& b) {
    return a.begin_index() == b.begin_index() && a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
  }

 private:
  const View& self() const { return static_cast<const View&>(*this); }
};

// All batches of a log, whatever segments they stand in.
class BatchView : public NumberedView<BatchView, Batch> {
 public:
  explicit BatchView(const Log& log) : log_(&log) {}
  std::size_t begin_index() const;
  std::size_t size() const;
  const Batch& operator[](std::size_t index) const;

 private:
  const Log* log_;
};

// The segments of a log, oldest first. The last one is the active segment; only that one may be empty.
class SegmentView : public NumberedView<SegmentView, Segment> {
 public:
  explicit SegmentView(const Log& log) : log_(&log) {}
  std::size_t begin_index() const { return 0; }
  std::size_t size() const;
  const Segment& operator[](std::size_t index) const;

 private:
  const Log* log_;
};

// Batches [first, last) of Log::batches().
struct BatchRange {
  std::size_t first = 0;
  std::size_t last = 0;
  std::int64_t size_in_bytes = 0;
  bool empty() const { return first == last; }
};

// A record found by its time.
struct TimedOffset {
  Offset offset = 0;
  Time timestamp = kNoTimestamp;
  Epoch leader_epoch = kNoEpoch;
  friend bool operator==(const TimedOffset&, const TimedOffset&) = default;
};

// Where a follower cuts its log after its leader named the end of an epoch (L21).
struct TruncationPoint {
  Offset offset = 0;
  bool completed = true;  // false: the epoch is unknown here; after the cut, ask (or fetch) again
};

// What a follower does when its fetch offset is out of the leader's range (L22).
struct OutOfRangeRemedy {
  enum class Kind : std::uint8_t { truncate, restart, retry };
  Kind kind = Kind::retry;
  Offset offset = 0;  // truncate_to(offset), truncate_fully_and_start_at(offset), or fetch from it
};

// What stands in a log. Copies share it until one of them is written to.
struct LogContent {
  Shared<std::vector<ClosedSegment>> closed;
  Segment active;
  bool opened = false;             // there is an active segment
  Rare<bool> flushes_lie;
  std::size_t active_first = 0;    // number of its first batch
  std::uint64_t chain_before = 0;  // of the log up to the first batch held
  LeaderEpochs leader_epochs;
  ProducerState producer_state;
  RareList<std::vector<Offset>> damaged;  // base offsets of damaged batches, ascending
  NUTSHELL_FIELDS(LogContent, closed, active, opened, active_first, chain_before, leader_epochs, producer_state, flushes_lie, damaged)
};

class Log {
 public:
  Offset log_start_offset() const { return log_start_offset_; }
  Offset high_watermark() const { return high_watermark_; }
  Offset log_end_offset() const { return log_end_offset_; }
  // What lies below survives a power loss.
  Offset flushed_offset() const { return flushed_offset_; }
  // Kafka's recovery point: what lies below needs no look after an unclean stop. A process that starts has it from its
  // checkpoint, and knows of no flush since.
  Offset recovery_point() const { return recovery_point_; }
  Offset checkpointed_high_watermark() const { return checkpointed_high_watermark_; }

  // What read_committed sees (L4). Without transactions all that is committed is decided.
  Offset last_stable_offset() const { return high_watermark_; }

  BatchView batches() const { return BatchView(*this); }
  // None before the first append.
  SegmentView segments() const { return SegmentView(*this); }
  const LeaderEpochs& leader_epochs() const { return content_->leader_epochs; }
  Epoch latest_epoch() const { return latest_epoch_; }
  const ProducerState& producer_state() const { return content_->producer_state; }
  std::int64_t size_in_bytes() const;
  // What is in the page cache only: a power loss takes it.
  std::int64_t unflushed_bytes() const;

  // append (L1)

  // Gives the batch its offsets from the log end on, its leader epoch and its chain; returns it as stored.
  // With LogAppendTime its timestamp becomes `now` (L2). The reference lasts until the next change.
  // REQUIRES batch.base_offset == 0, batch.count > 0, size_in_bytes > 0, epoch >= latest_epoch().
  const Batch& append_as_leader(Batch batch, Epoch epoch, const LogConfig& config, Time now);
  // Stores a leader's batch as it is. Its chain is computed anew from this log's own, so a log that
  // parted stays visibly different; only the first batch of an empty log, and one after a hole, keep the chain that they
  // came with: of what the leader's cleaner took away this log cannot know.
  // REQUIRES batch.base_offset >= log_end_offset(). (A leader whose log starts inside a batch sends that
  // whole batch: an empty follower then first restarts at the batch's base offset.)
  void append_as_follower(const Batch& batch, const LogConfig& config, Time now);
  // What one fetch has brought, in order: whether a new segment begins is decided once, for all of it (L5).
  void append_as_follower(std::span<const Batch> batches, const LogConfig& config, Time now);
  // A new leader takes office: its epoch begins at the log end (L19). REQUIRES epoch >= latest_epoch().
  void assign_epoch_start_offset(Epoch epoch);

  // read (L4)

  // The batches from the one that contains `from` on, that end at or below `upper_bound` (log end, high
  // watermark or last stable offset, by who reads), and together have at most `max_bytes`. With `min_one`
  // the first is returned whatever its size (KIP-74). Empty: there is none yet. nullopt: OFFSET_OUT_OF_RANGE.
  std::optional<BatchRange> read(Offset from, std::int64_t max_bytes, Offset upper_bound, bool min_one) const {
    if (from < log_start_offset_ || from > log_end_offset_) return std::nullopt;
    // Most that is asked for is not there yet: then what the log holds is not looked at.
    if (from >= std::min(upper_bound, log_end_offset_)) return BatchRange{};
    return read_held(from, max_bytes, upper_bound, min_one);
  }
  // Index of the batch that contains the offset or, if it lies in a hole, of the next one.
  std::optional<std::size_t> find(Offset offset) const;
  // The batch that contains the offset. nullptr: it lies in a hole, or outside.
  const Batch* batch_at(Offset offset) const;
  // L6: the first record not older than `timestamp` in the first segment that has one. nullopt: there is none, or it
  // lies below the log start.
  std::optional<TimedOffset> find_by_timestamp(const Records& records, Time timestamp) const;
  // L6: the first of the records with the latest time; also one below the log start, as long as its segment is there.
  std::optional<TimedOffset> find_newest(const Records& records) const;
  // Leader epoch of the batch that contains this offset.
  std::optional<Epoch> epoch_at(Offset offset) const;
  // Chain of the batch that ends at this offset (exclusive): equal in two logs exactly when they agree
  // on everything below it. nullopt: no batch here ends there.
  std::optional<std::uint64_t> chain_at(Offset offset) const;

  // marks (L3)

  // Leader: the high watermark only rises; true if it did. REQUIRES offset <= log_end_offset().
  bool raise_high_watermark(Offset offset);
  // Follower: takes the leader's, clamped to this log. It may fall. True if it changed.
  bool set_follower_high_watermark(Offset leader_high_watermark);
  // Raises the log start (L11, L12); the epochs below are forgotten. Batches stay until their whole segment
  // is below. True if it rose. REQUIRES offset <= high_watermark().
  bool raise_log_start_offset(Offset offset);

  // Closes the active segment and opens an empty one at the log end. REQUIRES there is one that is not empty.
  void close_active(const LogConfig& config, Time now);
  // Removes the `count` oldest segments; the log starts where the next one does, or already above it.
  // REQUIRES they are closed, and nothing in them is at or above the high watermark.
  void delete_segments(std::size_t count);
  // Puts others in the place of the closed segments [first, last): what a cleaner has made of them. Marks, epochs and
  // producers stay. REQUIRES they ascend and lie within the offsets of those they replace.
  void replace_segments(std::size_t first, std::size_t last, std::vector<Segment> by);

  // truncation (L21, L22)

  // Removes the batches from the one that contains `offset` on, so log_end_offset() <= offset afterwards.
  // Below the first batch held, everything goes and the log starts at `offset`. True if a batch was removed.
  // An epoch that began at the log end and has no record is forgotten even when no batch is cut: a leader
  // that was replaced before it wrote anything would otherwise be told of a divergence for ever.
  bool truncate_to(Offset offset);
  // Drops everything. `chain` is the chain of the log that is lost from view, if known: what this replica
  // appends as leader is chained to it.
  void truncate_fully_and_start_at(Offset offset, std::uint64_t chain = 0);

  // disk (L7, N4)

  // A disk that lies says so and has written nothing.
  void flush() {
    recovery_point_ = log_end_offset_;
    if (!flushes_lie()) flushed_offset_ = log_end_offset_;
  }
  // Whether the disk lies from now on.
  void let_flushes_lie(bool lie) {
    if (lie != flushes_lie()) content_.change().flushes_lie = lie;
  }
  bool flushes_lie() const { return content_->flushes_lie; }
  void checkpoint_high_watermark() { checkpointed_high_watermark_ = high_watermark_; }
  // Writes down how far it is flushed; flushes nothing.
  void checkpoint_recovery_point() { checkpointed_recovery_point_ = recovery_point_; }
  // Power loss: what was not flushed is gone.
  void crash_unflushed();
  // Power loss while the system writes back what is in the page cache: the first half of the batches that were not flushed
  // is on the disk, and the last of that half is torn. Without any it is as above.
  void crash_torn();
  // The batch that holds the offset is not what was written any more. REQUIRES there is one.
  void damage(Offset offset);
  bool is_damaged(const Batch& batch) const;
  bool has_damage() const { return !content_->damaged.empty(); }
  // L7: the process starts after an unclean stop and looks through the segments from the one of the recovery point on. What
  // follows on the first damaged batch is cut, with it. True if something was. REQUIRES restart() has been called.
  bool recover();
  // The process starts again: high watermark and recovery point are the checkpointed ones, not the log end, and an
  // epoch without a record is forgotten.
  void restart();

  // where two replicas part (L21 `fetch`, L22)

  // Leader: a follower wants to go on at `fetch_offset` after a record of `last_fetched_epoch`. nullopt: its
  // log is a prefix of this one, send data. Undefined: cannot tell, OFFSET_OUT_OF_RANGE. Otherwise send
  // this as the diverging epoch, and no data. -1 for last_fetched_epoch: the follower's log is empty.
  std::optional<EpochEnd> diverging(Epoch last_fetched_epoch, Offset fetch_offset) const {
    const bool in_latest = last_fetched_epoch == latest_epoch() && fetch_offset <= log_end_offset_;  // as nearly always
    return in_latest ? std::nullopt : diverging_in_history(last_fetched_epoch, fetch_offset);
  }
  // Follower: where to cut after such an answer.
  TruncationPoint truncation_point_for(const EpochEnd& diverging) const;
  // Follower: what to do after OFFSET_OUT_OF_RANGE.
  OutOfRangeRemedy remedy_for_out_of_range(Offset leader_log_start_offset, Offset leader_log_end_offset) const;

  // Heap bytes that a copy of the log takes once both have been written to.
  std::size_t copy_bytes() const;

  template <class F>
  static constexpr void each_field(F&& f) {
    f("content", &Log::content_);
    f("log_start_offset", &Log::log_start_offset_);
    f("high_watermark", &Log::high_watermark_);
    f("log_end_offset", &Log::log_end_offset_);
    f("flushed_offset", &Log::flushed_offset_);
    f("recovery_point", &Log::recovery_point_);
    f("checkpointed_high_watermark", &Log::checkpointed_high_watermark_);
    f("checkpointed_recovery_point", &Log::checkpointed_recovery_point_);
  }

 private:
  friend class BatchView;
  friend class SegmentView;

  std::optional<BatchRange> read_held(Offset from, std::int64_t max_bytes, Offset upper_bound, bool min_one) const;
  std::optional<EpochEnd> diverging_in_history(Epoch last_fetched_epoch, Offset fetch_offset) const;
  // Who makes their chains: this log, because it is the leader's, or they have come with them.
  enum class Chains : std::uint8_t { made, brought };
  void append(std::span<const Batch> batches, Chains chains, const LogConfig& config, Time now);
  // `content`: of the batch that comes first. With what stands before it, it draws the jitter (segment.jitter.ms).
  void roll(Offset base_offset, const LogConfig& config, Time now, std::uint64_t content = 0);
  void cut_batches(Offset end);
  void forget_epochs_from(Offset offset);
  void forget_damage(Offset first, Offset end);
  std::uint64_t chain() const { return batches().empty() ? content_->chain_before : batches().back().chain; }
  void require_marks_in_order() const;

  // REQUIRES it is called after every change of the leader epochs.
  void note_latest_epoch() { latest_epoch_ = leader_epochs().latest_epoch(); }

  Shared<LogContent> content_;
  Epoch latest_epoch_ = kNoEpoch;  // as the leader epochs say: whoever only asks for that need not look into what is shared
  Offset log_start_offset_ = 0;
  Offset high_watermark_ = 0;
  Offset log_end_offset_ = 0;
  Offset flushed_offset_ = 0;
  Offset recovery_point_ = 0;
  Offset checkpointed_high_watermark_ = 0;
  Offset checkpointed_recovery_point_ = 0;
};

// The first offset at which two logs hold different batches; nullopt if they agree as far as both go.
// Offsets that one of them does not hold are not compared.
std::optional<Offset> first_difference(const Log& a, const Log& b);
// The logs agree on every offset below `below` that both hold.
bool same_prefix(const Log& a, const Log& b, Offset below);

}  // namespace nutshell
