// On which brokers the replicas of a new topic go. The first replica of each list is the preferred
// leader. Both placers begin at random places, so that topics do not all pile up on the same broker.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/core/types.h"

namespace nutshell {

// A broker as registered with the controller. Ids must differ.
struct PlacementBroker {
  BrokerId id = kNoBroker;
  std::string rack;  // broker.rack; "" is none
  bool fenced = false;
};

// A random number in [0, bound); bound > 0. The caller keys it (Purpose::placement), counting calls.
using PlacementDraw = std::function<std::int32_t(std::int32_t bound)>;

// The replicas of each partition, in order; or `error`, Kafka's own sentence, with no replicas.
// Every error is INVALID_REPLICATION_FACTOR unless the function says otherwise.
struct Placement {
  std::vector<std::vector<BrokerId>> replicas;
  std::string error;  // "" is none
};

// KRaft's StripedReplicaPlacer (R19). Racks come before brokers: replicas are spread over racks in
// turn; in a rack over brokers in turn, unfenced ones first; a leader is never fenced. All orders
// are shuffled after as many partitions as there are unfenced brokers.
//
// Draws, in this order: for each rack by name (none first) the start in its fenced brokers, if any,
// then in its unfenced ones, if any; then the first rack. A shuffle of n takes draws of bound
// n, n-1 .. 2; the list of racks is shuffled first, then each rack's fenced and unfenced brokers.
// (Kafka visits racks in Java's hash order where this visits them by name.)
Placement place_striped(const std::vector<PlacementBroker>& brokers, std::int32_t partitions,
                        std::int32_t replication_factor, const PlacementDraw& draw);

// Where a placement of AdminUtils starts. New partitions of an existing topic continue at its number
// of partitions with `fixed_start` at the place of its very first replica in the list of brokers.
struct ClassicStart {
  std::int32_t partition = 0;     // number of the first partition to place, >= 0
  std::int32_t fixed_start = -1;  // start and shift; -1 draws them, in that order
};

// AdminUtils of the ZooKeeper era (R20), rack-aware if brokers have racks. Fenced brokers do not
// count: at that time a broker was registered or was not there. Errors: partitions <= 0
// (INVALID_PARTITIONS), the replication factor, and some but not all brokers with a rack.
Placement place_classic(const std::vector<PlacementBroker>& brokers, std::int32_t partitions,
                        std::int32_t replication_factor, const ClassicStart& start, const PlacementDraw& draw);

}  // namespace nutshell
