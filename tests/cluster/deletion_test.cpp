// Topics that are deleted, and created again under their old name (G6, C17).
#include "sim/core/random.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup shop() {
  Setup setup;
  setup.config.offsets_topic_num_partitions = 1;
  setup.topics = {topic("orders", {1, 2, 3}), topic("mails", {2, 3})};
  setup.producers = {producer("shop", "orders", 100 * kMillisecond), producer("post", "mails", 500 * kMillisecond)};
  setup.consumers = {consumer("c1", "billing", "orders")};
  return setup;
}

const Replica* copy_on(const Cluster& c, BrokerId broker) {
  return c.world.find_broker(broker)->replica({c.world.topic_id("orders"), 0});
}

// What the group's coordinator knows to be committed; -1: nothing.
Offset committed(const Cluster& c) {
  for (const Broker& broker : c.world.brokers)
    for (const Group& group : broker.groups.groups)
      for (const CommittedOffset& each : group.offsets)
        if (c.world.fabric.names[each.tp.topic] == "orders") return each.offset;
  return -1;
}

}  // namespace

TEST_CASE("a topic that is deleted goes from the controllers and all replicas at once, its files later") {
  Setup setup = shop();
  setup.config.file_delete_delay = 20 * kSecond;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  const Offset end = c.log(1, "orders").log_end_offset();
  CHECK(end > 50);
  c.act(DeleteTopic{"orders"});
  const Time deleted = c.until("topic_deleted", {{"topic", "orders"}}, kSecond);
  c.run_to(deleted + kSecond);
  CHECK(c.value("topics/orders/0/Leader") == "none");
  CHECK(c.value("topics/mails/0/Leader") == "2");
  CHECK(c.count("log_deleted", {{"topic", "orders"}}) == 3);
  for (const BrokerId each : {1, 2, 3}) {
    CHECK_FALSE(copy_on(c, each));
    CHECK(c.world.find_broker(each)->deleted_logs.size() == 1);
  }
  CHECK_FALSE(c.happened("log_files_removed"));
  c.run_to(deleted + 19 * kSecond);
  CHECK_FALSE(c.happened("log_files_removed"));
  c.run_to(deleted + 21 * kSecond);
  CHECK(c.count("log_files_removed", {{"topic", "orders"}}) == 3);
  CHECK(c.world.find_broker(1)->deleted_logs.empty());
  CHECK(c.log(2, "mails").log_end_offset() > 0);
  CHECK(c.betrayals() == "");
}

TEST_CASE("C17: who writes to or reads from a topic that is gone hears UNKNOWN_TOPIC_ID, then that there is none") {
  Setup setup = shop();
  setup.producers[0].spec.config.delivery_timeout = 20 * kSecond;
  setup.producers[0].spec.config.request_timeout = 10 * kSecond;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  c.act(DeleteTopic{"orders"});
  const Time deleted = c.until("topic_deleted");
  c.run_to(deleted + 2 * kSecond);
  CHECK(c.happened("produce_refused", {{"producer", "shop"}, {"error", "UNKNOWN_TOPIC_ID"}}, deleted));
  CHECK(c.happened("topic_missing", {{"topic", "orders"}, {"client", "shop"}}, deleted));
  CHECK(c.happened("topic_missing", {{"topic", "orders"}, {"client", "c1"}}, deleted));
  const Time quiet = c.now();
  c.run_to(deleted + 25 * kSecond);
  CHECK_FALSE(c.happened("records_acked", {{"topic", "orders"}}, quiet));
  CHECK_FALSE(c.happened("records_delivered", {{"topic", "orders"}}, quiet));
  // What it was sent before waits for a leader, until delivery.timeout.ms is over.
  CHECK(c.happened("records_failed", {{"producer", "shop"}}, deleted + 15 * kSecond));
  // The group's leader sees that there are fewer partitions, and nobody owns any.
  CHECK(c.happened("partition_revoked", {{"consumer", "c1"}}, deleted));
  CHECK(c.happened("records_acked", {{"topic", "mails"}}, deleted + 20 * kSecond));
  CHECK(c.betrayals() == "");
}

TEST_CASE("a topic created again under its old name begins from nothing, and committed offsets do not point into it") {
  Cluster c(shop());
  c.run_to(15 * kSecond);
  CHECK(committed(c) > 50);
  c.act(DeleteTopic{"orders"});
  const Time deleted = c.until("topic_deleted");
  c.run_to(deleted + 5 * kSecond);
  CHECK(c.count("offsets_forgotten", {{"topic", "orders"}, {"group", "billing"}}) == 1);
  CHECK(committed(c) == -1);
  c.act(CreateTopic{"orders", 1, 3});
  c.until("topic_created", {{"topic", "orders"}}, 5 * kSecond);
  c.until("records_delivered", {{"topic", "orders"}, {"first", "0"}}, 20 * kSecond);
  c.run_for(10 * kSecond);
  const auto fresh = c.world.topic_id("orders");
  CHECK(c.world.find_broker(1)->image.incarnation(fresh) == 1);
  for (const BrokerId each : {1, 2, 3}) {
    REQUIRE(copy_on(c, each));
    CHECK(copy_on(c, each)->incarnation == 1);
    CHECK(copy_on(c, each)->leader_epoch == 0);
    CHECK(copy_on(c, each)->log.log_start_offset() == 0);
  }
  CHECK(c.value("topics/orders/0/Isr").size() == 5);  // all three
  CHECK(c.happened("records_acked", {{"topic", "orders"}, {"base_offset", "0"}}, deleted));
  CHECK(committed(c) > 0);
  CHECK(c.betrayals() == "");
}

