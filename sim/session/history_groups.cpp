// Who reads which partition, when; and what state the group was in.
#include <algorithm>

#include "sim/session/history_builders.h"
#include "sim/session/image.h"

namespace nutshell {

void GroupHistories::take(const StepRecord& record) {
  if (record.event != EventKind::deliver || record.action >= 0 || record.message != number_of<JoinGroupRequest>()) return;
  for (const Consumer& each : world_.consumers) {
    if (each.node == record.from) joins_[each.spec.group].push_back(record.at);
  }
}

namespace {

// When each consumer of the group took the partition for its own, and until when.
std::vector<Tenure> tenures_of(const World& world, const StatesUntil& run, GroupId group, TopicPartition tp) {
  std::vector<Tenure> tenures;
  for (const Consumer& each : world.consumers) {
    if (each.spec.group != group) continue;
    for (const StateSpan& span : run.spans(owner_of(tp, each.node))) {
      if (span.value != 0) tenures.push_back({span.from, span.to, each.node, span.number});
    }
  }
  std::stable_sort(tenures.begin(), tenures.end(), [](const Tenure& a, const Tenure& b) { return a.from < b.from; });
  return tenures;
}

void add_states(const StatesUntil& run, GroupHistory& history) {
  for (const StateSpan& each : run.spans(group_state(history.group))) {
    const bool known = each.value != kNobodyKnows;
    history.states.push_back({each.from, each.to, known ? static_cast<GroupState>(each.value) : GroupState::dead, each.number, known});
    if (history.states.back().state == GroupState::completing_rebalance) history.generations.push_back({each.from, each.number});
  }
}

// What lies between the tenures, from when the group began to read.
std::vector<TimeSpan> gaps_of(const Readers& readers, Time from, Time until) {
  std::vector<TimeSpan> gaps;
  Time read_to = std::max(from, readers.since);
  for (const Tenure& each : readers.tenures) {
    if (each.from > read_to) gaps.push_back({read_to, each.from});
    read_to = std::max(read_to, each.to);
  }
  if (read_to < until) gaps.push_back({read_to, until});
  return gaps;
}

// Of the topics that it reads, the partitions that the group has not got yet.
void add_partitions(const World& world, const StatesUntil& run, const Consumer& consumer, GroupHistory& history) {
  for (TopicPartition tp : user_partitions(world)) {
    const std::vector<std::int32_t>& topics = consumer.spec.topics;
    const auto same = [&](const Readers& each) { return each.tp == tp; };
    const bool reads = std::find(topics.begin(), topics.end(), tp.topic) != topics.end();
    if (!reads || std::any_of(history.partitions.begin(), history.partitions.end(), same)) continue;
    history.partitions.push_back({tp, run.since(tp).value_or(run.until), tenures_of(world, run, history.group, tp), {}});
  }
}

}  // namespace

std::vector<GroupHistory> GroupHistories::finish(const StatesUntil& run) {
  std::vector<GroupHistory> all;
  for (const Consumer& each : world_.consumers) {
    auto history = std::find_if(all.begin(), all.end(), [&](const GroupHistory& known) { return known.group == each.spec.group; });
    if (history == all.end()) {
      history = all.insert(all.end(), GroupHistory{});
      history->group = each.spec.group;
      history->joins = joins_[each.spec.group];
      add_states(run, *history);
    }
    add_partitions(world_, run, each, *history);
  }
  for (GroupHistory& history : all) {
    Time began = kNever;
    for (const Readers& readers : history.partitions) {
      for (const Tenure& each : readers.tenures) began = std::min(began, each.from);
    }
    for (Readers& each : history.partitions) each.gaps = gaps_of(each, began, run.until);
  }
  return all;
}

}  // namespace nutshell
