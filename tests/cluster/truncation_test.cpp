// How followers of a new leader cut their logs, as a setting (L21): what the older ways lose, and the newer ones do not.
#include "sim/core/random.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup ledger(Truncation truncation) {
  Setup setup;
  setup.brokers = 3;
  setup.controllers = 1;
  setup.config.truncation = truncation;
  setup.config.min_insync_replicas = 2;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders")};
  setup.producers[0].spec.config.linger = 0;
  return setup;
}

// All have "a"; "b" only those that were there.
void write_without_broker_3(Cluster& c) {
  c.run_to(5 * kSecond);
  c.send("shop", "a");
  c.run_for(2 * kSecond);
  c.crash("broker 3");
  c.run_for(15 * kSecond);
  c.send("shop", "b");
}

}  // namespace

TEST_CASE("scenario 10: who cuts at its own high watermark can lose what is committed; who asks for epochs cannot") {
  for (const Truncation truncation : {Truncation::high_watermark, Truncation::kip101, Truncation::kip279, Truncation::fetch}) {
    Cluster c(ledger(truncation));
    c.run_to(5 * kSecond);
    c.send("shop", "old");
    c.run_for(2 * kSecond);
    c.send("shop", "told");
    c.until("records_acked", {{"base_offset", "1"}});
    // All three have it; brokers 2 and 3 do not know yet that it is committed.
    REQUIRE(c.log(3, "orders").log_end_offset() == 2);
    REQUIRE(c.log(3, "orders").high_watermark() == 1);
    c.crash("broker 1");
    c.until("follower_started", {{"topic", "orders"}, {"broker", "3"}, {"leader", "2"}});
    c.crash("broker 2");
    const bool loses = truncation == Truncation::high_watermark;
    CHECK(c.log(3, "orders").log_end_offset() == (loses ? 1 : 2));
    c.until("leader_took_office", {{"topic", "orders"}, {"broker", "3"}});
    c.start("broker 1");
    c.start("broker 2");
    c.run_for(20 * kSecond);
    c.send("shop", "new");
    c.run_for(5 * kSecond);
    CHECK(c.texts(3, "orders") == (loses ? "old new" : "old told new"));
    CHECK(c.broken("acked_records_survive") == loses);
    if (!loses) CHECK(c.betrayals() == "");
    if (!loses) CHECK(c.texts(1, "orders") == c.texts(3, "orders"));
  }
}

TEST_CASE("scenario 11: leadership goes there and back before anybody has fetched; only kip101 leaves two records at one offset") {
  for (const Truncation truncation : {Truncation::high_watermark, Truncation::kip101, Truncation::kip279, Truncation::fetch}) {
    CAPTURE(static_cast<int>(truncation));
    Setup setup = ledger(truncation);
    setup.brokers = 2;
    setup.config.min_insync_replicas = 1;
    setup.topics = {topic("orders", {2, 1})};
    setup.producers[0].spec.config.acks = Acks::leader;
    Cluster c(setup);
    c.run_to(3 * kSecond);
    c.stop("broker 2");
    c.run_for(3 * kSecond);
    c.start("broker 2");
    c.run_for(3 * kSecond);
    c.send("shop", "rice");
    c.run_for(3 * kSecond);
    c.cut("broker 1", "broker 2");
    c.send("shop", "tea");  // at broker 1, epoch 1
    c.run_for(3 * kSecond);
    c.act(ElectLeader{"orders", 0, false});
    c.run_for(2 * kSecond);
    c.send("shop", "milk");  // at broker 2, epoch 2
    c.run_for(2 * kSecond);
    // Who follows cuts at its own high watermark at once, if it does not ask.
    REQUIRE(c.texts(1, "orders") == (truncation == Truncation::high_watermark ? "rice" : "rice tea"));
    REQUIRE(c.texts(2, "orders") == "rice milk");
    c.crash("broker 2");
    c.run_for(12 * kSecond);
    c.send("shop", "bread");  // at broker 1, epoch 3
    c.run_for(2 * kSecond);
    c.heal();
    c.start("broker 2");
    c.run_for(10 * kSecond);
    const bool parts = truncation == Truncation::kip101;
    CHECK(c.texts(2, "orders") == (parts ? "rice milk bread" : c.texts(1, "orders")));
    if (truncation != Truncation::high_watermark) CHECK(c.texts(1, "orders") == "rice tea bread");
    CHECK(c.broken("logs_agree_below_high_watermark") == parts);
    CHECK_FALSE(c.happened("leader_elected", {{"topic", "orders"}, {"unclean", "true"}}));
  }
}

