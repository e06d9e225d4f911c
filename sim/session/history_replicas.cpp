// How far the log of each replica went, what of it was committed, and who was in sync.
#include <algorithm>

#include "sim/session/history_builders.h"
#include "sim/session/image.h"

namespace nutshell {

namespace {

// Not known yet: a broker that starts finds its high watermark on disk. The next fact about it tells.
constexpr std::int64_t kUntold = -2;

void set(std::vector<Level>& levels, Time at, std::int64_t value) {
  if (!levels.empty() && levels.back().value == value) return;
  if (!levels.empty() && levels.back().at == at) levels.back().value = value;
  else levels.push_back({at, value});
}

void tell(std::vector<Level>& levels, std::int64_t value) {
  if (!levels.empty() && levels.back().value == kUntold) levels.back().value = value;
}

}  // namespace

ReplicaHistories::ReplicaHistories(const World& last) : world_(last) {
  const MetadataImage* image = committed_image(world_);
  for (TopicPartition tp : user_partitions(world_)) {
    PartitionHistory history;
    history.tp = tp;
    for (std::int16_t id : image->partition(tp)->replicas) {
      const Broker* broker = world_.find_broker(id);
      history.replicas.push_back({id, broker ? broker->node : kNoNode, {}, {}, {}, {}, {}});
    }
    places_[tp] = partitions_.size();
    partitions_.push_back(std::move(history));
  }
}

PartitionHistory* ReplicaHistories::of(TopicPartition tp) {
  const auto found = places_.find(tp);
  return found == places_.end() ? nullptr : &partitions_[found->second];
}

ReplicaHistory* ReplicaHistories::of(TopicPartition tp, BrokerId broker) {
  PartitionHistory* partition = of(tp);
  if (!partition) return nullptr;
  for (ReplicaHistory& each : partition->replicas) {
    if (each.broker == broker) return &each;
  }
  return nullptr;
}

void ReplicaHistories::begin_partitions(Time at, TopicId topic, std::int32_t first, std::int32_t last) {
  for (std::int32_t i = first; i < last; ++i) {
    PartitionHistory* partition = of({topic, i});
    if (!partition) continue;
    for (ReplicaHistory& each : partition->replicas) each.log_end = each.high_watermark = {{at, 0}};
  }
}

void ReplicaHistories::note(Time at, const BatchAppended& f) {
  if (ReplicaHistory* replica = of(f.tp, f.broker)) set(replica->log_end, at, f.base_offset + f.count);
}

void ReplicaHistories::note(Time at, const HighWatermarkMoved& f) {
  ReplicaHistory* replica = of(f.tp, f.broker);
  if (!replica) return;
  tell(replica->high_watermark, f.from);
  set(replica->high_watermark, at, f.to);
}

void ReplicaHistories::note(Time at, const LogTruncated& f) {
  ReplicaHistory* replica = of(f.tp, f.broker);
  if (!replica) return;
  tell(replica->high_watermark, f.high_watermark);
  replica->cuts.push_back({at, f.from, f.to});
  set(replica->log_end, at, f.to);
  if (f.high_watermark > f.to) set(replica->high_watermark, at, f.to);
}

void ReplicaHistories::note(Time at, const NodeStarted& f) {
  for (PartitionHistory& partition : partitions_) {
    for (ReplicaHistory& each : partition.replicas) {
      if (each.node != f.node || each.high_watermark.empty() || each.high_watermark.back().value == kUntold) continue;
      each.high_watermark.push_back({at, kUntold});
    }
  }
}

void ReplicaHistories::read_states(const StatesUntil& run, PartitionHistory& partition) {
  const std::optional<Time> since = run.since(partition.tp);
  partition.since = since.value_or(run.until);
  for (const StateSpan& each : run.spans(partition_office(partition.tp)))
    partition.leaders.push_back({each.from, each.to, each.value, each.number});
  for (ReplicaHistory& each : partition.replicas) {
    if (since) read_states(run, partition.tp, *since, each);
  }
}

void ReplicaHistories::read_states(const StatesUntil& run, TopicPartition tp, Time since, ReplicaHistory& replica) {
  std::vector<StateSpan> in_sync = run.spans(replica_sync(tp, replica.broker));
  std::erase_if(in_sync, [since](const StateSpan& each) { return each.to <= since; });  // of an earlier topic of that name
  for (StateSpan& each : in_sync) each.from = std::max(each.from, since);
  in_sync.insert(in_sync.begin(), {true, 0, since, in_sync.empty() ? run.until : in_sync.front().from});
  for (const StateSpan& each : in_sync) {
    const bool goes_on = !replica.in_isr.empty() && replica.in_isr.back().to == each.from;
    if (each.value == 0 || each.from == each.to) continue;
    if (goes_on) replica.in_isr.back().to = each.to;
    else replica.in_isr.push_back({each.from, each.to});
  }
  for (const StateSpan& each : run.spans(node_life(replica.node))) {
    const auto life = static_cast<Life>(each.value);
    if (life == Life::crashed || life == Life::stopped) replica.down.push_back({each.from, each.to});
  }
}

std::vector<PartitionHistory> ReplicaHistories::finish(const StatesUntil& run) {
  for (PartitionHistory& partition : partitions_) {
    read_states(run, partition);
    for (ReplicaHistory& each : partition.replicas) {
      const Broker* broker = world_.find_broker(each.broker);
      const Replica* replica = broker ? broker->replica(partition.tp) : nullptr;
      tell(each.high_watermark, replica ? replica->log.high_watermark() : 0);
    }
  }
  return std::move(partitions_);
}

}  // namespace nutshell
