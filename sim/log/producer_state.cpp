#include "sim/log/producer_state.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/core/sorted.h"

namespace nutshell {

namespace {

using Verdict = SequenceCheck::Verdict;

// The place of the producer in the sorted entries, or where it would stand.
template <class Entries>
auto place_of(Entries& entries, std::int64_t producer_id) {
  return place_among(entries.begin(), entries.end(), static_cast<std::uint64_t>(producer_id),
                     [](const ProducerStateEntry& entry) { return static_cast<std::uint64_t>(entry.producer_id); });
}

const BatchMetadata* find_duplicate(const ProducerStateEntry& entry, std::int32_t first, std::int32_t last) {
  for (std::size_t i = 0; i < entry.batch_count; ++i) {
    const BatchMetadata& batch = entry.batches[i];
    if (batch.first_sequence == first && batch.last_sequence == last) return &batch;
  }
  return nullptr;
}

void remember(ProducerStateEntry& entry, const BatchMetadata& batch) {
  if (entry.batch_count == ProducerStateEntry::kBatchesToRetain) {
    std::move(entry.batches.begin() + 1, entry.batches.end(), entry.batches.begin());
    --entry.batch_count;
  }
  entry.batches[entry.batch_count++] = batch;
}

}  // namespace

const ProducerStateEntry* ProducerState::find(std::int64_t producer_id) const {
  const auto place = place_of(entries_, producer_id);
  return place != entries_.end() && place->producer_id == producer_id ? &*place : nullptr;
}

SequenceCheck ProducerState::check(std::int64_t producer_id, std::int16_t producer_epoch, std::int32_t base_sequence,
                                   std::int32_t count) const {
  NUTSHELL_REQUIRE(producer_id >= 0 && base_sequence >= 0 && count > 0);
  const ProducerStateEntry* entry = find(producer_id);
  if (entry == nullptr) return {};
  if (producer_epoch < entry->producer_epoch) return {Verdict::invalid_producer_epoch};
  std::int32_t expected = 0;
  if (producer_epoch == entry->producer_epoch) {
    const std::int32_t last = increment_sequence(base_sequence, count - 1);
    if (const BatchMetadata* known = find_duplicate(*entry, base_sequence, last)) {
      return {Verdict::duplicate, known->base_offset};
    }
    if (entry->batch_count > 0) expected = increment_sequence(entry->last_sequence(), 1);
  }
  if (base_sequence != expected) return {Verdict::out_of_order_sequence_number};
  return {};
}

void ProducerState::update_entry(const Batch& batch) {
  auto entry = place_of(entries_, batch.producer_id);
  if (entry == entries_.end() || entry->producer_id != batch.producer_id) {
    entry = entries_.insert(entry, ProducerStateEntry{});
    entry->producer_id = batch.producer_id;
  }
  if (entry->producer_epoch != batch.producer_epoch) {
    entry->producer_epoch = batch.producer_epoch;
    entry->batch_count = 0;
    entry->batches.fill({});
  }
  entry->last_timestamp = batch.max_timestamp;
  if (batch.base_sequence == kNoSequence) return;  // a transaction marker
  remember(*entry, {batch.base_sequence, batch.last_sequence(), batch.base_offset});
}

}  // namespace nutshell
