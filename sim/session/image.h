// What is true of a cluster as a whole, read off the metadata that its controllers have committed.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/image.h"

namespace nutshell {

// The group as the broker that coordinates it has it; nullptr: nobody does just now.
struct CoordinatedGroup {
  const Group* group = nullptr;
  BrokerId coordinator = kNoBroker;
};
CoordinatedGroup coordinated_group(const World& world, GroupId group);
// Whom a client takes for the leader, right or not (N2); nullptr: it knows of none.
const Broker* believed_leader(const World& world, const ClientMetadata& metadata, TopicPartition tp);
// The longest of the partition's logs; 0: there is none.
Offset furthest_log_end(const World& world, TopicPartition tp);
// How far the partition can be read: the high watermark of its leader, as clients and Kafka's tools are told (G5).
// -1: nobody can be asked.
Offset readable_end(const World& world, TopicPartition tp);
// nullptr: it does not exist yet.
const Node* node_at(const World& world, NodeId node);
// Topics as users see them: Kafka's own are left out.
std::vector<TopicPartition> user_partitions(const World& world);
// A group wants to read it, and none of its members owns it just now.
bool lacks_reader(const World& world, TopicPartition tp);
// It has a leader that serves, all its replicas are in sync, and whoever wants to read it does.
bool is_healthy(const World& world, TopicPartition tp);
std::vector<std::string> user_topics(const World& world);

}  // namespace nutshell
