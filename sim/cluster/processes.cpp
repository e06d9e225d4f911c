#include "sim/cluster/processes.h"

#include <array>

#include "sim/cluster/admin.h"
#include "sim/core/require.h"

namespace nutshell {

namespace {

std::vector<BrokerId> broker_ids(const World& world) {
  std::vector<BrokerId> ids;
  for (const Broker& each : world.brokers) ids.push_back(each.id);
  return ids;
}

template <class Config>
ConnectSettings of_client(const Config& config) {
  return {.backoff = config.reconnect_backoff,
          .backoff_max = config.reconnect_backoff_max,
          .setup_timeout = config.connection_setup_timeout,
          .setup_timeout_max = config.connection_setup_timeout_max};
}

// Clients have keys for it; ReplicaFetcherBlockingSend has none, NodeToControllerChannelManager always the same, and
// KafkaRaftManager a shorter one (N8).
constexpr std::array kServerBackoffs = {
    ChannelBackoff{Channel::fetcher, 0, 0}, ChannelBackoff{Channel::lifecycle, 50 * kMillisecond, 50 * kMillisecond},
    ChannelBackoff{Channel::quorum, 50 * kMillisecond, 500 * kMillisecond},
    ChannelBackoff{Channel::controller, 50 * kMillisecond, 50 * kMillisecond}};

ConnectSettings of_server(const BrokerConfig& config) {
  ConnectSettings settings;
  settings.setup_timeout = config.connection_setup_timeout;
  settings.setup_timeout_max = config.connection_setup_timeout_max;
  settings.fixed = kServerBackoffs;
  return settings;
}

ConnectSettings connect_settings(const World& world, const Node& node) {
  const auto index = static_cast<std::size_t>(node.index);
  switch (node.kind) {
    case NodeKind::broker: return of_server(world.brokers[index].config);
    case NodeKind::controller: return of_server(world.controllers[index].config);
    case NodeKind::producer: return of_client(world.producers[index].spec.config);
    case NodeKind::consumer: return of_client(world.consumers[index].spec.config);
    case NodeKind::admin: break;
  }
  return {};
}

ProcessEnd end_of(const Node& node) {
  if (node.powered_off) return ProcessEnd::power_loss;
  return node.crashed ? ProcessEnd::killed : ProcessEnd::clean;
}

}  // namespace

void start_node(Env& env, World& world, NodeId node) {
  if (env.self(node).status != NodeStatus::down) return;
  start_process(env, node);
  env.self(node).connect = connect_settings(world, env.self(node));
  if (env.self(node).kind != NodeKind::admin) env.emit(NodeStarted{node});
  const auto index = static_cast<std::size_t>(env.self(node).index);
  switch (env.self(node).kind) {
    case NodeKind::broker: return start_broker(env, world.brokers[index]);
    case NodeKind::controller: return start_controller(env, world.controllers[index]);
    case NodeKind::producer: return start_producer(env, world.producers[index]);
    case NodeKind::consumer: return start_consumer(env, world.consumers[index]);
    case NodeKind::admin: return start_admin(env, world.admin);
  }
}

void stop_node(Env& env, World& world, NodeId node) {
  if (env.self(node).status != NodeStatus::running) return;
  env.emit(NodeStopping{node});
  const auto index = static_cast<std::size_t>(env.self(node).index);
  switch (env.self(node).kind) {
    case NodeKind::broker: return stop_broker(env, world.brokers[index]);
    case NodeKind::controller: return stop_controller(env, world.controllers[index]);
    case NodeKind::producer: return stop_producer(env, world.producers[index]);
    case NodeKind::consumer: return stop_consumer(env, world.consumers[index]);
    case NodeKind::admin: return;
  }
}

void bury(Env& env, World& world, NodeId node) {
  const Node& self = env.self(node);
  const auto index = static_cast<std::size_t>(self.index);
  if (!self.crashed) env.emit(NodeStopped{node});
  switch (self.kind) {
    case NodeKind::broker: return forget_broker(env, world.brokers[index], end_of(self));
    case NodeKind::controller: return forget_controller(world.controllers[index]);
    case NodeKind::producer: return forget_producer(world.producers[index]);
    case NodeKind::consumer: return forget_consumer(world.consumers[index]);
    case NodeKind::admin: return;
  }
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
