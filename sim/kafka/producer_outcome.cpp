#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/producer_parts.h"

namespace nutshell {

namespace {

// C5: InvalidMetadataException and what derives from it.
bool is_metadata_error(ErrorCode error) {
  switch (error) {
    case ErrorCode::unknown_topic_or_partition:
    case ErrorCode::unknown_topic_id:
    case ErrorCode::kafka_storage_error:
    case ErrorCode::leader_not_available:
    case ErrorCode::not_leader_or_follower:
    case ErrorCode::network_exception:
    case ErrorCode::fenced_leader_epoch:
      return true;
    default:
      return false;
  }
}

// C5: RetriableException and what derives from it.
bool is_retriable(ErrorCode error) {
  switch (error) {
    case ErrorCode::request_timed_out:
    case ErrorCode::not_enough_replicas:
    case ErrorCode::not_enough_replicas_after_append:
    case ErrorCode::unknown_leader_epoch:
    case ErrorCode::coordinator_load_in_progress:
    case ErrorCode::coordinator_not_available:
      return true;
    default:
      return is_metadata_error(error);
  }
}

// C8: with idempotence in the order of sequence numbers; without it at the front, whatever is there.
void queue_again(Producer& producer, std::int32_t partition, const ProducerBatch& batch) {
  BatchQueue& waiting = queue_of(producer, partition).waiting;
  std::size_t place = 0;
  if (batch.has_sequence())
    while (place < waiting.size() && waiting[place].first_record < batch.first_record) ++place;
  waiting.insert(place, batch);
  note_pending(producer, partition);
}

bool can_retry(const Env& env, Producer& producer, std::int32_t partition, const ProducerBatch& batch,
               ErrorCode error) {
  const ProducerConfig& config = producer.spec.config;
  if (env.now() >= batch.created_at + config.delivery_timeout || batch.attempts >= config.retries) return false;
  if (error == ErrorCode::out_of_order_sequence_number && is_idempotent(producer)) {
    on_out_of_order(producer, queue_of(producer, partition), batch);
    return true;
  }
  return is_retriable(error);
}

void retry(Env& env, Producer& producer, std::int32_t partition, ProducerBatch batch, ErrorCode error, Step because) {
  const ProducerConfig& config = producer.spec.config;
  const Duration wait =
      backoff(env, producer.node, config.retry_backoff, config.retry_backoff_max, batch.attempts, producer.draws++);
  batch.attempts += 1;
  batch.retry_at = env.now() + wait;
  producer.counters.retries += 1;
  queue_again(producer, partition, batch);
  expect_retry(env, producer, batch.retry_at);
  env.emit(ProduceRetried{{producer.spec.topic, partition}, producer.node, batch.attempts, error}, because);
}

// `count` records of a batch, as a batch of their own that was never tried.
ProducerBatch part_of(const Env& env, const ProducerBatch& whole, std::int32_t from, std::int32_t count) {
  ProducerBatch part = whole;
  part.first_record += from;
  part.count = count;
  part.size_in_bytes = kBatchOverhead + (whole.size_in_bytes - kBatchOverhead) / whole.count * count;
  part.content = content_of(env.commons.store, part.first_record, count);
  if (whole.has_sequence()) part.base_sequence = increment_sequence(whole.base_sequence, from);
  part.reserved_bytes = 0;
  part.attempts = 0;
  part.split = true;
  return part;
}

// C5: MESSAGE_TOO_LARGE. The batch is cut into parts of batch.size (ProducerBatch.split), which may be one, as large as
// it was; a part of an earlier cut is cut into halves of its bytes, since 4.2. The parts go again at once, in order; they
// share the sequence numbers of the whole, and take no memory of buffer.memory any more.
void split(Env& env, Producer& producer, std::int32_t partition, const ProducerBatch& whole) {
  const ProducerConfig& config = producer.spec.config;
  const bool halve = whole.split && config.batch_split == BatchSplit::halves;
  const std::int64_t room = (halve ? whole.size_in_bytes / 2 : config.batch_size) - kBatchOverhead;
  const std::int64_t record = (whole.size_in_bytes - kBatchOverhead) / whole.count;
  const auto most = static_cast<std::int32_t>(std::clamp<std::int64_t>(room / record, 1, whole.count));
  for (std::int32_t from = (whole.count - 1) / most * most; from >= 0; from -= most)
    queue_again(producer, partition, part_of(env, whole, from, std::min(most, whole.count - from)));
  release(producer, whole);
}

void fail(Env& env, Producer& producer, std::int32_t partition, const ProducerBatch& batch, ErrorCode error,
          Step because) {
  // Its sequence numbers were never used, so the following ones would be out of order.
  if (batch.has_sequence() && batch.attempts < producer.spec.config.retries)
    want_epoch_bump(producer, queue_of(producer, partition));
  release(producer, batch);
  fail_records(env, producer, partition, batch, error, SendFailure::refused, because);
}

// What the request's outcome means for its `nth` batch.
ProducedPartition result_for(const Response& response, const InFlightBatch& sent, std::size_t nth) {
  ProducedPartition result;
  result.error = response.outcome == Outcome::timed_out ? ErrorCode::request_timed_out : ErrorCode::network_exception;
  const ProduceResponse* answer = response.as<ProduceResponse>();
  if (!answer) return result;
  const auto& all = answer->partitions;
  if (nth < all.size() && all[nth].tp.partition == sent.partition) return all[nth];
  for (const ProducedPartition& each : all)
    if (each.tp.partition == sent.partition) return each;
  return result;
}

void settle(Env& env, Producer& producer, const InFlightBatch& sent, const ProducedPartition& result, Step because) {
  if (sent.expired) return;
  queue_of(producer, sent.partition).in_flight -= 1;
  const ErrorCode error = result.error;
  if (error == ErrorCode::none) {
    queue_of(producer, sent.partition).acked_by = sent.incarnation;
    acknowledge(env, producer, sent.partition, sent.batch, result.base_offset);
  } else if (error == ErrorCode::message_too_large && sent.batch.count > 1) {
    split(env, producer, sent.partition, sent.batch);
  } else if (can_retry(env, producer, sent.partition, sent.batch, error)) {
    retry(env, producer, sent.partition, sent.batch, error, because);
  } else {
    fail(env, producer, sent.partition, sent.batch, error, because);
  }
  if (!is_metadata_error(error)) return;
  const TopicPartition tp{producer.spec.topic, sent.partition};
  learn_leader(producer.metadata, tp, result.current_leader, result.current_leader_epoch);
}

}  // namespace

void acknowledge(Env& env, Producer& producer, std::int32_t partition, const ProducerBatch& batch, Offset base_offset) {
  const Acks acks = producer.spec.config.acks;
  note_acked_sequence(queue_of(producer, partition), batch);
  release(producer, batch);
  producer.counters.acked += batch.count;
  env.emit(RecordsAcked{{producer.spec.topic, partition},
                        producer.node,
                        batch.first_record,
                        base_offset,
                        batch.count,
                        static_cast<std::int8_t>(acks)});
}

void on_produce_response(Env& env, Producer& producer, const Response& response) {
  auto& in_flight = producer.in_flight;
  const auto of_request = [&](const InFlightBatch& each) { return each.request == response.tag; };
  const auto first = std::find_if(in_flight.begin(), in_flight.end(), of_request);
  const auto last = std::find_if_not(first, in_flight.end(), of_request);
  NUTSHELL_REQUIRE(first != last);
  lane_to(producer, response.from).in_flight -= 1;
  const bool answered = response.outcome == Outcome::answered;
  const Step because = answered ? kNoStep : cause_of_silence(env, response.from, producer.node);
  bool smooth = answered;
  bool stale = !answered;
  for (auto each = first; each != last; ++each) {
    const ProducedPartition result = result_for(response, *each, static_cast<std::size_t>(each - first));
    settle(env, producer, *each, result, because);
    smooth = smooth && result.error == ErrorCode::none;
    stale = stale || is_metadata_error(result.error);
  }
  in_flight.erase(first, last);
  resolve_sequences(env, producer);
  if (stale) refresh_metadata(env, producer.metadata, settings_of(producer));
  if (smooth)
    send_to(env, producer, response.from);
  else
    send_all(env, producer);
}

}  // namespace nutshell
