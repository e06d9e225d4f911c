// What a fact is about, and which places belong together: how stage, event list and timeline find each other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/world.h"
#include "sim/history/fact_looks.h"
#include "sim/session/place.h"

namespace nutshell {

// Whether the fact tells of that place. `world` knows the brokers by their ids; it may be of another moment.
bool concerns(const World& world, const FactBody& body, const Place& place);
// Where the fact happened, as narrowly as it says; none: nowhere in particular.
Place place_of(const World& world, const FactBody& body);
// Whether one keeps its strength while the other is pointed at: the copies of a partition and who owns it, a
// broker and its copies, a group and its members.
bool belong_together(const World& world, const Place& one, const Place& other);
// Whether a selection of `selected` shows at `drawn`: itself, and all copies of a partition.
bool marks(const Place& selected, const Place& drawn);

// What a name of a scenario means: a node, a group, a topic (a partition of number -1) or a partition
// ("orders-0"). None: nothing has that name yet.
Place place_named(const World& world, std::string_view name);
// "orders-0", "broker 1", "orders-0 on broker 1": how people call it.
std::string place_text(const World& world, const Place& place);

}  // namespace nutshell
