// The broker process: starts, dies, and hands out what arrives.
#include "sim/kafka/broker.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

NUTSHELL_VALUE_DEFINED(Broker)

namespace {

// KafkaRaftServer waits no longer for the controller's leave: without one (K8) it would wait for ever.
constexpr Duration kShutdownTimeout = 5 * kMinute;

void checkpoint_high_watermarks(Env& env, Broker& broker) {
  touch_directories(env, broker);
  for (Replica& each : broker.replicas) each.log.checkpoint_high_watermark();
  broker.checkpoint_timer = env.arm(broker.node, TimerKind::high_watermark_checkpoint,
                                    broker.config.high_watermark_checkpoint_interval);
}

void checkpoint_recovery_points(Env& env, Broker& broker) {
  for (Replica& each : broker.replicas) each.log.checkpoint_recovery_point();
  broker.recovery_timer = env.arm(broker.node, TimerKind::recovery_point_checkpoint,
                                  broker.config.recovery_point_checkpoint_interval);
}

}  // namespace

void start(Env& env, Broker& broker) {
  load_directories(env, broker);
  for (Replica& each : broker.replicas) load_log(env, broker, each);
  broker.state = BrokerState::starting;
  raft_start(env, broker.raft, broker.config);
  broker.registration_timer = env.arm(broker.node, TimerKind::registration_retry, 0);
  broker.isr_timer = env.arm(broker.node, TimerKind::isr_check, broker.config.replica_lag_time_max / 2);
  broker.checkpoint_timer =
      env.arm(broker.node, TimerKind::high_watermark_checkpoint, broker.config.high_watermark_checkpoint_interval);
  broker.recovery_timer = env.arm(broker.node, TimerKind::recovery_point_checkpoint,
                                  broker.config.recovery_point_checkpoint_interval);
  broker.retention_timer = env.arm(broker.node, TimerKind::log_retention, broker.config.initial_task_delay);
  broker.cleaner.started = env.now();
  expect_removals(env, broker);
}

void stop(Env& env, Broker& broker) {
  if (broker.state == BrokerState::controlled_shutdown) return;
  if (!broker.config.controlled_shutdown_enable || broker.state != BrokerState::running) {
    kill_process(env, broker.node);
    return;
  }
  broker.state = BrokerState::controlled_shutdown;
  env.arm(broker.node, TimerKind::shutdown_timeout, kShutdownTimeout);
  send_heartbeat(env, broker);
}

void forget(Env& env, Broker& broker, ProcessEnd end) {
  raft_forget(broker.raft);
  Broker fresh;
  fresh.node = broker.node;
  fresh.id = broker.id;
  fresh.config = broker.config;
  fresh.raft = std::move(broker.raft);
  fresh.disk = broker.disk;
  fresh.disk.forget();
  fresh.cleaner.checkpoints = std::move(broker.cleaner.checkpoints);
  fresh.snapshot = std::move(broker.snapshot);
  fresh.directories = std::move(broker.directories);
  fresh.deleted_logs = std::move(broker.deleted_logs);
  for (Replica& each : broker.replicas) {
    Replica kept;
    kept.tp = each.tp;
    kept.incarnation = each.incarnation;
    kept.directory = each.directory;
    kept.log = std::move(each.log);
    leave_on_disk(env, broker, kept, end);
    fresh.replicas.push_back(std::move(kept));
  }
  fresh.replica_keys = std::move(broker.replica_keys);
  broker = std::move(fresh);
}

namespace {

struct Serves {
  Env& env;
  Broker& broker;
  const RequestId& request;

  void operator()(ProduceRequest& body) const { on_produce(env, broker, request, body); }
  void operator()(FetchRequest& body) const { on_fetch(env, broker, request, body); }
  void operator()(ListOffsetsRequest& body) const { on_list_offsets(env, broker, request, body); }
  void operator()(OffsetForLeaderEpochRequest& body) const { on_epoch_questions(env, broker, request, body); }
  void operator()(MetadataRequest& body) const { on_metadata(env, broker, request, body); }
  void operator()(FindCoordinatorRequest& body) const { on_find_coordinator(env, broker, request, body); }
  void operator()(InitProducerIdRequest&) const { on_init_producer_id(env, broker, request); }
  void operator()(DeleteRecordsRequest& body) const { on_delete_records(env, broker, request, body); }
};

struct BrokerHears {
  Env& env;
  Broker& broker;
  const Response& response;

