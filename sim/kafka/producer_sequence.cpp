#include <limits>

#include "sim/kafka/producer_parts.h"

namespace nutshell {

namespace {

constexpr std::int16_t kLastEpoch = std::numeric_limits<std::int16_t>::max();

// The queue still counts under an older producer id or epoch.
bool is_stale(const Producer& producer, const ProducerQueue& queue) {
  return queue.producer_id != producer.producer_id || queue.producer_epoch != producer.producer_epoch;
}

void begin_anew(const Producer& producer, ProducerQueue& queue) {
  queue.producer_id = producer.producer_id;
  queue.producer_epoch = producer.producer_epoch;
  queue.next_sequence = 0;
  queue.last_acked_sequence = kNoSequence;
}

void give_sequence(ProducerQueue& queue, ProducerBatch& batch) {
  batch.producer_id = queue.producer_id;
  batch.producer_epoch = queue.producer_epoch;
  batch.base_sequence = queue.next_sequence;
  queue.next_sequence = increment_sequence(queue.next_sequence, batch.count);
}

// `sequence` is the one after the last acknowledged.
bool is_next(const ProducerQueue& queue, std::int32_t sequence) {
  if (queue.last_acked_sequence == kNoSequence) return sequence == 0;
  return sequence == increment_sequence(queue.last_acked_sequence, 1);
}

// Batches with a sequence that have no final outcome.
bool has_outstanding(const ProducerQueue& queue) {
  return queue.in_flight > 0 || (!queue.waiting.empty() && queue.waiting.front().has_sequence());
}

// The oldest outstanding batch of the partition from `first_record` on, nullptr if there is none.
ProducerBatch* outstanding_from(Producer& producer, std::int32_t partition, std::int64_t first_record) {
  ProducerBatch* found = nullptr;
  const auto consider = [&](ProducerBatch& batch) {
    if (batch.first_record >= first_record && (!found || batch.first_record < found->first_record)) found = &batch;
  };
  for (InFlightBatch& each : producer.in_flight)
    if (each.partition == partition && !each.expired) consider(each.batch);
  BatchQueue& waiting = queue_of(producer, partition).waiting;
  for (std::size_t i = 0; i < waiting.size() && waiting[i].has_sequence(); ++i) consider(waiting[i]);
  return found;
}

// KIP-360: the outstanding batches of the partition get sequences from 0 in the new epoch.
void restart_sequence(Producer& producer, std::int32_t partition) {
  ProducerQueue& queue = queue_of(producer, partition);
  queue.restart = false;
  queue.unresolved_sequence = kNoSequence;
  begin_anew(producer, queue);
  ProducerBatch* batch = outstanding_from(producer, partition, 0);
  for (; batch; batch = outstanding_from(producer, partition, batch->first_record + 1)) {
    give_sequence(queue, *batch);
    batch->rewritten = true;
  }
}

// The other partitions go over to a new id or epoch when nothing of theirs is outstanding any more.
void adopt(Producer& producer, std::int64_t id, std::int16_t epoch) {
  producer.producer_id = id;
  producer.producer_epoch = epoch;
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(producer.queues.size()); ++i)
    if (queue_of(producer, i).restart) restart_sequence(producer, i);
}

// An expired batch leaves no gap if a later one was stored after it. If none was, or none followed, nobody
// knows: the sequence begins anew.
void resolve(ProducerQueue& queue) {
  if (!queue.unresolved() || queue.restart || has_outstanding(queue)) return;
  if (is_next(queue, queue.next_sequence))
    queue.unresolved_sequence = kNoSequence;
  else
    queue.restart = true;
}

}  // namespace

bool is_idempotent(const Producer& producer) {
  const ProducerConfig& config = producer.spec.config;
  return config.enable_idempotence && config.acks == Acks::all;
}

void want_producer_id(Env& env, Producer& producer) {
  if (!is_idempotent(producer) || producer.producer_id != kNoProducerId) return;
  if (producer.id_in_flight || producer.id_retry != kNoTimer) return;
  const NodeId broker = any_broker(env, producer.metadata, producer.node);
  producer.id_in_flight = true;
  env.request(producer.node, broker, Channel::data, InitProducerIdRequest{}, producer.spec.config.request_timeout);
}