// The log of broker 2 ends in the middle of a batch of broker 1, and nobody has noticed that they have parted.
TEST_CASE("L22: a log that has records takes no batch that begins below its end, and no marks with it") {
  Setup setup = ledger(Truncation::kip101);
  setup.brokers = 2;
  setup.config.min_insync_replicas = 1;
  setup.topics = {topic("orders", {2, 1})};
  setup.producers[0].spec.config.acks = Acks::leader;
  setup.producers[0].spec.config.linger = 5 * kMillisecond;
  Cluster c(setup);
  c.run_to(3 * kSecond);
  c.stop("broker 2");
  c.run_for(3 * kSecond);
  c.start("broker 2");
  c.run_for(3 * kSecond);
  c.send("shop", "rice");
  c.run_for(3 * kSecond);
  c.cut("broker 1", "broker 2");
  c.act(Send{"shop", "", "tea", -1, 2});  // one batch
  c.run_for(3 * kSecond);
  c.act(ElectLeader{"orders", 0, false});
  c.run_for(2 * kSecond);
  c.send("shop", "milk");
  c.run_for(2 * kSecond);
  REQUIRE(c.texts(2, "orders") == "rice milk");
  c.crash("broker 2");
  c.run_for(12 * kSecond);
  c.send("shop", "bread");
  c.run_for(2 * kSecond);
  c.heal();
  c.start("broker 2");
  const Offset mark = c.log(2, "orders").high_watermark();
  REQUIRE(mark < 2);
  c.run_for(10 * kSecond);
  REQUIRE(c.log(1, "orders").batch_at(2)->base_offset == 1);
  REQUIRE(c.log(1, "orders").high_watermark() == 4);
  CHECK(c.texts(2, "orders") == "rice milk");
  CHECK(c.log(2, "orders").log_start_offset() == 0);
  CHECK(c.log(2, "orders").high_watermark() == mark);
}

TEST_CASE("an unclean leader's followers cut where its log parts from theirs") {
  for (const Truncation truncation : {Truncation::kip101, Truncation::kip279, Truncation::fetch}) {
    Setup setup = ledger(truncation);
    setup.topics[0].config.unclean_leader_election_enable = 1;
    setup.config.min_insync_replicas = 1;
    Cluster c(setup);
    write_without_broker_3(c);
    c.run_for(2 * kSecond);
    c.crash("broker 1");
    c.crash("broker 2");
    c.run_for(2 * kSecond);
    c.start("broker 3");
    c.until("leader_took_office", {{"topic", "orders"}, {"broker", "3"}}, 2 * kMinute);
    c.send("shop", "c");
    c.run_for(2 * kSecond);
    c.start("broker 1");
    c.start("broker 2");
    c.run_for(20 * kSecond);
    for (BrokerId each : {1, 2, 3}) CHECK(c.texts(each, "orders") == "a c");
  }
}

