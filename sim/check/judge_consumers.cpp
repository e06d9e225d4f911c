// Promises to consumers: where they start, and what they are given (G2, G5, L4).
#include <algorithm>

#include "sim/check/court.h"

namespace nutshell {

namespace {

constexpr std::size_t kPollsRemembered = 8;

Reading& reading_of(Court& court, const Consumer& consumer, TopicPartition tp) {
  if (Reading* known = find_reading(court, consumer, tp)) return *known;
  std::vector<Reading>& readings = court.ledger.of_consumer(consumer.node).readings;
  readings.push_back({consumer.spec.group, tp, -1, 0, {}});
  return readings.back();
}

// The reader may have been given nothing in between: a cleaner has left nothing there. Where the log begins later by now, nobody can
// tell any more what it held when it was read.
bool passes_over(const Court& court, const Log* log, Offset from, Offset to) {
  if (log) from = std::max(from, log->log_start_offset());
  return from >= to || is_hole(court, log, from, to);
}

// L20: below where it begins, a log may hold other records than its leader ever had. Nobody reads them, and all above is the same,
// but its chain is another one for ever. So it is compared with a log that has what the reader was given (`given`, up to `at`); where
// the two have nothing to compare, no unclean election can have put other records below.
bool agrees_with_given(const Court& court, const PartitionLedger& partition, const Batch& read, Offset at, std::uint64_t given) {
  const auto log_of = [&](const Broker& broker, Offset offset, std::uint64_t chain) -> const Log* {
    const Replica* replica = court.replica(broker.id, partition.tp);
    const Batch* batch = replica ? replica->log.batch_at(offset) : nullptr;
    return batch && batch->chain == chain ? &replica->log : nullptr;
  };
  const std::vector<Broker>& all = court.world.brokers;
  return std::any_of(all.begin(), all.end(), [&](const Broker& reads) {
    const Log* log = log_of(reads, read.base_offset, read.chain);
    if (!log || (log->log_start_offset() >= at && partition.unclean_epoch >= 0)) return false;
    return std::any_of(all.begin(), all.end(), [&](const Broker& holds) {
      const Log* holder = log_of(holds, at - 1, given);
      return holder && same_prefix(*log, *holder, at);
    });
  });
}

// The batch follows in its log on what the reader was given last, or is that very batch (G3). What follows on a hole
// tells nothing.
void judge_succession(Court& court, Reading& reading, Offset at, const RecordsDelivered& fact, const Batch& batch) {
  const bool begun = batch.base_offset < at;
  const std::uint64_t expected = begun ? reading.chain : chain_after(reading.chain, batch);
  const PartitionLedger& partition = court.ledger.of(fact.tp);
  const bool follows = reading.chain == 0 || batch.base_offset > at || batch.chain == expected ||
                       agrees_with_given(court, partition, batch, at, reading.chain);
  court.expect(
      PromiseId::reading_goes_on, follows, fact.tp, fact.consumer,
      [&] {
        const Offset offset = std::max(batch.base_offset, at);
        return court.names.node(fact.consumer) + " is given " + court.record(batch, offset) +
               " at offset " + std::to_string(offset) + " of " + court.partition(fact.tp) +
               ", but below it the log has other records than its group was given, and nobody has told of a reset";
      },
      !is_lost(partition, at - 1));
  reading.chain = batch.chain;
}

void note_stand(Reading& reading) {
  reading.stood.push_back({reading.next, reading.chain});
  if (reading.stood.size() > kPollsRemembered) reading.stood.erase(reading.stood.begin());
}

// Whoever reads already goes elsewhere only by a reset that has been told.
void judge_move(Court& court, const Reading& reading, const PositionSet& fact) {
  court.expect(PromiseId::reading_goes_on, reading.next < 0 || reading.next == fact.position, fact.tp, fact.consumer, [&] {
    return court.names.node(fact.consumer) + " goes from offset " + std::to_string(reading.next) + " to " +
           std::to_string(fact.position) + " of " + court.partition(fact.tp) + ", and nobody has told of a reset";
  });
}

// The first start of a new owner is the committed offset, or beyond it.
void judge_start(Court& court, GroupPartition& place, const PositionSet& fact) {
  if (!place.owner_is_new || place.owner != fact.consumer) return;
  place.owner_is_new = false;
  const Offset committed = place.committed_before_owner;
  const PartitionLedger& partition = court.ledger.of(fact.tp);
  const Log* log = court.leader_log(partition);
  const bool readable = log && committed >= log->log_start_offset() && committed <= log->log_end_offset();
  if (!readable) return;
  court.expect(
      PromiseId::committed_offsets_survive, !fact.reset && fact.position >= committed, fact.tp, fact.consumer,
      [&] {
        return court.names.node(fact.consumer) + " starts to read " + court.partition(fact.tp) + " at offset " +
               std::to_string(fact.position) + (fact.reset ? " (auto.offset.reset)" : "") + ", but its group had committed " +
               std::to_string(committed);
      },
      !is_lost(partition, committed - 1));
}

// A commit may be of anybody in the group, each with its own way of working. Hosts commit what they have worked off.
bool all_process_first(const Court& court, GroupId group) {
  const auto& all = court.world.consumers;
  return std::all_of(all.begin(), all.end(), [group](const Consumer& each) {
    return each.spec.group != group || each.spec.config.enable_auto_commit || each.spec.commit != CommitMode::before_processing;
  });
}

// Whoever starts at a committed offset trusts that everything below it was worked off. A commit that was refused
// for want of time may have been stored all the same; who made it when is not known then.
void judge_processed(Court& court, const Consumer& consumer, GroupPartition& place, const PositionSet& fact) {
  const bool begins = place.processed < 0 || fact.reset || fact.position > place.committed;
  if (!begins) {
    court.expect(
        PromiseId::at_least_once, fact.position <= place.processed, fact.tp, fact.consumer,
        [&] {
          const Offset last = fact.position - 1;
          return court.names.node(fact.consumer) + " starts to read " + court.partition(fact.tp) + " at offset " +
                 std::to_string(fact.position) + ", but nobody in the group has processed offset" +
                 (last > place.processed ? "s " + std::to_string(place.processed) + "-" : " ") + std::to_string(last);
        },
        all_process_first(court, consumer.spec.group));
  }
  place.processed = std::max(place.processed, fact.position);  // what is read again after a reset was worked off before
}

void judge_value(Court& court, PartitionLedger& partition, const RecordsDelivered& fact, const Batch& batch) {
  auto& delivered = partition.delivered;
  if (delivered.empty() || batch.base_offset >= delivered.back().next_offset) {
    court.trials[static_cast<std::size_t>(PromiseId::repeatable_read)] += 1;
    delivered.push_back({batch.base_offset, batch.next_offset(), batch.content});
    return;
  }
  std::size_t low = delivered.begin_index();
  std::size_t high = delivered.size() - 1;  // it ends above the batch's base
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (delivered[middle].next_offset > batch.base_offset) high = middle;
    else low = middle + 1;
  }
  const DeliveredBatch& before = delivered[low];
  if (before.base_offset >= batch.next_offset()) return;
  const bool same = before.base_offset == batch.base_offset && before.content == batch.content;
  court.expect(
      PromiseId::repeatable_read, same, fact.tp, fact.consumer,
      [&] {
        const Offset offset = std::max(batch.base_offset, fact.first);
        return court.names.node(fact.consumer) + " reads " + court.record(batch, offset) +
               " at offset " + std::to_string(offset) + " of " + court.partition(fact.tp) + ", where something else was read before";
      },
      partition.unclean_epoch < 0 && !is_lost(partition, std::max(before.base_offset, batch.base_offset)));
  if (same) return;
  delivered.truncate(low);
  delivered.push_back({batch.base_offset, batch.next_offset(), batch.content});
}

// The batches are still in the consumer's buffer, whatever it has handed out of them; it stood at `at`.
void judge_values(Court& court, PartitionLedger& partition, Reading& reading, Offset at, const RecordsDelivered& fact,
                  const Consumer& consumer) {
  const auto owned = std::lower_bound(consumer.owned.begin(), consumer.owned.end(), fact.tp,
                                      [](const OwnedPartition& each, TopicPartition wanted) { return each.tp < wanted; });
  if (owned == consumer.owned.end() || owned->tp != fact.tp) return;
  const std::vector<Batch>& buffer = owned->buffer;
  auto batch = std::lower_bound(buffer.begin(), buffer.end(), at,
                                [](const Batch& each, Offset first) { return each.next_offset() <= first; });
  for (; batch != buffer.end() && batch->base_offset <= fact.last; ++batch) {
    judge_succession(court, reading, at, fact, *batch);
    judge_value(court, partition, fact, *batch);
    at = batch->next_offset();
  }
  note_stand(reading);
}

// Who reads in a generation is who the coordinator has assigned the partition to in it. A task that fails on what it reads lets go
// of all it owns in the same step: of the several consumers that its worker has in the group nobody can tell then which it was.
void judge_reader(Court& court, const GroupPartition& place, const RecordsDelivered& fact, const Consumer& consumer) {
  const bool let_go = consumer.host.hosted && !owns_it(consumer, fact.tp);
  const bool told = place.assigned_generation == fact.generation && consumer.member_id != -1 && !let_go;
  const bool is_owner = !told || place.assigned_member == consumer.member_id;
  court.expect(PromiseId::one_owner_per_generation, is_owner, fact.tp, fact.consumer, [&] {
    return court.names.node(fact.consumer) + " reads " + court.partition(fact.tp) + " in generation " +
           std::to_string(fact.generation) + ", in which " + court.names.name(place.assigned_member) + " owns it";
  });
}

}  // namespace

