// DeleteRecords, and readers that begin at a time (L6, L12).
#include "tests/cluster/asking.h"

namespace nutshell {
namespace {

constexpr std::int64_t kOneRecord = 61 + 8 + 100;  // of one record

// A record a second from 4 s on, ten in a segment.
Setup every_second(const std::vector<BrokerId>& replicas) {
  Setup setup;
  setup.brokers = 3;
  setup.controllers = 1;
  setup.topics = {topic("orders", replicas)};
  setup.topics[0].config.segment_bytes = 10 * kOneRecord;
  setup.producers = {producer("shop", "orders", kSecond)};
  setup.producers[0].spec.config.linger = 0;
  setup.producers[0].start = 3 * kSecond;
  return setup;
}

Cluster::Where asked() { return {{"reason", "requested"}}; }

}  // namespace

TEST_CASE("L12, scenario 45: the leader's log begins later at once, followers follow, and bytes go with their whole segment") {
  Cluster c(every_second({1, 2, 3}));
  c.run_to(25500 * kMillisecond);
  REQUIRE(c.log(1, "orders").high_watermark() == 22);
  const std::int64_t bytes = c.log(1, "orders").size_in_bytes();
  c.act(DeleteRecords{"orders", 0, 15});
  const Time raised = c.until("log_start_raised", {{"broker", "1"}});
  CHECK(raised - 25500 * kMillisecond < 100 * kMillisecond);
  CHECK(c.happened("log_start_raised", {{"broker", "1"}, {"from", "0"}, {"to", "15"}, {"reason", "requested"}}));
  CHECK(c.log(1, "orders").log_start_offset() == 15);
  c.run_for(2 * kSecond);
  for (BrokerId follower : {2, 3}) CHECK(c.log(follower, "orders").log_start_offset() == 15);
  CHECK(c.happened("log_start_raised", {{"broker", "2"}, {"reason", "leader"}}));
  CHECK(c.world.find_broker(1)->deletes.empty());  // answered as soon as both have said so
  CHECK(c.world.admin.requests.empty());
  // Nothing is free yet, and at the next look only what lies wholly below.
  CHECK(c.log(1, "orders").size_in_bytes() >= bytes);
  c.until("segment_deleted", {{"broker", "1"}});
  CHECK(c.happened("segment_deleted", {{"base_offset", "0"}, {"reason", "below_log_start"}}));
  CHECK_FALSE(c.happened("segment_deleted", {{"base_offset", "10"}}));
  CHECK_FALSE(c.happened("admin_failed"));
  CHECK(c.betrayals() == "");
}

TEST_CASE("L12: without an offset all that is committed goes; offsets go on") {
  Cluster c(every_second({1, 2}));
  c.run_to(20500 * kMillisecond);
  const Offset mark = c.log(1, "orders").high_watermark();
  c.act(DeleteRecords{"orders", 0});
  c.until("log_start_raised", asked());
  CHECK(c.log(1, "orders").log_start_offset() == mark);
  c.run_for(5 * kSecond);
  CHECK(c.log(1, "orders").log_end_offset() == mark + 5);
  CHECK(c.betrayals() == "");
}

TEST_CASE("L12: the answer waits for followers that are alive, and for no others") {
  for (const bool dead : {false, true}) {
    Cluster c(every_second({1, 2, 3}));
    c.run_to(20500 * kMillisecond);
    if (dead) c.crash("broker 3");
    else c.cut("broker 1", "broker 3");
    c.run_for(5 * kSecond);  // not fenced yet
    c.act(DeleteRecords{"orders", 0, 10});
    c.until("log_start_raised", asked());
    c.run_for(kSecond);
    CHECK(c.world.find_broker(1)->deletes.size() == 1);
    c.run_for(20 * kSecond);
    // A dead broker is fenced after nine seconds; one that only its leader does not hear of is not.
    CHECK(c.world.find_broker(1)->deletes.size() == (dead ? 0 : 1));
    CHECK(c.world.admin.requests.size() == (dead ? 0 : 1));
    c.run_for(90 * kSecond);
    CHECK(c.happened("admin_failed", {{"message", "DeleteRecords"}, {"error", "REQUEST_TIMED_OUT"}}) == !dead);
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("L12: what Kafka refuses: too high an offset, and a topic that is only compacted") {
  Setup setup = every_second({1});
  setup.topics.push_back(topic("accounts", {2}));
  setup.topics[1].config.cleanup_policy = CleanupPolicy::compacts;
  Cluster c(setup);
  c.run_to(10500 * kMillisecond);
  c.act(DeleteRecords{"orders", 0, 1000});
  c.until("admin_failed", {{"topic", "orders"}, {"error", "OFFSET_OUT_OF_RANGE"}});
  c.act(DeleteRecords{"accounts", 0, 0});
  c.until("admin_failed", {{"topic", "accounts"}, {"error", "POLICY_VIOLATION"}});
  CHECK(impossible(c.world, DeleteRecords{"order", 0}) == "there is no topic 'order'");
  CHECK(impossible(c.world, DeleteRecords{"orders", 7}) == "orders has no partition 7");
  for (const CleanupPolicy policy : {CleanupPolicy::neither, CleanupPolicy::compacts_and_deletes}) {
    Setup free = every_second({1});
    free.topics[0].config.cleanup_policy = policy;
    free.producers[0].keys = {"a", "b"};
    free.producers[0].spec.key_choice = KeyChoice::cycle;
    Cluster other(free);
    other.run_to(10500 * kMillisecond);
    other.act(DeleteRecords{"orders", 0, 3});
    other.until("log_start_raised", asked());
    CHECK(other.log(1, "orders").log_start_offset() == 3);
  }
}

TEST_CASE("L11, L12: followers of a partition in which nothing happens hear of the new log start too") {
  Setup setup = every_second({1, 2, 3});
  setup.producers[0].spec.limit = 5;
  Cluster c(setup);
  c.run_to(30 * kSecond);
  REQUIRE(c.log(1, "orders").high_watermark() == 5);
  c.act(DeleteRecords{"orders", 0, 3});
  c.run_for(2 * kSecond);
  for (BrokerId each : {1, 2, 3}) CHECK(c.log(each, "orders").log_start_offset() == 3);
  CHECK(c.world.admin.requests.empty());
}

TEST_CASE("L12: who waits longer than the caller wants is told REQUEST_TIMED_OUT, and where the log begins that begins first") {
  Cluster c(every_second({1, 2, 3}));
  c.run_to(20500 * kMillisecond);
  c.cut("broker 1", "broker 2");
  const auto answer = ask<DeleteRecordsResponse>(c, 1, DeleteRecordsRequest{{c.world.topic_id("orders"), 0}, 10, 3 * kSecond});
  CHECK(answer.error == ErrorCode::request_timed_out);
  CHECK(answer.low_watermark == 0);
  CHECK(c.log(3, "orders").log_start_offset() == 10);
}

TEST_CASE("L12: what is not committed cannot be deleted, nor what lies below 0") {
  Cluster c(every_second({1, 2}));
  c.run_to(10500 * kMillisecond);
  c.crash("broker 2");
  c.run_for(3 * kSecond);
  const Log& log = c.log(1, "orders");
  const Offset mark = log.high_watermark();
  REQUIRE(log.log_end_offset() > mark);
  const auto error = [&](Offset offset) {
    return ask<DeleteRecordsResponse>(c, 1, DeleteRecordsRequest{{c.world.topic_id("orders"), 0}, offset, 0}).error;
  };
  CHECK(error(mark + 1) == ErrorCode::offset_out_of_range);
  CHECK(error(-2) == ErrorCode::offset_out_of_range);
  CHECK(log.log_start_offset() == 0);
}

TEST_CASE("L12: who leads no more answers what still waits for followers with NOT_LEADER_OR_FOLLOWER, and the next leader is asked") {
  Cluster c(every_second({1, 2, 3}));
  c.run_to(20500 * kMillisecond);
  c.cut("broker 1", "broker 3");
  c.act(DeleteRecords{"orders", 0, 10});
  c.until("log_start_raised", asked());
  c.run_for(kSecond);
  REQUIRE(c.world.find_broker(1)->deletes.size() == 1);
  c.cut("broker 1", "Q1");  // and is replaced
  c.until("leader_took_office", {{"topic", "orders"}, {"broker", "2"}});
  c.heal();
  c.until("follower_started", {{"topic", "orders"}, {"broker", "1"}});
  CHECK(c.world.find_broker(1)->deletes.empty());
  c.run_for(5 * kSecond);
  CHECK(c.world.admin.requests.empty());
  CHECK_FALSE(c.happened("admin_failed"));
  for (BrokerId each : {1, 2, 3}) CHECK(c.log(each, "orders").log_start_offset() == 10);
}

TEST_CASE("L12: a new leader is found and asked") {
  Cluster c(every_second({1, 2, 3}));
  c.run_to(20500 * kMillisecond);
  c.crash("broker 1");
  c.run_for(100 * kMillisecond);
  c.act(DeleteRecords{"orders", 0, 10});  // the controller still takes broker 1 for the leader
  const Time raised = c.until("log_start_raised", asked());
  CHECK(c.happened("log_start_raised", {{"broker", "2"}, {"to", "10"}}, raised));
  CHECK_FALSE(c.happened("admin_failed"));
}

TEST_CASE("L12, L22: where the leader's log begins in the middle of a batch, a follower with nothing takes that batch whole") {
  Setup setup = every_second({1, 2, 3});
  setup.producers[0].spec.records = 4;
  setup.producers[0].spec.config.linger = 10 * kMillisecond;  // four records, one batch
  Cluster c(setup);
  c.run_to(20500 * kMillisecond);
  const Log& leader = c.log(1, "orders");
  const Batch batch = *leader.batch_at(leader.log_end_offset() - 9);
  REQUIRE(batch.count == 4);
  const Offset inside = batch.base_offset + 2;
  c.act(DeleteRecords{"orders", 0, inside});
  c.run_for(2 * kSecond);
  c.crash("broker 3");
  c.run_for(12 * kSecond);
  c.act(WipeDisk{"broker 3"});
  c.start("broker 3");
  c.run_for(20 * kSecond);
  CHECK(c.value("topics/orders/0/Isr").find('3') != std::string::npos);
  const Log& copy = c.log(3, "orders");
  CHECK(copy.log_end_offset() == leader.log_end_offset());
  CHECK(copy.log_start_offset() == inside);
  REQUIRE(copy.batch_at(inside) != nullptr);
  CHECK(*copy.batch_at(inside) == batch);
  CHECK_FALSE(first_difference(copy, leader).has_value());
  CHECK(c.betrayals() == "");
}

TEST_CASE("L6: auto.offset.reset=by_duration begins at the first record that is not older, by the clock of the reader") {
  for (const Duration ahead : {Duration{0}, 4 * kSecond}) {
    Setup setup = every_second({1, 2});
    setup.consumers = {consumer("reader", "readers", "orders")};
    setup.consumers[0].spec.config.auto_offset_reset = {OffsetReset::by_duration, 10 * kSecond};
    setup.consumers[0].start = 30 * kSecond;
    Cluster c(setup);
    c.run_to(29 * kSecond);
    if (ahead > 0) c.act(SetClock{"reader", {ahead}});
    const Time set = c.until("position_set", {{"consumer", "reader"}, {"reset", "true"}});
    // Of the records of 4 s, 5 s, ... the first that was ten seconds old or younger when the reader asked.
    Offset first = 0;
    while ((4 + first) * kSecond < set + ahead - 10 * kSecond) ++first;
    CHECK(c.happened("position_set", {{"position", std::to_string(first)}}, set));
    CHECK(c.happened("position_reset", {{"policy", "by_duration"}, {"to", std::to_string(first)}, {"skipped", std::to_string(first)}}));
    c.until("records_delivered", {{"first", std::to_string(first)}});
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("L6: asked for the newest time, a leader names the first record of it, once that is committed") {
  Setup setup = every_second({1, 2});
  Cluster c(setup);
  c.run_to(10500 * kMillisecond);
  const TopicPartition tp{c.world.topic_id("orders"), 0};
  const auto newest = [&] {
    ListOffsetsRequest request;
    request.partitions.emplace_back();
    request.partitions.back().tp = tp;
    request.partitions.back().timestamp = kMaxTimestamp;
    return ask<ListOffsetsResponse>(c, 1, request).partitions.at(0).offset;
  };
  CHECK(newest() == c.log(1, "orders").log_end_offset() - 1);
  // Of a producer whose clock is a second ahead: its record stays the newest.
  c.act(SetClock{"shop", {1500 * kMillisecond}});
  c.run_for(kSecond);
  c.act(SetClock{"shop", {0}});
  const Offset ahead = c.log(1, "orders").log_end_offset() - 1;
  c.run_for(kSecond);
  REQUIRE(c.log(1, "orders").log_end_offset() > ahead + 1);
  CHECK(newest() == ahead);
  // What is not committed is not there.
  c.crash("broker 2");
  c.run_for(3 * kSecond);
  REQUIRE(c.log(1, "orders").log_end_offset() > c.log(1, "orders").high_watermark());
  CHECK(newest() == -1);
}

TEST_CASE("L6: where no record is so young, the reader asks again after request.timeout.ms") {
  Setup setup = every_second({1});
  setup.producers[0].spec.limit = 5;
  setup.consumers = {consumer("reader", "readers", "orders")};
  setup.consumers[0].spec.config.auto_offset_reset = {OffsetReset::by_duration, 5 * kSecond};
  setup.consumers[0].start = 30 * kSecond;
  Cluster c(setup);
  c.run_to(50 * kSecond);
  CHECK_FALSE(c.happened("position_set"));
  c.send("shop", "late");
  const Offset late = 5;
  c.run_to(55 * kSecond);
  CHECK_FALSE(c.happened("position_set"));
  // It asks again about half a minute after its first question, when that record is older than five seconds, and so on.
  for (int i = 0; i < 80; ++i) {
    c.run_for(kSecond);
    c.send("shop", "more");
  }
  CHECK(c.happened("position_set"));
  CHECK_FALSE(c.happened("position_set", {{"position", std::to_string(late)}}));
}

}  // namespace nutshell
