// What a sentence names of what stands on the stage: it must be seen while the sentence stands.
#pragma once

#include <string_view>
#include <vector>

#include "sim/cluster/world.h"
#include "sim/session/place.h"

namespace nutshell {

// Nodes ("Broker 1", "brokers 2 and 3", "the shop"), partitions ("orders-0"), topics and groups by their names; "the
// controller" means all of them. Each once, in the order of the sentence.
std::vector<Place> places_named_in(const World& world, std::string_view sentence);

}  // namespace nutshell
