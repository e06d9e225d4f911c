#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/producer_parts.h"

namespace nutshell {

namespace {

std::int32_t record_size(const Producer& producer) { return producer.spec.record_bytes + kRecordOverhead; }

// C3: the open batch has no room for another record. A batch always takes its first one.
bool has_no_room(const Producer& producer, const OpenBatch& open) {
  return !open.records.empty() && open.size_in_bytes + record_size(producer) > producer.spec.config.batch_size;
}

// C4: a new batch takes batch.size of buffer.memory, however small its records are. False if there is no room.
bool reserve(Producer& producer, OpenBatch& open) {
  const std::int64_t wanted =
      std::max<std::int64_t>(producer.spec.config.batch_size, kBatchOverhead + record_size(producer));
  if (producer.buffered_bytes + wanted > producer.spec.config.buffer_memory) return false;
  producer.buffered_bytes += wanted;
  open.reserved_bytes = wanted;
  return true;
}

void open_batch(Env& env, Producer& producer, std::int32_t partition) {
  const ProducerConfig& config = producer.spec.config;
  ProducerQueue& queue = queue_of(producer, partition);
  queue.used = true;
  queue.open.created_at = env.now();
  queue.open.size_in_bytes = kBatchOverhead;
  if (config.linger > 0) queue.open.linger = env.arm(producer.node, TimerKind::linger, config.linger, partition);
  expect_expiry(env, producer, env.now() + config.delivery_timeout);
  note_pending(producer, partition);
}

// Bytes by which the batch grew.
std::int32_t add_record(Env& env, Producer& producer, std::int32_t partition, const Record& record) {
  OpenBatch& open = queue_of(producer, partition).open;
  const std::int32_t before = open.size_in_bytes;
  if (open.records.empty()) open_batch(env, producer, partition);
  open.records.push_back(record);
  open.records.back().size_in_bytes = record_size(producer);
  open.max_timestamp = std::max(open.max_timestamp, record.timestamp);
  open.size_in_bytes += record_size(producer);
  return open.size_in_bytes - before;
}

void fail_expired(Env& env, Producer& producer, std::int32_t partition, const ProducerBatch& batch) {
  ProducerQueue& queue = queue_of(producer, partition);
  if (batch.has_sequence()) {
    note_unresolved(queue, batch);
    producer.sequences_unsettled = true;
  }
  release(producer, batch);
  const NodeId leader = leader_of(env, producer, partition).node;
  const Step because = leader == kNoNode ? kNoStep : cause_of_silence(env, leader, producer.node);
  fail_records(env, producer, partition, batch, ErrorCode::request_timed_out, SendFailure::expired, because);
}

// C4: fails what is older than delivery.timeout.ms, in flight or not. `next` becomes the deadline of the rest.
void expire_batches(Env& env, Producer& producer, Time& next) {
  const Duration timeout = producer.spec.config.delivery_timeout;
  for (InFlightBatch& each : producer.in_flight) {
    const Time deadline = each.batch.created_at + timeout;
    if (each.expired) continue;
    if (deadline > env.now()) {
      next = std::min(next, deadline);
      continue;
    }
    each.expired = true;
    queue_of(producer, each.partition).in_flight -= 1;
    fail_expired(env, producer, each.partition, each.batch);
  }
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(producer.queues.size()); ++i) {
    ProducerQueue& queue = queue_of(producer, i);
    if (!queue.open.records.empty() && queue.open.created_at + timeout <= env.now()) close_open_batch(env, producer, i);
    while (!queue.waiting.empty() && queue.waiting.front().created_at + timeout <= env.now())
      fail_expired(env, producer, i, queue.waiting.pop_front());
    if (!queue.waiting.empty())
      next = std::min(next, queue.waiting.front().created_at + timeout);
    else if (!queue.open.records.empty())
      next = std::min(next, queue.open.created_at + timeout);
  }
}

// Partitions whose last batch has expired leave the line.
void forget_empty(Producer& producer) {
  std::vector<std::int32_t>& pending = producer.pending;
  const auto empty = [&](std::int32_t partition) {
    ProducerQueue& queue = queue_of(producer, partition);
    queue.listed = queue.has_batches();
    return !queue.listed;
  };
  pending.erase(std::remove_if(pending.begin(), pending.end(), empty), pending.end());
}

// C4: send() gives up after max.block.ms.
void expire_blocked(Env& env, Producer& producer, Time& next) {
  const Duration timeout = producer.spec.config.max_block;
  auto& blocked = producer.blocked;
  const auto waits = std::find_if(blocked.begin(), blocked.end(),
                                  [&](const BlockedRecord& each) { return each.since + timeout > env.now(); });
  const SendFailure reason = producer.out_of_memory          ? SendFailure::buffer_exhausted
                             : producer.schemas.value.asking ? SendFailure::not_serialized
                                                             : SendFailure::metadata_missing;
  for (auto each = blocked.begin(); each != waits; ++each)
    fail_unsent(env, producer, *each, ErrorCode::request_timed_out, reason);
  blocked.erase(blocked.begin(), waits);
  if (!blocked.empty()) next = std::min(next, blocked.front().since + timeout);
}

// KafkaProducer.doSend: once there is metadata, and before a partition is chosen. failed: the application has been told.
SerdeOutcome serialize_value(Env& env, Producer& producer, BlockedRecord& record) {
  const ProducerConfig& config = producer.spec.config;
  if (config.value_serializer == Serializer::string || record.serialized || record.record.is_tombstone()) return SerdeOutcome::done;
  SchemaClient& schemas = producer.schemas.value;
  const SerdeOutcome outcome =
      serialize(env, schemas, producer.node, producer.spec.topic, config, record.record.serial + 1, record.record.text);
  record.serialized = outcome == SerdeOutcome::done;
  if (outcome != SerdeOutcome::failed) return outcome;
  env.emit(RecordNotSerialized{producer.node, producer.spec.topic, schemas.reason}, schemas.because);
  fail_unsent(env, producer, record, ErrorCode::invalid_record, SendFailure::not_serialized);
  return outcome;
}

}  // namespace

