#include <algorithm>

#include "sim/kafka/producer_parts.h"

namespace nutshell {

namespace {

// The first waiting batch backs off, unless the partition has got a new leader since it was last sent.
bool backs_off(const Env& env, const ProducerQueue& queue, const Leader& leader) {
  if (queue.waiting.empty()) return false;
  const ProducerBatch& first = queue.waiting.front();
  return first.retry_at > env.now() && leader.epoch <= first.leader_epoch;
}

// C3: a partition is muted while a batch of it is in flight if there may be only one.
bool may_leave(const Env& env, const Producer& producer, std::int32_t partition, const Leader& leader) {
  const ProducerQueue& queue = queue_of(producer, partition);
  if (backs_off(env, queue, leader)) return false;
  if (producer.spec.config.max_in_flight == 1 && queue.in_flight > 0) return false;
  return !is_idempotent(producer) || sequence_allows(producer, partition);
}

// C3: full (then it waits closed), waited linger.ms, memory exhausted, or close() was called.
bool is_ready(const Env& env, const Producer& producer, const ProducerQueue& queue) {
  if (!queue.waiting.empty() || producer.out_of_memory || hurries(producer)) return true;
  return env.now() >= queue.open.created_at + producer.spec.config.linger;
}

bool anything_ready(const Env& env, const Producer& producer, NodeId broker) {
  for (std::int32_t partition : producer.pending) {
    const Leader leader = leader_of(env, producer, partition);
    if (leader.node != broker || !is_ready(env, producer, queue_of(producer, partition))) continue;
    if (may_leave(env, producer, partition, leader)) return true;
  }
  return false;
}

std::int32_t size_of_first(const ProducerQueue& queue) {
  return queue.waiting.empty() ? queue.open.size_in_bytes : queue.waiting.front().size_in_bytes;
}

// Takes the partition's first batch out of the accumulator.
ProducerBatch drain(Env& env, Producer& producer, std::int32_t partition, const Leader& leader) {
  ProducerQueue& queue = queue_of(producer, partition);
  if (queue.waiting.empty()) close_open_batch(env, producer, partition);
  ProducerBatch batch = queue.waiting.pop_front();
  batch.leader_epoch = leader.epoch;
  batch.retry_at = 0;
  if (is_idempotent(producer)) assign_sequence(producer, queue, batch);
  if (!queue.waiting.empty() && queue.waiting.front().retry_at > env.now())
    expect_retry(env, producer, queue.waiting.front().retry_at);
  return batch;
}

Batch as_sent(const ProducerBatch& batch) {
  Batch sent;
  sent.first_record = batch.first_record;
  sent.producer_id = batch.producer_id;
  sent.max_timestamp = batch.max_timestamp;
  sent.content = batch.content;
  sent.count = batch.count;
  sent.base_sequence = batch.base_sequence;
  sent.size_in_bytes = batch.size_in_bytes;
  sent.producer_epoch = batch.producer_epoch;
  return sent;
}

void put_into(Env& env, Producer& producer, ProduceRequest& request, std::int32_t partition,
              const ProducerBatch& batch, Incarnation topic) {
  const TopicPartition tp{producer.spec.topic, partition};
  request.partitions.push_back({tp, as_sent(batch), topic});
  producer.in_flight.push_back({producer.next_request, partition, false, batch, topic});
  queue_of(producer, partition).in_flight += 1;
  env.emit(RecordsSent{tp, producer.node, batch.first_record, batch.count, batch.attempts});
}

// Fills a request for `broker`. Once one batch is ready for a broker, the first batches of its other
// partitions go with it, lingering or not; a partition that still has batches goes to the end of the line.
void fill(Env& env, Producer& producer, ProduceRequest& request, NodeId broker) {
  std::vector<std::int32_t>& pending = producer.pending;
  const std::size_t in_line = pending.size();
  std::size_t kept = 0;
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < in_line; ++i) {
    const std::int32_t partition = pending[i];
    ProducerQueue& queue = queue_of(producer, partition);
    const Leader leader = leader_of(env, producer, partition);
    const bool fits = bytes == 0 || bytes + size_of_first(queue) <= producer.spec.config.max_request_size;
    if (leader.node != broker || !fits || !may_leave(env, producer, partition, leader)) {
      pending[kept++] = partition;
      continue;
    }
    const ProducerBatch batch = drain(env, producer, partition, leader);
    bytes += batch.size_in_bytes;
    put_into(env, producer, request, partition, batch, leader.topic);
    queue.listed = queue.has_batches();
    if (queue.listed) pending.push_back(partition);
  }
  pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(kept),
                pending.begin() + static_cast<std::ptrdiff_t>(in_line));
}

