// The leader of the quorum: fetches, the high watermark, and whether it still leads (K5, K6).
#include <algorithm>
#include <utility>

#include "sim/core/require.h"
#include "sim/kafka/raft.h"
#include "sim/kafka/raft_internal.h"

namespace nutshell {

namespace {

bool held_by_majority(const Env& env, const Raft& raft, Offset end) {
  std::size_t holders = raft.end_offset() >= end ? 1 : 0;
  for (const RaftProgress& each : raft.progress)
    if (each.voter && each.end_offset >= end) ++holders;
  return holders >= majority(env);
}

// K5: the highest offset that a majority of the voters has, itself included.
Offset majority_offset(const Env& env, const Raft& raft) {
  Offset best = held_by_majority(env, raft, raft.end_offset()) ? raft.end_offset() : 0;
  for (const RaftProgress& each : raft.progress)
    if (each.voter && each.end_offset > best && held_by_majority(env, raft, each.end_offset)) best = each.end_offset;
  return best;
}

// K5: moves only once a record of this epoch is committed. True if it moved.
bool advance_high_watermark(Env& env, Raft& raft) {
  const Offset offset = majority_offset(env, raft);
  if (offset <= raft.high_watermark || offset <= raft.epoch_start) return false;
  raft.high_watermark = offset;
  env.emit(MetadataCommitted{raft.node, raft.epoch, offset});
  return true;
}

QuorumFetchResponse response_of(const Raft& raft, ErrorCode error) {
  QuorumFetchResponse response;
  response.error = error;
  response.epoch = raft.epoch;
  response.leader = raft.leader;
  response.high_watermark = raft.high_watermark;
  return response;
}

void answer_with_entries(Env& env, const Raft& raft, const RequestId& request, Offset fetch_offset) {
  QuorumFetchResponse response = response_of(raft, ErrorCode::none);
  response.base_offset = fetch_offset;
  if (fetch_offset < raft.end_offset()) response.entries = {raft.log, static_cast<std::size_t>(fetch_offset)};
  env.reply(request, std::move(response));
}

// Voters need entries at once to commit them. Observers may only apply what is committed, so the high
// watermark wakes them, and brings the entries along (KIP-1166).
void wake_parked(Env& env, Raft& raft) {
  const auto has_news = [&raft](const ParkedQuorumFetch& each) {
    return each.high_watermark < raft.high_watermark || (each.voter && each.fetch_offset < raft.end_offset());
  };
  for (ParkedQuorumFetch& each : raft.parked) {
    if (!has_news(each)) continue;
    env.disarm(each.timer);
    answer_with_entries(env, raft, each.request, each.fetch_offset);
  }
  raft.parked.erase(std::remove_if(raft.parked.begin(), raft.parked.end(), has_news), raft.parked.end());
}

// K7: tells the replica which snapshot to fetch, or L21: where the logs part. True if it has to do either.
bool answer_divergence(Env& env, const Raft& raft, const RequestId& request, const QuorumFetchRequest& fetch) {
  if (raft_needs_snapshot(raft, fetch)) {
    QuorumFetchResponse response = response_of(raft, ErrorCode::none);
    response.snapshot_end = raft.snapshots.back().end_offset();
    response.snapshot_epoch = raft.snapshots.back().epoch;
    env.reply(request, std::move(response));
    return true;
  }
  if (fetch.fetch_offset == 0) return false;
  const EpochEnd end = raft_end_of_epoch(raft, fetch.last_fetched_epoch);
  NUTSHELL_REQUIRE(!end.is_undefined());  // nobody has an epoch that its own leader does not know
  if (end.epoch == fetch.last_fetched_epoch && end.end_offset >= fetch.fetch_offset) return false;
  QuorumFetchResponse response = response_of(raft, ErrorCode::none);
  response.diverging_epoch = end.epoch;
  response.diverging_end = end.end_offset;
  env.reply(request, std::move(response));
  return true;
}

void note_progress(const Env& env, Raft& raft, const QuorumFetchRequest& fetch) {
  RaftProgress& progress = raft_progress(raft, fetch.replica, fetch.voter);
  progress.acknowledged = true;
  progress.end_offset = fetch.fetch_offset;
  progress.last_fetch = env.now();
  if (fetch.fetch_offset >= raft.end_offset()) progress.last_caught_up = env.now();
}

void park(Env& env, Raft& raft, const RequestId& request, const QuorumFetchRequest& fetch) {
  ParkedQuorumFetch parked;
  parked.request = request;
  parked.replica = fetch.replica;
  parked.voter = fetch.voter;
  parked.fetch_offset = fetch.fetch_offset;
  parked.high_watermark = fetch.high_watermark;
  parked.number = raft.next_parked++;
  parked.timer = env.arm(raft.node, TimerKind::quorum_fetch_wait, fetch.max_wait, parked.number);
  raft.parked.push_back(parked);
}

// Since when a majority has been in contact: the time of the fetch that completed it, or of the election.
Time majority_contact(const Env& env, const Raft& raft) {
  Time best = raft.leader_since;
  for (const RaftProgress& each : raft.progress) {
    if (!each.voter || each.last_fetch <= best) continue;
    std::size_t in_contact = 1;
    for (const RaftProgress& other : raft.progress)
      if (other.voter && other.last_fetch >= each.last_fetch) ++in_contact;
    if (in_contact >= majority(env)) best = each.last_fetch;
  }
  return best;
}

Duration check_quorum_timeout(const BrokerConfig& config) { return config.quorum_fetch_timeout * 3 / 2; }

// LeaderState.beginQuorumEpochTimer.
Duration begin_epoch_interval(const BrokerConfig& config) { return config.quorum_fetch_timeout / 2; }

void send_begin_epoch(Env& env, const Raft& raft, const BrokerConfig& config, NodeId voter) {
  env.request(raft.node, voter, Channel::quorum, BeginQuorumEpochRequest{raft.epoch, raft.node},
              config.quorum_request_timeout);
}

}  // namespace

RaftProgress& raft_progress(Raft& raft, NodeId replica, bool voter) {
  for (RaftProgress& each : raft.progress)
    if (each.node == replica) return each;
  raft.progress.emplace_back();
  raft.progress.back().node = replica;
  raft.progress.back().voter = voter;
  return raft.progress.back();
}

// Fences who is behind, and who knows more than this node.
ErrorCode raft_check_epoch(const Raft& raft, Epoch epoch) {
  if (epoch < raft.epoch) return ErrorCode::fenced_leader_epoch;
  if (epoch > raft.epoch) return ErrorCode::unknown_leader_epoch;
  return raft.role == RaftRole::leader ? ErrorCode::none : ErrorCode::not_leader_or_follower;
}

void raft_become_leader(Env& env, Raft& raft, const BrokerConfig& config) {
  raft_leave_role(env, raft);
  env.disarm(raft.election_timer);
  raft.role = RaftRole::leader;
  raft.leader = raft.node;
  raft.leader_since = env.now();
  raft.epoch_start = raft.end_offset();
  raft.retries = 0;
  for (NodeId voter : env.commons.voters) {
    if (voter == raft.node) continue;
    raft.progress.emplace_back();
    raft.progress.back().node = voter;
    raft.progress.back().voter = true;
  }
  env.emit(ControllerElected{raft.node, raft.epoch, raft.epoch_start});
  raft.gathered.push_back({raft.epoch, env.fabric.step, LeaderChangeRecord{raft.node}});
  raft_write_gathered(env, raft);  // what the quorum writes for itself does not linger
  if (majority(env) == 1) return;
  raft.check_timer = env.arm(raft.node, TimerKind::quorum_check, check_quorum_timeout(config));
  for (const RaftProgress& each : raft.progress) send_begin_epoch(env, raft, config, each.node);
  raft.retry_timer = env.arm(raft.node, TimerKind::quorum_retry, begin_epoch_interval(config));
}

void raft_write_gathered(Env& env, Raft& raft) {
  NUTSHELL_REQUIRE(raft.role == RaftRole::leader);
  for (MetadataEntry& each : raft.gathered) {
    raft.epochs.assign(each.epoch, raft.end_offset());
    raft.log.push_back(std::move(each));
  }
  raft.gathered.clear();
  advance_high_watermark(env, raft);
  wake_parked(env, raft);
}

void raft_repeat_begin_epoch(Env& env, Raft& raft, const BrokerConfig& config) {
  bool waiting = false;
  for (const RaftProgress& each : raft.progress) {
    if (!each.voter || each.acknowledged) continue;
    waiting = true;
    if (env.in_flight(raft.node, each.node, Channel::quorum) == 0) send_begin_epoch(env, raft, config, each.node);
  }
  if (waiting) env.rearm(raft.retry_timer, raft.node, TimerKind::quorum_retry, begin_epoch_interval(config));
}

void raft_on_begin_epoch_response(Env& env, Raft& raft, const BrokerConfig& config, const Response& response) {
  const auto* begun = response.as<BeginQuorumEpochResponse>();
  if (!begun || raft_learn(env, raft, config, begun->epoch, kNoNode)) return;
  if (raft.role != RaftRole::leader || begun->error != ErrorCode::none || begun->epoch != raft.epoch) return;
  for (RaftProgress& each : raft.progress)
    if (each.node == response.from) each.acknowledged = true;
}

void raft_check_quorum(Env& env, Raft& raft, const BrokerConfig& config) {
  const Time deadline = majority_contact(env, raft) + check_quorum_timeout(config);
  if (env.now() < deadline) {
    raft.check_timer = env.arm(raft.node, TimerKind::quorum_check, deadline - env.now());
    return;
  }
  Step because = kNoStep;
  for (const RaftProgress& each : raft.progress)
    if (each.voter && because == kNoStep) because = cause_of_silence(env, each.node, raft.node);
  raft_become_resigned(env, raft, config, because);
}

void raft_on_fetch(Env& env, Raft& raft, const RequestId& request, const QuorumFetchRequest& fetch) {
  const ErrorCode error = raft_check_epoch(raft, fetch.epoch);
  if (error != ErrorCode::none) {
    env.reply(request, response_of(raft, error));
    return;
  }
  if (answer_divergence(env, raft, request, fetch)) return;
  note_progress(env, raft, fetch);
  const bool committed = fetch.voter && advance_high_watermark(env, raft);
  if (fetch.fetch_offset < raft.end_offset() || fetch.high_watermark < raft.high_watermark || fetch.max_wait == 0) {
    answer_with_entries(env, raft, request, fetch.fetch_offset);
  } else {
    park(env, raft, request, fetch);
  }
  if (committed) wake_parked(env, raft);
}

void raft_on_fetch_wait(Env& env, Raft& raft, std::int32_t number) {
  const auto parked = std::find_if(raft.parked.begin(), raft.parked.end(),
                                   [number](const ParkedQuorumFetch& each) { return each.number == number; });
  NUTSHELL_REQUIRE(parked != raft.parked.end());
  answer_with_entries(env, raft, parked->request, parked->fetch_offset);
  raft.parked.erase(parked);
}

void raft_refuse_parked(Env& env, Raft& raft) {
  for (ParkedQuorumFetch& each : raft.parked) {
    env.disarm(each.timer);
    env.reply(each.request, response_of(raft, ErrorCode::not_leader_or_follower));
  }
  raft.parked.clear();
}

std::vector<NodeId> raft_successors(const Raft& raft) {
  std::vector<const RaftProgress*> voters;
  for (const RaftProgress& each : raft.progress)
    if (each.voter) voters.push_back(&each);
  std::stable_sort(voters.begin(), voters.end(),
                   [](const RaftProgress* a, const RaftProgress* b) { return a->end_offset > b->end_offset; });
  std::vector<NodeId> nodes;
  for (const RaftProgress* each : voters) nodes.push_back(each->node);
  return nodes;
}

}  // namespace nutshell
