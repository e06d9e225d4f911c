// What the leader of a partition does about its ISR when the controller's answer is lost or is no (R7), whom the high
// watermark waits for (R8), and what a broker says of a replica that it does not have (R2).
#include "tests/cluster/asking.h"

namespace nutshell {
namespace {

Setup three_copies() {
  Setup setup;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 2, 3})};
  return setup;
}

const Replica& replica_of(const Cluster& c, BrokerId broker) {
  return *c.world.find_broker(broker)->replica({c.world.topic_id("orders"), 0});
}

void send_records(Cluster& c, const std::string& producer, std::int64_t count) { c.act(Send{producer, "", "", -1, count}); }

// Broker 3 is back in the ISR, as the controller has it; the leader, broker 1, does not hear of it for `patience`.
struct AnswerLost : Cluster {
  static Setup setup() {
    Setup setup = three_copies();
    setup.config.replica_lag_time_max = 10 * kSecond;
    setup.config.request_timeout = 15 * kSecond;
    setup.topics[0].config.min_insync_replicas = 2;
    setup.producers = {producer("p1", "orders"), producer("p2", "orders")};
    return setup;
  }
  AnswerLost() : Cluster(setup()) {
    run_to(5 * kSecond);
    send_records(*this, "p1", 10);
    run_to(10 * kSecond);
    stop("broker 3");
    run_to(12 * kSecond);
    start("broker 3");
    until("isr_expanded", {{"topic", "orders"}, {"broker", "3"}});
    act(Cut{"Q1", "broker 1", true});
    run_for(100 * kMillisecond);
    cut("broker 3", "broker 1");
  }
};

}  // namespace

TEST_CASE("R7: an ISR that the controller refuses because it has already taken it stays pending, and nothing is lost") {
  AnswerLost c;
  CHECK(replica_of(c, 1).pending_isr.size() == 3);
  c.run_to(25 * kSecond);
  send_records(c, "p1", 1);
  c.until("request_timed_out", {{"client", "broker 1"}, {"message", "AlterPartition"}});
  c.act(Heal{"Q1", "broker 1"});
  c.until("isr_change_refused", {{"leader", "1"}, {"error", "INVALID_UPDATE_VERSION"}});
  CHECK(replica_of(c, 1).pending_isr.size() == 3);
  for (int i = 0; i < 4; ++i) {
    c.run_for(10 * kMillisecond);
    send_records(c, "p2", 1);
  }
  c.run_for(20 * kMillisecond);
  CHECK(replica_of(c, 1).log.high_watermark() == 10);
  CHECK_FALSE(c.happened("records_acked", {}, 10 * kSecond));
  c.crash("broker 1");
  c.crash("broker 2");
  c.heal();
  c.until("leader_elected", {{"topic", "orders"}, {"leader", "3"}, {"unclean", "false"}});
  c.run_for(kMinute);
  CHECK(c.betrayals() == "");
}

TEST_CASE("R7: an ISR with a member that has been fenced is given up, and proposed anew later") {
  Setup setup = three_copies();
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  Cluster c(setup);
  c.run_to(5 * kSecond);
  c.stop("broker 3");
  c.until("node_stopped", {{"node", "broker 3"}});
  c.start("broker 3");
  c.until("isr_change_proposed", {{"topic", "orders"}, {"broker", "3"}});
  // The controller hears of the proposal only when broker 3 has stopped again.
  c.act(DropMessage{"broker 1", "Q1", "AlterPartition"});
  c.stop("broker 3");
  c.until("isr_change_refused", {{"leader", "1"}, {"error", "INELIGIBLE_REPLICA"}});
  CHECK(replica_of(c, 1).pending_isr.empty());
  CHECK(replica_of(c, 1).isr.size() == 2);
  c.run_for(5 * kSecond);
  c.start("broker 3");
  c.until("isr_expanded", {{"topic", "orders"}, {"broker", "3"}});
  CHECK(c.betrayals() == "");
}

