// Racks and zones: where replicas go, from where consumers read, what a lost zone takes with it, and what crosses zones.
#include "sim/cluster/zones.h"

#include <doctest/doctest.h>

#include <set>

#include "sim/cluster/process_kind.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

using Names = std::vector<std::string>;

Setup in_zones(std::int32_t brokers, Names racks) {
  Setup setup;
  setup.brokers = brokers;
  setup.racks = std::move(racks);
  setup.config.offsets_topic_num_partitions = 1;
  return setup;
}

std::int64_t bytes(const Cluster& c, const std::string& path) { return std::stoll(c.value("zones/" + path)); }

// The racks of each partition's replicas, by the controller's metadata.
std::vector<std::multiset<std::string>> racks_of(const Cluster& c, const std::string& topic, const Names& racks) {
  std::vector<std::multiset<std::string>> all;
  for (int partition = 0;; ++partition) {
    const std::string replicas = c.value("topics/" + topic + "/" + std::to_string(partition) + "/Replicas");
    if (replicas == "none") return all;
    std::multiset<std::string>& row = all.emplace_back();
    for (char each : replicas)
      if (each != ',') row.insert(racks[static_cast<std::size_t>(each - '1') % racks.size()]);
  }
}

TEST_CASE("a topic's replicas are spread over racks, if Kafka is told of them (R19)") {
  const Names places = {"a", "a", "b", "b", "c", "c"};
  Setup told = in_zones(6, places);
  told.topics.emplace_back().name = "orders";
  told.topics[0].partitions = 18;
  told.topics[0].replication_factor = 3;
  Setup untold = told;
  untold.zones = untold.racks;
  untold.racks.clear();
  Cluster with(told), without(untold);
  with.run_to(5 * kSecond);
  without.run_to(5 * kSecond);
  int together = 0;
  for (const auto& each : racks_of(with, "orders", places)) CHECK(each == std::multiset<std::string>{"a", "b", "c"});
  for (const auto& each : racks_of(without, "orders", places))
    for (const char* zone : {"a", "b", "c"}) together += each.count(zone) > 1;
  CHECK(racks_of(with, "orders", places).size() == 18);
  CHECK(together > 0);
  CHECK(with.value("brokers/3/Rack") == "b");
  CHECK(without.value("brokers/3/Rack") == "-");
  CHECK(zone_of(without.world, without.world.brokers[2].node) == "b");
}

Setup reading_in(const std::string& rack, ReplicaSelector selector) {
  Setup setup = in_zones(3, {"a", "b", "c"});
  setup.config.replica_selector = selector;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.topics[0].config.min_insync_replicas = 2;
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  setup.producers[0].spec.record_bytes = 1000;
  setup.producers[0].zone = "a";
  setup.consumers = {consumer("c1", "billing", "orders")};
  setup.consumers[0].spec.config.rack = rack;
  setup.consumers[0].zone = rack;
  return setup;
}

