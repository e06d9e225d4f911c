// Re-enacts what was recorded of a real cluster of three brokers (Apache Kafka 2.4.1 with ZooKeeper, current
// Java clients), with its settings: sessions of 6 s, replica.lag.time.max.ms 10 s, no preferred leader election.
//
// Structure is compared exactly: who leads, epochs, ISR, offsets, losses, copies, order. Timings are compared with
// the rule behind them. Where Kafka 4 in KRaft mode does something else than 2.4 did, the test says what, and why.
#include <doctest/doctest.h>

#include <string>

#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

// The recorded cluster. The group of a consumer was not recorded: one partition of offsets is enough.
Setup recorded_cluster() {
  Setup setup;
  setup.config.broker_session_timeout = 6 * kSecond;
  setup.config.replica_lag_time_max = 10 * kSecond;
  setup.config.auto_leader_rebalance_enable = false;
  setup.config.offsets_topic_num_partitions = 1;
  return setup;
}

ProducerSetup with_acks_one(ProducerSetup setup) {
  setup.spec.config.acks = Acks::leader;
  setup.spec.config.enable_idempotence = false;
  return setup;
}

// Nothing that was acknowledged is lost, nothing is there twice, and all replicas are equal (R1).
void check_nothing_lost_or_doubled(Cluster& c, const std::string& topic) {
  CHECK_FALSE(c.broken("acked_records_survive"));
  CHECK_FALSE(c.broken("no_duplicates"));
  CHECK_FALSE(c.broken("send_order_kept"));
  CHECK_FALSE(c.broken("at_least_once"));
  CHECK(c.betrayals() == "");
  CHECK_FALSE(first_difference(c.log(1, topic), c.log(2, topic)).has_value());
  CHECK_FALSE(first_difference(c.log(1, topic), c.log(3, topic)).has_value());
}

// a and f: broker 2 leads [2,3,1]; a producer with acks=all, idempotent, sends a record each 20 ms.
Setup leader_ends() {
  Setup setup = recorded_cluster();
  setup.topics = {topic("a", {2, 3, 1})};
  setup.producers = {producer("p", "a", 20 * kMillisecond)};
  setup.consumers = {consumer("c", "g", "a")};
  return setup;
}

void check_old_leader_returns(Cluster& c) {
  c.start("broker 2");
  const Time registered = c.until("broker_registered", {{"broker", "2"}});
  const Time back = c.until("isr_expanded", {{"topic", "a"}, {"broker", "2"}});
  CHECK(back - registered <= 1200 * kMillisecond);  // recorded: 373 .. 1988
  c.until_value("topics/a/0/Isr", "3,1,2");
  CHECK(c.value("topics/a/0/Leader") == "3");  // leadership does not come back by itself
  c.run_for(2500 * kMillisecond);
  CHECK(c.count("leader_elected", {{"topic", "a"}}) == 1);
  CHECK(c.value("logs/3/a/0/LeaderEpoch") == "1");
  c.stop("p");
  c.run_for(2 * kSecond);
  CHECK(c.world.consumers[0].delivered == c.log(3, "a").log_end_offset());
  CHECK(c.world.producers[0].counters.failed == 0);
  CHECK(c.world.producers[0].counters.acked == c.log(3, "a").log_end_offset());
  check_nothing_lost_or_doubled(c, "a");
}

}  // namespace

TEST_CASE("recording a: the leader is killed under an idempotent producer with acks=all") {
  Cluster c(leader_ends());
  c.run_to(9 * kSecond);
  c.crash("broker 2");
  const Time killed = c.now();
  const Time elected = c.until("leader_elected", {{"topic", "a"}});
  CHECK(c.happened("leader_elected", {{"topic", "a"}, {"leader", "3"}, {"previous", "2"}, {"leader_epoch", "1"}}));
  c.until_value("topics/a/0/Leader", "3");
  CHECK(c.value("topics/a/0/Isr") == "3,1");  // in the same write
  // The session ends 6 s after the last heartbeat, of which there is one each 2 s.
  CHECK(elected - killed >= 4 * kSecond);
  CHECK(elected - killed <= 6100 * kMillisecond);
  // The clients' retries back off up to 1 s (N2); recorded: 99 .. 978.
  c.until("records_acked", {{"producer", "p"}});
  c.run_for(6 * kSecond);
  const Duration pause = elected - killed + 1100 * kMillisecond;
  // They ask those brokers for metadata that they are connected to, not the dead one again and again.
  for (const char* client : {"p", "c"})
    CHECK(c.count("message_dropped", {{"from", client}, {"to", "broker 2"}, {"message", "Metadata"}}, killed) <= 1);
  CHECK(c.longest_pause("records_acked", {{"producer", "p"}}, killed) <= pause);
  CHECK(c.longest_pause("records_delivered", {{"consumer", "c"}}, killed) <= pause);
  check_old_leader_returns(c);
}

