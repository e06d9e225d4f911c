// What hands do to the disk of a broker: it lies, a batch is damaged, it is replaced, copied and set back (L7).
#include <algorithm>

#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

// What is lost while the process is down is told as what a power loss takes.
void tell_lost(Env& env, const Broker& broker, const Replica& before, Offset end) {
  if (end < before.log.log_end_offset())
    env.emit(LogTruncated{before.tp, broker.id, before.log.log_end_offset(), end, before.log.high_watermark()});
}

bool is_up(const Env& env, const Broker& broker) {
  return env.fabric.nodes[static_cast<std::size_t>(broker.node)].status != NodeStatus::down;
}

const Replica* find_copy(const Broker& broker, const Replica& replica) {
  for (const Replica& each : broker.snapshot)
    if (each.tp == replica.tp && each.incarnation == replica.incarnation) return &each;
  return nullptr;
}

}  // namespace

void let_disk_lie(Env& env, Broker& broker, bool lie) {
  if (broker.disk.lies == lie) return;
  broker.disk.lies = lie;
  for (Replica& each : broker.replicas) each.log.let_flushes_lie(lie);
  env.emit(FlushesLie{broker.id, lie});
}

void damage_batch(Env& env, Broker& broker, TopicPartition tp, Offset offset) {
  Replica* replica = broker.replica(tp);
  const Batch* batch = replica ? replica->log.batch_at(offset) : nullptr;
  if (!batch || replica->log.is_damaged(*batch)) return;
  const Offset base_offset = batch->base_offset;
  replica->log.damage(base_offset);
  env.emit(BatchDamaged{tp, broker.id, base_offset});
}

// Its logs are empty, as of a broker that is new; those of topics that are no more are gone.
void replace_disk(Env& env, Broker& broker) {
  if (is_up(env, broker)) return;
  if (broker.replicas.empty() && broker.directories.empty() && broker.deleted_logs.empty()) return;
  env.emit(DiskReplaced{broker.id, static_cast<std::int32_t>(broker.replicas.size())});
  for (Replica& each : broker.replicas) {
    tell_lost(env, broker, each, 0);
    forget_cleaned(broker, each.tp);
    each.log = Log();
    each.log.let_flushes_lie(broker.disk.lies);
  }
  broker.deleted_logs.clear();
  broker.directories.clear();
}

void copy_disk(Env& env, Broker& broker) {
  if (broker.replicas.empty()) return;
  broker.snapshot.clear();
  for (const Replica& each : broker.replicas) {
    Replica copy;
    copy.tp = each.tp;
    copy.incarnation = each.incarnation;
    copy.log = each.log;
    copy.log.flush();  // who copies a disk copies all of it
    broker.snapshot.push_back(std::move(copy));
  }
  env.emit(DiskCopied{broker.id, static_cast<std::int32_t>(broker.snapshot.size())});
}

// What is younger than the copy is not there; a log that the copy does not have is empty.
void set_disk_back(Env& env, Broker& broker) {
  if (is_up(env, broker) || broker.snapshot.empty()) return;
  std::int32_t shorter = 0;
  for (Replica& each : broker.replicas) {
    const Replica* copy = find_copy(broker, each);
    Log old = copy ? copy->log : Log();
    old.let_flushes_lie(broker.disk.lies);
    if (old.log_end_offset() < each.log.log_end_offset()) ++shorter;
    tell_lost(env, broker, each, old.log_end_offset());
    forget_cleaned(broker, each.tp);
    each.log = std::move(old);
  }
  env.emit(DiskSetBack{broker.id, shorter});
}

}  // namespace nutshell
