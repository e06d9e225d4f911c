#include "sim/cluster/zones.h"

#include <algorithm>
#include <numeric>

namespace nutshell {

namespace {

const Zones& zones_in(const World& world) { return world.fabric.network.zones; }

ZoneNumber zone_number(const World& world, std::string_view zone) {
  return zones_in(world).number_of(RackId{world.fabric.names.find(zone)});
}

const std::string& zone_name(const World& world, ZoneNumber zone) {
  return world.fabric.names[zones_in(world).names[zone - std::size_t{1}]];
}

void put_machine(World& world, NodeId node, const std::string& zone) {
  if (!zone.empty()) world.fabric.network.zones.put(node, world.fabric.names.intern(zone));
}

// The nth of a list that is gone through again and again.
std::string nth_of(const std::vector<std::string>& list, std::size_t n) { return list.empty() ? "" : list[n % list.size()]; }

}  // namespace

std::vector<std::string> zone_names(const World& world) {
  std::vector<std::string> names;
  for (RackId each : zones_in(world).names) names.push_back(world.fabric.names[each]);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> zones_of(const Setup& setup) {
  std::vector<std::string> names = setup.zones.empty() ? setup.racks : setup.zones;
  for (const ProducerSetup& each : setup.producers) names.push_back(each.zone.empty() ? each.spec.config.rack : each.zone);
  for (const ConsumerSetup& each : setup.consumers) names.push_back(each.zone.empty() ? each.spec.config.rack : each.zone);
  for (const PlainSetup& each : setup.plain) names.push_back(each.zone);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::erase(names, "");
  return names;
}

std::string zone_of(const World& world, NodeId node) {
  const ZoneNumber zone = zones_in(world).zone_of(node);
  return zone == kNoZone ? "" : zone_name(world, zone);
}

std::vector<NodeId> nodes_in_zone(const World& world, std::string_view zone) {
  std::vector<NodeId> nodes;
  const ZoneNumber wanted = zone_number(world, zone);
  for (std::int32_t i = 0; wanted != kNoZone && i < static_cast<std::int32_t>(world.fabric.nodes.size()); ++i)
    if (zones_in(world).zone_of(i) == wanted) nodes.push_back(i);
  return nodes;
}

std::vector<std::size_t> brokers_by_zone(const World& world) {
  std::vector<std::size_t> all(world.brokers.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (!zones_in(world).names.empty())
    std::stable_sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) {
      return zone_of(world, world.brokers[a].node) < zone_of(world, world.brokers[b].node);
    });
  return all;
}

std::vector<std::pair<NodeId, NodeId>> zone_links(const World& world, const std::string& zone, const std::string& to) {
  const ZoneNumber own = zone_number(world, zone), other = to.empty() ? kNoZone : zone_number(world, to);
  const auto count = static_cast<std::int32_t>(world.fabric.nodes.size());
  std::vector<std::pair<NodeId, NodeId>> links;
  for (std::int32_t a = 0; a < count; ++a) {
    for (std::int32_t b = 0; b < count; ++b) {
      const ZoneNumber from = zones_in(world).zone_of(a), into = zones_in(world).zone_of(b);
      const bool leaves = from == own && into != own && (to.empty() || into == other);
      const bool enters = into == own && from != own && (to.empty() || from == other);
      if (leaves || enters) links.emplace_back(a, b);
    }
  }
  return links;
}

std::vector<std::pair<ZoneNumber, ZoneNumber>> zone_pairs(const World& world, const SetZoneLatency& action) {
  const ZoneNumber own = zone_number(world, action.zone);
  const ZoneNumber wanted = action.to.empty() ? kNoZone : zone_number(world, action.to);
  std::vector<std::pair<ZoneNumber, ZoneNumber>> pairs;
  for (std::size_t i = 1; i <= zones_in(world).names.size(); ++i) {
    const auto other = static_cast<ZoneNumber>(i);
    if (other == own || (wanted != kNoZone && other != wanted)) continue;
    pairs.emplace_back(own, other);
    pairs.emplace_back(other, own);
  }
  return pairs;
}

std::vector<ZonePath*> zone_paths(World& world, const SetZoneLatency& action) {
  Zones& zones = world.fabric.network.zones;
  const auto pairs = zone_pairs(world, action);
  for (const auto& [from, to] : pairs) zones.at(from, to);  // a new one moves the others
  std::vector<ZonePath*> paths;
  for (const auto& [from, to] : pairs) paths.push_back(&zones.at(from, to));
  return paths;
}

void put_into_emptiest_zone(World& world, Broker& broker) {
  broker.config.rack = "";  // it was set up like another one
  std::string emptiest, rack;
  std::size_t fewest = 0;
  for (const std::string& zone : zone_names(world)) {
    std::size_t brokers = 0;
    std::string rack_there;
    for (const Broker& each : world.brokers) {
      if (each.node == broker.node || zone_of(world, each.node) != zone) continue;
      brokers += 1;
      rack_there = each.config.rack;
    }
    if (!emptiest.empty() && brokers >= fewest) continue;
    emptiest = zone;
    fewest = brokers;
    rack = rack_there;
  }
  put_machine(world, broker.node, emptiest);
  broker.config.rack = rack;
}

void put_where_rack_says(World& world, NodeId client, const std::string& rack) {
  if (zone_number(world, rack) != kNoZone) put_machine(world, client, rack);
}

void put_into_zones(World& world, const Setup& setup) {
  const std::vector<std::string>& zones = setup.zones.empty() ? setup.racks : setup.zones;
  std::vector<std::string> names = zones;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string& each : names) world.fabric.network.zones.names.push_back(world.fabric.names.intern(each));
  for (std::size_t i = 0; i < world.brokers.size(); ++i) {
    put_machine(world, world.brokers[i].node, nth_of(zones, i));
    if (!setup.racks.empty()) world.brokers[i].config.rack = nth_of(setup.racks, i);
  }
  for (std::size_t i = 0; i < world.controllers.size(); ++i) put_machine(world, world.controllers[i].node, nth_of(names, i));
  const auto put_client = [&](const std::string& name, const std::string& zone, const std::string& rack) {
    if (const Node* node = world.find_node(name))
      put_machine(world, static_cast<NodeId>(static_cast<std::int32_t>(node - world.fabric.nodes.data())), zone.empty() ? rack : zone);
  };
  for (const ProducerSetup& each : setup.producers) put_client(each.name, each.zone, each.spec.config.rack);
  for (const ConsumerSetup& each : setup.consumers) put_client(each.name, each.zone, each.spec.config.rack);
  for (const PlainSetup& each : setup.plain) put_client(each.name, each.zone, "");
}

