// The parts that histories are made by: each is given all facts in order (groups also the steps), and then asked for what became of them.
// For histor*.cpp only.
#pragma once

#include <map>
#include <tuple>
#include <utility>

#include "sim/session/histories.h"

namespace nutshell {

class GroupHistories {
 public:
  GroupHistories(const World& last, Time until);
  void take(const StepRecord& record);
  void take(const Fact& fact) {
    std::visit([&](const auto& body) { note(fact.at, body); }, fact.body);
  }
  std::vector<GroupHistory> finish();

 private:
  template <class F>
  void note(Time, const F&) {}
  void note(Time at, const TopicCreated& f) { begin_partitions(at, f.topic, 0, f.partitions); }
  void note(Time at, const PartitionsCreated& f) { begin_partitions(at, f.topic, f.previous, f.partitions); }
  void note(Time at, const PartitionAssigned& f);
  void note(Time at, const PartitionRevoked& f) { end(at, f.consumer, f.group, f.tp); }
  void note(Time at, const NodeCrashed& f) { ended(at, f.node); }
  void note(Time at, const NodeStopped& f) { ended(at, f.node); }
  void note(Time at, const CoordinatorLoaded& f);
  void note(Time at, const RebalanceStarted& f) { change(at, f.group, GroupState::preparing_rebalance, f.generation); }
  void note(Time at, const GenerationStarted& f);
  void note(Time at, const GroupStable& f) { settle(at, f.group, GroupState::stable, f.generation); }
  void note(Time at, const GroupEmpty& f) { settle(at, f.group, GroupState::empty, f.generation); }

  struct Tale {
    GroupHistory history;
    std::int32_t partition = -1;       // of __consumer_offsets
    BrokerId coordinator = kNoBroker;  // the last that loaded it
    // What a coordinator that takes over finds in the log.
    GroupState kept_state = GroupState::dead;
    std::int32_t kept_generation = 0;
  };
  Tale* of(GroupId group);
  Readers* readers(GroupId group, TopicPartition tp);
  void begin_partitions(Time at, TopicId topic, std::int32_t first, std::int32_t last);
  void end(Time at, NodeId consumer, GroupId group, TopicPartition tp);
  void ended(Time at, NodeId node);  // a process
  void change(Time at, GroupId group, GroupState state, std::int32_t generation, bool known = true);
  void settle(Time at, GroupId group, GroupState state, std::int32_t generation);

  const World& world_;
  Time until_;
  std::int32_t offsets_topic_ = -1;
  std::vector<Tale> tales_;
};

class ReplicaHistories {
 public:
  ReplicaHistories(const World& last, Time until);
  void take(const Fact& fact) {
    std::visit([&](const auto& body) { note(fact.at, body); }, fact.body);
  }
  std::vector<PartitionHistory> finish();

 private:
  template <class F>
  void note(Time, const F&) {}
  void note(Time at, const TopicCreated& f) { begin_partitions(at, f.topic, 0, f.partitions); }
  void note(Time at, const PartitionsCreated& f) { begin_partitions(at, f.topic, f.previous, f.partitions); }
  void note(Time at, const LeaderTookOffice& f) { lead(at, f.tp, f.broker, f.leader_epoch); }
  void note(Time at, const PartitionOffline& f) { lead(at, f.tp, kNoBroker, f.leader_epoch); }
  void note(Time at, const LeaderElected& f);
  void note(Time at, const IsrShrunk& f);
  void note(Time at, const IsrExpanded& f);
  void note(Time at, const BatchAppended& f);
  void note(Time at, const HighWatermarkMoved& f);
  void note(Time at, const LogTruncated& f);
  void note(Time at, const NodeStarted& f);
  void note(Time at, const NodeCrashed& f) { went_down(at, f.node); }
  void note(Time at, const NodeStopped& f) { went_down(at, f.node); }

  PartitionHistory* of(TopicPartition tp);
  ReplicaHistory* of(TopicPartition tp, BrokerId broker);
  void begin_partitions(Time at, TopicId topic, std::int32_t first, std::int32_t last);
  void lead(Time at, TopicPartition tp, BrokerId broker, Epoch epoch);
  void went_down(Time at, NodeId node);
  template <class Visit>
  void each_on(NodeId node, Visit visit);

  const World& world_;
  Time until_;
  std::vector<PartitionHistory> partitions_;
  std::map<TopicPartition, std::size_t> places_;
};

class Meters {
 public:
  explicit Meters(const World& last);
  void take(const Fact& fact) {
    std::visit([&](const auto& body) { note(fact.at, body); }, fact.body);
  }
  std::vector<Metric> finish();

 private:
  template <class F>
  void note(Time, const F&) {}
  void note(Time at, const BatchAppended& f);
  void note(Time at, const RecordsDelivered& f);
  void note(Time at, const RecordsSent& f);
  void note(Time at, const RecordsAcked& f);
  void note(Time at, const HighWatermarkMoved& f);
  void note(Time at, const LeaderTookOffice& f);
  void note(Time at, const OffsetCommitted& f);
  void note(Time at, const IsrShrunk& f) { count_isr(at, f.tp, f.isr_size); }
  void note(Time at, const IsrExpanded& f) { count_isr(at, f.tp, f.isr_size); }
  void note(Time at, const LeaderElected& f);

  bool is_ours(TopicPartition tp) const { return tp.topic != offsets_topic_; }
  void count_isr(Time at, TopicPartition tp, std::int32_t size);
  void measure_lag(Time at, GroupId group);
  void measure_lags(Time at, TopicPartition tp);

  struct Reading {
    GroupId group = -1;
    std::map<TopicPartition, Offset> committed;
    Metric lag;
  };

  const World& world_;
  std::int32_t offsets_topic_ = -1;
  std::int64_t in_ = 0, out_ = 0;
  Metric records_in_{"records in", "/s", MetricKind::count, {}}, records_out_{"records out", "/s", MetricKind::count, {}},
      latency_{"produce latency", "ms", MetricKind::sample, {}}, lacking_{"under-replicated", "", MetricKind::level, {}};
  std::vector<Reading> readings_;
  std::map<std::tuple<NodeId, TopicPartition, std::int64_t>, Time> sent_;
  std::map<std::pair<TopicPartition, BrokerId>, Offset> high_watermarks_;
  std::map<TopicPartition, Offset> ends_;  // of leaders
  std::map<TopicPartition, bool> lacks_;
};

}  // namespace nutshell
