// replica_placement.json: the placer of KRaft (R19).
//
// Kafka takes the draws of the racks in Java's hash order, Nutshell by rack name. So the recorded
// draws are put into the order of names before they are dealt out; their number and bounds are checked.
#include <doctest/doctest.h>

#include <map>
#include <utility>

#include "sim/kafka/placement.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

struct Draw {
  std::int32_t bound;
  std::int32_t value;
};
using Draws = std::vector<Draw>;

// java.util.Random, of which the placer uses nextInt(bound) only.
class JavaRandom {
 public:
  explicit JavaRandom(std::uint64_t seed) : state_((seed ^ kMultiplier) & kMask) {}

  std::int32_t next_int(std::int32_t bound) {
    std::int64_t bits = next_31_bits();
    if ((bound & (bound - 1)) == 0) return static_cast<std::int32_t>((bound * bits) >> 31);
    while (bits - bits % bound + (bound - 1) > 0x7fffffff) bits = next_31_bits();
    return static_cast<std::int32_t>(bits % bound);
  }

 private:
  static constexpr std::uint64_t kMultiplier = 0x5deece66d;
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << 48) - 1;

  std::int64_t next_31_bits() {
    state_ = (state_ * kMultiplier + 0xb) & kMask;
    return static_cast<std::int64_t>(state_ >> 17);
  }

  std::uint64_t state_;
};

std::string rack_name(const Json& rack) { return rack.is_null() ? "" : rack.get<std::string>(); }

std::vector<PlacementBroker> brokers_of(const Json& test) {
  std::vector<PlacementBroker> brokers;
  for (const Json& broker : test.at("brokers")) {
    brokers.push_back({BrokerId{broker.at("id").get<std::int32_t>()}, rack_name(broker.at("rack")), broker.at("fenced")});
  }
  return brokers;
}

// The recorded draws, each held to the source that it is said to come from.
Draws recorded_draws(const std::string& source, const Json& result) {
  JavaRandom random(result.value("java_random_seed", std::uint64_t{0}));
  Draws draws;
  for (const Json& recorded : result.at("draws_bound_value")) {
    const Draw draw{recorded.at(0), recorded.at(1)};
    const std::int32_t expected = source == "zero" ? 0 : source == "max" ? draw.bound - 1 : random.next_int(draw.bound);
    CHECK(draw.value == expected);
    draws.push_back(draw);
  }
  return draws;
}

// Moves draws from one order of racks to the other. Draws come as: starts within racks, the start
// among racks, then for each shuffle the racks and again within racks.
class DrawsByRackName {
 public:
  DrawsByRackName(const Json& test, Draws recorded) : recorded_(std::move(recorded)) {
    for (const PlacementBroker& broker : brokers_of(test)) {
      std::pair<std::size_t, std::size_t>& sizes = sizes_[broker.rack];
      (broker.fenced ? sizes.first : sizes.second) += 1;
    }
    for (const Json& rack : test.at("rack_init_order")) recorded_order_.push_back(rack_name(rack));
    REQUIRE(recorded_order_.size() == sizes_.size());
    take_within_racks([](std::size_t brokers) { return brokers == 0 ? 0 : 1; });
    take(1);
    while (at_ < recorded_.size()) {
      take(sizes_.size() - 1);
      take_within_racks([](std::size_t brokers) { return brokers == 0 ? 0 : brokers - 1; });
    }
  }

  const Draws& draws() const { return by_name_; }

 private:
  void take(std::size_t draws) {
    REQUIRE(at_ + draws <= recorded_.size());
    by_name_.insert(by_name_.end(), recorded_.begin() + at_, recorded_.begin() + at_ + draws);
    at_ += draws;
  }

  // `draws_of` says how many draws a list of that many brokers takes.
  template <typename DrawsOf>
  void take_within_racks(DrawsOf draws_of) {
    std::map<std::string, Draws> of_rack;
    for (const std::string& rack : recorded_order_) {
      const auto [fenced, unfenced] = sizes_.at(rack);
      const std::size_t draws = draws_of(fenced) + draws_of(unfenced);
      REQUIRE(at_ + draws <= recorded_.size());
      of_rack[rack] = Draws(recorded_.begin() + at_, recorded_.begin() + at_ + draws);
      at_ += draws;
    }
    for (const auto& [rack, draws] : of_rack) by_name_.insert(by_name_.end(), draws.begin(), draws.end());
  }

  Draws recorded_;
  std::vector<std::string> recorded_order_;
  std::map<std::string, std::pair<std::size_t, std::size_t>> sizes_;  // rack -> fenced, unfenced brokers
  std::size_t at_ = 0;
  Draws by_name_;
};

void check_result(const Json& test, const std::string& source, const Json& result) {
  CAPTURE(source);
  const Draws draws = DrawsByRackName(test, recorded_draws(source, result)).draws();
  std::size_t used = 0;
  const PlacementDraw draw = [&](std::int32_t bound) {
    REQUIRE(used < draws.size());
    CHECK(bound == draws[used].bound);
    return draws[used++].value;
  };
  const Placement placement =
      place_striped(brokers_of(test), test.at("partitions"), test.at("replication_factor"), draw);
  if (result.contains("error")) {
    CHECK(result.at("error") == "InvalidReplicationFactorException");
    CHECK(placement.error == result.at("message").get<std::string>());
    CHECK(placement.replicas.empty());
    return;
  }
  CHECK(placement.error == "");
  std::vector<std::vector<BrokerId>> wanted;
  for (const auto& ids : result.at("replicas").get<std::vector<std::vector<std::int32_t>>>()) wanted.emplace_back(ids.begin(), ids.end());
  const bool matches = placement.replicas == wanted;
  CHECK(matches);
  CHECK(used == draws.size());
}

TEST_CASE("conformance: replica_placement") {
  for (const Json& test : vector_cases("replica_placement.json")) {
    CAPTURE(test.dump());
    REQUIRE(!test.at("results").empty());
    for (const auto& [source, result] : test.at("results").items()) check_result(test, source, result);
  }
}

}  // namespace
}  // namespace nutshell
