#include "sim/kafka/placement.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "sim/core/require.h"

namespace nutshell {
namespace {

std::int32_t count(const auto& list) { return static_cast<std::int32_t>(list.size()); }

std::int32_t drawn(const PlacementDraw& draw, std::int32_t bound) {
  const std::int32_t value = draw(bound);
  NUTSHELL_REQUIRE(value >= 0 && value < bound);
  return value;
}

template <typename T>
void shuffle(std::vector<T>& list, const PlacementDraw& draw) {
  for (std::int32_t i = count(list); i > 1; --i) {
    const std::int32_t other = drawn(draw, i);
    std::swap(list[i - 1], list[other]);
  }
}

// Brokers taken in turn. In each new round (one partition is one round) it starts one place further.
// As in Kafka, a list that was last used in round 0 is not fresh when the rounds begin again at 0.
struct BrokerCycle {
  std::vector<BrokerId> brokers;
  std::int32_t offset = 0;
  std::int32_t taken = 0;  // in this round
  std::int32_t round = 0;

  void begin(const PlacementDraw& draw) {
    std::sort(brokers.begin(), brokers.end());
    if (!brokers.empty()) offset = drawn(draw, count(brokers));
  }

  // kNoBroker if all were taken in this round.
  BrokerId next(std::int32_t current_round) {
    if (brokers.empty()) return kNoBroker;
    if (round != current_round) {
      round = current_round;
      taken = 0;
      offset = (offset + 1) % count(brokers);
    }
    if (taken >= count(brokers)) return kNoBroker;
    const BrokerId broker = brokers[(taken + offset) % count(brokers)];
    ++taken;
    return broker;
  }
};

struct Rack {
  BrokerCycle fenced;
  BrokerCycle unfenced;

