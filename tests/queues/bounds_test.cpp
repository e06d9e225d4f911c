// Numbers of the rules that no other story comes to: the largest read, the longest extension, how long a snapshot lives, where a shard is
// cut. Worked out by hand.
#include <doctest/doctest.h>

#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

using enum ProductId;

bool is_said(const Simulation& run, const std::string& words) {
  for (const std::string& each : run.notes())
    if (each.find(words) != std::string::npos) return true;
  return false;
}

constexpr Duration kDay = 24 * kHour;

}  // namespace

TEST_CASE("I3: a read brings 10,000 records at most") {
  Lab lab;
  lab.messages(10'001, kMs);
  lab.consumer(0, 20 * kSecond).window = 20'000;
  lab.workload.until = 30 * kSecond;
  const Simulation run = lab.on(kinesis, {{"idleTimeBetweenReadsInMillis", 1000}, {"InitialPositionInStream", 1}});
  CHECK(when(run, FactKind::delivered, 10'000) == 20 * kSecond);
  CHECK(when(run, FactKind::delivered, 10'001) == 21 * kSecond);
}

TEST_CASE("I3: a read brings 10 MiB at most, and then nothing comes for five seconds") {
  Lab lab;
  lab.messages(12, kSecond);
  for (Message& each : lab.workload.messages) each.size = 1'000'000;
  lab.consumer(0, 20 * kSecond).window = 100;
  lab.workload.until = 30 * kSecond;
  const Simulation run = lab.on(kinesis, {{"idleTimeBetweenReadsInMillis", 1000}, {"InitialPositionInStream", 1}});
  CHECK(when(run, FactKind::delivered, 10) == 20 * kSecond);
  CHECK(when(run, FactKind::delivered, 11) == 25 * kSecond);
  CHECK(run.tally(0).throttled == 4);  // at 21, 22, 23 and 24 s
}

TEST_CASE("I6: two megabytes a second are pushed to a service") {
  Lab lab;
  lab.messages(5, kSecond);
  for (Message& each : lab.workload.messages) each.size = 900'000;
  lab.consumer(0, 10 * kSecond).window = 100;
  const Simulation run = lab.on(kinesis, {{"EnhancedFanOut", 1}, {"InitialPositionInStream", 1}});
  CHECK(when(run, FactKind::delivered, 2) == 10 * kSecond);
  CHECK(when(run, FactKind::delivered, 3) == 11 * kSecond);
  CHECK(when(run, FactKind::delivered, 5) == 12 * kSecond);
}

TEST_CASE("I8: a shard is cut in the middle, and merged with the next one, or with the one before if it is the last") {
  Lab lab;
  lab.messages(1, 0, {"user-1"});
  lab.fault(Fault::Kind::grow, kSecond);
  const Simulation cut = lab.on(kinesis);
  REQUIRE(cut.slots().size() == 3);
  const HashKey half = HashKey{1} << 127;
  CHECK_FALSE(cut.slots()[0].open);
  CHECK(cut.slots()[1].first_key == 0);
  CHECK(cut.slots()[1].last_key == half - 1);
  CHECK(cut.slots()[2].first_key == half);
  CHECK(cut.slots()[2].last_key == ~HashKey{0});
  // Of three shards user-4 is in the first, user-10 in the second and user-8 in the third (I1).
  for (const auto& [key, one, other] : {std::tuple("user-4", 0, 1), {"user-10", 1, 2}, {"user-8", 2, 1}}) {
    Lab merges;
    merges.messages(1, kSecond, {key}, kSecond);
    Fault merge;
    merge.kind = Fault::Kind::shrink;
    merge.before = 0;
    merges.workload.faults = {merge};
    const Simulation run = merges.on(kinesis, {{"ShardCount", 3}});
    REQUIRE(run.slots().size() == 4);
    const Slot& child = run.slots()[3];
    CHECK(child.parent == one);
    CHECK(child.other_parent == other);
    CHECK(child.first_key == run.slots()[static_cast<std::size_t>(std::min(one, other))].first_key);
    CHECK(child.last_key == run.slots()[static_cast<std::size_t>(std::max(one, other))].last_key);
    CHECK(child.end() == 1);
  }
}

TEST_CASE("I11: a child of two waits for both, and is read from its beginning, also where an application begins with the latest") {
  Lab merged;
  merged.messages(1, 0, {"user-3"}).messages(12, 0, {"user-1"}).messages(1, 0, {"user-1"}, kSecond);
  merged.fault(Fault::Kind::shrink, 500 * kMs);
  merged.consumer(kSecond);
  merged.consumer(kSecond);
  // user-3's shard is done at 1 s, user-1's at 12; readers ask every ten seconds.
  const Simulation both = merged.on(kinesis, {{"ShardCount", 2}, {"InitialPositionInStream", 1}});
  CHECK(when(both, FactKind::delivered, 14) == 20 * kSecond);
  CHECK(both.tally(0).overtaken == 0);
  Lab cut;
  cut.messages(10, 0, {"user-3"}, kSecond).messages(10, 0, {"user-3"}, 3500 * kMs).fault(Fault::Kind::grow, 3 * kSecond);
  cut.consumer(kSecond);
  const Simulation latest = cut.on(kinesis);
  CHECK(latest.tally(0).done == 20);
  CHECK(latest.tally(0).last == 30 * kSecond);  // ten until 11 s, ten from 20 s on
}

TEST_CASE("I15: a message for which the second has no bytes left begins a pack that is refused") {
  Lab lab;
  lab.messages(1100);
  for (Message& each : lab.workload.messages) each.size = 1000;
  for (const std::int64_t packed : {1, 7, 10}) CHECK(lab.on(kinesis, {{"AggregationMaxCount", packed}}).system().confirmed == 1000);
}

TEST_CASE("P5: the library extends a deadline for as long as it may, and then lets go") {
  Lab lab;
  lab.messages(1);
  lab.consumer(2 * kHour);
  lab.consumer(kSecond);
  lab.workload.until = 3 * kHour;
  const Simulation run = lab.on(pubsub, {{"maxExtension", 3600}});
  CHECK(when(run, FactKind::delivered, 1, 2) == kHour);
  CHECK(run.tally(0).repeated == 1);
}

TEST_CASE("P8: a key goes on with the subscriber that had it last, though another would be next in turn") {
  Lab lab;
  lab.messages(3, 10 * kSecond);
  lab.consumer(kSecond);
  lab.consumer(kSecond);
  CHECK(lab.on(pubsub_ordered).tally(0).idle == 1);
  CHECK(lab.on(pubsub).tally(0).idle == 0);
}

TEST_CASE("P13: what is retained is given again only for as long as it is retained") {
  Lab lab;
  lab.messages(2, 300 * kSecond);
  lab.consumer(kSecond);
  lab.workload.until = 900 * kSecond;
  lab.workload.asks.push_back({700 * kSecond, 0, 0});
  CHECK(lab.on(pubsub, {{"messageRetentionDuration", 600}, {"retainAckedMessages", 1}}).tally(0).again == 1);
  CHECK(lab.on(pubsub, {{"topicMessageRetentionDuration", 600}}).tally(0).again == 1);
  CHECK(lab.on(pubsub, {{"topicMessageRetentionDuration", 701}}).tally(0).again == 2);
}

TEST_CASE("P14: a snapshot lives for seven days less the age of its oldest message, and not for less than an hour") {
  const auto restored = [](Time taken, Duration later) {
    Lab lab;
    lab.messages(1);
    lab.workload.until = 20 * kDay;
    lab.workload.asks.push_back({taken + later, 0, taken, Ask::Kind::snapshot});
    return lab.on(pubsub, {{"messageRetentionDuration", 2'678'400}, {"expirationPolicy", -1}});
  };
  CHECK(count(restored(6 * kDay, 23 * kHour), FactKind::replay_started) == 1);
  CHECK(is_said(restored(6 * kDay, 24 * kHour), "the snapshot has expired"));
  CHECK(count(restored(6 * kDay + 23 * kHour, kHour - kSecond), FactKind::replay_started) == 1);
  CHECK(is_said(restored(6 * kDay + 23 * kHour + kSecond, kSecond), "less than an hour is refused"));
}

TEST_CASE("S10: five minutes count from the first send, and not from a copy") {
  Lab lab;
  lab.messages(3, 200 * kSecond);
  for (Message& each : lab.workload.messages) each.body = "the same";
  lab.workload.until = 600 * kSecond;
  const Simulation run = lab.on(sqs_fifo, {{"ContentBasedDeduplication", 1}});
  CHECK(when(run, FactKind::copy_suppressed, 2) == 200 * kSecond);
  CHECK(when(run, FactKind::copy_suppressed, 3) == -1);
  CHECK(run.tally(0).stored == 2);
  CHECK(run.tally(0).lost == 1);
}

TEST_CASE("S10, S11: copies and calls are counted in a message group where the scope is one") {
  Lab lab;
  lab.messages(2, 0, {"A", "B"});
  for (Message& each : lab.workload.messages) each.body = "the same";
  CHECK(lab.on(sqs_fifo, {{"ContentBasedDeduplication", 1}}).tally(0).stored == 1);
  CHECK(lab.on(sqs_fifo, {{"ContentBasedDeduplication", 1}, {"DeduplicationScope", 1}}).tally(0).stored == 2);
  Lab many;
  many.messages(800, 0, {"A", "B"});
  CHECK(many.on(sqs_fifo, {{"DeduplicationScope", 1}}).system().accepted == 300);
  CHECK(many.on(sqs_fifo, {{"DeduplicationScope", 1}, {"FifoThroughputLimit", 1}}).system().accepted == 600);
}

TEST_CASE("Q11: a host that vanishes is dead when two heartbeats have not come") {
  Lab lab;
  lab.messages(1);
  Consumer& first = lab.consumer(100 * kSecond);
  first.crash_at = 2500 * kMs;
  first.how = HowGone::host;
  lab.workload.until = 100 * kSecond;
  for (const ProductId product : {rabbit_quorum, rabbit_classic}) {
    // Frames every 30 s: the last one came at 0, those of 30 and 60 s did not.
    CHECK(lab.on(product).tally(0).noticed == 57'500 * kMs);
    CHECK(lab.on(product, {{"heartbeat", 10}}).tally(0).noticed == 7'500 * kMs);
  }
}

TEST_CASE("Q13, Q15: a consumer's time-out is no failed delivery in 4.3, and was one before") {
  Lab lab;
  lab.messages(1);
  lab.consumer(150 * kSecond);
  lab.consumer(kSecond);
  lab.workload.until = 200 * kSecond;
  const auto on = [&](std::int64_t version) {
    return lab.on(rabbit_quorum, {{"version", version}, {"consumer-timeout", 30'000}, {"x-delivery-limit", 0},
                                  {"x-dead-letter-exchange", 1}});
  };
  CHECK(on(0).tally(0).dead == 0);
  CHECK(on(0).tally(0).attempts == 2);
  CHECK(on(1).tally(0).dead == 1);
  CHECK(on(1).tally(0).attempts == 1);
}

TEST_CASE("Q15: who was too slow is served again as soon as it has settled what it had") {
  Lab lab;
  lab.messages(2).messages(1, 0, {"K"}, 80 * kSecond);
  lab.consumer(kSecond).slow = {{0, 70 * kSecond}};
  lab.consumer(kSecond);
  lab.workload.until = 100 * kSecond;
  const Simulation run = lab.on(rabbit_quorum, {{"consumer-timeout", 30'000}});
  CHECK(when(run, FactKind::delivered, 1, 2) == 30 * kSecond);  // to the second
  std::int32_t third = -1;
  for (const Fact& each : run.facts())
    if (each.kind == FactKind::delivered && each.message == 2) third = each.consumer;
  CHECK(third == 0);  // whose turn it is
}

TEST_CASE("Q10: without a limit what is given back goes to the end, also if it had come back to the front before") {
  Lab lab;
  lab.messages(3).poison(1);
  lab.workload.poison[0].until_try = 3;
  lab.consumer(kSecond).crash_at = 500 * kMs;
  lab.consumer(kSecond, kSecond);
  CHECK(deliveries(lab.on(rabbit_quorum, {{"x-delivery-limit", -1}})) == "m1 m1 m2 m3 m1");
  CHECK(deliveries(lab.on(rabbit_quorum)) == "m1 m1 m1 m2 m3");
}

TEST_CASE("S5: thirty messages in flight are not noisy where they are less than a tenth") {
  Mailbox mail(LineOrder::one_line, true);
  const auto add = [&](int count, std::int32_t key) {
    for (int i = 0; i < count; ++i) {
      Item item;
      item.key = key;
      mail.add(item);
    }
  };
  add(400, -1);
  add(50, 1);
  add(1, 2);
  for (std::int32_t i = 0; i < 440; ++i) mail.hand_out(i, 0);
  CHECK(mail.next_fair(kSecond) == 440);  // 40 of 440 are of key 1
  for (std::int32_t i = 0; i < 100; ++i) mail.leave(i, Item::State::done);
  CHECK(mail.next_fair(kSecond) == 450);  // 40 of 340
}

TEST_CASE("Q14: what waits before it is tried again: what failed, or what was merely returned") {
  Lab lab;
  lab.messages(1).poison(1);
  lab.workload.poison[0].until_try = 2;
  lab.consumer(kSecond);
  const auto again_at = [&](std::int64_t type, std::int64_t nacks) {
    return when(lab.on(rabbit_quorum, {{"x-delayed-retry-type", type}, {"x-delayed-retry-min", 5000}, {"return with", nacks}}),
                FactKind::delivered, 1, 2);
  };
  constexpr std::int64_t kAll = 1, kFailed = 2, kReturned = 3, kReject = 0, kNack = 1;  // a nack is no failure in 4.3
  for (const std::int64_t how : {kReject, kNack}) {
    CHECK(again_at(kAll, how) == 6 * kSecond);
    CHECK(again_at(kFailed, how) == (how == kReject ? 6 : 1) * kSecond);
    CHECK(again_at(kReturned, how) == (how == kReject ? 1 : 6) * kSecond);
  }
}

TEST_CASE("Q21: a priority above the highest is the highest, and what comes back has none") {
  Lab lab;
  lab.messages(3);
  lab.workload.messages[0].priority = 31;
  lab.workload.messages[1].priority = 200;
  lab.workload.messages[2].priority = 30;
  lab.consumer(kSecond, kSecond);
  CHECK(deliveries(lab.on(rabbit_quorum)) == "m1 m2 m3");
  CHECK(deliveries(lab.on(rabbit_classic, {{"x-max-priority", 10}})) == "m1 m2 m3");
  CHECK(deliveries(lab.on(rabbit_classic, {{"x-max-priority", 255}})) == "m2 m1 m3");
  // m3 and m1 come back together, in the order in which they were delivered, not in that of their priorities.
  Lab back;
  back.messages(2);
  back.workload.messages[1].priority = 9;
  Consumer& first = back.consumer(10 * kSecond);
  first.window = 2;
  first.crash_at = 5 * kSecond;
  back.consumer(kSecond, 20 * kSecond);
  back.messages(1, 0, {"K"}, 10 * kSecond);
  back.workload.messages[2].priority = 31;
  CHECK(deliveries(back.on(rabbit_quorum)) == "m2 m1 m2 m1 m3");
}

TEST_CASE("Q22: two of four nodes are no majority, with the leader among them or without") {
  for (const int first : {0, 2}) {
    Lab lab;
    lab.messages(1, 0, {"K"}, 5 * kSecond);
    lab.fault(Fault::Kind::kill, kSecond, first).fault(Fault::Kind::kill, kSecond, first + 1);
    lab.fault(Fault::Kind::restart, 10 * kSecond, first + 1);
    const Simulation run = lab.on(rabbit_quorum, {{"nodes", 4}});
    CHECK(when(run, FactKind::message_accepted, 1) >= 10 * kSecond);
    CHECK(when(run, FactKind::message_accepted, 1) < 12 * kSecond);
    for (const Fact& each : run.facts()) CHECK_FALSE((each.kind == FactKind::leader_elected && each.at < 10 * kSecond));
  }
}

TEST_CASE("Q23: a leader that is cut off is suspected after a second, and another elected one to two seconds later") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Lab lab;
    lab.messages(1, 0, {"K"}, 1500 * kMs).fault(Fault::Kind::cut, kSecond, 0);
    lab.workload.seed = seed;
    const Time confirmed = when(lab.on(rabbit_quorum), FactKind::message_accepted, 1);
    CHECK(confirmed > 3 * kSecond);
    CHECK(confirmed <= 4 * kSecond);
  }
}

TEST_CASE("Q25: of two mirrors the one that has everything is promoted") {
  Lab lab;
  lab.messages(5, kSecond, {"K"}, 2 * kSecond).messages(3, kSecond, {"K"}, 10 * kSecond);
  lab.fault(Fault::Kind::kill, kSecond, 1).fault(Fault::Kind::restart, 9 * kSecond, 1).fault(Fault::Kind::kill, 15 * kSecond, 0);
  lab.consumer(100 * kMs, 20 * kSecond);
  const Simulation run = lab.on(rabbit_mirrored, {{"nodes", 3}});
  CHECK(run.tally(0).done == 8);
  CHECK(run.tally(0).lost == 0);
}

TEST_CASE("Q26: a consumer that begins with the last chunk gets all of it, and nothing before") {
  for (const auto& [messages, got] : {std::pair(20, 10), {25, 5}, {21, 1}, {9, 9}}) {
    Lab lab;
    lab.messages(messages);
    lab.consumer(kMs, 5 * kSecond);
    CHECK(lab.on(rabbit_stream, {{"x-stream-offset", 2}, {"chunk", 10}}).tally(0).done == got);
  }
}

TEST_CASE("a partition and a stream keep so many bytes, by whole segments") {
  Lab lab;
  lab.messages(10, kSecond);
  lab.workload.until = kHour;
  lab.consumer(kMs, 30 * kMinute);
  // Segments of two messages; of 1000 bytes 500 are to be kept: the last two whole ones hold 400, the last three 600.
  const Simulation partition =
      lab.on(kafka, {{"num.partitions", 1}, {"retention.bytes", 500}, {"segment.bytes", 200}, {"auto.offset.reset", 1}});
  CHECK(partition.tally(0).done == 6);
  CHECK(partition.tally(0).lost == 4);
  const Simulation stream = lab.on(
      rabbit_stream, {{"x-max-length-bytes", 500}, {"x-stream-max-segment-size-bytes", 200}, {"x-stream-offset", 1}});
  CHECK(stream.tally(0).done == 6);
  CHECK(stream.tally(0).lost == 4);
}

TEST_CASE("L2: what no segment holds with its batch is refused, and told with the remedy") {
  Lab lab;
  lab.messages(3);
  lab.consumer();
  // A batch of one record takes 61 + 8 bytes beside the record's 100.
  const Outcome refused = lab.on(kafka, {{"segment.bytes", 168}, {"auto.offset.reset", 1}}).outcome(false);
  CHECK(refused.system.confirmed == 0);
  CHECK(refused.system.refused == 3);
  REQUIRE(refused.notes.size() == 1);
  CHECK(refused.notes[0] == "3 of 3 messages are refused with RECORD_LIST_TOO_LARGE, because no segment of 168 bytes holds them with "
                            "their batch: set segment.bytes to at least 169");
  const Outcome taken = lab.on(kafka, {{"segment.bytes", 169}, {"auto.offset.reset", 1}}).outcome(false);
  CHECK(taken.system.confirmed == 3);
  CHECK(taken.services[0].done == 3);
  CHECK(taken.notes.empty());
}

}  // namespace nutshell::queues::testing
