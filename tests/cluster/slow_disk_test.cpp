// A disk that takes time: what is written waits for it, and nothing else does. When brokers force to the disk what
// was written (L7), and how long cleaners read and write (L14).
#include <cstdlib>
#include <string>

#include "sim/kafka/config_keys.h"
#include "tests/cluster/accounts.h"
#include "tests/cluster/one_broker.h"

namespace nutshell {
namespace {

constexpr std::int64_t kRate = 1000;  // bytes a second
// A batch of one record, as the producer counts it: header, record overhead, key and value.
constexpr std::int64_t kBatch = 61 + 8 + 931;

Setup two_brokers(Acks acks) {
  Setup setup;
  setup.brokers = 2;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 2})};
  setup.producers = {producer("shop", "orders")};
  setup.producers[0].spec.record_bytes = 931;
  setup.producers[0].spec.config.acks = acks;
  setup.producers[0].spec.config.linger = 0;
  return setup;
}

// How long it takes from send() until the producer is told.
Duration answered(Cluster& c) {
  const Time sent = c.now();
  c.send("shop", "tea");
  return c.until("records_acked") - sent;
}

Duration answered_with(Acks acks, const std::string& slow) {
  Cluster c(two_brokers(acks));
  c.run_to(3 * kSecond);
  answered(c);  // connections are open from here on
  c.run_to(5 * kSecond);
  if (!slow.empty()) c.act(Slow{slow, {0}, kRate});
  const Duration took = answered(c);
  CHECK(c.betrayals() == "");
  return took;
}

}  // namespace

TEST_CASE("a write waits until the disk has taken it, on the leader and on followers that it waits for") {
  const Duration expected = kBatch * kSecond / kRate;
  // Links are not always equally fast.
  const auto near = [](Duration took, Duration wanted) { return std::abs(took - wanted) < 2 * kMillisecond; };
  for (const Acks acks : {Acks::leader, Acks::all}) {
    const Duration fast = answered_with(acks, "");
    CHECK(fast < 10 * kMillisecond);
    CHECK(near(answered_with(acks, "broker 1"), fast + expected));
    CHECK(near(answered_with(acks, "broker 2"), fast + (acks == Acks::all ? expected : 0)));
  }
}

TEST_CASE("writes are taken one after the other; what has nothing to write does not wait") {
  Setup setup = two_brokers(Acks::leader);
  setup.producers[0].spec.config.batch_size = 1;  // a batch for each record
  Cluster c(setup);
  c.run_to(5 * kSecond);
  c.act(Slow{"broker 1", {0}, kRate});
  for (int i = 0; i < 30; ++i) c.send("shop", "tea");
  c.run_for(12 * kSecond);
  // As many as twelve seconds allow, and the one under way.
  CHECK(c.log(1, "orders").log_end_offset() >= 11);
  CHECK(c.log(1, "orders").log_end_offset() <= 12);
  CHECK_FALSE(c.happened("broker_fenced"));  // heartbeats go their way
  c.act(Slow{"broker 1", {0}, 0});
  c.run_for(60 * kSecond);
  CHECK(c.log(1, "orders").log_end_offset() == 30);
  CHECK(c.betrayals() == "");
}

TEST_CASE("a crash takes what the disk was given and had not written; the disk stays slow") {
  Cluster c(two_brokers(Acks::leader));
  c.run_to(5 * kSecond);
  c.act(Slow{"broker 1", {0}, kRate});
  c.send("shop", "tea");
  c.run_for(500 * kMillisecond);
  CHECK(c.world.brokers[0].disk_writes.size() == 1);
  c.crash("broker 1");
  CHECK(c.world.brokers[0].disk_writes.empty());
  CHECK(c.world.brokers[0].disk.bytes_per_second == kRate);
  c.start("broker 1");
  c.run_for(30 * kSecond);
  CHECK(c.happened("records_acked"));
  CHECK(c.betrayals() == "");
}

TEST_CASE("only brokers write to a disk") {
  Cluster c(two_brokers(Acks::leader));
  CHECK(impossible(c.world, Slow{"shop", {0}, kRate}) ==
        "'shop' is no broker: only brokers write records to a disk; per_message slows any process");
  CHECK(impossible(c.world, Slow{"shop", {kMillisecond}, 0}) == "");
}

