#include "sim/kafka/group_coordinator.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/group_steps.h"
#include "sim/log/hash.h"

namespace nutshell {

namespace {

bool coordinates(const Broker& broker, std::int32_t partition) {
  const std::vector<std::int32_t>& all = broker.groups.partitions;
  return std::find(all.begin(), all.end(), partition) != all.end();
}

std::vector<Group>::iterator place_of(GroupCoordinator& coordinator, GroupId group) {
  return std::lower_bound(coordinator.groups.begin(), coordinator.groups.end(), group,
                          [](const Group& each, std::int32_t wanted) { return each.group < wanted; });
}

// Answers a request of the group with an error of its own response type.
template <class Response>
void refuse(Env& env, const RequestId& request, ErrorCode error) {
  Response response;
  response.error = error;
  env.reply(request, std::move(response));
}

// Handles `message` here, if the broker coordinates its group (G1).
template <class Request, class Response, class Handler>
void serve(Env& env, Broker& broker, const RequestId& request, Request& message, Handler handler) {
  const bool known = find_group(broker, message.group) != nullptr;
  if (known || coordinates(broker, partition_of_group(env, broker, message.group))) {
    handler(env, broker, request, message);
  } else {
    refuse<Response>(env, request, ErrorCode::not_coordinator);
  }
}

void forget_group(Env& env, Group& group) {
  env.disarm(group.join_timer);
  env.disarm(group.sync_timer);
  for (PendingMember& each : group.pending_members) env.disarm(each.session);
  for (GroupMember& each : group.members) {
    env.disarm(each.session);
    if (each.joining) {
      JoinGroupResponse response;
      response.error = ErrorCode::not_coordinator;
      response.member_id = each.member_id;
      env.reply(each.join, std::move(response));
    }
    if (each.syncing) answer_sync(env, each, ErrorCode::not_coordinator);
  }
}

bool is_group_timer(TimerKind kind) {
  return kind == TimerKind::join_delay || kind == TimerKind::join_phase || kind == TimerKind::sync_phase ||
         kind == TimerKind::member_session;
}

}  // namespace

std::string_view group_state_name(GroupState state) {
  switch (state) {
    case GroupState::empty: return "Empty";
    case GroupState::preparing_rebalance: return "PreparingRebalance";
    case GroupState::completing_rebalance: return "CompletingRebalance";
    case GroupState::stable: return "Stable";
    case GroupState::dead: return "Dead";
  }
  return "";
}

std::int32_t partition_of_group(const Env& env, const Broker& broker, GroupId group) {
  const TopicRegistration* topic = broker.image.topic(env.fabric.names.find(kOffsetsTopic));
  return topic ? coordinator_partition(env.fabric.names[group], static_cast<std::int32_t>(topic->partitions.size())) : -1;
}

Group* find_group(Broker& broker, GroupId group) {
  const auto place = place_of(broker.groups, group);
  return place != broker.groups.groups.end() && place->group == group ? &*place : nullptr;
}

GroupMember* find_member(Group& group, std::int32_t member_id) {
  for (GroupMember& each : group.members)
    if (each.member_id == member_id) return &each;
  return nullptr;
}

Group& create_group(Env& env, Broker& broker, GroupId group) {
  const auto place = place_of(broker.groups, group);
  NUTSHELL_REQUIRE(place == broker.groups.groups.end() || place->group != group);
  Group fresh;
  fresh.group = group;
  fresh.partition = partition_of_group(env, broker, group);
  return *broker.groups.groups.insert(place, std::move(fresh));
}

void coordinator_elected(Env& env, Broker& broker, std::int32_t partition) {
  if (coordinates(broker, partition)) return;
  std::vector<std::int32_t>& all = broker.groups.partitions;
  all.insert(std::lower_bound(all.begin(), all.end(), partition), partition);
  replay_group_log(env, broker, partition);
  env.emit(CoordinatorLoaded{{env.fabric.names.find(kOffsetsTopic), partition}, broker.id});
  for (const Group& each : broker.groups.groups)
    if (each.partition == partition)
      env.emit(GroupLoaded{each.group, broker.id, each.generation, static_cast<std::int32_t>(each.members.size())});
  if (broker.groups.expiry_timer == kNoTimer)
    broker.groups.expiry_timer = env.arm(broker.node, TimerKind::offset_expiry, broker.config.offsets_retention_check_interval);
}

void coordinator_resigned(Env& env, Broker& broker, std::int32_t partition) {
  GroupCoordinator& coordinator = broker.groups;
  const auto place = std::find(coordinator.partitions.begin(), coordinator.partitions.end(), partition);
  if (place == coordinator.partitions.end()) return;
  coordinator.partitions.erase(place);
  for (GroupAppend& each : coordinator.appends)
    if (each.partition == partition && each.kind == GroupAppend::Kind::commit)
      refuse<OffsetCommitResponse>(env, each.request, ErrorCode::not_coordinator);
  std::erase_if(coordinator.appends, [&](const GroupAppend& each) { return each.partition == partition; });
  for (Group& each : coordinator.groups)
    if (each.partition == partition) forget_group(env, each);
  std::erase_if(coordinator.groups, [&](const Group& each) { return each.partition == partition; });
}

namespace {

struct CoordinatorServes {
  Env& env;
  Broker& broker;
  const RequestId& request;

