#include "viz/session/image.h"

namespace nutshell {

const MetadataImage* committed_image(const World& world) {
  const MetadataImage* newest = nullptr;
  for (const Controller& each : world.controllers) {
    if (!newest || each.image.end_offset() > newest->end_offset()) newest = &each.image;
  }
  return newest;
}

std::vector<TopicPartition> user_partitions(const World& world) {
  std::vector<TopicPartition> all;
  const MetadataImage* image = committed_image(world);
  if (!image) return all;
  for (const auto& topic : image->topics()) {
    if (world.fabric.names[topic->topic] == kOffsetsTopic) continue;
    for (std::size_t i = 0; i < topic->partitions.size(); ++i) all.push_back({topic->topic, static_cast<std::int32_t>(i)});
  }
  return all;
}

bool is_healthy(const World& world, TopicPartition tp) {
  const MetadataImage* image = committed_image(world);
  const PartitionRegistration* partition = image ? image->partition(tp) : nullptr;
  return partition && partition->leader != kNoBroker && partition->isr.size() == partition->replicas.size();
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
