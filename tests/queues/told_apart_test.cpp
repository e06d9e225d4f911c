// Rules that other tests pass by with numbers for which another rule comes to the same: each here fails when its rule is another.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/queues/lab.h"

namespace nutshell::queues::testing {

using enum ProductId;

TEST_CASE("Q10: what was given back comes in the order of giving back, before what was never delivered") {
  Lab lab;
  lab.messages(3).messages(1, 0, {"K"}, 6 * kSecond);
  for (int i = 0; i < 3; ++i) {
    lab.workload.poison.push_back({0, i, 2});        // fails once
    lab.consumer((3 - i) * kSecond).to = 5 * kSecond;  // with m3 first
  }
  lab.consumer(kSecond, 20 * kSecond);
  const Simulation run = lab.on(rabbit_quorum, {{"x-delayed-retry-type", 1}, {"x-delayed-retry-min", 10'000}});
  CHECK(deliveries(run) == "m1 m2 m3 m3 m2 m1 m4");
}

TEST_CASE("Q14, P11: RabbitMQ's delay grows by its shortest time, Pub/Sub's back-off doubles") {
  Lab lab;
  lab.messages(1).poison(1);
  lab.consumer(kSecond);
  lab.workload.until = 300 * kSecond;
  const auto third_and_fourth = [](const Simulation& run) {
    return std::pair(when(run, FactKind::delivered, 1, 4) / kSecond, when(run, FactKind::delivered, 1, 5) / kSecond);
  };
  // A second of work each, then 10, 20, 30, 40 s; or 10, 20, 40, 80 s.
  const Simulation rabbit =
      lab.on(rabbit_quorum, {{"x-delayed-retry-type", 1}, {"x-delayed-retry-min", 10'000}, {"x-delayed-retry-max", 100'000}});
  CHECK(third_and_fourth(rabbit) == std::pair<Time, Time>(63, 104));
  CHECK(third_and_fourth(lab.on(pubsub, {{"minimumBackoff", 10}, {"maximumBackoff", 100}})) == std::pair<Time, Time>(73, 154));
}

TEST_CASE("Q14: only what has failed waits, or only what was returned; a nack is a return since 4.3") {
  Lab lab;
  lab.messages(1).poison(1);
  lab.consumer(kSecond);
  lab.workload.until = 60 * kSecond;
  const auto second = [&](std::int64_t type, std::int64_t nack) {
    return when(lab.on(rabbit_quorum, {{"x-delayed-retry-type", type}, {"x-delayed-retry-min", 10'000}, {"return with", nack}}),
                FactKind::delivered, 1, 2);
  };
  constexpr std::int64_t kAll = 1, kFailed = 2, kReturned = 3, kReject = 0, kNack = 1;
  CHECK(second(kAll, kReject) == 11 * kSecond);
  CHECK(second(kAll, kNack) == 11 * kSecond);
  CHECK(second(kFailed, kReject) == 11 * kSecond);
  CHECK(second(kFailed, kNack) == kSecond);
  CHECK(second(kReturned, kReject) == kSecond);
  CHECK(second(kReturned, kNack) == 11 * kSecond);
}

TEST_CASE("Q15: since 4.3 a message that its consumers are too slow for is not one that fails") {
  Lab lab;
  lab.messages(1);
  for (int i = 0; i < 4; ++i) lab.consumer(100 * kSecond);
  lab.workload.until = 300 * kSecond;
  const Simulation run = lab.on(rabbit_quorum, {{"consumer-timeout", 30'000}, {"x-delivery-limit", 1}, {"x-dead-letter-exchange", 1}});
  for (int nth = 1; nth <= 4; ++nth) CHECK(when(run, FactKind::delivered, 1, nth) == (nth - 1) * 30 * kSecond);
  CHECK(run.tally(0).dead == 0);
  CHECK(run.tally(0).done == 1);
}

TEST_CASE("Q18: what is too old is a dead letter where there is an exchange for them, and else lost") {
  for (const ProductId product : {rabbit_classic, rabbit_quorum}) {
    for (const std::int64_t exchange : {0, 1}) {
      Lab lab;
      lab.messages(3);
      const Simulation run = lab.on(product, {{"x-message-ttl", 500}, {"x-dead-letter-exchange", exchange}});
      CHECK(run.tally(0).dead == (exchange ? 3 : 0));
      CHECK(run.tally(0).lost == (exchange ? 0 : 3));
    }
  }
}

TEST_CASE("Q26: a timestamp of a stream finds the chunk that holds it, and so what was written before it with it") {
  Lab lab;
  lab.messages(10, kSecond);
  lab.consumer(kMs);
  lab.workload.asks.push_back({30 * kSecond, 0, 6'500 * kMs});
  const std::vector<std::pair<std::int64_t, std::int64_t>> rows = {{1, 3}, {2, 4}, {4, 6}, {10, 10}};  // m8, m7, m5 or m1 to m10
  for (const auto& [chunk, again] : rows) CHECK(lab.on(rabbit_stream, {{"chunk", chunk}}).tally(0).again == again);
}

TEST_CASE("S6: a dead letter of a standard queue is as old as its message, one of a FIFO queue begins anew") {
  for (const ProductId product : {sqs, sqs_fifo}) {
    Lab lab;
    lab.messages(1).poison(1);
    lab.consumer(kSecond, 600 * kSecond);
    lab.workload.until = 2000 * kSecond;
    const Simulation run =
        lab.on(product, {{"maxReceiveCount", 1}, {"MessageRetentionPeriod", 1000}, {"deadLetterRetentionPeriod", 1000}});
    CHECK(when(run, FactKind::dead_lettered, 1) == 601 * kSecond);
    CHECK(when(run, FactKind::expired, 1) == (product == sqs ? 1000 : 1601) * kSecond);
  }
}

TEST_CASE("I11: a reader asks every ten seconds, or as often as it is told to, whether the parent shard is done") {
  for (const Duration poll : {10 * kSecond, 4 * kSecond}) {
    Lab lab;
    lab.messages(6);
    lab.consumer(kSecond);
    Fault split;
    split.kind = Fault::Kind::grow;
    split.before = 3;
    lab.workload.faults.push_back(split);
    const Simulation run = lab.on(kinesis, {{"InitialPositionInStream", 1}, {"parentShardPollIntervalMillis", poll / kMs}});
    CHECK(when(run, FactKind::handled, 3) == 3 * kSecond);
    CHECK(when(run, FactKind::delivered, 4) == poll);
  }
}

TEST_CASE("I7: a record goes by itself when its time is over") {
  Lab lab;
  lab.messages(2, kHour);
  lab.consumer(kSecond, 24 * kHour + 30 * kMinute);
  lab.workload.until = 30 * kHour;
  const Simulation run = lab.on(kinesis, {{"InitialPositionInStream", 1}});
  CHECK(run.tally(0).done == 1);
  CHECK(run.tally(0).lost == 1);
  CHECK(lab.on(kinesis, {{"InitialPositionInStream", 1}, {"RetentionPeriodHours", 25}}).tally(0).done == 2);
}

TEST_CASE("S11: 300 calls a second of a FIFO queue, of up to ten messages each") {
  Lab lab;
  lab.messages(4000, 0, {"A", "B"});
  for (const std::int64_t batch : {1, 3, 10}) {
    const Simulation run = lab.on(sqs_fifo, {{"SendMessageBatch", batch}});
    CHECK(run.system().confirmed == 300 * batch);
    CHECK(run.system().refused == 4000 - 300 * batch);
  }
  CHECK(lab.on(sqs).system().confirmed == 4000);
}

}  // namespace nutshell::queues::testing