TEST_CASE("recording f: the leader is stopped in an orderly way") {
  Cluster c(leader_ends());
  c.run_to(9 * kSecond);
  c.stop("broker 2");
  const Time stopped = c.now();
  const Time elected = c.until("leader_elected", {{"topic", "a"}});
  CHECK(c.happened("leader_elected", {{"topic", "a"}, {"leader", "3"}, {"previous", "2"}, {"leader_epoch", "1"}}));
  c.until_value("topics/a/0/Leader", "3");
  CHECK(c.value("topics/a/0/Isr") == "3,1");
  CHECK(elected - stopped <= 100 * kMillisecond);                   // recorded: 31 .. 91
  CHECK_FALSE(c.happened("node_stopped", {{"node", "broker 2"}}));  // before the process ends
  c.until("node_stopped", {{"node", "broker 2"}}, 5 * kSecond);
  c.run_for(6 * kSecond);
  CHECK(c.longest_pause("records_acked", {{"producer", "p"}}, stopped) <= 250 * kMillisecond);      // 46 .. 171
  CHECK(c.longest_pause("records_delivered", {{"consumer", "c"}}, stopped) <= 250 * kMillisecond);  // 59 .. 207
  check_old_leader_returns(c);
}

TEST_CASE("recording b: the leader is killed after an acks=1 write that no follower has fetched") {
  Setup setup = recorded_cluster();
  setup.topics = {topic("b", {2, 3, 1})};
  setup.producers = {producer("base", "b"), with_acks_one(producer("acks1", "b")), producer("new", "b")};
  setup.consumers = {consumer("c", "g", "b")};
  Cluster c(setup);
  c.run_to(2 * kSecond);
  for (int i = 0; i < 10; ++i) {
    c.send("base", "base" + std::to_string(i));
    c.run_for(30 * kMillisecond);
  }
  c.send("acks1", "acks1-0");
  c.run_to(8 * kSecond);
  c.pause("broker 3");
  c.pause("broker 1");
  c.run_for(1500 * kMillisecond);  // longer than replica.fetch.wait.max.ms: no fetch is parked at the leader
  c.send("acks1", "acks1-1");
  c.until("records_acked", {{"producer", "acks1"}, {"base_offset", "11"}});
  c.crash("broker 2");
  c.resume("broker 3");
  c.resume("broker 1");
  c.until("leader_elected", {{"topic", "b"}, {"leader", "3"}, {"leader_epoch", "1"}});
  c.until_value("topics/b/0/Leader", "3");
  CHECK(c.value("topics/b/0/Isr") == "3,1");
  c.send("new", "new0");
  c.send("new", "new1");
  c.until("records_acked", {{"producer", "new"}, {"base_offset", "11"}});  // the offset is used again
  c.run_for(1500 * kMillisecond);
  c.start("broker 2");
  CHECK(c.log(2, "b").log_end_offset() == 12);
  CHECK(c.log(2, "b").high_watermark() <= 11);  // from its checkpoint, not from its log (N4); recorded: 0 or 11
  c.until("isr_expanded", {{"topic", "b"}, {"broker", "2"}});
  c.run_for(2500 * kMillisecond);

  CHECK(c.count("log_truncated", {{"topic", "b"}, {"broker", "2"}, {"from", "12"}, {"to", "11"}}) == 1);
  CHECK(c.count("log_truncated", {{"topic", "b"}}) == 1);
  const std::string kept = "base0 base1 base2 base3 base4 base5 base6 base7 base8 base9 acks1-0 new0 new1";
  for (BrokerId broker : {1, 2, 3}) {
    CAPTURE(broker);
    CHECK(c.texts(broker, "b") == kept);
    CHECK(c.value("logs/" + std::to_string(broker) + "/b/0/Epochs") == "0@0 1@11");
    CHECK(c.log(broker, "b").high_watermark() == 13);
  }
  CHECK(c.broken("acked_records_survive"));  // one record: acks=1 asks no follower
  CHECK(c.betrayals("acked_records_survive") == "");
  CHECK(c.world.consumers[0].delivered == 13);  // the lost record was above the high watermark: never seen
  CHECK_FALSE(c.broken("consumers_see_only_committed"));
}

