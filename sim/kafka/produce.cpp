// Produce: append, wait for replication, answer (C7, R10).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"
#include "sim/log/validation.h"

namespace nutshell {

namespace {

// What became of one batch at the leader.
struct Appended {
  ErrorCode error = ErrorCode::none;
  Offset base_offset = -1;
  Offset required = -1;  // high watermark that acks=all waits for
  bool written = false;
};

// `seen`: what the records are like; nullptr: they are in the store, to be looked at.
ErrorCode refusal(Env& env, Broker& broker, TopicPartition tp, const Batch& batch, Acks acks,
                  const BatchRecords* seen = nullptr) {
  const Replica* replica = broker.replica(tp);
  if (const ErrorCode error = leader_error(broker, tp, replica); error != ErrorCode::none) return error;
  if (acks == Acks::all && !enough_in_sync(env, broker, *replica)) return ErrorCode::not_enough_replicas;
  const TopicConfig& config = topic_config(broker, tp.topic);
  const BatchRecords records = seen ? *seen : look_at_records(env.commons.store.records, batch, config);
  switch (validate_batch(batch, records, config, env.local_time(broker.node))) {
    case BatchError::none: return may_write(env, broker, *replica, batch.size_in_bytes) ? ErrorCode::none : ErrorCode::kafka_storage_error;
    case BatchError::invalid_record: return ErrorCode::invalid_record;
    case BatchError::invalid_timestamp: return ErrorCode::invalid_timestamp;
    case BatchError::record_list_too_large: return ErrorCode::record_list_too_large;
    case BatchError::message_too_large: break;
  }
  return ErrorCode::message_too_large;
}

// C7: the same batch again, a gap, or an epoch that is over.
bool sequence_decides(Env& env, const Broker& broker, const Replica& replica, const Batch& batch, NodeId producer,
                      Appended& result) {
  if (!batch.has_producer_id()) return false;
  const SequenceCheck check =
      replica.log.producer_state().check(batch.producer_id, batch.producer_epoch, batch.base_sequence, batch.count);
  switch (check.verdict) {
    case SequenceCheck::Verdict::ok: return false;
    case SequenceCheck::Verdict::duplicate:
      result.base_offset = check.duplicate_offset;
      result.required = check.duplicate_offset + batch.count;
      env.emit(DuplicateRecognised{replica.tp, broker.id, producer, check.duplicate_offset});
      return true;
    case SequenceCheck::Verdict::invalid_producer_epoch: result.error = ErrorCode::invalid_producer_epoch; return true;
    case SequenceCheck::Verdict::out_of_order_sequence_number: break;
  }
  result.error = ErrorCode::out_of_order_sequence_number;
  return true;
}

void append(Env& env, Broker& broker, Replica& replica, const Batch& batch, Appended& result) {
  const TopicConfig& config = topic_config(broker, replica.tp.topic);
  const Offset flushed = replica.log.recovery_point();
  const Batch& stored = replica.log.append_as_leader(batch, replica.leader_epoch, config, env.local_time(broker.node));
  result.base_offset = stored.base_offset;
  result.required = stored.next_offset();
  result.written = true;
  const Offset base_offset = stored.base_offset;
  const auto offsets = static_cast<std::int32_t>(stored.offsets());
  flush_if_due(env, broker, replica, flushed);
  env.emit(BatchAppended{replica.tp, broker.id, base_offset, offsets, replica.leader_epoch, true});
  note_for_cleaner(env, broker, replica, config);
}

Appended append_from_client(Env& env, Broker& broker, const ProducePartition& part, Acks acks, NodeId producer) {
  Appended result;
  result.error = topic_error(broker, part.tp.topic, part.incarnation);
  if (result.error == ErrorCode::none) result.error = refusal(env, broker, part.tp, part.batch, acks);
  if (result.error == ErrorCode::none) {
    Replica& replica = *broker.replica(part.tp);
    if (!sequence_decides(env, broker, replica, part.batch, producer, result)) append(env, broker, replica, part.batch, result);
  }
  if (result.error != ErrorCode::none) env.emit(ProduceRefused{part.tp, broker.id, producer, result.error});
  return result;
}

ProducedPartition answer_for(const Broker& broker, TopicPartition tp, const Appended& appended) {
  ProducedPartition answer;
  answer.tp = tp;
  answer.error = appended.error;
  answer.base_offset = appended.base_offset;
  if (appended.error == ErrorCode::not_leader_or_follower) name_leader(broker, answer);
  return answer;
}

// Everything was appended first, so that one fetch can carry all of it.
void after_append(Env& env, Broker& broker, Replica& replica) {
  wake_followers(env, broker, replica);
  maybe_raise_high_watermark(env, broker, replica);
}

ParkedProduce* find_parked(Broker& broker, std::int32_t number) {
  auto found = broker.produces.begin();
  if (found != broker.produces.end() && found->number != number)  // mostly it is the oldest
    found = std::lower_bound(found, broker.produces.end(), number,
                             [](const ParkedProduce& each, std::int32_t wanted) { return each.number < wanted; });
  return found != broker.produces.end() && found->number == number ? &*found : nullptr;
}

// The last partition is decided: answers, and forgets the parked request.
void settle(Env& env, Broker& broker, std::int32_t number) {
  ParkedProduce* parked = find_parked(broker, number);
  env.disarm(parked->timer);
  ParkedProduce done = broker.produces.take(static_cast<std::size_t>(parked - &broker.produces[0]));
  if (done.internal) coordinator_on_append(env, broker, done.group_append, done.response.partitions[0].error);
  else env.reply(done.request, std::move(done.response));
}

void decide(ParkedProduce& parked, std::size_t part, ErrorCode error) {
  parked.required[part] = -1;
  parked.waiting -= 1;
  parked.response.partitions[part].error = error;
}

// Decides the parts of parked requests that concern `replica`; `verdict` returns false to leave one waiting.
template <class Verdict>
void decide_parked(Env& env, Broker& broker, Replica& replica, Verdict verdict) {
  std::vector<AwaitedOffset>& all = replica.parked_produces;
  std::size_t waiting = 0;
  std::vector<std::int32_t> settled;
  for (const AwaitedOffset& each : all) {
    ErrorCode error = ErrorCode::none;
    if (!verdict(each.required, error)) {
      all[waiting++] = each;
      continue;
    }
    ParkedProduce* parked = find_parked(broker, each.number);
    if (!parked) continue;  // its time was over
    for (std::size_t part = 0; part < parked->required.size(); ++part)
      if (parked->required[part] >= 0 && parked->response.partitions[part].tp == replica.tp) decide(*parked, part, error);
    if (parked->waiting == 0) settled.push_back(each.number);
  }
  all.resize(waiting);
  for (std::int32_t number : settled) settle(env, broker, number);
}

void park(Env& env, Broker& broker, ParkedProduce&& parked, Duration timeout) {
  parked.number = broker.next_parked++;
  parked.timer = env.arm(broker.node, TimerKind::produce_wait, timeout, parked.number);
  for (std::size_t part = 0; part < parked.required.size(); ++part)
    if (parked.required[part] >= 0)
      broker.replica(parked.response.partitions[part].tp)->parked_produces.push_back({parked.number, parked.required[part]});
  broker.produces.push_back(std::move(parked));
}

}  // namespace

void on_produce(Env& env, Broker& broker, const RequestId& request, ProduceRequest& produce) {
  const NodeId producer = env.client_of(request);
  ParkedProduce parked;
  parked.request = request;
  bool refused = false;
  for (const ProducePartition& part : produce.partitions) {
    const Appended appended = append_from_client(env, broker, part, produce.acks, producer);
    refused |= appended.error != ErrorCode::none;
    parked.response.partitions.push_back(answer_for(broker, part.tp, appended));
    parked.required.push_back(appended.error == ErrorCode::none ? appended.required : -1);
  }
  for (const ProducePartition& part : produce.partitions)
    if (Replica* replica = broker.replica(part.tp); replica && replica->role == ReplicaRole::leader)
      after_append(env, broker, *replica);
  if (produce.acks == Acks::none) return refused ? env.hang_up(request) : env.finish(request);
  if (produce.acks == Acks::all) {
    for (std::size_t part = 0; part < parked.required.size(); ++part) {
      if (parked.required[part] < 0) continue;
      if (broker.replica(produce.partitions[part].tp)->log.high_watermark() < parked.required[part]) parked.waiting += 1;
      else parked.required[part] = -1;
    }
  }
  if (produce.acks == Acks::leader || parked.waiting == 0) return env.reply(request, std::move(parked.response));
  park(env, broker, std::move(parked), produce.timeout);
}

void complete_produces(Env& env, Broker& broker, Replica& replica) {
  if (replica.parked_produces.empty()) return;
  const Offset high_watermark = replica.log.high_watermark();
  // NOT_ENOUGH_REPLICAS_AFTER_APPEND as Kafka checks for it (Partition.checkEnoughReplicasReachOffset). Since the high
  // watermark rises only with enough replicas (3.7), it needs an ISR that shrinks, or a min.insync.replicas that is raised,
  // in the moment between that rise and this look; in Kafka these are two threads, here they are one step.
  const bool enough = enough_in_sync(env, broker, replica);
  decide_parked(env, broker, replica, [&](Offset required, ErrorCode& error) {
    if (high_watermark < required) return false;
    error = enough ? ErrorCode::none : ErrorCode::not_enough_replicas_after_append;
    return true;
  });
}

void fail_produces(Env& env, Broker& broker, Replica& replica, ErrorCode reason) {
  decide_parked(env, broker, replica, [&](Offset, ErrorCode& error) {
    error = reason;
    return true;
  });
}

void on_produce_timeout(Env& env, Broker& broker, std::int32_t number) {
  ParkedProduce* parked = find_parked(broker, number);
  NUTSHELL_REQUIRE(parked);
  parked->timer = kNoTimer;
  for (std::size_t part = 0; part < parked->required.size(); ++part)
    if (parked->required[part] >= 0) decide(*parked, part, ErrorCode::request_timed_out);
  settle(env, broker, number);
}

ErrorCode append_group_record(Env& env, Broker& broker, std::int32_t partition, const GroupRecord& record,
                              std::uint64_t number) {
  const TopicPartition tp{env.fabric.names.find(kOffsetsTopic), partition};
  RecordStore& store = env.commons.store;
  Batch batch;
  batch.count = 1;
  batch.size_in_bytes = kGroupRecordBytes;
  batch.max_timestamp = env.local_time(broker.node);
  batch.first_record = static_cast<std::int64_t>(store.records.size());
  const BatchRecords keyed{batch.max_timestamp, batch.max_timestamp, false};
  const ErrorCode error = refusal(env, broker, tp, batch, Acks::all, &keyed);
  if (error != ErrorCode::none) return error;
  Replica& replica = *broker.replica(tp);
  Record stored;
  stored.timestamp = batch.max_timestamp;
  stored.size_in_bytes = batch.size_in_bytes;
  stored.key = key_of(env.fabric.names, record);
  stored.text = is_removal(record) ? kNoValue : static_cast<std::int32_t>(store.group_records.size());
  stored.serial = static_cast<std::uint32_t>(store.group_records.size());
  store.group_records.push_back(record);
  store.records.push_back(stored);
  batch.content = content_of(store, batch.first_record, 1);
  Appended appended;
  append(env, broker, replica, batch, appended);
  ParkedProduce parked;
  parked.internal = true;
  parked.group_append = number;
  parked.waiting = 1;
  parked.response.partitions.push_back(answer_for(broker, tp, appended));
  parked.required.push_back(appended.required);
  park(env, broker, std::move(parked), broker.config.offsets_commit_timeout);
  after_append(env, broker, replica);
  return ErrorCode::none;
}

}  // namespace nutshell
