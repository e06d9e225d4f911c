#include "sim/rabbit/node.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell::rabbit {
namespace {

constexpr std::uint64_t kPingTag = 1;

void ping(At at, NodeId other) {
  at.peer(other).asked_at = at.env.now();
  at.env.request(at.self, other, kCluster, Ping{}, kNetTick, kPingTag);
}

// The failure detector looks once a second (Q23).
void look_around(At at) {
  at.env.arm(at.self, kAten, kSecond);
  for (NodeId other = 0; other < at.env.commons.nodes; ++other) {
    if (other == at.self) continue;
    Peer& it = at.peer(other);
    if (it.asked_at < 0) {
      ping(at, other);
    } else if (at.env.now() - it.asked_at >= kSecond && !it.suspected) {
      it.suspected = true;
      for (std::int32_t queue = 0; queue < at.queues(); ++queue)
        if (at.replica(queue).leader == other) start_election(at, queue, false);
    }
  }
}

// With pause_minority a node that sees no more than half of all stops by itself, with pause_if_all_down one that sees none of those that
// are named and is none of them; not before it has seen the others.
void look_whether_alone(At at) {
  std::vector<bool> there;
  for (NodeId other = 0; other < at.env.commons.nodes; ++other) there.push_back(other == at.self || at.peer(other).lost_at < 0);
  if (stops_alone(at.env.commons.rules, there)) at.env.tell_of({.kind = FactKind::alone, .node = at.self});
}

void peer_lost(At at, NodeId other, bool silent) {
  Peer& it = at.peer(other);
  it.asked_at = -1;
  if (it.lost_at >= 0) return;
  it.lost_at = at.env.now();
  it.silent = silent;
  it.incarnation = at.env.self(other).incarnation;
  if (it.seen) look_whether_alone(at);
  it.known = at.env.commons.rules.noticed_after == 0;
  if (!it.known) at.env.arm(at.self, kLossKnown, at.env.commons.rules.noticed_after, other);
  for (std::int32_t queue = 0; queue < at.queues(); ++queue) {
    Replica& replica = at.replica(queue);
    if (!replica.match.empty() && replica.role == Role::leader) {
      const auto place = static_cast<std::size_t>(other);
      replica.next[place] = replica.match[place] + 1;
    }
    if (at.env.commons.is_quorum() && replica.leader == other) start_election(at, queue, true);
    if (!at.env.commons.is_quorum() && other == kHome) {
      refuse_pending(at, queue);
      drop_channels_of(at, queue);
    }
    consumers_of_lost(at, queue);
  }
}

void peer_answers(At at, NodeId other) {
  Peer& it = at.peer(other);
  const bool was_away = it.lost_at >= 0;
  const queues::Split split = at.env.commons.rules.split;
  const bool lived = was_away && it.silent && it.incarnation == at.env.self(other).incarnation;
  if (lived && split != queues::Split::none && split != queues::Split::pause_minority) {
    if (!it.apart) at.env.tell_of({.kind = FactKind::apart, .node = at.self, .index = static_cast<std::int32_t>(other)});
    it.apart = true;
    it.asked_at = -1;
    if (!at.env.commons.is_quorum()) return;  // where classic queues are is in a store that is split; logs of Raft go on
  }
  it = Peer{};
  it.seen = true;
  for (std::int32_t queue = 0; queue < at.queues(); ++queue) {
    Replica& replica = at.replica(queue);
    const bool leads = at.env.commons.is_quorum() && replica.role == Role::leader;
    if (leads && (was_away || replica.match[static_cast<std::size_t>(other)] < replica.last())) {
      if (was_away) replica.next[static_cast<std::size_t>(other)] = replica.match[static_cast<std::size_t>(other)] + 1;
      send_append(at, queue, other);
    }
    if (was_away && (replica.leader == other || (!at.env.commons.is_quorum() && other == kHome))) send_pending(at, queue);
  }
}

void close_what_must(At at) {
  while (!at.node.to_close.empty()) {
    const ChannelId id = at.node.to_close.back();
    at.node.to_close.pop_back();
    close_channel(at, id, true, false);
    at.env.request(at.self, client_of(id), kPush, ChannelClose{id, false}, kNoTimeout);
  }
}

void on_timer(At at, const Event& timer) {
  const std::int32_t a = timer.a;
  if (timer.timer == kAten) return look_around(at);
  if (timer.timer == kElection) return on_election(at, a);
  if (timer.timer == kLossKnown) {
    at.peer(a).known = at.peer(a).lost_at >= 0;
  } else if (timer.timer == kPeerStaysAway) {
    consumers_of_lost(at, a);
  } else if (timer.timer == kChannelSilent) {
    const ChannelId id = channel_id(a, timer.b);
    if (ChannelState* channel = find_channel(at.node, id)) channel->silence = kNoTimer;
    close_channel(at, id, true, false);
  } else if (timer.timer == kQueueDue) {
    Replica& it = at.replica(a);
    it.due = kNoTimer;
    it.due_at = kNever;
    Command tick;
    tick.kind = CommandKind::tick;
    take_command(at, a, tick);
  } else {
    NUTSHELL_REQUIRE(false);
  }
}

}  // namespace

