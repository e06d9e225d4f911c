// From a setup to a world before its first step.
#include <algorithm>
#include <string>

#include "sim/cluster/process_kind.h"
#include "sim/cluster/processes.h"
#include "sim/cluster/zones.h"
#include "sim/core/text.h"

namespace nutshell {

namespace {


CreateTopicsRequest creation(World& world, const TopicSpec& topic) {
  CreateTopicsRequest request;
  request.topic = world.fabric.names.intern(topic.name);
  request.partitions = topic.partitions;
  request.replication_factor = topic.replication_factor;
  request.config = topic.config;
  for (const auto& replicas : topic.assignment) {
    BrokerList list;
    for (BrokerId each : replicas) list.push_back(static_cast<std::int16_t>(each));
    request.assignment.push_back(list);
  }
  return request;
}

// A client starts at its time, or once the topics exist.
template <class ClientSetup>
void plan_client(Env& env, World& world, NodeId node, const ClientSetup& setup) {
  if (setup.start > 0) plan(env, world, node, ControlKind::start, setup.start);
  else world.admin.waiting_clients.push_back(node);
  if (setup.stop != kNever) plan(env, world, node, ControlKind::stop, setup.stop);
}

void check_topic(const TopicSpec& topic, const Setup& setup, std::vector<std::string>& found) {
  const std::string name = "topic '" + topic.name + "'";
  const std::int32_t brokers = setup.brokers;
  const std::int32_t partitions = partitions_of(topic, setup.config), replicas = replicas_of(topic, setup.config);
  if (topic.name.empty()) found.push_back("a topic needs a name");
  if (partitions < 1 || partitions > 100000) found.push_back(name + " needs between 1 and 100000 partitions");
  if (replicas < 1 || replicas > kMostReplicasOfPartition)
    found.push_back(name + " needs a replication factor between 1 and " + std::to_string(kMostReplicasOfPartition));
  else if (replicas > brokers)
    found.push_back(name + " wants " + std::to_string(replicas) + " replicas, but there are only " + std::to_string(brokers) +
                    " brokers");
  if (topic.partitions != -1 && static_cast<std::int32_t>(topic.assignment.size()) != topic.partitions && !topic.assignment.empty())
    found.push_back(name + " assigns " + std::to_string(topic.assignment.size()) + " partitions but has " +
                    std::to_string(topic.partitions));
  for (const auto& each_replicas : topic.assignment) {
    std::vector<BrokerId> sorted = each_replicas;
    std::sort(sorted.begin(), sorted.end());
    if (sorted.empty()) found.push_back(name + " assigns a partition to no broker");
    if (sorted.size() > static_cast<std::size_t>(kMostReplicasOfPartition)) found.push_back(name + " assigns too many replicas");
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
      found.push_back(name + " assigns a partition to one broker twice");
    for (BrokerId each : sorted)
      if (each < 1 || each > brokers) found.push_back(name + " is assigned to broker " + std::to_string(each) + ", which does not exist");
  }
}

// Each batch of the producer would be refused (RECORD_LIST_TOO_LARGE).
void check_room(const ProducerSetup& producer, const Setup& setup, std::vector<std::string>& found) {
  const std::int64_t batch = std::int64_t{kBatchOverhead} + kRecordOverhead + producer.spec.record_bytes;
  for (const TopicSpec& topic : setup.topics) {
    if (topic.name != producer.topic || topic.config.segment_bytes >= batch) continue;
    found.push_back("topic '" + topic.name + "' has segments of " + std::to_string(topic.config.segment_bytes) +
                    " bytes (segment.bytes), but a record of producer '" + producer.name + "' takes " + std::to_string(batch) +
                    " with its batch: make the segments larger");
  }
}

// Connect's own topics: a worker would ask for them again and again.
void check_worker(const PlainSetup& worker, const Setup& setup, std::vector<std::string>& found) {
  const std::int64_t replicas = parse_integer(get_config(worker.config, "storage.replication.factor")).value_or(-1);
  if (replicas > setup.brokers)
    found.push_back("Connect worker '" + worker.name + "' wants " + std::to_string(replicas) +
                    " replicas of its topics (storage.replication.factor), but there are only " + std::to_string(setup.brokers) +
                    " brokers");
}

}  // namespace

std::int32_t partitions_of(const TopicSpec& topic, const BrokerConfig& config) {
  if (!topic.assignment.empty()) return static_cast<std::int32_t>(topic.assignment.size());
  return topic.partitions == -1 ? static_cast<std::int32_t>(config.num_partitions) : topic.partitions;
}

std::int32_t replicas_of(const TopicSpec& topic, const BrokerConfig& config) {
  if (!topic.assignment.empty()) return static_cast<std::int32_t>(topic.assignment.front().size());
  return topic.replication_factor == -1 ? static_cast<std::int32_t>(config.default_replication_factor) : topic.replication_factor;
}

std::vector<std::string> problems(const Setup& setup) {
  std::vector<std::string> found;
  if (setup.brokers < 0 || setup.brokers > kMostBrokers)
    found.push_back("a cluster has between 0 and " + std::to_string(kMostBrokers) + " brokers");
  if (setup.controllers != 1 && setup.controllers != 3 && setup.controllers != 5)
    found.push_back("a metadata quorum has 1, 3 or 5 controllers");
  const bool groups = !setup.consumers.empty();
  if (setup.brokers == 0) {
    if (!setup.topics.empty() || !setup.producers.empty() || groups || !setup.plain.empty())
      found.push_back("a cluster that begins without brokers begins without topics, producers and consumers as well; "
                      "the script may add them");
    return found;
  }
  for (const TopicSpec& topic : setup.topics) check_topic(topic, setup, found);
  for (const PlainSetup& each : setup.plain)
    if (each.plural == ConnectWorkerKind::plural) check_worker(each, setup, found);
  if (const std::size_t zones = zones_of(setup).size(); zones > kMostZones)
    found.push_back("there are " + std::to_string(zones) + " zones, at most " + std::to_string(kMostZones) + " are allowed");
  for (const ProducerSetup& each : setup.producers) check_room(each, setup, found);
  return found;
}

World make_world(const Setup& setup) {
  World world;
  world.fabric.seed = setup.seed;
  world.fabric.network.standard = setup.network;
  world.rivals.setup = setup.rivals;
  for (BrokerId id = 1; id <= setup.brokers; ++id) add_broker(world, id, setup.config);
  for (std::int32_t number = 1; number <= setup.controllers; ++number) add_controller(world, number, setup.config);
  world.admin.node = add_node(world.fabric, "admin", NodeKind::admin, 0);
  std::vector<Fact> none;
  Env env(world.fabric, world.commons, none);
  for (const Controller& each : world.controllers) plan(env, world, each.node, ControlKind::start, 0);
  for (const Broker& each : world.brokers) plan(env, world, each.node, ControlKind::start, 0);
  plan(env, world, world.admin.node, ControlKind::start, 0);
  for (const TopicSpec& topic : setup.topics) world.admin.requests.push_back({creation(world, topic)});
  for (const ProducerSetup& each : setup.producers) plan_client(env, world, add_producer(world, each), each);
  for (const ConsumerSetup& each : setup.consumers) plan_client(env, world, add_consumer(world, each), each);
  for (const PlainSetup& each : setup.plain) plan_client(env, world, plain_kind(each.plural)->add(world, each), each);
  put_into_zones(world, setup);
  return world;
}

}  // namespace nutshell