namespace {

// c1 and c2: broker 2 leads [2,3,1]; p with acks=all each 20 ms, one with acks=1 each 200 ms.
Setup follower_paused() {
  Setup setup = recorded_cluster();
  setup.topics = {topic("a", {2, 3, 1})};
  setup.producers = {producer("p", "a", 20 * kMillisecond), with_acks_one(producer("one", "a", 200 * kMillisecond))};
  setup.consumers = {consumer("c", "g", "a")};
  return setup;
}

// Pauses broker 3 at 9 s for 25 s; leaves the cluster 3 s after the ISR is whole again. Gives the time of the shrink.
Time pause_follower(Cluster& c) {
  c.run_to(9 * kSecond);
  c.pause("broker 3");
  const Time paused = c.now();
  const Time shrunk = c.until("isr_shrunk", {{"topic", "a"}, {"broker", "3"}});
  c.until_value("topics/a/0/Isr", "2,1");
  // One request at a time on a connection (N1): of 5 in flight only the first is in the log.
  const std::size_t appended = c.count("batch_appended", {{"topic", "a"}, {"broker", "2"}}, paused);
  const std::size_t by_acks_one = c.count("records_acked", {{"producer", "one"}}, paused);
  CHECK(appended >= by_acks_one + 1);
  CHECK(appended <= by_acks_one + 2);
  c.run_to(shrunk + kSecond);
  // High watermark, acks=all and consumers stand still for exactly this time; acks=1 does not notice.
  const Duration gap = shrunk - paused;
  for (const char* fact : {"records_acked", "records_delivered"}) {
    const Cluster::Where whose = {{fact == std::string("records_acked") ? "producer" : "consumer",
                                   fact == std::string("records_acked") ? "p" : "c"}};
    CAPTURE(fact);
    CHECK(c.longest_pause(fact, whose, paused) >= gap - 50 * kMillisecond);
    CHECK(c.longest_pause(fact, whose, paused) <= gap + 50 * kMillisecond);
  }
  CHECK(c.longest_pause("records_acked", {{"producer", "one"}}, paused) <= 250 * kMillisecond);
  c.run_to(paused + 25 * kSecond);
  c.resume("broker 3");
  return shrunk;
}

void finish_pause_follower(Cluster& c) {
  c.until_value("topics/a/0/Isr", "2,1,3");
  c.run_for(3 * kSecond);
  c.stop("p");
  c.stop("one");
  c.run_for(2 * kSecond);
  CHECK(c.value("topics/a/0/Leader") == "2");
  CHECK(c.world.producers[0].counters.failed == 0);
  check_nothing_lost_or_doubled(c, "a");
}

}  // namespace

TEST_CASE("recording c1: a follower is paused for 25 s and its session ends") {
  Cluster c(follower_paused());
  const Time shrunk = pause_follower(c);
  CHECK(shrunk - 9 * kSecond >= 4 * kSecond);
  CHECK(shrunk - 9 * kSecond <= 6100 * kMillisecond);
  CHECK(c.happened("broker_fenced", {{"broker", "3"}, {"reason", "session_expired"}}));
  CHECK(c.happened("isr_shrunk", {{"topic", "a"}, {"broker", "3"}, {"by_leader", "false"}}));
  // In 2.4 it was back in the ISR before it was registered again; since KIP-841 the controller refuses that.
  const Time resumed = c.now();
  const Time unfenced = c.until("broker_unfenced", {{"broker", "3"}}, 3 * kSecond);
  const Time back = c.until("isr_expanded", {{"topic", "a"}, {"broker", "3"}}, 3 * kSecond);
  CHECK(back >= unfenced);
  CHECK(back - resumed <= 3 * kSecond);
  // The controller's removal of a follower added 1 to the leader epoch in 2.4; since 3.6 it does not (R15).
  CHECK(c.value("logs/2/a/0/Epochs") == "0@0");
  finish_pause_follower(c);
}

