// What stands in the leader's log: in the order sent, once, and with all that producers were told is stored.
#include <algorithm>

#include "sim/check/court.h"
#include "sim/core/text.h"

namespace nutshell {

namespace {

// An earlier copy is looked for so many batches back; a retry comes much sooner.
constexpr std::size_t kRetryWindow = 4096;

struct Run {  // the records of a batch
  NodeId producer = kNoNode;
  std::int64_t first = 0, last = 0;  // serial numbers
};

// REQUIRES the batch has records.
Run run_of(const World& world, const Batch& batch) {
  const Records& records = world.commons.store.records;
  const Record& first = records[static_cast<std::size_t>(batch.first_record)];
  const Record& last = records[static_cast<std::size_t>(batch.first_record + batch.count - 1)];
  return {first.producer, first.serial, last.serial};
}

// What stands before a batch in its log, of the same producer.
struct Earlier {
  const Batch* copy = nullptr;   // with the same records
  const Batch* later = nullptr;  // with records that were sent after those of the batch; none before the copy
};

Earlier look_back(const World& world, const Log& log, std::size_t index, const Run& run) {
  const BatchView batches = log.batches();
  Earlier found;
  const std::size_t oldest = std::max(batches.begin_index(), index > kRetryWindow ? index - kRetryWindow : 0);
  for (std::size_t i = index; i-- > oldest;) {
    if (batches[i].count == 0) continue;
    const Run other = run_of(world, batches[i]);
    if (other.producer != run.producer) continue;
    if (other.first <= run.last && run.first <= other.last) {
      found.copy = &batches[i];
      return found;
    }
    if (other.first > run.last && !found.later) found.later = &batches[i];
  }
  return found;
}

bool keeps_order(const Producer& producer) {
  const ProducerConfig& config = producer.spec.config;
  const bool idempotent = config.enable_idempotence && config.acks == Acks::all;
  return idempotent || config.max_in_flight == 1;
}

// A broker compares sequences under one producer id and epoch only (C7a). A new process gets a new id, and what the
// old one had on the way may come after its first batches (C8); a new id whose first batch is refused while its
// second is stored ends in a new epoch and sends the second again (C7e).
bool same_session(const Batch& a, const Batch& b) {
  return a.producer_id == b.producer_id && a.producer_epoch == b.producer_epoch;
}

bool recognises_copies(const Producer& producer) {
  return producer.spec.config.enable_idempotence && producer.spec.config.acks == Acks::all;
}

// A batch whose records are not the newest of their producer: a copy, or out of order, or the others were lost.
// A copy may be out of order too: in v3 v4 v3 a reader is given v3 after v4.
Earlier judge_old_records(Court& court, const PartitionLedger& partition, const Log& log, std::size_t index, const Run& run) {
  const Batch& batch = log.batches()[index];
  const Producer* producer = court.producer(run.producer);
  const Earlier earlier = look_back(court.world, log, index, run);
  const auto place = [&](const Batch& at) { return "offset " + std::to_string(at.base_offset); };
  const auto what = [&] { return court.record(batch.first_record) + " of " + court.names.node(run.producer); };
  court.expect(
      PromiseId::no_duplicates, !earlier.copy, partition.tp, run.producer,
      [&] {
        return what() + " stands twice in " + court.partition(partition.tp) + ": at " + place(*earlier.copy) +
               " and at " + place(batch);
      },
      producer && recognises_copies(*producer) && (!earlier.copy || same_session(batch, *earlier.copy)));
  court.expect(
      PromiseId::send_order_kept, !earlier.later, partition.tp, run.producer,
      [&] {
        return what() + " stands at " + place(batch) + " of " + court.partition(partition.tp) + ", after " +
               court.record(earlier.later->first_record) + " at " + place(*earlier.later) + ", which was sent later";
      },
      producer && keeps_order(*producer) && (!earlier.later || same_session(batch, *earlier.later)));
  return earlier;
}

// Index of the first acknowledged batch whose chain the log does not have: all before it are there for sure.
std::size_t first_in_doubt(const SharedLog<AckedBatch, 32>& acked, const Log& log) {
  std::size_t low = acked.begin_index();
  std::size_t high = acked.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const AckedBatch& each = acked[middle];
    const bool there = each.base_offset < log.log_start_offset() || log.chain_at(each.base_offset + each.count) == each.chain;
    if (there) low = middle + 1;
    else high = middle;
  }
  return low;
}

}  // namespace

std::string told(const Court& court, const PartitionLedger& partition, const AckedBatch& acked) {
  const Offset last = acked.base_offset + acked.count - 1;
  const std::string offsets = acked.count == 1 ? "offset " + std::to_string(last)
                                               : "offsets " + std::to_string(acked.base_offset) + "-" + std::to_string(last);
  return offsets + " of " + court.partition(partition.tp) + " (" + court.record(acked.first_record) +
         (acked.count > 1 ? ", ..." : "") + "), acknowledged to " + court.names.node(acked.producer) + " at " +
         format_time(acked.at) + " with acks=" + (acked.acks < 0 ? "all" : std::to_string(acked.acks));
}

