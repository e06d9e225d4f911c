// Whose copy of a partition readers see.
#pragma once

#include "sim/cluster/world.h"

namespace nutshell {

// The last broker that takes itself for the leader; nullptr: none does.
inline const Replica* acting_leader(const World& world, TopicPartition tp) {
  const Replica* leader = nullptr;
  for (const Broker& each : world.brokers)
    if (const Replica* replica = each.replica(tp); replica && replica->role == ReplicaRole::leader) leader = replica;
  return leader;
}

}  // namespace nutshell
