// Fetching, and what poll() returns (G5).
#include <algorithm>

#include "sim/kafka/consumer_steps.h"

namespace nutshell {

namespace {

// Draws for back-off of fetches; metadata and the group have lower numbers.
constexpr std::uint64_t kFetchDraws = std::uint64_t{2} << 32;

FetchSource& source_of(Consumer& consumer, NodeId broker) {
  for (FetchSource& each : consumer.sources)
    if (each.broker == broker) return each;
  consumer.sources.push_back({broker, false, 0, 0});
  return consumer.sources.back();
}

// What is buffered is delivered first, then more is asked for.
bool wants_data(const Consumer& consumer, const OwnedPartition& partition) {
  return partition.position_state == PositionState::known && !partition.buffered() && partition.leader != kNoNode &&
         !is_paused(consumer, partition.tp);
}

// R21. A follower that metadata does not show any more is not asked.
NodeId read_source(Env& env, Consumer& consumer, OwnedPartition& partition) {
  const ReadReplica& from = partition.read_from;
  if (from.node == kNoNode || env.now() >= from.until) return partition.leader;
  const std::vector<BrokerId>& alive = consumer.metadata.brokers;
  if (std::find(alive.begin(), alive.end(), BrokerId{env.self(from.node).id}) != alive.end()) return from.node;
  return_to_leader(env, consumer, partition);
  refresh_metadata(env, consumer.metadata, settings_of(consumer));
  return partition.leader;
}

void send_fetch(Env& env, Consumer& consumer, FetchSource& source) {
  const ConsumerConfig& config = consumer.spec.config;
  const std::uint64_t number = ++consumer.fetches;
  FetchRequest request;
  request.max_wait = config.fetch_max_wait;
  request.min_bytes = config.fetch_min_bytes;
  request.max_bytes = config.fetch_max_bytes;
  request.partition_max_bytes = config.max_partition_fetch_bytes;
  request.rack = rack_of(env.fabric.names, config.rack);
  request.partitions.reserve(consumer.owned.size());
  for (OwnedPartition& each : consumer.owned) {
    if (!wants_data(consumer, each) || env.now() < each.retry_at || read_source(env, consumer, each) != source.broker) continue;
    each.fetch = number;
    each.asked = each.incarnation;
    request.partitions.push_back({each.tp, each.position, each.leader_epoch, -1, each.incarnation});
  }
  source.in_flight = true;
  env.request(consumer.node, source.broker, Channel::data, std::move(request), config.request_timeout, number);
}

// What precedes a damaged batch is read; if that is nothing, poll() throws (check.crcs).
void buffer_batches(Env& env, Consumer& consumer, OwnedPartition& partition, const FetchResponse& response,
                    const FetchedPartition& fetched) {
  const auto first = response.batches.begin() + fetched.first_batch;
  const auto damaged = std::find_if(first, first + fetched.batch_count, [](const Batch& each) { return each.is_damaged(); });
  if (damaged == first && fetched.batch_count > 0) {
    const BrokerId leader = env.fabric.nodes[static_cast<std::size_t>(partition.leader)].id;
    env.emit(DamageFound{partition.tp, leader, consumer.node, damaged->base_offset});
    return fail(env, consumer, ErrorCode::corrupt_message, ConsumerFailure::damaged, partition.tp);
  }
  partition.buffer.assign(first, damaged);
  partition.next_batch = 0;
  while (partition.buffered() &&
         partition.buffer[static_cast<std::size_t>(partition.next_batch)].next_offset() <= partition.position)
    partition.next_batch += 1;
  if (partition.buffered()) consumer.ready.push_back(static_cast<std::int32_t>(&partition - consumer.owned.data()));
}

// The broker does not lead the partition, or does so in another epoch. Whoever it names is asked next, once the position
// has been validated there (KIP-951); else metadata must tell.
void take_refusal(Env& env, Consumer& consumer, OwnedPartition& partition, const FetchedPartition& fetched) {
  return_to_leader(env, consumer, partition);
  if (!learn_leader(consumer.metadata, fetched.tp, fetched.current_leader, fetched.current_leader_epoch))
    return back_off_partition(env, consumer, partition);
  update_leaders(env, consumer);
  refresh_metadata(env, consumer.metadata, settings_of(consumer));
}

// R21: the leader sends the consumer to a follower, for metadata.max.age.ms.
void read_elsewhere(Env& env, Consumer& consumer, OwnedPartition& partition, BrokerId replica) {
  const NodeId node = env.broker_node(replica);
  const bool known = partition.read_from.value.node == node;
  partition.read_from = ReadReplica{node, env.now() + consumer.spec.config.metadata_max_age};
  if (!known) env.emit(ReadReplicaChanged{partition.tp, consumer.node, replica});
}

void take_fetched(Env& env, Consumer& consumer, OwnedPartition& partition, const FetchResponse& response,
                  const FetchedPartition& fetched, NodeId from) {
  const bool from_leader = from == partition.leader;
  switch (fetched.error) {
    case ErrorCode::none:
      if (fetched.preferred_read_replica.value != kNoBroker)
        return read_elsewhere(env, consumer, partition, fetched.preferred_read_replica);
      if (from_leader) return_to_leader(env, consumer, partition);
      // Where it stands came by the topic's name, so maybe from an earlier topic: what can be read there is of this one.
      if (partition.position <= fetched.high_watermark) partition.reads = partition.asked;
      partition.high_watermark = fetched.high_watermark;
      return buffer_batches(env, consumer, partition, response, fetched);
    case ErrorCode::offset_out_of_range:
      if (!from_leader) return return_to_leader(env, consumer, partition);  // it may be behind
      return reset_position(env, consumer, partition, ConsumerFailure::out_of_range);
    default:
      // NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, UNKNOWN_TOPIC_ID
      take_refusal(env, consumer, partition, fetched);
  }
}

void on_fetch_failed(Env& env, Consumer& consumer, FetchSource& source) {
  const ConsumerConfig& config = consumer.spec.config;
  for (OwnedPartition& each : consumer.owned)
    if (each.read_from.value.node == source.broker) return_to_leader(env, consumer, each);
  source.retry_at = env.now() + backoff(env, consumer.node, config.retry_backoff, config.retry_backoff_max,
                                        source.failures++, kFetchDraws + consumer.draws++);
  refresh_metadata(env, consumer.metadata, settings_of(consumer));
}

// How many of a batch's records, `most` from the nth one on, poll() may return: all, or those before one that cannot be
// deserialised, or not yet.
struct Readable {
  std::int64_t count = 0;
  bool stops = false;
};
Readable readable(Env& env, Consumer& consumer, const OwnedPartition& partition, const Batch& batch, std::int64_t nth, std::int64_t most) {
  const ConsumerConfig& config = consumer.spec.config;
  if (config.value_deserializer == Deserializer::string) return {most, false};
  const Records& records = env.commons.store.records;
  SchemaClient& schemas = consumer.schemas.value;
  for (std::int64_t i = 0; i < most; ++i) {
    const std::int32_t text = records[static_cast<std::size_t>(batch.first_record + nth + i)].text;
    const Offset offset = offset_of(records, batch, nth + i);
    const Deserialized read = deserialize(env, schemas, consumer.node, config, text);
    if (read.outcome == SerdeOutcome::waits) return {i, true};
    if (read.outcome == SerdeOutcome::done) {
      env.emit(ValueDeserialized{partition.tp, consumer.node, offset, read.id, read.value});
      continue;
    }
    const bool skips = config.on_unreadable == OnUnreadable::skip;
    const bool told = schemas.stuck_at == partition.tp && schemas.stuck_offset == offset;
    if (skips || !told) env.emit(RecordNotDeserialized{partition.tp, consumer.node, offset, read.reason, skips}, schemas.because);
    if (skips) continue;
    schemas.stuck_at = partition.tp;
    schemas.stuck_offset = offset;
    return {i, true};
  }
  return {most, false};
}

// Hands out records of one partition, at most `most`; how many. What a cleaner has taken away is passed over: behind the
// last record of a batch the position is the end of the batch (CompletedFetch.nextFetchedRecord). `stops`: poll() throws behind
// them, or waits for a schema.
std::int64_t deliver_from(Env& env, Consumer& consumer, OwnedPartition& partition, std::int64_t most, bool& stops) {
  const Records& records = env.commons.store.records;
  Offset first = -1;
  std::int64_t count = 0;
  while (count < most && partition.buffered() && !stops) {
    const Batch& batch = partition.buffer[static_cast<std::size_t>(partition.next_batch)];
    const std::int64_t before = records_below(records, batch, partition.position);
    const Readable read = readable(env, consumer, partition, batch, before, std::min(most - count, batch.count - before));
    const std::int64_t taken = read.count;
    stops = read.stops;
    if (stops && taken == 0) break;
    if (taken > 0 && first < 0) first = offset_of(records, batch, before);
    const bool all = before + taken == batch.count;
    partition.position = all ? batch.next_offset() : offset_of(records, batch, before + taken - 1) + 1;
    partition.position_epoch = batch.partition_leader_epoch;
    if (consumer.host.hosted) hand_over(env, consumer, partition.tp, batch, before, taken);
    else if (has_handler(consumer)) take_in_hand(env, consumer, partition.tp, batch, before, taken);
    count += taken;
    if (all) partition.next_batch += 1;
  }
  if (count == 0) return 0;
  partition.delivered += count;
  env.emit(RecordsDelivered{partition.tp, consumer.node, first, partition.position - 1,
                            static_cast<std::int32_t>(count), consumer.owned_generation, consumer.spec.group});
  return count;
}

}  // namespace

void return_to_leader(Env& env, const Consumer& consumer, OwnedPartition& partition) {
  if (partition.read_from.value.node == kNoNode) return;
  partition.read_from = ReadReplica{};
  env.emit(ReadReplicaChanged{partition.tp, consumer.node, kNoBroker});
}

void back_off_partition(Env& env, Consumer& consumer, OwnedPartition& partition) {
  partition.fetch = 0;
  partition.retry_at = env.now() + consumer.spec.config.retry_backoff;
  refresh_metadata(env, consumer.metadata, settings_of(consumer));
}

// Partitions in the order in which their data came, each until it is used up (Kafka's fetch buffer). Where a record cannot be
// deserialised the others wait behind it.
std::int64_t deliver(Env& env, Consumer& consumer) {
  const std::int64_t most = consumer.spec.config.max_poll_records;
  std::int64_t count = 0;
  bool stops = false;
  std::erase_if(consumer.ready, [&](std::int32_t each) {
    OwnedPartition& partition = consumer.owned[static_cast<std::size_t>(each)];
    if (count >= most || stops || is_paused(consumer, partition.tp)) return false;
    count += deliver_from(env, consumer, partition, most - count, stops);
    return !partition.buffered();
  });
  consumer.delivered += count;
  return count;
}

void drop_data(Consumer& consumer, OwnedPartition& partition) {
  partition.buffer.clear();
  partition.next_batch = 0;
  std::erase(consumer.ready, static_cast<std::int32_t>(&partition - consumer.owned.data()));
}

void send_fetches(Env& env, Consumer& consumer) {
  for (OwnedPartition& each : consumer.owned) {
    if (!wants_data(consumer, each) || env.now() < each.retry_at) continue;
    FetchSource& source = source_of(consumer, read_source(env, consumer, each));
    if (!source.in_flight && env.now() >= source.retry_at) send_fetch(env, consumer, source);
  }
}

void retry_later(Env& env, Consumer& consumer) {
  Time earliest = kNever;
  for (const OwnedPartition& each : consumer.owned)
    if (each.retry_at > env.now()) earliest = std::min(earliest, each.retry_at);
  for (const FetchSource& each : consumer.sources)
    if (each.retry_at > env.now()) earliest = std::min(earliest, each.retry_at);
  if (earliest == kNever) return;
  env.rearm(consumer.fetch_retry, consumer.node, TimerKind::consumer_fetch, earliest - env.now());
}

void on_fetched(Env& env, Consumer& consumer, const Response& response) {
  FetchSource& source = source_of(consumer, response.from);
  source.in_flight = false;
  const auto* fetched = response.as<FetchResponse>();
  if (!fetched) return on_fetch_failed(env, consumer, source);
  source.failures = 0;
  for (const FetchedPartition& each : fetched->partitions) {
    OwnedPartition* partition = find_owned(consumer, each.tp);
    // Given up, reset or asked for again since this fetch was sent: its answer is stale.
    if (!partition || partition->fetch != response.tag || !consumer.running) continue;
    partition->fetch = 0;
    take_fetched(env, consumer, *partition, *fetched, each, response.from);
  }
}

}  // namespace nutshell
