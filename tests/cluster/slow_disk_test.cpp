// A disk that takes time: what is written waits for it, and nothing else does.
#include <cstdlib>

#include "tests/cluster/cluster_fixture.h"

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

}  // namespace nutshell
