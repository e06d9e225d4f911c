// The consumer and its coordinator: discovery, heartbeats, leaving (G1, G9, G11).
#include <algorithm>

#include "sim/kafka/consumer_steps.h"

namespace nutshell {

namespace {

// Draws for back-off of the group's requests; metadata has the lower numbers.
constexpr std::uint64_t kGroupDraws = std::uint64_t{1} << 32;

// Kafka's heartbeat thread is enabled from the answer to JoinGroup until the next JoinGroup.
bool sends_heartbeats(const Consumer& consumer) {
  return is_member(consumer) || consumer.state == MemberState::syncing;
}

void send_heartbeat(Env& env, Consumer& consumer) {
  consumer.heartbeat_to = consumer.coordinator;
  HeartbeatRequest request;
  request.group = consumer.spec.group;
  request.generation = consumer.generation;
  request.member_id = consumer.member_id;
  env.request(consumer.node, consumer.coordinator, Channel::coordinator, std::move(request),
              consumer.spec.config.request_timeout, static_cast<std::uint64_t>(consumer.attempt));
}

void schedule_heartbeat(Env& env, Consumer& consumer) {
  const Duration left = std::max<Duration>(consumer.session_deadline - env.now(), kMillisecond);
  env.rearm(consumer.heartbeat, consumer.node, TimerKind::consumer_heartbeat,
            std::min(consumer.spec.config.heartbeat_interval, left));
}

}  // namespace

bool is_member(const Consumer& consumer) {
  return consumer.state == MemberState::stable || consumer.state == MemberState::revoking;
}

bool coordinator_usable(const Env& env, const Consumer& consumer) {
  return consumer.coordinator != kNoNode && env.now() >= consumer.group_retry_at;
}

void back_off(Env& env, Consumer& consumer) {
  const ConsumerConfig& config = consumer.spec.config;
  const Duration delay = backoff(env, consumer.node, config.retry_backoff, config.retry_backoff_max,
                                 consumer.failures++, kGroupDraws + consumer.draws++);
  consumer.group_retry_at = env.now() + delay;
  env.rearm(consumer.retry, consumer.node, TimerKind::consumer_retry, delay);
}

void lose_coordinator(Env& env, Consumer& consumer) {
  consumer.coordinator = kNoNode;
  back_off(env, consumer);
}

void find_coordinator_if_needed(Env& env, Consumer& consumer) {
  if (consumer.host.alone) return;
  if (consumer.coordinator != kNoNode || consumer.lookup_in_flight || env.now() < consumer.group_retry_at) return;
  // The heartbeat thread of a process that has left the group rests until the application polls.
  if (consumer.application == ApplicationState::processing && !sends_heartbeats(consumer)) return;
  const NodeId broker = any_broker(env, consumer.metadata, consumer.node);
  if (broker == kNoNode) return back_off(env, consumer);
  consumer.lookup_in_flight = true;
  FindCoordinatorRequest request;
  request.group = consumer.spec.group;
  env.request(consumer.node, broker, Channel::data, std::move(request), consumer.spec.config.request_timeout);
}

void on_coordinator_found(Env& env, Consumer& consumer, const Response& response) {
  consumer.lookup_in_flight = false;
  const auto* found = response.as<FindCoordinatorResponse>();
  const NodeId coordinator =
      found && found->error == ErrorCode::none ? env.broker_node(found->coordinator) : kNoNode;
  const bool refused = found && found->error != ErrorCode::none;
  consumer.refused_lookups = refused ? consumer.refused_lookups + 1 : 0;
  // One refusal is usual: the first group of all has __consumer_offsets created.
  if (consumer.refused_lookups == 2) env.emit(CoordinatorUnavailable{consumer.spec.group, consumer.node, found->error});
  if (coordinator == kNoNode) {
    refresh_metadata(env, consumer.metadata, settings_of(consumer));
    return back_off(env, consumer);
  }
  consumer.coordinator = coordinator;
  consumer.session_deadline = env.now() + consumer.spec.config.session_timeout;
  if (sends_heartbeats(consumer) && consumer.heartbeat == kNoTimer) on_heartbeat_due(env, consumer);
}

bool on_coordinator_error(Env& env, Consumer& consumer, const Response& response, ErrorCode error) {
  const bool gone = response.outcome != Outcome::answered || error == ErrorCode::not_coordinator ||
                    error == ErrorCode::coordinator_not_available || error == ErrorCode::request_timed_out;
  if (gone && response.from == consumer.coordinator) lose_coordinator(env, consumer);
  if (gone) return true;
  if (error == ErrorCode::coordinator_load_in_progress) {
    back_off(env, consumer);
    return true;
  }
  consumer.failures = 0;
  return false;
}

void reset_membership(Env& env, Consumer& consumer, bool forget_member_id) {
  consumer.state = MemberState::unjoined;
  consumer.generation = -1;
  consumer.attempt += 1;
  consumer.rejoin_wanted = true;
  consumer.leads = false;
  consumer.members.clear();
  if (forget_member_id) consumer.member_id = -1;
  env.disarm(consumer.heartbeat);
}

void start_heartbeats(Env& env, Consumer& consumer) {
  consumer.session_deadline = env.now() + consumer.spec.config.session_timeout;
  schedule_heartbeat(env, consumer);
}

// One heartbeat at a time; while the coordinator is unknown they wait for it to be found.
void on_heartbeat_due(Env& env, Consumer& consumer) {
  if (!sends_heartbeats(consumer)) return;
  if (consumer.coordinator != kNoNode && env.now() >= consumer.session_deadline) lose_coordinator(env, consumer);
  if (consumer.coordinator == kNoNode) return;
  if (consumer.heartbeat_to != consumer.coordinator) send_heartbeat(env, consumer);
  schedule_heartbeat(env, consumer);
}

void on_heartbeat_answered(Env& env, Consumer& consumer, const Response& response) {
  if (consumer.heartbeat_to == response.from) consumer.heartbeat_to = kNoNode;
  const auto* heartbeat = response.as<HeartbeatResponse>();
  const ErrorCode error = heartbeat ? heartbeat->error : ErrorCode::network_exception;
  if (on_coordinator_error(env, consumer, response, error)) return;
  if (response.tag != static_cast<std::uint64_t>(consumer.attempt)) return;
  if (error == ErrorCode::none || error == ErrorCode::rebalance_in_progress) {
    consumer.session_deadline = env.now() + consumer.spec.config.session_timeout;
    if (error == ErrorCode::rebalance_in_progress && is_member(consumer)) consumer.rejoin_wanted = true;
  } else {
    // The member id is still valid if only the generation is not.
    reset_membership(env, consumer, error != ErrorCode::illegal_generation);
  }
}

bool leave_group(Env& env, Consumer& consumer, bool poll_expired) {
  const bool leaves =
      consumer.coordinator != kNoNode && consumer.state != MemberState::unjoined && consumer.member_id != -1;
  if (leaves) {
    LeaveGroupRequest request;
    request.group = consumer.spec.group;
    request.member_id = consumer.member_id;
    request.poll_expired = poll_expired;
    env.request(consumer.node, consumer.coordinator, Channel::coordinator, std::move(request),
                consumer.spec.config.request_timeout);
  }
  reset_membership(env, consumer, true);
  return leaves;
}

// G11: the application works for too long. The partitions are given up at its next poll(), as lost. While
// JoinGroup is open nobody watches but the coordinator.
void on_poll_expired(Env& env, Consumer& consumer) {
  if (consumer.state == MemberState::joining) return;
  leave_group(env, consumer, true);
  consumer.poll_expired = true;
}

}  // namespace nutshell
