// Rules of the products, each as a small story. Those of RabbitMQ were measured on a real cluster of three nodes.
#include <doctest/doctest.h>

#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

using enum ProductId;

// Six messages; a consumer takes three, gives the second back while it has the others, and then handles on.
Simulation second_given_back(ProductId product, Config config) {
  Lab lab;
  lab.messages(6).poison(2);
  lab.workload.poison[0].until_try = 2;
  Consumer& first = lab.consumer(kSecond);
  first.window = 3;
  first.slow = {{0, 10 * kSecond}, {1, kSecond}, {2, 10 * kSecond}};
  return lab.on(product, config);
}

}  // namespace

TEST_CASE("Q3: what no queue takes is confirmed and gone; mandatory, it comes back") {
  Lab lab;
  lab.messages(2);
  lab.workload.messages[0].attributes = {{"type", "paid"}};
  lab.workload.services[0].filter = {{"type", Condition::Is::any_of, {"paid"}}};
  lab.consumer();
  const Simulation quiet = lab.on(rabbit_quorum, {{"exchange", 1}});
  CHECK(quiet.system().confirmed == 2);
  CHECK(quiet.tally(0).done == 1);
  const Simulation loud = lab.on(rabbit_quorum, {{"exchange", 1}, {"mandatory", 1}});
  CHECK(loud.system().confirmed == 1);
  CHECK(loud.system().returned == 1);
}

TEST_CASE("Q2: what topic and headers exchanges match") {
  struct Pattern {
    const char *pattern, *key;
    bool met;
  };
  for (const Pattern& each :
       {Pattern{"*.paid", "order.paid", true}, {"*.paid", "paid", false}, {"*.paid", "a.b.paid", false}, {"#.paid", "paid", true},
        {"#.paid", "a.b.paid", true}, {"order.#", "order", true}, {"order.#", "order.a.b", true}, {"order.*", "order", false},
        {"#", "", true}, {"#", "a.b", true}, {"*", "", false}, {"a.#.b.*", "a.x.b.b.c", true}, {"a.#.b.*", "a.b", false},
        {"paid", "paid", true}, {"paid", "Paid", false}, {"#.#", "a", true}, {"*.#", "a", true}}) {
    CAPTURE(std::string(each.pattern));
    CAPTURE(std::string(each.key));
    CHECK(topic_matches(each.pattern, each.key) == each.met);
  }
  Binding binding;
  binding.headers = {{"type", "paid"}, {"urgent", std::nullopt}, {"x-source", "web"}};
  CHECK(headers_match(binding, {{"type", "paid"}, {"urgent", "no"}}));
  CHECK_FALSE(headers_match(binding, {{"type", "paid"}}));
  CHECK_FALSE(headers_match(binding, {{"type", "open"}, {"urgent", "1"}}));
  binding.with_x = true;
  CHECK_FALSE(headers_match(binding, {{"type", "paid"}, {"urgent", "no"}}));
  binding.any = true;
  CHECK(headers_match(binding, {{"x-source", "web"}}));
  binding.with_x = false;
  CHECK_FALSE(headers_match(binding, {{"x-source", "web"}}));
}

TEST_CASE("Q1: a queue with several bindings that are met gets one copy; without any it gets none") {
  Lab lab;
  lab.messages(2);
  lab.workload.services.push_back({"other"});
  for (Message& each : lab.workload.messages) each.attributes = {{"type", "order"}, {"state", each.name == "m1" ? "paid" : "open"}};
  Row& row = lab.row(rabbit_quorum, {{"exchange", 2}});
  row.has_bindings = true;
  row.routing_key = {"type", "state"};
  row.bindings.resize(2);
  row.bindings[0] = {{"#"}, {"order.*"}, {"*.paid"}};
  row.bindings[1] = {{"*.paid"}};
  const Simulation run = lab.run();
  CHECK(run.tally(0).stored == 2);
  CHECK(run.tally(1).stored == 1);
  CHECK(run.system().copies == 3);
}

