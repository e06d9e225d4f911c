#include "sim/cluster/action.h"

#include <algorithm>
#include <optional>

#include "sim/cluster/admin.h"
#include "sim/cluster/processes.h"
#include "sim/cluster/world.h"
#include "sim/core/require.h"
#include "sim/core/text.h"
#include "sim/kafka/config_keys.h"

namespace nutshell {

namespace {

std::string no_such_node(const World& world, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Node& each : world.fabric.nodes) names.push_back(each.name);
  const std::string nearest = nearest_name(name, names);
  return "there is no node '" + std::string(name) + "'" + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
}

std::string no_such_topic(std::string_view name) { return "there is no topic '" + std::string(name) + "'"; }

// Every ordered pair of different nodes that `from` and `to` mean; empty names mean all.
std::vector<std::pair<NodeId, NodeId>> pairs(const World& world, const std::string& from, const std::string& to, bool both) {
  std::vector<std::pair<NodeId, NodeId>> found;
  const auto matches = [](const Node& node, const std::string& name) { return name.empty() || node.name == name; };
  const auto& nodes = world.fabric.nodes;
  for (std::size_t a = 0; a < nodes.size(); ++a)
    for (std::size_t b = 0; b < nodes.size(); ++b) {
      if (a == b) continue;
      const bool forth = matches(nodes[a], from) && matches(nodes[b], to);
      const bool back = both && matches(nodes[b], from) && matches(nodes[a], to);
      if (forth || back) found.emplace_back(static_cast<NodeId>(a), static_cast<NodeId>(b));
    }
  return found;
}

std::string unknown_node(const World& world, const std::string& name, bool may_be_empty = false) {
  if ((name.empty() && may_be_empty) || world.find_node(name)) return {};
  return no_such_node(world, name);
}

std::string unknown_ends(const World& world, const std::string& from, const std::string& to) {
  const std::string first = unknown_node(world, from, true);
  return first.empty() ? unknown_node(world, to, true) : first;
}

NodeId id_of(const World& world, const std::string& name) {
  const Node* node = world.find_node(name);
  NUTSHELL_REQUIRE(node);
  return static_cast<NodeId>(node - world.fabric.nodes.data());
}

// what is impossible

template <class OfOneNode>
  requires requires(const OfOneNode& action) { action.node; }
std::string check(const World& world, const OfOneNode& action) {
  return unknown_node(world, action.node);
}

template <class OfALink>
  requires requires(const OfALink& action) { action.from; }
std::string check(const World& world, const OfALink& action) {
  return unknown_ends(world, action.from, action.to);
}

std::string check(const World& world, const DropMessage& action) {
  const std::string ends = unknown_ends(world, action.from, action.to);
  if (!ends.empty() || message_index(action.message) != kNoMessage) return ends;
  return "there is no message '" + action.message + "'";
}

std::string check(const World& world, const LoseResponses& action) {
  return unknown_ends(world, action.client, action.server);
}

std::string check(const World& world, const Send& action) {
  const Node* node = world.find_node(action.producer);
  if (!node) return no_such_node(world, action.producer);
  if (node->kind != NodeKind::producer) return "'" + action.producer + "' is no producer";
  if (action.count < 1 || action.count > 1'000'000) return "count must be between 1 and 1000000";
  return {};
}

bool topic_known(const World& world, std::string_view name) {
  const std::int32_t topic = world.topic_id(name);
  if (topic < 0) return false;
  for (const Controller& each : world.controllers)
    if (each.image.topic(topic)) return true;
  for (const AdminRequest& each : world.admin.requests)
    if (const auto* create = std::get_if<CreateTopicsRequest>(&each.body); create && create->topic == topic) return true;
  return false;
}

std::string check(const World& world, const SetConfig& action) {
  BrokerConfig broker;
  ProducerConfig producer;
  ConsumerConfig consumer;
  TopicConfig topic;
  if (action.target == "brokers") return set_config(broker, action.key, action.value);
  if (const Node* node = world.find_node(action.target)) {
    if (node->kind == NodeKind::producer) return set_config(producer, action.key, action.value);
    if (node->kind == NodeKind::consumer) return set_config(consumer, action.key, action.value);
    return set_config(broker, action.key, action.value);
  }
  if (topic_known(world, action.target)) return set_config(topic, action.key, action.value);
  return "'" + action.target + "' is neither \"brokers\" nor a node nor a topic";
}

std::string check(const World& world, const CreateTopic& action) {
  if (action.topic.empty()) return "a topic needs a name";
  if (topic_known(world, action.topic)) return "there is a topic '" + action.topic + "' already";
  if (action.partitions < 1 || action.partitions > 100000) return "partitions must be between 1 and 100000";
  const auto brokers = static_cast<std::int64_t>(world.brokers.size());
  if (action.replication_factor < 1 || action.replication_factor > std::min<std::int64_t>(brokers, 15))
    return "replication_factor must be between 1 and the number of brokers, " + std::to_string(brokers);
  return {};
}

std::string check(const World& world, const ElectLeader& action) {
  return topic_known(world, action.topic) ? std::string() : no_such_topic(action.topic);
}

std::string check(const World& world, const AddBroker& action) {
  if (action.id < 1 || action.id > 1000) return "a broker's id is between 1 and 1000";
  return world.find_broker(static_cast<BrokerId>(action.id)) ? "there is a broker " + std::to_string(action.id) + " already"
                                                             : std::string();
}

std::string check_new_client(const World& world, const std::string& name, const std::string& topic) {
  if (name.empty()) return "a client needs a name";
  if (world.find_node(name)) return "there is a node '" + name + "' already";
  return topic_known(world, topic) ? std::string() : no_such_topic(topic);
}

std::string check(const World& world, const AddConsumer& action) {
  if (action.group.empty()) return "a consumer needs a group";
  return check_new_client(world, action.consumer, action.topic);
}

std::string check(const World& world, const AddProducer& action) {
  return check_new_client(world, action.producer, action.topic);
}

// effects

struct Effect {
  Env& env;
  World& world;

