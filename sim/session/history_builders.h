// The parts that histories are made by. Who led, was in sync or owned what is a view of the states of the run; what counts
// and measures (log ends, high watermarks, rates, lag) reads facts.
// For histor*.cpp only.
#pragma once

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "sim/history/states.h"
#include "sim/session/histories.h"

namespace nutshell {

// What the states of a run were in its first so many steps; what lasts ends at `until`.
struct StatesUntil {
  const States& states;
  Step steps = 0;
  Time until = 0;

  std::vector<StateSpan> spans(const Subject& subject) const {
    std::vector<StateSpan> all = states.spans(subject, steps);
    for (StateSpan& each : all) each.to = std::min(each.to, until);
    return all;
  }
  // When a partition came about, of the last topic of that name; nullopt: it has not.
  std::optional<Time> since(TopicPartition tp) const {
    std::optional<Time> found;
    for (const StateSpan& each : states.spans({StateKind::topic, tp.topic}, steps)) {
      if (each.value == 0) found.reset();
      else if (each.value > tp.partition && !found) found = each.from;
    }
    return found;
  }
};

class GroupHistories {
 public:
  explicit GroupHistories(const World& last) : world_(last) {}
  void take(const StepRecord& record);
  std::vector<GroupHistory> finish(const StatesUntil& run);

 private:
  const World& world_;
  std::map<GroupId, std::vector<Time>> joins_;  // by group
};

// Whether it counts or measures such facts.
template <class Builder, class F>
concept Measures = requires(Builder& builder, Time at, const F& fact) { builder.note(at, fact); };

class ReplicaHistories {
 public:
  explicit ReplicaHistories(const World& last);
  std::vector<PartitionHistory> finish(const StatesUntil& run);
  void note(Time at, const TopicCreated& f) { begin_partitions(at, f.topic, 0, f.partitions); }
  void note(Time at, const PartitionsCreated& f) { begin_partitions(at, f.topic, f.previous, f.partitions); }
  void note(Time at, const BatchAppended& f);
  void note(Time at, const HighWatermarkMoved& f);
  void note(Time at, const LogTruncated& f);
  void note(Time at, const NodeStarted& f);

 private:
  PartitionHistory* of(TopicPartition tp);
  ReplicaHistory* of(TopicPartition tp, BrokerId broker);
  void begin_partitions(Time at, TopicId topic, std::int32_t first, std::int32_t last);
  void read_states(const StatesUntil& run, PartitionHistory& partition);
  void read_states(const StatesUntil& run, TopicPartition tp, Time since, ReplicaHistory& replica);

  const World& world_;
  std::vector<PartitionHistory> partitions_;
  std::map<TopicPartition, std::size_t> places_;
};

class Meters {
 public:
  explicit Meters(const World& last);
  std::vector<Metric> finish();
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

 private:
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
