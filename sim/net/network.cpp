#include "sim/net/network.h"

#include <algorithm>
#include <tuple>

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
  arrives += model.latency;
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
