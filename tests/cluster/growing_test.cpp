// A cluster that grows and shrinks by hand: partitions, brokers, consumers; and a consumer that is made slow.
#include <set>

#include "sim/log/hash.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

using Where = Cluster::Where;

Setup three_partitions() {
  Setup setup;
  TopicSpec orders;
  orders.name = "orders";
  orders.partitions = 3;
  orders.replication_factor = 2;
  setup.topics = {orders};
  return setup;
}

ProducerSetup keyed(const std::string& name, Duration metadata_max_age) {
  ProducerSetup setup = producer(name, "orders", 200 * kMillisecond);
  setup.keys = {"user-1", "user-3"};
  setup.spec.key_choice = KeyChoice::cycle;
  setup.spec.config.metadata_max_age = metadata_max_age;
  return setup;
}

// The partition that got the key's records between two moments; -1: several, or none.
std::int32_t home_of(const Cluster& c, const std::string& key, Time from) {
  std::set<std::int32_t> homes;
  for (const Fact& each : c.facts) {
    const auto* sent = each.body.as<RecordsSent>();
    if (!sent || each.at < from) continue;
    for (std::int32_t i = 0; i < sent->count; ++i) {
      const Record& record = c.world.commons.store.records[static_cast<std::size_t>(sent->first_record + i)];
      if (c.world.fabric.names[record.key] == key) homes.insert(sent->tp.partition);
    }
  }
  return homes.size() == 1 ? *homes.begin() : -1;
}

}  // namespace

// KafkaProducer.waitOnMetadata: "Partition 3 of topic orders with partition count 3 is not present in metadata after 4000 ms."
TEST_CASE("send() to a partition that is not there waits for it, up to max.block.ms") {
  Setup setup = three_partitions();
  setup.producers = {producer("patient", "orders", kSecond), producer("hasty", "orders", kSecond)};
  for (ProducerSetup& each : setup.producers) {
    each.start = 10 * kSecond;
    each.spec.partition = 3;
  }
  setup.producers[1].spec.config.max_block = 4 * kSecond;
  Cluster c(setup);
  // It blocks at its first send(), a second after it has started.
  const Time failed = c.until("records_failed", {{"producer", "hasty"}});
  CHECK(failed == 15 * kSecond);
  CHECK(c.count("records_failed", {{"producer", "hasty"}, {"reason", "metadata_missing"}, {"count", "1"}}) == 1);
  c.run_to(18 * kSecond);
  CHECK_FALSE(c.happened("records_sent"));
  CHECK_FALSE(c.happened("records_failed", {{"producer", "patient"}}));
  c.act(AddPartitions{"orders", 4});
  const Time made = c.until("partitions_created");
  c.until("records_acked", {{"producer", "patient"}, {"partition", "3"}}, 3 * kSecond);
  c.run_to(made + 5 * kSecond);
  CHECK(c.happened("records_acked", {{"producer", "hasty"}, {"partition", "3"}}));
  CHECK(c.count("records_failed") == 1);
  CHECK(c.betrayals() == "");
}

TEST_CASE("new partitions are placed like a new topic's, with as many replicas, and led at once (R19)") {
  Cluster c(three_partitions());
  c.run_to(12 * kSecond);
  CHECK(c.value("topics/orders/3/Leader") == "none");
  c.act(AddPartitions{"orders", 6});
  CHECK(c.until("partitions_created", {{"topic", "orders"}, {"previous", "3"}, {"partitions", "6"}}, kSecond) < 13 * kSecond);
  c.run_for(kSecond);
  std::set<std::string> leaders;
  for (int p = 3; p < 6; ++p) {
    const std::string path = "topics/orders/" + std::to_string(p) + "/";
    CHECK(c.value(path + "Replicas").size() == 3);  // "2,3"
    CHECK(c.value(path + "Isr") == c.value(path + "Replicas"));
    leaders.insert(c.value(path + "Leader"));
  }
  CHECK(leaders.size() == 3);  // three brokers in turn
  CHECK(c.value("topics/orders/6/Leader") == "none");
  CHECK(c.betrayals() == "");
}