TEST_CASE("L7: a disk that stalls holds up what is written, and nothing else") {
  Setup setup;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  Cluster c(setup);
  c.run_to(12 * kSecond);
  c.act(StallDisk{"broker 1", {4 * kSecond}});
  c.run_to(15 * kSecond + 900 * kMillisecond);
  CHECK_FALSE(c.happened("records_acked", {}, 12 * kSecond + 100 * kMillisecond));
  c.run_to(17 * kSecond);
  CHECK(c.happened("records_acked", {}, 16 * kSecond));
  CHECK_FALSE(c.happened("broker_fenced"));
  CHECK_FALSE(c.happened("records_failed"));
  CHECK(c.betrayals() == "");
}

// flush.messages, flush.ms

TEST_CASE("L7: with flush.messages a power loss takes only what came after the last flush") {
  struct Case {
    const char* key;
    const char* of_broker;
    std::int64_t every;
    Offset flushed;
  };
  // Batches of one record each: 24 of them. The topic's own setting counts before the broker's.
  for (const Case& each : {Case{"1", "10", 1, 24}, Case{"10", "1", 10, 20}, Case{"", "7", 7, 21}, Case{"", "", 0, 0}}) {
    CAPTURE(each.every);
    Setup setup = one_broker();
    setup.producers[0].spec.config.linger = 0;
    setup.producers[0].spec.interval = 100 * kMillisecond;
    setup.producers[0].spec.limit = 24;
    if (*each.key) REQUIRE(set_config(setup.topics[0].config, "flush.messages", each.key) == "");
    if (*each.of_broker) REQUIRE(set_config(setup.config, "log.flush.interval.messages", each.of_broker) == "");
    Cluster c(setup);
    c.run_to(15 * kSecond);
    REQUIRE(c.log(1, "orders").log_end_offset() == 24);
    CHECK(c.log(1, "orders").flushed_offset() == each.flushed);
    CHECK(c.log(1, "orders").recovery_point() == each.flushed);
    c.act(Crash{"broker 1", true});
    CHECK(c.log(1, "orders").log_end_offset() == each.flushed);
  }
}

// With an interval of seven seconds the looks are at 30 s, 37 s, 44 s, 51 s.
TEST_CASE("L7: a broker looks for what was flushed flush.ms ago half a minute after its start, and again if it is told how often") {
  for (const bool again : {false, true}) {
    CAPTURE(again);
    Setup setup = one_broker();
    REQUIRE(set_config(setup.topics[0].config, "flush.ms", "10s") == "");
    REQUIRE(set_config(setup.config, "log.flush.interval.ms", "1h") == "");  // for topics that do not say
    if (again) REQUIRE(set_config(setup.config, "log.flush.scheduler.interval.ms", "7s") == "");
    Cluster c(setup);
    c.run_to(4 * kSecond);
    send_ten(c);
    c.run_to(29 * kSecond);
    CHECK(c.log(1, "orders").flushed_offset() == 0);
    c.run_to(31 * kSecond);
    CHECK(c.log(1, "orders").flushed_offset() == 10);
    send_ten(c);
    c.run_to(38 * kSecond);  // seven seconds are less than ten
    CHECK(c.log(1, "orders").flushed_offset() == 10);
    c.run_to(45 * kSecond);
    CHECK(c.log(1, "orders").flushed_offset() == (again ? 20 : 10));
  }
}

TEST_CASE("L7: where nobody says flush.ms, log.flush.interval.ms holds, and without that the interval of the looks") {
  for (const char* interval : {"10s", ""}) {
    CAPTURE(*interval);
    Setup setup = one_broker();
    REQUIRE(set_config(setup.config, "log.flush.scheduler.interval.ms", "7s") == "");
    if (*interval) REQUIRE(set_config(setup.config, "log.flush.interval.ms", interval) == "");
    Cluster c(setup);
    for (const Time at : {4 * kSecond, 31 * kSecond}) {
      c.run_to(at);
      send_ten(c);
    }
    c.run_to(38 * kSecond);
    CHECK(c.log(1, "orders").flushed_offset() == (*interval ? 10 : 20));
  }
}