TEST_CASE("R7: one AlterPartition at a time; an old one that comes back late does not speak for a new proposal") {
  Setup setup = three_copies();
  setup.config.replica_lag_time_max = 10 * kSecond;
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  Cluster c(setup);
  c.run_to(5 * kSecond);
  c.act(Cut{"broker 1", "Q1", true});  // what the leader asks does not arrive; it hears of what the controller does
  c.pause("broker 3");
  c.until("isr_change_proposed", {{"topic", "orders"}, {"broker", "3"}});
  CHECK(replica_of(c, 1).isr_request == IsrRequest::current);
  CHECK(replica_of(c, 1).isr.size() == 3);
  c.heal();
  c.resume("broker 3");
  c.run_for(2 * kMinute);
  CHECK(replica_of(c, 1).pending_isr.empty());
  CHECK(replica_of(c, 1).isr_request == IsrRequest::none);
  CHECK(replica_of(c, c.world.find_broker(1)->image.partition({c.world.topic_id("orders"), 0})->leader).isr.size() == 3);
  CHECK(c.betrayals() == "");
}

TEST_CASE("R8: a broker that has restarted and cannot reach the leader holds up no acknowledgement") {
  Setup setup = three_copies();
  setup.producers = {producer("shop", "orders", 50 * kMillisecond)};
  Cluster c(setup);
  c.run_to(15 * kSecond);
  c.stop("broker 2");
  c.until("node_stopped", {{"node", "broker 2"}});
  c.cut("broker 1", "broker 2");
  c.run_for(kSecond);
  c.start("broker 2");
  c.until("broker_unfenced", {{"broker", "2"}});
  const Time unfenced = c.now();
  c.run_for(35 * kSecond);
  CHECK(c.longest_pause("records_acked", {{"producer", "shop"}}, unfenced) <= 200 * kMillisecond);
  c.heal();
  c.until("isr_expanded", {{"topic", "orders"}, {"broker", "2"}});
  CHECK(c.betrayals() == "");
}

TEST_CASE("R8: min.insync.replicas of the brokers counts from the moment it is set") {
  Setup setup = three_copies();
  setup.producers = {producer("shop", "orders")};
  Cluster c(setup);
  c.run_to(3 * kSecond);
  c.crash("broker 3");
  c.run_to(20 * kSecond);
  REQUIRE(c.value("topics/orders/0/Isr") == "1,2");
  c.act(SetConfig{"brokers", "min.insync.replicas", "3"});
  send_records(c, "shop", 1);
  c.run_for(2 * kSecond);
  CHECK(c.happened("produce_refused", {{"producer", "shop"}, {"error", "NOT_ENOUGH_REPLICAS"}}));
  CHECK_FALSE(c.happened("records_acked"));
  c.act(SetConfig{"brokers", "min.insync.replicas", "2"});
  c.until("records_acked", {{"producer", "shop"}}, 3 * kSecond);
  // Of one broker only: it counts where that broker leads.
  c.act(SetConfig{"broker 2", "min.insync.replicas", "3"});
  send_records(c, "shop", 1);
  c.until("records_acked", {{"producer", "shop"}}, kSecond);
  c.act(SetConfig{"broker 1", "min.insync.replicas", "3"});
  const Time set = c.now();
  send_records(c, "shop", 1);
  c.run_for(kSecond);
  CHECK_FALSE(c.happened("records_acked", {}, set + 1));
  // What the topic says goes before what the brokers say.
  c.act(SetConfig{"orders", "min.insync.replicas", "1"});
  c.until("records_acked", {{"producer", "shop"}}, 3 * kSecond);
  CHECK(c.betrayals() == "");
}

TEST_CASE("R8: a write that waits while min.insync.replicas is raised is not confirmed below it") {
  Setup setup = three_copies();
  setup.producers = {producer("shop", "orders")};
  Cluster c(setup);
  c.run_to(3 * kSecond);
  c.crash("broker 3");
  send_records(c, "shop", 1);  // waits for broker 3, which is still in the ISR
  c.run_for(kSecond);
  CHECK(replica_of(c, 1).log.log_end_offset() == 1);
  c.act(SetConfig{"brokers", "min.insync.replicas", "3"});
  c.until("broker_fenced", {{"broker", "3"}});
  c.run_for(2 * kSecond);
  CHECK(replica_of(c, 1).log.high_watermark() == 0);
  CHECK_FALSE(c.happened("records_acked"));
  c.start("broker 3");
  c.until("records_acked", {{"producer", "shop"}});
  CHECK(c.betrayals() == "");
}

