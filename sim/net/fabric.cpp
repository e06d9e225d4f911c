#include "sim/net/fabric.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/net/connection_internal.h"

namespace nutshell {

NUTSHELL_VALUE_DEFINED(Fabric)

namespace {

// Simultaneous events are taken in the order (class, node, nth of the node): deliveries before
// time-outs, so that a heartbeat which arrives just in time counts.
std::uint64_t event_order(EventKind kind, NodeId node, std::uint64_t nth) {
  const std::uint64_t rank = kind == EventKind::timer || kind == EventKind::request_timeout ? 1 : 0;
  return rank << 60 | static_cast<std::uint64_t>(node) << 40 | (nth & 0xffffffffffull);
}

}  // namespace

void Event::fold_into(std::uint64_t& digest) const {
  digest = mix(digest, static_cast<std::uint64_t>(kind) | static_cast<std::uint64_t>(timer) << 8 |
                           static_cast<std::uint64_t>(served) << 16 | static_cast<std::uint64_t>(client) << 24 |
                           static_cast<std::uint64_t>(static_cast<std::uint32_t>(node)) << 32);
  digest = mix(digest, static_cast<std::uint64_t>(static_cast<std::uint32_t>(a)) << 32 | static_cast<std::uint32_t>(b));
  digest = mix(digest, static_cast<std::uint64_t>(incarnation));
}

std::vector<std::int32_t> OpenedConnections::indices() const {
  std::vector<std::int32_t> indices;
  for (const Entry& each : entries_) indices.push_back(each.index);
  std::sort(indices.begin(), indices.end());
  return indices;
}

void Message::fold_into(std::uint64_t& digest) const {
  digest = mix(digest, static_cast<std::uint64_t>(from) << 32 | static_cast<std::uint32_t>(to));
  digest = mix(digest, static_cast<std::uint64_t>(connection) << 32 | static_cast<std::uint32_t>(correlation));
  digest = mix(digest, static_cast<std::uint64_t>(generation) << 32 | static_cast<std::uint64_t>(response) << 16 |
                           static_cast<std::uint64_t>(attempt));
  fold(digest, arrives_at);
  fold(digest, body);
}

void Fabric::fold_into(std::uint64_t& into) const {
  fold(into, seed);
  fold(into, now);
  fold(into, digest);
  fold(into, queue);
  fold(into, network);
  fold(into, names);
  fold(into, nodes);
  fold(into, connections);
  for (const Message& each : messages)
    if (each.connection >= 0) fold(into, each);
}

NodeId add_node(Fabric& fabric, std::string name, NodeKind kind, std::int32_t index, std::int32_t id) {
  const auto node = static_cast<NodeId>(fabric.nodes.size());
  Node fresh;
  fold_bytes(fresh.key, name);
  fresh.key = avalanche(fresh.key);
  fresh.name = std::move(name);
  fresh.kind = kind;
  fresh.index = index;
  fresh.id = id;
  fabric.nodes.push_back(std::move(fresh));
  return node;
}

std::uint64_t FabricEnv::order_for(EventKind kind, NodeId node) {
  return event_order(kind, node, self(node).events++);
}

Timer FabricEnv::schedule(const Event& event, Time time, NodeId scheduler) {
  Event stamped = event;
  stamped.cause = fabric.step;
  return fabric.queue.schedule(time, order_for(event.kind, scheduler), stamped);
}

Timer FabricEnv::arm(NodeId node, TimerKind kind, Duration delay, std::int32_t a, std::int32_t b) {
  Event event;
  event.kind = EventKind::timer;
  event.timer = kind;
  event.client = client;
  event.node = node;
  event.incarnation = self(node).incarnation;
  event.a = a;
  event.b = b;
  return schedule(event, now() + std::max<Duration>(delay, 0), node);
}

void FabricEnv::disarm(Timer& timer) {
  if (timer == kNoTimer) return;
  fabric.queue.cancel(timer);
  timer = kNoTimer;
}

void FabricEnv::rearm(Timer& timer, NodeId node, TimerKind kind, Duration delay, std::int32_t a, std::int32_t b) {
  disarm(timer);
  timer = arm(node, kind, delay, a, b);
}

// processes

void start_process(FabricEnv& env, NodeId node) {
  Node& self = env.self(node);
  NUTSHELL_REQUIRE(self.status == NodeStatus::down);
  self.status = NodeStatus::running;
  self.powered_off = false;
  self.crashed = false;
  self.incarnation += 1;
  self.busy_until = env.now();
  self.silenced_by = kNoStep;
}

void pause_process(FabricEnv& env, NodeId node) {
  Node& self = env.self(node);
  NUTSHELL_REQUIRE(self.status == NodeStatus::running);
  self.status = NodeStatus::paused;
  self.silenced_by = env.fabric.step;
}

void resume_process(FabricEnv& env, NodeId node) {
  Node& self = env.self(node);
  NUTSHELL_REQUIRE(self.status == NodeStatus::paused);
  self.status = NodeStatus::running;
  self.silenced_by = kNoStep;
  for (Timer each : self.backlog)
    env.fabric.queue.reattach(each, env.now(), env.order_for(EventKind::deliver, node));
  self.backlog.clear();
}

// links

void cut_link(FabricEnv& env, NodeId from, NodeId to) {
  Link& link = env.fabric.network.at(from, to);
  link.cut = true;
  link.cut_by = env.fabric.step;
}

void heal_link(FabricEnv& env, NodeId from, NodeId to) {
  Link& link = env.fabric.network.at(from, to);
  link.cut = false;
  link.cut_by = kNoStep;
}

void jam_link(FabricEnv& env, NodeId from, NodeId to) {
  Link& link = env.fabric.network.at(from, to);
  link.jammed = true;
  link.cut_by = env.fabric.step;
}

void release_link(FabricEnv& env, NodeId from, NodeId to) {
  Link& link = env.fabric.network.at(from, to);
  link.jammed = false;
  link.cut_by = kNoStep;
  std::vector<std::int32_t> held;
  held.swap(link.held);
  for (std::int32_t message : held) {  // of each stream one after the other
    const Message& next = message_at(env, message);
    Connection& connection = connection_at(env, next.connection);
    Stream& stream = stream_of(connection, next);
    if (next.generation == connection.generation && stream.stuck >= 0 && stream.stuck != message) {
      stream.behind.push_back(message);
      continue;
    }
    if (next.generation == connection.generation) stream.stuck = message;
    env.deliver_at(message, env.now());
  }
}

Step cause_of_silence(const FabricEnv& env, NodeId node, NodeId other) {
  const Node& silent = env.self(node);
  if (silent.silenced_by != kNoStep) return silent.silenced_by;
  for (const Link* link : {env.fabric.network.find(node, other), env.fabric.network.find(other, node)})
    if (link && (link->cut || link->jammed)) return link->cut_by;
  return silent.slowed_by;
}

}  // namespace nutshell
