// A node of RabbitMQ: the channels of its clients, and its part of each queue. What is on its disk (the log, term and vote of
// quorum queues; the persistent messages of classic ones) outlives a crash, all else does not.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/rabbit/env.h"

namespace nutshell::rabbit {

enum class Role : std::uint8_t { follower, pre_candidate, candidate, leader };

// A member of a quorum queue (Q22), or a classic queue as a whole: that is always led, by its node, and has no log.
struct Replica {
  // On disk.
  std::int32_t term = 1;
  NodeId voted = kNoNode;
  std::vector<Entry> log;        // entry n is log[n - 1]
  QueueMachine machine;          // of a quorum queue rebuilt from the log
  std::int32_t applied = 0;

  Role role = Role::follower;
  NodeId leader = kNoNode;
  std::int32_t commit = 0;
  std::vector<std::int32_t> next, match;  // by node
  std::vector<bool> votes;
  Timer election = kNoTimer, due = kNoTimer;
  Time due_at = kNever;
  std::uint64_t elections = 0;
  std::int32_t last() const { return static_cast<std::int32_t>(log.size()); }
  std::int32_t term_of(std::int32_t index) const { return index == 0 ? 0 : log[static_cast<std::size_t>(index) - 1].term; }
};

struct Peer {
  Time lost_at = -1;      // its connection is gone since; -1: it is there
  bool known = false;     // ... and everything has been told
  Time asked_at = -1;     // a ping without an answer
  bool suspected = false;
  bool seen = false;      // it has answered once
  bool silent = false;    // lost because it did not answer, and not by a connection that closed
  bool apart = false;     // it answers again, was thought gone and has not been away (rules.split)
  std::int32_t incarnation = 0;  // when it was lost
};

// A command of a channel that its queue has not applied yet. It is sent again to each new leader.
struct PendingCommand {
  std::int32_t queue = 0;
  Command command;
  std::int32_t publication = 0;  // of an enqueue: the publisher's number
};

struct Publication {
  std::int32_t sequence = 0, message = -1, waits = 0;
  bool refused = false;
};

struct ChannelState {
  ChannelId id = 0;
  bool closing = false;                         // the client is gone; what it has left to say is still being said
  std::map<std::int32_t, std::int32_t> sequences;  // by queue
  std::map<std::int32_t, std::int32_t> received;   // by queue: the latest tag
  std::vector<PendingCommand> pending;
  std::vector<Publication> publications;
  std::vector<std::int32_t> consumes;           // queues
  Timer silence = kNoTimer;
};

struct RabbitNode {
  std::vector<Replica> replicas;  // by queue
  std::vector<Peer> peers;        // by node
  std::vector<ChannelState> channels;
  std::vector<ChannelId> to_close;  // when the handler is done
};

// The node that has all classic queues, and leads quorum queues at first.
inline constexpr NodeId kHome = 0;

// Whether a node has to stop by itself that sees these (rules.split).
bool stops_alone(const queues::Rules& rules, const std::vector<bool>& there);
void start_node(Env& env, RabbitNode& node, NodeId self, bool again);
// The crash takes what was only in memory.
void forget_node(RabbitNode& node, bool quorum);
void on_node_request(Env& env, RabbitNode& node, NodeId self, const RequestId& request, Body& body);
void on_node_response(Env& env, RabbitNode& node, NodeId self, const Response& response);
void on_node_timer(Env& env, RabbitNode& node, NodeId self, const Event& timer);

// For the files of this folder only.
struct At {  // a node in a step
  Env& env;
  RabbitNode& node;
  NodeId self;
  Replica& replica(std::int32_t queue) const { return node.replicas[static_cast<std::size_t>(queue)]; }
  Peer& peer(NodeId other) const { return node.peers[static_cast<std::size_t>(other)]; }
  std::int32_t queues() const { return static_cast<std::int32_t>(node.replicas.size()); }
};

// channels.cpp
void publish(At at, ChannelState& channel, const BasicPublish& message);
void submit(At at, ChannelState& channel, std::int32_t queue, Command command, std::int32_t publication = 0);
void send_pending(At at, std::int32_t queue);
void on_applied(At at, const QueueApplied& applied);
void deliver(At at, const QueueDelivery& delivery);
void close_channel(At at, ChannelId id, bool counts, bool in_order);
void drop_channels_of(At at, std::int32_t queue);
void refuse_pending(At at, std::int32_t queue);
ChannelState* find_channel(RabbitNode& node, ChannelId id);
void on_client_message(At at, NodeId client, const RequestId& request, Body& body);

// quorum.cpp
void take_command(At at, std::int32_t queue, const Command& command);
void start_election(At at, std::int32_t queue, bool after_crash);
void on_election(At at, std::int32_t queue);
AppendResult on_append(At at, NodeId from, const AppendEntries& request);
VoteResult on_vote(At at, NodeId from, const RequestVote& request);
void on_append_result(At at, NodeId from, const AppendResult& result);
void on_vote_result(At at, NodeId from, const VoteResult& result);
void send_append(At at, std::int32_t queue, NodeId to);
void perform(At at, std::int32_t queue, const std::vector<Effect>& effects);
void consumers_of_lost(At at, std::int32_t queue);

}  // namespace nutshell::rabbit
