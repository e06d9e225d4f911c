#include "sim/kafka/placement.h"

#include <doctest/doctest.h>

namespace nutshell {
namespace {

using Replicas = std::vector<std::vector<BrokerId>>;

std::int32_t zero(std::int32_t) { return 0; }

std::vector<PlacementBroker> brokers(const std::vector<std::string>& racks, BrokerId first_id = 0) {
  std::vector<PlacementBroker> result;
  for (const std::string& rack : racks) {
    result.push_back({first_id + static_cast<BrokerId>(result.size()), rack, false});
  }
  return result;
}

Replicas striped(const std::vector<PlacementBroker>& brokers, std::int32_t partitions) {
  const Placement placement = place_striped(brokers, partitions, 3, zero);
  CHECK(placement.error == "");
  return placement.replicas;
}

Replicas classic(const std::vector<PlacementBroker>& brokers, std::int32_t partitions) {
  const Placement placement = place_classic(brokers, partitions, 3, {0, 0}, zero);
  CHECK(placement.error == "");
  return placement.replicas;
}

TEST_CASE("R19: without racks leaders and followers rotate") {
  const bool rotates = striped(brokers({"", "", ""}, 1), 3) == Replicas{{1, 2, 3}, {2, 3, 1}, {3, 1, 2}};
  CHECK(rotates);
}

TEST_CASE("R19: replicas are striped over racks") {
  const std::vector<PlacementBroker> nine = brokers({"A", "A", "A", "B", "B", "B", "C", "C", "C"});
  const bool three_racks = striped(nine, 3) == Replicas{{0, 3, 6}, {4, 7, 1}, {8, 2, 5}};
  CHECK(three_racks);
  const bool two_racks =
      striped(brokers({"A", "A", "B", "B"}), 4) == Replicas{{0, 2, 1}, {3, 1, 2}, {0, 2, 1}, {3, 1, 2}};
  CHECK(two_racks);
}

TEST_CASE("R19: a fenced broker never leads and comes last in its rack") {
  std::vector<PlacementBroker> three = brokers({"", "", ""});
  three[0].fenced = true;
  const Placement all = place_striped(three, 50, 3, zero);
  REQUIRE(all.replicas.size() == 50);
  for (const std::vector<BrokerId>& replicas : all.replicas) CHECK(replicas[2] == 0);
  three[1].fenced = true;
  for (const std::vector<BrokerId>& replicas : place_striped(three, 50, 1, zero).replicas) CHECK(replicas[0] == 2);
}

TEST_CASE("R19: every random number has a bound, and a fixed source a fixed result") {
  const std::vector<PlacementBroker> nine = brokers({"A", "A", "B", "B", "B", "", "C", "C", "C"});
  std::vector<std::int32_t> bounds;
  const PlacementDraw last = [&bounds](std::int32_t bound) {
    bounds.push_back(bound);
    return bound - 1;
  };
  CHECK(place_striped(nine, 9, 3, last).replicas.size() == 9);
  CHECK(bounds == std::vector<std::int32_t>{1, 2, 3, 3, 4});
  CHECK(place_striped(nine, 10, 3, last).replicas.size() == 10);
  const std::vector<std::int32_t> shuffles(bounds.begin() + 10, bounds.end());
  CHECK(shuffles == std::vector<std::int32_t>{4, 3, 2, 2, 3, 2, 3, 2});
}

TEST_CASE("R19: errors are Kafka's sentences") {
  std::vector<PlacementBroker> two = brokers({"", ""});
  CHECK(place_striped(two, 1, 3, zero).error ==
        "The target replication factor of 3 cannot be reached because only 2 broker(s) are registered.");
  CHECK(place_striped(two, 1, -1, zero).error ==
        "Invalid replication factor -1: the replication factor must be positive.");
  two[0].fenced = two[1].fenced = true;
  CHECK(place_striped(two, 1, 1, zero).error == "All brokers are currently fenced.");
  CHECK(place_striped({}, 1, 1, zero).error == "All brokers are currently fenced.");
}

TEST_CASE("R20: followers shift by one each time the leaders have gone round") {
  const Replicas expected = {{0, 1, 2}, {1, 2, 3}, {2, 3, 4}, {3, 4, 0}, {4, 0, 1},
                             {0, 2, 3}, {1, 3, 4}, {2, 4, 0}, {3, 0, 1}, {4, 1, 2}};
  const bool matches = classic(brokers({"", "", "", "", ""}), 10) == expected;
  CHECK(matches);
}

TEST_CASE("R20: rack aware, over the list of alternating racks") {
  const Replicas expected = {{0, 3, 1}, {3, 1, 5}, {1, 5, 4}, {5, 4, 2}, {4, 2, 0}, {2, 0, 3}, {0, 4, 2}};
  const bool matches = classic(brokers({"r1", "r3", "r3", "r2", "r2", "r1"}), 7) == expected;
  CHECK(matches);
}

TEST_CASE("R20: more partitions of a topic continue where it ends") {
  const std::vector<PlacementBroker> five = brokers({"", "", "", "", ""});
  const Replicas all = classic(five, 10);
  const Placement later = place_classic(five, 2, 3, {3, 0}, zero);
  const bool continues = later.replicas == Replicas(all.begin() + 3, all.begin() + 5);
  CHECK(continues);
}

TEST_CASE("R20: start and shift are drawn, in that order") {
  std::int32_t calls = 0;
  const PlacementDraw draw = [&calls](std::int32_t bound) {
    CHECK(bound == 5);
    return ++calls;
  };
  const Placement placement = place_classic(brokers({"", "", "", "", ""}), 1, 3, {}, draw);
  const bool matches = placement.replicas == Replicas{{1, 4, 0}};
  CHECK(matches);
  CHECK(calls == 2);
}

TEST_CASE("R20: a fenced broker does not count, and errors are Kafka's sentences") {
  std::vector<PlacementBroker> three = brokers({"", "", ""});
  three[1].fenced = true;
  CHECK(place_classic(three, 1, 3, {}, zero).error == "Replication factor: 3 larger than available brokers: 2.");
  CHECK(place_classic(three, 0, 1, {}, zero).error == "Number of partitions must be larger than 0.");
  CHECK(place_classic(three, 1, 0, {}, zero).error == "Replication factor must be larger than 0.");
  three[0].rack = "r1";
  CHECK(place_classic(three, 1, 1, {}, zero).error ==
        "Not all brokers have rack information for replica rack aware assignment.");
}

}  // namespace
}  // namespace nutshell