TEST_CASE("partitions never become fewer; the sentences are those of kafka-topics") {
  Cluster c(three_partitions());
  const auto why = [&](std::int64_t count) {
    const AddPartitions action{"orders", count};
    const std::string never = impossible(c.world, action);
    return never.empty() ? refusal(c.world, action) : never;
  };
  // As soon as the topic is asked for, and when it is there.
  for (int i = 0; i < 2; ++i, c.run_to(12 * kSecond)) {
    CHECK(why(2) == "topic 'orders' currently has 3 partitions; 2 would not be an increase");
    CHECK(why(3) == "topic 'orders' already has 3 partitions");
    CHECK(why(4) == "");
  }
  c.act(AddPartitions{"orders", 5});
  CHECK(why(5) == "topic 'orders' already has 5 partitions");  // is about to have
  c.run_for(kSecond);
  CHECK(why(5) == "topic 'orders' already has 5 partitions");
  CHECK(why(200000) == "partitions must be between 1 and 100000");
  CHECK(impossible(c.world, AddPartitions{"order", 5}) == "there is no topic 'order'");
  CHECK(refusal(c.world, AddPartitions{"__consumer_offsets", 60}) == "the number of partitions of the offsets topic cannot be changed");
}

TEST_CASE("keys move when the producer refreshes its metadata, and old records stay (C1, scenario 29)") {
  Setup setup = three_partitions();
  setup.producers = {keyed("prompt", 2 * kSecond), keyed("late", 5 * kMinute)};
  Cluster c(setup);
  c.run_to(12 * kSecond);
  const auto home = [&](const std::string& key, std::int32_t partitions) { return partition_for_key(murmur2(key), partitions); };
  // The vectors of C1: "user-3" is 2 of 3 and 3 of 4, "user-1" stays on 0 of 4.
  REQUIRE(home("user-3", 3) == 2);
  REQUIRE(home("user-3", 4) == 3);
  REQUIRE(home("user-1", 4) == 0);
  CHECK(home_of(c, "user-3", 0) == 2);
  c.act(AddPartitions{"orders", 4});
  c.run_to(20 * kSecond);
  CHECK(c.happened("records_sent", {{"producer", "prompt"}, {"partition", "3"}}, 15 * kSecond));
  CHECK_FALSE(c.happened("records_sent", {{"producer", "prompt"}, {"partition", "2"}}, 15 * kSecond));
  CHECK(c.happened("records_sent", {{"producer", "late"}, {"partition", "2"}}, 15 * kSecond));
  CHECK_FALSE(c.happened("records_sent", {{"producer", "late"}, {"partition", "3"}}));
  CHECK(c.value("logs/1/orders/2/LogEndOffset") + c.value("logs/2/orders/2/LogEndOffset") != "00");
  c.run_to(5 * kMinute + 20 * kSecond);
  CHECK(home_of(c, "user-3", 5 * kMinute + 15 * kSecond) == 3);
  CHECK(c.betrayals() == "");
}

TEST_CASE("a group rebalances when its leader notices the new partition, and reads it (G9)") {
  Setup setup = three_partitions();
  setup.config.offsets_topic_num_partitions = 1;
  setup.producers = {keyed("shop", 2 * kSecond)};
  setup.consumers = {consumer("c1", "billing", "orders"), consumer("c2", "billing", "orders")};
  for (ConsumerSetup& each : setup.consumers) each.spec.config.metadata_max_age = 10 * kSecond;
  Cluster c(setup);
  c.run_to(20 * kSecond);
  REQUIRE(c.happened("group_stable", {{"group", "billing"}, {"members", "2"}}));
  const Time grown = c.now();
  c.act(AddPartitions{"orders", 4});
  const Time noticed = c.until("rebalance_started", {{"group", "billing"}, {"reason", "leader_rejoined"}}, 12 * kSecond);
  CHECK(noticed > grown);
  c.until("partition_assigned", {{"topic", "orders"}, {"partition", "3"}}, 20 * kSecond);
  c.until("records_delivered", {{"topic", "orders"}, {"partition", "3"}}, 10 * kSecond);
  CHECK(c.betrayals() == "");
}

