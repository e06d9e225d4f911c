#include <algorithm>

#include "sim/core/require.h"
#include "sim/log/hash.h"
#include "sim/kafka/producer_parts.h"

namespace nutshell {

namespace {

bool goes_by_key(const Producer& producer, const Record& record) {
  const ProducerConfig& config = producer.spec.config;
  return record.key >= 0 && !config.partitioner_ignore_keys && config.partitioner == Partitioner::sticky;
}

// Partitions that have a leader, and what is queued for them.
std::vector<PartitionLoad> available_partitions(const Env& env, const Producer& producer) {
  std::vector<PartitionLoad> available;
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(producer.queues.size()); ++i) {
    if (leader_of(env, producer, i).node == kNoNode) continue;
    const ProducerQueue& queue = queue_of(producer, i);
    const std::size_t queued = queue.waiting.size() + (queue.open.records.empty() ? 0 : 1);
    available.push_back({i, static_cast<std::int32_t>(queued)});
  }
  return available;
}

// KIP-1123: those that are led in the producer's rack, unless there are none.
std::vector<PartitionLoad> near_partitions(const Env& env, const Producer& producer) {
  std::vector<PartitionLoad> available = available_partitions(env, producer);
  const ProducerConfig& config = producer.spec.config;
  if (!config.partitioner_rack_aware || config.rack.empty()) return available;
  const RackId own = env.fabric.names.find(config.rack);
  std::vector<PartitionLoad> near;
  for (const PartitionLoad& each : available) {
    const BrokerId leader = env.self(leader_of(env, producer, each.partition).node).id;
    if (producer.metadata.racks.rack_of(leader) == own) near.push_back(each);
  }
  return near.empty() ? available : near;
}

// A non-negative number, as Kafka draws it.
std::int32_t draw_choice(Env& env, Producer& producer) {
  return static_cast<std::int32_t>(env.random(producer.node, Purpose::sticky_partition, producer.draws++) >> 33);
}

void switch_partition(Env& env, Producer& producer) {
  // Until every partition has had a batch, the queue lengths say nothing about the brokers.
  const bool all_used = std::all_of(producer.queues.begin(), producer.queues.end(),
                                    [](const ProducerQueue& queue) { return queue.used; });
  const bool adaptive = all_used && producer.spec.config.partitioner_adaptive_partitioning_enable;
  const auto partitions = static_cast<std::int32_t>(producer.queues.size());
  producer.sticky_partition =
      choose_sticky_partition(near_partitions(env, producer), partitions, adaptive, draw_choice(env, producer));
  producer.sticky_bytes = 0;
}

std::int32_t sticky_partition(Env& env, Producer& producer) {
  if (producer.sticky_partition < 0) {
    switch_partition(env, producer);
  } else if (queue_of(producer, producer.sticky_partition).open.records.empty()) {
    note_sticky_bytes(env, producer, 0, true);  // a switch that was put off until the batch had gone
  }
  return producer.sticky_partition;
}

// RoundRobinPartitioner: one record after the other, over the partitions that have a leader.
std::int32_t next_in_turn(const Env& env, Producer& producer) {
  const std::vector<PartitionLoad> available = available_partitions(env, producer);
  const auto turn = static_cast<std::size_t>(producer.round_robin);
  producer.round_robin = (producer.round_robin + 1) & 0x7fffffff;
  if (available.empty()) return static_cast<std::int32_t>(turn % producer.queues.size());
  return available[turn % available.size()].partition;
}

}  // namespace

std::int32_t choose_sticky_partition(const std::vector<PartitionLoad>& available, std::int32_t partitions,
                                     bool adaptive, std::int32_t random) {
  NUTSHELL_REQUIRE(partitions > 0 && random >= 0);
  const auto count = static_cast<std::int32_t>(available.size());
  if (count == 0) return random % partitions;
  if (!adaptive || partitions < 2) return available[static_cast<std::size_t>(random % count)].partition;
  std::int32_t longest = 0;
  for (const PartitionLoad& each : available) longest = std::max(longest, each.queued);
  std::int32_t total = 0;
  for (const PartitionLoad& each : available) total += longest + 1 - each.queued;
  std::int32_t left = random % total;
  for (const PartitionLoad& each : available) {
    left -= longest + 1 - each.queued;
    if (left < 0) return each.partition;
  }
  return available.back().partition;
}

bool sticks(const Producer& producer, const BlockedRecord& record) {
  return record.partition < 0 && producer.spec.config.partitioner == Partitioner::sticky &&
         !goes_by_key(producer, record.record);
}

std::int32_t choose_partition(Env& env, Producer& producer, const BlockedRecord& record) {
  if (record.partition >= 0) return record.partition;
  if (goes_by_key(producer, record.record)) {
    const std::int32_t hash = murmur2(env.fabric.names[record.record.key]);
    return partition_for_key(hash, static_cast<std::int32_t>(producer.queues.size()));
  }
  if (sticks(producer, record)) return sticky_partition(env, producer);
  return next_in_turn(env, producer);
}

void note_sticky_bytes(Env& env, Producer& producer, std::int32_t bytes, bool batch_is_full) {
  producer.sticky_bytes += bytes;
  const std::int64_t batch_size = std::max<std::int64_t>(producer.spec.config.batch_size, 1);
  if (enough_for_sticky(producer.sticky_bytes, batch_size, batch_is_full)) switch_partition(env, producer);
}

}  // namespace nutshell
