// SyncGroup, OffsetCommit and OffsetFetch: what ends up in __consumer_offsets, and what is read of it
// (G2, G8, G10).
#include <algorithm>

#include "sim/kafka/group_steps.h"

namespace nutshell {

namespace {

ErrorCode check_sync(Group* group, const SyncGroupRequest& sync) {
  if (!group || !find_member(*group, sync.member_id)) return ErrorCode::unknown_member_id;
  if (sync.generation != group->generation) return ErrorCode::illegal_generation;
  if (group->state == GroupState::preparing_rebalance) return ErrorCode::rebalance_in_progress;
  return ErrorCode::none;
}

// The sync phase has a time limit only while somebody's SyncGroup is missing.
void note_sync(Env& env, Group& group, GroupMember& member) {
  member.sync_pending = false;
  const bool complete = std::none_of(group.members.begin(), group.members.end(),
                                     [](const GroupMember& each) { return each.sync_pending; });
  if (complete) env.disarm(group.sync_timer);
}

// G10. A commit without member is allowed while the group is empty (an application that assigns
// partitions itself).
ErrorCode check_commit(Group* group, const OffsetCommitRequest& commit) {
  if (!group) return commit.generation < 0 ? ErrorCode::none : ErrorCode::illegal_generation;
  if (commit.generation < 0 && group->state == GroupState::empty) return ErrorCode::none;
  if (!find_member(*group, commit.member_id)) return ErrorCode::unknown_member_id;
  if (commit.generation != group->generation) return ErrorCode::illegal_generation;
  if (group->state == GroupState::completing_rebalance) return ErrorCode::rebalance_in_progress;
  return ErrorCode::none;
}

// Without an offset: nothing is committed.
CommitPartition committed_offset(const Group& group, TopicPartition tp) {
  const auto place =
      std::lower_bound(group.offsets.begin(), group.offsets.end(), tp,
                       [](const CommittedOffset& each, TopicPartition wanted) { return each.tp < wanted; });
  return place != group.offsets.end() && place->tp == tp ? CommitPartition{tp, place->offset, place->leader_epoch}
                                                                : CommitPartition{tp};
}

}  // namespace

void on_sync_group(Env& env, Broker& broker, const RequestId& request, SyncGroupRequest& sync) {
  Group* group = find_group(broker, sync.group);
  const ErrorCode error = check_sync(group, sync);
  if (error != ErrorCode::none) {
    SyncGroupResponse response;
    response.error = error;
    return env.reply(request, std::move(response));
  }
  GroupMember& member = *find_member(*group, sync.member_id);
  // An older SyncGroup that is still open came over a connection that its client has closed.
  if (member.syncing) env.finish(member.sync);
  member.syncing = true;
  member.sync = request;
  note_sync(env, *group, member);
  if (group->state == GroupState::stable) return answer_sync(env, member, ErrorCode::none);
  if (group->leader == sync.member_id) write_assignment(env, broker, *group, std::move(sync.assignments));
}

void on_offset_commit(Env& env, Broker& broker, const RequestId& request, OffsetCommitRequest& commit) {
  Group* group = find_group(broker, commit.group);
  const ErrorCode error = check_commit(group, commit);
  if (error != ErrorCode::none) {
    env.emit(CommitRefused{commit.group, env.client_of(request), error});
    OffsetCommitResponse response;
    response.error = error;
    return env.reply(request, std::move(response));
  }
  if (!group) group = &create_group(env, broker, commit.group);
  // A commit is a sign of life.
  if (GroupMember* member = find_member(*group, commit.member_id)) restart_session(env, broker, *group, *member);
  write_commit(env, broker, *group, request, commit);
}

void on_offset_fetch(Env& env, Broker& broker, const RequestId& request, const OffsetFetchRequest& fetch) {
  const Group* group = find_group(broker, fetch.group);
  OffsetFetchResponse response;
  response.partitions.reserve(fetch.partitions.size());
  for (TopicPartition each : fetch.partitions)
    response.partitions.push_back(group ? committed_offset(*group, each) : CommitPartition{each});
  if (fetch.partitions.empty() && group)  // all that it has committed
    for (const CommittedOffset& each : group->offsets) response.partitions.push_back({each.tp, each.offset, each.leader_epoch});
  env.reply(request, std::move(response));
}

}  // namespace nutshell
