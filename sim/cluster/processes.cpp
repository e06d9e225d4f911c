#include "sim/cluster/processes.h"

#include "sim/cluster/process_kind.h"

namespace nutshell {

namespace {

ProcessEnd end_of(const Node& node) {
  if (node.powered_off) return ProcessEnd::power_loss;
  return node.crashed ? ProcessEnd::killed : ProcessEnd::clean;
}

}  // namespace

void start_node(Env& env, World& world, NodeId node) {
  if (env.self(node).status != NodeStatus::down) return;
  start_process(env, node);
  const ProcessKind& kind = kind_of(env.self(node));
  const auto index = static_cast<std::size_t>(env.self(node).index);
  env.self(node).connect = kind.connects(world, index);
  if (kind.told) env.emit(NodeStarted{node});
  kind.start(env, world, index);
}

void stop_node(Env& env, World& world, NodeId node) {
  if (env.self(node).status != NodeStatus::running) return;
  env.emit(NodeStopping{node});
  kind_of(env.self(node)).stop(env, world, static_cast<std::size_t>(env.self(node).index));
}

void bury(Env& env, World& world, NodeId node) {
  const Node& self = env.self(node);
  if (!self.crashed) env.emit(NodeStopped{node});
  kind_of(self).forget(env, world, static_cast<std::size_t>(self.index), end_of(self));
}

void control(Env& env, World& world, NodeId node, ControlKind kind) {
  switch (kind) {
    case ControlKind::start: return start_node(env, world, node);
    case ControlKind::stop: return stop_node(env, world, node);
    case ControlKind::resume: break;
  }
  if (env.self(node).status != NodeStatus::paused) return;
  resume_process(env, node);
  env.emit(NodeResumed{node});
}

void plan(Env& env, World& world, NodeId node, ControlKind kind, Time at) {
  Event event;
  event.kind = EventKind::control;
  event.node = world.admin.node;
  event.incarnation = -1;
  event.a = node;
  event.b = static_cast<std::int32_t>(kind);
  env.schedule(event, at, world.admin.node);
}

std::vector<BrokerId> broker_ids(const World& world) {
  std::vector<BrokerId> ids;
  for (const Broker& each : world.brokers) ids.push_back(each.id);
  return ids;
}

NodeId add_broker(World& world, BrokerId id, const BrokerConfig& config) {
  Broker broker;
  broker.id = id;
  broker.config = config;
  broker.node = add_node(world.fabric, "broker " + std::to_string(id), NodeKind::broker,
                         static_cast<std::int32_t>(world.brokers.size()), id);
  world.commons.enlist(id, broker.node);
  broker.raft.node = broker.node;
  world.brokers.push_back(std::move(broker));
  return world.brokers.back().node;
}

NodeId add_controller(World& world, std::int32_t number, const BrokerConfig& config) {
  Controller controller;
  controller.config = config;
  controller.node = add_node(world.fabric, "Q" + std::to_string(number), NodeKind::controller,
                             static_cast<std::int32_t>(world.controllers.size()), 3000 + number);
  controller.raft.node = controller.node;
  controller.raft.voter = true;
  world.commons.voters.push_back(controller.node);
  world.controllers.push_back(std::move(controller));
  return world.controllers.back().node;
}

NodeId add_producer(World& world, const ProducerSetup& setup) {
  Producer producer;
  producer.spec = setup.spec;
  producer.spec.topic = world.fabric.names.intern(setup.topic);
  for (const std::string& each : setup.keys) producer.spec.keys.push_back(world.fabric.names.intern(each));
  producer.metadata.bootstrap = broker_ids(world);
  producer.node = add_node(world.fabric, setup.name, NodeKind::producer,
                           static_cast<std::int32_t>(world.producers.size()));
  world.producers.push_back(std::move(producer));
  return world.producers.back().node;
}

NodeId add_consumer(World& world, const ConsumerSetup& setup) {
  Consumer consumer;
  consumer.spec = setup.spec;
  consumer.spec.group = world.fabric.names.intern(setup.group);
  for (const std::string& each : setup.topics) consumer.spec.topics.push_back(world.fabric.names.intern(each));
  consumer.metadata.bootstrap = broker_ids(world);
  consumer.node = add_node(world.fabric, setup.name, NodeKind::consumer,
                           static_cast<std::int32_t>(world.consumers.size()));
  world.consumers.push_back(std::move(consumer));
  return world.consumers.back().node;
}

}  // namespace nutshell
