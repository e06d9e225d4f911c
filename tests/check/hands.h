// A healthy run, and what hands do to it: for tests that break promises.
#pragma once

#include <doctest/doctest.h>

#include <vector>

#include "tests/check/judged_world.h"

namespace nutshell {

// Lays hands on a member of a log that only the log itself should change.
template <class Member>
Member& member_of(Log& log, std::string_view name) {
  Member* found = nullptr;
  for_each_field(log, [&](std::string_view each, auto& value) {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, Member>)
      if (each == name) found = &value;
  });
  REQUIRE(found != nullptr);
  return *found;
}

inline void change_last_batch(Log& log, void (*change)(Batch&)) {
  BatchLog& batches = member_of<Shared<LogContent>>(log, "content").change().active.batches;
  Batch batch = batches.back();
  batches.truncate(batches.size() - 1);
  change(batch);
  batches.push_back(batch);
}

// Appends a record of p1 with this serial number to the leader's log, and says so.
inline void store(JudgedWorld& run, std::uint32_t serial, std::int64_t producer_id = -1, std::int16_t producer_epoch = -1) {
  const TopicPartition tp = run.orders(0);
  RecordStore& store = run.world.commons.store;
  Record record;
  record.producer = run.node("p1");
  record.serial = serial;
  store.records.push_back(record);
  Batch batch;
  batch.count = 1;
  batch.size_in_bytes = 100;
  batch.first_record = static_cast<std::int64_t>(store.records.size()) - 1;
  batch.content = content_of(store, batch.first_record, 1);
  batch.producer_id = producer_id;
  batch.producer_epoch = producer_epoch;
  if (producer_id >= 0) batch.base_sequence = 0;
  Replica& replica = run.leader_replica(tp);
  const Batch& stored = replica.log.append_as_leader(batch, replica.leader_epoch, {}, run.world.now());
  run.tell({BatchAppended{tp, run.leader(tp), stored.base_offset, 1, replica.leader_epoch, true}});
}

// Writes entries into every voter's metadata log, committed.
inline void commit_all(JudgedWorld& run, const std::vector<MetadataRecord>& records) {
  MetadataCommitted fact;
  for (Controller& each : run.world.controllers) {
    for (const MetadataRecord& record : records) {
      MetadataEntry entry;
      entry.epoch = each.raft.last_epoch();
      entry.record = record;
      each.raft.log.push_back(entry);
    }
    each.raft.high_watermark = each.raft.end_offset();
    fact = {each.node, each.raft.epoch, each.raft.end_offset()};
  }
  run.tell({fact});
}
inline void commit(JudgedWorld& run, const MetadataRecord& record) { commit_all(run, {record}); }

inline PartitionRecord changed(JudgedWorld& run) {
  PartitionRecord record{run.orders(0), run.registration(run.orders(0))};
  record.state.partition_epoch += 1;
  return record;
}

inline Consumer& consumer_of(JudgedWorld& run, TopicPartition tp) {
  for (Consumer& each : run.world.consumers)
    for (const OwnedPartition& owned : each.owned)
      if (owned.tp == tp) return each;
  return run.world.consumers.front();
}

inline OwnedPartition& owned(Consumer& consumer, TopicPartition tp) {
  for (OwnedPartition& each : consumer.owned)
    if (each.tp == tp) return each;
  return consumer.owned.front();
}

inline Group& group_of(JudgedWorld& run) {
  for (Broker& broker : run.world.brokers)
    for (Group& each : broker.groups.groups) return each;
  return run.world.brokers.front().groups.groups.front();
}

inline NodeId other_consumer(JudgedWorld& run, const Consumer& consumer) {
  return run.node(consumer.node == run.node("c1") ? "c2" : "c1");
}

inline const JudgedWorld& unharmed() {
  static const JudgedWorld run = [] {
    JudgedWorld fresh(small_setup());
    fresh.run(30 * kSecond);
    return fresh;
  }();
  return run;
}

}  // namespace nutshell