Reading* find_reading(Court& court, const Consumer& consumer, TopicPartition tp) {
  for (Reading& each : court.ledger.of_consumer(consumer.node).readings)
    if (each.tp == tp && each.group == consumer.spec.group) return &each;
  return nullptr;
}

void forget_reading(Court& court, NodeId consumer, GroupId group, TopicPartition tp) {
  std::erase_if(court.ledger.of_consumer(consumer).readings, [&](const Reading& each) { return each.tp == tp && each.group == group; });
}

void judge(Court& court, const PositionReset& fact) {
  const Consumer* consumer = court.consumer(fact.consumer, fact.of, fact.tp);
  if (!consumer || !court.knows_present(consumer, fact.tp)) return;
  Reading& reading = reading_of(court, *consumer, fact.tp);
  reading.next = fact.to;
  reading.chain = 0;
}

void judge(Court& court, const PositionSet& fact) {
  const Consumer* consumer = court.consumer(fact.consumer, fact.of, fact.tp);
  if (!consumer || !court.knows_present(consumer, fact.tp)) return;
  Reading& reading = reading_of(court, *consumer, fact.tp);
  judge_move(court, reading, fact);
  const bool begins = reading.next < 0;
  reading.next = fact.position;
  GroupPartition& place = partition_of(court.ledger.of_group(consumer->spec.group), fact.tp);
  if (begins && !fact.reset && fact.position == place.committed) reading.chain = place.committed_chain;
  if (reading.chain != 0) note_stand(reading);
  judge_start(court, place, fact);
  judge_processed(court, *consumer, place, fact);
}