TEST_CASE("Q3: the default exchange knows queues by their names, and an alternate exchange catches what nobody takes") {
  Lab lab;
  lab.messages(1, 0, {"work"}).messages(1, 0, {"nobody"});
  lab.consumer();
  CHECK(lab.on(rabbit_quorum, {{"exchange", 5}, {"mandatory", 1}}).system().returned == 1);
  const Simulation caught = lab.on(rabbit_quorum, {{"exchange", 5}, {"mandatory", 1}, {"alternate-exchange", 1}});
  CHECK(caught.system().returned == 0);
  CHECK(caught.system().confirmed == 2);
  CHECK(caught.tally(0).done == 1);
}

TEST_CASE("Q6: a prefetch of 1 shares fairly, and a higher x-priority is served first") {
  Lab lab;
  lab.messages(6);
  lab.consumer(kSecond);
  lab.consumer(3 * kSecond);
  CHECK(lab.on(rabbit_classic).tally(0).last == 6 * kSecond);  // c1: m1 m3 m4, and m6 at 3 s; c2: m2, and in its turn m5
  lab.workload.services[0].consumers[1].priority = 10;
  lab.workload.services[0].consumers[1].window = 6;
  CHECK(lab.on(rabbit_classic).tally(0).idle == 1);
}

TEST_CASE("Q8: a rejected message is a dead letter where there is an exchange for them, and dropped where not") {
  Lab lab;
  lab.messages(3).poison(2);
  lab.workload.services[0].on_error = OnError::reject;
  lab.consumer();
  CHECK(lab.on(rabbit_classic, {{"x-dead-letter-exchange", 1}}).tally(0).dead == 1);
  CHECK(lab.on(rabbit_classic).tally(0).lost == 1);
}

TEST_CASE("Q10: where a message goes that is given back") {
  // Handled: m1 for 10 s, then m2 fails at 11 s, while m3 is still in hand.
  const auto after_failure = [](const Simulation& run) {
    std::string text;
    bool failed = false;
    for (const Fact& each : run.facts()) {
      failed = failed || each.kind == FactKind::failed;
      if (failed && each.kind == FactKind::delivered) text += " " + run.workload().messages[static_cast<std::size_t>(each.message)].name;
    }
    return text;
  };
  CHECK(after_failure(second_given_back(rabbit_classic, {})).rfind(" m2", 0) == 0);
  CHECK(after_failure(second_given_back(rabbit_quorum, {})).rfind(" m2", 0) == 0);
  CHECK(after_failure(second_given_back(rabbit_quorum, {{"x-delivery-limit", -1}})) == " m5 m6 m2");
}

TEST_CASE("Q11: a crash is noticed at once, a silent host when its heartbeats are missed; all comes back in order") {
  Lab lab;
  lab.messages(4);
  Consumer& first = lab.consumer(10 * kSecond);
  first.window = 4;
  first.crash_at = 2500 * kMs;
  lab.consumer(kSecond, 1000 * kMs);
  const Simulation process = lab.on(rabbit_quorum);
  CHECK(deliveries(process) == "m1 m2 m3 m4 m1 m2 m3 m4");
  CHECK(process.tally(0).noticed == 0);
  lab.workload.services[0].consumers[0].how = HowGone::host;
  lab.workload.until = 120 * kSecond;
  const Simulation host = lab.on(rabbit_quorum);
  CHECK(host.tally(0).noticed > 0);
  CHECK(host.tally(0).noticed <= 60 * kSecond);
  CHECK(host.tally(0).done == 4);
  CHECK(lab.on(rabbit_quorum, {{"heartbeat", 10}}).tally(0).noticed <= 10 * kSecond);
}

TEST_CASE("Q12: who closes in good order cancels first, and the next consumer begins behind what was unacknowledged") {
  Lab lab;
  lab.messages(6);
  Consumer& first = lab.consumer(10 * kSecond);
  first.window = 3;
  first.to = 2 * kSecond;
  lab.consumer(kSecond);
  CHECK(deliveries(lab.on(rabbit_quorum, {{"x-single-active-consumer", 1}})) == "m1 m2 m3 m4 m1 m2 m3 m5 m6");
}