TEST_CASE("deleted and created again before anybody's metadata is renewed: clients go on with the new one") {
  for (const bool wait : {false, true}) {
    CAPTURE(wait);
    Cluster c(shop());
    c.run_to(15 * kSecond);
    c.act(DeleteTopic{"orders"});
    if (wait) c.run_for(3 * kMillisecond);
    c.act(CreateTopic{"orders", 1, 3});
    const Time created = c.until("topic_created", {}, 5 * kSecond);
    c.run_for(20 * kSecond);
    CHECK(c.happened("produce_refused", {{"producer", "shop"}, {"error", "UNKNOWN_TOPIC_ID"}}));
    CHECK(c.happened("records_acked", {{"topic", "orders"}}, created + 10 * kSecond));
    CHECK(c.happened("records_delivered", {{"topic", "orders"}}, created + 10 * kSecond));
    CHECK_FALSE(c.happened("records_failed"));
    // c1 stood behind the end of the new log, or nothing is committed any more: it begins anew (auto.offset.reset=earliest).
    CHECK(c.happened("records_delivered", {{"consumer", "c1"}, {"first", "0"}}, created));
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("a broker that was down when a topic went deletes its log when it is back, and follows the new topic of that name") {
  for (const bool again : {false, true}) {
    CAPTURE(again);
    Cluster c(shop());
    c.run_to(15 * kSecond);
    const Offset end = c.log(3, "orders").log_end_offset();
    c.crash("broker 3");
    c.run_for(12 * kSecond);
    c.act(DeleteTopic{"orders"});
    c.run_for(2 * kSecond);
    CHECK(copy_on(c, 3));  // nobody has told it
    if (again) {
      c.act(CreateTopic{"orders", 1, 3});
      c.run_for(5 * kSecond);
    }
    const Time back = c.now();
    c.start("broker 3");
    c.run_for(15 * kSecond);
    CHECK(c.count("log_deleted", {{"broker", "3"}, {"log_end", std::to_string(end)}}, back) == 1);
    if (!again) CHECK_FALSE(copy_on(c, 3));
    else {
      REQUIRE(copy_on(c, 3));
      CHECK(copy_on(c, 3)->log.log_end_offset() > 0);
      CHECK_FALSE(first_difference(c.log(3, "orders"), c.log(2, "orders")).has_value());
      CHECK(c.value("topics/orders/0/Isr").find('3') != std::string::npos);
    }
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("G6: the tombstones of committed offsets reach the next coordinator") {
  Setup setup = shop();
  setup.config.offsets_topic_replication_factor = 3;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  c.act(DeleteTopic{"orders"});
  c.run_for(5 * kSecond);
  const std::string coordinator = "broker " + c.value("topics/__consumer_offsets/0/Leader");
  c.crash(coordinator);
  c.run_for(20 * kSecond);
  CHECK("broker " + c.value("topics/__consumer_offsets/0/Leader") != coordinator);
  CHECK(committed(c) == -1);
  CHECK(c.betrayals() == "");
}

TEST_CASE("G6: a commit that is being written when its topic goes is forgotten with it") {
  Setup setup = shop();
  setup.config.offsets_topic_replication_factor = 3;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  const std::string leader = c.value("topics/__consumer_offsets/0/Leader");
  const Time written = c.until("batch_appended", {{"topic", "__consumer_offsets"}, {"broker", leader}});
  for (const char* each : {"broker 1", "broker 2", "broker 3"}) {
    if (each == "broker " + leader) continue;
    SetLink slow{"broker " + leader, each};
    slow.latency = {400 * kMillisecond};
    c.act(slow);
  }
  c.act(DeleteTopic{"orders"});
  const Time forgotten = c.until("offsets_forgotten", {{"topic", "orders"}}, 100 * kMillisecond);
  REQUIRE_FALSE(c.happened("offset_committed", {}, written));
  c.run_for(3 * kSecond);
  CHECK(committed(c) == -1);
  CHECK_FALSE(c.happened("offset_committed", {{"topic", "orders"}}, written));
  // Nor does the topic's successor begin with it, whoever coordinates the group.
  c.crash("broker " + leader);
  c.act(CreateTopic{"orders", 1, 2});
  c.run_for(20 * kSecond);
  CHECK(c.happened("records_delivered", {{"topic", "orders"}, {"first", "0"}}, forgotten));
  CHECK_FALSE(c.happened("position_reset", {}, forgotten));
  CHECK(c.betrayals() == "");
}

TEST_CASE("C17: who is told by name where an earlier topic ends does not take that for an offset of the present one") {
  int misled = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Setup setup = shop();
    setup.seed = seed;
    setup.topics[0].assignment = {{1}, {1}, {1}};
    setup.topics[0].replication_factor = 1;
    setup.consumers.push_back(consumer("c2", "late", "orders"));
    setup.consumers[1].spec.config.auto_offset_reset = OffsetReset::latest;
    setup.consumers[1].spec.config.auto_commit_interval = 100 * kMillisecond;
    setup.consumers[1].start = 10 * kSecond;
    Cluster c(setup);
    c.run_to(9500 * kMillisecond);
    for (const char* each : {"Q1", "Q2", "Q3"}) c.cut(each, "broker 1");
    c.act(DeleteTopic{"orders"});
    c.run_for(100 * kMillisecond);
    c.act(CreateTopic{"orders", 3, 1});
    c.run_for(8 * kSecond);
    for (const Fact& each : c.facts)
      if (const auto* set = each.body.as<PositionSet>())
        misled += set->consumer == c.world.consumers[1].node && set->position > 0;
    c.heal();
    c.run_for(15 * kSecond);
    CHECK(c.betrayals() == "");
  }
  CHECK(misled > 0);
}

TEST_CASE("what is left of a deleted log outlives its broker's process, and goes after file.delete.delay.ms") {
  Setup setup = shop();
  setup.config.file_delete_delay = 20 * kSecond;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  c.act(DeleteTopic{"orders"});
  c.run_for(2 * kSecond);
  c.crash("broker 1");
  c.run_for(30 * kSecond);
  CHECK(c.world.find_broker(1)->deleted_logs.size() == 1);
  const Time back = c.now();
  c.start("broker 1");
  c.until("log_files_removed", {{"broker", "1"}}, 25 * kSecond);
  CHECK(c.now() == back + 20 * kSecond);
}

TEST_CASE("what cannot be deleted") {
  Cluster c(shop());
  c.run_to(15 * kSecond);
  CHECK(impossible(c.world, DeleteTopic{"order"}) == "there is no topic 'order'");
  CHECK(refusal(c.world, DeleteTopic{"__consumer_offsets"}) != "");
  c.act(DeleteTopic{"orders"});
  CHECK(impossible(c.world, DeleteTopic{"orders"}) == "there is no topic 'orders'");  // it is asked for already
  c.run_for(kSecond);
  CHECK(impossible(c.world, DeleteTopic{"orders"}) == "there is no topic 'orders'");
  CHECK(refusal(c.world, CreateTopic{"orders", 1, 1}) == "");
}

TEST_CASE("topics go and come while brokers crash, freeze and are cut off: no promise is broken") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Setup setup = shop();
    setup.seed = seed;
    setup.config.file_delete_delay = 5 * kSecond;
    Cluster c(setup);
    std::uint64_t nth = 0;
    const auto pick = [&](std::uint64_t bound) { return below(draw(seed, Purpose::fuzz, 77, nth++), bound); };
    c.run_to(12 * kSecond);
    for (int round = 0; round < 30; ++round) {
      const std::string broker = "broker " + std::to_string(1 + pick(3));
      ActionBody body = Heal{};
      switch (pick(8)) {
        case 0: body = DeleteTopic{"orders"}; break;
        case 1:
        case 2: body = CreateTopic{"orders", static_cast<std::int64_t>(1 + pick(3)), static_cast<std::int64_t>(1 + pick(3))}; break;
        case 3: body = Crash{broker}; break;
        case 4: body = Start{broker}; break;
        case 5: body = Pause{broker, {static_cast<Duration>(1 + pick(11)) * kSecond}}; break;
        case 6: body = Cut{broker, "", pick(2) == 0}; break;
        default: break;
      }
      if (impossible(c.world, body) == "") c.act(body);
      c.run_for(static_cast<Duration>(pick(3000)) * kMillisecond);
    }
    c.heal();
    for (const char* each : {"broker 1", "broker 2", "broker 3"})
      if (c.world.find_node(each)->status == NodeStatus::down) c.start(each);
    c.run_for(30 * kSecond);
    CHECK(c.betrayals() == "");
    // Whatever there was, all brokers agree on what there is.
    const std::int32_t orders = c.world.topic_id("orders");
    for (const Broker& each : c.world.brokers)
      for (const Replica& replica : each.replicas)
        if (replica.tp.topic == orders) CHECK(replica.incarnation == c.world.controllers.front().image.incarnation(orders));
  }
}

}  // namespace nutshell
