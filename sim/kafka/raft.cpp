// Roles of the quorum and how they change (K1), and which handler takes what arrives.
#include "sim/kafka/raft.h"

#include <utility>

#include "sim/core/require.h"
#include "sim/kafka/raft_internal.h"

namespace nutshell {

void raft_leave_role(Env& env, Raft& raft) {
  env.disarm(raft.fetch_timer);
  env.disarm(raft.check_timer);
  env.disarm(raft.linger_timer);
  env.disarm(raft.retry_timer);
  raft.gathered.clear();
  raft.votes.clear();
  raft.refusals.clear();
  raft.progress.clear();
  raft.fetched_in_epoch = false;
  raft.backing_off = false;
  raft.leader_silent = false;
  raft.snapshot_fetch = {};
  raft.fetches += 1;  // a fetch under way is of no interest any more
}

void raft_arm_election(Env& env, Raft& raft, const BrokerConfig& config) {
  const std::uint64_t random = env.random(raft.node, Purpose::election_timeout, raft.draws++);
  const Duration extra = between(random, 0, config.quorum_election_timeout - 1);
  env.rearm(raft.election_timer, raft.node, TimerKind::quorum_election_timeout, config.quorum_election_timeout + extra);
}

namespace {

void enter_epoch(Raft& raft, Epoch epoch, NodeId leader) {
  if (epoch > raft.epoch) raft.voted_for = kNoNode;
  raft.epoch = epoch;
  raft.leader = leader;
}

// REQUIRES the role still says what this node was.
void report_deposed(Env& env, const Raft& raft, Step because) {
  if (raft.role == RaftRole::leader) env.emit(ControllerResigned{raft.node, raft.epoch}, because);
}

}  // namespace

void raft_become_unattached(Env& env, Raft& raft, const BrokerConfig& config, Epoch epoch) {
  NUTSHELL_REQUIRE(epoch > raft.epoch);
  report_deposed(env, raft, kNoStep);
  raft_leave_role(env, raft);
  enter_epoch(raft, epoch, kNoNode);
  raft.role = raft.voter ? RaftRole::unattached : RaftRole::observer;
  // A timer that runs goes on: meeting higher epochs again and again does not put off an election for ever.
  if (raft.voter && raft.election_timer == kNoTimer) raft_arm_election(env, raft, config);
  raft_refuse_parked(env, raft);
  env.rearm(raft.retry_timer, raft.node, TimerKind::quorum_retry, kQuorumRetryBackoff);
}

void raft_become_follower(Env& env, Raft& raft, const BrokerConfig& config, Epoch epoch, NodeId leader) {
  NUTSHELL_REQUIRE(epoch >= raft.epoch && leader != raft.node && leader != kNoNode);
  NUTSHELL_REQUIRE(epoch > raft.epoch || raft.leader == kNoNode || raft.leader == leader);
  report_deposed(env, raft, kNoStep);
  raft_leave_role(env, raft);
  env.disarm(raft.election_timer);
  enter_epoch(raft, epoch, leader);
  raft.role = raft.voter ? RaftRole::follower : RaftRole::observer;
  raft.retries = 0;
  if (raft.voter) raft.fetch_timer = env.arm(raft.node, TimerKind::quorum_fetch_timeout, config.quorum_fetch_timeout);
  raft_refuse_parked(env, raft);
  raft_fetch(env, raft, config);
}

void raft_become_resigned(Env& env, Raft& raft, const BrokerConfig& config, Step because) {
  NUTSHELL_REQUIRE(raft.role == RaftRole::leader);
  EndQuorumEpochRequest end;
  end.epoch = raft.epoch;
  end.leader = raft.node;
  end.successors = raft_successors(raft);
  report_deposed(env, raft, because);
  raft_leave_role(env, raft);
  raft.role = RaftRole::resigned;
  raft_refuse_parked(env, raft);
  for (NodeId voter : end.successors)
    env.request(raft.node, voter, Channel::quorum, end, config.quorum_request_timeout);
  raft_arm_election(env, raft, config);
}

bool raft_learn(Env& env, Raft& raft, const BrokerConfig& config, Epoch epoch, NodeId leader) {
  const bool higher = epoch > raft.epoch;
  const bool leader_found = epoch == raft.epoch && leader != kNoNode && raft.leader == kNoNode;
  if (!higher && !leader_found) return false;
  if (leader == kNoNode) raft_become_unattached(env, raft, config, epoch);
  else raft_become_follower(env, raft, config, epoch, leader);
  return true;
}

void raft_start(Env& env, Raft& raft, const BrokerConfig& config) {
  if (raft.snapshots.size() > 1) raft.cleaning_timer = env.arm(raft.node, TimerKind::metadata_cleaning, kMetadataCleaningInterval);
  if (!raft.voter) {
    raft.role = RaftRole::observer;
    raft_fetch(env, raft, config);
  } else if (voter_count(env) == 1) {
    raft_campaign(env, raft, config);
  } else if (raft.leader == raft.node) {
    raft.role = RaftRole::resigned;
    raft_arm_election(env, raft, config);
  } else if (raft.leader != kNoNode) {
    raft_become_follower(env, raft, config, raft.epoch, raft.leader);
  } else {
    raft.role = RaftRole::unattached;
    raft_arm_election(env, raft, config);
    raft_fetch(env, raft, config);
  }
}

void raft_forget(Raft& raft) {
  Raft kept;
  kept.node = raft.node;
  kept.voter = raft.voter;
  kept.epoch = raft.epoch;
  kept.voted_for = raft.voted_for;
  kept.leader = raft.leader;
  kept.log = std::move(raft.log);
  kept.epochs = std::move(raft.epochs);
  kept.snapshots = std::move(raft.snapshots);
  if (!kept.snapshots.empty()) kept.high_watermark = kept.snapshots.back().end_offset();
  kept.role = raft.voter ? RaftRole::unattached : RaftRole::observer;
  kept.draws = raft.draws;
  raft = std::move(kept);
}

void raft_resign(Env& env, Raft& raft, const BrokerConfig& config) {
  if (raft.role == RaftRole::leader) raft_become_resigned(env, raft, config, kNoStep);
}

bool raft_set_timeout(Env& env, Raft& raft, Duration timeout) {
  if (raft.role == RaftRole::follower && raft.fetch_timer != kNoTimer) {
    env.rearm(raft.fetch_timer, raft.node, TimerKind::quorum_fetch_timeout, timeout);
  } else if (raft.election_timer != kNoTimer) {
    const TimerKind kind = raft.backing_off ? TimerKind::quorum_backoff : TimerKind::quorum_election_timeout;
    env.rearm(raft.election_timer, raft.node, kind, timeout);
  } else {
    return false;
  }
  return true;
}

Offset raft_append(Env& env, Raft& raft, const BrokerConfig& config, const MetadataRecord& record) {
  NUTSHELL_REQUIRE(raft.role == RaftRole::leader);
  const Offset offset = raft.next_offset();
  if (raft.gathered.empty())
    raft.linger_timer = env.arm(raft.node, TimerKind::controller_linger, config.quorum_append_linger);
  raft.gathered.push_back({raft.epoch, env.fabric.step, record});
  return offset;
}

// dispatch

namespace {

struct VoterServes {
  Env& env;
  Raft& raft;
  const BrokerConfig& config;
  const RequestId& request;

