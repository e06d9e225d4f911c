#include "sim/net/network.h"

#include <algorithm>
#include <tuple>

#include "sim/core/require.h"

namespace nutshell {

namespace {
auto position(const std::vector<Link>& links, NodeId from, NodeId to) {
  return std::lower_bound(links.begin(), links.end(), std::tuple{from, to}, [](const Link& link, const auto& wanted) {
    return std::tuple{link.from, link.to} < wanted;
  });
}
}  // namespace

const Link* Network::find(NodeId from, NodeId to) const {
  if (links.empty()) return nullptr;
  const auto found = position(links, from, to);
  return found != links.end() && found->from == from && found->to == to ? &*found : nullptr;
}

Link& Network::at(NodeId from, NodeId to) {
  const auto found = links.begin() + (position(links, from, to) - links.begin());
  if (found != links.end() && found->from == from && found->to == to) return *found;
  Link fresh;
  fresh.from = from;
  fresh.to = to;
  fresh.model = standard;
  return *links.insert(found, fresh);
}

namespace {
auto place_of_path(const std::vector<ZonePath>& paths, ZoneNumber from, ZoneNumber to) {
  return std::lower_bound(paths.begin(), paths.end(), std::tuple{from, to}, [](const ZonePath& path, const auto& wanted) {
    return std::tuple{path.from, path.to} < wanted;
  });
}
}  // namespace

ZoneNumber Zones::number_of(RackId name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? kNoZone : static_cast<ZoneNumber>(found - names.begin() + 1);
}

void Zones::put(NodeId node, RackId name) {
  ZoneNumber zone = number_of(name);
  if (zone == kNoZone) {
    NUTSHELL_REQUIRE(names.size() < kMostZones);
    names.push_back(name);
    zone = static_cast<ZoneNumber>(names.size());
  }
  if (static_cast<std::size_t>(node) >= of.size()) of.resize(static_cast<std::size_t>(node) + 1, kNoZone);
  of[static_cast<std::size_t>(node)] = zone;
}

const ZonePath* Zones::find(ZoneNumber from, ZoneNumber to) const {
  const auto found = place_of_path(paths, from, to);
  return found != paths.end() && found->from == from && found->to == to ? &*found : nullptr;
}

ZonePath& Zones::at(ZoneNumber from, ZoneNumber to) {
  const auto found = paths.begin() + (place_of_path(paths, from, to) - paths.begin());
  if (found != paths.end() && found->from == from && found->to == to) return *found;
  return *paths.insert(found, ZonePath{from, to, 0, {}});
}

void Zones::count(NodeId from, NodeId to, std::uint16_t api, std::uint8_t asker, std::int64_t bytes) {
  std::vector<ZoneBytes>& rows = at(zone_of(from), zone_of(to)).arrived;
  for (ZoneBytes& each : rows)
    if (each.api == api && each.asker == asker) {
      each.bytes += bytes;
      return;
    }
  rows.push_back({api, asker, bytes});
}

Duration Zones::latency(NodeId from, NodeId to) const {
  if (paths.empty() || !apart(from, to)) return 0;
  const ZonePath* path = find(zone_of(from), zone_of(to));
  return path ? path->latency : 0;
}

Time arrival_time(Network& network, std::uint64_t seed, NodeId from, NodeId to, std::uint64_t key, std::uint64_t nth,
                  std::int64_t bytes, Time now) {
  const Link* link = network.find(from, to);
  const LinkModel& model = link ? link->model : network.standard;
  Time arrives = now;
  if (model.bytes_per_second > 0) {  // one wire: what was sent before goes first
    Link& wire = network.at(from, to);
    wire.busy_until = std::max(now, wire.busy_until) + bytes * kSecond / model.bytes_per_second;
    arrives = wire.busy_until;
  }
  arrives += model.latency + network.zones.latency(from, to);
  if (model.jitter > 0) arrives += exponential(draw(seed, Purpose::latency, key, nth), model.jitter);
  if (model.tail_ppm > 0 && chance(draw(seed, Purpose::latency, ~key, nth), model.tail_ppm)) arrives += model.tail;
  if (model.reorder_ppm > 0 && chance(draw(seed, Purpose::reorder, key, nth), model.reorder_ppm)) {
    arrives += model.reorder_delay;
    network.counters.reordered += 1;
  }
  return arrives;
}

Duration retransmission_timeout(std::int32_t attempt) {
  return std::min(200 * kMillisecond << std::min(attempt, 20), 120 * kSecond);
}

}  // namespace nutshell
