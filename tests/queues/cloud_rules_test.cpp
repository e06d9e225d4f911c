// Rules of Pub/Sub, SQS and Kinesis, each as a small story, with the times worked out by hand.
#include <doctest/doctest.h>

#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

using enum ProductId;

}  // namespace

TEST_CASE("P5: with a library that extends leases a crash is noticed after up to 60 s, not after 10") {
  Lab lab;
  lab.messages(1);
  lab.consumer(30 * kSecond).crash_at = 20 * kSecond;
  lab.consumer(kSecond, kSecond);
  lab.workload.until = 120 * kSecond;
  CHECK(lab.on(pubsub, {{"maxExtension", 3600}}).tally(0).noticed == 40 * kSecond);
  CHECK(lab.on(pubsub).tally(0).repeated == 0);  // after 10 s c2 has it
  CHECK(lab.on(pubsub).tally(0).done == 1);
}

TEST_CASE("P8: one redelivery brings all later ones of its key, acknowledged or not") {
  Lab lab;
  lab.messages(3).poison(1);
  lab.workload.poison[0].until_try = 2;
  lab.workload.services[0].on_error = OnError::silent;
  lab.consumer(kSecond).window = 3;
  const Simulation run = lab.on(pubsub_ordered);
  CHECK(deliveries(run) == "m1 m2 m3 m1 m2 m3");
  CHECK(run.tally(0).repeated == 2);
}

TEST_CASE("P11: the back-off doubles from its minimum to its maximum") {
  Lab lab;
  lab.messages(1).poison(1);
  lab.consumer(kSecond);
  lab.workload.until = 200 * kSecond;
  const Simulation run = lab.on(pubsub, {{"minimumBackoff", 10}, {"maximumBackoff", 30}});
  CHECK(when(run, FactKind::delivered, 1, 2) == 11 * kSecond);
  CHECK(when(run, FactKind::delivered, 1, 3) == 32 * kSecond);
  CHECK(when(run, FactKind::delivered, 1, 4) == 63 * kSecond);
  CHECK(when(run, FactKind::delivered, 1, 5) == 94 * kSecond);
}

TEST_CASE("P14: a seek acknowledges what is older, and brings back what is kept") {
  Lab lab;
  lab.messages(6, kSecond);
  lab.consumer(100 * kMs, 30 * kSecond);
  lab.workload.asks.push_back({20 * kSecond, 0, 2500 * kMs});
  const Simulation run = lab.on(pubsub, {{"topicMessageRetentionDuration", 3600}});
  CHECK(deliveries(run) == "m4 m5 m6");
  CHECK(run.tally(0).lost == 3);
}

TEST_CASE("P15: filters of Pub/Sub, and what is none") {
  const Headers order = {{"type", "paid"}, {"region", "eu-west"}, {"a b", "1"}};
  struct Case {
    const char* text;
    bool met;
  };
  for (const Case& each : {Case{"attributes.type = \"paid\"", true},
                           {"attributes.type=\"open\"", false},
                           {"attributes.type != \"open\"", true},
                           {"attributes:type", true},
                           {"attributes:other", false},
                           {"NOT attributes:other", true},
                           {"-attributes:type", false},
                           {"hasPrefix(attributes.region, \"eu-\")", true},
                           {"hasPrefix(attributes.region, \"us-\")", false},
                           {"attributes.\"a b\" = \"1\"", true},
                           {"attributes:other OR attributes:type AND attributes:region", true},
                           {"(attributes:other OR attributes:type) AND attributes:none", false},
                           {"attributes:type AND NOT (attributes:other OR attributes:none)", true}}) {
    CAPTURE(std::string(each.text));
    FilterNode filter;
    CHECK(parse_filter(each.text, filter) == "");
    CHECK(holds(filter, order) == each.met);
  }
  for (const char* text :
       {"", "attributes", "attributes.", "attributes.type", "attributes.type = paid", "attributes.type = \"paid",
        "attributes.type > \"paid\"", "attributes:a AND", "(attributes:a", "attributes:a)", "NOT", "hasPrefix(attributes.a)",
        "((((((((((((((((((((((((((((((((((((((((attributes:a))))))))))))))))))))))))))))))))))))))))"}) {
    CAPTURE(std::string(text));
    FilterNode filter;
    CHECK(parse_filter(text, filter) != "");
  }
  FilterNode filter;
  CHECK(parse_filter("attributes:" + std::string(300, 'a'), filter) == "is longer than 256 bytes");
}

