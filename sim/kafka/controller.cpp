// The controller's frame: replaying the metadata log, being active or not, and answering what is committed (K8).
#include "sim/kafka/controller.h"

#include <utility>

#include "sim/core/require.h"
#include "sim/kafka/controller_internal.h"

namespace nutshell {

NUTSHELL_VALUE_DEFINED(Controller)

namespace {

void apply_committed(Env& env, Controller& controller) {
  Raft& raft = controller.raft;
  const Offset end = raft.high_watermark;
  if (controller.image.end_offset() >= end) return;
  // What the active controller has written is committed by now.
  if (controller.active && controller.working.end_offset() == end)
    env.commons.images.offer(controller.working, raft.log[static_cast<std::size_t>(end - 1)].epoch);
  raft_bring(env, raft, controller.image);
  raft_applied(env, raft, controller.config, controller.image);
}

constexpr Duration kUncleanCheckInterval = 5 * kMinute;  // unclean.leader.election.interval.ms

void arm_balance(Env& env, Controller& controller) {
  if (!controller.config.auto_leader_rebalance_enable) return;
  controller.balance_timer = env.arm(controller.node, TimerKind::leader_balance,
                                     controller.config.leader_imbalance_check_interval);
}

void arm_unclean_check(Env& env, Controller& controller) {
  controller.unclean_timer = env.arm(controller.node, TimerKind::unclean_check, kUncleanCheckInterval);
}

void activate(Env& env, Controller& controller) {
  const Raft& raft = controller.raft;
  controller.active = true;
  controller.working = controller.image;
  for (Offset offset = controller.working.end_offset(); offset < raft.end_offset(); ++offset)
    controller.working.apply(offset, raft.log[static_cast<std::size_t>(offset)].record);
  env.emit(ControllerActivated{controller.node, raft.epoch});
  open_sessions(env, controller);
  arm_balance(env, controller);
  arm_unclean_check(env, controller);
}

// What was written and not committed may still become true: nobody knows.
void deactivate(Env& env, Controller& controller) {
  controller.active = false;
  controller.working = MetadataImage();
  close_sessions(env, controller);
  env.disarm(controller.balance_timer);
  env.disarm(controller.unclean_timer);
  for (PendingAnswer& each : controller.answers) {
    say_error<Receiver::controller>(each.body, ErrorCode::not_controller);
    env.reply(each.request, std::move(each.body));
  }
  controller.answers.clear();
}

void release_answers(Env& env, Controller& controller) {
  auto& answers = controller.answers;
  auto first_waiting = answers.begin();
  for (; first_waiting != answers.end() && first_waiting->offset <= controller.raft.high_watermark; ++first_waiting)
    env.reply(first_waiting->request, std::move(first_waiting->body));
  answers.erase(answers.begin(), first_waiting);
}

// A leader that has resigned: its successor is still to be elected, by others.
bool vote_needed(const Raft& raft) { return raft.role == RaftRole::resigned || raft.role == RaftRole::unattached; }

// Looks at what the quorum did: must follow every call that may have changed it.
void follow_raft(Env& env, Controller& controller) {
  const Raft& raft = controller.raft;
  apply_committed(env, controller);
  const bool leads = raft.role == RaftRole::leader;
  if (leads && !controller.active && raft.high_watermark > raft.epoch_start) activate(env, controller);
  if (!leads && controller.active) deactivate(env, controller);
  release_answers(env, controller);
  if (controller.stopping && !vote_needed(raft)) kill_process(env, controller.node);
}

struct ControllerServes {
  Env& env;
  Controller& controller;
  const RequestId& request;

  void operator()(const BrokerHeartbeatRequest& body) const { handle_heartbeat(env, controller, request, body); }
  void operator()(const AlterPartitionRequest& body) const { alter_partition(env, controller, request, body); }
  void operator()(const BrokerRegistrationRequest& body) const { register_broker(env, controller, request, body); }
  void operator()(const CreateTopicsRequest& body) const { create_topic(env, controller, request, body); }
  void operator()(const AllocateProducerIdsRequest& body) const { allocate_producer_ids(env, controller, request, body); }
  void operator()(const ElectLeadersRequest& body) const { elect_leaders(env, controller, request, body); }
  void operator()(const AlterConfigsRequest& body) const { alter_configs(env, controller, request, body); }
  void operator()(const CreatePartitionsRequest& body) const { create_partitions(env, controller, request, body); }
  void operator()(const AssignReplicasToDirsRequest& body) const { assign_to_directories(env, controller, request, body); }
  void operator()(const DeleteTopicsRequest& body) const { delete_topic(env, controller, request, body); }
};

}  // namespace

Offset write_record(Env& env, Controller& controller, const MetadataRecord& record) {
  NUTSHELL_REQUIRE(controller.active);
  const Offset offset = raft_append(env, controller.raft, controller.config, record);
  controller.working.apply(offset, record);
  return offset;
}

void answer(Env& env, Controller& controller, const RequestId& request, Body body) {
  const Offset written = controller.raft.next_offset();
  if (written <= controller.raft.high_watermark) env.reply(request, std::move(body));
  else controller.answers.push_back({request, written, std::move(body)});
}

ErrorCode check_broker_epoch(const Controller& controller, BrokerId broker, Offset broker_epoch) {
  const BrokerRegistration* registered = controller.working.broker(broker);
  if (!registered) return ErrorCode::broker_id_not_registered;
  return registered->broker_epoch == broker_epoch ? ErrorCode::none : ErrorCode::stale_broker_epoch;
}

void start(Env& env, Controller& controller) {
  raft_start(env, controller.raft, controller.config);
  follow_raft(env, controller);
}

void stop(Env& env, Controller& controller) {
  if (controller.stopping) return;
  raft_resign(env, controller.raft, controller.config);
  follow_raft(env, controller);
  if (controller.raft.role == RaftRole::resigned && env.commons.voters.size() > 1) controller.stopping = true;
  else kill_process(env, controller.node);
}

void forget(Env&, Controller& controller, ProcessEnd) {
  Controller kept;
  kept.node = controller.node;
  kept.config = controller.config;
  raft_forget(controller.raft);
  kept.raft = std::move(controller.raft);
  controller = std::move(kept);
}

void on_request(Env& env, Controller& controller, const RequestId& request, Body& body) {
  if (raft_on_request(env, controller.raft, controller.config, request, body)) return follow_raft(env, controller);
  if (controller.active) {
    if (dispatch<Receiver::controller>(body, ControllerServes{env, controller, request})) return;
  } else if (Body refused = refusal<Receiver::controller>(body, ErrorCode::not_controller)) {
    return env.reply(request, std::move(refused));
  }
  env.hang_up(request);  // as Kafka does with what it does not serve
}

void on_response(Env& env, Controller& controller, const Response& response) {
  if (raft_on_response(env, controller.raft, controller.config, response)) follow_raft(env, controller);
}

void on_timer(Env& env, Controller& controller, const Event& timer) {
  if (raft_on_timer(env, controller.raft, controller.config, timer)) {
    follow_raft(env, controller);
  } else if (timer.timer == TimerKind::broker_session) {
    expire_session(env, controller, timer.a);
  } else if (timer.timer == TimerKind::leader_balance) {
    arm_balance(env, controller);
    balance_leaders(env, controller);
  } else if (timer.timer == TimerKind::unclean_check) {
    arm_unclean_check(env, controller);
    elect_offline(env, controller, kNoBroker);
  }
}

}  // namespace nutshell
