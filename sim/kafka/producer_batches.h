// Batches of the producer client, and the queue of one partition.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/types.h"
#include "sim/log/batch.h"

namespace nutshell {

// A batch that takes no more records: it waits to be sent, for the first time or again, or is in flight.
struct ProducerBatch {
  std::int64_t first_record = -1;  // index into the record store; smaller is older, within a partition
  std::uint64_t content = 0;       // content_of() its records
  Time created_at = 0;             // delivery.timeout.ms runs from here (C4)
  Time max_timestamp = 0;          // of its records, by the producer's own clock
  Time retry_at = 0;               // backs off until then
  std::int32_t count = 0;          // records
  std::int32_t size_in_bytes = 0;
  std::int64_t reserved_bytes = 0;           // of buffer.memory
  std::int32_t attempts = 0;                 // retries so far
  Epoch leader_epoch = kNoEpoch;             // of the leader it was last sent to
  std::int32_t base_sequence = kNoSequence;  // given when it is first sent (C8)
  std::int64_t producer_id = kNoProducerId;
  std::int16_t producer_epoch = kNoProducerEpoch;
  bool rewritten = false;  // got a new sequence after it was last sent
  bool split = false;      // is a part of one that was too large
  NUTSHELL_FIELDS(ProducerBatch, first_record, content, created_at, max_timestamp, retry_at, count, size_in_bytes,
                  reserved_bytes, attempts, leader_epoch, base_sequence, producer_id, producer_epoch, rewritten, split)

  bool has_sequence() const { return base_sequence != kNoSequence; }
};

// Batches in the order in which they are to be sent. Both ends give and take at a constant cost
// (amortised), however long the queue: thousands wait while a leader is down.
class BatchQueue {
 public:
  bool empty() const { return head_ == items_.size(); }
  std::size_t size() const { return items_.size() - head_; }
  // REQUIRES index < size().
  ProducerBatch& operator[](std::size_t index) { return items_[head_ + index]; }
  const ProducerBatch& operator[](std::size_t index) const { return items_[head_ + index]; }
  // REQUIRES !empty().
  ProducerBatch& front() { return items_[head_]; }
  const ProducerBatch& front() const { return items_[head_]; }

  void push_back(const ProducerBatch& batch) { items_.push_back(batch); }
  void push_front(const ProducerBatch& batch);
  // Before the batch at `index`. REQUIRES index <= size(). Costs `index` moves.
  void insert(std::size_t index, const ProducerBatch& batch);
  // REQUIRES !empty().
  ProducerBatch pop_front();
  void fold_into(std::uint64_t& digest) const;

 private:
  std::vector<ProducerBatch> items_;
  std::size_t head_ = 0;  // items before it are free places
};

}  // namespace nutshell
