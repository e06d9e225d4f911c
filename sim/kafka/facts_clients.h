// Facts of producers, groups and consumers. For facts.h only.
#pragma once

#include "sim/kafka/fact_reasons.h"

namespace nutshell {

// producers
struct RecordsSent {  // one batch leaves the accumulator, for the first time or again
  TopicPartition tp;
  NodeId producer = kNoNode;
  std::int64_t first_record = 0;
  std::int32_t count = 0, attempt = 0;
  NUTSHELL_FACT("records_sent", detail) NUTSHELL_FIELDS(RecordsSent, tp, producer, first_record, count, attempt)
};
struct RecordsAcked {  // the producer was told "stored"; offset -1 with acks=0
  TopicPartition tp;
  NodeId producer = kNoNode;
  std::int64_t first_record = 0;
  Offset base_offset = 0;
  std::int32_t count = 0;
  std::int8_t acks = -1;
  NUTSHELL_FACT("records_acked", detail) NUTSHELL_FIELDS(RecordsAcked, tp, producer, first_record, base_offset, count, acks)
};
struct RecordsFailed {  // the producer was told "failed"; they may be stored all the same
  TopicPartition tp;
  NodeId producer = kNoNode;
  std::int64_t first_record = 0;
  std::int32_t count = 0;
  ErrorCode error = ErrorCode::none;
  SendFailure reason = SendFailure::refused;
  NUTSHELL_FACT("records_failed", story) NUTSHELL_FIELDS(RecordsFailed, tp, producer, first_record, count, error, reason)
};
struct ProduceRetried {
  TopicPartition tp;
  NodeId producer = kNoNode;
  std::int32_t attempt = 0;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("produce_retried", protocol) NUTSHELL_FIELDS(ProduceRetried, tp, producer, attempt, error)
};

// groups and consumers
struct CoordinatorLoaded {  // has replayed a partition of __consumer_offsets and coordinates its groups
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  NUTSHELL_FACT("coordinator_loaded", protocol) NUTSHELL_FIELDS(CoordinatorLoaded, tp, broker)
};
struct GroupLoaded {  // a coordinator has found the group in its log: Stable if it has members, else Empty
  GroupId group = -1;
  BrokerId broker = kNoBroker;
  std::int32_t generation = 0, members = 0;
  NUTSHELL_FACT("group_loaded", protocol) NUTSHELL_FIELDS(GroupLoaded, group, broker, generation, members)
};
struct MemberJoined {  // the coordinator knows a new member
  GroupId group = -1;
  NameRef member_id = -1;
  NodeId consumer = kNoNode;
  NUTSHELL_FACT("member_joined", story) NUTSHELL_FIELDS(MemberJoined, group, member_id, consumer)
};
struct MemberLeft {
  GroupId group = -1;
  NameRef member_id = -1;
  NodeId consumer = kNoNode;
  bool expired = false;  // removed; else it said so itself
  LeaveReason reason = LeaveReason::closed;
  NUTSHELL_FACT("member_left", story) NUTSHELL_FIELDS(MemberLeft, group, member_id, consumer, expired, reason)
};
struct RebalanceStarted {
  GroupId group = -1;
  std::int32_t generation = 0;
  RebalanceReason reason = RebalanceReason::member_joined;
  NUTSHELL_FACT("rebalance_started", story) NUTSHELL_FIELDS(RebalanceStarted, group, generation, reason)
};
struct GenerationStarted {  // the join phase ended
  GroupId group = -1;
  std::int32_t generation = 0, members = 0;
  NUTSHELL_FACT("generation_started", story) NUTSHELL_FIELDS(GenerationStarted, group, generation, members)
};
struct GroupStable {
  GroupId group = -1;
  std::int32_t generation = 0, members = 0;
  NUTSHELL_FACT("group_stable", story) NUTSHELL_FIELDS(GroupStable, group, generation, members)
};
struct GroupEmpty {
  GroupId group = -1;
  std::int32_t generation = 0;
  NUTSHELL_FACT("group_empty", story) NUTSHELL_FIELDS(GroupEmpty, group, generation)
};
struct AssignmentDecided {  // by the coordinator, one a partition: member owns tp in this generation
  GroupId group = -1;
  std::int32_t generation = 0;
  NameRef member_id = -1;
  TopicPartition tp;
  NUTSHELL_FACT("assignment_decided", detail) NUTSHELL_FIELDS(AssignmentDecided, group, generation, member_id, tp)
};
struct PartitionAssigned {  // the consumer knows
  TopicPartition tp;
  NodeId consumer = kNoNode;
  GroupId group = -1;
  std::int32_t generation = 0;
  NUTSHELL_FACT("partition_assigned", story) NUTSHELL_FIELDS(PartitionAssigned, tp, consumer, group, generation)
};
struct PartitionRevoked {
  TopicPartition tp;
  NodeId consumer = kNoNode;
  GroupId group = -1;
  std::int32_t generation = 0;
  bool lost = false;  // taken away without being asked (onPartitionsLost)
  NUTSHELL_FACT("partition_revoked", story) NUTSHELL_FIELDS(PartitionRevoked, tp, consumer, group, generation, lost)
};
struct MemberIdle {  // a stable member without a partition
  NodeId consumer = kNoNode;
  GroupId group = -1;
  std::int32_t generation = 0;
  bool cooperative = false;  // the next generation may bring what others give up now (G12)
  NUTSHELL_FACT("member_idle", story) NUTSHELL_FIELDS(MemberIdle, consumer, group, generation, cooperative)
};
struct PositionSet {  // where reading starts: a committed offset, auto.offset.reset, or where the logs part (G3)
  TopicPartition tp;
  NodeId consumer = kNoNode;
  Offset position = 0;
  bool reset = false;
  bool diverged = false;
  GroupId of = -1;  // of a process with several consumers: whose it is. Not told
  NUTSHELL_FACT("position_set", protocol) NUTSHELL_FIELDS(PositionSet, tp, consumer, position, reset, diverged)
};
struct PositionReset {  // told just before the new position, if it leaves records out, gives some again, or goes back
  TopicPartition tp;
  NodeId consumer = kNoNode;
  Offset from = 0, to = 0;  // from: -1 without a position and a committed offset
  std::int64_t skipped = 0, repeated = 0;  // records
  ResetPolicy policy = ResetPolicy::latest;
  GroupId of = -1;  // of a process with several consumers: whose it is. Not told
  NUTSHELL_FACT("position_reset", story) NUTSHELL_FIELDS(PositionReset, tp, consumer, from, to, skipped, repeated, policy)
};
struct ReadReplicaChanged {  // from where a consumer reads a partition (KIP-392); -1: from its leader again
  TopicPartition tp;
  NodeId consumer = kNoNode;
  BrokerId broker = kNoBroker;
  NUTSHELL_FACT("read_replica_changed", story) NUTSHELL_FIELDS(ReadReplicaChanged, tp, consumer, broker)
};
struct RecordsDelivered {  // poll() returned them
  TopicPartition tp;
  NodeId consumer = kNoNode;
  Offset first = 0;         // offsets first .. last
  Offset last = 0;
  std::int32_t count = 0;
  std::int32_t generation = -1;
  GroupId of = -1;  // of a process with several consumers: whose it is. Not told
  NUTSHELL_FACT("records_delivered", detail) NUTSHELL_FIELDS(RecordsDelivered, tp, consumer, first, last, count, generation)
};
struct OffsetCommitted {  // by the coordinator, durable
  TopicPartition tp;
  GroupId group = -1;
  NodeId consumer = kNoNode;
  Offset offset = 0;
  std::int32_t generation = -1;
  Offset log_offset = -1;  // of the commit itself, in its partition of __consumer_offsets
  NUTSHELL_FACT("offset_committed", protocol) NUTSHELL_FIELDS(OffsetCommitted, tp, group, consumer, offset, generation, log_offset)
};
struct CommitRefused {
  GroupId group = -1;
  NodeId consumer = kNoNode;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("commit_refused", protocol) NUTSHELL_FIELDS(CommitRefused, group, consumer, error)
};
struct CommitFailed {  // as the application sees it: CommitFailedException, or the error; after so long a TimeoutException
  GroupId group = -1;
  NodeId consumer = kNoNode;
  ErrorCode error = ErrorCode::none;
  bool sent = false;  // else the consumer knew already that it is no member any more
  NUTSHELL_FACT("commit_failed", story) NUTSHELL_FIELDS(CommitFailed, group, consumer, error, sent)
};
struct CoordinatorUnavailable {  // FindCoordinator was refused more than once; it is asked again and again
  GroupId group = -1;
  NodeId consumer = kNoNode;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("coordinator_unavailable", story) NUTSHELL_FIELDS(CoordinatorUnavailable, group, consumer, error)
};
struct ConsumerFailed {  // its application ends
  GroupId group = -1;
  NodeId consumer = kNoNode;
  TopicPartition tp;  // that it is about, if it is about one
  ErrorCode error = ErrorCode::none;
  ConsumerFailure reason = ConsumerFailure::refused;
  NUTSHELL_FACT("consumer_failed", story) NUTSHELL_FIELDS(ConsumerFailed, group, consumer, tp, error, reason)
};
struct TopicMissing {  // a client was told more than once that there is no such topic; it asks again and again
  TopicId topic = -1;
  NodeId client = kNoNode;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("topic_missing", story) NUTSHELL_FIELDS(TopicMissing, topic, client, error)
};

// Of an application whose handler can fail (consumer_handler.cpp).
struct HandlerBegan {
  TopicPartition tp;
  NodeId consumer = kNoNode;
  Offset offset = -1;
  std::int32_t attempt = 0;  // 1: the first
  NUTSHELL_FACT("handler_began", detail) NUTSHELL_FIELDS(HandlerBegan, tp, consumer, offset, attempt)
};
struct HandlerFailed {  // `skipped`: the application goes on behind the record
  TopicPartition tp;
  NodeId consumer = kNoNode;
  Offset offset = -1;
  std::int32_t attempt = 0;
  bool skipped = false;
  NUTSHELL_FACT("handler_failed", story) NUTSHELL_FIELDS(HandlerFailed, tp, consumer, offset, attempt, skipped)
};
struct DeadLetterWritten {  // a copy is acknowledged, by another topic; applications say in its headers where it comes from: here
  TopicPartition tp;
  NodeId consumer = kNoNode;
  Offset offset = -1;
  TopicId dead_letters = -1;
  std::int32_t attempt = 0;
  NUTSHELL_FACT("dead_letter_written", story) NUTSHELL_FIELDS(DeadLetterWritten, tp, consumer, offset, dead_letters, attempt)
};

}  // namespace nutshell
