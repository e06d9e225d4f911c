// What a log remembers of its idempotent producers (C7): enough to recognise a batch that was sent
// again and to refuse one that would leave a gap.
//
// It is a projection of the log: every replica keeps it up to date on each append, as leader and as
// follower, and rebuilds it after a truncation. So it survives a change of leader. Transactions are
// not tracked here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/shared_log.h"
#include "sim/core/types.h"
#include "sim/log/batch.h"

namespace nutshell {

// The sequences and the place of one batch that was appended.
struct BatchMetadata {
  std::int32_t first_sequence = kNoSequence;
  std::int32_t last_sequence = kNoSequence;
  Offset base_offset = -1;
  friend bool operator==(const BatchMetadata&, const BatchMetadata&) = default;
  NUTSHELL_FIELDS(BatchMetadata, first_sequence, last_sequence, base_offset)
};

struct ProducerStateEntry {
  static constexpr std::size_t kBatchesToRetain = 5;  // ProducerStateEntry.NUM_BATCHES_TO_RETAIN

  std::int64_t producer_id = kNoProducerId;
  Time last_timestamp = kNoTimestamp;  // max timestamp of its last batch
  std::int16_t producer_epoch = kNoProducerEpoch;
  std::uint8_t batch_count = 0;
  std::array<BatchMetadata, kBatchesToRetain> batches;  // oldest first; of this epoch only

  // kNoSequence if it has appended nothing in this epoch.
  std::int32_t last_sequence() const { return batch_count == 0 ? kNoSequence : batches[batch_count - 1].last_sequence; }

  friend bool operator==(const ProducerStateEntry&, const ProducerStateEntry&) = default;
  NUTSHELL_FIELDS(ProducerStateEntry, producer_id, last_timestamp, producer_epoch, batch_count, batches)
};

struct SequenceCheck {
  enum class Verdict : std::uint8_t { ok, duplicate, invalid_producer_epoch, out_of_order_sequence_number };
  Verdict verdict = Verdict::ok;
  Offset duplicate_offset = -1;  // base offset at which a duplicate was appended the first time
};

class ProducerState {
 public:
  // Sorted by producer id.
  const std::vector<ProducerStateEntry>& entries() const { return entries_; }
  // nullptr if the producer is not known. Valid until the next change.
  const ProducerStateEntry* find(std::int64_t producer_id) const;

  // What a leader does with a client's batch of `count` records from `base_sequence` on. A producer that
  // is not known may start at any sequence. REQUIRES producer_id >= 0, base_sequence >= 0, count > 0.
  SequenceCheck check(std::int64_t producer_id, std::int16_t producer_epoch, std::int32_t base_sequence,
                      std::int32_t count) const;

  // Takes note of a batch just appended, whoever sent it. Batches without a producer id leave no trace.
  void update(const Batch& batch) {
    if (batch.has_producer_id()) update_entry(batch);
  }

  void clear() { entries_.clear(); }

  friend bool operator==(const ProducerState&, const ProducerState&) = default;
  template <class F>
  static constexpr void each_field(F&& f) {
    f("entries", &ProducerState::entries_);
  }

 private:
  void update_entry(const Batch& batch);

  std::vector<ProducerStateEntry> entries_;
};

}  // namespace nutshell