TEST_CASE("Q13: a poison message is handed out once more than the limit, and a nack does not count in 4.3") {
  Lab lab;
  lab.messages(2).poison(1);
  lab.consumer();
  const Simulation run = lab.on(rabbit_quorum, {{"x-delivery-limit", 4}, {"x-dead-letter-exchange", 1}});
  CHECK(run.tally(0).delivered == 6);
  CHECK(run.tally(0).dead == 1);
  const auto nacking = [&](std::int64_t version) {
    return lab.on(rabbit_quorum, {{"x-delivery-limit", 4}, {"x-dead-letter-exchange", 1}, {"return with", 1}, {"version", version}})
        .tally(0)
        .dead;
  };
  CHECK(nacking(0) == 0);
  CHECK(nacking(1) == 1);
}

TEST_CASE("Q14: a delayed retry waits for its shortest time, times the deliveries, and no longer than the longest") {
  Lab lab;
  lab.messages(1).poison(1);
  lab.consumer(kSecond);
  lab.workload.until = 200 * kSecond;
  const Simulation run =
      lab.on(rabbit_quorum, {{"x-delayed-retry-type", 1}, {"x-delayed-retry-min", 10'000}, {"x-delayed-retry-max", 25'000}});
  CHECK(when(run, FactKind::delivered, 1, 2) == 11 * kSecond);
  CHECK(when(run, FactKind::delivered, 1, 3) == 32 * kSecond);
  CHECK(when(run, FactKind::delivered, 1, 4) == 58 * kSecond);  // 30 s would be more than the longest
  CHECK(when(run, FactKind::delivered, 1, 5) == 84 * kSecond);
}

