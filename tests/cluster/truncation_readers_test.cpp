// Readers of a partition whose log is cut back under them (G3, KIP-320; Kafka 2.3 and later): they go on where the logs part,
// told as that, whatever auto.offset.reset says; without a policy they end.
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

// Only broker 1 has offsets 100-119 of orders when it dies; 2, which has 100 records, is elected uncleanly.
Setup cut_setup(std::int32_t brokers) {
  Setup setup;
  setup.brokers = brokers;
  setup.config.offsets_topic_num_partitions = 1;
  setup.config.offsets_topic_replication_factor = brokers == 5 ? 5 : 3;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.topics[0].config.unclean_leader_election_enable = 1;
  setup.producers = {producer("shop", "orders")};
  return setup;
}

ConsumerSetup reader(const std::string& name, const std::string& group, OffsetReset policy) {
  ConsumerSetup setup = consumer(name, group, "orders");
  setup.spec.config.auto_offset_reset = policy;
  setup.start = 2 * kSecond;
  return setup;
}

void send_many(Cluster& c, std::int64_t count) { c.act(Send{"shop", "", "", -1, count}); }

// Everybody has read 120 records; then the unclean election.
void cut_back(Cluster& c, Time death = 30 * kSecond) {
  c.run_to(9 * kSecond);
  send_many(c, 100);
  c.run_to(12 * kSecond);
  c.crash("broker 3");
  c.crash("broker 2");
  c.run_to(26 * kSecond);
  send_many(c, 20);
  c.run_to(death);
  c.crash("broker 1");
  c.run_to(death + kSecond);
  c.start("broker 2");
  c.start("broker 3");
}

Cluster::Where to_100(const std::string& consumer) {
  return {{"consumer", consumer}, {"position", "100"}, {"diverged", "true"}, {"reset", "false"}};
}

}  // namespace

TEST_CASE("a reader goes back to where the logs part, whatever auto.offset.reset says") {
  Setup setup = cut_setup(5);
  setup.consumers = {reader("early", "cooks", OffsetReset::earliest), reader("late", "audit", OffsetReset::latest)};
  Cluster c(setup);
  cut_back(c);
  c.run_to(50 * kSecond);
  for (const std::string name : {"early", "late"}) {
    CAPTURE(name);
    CHECK(c.count("position_set", to_100(name), 31 * kSecond) == 1);
    CHECK(c.count("position_set", {{"consumer", name}}, 31 * kSecond) == 1);
    CHECK(c.count("position_reset", {{"consumer", name}, {"from", "120"}, {"to", "100"}, {"policy", "divergence"}}) == 1);
  }
  send_many(c, 30);
  c.run_to(52 * kSecond);
  for (const std::string name : {"early", "late"})
    CHECK(c.count("records_delivered", {{"consumer", name}, {"first", "100"}, {"last", "129"}}, 50 * kSecond) == 1);
  CHECK_FALSE(c.happened("records_delivered", {{"first", "0"}}, 31 * kSecond));
  CHECK_FALSE(c.broken("reading_goes_on"));
  CHECK(c.broken("acked_records_survive"));
  CHECK(c.betrayals() == "");  // Kafka promises none of it over an unclean election
}

TEST_CASE("a reader that slept goes back too, although the new log is longer than its position already") {
  Setup setup = cut_setup(5);
  setup.consumers = {reader("early", "cooks", OffsetReset::earliest)};
  Cluster c(setup);
  cut_back(c);
  // It was put to sleep before the leader died; its old leader's connection tells it of nothing.
  c.pause("early");
  c.run_to(32 * kSecond);
  send_many(c, 40);
  c.run_to(44 * kSecond);
  REQUIRE(c.value("topics/orders/0/Leader") == "2");
  c.resume("early");
  c.run_to(52 * kSecond);
  CHECK(c.count("position_set", to_100("early"), 31 * kSecond) == 1);
  CHECK(c.count("records_delivered", {{"consumer", "early"}, {"first", "100"}, {"last", "139"}}, 44 * kSecond) == 1);
  CHECK_FALSE(c.broken("reading_goes_on"));
}

TEST_CASE("without a policy a truncation ends the reader: LogTruncationException") {
  Setup setup = cut_setup(5);
  setup.consumers = {reader("early", "cooks", OffsetReset::earliest)};
  Cluster c(setup);
  cut_back(c);
  c.act(SetConfig{"early", "auto.offset.reset", "none"});
  c.run_to(50 * kSecond);
  CHECK(c.count("consumer_failed", {{"consumer", "early"}, {"topic", "orders"}, {"reason", "log_truncated"}}) == 1);
  CHECK_FALSE(c.happened("position_set", {{"position", "100"}}));
}

