// Members of a group: sessions, heartbeats, leaving (G9, G11).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/group_steps.h"

namespace nutshell {

namespace {

// Kafka's hasSatisfiedHeartbeat: who waits for an answer cannot send heartbeats, and is kept. Not so a
// member that joins for the first time, because it may have given up and joined again under a new id.
bool waits_in_rebalance(const GroupMember& member) {
  return !member.is_new && (member.joining || member.syncing);
}

ErrorCode answer_to(const Group& group, const GroupMember* member, std::int32_t generation) {
  if (!member) return ErrorCode::unknown_member_id;
  if (generation != group.generation) return ErrorCode::illegal_generation;
  if (group.state == GroupState::preparing_rebalance) return ErrorCode::rebalance_in_progress;
  return ErrorCode::none;
}

// True if the member, pending or not, was there.
bool leave(Env& env, Group& group, const LeaveGroupRequest& message) {
  if (remove_pending_member(env, group, message.member_id)) return true;
  if (!find_member(group, message.member_id)) return false;
  remove_member(env, group, message.member_id, message.poll_expired ? LeaveReason::poll_expired : LeaveReason::closed);
  return true;
}

}  // namespace

void restart_session(Env& env, Broker& broker, Group& group, GroupMember& member) {
  env.rearm(member.session, broker.node, TimerKind::member_session, member.session_timeout, group.group,
            member.member_id);
}

void answer_sync(Env& env, GroupMember& member, ErrorCode error) {
  NUTSHELL_REQUIRE(member.syncing);
  member.syncing = false;
  SyncGroupResponse response;
  response.error = error;
  if (error == ErrorCode::none) {
    response.assignment = member.assignment;
    response.opaque = member.opaque;
  }
  env.reply(member.sync, std::move(response));
}

void remove_member(Env& env, Group& group, std::int32_t member_id, LeaveReason reason, Step because) {
  GroupMember* member = find_member(group, member_id);
  NUTSHELL_REQUIRE(member != nullptr);
  env.disarm(member->session);
  if (member->joining) {
    JoinGroupResponse response;
    response.error = ErrorCode::unknown_member_id;
    env.reply(member->join, std::move(response));
  }
  if (member->syncing) answer_sync(env, *member, ErrorCode::unknown_member_id);
  const bool expired = reason != LeaveReason::closed && reason != LeaveReason::poll_expired;
  env.emit(MemberLeft{group.group, member_id, member->client, expired, reason}, because);
  group.members.erase(group.members.begin() + (member - group.members.data()));
  if (group.leader == member_id) group.leader = group.members.empty() ? -1 : group.members.front().member_id;
}

bool remove_pending_member(Env& env, Group& group, std::int32_t member_id) {
  for (PendingMember& each : group.pending_members) {
    if (each.member_id != member_id) continue;
    env.disarm(each.session);
    group.pending_members.erase(group.pending_members.begin() + (&each - group.pending_members.data()));
    return true;
  }
  return false;
}

void on_heartbeat(Env& env, Broker& broker, const RequestId& request, const HeartbeatRequest& heartbeat) {
  Group* group = find_group(broker, heartbeat.group);
  GroupMember* member = group ? find_member(*group, heartbeat.member_id) : nullptr;
  HeartbeatResponse response;
  response.error = member ? answer_to(*group, member, heartbeat.generation) : ErrorCode::unknown_member_id;
  if (response.error == ErrorCode::none || response.error == ErrorCode::rebalance_in_progress)
    restart_session(env, broker, *group, *member);
  env.reply(request, std::move(response));
}

void on_leave_group(Env& env, Broker& broker, const RequestId& request, const LeaveGroupRequest& message) {
  Group* group = find_group(broker, message.group);
  LeaveGroupResponse response;
  const bool left = group && leave(env, *group, message);
  if (!left) response.error = ErrorCode::unknown_member_id;
  env.reply(request, std::move(response));
  if (!left) return;
  if (group->state == GroupState::stable || group->state == GroupState::completing_rebalance)
    prepare_rebalance(env, broker, *group, RebalanceReason::member_left);
  else
    complete_join_if_all_joined(env, broker, *group);
}

// G11. A pending id is forgotten silently; a member that waits in a rebalance is kept, its session
// begins anew when it is answered. If nobody else is missing now the join phase ends, the initial one too (G8,
// GroupMetadataManager.removePendingMemberAndUpdateClassicGroup).
void on_session_expired(Env& env, Broker& broker, Group& group, std::int32_t member_id) {
  const auto pending = std::find_if(group.pending_members.begin(), group.pending_members.end(),
                                    [&](const PendingMember& each) { return each.member_id == member_id; });
  Step because = kNoStep;
  if (pending != group.pending_members.end()) {
    group.pending_members.erase(pending);
  } else {
    GroupMember* member = find_member(group, member_id);
    NUTSHELL_REQUIRE(member != nullptr);
    member->session = kNoTimer;
    if (waits_in_rebalance(*member)) return;
    because = cause_of_silence(env, member->client, broker.node);
    remove_member(env, group, member_id, LeaveReason::session_expired, because);
    if (group.state == GroupState::stable || group.state == GroupState::completing_rebalance)
      return prepare_rebalance(env, broker, group, RebalanceReason::session_expired, because);
  }
  if (group.state == GroupState::preparing_rebalance && all_members_joined(group)) complete_join(env, broker, group, because);
}

}  // namespace nutshell
