// Every request and response that travels between nodes, under Kafka's own API names.
// api.h has a row for each conversation, and says what else a new one takes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/types.h"
#include "sim/kafka/config.h"
#include "sim/kafka/error.h"
#include "sim/kafka/messages_quorum.h"
#include "sim/kafka/metadata.h"
#include "sim/log/batch.h"

namespace nutshell {

// data plane: Produce, Fetch, ListOffsets, InitProducerId

struct ProducePartition {
  TopicPartition tp;
  Batch batch;  // base offset and epoch not yet assigned
  Incarnation incarnation;  // of the topic, as the client knows it (C17)
  NUTSHELL_FIELDS(ProducePartition, tp, batch, incarnation)
};
struct ProduceRequest {
  Acks acks = Acks::all;
  Duration timeout = 0;
  std::vector<ProducePartition> partitions;  // at most one batch a partition (C3)
  static constexpr std::string_view name = "Produce";
  NUTSHELL_FIELDS(ProduceRequest, acks, timeout, partitions)
};
struct ProducedPartition {
  TopicPartition tp;
  ErrorCode error = ErrorCode::none;
  Offset base_offset = -1;
  BrokerId current_leader = kNoBroker;  // told on NOT_LEADER_OR_FOLLOWER (KIP-951), else -1
  Epoch current_leader_epoch = -1;
  NUTSHELL_FIELDS(ProducedPartition, tp, error, base_offset, current_leader, current_leader_epoch)
};
struct ProduceResponse {
  std::vector<ProducedPartition> partitions;
  static constexpr std::string_view name = "ProduceResponse";
  NUTSHELL_FIELDS(ProduceResponse, partitions)
};

struct FetchPartition {
  TopicPartition tp;
  Offset fetch_offset = 0;
  Epoch current_leader_epoch = -1;
  Epoch last_fetched_epoch = -1;  // followers only (L21 `fetch`), also in Kafka; -1: none
  Incarnation incarnation;        // of the topic, as who asks knows it (C17)
  Offset log_start_offset = -1;   // followers only: where their logs begin (L12)
  NUTSHELL_FIELDS(FetchPartition, tp, fetch_offset, current_leader_epoch, last_fetched_epoch, incarnation, log_start_offset)
};
struct FetchRequest {
  BrokerId replica_id = kNoBroker;  // -1: a consumer
  Offset replica_epoch = -1;        // the follower's broker epoch (KIP-903)
  Duration max_wait = 0;
  std::int64_t min_bytes = 1;
  std::int64_t max_bytes = 0;
  std::int64_t partition_max_bytes = 0;
  std::vector<FetchPartition> partitions;
  Rare<RackId> rack;  // client.rack of a consumer
  static constexpr std::string_view name = "Fetch";
  NUTSHELL_FIELDS(FetchRequest, replica_id, replica_epoch, max_wait, min_bytes, max_bytes, partition_max_bytes, partitions, rack)
};
struct FetchedPartition {
  TopicPartition tp;
  ErrorCode error = ErrorCode::none;
  Offset high_watermark = -1;
  Offset log_start_offset = -1;
  Epoch diverging_epoch = -1;  // with diverging_end: where the logs part (L21); -1: they do not
  Offset diverging_end = -1;   // with OFFSET_OUT_OF_RANGE: the leader's log end (L22)
  std::int32_t first_batch = 0;  // into FetchResponse::batches
  std::int32_t batch_count = 0;
  BrokerId current_leader = kNoBroker;  // told on NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH (KIP-951), else -1
  Epoch current_leader_epoch = -1;
  Rare<BrokerId> preferred_read_replica;  // read there instead, and here is nothing (KIP-392)
  NUTSHELL_FIELDS(FetchedPartition, tp, error, high_watermark, log_start_offset, diverging_epoch, diverging_end, first_batch,
                  batch_count, current_leader, current_leader_epoch, preferred_read_replica)
};
struct FetchResponse {
  std::vector<FetchedPartition> partitions;  // those that have something to say
  std::vector<Batch> batches;
  static constexpr std::string_view name = "FetchResponse";
  NUTSHELL_FIELDS(FetchResponse, partitions, batches)
};

inline constexpr Offset kAllRecords = -1;  // up to the high watermark (L12)
struct DeleteRecordsRequest {
  TopicPartition tp;
  Offset offset = kAllRecords;  // below it everything goes
  Duration timeout = 0;         // the answer waits so long for followers
  static constexpr std::string_view name = "DeleteRecords";
  NUTSHELL_FIELDS(DeleteRecordsRequest, tp, offset, timeout)
};
struct DeleteRecordsResponse {
  ErrorCode error = ErrorCode::none;
  TopicPartition tp;
  Offset low_watermark = -1;            // where the log begins that begins first
  BrokerId current_leader = kNoBroker;  // told on NOT_LEADER_OR_FOLLOWER: Kafka's clients have metadata
  Epoch current_leader_epoch = -1;
  static constexpr std::string_view name = "DeleteRecordsResponse";
  NUTSHELL_FIELDS(DeleteRecordsResponse, error, tp, low_watermark, current_leader, current_leader_epoch)
};

inline constexpr Time kLatestTimestamp = -1, kEarliestTimestamp = -2, kMaxTimestamp = -3;
struct ListOffsetsPartition {
  TopicPartition tp;
  Time timestamp = kLatestTimestamp;  // else the first record that is not older; kMaxTimestamp: the first of the newest (KIP-734)
  Epoch current_leader_epoch = -1;
  NUTSHELL_FIELDS(ListOffsetsPartition, tp, timestamp, current_leader_epoch)
};
struct ListOffsetsRequest {
  std::vector<ListOffsetsPartition> partitions;
  static constexpr std::string_view name = "ListOffsets";
  NUTSHELL_FIELDS(ListOffsetsRequest, partitions)
};
struct ListedOffset {
  TopicPartition tp;
  ErrorCode error = ErrorCode::none;
  Offset offset = -1;       // -1: no record is so young
  Epoch leader_epoch = -1;  // of the record there, or of the last one
  // Not in Kafka's answer: what a reset leaves out or repeats is told in records, and only of the topic that was asked for by name.
  Offset log_start_offset = 0, high_watermark = 0;
  Incarnation incarnation;
  NUTSHELL_FIELDS(ListedOffset, tp, error, offset, leader_epoch, log_start_offset, high_watermark, incarnation)
};
struct ListOffsetsResponse {
  std::vector<ListedOffset> partitions;
  static constexpr std::string_view name = "ListOffsetsResponse";
  NUTSHELL_FIELDS(ListOffsetsResponse, partitions)
};

// Where does an epoch end in the leader's log? Asked by consumers whose position may be gone (G3).
struct EpochQuestion {
  TopicPartition tp;
  Epoch current_leader_epoch = -1;
  Epoch leader_epoch = -1;
  NUTSHELL_FIELDS(EpochQuestion, tp, current_leader_epoch, leader_epoch)
};
struct OffsetForLeaderEpochRequest {
  std::vector<EpochQuestion> partitions;
  static constexpr std::string_view name = "OffsetForLeaderEpoch";
  NUTSHELL_FIELDS(OffsetForLeaderEpochRequest, partitions)
};
struct EpochAnswer {
  TopicPartition tp;
  ErrorCode error = ErrorCode::none;
  Epoch leader_epoch = -1;  // the largest that is not above the one asked for; -1: undefined
  Offset end_offset = -1;
  NUTSHELL_FIELDS(EpochAnswer, tp, error, leader_epoch, end_offset)
};
struct OffsetForLeaderEpochResponse {
  std::vector<EpochAnswer> partitions;
  static constexpr std::string_view name = "OffsetForLeaderEpochResponse";
  NUTSHELL_FIELDS(OffsetForLeaderEpochResponse, partitions)
};

struct InitProducerIdRequest { static constexpr std::string_view name = "InitProducerId"; NUTSHELL_FIELDS(InitProducerIdRequest) };
struct InitProducerIdResponse {
  ErrorCode error = ErrorCode::none;
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = -1;
  static constexpr std::string_view name = "InitProducerIdResponse";
  NUTSHELL_FIELDS(InitProducerIdResponse, error, producer_id, producer_epoch)
};

// metadata for clients

struct MetadataRequest {
  std::vector<std::int32_t> topics;  // interned names
  static constexpr std::string_view name = "Metadata";
  NUTSHELL_FIELDS(MetadataRequest, topics)
};
struct PartitionMetadata {
  TopicPartition tp;
  BrokerId leader = kNoBroker;
  Epoch leader_epoch = -1;
  Incarnation incarnation;  // of its topic
  NUTSHELL_FIELDS(PartitionMetadata, tp, leader, leader_epoch, incarnation)
};
// Who stands where. Kafka tells of each broker's rack and each partition's replicas at all times; here only if racks are set.
struct BrokerRack {
  BrokerId broker = kNoBroker;
  RackId rack;
  NUTSHELL_FIELDS(BrokerRack, broker, rack)
};
struct PartitionReplicas {
  TopicPartition tp;
  BrokerList replicas;
  NUTSHELL_FIELDS(PartitionReplicas, tp, replicas)
};
struct ReplicaRacks {
  std::vector<BrokerRack> brokers;            // by broker
  std::vector<PartitionReplicas> partitions;  // by partition
  bool empty() const { return brokers.empty(); }
  RackId rack_of(BrokerId broker) const;
  void fold_into(std::uint64_t& digest) const {
    if (empty()) return;
    fold(digest, brokers);
    fold(digest, partitions);
  }
};
struct MetadataResponse {
  std::vector<BrokerId> brokers;              // unfenced, as this broker knows it
  std::vector<PartitionMetadata> partitions;  // grouped by topic, partitions ascending
  std::vector<std::int32_t> unknown_topics;
  ReplicaRacks racks;
  static constexpr std::string_view name = "MetadataResponse";
  NUTSHELL_FIELDS(MetadataResponse, brokers, partitions, unknown_topics, racks)
};

// groups (classic protocol, G7-G11)

struct FindCoordinatorRequest {
  GroupId group = -1;
  static constexpr std::string_view name = "FindCoordinator";
  NUTSHELL_FIELDS(FindCoordinatorRequest, group)
};
struct FindCoordinatorResponse {
  ErrorCode error = ErrorCode::none;
  BrokerId coordinator = kNoBroker;
  static constexpr std::string_view name = "FindCoordinatorResponse";
  NUTSHELL_FIELDS(FindCoordinatorResponse, error, coordinator)
};
struct JoinGroupRequest {
  GroupId group = -1;
  std::int32_t member_id = -1;  // interned; -1: none yet (KIP-394)
  Duration session_timeout = 0;
  Duration rebalance_timeout = 0;
  AssignorList protocols;
  std::vector<std::int32_t> topics;  // subscription, interned
  PartitionClaim claim;              // of members that a sticky assignor may have to do with
  GroupProtocol protocol;            // whose metadata that is
  static constexpr std::string_view name = "JoinGroup";
  NUTSHELL_FIELDS(JoinGroupRequest, group, member_id, session_timeout, rebalance_timeout, protocols, topics, claim, protocol)
};
struct JoinedMember {
  std::int32_t member_id = -1;
  std::vector<std::int32_t> topics;
  PartitionClaim claim;
  std::int32_t metadata = -1;  // of a member of another protocol type, interned
  NUTSHELL_FIELDS(JoinedMember, member_id, topics, claim, metadata)
};
struct JoinGroupResponse {
  ErrorCode error = ErrorCode::none;
  std::int32_t generation = -1;
  std::int32_t member_id = -1;
  std::int32_t leader = -1;
  AssignorName protocol = AssignorName::range;
  std::vector<JoinedMember> members;  // for the leader only
  static constexpr std::string_view name = "JoinGroupResponse";
  NUTSHELL_FIELDS(JoinGroupResponse, error, generation, member_id, leader, protocol, members)
};
struct MemberAssignment {
  std::int32_t member_id = -1;
  std::vector<TopicPartition> partitions;
  std::int32_t opaque = -1;  // what a leader of another protocol type has written, interned
  NUTSHELL_FIELDS(MemberAssignment, member_id, partitions, opaque)
};
struct SyncGroupRequest {
  GroupId group = -1;
  std::int32_t generation = -1;
  std::int32_t member_id = -1;
  std::vector<MemberAssignment> assignments;  // from the leader only
  static constexpr std::string_view name = "SyncGroup";
  NUTSHELL_FIELDS(SyncGroupRequest, group, generation, member_id, assignments)
};
struct SyncGroupResponse {
  ErrorCode error = ErrorCode::none;
  std::vector<TopicPartition> assignment;
  std::int32_t opaque = -1;
  static constexpr std::string_view name = "SyncGroupResponse";
  NUTSHELL_FIELDS(SyncGroupResponse, error, assignment, opaque)
};
struct HeartbeatRequest {
  GroupId group = -1;
  std::int32_t generation = -1;
  std::int32_t member_id = -1;
  static constexpr std::string_view name = "Heartbeat";
  NUTSHELL_FIELDS(HeartbeatRequest, group, generation, member_id)
};
struct HeartbeatResponse {
  ErrorCode error = ErrorCode::none;
  static constexpr std::string_view name = "HeartbeatResponse";
  NUTSHELL_FIELDS(HeartbeatResponse, error)
};
struct LeaveGroupRequest {
  GroupId group = -1;
  std::int32_t member_id = -1;
  bool poll_expired = false;  // the reason that it gives (KIP-800)
  static constexpr std::string_view name = "LeaveGroup";
  NUTSHELL_FIELDS(LeaveGroupRequest, group, member_id, poll_expired)
};
struct LeaveGroupResponse {
  ErrorCode error = ErrorCode::none;
  static constexpr std::string_view name = "LeaveGroupResponse";
  NUTSHELL_FIELDS(LeaveGroupResponse, error)
};
struct CommitPartition {
  TopicPartition tp;
  Offset offset = -1;
  Epoch leader_epoch = -1;  // of the record before it (KIP-320); -1: not known
  NUTSHELL_FIELDS(CommitPartition, tp, offset, leader_epoch)
};
struct OffsetCommitRequest {
  GroupId group = -1;
  std::int32_t generation = -1;
  std::int32_t member_id = -1;
  std::vector<CommitPartition> partitions;
  static constexpr std::string_view name = "OffsetCommit";
  NUTSHELL_FIELDS(OffsetCommitRequest, group, generation, member_id, partitions)
};
struct OffsetCommitResponse {
  ErrorCode error = ErrorCode::none;  // the same for every partition of the request
  static constexpr std::string_view name = "OffsetCommitResponse";
  NUTSHELL_FIELDS(OffsetCommitResponse, error)
};
struct OffsetFetchRequest {
  GroupId group = -1;
  std::vector<TopicPartition> partitions;
  static constexpr std::string_view name = "OffsetFetch";
  NUTSHELL_FIELDS(OffsetFetchRequest, group, partitions)
};
struct OffsetFetchResponse {
  ErrorCode error = ErrorCode::none;
  std::vector<CommitPartition> partitions;  // offset -1: nothing committed
  static constexpr std::string_view name = "OffsetFetchResponse";
  NUTSHELL_FIELDS(OffsetFetchResponse, error, partitions)
};

// brokers to the active controller

struct BrokerRegistrationRequest {
  BrokerId broker = kNoBroker;
  std::int32_t incarnation = 0;
  Rare<DirectorySet> offline;
  Rare<RackId> rack;
  static constexpr std::string_view name = "BrokerRegistration";
  NUTSHELL_FIELDS(BrokerRegistrationRequest, broker, incarnation, offline, rack)
};
struct BrokerRegistrationResponse {
  ErrorCode error = ErrorCode::none;
  Offset broker_epoch = -1;
  static constexpr std::string_view name = "BrokerRegistrationResponse";
  NUTSHELL_FIELDS(BrokerRegistrationResponse, error, broker_epoch)
};
struct BrokerHeartbeatRequest {
  BrokerId broker = kNoBroker;
  Offset broker_epoch = -1;
  Offset metadata_offset = 0;  // end of what the broker has applied
  bool want_fence = false;
  bool want_shutdown = false;
  Rare<DirectorySet> offline;  // directories that have failed (KIP-858)
  static constexpr std::string_view name = "BrokerHeartbeat";
  NUTSHELL_FIELDS(BrokerHeartbeatRequest, broker, broker_epoch, metadata_offset, want_fence, want_shutdown, offline)
};
struct BrokerHeartbeatResponse {
  ErrorCode error = ErrorCode::none;
  bool fenced = true;
  bool should_shut_down = false;
  static constexpr std::string_view name = "BrokerHeartbeatResponse";
  NUTSHELL_FIELDS(BrokerHeartbeatResponse, error, fenced, should_shut_down)
};
struct IsrMember {
  BrokerId broker = kNoBroker;
  Offset broker_epoch = -1;
  NUTSHELL_FIELDS(IsrMember, broker, broker_epoch)
};
struct AlterPartitionRequest {  // one partition each: at most one is in flight per partition (R7)
  BrokerId broker = kNoBroker;
  Offset broker_epoch = -1;
  TopicPartition tp;
  Epoch leader_epoch = 0;
  std::int32_t partition_epoch = 0;
  std::vector<IsrMember> new_isr;
  Incarnation incarnation;  // of the topic
  static constexpr std::string_view name = "AlterPartition";
  NUTSHELL_FIELDS(AlterPartitionRequest, broker, broker_epoch, tp, leader_epoch, partition_epoch, new_isr, incarnation)
};
struct AlterPartitionResponse {
  ErrorCode error = ErrorCode::none;
  TopicPartition tp;
  PartitionRegistration state;  // as committed, when there is no error
  static constexpr std::string_view name = "AlterPartitionResponse";
  NUTSHELL_FIELDS(AlterPartitionResponse, error, tp, state)
};
struct CreateTopicsRequest {
  TopicId topic = -1;
  std::int32_t partitions = -1;          // -1: num.partitions
  std::int32_t replication_factor = -1;  // -1: default.replication.factor
  TopicConfig config;
  std::vector<BrokerList> assignment;  // replicas of each partition; empty: the placer decides (R19)
  static constexpr std::string_view name = "CreateTopics";
  NUTSHELL_FIELDS(CreateTopicsRequest, topic, partitions, replication_factor, config, assignment)
};
struct CreateTopicsResponse {
  ErrorCode error = ErrorCode::none;
  TopicId topic = -1;
  static constexpr std::string_view name = "CreateTopicsResponse";
  NUTSHELL_FIELDS(CreateTopicsResponse, error, topic)
};
struct AllocateProducerIdsRequest {
  BrokerId broker = kNoBroker;
  Offset broker_epoch = -1;
  static constexpr std::string_view name = "AllocateProducerIds";
  NUTSHELL_FIELDS(AllocateProducerIdsRequest, broker, broker_epoch)
};
struct AllocateProducerIdsResponse {
  ErrorCode error = ErrorCode::none;
  std::int64_t first = -1;
  std::int32_t count = 0;
  static constexpr std::string_view name = "AllocateProducerIdsResponse";
  NUTSHELL_FIELDS(AllocateProducerIdsResponse, error, first, count)
};
struct ElectLeadersRequest {  // preferred election (R17)
  TopicPartition tp;
  bool unclean = false;
  static constexpr std::string_view name = "ElectLeaders";
  NUTSHELL_FIELDS(ElectLeadersRequest, tp, unclean)
};
struct ElectLeadersResponse {
  ErrorCode error = ErrorCode::none;
  static constexpr std::string_view name = "ElectLeadersResponse";
  NUTSHELL_FIELDS(ElectLeadersResponse, error)
};

struct AlterConfigsRequest {  // the whole new configuration of a topic
  TopicId topic = -1;
  TopicConfig config;
  static constexpr std::string_view name = "AlterConfigs";
  NUTSHELL_FIELDS(AlterConfigsRequest, topic, config)
};
struct AlterConfigsResponse {
  ErrorCode error = ErrorCode::none;
  static constexpr std::string_view name = "AlterConfigsResponse";
  NUTSHELL_FIELDS(AlterConfigsResponse, error)
};

struct CreatePartitionsRequest {
  TopicId topic = -1;
  std::int32_t count = 0;  // of the topic's partitions from then on, those that there are included
  static constexpr std::string_view name = "CreatePartitions";
  NUTSHELL_FIELDS(CreatePartitionsRequest, topic, count)
};
struct CreatePartitionsResponse {
  ErrorCode error = ErrorCode::none;
  static constexpr std::string_view name = "CreatePartitionsResponse";
  NUTSHELL_FIELDS(CreatePartitionsResponse, error)
};
struct DeleteTopicsRequest {
  TopicId topic = -1;
  static constexpr std::string_view name = "DeleteTopics";
  NUTSHELL_FIELDS(DeleteTopicsRequest, topic)
};
struct DeleteTopicsResponse {
  ErrorCode error = ErrorCode::none;
  static constexpr std::string_view name = "DeleteTopicsResponse";
  NUTSHELL_FIELDS(DeleteTopicsResponse, error)
};

// In which of its directories a broker has put replicas (KIP-858).
struct PlacedReplica {
  TopicPartition tp;
  Incarnation incarnation;
  std::int32_t directory = 0;
  NUTSHELL_FIELDS(PlacedReplica, tp, incarnation, directory)
};
struct AssignReplicasToDirsRequest {
  BrokerId broker = kNoBroker;
  Offset broker_epoch = -1;
  std::vector<PlacedReplica> replicas;
  static constexpr std::string_view name = "AssignReplicasToDirs";
  NUTSHELL_FIELDS(AssignReplicasToDirsRequest, broker, broker_epoch, replicas)
};
struct AssignReplicasToDirsResponse {
  ErrorCode error = ErrorCode::none;
  static constexpr std::string_view name = "AssignReplicasToDirsResponse";
  NUTSHELL_FIELDS(AssignReplicasToDirsResponse, error)
};

}  // namespace nutshell