TEST_CASE("recording c2: a follower is paused for 25 s and only the lag rule can remove it") {
  Setup setup = follower_paused();
  setup.config.broker_session_timeout = kMinute;
  Cluster c(setup);
  const Time shrunk = pause_follower(c);
  CHECK(shrunk - 9 * kSecond >= 10 * kSecond);  // the limit, looked at each 5 s (R5)
  CHECK(shrunk - 9 * kSecond <= 15100 * kMillisecond);
  CHECK(c.happened("isr_shrunk", {{"topic", "a"}, {"broker", "3"}, {"by_leader", "true"}}));
  CHECK_FALSE(c.happened("broker_fenced"));
  const Time resumed = c.now();
  const Time back = c.until("isr_expanded", {{"topic", "a"}, {"broker", "3"}}, 3 * kSecond);
  CHECK(back - resumed <= 100 * kMillisecond);  // recorded: 51 .. 75
  CHECK(c.value("logs/2/a/0/Epochs") == "0@0");
  finish_pause_follower(c);
}

TEST_CASE("recording d: min.insync.replicas=2 and both followers are killed") {
  Setup setup = recorded_cluster();
  setup.topics = {topic("d", {1, 2, 3})};
  setup.topics[0].config.min_insync_replicas = 2;
  setup.producers = {producer("p", "d", 50 * kMillisecond), with_acks_one(producer("acks1", "d", 200 * kMillisecond)),
                     producer("noretry", "d", 200 * kMillisecond), producer("probe", "d")};
  for (std::size_t i : {2, 3}) {
    setup.producers[i].spec.config.enable_idempotence = false;
    setup.producers[i].spec.config.retries = 0;
    setup.producers[i].spec.config.max_in_flight = 100;
  }
  setup.consumers = {consumer("c", "g", "d"), consumer("late", "h", "d")};
  setup.consumers[1].start = 18 * kSecond;
  Cluster c(setup);
  c.run_to(8 * kSecond);
  c.crash("broker 2");
  c.crash("broker 3");
  const Time killed = c.now();
  c.until("isr_shrunk", {{"topic", "d"}});
  const Time alone = c.until("isr_shrunk", {{"topic", "d"}, {"isr_size", "1"}});
  CHECK(alone - killed >= 4 * kSecond);
  CHECK(alone - killed <= 6100 * kMillisecond);
  c.until_value("topics/d/0/Isr", "1");
  CHECK(c.value("topics/d/0/Leader") == "1");

  // In 2.4 the high watermark jumped to the log end now, and the waiting request failed with
  // NOT_ENOUGH_REPLICAS_AFTER_APPEND. Since 3.7 it stands still below min ISR (R8), and who waits, waits on.
  const Offset frozen = c.log(1, "d").high_watermark();
  c.run_for(6 * kSecond);
  CHECK(c.log(1, "d").high_watermark() == frozen);
  CHECK_FALSE(c.happened("records_failed"));
  CHECK(c.longest_pause("records_acked", {{"producer", "acks1"}}, killed) <= 250 * kMillisecond);
  // A new request is refused at once.
  c.send("probe", "refused");
  const Time sent = c.now();
  const Time refused = c.until("records_failed", {{"producer", "probe"}, {"error", "NOT_ENOUGH_REPLICAS"}}, kSecond);
  CHECK(refused - sent <= 20 * kMillisecond);
  // Reading works, up to the high watermark. In 2.4 what acks=1 wrote could be read as well.
  c.run_to(24 * kSecond);
  CHECK(c.world.consumers[1].delivered == frozen);
  CHECK_FALSE(c.happened("records_delivered", {{"consumer", "c"}}, alone));

  c.start("broker 2");
  const Time two = c.until("isr_expanded", {{"topic", "d"}, {"broker", "2"}}, 5 * kSecond);
  const Time acked = c.until("records_acked", {{"producer", "p"}}, 2 * kSecond);
  CHECK(acked - two <= 1100 * kMillisecond);  // recorded: 122 .. 703
  c.run_for(3 * kSecond);
  c.start("broker 3");
  c.until("isr_expanded", {{"topic", "d"}, {"broker", "3"}}, 5 * kSecond);
  c.run_for(2 * kSecond);
  for (const char* each : {"p", "acks1", "noretry"}) c.stop(each);
  c.run_for(2 * kSecond);
  // No error reached the application of p; it stood still while there was no second replica.
  CHECK(c.world.producers[0].counters.failed == 0);
  CHECK(c.longest_pause("records_acked", {{"producer", "p"}}, killed) >= two - killed);
  CHECK(c.value("logs/1/d/0/Epochs") == "0@0");  // 2.4: leader epoch +2, one for each broker removed
  CHECK(c.world.consumers[0].delivered == c.log(1, "d").log_end_offset());
  check_nothing_lost_or_doubled(c, "d");
}

