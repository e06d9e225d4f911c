// Where several rules meet: the workloads of the tables with other numbers and more that goes wrong at once. What comes of each is worked
// out by hand, step by step, in the comments.
#include <doctest/doctest.h>

#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

using enum ProductId;

struct Came {
  std::int64_t attempts, done, repeated, overtaken, stepped_back, dead, lost;
  Time last;
};

void check(const Simulation& run, const Came& came) {
  const Tally& it = run.tally(0);
  CHECK(first_breach(run) == "");
  CHECK(it.attempts == came.attempts);
  CHECK(it.done == came.done);
  CHECK(it.repeated == came.repeated);
  CHECK(it.overtaken == came.overtaken);
  CHECK(it.stepped_back == came.stepped_back);
  CHECK(it.dead == came.dead);
  CHECK(it.lost == came.lost);
  CHECK(it.last == came.last);
}

}  // namespace

TEST_CASE("S1, S6, S8: a group waits for the visibility of its poison, and for the receive that buries it") {
  Lab lab;
  lab.messages(2).poison(1);
  lab.workload.services[0].on_error = OnError::silent;
  Consumer& only = lab.consumer(kSecond);
  const Config config = {{"VisibilityTimeout", 10}, {"maxReceiveCount", 2}};
  // m1 at 0 and 10; at 20 it is moved, and m2 is given out.
  check(lab.on(sqs_fifo, config), {3, 1, 0, 0, 0, 1, 0, 21 * kSecond});
  // Received together m2 is done at 2, and nobody waits for m1.
  only.window = 2;
  const Simulation both = lab.on(sqs_fifo, config);
  check(both, {3, 1, 0, 0, 0, 1, 0, 2 * kSecond});
  CHECK(when(both, FactKind::dead_lettered, 1) == 20 * kSecond);
}

TEST_CASE("S3, S8: what is given back out of a batch comes behind the rest of it, however ordered the group") {
  Lab lab;
  lab.messages(3).poison(1);
  lab.workload.poison[0].until_try = 2;
  lab.consumer(kSecond).window = 3;
  lab.consumer(kSecond);
  const Simulation run = lab.on(sqs_fifo);
  CHECK(deliveries(run) == "m1 m2 m3 m1");  // while m2 and m3 are out the second consumer gets nothing
  check(run, {4, 3, 0, 1, 1, 0, 0, 4 * kSecond});
  CHECK(run.tally(0).idle == 1);
}

TEST_CASE("S1, S2, S6: what is out for good holds the quota, and what has waited longest is received first again") {
  Lab lab;
  lab.messages(3).poison(1).poison(2);
  lab.workload.services[0].on_error = OnError::silent;
  for (int i = 0; i < 3; ++i) lab.consumer(kSecond);
  lab.workload.until = 100 * kSecond;
  // Two may be out: m1 and m2 at 0, and at 30 the same two again. At 60 both are moved, and m3 has its turn.
  check(lab.on(sqs, {{"in flight quota", 2}, {"maxReceiveCount", 2}}), {5, 1, 0, 0, 0, 2, 0, 61 * kSecond});
  check(lab.on(sqs, {{"maxReceiveCount", 2}}), {5, 1, 0, 0, 0, 2, 0, kSecond});
}

TEST_CASE("S6, S7: retention goes on while a message is in flight, and in the dead-letter queue of a standard queue") {
  Lab lab;
  lab.messages(1).poison(1);
  lab.workload.services[0].on_error = OnError::silent;
  lab.consumer(kSecond);
  lab.workload.until = 100 * kSecond;
  const auto on = [&](ProductId product, std::int64_t most) {
    return lab.on(product, {{"VisibilityTimeout", 50}, {"MessageRetentionPeriod", 60}, {"deadLetterRetentionPeriod", 60},
                            {"maxReceiveCount", most}});
  };
  // Received at 0 and 50, deleted at 60 with its second receive still out.
  for (const ProductId product : {sqs, sqs_fifo}) {
    const Simulation deleted = on(product, 5);
    check(deleted, {2, 0, 0, 0, 0, 0, 1, 0});
    CHECK(when(deleted, FactKind::lost, 1) == 60 * kSecond);
  }
  // Moved at 50: ten seconds are left of a standard queue's minute, all of it of a FIFO queue's.
  check(on(sqs, 1), {1, 0, 0, 0, 0, 0, 1, 0});
  check(on(sqs_fifo, 1), {1, 0, 0, 0, 0, 1, 0, 0});
}

