// Registration, heartbeats and controlled shutdown of a broker (R11-R13).
#include <algorithm>

#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

constexpr Duration kFirstRetry = 100 * kMillisecond;
constexpr Duration kSecondShutdownRequest = 50 * kMillisecond;  // BrokerLifecycleManager

Duration retry_delay(const Broker& broker) {
  return std::min(kFirstRetry << std::min(broker.registration_failures, 20), broker.config.broker_session_timeout);
}

Duration lifecycle_timeout(const Broker& broker) { return broker.config.broker_session_timeout / 2; }

}  // namespace

void try_register(Env& env, Broker& broker) {
  if (broker.registration_in_flight || broker.broker_epoch >= 0) return;
  if (broker.raft.leader == kNoNode) {
    env.rearm(broker.registration_timer, broker.node, TimerKind::registration_retry, kFirstRetry);
    return;
  }
  broker.registration_in_flight = true;
  env.request(broker.node, broker.raft.leader, Channel::lifecycle,
              BrokerRegistrationRequest{broker.id, env.self(broker.node).incarnation, offline_directories(broker),
                                        rack_of(env.fabric.names, broker.config.rack)},
              lifecycle_timeout(broker));
}

void on_registration(Env& env, Broker& broker, const Response& response) {
  broker.registration_in_flight = false;
  const auto* answer = response.as<BrokerRegistrationResponse>();
  if (!answer || answer->error != ErrorCode::none) {
    env.rearm(broker.registration_timer, broker.node, TimerKind::registration_retry, retry_delay(broker));
    broker.registration_failures += 1;
    return;
  }
  broker.broker_epoch = answer->broker_epoch;
  broker.told_offline = offline_directories(broker);
  broker.registration_failures = 0;
  broker.state = BrokerState::recovery;
  apply_metadata(env, broker);  // its first heartbeat follows once it has replayed its registration
}

void send_heartbeat(Env& env, Broker& broker) {
  if (broker.broker_epoch < 0 || broker.heartbeat_in_flight) return;
  if (broker.raft.leader == kNoNode) {
    env.rearm(broker.heartbeat_timer, broker.node, TimerKind::broker_heartbeat, kFirstRetry);
    return;
  }
  env.disarm(broker.heartbeat_timer);
  BrokerHeartbeatRequest heartbeat;
  heartbeat.broker = broker.id;
  heartbeat.broker_epoch = broker.broker_epoch;
  heartbeat.metadata_offset = broker.image.end_offset();
  heartbeat.want_fence = !broker.published;
  heartbeat.want_shutdown = broker.state == BrokerState::controlled_shutdown;
  heartbeat.offline = broker.telling_offline = offline_directories(broker);
  broker.heartbeat_in_flight = true;
  env.request(broker.node, broker.raft.leader, Channel::lifecycle, heartbeat, lifecycle_timeout(broker));
}

void on_heartbeat_response(Env& env, Broker& broker, const Response& response) {
  broker.heartbeat_in_flight = false;
  const auto* answer = response.as<BrokerHeartbeatResponse>();
  const bool shutting_down = broker.state == BrokerState::controlled_shutdown;
  if (!answer || answer->error != ErrorCode::none) {
    env.rearm(broker.heartbeat_timer, broker.node, TimerKind::broker_heartbeat, retry_delay(broker));
    broker.registration_failures += 1;
    return;
  }
  broker.registration_failures = 0;
  broker.fenced = answer->fenced;
  if (!broker.fenced) broker.told_offline = broker.telling_offline;
  if (shutting_down && answer->should_shut_down) {
    kill_process(env, broker.node);
    return;
  }
  if (!shutting_down && !broker.fenced) broker.state = BrokerState::running;
  // R13: a broker that waits for its shutdown asks soon once, in case it was only a matter of moments.
  const bool first = shutting_down && !broker.shutdown_answered;
  broker.shutdown_answered = shutting_down;
  // What has failed since the last heartbeat was sent is told at once.
  if (!broker.fenced && broker.told_offline != offline_directories(broker)) return send_heartbeat(env, broker);
  const Duration pause = first ? kSecondShutdownRequest : broker.config.broker_heartbeat_interval;
  env.rearm(broker.heartbeat_timer, broker.node, TimerKind::broker_heartbeat, pause);
}

}  // namespace nutshell
