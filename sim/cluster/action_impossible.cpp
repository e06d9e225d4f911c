// Why an action cannot be done.
#include <algorithm>

#include "sim/cluster/action_parts.h"
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

std::string unknown_node(const World& world, const std::string& name, bool may_be_empty = false) {
  if ((name.empty() && may_be_empty) || world.find_node(name)) return {};
  return no_such_node(world, name);
}

std::string unknown_ends(const World& world, const std::string& from, const std::string& to) {
  const std::string first = unknown_node(world, from, true);
  return first.empty() ? unknown_node(world, to, true) : first;
}

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

bool topic_known(const World& world, std::string_view name) { return partitions_of(world, name) > 0; }

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
  if (!is_topic_name(action.topic))
    return "'" + action.topic + "' is no name that Kafka allows for a topic: letters, digits, '.', '_' and '-' (INVALID_TOPIC_EXCEPTION)";
  if (topic_known(world, action.topic)) return "there is a topic '" + action.topic + "' already (TOPIC_ALREADY_EXISTS)";
  if (action.partitions < 1 || action.partitions > 100000)
    return "partitions must be between 1 and 100000 (INVALID_PARTITIONS)";
  const auto brokers = static_cast<std::int64_t>(world.brokers.size());
  if (brokers == 0) return "there is no broker yet that could hold a partition (INVALID_REPLICATION_FACTOR)";
  if (action.replication_factor < 1 || action.replication_factor > std::min<std::int64_t>(brokers, 15))
    return "replication_factor must be between 1 and the number of brokers, " + std::to_string(brokers) +
           " (INVALID_REPLICATION_FACTOR)";
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

// The sentences are those of kafka-topics and of the controller.
std::string check(const World& world, const AddPartitions& action) {
  if (action.topic == kOffsetsTopic) return "the number of partitions of the offsets topic cannot be changed";
  const std::int64_t now = partitions_of(world, action.topic);
  if (now == 0) return no_such_topic(action.topic);
  const std::string has = std::to_string(now) + (now == 1 ? " partition" : " partitions");
  if (action.count == now) return "topic '" + action.topic + "' already has " + has;
  if (action.count < now)
    return "topic '" + action.topic + "' currently has " + has + "; " + std::to_string(action.count) + " would not be an increase";
  return action.count > 100000 ? "partitions must be between 1 and 100000" : "";
}

std::string check(const World& world, const SetElectionTimeout& action) {
  const Node* node = world.find_node(action.node);
  if (!node) return no_such_node(world, action.node);
  return node->kind == NodeKind::controller ? "" : "'" + action.node + "' is no controller, so it takes no part in their elections";
}

}  // namespace

std::string impossible(const World& world, const ActionBody& body) {
  return std::visit([&](const auto& each) { return check(world, each); }, body);
}

}  // namespace nutshell
