// The consumer client in a group of the classic protocol (G1, G2, G4, G5, G7-G12).
//
// Its assignors decide how it rebalances (G12). Eager: it gives up all partitions, then joins the next
// generation. Cooperative: it goes on reading while it joins, and gives up only what the next generation
// gives it no more; then it joins once again, so that somebody else can have that.
//
// Kafka's consumer has two threads. The application's calls poll(), works on what it got, perhaps
// commits, and polls again: while it is outside poll() the consumer neither rejoins nor commits by
// itself. The heartbeat thread goes on meanwhile, and leaves the group when poll() comes too late.
// An application with nothing to do waits inside poll(): data, a rebalance or a due commit are acted
// on at once.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/kafka/client.h"
#include "sim/kafka/config.h"
#include "sim/kafka/env.h"
#include "sim/kafka/kinds.h"
#include "sim/kafka/producer.h"
#include "sim/kafka/serde.h"

namespace nutshell {

// When the application commits, if enable.auto.commit is off.
enum class CommitMode : std::uint8_t { after_processing, before_processing, never };

// What the application around the consumer does: poll, work `processing` on each record, poll again.
struct ConsumerSpec {
  GroupId group = -1;           // interned group.id
  std::vector<std::int32_t> topics;  // interned
  Duration processing = 0;           // per record
  CommitMode commit = CommitMode::after_processing;
  ConsumerConfig config;
  NUTSHELL_FIELDS(ConsumerSpec, group, topics, processing, commit, config)
};

// Where the consumer is on its way into the group.
enum class MemberState : std::uint8_t {
  unjoined,
  revoking,  // still a member; commits its positions before it joins the next generation (G4). Eager, it then gives up all
  joining,   // JoinGroup is open
  syncing,   // SyncGroup is open, or is about to be sent
  stable,
};

// What the application does.
enum class ApplicationState : std::uint8_t { polling, processing, committing };

// Where reading a partition starts, or that it is not known yet. A position that was set under another leader epoch is
// validated before anything is fetched: the new leader says where the epoch of the last record read ends in its log (G3).
enum class PositionState : std::uint8_t {
  wants_committed, asks_committed, wants_reset, asks_reset, known, wants_validation, asks_validation
};

// From which follower a partition is read, because its leader has said so, and how long that holds (KIP-392).
struct ReadReplica {
  NodeId node = kNoNode;  // kNoNode: the leader
  Time until = 0;         // then the leader is asked again
  friend bool operator==(const ReadReplica&, const ReadReplica&) = default;
  NUTSHELL_FIELDS(ReadReplica, node, until)
};

// One partition that the consumer owns.
struct OwnedPartition {
  TopicPartition tp;
  PositionState position_state = PositionState::wants_committed;
  Offset position = -1;   // next offset that poll() returns; -1: not known yet
  Epoch position_epoch = -1;  // leader epoch of the record before it; -1: not known, nothing to validate
  Epoch checked_epoch = -1;   // leader epoch by which the position was set or validated
  Offset reset_from = -1;     // the position that a reset gives up; -1: there was none
  Offset committed = -1;  // last committed, as this member knows
  Offset processed = -1;  // end of what the application has worked off; -1: nothing yet
  NodeId leader = kNoNode;  // by the client's metadata
  Epoch leader_epoch = -1;
  Incarnation incarnation;     // of the topic, by the same metadata
  Incarnation asked, reads;    // of the topic that the fetch goes to, and of that of which the position is
  Offset high_watermark = -1;  // as of the last fetch; -1: none yet
  std::int64_t delivered = 0;
  std::vector<Batch> buffer;  // fetched, from `next_batch` on not yet returned by poll()
  std::int32_t next_batch = 0;
  std::uint64_t fetch = 0;  // number of the fetch, or of the validation, that asks about `position`; 0: none
  Time retry_at = 0;        // asks the leader for nothing before
  Rare<ReadReplica> read_from;
  bool buffered() const { return next_batch < static_cast<std::int32_t>(buffer.size()); }
  // poll() has returned records up to `position`, or will from there on, unless it is found to be gone.
  bool has_position() const {
    return position_state == PositionState::known || position_state == PositionState::wants_validation ||
           position_state == PositionState::asks_validation;
  }
  NUTSHELL_FIELDS(OwnedPartition, tp, position_state, position, position_epoch, checked_epoch, reset_from, committed, processed,
                  leader, leader_epoch, incarnation, asked, reads, high_watermark, delivered, buffer, next_batch, fetch, retry_at,
                  read_from)
};

// A broker that partitions of this consumer are read from: one fetch at a time.
struct FetchSource {
  NodeId broker = kNoNode;
  bool in_flight = false;
  std::int32_t failures = 0;  // in a row
  Time retry_at = 0;
  NUTSHELL_FIELDS(FetchSource, broker, in_flight, failures, retry_at)
};

// Why the consumer commits: auto.commit.interval.ms, commitSync() of the application, a rebalance, close().
enum class CommitReason : std::uint8_t { none, automatic, manual, revocation, close };

// The commit that is under way; at most one.
struct ConsumerCommit {
  CommitReason reason = CommitReason::none;
  bool in_flight = false;  // else it waits for the coordinator
  std::uint64_t number = 0;
  std::int32_t attempt = 0;  // Consumer::attempt when it was sent
  Time give_up_at = kNever;
  std::vector<CommitPartition> offsets;
  NUTSHELL_FIELDS(ConsumerCommit, reason, in_flight, number, attempt, give_up_at, offsets)
};

// Partitions of a topic that an assignment was based on.
struct TopicSize {
  TopicId topic = -1;
  std::int32_t partitions = 0;
  friend bool operator==(const TopicSize&, const TopicSize&) = default;
  NUTSHELL_FIELDS(TopicSize, topic, partitions)
};

// An answer to JoinGroup or SyncGroup that came while the application was outside poll(). Cooperative only.
struct UnreadAnswer {
  NodeId from = kNoNode;
  Outcome outcome = Outcome::answered;
  MessageNumber request = kNoMessage;
  std::uint64_t tag = 0;
  Step step = kNoStep;     // in which it came
  std::vector<Body> body;  // none or one
  NUTSHELL_FIELDS(UnreadAnswer, from, outcome, request, tag, step, body)
};

// What only some members know.
struct GroupMemory {
  AssignorName protocol = AssignorName::range;  // of the generation that was joined last
  PartitionClaim sticky;                        // what the sticky assignor has given last, to claim it again (G16)
  std::vector<UnreadAnswer> unread;
  Step news = kNoStep;  // of the unread answer that is being read, within a step only
  NUTSHELL_FIELDS(GroupMemory, protocol, sticky, unread)
};

// A record that poll() has returned to the host of a consumer (hosted.h).
struct HostedRecord {
  TopicPartition tp;
  Offset offset = -1;
  Epoch leader_epoch = kNoEpoch;
  std::int32_t key = -1, text = -1;  // interned, as in Record
  Time timestamp = kNoTimestamp;
  NUTSHELL_FIELDS(HostedRecord, tp, offset, leader_epoch, key, text, timestamp)
};

// What a client tells its host.
enum class ClientNews : std::uint8_t {
  assigned,  // partitions: all that it owns now
  revoking,  // it is about to give up its partitions, and waits: rejoin(), or a commit first
  revoked,   // partitions: it has given up
  lost,      // likewise, without being asked: somebody else may own them already
  assign,    // it leads its group, whose members stand in Consumer::members: assign_members()
  committed, commit_failed,  // the commit that the host has asked for
  failed,    // error: it has ended
  closed     // it has ended as it was asked to
};
struct HostNews {
  ClientNews what = ClientNews::assigned;
  std::vector<TopicPartition> partitions;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FIELDS(HostNews, what, partitions, error)
};

// What a consumer has beside, if its application is the process that embeds it (hosted.h).
struct ConsumerHost {
  bool hosted = false;
  bool assigns = false;      // the host is the assignor of its group
  bool reads = true;         // else it is a member of its group, and nothing more
  bool alone = false;        // assign() in place of subscribe(): it belongs to no group
  bool revoking = false;     // until the host lets the rebalance go on
  GroupProtocol protocol;    // of a member that is no consumer: what it says when it joins
  std::int32_t opaque = -1;  // and what its leader has told it last, interned
  std::vector<TopicPartition> paused;
  std::vector<TopicPartition> beside;  // assigned to it of topics to which it does not subscribe: these are the host's matter
  std::vector<HostedRecord> records;  // returned by poll()
  std::vector<HostNews> news;         // in the order in which it came
  NUTSHELL_FIELDS(ConsumerHost, hosted, assigns, reads, alone, revoking, protocol, opaque, paused, beside, records, news)
  // Of a consumer that is a process of its own there is nothing to fold.
  void fold_into(std::uint64_t& digest) const {
    if (hosted) for_each_field(*this, [&](std::string_view, const auto& each) { fold(digest, each); });
  }
};

// What an application has in hand that works record by record, because its handler can fail (consumer_handler.cpp).
struct RecordInHand {
  TopicPartition tp;
  Offset offset = -1;
  Epoch leader_epoch = kNoEpoch;
  std::int32_t key = -1, text = -1;  // interned, as in Record, but for a value without a text: that has a name
  std::int32_t bytes = 0;            // of key and value
  NUTSHELL_FIELDS(RecordInHand, tp, offset, leader_epoch, key, text, bytes)
};
struct Handling {
  std::vector<RecordInHand> records;  // of the last poll(); it is done with those before `next`
  std::int32_t next = 0;
  std::int32_t tries = 0;        // of that one, begun
  std::int32_t uncommitted = 0;  // records that it is done with since it has committed
  bool burying = false;          // waits until its dead letter is acknowledged, or has failed
  std::int64_t buried = 0;       // dead letters that were acknowledged before
  std::vector<Producer> dead_letters;  // none or one: another of the process's clients, which writes them
  bool has_any() const { return next < static_cast<std::int32_t>(records.size()); }
  const RecordInHand& current() const { return records[static_cast<std::size_t>(next)]; }  // REQUIRES has_any()
  NUTSHELL_FIELDS(Handling, records, next, tries, uncommitted, burying, buried, dead_letters)
  // Most consumers have nothing to fold here.
  void fold_into(std::uint64_t& digest) const {
    if (!records.empty() || uncommitted > 0 || !dead_letters.empty())
      for_each_field(*this, [&](std::string_view, const auto& each) { fold(digest, each); });
  }
};

struct Consumer {
  NUTSHELL_VALUE(Consumer)

