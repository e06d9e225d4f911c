// The judge at work in one step: the world, the ledger, and how a breach is reported.
//
// Each judge() looks at one kind of fact. A kind without one breaks no promise.
#pragma once

#include <string>
#include <vector>

#include "sim/check/judge.h"

namespace nutshell {

struct Court {
  const World& world;
  Ledger& ledger;
  std::vector<Breach>& breaches;
  std::vector<std::uint64_t>& trials;
  WorldNamer names{world};
  NodeId client = kNoNode;  // whom the promise was given to, where the node of a breach does not tell
  GroupId group = -1;

  // The same court, for what was promised to this client or group.
  Court to_client(NodeId whose) const;
  Court to_group(std::int32_t whose) const;
  // Puts a promise to the test; `why` makes the sentence if it does not hold. Returns `holds`.
  template <class Why>
  bool expect(PromiseId promise, bool holds, TopicPartition tp, NodeId node, Why why, bool promised = true) {
    trials[static_cast<std::size_t>(promise)] += 1;
    if (!holds) report(promise, tp, node, why(), promised);
    return holds;
  }
  // Unless it was reported already, and nobody has taken office since.
  void report(PromiseId promise, TopicPartition tp, NodeId node, std::string why, bool promised);

  // nullptr: there is no such thing.
  const Broker* broker(BrokerId id) const;
  // Of the topic that is, by what is committed: what its predecessors of the same name left behind is judged no more.
  const Replica* replica(BrokerId id, TopicPartition tp) const;
  bool is_present(const Replica& replica) const { return replica.incarnation == ledger.image.incarnation(replica.tp.topic); }
  // The position that a consumer has in a partition is one in the topic that is.
  bool knows_present(const Consumer* consumer, TopicPartition tp) const;
  const Producer* producer(NodeId node) const;
  // The consumer of this node; of a process that embeds several, that of this group; of several in a group
  // (tasks of a sink) the one that owns the partition. nullptr: there is none, or one without a group, whose host reads what it likes.
  const Consumer* consumer(NodeId node, GroupId of = -1, TopicPartition owns = {}) const;
  const Raft* raft(NodeId node) const;
  NodeId node_of(BrokerId id) const;
  // The log of the broker that leads by the highest epoch in office; nullptr: nobody does.
  const Log* leader_log(const PartitionLedger& partition) const;

