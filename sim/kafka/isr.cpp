// The in-sync replicas: who leaves, who joins, and how the controller is asked (R4-R7).
#include <algorithm>

#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

constexpr Duration kAlterPartitionRetry = 50 * kMillisecond;  // AlterPartitionManager

std::uint64_t tag_of(TopicPartition tp) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(tp.topic)) << 32 | static_cast<std::uint32_t>(tp.partition);
}

TopicPartition partition_of(std::uint64_t tag) {
  return {static_cast<std::int32_t>(tag >> 32), static_cast<std::int32_t>(tag & 0xffffffff)};
}

Offset broker_epoch_of(const Broker& broker, BrokerId member) {
  const BrokerRegistration* registration = broker.image.broker(member);
  return registration ? registration->broker_epoch : -1;
}

void send_alter_partition(Env& env, Broker& broker, Replica& replica) {
  if (broker.raft.leader == kNoNode) {  // no active controller: ISR changes wait (K8)
    env.arm(broker.node, TimerKind::isr_retry, kAlterPartitionRetry, replica.tp.topic, replica.tp.partition);
    return;
  }
  AlterPartitionRequest request;
  request.broker = broker.id;
  request.broker_epoch = broker.broker_epoch;
  request.tp = replica.tp;
  request.leader_epoch = replica.leader_epoch;
  request.partition_epoch = replica.partition_epoch;
  for (std::int16_t each : replica.pending_isr) request.new_isr.push_back({each, broker_epoch_of(broker, each)});
  env.request(broker.node, broker.raft.leader, Channel::controller, std::move(request), broker.config.request_timeout,
              tag_of(replica.tp));
}

void propose(Env& env, Broker& broker, Replica& replica, const BrokerList& isr) {
  replica.pending_isr = isr;
  send_alter_partition(env, broker, replica);
}

// L22, R5: an error that another try may mend. Everything else ends the proposal.
bool worth_retrying(const Response& response, const AlterPartitionResponse* answer) {
  return response.outcome != Outcome::answered || answer->error == ErrorCode::not_controller;
}

}  // namespace

bool caught_up(const Env& env, const Broker& broker, const Replica& replica, const FollowerState& follower) {
  return follower.log_end_offset == replica.log.log_end_offset() ||
         env.now() - follower.last_caught_up <= broker.config.replica_lag_time_max;
}

void check_isrs(Env& env, Broker& broker) {
  broker.isr_timer = env.arm(broker.node, TimerKind::isr_check, broker.config.replica_lag_time_max / 2);
  for (Replica& replica : broker.replicas) {
    if (replica.role != ReplicaRole::leader || !replica.pending_isr.empty()) continue;
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
  if (replica.isr.contains(follower.broker) || !replica.pending_isr.empty()) return;
  if (follower.log_end_offset < replica.log.high_watermark() || follower.log_end_offset < replica.epoch_start) return;
  if (!broker.image.active(follower.broker)) return;
  if (follower.broker_epoch != broker_epoch_of(broker, follower.broker)) return;  // KIP-903
  BrokerList isr = replica.isr;
  isr.push_back(follower.broker);
  env.emit(IsrChangeProposed{replica.tp, broker.id, follower.broker, true});
  propose(env, broker, replica, isr);
}

void retry_alter_partition(Env& env, Broker& broker, TopicPartition tp) {
  Replica* replica = broker.replica(tp);
  if (!replica || replica->role != ReplicaRole::leader || replica->pending_isr.empty()) return;
  send_alter_partition(env, broker, *replica);
}

void on_alter_partition(Env& env, Broker& broker, const Response& response) {
  const TopicPartition tp = partition_of(response.tag);
  Replica* replica = broker.replica(tp);
  if (!replica || replica->role != ReplicaRole::leader || replica->pending_isr.empty()) return;
  const auto* answer = response.as<AlterPartitionResponse>();
  if (worth_retrying(response, answer)) {
    env.arm(broker.node, TimerKind::isr_retry, kAlterPartitionRetry, tp.topic, tp.partition);
    return;
  }
  if (answer->error != ErrorCode::none) {
    replica->pending_isr.clear();
    env.emit(IsrChangeRefused{tp, broker.id, answer->error});
    return;
  }
  if (answer->state.leader_epoch == replica->leader_epoch) apply_partition(env, broker, tp, answer->state, env.fabric.step);
}

}  // namespace nutshell
