// Promises of the controller: what is committed in the metadata log, and what brokers make of it.
#include <algorithm>

#include "sim/check/court.h"

namespace nutshell {

namespace {

std::string list(const BrokerList& brokers) {
  std::string text = "[";
  for (std::int16_t each : brokers) text += (text.size() > 1 ? ", " : "") + std::to_string(each);
  return text + "]";
}

bool is_subset(const BrokerList& part, const BrokerList& whole) {
  return std::all_of(part.begin(), part.end(), [&](std::int16_t each) { return whole.contains(each); });
}

void judge_epochs(Court& court, TopicPartition tp, const PartitionRegistration& before, const PartitionRegistration& after) {
  const bool higher = after.partition_epoch > before.partition_epoch && after.leader_epoch >= before.leader_epoch;
  const bool led_anew = after.leader != before.leader;
  court.expect(PromiseId::epochs_increase, higher && (!led_anew || after.leader_epoch > before.leader_epoch), tp, kNoNode, [&] {
    return court.partition(tp) + " went from leader " + std::to_string(before.leader) + ", leader epoch " +
           std::to_string(before.leader_epoch) + ", partition epoch " + std::to_string(before.partition_epoch) + " to leader " +
           std::to_string(after.leader) + ", leader epoch " + std::to_string(after.leader_epoch) + ", partition epoch " +
           std::to_string(after.partition_epoch);
  });
}

void note_election(PartitionLedger& partition, const PartitionRegistration& state, bool unclean) {
  if (state.leader == kNoBroker) return;
  partition.elected.push_back({state.leader_epoch, state.leader});
  if (unclean) partition.unclean_epoch = state.leader_epoch;
}

void judge_partition(Court& court, const PartitionRecord& record) {
  const PartitionRegistration& after = record.state;
  judge_registration(court, record.tp, after);
  PartitionLedger& partition = court.ledger.of(record.tp);
  const PartitionRegistration* before = court.ledger.image.partition(record.tp);
  if (!before || before->replicas.empty()) return note_election(partition, after, false);
  judge_epochs(court, record.tp, *before, after);
  const bool unclean = after.leader != kNoBroker && !before->isr.contains(static_cast<std::int16_t>(after.leader));
  if (after.leader_epoch != before->leader_epoch) note_election(partition, after, unclean);
}

void judge_new_broker(Court& court, const RegisterBrokerRecord& record) {
  const BrokerRegistration* before = court.ledger.image.broker(record.id);
  const Offset epoch = court.ledger.image.end_offset();
  court.expect(PromiseId::broker_epochs_increase, !before || epoch > before->broker_epoch, {}, record.node, [&] {
    return "broker " + std::to_string(record.id) + " got broker epoch " + std::to_string(epoch) + " after " +
           std::to_string(before->broker_epoch);
  });
}

// R14: without ELR the last member of an ISR stays in it, and leads nothing.
bool may_stay(const PartitionRegistration& state) { return state.isr.size() == 1 && state.leader == kNoBroker; }

void judge_membership(Court& court, TopicPartition tp) {
  const MetadataImage& image = court.ledger.image;
  const PartitionRegistration* state = image.partition(tp);
  if (!state) return;
  const auto fenced = std::find_if(state->isr.begin(), state->isr.end(), [&](std::int16_t each) { return !image.active(each); });
  court.expect(PromiseId::no_fenced_broker_in_isr, fenced == state->isr.end() || may_stay(*state), tp, kNoNode, [&] {
    return "broker " + std::to_string(*fenced) + ", which is fenced or shutting down, is in the ISR " + list(state->isr) + " of " +
           court.partition(tp) + ", which broker " + std::to_string(state->leader) + " leads";
  });
}

void judge_all_memberships(Court& court) {
  for (const auto& topic : court.ledger.image.topics())
    for (std::size_t i = 0; i < topic->partitions.size(); ++i)
      judge_membership(court, {topic->topic, static_cast<std::int32_t>(i)});
}

// Brokers that have applied all that was committed until now show the last changes as committed.
void judge_images(Court& court) {
  const MetadataImage& truth = court.ledger.image;
  for (const Broker& broker : court.world.brokers) {
    if (broker.image.end_offset() != truth.end_offset()) continue;
    for (TopicPartition tp : court.ledger.last_changed) {
      const PartitionRegistration* seen = broker.image.partition(tp);
      const PartitionRegistration* committed = truth.partition(tp);
      const bool same = seen && committed ? *seen == *committed : seen == committed;
      court.expect(PromiseId::broker_images_agree, same, tp, broker.node, [&] {
        return court.names.node(broker.node) + " has applied all committed metadata but sees " + court.partition(tp) +
               " in another state than is committed";
      });
    }
  }
}

// Puts one committed entry into the truth. True if it may have fenced a broker.
bool commit(Court& court, const MetadataEntry& entry) {
  Ledger& ledger = court.ledger;
  if (const auto* partition = std::get_if<PartitionRecord>(&entry.record)) {
    judge_partition(court, *partition);
    ledger.last_changed.push_back(partition->tp);
  }
  if (const auto* gone = std::get_if<RemoveTopicRecord>(&entry.record)) ledger.forget(gone->topic);
  if (const auto* registered = std::get_if<RegisterBrokerRecord>(&entry.record)) judge_new_broker(court, *registered);
  ledger.image.apply(ledger.image.end_offset(), entry.record);
  ledger.metadata.push_back({digest_of(entry), entry.epoch});
  return std::holds_alternative<RegisterBrokerRecord>(entry.record) ||
         std::holds_alternative<BrokerRegistrationChangeRecord>(entry.record);
}

}  // namespace

void judge_registration(Court& court, TopicPartition tp, const PartitionRegistration& state) {
  court.expect(PromiseId::isr_within_replicas, !state.isr.empty() && is_subset(state.isr, state.replicas), tp, kNoNode, [&] {
    return "the ISR " + list(state.isr) + " of " + court.partition(tp) + " is not a part of its replicas " + list(state.replicas);
  });
  const bool in_sync = state.leader == kNoBroker || state.isr.contains(static_cast<std::int16_t>(state.leader));
  court.expect(PromiseId::leader_in_isr, in_sync, tp, court.node_of(state.leader), [&] {
    return "broker " + std::to_string(state.leader) + " leads " + court.partition(tp) + " without being in its ISR " + list(state.isr);
  });
}

void judge(Court& court, const TopicCreated& fact) { court.ledger.open(fact.topic, fact.partitions); }

void judge(Court& court, const PartitionsCreated& fact) { court.ledger.open(fact.topic, fact.partitions); }

void judge(Court& court, const MetadataCommitted& fact) {
  judge_majority(court, fact);
  const Raft* raft = court.raft(fact.node);
  Ledger& ledger = court.ledger;
  if (!raft || fact.high_watermark <= ledger.image.end_offset() || fact.high_watermark > raft->end_offset()) return;
  judge_images(court);
  ledger.last_changed.clear();
  bool brokers_changed = false;
  while (ledger.image.end_offset() < fact.high_watermark)
    if (commit(court, raft->log[static_cast<std::size_t>(ledger.image.end_offset())])) brokers_changed = true;
  if (brokers_changed) return judge_all_memberships(court);
  for (std::size_t i = 0; i < ledger.last_changed.size(); ++i) judge_membership(court, ledger.last_changed[i]);
}

// Only who has written it when all that was committed was in it can be held to the truth; the leader always has.
void judge(Court& court, const MetadataSnapshotTaken& fact) {
  const Raft* raft = court.raft(fact.node);
  const MetadataImage& truth = court.ledger.image;
  if (!raft || raft->snapshots.empty() || fact.end_offset != truth.end_offset()) return;
  const MetadataSnapshot& snapshot = raft->snapshots.back();
  if (snapshot.end_offset() != fact.end_offset) return;
  const bool same = digest_of(snapshot.image) == digest_of(truth) && snapshot.epoch == court.ledger.metadata.back().epoch;
  court.expect(PromiseId::broker_images_agree, same, {}, fact.node, [&] {
    return "the snapshot that " + court.names.node(fact.node) + " has written is not what the first " + std::to_string(fact.end_offset) +
           " entries of the metadata log say";
  });
}

void judge(Court& court, const BrokerUnfenced& fact) {
  const Broker* broker = court.broker(fact.broker);
  if (!broker || broker->broker_epoch < 0) return;  // a late heartbeat of a process that is gone
  auto& known = court.ledger.broker_epochs;
  auto found = std::find_if(known.begin(), known.end(), [&](const KnownBrokerEpoch& each) { return each.broker == fact.broker; });
  if (found == known.end()) found = known.insert(known.end(), {fact.broker, -1});
  court.expect(PromiseId::broker_epochs_increase, broker->broker_epoch >= found->broker_epoch, {}, broker->node, [&] {
    return court.names.node(broker->node) + " had broker epoch " + std::to_string(found->broker_epoch) + ", and now has " +
           std::to_string(broker->broker_epoch);
  });
  found->broker_epoch = broker->broker_epoch;
}

}  // namespace nutshell
