// Retention: which segments brokers delete, and when (L8-L11).
#include "sim/log/log_retention.h"

#include <algorithm>

#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

Duration time_kept(const BrokerConfig& config) {
  if (config.retention_time != kAsBroker) return config.retention_time;
  return config.retention_minutes != kAsBroker ? config.retention_minutes : config.retention_hours;
}

Retention retention_of(const Broker& broker, const TopicConfig& topic) {
  Retention retention;
  retention.deletes = topic.deletes();
  retention.time = topic.retention_time != kAsBroker ? topic.retention_time : time_kept(broker.config);
  retention.bytes = topic.retention_bytes != kAsBroker ? topic.retention_bytes : broker.config.retention_bytes;
  retention.messages = topic.retention_messages;
  return retention;
}

RemovalReason reason_for(DeletionReason reason) {
  switch (reason) {
    case DeletionReason::log_start: return RemovalReason::below_log_start;
    case DeletionReason::size: return RemovalReason::size;
    case DeletionReason::messages: return RemovalReason::messages;
    case DeletionReason::time: break;
  }
  return RemovalReason::time;
}

void put_aside(Env& env, Broker& broker, TopicPartition tp, const DeletedSegment& segment, const TopicConfig& topic) {
  const Duration delay = topic.file_delete_delay != kAsBroker ? topic.file_delete_delay : broker.config.file_delete_delay;
  const DeletedFile file{tp, segment.base_offset, segment.size_in_bytes, env.now() + delay};
  const auto later = std::upper_bound(broker.deleted_files.begin(), broker.deleted_files.end(), file.remove_at,
                                      [](Time at, const DeletedFile& each) { return at < each.remove_at; });
  broker.deleted_files.insert(later, file);
}

}  // namespace

void expect_file_removal(Env& env, Broker& broker) {
  if (broker.deleted_files.empty()) return;
  env.rearm(broker.file_timer, broker.node, TimerKind::file_delete, broker.deleted_files.front().remove_at - env.now());
}

// The log start moves first, the files go later.
void sweep_log(Env& env, Broker& broker, Replica& replica) {
  const TopicConfig& topic = topic_config(broker, replica.tp.topic);
  const Offset start = replica.log.log_start_offset();
  const auto deleted = delete_old_segments(replica.log, retention_of(broker, topic), topic, env.local_time(broker.node));
  if (deleted.empty()) return;
  const Offset raised = replica.log.log_start_offset();
  if (raised > start) env.emit(LogStartRaised{replica.tp, broker.id, start, raised, reason_for(deleted.back().reason)});
  for (const DeletedSegment& each : deleted) {
    env.emit(SegmentDeleted{replica.tp, broker.id, each.base_offset, each.end_offset, each.size_in_bytes, reason_for(each.reason)});
    put_aside(env, broker, replica.tp, each, topic);
  }
}

// Those that are compacted the cleaner sweeps (L8). The first look at what is to be flushed is due with the first sweep, also
// where it stays the only one (LogManager.startup).
void sweep_logs(Env& env, Broker& broker) {
  if (env.now() - broker.cleaner.started == broker.config.initial_task_delay) flush_old(env, broker);
  for (Replica& each : broker.replicas)
    if (!topic_config(broker, each.tp.topic).compacts() && !is_offline(broker, each)) sweep_log(env, broker, each);
  expect_file_removal(env, broker);
  broker.retention_timer = env.arm(broker.node, TimerKind::log_retention, broker.config.retention_check_interval);
}

void remove_deleted_files(Env& env, Broker& broker) {
  broker.file_timer = kNoTimer;
  std::size_t removed = 0;
  for (; removed < broker.deleted_files.size() && broker.deleted_files[removed].remove_at <= env.now(); ++removed) {
    const DeletedFile& each = broker.deleted_files[removed];
    env.emit(SegmentFileRemoved{each.tp, broker.id, each.base_offset, each.size_in_bytes});
  }
  broker.deleted_files.erase(broker.deleted_files.begin(), broker.deleted_files.begin() + static_cast<std::ptrdiff_t>(removed));
  expect_file_removal(env, broker);
}

void follow_log_start(Env& env, Broker& broker, Replica& replica, Offset leader_log_start) {
  const Offset start = replica.log.log_start_offset();
  const Offset wanted = std::min(leader_log_start, replica.log.high_watermark());
  if (wanted <= start) return;
  replica.log.raise_log_start_offset(wanted);
  env.emit(LogStartRaised{replica.tp, broker.id, start, wanted, RemovalReason::leader});
}

}  // namespace nutshell
