// Facts: what happened, in the order in which it happened.
//
// A fact is one struct with its fields and its sentence (facts.cpp). Narration, event lists, beats,
// promises and "why?" read facts; nothing in the simulation does. All are trivially copyable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/one_of.h"
#include "sim/core/types.h"
#include "sim/kafka/facts_clients.h"
#include "sim/kafka/facts_cluster.h"
#include "sim/kafka/facts_connect.h"
#include "sim/kafka/facts_ksql.h"
#include "sim/kafka/facts_schema.h"
#include "sim/net/body.h"
#include "sim/net/facts.h"

namespace nutshell {

// promises
struct PromiseBroken {  // said by the judge; `promise` indexes its table
  PromiseRef promise = -1;
  TopicPartition tp;
  NodeId node = kNoNode;
  bool promised = true;  // false: Kafka does not give the promise under this configuration
  NUTSHELL_FACT("promise_broken", story) NUTSHELL_FIELDS(PromiseBroken, promise, tp, node, promised)
};

// what hands do
struct TopicRefused {  // by the controller, to the operator or to the broker that wants __consumer_offsets
  TopicId topic = -1;
  ErrorCode error = ErrorCode::none;
  NodeId client = kNoNode;
  NUTSHELL_FACT("topic_refused", story) NUTSHELL_FIELDS(TopicRefused, topic, error, client)
};
struct AdminFailed {  // another call of the operator: refused, or given up after default.api.timeout.ms
  MessageRef message = 0;
  TopicId topic = -1;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("admin_failed", story) NUTSHELL_FIELDS(AdminFailed, message, topic, error)
};
struct ElectionTimeoutSet {  // of a controller, this once
  NodeId node = kNoNode;
  DurationRef timeout = 0;
  NUTSHELL_FACT("election_timeout_set", story) NUTSHELL_FIELDS(ElectionTimeoutSet, node, timeout)
};

struct ActionRefused {  // nothing comes of an action: it cannot be done now, would change nothing, or Kafka does not do it
  NameRef action = -1, reason = -1;  // interned: its name, and why not
  ErrorCode error = ErrorCode::none;      // Kafka's, where Kafka said so
  NUTSHELL_FACT("action_refused", story) NUTSHELL_FIELDS(ActionRefused, action, reason, error)
};

struct FactKinds : Kinds<
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
    CoordinatorUnavailable, ConsumerFailed, TopicMissing, AdminFailed, LogStartRaised, SegmentDeleted, SegmentFileRemoved,
    LogCleaningStarted, LogCleaned, RecordCompacted, TopicDeleted, LogDeleted, LogFilesRemoved, OffsetsForgotten, DamageFound,
    BatchDamaged, FlushesLie, DiskStalled, DiskReplaced, DiskCopied, DiskSetBack, DirectoryBroken, DirectoryLimited,
    DirectoryFailed, DirectoriesOffline, BrokerHalted, StatementRefused, QueryStarted, QueryEnded, TaskAssigned, TaskRestored,
    TaskClosed, RowLate, RowSkipped, WindowChanged, WindowClosed, ResultEmitted, QueryCommitted, ReadReplicaChanged, ZoneLost,
    ZoneRestored, ZoneLatencySet, ConnectRefused, ConnectShared, ConnectUnit, SourceSent, SourceNoted, SinkWrote, ConnectSkipped,
    StoreChanged, RegistryElected, SchemaRegistered, SchemaRefused, SchemaLearned, RecordNotSerialized, RecordNotDeserialized,
    ValueDeserialized, MetadataSnapshotTaken, MetadataSnapshotFetched, MetadataLogStartRaised, RegistryCalled, GroupLoaded,
    HandlerBegan, HandlerFailed, DeadLetterWritten> {};
using FactBody = OneOf<FactKinds>;

// Each fact of a run that keeps them takes as much as the largest kind.
static_assert(sizeof(FactBody) <= 64);

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
  virtual std::string_view message(MessageNumber number) const;  // "Produce"; of other families: who knows them overrides it
  std::string partition(TopicPartition tp) const;           // "orders-0"
};

// The fact as one English sentence, without time: "Broker 2 leads orders-0 from epoch 6 on."
std::string sentence(const FactBody& body, const Namer& namer);

}  // namespace nutshell
