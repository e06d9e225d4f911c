// What is on disk, and what a process that starts finds there (L7, N4).
#include "sim/kafka/config_keys.h"
#include "tests/cluster/one_broker.h"

namespace nutshell {
namespace {

void power_fails(Cluster& c) { c.act(Crash{"broker 1", true}); }

}  // namespace

TEST_CASE("L7: the recovery point is written down every minute, and nothing is flushed for it") {
  for (const Time lost : {55 * kSecond, 65 * kSecond, 130 * kSecond}) {
    CAPTURE(lost);
    Cluster c(one_broker());
    c.run_to(3 * kSecond);
    send_ten(c);
    c.run_to(lost);
    CHECK(c.log(1, "orders").log_end_offset() == 10);
    CHECK(c.log(1, "orders").flushed_offset() == 0);
    power_fails(c);
    c.start("broker 1");
    c.run_for(5 * kSecond);
    CHECK(c.log(1, "orders").log_end_offset() == 0);
  }
}

TEST_CASE("L7: a clean stop flushes every log: a power loss later takes nothing") {
  Cluster c(one_broker());
  c.run_to(3 * kSecond);
  send_ten(c);
  c.run_to(15 * kSecond);
  c.stop("broker 1");
  c.until("node_stopped", {{"node", "broker 1"}});
  c.run_for(kSecond);
  c.start("broker 1");
  c.run_for(10 * kSecond);
  CHECK(c.log(1, "orders").recovery_point() == 10);
  power_fails(c);
  c.run_for(5 * kSecond);
  c.start("broker 1");
  c.run_for(5 * kSecond);
  CHECK(c.log(1, "orders").log_end_offset() == 10);
  CHECK_FALSE(c.happened("log_truncated"));
  CHECK(c.betrayals() == "");
}

TEST_CASE("L7: so does a stop without controlled shutdown; a kill does not") {
  for (const bool clean : {true, false}) {
    CAPTURE(clean);
    Setup setup = one_broker();
    setup.config.controlled_shutdown_enable = false;
    Cluster c(setup);
    c.run_to(3 * kSecond);
    send_ten(c);
    c.run_to(15 * kSecond);
    if (clean) c.stop("broker 1");
    else c.crash("broker 1");
    CHECK(c.log(1, "orders").flushed_offset() == (clean ? 10 : 0));
    c.run_for(10 * kSecond);
    c.start("broker 1");
    c.run_for(10 * kSecond);
    CHECK(c.log(1, "orders").log_end_offset() == 10);
    power_fails(c);
    CHECK(c.log(1, "orders").log_end_offset() == (clean ? 10 : 0));
  }
}

TEST_CASE("L7: a rolled segment is flushed, and after an unclean stop the recovery point is the one written down") {
  Setup setup = one_broker();
  setup.topics[0].config.segment_bytes = 2000;
  Cluster c(setup);
  c.run_to(3 * kSecond);
  for (int i = 0; i < 4; ++i) {
    send_ten(c);  // more than half a segment
    c.run_for(kSecond);
  }
  const Offset flushed = c.log(1, "orders").flushed_offset();
  CHECK(flushed > 0);
  CHECK(flushed < 40);
  CHECK(c.log(1, "orders").recovery_point() == flushed);
  c.crash("broker 1");
  c.run_for(10 * kSecond);
  c.start("broker 1");
  CHECK(c.log(1, "orders").recovery_point() == 0);  // of a minute it has not lived
  CHECK(c.log(1, "orders").flushed_offset() == flushed);
  CHECK(c.log(1, "orders").log_end_offset() == 40);
  c.run_for(2 * kSecond);
  power_fails(c);
  CHECK(c.log(1, "orders").log_end_offset() == flushed);
}

// LogManager.truncateTo. What is written behind the cut has not been flushed, whatever was there before.
TEST_CASE("L7: of a log that is cut the recovery point is written down at once") {
  Setup setup;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.topics[0].config.segment_bytes = 700;
  setup.producers = {producer("shop", "orders", 50 * kMillisecond), producer("loose", "orders", 20 * kMillisecond)};
  for (ProducerSetup& each : setup.producers) each.spec.config.linger = 0;
  setup.producers[0].spec.limit = 40;
  setup.producers[0].start = 30 * kSecond;
  setup.producers[1].spec.config.acks = Acks::leader;
  setup.producers[1].spec.limit = 30;
  setup.producers[1].start = 8 * kSecond;
  Cluster c(setup);
  c.run_to(7 * kSecond);
  for (const char* each : {"broker 2", "broker 3"}) c.cut("broker 1", each);
  c.run_to(12 * kSecond);
  REQUIRE(c.log(1, "orders").log_end_offset() == 30);
  c.stop("broker 1");  // all that nobody else has is flushed
  c.until("node_stopped", {{"node", "broker 1"}});
  c.heal();
  c.run_to(28 * kSecond);
  c.start("broker 1");
  c.run_to(40 * kSecond);
  REQUIRE(c.happened("log_truncated", {{"topic", "orders"}, {"broker", "1"}, {"from", "30"}, {"to", "0"}}));
  REQUIRE(c.log(1, "orders").log_end_offset() == 40);
  c.act(CorruptBatch{"broker 1", "orders", 0, 20});
  c.crash("broker 1");  // within its first minute
  c.run_for(kSecond);
  c.start("broker 1");
  CHECK(c.log(1, "orders").recovery_point() == 0);
  CHECK(c.happened("damage_found", {{"broker", "1"}, {"finder", "broker 1"}, {"offset", "20"}}));
  CHECK(c.log(1, "orders").log_end_offset() == 20);
}

TEST_CASE("N4: a broker that has stopped cleanly begins with the high watermark it had; one that was killed with an older one") {
  for (const bool clean : {true, false}) {
    CAPTURE(clean);
    Setup setup;
    setup.controllers = 1;
    setup.topics = {topic("orders", {1, 2, 3})};
    setup.producers = {producer("shop", "orders", 50 * kMillisecond)};
    Cluster c(setup);
    c.run_to(19 * kSecond);
    const Offset before = c.log(2, "orders").high_watermark();
    if (clean) c.stop("broker 2");
    else c.crash("broker 2");
    if (clean && c.world.find_broker(2)->state != BrokerState::down) c.until("node_stopped", {{"node", "broker 2"}});
    c.run_for(4 * kSecond);
    c.start("broker 2");
    // The checkpoint is of 15 s, eighty records ago.
    if (clean) CHECK(c.log(2, "orders").high_watermark() >= before);
    else CHECK(c.log(2, "orders").high_watermark() < before - 20);
  }
}

TEST_CASE("R13: a broker that waits for its shutdown asks after 50 ms, and then with each heartbeat") {
  Setup setup;
  setup.controllers = 1;
  setup.config.quorum_append_linger = 25 * kMillisecond;
  setup.topics = {topic("orders", {1, 2, 3})};
  Cluster c(setup);
  c.run_to(10 * kSecond);
  c.stop("broker 1");
  const Time stopped = c.now();
  c.until("leader_elected", {{"topic", "orders"}, {"leader", "2"}});
  CHECK(c.now() - stopped < 10 * kMillisecond);
  c.until("node_stopped", {{"node", "broker 1"}}, 6 * kSecond);
  // Either at the second request, or at one that follows it by heartbeats of 2 s. What the controller writes about the first
  // and the last lingers for 25 ms before they are answered.
  const Duration later = (c.now() - stopped - 50 * kMillisecond - 2 * 25 * kMillisecond) % (2 * kSecond);
  CHECK(later < 10 * kMillisecond);
}

TEST_CASE("L7: a disk that lies about flushing loses what it said it had, and recovery trusts it") {
  Setup setup = one_broker();
  REQUIRE(set_config(setup.topics[0].config, "flush.messages", "1") == "");
  Cluster c(setup);
  c.run_to(3 * kSecond);
  send_ten(c);
  c.run_for(kSecond);
  CHECK(c.log(1, "orders").flushed_offset() == 10);
  c.act(LieAboutFlush{"broker 1"});
  send_ten(c);
  c.run_for(kSecond);
  CHECK(c.log(1, "orders").log_end_offset() == 20);
  CHECK(c.log(1, "orders").recovery_point() == 20);  // as the broker believes
  CHECK(c.log(1, "orders").flushed_offset() == 10);
  power_fails(c);
  CHECK(c.log(1, "orders").log_end_offset() == 10);
}

// torn and damaged batches

TEST_CASE("L7: after a power loss in the middle of a write the log is looked through, and ends before the torn batch") {
  Setup setup = one_broker();
  setup.producers[0].spec.config.linger = 0;
  setup.producers[0].spec.interval = 100 * kMillisecond;
  setup.producers[0].spec.limit = 9;
  Cluster c(setup);
  c.run_to(10 * kSecond);
  REQUIRE(c.log(1, "orders").log_end_offset() == 9);
  c.act(TearTail{"broker 1"});
  // Of nine batches that were not flushed the system had written five, the last of them in part.
  CHECK(c.log(1, "orders").log_end_offset() == 5);
  CHECK(c.log(1, "orders").has_damage());
  c.run_for(kSecond);
  c.start("broker 1");
  CHECK(c.happened("damage_found", {{"broker", "1"}, {"finder", "broker 1"}, {"offset", "4"}}));
  CHECK(c.log(1, "orders").log_end_offset() == 4);
  CHECK_FALSE(c.log(1, "orders").has_damage());
  c.run_for(12 * kSecond);
  send_ten(c);
  c.run_for(kSecond);
  CHECK(c.log(1, "orders").log_end_offset() == 14);
}

TEST_CASE("L7: only segments from the recovery point on are looked through, and only after an unclean stop") {
  for (const int how : {0, 1, 2}) {
    CAPTURE(how);
    Setup setup = one_broker();
    setup.topics[0].config.segment_bytes = 2000;
    Cluster c(setup);
    c.run_to(3 * kSecond);
    for (int i = 0; i < 4; ++i) {
      send_ten(c);
      c.run_for(kSecond);
    }
    c.run_to(65 * kSecond);  // the recovery point is written down
    const Offset recovery_point = c.log(1, "orders").recovery_point();
    REQUIRE(recovery_point == 30);
    c.act(CorruptBatch{"broker 1", "orders", 0, how == 0 ? 5 : 35});
    if (how == 2) c.stop("broker 1");
    else c.crash("broker 1");
    c.run_for(12 * kSecond);
    c.start("broker 1");
    c.run_for(5 * kSecond);
    CHECK(c.happened("damage_found") == (how == 1));
    CHECK(c.log(1, "orders").log_end_offset() == (how == 1 ? 30 : 40));
    CHECK(c.log(1, "orders").has_damage() == (how != 1));
  }
}

TEST_CASE("L7: a follower and a consumer do not take a damaged batch; the leader itself sees nothing wrong") {
  Setup setup;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 2})};
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  setup.consumers = {consumer("c1", "billing", "orders")};
  setup.consumers[0].start = 40 * kSecond;
  setup.config.replica_lag_time_max = 5 * kSecond;
  Cluster c(setup);
  c.run_to(12 * kSecond);
  c.crash("broker 2");
  c.run_for(15 * kSecond);
  const Offset behind = c.log(2, "orders").log_end_offset();
  REQUIRE(c.value("topics/orders/0/Leader") == "1");
  REQUIRE(c.log(1, "orders").log_end_offset() > behind + 10);
  c.act(CorruptBatch{"broker 1", "orders", 0, behind + 3});
  c.start("broker 2");
  c.run_for(10 * kSecond);
  // It takes nothing of what came with the batch in one answer, asks again every second, and is not in sync again.
  CHECK(c.happened("damage_found", {{"broker", "1"}, {"finder", "broker 2"}}));
  CHECK(c.count("damage_found", {{"finder", "broker 2"}}) <= 11);
  CHECK(c.log(2, "orders").log_end_offset() == behind);
  CHECK(c.value("topics/orders/0/Isr") == "1");
  CHECK(c.happened("records_acked", {}, c.now() - kSecond));
  c.run_to(60 * kSecond);
  CHECK(c.happened("consumer_failed", {{"consumer", "c1"}, {"reason", "damaged"}, {"error", "CORRUPT_MESSAGE"}}));
  CHECK(c.happened("records_delivered", {{"consumer", "c1"}, {"first", "0"}}));
  CHECK(c.betrayals() == "");
}

