// Elections of the quorum: pre-vote, vote, and what follows a lost one (K2-K4).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/raft.h"
#include "sim/kafka/raft_internal.h"

namespace nutshell {

namespace {

bool holds(const std::vector<NodeId>& nodes, NodeId node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

// Names the ballot, so that answers to an earlier one are recognised.
std::uint64_t ballot(const Raft& raft) {
  return static_cast<std::uint64_t>(raft.epoch) << 1 | (raft.role == RaftRole::prospective ? 1 : 0);
}

bool campaigning(const Raft& raft) {
  return raft.role == RaftRole::prospective || raft.role == RaftRole::candidate;
}

void send_vote(Env& env, Raft& raft, const BrokerConfig& config, NodeId voter) {
  VoteRequest vote;
  vote.epoch = raft.epoch;
  vote.candidate = raft.node;
  vote.last_epoch = raft.last_epoch();
  vote.end_offset = raft.end_offset();
  vote.pre_vote = raft.role == RaftRole::prospective;
  env.request(raft.node, voter, Channel::quorum, vote, config.quorum_request_timeout, ballot(raft));
}

// Votes for itself and asks the others. REQUIRES the role is set.
void open_ballot(Env& env, Raft& raft, const BrokerConfig& config, Step because) {
  env.emit(ElectionStarted{raft.node, raft.epoch, raft.role == RaftRole::prospective}, because);
  raft.votes.push_back(raft.node);
  raft_arm_election(env, raft, config);
  for (NodeId voter : env.commons.voters)
    if (voter != raft.node) send_vote(env, raft, config, voter);
}

// Pre-vote: no state changes, so a node that cannot win disturbs nobody (K4).
void become_prospective(Env& env, Raft& raft, const BrokerConfig& config) {
  const Step because = raft.leader == kNoNode ? kNoStep : cause_of_silence(env, raft.leader, raft.node);
  raft_leave_role(env, raft);
  raft.role = RaftRole::prospective;
  open_ballot(env, raft, config, because);
}

void become_candidate(Env& env, Raft& raft, const BrokerConfig& config) {
  raft_leave_role(env, raft);
  raft.role = RaftRole::candidate;
  raft.epoch += 1;
  raft.voted_for = raft.node;
  raft.leader = kNoNode;
  open_ballot(env, raft, config, kNoStep);
}

// K3: binary exponential back-off, then another attempt.
void back_off(Env& env, Raft& raft, const BrokerConfig& config) {
  raft.backing_off = true;
  raft.retries += 1;
  const std::uint64_t bound = std::uint64_t{1} << std::min(raft.retries, 21);
  const std::uint64_t random = env.random(raft.node, Purpose::election_backoff, raft.draws++);
  const Duration delay = 100 * kMillisecond * static_cast<Duration>(below(random, bound));
  env.rearm(raft.election_timer, raft.node, TimerKind::quorum_backoff,
            std::min(delay, config.quorum_election_backoff_max));
}

void stop_campaigning(Env& env, Raft& raft, const BrokerConfig& config) {
  if (raft.leader != kNoNode) {
    raft_become_follower(env, raft, config, raft.epoch, raft.leader);
    return;
  }
  raft_leave_role(env, raft);
  raft.role = RaftRole::unattached;
  raft_arm_election(env, raft, config);
  raft.retry_timer = env.arm(raft.node, TimerKind::quorum_retry, kQuorumRetryBackoff);
}

void lose_election(Env& env, Raft& raft, const BrokerConfig& config) {
  if (raft.role == RaftRole::candidate) back_off(env, raft, config);
  else stop_campaigning(env, raft, config);
}

void count_vote(Env& env, Raft& raft, const BrokerConfig& config, NodeId voter, bool granted) {
  if (holds(raft.votes, voter) || holds(raft.refusals, voter)) return;
  (granted ? raft.votes : raft.refusals).push_back(voter);
  if (granted && raft.votes.size() == majority(env)) {
    if (raft.role == RaftRole::prospective) become_candidate(env, raft, config);
    else raft_become_leader(env, raft, config);
  } else if (!granted && raft.refusals.size() == voter_count(env) - majority(env) + 1) {
    lose_election(env, raft, config);
  }
}

bool up_to_date(const Raft& raft, const VoteRequest& vote) {
  if (vote.last_epoch != raft.last_epoch()) return vote.last_epoch > raft.last_epoch();
  return vote.end_offset >= raft.end_offset();
}

// K4: whoever has a working leader refuses.
bool grants_pre_vote(const Raft& raft, const VoteRequest& vote) {
  if (raft.role == RaftRole::leader) return false;
  if (raft.role == RaftRole::follower && raft.fetched_in_epoch) return false;
  return up_to_date(raft, vote);
}

// K2. REQUIRES vote.epoch == raft.epoch.
bool grants_vote(const Raft& raft, const VoteRequest& vote) {
  if (raft.role != RaftRole::unattached && raft.role != RaftRole::prospective) return false;
  if (raft.voted_for != kNoNode) return raft.voted_for == vote.candidate;
  return raft.leader == kNoNode && up_to_date(raft, vote);
}

}  // namespace

void raft_campaign(Env& env, Raft& raft, const BrokerConfig& config) {
  NUTSHELL_REQUIRE(raft.voter && raft.role != RaftRole::leader);
  if (majority(env) > 1) {
    become_prospective(env, raft, config);
    return;
  }
  become_candidate(env, raft, config);
  raft_become_leader(env, raft, config);
}

void raft_on_election_timer(Env& env, Raft& raft, const BrokerConfig& config) {
  switch (raft.role) {
    case RaftRole::unattached: raft_campaign(env, raft, config); return;
    case RaftRole::prospective: lose_election(env, raft, config); return;
    case RaftRole::candidate:
      // Either its time is up, or it has backed off after losing: then it tries again.
      if (raft.backing_off) raft_campaign(env, raft, config);
      else lose_election(env, raft, config);
      return;
    case RaftRole::resigned: raft_become_unattached(env, raft, config, raft.epoch + 1); return;
    case RaftRole::follower:
    case RaftRole::leader:
    case RaftRole::observer: NUTSHELL_REQUIRE(false); return;
  }
}

void raft_resend_votes(Env& env, Raft& raft, const BrokerConfig& config) {
  for (NodeId voter : env.commons.voters) {
    if (holds(raft.votes, voter) || holds(raft.refusals, voter)) continue;
    if (env.in_flight(raft.node, voter, Channel::quorum) == 0) send_vote(env, raft, config, voter);
  }
}

void raft_on_vote(Env& env, Raft& raft, const BrokerConfig& config, const RequestId& request, const VoteRequest& vote) {
  if (vote.epoch > raft.epoch) raft_become_unattached(env, raft, config, vote.epoch);
  VoteResponse response;
  response.pre_vote = vote.pre_vote;
  if (vote.epoch == raft.epoch)
    response.granted = vote.pre_vote ? grants_pre_vote(raft, vote) : grants_vote(raft, vote);
  if (response.granted && !vote.pre_vote) {
    raft.voted_for = vote.candidate;
    // The candidate has at least as good a chance of being elected as this node.
    if (raft.role == RaftRole::unattached) raft_arm_election(env, raft, config);
  }
  response.epoch = raft.epoch;
  response.leader = raft.leader;
  env.emit(VoteAnswered{raft.node, vote.candidate, vote.epoch, response.granted, vote.pre_vote});
  env.reply(request, response);
}

void raft_on_vote_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response) {
  const auto* vote = response.as<VoteResponse>();
  if (vote && raft_learn(env, raft, config, vote->epoch, vote->leader)) return;
  if (!campaigning(raft) || response.tag != ballot(raft)) return;
  if (vote) {
    count_vote(env, raft, config, response.from, vote->granted);
  } else if (raft.retry_timer == kNoTimer) {
    raft.retry_timer = env.arm(raft.node, TimerKind::quorum_retry, kQuorumRetryBackoff);
  }
}

}  // namespace nutshell