namespace {

// n: 8 records v0 .. v7, 150 ms apart, acks=all; the response to the request with v3 is lost.
Setup response_lost(bool idempotence) {
  Setup setup = recorded_cluster();
  setup.topics = {topic("n", {1, 2, 3})};
  setup.producers = {producer("v", "n")};
  ProducerConfig& config = setup.producers[0].spec.config;
  config.enable_idempotence = idempotence;
  config.request_timeout = 2 * kSecond;
  config.delivery_timeout = 20 * kSecond;
  return setup;
}

// Runs until all is answered, and a moment longer.
void lose_response_to_v3(Cluster& c, bool close) {
  c.run_to(5 * kSecond);
  for (int i = 0; i < 8; ++i) {
    if (i == 3) c.act(LoseResponses{"v", "broker 1", close});
    c.send("v", "v" + std::to_string(i));
    c.run_for(150 * kMillisecond);
  }
  while (c.world.producers[0].counters.acked < 8) c.until("records_acked", {{"producer", "v"}}, 10 * kSecond);
  c.run_for(kSecond);
  CHECK(c.world.producers[0].counters.failed == 0);
}

// Whether the record with this number was acknowledged with this offset, and nothing else.
bool acked_at(const Cluster& c, int record, int offset) {
  const std::string number = std::to_string(record);
  const Cluster::Where of_record = {{"producer", "v"}, {"first_record", number}};
  const Cluster::Where there = {{"producer", "v"}, {"first_record", number}, {"base_offset", std::to_string(offset)}};
  return c.count("records_acked", of_record) == 1 && c.happened("records_acked", there);
}

// From its sending to its acknowledgement.
Duration latency_of(const Cluster& c, int record) {
  const Cluster::Where which = {{"producer", "v"}, {"first_record", std::to_string(record)}};
  return c.times("records_acked", which).at(0) - c.times("records_sent", which).at(0);
}

}  // namespace

TEST_CASE("recording n, without idempotence: the response is lost until the client gives up") {
  Cluster c(response_lost(false));
  lose_response_to_v3(c, false);
  // All five in flight are stored twice, the copies in reverse order; the second copy's offset is acknowledged.
  CHECK(c.texts(1, "n") == "v0 v1 v2 v3 v4 v5 v6 v7 v7 v6 v5 v4 v3");
  for (int i = 3; i < 8; ++i) CHECK(acked_at(c, i, 15 - i));
  CHECK(latency_of(c, 3) >= 2 * kSecond);  // request.timeout.ms and the retry; recorded: 2732 .. 2768
  CHECK(latency_of(c, 3) <= 3 * kSecond);
  CHECK(c.broken("no_duplicates"));
  CHECK(c.broken("send_order_kept"));
  CHECK(c.betrayals() == "");
}

TEST_CASE("recording n, without idempotence: the connection closes instead of the response") {
  Cluster c(response_lost(false));
  lose_response_to_v3(c, true);
  CHECK(c.texts(1, "n") == "v0 v1 v2 v3 v3 v4 v5 v6 v7");
  CHECK(acked_at(c, 3, 4));
  CHECK(latency_of(c, 3) <= 200 * kMillisecond);  // recorded: 117 .. 134
  CHECK(c.broken("no_duplicates"));
  CHECK_FALSE(c.broken("send_order_kept"));
  CHECK(c.betrayals() == "");
}

TEST_CASE("recording n, with idempotence: each record is stored once and in order") {
  for (bool close : {false, true}) {
    CAPTURE(close);
    Cluster c(response_lost(true));
    lose_response_to_v3(c, close);
    CHECK(c.texts(1, "n") == "v0 v1 v2 v3 v4 v5 v6 v7");
    for (int i = 0; i < 8; ++i) CHECK(acked_at(c, i, i));  // the original offsets
    CHECK(c.happened("duplicate_recognised", {{"producer", "v"}, {"base_offset", "3"}}));
    if (close) CHECK(latency_of(c, 3) <= 200 * kMillisecond);  // recorded: 102 .. 123
    check_nothing_lost_or_doubled(c, "n");
  }
}

}  // namespace nutshell