TEST_CASE("R2: who asks for a replica that is not here hears that another broker has it, or that there is no such topic") {
  Setup setup = three_copies();
  setup.topics.push_back(topic("mails", {2, 3}));
  Cluster c(setup);
  c.run_to(5 * kSecond);
  const TopicPartition mails{c.world.topic_id("mails"), 0};
  const auto produce = [](TopicPartition tp) {
    ProduceRequest request;
    Batch batch;
    batch.count = 1;
    batch.size_in_bytes = 100;
    request.partitions.push_back({tp, batch});
    return request;
  };
  const auto fetch = [](TopicPartition tp) {
    FetchRequest request;
    request.partitions.push_back({tp, 0, -1, -1});
    return request;
  };
  const auto list = [](TopicPartition tp) {
    ListOffsetsRequest request;
    request.partitions.emplace_back();
    request.partitions.back().tp = tp;
    return request;
  };
  const TopicPartition beyond{mails.topic, 7}, nothing{mails.topic + 100, 0};
  const ErrorCode elsewhere = ErrorCode::not_leader_or_follower, unknown = ErrorCode::unknown_topic_or_partition;
  CHECK(ask<ProduceResponse>(c, 1, produce(mails)).partitions.at(0).error == elsewhere);
  CHECK(ask<FetchResponse>(c, 1, fetch(mails)).partitions.at(0).error == elsewhere);
  CHECK(ask<ListOffsetsResponse>(c, 1, list(mails)).partitions.at(0).error == elsewhere);
  for (TopicPartition each : {beyond, nothing}) CHECK(ask<ListOffsetsResponse>(c, 1, list(each)).partitions.at(0).error == unknown);
  CHECK(ask<ProduceResponse>(c, 1, produce(beyond)).partitions.at(0).error == unknown);
  CHECK(ask<FetchResponse>(c, 1, fetch(beyond)).partitions.at(0).error == unknown);
  // These two name the topic by its id (C17).
  CHECK(ask<ProduceResponse>(c, 1, produce(nothing)).partitions.at(0).error == ErrorCode::unknown_topic_id);
  CHECK(ask<FetchResponse>(c, 1, fetch(nothing)).partitions.at(0).error == ErrorCode::unknown_topic_id);
}

TEST_CASE("R2: a fetch that a broker sent before it died does not speak for it once it has registered anew") {
  Setup setup = three_copies();
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  Cluster c(setup);
  c.run_to(10 * kSecond);
  // What broker 2 sends on the connection that it has takes a minute; its successor's connection is fast again.
  c.act(SetLink{"broker 2", "broker 1", {20 * kSecond}});
  c.run_for(2 * kSecond);
  c.act(SetLink{"broker 2", "broker 1", {200 * kMicrosecond}});
  c.crash("broker 2");
  c.run_for(500 * kMillisecond);
  c.start("broker 2");
  c.until("isr_expanded", {{"topic", "orders"}, {"broker", "2"}});
  const Offset epoch = c.world.find_broker(2)->broker_epoch;
  c.run_for(30 * kSecond);
  for (const FollowerState& each : replica_of(c, 1).followers) {
    if (each.broker == 2) CHECK(each.broker_epoch == epoch);
  }
  CHECK(replica_of(c, 1).isr.size() == 3);
  CHECK(c.betrayals() == "");
}