TEST_CASE("partitions are added although the active controller dies over it") {
  Cluster c(three_partitions());
  c.run_to(12 * kSecond);
  std::string active;
  for (const Controller& each : c.world.controllers)
    if (each.active) active = c.world.fabric.nodes[static_cast<std::size_t>(each.node)].name;
  c.crash(active);
  c.act(AddPartitions{"orders", 4});
  c.run_for(40 * kSecond);
  CHECK(c.value("topics/orders/3/Leader") != "none");
  CHECK(c.value("topics/orders/4/Leader") == "none");
  CHECK(c.betrayals() == "");
}

TEST_CASE("a new broker gets no replica of what is there, only of new topics and partitions (scenario 20)") {
  Cluster c(three_partitions());
  c.run_to(12 * kSecond);
  c.act(AddBroker{4});
  c.until("broker_unfenced", {{"broker", "4"}});
  c.run_for(kMinute);
  CHECK(c.world.find_broker(4)->replicas.empty());
  c.act(CreateTopic{"fresh", 4, 2});
  c.run_for(kSecond);
  std::size_t leads = 0;
  for (int p = 0; p < 4; ++p) leads += c.value("topics/fresh/" + std::to_string(p) + "/Leader") == "4" ? 1 : 0;
  CHECK(leads == 1);  // four brokers in turn (R19)
  c.act(AddPartitions{"orders", 7});
  c.run_for(kSecond);
  std::size_t new_ones = 0;
  for (int p = 3; p < 7; ++p) new_ones += c.value("topics/orders/" + std::to_string(p) + "/Leader") == "4" ? 1 : 0;
  CHECK(new_ones == 1);
}

TEST_CASE("a slow consumer falls behind, and catches up when it is fast again") {
  Setup setup;
  setup.config.offsets_topic_num_partitions = 1;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders", 20 * kMillisecond)};
  setup.consumers = {consumer("c1", "billing", "orders")};
  Cluster c(setup);
  c.run_to(20 * kSecond);
  const auto gap = [&] {
    const Consumer& c1 = c.world.consumers[0];
    REQUIRE(c1.owned.size() == 1);
    return c.log(1, "orders").log_end_offset() - c1.owned[0].position;
  };
  CHECK(gap() < 10);
  c.act(Slow{"c1", {2 * kSecond}, 0});
  c.run_for(20 * kSecond);
  CHECK(gap() > 40);
  const Duration pause = c.longest_pause("records_delivered", {{"consumer", "c1"}}, 20 * kSecond);
  CHECK(pause >= 2 * kSecond);
  c.act(Slow{"c1", {}, 0});
  c.run_for(10 * kSecond);
  CHECK(gap() < 10);
}

TEST_CASE("to remove a consumer is to stop it: it leaves, and the others take over") {
  Setup setup = three_partitions();
  setup.config.offsets_topic_num_partitions = 1;
  setup.consumers = {consumer("c1", "billing", "orders")};
  Cluster c(setup);
  c.run_to(20 * kSecond);
  c.act(AddConsumer{"c2", "billing", "orders"});
  c.until("group_stable", {{"members", "2"}});
  c.run_for(kSecond);
  c.stop("c2");
  const Time left = c.until("member_left", {{"consumer", "c2"}, {"expired", "false"}}, kSecond);
  c.until("node_stopped", {{"node", "c2"}}, kSecond);
  CHECK(c.until("group_stable", {{"members", "1"}}, 10 * kSecond) - left < 5 * kSecond);
  c.run_for(kSecond);
  CHECK(c.world.consumers[0].owned.size() == 3);
  CHECK(c.betrayals() == "");
}

}  // namespace nutshell
