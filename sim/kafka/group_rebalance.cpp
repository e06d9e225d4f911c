// The rebalance of a group: join phase, next generation, sync phase (G7-G9).
//
//   Empty, Stable, CompletingRebalance --prepare_rebalance--> PreparingRebalance
//   PreparingRebalance --complete_join--> CompletingRebalance, or Empty when nobody joined
//   CompletingRebalance --finish_assignment (group_log.cpp)--> Stable
#include <algorithm>
#include <array>

#include "sim/core/require.h"
#include "sim/kafka/group_steps.h"

namespace nutshell {

namespace {

// The group waits for the slowest: the largest max.poll.interval.ms of its members (G8).
Duration rebalance_timeout(const Group& group) {
  Duration longest = 0;
  for (const GroupMember& each : group.members) longest = std::max(longest, each.rebalance_timeout);
  return longest;
}

bool can_rebalance(const Group& group) {
  return group.state == GroupState::empty || group.state == GroupState::stable ||
         group.state == GroupState::completing_rebalance;
}

void end_sync_phase(Env& env, Group& group) {
  env.disarm(group.sync_timer);
  for (GroupMember& each : group.members) each.sync_pending = false;
}

// The step that began the rebalance explains its generation better than whoever joins last.
Step began(const Env& env, const Group& group) {
  return group.join_timer == kNoTimer ? kNoStep : env.fabric.queue.payload(group.join_timer).cause;
}

// Those that wait for the assignment of the generation that is given up must join again.
void give_up_assignment(Env& env, Broker& broker, Group& group) {
  for (GroupMember& each : group.members) {
    each.assignment.clear();
    each.opaque = -1;
    if (!each.syncing) continue;
    answer_sync(env, each, ErrorCode::rebalance_in_progress);
    restart_session(env, broker, group, each);
  }
}

void begin_initial_join(Env& env, Broker& broker, Group& group) {
  const Duration delay = broker.config.group_initial_rebalance_delay;
  group.initial_delay = delay;
  group.initial_remaining = std::max<Duration>(rebalance_timeout(group) - delay, 0);
  env.rearm(group.join_timer, broker.node, TimerKind::join_delay, delay, group.group);
}

void drop_members_that_did_not_join(Env& env, Broker& broker, Group& group) {
  std::vector<std::int32_t> late;
  for (const GroupMember& each : group.members)
    if (!each.joining) late.push_back(each.member_id);
  for (std::int32_t each : late) {
    const Step because = cause_of_silence(env, find_member(group, each)->client, broker.node);
    remove_member(env, group, each, LeaveReason::join_timed_out, because);
  }
}

// The first that it names of those that everybody supports.
AssignorName vote(const Group& group, const GroupMember& member) {
  const auto found = std::find_if(member.protocols.begin(), member.protocols.end(),
                                  [&group](AssignorName each) { return all_support(group, each); });
  NUTSHELL_REQUIRE(found != member.protocols.end());
  return *found;
}

// G7: the one with the most votes. Between equals Kafka follows a hash map, here it is the first in the
// order of AssignorName.
AssignorName chosen_protocol(const Group& group) {
  std::array<std::int32_t, kAssignorCount> votes{};
  for (const GroupMember& each : group.members) votes[static_cast<std::size_t>(vote(group, each))] += 1;
  return static_cast<AssignorName>(std::max_element(votes.begin(), votes.end()) - votes.begin());
}

void begin_sync_phase(Env& env, Broker& broker, Group& group, Step because) {
  group.state = GroupState::completing_rebalance;
  group.protocol = chosen_protocol(group);
  env.emit(GenerationStarted{group.group, group.generation, static_cast<std::int32_t>(group.members.size())}, because);
  for (GroupMember& each : group.members) {
    each.joining = false;
    each.is_new = false;
    each.sync_pending = true;
    env.reply(each.join, joined(group, each));
    restart_session(env, broker, group, each);
  }
  env.rearm(group.sync_timer, broker.node, TimerKind::sync_phase, rebalance_timeout(group), group.group,
            group.generation);
}

void become_empty(Env& env, Broker& broker, Group& group) {
  group.state = GroupState::empty;
  group.empty_since = env.local_time(broker.node);
  env.emit(GroupEmpty{group.group, group.generation});
  write_empty_group(env, broker, group);
}

}  // namespace

JoinGroupResponse joined(const Group& group, const GroupMember& member) {
  JoinGroupResponse response;
  response.generation = group.generation;
  response.member_id = member.member_id;
  response.leader = group.leader;
  response.protocol = group.protocol;
  if (member.member_id == group.leader)
    for (const GroupMember& each : group.members)
      response.members.push_back({each.member_id, each.topics, each.claim, each.protocol.metadata});
  return response;
}

bool all_support(const Group& group, AssignorName protocol) {
  return std::all_of(group.members.begin(), group.members.end(),
                     [protocol](const GroupMember& each) { return each.protocols.has(protocol); });
}

bool all_members_joined(const Group& group) {
  return group.pending_members.empty() &&
         std::all_of(group.members.begin(), group.members.end(), [](const GroupMember& each) { return each.joining; });
}

void rebalance_or_complete(Env& env, Broker& broker, Group& group, RebalanceReason reason, Step because) {
  if (can_rebalance(group)) prepare_rebalance(env, broker, group, reason, because);
  else complete_join_if_all_joined(env, broker, group, began(env, group));
}

void prepare_rebalance(Env& env, Broker& broker, Group& group, RebalanceReason reason, Step because) {
  NUTSHELL_REQUIRE(can_rebalance(group));
  if (group.state == GroupState::completing_rebalance) give_up_assignment(env, broker, group);
  end_sync_phase(env, group);
  group.initial = group.state == GroupState::empty;
  group.state = GroupState::preparing_rebalance;
  env.emit(RebalanceStarted{group.group, group.generation, reason}, because);
  if (group.initial) return begin_initial_join(env, broker, group);
  if (all_members_joined(group)) return complete_join(env, broker, group);
  env.rearm(group.join_timer, broker.node, TimerKind::join_phase, rebalance_timeout(group), group.group);
}

void complete_join_if_all_joined(Env& env, Broker& broker, Group& group, Step because) {
  if (group.state != GroupState::preparing_rebalance || group.initial) return;
  if (all_members_joined(group)) complete_join(env, broker, group, because);
}

void complete_join(Env& env, Broker& broker, Group& group, Step because) {
  NUTSHELL_REQUIRE(group.state == GroupState::preparing_rebalance);
  env.disarm(group.join_timer);
  drop_members_that_did_not_join(env, broker, group);
  group.generation += 1;
  if (group.members.empty()) become_empty(env, broker, group);
  else begin_sync_phase(env, broker, group, because);
}

// G8: the initial delay has passed; it is extended if somebody came meanwhile.
void on_join_delay(Env& env, Broker& broker, Group& group) {
  if (!group.joined_meanwhile || group.initial_remaining == 0) return complete_join(env, broker, group);
  group.joined_meanwhile = false;
  const Duration delay = std::min(broker.config.group_initial_rebalance_delay, group.initial_remaining);
  group.initial_remaining = std::max<Duration>(group.initial_remaining - group.initial_delay, 0);
  group.initial_delay = delay;
  env.rearm(group.join_timer, broker.node, TimerKind::join_delay, delay, group.group);
}

// G8: members that know the generation and did not ask for their part of it are removed.
void on_sync_timeout(Env& env, Broker& broker, Group& group, std::int32_t generation) {
  NUTSHELL_REQUIRE(generation == group.generation);
  std::vector<std::int32_t> late;
  for (const GroupMember& each : group.members)
    if (each.sync_pending) late.push_back(each.member_id);
  if (late.empty()) return;
  Step because = kNoStep;
  for (std::int32_t each : late) {
    because = cause_of_silence(env, find_member(group, each)->client, broker.node);
    remove_member(env, group, each, LeaveReason::sync_timed_out, because);
  }
  prepare_rebalance(env, broker, group, RebalanceReason::sync_timed_out, because);
}

}  // namespace nutshell
