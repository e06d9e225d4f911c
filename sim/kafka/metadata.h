// The metadata log's records and the image that replaying them gives (K1, R11-R15).
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/inline_list.h"
#include "sim/core/types.h"
#include "sim/kafka/config.h"

namespace nutshell {

// Replicas of one partition, in assignment order; at most 15.
using BrokerList = InlineList<std::int16_t, 15>;

// A partition as the controller registered it. Leader -1: none.
struct PartitionRegistration {
  BrokerList replicas;
  BrokerList isr;
  BrokerId leader = kNoBroker;
  Epoch leader_epoch = 0;
  std::int32_t partition_epoch = 0;
  bool recovering = false;  // LeaderRecoveryState, after an unclean election
  friend bool operator==(const PartitionRegistration&, const PartitionRegistration&) = default;
  NUTSHELL_FIELDS(PartitionRegistration, replicas, isr, leader, leader_epoch, partition_epoch, recovering)
};

// A broker as the controller registered it. The broker epoch is the offset of its registration (R11).
struct BrokerRegistration {
  BrokerId id = kNoBroker;
  NodeId node = kNoNode;
  std::int32_t incarnation = 0;
  Offset broker_epoch = -1;
  bool fenced = true;
  bool in_controlled_shutdown = false;
  friend bool operator==(const BrokerRegistration&, const BrokerRegistration&) = default;
  NUTSHELL_FIELDS(BrokerRegistration, id, node, incarnation, broker_epoch, fenced, in_controlled_shutdown)
};

struct TopicRegistration {
  TopicId topic = -1;  // interned name
  TopicConfig config;
  std::vector<PartitionRegistration> partitions;
  NUTSHELL_FIELDS(TopicRegistration, topic, config, partitions)
};

// records

struct LeaderChangeRecord {  // the first record of a controller's epoch (K5)
  NodeId leader = kNoNode;
  NUTSHELL_FIELDS(LeaderChangeRecord, leader)
};
struct RegisterBrokerRecord {
  BrokerId id = kNoBroker;
  NodeId node = kNoNode;
  std::int32_t incarnation = 0;
  NUTSHELL_FIELDS(RegisterBrokerRecord, id, node, incarnation)
};
struct BrokerRegistrationChangeRecord {
  BrokerId id = kNoBroker;
  bool fenced = false;
  bool in_controlled_shutdown = false;
  NUTSHELL_FIELDS(BrokerRegistrationChangeRecord, id, fenced, in_controlled_shutdown)
};
struct TopicRecord {
  TopicId topic = -1;
  std::int32_t partitions = 0;  // how many PartitionRecords follow
  NUTSHELL_FIELDS(TopicRecord, topic, partitions)
};
struct TopicConfigRecord {
  TopicId topic = -1;
  TopicConfig config;
  NUTSHELL_FIELDS(TopicConfigRecord, topic, config)
};
// A new partition, or the whole new state of a known one (Kafka writes only what changed).
struct PartitionRecord {
  TopicPartition tp;
  PartitionRegistration state;
  NUTSHELL_FIELDS(PartitionRecord, tp, state)
};
struct ProducerIdsRecord {  // the next block of 1000 producer ids begins here (K8)
  std::int64_t next_producer_id = 0;
  NUTSHELL_FIELDS(ProducerIdsRecord, next_producer_id)
};

using MetadataRecord = std::variant<LeaderChangeRecord, RegisterBrokerRecord, BrokerRegistrationChangeRecord,
                                    TopicRecord, TopicConfigRecord, PartitionRecord, ProducerIdsRecord>;

// One entry of the metadata log. `because` is the step that made the controller write it: it lets
// "why?" walk from any broker's reaction back to what the controller saw; it is no part of the value.
struct MetadataEntry {
  Epoch epoch = 0;
  Step because = kNoStep;
  MetadataRecord record;
  void fold_into(std::uint64_t& digest) const {
    fold(digest, epoch);
    fold(digest, record);
  }
};

// image

// The state that a prefix of the metadata log describes. Copies share topics until one changes.
class MetadataImage {
 public:
  // Applies the record at `offset`; offsets come in order.
  void apply(Offset offset, const MetadataRecord& record);

  // Offset after the last record applied.
  Offset end_offset() const { return end_offset_; }
  const std::vector<BrokerRegistration>& brokers() const { return brokers_; }  // by id
  const BrokerRegistration* broker(BrokerId id) const;                       // nullptr: never registered
  // Unfenced and not shutting down: may lead and may join an ISR (R14, KIP-841).
  bool active(BrokerId id) const;
  const std::vector<std::shared_ptr<const TopicRegistration>>& topics() const { return topics_; }  // by creation
  const TopicRegistration* topic(TopicId topic) const;       // nullptr: unknown
  const PartitionRegistration* partition(TopicPartition tp) const;  // nullptr: unknown
  std::int64_t next_producer_id() const { return next_producer_id_; }
  void fold_into(std::uint64_t& digest) const;

 private:
  TopicRegistration& change(TopicId topic);

  Offset end_offset_ = 0;
  std::int64_t next_producer_id_ = 0;
  std::vector<BrokerRegistration> brokers_;
  std::vector<std::shared_ptr<const TopicRegistration>> topics_;
  std::vector<std::int32_t> topic_index_;  // interned name -> index into topics_, -1: none
};

// min(min.insync.replicas, number of replicas): what acks=all and the high watermark need (R8).
std::int32_t effective_min_isr(std::int64_t min_insync_replicas, const BrokerList& replicas);

}  // namespace nutshell
