// Quorum queues: a Raft group each (Q22, Q23), as RabbitMQ's library `ra` has it: with a pre-vote, without heartbeats, and
// with a failure detector of the node's own. A classic queue takes the same way without the log.
#include <algorithm>

#include "sim/core/random.h"
#include "sim/core/require.h"
#include "sim/rabbit/node.h"

namespace nutshell::rabbit {
namespace {

std::int32_t majority(const At& at) { return at.env.commons.nodes / 2 + 1; }

void watch_due(At at, std::int32_t queue) {
  Replica& it = at.replica(queue);
  const Time due = it.role == Role::leader ? it.machine.next_due(at.env.commons.rules) : kNever;
  if (due == it.due_at && it.due != kNoTimer) return;
  at.env.disarm(it.due);
  it.due_at = due;
  if (due != kNever) it.due = at.env.arm(at.self, kQueueDue, due - at.env.now(), queue);
}

void apply(At at, std::int32_t queue, const Command& command, Time time, std::int32_t term) {
  Replica& it = at.replica(queue);
  ++it.applied;
  std::vector<Effect> effects;
  it.machine.apply(at.env.commons.rules, command, time, effects);
  at.env.tell_of({.kind = FactKind::applied, .node = at.self, .queue = queue, .index = it.applied, .term = term,
                  .digest = it.machine.digest(), .at = time, .command = command});
  if (it.role != Role::leader) return;
  const bool led_from_now = command.kind == CommandKind::noop && term == it.term;
  if (led_from_now) {
    const std::vector<Effect> again = it.machine.outstanding();
    effects.insert(effects.end(), again.begin(), again.end());
  }
  perform(at, queue, effects);
  watch_due(at, queue);
}

void apply_committed(At at, std::int32_t queue) {
  Replica& it = at.replica(queue);
  while (it.applied < it.commit) {
    const Entry entry = it.log[static_cast<std::size_t>(it.applied)];
    apply(at, queue, entry.command, entry.at, entry.term);
  }
}

void advance(At at, std::int32_t queue) {
  Replica& it = at.replica(queue);
  std::int32_t reached = it.commit;
  for (std::int32_t index = it.commit + 1; index <= it.last(); ++index) {
    const auto have = std::count_if(it.match.begin(), it.match.end(), [&](std::int32_t each) { return each >= index; });
    if (have < majority(at)) break;
    if (it.term_of(index) == it.term) reached = index;  // an older one only together with one of this term
  }
  it.commit = reached;
  apply_committed(at, queue);
}

void append(At at, std::int32_t queue, const Command& command) {
  Replica& it = at.replica(queue);
  it.log.push_back({it.term, at.env.now(), command});
  it.match[static_cast<std::size_t>(at.self)] = it.last();
  for (NodeId other = 0; other < at.env.commons.nodes; ++other)
    if (other != at.self && at.peer(other).lost_at < 0) send_append(at, queue, other);
  advance(at, queue);
}

void follow(At at, std::int32_t queue, std::int32_t term, NodeId leader) {
  Replica& it = at.replica(queue);
  const bool anew = it.term != term || it.leader != leader;
  if (it.term != term) it.voted = kNoNode;
  it.term = term;
  it.role = Role::follower;
  it.leader = leader;
  if (leader != kNoNode) at.env.disarm(it.election);
  at.env.disarm(it.due);
  if (anew && leader != kNoNode) send_pending(at, queue);
}

void become_leader(At at, std::int32_t queue) {
  Replica& it = at.replica(queue);
  const auto nodes = static_cast<std::size_t>(at.env.commons.nodes);
  at.env.disarm(it.election);
  it.role = Role::leader;
  it.leader = at.self;
  it.next.assign(nodes, it.last() + 1);
  it.match.assign(nodes, 0);
  at.env.tell_of({.kind = FactKind::leader_elected, .node = at.self, .queue = queue, .term = it.term});
  append(at, queue, Command{});
  consumers_of_lost(at, queue);
  send_pending(at, queue);
}

bool is_up_to_date(const Replica& it, const RequestVote& other) {
  const std::int32_t mine = it.term_of(it.last());
  return other.last_term > mine || (other.last_term == mine && other.last >= it.last());
}

void ask_for_votes(At at, std::int32_t queue, bool pre) {
  Replica& it = at.replica(queue);
  it.role = pre ? Role::pre_candidate : Role::candidate;
  if (!pre) {
    ++it.term;
    it.voted = at.self;
    it.leader = kNoNode;
  }
  it.votes.assign(static_cast<std::size_t>(at.env.commons.nodes), false);
  it.votes[static_cast<std::size_t>(at.self)] = true;
  const RequestVote request{queue, it.term + (pre ? 1 : 0), it.last(), it.term_of(it.last()), pre};
  for (NodeId other = 0; other < at.env.commons.nodes; ++other)
    if (other != at.self && at.peer(other).lost_at < 0) at.env.request(at.self, other, kCluster, request, kNetTick);
}

void count_votes(At at, std::int32_t queue) {
  Replica& it = at.replica(queue);
  const auto votes = std::count(it.votes.begin(), it.votes.end(), true);
  if (votes < majority(at)) return;
  if (it.role == Role::candidate) return become_leader(at, queue);
  ask_for_votes(at, queue, false);
  if (majority(at) == 1) become_leader(at, queue);
}

}  // namespace

void take_command(At at, std::int32_t queue, const Command& command) {
  Replica& it = at.replica(queue);
  if (it.role != Role::leader) return;  // whoever sent it hears of the leader, and sends it there
  if (at.env.commons.is_quorum()) append(at, queue, command);
  else apply(at, queue, command, at.env.now(), it.term);
}

// Q23: a crash is noticed at once; a node that is merely silent has been suspected before.
void start_election(At at, std::int32_t queue, bool after_crash) {
  Replica& it = at.replica(queue);
  if (it.role == Role::leader || !at.env.commons.is_quorum()) return;
  const std::uint64_t nth = static_cast<std::uint64_t>(queue) << 32 | it.elections++;
  const std::uint64_t luck = at.env.random(at.self, Purpose::election_timeout, nth);
  const Duration wait = after_crash ? 100 + between(luck, 1, 500) : 1000 + between(luck, 1, 1000);
  at.env.rearm(it.election, at.self, kElection, wait * kMillisecond, queue);
}

void on_election(At at, std::int32_t queue) {
  at.replica(queue).election = kNoTimer;
  start_election(at, queue, false);  // if this one comes to nothing
  ask_for_votes(at, queue, true);
  count_votes(at, queue);
}

void send_append(At at, std::int32_t queue, NodeId to) {
  Replica& it = at.replica(queue);
  std::int32_t& next = it.next[static_cast<std::size_t>(to)];
  AppendEntries request{queue, it.term, next - 1, it.term_of(next - 1), it.commit, {}};
  request.entries.assign(it.log.begin() + (next - 1), it.log.end());
  next = it.last() + 1;
  at.env.request(at.self, to, kCluster, std::move(request), kNetTick);
}

AppendResult on_append(At at, NodeId from, const AppendEntries& request) {
  Replica& it = at.replica(request.queue);
  if (request.term < it.term) return {request.queue, it.term, it.last(), false};
  follow(at, request.queue, request.term, from);
  if (request.previous > it.last() || it.term_of(request.previous) != request.previous_term)
    return {request.queue, it.term, std::max(it.commit, std::min(it.last(), request.previous - 1)), false};
  std::int32_t index = request.previous;
  for (const Entry& each : request.entries) {
    ++index;
    if (index <= it.last() && it.term_of(index) == each.term) continue;
    NUTSHELL_REQUIRE(index > it.commit);  // what is committed is never cut off
    it.log.resize(static_cast<std::size_t>(index) - 1);
    it.log.push_back(each);
  }
  it.commit = std::max(it.commit, std::min(request.commit, index));
  apply_committed(at, request.queue);
  return {request.queue, it.term, index, true};
}

void on_append_result(At at, NodeId from, const AppendResult& result) {
  Replica& it = at.replica(result.queue);
  if (result.term > it.term) return follow(at, result.queue, result.term, kNoNode);
  if (it.role != Role::leader || result.term < it.term) return;
  std::int32_t& match = it.match[static_cast<std::size_t>(from)];
  std::int32_t& next = it.next[static_cast<std::size_t>(from)];
  if (!result.success) {
    next = std::max(match, result.last) + 1;
    return send_append(at, result.queue, from);
  }
  match = std::max(match, result.last);
  next = std::max(next, match + 1);
  advance(at, result.queue);
}

VoteResult on_vote(At at, NodeId from, const RequestVote& request) {
  Replica& it = at.replica(request.queue);
  const bool leader_lives =
      it.leader != kNoNode && (it.leader == at.self || (at.peer(it.leader).lost_at < 0 && !at.peer(it.leader).suspected));
  if (request.pre) {
    const bool granted = request.term >= it.term && !leader_lives && is_up_to_date(it, request);
    return {request.queue, request.term, true, granted};
  }
  if (request.term > it.term) follow(at, request.queue, request.term, kNoNode);
  const bool granted = request.term == it.term && (it.voted == kNoNode || it.voted == from) && is_up_to_date(it, request);
  if (granted) {
    it.voted = from;
    start_election(at, request.queue, false);
  }
  return {request.queue, it.term, false, granted};
}

void on_vote_result(At at, NodeId from, const VoteResult& result) {
  Replica& it = at.replica(result.queue);
  if (!result.pre && result.term > it.term) return follow(at, result.queue, result.term, kNoNode);
  const bool current = result.pre ? it.role == Role::pre_candidate && result.term == it.term + 1
                                  : it.role == Role::candidate && result.term == it.term;
  if (!current || !result.granted) return;
  it.votes[static_cast<std::size_t>(from)] = true;
  count_votes(at, result.queue);
}

// What a leader does about a command: it tells those that are concerned, by way of the nodes that they are connected to.
void perform(At at, std::int32_t queue, const std::vector<Effect>& effects) {
  for (const Effect& each : effects) {
    const bool here = each.node == at.self;
    switch (each.kind) {
      case EffectKind::applied:
      case EffectKind::rejected: {
        if (each.channel == 0) break;
        const QueueApplied applied{queue, each.channel, each.sequence, each.kind == EffectKind::rejected};
        if (here) on_applied(at, applied);
        else at.env.request(at.self, each.node, kCluster, applied, kNetTick);
        break;
      }
      case EffectKind::deliver: {
        const QueueDelivery delivery{each.channel, queue, each.tag, each.message, each.deliveries};
        if (here) deliver(at, delivery);
        else at.env.request(at.self, each.node, kCluster, delivery, kNetTick);
        break;
      }
      case EffectKind::closed:
        if (here) at.node.to_close.push_back(each.channel);
        else at.env.request(at.self, each.node, kCluster, QueueClosed{each.channel}, kNetTick);
        break;
      default: break;  // of interest to the dead-letter exchange and to those who look on
    }
  }
}

// Q23: consumers on a node that is gone give back what they have: as soon as it is missed, or since 4.3 after a minute.
void consumers_of_lost(At at, std::int32_t queue) {
  const Duration wait = at.env.commons.rules.dead_node_consumers_wait;
  for (NodeId other = 0; other < at.env.commons.nodes; ++other) {
    if (other == at.self || at.peer(other).lost_at < 0 || at.replica(queue).role != Role::leader) continue;
    if (!at.replica(queue).machine.has_consumer_at(other)) continue;
    const Time when = at.peer(other).lost_at + wait;
    if (when > at.env.now()) {
      at.env.arm(at.self, kPeerStaysAway, when - at.env.now(), queue, other);
      continue;
    }
    Command gone;
    gone.kind = CommandKind::node_down;
    gone.node = other;
    gone.counts = wait == 0;
    take_command(at, queue, gone);
  }
}

}  // namespace nutshell::rabbit