LastSerial& last_serial_of(PartitionLedger& partition, NodeId producer) {
  for (LastSerial& each : partition.serials)
    if (each.producer == producer) return each;
  partition.serials.push_back({producer, -1, -1});
  return partition.serials.back();
}

void judge_stored(Court& court, PartitionLedger& partition, const Batch& batch) {
  if (batch.count == 0) return;
  const Run run = run_of(court.world, batch);
  if (run.producer == kNoNode) return;
  LastSerial& known = last_serial_of(partition, run.producer);
  if (run.first > known.serial) {
    court.trials[static_cast<std::size_t>(PromiseId::no_duplicates)] += 1;
    court.trials[static_cast<std::size_t>(PromiseId::send_order_kept)] += 1;
    known.serial = run.last;
    return;
  }
  const Log* log = court.leader_log(partition);
  const std::optional<std::size_t> index = log ? log->find(batch.base_offset) : std::nullopt;
  if (!index || log->batches()[*index] != batch) return;  // of a leader that has not heard of its deposition
  const Earlier earlier = judge_old_records(court, partition, *log, *index, run);
  if (!earlier.copy && !earlier.later) known.serial = run.last;
}

bool holds(const Log& log, const AckedBatch& acked) {
  if (acked.base_offset < log.log_start_offset()) return true;
  const Batch* batch = log.batch_at(acked.base_offset);
  if (!batch) return acked.base_offset < log.log_end_offset();  // a hole, which only a cleaner leaves
  if (batch->base_offset != acked.base_offset) return false;
  if (!batch->is_dense()) return batch->content == acked.content;  // its chain may be another one for ever (L20)
  return batch->first_record == acked.first_record && batch->count == acked.count;
}

bool leader_lost(const PartitionLedger& partition, Offset end) {
  return std::any_of(partition.lost_tails.begin(), partition.lost_tails.end(), [&](const LostTail& each) {
    return each.from < end && each.broker == partition.office.winner;
  });
}

bool leads_alone(const Court& court, const PartitionLedger& partition) {
  const PartitionRegistration* state = court.ledger.image.partition(partition.tp);
  return state && state->isr.size() == 1 && state->isr.contains(static_cast<std::int16_t>(partition.office.winner));
}

bool lost_with_power(const Court& court, const PartitionLedger& partition, Offset end) {
  const Broker* broker = court.broker(partition.office.winner);
  const Replica* leader = court.replica(partition.office.winner, partition.tp);
  const auto lost = [end](const LostTail& each) { return each.from < end; };
  const auto count = std::count_if(partition.lost_tails.begin(), partition.lost_tails.end(), lost);
  const bool enough = !leader || count >= min_isr_now(*broker, *leader);
  return leader_lost(partition, end) && (enough || leads_alone(court, partition));
}

namespace {

bool promised_to_survive(const Court& court, const PartitionLedger& partition, const AckedBatch& acked, bool clean) {
  return acked.acks < 0 && clean && !lost_with_power(court, partition, acked.base_offset + acked.count);
}

}  // namespace

void report_lost(Court& court, const PartitionLedger& partition, const AckedBatch& first, std::int64_t more, bool clean) {
  court.to_client(first.producer).expect(
      PromiseId::acked_records_survive, false, partition.tp, court.node_of(partition.office.winner),
      [&] {
        return told(court, partition, first) + (first.count > 1 ? ", are" : ", is") + " not in the log of broker " +
               std::to_string(partition.office.winner) + ", which leads from epoch " + std::to_string(partition.office.epoch) +
               " on" + (more > 0 ? " (and " + std::to_string(more) + " more such records)" : "");
      },
      promised_to_survive(court, partition, first, clean));
}

void judge_acked(Court& court, PartitionLedger& partition, bool clean) {
  const Log* log = court.leader_log(partition);
  if (!log || partition.acked.empty()) return;
  const std::size_t doubtful = first_in_doubt(partition.acked, *log);
  std::vector<AckedBatch> kept, lost;
  for (std::size_t i = doubtful; i < partition.acked.size(); ++i) {
    const AckedBatch& each = partition.acked[i];
    (holds(*log, each) ? kept : lost).push_back(each);
  }
  court.trials[static_cast<std::size_t>(PromiseId::acked_records_survive)] += 1;
  if (lost.empty()) return;
  std::int64_t records = 0;
  for (const AckedBatch& each : lost) records += each.count;
  // One that was promised speaks for all.
  const auto speaks = std::find_if(lost.begin(), lost.end(), [&](const AckedBatch& each) {
    return promised_to_survive(court, partition, each, clean);
  });
  const AckedBatch& first = speaks == lost.end() ? lost[0] : *speaks;
  report_lost(court, partition, first, records - first.count, clean);
  judge_flushed(court, partition, lost, clean);
  partition.acked.truncate(doubtful);
  for (AckedBatch& each : kept) partition.acked.push_back(each);
}

}  // namespace nutshell
