// What the files of raft share: transitions between roles, and the handlers of each conversation.
// For raft*.cpp only.
#pragma once

#include "sim/kafka/raft.h"

namespace nutshell {

inline constexpr Duration kQuorumRetryBackoff = 50 * kMillisecond;   // after a failed request
inline constexpr Duration kQuorumFetchMaxWait = 500 * kMillisecond;  // RaftConfig: MAX_FETCH_WAIT_MS
inline constexpr Duration kMetadataCleaningInterval = 1 * kMinute;   // KafkaRaftClient: RaftMetadataLogCleanerManager
inline constexpr std::int64_t kSnapshotPiece = 8 << 20;              // KafkaRaftClient: MAX_FETCH_SIZE_BYTES

inline std::size_t voter_count(const Env& env) { return env.commons.voters.size(); }
inline std::size_t majority(const Env& env) { return voter_count(env) / 2 + 1; }

// roles (raft.cpp)

// Enters `epoch` without knowing its leader; an observer stays an observer. REQUIRES epoch > raft.epoch.
void raft_become_unattached(Env& env, Raft& raft, const BrokerConfig& config, Epoch epoch);
// Follows `leader` in `epoch` and fetches from it. REQUIRES epoch >= raft.epoch, leader != raft.node.
void raft_become_follower(Env& env, Raft& raft, const BrokerConfig& config, Epoch epoch, NodeId leader);
// The leader gives up its epoch and waits for a higher one (K6). REQUIRES role == leader.
void raft_become_resigned(Env& env, Raft& raft, const BrokerConfig& config, Step because);
// What someone says about the quorum: a higher epoch, or the leader of this one. True if the role changed.
bool raft_learn(Env& env, Raft& raft, const BrokerConfig& config, Epoch epoch, NodeId leader);
// Common to all changes of role: stops timers and forgets votes and progress.
void raft_leave_role(Env& env, Raft& raft);
// (Re-)arms the election timer with a fresh draw (K3).
void raft_arm_election(Env& env, Raft& raft, const BrokerConfig& config);

// elections (raft_election.cpp)

// The time-out for hearing of a leader is over: pre-vote (K4), or the vote itself in a quorum of one.
void raft_campaign(Env& env, Raft& raft, const BrokerConfig& config);
void raft_on_election_timer(Env& env, Raft& raft, const BrokerConfig& config);
void raft_resend_votes(Env& env, Raft& raft, const BrokerConfig& config);
void raft_on_vote(Env& env, Raft& raft, const BrokerConfig& config, const RequestId& request, const VoteRequest& vote);
void raft_on_vote_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response);

// the leader (raft_leader.cpp)

void raft_become_leader(Env& env, Raft& raft, const BrokerConfig& config);
// Writes what was gathered: wakes parked fetches of voters, and commits at once in a quorum of one.
void raft_write_gathered(Env& env, Raft& raft);
// Tells the voters that have not acknowledged once more, and again later (K5).
void raft_repeat_begin_epoch(Env& env, Raft& raft, const BrokerConfig& config);
void raft_on_begin_epoch_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response);
// Resigns if no majority has fetched for 1.5 x the fetch time-out; else looks again later (K6).
void raft_check_quorum(Env& env, Raft& raft, const BrokerConfig& config);
void raft_on_fetch(Env& env, Raft& raft, const RequestId& request, const QuorumFetchRequest& fetch);
// Whether this node leads the sender's epoch.
ErrorCode raft_check_epoch(const Raft& raft, Epoch epoch);
// What the leader knows of a replica; from its first fetch on.
RaftProgress& raft_progress(Raft& raft, NodeId replica, bool voter);
void raft_on_fetch_wait(Env& env, Raft& raft, std::int32_t number);
// Answers all parked fetches: this node leads no more.
void raft_refuse_parked(Env& env, Raft& raft);
// The other voters by descending end offset. REQUIRES role == leader.
std::vector<NodeId> raft_successors(const Raft& raft);

// snapshots (raft_snapshot.cpp)

// Where an epoch ends in this log (L20); of what it no longer has, by the snapshot that it begins with.
EpochEnd raft_end_of_epoch(const Raft& raft, Epoch epoch);
// Whoever fetches so needs a snapshot first.
bool raft_needs_snapshot(const Raft& raft, const QuorumFetchRequest& fetch);
void raft_fetch_snapshot(Env& env, Raft& raft, const BrokerConfig& config, NodeId target);
void raft_on_fetch_snapshot(Env& env, Raft& raft, const RequestId& request, const FetchSnapshotRequest& fetch);
// A piece has come from the leader of this epoch; with the last one the snapshot takes the place of the log.
void raft_take_piece(Env& env, Raft& raft, const FetchSnapshotResponse& piece);
// Old snapshots go, and the log below the oldest that stays.
void raft_clean_snapshots(Env& env, Raft& raft, const BrokerConfig& config);

// followers and observers (raft_follower.cpp)

// Fetches from the leader or, when there is none to be had, from the next voter in rotation.
void raft_fetch(Env& env, Raft& raft, const BrokerConfig& config);
void raft_on_fetch_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response);
void raft_on_snapshot_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response);
void raft_on_begin_epoch(Env& env, Raft& raft, const BrokerConfig& config, const RequestId& request,
                         const BeginQuorumEpochRequest& begin);
void raft_on_end_epoch(Env& env, Raft& raft, const BrokerConfig& config, const RequestId& request,
                       const EndQuorumEpochRequest& end);

}  // namespace nutshell
