// Promises to producers: what they were told.
#include <algorithm>

#include "sim/check/court.h"

namespace nutshell {

namespace {

// Keeps the ledger sorted by offset: acknowledgements overtake each other by a few. False: the batch was
// acknowledged already.
bool enter(SharedLog<AckedBatch, 32>& ledger, const AckedBatch& acked) {
  std::vector<AckedBatch> after;
  while (!ledger.empty() && ledger.back().base_offset > acked.base_offset) {
    after.push_back(ledger.back());
    ledger.truncate(ledger.size() - 1);
  }
  const bool is_new = ledger.empty() || ledger.back().base_offset < acked.base_offset;
  if (is_new) ledger.push_back(acked);
  for (auto each = after.rbegin(); each != after.rend(); ++each) ledger.push_back(*each);
  return is_new;
}

// A batch that is older than the newest acknowledged one may have been acknowledged at another offset.
void judge_twice_acked(Court& court, PartitionLedger& partition, const AckedBatch& acked) {
  LastSerial& known = last_serial_of(partition, acked.producer);
  const std::int64_t last = acked.first_record + acked.count - 1;
  if (acked.first_record > known.acked) {
    known.acked = last;
    return;
  }
  known.acked = std::max(known.acked, last);
  const SharedLog<AckedBatch, 32>& all = partition.acked;
  for (std::size_t i = all.size(); i-- > all.begin_index();) {
    const AckedBatch& each = all[i];
    const bool same = each.producer == acked.producer && each.base_offset != acked.base_offset &&
                      each.first_record <= last && acked.first_record < each.first_record + each.count;
    if (!same) continue;
    court.expect(PromiseId::records_are_conserved, false, partition.tp, acked.producer, [&] {
      const std::int64_t record = std::max(each.first_record, acked.first_record);
      return court.names.node(acked.producer) + " was told that " + court.record(record) + " is stored in " +
             court.partition(partition.tp) + " at offset " + std::to_string(each.base_offset + record - each.first_record) +
             " and at offset " + std::to_string(acked.base_offset + record - acked.first_record);
    });
    return;
  }
}

void judge_replication(Court& court, const PartitionLedger& partition, const RecordsAcked& fact) {
  const Offset end = fact.base_offset + fact.count;
  court.expect(PromiseId::acks_all_is_replicated, end <= partition.highest_high_watermark, fact.tp, fact.producer, [&] {
    return court.names.node(fact.producer) + " was told with acks=all that " + court.partition(fact.tp) +
           " is stored up to offset " + std::to_string(end - 1) + ", but the high watermark never was above " +
           std::to_string(partition.highest_high_watermark);
  });
}

std::int64_t unfinished(const Producer& producer) {
  auto records = static_cast<std::int64_t>(producer.blocked.size());
  for (const ProducerQueue& queue : producer.queues) {
    records += static_cast<std::int64_t>(queue.open.records.size());
    for (std::size_t i = 0; i < queue.waiting.size(); ++i) records += queue.waiting[i].count;
  }
  for (const InFlightBatch& each : producer.in_flight)
    if (!each.expired) records += each.batch.count;
  return records;
}

// What the producer knows of that has no fate yet dies with it.
void forget(Court& court, NodeId node) {
  const Producer* producer = court.producer(node);
  if (!producer) return;
  const ProducerCounters& counters = producer->counters;
  court.ledger.of_producer(node).forgotten = counters.sent - counters.acked - counters.failed;
}

void judge_counters(Court& court, NodeId node) {
  const Producer* producer = court.producer(node);
  if (!producer) return;
  const ProducerCounters& counters = producer->counters;
  court.expect(PromiseId::records_are_conserved, counters.acked + counters.failed <= counters.sent, {}, node, [&] {
    return court.names.node(node) + " sent " + std::to_string(counters.sent) + " records, but was told of " +
           std::to_string(counters.acked) + " that they are stored and of " + std::to_string(counters.failed) + " that they failed";
  });
}

bool is_of_present(const Court& court, const RecordsAcked& fact) {
  const Incarnation present = court.ledger.image.incarnation(fact.tp.topic);
  if (present == 0) return true;  // there was never another
  const Producer* producer = court.producer(fact.producer);
  const auto queue = static_cast<std::size_t>(fact.tp.partition);
  return producer && queue < producer->queues.size() && court.ledger.image.topic(fact.tp.topic) &&
         producer->queues[queue].acked_by == present;
}

}  // namespace

void judge(Court& court, const RecordsAcked& fact) {
  judge_counters(court, fact.producer);
  if (fact.base_offset < 0 || fact.acks == 0) return;  // sent and forgotten: nothing was said about storing
  // An answer may come of a topic that is no more: what it held went with it.
  if (!is_of_present(court, fact)) return;
  PartitionLedger& partition = court.ledger.of(fact.tp);
  if (fact.acks < 0) judge_replication(court, partition, fact);
  const Log* log = court.leader_log(partition);
  const Batch* stored = log ? log->batch_at(fact.base_offset) : nullptr;
  const std::uint64_t chain = stored ? stored->chain : log ? log->chain_at(fact.base_offset + fact.count).value_or(0) : 0;
  const AckedBatch acked{fact.base_offset,  chain,      stored ? stored->content : 0, fact.first_record,
                         court.world.now(), fact.count, fact.producer,               fact.acks};
  judge_twice_acked(court, partition, acked);
  if (!log || !holds(*log, acked)) return report_lost(court, partition, acked, 0, partition.unclean_epoch < 0);
  court.trials[static_cast<std::size_t>(PromiseId::acked_records_survive)] += 1;
  const bool is_new = enter(partition.acked, acked);
  court.expect(PromiseId::records_are_conserved, is_new, fact.tp, fact.producer, [&] {
    return court.names.node(fact.producer) + " was told twice that offset " + std::to_string(fact.base_offset) + " of " +
           court.partition(fact.tp) + " is stored";
  });
}

void judge(Court& court, const RecordsFailed& fact) { judge_counters(court, fact.producer); }
void judge(Court& court, const NodeCrashed& fact) { forget(court, fact.node); }
void judge(Court& court, const NodeStopped& fact) { forget(court, fact.node); }

void judge_conservation(Court& court, const Producer& producer) {
  const ProducerCounters& counters = producer.counters;
  const std::int64_t on_their_way = unfinished(producer);
  const std::int64_t forgotten = court.ledger.of_producer(producer.node).forgotten;
  court.expect(PromiseId::records_are_conserved, counters.sent == counters.acked + counters.failed + on_their_way + forgotten, {},
               producer.node, [&] {
                 return court.names.node(producer.node) + " sent " + std::to_string(counters.sent) + " records: " +
                        std::to_string(counters.acked) + " are acknowledged, " + std::to_string(counters.failed) + " failed, " +
                        std::to_string(on_their_way) + " are on their way and " + std::to_string(forgotten) + " died with their process";
               });
}

}  // namespace nutshell
