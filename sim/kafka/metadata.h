// The metadata log's records and the image that replaying them gives (K1, R11-R15).
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/inline_list.h"
#include "sim/core/names.h"
#include "sim/core/shared_log.h"
#include "sim/core/types.h"
#include "sim/kafka/config.h"

namespace nutshell {

// Which topic of its name, counted from 0: name and number stand for the random id that Kafka gives to each (KIP-516). The
// first of a name says nothing, and is folded into no digest.
struct Incarnation {
  std::int32_t number = 0;
  constexpr Incarnation(std::int32_t nth = 0) : number(nth) {}
  constexpr operator std::int32_t() const { return number; }
  void fold_into(std::uint64_t& digest) const {
    if (number != 0) fold(digest, number);
  }
};

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

// Log directories of a broker, a bit each.
using DirectorySet = std::uint32_t;
constexpr bool has_directory(DirectorySet set, std::int32_t directory) { return (set >> directory & 1u) != 0; }

// A rack by its name, which is empty for none; and back.
inline RackId rack_of(Names& names, const std::string& rack) { return rack.empty() ? RackId{} : RackId{names.intern(rack)}; }
inline std::string rack_name(const Names& names, RackId rack) { return rack == RackId{} ? "" : names[rack]; }

// A broker as the controller registered it. The broker epoch is the offset of its registration (R11).
struct BrokerRegistration {
  BrokerId id = kNoBroker;
  NodeId node = kNoNode;
  std::int32_t incarnation = 0;
  Offset broker_epoch = -1;
  bool fenced = true;
  bool in_controlled_shutdown = false;
  Rare<DirectorySet> offline;
  Rare<RackId> rack;  // broker.rack
  friend bool operator==(const BrokerRegistration&, const BrokerRegistration&) = default;
  NUTSHELL_FIELDS(BrokerRegistration, id, node, incarnation, broker_epoch, fenced, in_controlled_shutdown, offline, rack)
};

// In which directory of a broker a replica is; told by brokers with several (KIP-858).
struct ReplicaDirectory {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  std::int32_t directory = 0;
  NUTSHELL_FIELDS(ReplicaDirectory, tp, broker, directory)
};

// The partitions of a topic, by number. Copies share them by the chunk until one of a chunk changes.
class PartitionTable {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const PartitionRegistration& operator[](std::size_t index) const { return (*chunks_[index / kChunk])[index % kChunk]; }
  const PartitionRegistration& front() const { return (*this)[0]; }
  // Partitions in between that nobody has told of are as registered by default.
  void set(std::size_t index, const PartitionRegistration& state);
  void fold_into(std::uint64_t& digest) const;
  std::size_t chunk_bytes() const;  // of all chunks, shared or not

 private:
  static constexpr std::size_t kChunk = 64;
  using Chunk = std::vector<PartitionRegistration>;
  Chunk& own(std::size_t chunk);

  std::vector<std::shared_ptr<const Chunk>> chunks_;
  std::size_t size_ = 0;
};

struct TopicRegistration {
  TopicId topic = -1;  // interned name
  TopicConfig config;
  PartitionTable partitions;
  Incarnation incarnation;
  NUTSHELL_FIELDS(TopicRegistration, topic, config, partitions, incarnation)
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
  Rare<DirectorySet> offline;
  Rare<RackId> rack;
  NUTSHELL_FIELDS(RegisterBrokerRecord, id, node, incarnation, offline, rack)
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
struct RemoveTopicRecord {  // with its partitions and its configuration
  TopicId topic = -1;
  NUTSHELL_FIELDS(RemoveTopicRecord, topic)
};
struct DirectoriesOfflineRecord {  // of a broker, all that are
  BrokerId id = kNoBroker;
  DirectorySet offline = 0;
  NUTSHELL_FIELDS(DirectoriesOfflineRecord, id, offline)
};
struct ReplicaDirectoryRecord {  // Kafka: a PartitionChangeRecord
  ReplicaDirectory placed;
  NUTSHELL_FIELDS(ReplicaDirectoryRecord, placed)
};

using MetadataRecord = std::variant<LeaderChangeRecord, RegisterBrokerRecord, BrokerRegistrationChangeRecord,
                                    TopicRecord, TopicConfigRecord, PartitionRecord, ProducerIdsRecord, RemoveTopicRecord,
                                    DirectoriesOfflineRecord, ReplicaDirectoryRecord>;

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

// Copies share what has been written.
using MetadataLog = SharedLog<MetadataEntry, 64>;

// The end of a metadata log, on its way to another process: all from `first` on. It goes as the log, so that it is there once
// for all that are sent it.
struct MetadataStretch {
  MetadataLog log;
  std::size_t first = 0;
  std::size_t size() const { return log.size() - first; }
  bool empty() const { return size() == 0; }
  void fold_into(std::uint64_t& digest) const {
    digest = mix(digest, size());
    for (std::size_t i = first; i < log.size(); ++i) fold(digest, log[i]);
  }
};

// What a record is reckoned at on disk and on the wire. Kafka: what its fields take, some 20 to 100 bytes with its framing.
inline constexpr std::int64_t kMetadataRecordBytes = 80;

// image

// The state that a prefix of the metadata log describes. A copy is a pointer: it shares everything until one changes, and
// then all but what has changed.
class MetadataImage {
 public:
  // Applies the record at `offset`; offsets come in order.
  void apply(Offset offset, const MetadataRecord& record);

