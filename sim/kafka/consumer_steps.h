// The steps of the consumer that its files share. For the files of this folder only.
#pragma once

#include <cstdint>

#include "sim/kafka/consumer.h"

namespace nutshell {

// the application and its poll() (consumer.cpp)

// Does whatever can be done now. Called after every response and timer; harmless when nothing can.
void proceed(Env& env, Consumer& consumer);
ClientSettings settings_of(const Consumer& consumer);
// An error that the application cannot survive: its process ends. `tp`: what it is about, if it is about a partition.
void fail(Env& env, Consumer& consumer, ErrorCode error, ConsumerFailure reason = ConsumerFailure::refused,
          TopicPartition tp = {});
// A commitSync() of the application has returned.
void on_manual_commit_done(Env& env, Consumer& consumer);
void exit_consumer(Env& env, Consumer& consumer);
// The application calls poll(), or is outside it: then max.poll.interval.ms runs (G11).
void set_application(Env& env, Consumer& consumer, ApplicationState state);

// its handler, if it can fail or commits as it likes (consumer_handler.cpp)

bool has_handler(const Consumer& consumer);
// poll() returns these records of a batch to it, `count` from the nth one on.
void take_in_hand(Env& env, Consumer& consumer, TopicPartition tp, const Batch& batch, std::int64_t nth, std::int64_t count);
// Begins with the next of the records in hand, and goes on as far as that takes no time. With none it is through with the poll.
void handle(Env& env, Consumer& consumer);
// The time that the handler takes is over.
void on_handled(Env& env, Consumer& consumer);
// Something has come for the producer of dead letters. True if it was for that one.
bool hear_dead_letters(Env& env, Consumer& consumer, const Response& response);
bool hear_dead_letters(Env& env, Consumer& consumer, const Event& timer);
// The first record of a partition that poll() has returned and the application is not done with; nullptr: it is with all.
const RecordInHand* first_in_hand(const Consumer& consumer, TopicPartition tp);
// It has done something that nobody knows of, and commits before its partitions are given up.
bool owes_commit(const Consumer& consumer);
// The application commits, and does so then.
bool commits_itself(const Consumer& consumer, CommitMode mode);
// poll() has been worked off: commits, or polls again.
void finish_work(Env& env, Consumer& consumer);
// commitSync().
void commit_and_wait(Env& env, Consumer& consumer);

// its host, if it has one (hosted_consumer.cpp)

void tell_host(Consumer& consumer, ClientNews what, std::vector<TopicPartition> partitions = {}, ErrorCode error = ErrorCode::none);
// The host has to commit before the partitions are given up. True if the rebalance waits for it.
bool wait_for_host(Consumer& consumer);
// Takes out of an assignment what the consumer does not subscribe to: it is for its host.
void set_aside(Consumer& consumer, std::vector<TopicPartition>& assigned);
bool is_paused(const Consumer& consumer, TopicPartition tp);
// poll() returns these records of a batch, `count` from the nth one on.
void hand_over(const Env& env, Consumer& consumer, TopicPartition tp, const Batch& batch, std::int64_t nth, std::int64_t count);
// The consumer has ended within its process, which goes on.
void end_within(Env& env, Consumer& consumer);

// membership (consumer_group.cpp, consumer_join.cpp, consumer_partitions.cpp)

// The group counts it as a member of `generation`, and so does it.
bool is_member(const Consumer& consumer);
bool is_cooperative(const Consumer& consumer);
// Its partitions are its own to read: not while it rebalances eagerly, or has lost its membership.
bool may_read(const Consumer& consumer);
void find_coordinator_if_needed(Env& env, Consumer& consumer);
bool coordinator_usable(const Env& env, const Consumer& consumer);
// The broker does not coordinate the group, or cannot be reached: looks for another after a back-off.
void lose_coordinator(Env& env, Consumer& consumer);
void back_off(Env& env, Consumer& consumer);
// Evicted, or gone: joins again at the next poll(), with a new member id if the old one is not valid.
void reset_membership(Env& env, Consumer& consumer, bool forget_member_id);
// Handles the errors that mean "not me" or "not now" of a coordinator's answer; true if it was one.
bool on_coordinator_error(Env& env, Consumer& consumer, const Response& response, ErrorCode error);
void start_heartbeats(Env& env, Consumer& consumer);
// Sends a LeaveGroup if there is anything to leave; true if it did.
bool leave_group(Env& env, Consumer& consumer, bool poll_expired = false);

void rejoin_if_needed(Env& env, Consumer& consumer);
// Sends JoinGroup. Before it, gives up all partitions if it rebalances eagerly or has lost its membership (G12).
void revoke_and_join(Env& env, Consumer& consumer);
void revoke_all(Env& env, Consumer& consumer);
// Takes over an assignment: gives up what is not in it, then gets what is new. Cooperative, having given up
// anything, it wants to join again.
void take_assignment(Env& env, Consumer& consumer, std::vector<TopicPartition> assigned);
std::vector<TopicPartition> owned_by(const Consumer& consumer);
// What it says of its partitions when it joins.
PartitionClaim claim_of(const Consumer& consumer);

void on_coordinator_found(Env& env, Consumer& consumer, const Response& response);
void on_joined(Env& env, Consumer& consumer, const Response& response);
void on_synced(Env& env, Consumer& consumer, const Response& response);
void on_heartbeat_answered(Env& env, Consumer& consumer, const Response& response);
void on_heartbeat_due(Env& env, Consumer& consumer);
void on_poll_expired(Env& env, Consumer& consumer);

// the leader's part (consumer_assign.cpp)

// Runs the assignor and sends the result, once the topics of all members are known.
void assign_if_ready(Env& env, Consumer& consumer);
void send_sync(Env& env, Consumer& consumer, std::vector<MemberAssignment> assignments);
// True if partitions have been added since the assignment (G9).
bool assignment_outdated(const Consumer& consumer);

// commits (consumer_commit.cpp)

// The next automatic commit is due after so long, and no sooner than in a millisecond: clients count in these, and
// auto.commit.interval.ms=0 is "with every poll", which takes time.
void await_auto_commit(Env& env, Consumer& consumer, Duration interval);
// Commits the positions: what earlier polls returned (G4). Replaces the commit that is under way.
void start_commit(Env& env, Consumer& consumer, CommitReason reason, Time give_up_at = kNever);
// ... or what the host says.
void start_commit_of(Env& env, Consumer& consumer, CommitReason reason, std::vector<CommitPartition> offsets, Time give_up_at);
void continue_commit(Env& env, Consumer& consumer);
void on_committed(Env& env, Consumer& consumer, const Response& response);
bool has_positions(const Consumer& consumer);

// positions and records (consumer_position.cpp, consumer_fetch.cpp)

OwnedPartition* find_owned(Consumer& consumer, TopicPartition tp);
// Reading goes on there, after a record of that leader epoch; -1: not known.
void set_position(Env& env, Consumer& consumer, OwnedPartition& partition, Offset position, Epoch epoch, bool reset);
// Asks for the positions that are not known (G2).
void seek_positions(Env& env, Consumer& consumer);
// auto.offset.reset decides where to go on; if it is none, the application ends for the reason given.
void reset_position(Env& env, Consumer& consumer, OwnedPartition& partition, ConsumerFailure reason);
void on_offsets_fetched(Env& env, Consumer& consumer, const Response& response);
void on_offsets_listed(Env& env, Consumer& consumer, const Response& response);

// validation (consumer_validate.cpp, G3)

// The position stands, and must be validated if its leader epoch is not the one that it was set or validated by.
void validate_if_needed(Env& env, Consumer& consumer, OwnedPartition& partition);
// Asks the leader of this partition about all that it leads and that are to be validated.
void ask_epoch_ends(Env& env, Consumer& consumer, NodeId leader);
void on_epoch_ends(Env& env, Consumer& consumer, const Response& response);

// Takes over the leaders that the client's metadata names.
void update_leaders(Env& env, Consumer& consumer);
// The leader is another one, or cannot be asked now: refreshes the metadata and waits a little.
void back_off_partition(Env& env, Consumer& consumer, OwnedPartition& partition);
// Wakes the consumer up at the earliest time at which a leader may be asked again.
void retry_later(Env& env, Consumer& consumer);

// Returns up to max.poll.records to the application; how many.
std::int64_t deliver(Env& env, Consumer& consumer);
// The partition is read from its leader again, if it was from a follower (R21).
void return_to_leader(Env& env, const Consumer& consumer, OwnedPartition& partition);
// One fetch to each broker that partitions without data are read from and that has none in flight.
void send_fetches(Env& env, Consumer& consumer);
// What was fetched and not returned yet is fetched again.
void drop_data(Consumer& consumer, OwnedPartition& partition);
void on_fetched(Env& env, Consumer& consumer, const Response& response);

}  // namespace nutshell
