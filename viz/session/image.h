// What is true of a cluster as a whole: the metadata that its controllers have committed.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

// What is committed, as the controllers have it; nullptr: nothing yet.
const MetadataImage* committed_image(const World& world);
// nullptr: it does not exist yet.
const Node* node_at(const World& world, NodeId node);
// Topics as users see them: Kafka's own are left out.
std::vector<TopicPartition> user_partitions(const World& world);
// It has a leader, and all its replicas are in sync.
bool is_healthy(const World& world, TopicPartition tp);
std::vector<std::string> user_topics(const World& world);

}  // namespace nutshell
