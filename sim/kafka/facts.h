// Facts: what happened, in the order in which it happened.
//
// A fact is one struct with its fields and its sentence (facts.cpp). Narration, event lists, beats,
// promises and "why?" read facts; nothing in the simulation does. All are trivially copyable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/types.h"
#include "sim/kafka/error.h"
#include "sim/kafka/fact_fields.h"

namespace nutshell {

// How much a fact is worth telling: `story` is told to people, `protocol` is for experts and promises,
// `detail` happens at every message.
enum class FactLevel : std::uint8_t { story, protocol, detail };

enum class DropReason : std::uint8_t { node_down, connection_closed, response_lost, by_hand };
enum class FenceReason : std::uint8_t { session_expired, shut_down, new_registration };
enum class RebalanceReason : std::uint8_t {
  member_joined, member_left, session_expired, leader_rejoined, sync_timed_out, subscription_changed, join_timed_out,
  partitions_given_up, assignment_not_written
};
// Why the coordinator counts a member no more: it said so itself, at close() or because poll() came too late (G11), or it
// was removed.
enum class LeaveReason : std::uint8_t { closed, poll_expired, session_expired, join_timed_out, sync_timed_out };
// Why a record failed: a broker said so, or the producer waited in vain for delivery.timeout.ms, for room in
// buffer.memory or for metadata (C4).
enum class SendFailure : std::uint8_t { refused, expired, buffer_exhausted, metadata_missing };
// What decided where reading goes on: auto.offset.reset, or the point at which the logs part (G3).
enum class ResetPolicy : std::uint8_t { latest, earliest, divergence };
// Why poll() throws what an application does not survive: the coordinator refuses the member, or auto.offset.reset is
// none and there is no committed offset, the position is out of range, or what was read is gone (LogTruncationException).
enum class ConsumerFailure : std::uint8_t { refused, no_offset, out_of_range, log_truncated };

#define NUTSHELL_FACT(fact_name, fact_level)                \
  static constexpr std::string_view name = fact_name;       \
  static constexpr FactLevel level = FactLevel::fact_level;

// nodes and network
struct NodeStarted { NodeRef node = kNoNode; NUTSHELL_FACT("node_started", story) NUTSHELL_FIELDS(NodeStarted, node) };
struct NodeCrashed {
  NodeRef node = kNoNode;
  bool power_loss = false;
  NUTSHELL_FACT("node_crashed", story) NUTSHELL_FIELDS(NodeCrashed, node, power_loss)
};
struct NodePaused { NodeRef node = kNoNode; NUTSHELL_FACT("node_paused", story) NUTSHELL_FIELDS(NodePaused, node) };
struct NodeResumed { NodeRef node = kNoNode; NUTSHELL_FACT("node_resumed", story) NUTSHELL_FIELDS(NodeResumed, node) };
struct NodeStopping { NodeRef node = kNoNode; NUTSHELL_FACT("node_stopping", story) NUTSHELL_FIELDS(NodeStopping, node) };
struct NodeStopped { NodeRef node = kNoNode; NUTSHELL_FACT("node_stopped", story) NUTSHELL_FIELDS(NodeStopped, node) };
struct NodeSlowed {
  NodeRef node = kNoNode;
  DurationRef per_message = 0;
  std::int64_t disk_bytes_per_second = 0;
  NUTSHELL_FACT("node_slowed", story) NUTSHELL_FIELDS(NodeSlowed, node, per_message, disk_bytes_per_second)
};
struct ClockSet {
  NodeRef node = kNoNode;
  DurationRef offset = 0;
  NUTSHELL_FACT("clock_set", story) NUTSHELL_FIELDS(ClockSet, node, offset)
};
// Of links: an end of -1 means every node.
struct LinkCut {
  NodeRef from = kNoNode, to = kNoNode;
  bool one_way = false;
  NUTSHELL_FACT("link_cut", story) NUTSHELL_FIELDS(LinkCut, from, to, one_way)
};
struct LinkHealed { NodeRef from = kNoNode, to = kNoNode; NUTSHELL_FACT("link_healed", story) NUTSHELL_FIELDS(LinkHealed, from, to) };
struct LinkJammed {
  NodeRef from = kNoNode, to = kNoNode;
  bool one_way = false;
  NUTSHELL_FACT("link_jammed", story) NUTSHELL_FIELDS(LinkJammed, from, to, one_way)
};
struct LinkReleased {
  NodeRef from = kNoNode, to = kNoNode;
  std::int32_t messages = 0;
  NUTSHELL_FACT("link_released", story) NUTSHELL_FIELDS(LinkReleased, from, to, messages)
};
struct LinkChanged { NodeRef from = kNoNode, to = kNoNode; NUTSHELL_FACT("link_changed", story) NUTSHELL_FIELDS(LinkChanged, from, to) };
struct SegmentLost {  // will be retransmitted
  NodeRef from = kNoNode, to = kNoNode;
  MessageRef message = 0;  // index in Body
  bool by_cut = false;
  std::int32_t attempt = 0;
  NUTSHELL_FACT("segment_lost", detail) NUTSHELL_FIELDS(SegmentLost, from, to, message, by_cut, attempt)
};
struct MessageDropped {
  NodeRef from = kNoNode, to = kNoNode;
  MessageRef message = 0;
  DropReason reason = DropReason::node_down;
  NUTSHELL_FACT("message_dropped", protocol) NUTSHELL_FIELDS(MessageDropped, from, to, message, reason)
};
struct RequestTimedOut {
  NodeRef client = kNoNode, server = kNoNode;
  MessageRef message = 0;
  NUTSHELL_FACT("request_timed_out", protocol) NUTSHELL_FIELDS(RequestTimedOut, client, server, message)
};
struct ConnectionLost {
  NodeRef client = kNoNode, server = kNoNode;
  NUTSHELL_FACT("connection_lost", protocol) NUTSHELL_FIELDS(ConnectionLost, client, server)
};

// metadata quorum and controller
struct ElectionStarted {
  NodeRef node = kNoNode;
  Epoch epoch = 0;
  bool pre_vote = false;
  NUTSHELL_FACT("election_started", story) NUTSHELL_FIELDS(ElectionStarted, node, epoch, pre_vote)
};
struct VoteAnswered {
  NodeRef voter = kNoNode, candidate = kNoNode;
  Epoch epoch = 0;
  bool granted = false, pre_vote = false;
  NUTSHELL_FACT("vote_answered", protocol) NUTSHELL_FIELDS(VoteAnswered, voter, candidate, epoch, granted, pre_vote)
};
struct ControllerElected {
  NodeRef node = kNoNode;
  Epoch epoch = 0;
  Offset epoch_start = 0;
  NUTSHELL_FACT("controller_elected", story) NUTSHELL_FIELDS(ControllerElected, node, epoch, epoch_start)
};
struct ControllerActivated {  // has committed a record of its own epoch and acts
  NodeRef node = kNoNode;
  Epoch epoch = 0;
  NUTSHELL_FACT("controller_activated", story) NUTSHELL_FIELDS(ControllerActivated, node, epoch)
};
struct ControllerResigned {
  NodeRef node = kNoNode;
  Epoch epoch = 0;
  NUTSHELL_FACT("controller_resigned", story) NUTSHELL_FIELDS(ControllerResigned, node, epoch)
};
struct MetadataCommitted {  // on the leader of the quorum
  NodeRef node = kNoNode;
  Epoch epoch = 0;
  Offset high_watermark = 0;
  NUTSHELL_FACT("metadata_committed", protocol) NUTSHELL_FIELDS(MetadataCommitted, node, epoch, high_watermark)
};
struct MetadataTruncated {
  NodeRef node = kNoNode;
  Offset from = 0, to = 0;
  NUTSHELL_FACT("metadata_truncated", protocol) NUTSHELL_FIELDS(MetadataTruncated, node, from, to)
};
struct BrokerRegistered {
  BrokerRef broker = kNoBroker;
  Offset broker_epoch = 0;
  NUTSHELL_FACT("broker_registered", story) NUTSHELL_FIELDS(BrokerRegistered, broker, broker_epoch)
};
struct BrokerFenced {
  BrokerRef broker = kNoBroker;
  FenceReason reason = FenceReason::session_expired;
  NUTSHELL_FACT("broker_fenced", story) NUTSHELL_FIELDS(BrokerFenced, broker, reason)
};
struct BrokerUnfenced { BrokerRef broker = kNoBroker; NUTSHELL_FACT("broker_unfenced", story) NUTSHELL_FIELDS(BrokerUnfenced, broker) };
struct ShutdownStarted { BrokerRef broker = kNoBroker; NUTSHELL_FACT("shutdown_started", story) NUTSHELL_FIELDS(ShutdownStarted, broker) };
struct TopicCreated {
  TopicRef topic = -1;
  std::int32_t partitions = 0, replication_factor = 0;
  NUTSHELL_FACT("topic_created", story) NUTSHELL_FIELDS(TopicCreated, topic, partitions, replication_factor)
};

// partitions
struct LeaderElected {  // by the controller; the broker takes office when it has applied the record
  TopicPartition tp;
  BrokerRef leader = kNoBroker, previous = kNoBroker;
  Epoch leader_epoch = 0;
  bool unclean = false;
  NUTSHELL_FACT("leader_elected", story) NUTSHELL_FIELDS(LeaderElected, tp, leader, previous, leader_epoch, unclean)
};
struct PartitionOffline {
  TopicPartition tp;
  BrokerRef previous = kNoBroker;
  Epoch leader_epoch = 0;
  NUTSHELL_FACT("partition_offline", story) NUTSHELL_FIELDS(PartitionOffline, tp, previous, leader_epoch)
};
struct IsrShrunk {  // committed by the controller
  TopicPartition tp;
  BrokerRef broker = kNoBroker;
  std::int32_t isr_size = 0, partition_epoch = 0;
  bool by_leader = false;  // else by the controller, fencing or shutting the broker down
  NUTSHELL_FACT("isr_shrunk", story) NUTSHELL_FIELDS(IsrShrunk, tp, broker, isr_size, partition_epoch, by_leader)
};
struct IsrExpanded {
  TopicPartition tp;
  BrokerRef broker = kNoBroker;
  std::int32_t isr_size = 0, partition_epoch = 0;
  NUTSHELL_FACT("isr_expanded", story) NUTSHELL_FIELDS(IsrExpanded, tp, broker, isr_size, partition_epoch)
};
struct IsrChangeProposed {
  TopicPartition tp;
  BrokerRef leader = kNoBroker, broker = kNoBroker;
  bool joins = false;
  NUTSHELL_FACT("isr_change_proposed", protocol) NUTSHELL_FIELDS(IsrChangeProposed, tp, leader, broker, joins)
};
struct IsrChangeRefused {
  TopicPartition tp;
  BrokerRef leader = kNoBroker;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("isr_change_refused", protocol) NUTSHELL_FIELDS(IsrChangeRefused, tp, leader, error)
};
struct LeaderTookOffice {
  TopicPartition tp;
  BrokerRef broker = kNoBroker;
  Epoch leader_epoch = 0;
  Offset epoch_start = 0;
  NUTSHELL_FACT("leader_took_office", story) NUTSHELL_FIELDS(LeaderTookOffice, tp, broker, leader_epoch, epoch_start)
};
struct FollowerStarted {
  TopicPartition tp;
  BrokerRef broker = kNoBroker, leader = kNoBroker;
  Epoch leader_epoch = 0;
  NUTSHELL_FACT("follower_started", protocol) NUTSHELL_FIELDS(FollowerStarted, tp, broker, leader, leader_epoch)
};
struct BatchAppended {
  TopicPartition tp;
  BrokerRef broker = kNoBroker;
  Offset base_offset = 0;
  std::int32_t count = 0;
  Epoch leader_epoch = 0;
  bool as_leader = false;
  NUTSHELL_FACT("batch_appended", detail) NUTSHELL_FIELDS(BatchAppended, tp, broker, base_offset, count, leader_epoch, as_leader)
};
struct HighWatermarkMoved {
  TopicPartition tp;
  BrokerRef broker = kNoBroker;
  Offset from = 0, to = 0;
  bool as_leader = false;
  NUTSHELL_FACT("high_watermark_moved", detail) NUTSHELL_FIELDS(HighWatermarkMoved, tp, broker, from, to, as_leader)
};
struct LogTruncated {
  TopicPartition tp;
  BrokerRef broker = kNoBroker;
  Offset from = 0, to = 0, high_watermark = 0;  // high watermark before the cut
  NUTSHELL_FACT("log_truncated", story) NUTSHELL_FIELDS(LogTruncated, tp, broker, from, to, high_watermark)
};
struct ProduceRefused {
  TopicPartition tp;
  BrokerRef broker = kNoBroker;
  NodeRef producer = kNoNode;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("produce_refused", protocol) NUTSHELL_FIELDS(ProduceRefused, tp, broker, producer, error)
};
struct DuplicateRecognised {  // idempotence: answered with the first copy's offset, nothing written (C7)
  TopicPartition tp;
  BrokerRef broker = kNoBroker;
  NodeRef producer = kNoNode;
  Offset base_offset = 0;
  NUTSHELL_FACT("duplicate_recognised", story) NUTSHELL_FIELDS(DuplicateRecognised, tp, broker, producer, base_offset)
};

// producers
struct RecordsSent {  // one batch leaves the accumulator, for the first time or again
  TopicPartition tp;
  NodeRef producer = kNoNode;
  std::int64_t first_record = 0;
  std::int32_t count = 0, attempt = 0;
  NUTSHELL_FACT("records_sent", detail) NUTSHELL_FIELDS(RecordsSent, tp, producer, first_record, count, attempt)
};
struct RecordsAcked {  // the producer was told "stored"; offset -1 with acks=0
  TopicPartition tp;
  NodeRef producer = kNoNode;
  std::int64_t first_record = 0;
  Offset base_offset = 0;
  std::int32_t count = 0;
  std::int8_t acks = -1;
  NUTSHELL_FACT("records_acked", detail) NUTSHELL_FIELDS(RecordsAcked, tp, producer, first_record, base_offset, count, acks)
};
struct RecordsFailed {  // the producer was told "failed"; they may be stored all the same
  TopicPartition tp;
  NodeRef producer = kNoNode;
  std::int64_t first_record = 0;
  std::int32_t count = 0;
  ErrorCode error = ErrorCode::none;
  SendFailure reason = SendFailure::refused;
  NUTSHELL_FACT("records_failed", story) NUTSHELL_FIELDS(RecordsFailed, tp, producer, first_record, count, error, reason)
};
struct ProduceRetried {
  TopicPartition tp;
  NodeRef producer = kNoNode;
  std::int32_t attempt = 0;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("produce_retried", protocol) NUTSHELL_FIELDS(ProduceRetried, tp, producer, attempt, error)
};

// groups and consumers
struct CoordinatorLoaded {  // has replayed a partition of __consumer_offsets and coordinates its groups
  TopicPartition tp;
  BrokerRef broker = kNoBroker;
  NUTSHELL_FACT("coordinator_loaded", protocol) NUTSHELL_FIELDS(CoordinatorLoaded, tp, broker)
};
struct MemberJoined {  // the coordinator knows a new member
  GroupRef group = -1;
  NameRef member_id = -1;
  NodeRef consumer = kNoNode;
  NUTSHELL_FACT("member_joined", story) NUTSHELL_FIELDS(MemberJoined, group, member_id, consumer)
};
struct MemberLeft {
  GroupRef group = -1;
  NameRef member_id = -1;
  NodeRef consumer = kNoNode;
  bool expired = false;  // removed; else it said so itself
  LeaveReason reason = LeaveReason::closed;
  NUTSHELL_FACT("member_left", story) NUTSHELL_FIELDS(MemberLeft, group, member_id, consumer, expired, reason)
};
struct RebalanceStarted {
  GroupRef group = -1;
  std::int32_t generation = 0;
  RebalanceReason reason = RebalanceReason::member_joined;
  NUTSHELL_FACT("rebalance_started", story) NUTSHELL_FIELDS(RebalanceStarted, group, generation, reason)
};
struct GenerationStarted {  // the join phase ended
  GroupRef group = -1;
  std::int32_t generation = 0, members = 0;
  NUTSHELL_FACT("generation_started", story) NUTSHELL_FIELDS(GenerationStarted, group, generation, members)
};
struct GroupStable {
  GroupRef group = -1;
  std::int32_t generation = 0, members = 0;
  NUTSHELL_FACT("group_stable", story) NUTSHELL_FIELDS(GroupStable, group, generation, members)
};
struct GroupEmpty {
  GroupRef group = -1;
  std::int32_t generation = 0;
  NUTSHELL_FACT("group_empty", story) NUTSHELL_FIELDS(GroupEmpty, group, generation)
};
struct AssignmentDecided {  // by the coordinator, one a partition: member owns tp in this generation
  GroupRef group = -1;
  std::int32_t generation = 0;
  NameRef member_id = -1;
  TopicPartition tp;
  NUTSHELL_FACT("assignment_decided", detail) NUTSHELL_FIELDS(AssignmentDecided, group, generation, member_id, tp)
};
struct PartitionAssigned {  // the consumer knows
  TopicPartition tp;
  NodeRef consumer = kNoNode;
  GroupRef group = -1;
  std::int32_t generation = 0;
  NUTSHELL_FACT("partition_assigned", story) NUTSHELL_FIELDS(PartitionAssigned, tp, consumer, group, generation)
};
struct PartitionRevoked {
  TopicPartition tp;
  NodeRef consumer = kNoNode;
  GroupRef group = -1;
  std::int32_t generation = 0;
  bool lost = false;  // taken away without being asked (onPartitionsLost)
  NUTSHELL_FACT("partition_revoked", story) NUTSHELL_FIELDS(PartitionRevoked, tp, consumer, group, generation, lost)
};
struct MemberIdle {  // a stable member without a partition
  NodeRef consumer = kNoNode;
  GroupRef group = -1;
  std::int32_t generation = 0;
  bool cooperative = false;  // the next generation may bring what others give up now (G12)
  NUTSHELL_FACT("member_idle", story) NUTSHELL_FIELDS(MemberIdle, consumer, group, generation, cooperative)
};
struct PositionSet {  // where reading starts: a committed offset, auto.offset.reset, or where the logs part (G3)
  TopicPartition tp;
  NodeRef consumer = kNoNode;
  Offset position = 0;
  bool reset = false;
  bool diverged = false;
  NUTSHELL_FACT("position_set", protocol) NUTSHELL_FIELDS(PositionSet, tp, consumer, position, reset, diverged)
};
struct PositionReset {  // told just before the new position, if it leaves records out, gives some again, or goes back
  TopicPartition tp;
  NodeRef consumer = kNoNode;
  Offset from = 0, to = 0;  // from: -1 without a position and a committed offset
  std::int64_t skipped = 0, repeated = 0;  // records
  ResetPolicy policy = ResetPolicy::latest;
  NUTSHELL_FACT("position_reset", story) NUTSHELL_FIELDS(PositionReset, tp, consumer, from, to, skipped, repeated, policy)
};
struct RecordsDelivered {  // poll() returned them
  TopicPartition tp;
  NodeRef consumer = kNoNode;
  Offset first = 0;         // offsets first .. last
  Offset last = 0;
  std::int32_t count = 0;
  std::int32_t generation = -1;
  NUTSHELL_FACT("records_delivered", detail) NUTSHELL_FIELDS(RecordsDelivered, tp, consumer, first, last, count, generation)
};
struct OffsetCommitted {  // by the coordinator, durable
  TopicPartition tp;
  GroupRef group = -1;
  NodeRef consumer = kNoNode;
  Offset offset = 0;
  std::int32_t generation = -1;
  Offset log_offset = -1;  // of the commit itself, in its partition of __consumer_offsets
  NUTSHELL_FACT("offset_committed", protocol) NUTSHELL_FIELDS(OffsetCommitted, tp, group, consumer, offset, generation, log_offset)
};
struct CommitRefused {
  GroupRef group = -1;
  NodeRef consumer = kNoNode;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("commit_refused", protocol) NUTSHELL_FIELDS(CommitRefused, group, consumer, error)
};
struct CommitFailed {  // as the application sees it: CommitFailedException, or the error; after so long a TimeoutException
  GroupRef group = -1;
  NodeRef consumer = kNoNode;
  ErrorCode error = ErrorCode::none;
  bool sent = false;  // else the consumer knew already that it is no member any more
  NUTSHELL_FACT("commit_failed", story) NUTSHELL_FIELDS(CommitFailed, group, consumer, error, sent)
};
struct CoordinatorUnavailable {  // FindCoordinator was refused more than once; it is asked again and again
  GroupRef group = -1;
  NodeRef consumer = kNoNode;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("coordinator_unavailable", story) NUTSHELL_FIELDS(CoordinatorUnavailable, group, consumer, error)
};
struct ConsumerFailed {  // its application ends
  GroupRef group = -1;
  NodeRef consumer = kNoNode;
  TopicPartition tp;  // that it is about, if it is about one
  ErrorCode error = ErrorCode::none;
  ConsumerFailure reason = ConsumerFailure::refused;
  NUTSHELL_FACT("consumer_failed", story) NUTSHELL_FIELDS(ConsumerFailed, group, consumer, tp, error, reason)
};
struct TopicMissing {  // a client was told more than once that there is no such topic; it asks again and again
  TopicRef topic = -1;
  NodeRef client = kNoNode;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("topic_missing", story) NUTSHELL_FIELDS(TopicMissing, topic, client, error)
};

// promises
struct PromiseBroken {  // said by the judge; `promise` indexes its table
  PromiseRef promise = -1;
  TopicPartition tp;
  NodeRef node = kNoNode;
  bool promised = true;  // false: Kafka does not give the promise under this configuration
  NUTSHELL_FACT("promise_broken", story) NUTSHELL_FIELDS(PromiseBroken, promise, tp, node, promised)
};

// topics that grow
struct PartitionsCreated {
  TopicRef topic = -1;
  std::int32_t previous = 0, partitions = 0;  // numbers of partitions before and from then on
  NUTSHELL_FACT("partitions_created", story) NUTSHELL_FIELDS(PartitionsCreated, topic, previous, partitions)
};

// what hands do
struct TopicRefused {  // by the controller, to the operator or to the broker that wants __consumer_offsets
  TopicRef topic = -1;
  ErrorCode error = ErrorCode::none;
  NodeRef client = kNoNode;
  NUTSHELL_FACT("topic_refused", story) NUTSHELL_FIELDS(TopicRefused, topic, error, client)
};
struct AdminFailed {  // another call of the operator: refused, or given up after default.api.timeout.ms
  MessageRef message = 0;  // index in Body
  TopicRef topic = -1;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("admin_failed", story) NUTSHELL_FIELDS(AdminFailed, message, topic, error)
};
struct ElectionTimeoutSet {  // of a controller, this once
  NodeRef node = kNoNode;
  DurationRef timeout = 0;
  NUTSHELL_FACT("election_timeout_set", story) NUTSHELL_FIELDS(ElectionTimeoutSet, node, timeout)
};

struct ActionRefused {  // nothing comes of an action: it cannot be done now, would change nothing, or Kafka does not do it
  NameRef action = -1, reason = -1;  // interned: its name, and why not
  ErrorCode error = ErrorCode::none;      // Kafka's, where Kafka said so
  NUTSHELL_FACT("action_refused", story) NUTSHELL_FIELDS(ActionRefused, action, reason, error)
};

#undef NUTSHELL_FACT

using FactBody = std::variant<
    NodeStarted, NodeCrashed, NodePaused, NodeResumed, NodeStopping, NodeStopped, NodeSlowed, ClockSet, LinkCut,
    LinkHealed, LinkJammed, LinkReleased, LinkChanged, SegmentLost, MessageDropped, RequestTimedOut, ConnectionLost,
    ElectionStarted, VoteAnswered, ControllerElected, ControllerActivated, ControllerResigned, MetadataCommitted,
    MetadataTruncated, BrokerRegistered, BrokerFenced, BrokerUnfenced, ShutdownStarted, TopicCreated, LeaderElected,
    PartitionOffline, IsrShrunk, IsrExpanded, IsrChangeProposed, IsrChangeRefused, LeaderTookOffice, FollowerStarted,
    BatchAppended, HighWatermarkMoved, LogTruncated, ProduceRefused, DuplicateRecognised, RecordsSent, RecordsAcked,
    RecordsFailed, ProduceRetried, CoordinatorLoaded, MemberJoined, MemberLeft, RebalanceStarted, GenerationStarted,
    GroupStable, GroupEmpty, AssignmentDecided, PartitionAssigned, PartitionRevoked, MemberIdle, PositionSet,
    RecordsDelivered, OffsetCommitted, CommitRefused, PromiseBroken,
    PartitionsCreated, TopicRefused, ElectionTimeoutSet, ActionRefused, PositionReset, CommitFailed,
    CoordinatorUnavailable, ConsumerFailed, TopicMissing, AdminFailed>;

struct Fact {
  Time at = 0;
  Step step = kNoStep;     // the step in which it happened
  Step because = kNoStep;  // an earlier step that explains it better than the step's own trigger (a crash, say)
  FactBody body;
};

std::string_view fact_name(const FactBody& body);
FactLevel fact_level(const FactBody& body);

// How facts name things: the world knows its names.
class Namer {
 public:
  virtual ~Namer() = default;
  virtual std::string node(NodeId node) const = 0;          // "broker 1", "Q2", "orders-app"
  virtual std::string name(std::int32_t interned) const = 0;  // topic, group, member
  std::string partition(TopicPartition tp) const;           // "orders-0"
};

// The fact as one English sentence, without time: "Broker 2 leads orders-0 from epoch 6 on."
std::string sentence(const FactBody& body, const Namer& namer);

}  // namespace nutshell
