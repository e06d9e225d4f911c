// The metadata quorum: KRaft's leader election and replication of __cluster_metadata-0 (K1-K7).
//
// Voters (controllers) elect a leader; brokers are observers that fetch and never vote. The owner of a
// Raft calls these functions with what arrives, and afterwards looks at `high_watermark`, `role` and
// `epoch` to see what changed.
//
// The leader gathers what its owner appends for controller.quorum.append.linger.ms, and then writes it to its log
// as one batch: until then nobody can fetch it, and it counts for nothing. Every response carries all entries up to
// the leader's end, so followers and the high watermark only ever stop between batches.
//
// The log begins where a snapshot ends, or at 0; who fetches what lies below gets the latest snapshot instead.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/shared_log.h"
#include "sim/kafka/config.h"
#include "sim/kafka/env.h"
#include "sim/kafka/metadata.h"
#include "sim/log/leader_epochs.h"

namespace nutshell {

enum class RaftRole : std::uint8_t { unattached, prospective, candidate, follower, leader, resigned, observer };

// The leader's view of one replica of the metadata log.
struct RaftProgress {
  NodeId node = kNoNode;
  bool voter = false;
  bool acknowledged = false;  // knows that the leader leads: no more BeginQuorumEpoch for it
  Offset end_offset = 0;  // what it has: its last fetch offset
  Time last_fetch = -1;   // -1: never in this epoch
  Time last_caught_up = -1;
  NUTSHELL_FIELDS(RaftProgress, node, voter, acknowledged, end_offset, last_fetch, last_caught_up)
};

// A fetch that waits for something new.
struct ParkedQuorumFetch {
  RequestId request;
  NodeId replica = kNoNode;
  bool voter = false;
  Offset fetch_offset = 0;
  Offset high_watermark = -1;  // what the replica knows
  std::int32_t number = 0;
  Timer timer = kNoTimer;
  NUTSHELL_FIELDS(ParkedQuorumFetch, request, replica, voter, fetch_offset, high_watermark, number, timer)
};

// A snapshot that is being fetched, and how far that has come; -1: none is.
struct SnapshotFetch {
  Offset end_offset = -1;
  Epoch epoch = -1;
  std::int64_t position = 0;
  NUTSHELL_FIELDS(SnapshotFetch, end_offset, epoch, position)
};

struct Raft {
  // persistent
  NodeId node = kNoNode;
  bool voter = false;
  Epoch epoch = 0;
  NodeId voted_for = kNoNode;
  NodeId leader = kNoNode;           // known leader of this epoch
  MetadataLog log;
  LeaderEpochs epochs;
  std::vector<MetadataSnapshot> snapshots;  // the oldest first; the log begins at none of them, or at the end of the first
  // volatile
  RaftRole role = RaftRole::unattached;
  Offset high_watermark = 0;
  Offset epoch_start = 0;            // leader: offset of its LeaderChange record
  Time leader_since = 0;             // leader: when it was elected
  bool fetched_in_epoch = false;     // follower: has fetched successfully in this epoch (K4)
  bool backing_off = false;          // candidate: has lost, and waits for another attempt (K3)
  bool leader_silent = false;        // observer: the last fetch from the leader failed; ask others
  std::vector<NodeId> votes;         // granted, in this election
  std::vector<NodeId> refusals;
  std::vector<MetadataEntry> gathered;      // leader: appended and not yet written; lost with the office
  std::vector<RaftProgress> progress;       // leader: the other voters, then observers that have fetched
  std::vector<ParkedQuorumFetch> parked;    // by number
  std::int32_t next_parked = 0;
  std::int32_t retries = 0;          // lost elections in a row (K3)
  std::uint64_t draws = 0;           // never reset: a restart brings new luck
  std::int32_t next_voter = 0;       // whom a replica without a leader asks next
  std::uint64_t fetches = 0;         // sent; the tag of the one under way
  SnapshotFetch snapshot_fetch;      // follower, observer: in the place of fetches of the log
  Offset counted_from = -1;          // what counts towards the next snapshot begins here; -1: nothing is applied yet
  Time counted_since = 0;
  Timer fetch_timer = kNoTimer;      // follower: until it campaigns
  Timer election_timer = kNoTimer;   // unattached, prospective, candidate, resigned: time-out or back-off
  Timer check_timer = kNoTimer;      // leader: check-quorum
  Timer linger_timer = kNoTimer;     // leader: until what was gathered is written
  Timer retry_timer = kNoTimer;      // the role's requests that failed or were not acknowledged
  Timer cleaning_timer = kNoTimer;   // while there are two snapshots or more
  NUTSHELL_FIELDS(Raft, node, voter, epoch, voted_for, leader, log, epochs, snapshots, role, high_watermark, epoch_start,
                  leader_since, fetched_in_epoch, backing_off, leader_silent, votes, refusals, gathered, progress,
                  parked, next_parked, retries, draws, next_voter, fetches, snapshot_fetch, counted_from, counted_since,
                  fetch_timer, election_timer, check_timer, linger_timer, retry_timer, cleaning_timer)