  std::string partition(TopicPartition tp) const { return names.partition(tp); }
  // "key a, 'p1 #10'"
  std::string record(std::int64_t index) const;
  std::string record(const Batch& batch, Offset offset) const;
};

inline Court Court::to_client(NodeId whose) const {
  Court same = *this;
  same.client = whose;
  return same;
}
inline Court Court::to_group(std::int32_t whose) const {
  Court same = *this;
  same.group = whose;
  return same;
}

inline NodeId Court::node_of(BrokerId id) const {
  const std::vector<NodeId>& nodes = world.commons.broker_nodes;
  return id >= 0 && id < static_cast<BrokerId>(nodes.size()) ? nodes[static_cast<std::size_t>(id)] : kNoNode;
}

inline const Broker* Court::broker(BrokerId id) const {
  const NodeId node = node_of(id);
  if (node == kNoNode) return nullptr;
  return &world.brokers[static_cast<std::size_t>(world.fabric.nodes[static_cast<std::size_t>(node)].index)];
}

inline const Replica* Court::replica(BrokerId id, TopicPartition tp) const {
  const Broker* found = broker(id);
  const Replica* copy = found ? found->replica(tp) : nullptr;
  return copy && is_present(*copy) ? copy : nullptr;
}

// The consumer runs, and the partition is its own.
bool owns_it(const Consumer& consumer, TopicPartition tp);

// Whether two logs agree on everything below `offset`; fast where a batch ends there in both.
bool agree_below(const Log& a, const Log& b, Offset offset);

// A cleaner has left nothing in the log from one offset up to another.
bool is_hole(const Court& court, const Log* log, Offset from, Offset to);

// The record at that offset was committed, and power or a disk has taken it from the leader.
bool is_lost(const PartitionLedger& partition, Offset offset);

// judge_replicas.cpp
void judge(Court& court, const BatchAppended& fact);
void judge(Court& court, const HighWatermarkMoved& fact);
void judge(Court& court, const LogTruncated& fact);
void judge(Court& court, const LeaderTookOffice& fact);
void judge(Court& court, const FollowerStarted& fact);
void judge_marks(Court& court, TopicPartition tp, BrokerId broker, const Log& log);
void judge_agreement(Court& court, const PartitionLedger& partition, BrokerId broker, const Replica& replica);

// judge_retention.cpp
void judge(Court& court, const LogCleaned& fact);
void judge(Court& court, const SegmentDeleted& fact);
void judge(Court& court, const LogStartRaised& fact);
// Of a compacted partition: which records are the newest of their keys, as far as is committed.
void note_committed_keys(Court& court, PartitionLedger& partition, const Log& log, Offset from, Offset to);
// What was committed is lost: what counts is in this log.
void forget_committed_keys(Court& court, PartitionLedger& partition, const Log& log);
void judge_beginning(Court& court, TopicPartition tp, BrokerId broker, const Log& log);
Offset beginning_of(const PartitionLedger& partition, BrokerId broker);  // as far as it is known
void forget_beginning(PartitionLedger& partition, BrokerId broker);

// judge_disks.cpp
void judge(Court& court, const DiskReplaced& fact);
void judge(Court& court, const DiskSetBack& fact);
void judge(Court& court, const BatchDamaged& fact);
// Remembers what of the log is on the disk: when it is lost, it is too late to look.
void note_flushed(PartitionLedger& partition, BrokerId broker, const Log& log);
// The replica's log was cut there with its power, or by what it found on its disk when it started.
void note_lost_tail(PartitionLedger& partition, BrokerId broker, Offset from);
// `lost`: what was acknowledged and is not in the log of the leader.
void judge_flushed(Court& court, const PartitionLedger& partition, const std::vector<AckedBatch>& lost, bool clean);

// judge_metadata.cpp
void judge(Court& court, const TopicCreated& fact);
void judge(Court& court, const PartitionsCreated& fact);
void judge(Court& court, const MetadataCommitted& fact);
void judge(Court& court, const BrokerUnfenced& fact);
void judge_registration(Court& court, TopicPartition tp, const PartitionRegistration& state);

// judge_quorum.cpp
void judge(Court& court, const ElectionStarted& fact);
void judge(Court& court, const VoteAnswered& fact);
void judge(Court& court, const ControllerElected& fact);
void judge(Court& court, const MetadataTruncated& fact);
void judge(Court& court, const MetadataSnapshotTaken& fact);
void judge_majority(Court& court, const MetadataCommitted& fact);

// The in-sync replicas that acks=all needs there by what the leader knows now (R8).
std::int32_t min_isr_now(const Broker& broker, const Replica& replica);

// judge_producers.cpp
void judge(Court& court, const RecordsAcked& fact);
void judge(Court& court, const RecordsFailed& fact);
void judge(Court& court, const NodeCrashed& fact);
void judge(Court& court, const NodeStopped& fact);
void judge_conservation(Court& court, const Producer& producer);

// judge_stored.cpp: what is in the leader's log, against what was there and what producers were told
void judge_stored(Court& court, PartitionLedger& partition, const Batch& batch);
// `clean`: no unclean election has led to this leader.
void judge_acked(Court& court, PartitionLedger& partition, bool clean);
// The leader's log lacks what lies below `end` because as many replicas as min.insync.replicas wants lost power.
bool lost_with_power(const Court& court, const PartitionLedger& partition, Offset end);
// The leader has lost what lay below `end`, since the one before took office.
bool leader_lost(const PartitionLedger& partition, Offset end);
// Only the leader is in the ISR: it stayed in it as the last one, whatever happened to it (R14).
bool leads_alone(const Court& court, const PartitionLedger& partition);
LastSerial& last_serial_of(PartitionLedger& partition, NodeId producer);
// "offset 10 of orders-0 (key a, 'p1 #10'), acknowledged to p1 at 12.345s with acks=1"
std::string told(const Court& court, const PartitionLedger& partition, const AckedBatch& acked);
// Whether the log has, or had and may have deleted or compacted since, what was acknowledged.
bool holds(const Log& log, const AckedBatch& acked);
// `first`, and `more` other acknowledged records, are not in the leader's log.
void report_lost(Court& court, const PartitionLedger& partition, const AckedBatch& first, std::int64_t more, bool clean);

// judge_groups.cpp
void judge(Court& court, const AssignmentDecided& fact);
void judge(Court& court, const GroupStable& fact);
void judge(Court& court, const PartitionAssigned& fact);
void judge(Court& court, const OffsetCommitted& fact);
void judge(Court& court, const OffsetsForgotten& fact);
// `clean`: no unclean election has led to this leader.
void judge_commits_within(Court& court, const PartitionLedger& partition, bool clean);

// judge_consumers.cpp
void judge(Court& court, const PositionSet& fact);
void judge(Court& court, const PositionReset& fact);
// nullptr: it does not read the partition.
Reading* find_reading(Court& court, const Consumer& consumer, TopicPartition tp);
void forget_reading(Court& court, NodeId consumer, GroupId group, TopicPartition tp);
void judge(Court& court, const PartitionRevoked& fact);
void judge(Court& court, const RecordsDelivered& fact);

template <class OtherFact>
void judge(Court&, const OtherFact&) {}

// Every step, whatever happened in it.
void judge_simulation(Court& court);

// Appends a fact for each breach from index `first` on.
void tell(const World& world, const std::vector<Breach>& breaches, std::size_t first, std::vector<Fact>& facts);

}  // namespace nutshell
