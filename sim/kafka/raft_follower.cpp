// Followers and observers of the quorum: they fetch, cut what diverges, and listen to the leader.
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/raft.h"
#include "sim/kafka/raft_internal.h"

namespace nutshell {

namespace {

// The next voter in rotation, kNoNode if there is no other. Skips this node.
NodeId any_voter(const Env& env, Raft& raft) {
  const auto count = static_cast<std::int32_t>(voter_count(env));
  for (std::int32_t i = 0; i < count; ++i) {
    const NodeId voter = env.commons.voters[static_cast<std::size_t>(raft.next_voter++ % count)];
    raft.next_voter %= count;
    if (voter != raft.node) return voter;
  }
  return kNoNode;
}

// A voter keeps to its leader until it campaigns; an observer asks around as soon as the leader fails it.
NodeId fetch_target(const Env& env, Raft& raft) {
  const bool keep_to_leader = raft.leader != kNoNode && !raft.leader_silent;
  return keep_to_leader ? raft.leader : any_voter(env, raft);
}

void retry_later(Env& env, Raft& raft) {
  env.rearm(raft.retry_timer, raft.node, TimerKind::quorum_retry, kQuorumRetryBackoff);
}

// L21: keeps what both logs have.
void cut_divergence(Env& env, Raft& raft, const QuorumFetchResponse& response) {
  const EpochEnd own = raft_end_of_epoch(raft, response.diverging_epoch);
  NUTSHELL_REQUIRE(!own.is_undefined());  // the leader answers with an epoch at or below the one it was asked about
  const bool shared_epoch = own.epoch == response.diverging_epoch;
  const Offset cut = shared_epoch ? std::min(own.end_offset, response.diverging_end) : own.end_offset;
  NUTSHELL_REQUIRE(cut >= raft.high_watermark);  // what is committed stays
  env.emit(MetadataTruncated{raft.node, raft.end_offset(), cut});
  raft.log.truncate(static_cast<std::size_t>(cut));
  raft.epochs.truncate_from_end(cut);
}

void append_entries(Raft& raft, const QuorumFetchResponse& response) {
  if (response.entries.empty()) return;
  NUTSHELL_REQUIRE(response.base_offset == raft.end_offset());
  const MetadataLog& sent = response.entries.log;
  // Epochs never fall: if the last record is of the one that this log ends in, all are.
  if (sent.back().epoch != raft.epochs.latest_epoch())
    for (Offset offset = response.base_offset; offset < static_cast<Offset>(sent.size()); ++offset)
      raft.epochs.assign(sent[static_cast<std::size_t>(offset)].epoch, offset);
  raft.log.grow_to(sent);  // the leader has seen that the logs agree so far
}

void hear_leader(Env& env, Raft& raft, const BrokerConfig& config) {
  raft.fetched_in_epoch = true;
  raft.leader_silent = false;
  if (raft.voter) env.rearm(raft.fetch_timer, raft.node, TimerKind::quorum_fetch_timeout, config.quorum_fetch_timeout);
}

void take(Env& env, Raft& raft, const BrokerConfig& config, const QuorumFetchResponse& response) {
  hear_leader(env, raft, config);
  if (response.snapshot_end >= 0) {
    raft.snapshot_fetch = {response.snapshot_end, response.snapshot_epoch, 0};
  } else if (response.diverging_epoch >= 0) {
    cut_divergence(env, raft, response);
  } else {
    append_entries(raft, response);
    raft.high_watermark = std::max(raft.high_watermark, std::min(response.high_watermark, raft.end_offset()));
  }
  raft_fetch(env, raft, config);
}

// K6: the first successor campaigns at once, the others leave it room.
Duration patience(const Raft& raft, const BrokerConfig& config, const std::vector<NodeId>& successors) {
  const auto position = std::find(successors.begin(), successors.end(), raft.node) - successors.begin();
  if (position == 0 || position == static_cast<std::ptrdiff_t>(successors.size())) return 0;
  const auto halvings = static_cast<std::int32_t>(successors.size()) - 1;
  return config.quorum_election_backoff_max >> halvings << (position - 1);
}

}  // namespace

void raft_fetch(Env& env, Raft& raft, const BrokerConfig& config) {
  const NodeId target = fetch_target(env, raft);
  if (target == kNoNode) return;
  if (raft.snapshot_fetch.end_offset >= 0) return raft_fetch_snapshot(env, raft, config, target);
  QuorumFetchRequest fetch;
  fetch.replica = raft.node;
  fetch.voter = raft.voter;
  fetch.epoch = raft.epoch;
  fetch.fetch_offset = raft.end_offset();
  fetch.last_fetched_epoch = raft.last_epoch();
  fetch.high_watermark = raft.high_watermark;
  fetch.max_wait = kQuorumFetchMaxWait;
  raft.fetches += 1;
  env.request(raft.node, target, Channel::quorum, fetch, config.quorum_request_timeout, raft.fetches);
}

void raft_on_fetch_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response) {
  const auto* fetched = response.as<QuorumFetchResponse>();
  if (fetched && raft_learn(env, raft, config, fetched->epoch, fetched->leader)) return;
  if (response.tag != raft.fetches) return;  // of an earlier epoch or role
  const bool from_leader = response.from == raft.leader;
  if (from_leader && fetched && fetched->error == ErrorCode::none && fetched->epoch == raft.epoch) {
    take(env, raft, config, *fetched);
    return;
  }
  raft.leader_silent = from_leader && !raft.voter;
  retry_later(env, raft);
}

void raft_on_snapshot_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response) {
  const auto* piece = response.as<FetchSnapshotResponse>();
  if (piece && raft_learn(env, raft, config, piece->epoch, piece->leader)) return;
  if (response.tag != raft.fetches) return;
  const bool from_leader = response.from == raft.leader;
  if (from_leader && piece && piece->epoch == raft.epoch && piece->error == ErrorCode::snapshot_not_found) {
    raft.snapshot_fetch = {};  // the leader has a later one by now
    return raft_fetch(env, raft, config);
  }
  if (from_leader && piece && piece->epoch == raft.epoch && piece->error == ErrorCode::none) {
    hear_leader(env, raft, config);
    raft_take_piece(env, raft, *piece);
    return raft_fetch(env, raft, config);
  }
  raft.leader_silent = from_leader && !raft.voter;
  retry_later(env, raft);
}

void raft_on_begin_epoch(Env& env, Raft& raft, const BrokerConfig& config, const RequestId& request,
                         const BeginQuorumEpochRequest& begin) {
  raft_learn(env, raft, config, begin.epoch, begin.leader);
  BeginQuorumEpochResponse response;
  response.error = begin.epoch < raft.epoch ? ErrorCode::fenced_leader_epoch : ErrorCode::none;
  response.epoch = raft.epoch;
  env.reply(request, response);
}

void raft_on_end_epoch(Env& env, Raft& raft, const BrokerConfig& config, const RequestId& request,
                       const EndQuorumEpochRequest& end) {
  raft_learn(env, raft, config, end.epoch, end.leader);
  if (raft.role == RaftRole::follower && raft.epoch == end.epoch && raft.leader == end.leader)
    env.rearm(raft.fetch_timer, raft.node, TimerKind::quorum_fetch_timeout, patience(raft, config, end.successors));
  env.reply(request, EndQuorumEpochResponse{raft.epoch});
}

}  // namespace nutshell