// FetchSession: what an answer says once more is what has changed since the last one; after an error it is all.
TEST_CASE("R3: marks that a follower was told with an error it is told again") {
  Setup setup = three_copies();
  setup.producers = {producer("p1", "orders")};
  Cluster c(setup);
  c.run_to(8 * kSecond);
  send_records(c, "p1", 5);
  c.run_for(2 * kSecond);
  c.crash("broker 3");
  c.run_for(20 * kSecond);
  const Offset end = c.log(1, "orders").log_end_offset();
  REQUIRE(c.log(1, "orders").high_watermark() == end);
  const auto fetch = [&](Offset offset) {
    FetchRequest request;
    request.replica_id = 3;
    request.max_bytes = request.partition_max_bytes = 1 << 20;
    request.partitions.emplace_back();
    request.partitions.back().tp = {c.world.topic_id("orders"), 0};
    request.partitions.back().fetch_offset = offset;
    return ask<FetchResponse>(c, 1, request).partitions;
  };
  fetch(end);
  CHECK(fetch(end).empty());
  REQUIRE(fetch(end + 1).size() == 1);
  const auto after = fetch(end);
  REQUIRE(after.size() == 1);
  CHECK(after[0].error == ErrorCode::none);
  CHECK(after[0].high_watermark == end);
  CHECK(fetch(end).empty());
}

// Broker 4 holds the high watermark back where broker 3 leads, and broker 2 knows a higher one.
TEST_CASE("L3: a follower takes its leader's high watermark also where it has to lower its own") {
  Setup setup;
  setup.brokers = 4;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 3, 2, 4})};
  setup.producers = {producer("p1", "orders")};
  Cluster c(setup);
  c.run_to(8 * kSecond);
  send_records(c, "p1", 5);
  c.run_for(2 * kSecond);
  send_records(c, "p1", 1);
  c.until("high_watermark_moved", {{"topic", "orders"}, {"broker", "1"}, {"to", "6"}});
  c.act(Cut{"broker 1", "broker 3", true});  // it has the record, and is not told that it is committed
  c.until("high_watermark_moved", {{"topic", "orders"}, {"broker", "2"}, {"to", "6"}});
  c.crash("broker 1");
  c.cut("broker 4", "broker 3");
  c.until("leader_took_office", {{"topic", "orders"}, {"broker", "3"}}, 15 * kSecond);
  REQUIRE(c.log(3, "orders").high_watermark() == 5);
  c.run_for(2 * kSecond);
  CHECK(c.happened("high_watermark_moved", {{"topic", "orders"}, {"broker", "2"}, {"from", "6"}, {"to", "5"}}));
  CHECK(c.log(2, "orders").high_watermark() == 5);
  CHECK(c.log(2, "orders").log_end_offset() == 6);
  c.run_for(kMinute);  // broker 4 has left the ISR
  CHECK(c.log(2, "orders").high_watermark() == 6);
}

// KIP-74. Two partitions of three batches each.
TEST_CASE("L4: an answer has as many bytes as were asked for, of each partition and in all, but one batch at least") {
  constexpr std::int64_t kBytes = 61 + 8 + 100;  // a batch of one record
  Setup setup = three_copies();
  setup.topics.push_back(topic("mails", {1, 2, 3}));
  setup.producers = {producer("p1", "orders"), producer("p2", "mails")};
  for (ProducerSetup& each : setup.producers) each.spec.config.linger = 0;
  Cluster c(setup);
  c.run_to(8 * kSecond);
  for (int i = 0; i < 3; ++i) {
    send_records(c, "p1", 1);
    send_records(c, "p2", 1);
    c.run_for(2 * kSecond);
  }
  REQUIRE(c.log(1, "orders").size_in_bytes() == 3 * kBytes);
  REQUIRE(c.log(1, "mails").high_watermark() == 3);
  const auto batches = [&](std::int64_t of_partition, std::int64_t in_all) {
    FetchRequest request;
    request.partition_max_bytes = of_partition;
    request.max_bytes = in_all;
    for (const char* each : {"orders", "mails"}) {
      request.partitions.emplace_back();
      request.partitions.back().tp = {c.world.topic_id(each), 0};
    }
    const auto answer = ask<FetchResponse>(c, 1, request).partitions;
    return std::pair(answer.at(0).batch_count, answer.at(1).batch_count);
  };
  CHECK(batches(1 << 20, 1 << 20) == std::pair(3, 3));
  CHECK(batches(2 * kBytes, 1 << 20) == std::pair(2, 2));
  CHECK(batches(1 << 20, 4 * kBytes) == std::pair(3, 1));
  CHECK(batches(1 << 20, 3 * kBytes) == std::pair(3, 0));
  CHECK(batches(1, 1) == std::pair(1, 0));
}

