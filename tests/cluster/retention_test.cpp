// Retention: when segments go, on which replicas, and what readers see of it (L8-L11).
#include "tests/cluster/accounts.h"

namespace nutshell {
namespace {

constexpr Duration kLook = 10 * kSecond;

// A record of 100 bytes a second; a segment holds ten of them.
Setup hourly(const std::vector<BrokerId>& replicas = {1}) {
  Setup setup;
  setup.brokers = 3;
  setup.controllers = 1;
  setup.config.retention_check_interval = kLook;
  setup.topics = {topic("orders", replicas)};
  setup.topics[0].config.segment_bytes = 10 * (61 + 8 + 100);
  setup.producers = {producer("shop", "orders", kSecond)};
  return setup;
}

Cluster::Where on(BrokerId broker) { return {{"broker", std::to_string(broker)}, {"topic", "orders"}}; }

}  // namespace

TEST_CASE("L8: a broker looks half a minute after its start, and then again and again") {
  Setup setup = hourly();
  setup.topics[0].config.retention_time = 5 * kSecond;
  Cluster c(setup);
  const Time first = c.until("segment_deleted");
  CHECK(first >= 30 * kSecond);
  CHECK(first < 31 * kSecond);
  c.run_to(first + 25 * kSecond);
  const std::vector<Time> looks = c.times("log_start_raised");
  REQUIRE(looks.size() == 3);
  CHECK(looks[1] == first + kLook);
  CHECK(looks[2] == first + 2 * kLook);
  CHECK(c.betrayals() == "");
}

TEST_CASE("L9: a segment goes when its newest record is older than retention.ms, and not before") {
  Setup setup = hourly();
  setup.topics[0].config.retention_time = 20 * kSecond;
  Cluster c(setup);
  c.run_to(90 * kSecond);
  const Log& log = c.log(1, "orders");
  CHECK(log.log_start_offset() > 0);
  CHECK(log.log_start_offset() % 10 == 0);
  const Time now = c.now();
  // What is left is young enough, or was at the last look; what is gone was too old.
  CHECK(log.segments().front().newest() >= now - 20 * kSecond - kLook);
  for (Time at : c.times("segment_deleted")) CHECK(at <= now);
  const Offset gone = log.log_start_offset() - 1;
  CHECK(record_at(c.world.commons.store.records, log, gone) == nullptr);
  CHECK(record_at(c.world.commons.store.records, log, gone + 1) != nullptr);
  CHECK(c.value("logs/1/orders/0/LogStartOffset") == std::to_string(gone + 1));
  CHECK(c.betrayals() == "");
}

TEST_CASE("L9: by number, whole segments go as long as nutshell.retention.messages are left; without the key none does") {
  for (const bool keeps : {false, true}) {
    CAPTURE(keeps);
    Setup setup = hourly();
    if (keeps) setup.topics[0].config.retention_messages = 25;
    Cluster c(setup);
    c.run_to(100 * kSecond);
    const Log& log = c.log(1, "orders");
    CHECK(c.happened("segment_deleted", {{"reason", "messages"}}) == keeps);
    if (!keeps) CHECK(log.log_start_offset() == 0);
    if (!keeps) continue;
    CHECK(log.log_start_offset() > 0);
    CHECK(log.log_start_offset() % 10 == 0);
    CHECK(log.log_end_offset() - log.log_start_offset() >= 25);
    CHECK(log.log_end_offset() - log.log_start_offset() < 25 + 10 + 10);  // a segment, and what came since the last look
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("L9: by size, whole segments go as long as the log stays as large as retention.bytes says") {
  Setup setup = hourly();
  setup.topics[0].config.retention_bytes = 25 * (61 + 8 + 100);
  Cluster c(setup);
  c.run_to(100 * kSecond);
  const Log& log = c.log(1, "orders");
  CHECK(log.log_start_offset() > 0);
  CHECK(log.size_in_bytes() >= 25 * (61 + 8 + 100));
  CHECK(log.size_in_bytes() < (25 + 10 + 10) * (61 + 8 + 100));
  CHECK(c.happened("segment_deleted", {{"reason", "size"}}));
  CHECK_FALSE(c.happened("segment_deleted", {{"reason", "time"}}));
}

TEST_CASE("L10: an idle log expires altogether, and goes on where it ended") {
  Setup setup = hourly();
  setup.topics[0].config.retention_time = 15 * kSecond;
  setup.topics[0].config.file_delete_delay = 7 * kSecond;
  setup.producers[0].spec.limit = 5;
  Cluster c(setup);
  const Time deleted = c.until("segment_deleted");
  const Log& log = c.log(1, "orders");
  CHECK(log.log_start_offset() == 5);
  CHECK(log.log_end_offset() == 5);
  CHECK(log.size_in_bytes() == 0);
  CHECK(c.until("segment_file_removed", {{"base_offset", "0"}}) == deleted + 7 * kSecond);
  c.send("shop", "late");
  c.run_for(5 * kSecond);
  CHECK(c.log(1, "orders").log_end_offset() >= 5);
  CHECK(c.betrayals() == "");
}

TEST_CASE("L10: each file goes when its own topic's delay is over") {
  Setup setup = hourly();
  setup.topics.push_back(topic("mails", {1}));
  setup.producers.push_back(producer("post", "mails", kSecond));
  for (const std::size_t each : {0, 1}) {
    setup.topics[each].config.retention_time = 15 * kSecond;
    setup.topics[each].config.file_delete_delay = (each == 0 ? 20 : 7) * kSecond;
    setup.producers[each].spec.limit = 5;
  }
  Cluster c(setup);
  const Time deleted = c.until("segment_deleted");
  REQUIRE(c.times("segment_deleted") == std::vector<Time>(2, deleted));
  c.run_for(30 * kSecond);
  CHECK(c.times("segment_file_removed", {{"topic", "mails"}}) == std::vector<Time>{deleted + 7 * kSecond});
  CHECK(c.times("segment_file_removed", {{"topic", "orders"}}) == std::vector<Time>{deleted + 20 * kSecond});
}

TEST_CASE("L8, L10: of compact,delete a cleaner also sweeps what has only the segment that is written to") {
  Setup setup = accounts();
  setup.topics[0].config.cleanup_policy = CleanupPolicy::compacts_and_deletes;
  setup.topics[0].config.retention_time = 20 * kSecond;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k2=b");
  c.until("segment_deleted", {{"topic", "accounts"}, {"reason", "time"}});
  CHECK(c.log(1, "accounts").log_start_offset() == 2);
}

TEST_CASE("L2: how old a record is, and when it was appended, its leader tells by its own clock") {
  for (const bool stamps : {false, true}) {
    CAPTURE(stamps);
    Setup setup = hourly({1, 2});
    setup.topics[0].config.message_timestamp_type = stamps ? TimestampType::log_append_time : TimestampType::create_time;
    setup.topics[0].config.message_timestamp_before_max = kMinute;
    Cluster c(setup);
    c.run_to(10500 * kMillisecond);
    const Offset before = c.log(1, "orders").log_end_offset();
    REQUIRE(before > 3);
    c.act(SetClock{"broker 1", {10 * kMinute}});
    c.run_for(5 * kSecond);
    const Log& log = c.log(1, "orders");
    CHECK(c.happened("produce_refused", {{"broker", "1"}, {"error", "INVALID_TIMESTAMP"}}) == !stamps);
    CHECK((log.log_end_offset() > before) == stamps);
    if (!stamps) continue;
    const Time appended = log.batches().back().max_timestamp;
    CHECK(appended > c.now() + 9 * kMinute);
    CHECK(c.log(2, "orders").batches().back().max_timestamp == appended);
  }
}

TEST_CASE("L11: each replica deletes by its own clock; a follower takes the start of its leader") {
  for (const Duration behind : {Duration{0}, 10 * kMinute}) {
    Setup setup = hourly({1, 2, 3});
    setup.topics[0].config.retention_time = 20 * kSecond;
    Cluster c(setup);
    c.run_to(2 * kSecond);
    if (behind > 0) c.act(SetClock{"broker 2", {-behind}});
    c.run_to(85 * kSecond);
    const Offset start = c.log(1, "orders").log_start_offset();
    CHECK(start > 0);
    CHECK(c.log(2, "orders").log_start_offset() == start);
    CHECK(c.log(3, "orders").log_start_offset() == start);
    auto by_leader = on(2);
    by_leader.push_back({"reason", "leader"});
    CHECK(c.happened("log_start_raised", by_leader) == (behind > 0));
    // Its own look then finds segments below the log start.
    auto below = on(2);
    below.push_back({"reason", "below_log_start"});
    CHECK(c.happened("segment_deleted", below) == (behind > 0));
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("scenario 36: retention overtakes a reader, which goes on by auto.offset.reset") {
  Setup setup = hourly({1, 2});
  setup.topics[0].config.retention_time = 20 * kSecond;
  setup.consumers = {consumer("reader", "readers", "orders")};
  Cluster c(setup);
  c.run_to(15 * kSecond);
  c.crash("reader");
  c.run_to(120 * kSecond);
  const Offset start = c.log(1, "orders").log_start_offset();
  CHECK(start > 20);
  c.start("reader");
  const Time reset = c.until("position_reset", {{"consumer", "reader"}, {"policy", "earliest"}});
  const std::string new_start = std::to_string(c.log(1, "orders").log_start_offset());
  CHECK(c.happened("position_reset", {{"consumer", "reader"}, {"to", new_start}}, reset));
  c.run_for(5 * kSecond);
  CHECK(c.happened("records_delivered", {{"consumer", "reader"}, {"first", new_start}}, reset));
  CHECK(c.betrayals() == "");
}

TEST_CASE("what the broker says holds for topics that say nothing") {
  for (const bool said : {false, true}) {
    Setup setup = hourly();
    setup.config.retention_hours = 20 * kSecond;  // finer than its unit, for the test
    setup.config.retention_minutes = said ? 30 * kMinute : kAsBroker;
    Cluster c(setup);
    c.run_to(80 * kSecond);
    CHECK((c.log(1, "orders").log_start_offset() > 0) == !said);
  }
}

TEST_CASE("L9, L10: the broker's size, its milliseconds before its minutes, and its delay of files hold where a topic says nothing") {
  for (const bool by_size : {false, true}) {
    CAPTURE(by_size);
    Setup setup = hourly();
    setup.config.retention_minutes = 30 * kMinute;
    if (by_size) setup.config.retention_bytes = 25 * (61 + 8 + 100);
    else setup.config.retention_time = 20 * kSecond;
    setup.config.file_delete_delay = 9 * kSecond;
    Cluster c(setup);
    const Time deleted = c.until("segment_deleted", {{"reason", by_size ? "size" : "time"}}, 2 * kMinute);
    CHECK(c.until("segment_file_removed", {{"base_offset", "0"}}) == deleted + 9 * kSecond);
  }
}

TEST_CASE("L8, L9: without a cleaner nobody looks through compact,delete; what lies below the log start goes under every other policy") {
  for (const CleanupPolicy policy : {CleanupPolicy::compacts_and_deletes, CleanupPolicy::neither}) {
    CAPTURE(policy == CleanupPolicy::neither);
    Setup setup = hourly();
    setup.topics[0].config.cleanup_policy = policy;
    setup.topics[0].config.retention_time = 5 * kSecond;
    setup.config.cleaner_enable = false;
    setup.producers[0].keys = {"a", "b"};
    setup.producers[0].spec.key_choice = KeyChoice::cycle;
    Cluster c(setup);
    c.run_to(50 * kSecond);
    REQUIRE(c.log(1, "orders").log_end_offset() > 25);
    CHECK_FALSE(c.happened("segment_deleted"));
    c.act(DeleteRecords{"orders", 0, 22});
    c.run_for(2 * kLook);
    CHECK(c.count("segment_deleted", {{"reason", "below_log_start"}}) == (policy == CleanupPolicy::neither ? 2 : 0));
    CHECK(c.count("segment_deleted") == (policy == CleanupPolicy::neither ? 2 : 0));
  }
}

TEST_CASE("L8: the cleaner also sweeps what is only compacted, but not while it is being cleaned") {
  Setup setup = accounts();
  setup.topics[0].config.cleanup_policy = CleanupPolicy::deletes;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k2=b k3=c k4=d k5=e k6=f k7=g");
  c.act(DeleteRecords{"accounts", 0, 4});
  c.run_for(kSecond);
  c.act(SetConfig{"accounts", "cleanup.policy", "compact"});
  CHECK(c.until("segment_deleted", {{"reason", "below_log_start"}}) < 20 * kSecond);
  CHECK(c.log(1, "accounts").segments().front().base_offset == 3);
  setup = accounts();
  setup.topics[0].config.cleanup_policy = CleanupPolicy::compacts_and_deletes;
  setup.topics[0].config.retention_time = 20 * kSecond;
  setup.config.cleaner_io_max_bytes_per_second = 15;  // over a minute to read three batches twice
  setup.config.cleaner_io_buffer_size = 200;
  Cluster slow(setup);
  slow.run_to(2 * kSecond);
  send(slow, "k1=a k2=b k3=c k4=d");
  const Time began = slow.until("log_cleaning_started");
  CHECK(slow.until("log_cleaned", {}, 2 * kMinute) - began > kMinute);
  CHECK_FALSE(slow.happened("segment_deleted"));
  slow.until("segment_deleted", {{"reason", "time"}});
}

}  // namespace nutshell