TEST_CASE("P6, P8, P12: a key whose first message is too slow for its deadline, for two subscribers") {
  Lab lab;
  lab.messages(3);
  for (int i = 0; i < 2; ++i) lab.consumer(kSecond).slow = {{0, 15 * kSecond}};
  lab.workload.until = 100 * kSecond;
  // m1 goes to c1 at 0, c2 at 10, c1 at 20, c2 at 30, c1 at 40, and is dead at 50; done at 15, 25, 35, 45, 55. m2 and m3 begin at 50.
  const Simulation run = lab.on(pubsub_ordered, {{"deadLetterTopic", 1}});
  check(run, {7, 3, 4, 0, 1, 1, 0, 55 * kSecond});
  CHECK(when(run, FactKind::dead_lettered, 1) == 50 * kSecond);
  CHECK(when(run, FactKind::handled, 3) == 52 * kSecond);
  // Alone, nobody has had it meanwhile, and the late acknowledgement at 15 counts.
  lab.workload.services[0].consumers.pop_back();
  check(lab.on(pubsub_ordered, {{"deadLetterTopic", 1}}), {3, 3, 0, 0, 0, 0, 0, 17 * kSecond});
  // Exactly once it does not: m1 is delivered again whenever c1 has time, at 0, 15, 30, 45, 60, and each time too slow.
  const Simulation once = lab.on(pubsub_ordered, {{"deadLetterTopic", 1}, {"enableExactlyOnceDelivery", 1}});
  check(once, {7, 3, 4, 0, 0, 1, 0, 77 * kSecond});
  CHECK(when(once, FactKind::dead_lettered, 1) == 70 * kSecond);
}

TEST_CASE("P8, P9: after a nack all later ones of the key come again, also those that the subscriber handles meanwhile") {
  for (const std::int32_t window : {3, 10}) {
    Lab lab;
    lab.messages(3).poison(1);
    lab.workload.poison[0].until_try = 2;
    lab.consumer(kSecond).window = window;
    const Simulation run = lab.on(pubsub_ordered);
    CAPTURE(window);
    // m1 fails at 1; m2 and m3, which c1 has in hand, are done at 2 and 3, and their acknowledgements count for nothing.
    CHECK(deliveries(run) == "m1 m2 m3 m1 m2 m3");
    check(run, {6, 3, 2, 1, 2, 0, 0, 6 * kSecond});  // m1 and m2 after m3
  }
}

TEST_CASE("P4, P14: a seek over a message that is out: its acknowledgement is late, and nothing is lost") {
  Lab lab;
  lab.messages(2);
  lab.consumer(30 * kSecond);
  lab.workload.until = 100 * kSecond;
  lab.workload.asks.push_back({10 * kSecond, 0, 5 * kSecond});
  const Simulation run = lab.on(pubsub, {{"ackDeadlineSeconds", 60}, {"retainAckedMessages", 1}});
  check(run, {1, 1, 0, 0, 0, 0, 1, 30 * kSecond});  // m2, that nobody had begun
  CHECK(count(run, FactKind::late_ack_ignored) == 1);
}