  void operator()(const Crash& action) const {
    const NodeId node = id_of(world, action.node);
    Node& self = env.self(node);
    if (self.status == NodeStatus::down) return;
    self.crashed = true;
    self.powered_off = action.power_loss;
    env.emit(NodeCrashed{node, action.power_loss});
    kill_process(env, node);
  }
  void operator()(const Start& action) const { start_node(env, world, id_of(world, action.node)); }
  void operator()(const Stop& action) const { stop_node(env, world, id_of(world, action.node)); }
  void operator()(const Pause& action) const {
    const NodeId node = id_of(world, action.node);
    if (env.self(node).status != NodeStatus::running) return;
    pause_process(env, node);
    env.emit(NodePaused{node});
    if (action.duration.ns > 0) plan(env, world, node, ControlKind::resume, env.now() + action.duration.ns);
  }
  void operator()(const Resume& action) const { control(env, world, id_of(world, action.node), ControlKind::resume); }
  void operator()(const Slow& action) const {
    const NodeId node = id_of(world, action.node);
    Node& self = env.self(node);
    self.service_time = action.per_message.ns;
    self.disk_bytes_per_second = action.disk_bytes_per_second;
    self.slowed_by = action.per_message.ns > 0 || action.disk_bytes_per_second > 0 ? env.fabric.step : kNoStep;
    env.emit(NodeSlowed{node, self.service_time, self.disk_bytes_per_second});
  }
  void operator()(const SetClock& action) const {
    const NodeId node = id_of(world, action.node);
    env.self(node).clock_offset = action.offset.ns;
    env.emit(ClockSet{node, action.offset.ns});
  }
  void operator()(const Cut& action) const {
    for (const auto& [from, to] : pairs(world, action.from, action.to, !action.one_way)) cut_link(env, from, to);
    env.emit(LinkCut{end(action.from), end(action.to), action.one_way});
  }
  void operator()(const Heal& action) const {
    for (const auto& [from, to] : pairs(world, action.from, action.to, true)) {
      const Link* link = world.fabric.network.find(from, to);
      if (link && link->cut) heal_link(env, from, to);
    }
    env.emit(LinkHealed{end(action.from), end(action.to)});
  }
  void operator()(const Jam& action) const {
    for (const auto& [from, to] : pairs(world, action.from, action.to, !action.one_way)) jam_link(env, from, to);
    env.emit(LinkJammed{end(action.from), end(action.to), action.one_way});
  }
  void operator()(const Release& action) const {
    std::int32_t messages = 0;
    for (const auto& [from, to] : pairs(world, action.from, action.to, true)) {
      const Link* link = world.fabric.network.find(from, to);
      if (!link || !link->jammed) continue;
      messages += static_cast<std::int32_t>(link->held.size());
      release_link(env, from, to);
    }
    env.emit(LinkReleased{end(action.from), end(action.to), messages});
  }
  void operator()(const SetLink& action) const {
    if (action.from.empty() && action.to.empty()) change(world.fabric.network.standard, action);
    for (Link& each : world.fabric.network.links)
      if (action.from.empty() && action.to.empty()) change(each.model, action);
    if (!action.from.empty() || !action.to.empty())
      for (const auto& [from, to] : pairs(world, action.from, action.to, true)) change(world.fabric.network.at(from, to).model, action);
    env.emit(LinkChanged{end(action.from), end(action.to)});
  }
  void operator()(const LoseResponses& action) const {
    lose_responses(env, id_of(world, action.client), id_of(world, action.server), Channel::data,
                   action.close ? ResponseFault::lost_and_closed : ResponseFault::lost);
  }
  void operator()(const DropMessage& action) const {
    const std::uint8_t kind = message_index(action.message);
    std::int32_t oldest = -1;
    auto& messages = world.fabric.messages;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const Message& each = messages[i];
      if (each.connection < 0 || each.dropped || each.body.index() != kind) continue;
      if (!action.from.empty() && env.self(each.from).name != action.from) continue;
      if (!action.to.empty() && env.self(each.to).name != action.to) continue;
      if (oldest < 0 || each.sent_at < messages[static_cast<std::size_t>(oldest)].sent_at) oldest = static_cast<std::int32_t>(i);
    }
    if (oldest >= 0) drop_message(env, oldest);
  }
  void operator()(const Send& action) const {
    const NodeId node = id_of(world, action.producer);
    if (env.self(node).status != NodeStatus::running) return;
    Names& names = world.fabric.names;
    const std::int32_t key = action.key.empty() ? -1 : names.intern(action.key);
    const std::int32_t text = action.value.empty() ? -1 : names.intern(action.value);
    Producer& producer = world.producers[static_cast<std::size_t>(env.self(node).index)];
    for (std::int64_t i = 0; i < action.count; ++i)
      send_record(env, producer, key, text, static_cast<std::int32_t>(action.partition));
  }
  void operator()(const SetConfig& action) const {
    if (action.target == "brokers") {
      for (Broker& each : world.brokers) set_config(each.config, action.key, action.value);
      for (Controller& each : world.controllers) set_config(each.config, action.key, action.value);
    } else if (const Node* node = world.find_node(action.target)) {
      const auto index = static_cast<std::size_t>(node->index);
      if (node->kind == NodeKind::broker) set_config(world.brokers[index].config, action.key, action.value);
      if (node->kind == NodeKind::controller) set_config(world.controllers[index].config, action.key, action.value);
      if (node->kind == NodeKind::producer) set_config(world.producers[index].spec.config, action.key, action.value);
      if (node->kind == NodeKind::consumer) set_config(world.consumers[index].spec.config, action.key, action.value);
    } else {
      alter_topic(action);
    }
  }
  void operator()(const CreateTopic& action) const {
    CreateTopicsRequest create;
    create.topic = world.fabric.names.intern(action.topic);
    create.partitions = static_cast<std::int32_t>(action.partitions);
    create.replication_factor = static_cast<std::int32_t>(action.replication_factor);
    ask_controller(std::move(create));
  }
  void operator()(const ElectLeader& action) const {
    ElectLeadersRequest elect;
    elect.tp = {world.topic_id(action.topic), static_cast<std::int32_t>(action.partition)};
    elect.unclean = action.unclean;
    ask_controller(elect);
  }
  void operator()(const AddBroker& action) const {
    const BrokerConfig config = world.brokers.front().config;
    start_node(env, world, add_broker(world, static_cast<BrokerId>(action.id), config));
  }
  void operator()(const AddConsumer& action) const {
    ConsumerSetup setup;
    setup.name = action.consumer;
    setup.group = action.group;
    setup.topics = {action.topic};
    start_node(env, world, add_consumer(world, setup));
  }
  void operator()(const AddProducer& action) const {
    ProducerSetup setup;
    setup.name = action.producer;
    setup.topic = action.topic;
    setup.spec.interval = action.every.ns;
    start_node(env, world, add_producer(world, setup));
  }