TEST_CASE("L7: flush.ms counts from the last flush, whatever brought it, and from when a log was made or opened") {
  struct Case {
    const char* key;   // of the topic
    const char* value;
  };
  // At 33 s twenty records come, and that flushes, by their number or because a segment is full; one comes after that.
  for (const Case& each : {Case{"flush.messages", "15"}, Case{"segment.bytes", "2500"}, Case{"segment.bytes", "40000"}}) {
    CAPTURE(each.value);
    Setup setup = one_broker();
    REQUIRE(set_config(setup.topics[0].config, "flush.ms", "12s") == "");
    REQUIRE(set_config(setup.topics[0].config, each.key, each.value) == "");
    REQUIRE(set_config(setup.config, "log.flush.scheduler.interval.ms", "7s") == "");
    Cluster c(setup);
    c.run_to(4 * kSecond);
    send_ten(c);
    c.run_to(33 * kSecond);
    REQUIRE(c.log(1, "orders").flushed_offset() == 10);
    for (int i = 0; i < 2; ++i) send_ten(c), c.run_for(100 * kMillisecond);
    const bool brought = std::string(each.value) != "40000";
    REQUIRE((c.log(1, "orders").flushed_offset() > 10) == brought);
    c.send("shop", "last");
    c.run_to(45 * kSecond);  // eleven seconds at most, or fourteen
    CHECK((c.log(1, "orders").flushed_offset() == 31) == !brought);
    c.run_to(52 * kSecond);
    CHECK(c.log(1, "orders").flushed_offset() == 31);
  }
  Setup setup = one_broker();
  REQUIRE(set_config(setup.config, "log.flush.interval.ms", "10s") == "");
  REQUIRE(set_config(setup.config, "log.flush.scheduler.interval.ms", "7s") == "");
  setup.producers.push_back(producer("clerk", "late"));
  Cluster c(setup);
  c.run_to(25 * kSecond);
  c.act(CreateTopic{"late", 1, 1});
  c.run_for(kSecond);
  c.send("clerk", "first");
  c.run_to(36 * kSecond);
  REQUIRE(c.log(1, "late").log_end_offset() == 1);
  CHECK(c.log(1, "late").flushed_offset() == 0);  // at 30 s it was there for five seconds
  c.run_to(38 * kSecond);
  CHECK(c.log(1, "late").flushed_offset() == 1);
}

TEST_CASE("L7: of a log that a process finds, flush.ms counts from its start") {
  for (const char* time : {"30s", "31s"}) {
    CAPTURE(time);
    Setup setup = one_broker();
    REQUIRE(set_config(setup.topics[0].config, "flush.ms", time) == "");
    REQUIRE(set_config(setup.config, "log.flush.scheduler.interval.ms", "7s") == "");
    Cluster c(setup);
    c.run_to(3 * kSecond);
    send_ten(c);
    c.run_to(10 * kSecond);
    c.crash("broker 1");
    c.run_to(20 * kSecond);
    c.start("broker 1");
    c.run_to(51 * kSecond);
    CHECK(c.log(1, "orders").flushed_offset() == (std::string(time) == "30s" ? 10 : 0));
    c.run_to(58 * kSecond);
    CHECK(c.log(1, "orders").flushed_offset() == 10);
  }
}

TEST_CASE("L7: flush.messages counts from the last flush, also where the disk lies about it") {
  Setup setup = one_broker();
  REQUIRE(set_config(setup.topics[0].config, "flush.messages", "10") == "");
  setup.producers[0].spec.config.linger = 0;
  setup.producers[0].spec.interval = 100 * kMillisecond;
  setup.producers[0].spec.limit = 14;
  Cluster c(setup);
  c.act(LieAboutFlush{"broker 1"});
  c.run_to(12 * kSecond);
  REQUIRE(c.log(1, "orders").log_end_offset() == 14);
  CHECK(c.log(1, "orders").recovery_point() == 10);
  CHECK(c.log(1, "orders").flushed_offset() == 0);
}

TEST_CASE("L7: a fetch that brings nothing flushes nothing") {
  Setup setup = one_broker();
  setup.brokers = 2;
  setup.topics = {topic("orders", {1, 2})};
  REQUIRE(set_config(setup.topics[0].config, "flush.messages", "1") == "");
  Cluster c(setup);
  c.run_to(5 * kSecond);
  send_ten(c);
  c.run_for(kSecond);
  REQUIRE(c.log(2, "orders").recovery_point() == 10);
  c.crash("broker 2");  // before that was written down
  c.start("broker 2");
  c.run_for(30 * kSecond);
  REQUIRE(c.world.find_broker(2)->replica({c.world.topic_id("orders"), 0})->role == ReplicaRole::follower);
  CHECK(c.log(2, "orders").recovery_point() == 0);
  send_ten(c);
  c.run_for(kSecond);
  CHECK(c.log(2, "orders").recovery_point() == 20);
}

