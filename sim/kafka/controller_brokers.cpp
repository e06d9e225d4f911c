// Brokers as the active controller sees them: registration, heartbeats, sessions, shutdown (R11-R13).
#include <algorithm>
#include <limits>

#include "sim/core/require.h"
#include "sim/kafka/controller_internal.h"

namespace nutshell {

namespace {

BrokerSession* find_session(Controller& controller, BrokerId broker) {
  for (BrokerSession& each : controller.sessions)
    if (each.broker == broker) return &each;
  return nullptr;
}

BrokerSession& session_of(Controller& controller, BrokerId broker) {
  auto& sessions = controller.sessions;
  const auto at = std::lower_bound(sessions.begin(), sessions.end(), broker,
                                   [](const BrokerSession& each, BrokerId id) { return each.broker < id; });
  if (at != sessions.end() && at->broker == broker) return *at;
  BrokerSession fresh;
  fresh.broker = broker;
  return *sessions.insert(at, fresh);
}

void touch_session(Env& env, Controller& controller, BrokerId broker, Offset metadata_offset) {
  BrokerSession& session = session_of(controller, broker);
  session.last_heartbeat = env.now();
  session.metadata_offset = metadata_offset;
  const Duration timeout = controller.config.broker_session_timeout;
  env.rearm(session.timer, controller.node, TimerKind::broker_session, timeout, broker);
}

void close_session(Env& env, Controller& controller, BrokerId broker) {
  auto& sessions = controller.sessions;
  for (auto session = sessions.begin(); session != sessions.end(); ++session) {
    if (session->broker != broker) continue;
    env.disarm(session->timer);
    sessions.erase(session);
    return;
  }
}

// R12: ISRs and leaderships first, then the fence record. Does nothing to a broker that is fenced.
void fence_broker(Env& env, Controller& controller, BrokerId broker, FenceReason reason, Step because) {
  if (controller.working.broker(broker)->fenced) return;
  env.emit(BrokerFenced{broker, reason}, because);
  remove_from_isrs(env, controller, broker, because);
  write_record(env, controller, BrokerRegistrationChangeRecord{broker, true, false});
}

void unfence_broker(Env& env, Controller& controller, BrokerId broker) {
  const bool in_shutdown = controller.working.broker(broker)->in_controlled_shutdown;
  env.emit(BrokerUnfenced{broker});
  write_record(env, controller, BrokerRegistrationChangeRecord{broker, false, in_shutdown});
  elect_offline(env, controller, broker);
}

// R13: recorded, dropped from ISRs where others remain, leaders moved.
void begin_shutdown(Env& env, Controller& controller, BrokerId broker) {
  if (!controller.working.broker(broker)->in_controlled_shutdown) {
    env.emit(ShutdownStarted{broker});
    write_record(env, controller, BrokerRegistrationChangeRecord{broker, false, true});
  }
  remove_from_isrs(env, controller, broker, kNoStep);
  session_of(controller, broker).shutdown_offset = controller.raft.next_offset();
}

// The least that any active broker has applied of the metadata log.
Offset lowest_active_offset(const Controller& controller) {
  Offset lowest = std::numeric_limits<Offset>::max();
  for (const BrokerSession& each : controller.sessions)
    if (controller.working.active(each.broker)) lowest = std::min(lowest, each.metadata_offset);
  return lowest;
}

// BrokerHeartbeatManager.calculateNextBrokerState (R11, R13).
enum class NextState : std::uint8_t { unchanged, fenced, unfenced, controlled_shutdown, shut_down_now };

NextState next_state(Controller& controller, const BrokerHeartbeatRequest& heartbeat) {
  const BrokerRegistration& broker = *controller.working.broker(heartbeat.broker);
  if (broker.fenced) {
    if (heartbeat.want_shutdown) return NextState::shut_down_now;
    const bool caught_up = heartbeat.metadata_offset > broker.broker_epoch;
    return !heartbeat.want_fence && caught_up ? NextState::unfenced : NextState::unchanged;
  }
  const BrokerSession* session = find_session(controller, heartbeat.broker);
  if (session && session->shutdown_offset >= 0) {
    const bool everybody_knows = lowest_active_offset(controller) >= session->shutdown_offset;
    const bool may_stop = everybody_knows && !leads_anything(controller, heartbeat.broker);
    return may_stop ? NextState::shut_down_now : NextState::unchanged;
  }
  if (heartbeat.want_shutdown) {
    const bool in_office = !heartbeat.want_fence && leads_anything(controller, heartbeat.broker);
    return in_office ? NextState::controlled_shutdown : NextState::shut_down_now;
  }
  return heartbeat.want_fence ? NextState::fenced : NextState::unchanged;
}

void enter_state(Env& env, Controller& controller, BrokerId broker, NextState next) {
  switch (next) {
    case NextState::unchanged: return;
    case NextState::unfenced: unfence_broker(env, controller, broker); return;
    case NextState::controlled_shutdown: begin_shutdown(env, controller, broker); return;
    case NextState::fenced: fence_broker(env, controller, broker, FenceReason::shut_down, kNoStep); return;
    case NextState::shut_down_now:
      fence_broker(env, controller, broker, FenceReason::shut_down, kNoStep);
      close_session(env, controller, broker);
      return;
  }
}

}  // namespace

void open_sessions(Env& env, Controller& controller) {
  for (const BrokerRegistration& each : controller.working.brokers())
    if (!each.fenced) touch_session(env, controller, each.id, 0);
}

void close_sessions(Env& env, Controller& controller) {
  for (BrokerSession& each : controller.sessions) env.disarm(each.timer);
  controller.sessions.clear();
}

void register_broker(Env& env, Controller& controller, const RequestId& request,
                     const BrokerRegistrationRequest& asked) {
  BrokerRegistrationResponse response;
  const BrokerRegistration* known = controller.working.broker(asked.broker);
  const bool another_process = known && known->incarnation != asked.incarnation;
  if (another_process && find_session(controller, asked.broker)) {
    response.error = ErrorCode::duplicate_broker_registration;
    answer(env, controller, request, response);
    return;
  }
  // A new controller may not know that the old process is gone, or an earlier one fenced it in time.
  if (another_process) fence_broker(env, controller, asked.broker, FenceReason::new_registration, kNoStep);
  RegisterBrokerRecord record;
  record.id = asked.broker;
  record.node = env.client_of(request);
  record.incarnation = asked.incarnation;
  record.offline = asked.offline;
  record.rack = asked.rack;
  response.broker_epoch = write_record(env, controller, record);
  env.emit(BrokerRegistered{asked.broker, response.broker_epoch});
  touch_session(env, controller, asked.broker, 0);
  answer(env, controller, request, response);
}

void handle_heartbeat(Env& env, Controller& controller, const RequestId& request,
                      const BrokerHeartbeatRequest& heartbeat) {
  BrokerHeartbeatResponse response;
  response.error = check_broker_epoch(controller, heartbeat.broker, heartbeat.broker_epoch);
  if (response.error == ErrorCode::none) {
    const NextState next = next_state(controller, heartbeat);
    touch_session(env, controller, heartbeat.broker, heartbeat.metadata_offset);
    enter_state(env, controller, heartbeat.broker, next);
    take_directories_offline(env, controller, heartbeat.broker, heartbeat.offline);
    response.fenced = controller.working.broker(heartbeat.broker)->fenced;
    response.should_shut_down = next == NextState::shut_down_now;
  }
  answer(env, controller, request, response);
}

void expire_session(Env& env, Controller& controller, BrokerId broker) {
  BrokerSession* session = find_session(controller, broker);
  NUTSHELL_REQUIRE(session != nullptr);
  session->timer = kNoTimer;
  close_session(env, controller, broker);
  const Step because = cause_of_silence(env, controller.working.broker(broker)->node, controller.node);
  fence_broker(env, controller, broker, FenceReason::session_expired, because);
}

}  // namespace nutshell