  NodeId node = kNoNode;
  ConsumerSpec spec;
  ClientMetadata metadata;
  bool running = false;
  bool closing = false;            // close() was called
  bool leaving = false;            // the last LeaveGroup is under way
  ErrorCode fatal = ErrorCode::none;  // what ended the application, if an error did

  // membership
  MemberState state = MemberState::unjoined;
  std::int32_t member_id = -1;
  std::int32_t generation = -1;
  std::int32_t attempt = 0;      // counts JoinGroups and evictions; answers to an older attempt are stale
  bool rejoin_wanted = false;    // acted on inside poll()
  bool poll_expired = false;     // left the group because poll() was late (G11)
  bool leads = false;
  std::vector<JoinedMember> members;  // the leader's, until it has assigned
  std::vector<TopicSize> assigned_from;  // the leader's: what its assignment was based on
  Time assign_after = 0;  // the leader needs metadata that is not older
  GroupMemory memory;

  // coordinator
  NodeId coordinator = kNoNode;  // kNoNode: unknown
  bool lookup_in_flight = false;
  std::int32_t refused_lookups = 0;  // in a row
  NodeId heartbeat_to = kNoNode;  // has one in flight
  Time session_deadline = kNever;  // without a successful heartbeat the coordinator counts as dead
  std::int32_t failures = 0;     // of requests to the coordinator, in a row
  Time group_retry_at = 0;       // back-off of everything that concerns the group
  std::uint64_t draws = 0;