std::vector<ZoneFlow> zone_flows(const World& world) {
  std::vector<ZoneFlow> all;
  const std::vector<std::string> names = zone_names(world);
  for (const std::string& from : names) {
    for (const std::string& to : names) {
      if (from == to) continue;
      ZoneFlow& row = all.emplace_back();
      row.from = from;
      row.to = to;
      const ZonePath* path = zones_in(world).find(zone_number(world, from), zone_number(world, to));
      if (!path) continue;
      for (const ZoneBytes& each : path->arrived) {
        const std::int16_t key = each.api < Apis::keys.size() ? Apis::keys[each.api] : std::int16_t{-1};
        const bool records = Apis::names[std::min<std::size_t>(each.api, Apis::size - 1)] != "QuorumFetch";
        if (key == 0) row.produce += each.bytes;
        else if (key != 1 || !records) row.other += each.bytes;
        else if (static_cast<NodeKind>(each.asker) == NodeKind::broker) row.replicate += each.bytes;
        else row.consume += each.bytes;
      }
    }
  }
  return all;
}

ZoneFlow total_flow(const World& world) {
  ZoneFlow sum;
  for (const ZoneFlow& each : zone_flows(world)) {
    sum.produce += each.produce;
    sum.replicate += each.replicate;
    sum.consume += each.consume;
    sum.other += each.other;
  }
  return sum;
}

}  // namespace nutshell
