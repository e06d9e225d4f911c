// Who reads which partition, when; and what state the group was in.
#include <algorithm>

#include "sim/kafka/hash.h"
#include "sim/session/history_builders.h"
#include "sim/session/image.h"

namespace nutshell {

GroupHistories::GroupHistories(const World& last, Time until)
    : world_(last), until_(until), offsets_topic_(world_.topic_id(kOffsetsTopic)) {
  const MetadataImage* image = committed_image(world_);
  const TopicRegistration* offsets = image ? image->topic(offsets_topic_) : nullptr;
  for (const Consumer& each : world_.consumers) {
    Tale* tale = of(each.spec.group);
    if (!tale) {
      tales_.emplace_back();
      tale = &tales_.back();
      tale->history.group = each.spec.group;
      const std::string& name = world_.fabric.names[each.spec.group];
      if (offsets && !offsets->partitions.empty())
        tale->partition = coordinator_partition(name, static_cast<std::int32_t>(offsets->partitions.size()));
    }
    for (TopicPartition tp : user_partitions(world_)) {
      const bool read = std::find(each.spec.topics.begin(), each.spec.topics.end(), tp.topic) != each.spec.topics.end();
      if (read && !readers(each.spec.group, tp)) tale->history.partitions.push_back({tp, until, {}, {}});
    }
  }
}

GroupHistories::Tale* GroupHistories::of(GroupId group) {
  const auto found = std::find_if(tales_.begin(), tales_.end(), [&](const Tale& each) { return each.history.group == group; });
  return found == tales_.end() ? nullptr : &*found;
}

Readers* GroupHistories::readers(GroupId group, TopicPartition tp) {
  Tale* tale = of(group);
  if (!tale) return nullptr;
  for (Readers& each : tale->history.partitions) {
    if (each.tp == tp) return &each;
  }
  return nullptr;
}

void GroupHistories::begin_partitions(Time at, TopicId topic, std::int32_t first, std::int32_t last) {
  for (Tale& tale : tales_) {
    for (Readers& each : tale.history.partitions) {
      if (each.tp.topic == topic && each.tp.partition >= first && each.tp.partition < last) each.since = at;
    }
  }
}

void GroupHistories::note(Time at, const PartitionAssigned& f) {
  if (Readers* found = readers(f.group, f.tp)) found->tenures.push_back({at, kNever, f.consumer, f.generation});
}

void GroupHistories::end(Time at, NodeId consumer, GroupId group, TopicPartition tp) {
  Readers* found = readers(group, tp);
  if (!found) return;
  for (Tenure& each : found->tenures) {
    if (each.owner == consumer && each.to == kNever) each.to = at;
  }
}

// A consumer that has died owns nothing; a group whose coordinator has died is in nobody's hands.
void GroupHistories::ended(Time at, NodeId node) {
  for (Tale& tale : tales_) {
    for (Readers& readers : tale.history.partitions) {
      for (Tenure& each : readers.tenures) {
        if (each.owner == node && each.to == kNever) each.to = at;
      }
    }
    const Broker* coordinator = world_.find_broker(tale.coordinator);
    if (!coordinator || coordinator->node != node) continue;
    tale.coordinator = kNoBroker;
    if (!tale.history.states.empty()) change(at, tale.history.group, GroupState::dead, tale.kept_generation, false);
  }
}

void GroupHistories::note(Time at, const CoordinatorLoaded& f) {
  if (f.tp.topic != offsets_topic_) return;
  for (Tale& each : tales_) {
    if (each.partition != f.tp.partition) continue;
    each.coordinator = f.broker;
    if (each.kept_state != GroupState::dead) change(at, each.history.group, each.kept_state, each.kept_generation);
  }
}

void GroupHistories::note(Time at, const GenerationStarted& f) {
  change(at, f.group, GroupState::completing_rebalance, f.generation);
  if (Tale* tale = of(f.group)) tale->history.generations.push_back({at, f.generation});
}

void GroupHistories::change(Time at, GroupId group, GroupState state, std::int32_t generation, bool known) {
  Tale* tale = of(group);
  if (!tale) return;
  std::vector<GroupStretch>& states = tale->history.states;
  if (!states.empty()) states.back().to = at;
  if (!states.empty() && states.back().from == at) states.pop_back();
  states.push_back({at, until_, state, generation, known});
}

// A state that the coordinator has written down: who takes over from it finds the group in it.
void GroupHistories::settle(Time at, GroupId group, GroupState state, std::int32_t generation) {
  change(at, group, state, generation);
  Tale* tale = of(group);
  if (!tale) return;
  tale->kept_state = state;
  tale->kept_generation = generation;
}

void GroupHistories::take(const StepRecord& record) {
  if (record.event != EventKind::deliver || record.action >= 0 || record.message != number_of<JoinGroupRequest>()) return;
  for (const Consumer& each : world_.consumers) {
    if (each.node != record.from) continue;
    if (Tale* tale = of(each.spec.group)) tale->history.joins.push_back(record.at);
  }
}

// What lies between the tenures, from when the group began to read.
static std::vector<TimeSpan> gaps_of(const Readers& readers, Time from, Time until) {
  std::vector<TimeSpan> gaps;
  Time read_to = std::max(from, readers.since);
  for (const Tenure& each : readers.tenures) {
    if (each.from > read_to) gaps.push_back({read_to, each.from});
    read_to = std::max(read_to, each.to);
  }
  if (read_to < until) gaps.push_back({read_to, until});
  return gaps;
}

std::vector<GroupHistory> GroupHistories::finish() {
  std::vector<GroupHistory> all;
  for (Tale& tale : tales_) {
    Time began = kNever;
    for (Readers& readers : tale.history.partitions) {
      for (Tenure& each : readers.tenures) {
        each.to = std::min(each.to, until_);
        began = std::min(began, each.from);
      }
    }
    for (Readers& each : tale.history.partitions) each.gaps = gaps_of(each, began, until_);
    all.push_back(std::move(tale.history));
  }
  return all;
}

}  // namespace nutshell
