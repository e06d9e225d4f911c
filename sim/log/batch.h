// The record batch: the unit of storage, replication and deduplication (L1).
//
// A batch here describes its records and does not hold them: they stand one after another in the
// world's record store, from index `first_record` on. Replicas hold equal batches, field by field,
// but for what each of their cleaners has taken away.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "sim/core/digest.h"
#include "sim/core/fields.h"
#include "sim/core/shared_log.h"
#include "sim/core/types.h"

namespace nutshell {

inline constexpr Time kNoTimestamp = -1;           // RecordBatch.NO_TIMESTAMP
inline constexpr std::int64_t kNoProducerId = -1;  // RecordBatch.NO_PRODUCER_ID
inline constexpr std::int16_t kNoProducerEpoch = -1;
inline constexpr std::int32_t kNoSequence = -1;
inline constexpr Epoch kNoEpoch = -1;

// Bits of Batch::attributes, at Kafka's places.
inline constexpr std::uint8_t kLogAppendTime = 0x08;
inline constexpr std::uint8_t kTransactional = 0x10;
inline constexpr std::uint8_t kControl = 0x20;
// Not one of Kafka's: what was read is not what was written, as its checksum tells whoever looks.
inline constexpr std::uint8_t kDamagedBatch = 0x80;

// Sequence numbers count from 0 to 2^31 - 1 and go on at 0. REQUIRES sequence >= 0, increment >= 0.
constexpr std::int32_t increment_sequence(std::int32_t sequence, std::int32_t increment) {
  const std::int32_t largest = std::numeric_limits<std::int32_t>::max();
  if (sequence > largest - increment) return increment - (largest - sequence) - 1;
  return sequence + increment;
}

struct Batch {
  Offset base_offset = 0;
  std::int64_t first_record = 0;  // index into the world's record store
  std::int64_t producer_id = kNoProducerId;
  Time max_timestamp = kNoTimestamp;
  Time delete_horizon = kNoTimestamp;       // from then on a cleaner drops its tombstones (L17)
  std::uint64_t content = 0;                // hash of the records' identities, given by whoever makes the batch
  std::uint64_t chain = 0;                  // hash of the log up to and including this batch, see chain_after()
  std::int32_t count = 0;                   // records that are in it
  std::int32_t removed = 0;                 // records that a cleaner took away (L16): the offsets stay as they were written
  Epoch partition_leader_epoch = kNoEpoch;  // of the leader that appended it first
  std::int32_t base_sequence = kNoSequence;
  std::int32_t size_in_bytes = 0;
  std::int16_t producer_epoch = kNoProducerEpoch;
  std::uint8_t attributes = 0;

  // How many offsets it takes, and the last of them, as they were written. 64 bits: 2^31 - 1 is the largest delta.
  std::int64_t offsets() const { return std::int64_t{count} + removed; }
  Offset last_offset() const { return base_offset + offsets() - 1; }
  Offset next_offset() const { return base_offset + offsets(); }
  bool holds(Offset offset) const { return offset >= base_offset && offset < next_offset(); }
  // Whether there is a record at each of its offsets.
  bool is_dense() const { return removed == 0; }
  bool is_transactional() const { return (attributes & kTransactional) != 0; }
  bool is_control() const { return (attributes & kControl) != 0; }
  bool is_log_append_time() const { return (attributes & kLogAppendTime) != 0; }
  bool is_damaged() const { return (attributes & kDamagedBatch) != 0; }
  bool has_producer_id() const { return producer_id != kNoProducerId; }
  // kNoSequence when the batch carries none.
  std::int32_t last_sequence() const {
    return base_sequence == kNoSequence ? kNoSequence
                                        : increment_sequence(base_sequence, static_cast<std::int32_t>(offsets() - 1));
  }

  friend bool operator==(const Batch&, const Batch&) = default;
  NUTSHELL_FIELDS(Batch, base_offset, first_record, producer_id, max_timestamp, delete_horizon, content, chain, count, removed,
                  partition_leader_epoch, base_sequence, size_in_bytes, producer_epoch, attributes)
};

static_assert(std::is_trivially_copyable_v<Batch> && sizeof(Batch) <= 80);

// Small chunks: a copy of a world copies the unsealed end of every log in it.
using BatchLog = SharedLog<Batch, 64>;

// The chain value of `batch` in a log whose chain so far is `previous` (0: nothing yet). Two logs hold
// the same batches below an offset exactly when the chains of the batches that end there are equal.
constexpr std::uint64_t chain_after(std::uint64_t previous, const Batch& batch) {
  std::uint64_t chain = mix(previous, static_cast<std::uint64_t>(batch.base_offset));
  chain = mix(chain, static_cast<std::uint64_t>(batch.partition_leader_epoch));
  return mix(chain, batch.content);
}

}  // namespace nutshell
