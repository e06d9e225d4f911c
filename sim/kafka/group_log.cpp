// __consumer_offsets: what the coordinator writes, and how it is read back when the coordinator moves
// (G1, G2).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/group_steps.h"

namespace nutshell {

namespace {

// What the group's clients are told when a write fails [GMM appendGroupMetadataErrorToResponseError].
ErrorCode client_error(ErrorCode append_error) {
  switch (append_error) {
    case ErrorCode::unknown_topic_or_partition:
    case ErrorCode::not_enough_replicas:
    case ErrorCode::not_enough_replicas_after_append:
    case ErrorCode::request_timed_out:
      return ErrorCode::coordinator_not_available;
    case ErrorCode::not_leader_or_follower:
      return ErrorCode::not_coordinator;
    default:
      return append_error;
  }
}

GroupAppend& begin_append(Broker& broker, const Group& group, GroupAppend::Kind kind, std::size_t records) {
  GroupAppend append;
  append.kind = kind;
  append.number = broker.groups.next_append++;
  append.group = group.group;
  append.partition = group.partition;
  append.generation = group.generation;
  append.waiting = static_cast<std::int32_t>(records);
  broker.groups.appends.push_back(std::move(append));
  return broker.groups.appends.back();
}

void write(Env& env, Broker& broker, std::int32_t partition, const GroupRecord& record, std::uint64_t number) {
  const ErrorCode error = append_group_record(env, broker, partition, record, number);
  if (error != ErrorCode::none) coordinator_on_append(env, broker, number, error);
}

// The assignment that the leader made for a member; none: it made none, so it gets nothing.
const MemberAssignment* find_assignment(const std::vector<MemberAssignment>& all, std::int32_t member_id) {
  for (const MemberAssignment& each : all)
    if (each.member_id == member_id) return &each;
  return nullptr;
}

GroupMetadataRecord snapshot_of(const Group& group, const std::vector<MemberAssignment>& assignments, Time now) {
  auto snapshot = std::make_shared<GroupSnapshot>();
  snapshot->group = group.group;
  snapshot->generation = group.generation;
  snapshot->since = now;
  snapshot->leader = group.leader;
  snapshot->protocol = group.members.empty() ? std::int8_t{-1} : static_cast<std::int8_t>(group.protocol);
  for (const GroupMember& each : group.members) {
    const MemberAssignment* assigned = find_assignment(assignments, each.member_id);
    snapshot->members.push_back({each.member_id, each.client, each.session_timeout, each.rebalance_timeout, each.topics,
                                 assigned ? assigned->partitions : std::vector<TopicPartition>{}, each.protocols, each.claim,
                                 each.protocol, assigned ? assigned->opaque : -1});
  }
  return {std::move(snapshot)};
}

void become_stable(Env& env, Broker& broker, Group& group, const std::vector<MemberAssignment>& assignments) {
  group.state = GroupState::stable;
  for (GroupMember& member : group.members) {
    const MemberAssignment* assigned = find_assignment(assignments, member.member_id);
    member.assignment = assigned ? assigned->partitions : std::vector<TopicPartition>{};
    member.opaque = assigned ? assigned->opaque : -1;
    // Of topics to which it does not subscribe it is told for another reason (ConsumerHost::beside).
    for (TopicPartition each : member.assignment)
      if (std::find(member.topics.begin(), member.topics.end(), each.topic) != member.topics.end())
        env.emit(AssignmentDecided{group.group, group.generation, member.member_id, each});
  }
  env.emit(GroupStable{group.group, group.generation, static_cast<std::int32_t>(group.members.size())});
  for (GroupMember& member : group.members) {
    if (!member.syncing) continue;
    answer_sync(env, member, ErrorCode::none);
    restart_session(env, broker, group, member);
  }
}

void reject_assignment(Env& env, Broker& broker, Group& group, ErrorCode error) {
  for (GroupMember& member : group.members) {
    member.assignment.clear();
    if (!member.syncing) continue;
    answer_sync(env, member, error);
    restart_session(env, broker, group, member);
  }
  prepare_rebalance(env, broker, group, RebalanceReason::assignment_not_written);
}

Group& group_to_load(Env& env, Broker& broker, GroupId group) {
  Group* known = find_group(broker, group);
  return known ? *known : create_group(env, broker, group);
}

void load_snapshot(Group& group, const GroupSnapshot& snapshot) {
  group.generation = snapshot.generation;
  group.leader = snapshot.leader;
  group.state = snapshot.members.empty() ? GroupState::empty : GroupState::stable;
  group.empty_since = snapshot.members.empty() ? snapshot.since : kNoTimestamp;
  if (snapshot.protocol >= 0) group.protocol = static_cast<AssignorName>(snapshot.protocol);
  group.members.clear();
  for (const GroupMemberRecord& each : snapshot.members) {
    GroupMember member;
    member.member_id = each.member_id;
    member.client = each.client;
    member.session_timeout = each.session_timeout;
    member.rebalance_timeout = each.rebalance_timeout;
    member.protocols = each.protocols;
    member.topics = each.topics;
    member.assignment = each.assignment;
    member.claim = each.claim;
    member.protocol = each.protocol;
    member.opaque = each.opaque;
    group.members.push_back(std::move(member));
  }
}

void load_record(Env& env, Broker& broker, const GroupRecord& record) {
  if (const auto* commit = std::get_if<OffsetCommitRecord>(&record)) {
    set_committed(group_to_load(env, broker, commit->group), {commit->tp, commit->offset, commit->committed_at, commit->leader_epoch});
  } else {
    const GroupSnapshot& snapshot = *std::get<GroupMetadataRecord>(record).snapshot;
    load_snapshot(group_to_load(env, broker, snapshot.group), snapshot);
  }
}

}  // namespace

void set_committed(Group& group, const CommittedOffset& committed) {
  if (committed.offset < 0) return void(std::erase_if(group.offsets, [&](const CommittedOffset& each) { return each.tp == committed.tp; }));
  const auto place =
      std::lower_bound(group.offsets.begin(), group.offsets.end(), committed.tp,
                       [](const CommittedOffset& each, TopicPartition wanted) { return each.tp < wanted; });
  if (place != group.offsets.end() && place->tp == committed.tp) *place = committed;
  else group.offsets.insert(place, committed);
}

namespace {

// Takes out what the group has committed of the topic, and what is being written of it: in the log that stands before the tombstone.
std::vector<TopicPartition> take_offsets(Broker& broker, Group& group, TopicId topic) {
  std::vector<TopicPartition> gone;
  for (const CommittedOffset& each : group.offsets)
    if (each.tp.topic == topic) gone.push_back(each.tp);
  std::erase_if(group.offsets, [topic](const CommittedOffset& each) { return each.tp.topic == topic; });
  for (GroupAppend& append : broker.groups.appends) {
    if (append.group != group.group) continue;
    for (CommitPartition& each : append.commits) {
      if (each.tp.topic != topic) continue;
      each.offset = -1;
      if (std::find(gone.begin(), gone.end(), each.tp) == gone.end()) gone.push_back(each.tp);
    }
  }
  return gone;
}

void forget_offsets(Env& env, Broker& broker, Group& group, TopicId topic, bool expired) {
  const std::vector<TopicPartition> gone = take_offsets(broker, group, topic);
  if (gone.empty()) return;
  env.emit(OffsetsForgotten{topic, group.group, static_cast<std::int32_t>(gone.size()), expired});
  // Nobody waits for these; a tombstone that is not written leaves an offset that a later coordinator finds.
  const Time now = env.local_time(broker.node);
  for (TopicPartition each : gone)
    append_group_record(env, broker, group.partition, OffsetCommitRecord{group.group, each, -1, now, -1}, broker.groups.next_append++);
}

}  // namespace

void coordinator_on_topic_deleted(Env& env, Broker& broker, TopicId topic) {
  for (Group& group : broker.groups.groups) forget_offsets(env, broker, group, topic, false);
}

void expire_offsets(Env& env, Broker& broker) {
  const Time now = env.local_time(broker.node);
  for (Group& group : broker.groups.groups) {
    const bool over = group.state == GroupState::empty && group.empty_since != kNoTimestamp &&
                      now - group.empty_since >= broker.config.offsets_retention;
    while (over && !group.offsets.empty()) forget_offsets(env, broker, group, group.offsets.front().tp.topic, true);
  }
  broker.groups.expiry_timer = env.arm(broker.node, TimerKind::offset_expiry, broker.config.offsets_retention_check_interval);
}

void write_commit(Env& env, Broker& broker, const Group& group, const RequestId& request, OffsetCommitRequest& commit) {
  const auto is_unknown = [&](const CommitPartition& each) { return !broker.image.partition(each.tp); };
  const std::size_t unknown = std::erase_if(commit.partitions, is_unknown);
  if (commit.partitions.empty())
    return env.reply(request, OffsetCommitResponse{unknown > 0 ? ErrorCode::unknown_topic_or_partition : ErrorCode::none});
  GroupAppend& append = begin_append(broker, group, GroupAppend::Kind::commit, commit.partitions.size());
  append.generation = commit.generation;
  append.request = request;
  append.consumer = env.client_of(request);
  append.commits = commit.partitions;
  append.topic_unknown = unknown > 0;
  const Replica* replica = broker.replica({env.fabric.names.find(kOffsetsTopic), group.partition});
  append.first_offset = replica ? replica->log.log_end_offset() : -1;
  const std::uint64_t number = append.number;
  const std::int32_t partition = group.partition;
  const Time now = env.local_time(broker.node);
  for (const CommitPartition& each : commit.partitions)
    write(env, broker, partition, OffsetCommitRecord{commit.group, each.tp, each.offset, now, each.leader_epoch}, number);
}

void write_assignment(Env& env, Broker& broker, const Group& group, std::vector<MemberAssignment> assignments) {
  GroupAppend& append = begin_append(broker, group, GroupAppend::Kind::assignment, 1);
  append.assignments = std::move(assignments);
  const std::uint64_t number = append.number;
  write(env, broker, group.partition, snapshot_of(group, append.assignments, env.local_time(broker.node)), number);
}

void write_empty_group(Env& env, Broker& broker, const Group& group) {
  const std::uint64_t number = begin_append(broker, group, GroupAppend::Kind::empty_group, 1).number;
  write(env, broker, group.partition, snapshot_of(group, {}, env.local_time(broker.node)), number);
}

// Only now is the offset committed: it survives what acks=all survives (G2).
void finish_commit(Env& env, Broker& broker, GroupAppend& append) {
  Group* group = find_group(broker, append.group);
  NUTSHELL_REQUIRE(group != nullptr);  // resigning takes the appends of a group along
  OffsetCommitResponse response;
  response.error = client_error(append.error);
  if (append.error == ErrorCode::none) {
    const Time now = env.local_time(broker.node);
    Offset log_offset = append.first_offset - 1;
    for (const CommitPartition& each : append.commits) {
      log_offset += 1;
      if (each.offset < 0) continue;  // forgotten meanwhile
      set_committed(*group, {each.tp, each.offset, now, each.leader_epoch});
      env.emit(OffsetCommitted{each.tp, append.group, append.consumer, each.offset, append.generation, log_offset});
    }
    if (append.topic_unknown) response.error = ErrorCode::unknown_topic_or_partition;
  } else {
    env.emit(CommitRefused{append.group, append.consumer, response.error});
  }
  env.reply(append.request, std::move(response));
}

// A rebalance may have begun meanwhile; then the assignment is nobody's any more.
void finish_assignment(Env& env, Broker& broker, GroupAppend& append) {
  Group* group = find_group(broker, append.group);
  NUTSHELL_REQUIRE(group != nullptr);
  if (group->state != GroupState::completing_rebalance || group->generation != append.generation) return;
  // Leads no more: coordinator_resigned() follows and answers everybody.
  if (append.error == ErrorCode::not_leader_or_follower) return;
  if (append.error == ErrorCode::none) become_stable(env, broker, *group, append.assignments);
  else reject_assignment(env, broker, *group, client_error(append.error));
}

void replay_group_log(Env& env, Broker& broker, std::int32_t partition) {
  const Replica* replica = broker.replica({env.fabric.names.find(kOffsetsTopic), partition});
  NUTSHELL_REQUIRE(replica != nullptr);
  const RecordStore& store = env.commons.store;
  for (const Batch& batch : replica->log.batches())
    for_each_record(store.records, batch, [&](Offset, const Record& record) {
      if (record.producer == kNoNode) load_record(env, broker, store.group_records[static_cast<std::size_t>(record.serial)]);
    });
  for (Group& group : broker.groups.groups) {
    if (group.partition != partition) continue;
    for (GroupMember& member : group.members) restart_session(env, broker, group, member);
  }
}

}  // namespace nutshell
