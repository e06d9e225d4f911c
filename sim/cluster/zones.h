// Zones of a cluster: which machines stand in them, and what has gone from one to the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

// In the order of their names.
std::vector<std::string> zone_names(const World& world);
std::vector<std::string> zones_of(const Setup& setup);
// "": in none.
std::string zone_of(const World& world, NodeId node);
std::vector<NodeId> nodes_in_zone(const World& world, std::string_view zone);

// Indices of brokers: those of one zone behind each other, in the order of their ids.
std::vector<std::size_t> brokers_by_zone(const World& world);

// Every link, each way, between a zone and another one; `to` empty: and all that stands elsewhere, in zones or not.
std::vector<std::pair<NodeId, NodeId>> zone_links(const World& world, const std::string& zone, const std::string& to);
// The ways, there and back, that the action is about. REQUIRES it is possible.
std::vector<std::pair<ZoneNumber, ZoneNumber>> zone_pairs(const World& world, const SetZoneLatency& action);
std::vector<ZonePath*> zone_paths(World& world, const SetZoneLatency& action);

// Puts a new broker where fewest brokers stand, by name among equals; into its rack too, if those there have it.
void put_into_emptiest_zone(World& world, Broker& broker);
// Puts a new client where its rack says, if that is one of the zones.
void put_where_rack_says(World& world, NodeId client, const std::string& rack);
// Puts all of a new world where its setup says.
void put_into_zones(World& world, const Setup& setup);

// Bytes that have arrived from one zone in another: requests and responses, as long as they are on the wire.
struct ZoneFlow {
  std::string from, to;
  std::int64_t produce = 0;    // of producers, with the answers to them
  std::int64_t replicate = 0;  // of followers
  std::int64_t consume = 0;    // of consumers
  std::int64_t other = 0;      // metadata, groups, heartbeats, the quorum
  std::int64_t total() const { return produce + replicate + consume + other; }
};
// Every two zones, both ways, by name.
std::vector<ZoneFlow> zone_flows(const World& world);
// All of them together; no names.
ZoneFlow total_flow(const World& world);

}  // namespace nutshell
