// What is true of a cluster as a whole: the metadata that its controllers have committed.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

// What is committed, as the controllers have it; nullptr: nothing yet.
const MetadataImage* committed_image(const World& world);
// The group as the broker that coordinates it has it; nullptr: nobody does just now.
struct CoordinatedGroup {
  const Group* group = nullptr;
  BrokerId coordinator = kNoBroker;
};
CoordinatedGroup coordinated_group(const World& world, std::int32_t group);
// The longest of the partition's logs; 0: there is none.
Offset furthest_log_end(const World& world, TopicPartition tp);
// How far the partition can be read: the high watermark of its leader, as clients and Kafka's tools are told (G5).
// -1: nobody can be asked.
Offset readable_end(const World& world, TopicPartition tp);
// nullptr: it does not exist yet.
const Node* node_at(const World& world, NodeId node);
// Topics as users see them: Kafka's own are left out.
std::vector<TopicPartition> user_partitions(const World& world);
// It has a leader, and all its replicas are in sync.
bool is_healthy(const World& world, TopicPartition tp);
std::vector<std::string> user_topics(const World& world);

}  // namespace nutshell