TEST_CASE("Q15: before 4.3 a consumer that takes too long loses its channel at the next look, and all it has with it") {
  Lab lab;
  lab.messages(3);
  Consumer& slow = lab.consumer(200 * kSecond);
  slow.window = 2;
  lab.consumer(kSecond, kSecond).window = 3;
  lab.workload.until = 300 * kSecond;
  for (const ProductId product : {rabbit_quorum, rabbit_classic}) {
    const Simulation run = lab.on(product, {{"version", 1}, {"consumer-timeout", 70'000}});
    CHECK(when(run, FactKind::delivered, 1, 2) == 120 * kSecond);
    CHECK(when(run, FactKind::delivered, 2, 2) == 120 * kSecond);
    CHECK(run.tally(0).repeated == 1);
  }
  CHECK(lab.on(rabbit_classic, {{"consumer-timeout", 70'000}}).tally(0).repeated == 0);  // since 4.3 only of quorum queues
}

TEST_CASE("Q16: of consumers of a single active queue the first is served, and the next one when it is gone") {
  Lab lab;
  lab.messages(6);
  lab.consumer(kSecond).crash_at = 1500 * kMs;
  lab.consumer(kSecond);
  const Simulation run = lab.on(rabbit_quorum, {{"x-single-active-consumer", 1}});
  CHECK(deliveries(run) == "m1 m2 m2 m3 m4 m5 m6");
  CHECK(run.tally(0).overtaken == 0);
}

TEST_CASE("Q16: a consumer of higher priority becomes the active one of a quorum queue, when the other has settled what it has") {
  Lab lab;
  lab.messages(6);
  lab.consumer(kSecond).window = 2;
  lab.consumer(100 * kMs, 500 * kMs).priority = 5;
  const Simulation run = lab.on(rabbit_quorum, {{"x-single-active-consumer", 1}});
  CHECK(when(run, FactKind::handled, 2) == 2 * kSecond);  // c1 has m1 and m2 and gets no more
  CHECK(run.tally(0).last == 2400 * kMs);
  CHECK(run.tally(0).overtaken == 0);
  CHECK(lab.on(rabbit_classic, {{"x-single-active-consumer", 1}}).tally(0).idle == 1);
}

TEST_CASE("Q18: only the head of a queue expires") {
  Lab lab;
  lab.messages(2);
  lab.workload.messages[1].expires_after = 500 * kMs;
  lab.consumer(kSecond, 5 * kSecond);
  Simulation run = lab.on(rabbit_classic, {{"x-dead-letter-exchange", 1}});
  CHECK(when(run, FactKind::dead_lettered, 2) == 5 * kSecond);  // when m1 is taken
  lab.workload.messages[0].expires_after = 200 * kMs;
  run = lab.on(rabbit_classic, {{"x-dead-letter-exchange", 1}});
  CHECK(when(run, FactKind::dead_lettered, 1) == 200 * kMs);
  CHECK(when(run, FactKind::dead_lettered, 2) == 500 * kMs);
}

TEST_CASE("Q18: with a time to live of 0 who is free gets a message at once, or nobody") {
  for (const ProductId product : {rabbit_classic, rabbit_quorum}) {
    Lab lab;
    lab.messages(2).messages(1, 0, {"K"}, 5 * kSecond);
    lab.consumer(kSecond);
    const Simulation run = lab.on(product, {{"x-message-ttl", 0}, {"x-dead-letter-exchange", 1}});
    CHECK(when(run, FactKind::handled, 1) == kSecond);
    CHECK(when(run, FactKind::expired, 2) < kMs);
    CHECK(run.tally(0).done == 2);
    CHECK(run.tally(0).dead == 1);
    lab.workload.services[0].consumers.clear();
    CHECK(lab.on(product, {{"x-message-ttl", 0}}).tally(0).lost == 3);
  }
}

TEST_CASE("Q19: limit 3, eight publishes: drop-head keeps the last three; reject-publish the first, a quorum queue one more") {
  Lab lab;
  lab.messages(8);
  const auto kept = [](const Simulation& run) {
    std::string text;
    for (int m = 1; m <= 8; ++m)
      if (when(run, FactKind::message_refused, m) < 0 && when(run, FactKind::dead_lettered, m) < 0) text += " " + std::to_string(m);
    return text;
  };
  CHECK(kept(lab.on(rabbit_classic, {{"x-max-length", 3}, {"x-dead-letter-exchange", 1}})) == " 6 7 8");
  CHECK(kept(lab.on(rabbit_classic, {{"x-max-length", 3}, {"x-overflow", 1}})) == " 1 2 3");
  CHECK(kept(lab.on(rabbit_quorum, {{"x-max-length", 3}, {"x-overflow", 1}})) == " 1 2 3 4");
}

TEST_CASE("Q21: higher priorities first; what has none is 4 in a quorum queue and 0 in a classic one") {
  Lab lab;
  lab.messages(4);
  lab.workload.messages[1].priority = 9;
  lab.workload.messages[2].priority = 2;
  lab.consumer(kSecond, kSecond);
  CHECK(deliveries(lab.on(rabbit_quorum)) == "m2 m1 m4 m3");
  CHECK(deliveries(lab.on(rabbit_classic, {{"x-max-priority", 10}})) == "m2 m3 m1 m4");
  CHECK(deliveries(lab.on(rabbit_classic)) == "m1 m2 m3 m4");
}

TEST_CASE("Q24: a classic queue is away with its node, and back with what was persistent") {
  Lab lab;
  lab.messages(5).fault(Fault::Kind::kill, kSecond, 0).fault(Fault::Kind::restart, 5 * kSecond, 0);
  lab.consumer(100 * kMs, 2 * kSecond);
  const Simulation run = lab.on(rabbit_classic);
  CHECK(run.tally(0).done == 5);
  CHECK(run.tally(0).last == 5500 * kMs);
  CHECK(lab.on(rabbit_classic, {{"delivery_mode", 1}}).tally(0).lost == 5);
}

TEST_CASE("Q25: a mirror that was away during m1 to m5 and is promoted holds m6 to m8") {
  Lab lab;
  lab.messages(5, kSecond, {"K"}, 2 * kSecond).messages(3, kSecond, {"K"}, 10 * kSecond);
  lab.fault(Fault::Kind::kill, kSecond, 1).fault(Fault::Kind::restart, 9 * kSecond, 1).fault(Fault::Kind::kill, 15 * kSecond, 0);
  lab.consumer(100 * kMs, 20 * kSecond);
  const Simulation run = lab.on(rabbit_mirrored, {{"nodes", 2}});
  CHECK(deliveries(run) == "m6 m7 m8");
  CHECK(run.tally(0).lost == 5);
}

TEST_CASE("Q26: the last segment of a stream stays, however old") {
  Lab lab;
  lab.messages(10);
  lab.workload.until = 3 * kHour;
  lab.consumer(kMs, 2 * kHour);
  CHECK(lab.on(rabbit_stream, {{"x-max-age", 3600}, {"x-stream-offset", 1}}).tally(0).done == 10);
  // Segments of four messages: 4, 4 and 2.
  CHECK(lab.on(rabbit_stream, {{"x-max-age", 3600}, {"x-stream-offset", 1}, {"x-stream-max-segment-size-bytes", 400}}).tally(0).done == 2);
}

TEST_CASE("a member of a group that joins costs a rebalance, and nothing is lost by it") {
  for (const std::int64_t assignor : {0, 1, 2}) {
    Lab lab;
    lab.messages(60, 100 * kMs, {"user-1", "user-3", "user-6", "user-10"});
    lab.consumer(50 * kMs);
    lab.consumer(50 * kMs, 2 * kSecond);
    const Simulation run = lab.on(kafka, {{"num.partitions", 4}, {"partition.assignment.strategy", assignor}});
    CHECK(run.tally(0).done == 60);
    CHECK(run.tally(0).repeated == 0);
    CHECK(run.tally(0).stepped_back == 0);
  }
}

TEST_CASE("acks=all refuses below min.insync.replicas, and the library gives up after two minutes") {
  Lab lab;
  lab.messages(3, kSecond, {"K"}, 20 * kSecond).fault(Fault::Kind::kill, kSecond, 1).fault(Fault::Kind::kill, kSecond, 2);
  lab.workload.until = 300 * kSecond;
  const Simulation run = lab.on(kafka, {{"num.partitions", 1}});
  CHECK(run.system().confirmed == 0);
  CHECK(count(run, FactKind::publisher_gave_up) == 3);
  lab.fault(Fault::Kind::restart, 60 * kSecond, 1);
  CHECK(lab.on(kafka, {{"num.partitions", 1}}).system().confirmed == 3);
}

TEST_CASE("a share group archives what fails too often, and nobody is told") {
  Lab lab;
  lab.messages(3).poison(1);
  lab.consumer();
  const Simulation run = lab.on(kafka_share);
  CHECK(run.tally(0).attempts == 7);
  CHECK(run.tally(0).lost == 1);
  CHECK(lab.on(kafka_share, {{"errors.deadletterqueue.topic.name", 1}}).tally(0).dead == 1);
  lab.workload.services[0].on_error = OnError::reject;
  const Simulation rejected = lab.on(kafka_share, {{"errors.deadletterqueue.topic.name", 1}});
  CHECK(rejected.tally(0).attempts == 3);
  CHECK(rejected.tally(0).dead == 1);
}

TEST_CASE("a share group's record is free as soon as the connection of its consumer is gone, and when a host is silent after its lock") {
  Lab lab;
  lab.messages(1);
  lab.consumer(10 * kSecond).crash_at = 2 * kSecond;
  lab.consumer(kSecond, kSecond);
  CHECK(when(lab.on(kafka_share), FactKind::delivered, 1, 2) == 2 * kSecond);
  lab.workload.services[0].consumers[0].how = HowGone::host;
  CHECK(when(lab.on(kafka_share), FactKind::delivered, 1, 2) == 30 * kSecond);
  lab.workload.services[0].consumers[0].crash_at = kNever;
  lab.workload.services[0].consumers[0].to = 3 * kSecond;
  CHECK(when(lab.on(kafka_share), FactKind::delivered, 1, 2) == 3 * kSecond);
}

}  // namespace nutshell::queues::testing
