// JoinGroup: how a process becomes a member, and how members join the next generation (G7, G9).
#include <algorithm>
#include <array>
#include <string>

#include "sim/kafka/group_steps.h"

namespace nutshell {

namespace {

// A first JoinGroup may stay open for so long; nobody can tell whether its sender still waits (G8).
constexpr Duration kNewMemberJoinTimeout = 5 * kMinute;

void refuse(Env& env, const RequestId& request, std::int32_t member_id, ErrorCode error) {
  JoinGroupResponse response;
  response.error = error;
  response.member_id = member_id;
  env.reply(request, std::move(response));
}

std::string hexadecimal(std::uint64_t value, int digits) {
  std::string text;
  for (int i = digits - 1; i >= 0; --i) text += "0123456789abcdef"[value >> (4 * i) & 0xf];
  return text;
}

// "<client>-<8 hexadecimal digits>". Kafka appends a random UUID, which never comes twice: here the
// first of the client's draws that nobody was given yet, whoever coordinates.
std::int32_t new_member_id(Env& env, NodeId client) {
  for (std::uint64_t nth = 0;; ++nth) {
    const std::uint64_t random = env.random(client, Purpose::member_id, nth);
    const std::string name = env.self(client).name + "-" + hexadecimal(random, 8);
    if (env.fabric.names.find(name) == -1) return env.fabric.names.intern(name);
  }
}

// There must be an assignor that every member can run.
bool supports_any(const Group& group, const AssignorList& protocols) {
  return std::any_of(protocols.begin(), protocols.end(), [&](AssignorName each) { return all_support(group, each); });
}

// All members are of one protocol type (G7).
bool has_type(const Group& group, ProtocolType type) {
  return std::all_of(group.members.begin(), group.members.end(),
                     [type](const GroupMember& each) { return each.protocol.type == type; });
}

// KIP-394: join again with this id. Whoever is not heard of again has taken no place in the group.
void give_member_id(Env& env, Broker& broker, Group& group, const RequestId& request, Duration session_timeout) {
  PendingMember pending;
  pending.member_id = new_member_id(env, env.client_of(request));
  pending.session =
      env.arm(broker.node, TimerKind::member_session, session_timeout, group.group, pending.member_id);
  group.pending_members.push_back(pending);
  refuse(env, request, pending.member_id, ErrorCode::member_id_required);
}

void take_join(Env& env, GroupMember& member, const RequestId& request, JoinGroupRequest& join) {
  // An older JoinGroup that is still open came over a connection that its client has closed.
  if (member.joining) env.finish(member.join);
  member.session_timeout = join.session_timeout;
  member.rebalance_timeout = join.rebalance_timeout;
  member.protocols = join.protocols;
  member.topics = std::move(join.topics);
  member.claim = std::move(join.claim);
  member.protocol = join.protocol;
  member.joining = true;
  member.join = request;
}

void add_member(Env& env, Broker& broker, Group& group, const RequestId& request, JoinGroupRequest& join) {
  if (group.state == GroupState::preparing_rebalance && group.initial) group.joined_meanwhile = true;
  GroupMember fresh;
  fresh.member_id = join.member_id;
  fresh.client = env.client_of(request);
  fresh.is_new = true;
  take_join(env, fresh, request, join);
  fresh.session =
      env.arm(broker.node, TimerKind::member_session, kNewMemberJoinTimeout, group.group, fresh.member_id);
  if (group.leader == -1) group.leader = fresh.member_id;
  env.emit(MemberJoined{group.group, fresh.member_id, fresh.client});
  group.members.push_back(std::move(fresh));
  rebalance_or_complete(env, broker, group, RebalanceReason::member_joined);
}

// Something that it claimed before is missing.
bool gave_up(const PartitionClaim& before, const PartitionClaim& now) {
  return std::any_of(before.partitions.begin(), before.partitions.end(), [&now](TopicPartition each) {
    return std::find(now.partitions.begin(), now.partitions.end(), each) == now.partitions.end();
  });
}

RebalanceReason reason_to_rejoin(const GroupMember& member, const JoinGroupRequest& join, bool wants_the_same, bool leads) {
  if (!wants_the_same) return RebalanceReason::subscription_changed;
  if (gave_up(member.claim, join.claim)) return RebalanceReason::partitions_given_up;
  return leads ? RebalanceReason::leader_rejoined : RebalanceReason::subscription_changed;
}

// A known member joins again. Out of a rebalance it starts one if it leads (its metadata has changed,
// G9), or if it says anything else than when it joined: other topics, or that it has given up partitions
// (G12). Else it only learns the current generation once more.
void rejoin(Env& env, Broker& broker, Group& group, GroupMember& member, const RequestId& request,
            JoinGroupRequest& join) {
  const bool wants_the_same =
      member.topics == join.topics && member.protocols == join.protocols && member.protocol == join.protocol;
  const bool has_the_same = member.claim == join.claim;
  const bool leads = group.leader == member.member_id;
  const bool starts = !wants_the_same || !has_the_same || (leads && group.state == GroupState::stable);
  if (group.state == GroupState::empty) return refuse(env, request, join.member_id, ErrorCode::unknown_member_id);
  if (group.state != GroupState::preparing_rebalance && !starts) return env.reply(request, joined(group, member));
  const RebalanceReason reason = reason_to_rejoin(member, join, wants_the_same, leads);
  take_join(env, member, request, join);
  rebalance_or_complete(env, broker, group, reason);
}

}  // namespace

void on_join_group(Env& env, Broker& broker, const RequestId& request, JoinGroupRequest& join) {
  if (join.session_timeout < broker.config.group_min_session_timeout ||
      join.session_timeout > broker.config.group_max_session_timeout)
    return refuse(env, request, join.member_id, ErrorCode::invalid_session_timeout);
  Group* group = find_group(broker, join.group);
  if (!group && join.member_id != -1) return refuse(env, request, join.member_id, ErrorCode::unknown_member_id);
  if (!group) group = &create_group(env, broker, join.group);
  if (!supports_any(*group, join.protocols) || !has_type(*group, join.protocol.type))
    return refuse(env, request, join.member_id, ErrorCode::inconsistent_group_protocol);
  if (join.member_id == -1) return give_member_id(env, broker, *group, request, join.session_timeout);
  if (remove_pending_member(env, *group, join.member_id)) return add_member(env, broker, *group, request, join);
  GroupMember* member = find_member(*group, join.member_id);
  if (!member) return refuse(env, request, join.member_id, ErrorCode::unknown_member_id);
  rejoin(env, broker, *group, *member, request, join);
}

}  // namespace nutshell