  // partitions
  std::vector<OwnedPartition> owned;  // sorted
  std::int32_t owned_generation = -1;  // in which they were assigned, or left to it
  std::int32_t assignment = 0;         // counts assignments; answers for an older one are stale
  std::vector<FetchSource> sources;
  std::vector<std::int32_t> ready;     // indexes into owned with buffered data, in order of arrival
  std::uint64_t fetches = 0;
  ConsumerCommit commit;
  bool commit_due = false;             // auto.commit.interval.ms has passed
  std::int64_t delivered = 0;

  // application
  ApplicationState application = ApplicationState::polling;
  Time polled_at = 0;           // when poll() last returned records
  std::int64_t working_on = 0;  // records
  ConsumerHost host;
  Handling handling;
  Rare<SchemaClient> schemas;

  Timer work = kNoTimer, heartbeat = kNoTimer, auto_commit = kNoTimer, max_poll = kNoTimer, retry = kNoTimer,
        fetch_retry = kNoTimer;
  NUTSHELL_FIELDS(Consumer, node, spec, metadata, running, closing, leaving, fatal, state, member_id, generation,
                  attempt, rejoin_wanted, poll_expired, leads, members, assigned_from, assign_after, memory, coordinator,
                  lookup_in_flight, refused_lookups, heartbeat_to, session_deadline, failures, group_retry_at, draws, owned,
                  owned_generation, assignment, sources, ready, fetches, commit, commit_due, delivered, application,
                  polled_at, working_on, host, handling, schemas, work, heartbeat, auto_commit, max_poll, retry, fetch_retry)
};

void start(Env& env, Consumer& consumer);
// close(): the application finishes what it works on; the consumer commits, leaves the group and ends
// its process. Takes 30 s at most, once the application is done.
void stop(Env& env, Consumer& consumer);
void forget(Env& env, Consumer& consumer, ProcessEnd end);  // the process died; `delivered`, `fatal` and draws stay
void on_response(Env& env, Consumer& consumer, const Response& response);
void on_timer(Env& env, Consumer& consumer, const Event& timer);

}  // namespace nutshell
