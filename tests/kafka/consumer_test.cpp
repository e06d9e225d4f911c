// Stories about the consumer: what is delivered, committed, and delivered again.
#include <doctest/doctest.h>

#include <map>

#include "tests/kafka/group_story.h"

namespace nutshell {
namespace {

// How often each offset of each partition was delivered.
std::map<std::pair<std::int32_t, Offset>, std::int32_t> deliveries(const GroupStory& s) {
  std::map<std::pair<std::int32_t, Offset>, std::int32_t> counts;
  for (const RecordsDelivered& each : s.all<RecordsDelivered>())
    for (Offset offset = each.first; offset <= each.last; ++offset) counts[{each.tp.partition, offset}] += 1;
  return counts;
}

std::int32_t delivered_twice(const GroupStory& s) {
  std::int32_t twice = 0;
  for (const auto& [where, count] : deliveries(s)) twice += count > 1 ? 1 : 0;
  return twice;
}

// Offsets of a partition that were passed over, below the highest that was delivered.
std::int32_t skipped(const GroupStory& s) {
  std::map<std::int32_t, Offset> expected;
  std::int32_t gaps = 0;
  for (const auto& [where, count] : deliveries(s)) {
    gaps += static_cast<std::int32_t>(where.second - expected[where.first]);
    expected[where.first] = where.second + 1;
  }
  return gaps;
}

TEST_CASE("a consumer delivers every record once and in order, and keeps up") {
  GroupStory s(group_setup(3, 1, 10 * kMillisecond));
  s.run_to(40 * kSecond);
  CHECK(s.all<RecordsDelivered>().size() > 100);
  CHECK(delivered_twice(s) == 0);
  CHECK(skipped(s) == 0);
  for (const OwnedPartition& each : s.consumer(0).owned) CHECK(each.high_watermark - each.position <= 20);
}

TEST_CASE("auto.commit.interval.ms: positions of earlier polls, every five seconds (G4)") {
  GroupStory s(group_setup(1, 1));
  REQUIRE(s.until([&] { return s.is_stable("payments", 1); }));
  const Time stable = s.now();
  REQUIRE(s.next<OffsetCommitted>() != nullptr);
  CHECK(s.now() - stable >= 5 * kSecond);
  CHECK(s.now() - stable < 5 * kSecond + 100 * kMillisecond);
  const Offset delivered = s.all<RecordsDelivered>().back().last + 1;
  CHECK(s.all<OffsetCommitted>().back().offset <= delivered);
  // From one to the next it is the interval, give or take what a commit needs to be replicated.
  for (int i = 0; i < 4; ++i) {
    const Time before = s.now();
    REQUIRE(s.next<OffsetCommitted>() != nullptr);
    CHECK(s.now() - before > 5 * kSecond - 10 * kMillisecond);
    CHECK(s.now() - before < 5 * kSecond + 10 * kMillisecond);
  }
}

TEST_CASE("auto.commit.interval.ms=0: with every poll, and time goes on although there is nothing to commit yet (G4)") {
  Setup setup = group_setup(1, 1);
  setup.topics[0].replication_factor = 1;
  setup.topics[0].assignment = {{3}};
  setup.consumers[0].spec.config.auto_commit_interval = 0;
  setup.consumers[0].start = 20 * kSecond;
  GroupStory s(setup);
  s.run_to(5 * kSecond);
  s.act(Crash{"broker 3"});
  // It owns the partition, but nobody tells it where that begins.
  REQUIRE(s.until([&] { return s.is_stable("payments", 1); }));
  s.run_for(10 * kSecond);
  REQUIRE(s.owned() == "0");
  CHECK(s.all<RecordsDelivered>().empty());
  CHECK(s.all<OffsetCommitted>().empty());
  s.act(Start{"broker 3"});
  s.run_for(20 * kSecond);
  s.forget_facts();
  s.run_for(10 * kSecond);
  // A record each 100 ms, and each is committed before the next.
  CHECK(s.all<RecordsDelivered>().size() >= 99);
  CHECK(s.all<RecordsDelivered>().back().last + 1 - s.committed("payments", "orders", 0) <= 1);
}

TEST_CASE("at least once: a crash between processing and commit delivers again (scenario 30)") {
  Setup setup = group_setup(1, 2, 20 * kMillisecond);
  for (ConsumerSetup& each : setup.consumers) each.spec.config.auto_commit_interval = 5 * kSecond;
  GroupStory s(setup);
  REQUIRE(s.until([&] { return s.is_stable("payments", 2); }));
  s.run_for(8 * kSecond);
  s.act(Crash{s.name(s.all<RecordsDelivered>().back().consumer)});
  s.run_for(60 * kSecond);
  CHECK(delivered_twice(s) > 0);
  CHECK(delivered_twice(s) <= 300);  // no more than one interval
  CHECK(skipped(s) == 0);
}

TEST_CASE("at most once: a commit before processing loses what was being worked on (scenario 31)") {
  Setup setup = group_setup(1, 2, 20 * kMillisecond);
  for (ConsumerSetup& each : setup.consumers) {
    each.spec.config.enable_auto_commit = false;
    each.spec.commit = CommitMode::before_processing;
    each.spec.processing = 10 * kMillisecond;
  }
  GroupStory s(setup);
  REQUIRE(s.until([&] { return s.is_stable("payments", 2); }));
  s.run_for(5 * kSecond);
  REQUIRE(s.until([&] {
    return s.consumer(0).application == ApplicationState::processing ||
           s.consumer(1).application == ApplicationState::processing;
  }));
  const std::size_t busy = s.consumer(0).application == ApplicationState::processing ? 0 : 1;
  const Offset position = s.consumer(busy).owned[0].position;
  CHECK(s.consumer(busy).owned[0].processed < position);
  s.act(Crash{s.name(s.consumer(busy).node)});
  const PositionSet* resumed = s.next<PositionSet>(2 * kMinute);
  REQUIRE(resumed != nullptr);
  CHECK(resumed->position == position);  // what was not processed is not read again
  CHECK(delivered_twice(s) == 0);
}

TEST_CASE("a rebalance between live members delivers nothing twice: positions are committed first (G4)") {
  Setup setup = group_setup(4, 2, 10 * kMillisecond);
  setup.consumers[1].start = 30 * kSecond;
  GroupStory s(setup);
  REQUIRE(s.until([&] { return s.is_stable("payments", 2); }, 2 * kMinute));
  s.run_for(10 * kSecond);
  const auto revoked = s.all<PartitionRevoked>();
  REQUIRE(revoked.size() == 4);  // eager: all of them (G12)
  CHECK_FALSE(revoked[0].lost);
  CHECK(s.owned() == "0 1 | 2 3");
  CHECK(delivered_twice(s) == 0);
  CHECK(skipped(s) == 0);
}

TEST_CASE("an application that works for too long leaves the group and starts over (scenario 33)") {
  Setup setup = group_setup(1, 1, kSecond);
  setup.consumers[0].spec.processing = 40 * kSecond;
  setup.consumers[0].spec.config.max_poll_interval = 30 * kSecond;
  setup.consumers[0].spec.config.max_poll_records = 1;
  setup.consumers[0].spec.config.enable_auto_commit = false;
  GroupStory s(setup);
  REQUIRE(s.next<RecordsDelivered>() != nullptr);
  const Time polled = s.now();
  REQUIRE(s.next<MemberLeft>() != nullptr);
  CHECK_FALSE(s.all<MemberLeft>()[0].expired);  // it says so itself
  CHECK(s.now() - polled >= 30 * kSecond);
  CHECK(s.now() - polled < 31 * kSecond);
  REQUIRE(s.next<PartitionRevoked>() != nullptr);
  CHECK(s.all<PartitionRevoked>()[0].lost);
  CHECK(s.now() - polled >= 40 * kSecond);  // noticed at the next poll()
  const RecordsDelivered* again = s.next<RecordsDelivered>();
  REQUIRE(again != nullptr);
  CHECK(again->first == 0);
  CHECK(s.all<OffsetCommitted>().empty());
}

TEST_CASE("auto.offset.reset: latest passes over what is there, none ends the application (G2)") {
  Setup setup = group_setup(1, 2);
  setup.consumers[0].spec.config.auto_offset_reset = OffsetReset::latest;
  setup.consumers[1].spec.config.auto_offset_reset = OffsetReset::none;
  setup.consumers[1].group = "strict";
  for (ConsumerSetup& each : setup.consumers) each.start = 20 * kSecond;
  GroupStory s(setup);
  s.run_to(45 * kSecond);
  const auto positions = s.all<PositionSet>();
  REQUIRE(positions.size() == 1);
  CHECK(positions[0].reset);
  CHECK(positions[0].position > 50);
  CHECK(s.all<RecordsDelivered>()[0].first == positions[0].position);
  CHECK(s.consumer(1).fatal == ErrorCode::offset_out_of_range);
  CHECK_FALSE(s.consumer(1).running);
}

TEST_CASE("a new leader is found and reading goes on where it was (N2)") {
  GroupStory s(group_setup(3, 1));
  REQUIRE(s.until([&] { return s.is_stable("payments", 1); }));
  s.run_for(5 * kSecond);
  const NodeId leader = s.consumer(0).owned[0].leader;
  s.act(Crash{s.name(leader)});
  s.run_for(40 * kSecond);
  CHECK(s.consumer(0).owned[0].leader != leader);
  CHECK(delivered_twice(s) == 0);
  CHECK(skipped(s) == 0);
  for (const OwnedPartition& each : s.consumer(0).owned) CHECK(each.high_watermark - each.position <= 20);
}

TEST_CASE("a member that was paused too long has lost its partitions (G10)") {
  GroupStory s(group_setup(2, 2));
  REQUIRE(s.until([&] { return s.is_stable("payments", 2); }));
  s.run_for(5 * kSecond);
  s.act(Pause{"c1", {}});
  REQUIRE(s.next<MemberLeft>() != nullptr);
  REQUIRE(s.until([&] { return s.group("payments").state == GroupState::stable; }));
  const std::int32_t generation = s.group("payments").generation;
  s.run_for(20 * kSecond);
  s.act(Resume{"c1"});
  REQUIRE(s.until([&] { return s.is_stable("payments", 2) && s.group("payments").generation > generation; }));
  bool lost = false;
  for (const PartitionRevoked& each : s.all<PartitionRevoked>())
    lost = lost || (each.lost && each.consumer == s.consumer(0).node);
  CHECK(lost);
  CHECK(skipped(s) == 0);
}

TEST_CASE("the same world twice, digest by digest") {
  GroupStory a(group_setup(4, 3));
  GroupStory b(group_setup(4, 3));
  for (GroupStory* each : {&a, &b}) {
    each->run_to(20 * kSecond);
    each->act(Crash{"c2"});
    each->act(Crash{"broker 2"});
    each->run_to(90 * kSecond);
  }
  CHECK(a.facts.size() > 100);
  CHECK(state_digest(a.world) == state_digest(b.world));
}

}  // namespace
}  // namespace nutshell
