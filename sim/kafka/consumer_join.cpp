// JoinGroup and SyncGroup as the consumer sees them (G7-G9, G12).
#include <algorithm>

#include "sim/kafka/all_topics.h"
#include "sim/kafka/consumer_steps.h"

namespace nutshell {

namespace {

// JoinGroup may wait for the slowest member; 5 s more for small delays.
constexpr Duration kJoinGroupTimeoutLapse = 5 * kSecond;

void send_join(Env& env, Consumer& consumer) {
  const ConsumerConfig& config = consumer.spec.config;
  consumer.state = MemberState::joining;
  consumer.attempt += 1;
  env.disarm(consumer.heartbeat);
  JoinGroupRequest request;
  request.group = consumer.spec.group;
  request.member_id = consumer.member_id;
  request.session_timeout = config.session_timeout;
  request.rebalance_timeout = config.max_poll_interval;
  request.protocols = config.assignors;
  request.topics = consumer.spec.topics;
  std::erase(request.topics, kAllTopics);
  request.claim = claim_of(consumer);
  request.claim.rack = rack_of(env.fabric.names, config.rack);
  request.protocol = consumer.host.protocol;
  const Duration timeout = std::max(config.request_timeout, config.max_poll_interval + kJoinGroupTimeoutLapse);
  env.request(consumer.node, consumer.coordinator, Channel::coordinator, std::move(request), timeout,
              static_cast<std::uint64_t>(consumer.attempt));
}

bool is_stale(const Consumer& consumer, const Response& response, MemberState awaited) {
  return consumer.state != awaited || response.tag != static_cast<std::uint64_t>(consumer.attempt);
}

void become_member(Env& env, Consumer& consumer, JoinGroupResponse& joined) {
  consumer.state = MemberState::syncing;
  consumer.generation = joined.generation;
  consumer.member_id = joined.member_id;
  consumer.leads = joined.leader == joined.member_id;
  consumer.memory.protocol = joined.protocol;
  start_heartbeats(env, consumer);
  if (!consumer.leads) return send_sync(env, consumer, {});
  consumer.members = std::move(joined.members);
  assign_if_ready(env, consumer);
}

// The generation was given up before its assignment came. Who rebalances cooperatively is still a member
// of it, and claims what it had before.
void join_again(Env& env, Consumer& consumer) {
  const std::int32_t generation = consumer.generation;
  reset_membership(env, consumer, false);
  if (is_cooperative(consumer)) consumer.generation = generation;
}

void refused_to_join(Env& env, Consumer& consumer, ErrorCode error, std::int32_t member_id) {
  switch (error) {
    case ErrorCode::member_id_required:
      reset_membership(env, consumer, true);
      consumer.member_id = member_id;
      break;
    case ErrorCode::rebalance_in_progress:
      consumer.state = MemberState::unjoined;
      break;
    case ErrorCode::unknown_member_id:
      reset_membership(env, consumer, true);
      break;
    default:
      fail(env, consumer, error);  // INVALID_SESSION_TIMEOUT, INCONSISTENT_GROUP_PROTOCOL
  }
}

}  // namespace

void rejoin_if_needed(Env& env, Consumer& consumer) {
  if (consumer.host.revoking) return;
  const bool committed = consumer.state == MemberState::revoking && consumer.commit.reason != CommitReason::revocation;
  if (committed) return revoke_and_join(env, consumer);
  const bool wanted = consumer.state == MemberState::unjoined ||
                      (consumer.state == MemberState::stable && consumer.rejoin_wanted);
  if (!wanted || !coordinator_usable(env, consumer)) return;
  if (consumer.commit.reason == CommitReason::revocation) return;
  if (wait_for_host(consumer)) return;
  const ConsumerConfig& config = consumer.spec.config;
  const bool commits = (config.enable_auto_commit || owes_commit(consumer)) && is_member(consumer) && has_positions(consumer);
  if (!commits) return revoke_and_join(env, consumer);
  consumer.state = MemberState::revoking;
  start_commit(env, consumer, CommitReason::revocation, env.now() + config.max_poll_interval);
}

void revoke_and_join(Env& env, Consumer& consumer) {
  const bool keeps = is_cooperative(consumer) && consumer.generation != -1;
  if (!keeps) revoke_all(env, consumer);
  consumer.leads = false;
  consumer.metadata.topics = consumer.spec.topics;
  if (coordinator_usable(env, consumer)) send_join(env, consumer);
  else if (is_member(consumer) && !keeps) reset_membership(env, consumer, false);
}

void on_joined(Env& env, Consumer& consumer, const Response& response) {
  auto* joined = response.as<JoinGroupResponse>();
  const ErrorCode error = joined ? joined->error : ErrorCode::network_exception;
  const bool stale = is_stale(consumer, response, MemberState::joining);
  if (on_coordinator_error(env, consumer, response, error)) {
    if (!stale) consumer.state = MemberState::unjoined;
  } else if (!stale && error == ErrorCode::none) {
    become_member(env, consumer, *joined);
  } else if (!stale) {
    refused_to_join(env, consumer, error, joined->member_id);
  }
}

void on_synced(Env& env, Consumer& consumer, const Response& response) {
  auto* synced = response.as<SyncGroupResponse>();
  const ErrorCode error = synced ? synced->error : ErrorCode::network_exception;
  const bool stale = is_stale(consumer, response, MemberState::syncing);
  if (on_coordinator_error(env, consumer, response, error)) {
    if (!stale) join_again(env, consumer);
  } else if (stale) {
    return;
  } else if (error == ErrorCode::none) {
    consumer.state = MemberState::stable;
    consumer.rejoin_wanted = false;
    consumer.poll_expired = false;
    consumer.host.opaque = synced->opaque;
    take_assignment(env, consumer, std::move(synced->assignment));
  } else if (error == ErrorCode::rebalance_in_progress) {
    join_again(env, consumer);
  } else {
    reset_membership(env, consumer, error == ErrorCode::unknown_member_id);
  }
}

}  // namespace nutshell