  void operator()(const QuorumFetchRequest& body) const { raft_on_fetch(env, raft, request, body); }
  void operator()(const FetchSnapshotRequest& body) const { raft_on_fetch_snapshot(env, raft, request, body); }
  void operator()(const VoteRequest& body) const { raft_on_vote(env, raft, config, request, body); }
  void operator()(const BeginQuorumEpochRequest& body) const { raft_on_begin_epoch(env, raft, config, request, body); }
  void operator()(const EndQuorumEpochRequest& body) const { raft_on_end_epoch(env, raft, config, request, body); }
};

struct VoterHears {
  Env& env;
  Raft& raft;
  const BrokerConfig& config;
  const Response& response;

  void operator()(OutcomeOf<QuorumFetchRequest>) const { raft_on_fetch_response(env, raft, config, response); }
  void operator()(OutcomeOf<FetchSnapshotRequest>) const { raft_on_snapshot_response(env, raft, config, response); }
  void operator()(OutcomeOf<VoteRequest>) const { raft_on_vote_response(env, raft, config, response); }
  void operator()(OutcomeOf<BeginQuorumEpochRequest>) const { raft_on_begin_epoch_response(env, raft, config, response); }
  void operator()(OutcomeOf<EndQuorumEpochRequest>) const {
    if (const auto* end = response.as<EndQuorumEpochResponse>()) raft_learn(env, raft, config, end->epoch, kNoNode);
  }
};

}  // namespace

bool raft_on_request(Env& env, Raft& raft, const BrokerConfig& config, const RequestId& request, const Body& body) {
  return dispatch<Receiver::voter>(body, VoterServes{env, raft, config, request});
}

bool raft_on_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response) {
  if (response.channel != Channel::quorum) return false;
  if (response.request == kNoMessage) return true;  // it tells of a connection on which nobody waits
  NUTSHELL_REQUIRE(dispatch_outcome<Asker::voter>(response.request, VoterHears{env, raft, config, response}));
  return true;
}

namespace {

void on_retry(Env& env, Raft& raft, const BrokerConfig& config) {
  switch (raft.role) {
    case RaftRole::unattached:
    case RaftRole::follower:
    case RaftRole::observer: raft_fetch(env, raft, config); return;
    case RaftRole::prospective:
    case RaftRole::candidate: raft_resend_votes(env, raft, config); return;
    case RaftRole::leader: raft_repeat_begin_epoch(env, raft, config); return;
    case RaftRole::resigned: return;
  }
}

}  // namespace

bool raft_on_timer(Env& env, Raft& raft, const BrokerConfig& config, const Event& timer) {
  switch (timer.timer) {
    case TimerKind::quorum_fetch_timeout:
      raft.fetch_timer = kNoTimer;
      raft_campaign(env, raft, config);
      return true;
    case TimerKind::quorum_election_timeout:
    case TimerKind::quorum_backoff:
      raft.election_timer = kNoTimer;
      raft_on_election_timer(env, raft, config);
      return true;
    case TimerKind::quorum_check:
      raft.check_timer = kNoTimer;
      raft_check_quorum(env, raft, config);
      return true;
    case TimerKind::quorum_fetch_wait: raft_on_fetch_wait(env, raft, timer.a); return true;
    case TimerKind::controller_linger:
      raft.linger_timer = kNoTimer;
      raft_write_gathered(env, raft);
      return true;
    case TimerKind::metadata_cleaning:
      raft.cleaning_timer = kNoTimer;
      raft_clean_snapshots(env, raft, config);
      return true;
    case TimerKind::quorum_retry:
      raft.retry_timer = kNoTimer;
      on_retry(env, raft, config);
      return true;
    default: return false;
  }
}

}  // namespace nutshell
