// Partitions come and go: all at once with eager rebalancing, one by one with cooperative (G12).
#include <algorithm>
#include <iterator>

#include "sim/kafka/consumer_steps.h"

namespace nutshell {

namespace {

using Partitions = std::vector<TopicPartition>;

// `assigned` is sorted.
bool has(const Partitions& assigned, TopicPartition tp) { return std::binary_search(assigned.begin(), assigned.end(), tp); }

// What was asked about the partition's position is answered for an older assignment: it is asked again.
void ask_position_again(OwnedPartition& partition) {
  if (partition.position_state == PositionState::asks_committed) partition.position_state = PositionState::wants_committed;
  if (partition.position_state == PositionState::asks_reset) partition.position_state = PositionState::wants_reset;
}

// Says what is given up, and keeps the rest in order; how many are given up.
std::size_t give_up(Env& env, Consumer& consumer, const Partitions& assigned) {
  const std::size_t before = consumer.owned.size();
  for (const OwnedPartition& each : consumer.owned)
    if (!has(assigned, each.tp))
      env.emit(PartitionRevoked{each.tp, consumer.node, consumer.spec.group, consumer.owned_generation, false}, consumer.memory.news);
  std::erase_if(consumer.owned, [&](const OwnedPartition& each) { return !has(assigned, each.tp); });
  return before - consumer.owned.size();
}

std::size_t add(Env& env, Consumer& consumer, const Partitions& assigned) {
  std::vector<OwnedPartition> added;
  for (TopicPartition each : assigned) {
    if (find_owned(consumer, each)) continue;
    added.emplace_back().tp = each;
    env.emit(PartitionAssigned{each, consumer.node, consumer.spec.group, consumer.generation}, consumer.memory.news);
  }
  const std::size_t count = added.size();
  std::move(added.begin(), added.end(), std::back_inserter(consumer.owned));
  std::stable_sort(consumer.owned.begin(), consumer.owned.end(),
            [](const OwnedPartition& a, const OwnedPartition& b) { return a.tp < b.tp; });
  return count;
}

// The partitions with data, in the order in which it came.
Partitions with_data(const Consumer& consumer) {
  Partitions partitions;
  for (std::int32_t each : consumer.ready) partitions.push_back(consumer.owned[static_cast<std::size_t>(each)].tp);
  return partitions;
}

void restore_order_of_data(Consumer& consumer, const Partitions& partitions) {
  consumer.ready.clear();
  for (TopicPartition each : partitions)
    if (const OwnedPartition* owned = find_owned(consumer, each))
      consumer.ready.push_back(static_cast<std::int32_t>(owned - consumer.owned.data()));
}

// auto.commit.interval.ms begins anew with every assignment.
void begin_commit_interval(Env& env, Consumer& consumer) {
  consumer.commit_due = false;
  if (consumer.owned.empty()) env.disarm(consumer.auto_commit);
  else if (consumer.spec.config.enable_auto_commit)
    await_auto_commit(env, consumer, consumer.spec.config.auto_commit_interval);
}

}  // namespace

bool is_cooperative(const Consumer& consumer) { return consumer.spec.config.assignors.cooperative(); }

bool may_read(const Consumer& consumer) {
  return consumer.state == MemberState::stable || (is_cooperative(consumer) && consumer.generation != -1);
}

Partitions owned_by(const Consumer& consumer) {
  Partitions partitions;
  for (const OwnedPartition& each : consumer.owned) partitions.push_back(each.tp);
  return partitions;
}

PartitionClaim claim_of(const Consumer& consumer) {
  if (!is_cooperative(consumer))
    return consumer.spec.config.assignors.has(AssignorName::sticky) ? consumer.memory.sticky : PartitionClaim{};
  PartitionClaim claim;
  claim.partitions = owned_by(consumer);
  claim.generation = consumer.generation;
  return claim;
}

void take_assignment(Env& env, Consumer& consumer, Partitions assigned) {
  if (consumer.memory.protocol == AssignorName::sticky) consumer.memory.sticky = {assigned, consumer.generation};
  if (consumer.host.hosted) set_aside(consumer, assigned);
  std::sort(assigned.begin(), assigned.end());
  const Partitions data = with_data(consumer);
  const std::size_t given_up = give_up(env, consumer, assigned);
  const std::size_t added = add(env, consumer, assigned);
  restore_order_of_data(consumer, data);
  consumer.owned_generation = consumer.generation;
  if (given_up + added > 0 || consumer.owned.empty()) {
    consumer.assignment += 1;
    for (OwnedPartition& each : consumer.owned) ask_position_again(each);
  }
  update_leaders(env, consumer);
  begin_commit_interval(env, consumer);
  if (assigned.empty() && consumer.host.reads)
    env.emit(MemberIdle{consumer.node, consumer.spec.group, consumer.generation, is_cooperative(consumer)},
             consumer.memory.news);
  consumer.rejoin_wanted = given_up > 0;
  if (consumer.host.hosted) tell_host(consumer, ClientNews::assigned, std::move(assigned));
}

void revoke_all(Env& env, Consumer& consumer) {
  // Evicted, or in the middle of a rebalance: somebody else may own them already.
  const bool lost = consumer.generation == -1 || !is_member(consumer);
  for (const OwnedPartition& each : consumer.owned)
    env.emit(PartitionRevoked{each.tp, consumer.node, consumer.spec.group, consumer.owned_generation, lost});
  if (consumer.host.hosted && !consumer.owned.empty())
    tell_host(consumer, lost ? ClientNews::lost : ClientNews::revoked, owned_by(consumer));
  consumer.owned.clear();
  consumer.ready.clear();
  consumer.host.paused.clear();
  consumer.host.revoking = false;
  consumer.assignment += 1;
  consumer.commit_due = false;
  consumer.handling.uncommitted = 0;
  env.disarm(consumer.auto_commit);
  env.disarm(consumer.fetch_retry);
}

}  // namespace nutshell