TEST_CASE("a consumer is sent to the follower in its rack, and its records cross no zone (R21)") {
  Cluster far(reading_in("c", ReplicaSelector::leader)), near(reading_in("c", ReplicaSelector::rack_aware));
  far.run_to(40 * kSecond);
  near.run_to(40 * kSecond);
  CHECK(far.count("read_replica_changed") == 0);
  CHECK(near.count("read_replica_changed", {{"consumer", "c1"}, {"broker", "3"}}) == 1);
  const std::int64_t stored = near.log(1, "orders").size_in_bytes();
  CHECK(stored > 300'000);
  // All of it once to the reader, and once to each of two followers; and no more than a fifth on top.
  CHECK(bytes(far, "a/c/Consume") > far.log(1, "orders").size_in_bytes() * 9 / 10);
  CHECK(bytes(far, "a/c/Consume") < far.log(1, "orders").size_in_bytes() * 6 / 5);
  CHECK(bytes(near, "Consume") < stored / 20);
  CHECK(bytes(near, "a/b/Replicate") > stored);
  CHECK(bytes(near, "a/b/Replicate") < stored * 6 / 5);
  CHECK(bytes(near, "Produce") == 0);
  // It lags: the high watermark reaches a follower a fetch later (R3).
  const Offset end = near.log(3, "orders").high_watermark();
  CHECK(near.world.consumers[0].owned[0].position == end);
  CHECK(near.betrayals() == "");
  CHECK(far.betrayals() == "");
}

TEST_CASE("who stands with the leader reads there, and so does who stands where no replica is (R21)") {
  for (const char* rack : {"a", "d"}) {
    Cluster c(reading_in(rack, ReplicaSelector::rack_aware));
    c.run_to(20 * kSecond);
    CHECK(c.count("read_replica_changed") == 0);
    CHECK(c.world.consumers[0].delivered > 0);
  }
}

TEST_CASE("when the follower dies the leader is read again, and the next lease leads back (R21)") {
  Setup setup = reading_in("c", ReplicaSelector::rack_aware);
  setup.consumers[0].spec.config.metadata_max_age = 10 * kSecond;
  Cluster c(setup);
  c.run_to(20 * kSecond);
  c.crash("broker 3");
  c.until("read_replica_changed", {{"broker", "-1"}}, kSecond);
  const std::int64_t before = c.world.consumers[0].delivered;
  // Until broker 3 is fenced, the leader knows no better than to send the consumer there again: nothing is read.
  c.run_to(28 * kSecond);
  CHECK(c.world.consumers[0].delivered <= before + 5);
  c.until("broker_fenced", {{"broker", "3"}}, 3 * kSecond);
  c.run_to(40 * kSecond);
  CHECK(c.world.consumers[0].delivered > before + 180);
  c.start("broker 3");
  c.until("read_replica_changed", {{"broker", "3"}}, kMinute);
  c.run_for(10 * kSecond);
  CHECK(c.betrayals() == "");
}

TEST_CASE("range gives a partition to a consumer that stands with its replica (G14, KIP-881)") {
  Setup setup = in_zones(2, {"a", "b"});
  setup.config.offsets_topic_replication_factor = 1;
  setup.topics = {topic("orders", {2})};
  setup.topics[0].assignment.push_back({1});
  setup.consumers = {consumer("c1", "billing", "orders"), consumer("c2", "billing", "orders")};
  Cluster plain(setup);
  plain.run_to(30 * kSecond);
  setup.consumers[0].spec.config.rack = "a";
  setup.consumers[1].spec.config.rack = "b";
  Cluster racked(setup);
  racked.run_to(30 * kSecond);
  const auto number = [](const Cluster& c, std::size_t consumer) { return c.world.consumers[consumer].owned.at(0).tp.partition; };
  CHECK(number(plain, 0) + number(plain, 1) == 1);
  CHECK(number(racked, 0) == 1);
  CHECK(number(racked, 1) == 0);
}

TEST_CASE("a producer that knows its rack writes without a key to what is led there (KIP-1123)") {
  Setup setup = in_zones(3, {"a", "b", "c"});
  setup.topics = {topic("orders", {1})};
  setup.topics[0].assignment = {{1}, {2}, {3}};
  setup.producers = {producer("shop", "orders", 50 * kMillisecond)};
  setup.producers[0].spec.config.rack = "b";
  setup.producers[0].spec.config.batch_size = 200;
  Cluster anywhere(setup);
  anywhere.run_to(20 * kSecond);
  setup.producers[0].spec.config.partitioner_rack_aware = true;
  Cluster near(setup);
  near.run_to(20 * kSecond);
  CHECK(bytes(anywhere, "Produce") > 10'000);
  CHECK(bytes(near, "Produce") == 0);
  CHECK(near.value("logs/2/orders/1/LogEndOffset") != "0");
  near.crash("broker 2");
  near.run_for(20 * kSecond);
  CHECK(near.value("logs/1/orders/0/LogEndOffset") != "0");  // there are none: all of the others
}

// What the counter says, computed once more from the log: each batch crossed once, in a request of its own.
TEST_CASE("what crosses zones is counted by the byte, each way by itself") {
  Setup setup = in_zones(1, {"b"});
  setup.controllers = 1;
  setup.topics = {topic("orders", {1})};
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  setup.producers[0].zone = "a";
  setup.producers[0].spec.limit = 50;
  setup.producers[0].spec.record_bytes = 700;
  setup.producers[0].spec.config.linger = 0;
  Cluster c(setup);
  c.run_to(30 * kSecond);
  const Log& log = c.log(1, "orders");
  const auto batches = static_cast<std::int64_t>(log.batches().size());
  CHECK(batches == 50);
  CHECK(bytes(c, "a/b/Produce") == 90 * batches + log.size_in_bytes());  // 60 a request and 30 a batch (kafka/api.cpp)
  CHECK(bytes(c, "b/a/Produce") == 90 * batches);
  CHECK(bytes(c, "Replicate") == 0);
  CHECK(bytes(c, "Bytes") == bytes(c, "a/b/Bytes") + bytes(c, "b/a/Bytes"));
}

TEST_CASE("a zone loses power with all that stands in it, and comes back") {
  Setup setup = reading_in("a", ReplicaSelector::leader);
  Cluster c(setup);
  c.run_to(20 * kSecond);
  c.act(LoseZone{"a", false});
  const std::set<std::string> dark = {"broker 1", "Q1", "shop", "c1"};
  for (const Node& each : c.world.fabric.nodes) CHECK_MESSAGE((each.status == NodeStatus::down) == (dark.count(each.name) > 0), each.name);
  CHECK(c.count("zone_lost") == 1);
  CHECK(c.count("node_crashed", {{"power_loss", "true"}}) == 4);
  CHECK(pointless(c.world, LoseZone{"a", false}) == "All of zone a is down already.");
  c.run_for(30 * kSecond);
  CHECK(c.value("topics/orders/0/Leader") == "2");
  c.act(RestoreZone{"a"});
  CHECK(pointless(c.world, RestoreZone{"a"}) == "Nothing is missing in zone a.");
  c.run_for(90 * kSecond);
  CHECK(c.value("topics/orders/0/Isr") != "2,3");
  CHECK(c.world.consumers[0].delivered > 0);
  CHECK(c.betrayals() == "");
}

TEST_CASE("a zone that is cut off runs on by itself until its links are mended") {
  Cluster c(reading_in("a", ReplicaSelector::leader));
  c.run_to(20 * kSecond);
  c.act(LoseZone{"a", true});
  for (const Node& each : c.world.fabric.nodes) CHECK(each.status == NodeStatus::running);
  const std::int64_t crossed = bytes(c, "Bytes");
  c.run_for(30 * kSecond);
  CHECK(bytes(c, "a/b/Bytes") + bytes(c, "b/a/Bytes") + bytes(c, "a/c/Bytes") + bytes(c, "c/a/Bytes") <= crossed);
  CHECK(c.value("topics/orders/0/Leader") == "2");
  c.act(RestoreZone{"a"});
  c.run_for(60 * kSecond);
  CHECK(c.value("topics/orders/0/Isr") != "2,3");
  CHECK(c.betrayals() == "");
}

TEST_CASE("what is farther away takes longer, each way") {
  Setup setup = in_zones(2, {"a", "b"});
  setup.network.jitter = 0;
  setup.topics = {topic("orders", {1, 2})};
  setup.producers = {producer("shop", "orders", 500 * kMillisecond)};
  setup.producers[0].zone = "a";
  setup.producers[0].spec.config.linger = 0;
  Cluster c(setup);
  const auto takes = [&] {
    const Time from = c.now();
    c.run_for(10 * kSecond);
    const std::vector<Time> sent = c.times("batch_appended", {{"broker", "1"}}, from), acked = c.times("records_acked", {}, from);
    return acked.at(4) - *std::prev(std::upper_bound(sent.begin(), sent.end(), acked.at(4)));
  };
  c.run_to(10 * kSecond);
  const Duration near = takes();
  c.act(SetZoneLatency{"a", "", {30 * kMillisecond}});
  const Duration far = takes();
  // A follower's fetch that waits is answered, and its next one says how far it is: there and back.
  CHECK(far - near == 60 * kMillisecond);
  CHECK(pointless(c.world, SetZoneLatency{"b", "a", {30 * kMillisecond}}) == "They take so long already.");
}

TEST_CASE("a new broker stands where fewest do; names that are none are refused") {
  Cluster c(in_zones(5, {"a", "b", "c"}));
  c.run_to(5 * kSecond);
  c.act(AddBroker{6});
  c.run_for(10 * kSecond);
  CHECK(zone_of(c.world, c.world.find_broker(6)->node) == "c");
  CHECK(c.value("brokers/6/Rack") == "c");
  CHECK(impossible(c.world, LoseZone{"aa", false}) == "there is no zone 'aa'; did you mean 'a'?");
  CHECK(impossible(c.world, SetZoneLatency{"a", "a", {kSecond}}) == "a zone has no way to itself");
  Cluster none(Setup{});
  CHECK(impossible(none.world, RestoreZone{"a"}) ==
        "nothing stands in a zone here; \"zones\" of \"cluster\" puts brokers into some");
}

// Registries, ksqlDB servers, Connect workers and data stores stand in zones as brokers and clients do, by one row of the set-up.
TEST_CASE("processes of every plain kind stand in a zone, die with it, and what they send across is counted") {
  Setup setup = in_zones(3, {"a", "b", "c"});
  std::vector<std::pair<std::string, std::string>> all;  // plural and name
  for (const ProcessKind& kind : process_kinds()) {
    if (!kind.plain) continue;
    PlainSettings config;
    config.scope = *kind.scope;
    for (const char* zone : {"a", "b"}) {
      const std::string name = std::string(zone) + std::to_string(all.size());
      setup.plain.push_back({std::string(kind.plural), name, config, zone});
      all.emplace_back(kind.plural, name);
    }
  }
  REQUIRE(all.size() >= 8);
  Cluster c(setup), elsewhere([&] {
    for (PlainSetup& each : setup.plain) each.zone = "";
    return setup;
  }());
  c.run_to(20 * kSecond);
  elsewhere.run_to(20 * kSecond);
  CHECK(zone_names(c.world) == Names{"a", "b", "c"});
  const std::int64_t before = total_flow(c.world).total();
  CHECK(before > total_flow(elsewhere.world).total());  // those in no zone cross none
  for (const auto& [plural, name] : all) {
    CHECK(zone_of(c.world, static_cast<NodeId>(c.world.find_node(name) - c.world.fabric.nodes.data())) == name.substr(0, 1));
    CHECK(c.world.find_node(name)->status == NodeStatus::running);
  }
  c.act(LoseZone{"a", false});
  for (const auto& [plural, name] : all)
    CHECK((c.world.find_node(name)->status == NodeStatus::running) == (name[0] != 'a'));
  c.act(RestoreZone{"a"});
  c.run_to(40 * kSecond);
  for (const auto& [plural, name] : all) CHECK(c.world.find_node(name)->status == NodeStatus::running);
  CHECK(total_flow(c.world).consume > 0);
}

}  // namespace
}  // namespace nutshell
