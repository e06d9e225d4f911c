// The in-sync replicas: who leaves, who joins, and how the controller is asked (R4-R7).
#include <algorithm>

#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

constexpr Duration kAlterPartitionRetry = 50 * kMillisecond;  // AlterPartitionManager

// A partition's number and the incarnation of its topic in one: partitions are fewer than 2^20 (limits.h).
constexpr std::int32_t kIncarnationBit = 20;
constexpr std::int32_t kIncarnations = 1 << 11;

std::int32_t partition_and_incarnation(const Replica& replica) {
  return replica.incarnation % kIncarnations << kIncarnationBit | replica.tp.partition;
}

std::uint64_t tag_of(const Replica& replica) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(replica.tp.topic)) << 32 |
         static_cast<std::uint32_t>(partition_and_incarnation(replica));
}

// The replica that a request or a timer was about; nullptr: it is no more.
Replica* replica_of(Broker& broker, std::int32_t topic, std::int32_t partition_and_number) {
  Replica* found = broker.replica({topic, partition_and_number & ((1 << kIncarnationBit) - 1)});
  return found && partition_and_incarnation(*found) == partition_and_number ? found : nullptr;
}

Offset broker_epoch_of(const Broker& broker, BrokerId member) {
  const BrokerRegistration* registration = broker.image.broker(member);
  return registration ? registration->broker_epoch : -1;
}

// The one request of the partition waits, and is sent again.
void ask_later(Env& env, const Broker& broker, Replica& replica) {
  replica.isr_request = IsrRequest::current;
  env.arm(broker.node, TimerKind::isr_retry, kAlterPartitionRetry, replica.tp.topic,
          partition_and_incarnation(replica));
}

void send_alter_partition(Env& env, Broker& broker, Replica& replica) {
  if (broker.raft.leader == kNoNode) return ask_later(env, broker, replica);  // no active controller: it waits (K8)
  replica.isr_request = IsrRequest::current;
  AlterPartitionRequest request;
  request.broker = broker.id;
  request.broker_epoch = broker.broker_epoch;
  request.tp = replica.tp;
  request.leader_epoch = replica.leader_epoch;
  request.partition_epoch = replica.partition_epoch;
  request.incarnation = replica.incarnation;
  for (std::int16_t each : replica.pending_isr) request.new_isr.push_back({each, broker_epoch_of(broker, each)});
  env.request(broker.node, broker.raft.leader, Channel::controller, std::move(request), broker.config.request_timeout,
              tag_of(replica));
}

void propose(Env& env, Broker& broker, Replica& replica, const BrokerList& isr) {
  replica.pending_isr = isr;
  send_alter_partition(env, broker, replica);
}

// What a leader does about its proposal when the controller has not taken it (Partition.handleAlterPartitionError).
enum class Remedy : std::uint8_t {
  give_up,  // the controller has surely not changed anything
  wait,     // it may have: the proposal stays pending until metadata tells
  retry,
};

Remedy remedy_for(ErrorCode error) {
  switch (error) {
    case ErrorCode::ineligible_replica: return Remedy::give_up;
    case ErrorCode::unknown_topic_or_partition:
    case ErrorCode::unknown_topic_id:
    case ErrorCode::fenced_leader_epoch:
    case ErrorCode::invalid_update_version:
    case ErrorCode::invalid_request: return Remedy::wait;
    default: return Remedy::retry;
  }
}

void take_refusal(Env& env, Broker& broker, Replica& replica, ErrorCode error) {
  const Remedy remedy = remedy_for(error);
  if (remedy == Remedy::retry) return ask_later(env, broker, replica);
  if (remedy == Remedy::give_up || env.commons.mutant == Mutant::isr_given_up_when_refused) replica.pending_isr.clear();
  env.emit(IsrChangeRefused{replica.tp, broker.id, error});
}

// OPERATION_NOT_ATTEMPTED: while a request of the partition is under way nothing else is asked for.
bool may_propose(const Replica& replica) {
  return replica.pending_isr.empty() && replica.isr_request == IsrRequest::none;
}

}  // namespace

bool eligible(const Broker& broker, const FollowerState& follower) {
  return broker.image.active(follower.broker) && follower.broker_epoch == broker_epoch_of(broker, follower.broker);
}

void forget_proposal(Replica& replica) {
  replica.pending_isr.clear();
  if (replica.isr_request == IsrRequest::current) replica.isr_request = IsrRequest::outdated;
}

bool caught_up(const Env& env, const Broker& broker, const Replica& replica, const FollowerState& follower) {
  return follower.log_end_offset == replica.log.log_end_offset() ||
         env.now() - follower.last_caught_up <= broker.config.replica_lag_time_max;
}

void check_isrs(Env& env, Broker& broker) {
  broker.isr_timer = env.arm(broker.node, TimerKind::isr_check, broker.config.replica_lag_time_max / 2);
  for (Replica& replica : broker.replicas) {
    if (replica.role != ReplicaRole::leader || !may_propose(replica)) continue;
    BrokerList remaining = replica.isr;
    for (const FollowerState& each : replica.followers) {
      if (!replica.isr.contains(each.broker) || caught_up(env, broker, replica, each)) continue;
      remaining.remove(each.broker);
      env.emit(IsrChangeProposed{replica.tp, broker.id, each.broker, false},
               cause_of_silence(env, env.broker_node(each.broker), broker.node));
    }
    if (!(remaining == replica.isr)) propose(env, broker, replica, remaining);
  }
}

void maybe_expand_isr(Env& env, Broker& broker, Replica& replica, const FollowerState& follower) {
  if (replica.isr.contains(follower.broker) || !may_propose(replica)) return;
  if (follower.log_end_offset < replica.log.high_watermark() || follower.log_end_offset < replica.epoch_start) return;
  if (!eligible(broker, follower)) return;
  BrokerList isr = replica.isr;
  isr.push_back(follower.broker);
  env.emit(IsrChangeProposed{replica.tp, broker.id, follower.broker, true});
  propose(env, broker, replica, isr);
}

void retry_alter_partition(Env& env, Broker& broker, TopicPartition tp) {
  Replica* replica = replica_of(broker, tp.topic, tp.partition);
  if (!replica) return;
  if (replica->isr_request == IsrRequest::current) send_alter_partition(env, broker, *replica);
  else replica->isr_request = IsrRequest::none;
}

void on_alter_partition(Env& env, Broker& broker, const Response& response) {
  const auto topic = static_cast<std::int32_t>(response.tag >> 32);
  Replica* const found = replica_of(broker, topic, static_cast<std::int32_t>(response.tag & 0xffffffff));
  if (!found) return;
  Replica& replica = *found;
  const bool current = replica.isr_request == IsrRequest::current;
  replica.isr_request = IsrRequest::none;
  if (!current) return;
  const auto* answer = response.as<AlterPartitionResponse>();
  const ErrorCode error = answer ? answer->error : ErrorCode::network_exception;
  if (error != ErrorCode::none) return take_refusal(env, broker, replica, error);
  if (answer->state.leader_epoch != replica.leader_epoch) return;  // metadata will tell
  replica.pending_isr.clear();
  apply_partition(env, broker, replica.tp, answer->state, env.fabric.step);
}

}  // namespace nutshell
