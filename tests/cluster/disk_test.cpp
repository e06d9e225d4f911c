// What is on disk, and what a process that starts finds there (L7, N4).
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup one_broker() {
  Setup setup;
  setup.brokers = 1;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1})};
  setup.producers = {producer("shop", "orders")};
  return setup;
}

void send_ten(Cluster& c) { c.act(Send{"shop", "", "", -1, 10}); }

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

}  // namespace nutshell
