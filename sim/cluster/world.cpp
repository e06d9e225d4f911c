#include "sim/cluster/world.h"

#include "sim/cluster/plain_processes.h"
#include "sim/cluster/process_kind.h"
#include "sim/cluster/processes.h"
#include "sim/cluster/release.h"
#include "sim/core/require.h"

namespace nutshell {

namespace {

void dispatch_request(Env& env, World& world, Arrival& arrival) {
  const Node& node = env.self(arrival.node);
  const ProcessKind& kind = kind_of(node);
  NUTSHELL_REQUIRE(kind.on_request);
  kind.on_request(env, world, static_cast<std::size_t>(node.index), arrival.request, arrival.body);
}

void dispatch_response(Env& env, World& world, NodeId to, const Response& response) {
  const Node& node = env.self(to);
  kind_of(node).on_response(env, world, static_cast<std::size_t>(node.index), response);
}

void dispatch_timer(Env& env, World& world, const Event& timer) {
  const Node& node = env.self(timer.node);
  kind_of(node).on_timer(env, world, static_cast<std::size_t>(node.index), timer);
}

void dispatch(Env& env, World& world, Arrival& arrival) {
  switch (arrival.kind) {
    case Arrival::Kind::nothing: return;
    case Arrival::Kind::request: return dispatch_request(env, world, arrival);
    case Arrival::Kind::response:
      arrival.response.body = &arrival.body;
      return dispatch_response(env, world, arrival.node, arrival.response);
    case Arrival::Kind::timer: return dispatch_timer(env, world, arrival.event);
    case Arrival::Kind::control:
      return control(env, world, arrival.event.a, static_cast<ControlKind>(arrival.event.b));
  }
}

NodeId sender_of(const Fabric& fabric, const Event& event) {
  if (event.kind != EventKind::deliver) return kNoNode;
  return fabric.messages[static_cast<std::size_t>(event.a)].from;
}

}  // namespace

Time next_event_time(World& world) { return world.fabric.queue.empty() ? kNever : world.fabric.queue.next_time(); }

StepInfo step(World& world, std::vector<Fact>& facts) {
  world.fabric.step += 1;
  Env env(world.fabric, world.commons, facts);
  Arrival arrival = take_event(env);
  StepInfo info{arrival.node,          arrival.event.cause, arrival.event.kind,
                arrival.event.timer,   arrival.message,     sender_of(world.fabric, arrival.event)};
  // What a client does about a request that nobody answers was wanted by whoever sent that; what silenced the server
  // is a cause of the silence, which has a fact of its own.
  if (!env.failures.empty() && env.failures.front().response.sent_by != kNoStep)
    info.cause = env.failures.front().response.sent_by;
  dispatch(env, world, arrival);
  finish_step(env, world);
  if (world.commons.store.records.size() >= world.commons.store.look_at) release_records(world);
  return info;
}

void finish_step(Env& env, World& world) {
  for (std::size_t i = 0; i < env.failures.size(); ++i) {
    const Env::Failure failure = env.failures[i];
    if (env.self(failure.node).status == NodeStatus::running) dispatch_response(env, world, failure.node, failure.response);
  }
  for (NodeId node : env.exited) bury(env, world, node);
  env.exited.clear();
  mark_ready_clients(env, world);
}

const Node* World::find_node(std::string_view name) const {
  for (const Node& each : fabric.nodes)
    if (each.name == name) return &each;
  return nullptr;
}

const Broker* World::find_broker(BrokerId id) const {
  for (const Broker& each : brokers)
    if (each.id == id) return &each;
  return nullptr;
}

std::int64_t disk_rate(const World& world, const Node& node) {
  return node.kind == NodeKind::broker ? world.brokers[static_cast<std::size_t>(node.index)].disk.bytes_per_second : 0;
}

std::uint64_t state_digest(const World& world) { return digest_of(world); }

std::string WorldNamer::node(NodeId node) const {
  if (node == kNoNode) return "nobody";
  const auto index = static_cast<std::size_t>(node);
  return index < world_.fabric.nodes.size() ? world_.fabric.nodes[index].name : "-";  // it is added later
}

std::string WorldNamer::name(std::int32_t interned) const { return interned < 0 ? "-" : world_.fabric.names[interned]; }

}  // namespace nutshell