TEST_CASE("S4: an old receipt handle deletes nothing, the newest may until it is over on FIFO") {
  Lab lab;
  lab.messages(1);
  lab.consumer(40 * kSecond);
  lab.workload.until = 200 * kSecond;
  // Alone: at 40 s nobody has received it again, so that on a standard queue the handle still works.
  CHECK(lab.on(sqs).tally(0).attempts == 1);
  CHECK(lab.on(sqs_fifo).tally(0).attempts > 1);
}

TEST_CASE("S5: a standard queue may deliver twice, by the luck of each message") {
  Lab lab;
  lab.messages(200);
  lab.consumer(kMs);
  CHECK(lab.on(sqs, {{"second copies ppm", 1'000'000}}).tally(0).repeated == 200);
  const std::int64_t some = lab.on(sqs, {{"second copies ppm", 250'000}}).tally(0).repeated;
  CHECK(some > 25);
  CHECK(some < 75);
}

TEST_CASE("S5: a fair queue gives messages of quiet groups before those of one that has a tenth out, and at least 30") {
  // Eight consumers of ten messages each, a second a message; 200 of a noisy tenant come first, two of others at 0.5 s.
  const auto quiet_at = [](Lab& lab, std::int64_t fair) { return when(lab.on(sqs, {{"MessageGroupId", fair}}), FactKind::delivered, 201); };
  Lab lab;
  lab.messages(200, 0, {"noisy"}).messages(2, 0, {"quiet"}, 500 * kMs);
  for (int i = 0; i < 8; ++i) lab.consumer(kSecond).window = 10;
  CHECK(quiet_at(lab, 1) == 10 * kSecond);
  CHECK(quiet_at(lab, 0) == 20 * kSecond);  // 80 at 0, 80 at 10 s, and then the other 40 before it
  CHECK(lab.on(sqs, {{"MessageGroupId", 1}}).tally(0).last == lab.on(sqs).tally(0).last);  // nobody is held back for good
  // 29 out are too few to be noisy.
  Lab few;
  few.messages(200, 0, {"noisy"}).messages(2, 0, {"quiet"}, 500 * kMs);
  few.consumer(kSecond).window = 29;
  CHECK(quiet_at(few, 1) == quiet_at(few, 0));
  few.workload.services[0].consumers[0].window = 30;
  CHECK(quiet_at(few, 1) == 30 * kSecond);
  // Of two noisy ones the one with less out is next.
  Mailbox mail(LineOrder::one_line, true);
  const auto add = [&](int count, std::int32_t key, Time at) {
    for (int i = 0; i < count; ++i) {
      Item item;
      item.key = key;
      item.entered = at;
      mail.add(item);
    }
  };
  add(50, 1, 0);
  add(50, 2, 0);
  for (std::int32_t i = 0; i < 40; ++i) mail.hand_out(i, 0);
  for (std::int32_t i = 50; i < 80; ++i) mail.hand_out(i, 0);
  CHECK(mail.next_fair(kSecond) == 80);
  add(1, -1, kSecond);
  CHECK(mail.next_fair(kSecond) == 100);  // what has no group is quiet
  CHECK(mail.next_fair(5 * kMinute) == 40);  // and so is who has sent nothing for five minutes: the oldest again
}

TEST_CASE("S6: a queue that nobody polls buries nothing") {
  Lab lab;
  lab.messages(1).poison(1);
  lab.workload.services[0].on_error = OnError::silent;
  lab.consumer(kSecond).to = 10 * kSecond;
  lab.workload.until = 200 * kSecond;
  CHECK(lab.on(sqs, {{"maxReceiveCount", 1}}).tally(0).dead == 0);
  lab.consumer(kSecond, 100 * kSecond);
  CHECK(lab.on(sqs, {{"maxReceiveCount", 1}}).tally(0).dead == 1);
}

TEST_CASE("S8: to delete the first of a received batch does not free the group") {
  Lab lab;
  lab.messages(4);
  lab.consumer(kSecond).window = 2;
  lab.consumer(kSecond);
  const Simulation run = lab.on(sqs_fifo);
  CHECK(when(run, FactKind::delivered, 2) == 0);
  CHECK(when(run, FactKind::delivered, 3) == 2 * kSecond);
}

TEST_CASE("S10: after five minutes a copy is a message again") {
  Lab lab;
  lab.messages(1);
  lab.consumer();
  lab.workload.until = 600 * kSecond;
  Fault lost;
  lost.kind = Fault::Kind::lose_answer;
  lost.message = 0;
  for (const auto& [after, stored] : {std::pair(299 * kSecond, 1), {300 * kSecond, 2}}) {
    lost.again_after = after;
    lab.workload.faults = {lost};
    CHECK(lab.on(sqs_fifo).tally(0).stored == stored);
  }
}

TEST_CASE("I1: the shards of keys") {
  CHECK(hash_key("user-1") == ((static_cast<HashKey>(0xd6d7705392bc7af6ull) << 64) | 0x33328bea8c4c6904ull));
  struct Vector {
    const char* key;
    int of_two, of_three, of_four;
  };
  for (const Vector& each : {Vector{"user-1", 1, 2, 3}, {"user-3", 0, 0, 0}, {"user-4", 0, 0, 0}, {"user-6", 0, 0, 1}, {"user-8", 1, 2, 3},
                             {"user-10", -1, 1, 2}, {"A", 0, 1, 1}, {"B", 1, 1, 2}, {"C", 0, 0, 0}, {"D", 1, 2, 3}}) {
    CAPTURE(std::string(each.key));
    if (each.of_two >= 0) CHECK(shard_of(each.key, 2) == each.of_two);
    CHECK(shard_of(each.key, 3) == each.of_three);
    CHECK(shard_of(each.key, 4) == each.of_four);
  }
}

TEST_CASE("I4: what is throttled comes in behind what was not") {
  Lab lab;
  lab.messages(1001).messages(1, 0, {"K"}, 1500 * kMs);
  Row& row = lab.row(kinesis);
  row.on_refused = OnRefused::resend;
  row.resend_after = 2 * kSecond;
  const Simulation run = lab.run();
  CHECK(run.system().refused == 1);
  CHECK(run.system().inversions == 1);
  CHECK(run.system().confirmed == 1002);
}

TEST_CASE("I8, I11: shards that are merged are read to their ends before their child, and keys keep their order") {
  for (const std::int64_t readers : {0, 2}) {
    Lab lab;
    lab.messages(12, 0, {"user-1", "user-3"}).messages(12, 0, {"user-1", "user-3"}, kSecond);
    lab.fault(Fault::Kind::shrink, 500 * kMs);
    lab.consumer(kSecond);
    lab.consumer(kSecond);
    lab.workload.until = 120 * kSecond;
    const Tally tally = lab.on(kinesis, {{"ShardCount", 2}, {"InitialPositionInStream", 1}, {"readers", readers}}).tally(0);
    CHECK(tally.done == 24);
    CHECK((tally.overtaken == 0) == (readers == 0));
  }
}

TEST_CASE("I10: a worker that runs already takes over 16.7 to 40 s after the crash") {
  for (int tenth = 0; tenth < 40; ++tenth) {
    Lab lab;
    lab.messages(1, 0, {"user-4"}).messages(1, 0, {"user-4"}, 100 * kSecond);
    const Time crash = 40 * kSecond + tenth * 500 * kMs;
    lab.consumer().crash_at = crash;
    lab.consumer();
    lab.workload.until = 200 * kSecond;
    const Simulation run = lab.on(kinesis);
    CHECK(run.tally(0).noticed >= 10 * kSecond);
    CHECK(run.tally(0).noticed <= 40'100 * kMs);
    CHECK(run.tally(0).done == 2);
  }
}

TEST_CASE("I10: one lease is stolen a scan when a worker joins") {
  Lab lab;
  lab.messages(400, kSecond, {"user-1", "user-3", "user-6", "user-10"});
  lab.consumer(kMs);
  lab.consumer(kMs, 10 * kSecond);
  lab.workload.until = 400 * kSecond;
  const Simulation run = lab.on(kinesis, {{"ShardCount", 4}});
  std::vector<Time> stolen;
  for (const Fact& each : run.facts())
    if (each.kind == FactKind::slot_taken_over && each.consumer == 1) stolen.push_back(each.at);
  REQUIRE(stolen.size() == 2);
  CHECK(stolen[1] - stolen[0] == 20'050 * kMs);
}

namespace {

// So many services with one reader each, which read a second's messages at a time.
Lab polled_by(int services) {
  Lab lab;
  lab.messages(200, 100 * kMs);
  lab.workload.services.resize(static_cast<std::size_t>(services), lab.workload.services.front());
  for (int i = 0; i < services; ++i) {
    lab.workload.services[static_cast<std::size_t>(i)].name = "s" + std::to_string(i + 1);
    lab.consumer(0, 0, static_cast<std::size_t>(i)).window = 10'000;
  }
  lab.workload.until = 40 * kSecond;
  return lab;
}

// The longest and the shortest time from a message's writing to a service.
std::pair<Duration, Duration> delays(const Simulation& run) {
  std::pair<Duration, Duration> found{0, kNever};
  for (const Fact& each : run.facts()) {
    if (each.kind != FactKind::delivered) continue;
    const Duration delay = each.at - run.workload().messages[static_cast<std::size_t>(each.message)].at;
    found = {std::max(found.first, delay), std::min(found.second, delay)};
  }
  return found;
}

std::int64_t refused_reads(const Simulation& run) {
  std::int64_t all = 0;
  for (std::size_t i = 0; i < run.services().size(); ++i) all += run.tally(i).throttled;
  return all;
}

}  // namespace

TEST_CASE("I3, I6: five services may poll a shard once a second; of six one is refused each second, in turn") {
  Lab five = polled_by(5), six = polled_by(6);
  const Simulation fits = five.on(kinesis, {{"idleTimeBetweenReadsInMillis", 1000}});
  CHECK(refused_reads(fits) == 0);
  CHECK(delays(fits).first == 900 * kMs);  // written at 0.1 s of a second, read at the next one
  const Simulation full = six.on(kinesis, {{"idleTimeBetweenReadsInMillis", 1000}});
  CHECK(refused_reads(full) >= 39);  // one a second of forty
  CHECK(refused_reads(full) <= 41);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(full.tally(i).done == 200);
    CHECK(full.tally(i).throttled >= 6);
  }
  CHECK(delays(full).first == 1900 * kMs);
}

TEST_CASE("I6: one service may poll five times a second; pushed, each has what was written 70 ms later") {
  Lab one = polled_by(1), many = polled_by(7);
  CHECK(delays(one.on(kinesis, {{"idleTimeBetweenReadsInMillis", 200}})).first <= 200 * kMs);
  CHECK(refused_reads(one.on(kinesis, {{"idleTimeBetweenReadsInMillis", 200}})) == 0);
  CHECK(refused_reads(one.on(kinesis, {{"idleTimeBetweenReadsInMillis", 100}})) > 100);
  const Simulation pushed = many.on(kinesis, {{"EnhancedFanOut", 1}});
  CHECK(delays(pushed) == std::pair<Duration, Duration>{70 * kMs, 70 * kMs});
  for (std::size_t i = 0; i < 7; ++i) CHECK(pushed.tally(i).done == 200);
}

TEST_CASE("I3: more than two megabytes at once are waited off") {
  Lab lab;
  lab.messages(4, kSecond).messages(1, 0, {"K"}, 10'100 * kMs);
  for (Message& each : lab.workload.messages) each.size = 1'000'000;
  lab.consumer(0, 10 * kSecond).window = 10'000;
  lab.workload.services[0].from_start = true;
  lab.workload.until = 30 * kSecond;
  const Simulation run = lab.on(kinesis, {{"idleTimeBetweenReadsInMillis", 200}, {"InitialPositionInStream", 1}});
  CHECK(when(run, FactKind::delivered, 4) == 10 * kSecond);
  CHECK(when(run, FactKind::delivered, 5) == 12 * kSecond);
}

}  // namespace nutshell::queues::testing
