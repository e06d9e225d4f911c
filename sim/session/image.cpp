#include "sim/session/image.h"

#include <algorithm>

namespace nutshell {

std::vector<TopicPartition> user_partitions(const World& world) {
  std::vector<TopicPartition> all;
  const MetadataImage* image = committed_image(world);
  if (!image) return all;
  for (const auto& topic : image->topics()) {
    if (is_internal_topic(world.fabric.names[topic->topic])) continue;
    for (std::size_t i = 0; i < topic->partitions.size(); ++i) all.push_back({topic->topic, static_cast<std::int32_t>(i)});
  }
  return all;
}

CoordinatedGroup coordinated_group(const World& world, GroupId group) {
  for (const Broker& broker : world.brokers) {
    if (world.fabric.nodes[static_cast<std::size_t>(broker.node)].status == NodeStatus::down) continue;
    for (const Group& each : broker.groups.groups) {
      if (each.group == group) return {&each, broker.id};
    }
  }
  return {};
}

const Broker* believed_leader(const World& world, const ClientMetadata& metadata, TopicPartition tp) {
  const PartitionMetadata* known = metadata.find(tp);
  return known ? world.find_broker(known->leader) : nullptr;
}

Offset furthest_log_end(const World& world, TopicPartition tp) {
  Offset furthest = 0;
  const MetadataImage* image = committed_image(world);
  const PartitionRegistration* partition = image ? image->partition(tp) : nullptr;
  if (!partition) return 0;
  for (const std::int16_t id : partition->replicas) {
    const Broker* broker = world.find_broker(id);
    const Replica* replica = broker ? broker->replica(tp) : nullptr;
    if (replica) furthest = std::max(furthest, replica->log.log_end_offset());
  }
  return furthest;
}

Offset readable_end(const World& world, TopicPartition tp) {
  const MetadataImage* image = committed_image(world);
  const PartitionRegistration* partition = image ? image->partition(tp) : nullptr;
  const Broker* leader = partition ? world.find_broker(partition->leader) : nullptr;
  if (!leader || world.fabric.nodes[static_cast<std::size_t>(leader->node)].status != NodeStatus::running) return -1;
  const Replica* replica = leader->replica(tp);
  return replica && replica->role == ReplicaRole::leader ? replica->log.high_watermark() : -1;
}

bool lacks_reader(const World& world, TopicPartition tp) {
  struct GroupHere {
    GroupId group = -1;
    bool owned = false;
  };
  std::vector<GroupHere> groups;
  for (const Consumer& each : world.consumers) {
    const bool reads = std::find(each.spec.topics.begin(), each.spec.topics.end(), tp.topic) != each.spec.topics.end();
    if (!reads || world.fabric.nodes[static_cast<std::size_t>(each.node)].status != NodeStatus::running) continue;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const GroupHere& known) { return known.group == each.spec.group; });
    if (group == groups.end()) group = groups.insert(group, GroupHere{each.spec.group, false});
    for (const OwnedPartition& owned : each.owned) group->owned = group->owned || owned.tp == tp;
  }
  return std::any_of(groups.begin(), groups.end(), [](const GroupHere& each) { return !each.owned; });
}

bool is_healthy(const World& world, TopicPartition tp) {
  const MetadataImage* image = committed_image(world);
  const PartitionRegistration* partition = image ? image->partition(tp) : nullptr;
  if (!partition || partition->leader == kNoBroker || partition->isr.size() != partition->replicas.size()) return false;
  return readable_end(world, tp) >= 0 && !lacks_reader(world, tp);
}

const Node* node_at(const World& world, NodeId node) {
  const auto index = static_cast<std::size_t>(node);
  return node >= 0 && index < world.fabric.nodes.size() ? &world.fabric.nodes[index] : nullptr;
}

std::vector<std::string> user_topics(const World& world) {
  std::vector<std::string> names;
  const MetadataImage* image = committed_image(world);
  if (!image) return names;
  for (const auto& topic : image->topics()) {
    const std::string name = world.fabric.names[topic->topic];
    if (name != kOffsetsTopic) names.push_back(name);
  }
  return names;
}

}  // namespace nutshell