 private:
  NodeId end(const std::string& name) const { return name.empty() ? kNoNode : id_of(world, name); }

  void ask_controller(Body request) const {
    world.admin.requests.push_back({std::move(request)});
    admin_proceed(env, world.admin);
  }
  void alter_topic(const SetConfig& action) const {
    AlterConfigsRequest alter;
    alter.topic = world.topic_id(action.target);
    for (const Controller& each : world.controllers)
      if (const TopicRegistration* topic = each.image.topic(alter.topic); topic && each.active) alter.config = topic->config;
    set_config(alter.config, action.key, action.value);
    ask_controller(alter);
  }
  static void change(LinkModel& model, const SetLink& action) {
    const auto take = [](auto& field, std::int64_t value) {
      if (value >= 0) field = static_cast<std::remove_reference_t<decltype(field)>>(value);
    };
    take(model.latency, action.latency.ns);
    take(model.jitter, action.jitter.ns);
    take(model.tail, action.tail.ns);
    take(model.reorder_delay, action.reorder_delay.ns);
    take(model.tail_ppm, action.tail_ppm);
    take(model.loss_ppm, action.loss_ppm);
    take(model.duplicate_ppm, action.duplicate_ppm);
    take(model.reorder_ppm, action.reorder_ppm);
    take(model.bytes_per_second, action.bytes_per_second);
  }
};

}  // namespace

std::string_view action_name(const ActionBody& body) {
  return std::visit([](const auto& each) { return each.name; }, body);
}

std::string impossible(const World& world, const ActionBody& body) {
  return std::visit([&](const auto& each) { return check(world, each); }, body);
}

void apply(World& world, const Action& action, std::vector<Fact>& facts) {
  NUTSHELL_REQUIRE(action.at >= world.fabric.now);
  world.fabric.step += 1;
  world.fabric.now = action.at;
  fold(world.fabric.digest, action);
  Env env(world.fabric, facts);
  std::visit(Effect{env, world}, action.body);
  finish_step(env, world);
}

}  // namespace nutshell
