// What the judge remembers: what clients were told, what was committed, who was elected.
//
// A value, cheap to copy: what grows with the run is shared (SharedLog), the rest is small and dense.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/require.h"
#include "sim/core/shared.h"
#include "sim/core/shared_log.h"
#include "sim/core/types.h"
#include "sim/kafka/metadata.h"

namespace nutshell {

// --- partitions ---

// A batch that a producer was told is stored (acks=1 or all).
struct AckedBatch {
  Offset base_offset = 0;
  std::uint64_t chain = 0;    // of the log of the leader of that time, up to and including the batch
  std::uint64_t content = 0;  // of the batch, whatever cleaners have left of it
  std::int64_t first_record = 0;
  Time at = 0;              // when the producer was told
  std::int32_t count = 0;
  NodeId producer = kNoNode;
  std::int8_t acks = 0;
  NUTSHELL_FIELDS(AckedBatch, base_offset, chain, content, first_record, at, count, producer, acks)
};

// A batch of which records were given to a consumer, and its content.
struct DeliveredBatch {
  Offset base_offset = 0;
  Offset next_offset = 0;
  std::uint64_t content = 0;
  NUTSHELL_FIELDS(DeliveredBatch, base_offset, next_offset, content)
};

// An entry of the metadata log that was committed: its digest and its epoch.
struct CommittedEntry {
  std::uint64_t digest = 0;
  Epoch epoch = 0;
  NUTSHELL_FIELDS(CommittedEntry, digest, epoch)
};

// Whom the controller elected for a leader epoch; of the quorum, who won an epoch (a node).
struct Elected {
  Epoch epoch = -1;
  std::int32_t winner = -1;
  NUTSHELL_FIELDS(Elected, epoch, winner)
};

// The highest serial number of one producer's records that a leader of the partition has appended, and the highest
// index in the record store of one that was acknowledged; -1: none.
struct LastSerial {
  NodeId producer = kNoNode;
  std::int64_t serial = -1;
  std::int64_t acked = -1;
  NUTSHELL_FIELDS(LastSerial, producer, serial, acked)
};

// Offsets that were committed when power or a disk took them from the leader. What was promised of them ended with them; of all
// others it holds.
struct LostRange {
  Offset from = 0, to = 0;
  NUTSHELL_FIELDS(LostRange, from, to)
};

// A replica lost what it had from this offset on, because its machine lost power.
struct LostTail {
  BrokerId broker = kNoBroker;
  Offset from = 0;
  LostRange on_disk;  // what of it was on its disk: no loss of power may take that
  NUTSHELL_FIELDS(LostTail, broker, from, on_disk)
};

// What of a replica's log lay on its disk when something was last heard of it; of one of which nothing did there is none.
struct FlushedLog {
  BrokerId broker = kNoBroker;
  Offset below = 0;
  NUTSHELL_FIELDS(FlushedLog, broker, below)
};

// A high watermark, or where a reader stood, and the chain of a log below it.
struct CommittedMark {
  Offset offset = 0;
  std::uint64_t chain = 0;
  NUTSHELL_FIELDS(CommittedMark, offset, chain)
};

// The newest committed record of a key in a compacted partition.
struct LatestOfKey {
  std::int32_t key = -1;
  Offset offset = 0;
  bool tombstone = false;
  NUTSHELL_FIELDS(LatestOfKey, key, offset, tombstone)
};

// Where a replica's log began, once it did not begin at 0.
struct LogBeginning {
  BrokerId broker = kNoBroker;
  Offset offset = 0;
  NUTSHELL_FIELDS(LogBeginning, broker, offset)
};

struct PartitionLedger {
  TopicPartition tp;
  Elected office;                   // the highest leader epoch that took office, and its broker
  Step office_step = kNoStep;       // when it did
  Offset office_high_watermark = 0;  // of that leader, as last seen
  CommittedMark committed;          // the highest high watermark of leaders, since the last loss
  Offset highest_high_watermark = 0;  // ever
  Epoch unclean_epoch = -1;         // of the last unclean election; -1: there was none
  std::vector<Elected> elected;     // leader epochs with a leader, as committed
  SharedLog<AckedBatch, 32> acked;          // by base offset
  SharedLog<DeliveredBatch, 32> delivered;  // by offset; what lies before the first one is not remembered
  std::vector<LastSerial> serials;
  std::vector<LostTail> lost_tails;         // of copies, until they have these records again
  std::vector<LostRange> lost;              // by time: a leader took office without them
  Shared<std::vector<LatestOfKey>> latest;  // by key; only of compacted topics
  std::vector<LogBeginning> beginnings;
  std::vector<FlushedLog> flushed;
  NUTSHELL_FIELDS(PartitionLedger, tp, office, office_step, office_high_watermark, committed, highest_high_watermark,
                  unclean_epoch, elected, acked, delivered, serials, lost_tails, lost, latest, beginnings, flushed)
};

// Where the ledgers of a topic's partitions stand.
struct TopicPlace {
  std::int32_t first = 0;
  std::int32_t count = 0;
  NUTSHELL_FIELDS(TopicPlace, first, count)
};

// --- clients ---

struct ProducerLedger {
  NodeId node = kNoNode;
  std::int64_t forgotten = 0;  // records whose fate died with their process
  NUTSHELL_FIELDS(ProducerLedger, node, forgotten)
};

// Where a consumer reads on in a partition.
struct Reading {
  GroupId group = -1;
  TopicPartition tp;
  Offset next = 0;
  std::uint64_t chain = 0;           // of the log up to the batch that it was given last; 0: nothing to follow on
  std::vector<CommittedMark> stood;  // where it stood after its last polls: a commit comes a little later
  NUTSHELL_FIELDS(Reading, group, tp, next, chain, stood)
};

struct ConsumerLedger {
  NodeId node = kNoNode;
  std::vector<Reading> readings;
  NUTSHELL_FIELDS(ConsumerLedger, node, readings)
};

// A partition as a group uses it.
struct GroupPartition {
  TopicPartition tp;
  std::int32_t assigned_generation = -1;  // by the coordinator
  std::int32_t assigned_member = -1;
  std::int32_t owned_generation = -1;     // as its owner knows
  NodeId owner = kNoNode;
  bool owner_is_new = false;              // it has not set its position yet
  std::int32_t commit_generation = -1;
  Offset commit_log_offset = -1;          // of that commit in __consumer_offsets
  Offset committed = -1;
  std::uint64_t committed_chain = 0;      // as Reading::chain
  Offset committed_before_owner = -1;     // when the owner got the partition
  Offset processed = -1;                  // end of what the group has worked off; -1: it has not begun
  NUTSHELL_FIELDS(GroupPartition, tp, assigned_generation, assigned_member, owned_generation, owner, owner_is_new,
                  commit_generation, commit_log_offset, committed, committed_chain, committed_before_owner, processed)
};

struct GroupLedger {
  GroupId group = -1;
  std::int32_t generation = -1;            // the last stable one
  bool set_back = false;                   // its partition of __consumer_offsets has lost something: generations may come again
  std::vector<GroupPartition> partitions;  // sorted by partition
  NUTSHELL_FIELDS(GroupLedger, group, generation, set_back, partitions)
};

// --- quorum and brokers ---

struct VoteCast {
  NodeId voter = kNoNode;
  Epoch epoch = -1;
  NodeId candidate = kNoNode;
  NUTSHELL_FIELDS(VoteCast, voter, epoch, candidate)
};

// The broker epoch that a broker knew of itself when it was unfenced last.
struct KnownBrokerEpoch {
  BrokerId broker = kNoBroker;
  Offset broker_epoch = -1;
  NUTSHELL_FIELDS(KnownBrokerEpoch, broker, broker_epoch)
};

struct Ledger {
  Time now = 0;
  std::vector<TopicPlace> topics;  // by interned name
  std::vector<PartitionLedger> partitions;
  std::vector<ProducerLedger> producers;
  std::vector<ConsumerLedger> consumers;
  std::vector<GroupLedger> groups;
  std::vector<Elected> controllers;
  std::vector<VoteCast> votes;
  std::vector<KnownBrokerEpoch> broker_epochs;
  MetadataImage image;                     // of all committed metadata
  SharedLog<CommittedEntry> metadata;      // all that ever were
  std::vector<TopicPartition> last_changed;  // partitions in the last commit of metadata
  NUTSHELL_FIELDS(Ledger, now, topics, partitions, producers, consumers, groups, controllers, votes, broker_epochs, image,
                  metadata, last_changed)

  // The ledger of a partition; opened when it is not there yet. The reference lasts until another is opened.
  PartitionLedger& of(TopicPartition tp) {
    NUTSHELL_REQUIRE(tp.topic >= 0 && tp.partition >= 0);
    const auto topic = static_cast<std::size_t>(tp.topic);
    if (topic >= topics.size() || tp.partition >= topics[topic].count) open(tp.topic, tp.partition + 1);
    return partitions[static_cast<std::size_t>(topics[topic].first + tp.partition)];
  }
  // nullptr: nothing was ever noted about it.
  const PartitionLedger* find(TopicPartition tp) const;
  // Opens the ledgers of a topic side by side.
  void open(TopicId topic, std::int32_t partitions);
  // The topic is no more: nothing was said about the next of that name.
  void forget(TopicId topic);
  ProducerLedger& of_producer(NodeId node);
  ConsumerLedger& of_consumer(NodeId node);
  GroupLedger& of_group(GroupId group);
  std::size_t copy_bytes() const;  // that a copy takes
};

// The partition in the group's ledger, made when absent.
GroupPartition& partition_of(GroupLedger& group, TopicPartition tp);

}  // namespace nutshell
