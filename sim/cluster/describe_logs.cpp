// The replicas on the brokers' disks: what `kafka-log-dirs` and `kafka-dump-log` would find there.
#include <algorithm>
#include <string>

#include "sim/cluster/describe_tables.h"

namespace nutshell {

namespace {

constexpr Offset kLastRecords = 4;

std::string role_text(const Replica& replica) {
  switch (replica.role) {
    case ReplicaRole::offline: return "-";
    case ReplicaRole::follower: return "follower";
    case ReplicaRole::leader: break;
  }
  return "leader";
}

// "0@0 1@15": the epochs with the offsets at which they began (L19).
std::string epochs_text(const LeaderEpochs& epochs) {
  std::string text;
  for (const EpochEntry& each : epochs.entries()) {
    text += (text.empty() ? "" : " ") + std::to_string(each.epoch) + "@" + std::to_string(each.start_offset);
  }
  return text.empty() ? "-" : text;
}

// "key=text", or who sent it and its how manieth record it was.
std::string record_text(const World& world, const Record& record) {
  const Names& names = world.fabric.names;
  if (record.producer == kNoNode) return "-";
  const std::string key = record.key < 0 ? "" : names[record.key] + "=";
  if (record.is_tombstone()) return key + "null";
  if (record.text >= 0) return key + names[record.text];
  return key + world.fabric.nodes[static_cast<std::size_t>(record.producer)].name + "#" + std::to_string(record.serial);
}

std::string last_records(const World& world, const Log& log) {
  const Offset first = std::max(log.log_start_offset(), log.log_end_offset() - kLastRecords);
  std::string text = first > log.log_start_offset() ? "..." : "";
  for (Offset offset = first; offset < log.log_end_offset(); ++offset) {
    const Batch* batch = log.batch_at(offset);
    const Record* record = batch ? record_at(world.commons.store.records, *batch, offset) : nullptr;
    if (!record && !(batch && batch->is_control())) continue;
    text += (text.empty() ? "" : " ") + std::to_string(offset) + ":" + (batch->is_control() ? "control" : record_text(world, *record));
  }
  return text.empty() ? "-" : text;
}

void add_replica(const World& world, const Broker& broker, const Replica& replica, bool internal, NamedTable& named) {
  const std::string id = std::to_string(broker.id);
  const std::string& topic = world.fabric.names[replica.tp.topic];
  const std::string number = std::to_string(replica.tp.partition);
  const PartitionRegistration* partition = visible_image(world).partition(replica.tp);
  const bool in_isr = partition && partition->isr.contains(static_cast<std::int16_t>(broker.id));
  const Log& log = replica.log;
  named.add_row({id + "/" + topic + "/" + number},
                {id, topic, number, role_text(replica), partition ? (in_isr ? "yes" : "no") : "-",
                 std::to_string(log.log_start_offset()), std::to_string(log.high_watermark()),
                 std::to_string(log.log_end_offset()), std::to_string(log.latest_epoch()),
                 epochs_text(log.leader_epochs()), internal ? "-" : last_records(world, log)});
}

}  // namespace

std::vector<NamedTable> logs_tables(const World& world, InternalTopics internal) {
  NamedTable named;
  named.table.columns = {"Broker",        "Topic",        "Partition",   "Role",   "InIsr",      "LogStartOffset",
                         "HighWatermark", "LogEndOffset", "LeaderEpoch", "Epochs", "LastRecords"};
  for (const Broker& broker : world.brokers) {
    for (const Replica& each : broker.replicas) {
      const bool is_internal = world.fabric.names[each.tp.topic] == kOffsetsTopic;
      if (is_internal && internal == InternalTopics::hide) continue;
      add_replica(world, broker, each, is_internal, named);
    }
  }
  return {named};
}

}  // namespace nutshell