void on_producer_id(Env& env, Producer& producer, const Response& response) {
  producer.id_in_flight = false;
  const InitProducerIdResponse* answer = response.as<InitProducerIdResponse>();
  if (answer && answer->error == ErrorCode::none) {
    producer.id_failures = 0;
    adopt(producer, answer->producer_id, answer->producer_epoch);
    resolve_sequences(env, producer);
    return send_all(env, producer);
  }
  const ProducerConfig& config = producer.spec.config;
  const Duration wait = backoff(env, producer.node, config.retry_backoff, config.retry_backoff_max,
                                producer.id_failures++, producer.draws++);
  env.rearm(producer.id_retry, producer.node, TimerKind::producer_retry, wait, 1);
}

bool sequence_allows(const Producer& producer, std::int32_t partition) {
  if (producer.producer_id == kNoProducerId) return false;
  const ProducerQueue& queue = queue_of(producer, partition);
  if (queue.waiting.empty() || !queue.waiting.front().has_sequence())
    return !queue.unresolved() && !(is_stale(producer, queue) && queue.in_flight > 0);
  const std::int64_t first_record = queue.waiting.front().first_record;
  for (const InFlightBatch& each : producer.in_flight)
    if (each.partition == partition && !each.expired && each.batch.first_record < first_record) return false;
  return true;
}

void assign_sequence(const Producer& producer, ProducerQueue& queue, ProducerBatch& batch) {
  batch.rewritten = false;
  if (batch.has_sequence()) return;  // the broker recognises it by this number
  if (is_stale(producer, queue)) begin_anew(producer, queue);
  give_sequence(queue, batch);
}

void note_acked_sequence(ProducerQueue& queue, const ProducerBatch& batch) {
  if (!batch.has_sequence()) return;
  if (batch.producer_id != queue.producer_id || batch.producer_epoch != queue.producer_epoch) return;
  const std::int32_t last = increment_sequence(batch.base_sequence, batch.count - 1);
  const std::int32_t known = queue.last_acked_sequence;
  const bool wrapped = known > last && known - last > std::numeric_limits<std::int32_t>::max() / 2;
  if (last > known || wrapped) queue.last_acked_sequence = last;
}

void note_unresolved(ProducerQueue& queue, const ProducerBatch& batch) {
  const std::int32_t next = increment_sequence(batch.base_sequence, batch.count);
  if (next > queue.unresolved_sequence) queue.unresolved_sequence = next;
}

void on_out_of_order(Producer& producer, ProducerQueue& queue, const ProducerBatch& batch) {
  // It is not its turn yet: an earlier batch is still to be stored.
  if (!queue.unresolved() && (batch.rewritten || !is_next(queue, batch.base_sequence))) return;
  if (!queue.unresolved() || batch.base_sequence == queue.unresolved_sequence) want_epoch_bump(producer, queue);
}

void want_epoch_bump(Producer& producer, ProducerQueue& queue) {
  queue.restart = true;
  producer.sequences_unsettled = true;
}

void resolve_sequences(Env& env, Producer& producer) {
  if (!producer.sequences_unsettled) return;
  bool bump = false;
  for (ProducerQueue& queue : producer.queues) {
    resolve(queue);
    bump = bump || queue.restart;
  }
  if (bump && producer.producer_epoch == kLastEpoch) {
    producer.producer_id = kNoProducerId;
    producer.producer_epoch = kNoProducerEpoch;
    want_producer_id(env, producer);
  } else if (bump && producer.producer_id != kNoProducerId) {
    adopt(producer, producer.producer_id, static_cast<std::int16_t>(producer.producer_epoch + 1));
  }
  producer.sequences_unsettled = false;
  for (const ProducerQueue& queue : producer.queues)
    if (queue.unresolved() || queue.restart) producer.sequences_unsettled = true;
}

}  // namespace nutshell
