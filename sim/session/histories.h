// Histories: what became of groups, replicas and rates over time, read off the facts of a finished run.
//
// Levels and stretches are as the cluster was, not as somebody knew it at the time. Times are simulated; a level
// holds from its time on until the next one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/history/timeline.h"

namespace nutshell {

struct Level {
  Time at = 0;
  std::int64_t value = 0;
};

// From `from` until `to`.
struct TimeSpan {
  Time from = 0, to = 0;
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

// A consumer takes a partition for its own. Two can at once: one of them was frozen and does not know yet.
struct Tenure {
  Time from = 0, to = 0;
  NodeId owner = kNoNode;
  std::int32_t generation = -1;
};

struct Readers {
  TopicPartition tp;
  Time since = 0;               // it exists
  std::vector<Tenure> tenures;  // by beginning
  std::vector<TimeSpan> gaps;       // nobody reads, though the group has begun to
};

struct GroupStretch {
  Time from = 0, to = 0;
  GroupState state = GroupState::empty;
  std::int32_t generation = 0;
  bool known = true;  // false: no broker is in charge of the group
};

struct GroupHistory {
  GroupId group = -1;           // interned
  std::vector<Readers> partitions;   // of the topics that its consumers read
  std::vector<GroupStretch> states;  // one after another, from when it is first heard of
  std::vector<Level> generations;    // when each began
  std::vector<Time> joins;           // JoinGroups that reached a broker
};

struct Leadership {
  Time from = 0, to = 0;
  BrokerId broker = kNoBroker;  // kNoBroker: nobody leads
  Epoch leader_epoch = 0;
};

// A log was cut short: records from..end were thrown away.
struct LogCut {
  Time at = 0;
  Offset end = 0, to = 0;  // log end before and after
};

struct ReplicaHistory {
  BrokerId broker = kNoBroker;
  NodeId node = kNoNode;
  std::vector<Level> log_end, high_watermark;
  std::vector<TimeSpan> in_isr, down;
  std::vector<LogCut> cuts;
};

struct PartitionHistory {
  TopicPartition tp;
  Time since = 0;  // it exists
  std::vector<Leadership> leaders;       // in office
  std::vector<ReplicaHistory> replicas;  // in the order of the assignment
};

// `level`: what is, from its time on. `count`: a running total, of which the rate is of interest. `sample`: a measurement.
enum class MetricKind : std::uint8_t { level, count, sample };

struct Metric {
  std::string name, unit;
  MetricKind kind = MetricKind::level;
  std::vector<Level> levels;
};

struct Histories {
  Time until = 0;                    // what comes later has not been read
  std::vector<GroupHistory> groups;  // in order of creation
  std::vector<PartitionHistory> partitions;
  std::vector<Metric> metrics;
};

// Reads the histories of what is known, a piece at a time, so that a frame stays quick however long the run is.
class HistoriesReader {
 public:
  // Of the known steps until then. The timeline may go on meanwhile, but not lose any of them.
  HistoriesReader(const Timeline& timeline, Time until);
  ~HistoriesReader();
  // Reads so many steps more. False: all are read.
  bool go_on(Step most);
  // What has been read; the reader is done with. REQUIRES all is.
  Histories take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All at once.
Histories read_histories(const Timeline& timeline, Time until);

// The level that holds at the time; nullopt: not known yet.
std::optional<std::int64_t> level_at(const std::vector<Level>& levels, Time at);
// What a strip of the metric shows at the time: a level, events in the second before, or the mean of what was measured
// in it. nullopt: nothing was.
std::optional<double> metric_at(const Metric& metric, Time at);

// How long partitions were read by nobody in a stretch of time, summed, and how many of them.
struct GapSum {
  Duration whole = 0;
  std::size_t partitions = 0;
};
GapSum gaps_between(const GroupHistory& group, Time from, Time to);

}  // namespace nutshell