TEST_CASE("Q13, Q16, Q23: a poison message, a single active consumer, and the node of that consumer is lost") {
  Lab lab;
  lab.messages(4).poison(3);
  Consumer& first = lab.consumer(kSecond);
  first.window = 2;
  first.node = 1;
  lab.consumer(kSecond).node = 2;
  lab.fault(Fault::Kind::kill, 2500 * kMs, 1);
  lab.workload.until = 100 * kSecond;
  const auto on = [&](std::int64_t version) {
    return lab.on(rabbit_quorum, {{"version", version}, {"x-single-active-consumer", 1}, {"x-delivery-limit", 1},
                                  {"x-dead-letter-exchange", 1}});
  };
  // m3 and m4 are in the hands of c1. Before 4.3 they return at once, which counts: m3 fails at 3.5 and is dead.
  check(on(1), {5, 3, 0, 0, 0, 1, 0, 4500 * kMs});
  // In 4.3 after a minute, which does not: m3 fails at 63.5, comes behind m4 among the returned, and fails at 65.5.
  check(on(0), {6, 3, 0, 0, 0, 1, 0, 64'500 * kMs});
}

TEST_CASE("Q6, Q11, Q18: what comes back from a consumer that crashes has not become younger") {
  Lab lab;
  lab.messages(3);
  Consumer& first = lab.consumer(4 * kSecond);
  first.window = 3;
  lab.consumer(kSecond, kSecond);
  const Config config = {{"x-message-ttl", 5000}, {"x-dead-letter-exchange", 1}};
  for (const ProductId product : {rabbit_classic, rabbit_quorum}) {
    lab.workload.services[0].consumers[0].crash_at = kNever;
    check(lab.on(product, config), {3, 3, 0, 0, 0, 0, 0, 12 * kSecond});  // what is delivered does not expire
    lab.workload.services[0].consumers[0].crash_at = 6 * kSecond;
    check(lab.on(product, config), {2, 1, 0, 0, 0, 2, 0, 4 * kSecond});
  }
}

TEST_CASE("Q6, Q19: a limit counts what waits and not what consumers have") {
  Lab lab;
  lab.messages(8, 10 * kMs);
  lab.consumer(10 * kSecond).window = 2;
  const Config config = {{"x-max-length", 3}, {"x-overflow", 1}};
  CHECK(lab.on(rabbit_classic, config).system().confirmed == 5);  // two are out, three wait
  CHECK(lab.on(rabbit_quorum, config).system().confirmed == 6);
}

TEST_CASE("Q14, Q16: a delayed retry gives up the order of a single active consumer") {
  Lab lab;
  lab.messages(2).poison(1);
  lab.workload.poison[0].until_try = 2;
  lab.consumer(kSecond);
  const Config config = {{"x-single-active-consumer", 1}, {"x-delayed-retry-type", 2}, {"x-delayed-retry-min", 5000}};
  const Simulation run = lab.on(rabbit_quorum, config);
  check(run, {3, 2, 0, 1, 1, 0, 0, 7 * kSecond});
}

TEST_CASE("Q26: of a stream the next reader goes on where the lost one had acknowledged") {
  Lab lab;
  lab.messages(5);
  Consumer& first = lab.consumer(kSecond);
  first.crash_at = 2500 * kMs;
  first.every = 10;
  lab.consumer(kSecond);
  const Config config = {{"x-stream-offset", 1}};
  check(lab.on(rabbit_stream, config), {8, 5, 2, 0, 1, 0, 0, 7500 * kMs});  // m1 again after m2
  lab.workload.services[0].consumers[0].every = 1;
  check(lab.on(rabbit_stream, config), {6, 5, 0, 0, 0, 0, 0, 5500 * kMs});
}

TEST_CASE("I9, I10, I11: a shard is split while its worker is behind, and then that worker is lost") {
  Lab lab;
  lab.messages(10, 0, {"user-3"}).messages(10, 0, {"user-3"}, 3500 * kMs);
  lab.fault(Fault::Kind::grow, 3 * kSecond);
  lab.consumer(kSecond).crash_at = 4500 * kMs;
  lab.consumer(kSecond);
  lab.workload.until = 200 * kSecond;
  // c1 has done four and begun the fifth. c2 looks at 0, 20.05 and 40.1 s: the counter that it saw at 20.05 has not moved since. It reads
  // the six that are left until 46.1; at 50 it is known that the parent is done, and the child's ten follow.
  const Simulation run = lab.on(kinesis, {{"InitialPositionInStream", 1}});
  check(run, {21, 20, 0, 0, 0, 0, 0, 60 * kSecond});
  CHECK(run.tally(0).noticed == 35'600 * kMs);
}

TEST_CASE("I12, I13: Lambda gives a batch up after one retry, and with the record that fails all that come after it in the batch") {
  Lab lab;
  lab.messages(6).poison(2);
  lab.workload.services[0].on_error = OnError::throws;
  lab.consumer(kSecond).window = 4;
  check(lab.on(kinesis, {{"InitialPositionInStream", 1}, {"readers", 3}, {"MaximumRetryAttempts", 1}}), {6, 3, 1, 0, 0, 0, 3, 6 * kSecond});
}

}  // namespace nutshell::queues::testing