// acks=0: nobody will answer, so the batches are as good as stored (R10, scenario 2).
void acknowledge_unheard(Env& env, Producer& producer) {
  const std::uint64_t request = producer.next_request;
  auto& in_flight = producer.in_flight;
  const auto sent = std::find_if(in_flight.begin(), in_flight.end(),
                                 [&](const InFlightBatch& each) { return each.request == request; });
  for (auto each = sent; each != in_flight.end(); ++each) {
    queue_of(producer, each->partition).in_flight -= 1;
    acknowledge(env, producer, each->partition, each->batch, -1);
  }
  in_flight.erase(sent, in_flight.end());
}

void send_request(Env& env, Producer& producer, NodeId broker) {
  const ProducerConfig& config = producer.spec.config;
  ProduceRequest request;
  request.acks = config.acks;
  request.timeout = config.request_timeout;
  fill(env, producer, request, broker);
  if (config.acks == Acks::none) {
    env.send_one_way(producer.node, broker, Channel::data, std::move(request));
    acknowledge_unheard(env, producer);
  } else {
    lane_to(producer, broker).in_flight += 1;
    env.request(producer.node, broker, Channel::data, std::move(request), config.request_timeout,
                producer.next_request);
  }
  producer.next_request += 1;
}

}  // namespace

Leader leader_of(const Env& env, const Producer& producer, std::int32_t partition) {
  const PartitionMetadata* known = producer.metadata.find({producer.spec.topic, partition});
  if (!known || known->leader == kNoBroker) return {};
  return {env.broker_node(known->leader), known->leader_epoch, known->incarnation};
}

ProducerLane& lane_to(Producer& producer, NodeId broker) {
  for (ProducerLane& each : producer.lanes)
    if (each.broker == broker) return each;
  producer.lanes.push_back({broker, 0});
  return producer.lanes.back();
}

void note_pending(Producer& producer, std::int32_t partition) {
  ProducerQueue& queue = queue_of(producer, partition);
  if (queue.listed) return;
  queue.listed = true;
  producer.pending.push_back(partition);
}

void send_to(Env& env, Producer& producer, NodeId broker) {
  // A batch leaves the accumulator when its connection is open, not before (Sender.sendProducerData).
  while (lane_to(producer, broker).in_flight < producer.spec.config.max_in_flight &&
         anything_ready(env, producer, broker) && env.ready(producer.node, broker, Channel::data))
    send_request(env, producer, broker);
}

void send_partition(Env& env, Producer& producer, std::int32_t partition) {
  const Leader leader = leader_of(env, producer, partition);
  if (leader.node == kNoNode)
    refresh_metadata(env, producer.metadata, settings_of(producer));
  else
    send_to(env, producer, leader.node);
}

void send_all(Env& env, Producer& producer) {
  for (std::int32_t partition : producer.pending) {
    const Leader leader = leader_of(env, producer, partition);
    if (leader.node == kNoNode)
      refresh_metadata(env, producer.metadata, settings_of(producer));
    else
      lane_to(producer, leader.node);
  }
  for (std::size_t i = 0; i < producer.lanes.size(); ++i) send_to(env, producer, producer.lanes[i].broker);
  for (std::int32_t partition : producer.pending) {
    const BatchQueue& waiting = queue_of(producer, partition).waiting;
    if (!waiting.empty() && waiting.front().retry_at > env.now()) expect_retry(env, producer, waiting.front().retry_at);
  }
}

void expect_retry(Env& env, Producer& producer, Time time) {
  if (producer.retry != kNoTimer && producer.retry_at <= time) return;
  producer.retry_at = time;
  env.rearm(producer.retry, producer.node, TimerKind::producer_retry, time - env.now());
}

}  // namespace nutshell