TEST_CASE("L19: a leader's epoch begins where its log ends when it takes office, also before it has written anything") {
  Setup setup = three_copies();
  setup.producers = {producer("p1", "orders")};
  Cluster c(setup);
  c.run_to(8 * kSecond);
  send_records(c, "p1", 5);
  c.run_for(2 * kSecond);
  c.crash("broker 1");
  c.until("leader_took_office", {{"topic", "orders"}, {"broker", "2"}});
  const Replica& leader = replica_of(c, 2);
  REQUIRE(leader.log.log_end_offset() == 5);
  REQUIRE_FALSE(leader.log.leader_epochs().entries().empty());
  CHECK(leader.log.leader_epochs().entries().back() == EpochEntry{leader.leader_epoch, 5});
}

TEST_CASE("L21: of a fetch that parts from its log a leader notes nothing") {
  Setup setup = three_copies();
  setup.producers = {producer("p1", "orders")};
  Cluster c(setup);
  c.run_to(8 * kSecond);
  send_records(c, "p1", 5);
  c.run_for(2 * kSecond);
  const Epoch before = replica_of(c, 1).leader_epoch;
  c.crash("broker 1");
  c.until("leader_took_office", {{"topic", "orders"}, {"broker", "2"}});
  c.run_for(2 * kSecond);
  send_records(c, "p1", 5);
  c.run_for(2 * kSecond);
  REQUIRE(c.log(2, "orders").log_end_offset() == 10);
  FetchRequest request;  // as broker 1 would ask that had written three records more
  request.replica_id = 1;
  request.max_bytes = request.partition_max_bytes = 1 << 20;
  request.partitions.emplace_back();
  request.partitions.back().tp = {c.world.topic_id("orders"), 0};
  request.partitions.back().fetch_offset = 8;
  request.partitions.back().last_fetched_epoch = before;
  const auto known = [&] {
    for (const FollowerState& each : replica_of(c, 2).followers)
      if (each.broker == 1) return std::pair(each.log_end_offset, each.last_fetch);
    return std::pair(Offset{-7}, Time{-7});
  };
  const auto noted = known();
  request.max_wait = 5 * kSecond;
  const Time asked = c.now();
  const auto answer = ask<FetchResponse>(c, 2, request).partitions.at(0);
  CHECK(c.now() - asked < kSecond);  // it waits for nothing
  CHECK(answer.error == ErrorCode::none);
  CHECK(answer.diverging_epoch == before);
  CHECK(answer.diverging_end == 5);
  CHECK(answer.batch_count == 0);
  CHECK(known() == noted);
  request.partitions.back().last_fetched_epoch = replica_of(c, 2).leader_epoch + 1;  // which no leader here has had
  const auto lost = ask<FetchResponse>(c, 2, request).partitions.at(0);
  CHECK(lost.error == ErrorCode::offset_out_of_range);
  CHECK(lost.diverging_end == 10);  // L22
  CHECK(known() == noted);
  // Whose log is as long as the leader's, and who has heard of all marks, may have parted from it all the same.
  request.max_wait = 0;
  request.partitions.back().fetch_offset = 10;
  const auto parts = [&](Epoch last) {
    request.partitions.back().last_fetched_epoch = last;
    const auto answers = ask<FetchResponse>(c, 2, request).partitions;
    return !answers.empty() && answers[0].diverging_epoch >= 0;
  };
  for (int i = 0; i < 2; ++i) CHECK_FALSE(parts(replica_of(c, 2).leader_epoch));
  CHECK(parts(before));
}

}  // namespace nutshell
