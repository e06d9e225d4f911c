// Promises of groups: assignments, generations and committed offsets (G2, G8, G10, G14).
#include <algorithm>
#include <type_traits>

#include "sim/check/court.h"
#include "sim/cluster/plain_processes.h"

namespace nutshell {

namespace {

// The coordinator's group that has just become stable; nullptr: none of that generation.
const Group* stable_group(const World& world, GroupId group, std::int32_t generation) {
  for (const Broker& broker : world.brokers)
    for (const Group& each : broker.groups.groups)
      if (each.group == group && each.generation == generation && each.state == GroupState::stable) return &each;
  return nullptr;
}

const GroupMember* leader_of(const Group& group) {
  for (const GroupMember& each : group.members)
    if (each.member_id == group.leader) return &each;
  return nullptr;
}

bool wants(const GroupMember& member, TopicId topic) {
  return std::find(member.topics.begin(), member.topics.end(), topic) != member.topics.end();
}

// The partition is assigned to a member that subscribes to its topic.
bool is_owned(const Group& group, TopicPartition tp) {
  return std::any_of(group.members.begin(), group.members.end(), [&](const GroupMember& each) {
    return wants(each, tp.topic) && std::find(each.assignment.begin(), each.assignment.end(), tp) != each.assignment.end();
  });
}

// Not to be had yet: in a cooperative group, what a member held when it joined and does not keep is assigned
// to nobody until it has let go of it (G12).
bool is_given_up(const Group& group, TopicPartition tp) {
  const auto claims = [tp](const GroupMember& each) {
    return std::find(each.claim.partitions.begin(), each.claim.partitions.end(), tp) != each.claim.partitions.end();
  };
  return group.protocol == AssignorName::cooperative_sticky && std::any_of(group.members.begin(), group.members.end(), claims);
}

bool is_wanted(const Group& group, TopicId topic) {
  return std::any_of(group.members.begin(), group.members.end(), [&](const GroupMember& each) { return wants(each, topic); });
}

// By the topics that the group leader knew when it assigned.
void judge_coverage(Court& court, const Group& group) {
  const GroupMember* leader = leader_of(group);
  const Consumer* assigner = leader ? court.consumer(leader->client, group.group) : nullptr;
  if (!assigner) return;
  for (const TopicSize& topic : assigner->assigned_from) {
    if (!is_wanted(group, topic.topic)) continue;
    for (std::int32_t i = 0; i < topic.partitions; ++i) {
      const TopicPartition tp{topic.topic, i};
      const bool covered = is_owned(group, tp) || is_given_up(group, tp);
      court.to_group(group.group).expect(PromiseId::assignment_covers_subscription, covered, tp, kNoNode, [&] {
        return "generation " + std::to_string(group.generation) + " of group " + court.names.name(group.group) + " gives " +
               court.partition(tp) + " to no member that subscribes to it";
      });
    }
  }
}

// Another consumer that lives and counts the partition as its own, in this very generation; kNoNode: none does.
NodeId other_owner(const Court& court, const PartitionAssigned& fact) {
  NodeId other = kNoNode;
  const auto look = [&](const auto& each) {
    if constexpr (std::is_same_v<std::decay_t<decltype(each)>, Consumer>) {
      if (!each.running || each.node == fact.consumer || each.spec.group != fact.group) return;
      if (each.owned_generation != fact.generation) return;
      const auto is_it = [&fact](const OwnedPartition& owned) { return owned.tp == fact.tp; };
      if (std::any_of(each.owned.begin(), each.owned.end(), is_it)) other = each.node;
    }
  };
  for (const Consumer& each : court.world.consumers) look(each);
  court.world.plain.each_client(look);
  return other;
}

// A commit that stands in __consumer_offsets before the last one known, and was told of later: by a coordinator that
// had lost its office meanwhile.
bool stands_before(const GroupPartition& place, const OffsetCommitted& fact) {
  return fact.log_offset >= 0 && fact.log_offset < place.commit_log_offset;
}

// By the order in which the commits stand in the log, which is what a coordinator loads.
void judge_fence(Court& court, const GroupPartition& place, const OffsetCommitted& fact) {
  const bool later = fact.generation < 0 || (stands_before(place, fact) ? fact.generation <= place.commit_generation
                                                                        : fact.generation >= place.commit_generation);
  const bool by_owner = fact.generation < 0 || place.owned_generation != fact.generation || place.owner == fact.consumer;
  court.to_group(fact.group).expect(PromiseId::commits_are_fenced, later && by_owner, fact.tp, fact.consumer, [&] {
    const std::string what = court.names.node(fact.consumer) + " committed offset " + std::to_string(fact.offset) + " of " +
                             court.partition(fact.tp) + " in generation " + std::to_string(fact.generation) + " of group " +
                             court.names.name(fact.group);
    const char* where = stands_before(place, fact) ? ", before a commit of generation " : ", over a commit of generation ";
    if (!later) return what + where + std::to_string(place.commit_generation);
    return what + ", in which " + court.names.node(place.owner) + " owns it";
  });
}

void judge_place(Court& court, const OffsetCommitted& fact) {
  const PartitionLedger& partition = court.ledger.of(fact.tp);
  const Log* log = court.leader_log(partition);
  if (!log) return;
  const auto what = [&] {
    return "group " + court.names.name(fact.group) + " committed offset " + std::to_string(fact.offset) + " of " + court.partition(fact.tp);
  };
  court.to_group(fact.group).expect(
      PromiseId::committed_offset_within_log, fact.offset <= log->log_end_offset(), fact.tp, fact.consumer,
      [&] { return what() + ", but its leader's log ends at " + std::to_string(log->log_end_offset()); },
      partition.unclean_epoch < 0 && !is_lost(partition, fact.offset - 1));
  const Offset highest = partition.highest_high_watermark;
  court.to_group(fact.group).expect(PromiseId::lag_not_negative, fact.offset <= highest, fact.tp, fact.consumer, [&] {
    return what() + ", but its high watermark never was above " + std::to_string(highest);
  });
}

// What lay below the offset for the consumer that has committed it; 0: it is not known any more.
std::uint64_t chain_of_commit(Court& court, const OffsetCommitted& fact) {
  const Consumer* consumer = court.consumer(fact.consumer, fact.group, fact.tp);
  const Reading* reading = consumer ? find_reading(court, *consumer, fact.tp) : nullptr;
  if (!reading) return 0;
  const auto stood = std::find_if(reading->stood.rbegin(), reading->stood.rend(),
                                  [&fact](const CommittedMark& each) { return each.offset == fact.offset; });
  return stood == reading->stood.rend() ? 0 : stood->chain;
}

bool commits_after_processing(const Consumer& consumer) {
  return consumer.spec.config.enable_auto_commit || consumer.spec.commit == CommitMode::after_processing;
}

// What the commit tells about how far the group has worked. If the one who committed still owns the partition, it
// knows; if not, its way of working tells. What a cleaner took away nobody has to work off: readers pass over it.
void note_progress(Court& court, GroupPartition& place, const OffsetCommitted& fact) {
  const Consumer* consumer = court.consumer(fact.consumer, fact.group, fact.tp);
  // A host commits what it has worked off, and what that is its consumer, which may be gone by now, does not know.
  if (!consumer || consumer->host.hosted) {
    place.processed = std::max(place.processed, fact.offset);
    return;
  }
  const auto owned = std::find_if(consumer->owned.begin(), consumer->owned.end(),
                                  [&](const OwnedPartition& each) { return each.tp == fact.tp; });
  const bool knows = owned != consumer->owned.end() && consumer->owned_generation == fact.generation;
  if (knows) {
    place.processed = std::max(place.processed, owned->processed);
    const bool passes_over = place.processed >= 0 && place.processed < fact.offset &&
                             is_hole(court, court.leader_log(court.ledger.of(fact.tp)), place.processed, fact.offset);
    if (passes_over) place.processed = fact.offset;
  } else if (commits_after_processing(*consumer)) place.processed = std::max(place.processed, fact.offset);
}

}  // namespace

void judge(Court& court, const AssignmentDecided& fact) {
  GroupPartition& place = partition_of(court.ledger.of_group(fact.group), fact.tp);
  const bool taken = place.assigned_generation == fact.generation && place.assigned_member != fact.member_id;
  court.to_group(fact.group).expect(PromiseId::one_owner_per_generation, !taken, fact.tp, kNoNode, [&] {
    return "generation " + std::to_string(fact.generation) + " of group " + court.names.name(fact.group) + " gives " +
           court.partition(fact.tp) + " to " + court.names.name(place.assigned_member) + " and to " + court.names.name(fact.member_id);
  });
  place.assigned_generation = fact.generation;
  place.assigned_member = fact.member_id;
}

void judge(Court& court, const GroupStable& fact) {
  GroupLedger& group = court.ledger.of_group(fact.group);
  court.to_group(fact.group).expect(PromiseId::generations_increase, fact.generation > group.generation, {}, kNoNode, [&] {
    return "group " + court.names.name(fact.group) + " became stable in generation " + std::to_string(fact.generation) +
           " after generation " + std::to_string(group.generation);
  });
  group.generation = std::max(group.generation, fact.generation);
  if (const Group* stable = stable_group(court.world, fact.group, fact.generation)) judge_coverage(court, *stable);
}

void judge(Court& court, const PartitionAssigned& fact) {
  GroupPartition& place = partition_of(court.ledger.of_group(fact.group), fact.tp);
  const bool taken = place.owned_generation == fact.generation && place.owner != fact.consumer;
  const NodeId other = taken ? place.owner : other_owner(court, fact);
  court.to_group(fact.group).expect(PromiseId::one_owner_per_generation, other == kNoNode, fact.tp, fact.consumer, [&] {
    return court.names.node(fact.consumer) + " and " + court.names.node(other) + " both own " + court.partition(fact.tp) +
           " in generation " + std::to_string(fact.generation) + " of group " + court.names.name(fact.group);
  });
  if (fact.generation < place.owned_generation) return;  // late news
  place.owned_generation = fact.generation;
  place.owner = fact.consumer;
  place.owner_is_new = true;
  place.committed_before_owner = place.committed;
  forget_reading(court, fact.consumer, fact.group, fact.tp);
}

// A commit names its topic, not its id: one of a member that has not heard yet may fall to the next topic of that name.
void judge(Court& court, const OffsetCommitted& fact) {
  if (!court.knows_present(court.consumer(fact.consumer, fact.group, fact.tp), fact.tp)) return;
  GroupPartition& place = partition_of(court.ledger.of_group(fact.group), fact.tp);
  judge_fence(court, place, fact);
  judge_place(court, fact);
  note_progress(court, place, fact);
  if (stands_before(place, fact) && fact.generation <= place.commit_generation) return;
  place.commit_log_offset = fact.log_offset;
  place.commit_generation = std::max(place.commit_generation, fact.generation);
  place.committed = fact.offset;
  place.committed_chain = chain_of_commit(court, fact);
}

void judge_commits_within(Court& court, const PartitionLedger& partition, bool clean) {
  const Log* log = court.leader_log(partition);
  if (!log) return;
  for (const GroupLedger& group : court.ledger.groups) {
    const auto place = std::lower_bound(group.partitions.begin(), group.partitions.end(), partition.tp,
                                        [](const GroupPartition& each, TopicPartition wanted) { return each.tp < wanted; });
    if (place == group.partitions.end() || place->tp != partition.tp) continue;
    court.to_group(group.group).expect(
        PromiseId::committed_offset_within_log, place->committed <= log->log_end_offset(), partition.tp, kNoNode,
        [&] {
          return "group " + court.names.name(group.group) + " has committed offset " + std::to_string(place->committed) + " of " +
                 court.partition(partition.tp) + ", but the log of its new leader ends at " + std::to_string(log->log_end_offset());
        },
        clean && !is_lost(partition, place->committed - 1));
  }
}

// What has expired need not be found by anybody (G6).
void judge(Court& court, const OffsetsForgotten& fact) {
  if (!fact.expired) return;
  for (GroupPartition& each : court.ledger.of_group(fact.group).partitions)
    if (each.tp.topic == fact.topic) each.committed = each.committed_before_owner = each.processed = each.commit_log_offset = -1;
}

}  // namespace nutshell