void start_node(Env& env, RabbitNode& node, NodeId self, bool again) {
  const At at{env, node, self};
  node.peers.assign(static_cast<std::size_t>(env.commons.nodes), {});
  for (NodeId other = 0; other < env.commons.nodes; ++other)
    if (other != self) ping(at, other);
  env.arm(self, kAten, kSecond);
  for (std::int32_t queue = 0; queue < static_cast<std::int32_t>(node.replicas.size()); ++queue) {
    Replica& it = node.replicas[static_cast<std::size_t>(queue)];
    if (!env.commons.is_quorum()) {
      it.leader = kHome;
      it.role = self == kHome ? Role::leader : Role::follower;
      Command back;
      back.kind = CommandKind::restart;
      back.counts = env.commons.rules.transient;
      if (again && self == kHome) take_command(at, queue, back);
    } else if (again) {
      start_election(at, queue, false);
      // Whoever was connected to it before is gone, which no other node may have had the time to find out.
      if (node.channels.empty()) node.channels.emplace_back().id = channel_id(self, env.self(self).incarnation);
      Command gone;
      gone.kind = CommandKind::node_down;
      gone.counts = env.commons.rules.dead_node_consumers_wait == 0;
      submit(at, node.channels.front(), queue, gone);
    } else {  // as declared by a client of the first node
      it.leader = kHome;
      it.role = self == kHome ? Role::leader : Role::follower;
      it.next.assign(static_cast<std::size_t>(env.commons.nodes), 1);
      it.match.assign(static_cast<std::size_t>(env.commons.nodes), 0);
    }
  }
}

void forget_node(RabbitNode& node, bool quorum) {
  node.channels.clear();
  node.peers.clear();
  node.to_close.clear();
  for (Replica& each : node.replicas) {
    Replica kept;
    kept.term = each.term;
    kept.voted = each.voted;
    kept.log = std::move(each.log);
    kept.elections = each.elections;
    if (!quorum) {
      kept.machine = std::move(each.machine);
      kept.applied = each.applied;
    }
    each = std::move(kept);
  }
}

void on_node_request(Env& env, RabbitNode& node, NodeId self, const RequestId& request, Body& body) {
  const At at{env, node, self};
  const NodeId from = env.client_of(request);
  if (from >= env.commons.nodes) {
    on_client_message(at, from, request, body);
  } else if (const auto* append = body.get_if<AppendEntries>()) {
    env.reply(request, on_append(at, from, *append));
  } else if (const auto* vote = body.get_if<RequestVote>()) {
    env.reply(request, on_vote(at, from, *vote));
  } else {
    env.reply(request, Taken{});
    if (const auto* command = body.get_if<QueueCommand>()) take_command(at, command->queue, command->command);
    else if (const auto* applied = body.get_if<QueueApplied>()) on_applied(at, *applied);
    else if (const auto* delivery = body.get_if<QueueDelivery>()) deliver(at, *delivery);
    else if (const auto* closed = body.get_if<QueueClosed>()) node.to_close.push_back(closed->channel);
    else NUTSHELL_REQUIRE(body.is<Ping>());
  }
  close_what_must(at);
}

void on_node_response(Env& env, RabbitNode& node, NodeId self, const Response& response) {
  const At at{env, node, self};
  const bool answered = response.outcome == Outcome::answered;
  if (response.from >= env.commons.nodes) {
    std::vector<ChannelId> gone;
    for (const ChannelState& each : node.channels)
      if (!answered && client_of(each.id) == response.from) gone.push_back(each.id);
    for (const ChannelId each : gone) close_channel(at, each, true, false);
  } else if (!answered) {
    peer_lost(at, response.from, response.outcome == Outcome::timed_out);
  } else if (const auto* appended = response.as<AppendResult>()) {
    on_append_result(at, response.from, *appended);
  } else if (const auto* vote = response.as<VoteResult>()) {
    on_vote_result(at, response.from, *vote);
  } else if (response.tag == kPingTag) {
    peer_answers(at, response.from);
  }
  close_what_must(at);
}

void on_node_timer(Env& env, RabbitNode& node, NodeId self, const Event& timer) {
  const At at{env, node, self};
  on_timer(at, timer);
  close_what_must(at);
}

}  // namespace nutshell::rabbit