  BrokerId next(std::int32_t round) {
    const BrokerId broker = unfenced.next(round);
    return broker == kNoBroker ? fenced.next(round) : broker;
  }
};

struct Stripes {
  std::vector<Rack> racks;          // by name
  std::vector<std::int32_t> order;  // indexes of racks, as they are visited
  std::int32_t offset = 0;          // into order, for the next partition
  std::int32_t round = 0;
  std::int32_t unfenced = 0;  // brokers
};

Stripes make_stripes(const std::vector<PlacementBroker>& brokers, const PlacementDraw& draw) {
  Stripes stripes;
  std::map<std::string_view, Rack> racks;
  for (const PlacementBroker& broker : brokers) {
    Rack& rack = racks[broker.rack];
    (broker.fenced ? rack.fenced : rack.unfenced).brokers.push_back(broker.id);
    if (!broker.fenced) ++stripes.unfenced;
  }
  for (auto& [name, rack] : racks) {
    rack.fenced.begin(draw);
    rack.unfenced.begin(draw);
    stripes.racks.push_back(std::move(rack));
  }
  stripes.order.resize(stripes.racks.size());
  std::iota(stripes.order.begin(), stripes.order.end(), 0);
  stripes.offset = drawn(draw, count(stripes.order));
  return stripes;
}

void shuffle_all(Stripes& stripes, const PlacementDraw& draw) {
  shuffle(stripes.order, draw);
  for (Rack& rack : stripes.racks) {
    shuffle(rack.fenced.brokers, draw);
    shuffle(rack.unfenced.brokers, draw);
  }
}

// The leader, and the place in stripes.order of the rack that it came from. There is always one: the
// list that gave the last leader was last used in another round than this one, so it is fresh.
std::pair<BrokerId, std::int32_t> take_leader(Stripes& stripes) {
  BrokerId leader = kNoBroker;
  std::int32_t place = stripes.offset;
  for (std::int32_t i = 0; i < count(stripes.order) && leader == kNoBroker; ++i) {
    place = (stripes.offset + i) % count(stripes.order);
    leader = stripes.racks[stripes.order[place]].unfenced.next(stripes.round);
  }
  NUTSHELL_REQUIRE(leader != kNoBroker);
  return {leader, place};
}

// Followers come from the racks in turn, beginning with the first, but the leader's rack is passed
// over once because it has had its turn.
std::vector<BrokerId> place_partition(Stripes& stripes, std::int32_t replication_factor) {
  const auto [leader, leader_place] = take_leader(stripes);
  std::vector<BrokerId> replicas = {leader};
  bool leader_rack_had_turn = true;
  std::int32_t place = stripes.offset;
  while (count(replicas) < replication_factor) {
    if (place == leader_place && leader_rack_had_turn) {
      leader_rack_had_turn = false;
    } else {
      const BrokerId broker = stripes.racks[stripes.order[place]].next(stripes.round);
      if (broker != kNoBroker) replicas.push_back(broker);
    }
    place = (place + 1) % count(stripes.order);
  }
  return replicas;
}

std::string striped_error(const std::vector<PlacementBroker>& brokers, std::int32_t replication_factor) {
  if (replication_factor <= 0) {
    return "Invalid replication factor " + std::to_string(replication_factor) +
           ": the replication factor must be positive.";
  }
  const bool all_fenced =
      std::all_of(brokers.begin(), brokers.end(), [](const PlacementBroker& broker) { return broker.fenced; });
  if (all_fenced) return "All brokers are currently fenced.";
  if (replication_factor > count(brokers)) {
    return "The target replication factor of " + std::to_string(replication_factor) +
           " cannot be reached because only " + std::to_string(brokers.size()) + " broker(s) are registered.";
  }
  return "";
}

// Brokers of the classic placer, in the order that it walks.
struct ClassicBrokers {
  std::vector<BrokerId> list;
  std::map<BrokerId, std::string> rack_of;  // empty: no racks in play
  std::int32_t racks = 1;
};

// One broker of each rack in turn, racks by name, brokers by id.
std::vector<BrokerId> rack_alternated(const std::map<BrokerId, std::string>& rack_of) {
  std::map<std::string_view, std::vector<BrokerId>> by_rack;
  for (const auto& [id, rack] : rack_of) by_rack[rack].push_back(id);
  std::vector<BrokerId> list;
  for (std::size_t turn = 0; list.size() < rack_of.size(); ++turn) {
    for (const auto& [rack, ids] : by_rack) {
      if (turn < ids.size()) list.push_back(ids[turn]);
    }
  }
  return list;
}

ClassicBrokers classic_brokers(const std::vector<PlacementBroker>& alive) {
  ClassicBrokers result;
  std::set<std::string_view> racks;
  for (const PlacementBroker& broker : alive) {
    result.list.push_back(broker.id);
    if (broker.rack.empty()) continue;
    result.rack_of[broker.id] = broker.rack;
    racks.insert(broker.rack);
  }
  std::sort(result.list.begin(), result.list.end());
  if (racks.empty()) return result;
  result.racks = count(racks);
  result.list = rack_alternated(result.rack_of);
  return result;
}

// The j-th broker after the leader, with the leader itself left out of the circle.
BrokerId classic_follower(const std::vector<BrokerId>& list, std::int32_t leader_place, std::int64_t shift,
                          std::int64_t j) {
  const std::int64_t brokers = count(list);
  const std::int64_t distance = 1 + (shift + j) % (brokers - 1);
  return list[(leader_place + distance) % brokers];
}

std::vector<BrokerId> place_unaware(const ClassicBrokers& brokers, std::int32_t leader_place, std::int32_t shift,
                                    std::int32_t replication_factor) {
  std::vector<BrokerId> replicas = {brokers.list[leader_place]};
  for (std::int32_t j = 0; j + 1 < replication_factor; ++j) {
    replicas.push_back(classic_follower(brokers.list, leader_place, shift, j));
  }
  return replicas;
}

// Passes over a broker that has a replica, and over a used rack while there is an unused one.
std::vector<BrokerId> place_rack_aware(const ClassicBrokers& brokers, std::int32_t leader_place, std::int32_t shift,
                                       std::int32_t replication_factor) {
  std::vector<BrokerId> replicas = {brokers.list[leader_place]};
  std::set<std::string_view> used_racks = {brokers.rack_of.at(replicas.front())};
  const std::int64_t rack_shift = std::int64_t{shift} * brokers.racks;
  for (std::int64_t j = 0; count(replicas) < replication_factor; ++j) {
    const BrokerId broker = classic_follower(brokers.list, leader_place, rack_shift, j);
    const std::string& rack = brokers.rack_of.at(broker);
    const bool rack_is_free = used_racks.count(rack) == 0 || count(used_racks) == brokers.racks;
    const bool broker_is_free = std::find(replicas.begin(), replicas.end(), broker) == replicas.end();
    if (!rack_is_free || !broker_is_free) continue;
    replicas.push_back(broker);
    used_racks.insert(rack);
  }
  return replicas;
}

std::string classic_error(const std::vector<PlacementBroker>& alive, std::int32_t partitions,
                          std::int32_t replication_factor) {
  if (partitions <= 0) return "Number of partitions must be larger than 0.";
  if (replication_factor <= 0) return "Replication factor must be larger than 0.";
  if (replication_factor > count(alive)) {
    return "Replication factor: " + std::to_string(replication_factor) +
           " larger than available brokers: " + std::to_string(alive.size()) + ".";
  }
  const auto has_rack = [](const PlacementBroker& broker) { return !broker.rack.empty(); };
  if (std::any_of(alive.begin(), alive.end(), has_rack) && !std::all_of(alive.begin(), alive.end(), has_rack)) {
    return "Not all brokers have rack information for replica rack aware assignment.";
  }
  return "";
}

std::vector<PlacementBroker> unfenced(const std::vector<PlacementBroker>& brokers) {
  std::vector<PlacementBroker> result;
  for (const PlacementBroker& broker : brokers) {
    if (!broker.fenced) result.push_back(broker);
  }
  return result;
}

}  // namespace

Placement place_striped(const std::vector<PlacementBroker>& brokers, std::int32_t partitions,
                        std::int32_t replication_factor, const PlacementDraw& draw) {
  Placement placement;
  placement.error = striped_error(brokers, replication_factor);
  if (!placement.error.empty()) return placement;
  Stripes stripes = make_stripes(brokers, draw);
  for (std::int32_t p = 0; p < partitions; ++p) {
    // With a single unfenced broker every round is the same, and going back to round 0 would find
    // the list of round 0 used up.
    if (stripes.round == stripes.unfenced && stripes.unfenced > 1) {
      shuffle_all(stripes, draw);
      stripes.round = 0;
    }
    placement.replicas.push_back(place_partition(stripes, replication_factor));
    ++stripes.round;
    stripes.offset = (stripes.offset + 1) % count(stripes.order);
  }
  return placement;
}

Placement place_classic(const std::vector<PlacementBroker>& brokers, std::int32_t partitions,
                        std::int32_t replication_factor, const ClassicStart& start, const PlacementDraw& draw) {
  const std::vector<PlacementBroker> alive = unfenced(brokers);
  Placement placement;
  placement.error = classic_error(alive, partitions, replication_factor);
  if (!placement.error.empty()) return placement;
  const ClassicBrokers classic = classic_brokers(alive);
  const std::int32_t size = count(classic.list);
  const bool fixed = start.fixed_start >= 0;
  const std::int32_t first = fixed ? start.fixed_start : drawn(draw, size);
  std::int32_t shift = fixed ? start.fixed_start : drawn(draw, size);
  for (std::int32_t p = start.partition; p < start.partition + partitions; ++p) {
    if (p > 0 && p % size == 0) ++shift;
    const std::int32_t leader_place = (p + first) % size;
    const auto place = classic.rack_of.empty() ? place_unaware : place_rack_aware;
    placement.replicas.push_back(place(classic, leader_place, shift, replication_factor));
  }
  return placement;
}

}  // namespace nutshell
