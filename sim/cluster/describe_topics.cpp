// Topics as `kafka-topics --describe` shows them, and where an operator's knowledge comes from.
#include <algorithm>
#include <string>

#include "sim/cluster/describe_tables.h"
#include "sim/kafka/config_keys.h"

namespace nutshell {

namespace {

// In the order in which kafka-topics prints them: that of a Java HashMap with 64 buckets (admin.Config has some 35 entries).
// Of two in one bucket, ours is the order of names.
constexpr std::string_view kConfigs[] = {
    "min.insync.replicas", "segment.jitter.ms", "cleanup.policy", "retention.ms", "segment.bytes", "file.delete.delay.ms",
    "max.compaction.lag.ms",
    "max.message.bytes", "min.compaction.lag.ms", "message.timestamp.type", "index.interval.bytes", "min.cleanable.dirty.ratio",
    "unclean.leader.election.enable", "delete.retention.ms", "retention.bytes", "message.timestamp.after.max.ms",
    "message.timestamp.before.max.ms", "segment.ms", "segment.index.bytes"};

// What the tool shows of the key: what the topic says, else what the brokers say; empty: Kafka's default.
std::string config_value(const World& world, const TopicConfig& config, std::string_view key) {
  const std::string value = get_config(config, key);
  if (value != get_config(TopicConfig{}, key)) return value;
  if (world.brokers.empty() || !find_config_key(ConfigScope::broker, key)) return "";
  const std::string of_brokers = get_config(world.brokers.front().config, key);
  return of_brokers == get_config(BrokerConfig{}, key) ? "" : of_brokers;
}

// "min.insync.replicas=2,segment.bytes=1048576": what differs from the defaults.
std::string configs_text(const World& world, const TopicConfig& config) {
  std::string text;
  for (std::string_view key : kConfigs) {
    const std::string value = config_value(world, config, key);
    if (!value.empty()) text += (text.empty() ? "" : ",") + std::string(key) + "=" + value;
  }
  return text;
}

NamedTable topic_table(const World& world, const std::string& name, const TopicRegistration& topic) {
  NamedTable named;
  named.table.layout = TableLayout::labelled;
  named.table.columns = {"Topic", "Partition", "Leader", "Replicas", "Isr", "Elr", "LastKnownElr"};
  for (std::size_t i = 0; i < topic.partitions.size(); ++i) {
    const PartitionRegistration& each = topic.partitions[i];
    const std::string number = std::to_string(i);
    const std::string leader = each.leader == kNoBroker ? "none" : std::to_string(each.leader);
    // Eligible leader replicas are kept since Kafka 4.1 only (R16); without them its tools print N/A.
    named.add_row({name + "/" + number},
                  {name, number, leader, list_text(each.replicas), list_text(each.isr), "N/A", "N/A"});
  }
  const std::size_t replicas = topic.partitions.empty() ? 0 : topic.partitions.front().replicas.size();
  named.values = {{name + "/PartitionCount", std::to_string(topic.partitions.size())},
                  {name + "/ReplicationFactor", std::to_string(replicas)},
                  {name + "/Configs", configs_text(world, topic.config)}};
  named.table.title = "Topic: " + name + "  PartitionCount: " + named.values[0].second +
                      "  ReplicationFactor: " + named.values[1].second + "  Configs: " + named.values[2].second;
  return named;
}

}  // namespace

const Controller* active_controller(const World& world) {
  const Controller* found = nullptr;
  for (const Controller& each : world.controllers) {
    if (!each.active || !is_running(world, each.node)) continue;
    if (!found || each.raft.epoch > found->raft.epoch) found = &each;
  }
  return found;
}

bool is_running(const World& world, NodeId node) {
  return world.fabric.nodes[static_cast<std::size_t>(node)].status == NodeStatus::running;
}

const MetadataImage& visible_image(const World& world) {
  if (const Controller* active = active_controller(world)) return active->image;
  static const MetadataImage kNothing;
  const MetadataImage* best = world.controllers.empty() ? &kNothing : &world.controllers.front().image;
  for (const Broker& each : world.brokers) {
    if (each.image.end_offset() > best->end_offset()) best = &each.image;
  }
  for (const Controller& each : world.controllers) {
    if (each.image.end_offset() >= best->end_offset()) best = &each.image;
  }
  return *best;
}

std::optional<Offset> latest_offset(const World& world, TopicPartition tp) {
  const PartitionRegistration* partition = visible_image(world).partition(tp);
  const Broker* leader = partition ? world.find_broker(partition->leader) : nullptr;
  if (!leader || !is_running(world, leader->node)) return std::nullopt;
  const Replica* replica = leader->replica(tp);
  if (!replica || replica->role != ReplicaRole::leader) return std::nullopt;
  if (replica->log.high_watermark() < replica->epoch_start) return std::nullopt;
  return replica->log.high_watermark();
}

std::string list_text(const BrokerList& list) {
  std::string text;
  for (std::int16_t each : list) text += (text.empty() ? "" : ",") + std::to_string(each);
  return text;
}

std::string or_dash(std::optional<Offset> offset) { return offset ? std::to_string(*offset) : "-"; }

std::vector<NamedTable> topics_tables(const World& world, InternalTopics internal) {
  std::vector<std::pair<std::string, const TopicRegistration*>> topics;
  for (const auto& each : visible_image(world).topics()) {
    const std::string& name = world.fabric.names[each->topic];
    if (internal == InternalTopics::show || name != kOffsetsTopic) topics.emplace_back(name, each.get());
  }
  std::stable_sort(topics.begin(), topics.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<NamedTable> tables;
  for (const auto& [name, topic] : topics) tables.push_back(topic_table(world, name, *topic));
  return tables;
}

}  // namespace nutshell