TEST_CASE("a group's new owner validates the committed offset by its leader epoch") {
  for (const bool silent : {false, true}) {
    CAPTURE(silent);
    Setup setup = cut_setup(5);
    setup.consumers = {reader("first", "cooks", OffsetReset::earliest), reader("second", "cooks", OffsetReset::earliest)};
    setup.consumers[1].start = 55 * kSecond;
    Cluster c(setup);
    cut_back(c);
    c.stop("first");  // commits 120, of leader epoch 0
    if (silent) send_many(c, 40);
    c.run_to(70 * kSecond);
    CHECK(c.count("offset_committed", {{"topic", "orders"}, {"offset", "120"}}) >= 1);
    CHECK(c.count("position_set", {{"consumer", "second"}, {"position", "120"}, {"reset", "false"}}) == 1);
    CHECK(c.count("position_set", to_100("second")) == 1);
    CHECK(c.count("records_delivered", {{"consumer", "second"}, {"first", "100"}, {"last", "139"}}) == (silent ? 1 : 0));
    CHECK_FALSE(c.broken("reading_goes_on"));
  }
}

TEST_CASE("as clients before 2.3 did, nobody is told: the promise of reading sees it, wherever the log begins by then") {
  for (const Offset below : {0, 110, 120}) {
    CAPTURE(below);
    Setup setup = cut_setup(5);
    setup.consumers = {reader("early", "cooks", OffsetReset::earliest)};
    Cluster c(setup);
    c.world.commons.mutant = Mutant::no_position_validation;
    cut_back(c);
    c.pause("early");
    c.run_to(32 * kSecond);
    send_many(c, 40);
    c.run_to(42 * kSecond);
    if (below > 0) c.act(DeleteRecords{"orders", 0, below});
    c.run_to(44 * kSecond);
    REQUIRE(c.log(2, "orders").log_start_offset() == below);
    c.resume("early");
    c.run_to(52 * kSecond);
    CHECK(c.happened("records_delivered", {{"consumer", "early"}, {"first", "120"}, {"last", "139"}}, 44 * kSecond));
    CHECK(c.broken("reading_goes_on"));
    CHECK(c.betrayals().find("reading_goes_on: early is given") != std::string::npos);
  }
}

TEST_CASE("a clean election moves no position: it is validated and stands") {
  Setup setup = cut_setup(3);
  setup.producers[0] = producer("shop", "orders", 100 * kMillisecond);
  setup.consumers = {reader("early", "cooks", OffsetReset::earliest)};
  Cluster c(setup);
  c.run_to(12 * kSecond);
  c.crash("broker 1");
  c.run_to(40 * kSecond);
  CHECK(c.count("position_set", {}, 12 * kSecond) == 0);
  CHECK(c.count("position_reset") == 0);
  CHECK(c.happened("records_delivered", {{"consumer", "early"}}, 39 * kSecond));
  CHECK(c.betrayals() == "");
}

// A reset tells how many records it leaves out or gives again, and by which policy.

TEST_CASE("latest in a partition that has records skips them, and says so") {
  Setup setup = cut_setup(3);
  setup.consumers = {reader("late", "audit", OffsetReset::latest)};
  Cluster c(setup);
  c.run_to(kSecond + 900 * kMillisecond);
  send_many(c, 17);
  c.run_to(12 * kSecond);
  CHECK(c.count("position_reset", {{"consumer", "late"}, {"from", "-1"}, {"to", "17"}, {"skipped", "17"}, {"repeated", "0"},
                                   {"policy", "latest"}}) == 1);
}

TEST_CASE("earliest at the beginning leaves nothing out and tells nothing") {
  Setup setup = cut_setup(3);
  setup.consumers = {reader("early", "audit", OffsetReset::earliest)};
  Cluster c(setup);
  c.run_to(kSecond + 900 * kMillisecond);
  send_many(c, 17);
  c.run_to(12 * kSecond);
  CHECK(c.count("records_delivered", {{"consumer", "early"}, {"first", "0"}, {"last", "16"}}) == 1);
  CHECK(c.count("position_reset") == 0);
}

