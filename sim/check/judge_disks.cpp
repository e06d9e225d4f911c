// What disks hold, and what of it is lost that may not be (L7, R8).
#include <algorithm>

#include "sim/check/court.h"

namespace nutshell {

namespace {

template <class Entry>
Entry* find_of(std::vector<Entry>& all, BrokerId broker) {
  const auto found = std::find_if(all.begin(), all.end(), [broker](const Entry& each) { return each.broker == broker; });
  return found == all.end() ? nullptr : &*found;
}

// Hands have taken the broker's disk, or put an old one in its place: that it lacks something is no fault of the broker's.
void forget_disk(Court& court, BrokerId broker) {
  for (PartitionLedger& each : court.ledger.partitions) {
    std::erase_if(each.flushed, [broker](const FlushedLog& of) { return of.broker == broker; });
    if (LostTail* lost = find_of(each.lost_tails, broker)) lost->on_disk = {};
  }
}

Offset end_of(const AckedBatch& acked) { return acked.base_offset + acked.count; }

// It lay on the disk of the replica, and went with the power all the same.
bool lost_from_disk(const LostTail& lost, const AckedBatch& acked) {
  return end_of(acked) > lost.on_disk.from && end_of(acked) <= lost.on_disk.to;
}

// So many replicas have the batch on their disks, or had it there until they lost it.
std::int32_t disks_with(const Court& court, const PartitionLedger& partition, const AckedBatch& acked) {
  std::int32_t disks = 0;
  for (const Broker& each : court.world.brokers) {
    const Replica* replica = court.replica(each.id, partition.tp);
    const bool has = replica && replica->log.flushed_offset() >= end_of(acked) && holds(replica->log, acked);
    const bool had = std::any_of(partition.lost_tails.begin(), partition.lost_tails.end(), [&](const LostTail& lost) {
      return lost.broker == each.id && lost_from_disk(lost, acked);
    });
    disks += has || had;
  }
  return disks;
}

// The last in-sync replica leads, and what it lacks was not on its disk when its power went, or not on the disk it was given.
bool last_one_lost(const Court& court, const PartitionLedger& partition, const AckedBatch& acked) {
  if (!leads_alone(court, partition)) return false;
  return std::any_of(partition.lost_tails.begin(), partition.lost_tails.end(), [&](const LostTail& lost) {
    return lost.broker == partition.office.winner && lost.from < end_of(acked) && !lost_from_disk(lost, acked);
  });
}

}  // namespace

void note_flushed(PartitionLedger& partition, BrokerId broker, const Log& log) {
  if (log.has_damage()) return;  // what was known before counts
  FlushedLog* known = find_of(partition.flushed, broker);
  if (known) known->below = log.flushed_offset();
  else if (log.flushed_offset() > 0) partition.flushed.push_back({broker, log.flushed_offset()});
}

void note_lost_tail(PartitionLedger& partition, BrokerId broker, Offset from) {
  LostTail* lost = find_of(partition.lost_tails, broker);
  if (!lost) lost = &partition.lost_tails.emplace_back(LostTail{broker, from, {}});
  lost->from = std::min(lost->from, from);
  FlushedLog* flushed = find_of(partition.flushed, broker);
  if (!flushed || flushed->below <= from) return;
  const bool first = lost->on_disk.to == 0;
  lost->on_disk = {first ? from : std::min(lost->on_disk.from, from), std::max(lost->on_disk.to, flushed->below)};
  flushed->below = from;
}

void judge(Court& court, const DiskReplaced& fact) { forget_disk(court, fact.broker); }

// Its logs begin where they began when the copy was made.
void judge(Court& court, const DiskSetBack& fact) {
  forget_disk(court, fact.broker);
  for (PartitionLedger& each : court.ledger.partitions) forget_beginning(each, fact.broker);
}

// From there on the disk does not hold any more what was written.
void judge(Court& court, const BatchDamaged& fact) {
  if (FlushedLog* known = find_of(court.ledger.of(fact.tp).flushed, fact.broker)) known->below = std::min(known->below, fact.offset);
}

void judge_flushed(Court& court, const PartitionLedger& partition, const std::vector<AckedBatch>& lost, bool clean) {
  const Broker* broker = court.broker(partition.office.winner);
  const Replica* leader = court.replica(partition.office.winner, partition.tp);
  if (!broker || !leader || leader->assigned.empty()) return;  // it is down: others may lead yet
  const std::int32_t enough = min_isr_now(*broker, *leader);
  for (const AckedBatch& each : lost) {
    if (each.acks >= 0) continue;
    const std::int32_t disks = disks_with(court, partition, each);
    const bool kept = court.to_client(each.producer).expect(
        PromiseId::flushed_records_survive, disks < enough, partition.tp, broker->node,
        [&] {
          return told(court, partition, each) + " was on the disks of " + std::to_string(disks) + " replicas, but is not in the log of " +
                 court.names.node(broker->node) + ", which leads from epoch " + std::to_string(partition.office.epoch) + " on";
        },
        clean && !last_one_lost(court, partition, each));
    if (!kept) return;
  }
}

}  // namespace nutshell
