// Promises of replicas: marks, dense offsets, agreement, and what a new leader brings along.
#include <algorithm>

#include "sim/check/court.h"
#include "sim/log/hash.h"

namespace nutshell {

namespace {

bool leads(const PartitionLedger& partition, BrokerId broker, const Replica& replica) {
  return replica.role == ReplicaRole::leader && partition.office.winner == broker &&
         partition.office.epoch == replica.leader_epoch;
}

std::string text(Offset offset) { return std::to_string(offset); }

// Nothing stands at these offsets of the leader's log any more: its cleaner took it away, so a follower cannot have it.
bool is_hole_of_leader(Court& court, TopicPartition tp, Offset from, Offset to) {
  const Log* leader = court.leader_log(court.ledger.of(tp));
  if (!leader) return false;
  const std::optional<std::size_t> next = leader->find(from);
  return next && leader->batches()[*next].base_offset >= to;
}

// The batch that was appended: where the one before ends, and in no older epoch. nullptr: it is gone again.
const Batch* judge_density(Court& court, const BatchAppended& fact, const Log& log) {
  const std::optional<std::size_t> index = log.find(fact.base_offset);
  if (!index) return nullptr;
  const Batch& batch = log.batches()[*index];
  const Batch* before = *index > log.batches().begin_index() ? &log.batches()[*index - 1] : nullptr;
  const bool follows = batch.base_offset == fact.base_offset &&
                       (!before || ((before->next_offset() == batch.base_offset ||
                                     is_hole_of_leader(court, fact.tp, before->next_offset(), batch.base_offset)) &&
                                    before->partition_leader_epoch <= batch.partition_leader_epoch));
  // A log may begin inside a batch (L12), and its history no earlier than the log.
  const Offset told = std::max(fact.base_offset, log.log_start_offset());
  const bool in_history = log.leader_epochs().epoch_for_offset(told) == batch.partition_leader_epoch;
  court.expect(PromiseId::offsets_are_dense, follows && in_history, fact.tp, court.node_of(fact.broker), [&] {
    const std::string what = "the batch at offset " + text(batch.base_offset) + " of " + court.partition(fact.tp) + " on broker " +
                             std::to_string(fact.broker);
    if (!in_history) return what + " has epoch " + std::to_string(batch.partition_leader_epoch) + ", which the epoch history denies";
    if (!before) return what + " was announced at offset " + text(fact.base_offset);
    return what + " (epoch " + std::to_string(batch.partition_leader_epoch) + ") follows one that ends at " +
           text(before->next_offset()) + " (epoch " + std::to_string(before->partition_leader_epoch) + ")";
  });
  return &batch;
}

// 6: by the ISR that is committed, if this leader is the one that the controller knows.
void judge_isr_members(Court& court, const HighWatermarkMoved& fact, const Replica& leader) {
  const PartitionRegistration* state = court.ledger.image.partition(fact.tp);
  if (!state || state->leader != fact.broker || state->leader_epoch != leader.leader_epoch) return;
  for (std::int16_t each : state->isr) {
    if (each == fact.broker) continue;
    const Broker* member = court.broker(each);
    if (!member || member->state != BrokerState::running) continue;
    const Replica* replica = court.replica(each, fact.tp);
    const Offset end = replica ? replica->log.log_end_offset() : 0;
    court.expect(PromiseId::isr_members_have_committed_records, end >= fact.to, fact.tp, member->node, [&] {
      return "the high watermark of " + court.partition(fact.tp) + " rose to " + text(fact.to) + ", but broker " +
             std::to_string(each) + ", a member of the ISR, has records only up to " + text(end);
    });
  }
}

void note_leader_mark(Court& court, PartitionLedger& partition, const HighWatermarkMoved& fact, const Replica& replica) {
  if (leads(partition, fact.broker, replica)) {
    const Offset before = std::max(partition.office_high_watermark, fact.from);
    court.expect(PromiseId::high_watermark_never_falls, fact.to >= before, fact.tp, court.node_of(fact.broker), [&] {
      return "the high watermark of " + court.partition(fact.tp) + " fell from " + text(before) + " to " + text(fact.to) +
             " on its leader, broker " + std::to_string(fact.broker) + ", within epoch " + std::to_string(replica.leader_epoch);
    });
    partition.office_high_watermark = fact.to;
  }
  partition.highest_high_watermark = std::max(partition.highest_high_watermark, fact.to);
  note_committed_keys(court, partition, replica.log, fact.from, fact.to);
  if (fact.to > partition.committed.offset)
    partition.committed = {fact.to, replica.log.chain_at(fact.to).value_or(partition.committed.chain)};
}

// Why the leader has to wait for this follower: it is in the ISR, or about to join it and caught up (R8).
bool counts(const Broker& broker, const Replica& leader, const FollowerState& follower, Time now) {
  if (leader.isr.contains(follower.broker) || leader.pending_isr.contains(follower.broker)) return true;
  const BrokerRegistration* registered = broker.image.broker(follower.broker);
  if (!registered || !broker.image.active(follower.broker) || follower.broker_epoch != registered->broker_epoch) return false;
  return follower.log_end_offset == leader.log.log_end_offset() ||
         now - follower.last_caught_up <= broker.config.replica_lag_time_max;
}

// R8, after a write: the mark stands where the slowest stands that the leader has to wait for.
void judge_waiting(Court& court, TopicPartition tp, const Broker& broker, const Replica& leader) {
  if (leader.role != ReplicaRole::leader) return;
  if (static_cast<std::int32_t>(leader.isr.size()) < min_isr_now(broker, leader)) return;
  Offset lowest = leader.log.log_end_offset();
  for (const FollowerState& each : leader.followers)
    if (each.log_end_offset < lowest && counts(broker, leader, each, court.world.now())) lowest = each.log_end_offset;
  court.expect(PromiseId::only_the_isr_is_waited_for, leader.log.high_watermark() >= lowest, tp, broker.node, [&] {
    return "the high watermark of " + court.partition(tp) + " rests at " + text(leader.log.high_watermark()) +
           ", although everybody in the ISR of broker " + std::to_string(broker.id) + " has all records below " + text(lowest);
  });
}

void judge_leader_mark(Court& court, const HighWatermarkMoved& fact, const Replica& replica) {
  const std::int32_t least = min_isr_now(*court.broker(fact.broker), replica);
  court.expect(PromiseId::acks_all_is_replicated, static_cast<std::int32_t>(replica.isr.size()) >= least, fact.tp,
               court.node_of(fact.broker), [&] {
                 return "the high watermark of " + court.partition(fact.tp) + " rose to " + text(fact.to) + " with " +
                        std::to_string(replica.isr.size()) + " in-sync replicas, fewer than min.insync.replicas=" +
                        std::to_string(least);
               });
  judge_isr_members(court, fact, replica);
  note_leader_mark(court, court.ledger.of(fact.tp), fact, replica);
}

void judge_office(Court& court, PartitionLedger& partition, TopicPartition tp, BrokerId leader, Epoch epoch, NodeId witness) {
  const auto known = std::find_if(partition.elected.rbegin(), partition.elected.rend(),
                                  [&](const Elected& each) { return each.epoch == epoch; });
  if (known == partition.elected.rend()) {
    partition.elected.push_back({epoch, leader});
    return;
  }
  court.expect(PromiseId::one_leader_per_epoch, known->winner == leader, tp, witness, [&] {
    return court.names.node(witness) + " takes broker " + std::to_string(leader) + " for the leader of " + court.partition(tp) +
           " in epoch " + std::to_string(epoch) + ", but the leader of that epoch is broker " + std::to_string(known->winner);
  });
}

// What was committed in a partition of __consumer_offsets is gone from there on: its offsets are given once more, and which commits
// its groups are left with nobody knows.
void forget_commits(Court& court, TopicPartition tp, Offset from) {
  const TopicRegistration* topic = court.ledger.image.topic(tp.topic);
  if (!topic || court.names.name(tp.topic) != kOffsetsTopic) return;
  const auto count = static_cast<std::int32_t>(topic->partitions.size());
  for (GroupLedger& group : court.ledger.groups) {
    if (coordinator_partition(court.names.name(group.group), count) != tp.partition) continue;
    group.set_back = true;
    for (GroupPartition& each : group.partitions) {
      if (each.commit_log_offset >= from) each.committed = each.committed_before_owner = -1;
      each.commit_log_offset = -1;
    }
  }
}

// The leader lost what it had from there on; `end` if it lost nothing.
Offset lost_from(const PartitionLedger& partition, Offset end) {
  for (const LostTail& each : partition.lost_tails)
    if (each.broker == partition.office.winner) end = std::min(end, each.from);
  return end;
}

// A leader has taken office and was judged by it. Another replica's loss counts until it has again what was committed: it may be the
// last of the ISR while it is down.
void forget_lost_tails(const Court& court, PartitionLedger& partition) {
  std::erase_if(partition.lost_tails, [&](const LostTail& each) {
    const Replica* replica = court.replica(each.broker, partition.tp);
    return each.broker == partition.office.winner || !replica || replica->log.log_end_offset() >= partition.committed.offset;
  });
}

// L20: a leader whose log begins above where an epoch of it began names its log start as the end of older ones. A follower then
// keeps records of those below it, that nobody will read, and its chain is another one although all above is the same. So it is
// compared with a replica that has what is meant.
bool agrees_with_holder(const Court& court, TopicPartition tp, const Log& log, CommittedMark mark) {
  if (log.log_end_offset() < mark.offset) return false;
  return std::any_of(court.world.brokers.begin(), court.world.brokers.end(), [&](const Broker& each) {
    const Replica* holder = court.replica(each.id, tp);
    return holder && holder->log.chain_at(mark.offset) == mark.chain && same_prefix(log, holder->log, mark.offset);
  });
}

// 4: the new leader has everything that was committed. Then the marks of the new office begin.
void judge_inheritance(Court& court, PartitionLedger& partition, const LeaderTookOffice& fact, const Log& log, bool clean) {
  const CommittedMark mark = partition.committed;
  const bool kept = mark.offset <= log.log_start_offset() || log.chain_at(mark.offset) == mark.chain ||
                    agrees_with_holder(court, fact.tp, log, mark);
  court.expect(
      PromiseId::high_watermark_never_falls, kept, fact.tp, court.node_of(fact.broker),
      [&] {
        const std::string lacks =
            log.log_end_offset() < mark.offset ? "ends at " + text(log.log_end_offset()) : "has other records below it";
        return court.partition(fact.tp) + " was committed up to offset " + text(mark.offset) + ", but the log of broker " +
               std::to_string(fact.broker) + ", which leads from epoch " + std::to_string(fact.leader_epoch) + " on, " + lacks;
      },
      clean && !lost_with_power(court, partition, mark.offset));
  // Of what was ever committed: after a loss the mark begins low, and a second one may come before it has risen again.
  const Offset known = partition.highest_high_watermark, lost = lost_from(partition, known);
  const Offset from = kept ? std::max(lost, log.log_end_offset()) : lost;
  if (lost < known && from < known) partition.lost.push_back({from, known});
  if (kept) return;
  partition.committed = {log.high_watermark(), log.chain_at(log.high_watermark()).value_or(0)};
  forget_committed_keys(court, partition, log);
  forget_commits(court, fact.tp, std::min(lost, log.log_end_offset()));
}

}  // namespace

// min.insync.replicas as this broker is to know it now.
std::int32_t min_isr_now(const Broker& broker, const Replica& replica) {
  const TopicRegistration* topic = broker.image.topic(replica.tp.topic);
  const bool of_topic = topic && topic->config.min_insync_replicas >= 0;
  return effective_min_isr(of_topic ? topic->config.min_insync_replicas : broker.config.min_insync_replicas, replica.assigned);
}

void judge_marks(Court& court, TopicPartition tp, BrokerId broker, const Log& log) {
  const Offset start = log.log_start_offset();
  const Offset mark = log.high_watermark();
  const Offset end = log.log_end_offset();
  court.expect(PromiseId::log_marks_in_order, start <= mark && mark <= end, tp, court.node_of(broker), [&] {
    return court.partition(tp) + " on broker " + std::to_string(broker) + " starts at " + text(start) +
           ", has its high watermark at " + text(mark) + " and ends at " + text(end);
  });
  judge_beginning(court, tp, broker, log);
}

void judge_agreement(Court& court, const PartitionLedger& partition, BrokerId broker, const Replica& replica) {
  const Log* leader = court.leader_log(partition);
  if (!leader || partition.office.winner == broker) return;
  const Offset below = std::min(replica.log.high_watermark(), leader->high_watermark());
  const bool agree = agree_below(replica.log, *leader, below);
  const Offset offset = agree ? below : first_difference(replica.log, *leader).value_or(below);
  court.expect(
      PromiseId::logs_agree_below_high_watermark, agree, partition.tp, court.node_of(broker),
      [&] {
        return "broker " + std::to_string(broker) + " and broker " + std::to_string(partition.office.winner) +
               ", the leader, hold different records at offset " + text(offset) + " of " + court.partition(partition.tp) +
               ", below the high watermark " + text(below);
      },
      !is_lost(partition, offset));
}

void judge(Court& court, const BatchAppended& fact) {
  const Replica* replica = court.replica(fact.broker, fact.tp);
  if (!replica) return;
  judge_marks(court, fact.tp, fact.broker, replica->log);
  PartitionLedger& partition = court.ledger.of(fact.tp);
  note_flushed(partition, fact.broker, replica->log);
  const Batch* batch = judge_density(court, fact, replica->log);
  if (batch && fact.as_leader) judge_stored(court, partition, *batch);
  if (fact.as_leader) judge_waiting(court, fact.tp, *court.broker(fact.broker), *replica);
}

void judge(Court& court, const HighWatermarkMoved& fact) {
  const Replica* replica = court.replica(fact.broker, fact.tp);
  if (!replica) return;
  judge_marks(court, fact.tp, fact.broker, replica->log);
  note_flushed(court.ledger.of(fact.tp), fact.broker, replica->log);
  if (fact.as_leader) judge_leader_mark(court, fact, *replica);
  else judge_agreement(court, court.ledger.of(fact.tp), fact.broker, *replica);
}

void judge(Court& court, const LogTruncated& fact) {
  const Broker* broker = court.broker(fact.broker);
  const Replica* replica = court.replica(fact.broker, fact.tp);
  if (!replica) return;
  PartitionLedger& partition = court.ledger.of(fact.tp);
  const bool was_empty = beginning_of(partition, fact.broker) >= fact.from;
  forget_beginning(partition, fact.broker);  // a log that is cut below its beginning begins there
  if (broker->state <= BrokerState::starting) {  // power loss, or what recovery finds: the disk's doing, not the protocol's
    note_lost_tail(partition, fact.broker, fact.to);
    return;
  }
  judge_marks(court, fact.tp, fact.broker, replica->log);
  note_flushed(partition, fact.broker, replica->log);
  const bool from_before = replica->log.latest_epoch() < partition.unclean_epoch;
  court.expect(
      PromiseId::followers_do_not_truncate_committed, fact.to >= fact.high_watermark || was_empty, fact.tp, broker->node,
      [&] {
        return "broker " + std::to_string(fact.broker) + " cut its log of " + court.partition(fact.tp) + " back to " +
               text(fact.to) + ", below its high watermark " + text(fact.high_watermark);
      },
      !from_before && !is_lost(partition, fact.to));
  if (leads(partition, fact.broker, *replica)) judge_acked(court, partition, partition.unclean_epoch < 0);
}

void judge(Court& court, const FollowerStarted& fact) {
  if (!court.replica(fact.broker, fact.tp)) return;
  judge_office(court, court.ledger.of(fact.tp), fact.tp, fact.leader, fact.leader_epoch, court.node_of(fact.broker));
}

void judge(Court& court, const LeaderTookOffice& fact) {
  const Replica* replica = court.replica(fact.broker, fact.tp);
  if (!replica) return;
  PartitionLedger& partition = court.ledger.of(fact.tp);
  judge_office(court, partition, fact.tp, fact.broker, fact.leader_epoch, court.node_of(fact.broker));
  if (fact.leader_epoch < partition.office.epoch) return;  // one that has not heard of its deposition
  const bool clean = partition.unclean_epoch <= partition.office.epoch;
  partition.office = {fact.leader_epoch, fact.broker};
  partition.office_step = court.world.fabric.step;
  partition.office_high_watermark = replica->log.high_watermark();
  judge_marks(court, fact.tp, fact.broker, replica->log);
  judge_inheritance(court, partition, fact, replica->log, clean);
  judge_acked(court, partition, clean);
  judge_commits_within(court, partition, clean);
  forget_lost_tails(court, partition);
}

}  // namespace nutshell
