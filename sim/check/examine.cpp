// What can only be judged by looking at everything.
#include <algorithm>

#include "sim/check/court.h"

namespace nutshell {

namespace {

void examine_replicas(Court& court, const Broker& broker) {
  for (const Replica& replica : broker.replicas) {
    if (!court.is_present(replica)) continue;
    judge_marks(court, replica.tp, broker.id, replica.log);
    const PartitionLedger* partition = court.ledger.find(replica.tp);
    if (partition && broker.state == BrokerState::running) judge_agreement(court, *partition, broker.id, replica);
  }
}

void examine_registrations(Court& court) {
  for (const auto& topic : court.ledger.image.topics())
    for (std::size_t i = 0; i < topic->partitions.size(); ++i)
      judge_registration(court, {topic->topic, static_cast<std::int32_t>(i)}, topic->partitions[i]);
}

// A log as long as the committed one may end in entries that nobody confirmed. Whose last entry is the committed one
// has all before it too (K1).
bool has_committed(const Raft& raft, const SharedLog<CommittedEntry>& committed) {
  const auto end = static_cast<Offset>(committed.size());
  if (raft.end_offset() < end) return false;
  if (end <= raft.start_offset()) return true;  // a snapshot is of what is committed
  return digest_of(raft.log[committed.size() - 1]) == committed[committed.size() - 1].digest;
}

// The voter that has all committed metadata; nullptr: none has, which is a breach of its own.
const Raft* source_of_truth(const Court& court) {
  for (NodeId voter : court.world.commons.voters)
    if (const Raft* raft = court.raft(voter); raft && has_committed(*raft, court.ledger.metadata)) return raft;
  return nullptr;
}

// Images end anywhere in the committed log; it is replayed once for all of them, from the first snapshot on if its beginning
// is gone. What a snapshot says is judged when it is written.
void examine_images(Court& court) {
  std::vector<const Broker*> brokers;
  for (const Broker& each : court.world.brokers) brokers.push_back(&each);
  std::stable_sort(brokers.begin(), brokers.end(),
                   [](const Broker* a, const Broker* b) { return a->image.end_offset() < b->image.end_offset(); });
  const Raft* source = source_of_truth(court);
  if (!source) return;
  const auto committed = static_cast<Offset>(court.ledger.metadata.size());
  MetadataImage replayed;
  if (source->start_offset() > 0) replayed = source->snapshots.front().image;
  for (const Broker* broker : brokers) {
    if (broker->image.end_offset() < replayed.end_offset()) continue;
    const Offset end = std::min(broker->image.end_offset(), committed);
    while (replayed.end_offset() < end)
      replayed.apply(replayed.end_offset(), source->log[static_cast<std::size_t>(replayed.end_offset())].record);
    court.expect(PromiseId::broker_images_agree, digest_of(broker->image) == digest_of(replayed), {}, broker->node, [&] {
      return "what " + court.names.node(broker->node) + " knows of the cluster is not what the first " +
             std::to_string(broker->image.end_offset()) + " entries of the metadata log say, of which " + std::to_string(committed) +
             " are committed";
    });
  }
}

// Metadata logs agree below what their owners know to be committed.
void examine_metadata(Court& court, NodeId node) {
  const Raft* raft = court.raft(node);
  const SharedLog<CommittedEntry>& committed = court.ledger.metadata;
  const auto known = std::min(static_cast<std::size_t>(raft->high_watermark), committed.size());
  std::size_t agreed = raft->log.begin_index();
  while (agreed < known && digest_of(raft->log[agreed]) == committed[agreed].digest) ++agreed;
  court.expect(PromiseId::committed_metadata_survives, agreed >= known, {}, node, [&] {
    return court.names.node(node) + " holds another entry at offset " + std::to_string(agreed) + " of the metadata log than is committed";
  });
}

}  // namespace

void Judge::examine(const World& world, std::vector<Fact>& facts) {
  const std::size_t known = breaches_.size();
  Court court{world, ledger_, breaches_, trials_};
  judge_simulation(court);
  examine_registrations(court);
  for (const Broker& each : world.brokers) {
    examine_replicas(court, each);
    examine_metadata(court, each.node);
  }
  for (const Controller& each : world.controllers) examine_metadata(court, each.node);
  examine_images(court);
  for (PartitionLedger& each : ledger_.partitions) {
    if (each.tp.topic < 0) continue;  // its topic has grown, and it has moved
    judge_acked(court, each, each.unclean_epoch < 0);
    judge_commits_within(court, each, each.unclean_epoch < 0);
  }
  for (const Producer& each : world.producers) judge_conservation(court, each);
  tell(world, breaches_, known, facts);
}

}  // namespace nutshell