  // Offset after the last record applied.
  Offset end_offset() const { return state_->end_offset; }
  const std::vector<BrokerRegistration>& brokers() const { return state_->brokers; }  // by id
  const BrokerRegistration* broker(BrokerId id) const;                              // nullptr: never registered
  // Unfenced and not shutting down: may lead and may join an ISR (R14, KIP-841).
  bool active(BrokerId id) const;
  const std::vector<std::shared_ptr<const TopicRegistration>>& topics() const { return state_->topics; }  // by creation
  const TopicRegistration* topic(TopicId topic) const {             // nullptr: unknown
    if (topic < 0 || topic >= static_cast<std::int32_t>(state_->topic_index.size())) return nullptr;
    const std::int32_t index = state_->topic_index[static_cast<std::size_t>(topic)];
    return index < 0 ? nullptr : state_->topics[static_cast<std::size_t>(index)].get();
  }
  const PartitionRegistration* partition(TopicPartition tp) const;  // nullptr: unknown
  // Of the topic of that name, or of the next one if there is none.
  Incarnation incarnation(TopicId topic) const {
    const auto index = static_cast<std::size_t>(topic);
    return topic >= 0 && index < state_->removed.size() ? state_->removed[index] : Incarnation();
  }
  // The directory in which a broker has its replica of a partition; 0 where it has not said.
  std::int32_t directory(TopicPartition tp, BrokerId broker) const;
  // As far as is known: the directory of that replica has not failed.
  bool directory_online(TopicPartition tp, BrokerId broker) const;
  std::int64_t next_producer_id() const { return state_->next_producer_id; }
  // How many records say it all, as a snapshot does: one for each thing that there is.
  std::int64_t records() const;
  void fold_into(std::uint64_t& digest) const;
  const void* identity() const { return state_.get(); }  // equal for copies that share everything

 private:
  struct State {
    Offset end_offset = 0;
    std::int64_t next_producer_id = 0;
    std::vector<BrokerRegistration> brokers;
    std::vector<std::shared_ptr<const TopicRegistration>> topics;
    std::vector<std::int32_t> topic_index;  // interned name -> index into topics, -1: none
    std::vector<ReplicaDirectory> directories;  // by partition and broker
    std::vector<Incarnation> removed;       // interned name -> how many topics of that name there were before
  };
  static const std::shared_ptr<State>& nothing();
  State& own();
  TopicRegistration& change(TopicId topic);
  void remove(TopicId topic);

  std::shared_ptr<State> state_ = nothing();
};

// A snapshot of the metadata log (K7): all that it says below an offset. Offset and epoch of its last record are its name, and
// tell what is in it (K1): nothing else goes into a digest. Copies, and processes that know the same, share the image.
struct MetadataSnapshot {
  Epoch epoch = -1;  // of the last record in it; -1: there is no snapshot
  Time taken = 0;
  MetadataImage image;
  Offset end_offset() const { return image.end_offset(); }
  std::int64_t size_in_bytes() const { return image.records() * kMetadataRecordBytes; }
  void fold_into(std::uint64_t& digest) const {
    fold(digest, end_offset());
    fold(digest, epoch);
    fold(digest, taken);
  }
};

// The images that processes have come to last. All that have applied the same records share one: what the end of a prefix
// of the metadata log is (offset, and epoch of the last record) tells all of it (K1). No part of any value.
class SharedImages {
 public:
  // Brings `image` to the end of a prefix of `log`: to what another process has made of it, or by applying. REQUIRES the log
  // still has all that `image` lacks.
  void bring(MetadataImage& image, const MetadataLog& log, Offset end);
  // An image of that prefix, for others.
  void offer(const MetadataImage& image, Epoch last_epoch);

 private:
  struct Known {
    Epoch last_epoch = -1;
    MetadataImage image;
  };
  static constexpr std::size_t kKept = 8;
  std::vector<Known> known_;  // the latest last
};

// Which records of a stretch of the metadata log a broker has to look at, found out once for all brokers that come to know the
// same stretch; in a large cluster most are about partitions of others. No part of any value.
class SharedStretches {
 public:
  // The offsets of the records of [first, end) that concern the broker, ascending: those of partitions that it has replicas
  // of, and all that are not about a partition. REQUIRES the log holds them, and they are committed.
  std::vector<Offset> concerning(BrokerId broker, const MetadataLog& log, Offset first, Offset end);

 private:
  struct Stretch {
    Offset first = 0, end = 0;
    Epoch last_epoch = -1;  // with the end it tells all of it (K1)
    std::vector<std::pair<std::int16_t, Offset>> of_partitions;  // by broker and offset
    std::vector<Offset> of_all;
  };
  const Stretch& stretch(const MetadataLog& log, Offset first, Offset end);

  static constexpr Offset kShort = 64;  // is looked through by each for itself
  static constexpr std::size_t kKept = 8;
  std::vector<std::shared_ptr<const Stretch>> known_;  // the latest last
};

// min(min.insync.replicas, number of replicas): what acks=all and the high watermark need (R8).
std::int32_t effective_min_isr(std::int64_t min_insync_replicas, const BrokerList& replicas);

}  // namespace nutshell
