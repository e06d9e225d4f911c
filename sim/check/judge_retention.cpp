// Promises of logs that let go of records: what is compacted, what is deleted, where a log begins (L9-L18).
#include <algorithm>
#include <map>

#include "sim/check/court.h"

namespace nutshell {

namespace {

bool is_compacted(const Court& court, TopicPartition tp) {
  const TopicRegistration* topic = court.ledger.image.topic(tp.topic);
  return topic && topic->config.compacts();
}

void note(std::vector<LatestOfKey>& all, const LatestOfKey& seen) {
  const auto place = std::lower_bound(all.begin(), all.end(), seen.key,
                                      [](const LatestOfKey& each, std::int32_t key) { return each.key < key; });
  if (place == all.end() || place->key != seen.key) all.insert(place, seen);
  else if (place->offset <= seen.offset) *place = seen;
}

LogBeginning* find_beginning(PartitionLedger& partition, BrokerId broker) {
  for (LogBeginning& each : partition.beginnings)
    if (each.broker == broker) return &each;
  return nullptr;
}

// The highest offset of each key in a log.
std::map<std::int32_t, Offset> last_offsets(const Court& court, const Log& log) {
  std::map<std::int32_t, Offset> last;
  for (const Batch& batch : log.batches())
    for_each_record(court.world.commons.store.records, batch, [&](Offset offset, const Record& record) { last[record.key] = offset; });
  return last;
}

}  // namespace

void note_committed_keys(Court& court, PartitionLedger& partition, const Log& log, Offset from, Offset to) {
  if (!is_compacted(court, partition.tp)) return;
  const std::optional<std::size_t> first = log.find(from);
  const BatchView batches = log.batches();
  for (std::size_t i = first.value_or(batches.size()); i < batches.size() && batches[i].base_offset < to; ++i)
    for_each_record(court.world.commons.store.records, batches[i], [&](Offset offset, const Record& record) {
      if (record.key >= 0) note(partition.latest.change(), {record.key, offset, record.is_tombstone()});
    });
}

void forget_committed_keys(Court& court, PartitionLedger& partition, const Log& log) {
  if (!partition.latest.touched()) return;
  partition.latest.change().clear();
  note_committed_keys(court, partition, log, log.log_start_offset(), log.high_watermark());
}

// L18. Of a tombstone only this is asked: that nothing older comes to light again when it goes. Kafka does not keep that
// where a replica was away until its leader had dropped the tombstone: it has copied a hole, and keeps the older record.
void judge(Court& court, const LogCleaned& fact) {
  const Replica* replica = court.replica(fact.broker, fact.tp);
  PartitionLedger& partition = court.ledger.of(fact.tp);
  if (!replica || !partition.latest.touched()) return;
  const Log& log = replica->log;
  const std::map<std::int32_t, Offset> last = last_offsets(court, log);
  for (const LatestOfKey& each : *partition.latest) {
    if (each.offset >= log.high_watermark() || each.offset < log.log_start_offset()) continue;
    const auto found = last.find(each.key);
    const bool kept = found == last.end() ? each.tombstone : found->second >= each.offset;
    court.expect(
        PromiseId::compaction_keeps_newest, kept, fact.tp, court.node_of(fact.broker),
        [&] {
          return "broker " + std::to_string(fact.broker) + " has compacted " + court.partition(fact.tp) +
                 ", and the newest record of key " + court.names.name(each.key) + ", at offset " +
                 std::to_string(each.offset) + ", is gone" +
                 (found == last.end() ? "" : ": a reader takes offset " + std::to_string(found->second) + " for the newest");
        },
        partition.unclean_epoch < 0 && !each.tombstone);
  }
}

void judge(Court& court, const SegmentDeleted& fact) {
  const Replica* replica = court.replica(fact.broker, fact.tp);
  if (!replica) return;
  const bool committed = fact.end_offset <= replica->log.high_watermark();
  court.expect(PromiseId::only_committed_is_deleted, committed, fact.tp, court.node_of(fact.broker), [&] {
    return "broker " + std::to_string(fact.broker) + " deleted the segment of " + court.partition(fact.tp) + " that ends at offset " +
           std::to_string(fact.end_offset) + ", above the high watermark " + std::to_string(replica->log.high_watermark());
  });
}

void judge_beginning(Court& court, TopicPartition tp, BrokerId broker, const Log& log) {
  PartitionLedger& partition = court.ledger.of(tp);
  LogBeginning* known = find_beginning(partition, broker);
  if (!known && log.log_start_offset() == 0) return;
  if (!known) {
    partition.beginnings.push_back({broker, log.log_start_offset()});
    return;
  }
  court.expect(PromiseId::log_start_never_falls, log.log_start_offset() >= known->offset, tp, court.node_of(broker), [&] {
    return "the log of " + court.partition(tp) + " on broker " + std::to_string(broker) + " begins at offset " +
           std::to_string(log.log_start_offset()) + ", and it has begun at " + std::to_string(known->offset) + " before";
  });
  known->offset = log.log_start_offset();
}

Offset beginning_of(const PartitionLedger& partition, BrokerId broker) {
  for (const LogBeginning& each : partition.beginnings)
    if (each.broker == broker) return each.offset;
  return 0;
}

void forget_beginning(PartitionLedger& partition, BrokerId broker) {
  std::erase_if(partition.beginnings, [broker](const LogBeginning& each) { return each.broker == broker; });
}

void judge(Court& court, const LogStartRaised& fact) {
  if (const Replica* replica = court.replica(fact.broker, fact.tp)) judge_marks(court, fact.tp, fact.broker, replica->log);
}

}  // namespace nutshell