bool append(Env& env, Producer& producer, BlockedRecord& record) {
  producer.out_of_memory = false;
  if (producer.queues.empty() || record.partition >= static_cast<std::int32_t>(producer.queues.size())) {
    refresh_metadata(env, producer.metadata, settings_of(producer));
    return false;
  }
  const SerdeOutcome serialized = serialize_value(env, producer, record);
  if (serialized != SerdeOutcome::done) return serialized == SerdeOutcome::failed;
  // Once metadata is there; what then waits for memory was made before (KafkaProducer.doSend).
  if (record.record.timestamp == kNoTimestamp) record.record.timestamp = env.local_time(producer.node);
  const bool sticky = sticks(producer, record);
  const std::int32_t partition = choose_partition(env, producer, record);
  ProducerQueue& queue = queue_of(producer, partition);
  if (has_no_room(producer, queue.open)) close_open_batch(env, producer, partition);
  if (queue.open.records.empty() && !reserve(producer, queue.open)) {
    if (!sticky) record.partition = partition;
    producer.out_of_memory = true;
    return false;
  }
  const std::int32_t bytes = add_record(env, producer, partition, record.record);
  const bool full = queue.open.size_in_bytes >= producer.spec.config.batch_size;
  if (full) close_open_batch(env, producer, partition);
  if (sticky) note_sticky_bytes(env, producer, bytes, full);
  if (!queue.waiting.empty() || producer.spec.config.linger == 0 || hurries(producer))
    send_partition(env, producer, partition);
  return true;
}

void close_open_batch(Env& env, Producer& producer, std::int32_t partition) {
  ProducerQueue& queue = queue_of(producer, partition);
  OpenBatch& open = queue.open;
  NUTSHELL_REQUIRE(!open.records.empty());
  env.disarm(open.linger);
  RecordStore& store = env.commons.store;
  ProducerBatch batch;
  batch.first_record = static_cast<std::int64_t>(store.records.size());
  batch.count = static_cast<std::int32_t>(open.records.size());
  for (const Record& each : open.records) store.records.push_back(each);
  batch.content = content_of(store, batch.first_record, batch.count);
  batch.created_at = open.created_at;
  batch.max_timestamp = open.max_timestamp;
  batch.size_in_bytes = open.size_in_bytes;
  batch.reserved_bytes = open.reserved_bytes;
  queue.waiting.push_back(batch);
  open.records.clear();
  open.max_timestamp = 0;
  open.size_in_bytes = 0;
  open.reserved_bytes = 0;
}

void release(Producer& producer, const ProducerBatch& batch) {
  producer.buffered_bytes -= batch.reserved_bytes;
  NUTSHELL_REQUIRE(producer.buffered_bytes >= 0);
}

void fail_records(Env& env, Producer& producer, std::int32_t partition, const ProducerBatch& batch, ErrorCode error,
                  SendFailure reason, Step because) {
  producer.counters.failed += batch.count;
  const TopicPartition tp{producer.spec.topic, partition};
  env.emit(RecordsFailed{tp, producer.node, batch.first_record, batch.count, error, reason}, because);
}

void fail_unsent(Env& env, Producer& producer, const BlockedRecord& unsent, ErrorCode error, SendFailure reason) {
  ProducerBatch alone;
  alone.first_record = static_cast<std::int64_t>(env.commons.store.records.size());
  alone.count = 1;
  env.commons.store.records.push_back(unsent.record);
  fail_records(env, producer, unsent.partition, alone, error, reason);
}

void on_expiry_timer(Env& env, Producer& producer) {
  producer.expiry = kNoTimer;
  Time next = kNever;
  expire_batches(env, producer, next);
  forget_empty(producer);
  expire_blocked(env, producer, next);
  if (next != kNever) expect_expiry(env, producer, next);
  resolve_sequences(env, producer);
  send_all(env, producer);
}

void expect_expiry(Env& env, Producer& producer, Time deadline) {
  if (producer.expiry != kNoTimer && producer.expiry_at <= deadline) return;
  producer.expiry_at = deadline;
  env.rearm(producer.expiry, producer.node, TimerKind::batch_expiry, deadline - env.now());
}

}  // namespace nutshell