  void operator()(OutcomeOf<FetchRequest>) const { on_fetched(env, broker, response); }
  void operator()(OutcomeOf<OffsetForLeaderEpochRequest>) const { on_epoch_ends(env, broker, response); }
  void operator()(OutcomeOf<BrokerHeartbeatRequest>) const { on_heartbeat_response(env, broker, response); }
  void operator()(OutcomeOf<BrokerRegistrationRequest>) const { on_registration(env, broker, response); }
  void operator()(OutcomeOf<AlterPartitionRequest>) const { on_alter_partition(env, broker, response); }
  void operator()(OutcomeOf<AllocateProducerIdsRequest>) const { on_producer_ids(env, broker, response); }
  void operator()(OutcomeOf<AssignReplicasToDirsRequest>) const { on_replicas_placed(env, broker, response); }
  void operator()(OutcomeOf<CreateTopicsRequest>) const { on_topic_created(env, broker, response); }
};

}  // namespace

void on_request(Env& env, Broker& broker, const RequestId& request, Body& body) {
  if (waits_for_disk(env, broker, request, 0, body)) return;
  if (dispatch<Receiver::broker>(body, Serves{env, broker, request})) return;
  if (coordinator_on_request(env, broker, request, body)) return;
  if (raft_on_request(env, broker.raft, broker.config, request, body)) return apply_metadata(env, broker);
  env.hang_up(request);  // as Kafka does with what it does not serve
}

void on_response(Env& env, Broker& broker, const Response& response) {
  if (response.tag == kConnectionClosed) return;
  if (response.body && waits_for_disk(env, broker, {}, response.tag, *response.body)) return;
  // Channels tell the metadata log's fetches, and what else voters ask each other, from the rest.
  if (response.channel != Channel::quorum) {
    NUTSHELL_REQUIRE(dispatch_outcome<Asker::broker>(response.request, BrokerHears{env, broker, response}));
    return;
  }
  NUTSHELL_REQUIRE(raft_on_response(env, broker.raft, broker.config, response));
  apply_metadata(env, broker);
}

void on_timer(Env& env, Broker& broker, const Event& timer) {
  switch (timer.timer) {
    case TimerKind::fetch_wait: return on_fetch_wait_over(env, broker, timer.a);
    case TimerKind::produce_wait: return on_produce_timeout(env, broker, timer.a);
    case TimerKind::fetch_backoff: return on_fetcher_timer(env, broker, timer.a);
    case TimerKind::isr_check: return check_isrs(env, broker);
    case TimerKind::isr_retry: return retry_alter_partition(env, broker, {timer.a, timer.b});
    case TimerKind::high_watermark_checkpoint: return checkpoint_high_watermarks(env, broker);
    case TimerKind::recovery_point_checkpoint: return checkpoint_recovery_points(env, broker);
    case TimerKind::log_retention: return sweep_logs(env, broker);
    case TimerKind::directory: return on_directory_timer(env, broker, timer.a);
    case TimerKind::log_flush: return flush_old(env, broker);
    case TimerKind::log_delete: return remove_deleted_logs(env, broker);
    case TimerKind::file_delete: return remove_deleted_files(env, broker);
    case TimerKind::log_cleaner: return look_for_dirty_logs(env, broker);
    case TimerKind::delete_records_wait: return on_delete_timeout(env, broker, timer.a);
    case TimerKind::cleaner_io: return on_cleaner_io(env, broker, timer.a);
    case TimerKind::disk_write: return on_disk_written(env, broker);
    case TimerKind::broker_heartbeat:
      broker.heartbeat_timer = kNoTimer;
      return send_heartbeat(env, broker);
    case TimerKind::shutdown_timeout: return kill_process(env, broker.node);
    case TimerKind::registration_retry:
      broker.registration_timer = kNoTimer;
      return try_register(env, broker);
    default: break;
  }
  if (coordinator_on_timer(env, broker, timer)) return;
  NUTSHELL_REQUIRE(raft_on_timer(env, broker.raft, broker.config, timer));
  apply_metadata(env, broker);
}

}  // namespace nutshell