  void operator()(HeartbeatRequest& body) const {
    serve<const HeartbeatRequest, HeartbeatResponse>(env, broker, request, body, on_heartbeat);
  }
  void operator()(OffsetCommitRequest& body) const {
    serve<OffsetCommitRequest, OffsetCommitResponse>(env, broker, request, body, on_offset_commit);
  }
  void operator()(OffsetFetchRequest& body) const {
    serve<const OffsetFetchRequest, OffsetFetchResponse>(env, broker, request, body, on_offset_fetch);
  }
  void operator()(JoinGroupRequest& body) const {
    serve<JoinGroupRequest, JoinGroupResponse>(env, broker, request, body, on_join_group);
  }
  void operator()(SyncGroupRequest& body) const {
    serve<SyncGroupRequest, SyncGroupResponse>(env, broker, request, body, on_sync_group);
  }
  void operator()(LeaveGroupRequest& body) const {
    serve<const LeaveGroupRequest, LeaveGroupResponse>(env, broker, request, body, on_leave_group);
  }
};

}  // namespace

bool coordinator_on_request(Env& env, Broker& broker, const RequestId& request, Body& body) {
  return dispatch<Receiver::coordinator>(body, CoordinatorServes{env, broker, request});
}

bool coordinator_on_timer(Env& env, Broker& broker, const Event& timer) {
  if (timer.timer == TimerKind::offset_expiry) return expire_offsets(env, broker), true;
  if (!is_group_timer(timer.timer)) return false;
  Group* group = find_group(broker, timer.a);
  NUTSHELL_REQUIRE(group != nullptr);  // a group that is forgotten disarms its timers
  if (timer.timer == TimerKind::member_session) {
    on_session_expired(env, broker, *group, timer.b);
  } else if (timer.timer == TimerKind::sync_phase) {
    group->sync_timer = kNoTimer;
    on_sync_timeout(env, broker, *group, timer.b);
  } else {
    group->join_timer = kNoTimer;
    if (timer.timer == TimerKind::join_delay) on_join_delay(env, broker, *group);
    else complete_join(env, broker, *group);
  }
  return true;
}

void coordinator_on_append(Env& env, Broker& broker, std::uint64_t number, ErrorCode error) {
  std::vector<GroupAppend>& appends = broker.groups.appends;
  const auto place =
      std::lower_bound(appends.begin(), appends.end(), number,
                       [](const GroupAppend& each, std::uint64_t wanted) { return each.number < wanted; });
  if (place == appends.end() || place->number != number) return;
  if (place->error == ErrorCode::none) place->error = error;
  if (--place->waiting > 0) return;
  GroupAppend done = std::move(*place);
  appends.erase(place);
  if (done.kind == GroupAppend::Kind::commit) finish_commit(env, broker, done);
  if (done.kind == GroupAppend::Kind::assignment) finish_assignment(env, broker, done);
}

}  // namespace nutshell
