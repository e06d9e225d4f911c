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

ReplicaHistories::ReplicaHistories(const World& last, Time until) : world_(last), until_(until) {
  const MetadataImage* image = committed_image(world_);
  for (TopicPartition tp : user_partitions(world_)) {
    PartitionHistory history;
    history.tp = tp;
    history.since = until;
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

template <class Visit>
void ReplicaHistories::each_on(NodeId node, Visit visit) {
  for (PartitionHistory& partition : partitions_) {
    for (ReplicaHistory& each : partition.replicas) {
      if (each.node == node) visit(partition, each);
    }
  }
}

void ReplicaHistories::begin_partitions(Time at, TopicId topic, std::int32_t first, std::int32_t last) {
  for (std::int32_t i = first; i < last; ++i) {
    PartitionHistory* partition = of({topic, i});
    if (!partition) continue;
    partition->since = at;
    for (ReplicaHistory& each : partition->replicas) {
      each.log_end = each.high_watermark = {{at, 0}};
      each.in_isr = {{at, kNever}};
    }
  }
}

void ReplicaHistories::lead(Time at, TopicPartition tp, BrokerId broker, Epoch epoch) {
  PartitionHistory* partition = of(tp);
  if (!partition) return;
  if (!partition->leaders.empty()) partition->leaders.back().to = at;
  partition->leaders.push_back({at, until_, broker, epoch});
}

// An unclean election puts the new leader in the place of the whole ISR.
void ReplicaHistories::note(Time at, const LeaderElected& f) {
  PartitionHistory* partition = f.unclean ? of(f.tp) : nullptr;
  for (std::size_t i = 0; partition && i < partition->replicas.size(); ++i) {
    ReplicaHistory& each = partition->replicas[i];
    const bool in_sync = !each.in_isr.empty() && each.in_isr.back().to == kNever;
    if (each.broker == f.leader && !in_sync) each.in_isr.push_back({at, kNever});
    if (each.broker != f.leader && in_sync) each.in_isr.back().to = at;
  }
}

void ReplicaHistories::note(Time at, const IsrShrunk& f) {
  ReplicaHistory* replica = of(f.tp, f.broker);
  if (replica && !replica->in_isr.empty() && replica->in_isr.back().to == kNever) replica->in_isr.back().to = at;
}

void ReplicaHistories::note(Time at, const IsrExpanded& f) {
  ReplicaHistory* replica = of(f.tp, f.broker);
  if (replica && (replica->in_isr.empty() || replica->in_isr.back().to != kNever)) replica->in_isr.push_back({at, kNever});
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
  each_on(f.node, [&](PartitionHistory&, ReplicaHistory& replica) {
    if (!replica.down.empty() && replica.down.back().to == kNever) replica.down.back().to = at;
    if (replica.high_watermark.empty()) return;
    const bool told = replica.high_watermark.back().value != kUntold;
    if (told) replica.high_watermark.push_back({at, kUntold});
  });
}

void ReplicaHistories::went_down(Time at, NodeId node) {
  each_on(node, [&](PartitionHistory& partition, ReplicaHistory& replica) {
    if (replica.down.empty() || replica.down.back().to != kNever) replica.down.push_back({at, kNever});
    const bool led = !partition.leaders.empty() && partition.leaders.back().broker == replica.broker;
    if (led) lead(at, partition.tp, kNoBroker, partition.leaders.back().leader_epoch);
  });
}

std::vector<PartitionHistory> ReplicaHistories::finish() {
  for (PartitionHistory& partition : partitions_) {
    for (ReplicaHistory& each : partition.replicas) {
      const Broker* broker = world_.find_broker(each.broker);
      const Replica* replica = broker ? broker->replica(partition.tp) : nullptr;
      tell(each.high_watermark, replica ? replica->log.high_watermark() : 0);
      for (std::vector<TimeSpan>* spans : {&each.in_isr, &each.down}) {
        for (TimeSpan& span : *spans) span.to = std::min(span.to, until_);
      }
    }
  }
  return std::move(partitions_);
}

}  // namespace nutshell