TEST_CASE("a position without a leader epoch is out of range, and auto.offset.reset repeats what is left") {
  for (const bool earliest : {false, true}) {
    CAPTURE(earliest);
    Setup setup = cut_setup(5);
    setup.consumers = {reader("late", "audit", OffsetReset::latest)};
    setup.consumers[0].start = 27 * kSecond;  // stands at 120 and has read nothing
    Cluster c(setup);
    cut_back(c, 36 * kSecond);
    if (earliest) c.act(SetConfig{"late", "auto.offset.reset", "earliest"});
    c.run_to(60 * kSecond);
    const Cluster::Where told = {{"consumer", "late"}, {"from", "120"}, {"to", earliest ? "0" : "100"}, {"skipped", "0"},
                                 {"repeated", earliest ? "100" : "0"}, {"policy", earliest ? "earliest" : "latest"}};
    CHECK(c.count("position_reset", told) == 1);
    CHECK_FALSE(c.broken("reading_goes_on"));
  }
}

// Logs that part for ever below where the leader's begins (L20, L21). Broker 1 writes offsets 5 to 20, which nobody else has, and
// dies. Broker 2 leads from 5 on, and lets go of the records with which its epoch began. When 1 is back, it is told that its epoch
// ends where the log of 2 begins now, and keeps what it has below.

namespace {

Setup parting() {
  Setup setup;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders"), producer("loose", "orders")};
  for (ProducerSetup& each : setup.producers) each.spec.config.linger = 0;
  setup.producers[1].spec.config.acks = Acks::leader;
  setup.consumers = {consumer("reader", "readers", "orders")};
  return setup;
}

void send_one_by_one(Cluster& c, const std::string& producer, int count) {
  for (int i = 0; i < count; ++i) {
    c.act(Send{producer, "k" + std::to_string(i % 3), "", -1, 1});
    c.run_for(50 * kMillisecond);
  }
}

// Up to where broker 2 leads and broker 1 is down.
void part(Cluster& c) {
  c.run_to(8 * kSecond);
  send_one_by_one(c, "shop", 5);
  c.run_for(kSecond);
  for (const char* each : {"broker 2", "broker 3"}) c.cut("broker 1", each);
  send_one_by_one(c, "loose", 16);
  REQUIRE(c.log(1, "orders").log_end_offset() == 21);
  REQUIRE(c.log(1, "orders").high_watermark() == 5);
  c.crash("broker 1");
  c.until("leader_took_office", {{"topic", "orders"}, {"broker", "2"}});
  c.heal();
  send_one_by_one(c, "shop", 10);
  c.run_for(kSecond);
  REQUIRE(c.log(2, "orders").high_watermark() == 15);
}

}  // namespace

TEST_CASE("L20, L21: whoever reads goes on with a leader whose log has other records below where it begins") {
  for (const Offset below : {9, 15})
    for (const bool all_goes : {false, true})
      for (const bool another : {false, true}) {
        CAPTURE(below);
        CAPTURE(all_goes);
        CAPTURE(another);
        Setup setup = parting();
        if (another) {
          setup.consumers.push_back(consumer("heir", "readers", "orders"));
          setup.consumers[1].start = 60 * kSecond;
        }
        Cluster c(setup);
        part(c);
        c.act(DeleteRecords{"orders", 0, below});
        c.run_for(2 * kSecond);
        REQUIRE(c.log(2, "orders").leader_epochs().entries() == std::vector<EpochEntry>{{1, below}});
        c.start("broker 1");
        c.run_for(15 * kSecond);
        send_one_by_one(c, "shop", 1);  // with it comes where the leader's log begins
        c.run_for(kSecond);
        if (all_goes) c.act(DeleteRecords{"orders", 0});
        c.run_for(kSecond);
        REQUIRE(c.value("topics/orders/0/Isr").find('1') != std::string::npos);
        const Log& log = c.log(1, "orders");
        // It has kept its own records below, and the others above.
        REQUIRE(log.log_start_offset() == (all_goes ? 16 : below));
        REQUIRE(log.epoch_at(below - 1) == 0);
        REQUIRE(log.chain_at(16) != c.log(2, "orders").chain_at(16));
        CHECK_FALSE(first_difference(log, c.log(2, "orders")).has_value());
        if (another) c.stop("reader");
        c.run_to(75 * kSecond);
        c.act(ElectLeader{"orders", 0});
        c.run_for(2 * kSecond);
        REQUIRE(c.value("topics/orders/0/Leader") == "1");
        send_one_by_one(c, "shop", 3);
        c.run_for(2 * kSecond);
        CHECK(c.happened("records_delivered", {{"consumer", another ? "heir" : "reader"}, {"first", "16"}}));
        CHECK(c.betrayals() == "");
      }
}

}  // namespace nutshell