void judge(Court& court, const PartitionRevoked& fact) {
  const Consumer* own = court.consumer(fact.consumer, fact.group, fact.tp);
  forget_reading(court, fact.consumer, own ? own->spec.group : fact.group, fact.tp);
}

void judge(Court& court, const RecordsDelivered& fact) {
  const Consumer* consumer = court.consumer(fact.consumer, fact.of, fact.tp);
  if (!consumer || !court.knows_present(consumer, fact.tp)) return;
  PartitionLedger& partition = court.ledger.of(fact.tp);
  Reading& reading = reading_of(court, *consumer, fact.tp);
  const Offset at = reading.next < 0 ? fact.first : reading.next;
  const bool goes_on = fact.first == at || (fact.first > at && passes_over(court, court.leader_log(partition), at, fact.first));
  court.expect(PromiseId::no_record_skipped, goes_on, fact.tp, fact.consumer, [&] {
    return court.names.node(fact.consumer) + " was given offset " + std::to_string(fact.first) + " of " + court.partition(fact.tp) +
           " when offset " + std::to_string(reading.next) + " was next";
  });
  reading.next = fact.last + 1;
  court.expect(PromiseId::consumers_see_only_committed, fact.last < partition.highest_high_watermark, fact.tp, fact.consumer, [&] {
    return court.names.node(fact.consumer) + " was given offset " + std::to_string(fact.last) + " of " + court.partition(fact.tp) +
           ", but its high watermark never was above " + std::to_string(partition.highest_high_watermark);
  });
  judge_values(court, partition, reading, std::min(at, fact.first), fact, *consumer);
  GroupPartition& place = partition_of(court.ledger.of_group(consumer->spec.group), fact.tp);
  judge_reader(court, place, fact, *consumer);
  place.processed = std::max(place.processed, fact.first);  // the next poll() comes when the last one is worked off
}

}  // namespace nutshell