TEST_CASE("L7: the recovery point is written down again and again") {
  Setup setup = one_broker();
  REQUIRE(set_config(setup.topics[0].config, "flush.messages", "1") == "");
  Cluster c(setup);
  for (const Time at : {3 * kSecond, 70 * kSecond}) {
    c.run_to(at);
    send_ten(c);
  }
  c.run_to(2 * kMinute + 10 * kSecond);
  c.crash("broker 1");
  c.start("broker 1");
  CHECK(c.log(1, "orders").recovery_point() == 20);
}

// cleaners

TEST_CASE("a cleaner takes the time that the disk needs, and an unfinished round comes to nothing") {
  Setup setup = accounts();
  setup.topics[0].config.segment_bytes = 60 * kAccountBytes;
  setup.config.cleaner_io_max_bytes_per_second = 10'000;
  setup.config.cleaner_io_buffer_size = 4000;
  for (const bool dies : {false, true}) {
    Cluster c(setup);
    c.run_to(2 * kSecond);
    for (int i = 0; i < 61; ++i) c.act(Send{"teller", "k" + std::to_string(i % 3), "", -1, 1}), c.run_for(kMillisecond * 10);
    const Time began = c.until("log_cleaning_started");
    CHECK(c.happened("log_cleaning_started", {{"dirty_bytes", std::to_string(60 * kAccountBytes)}, {"clean_bytes", "0"}}));
    if (dies) {
      c.run_for(kSecond);
      c.crash("broker 1");
      c.run_for(kSecond);
      c.start("broker 1");
      c.run_for(16 * kSecond);
      CHECK(c.count("log_cleaning_started") == 2);
    }
    const Time cleaned = c.until("log_cleaned");
    // Read twice: for the map, and to be rewritten.
    const Duration reading = 2 * 60 * kAccountBytes * kSecond / 10'000;
    if (!dies) CHECK(cleaned - began >= reading);
    if (!dies) CHECK(cleaned - began < reading + kSecond);
    CHECK(c.count("log_cleaned") == 1);
    CHECK(c.count("record_compacted") == 57);
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("L14: the dirtiest log comes first, and two threads clean two logs at once") {
  for (const std::string dirtier : {"accounts", "balances"}) {
    for (const std::int64_t threads : {1, 2}) {
      CAPTURE(dirtier);
      CAPTURE(threads);
      Setup setup = accounts();
      setup.topics.push_back(topic("balances", {1}));
      setup.topics[1].config = setup.topics[0].config;
      setup.config.cleaner_threads = threads;
      setup.config.cleaner_io_max_bytes_per_second = threads * 1'000;
      setup.config.cleaner_io_buffer_size = 1 << 10;
      setup.producers.push_back(producer("clerk", "balances"));
      setup.producers[1].spec.config.linger = 0;
      Cluster c(setup);
      c.run_to(2 * kSecond);
      const std::string cleaner = dirtier == "accounts" ? "balances" : "accounts";
      send(c, "k1=a k2=a k3=a k4=a", sender(cleaner));
      c.until("log_cleaned", {{"topic", cleaner}});
      c.run_for(kSecond);
      // Half of one is dirty now and more, and all of the other.
      send(c, "k1=b k2=b k3=b k1=c k2=c k3=c", sender(cleaner));
      send(c, "k1=a k1=b k1=c k1=d", sender(dirtier));
      const Time began = c.until("log_cleaning_started");
      CHECK(c.happened("log_cleaning_started", {{"topic", dirtier}}, began));
      CHECK(c.happened("log_cleaning_started", {{"topic", cleaner}}, began) == (threads == 2));
      const Time other = threads == 2 ? began : c.until("log_cleaning_started", {{"topic", cleaner}});
      if (threads == 1) CHECK(c.happened("log_cleaned", {{"topic", dirtier}}, began));
      CHECK(other - began < 15 * kSecond);  // at once, not at the next look
    }
  }
}

TEST_CASE("L14: a round reads what is dirty twice and what is clean once, then writes what is left; threads share the limit") {
  constexpr std::int64_t kDirty = 60 * kAccountBytes, kLeft = 3 * kAccountBytes, kPace = 10'000;  // three keys
  const auto lasts = [](std::int64_t bytes) { return bytes * kSecond / kPace; };
  const auto near = [](Duration took, Duration wanted) { return std::abs(took - wanted) < kMillisecond; };
  for (const std::int64_t threads : {1, 2}) {
    CAPTURE(threads);
    Setup setup = accounts();
    setup.topics[0].config.segment_bytes = kDirty;
    setup.topics.push_back(topic("balances", {1}));
    setup.topics[1].config = setup.topics[0].config;
    setup.config.cleaner_threads = threads;
    setup.config.cleaner_io_max_bytes_per_second = threads * kPace;
    setup.config.cleaner_io_buffer_size = 4000;
    setup.producers.push_back(producer("clerk", "balances"));
    setup.producers[1].spec.config.linger = 0;
    Cluster c(setup);
    c.run_to(2 * kSecond);
    const auto write = [&](const char* who, int count) {
      for (int i = 0; i < count; ++i) c.act(Send{who, "k" + std::to_string(i % 3), "", -1, 1}), c.run_for(10 * kMillisecond);
    };
    write("teller", 61);
    write("clerk", 61);
    const Time first = c.until("log_cleaning_started", {{"topic", "accounts"}});
    const Time first_done = c.until("log_cleaned", {{"topic", "accounts"}});
    CHECK(near(first_done - first, lasts(2 * kDirty)));
    if (threads == 1) CHECK(near(c.until("log_cleaning_started", {{"topic", "balances"}}) - first_done, lasts(kLeft)));
    else CHECK(c.happened("log_cleaning_started", {{"topic", "balances"}}, first));
    if (c.count("log_cleaned", {{"topic", "balances"}}) == 0) c.until("log_cleaned", {{"topic", "balances"}});
    write("teller", 60);
    const Time again = c.until("log_cleaning_started", {{"topic", "accounts"}, {"clean_bytes", std::to_string(kLeft)}});
    CHECK(near(c.until("log_cleaned", {{"topic", "accounts"}}) - again, lasts(2 * kDirty + kLeft)));
  }
}

// Of 4000 bytes each of two threads has half, and reads and writes with a half of that.
TEST_CASE("L14: a cleaner takes what a slow disk gives, and what is written waits for one buffer of it at most") {
  Setup setup = accounts();
  setup.topics[0].config.segment_bytes = 60 * kAccountBytes;
  setup.config.cleaner_threads = 2;
  setup.config.cleaner_io_buffer_size = 4000;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  for (int i = 0; i < 61; ++i) c.act(Send{"teller", "k" + std::to_string(i % 3), "", -1, 1}), c.run_for(10 * kMillisecond);
  c.act(Slow{"broker 1", {0}, 10'000});
  const Time began = c.until("log_cleaning_started");
  c.run_for(kSecond + kMillisecond);
  const Time sent = c.now();
  c.act(Send{"teller", "k4", "", -1, 1});
  CHECK(c.until("records_acked") - sent < (1000 + kAccountBytes) * kSecond / 10'000 + 5 * kMillisecond);
  const Duration reading = 2 * 60 * kAccountBytes * kSecond / 10'000;
  const Duration took = c.until("log_cleaned") - began;
  CHECK(took >= reading);
  CHECK(took < reading + 100 * kMillisecond);
}

// 480 bytes for two threads are ten places of 24 bytes each, of which nine may be taken.
TEST_CASE("L15: how many keys a round takes is told by the memory, the threads that share it, and how full it may become") {
  Setup setup = accounts();
  setup.config.cleaner_threads = 2;
  setup.config.cleaner_dedupe_buffer_size = 480;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  std::string words = "k0=a";
  for (int i = 1; i < 31; ++i) words += " k" + std::to_string(i) + "=a";
  send(c, words);
  c.until("log_cleaned");
  CHECK(c.happened("log_cleaned", {{"from", "0"}, {"to", "9"}}));
}

TEST_CASE("L17: the horizon counts from when the cleaning began, by the clock of the broker") {
  Setup setup = accounts();
  setup.topics[0].config.delete_retention = kHour;
  setup.config.cleaner_io_max_bytes_per_second = 100;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  c.act(SetClock{"broker 1", {10 * kMinute}});
  send(c, "k1= k2=b k3=c k4=d");
  const Time began = c.until("log_cleaning_started");
  CHECK(c.until("log_cleaned") - began > kSecond);
  REQUIRE(c.log(1, "accounts").batch_at(0) != nullptr);
  CHECK(c.log(1, "accounts").batch_at(0)->delete_horizon == began + 10 * kMinute + kHour);
}

}  // namespace nutshell