  Offset start_offset() const { return static_cast<Offset>(log.begin_index()); }
  Offset end_offset() const { return static_cast<Offset>(log.size()); }
  // The offset of what the leader appends next: after what it has gathered.
  Offset next_offset() const { return end_offset() + static_cast<Offset>(gathered.size()); }
  // The epoch of a record of the log, or of the last one of the snapshot that it begins with.
  // REQUIRES start_offset() - 1 <= offset < end_offset().
  Epoch epoch_at(Offset offset) const {
    return offset < start_offset() ? snapshots.front().epoch : log[static_cast<std::size_t>(offset)].epoch;
  }
  Epoch last_epoch() const { return end_offset() > 0 ? epoch_at(end_offset() - 1) : 0; }
};

// The process starts, with what is persistent; a former leader comes back Resigned (K1), and the only
// voter of a quorum of one leads at once.
void raft_start(Env& env, Raft& raft, const BrokerConfig& config);
// The process died: only what is persistent stays.
void raft_forget(Raft& raft);
// A graceful stop: a leader tells its successors and becomes Resigned (K6); others do nothing. The process
// should live on until its successor is elected, because its vote may be needed (K4).
void raft_resign(Env& env, Raft& raft, const BrokerConfig& config);
// Gives the record an offset, and writes it to the log with what else comes within controller.quorum.append.linger.ms
// of the first (K5; a batch that is full goes earlier in Kafka, 8 MiB that nothing here fills). A leader that resigns,
// is deposed or dies before that has written nothing. REQUIRES role == leader.
Offset raft_append(Env& env, Raft& raft, const BrokerConfig& config, const MetadataRecord& record);

// Brings an image to the high watermark: from the latest snapshot on if the image is empty or the log no longer has what it
// lacks, else by the log. True if it went by a snapshot.
bool raft_bring(Env& env, const Raft& raft, MetadataImage& image);
// What is committed has been applied, `image`: writes a snapshot of it if that is due (K7).
void raft_applied(Env& env, Raft& raft, const BrokerConfig& config, const MetadataImage& image);

// It campaigns after `timeout`, if it hears of no leader until then: what waits for that goes off at that time, and
// what comes after draws its luck as ever. False: it leads, observes or is down, and waits for no election.
bool raft_set_timeout(Env& env, Raft& raft, Duration timeout);

// Requests, responses and timers that belong to the quorum: true if they were handled.
bool raft_on_request(Env& env, Raft& raft, const BrokerConfig& config, const RequestId& request, const Body& body);
bool raft_on_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response);
bool raft_on_timer(Env& env, Raft& raft, const BrokerConfig& config, const Event& timer);

}  // namespace nutshell
