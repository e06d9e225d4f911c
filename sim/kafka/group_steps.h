// The steps of the group coordinator that its files share. For group_*.cpp only.
//
// `because` is an earlier step that explains a step better than its own trigger, kNoStep if there is none.
#pragma once

#include <cstdint>

#include "sim/kafka/broker.h"
#include "sim/kafka/group_coordinator.h"

namespace nutshell {

// lookup (group_coordinator.cpp)

// nullptr: this broker knows no such group, or no such member.
Group* find_group(Broker& broker, GroupId group);
GroupMember* find_member(Group& group, std::int32_t member_id);
// REQUIRES the broker coordinates the group's partition and does not know the group.
Group& create_group(Env& env, Broker& broker, GroupId group);

// conversations

void on_join_group(Env& env, Broker& broker, const RequestId& request, JoinGroupRequest& join);
void on_sync_group(Env& env, Broker& broker, const RequestId& request, SyncGroupRequest& sync);
void on_heartbeat(Env& env, Broker& broker, const RequestId& request, const HeartbeatRequest& heartbeat);
void on_leave_group(Env& env, Broker& broker, const RequestId& request, const LeaveGroupRequest& leave);
void on_offset_commit(Env& env, Broker& broker, const RequestId& request, OffsetCommitRequest& commit);
void on_offset_fetch(Env& env, Broker& broker, const RequestId& request, const OffsetFetchRequest& fetch);

// members (group_members.cpp)

// The member has been heard: its session begins anew (G11).
void restart_session(Env& env, Broker& broker, Group& group, GroupMember& member);
// Removes the member and answers what it has open; the first to join of the others leads.
void remove_member(Env& env, Group& group, std::int32_t member_id, LeaveReason reason, Step because = kNoStep);
// False if the id is not pending.
bool remove_pending_member(Env& env, Group& group, std::int32_t member_id);
void answer_sync(Env& env, GroupMember& member, ErrorCode error);
void on_session_expired(Env& env, Broker& broker, Group& group, std::int32_t member_id);

// rebalance (group_rebalance.cpp)

// Kafka's maybePrepareRebalanceOrCompleteJoin: starts a rebalance, or goes on with the one that runs.
void rebalance_or_complete(Env& env, Broker& broker, Group& group, RebalanceReason reason, Step because = kNoStep);
void prepare_rebalance(Env& env, Broker& broker, Group& group, RebalanceReason reason, Step because = kNoStep);
// Ends the join phase if everybody is there, but never an initial one before its time.
void complete_join_if_all_joined(Env& env, Broker& broker, Group& group, Step because = kNoStep);
bool all_members_joined(const Group& group);
bool all_support(const Group& group, AssignorName protocol);
// Ends the join phase (G8): who has not joined is dropped, the next generation begins.
void complete_join(Env& env, Broker& broker, Group& group, Step because = kNoStep);
void on_join_delay(Env& env, Broker& broker, Group& group);
void on_sync_timeout(Env& env, Broker& broker, Group& group, std::int32_t generation);
JoinGroupResponse joined(const Group& group, const GroupMember& member);

// writes to __consumer_offsets (group_log.cpp)

// All three may complete within the call, which may change the group: call them last.
void write_commit(Env& env, Broker& broker, const Group& group, const RequestId& request, OffsetCommitRequest& commit);
void write_assignment(Env& env, Broker& broker, const Group& group, std::vector<MemberAssignment> assignments);
// G6: what groups have committed that have been empty for offsets.retention.minutes is forgotten, with a tombstone each.
void expire_offsets(Env& env, Broker& broker);
void write_empty_group(Env& env, Broker& broker, const Group& group);
// Rebuilds the groups of a partition from this broker's log of it.
void replay_group_log(Env& env, Broker& broker, std::int32_t partition);
// What such writes do when they are replicated, or have failed.
void finish_commit(Env& env, Broker& broker, GroupAppend& append);
void finish_assignment(Env& env, Broker& broker, GroupAppend& append);
// Enters an offset into the group's table.
void set_committed(Group& group, const CommittedOffset& committed);

}  // namespace nutshell
