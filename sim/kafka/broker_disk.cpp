// The disk of a broker: what is written to one that takes time waits, and what is written is flushed now and then (L7).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

bool waits_for_disk(Env& env, Broker& broker, const RequestId& request, std::uint64_t tag, Body& body) {
  const bool stalls = broker.disk.busy_until > env.now();
  if (!broker.disk.takes_time() && !stalls && broker.disk_writes.empty()) return false;
  const std::int64_t bytes = body.record_bytes();
  if (bytes == 0) return false;
  const Time done = broker.disk.write(bytes, env.now());
  env.arm(broker.node, TimerKind::disk_write, done - env.now());
  broker.disk_writes.push_back({request, tag, std::move(body)});
  return true;
}

// Writes end in the order in which they began.
void on_disk_written(Env& env, Broker& broker) {
  NUTSHELL_REQUIRE(!broker.disk_writes.empty());
  DiskWrite done = std::move(broker.disk_writes.front());
  broker.disk_writes.erase(broker.disk_writes.begin());
  if (auto* produce = done.body.get_if<ProduceRequest>()) return on_produce(env, broker, done.request, *produce);
  Response fetched;
  fetched.tag = done.tag;
  fetched.body = &done.body;
  on_fetched(env, broker, fetched);
}

namespace {

std::int64_t flush_messages_of(const Broker& broker, const Replica& replica) {
  const std::int64_t of_topic = topic_config(broker, replica.tp.topic).flush_messages;
  return of_topic != kAsBroker ? of_topic : broker.config.flush_messages;
}

// log.flush.interval.ms is, if not set, as long as nobody looks.
Duration flush_time_of(const Broker& broker, const Replica& replica) {
  const Duration of_topic = topic_config(broker, replica.tp.topic).flush_time;
  if (of_topic != kAsBroker) return of_topic;
  return broker.config.flush_time != kAsBroker ? broker.config.flush_time : broker.config.flush_check_interval;
}

// LogManager.shutdown, ReplicaManager.shutdown.
void close_log(Log& log) {
  log.flush();
  log.checkpoint_recovery_point();
  log.checkpoint_high_watermark();
}

void tell_cut(Env& env, BrokerId broker, const Replica& replica, Offset end, Offset high_watermark) {
  if (replica.log.log_end_offset() < end)
    env.emit(LogTruncated{replica.tp, broker, end, replica.log.log_end_offset(), high_watermark});
}

void lose_unflushed(Env& env, BrokerId broker, Replica& replica, bool torn) {
  const Offset end = replica.log.log_end_offset();
  const Offset high_watermark = replica.log.high_watermark();
  if (torn) replica.log.crash_torn();
  else replica.log.crash_unflushed();
  tell_cut(env, broker, replica, end, high_watermark);
}

}  // namespace

void flush_if_due(Env& env, Broker& broker, Replica& replica, Offset flushed) {
  const std::int64_t most = flush_messages_of(broker, replica);
  const bool due = most != kNever && replica.log.log_end_offset() - replica.log.recovery_point() >= most;
  const bool rolled = replica.log.recovery_point() > flushed;
  if (due) replica.log.flush();
  if (due || (rolled && flush_time_of(broker, replica) < kNever)) replica.flushed_at = env.now();
}

void note_new_log(Env& env, const Broker& broker, Replica& replica) {
  if (flush_time_of(broker, replica) < kNever) replica.flushed_at = env.now();
}

// A log that was opened again counts as flushed then (LocalLog.lastFlushedTime).
void flush_old(Env& env, Broker& broker) {
  for (Replica& each : broker.replicas) {
    const bool dirty = each.log.recovery_point() < each.log.log_end_offset();
    const Time since = std::max<Time>(each.flushed_at, broker.cleaner.started);
    if (!dirty || env.now() - since < flush_time_of(broker, each)) continue;
    each.log.flush();
    each.flushed_at = env.now();
  }
  if (broker.config.flush_check_interval < kNever) env.arm(broker.node, TimerKind::log_flush, broker.config.flush_check_interval);
}

void leave_on_disk(Env& env, const Broker& broker, Replica& replica, ProcessEnd end) {
  if (end == ProcessEnd::clean) close_log(replica.log);
  if (end == ProcessEnd::power_loss) lose_unflushed(env, broker.id, replica, broker.disk.tears);
}

void load_log(Env& env, Broker& broker, Replica& replica) {
  Log& log = replica.log;
  log.restart();  // N4
  const Offset end = log.log_end_offset();
  const Offset high_watermark = log.high_watermark();
  const bool cut = log.recover();
  note_loaded(broker, replica);
  if (!cut) return;
  env.emit(DamageFound{replica.tp, broker.id, broker.node, log.log_end_offset()});
  tell_cut(env, broker.id, replica, end, high_watermark);
}

}  // namespace nutshell