// Broker 1 has written two records more in its first epoch than broker 2 knows, and then some in an epoch that broker 2 has never
// heard of; broker 2 has one that broker 1 has never heard of.
TEST_CASE("L21: whose last epochs the leader does not know, nor it the leader's, asks more than once") {
  for (const Truncation truncation : {Truncation::kip279, Truncation::fetch}) {
    CAPTURE(static_cast<int>(truncation));
    Setup setup = ledger(truncation);
    setup.brokers = 2;
    setup.config.min_insync_replicas = 1;
    setup.topics = {topic("orders", {1, 2})};
    setup.topics[0].config.unclean_leader_election_enable = 1;
    setup.producers[0].spec.config.acks = Acks::leader;
    Cluster c(setup);
    const auto send = [&](const char* text) { c.send("shop", text), c.run_for(kSecond); };
    const auto swap = [&](const char* goes, const char* comes, const char* id) {
      c.crash(goes);
      if (c.world.find_node(comes)->status == NodeStatus::down) c.start(comes);
      c.until("leader_took_office", {{"topic", "orders"}, {"broker", id}}, 2 * kMinute);
      c.run_for(5 * kSecond);
    };
    c.run_to(5 * kSecond);
    send("a");
    c.run_for(2 * kSecond);
    c.cut("broker 1", "broker 2");
    send("b");
    send("c");
    swap("broker 1", "broker 2", "2");
    c.heal();
    for (const char* each : {"d", "e", "f", "g"}) send(each);
    swap("broker 2", "broker 1", "1");
    send("h");
    swap("broker 1", "broker 2", "2");
    send("i");
    REQUIRE(c.texts(1, "orders") == "a b c h");
    REQUIRE(c.texts(2, "orders") == "a d e f g i");
    c.start("broker 1");
    c.run_for(20 * kSecond);
    CHECK(c.texts(1, "orders") == "a d e f g i");
    CHECK(c.count("log_truncated", {{"broker", "1"}}) == 2);
  }
}

// As a follower of old: it cuts at its high watermark, which lies above the end of the new leader's log.
TEST_CASE("L22: a follower whose log is longer than its leader's cuts it to the leader's end") {
  Setup setup = ledger(Truncation::high_watermark);
  setup.topics[0].config.unclean_leader_election_enable = 1;
  setup.config.min_insync_replicas = 1;
  Cluster c(setup);
  write_without_broker_3(c);
  c.run_for(12 * kSecond);
  c.stop("broker 1");
  c.run_for(5 * kSecond);
  c.stop("broker 2");
  c.run_for(5 * kSecond);
  REQUIRE(c.log(2, "orders").checkpointed_high_watermark() == 2);
  c.start("broker 3");
  c.until("leader_took_office", {{"topic", "orders"}, {"broker", "3"}}, 2 * kMinute);
  c.start("broker 1");
  c.start("broker 2");
  c.run_for(10 * kSecond);
  for (BrokerId each : {1, 2}) CHECK(c.happened("log_truncated", {{"broker", std::to_string(each)}, {"from", "2"}, {"to", "1"}}));
  c.send("shop", "c");
  c.run_for(2 * kSecond);
  for (BrokerId each : {1, 2, 3}) CHECK(c.texts(each, "orders") == "a c");
}

// Clean elections only; every promise is judged.
TEST_CASE("asking for epochs holds every promise under crashes") {
  for (const Truncation truncation : {Truncation::kip279, Truncation::fetch}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      CAPTURE(seed);
      std::uint64_t draws = 0;
      const auto pick = [&](std::uint64_t limit) { return below(draw(seed, Purpose::fuzz, 33, draws++), limit); };
      Setup setup = ledger(truncation);
      setup.seed = seed;
      setup.producers[0].spec.interval = 30 * kMillisecond;
      setup.producers[0].spec.limit = 2000;
      Cluster c(setup);
      for (int i = 0; i < 14; ++i) {
        c.run_for(static_cast<Duration>(1 + pick(12)) * kSecond);
        const std::string broker = "broker " + std::to_string(1 + pick(3));
        if (c.world.find_node(broker)->status == NodeStatus::down) c.start(broker);
        else c.crash(broker);
      }
      for (const char* each : {"broker 1", "broker 2", "broker 3"})
        if (c.world.find_node(each)->status == NodeStatus::down) c.start(each);
      c.run_for(2 * kMinute);
      CHECK(c.betrayals() == "");
      CHECK(c.texts(1, "orders") == c.texts(2, "orders"));
      CHECK(c.texts(1, "orders") == c.texts(3, "orders"));
    }
  }
}

}  // namespace nutshell