// new and old disks

TEST_CASE("L7: a broker with an empty or an old disk copies what it lacks, and joins the ISR when it has all") {
  for (const bool wiped : {true, false}) {
    CAPTURE(wiped);
    Setup setup;
    setup.controllers = 1;
    setup.topics = {topic("orders", {1, 2, 3})};
    setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
    Cluster c(setup);
    c.run_to(12 * kSecond);
    c.act(CopyDisk{"broker 3"});
    const Offset copied = c.log(3, "orders").log_end_offset();
    c.run_for(10 * kSecond);
    c.crash("broker 3");
    c.run_for(12 * kSecond);
    if (wiped) c.act(WipeDisk{"broker 3"});
    else c.act(RestoreDisk{"broker 3"});
    CHECK(c.log(3, "orders").log_end_offset() == (wiped ? 0 : copied));
    c.start("broker 3");
    c.run_for(12 * kSecond);
    CHECK(c.value("topics/orders/0/Isr").find('3') != std::string::npos);
    CHECK_FALSE(first_difference(c.log(3, "orders"), c.log(1, "orders")).has_value());
    CHECK(c.log(3, "orders").log_start_offset() == 0);
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("an old disk brings back where its logs began: that is the disk's doing") {
  Setup setup;
  setup.controllers = 1;
  setup.topics = {topic("orders", {3})};
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  setup.producers[0].stop = 8 * kSecond;
  Cluster c(setup);
  c.run_to(10 * kSecond);
  c.stop("broker 3");
  c.run_for(5 * kSecond);
  c.act(CopyDisk{"broker 3"});
  c.start("broker 3");
  c.run_for(10 * kSecond);
  c.act(DeleteRecords{"orders", 0, 20});
  c.run_for(2 * kSecond);
  REQUIRE(c.log(3, "orders").log_start_offset() == 20);
  c.stop("broker 3");
  c.run_for(5 * kSecond);
  c.act(RestoreDisk{"broker 3"});
  c.start("broker 3");
  c.run_for(10 * kSecond);
  CHECK(c.log(3, "orders").log_start_offset() == 0);
  CHECK(c.betrayals() == "");
}

TEST_CASE("all lose power together: with acks=all and no flush what was confirmed is gone, with flush.messages=1 nothing is") {
  for (const bool flushes : {false, true}) {
    CAPTURE(flushes);
    Setup setup;
    setup.controllers = 1;
    setup.topics = {topic("orders", {1, 2, 3})};
    if (flushes) REQUIRE(set_config(setup.topics[0].config, "flush.messages", "1") == "");
    setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
    Cluster c(setup);
    c.run_to(14 * kSecond);
    const Offset before = c.log(1, "orders").high_watermark();
    CHECK(before > 50);
    for (const char* each : {"broker 1", "broker 2", "broker 3"}) c.act(Crash{each, true});
    c.run_for(2 * kSecond);
    for (const char* each : {"broker 1", "broker 2", "broker 3"}) c.start(each);
    c.run_for(20 * kSecond);
    CHECK(c.broken("acked_records_survive") == !flushes);
    CHECK_FALSE(c.broken("flushed_records_survive"));
    if (flushes) CHECK(c.log(1, "orders").log_end_offset() >= before);
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("L7: a disk that lies lies about every log: one that is new, one on a new or an old disk") {
  Setup setup = one_broker();
  Cluster c(setup);
  c.run_to(3 * kSecond);
  send_ten(c);
  c.act(CopyDisk{"broker 1"});
  c.act(LieAboutFlush{"broker 1"});
  c.act(CreateTopic{"late", 1, 1});
  c.run_for(2 * kSecond);
  CHECK(c.log(1, "orders").flushes_lie());
  CHECK(c.log(1, "late").flushes_lie());
  c.crash("broker 1");
  c.act(RestoreDisk{"broker 1"});
  CHECK(c.log(1, "orders").flushes_lie());
  c.act(WipeDisk{"broker 1"});
  CHECK(c.log(1, "orders").flushes_lie());
  c.act(LieAboutFlush{"broker 1", false});
  CHECK_FALSE(c.log(1, "orders").flushes_lie());
}

TEST_CASE("L7: the disk of a broker that runs is not replaced, and not set back") {
  Cluster c(one_broker());
  c.run_to(3 * kSecond);
  c.act(CopyDisk{"broker 1"});
  send_ten(c);
  c.run_for(kSecond);
  c.act(RestoreDisk{"broker 1"});
  c.act(WipeDisk{"broker 1"});
  CHECK(c.log(1, "orders").log_end_offset() == 10);
}

TEST_CASE("L7: a copy of a disk is whole, and takes the place of the one before; of a topic that is another one by now it has nothing") {
  Cluster c(one_broker());
  c.run_to(3 * kSecond);
  c.act(CopyDisk{"broker 1"});
  send_ten(c);
  c.run_for(kSecond);
  c.act(CopyDisk{"broker 1"});
  send_ten(c);
  c.run_for(kSecond);
  REQUIRE(c.log(1, "orders").flushed_offset() == 0);
  c.crash("broker 1");
  c.act(RestoreDisk{"broker 1"});
  CHECK(c.log(1, "orders").log_end_offset() == 10);
  c.start("broker 1");
  c.run_for(kSecond);
  power_fails(c);
  CHECK(c.log(1, "orders").log_end_offset() == 10);
  c.start("broker 1");
  c.run_for(12 * kSecond);
  c.act(DeleteTopic{"orders"});
  c.run_for(kSecond);
  c.act(CreateTopic{"orders", 1, 1});
  c.run_for(kSecond);
  c.crash("broker 1");
  c.act(RestoreDisk{"broker 1"});
  CHECK(c.log(1, "orders").log_end_offset() == 0);
}

TEST_CASE("L7, L13: with its disk a broker loses the files of deleted topics, and how far its logs are compacted") {
  for (const bool wiped : {true, false}) {
    CAPTURE(wiped);
    Setup setup = one_broker();
    setup.topics.push_back(topic("mails", {1}));
    setup.topics[0].config.cleanup_policy = CleanupPolicy::compacts;
    setup.topics[0].config.segment_bytes = 400;
    setup.producers[0].spec.config.linger = 0;
    Cluster c(setup);
    c.run_to(3 * kSecond);
    for (int i = 0; i < 5; ++i) c.act(Send{"shop", "k", "", -1, 1}), c.run_for(100 * kMillisecond);
    c.until("log_cleaned");
    const TopicPartition tp{c.world.topic_id("orders"), 0};
    REQUIRE(cleaned_up_to(*c.world.find_broker(1), tp) == 4);
    c.act(CopyDisk{"broker 1"});
    c.act(DeleteTopic{"mails"});
    c.run_for(kSecond);
    c.crash("broker 1");
    if (wiped) c.act(WipeDisk{"broker 1"});
    else c.act(RestoreDisk{"broker 1"});
    CHECK(cleaned_up_to(*c.world.find_broker(1), tp) == -1);
    c.start("broker 1");
    c.run_for(3 * kMinute);
    CHECK(c.happened("log_files_removed") == !wiped);
  }
}

TEST_CASE("L7: a batch is damaged once, and forgotten with its segment") {
  Cluster c(one_broker());
  c.run_to(3 * kSecond);
  send_ten(c);
  c.run_for(kSecond);
  for (const Offset each : {3, 3, 5}) c.act(CorruptBatch{"broker 1", "orders", 0, each});  // all of one batch
  CHECK(c.count("batch_damaged") == 1);
  CHECK(c.log(1, "orders").has_damage());
  Log log;
  LogConfig config;
  config.segment_bytes = 100;
  for (int i = 0; i < 3; ++i) {
    Batch batch;
    batch.count = 1;
    batch.size_in_bytes = 100;
    log.append_as_leader(batch, 0, config, 0);
  }
  log.raise_high_watermark(3);
  log.damage(0);
  log.damage(2);
  log.delete_segments(1);
  CHECK(log.has_damage());
  log.delete_segments(1);
  CHECK(log.has_damage());
  log.truncate_to(2);
  CHECK_FALSE(log.has_damage());
  log.let_flushes_lie(true);
  log.truncate_fully_and_start_at(5);
  CHECK(log.flushes_lie());
}

// Broker 2 is behind, and knows neither what has been committed since nor where its leader's log begins now.
TEST_CASE("L7: with a damaged batch a follower takes no marks either") {
  Setup setup;
  setup.brokers = 2;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 2})};
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  setup.config.replica_lag_time_max = 5 * kSecond;
  Cluster c(setup);
  c.run_to(12 * kSecond);
  c.crash("broker 2");
  c.run_for(15 * kSecond);
  const Offset behind = c.log(2, "orders").log_end_offset();
  c.act(CorruptBatch{"broker 1", "orders", 0, behind + 3});
  c.act(DeleteRecords{"orders", 0, behind});
  c.run_for(kSecond);
  REQUIRE(c.log(1, "orders").log_start_offset() == behind);
  c.start("broker 2");
  const Offset mark = c.log(2, "orders").high_watermark();
  REQUIRE(mark < behind);
  c.until("damage_found", {{"finder", "broker 2"}}, 20 * kSecond);
  c.run_for(3 * kSecond);
  CHECK(c.log(2, "orders").high_watermark() == mark);
  CHECK(c.log(2, "orders").log_start_offset() == 0);
}

}  // namespace nutshell
