// Stories about the group coordinator: rebalances, sessions, commits, and a coordinator that moves.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/kafka/group_story.h"

namespace nutshell {
namespace {

TEST_CASE("three members that join an empty group are assigned after two initial delays (N5, G8)") {
  GroupStory s(group_setup(6, 3));
  REQUIRE(s.until([&] { return s.is_stable("payments", 3); }));
  const auto rebalances = s.all<RebalanceStarted>();
  REQUIRE(rebalances.size() == 1);
  CHECK(rebalances[0].reason == RebalanceReason::member_joined);
  CHECK(s.group("payments").generation == 1);
  CHECK(s.all<AssignmentDecided>().size() == 6);
  const Duration joining = s.time_of_last<GenerationStarted>() - s.time_of_last<RebalanceStarted>();
  CHECK(joining >= 6 * kSecond);
  CHECK(joining < 6 * kSecond + 50 * kMillisecond);
}

TEST_CASE("the fifth consumer of four partitions is idle, and takes over when another leaves (scenario 32)") {
  GroupStory s(group_setup(4, 5));
  REQUIRE(s.until([&] { return s.is_stable("payments", 5); }));
  REQUIRE(s.all<MemberIdle>().size() == 1);
  const NodeId idle = s.all<MemberIdle>()[0].consumer;
  const std::size_t working = s.consumer(0).node == idle ? 1 : 0;
  s.act(Stop{s.name(s.consumer(working).node)});
  REQUIRE(s.until([&] { return s.is_stable("payments", 4); }));
  const MemberLeft left = s.all<MemberLeft>().back();
  CHECK_FALSE(left.expired);
  CHECK(left.consumer == s.consumer(working).node);
  for (const Consumer& each : s.world.consumers)
    CHECK(each.owned.size() == (each.node == left.consumer ? 0u : 1u));
}

TEST_CASE("a dead member is noticed after session.timeout.ms, and its partitions move (scenario 30)") {
  GroupStory s(group_setup(4, 2));
  REQUIRE(s.until([&] { return s.is_stable("payments", 2); }));
  s.run_for(7 * kSecond);
  const Time crashed = s.now();
  const Step step = s.world.steps();
  s.act(Crash{"c1"});
  REQUIRE(s.next<MemberLeft>() != nullptr);
  CHECK(s.all<MemberLeft>().back().expired);
  CHECK(s.now() - crashed > 41 * kSecond);  // the last heartbeat is up to 3 s old
  CHECK(s.now() - crashed <= 45 * kSecond);
  const auto fact = std::find_if(s.facts.begin(), s.facts.end(),
                                 [](const Fact& each) { return each.body.is<MemberLeft>(); });
  CHECK(fact->because == step);
  REQUIRE(s.until([&] { return s.is_stable("payments", 1); }));
  CHECK(s.consumer(1).owned.size() == 4);
}

TEST_CASE("a group whose last member leaves is Empty, keeps its offsets and counts on") {
  GroupStory s(group_setup(2, 1));
  REQUIRE(s.until([&] { return s.is_stable("payments", 1); }));
  s.run_for(10 * kSecond);
  s.act(Stop{"c1"});
  REQUIRE(s.next<GroupEmpty>() != nullptr);
  CHECK(s.group("payments").state == GroupState::empty);
  CHECK(s.group("payments").generation == 2);
  const Offset committed = s.committed("payments", "orders", 0);
  CHECK(committed > 0);
  s.run_for(5 * kSecond);
  s.act(Start{"c1"});
  const PositionSet* position =
      s.next<PositionSet>(kMinute, [](const PositionSet& each) { return each.tp.partition == 0; });
  REQUIRE(position != nullptr);
  CHECK(position->position == committed);
  CHECK_FALSE(position->reset);
  CHECK(s.consumer(0).generation == 3);
}

TEST_CASE("a coordinator that dies takes nothing along: generation and offsets are replayed (N6, G1)") {
  GroupStory s(group_setup(4, 2));
  REQUIRE(s.until([&] { return s.is_stable("payments", 2); }));
  s.run_for(12 * kSecond);
  const Broker* old = s.coordinator("payments");
  REQUIRE(old != nullptr);
  const BrokerId dead = old->id;
  const std::vector<CommittedOffset> offsets = s.group("payments").offsets;
  s.forget_facts();
  s.act(Crash{"broker " + std::to_string(dead)});
  REQUIRE(s.until([&] { return s.coordinator("payments") && s.coordinator("payments")->id != dead; }));
  const Group& moved = s.group("payments");
  CHECK(moved.state == GroupState::stable);
  CHECK(moved.generation == 1);
  CHECK(moved.members.size() == 2);
  REQUIRE(moved.offsets.size() == offsets.size());
  for (std::size_t i = 0; i < offsets.size(); ++i) CHECK(moved.offsets[i].offset >= offsets[i].offset);
  s.run_for(30 * kSecond);
  CHECK(s.all<RebalanceStarted>().empty());
  CHECK(s.all<PartitionRevoked>().empty());
  CHECK(s.all<OffsetCommitted>().size() > 0);
  // Nothing is delivered twice.
  std::vector<Offset> next(4, -1);
  for (const RecordsDelivered& each : s.all<RecordsDelivered>()) {
    Offset& expected = next[static_cast<std::size_t>(each.tp.partition)];
    if (expected != -1) CHECK(each.first == expected);
    expected = each.last + 1;
  }
}

TEST_CASE("offsets.topic.num.partitions counts when __consumer_offsets is created, and never again (G1)") {
  GroupStory s(group_setup(2, 2));
  REQUIRE(s.until([&] { return s.is_stable("payments", 2); }));
  const BrokerId coordinator = s.coordinator("payments")->id;
  for (Broker& each : s.world.brokers) each.config.offsets_topic_num_partitions = 7;  // after a restart with it, say
  s.act(Crash{"c2"});
  REQUIRE(s.until([&] { return s.is_stable("payments", 1); }, 2 * kMinute));
  s.forget_facts();
  s.run_for(20 * kSecond);
  CHECK(s.coordinator("payments")->id == coordinator);
  CHECK(s.all<OffsetCommitted>().size() >= 6);  // two partitions, every five seconds
  CHECK(s.all<CommitRefused>().empty());
  // Another broker takes the group over, and finds it in the same partition.
  s.act(Crash{s.name(s.coordinator("payments")->node)});
  REQUIRE(s.next<OffsetCommitted>() != nullptr);
  CHECK(s.coordinator("payments")->id != coordinator);
  CHECK(s.group("payments").partition == 13);  // of 50
}

TEST_CASE("the initial delay is over when the session of a pending member runs out and all others are there (G8, G11)") {
  Setup setup = group_setup(2, 2);
  setup.config.group_initial_rebalance_delay = 20 * kSecond;
  setup.consumers[1].start = 12 * kSecond;
  setup.consumers[1].spec.config.session_timeout = 6 * kSecond;  // so long the coordinator waits for it
  GroupStory s(setup);
  // c2 has got an id, and dies before it comes back with it.
  REQUIRE(s.until([&] { return s.now() > 12 * kSecond && s.coordinator("payments") && !s.group("payments").pending_members.empty(); }));
  const Time begun = s.time_of_last<RebalanceStarted>(), given = s.now();
  s.act(Crash{"c2"});
  REQUIRE(s.next<GroupStable>(2 * kMinute) != nullptr);
  CHECK(s.now() - given >= 6 * kSecond);
  CHECK(s.now() - given < 7 * kSecond);
  CHECK(s.now() - begun < 20 * kSecond);
}

TEST_CASE("a session time-out outside the coordinator's bounds is refused and ends the application") {
  Setup setup = group_setup(2, 1);
  setup.consumers[0].spec.config.session_timeout = 5 * kSecond;
  setup.consumers[0].spec.config.heartbeat_interval = 1 * kSecond;
  GroupStory s(setup);
  REQUIRE(s.until([&] { return s.consumer(0).fatal != ErrorCode::none; }));
  CHECK(s.consumer(0).fatal == ErrorCode::invalid_session_timeout);
  CHECK(s.all<MemberJoined>().empty());
}

TEST_CASE("two consumers that cannot run the same assignor are not in one group") {
  Setup setup = group_setup(2, 2);
  setup.consumers[0].spec.config.assignors = {AssignorName::range, AssignorName::roundrobin};
  setup.consumers[1].spec.config.assignors = {AssignorName::sticky, AssignorName::cooperative_sticky};
  setup.consumers[1].start = 30 * kSecond;
  GroupStory s(setup);
  REQUIRE(s.until([&] { return s.consumer(1).fatal != ErrorCode::none; }, 2 * kMinute));
  CHECK(s.consumer(1).fatal == ErrorCode::inconsistent_group_protocol);
  CHECK(s.is_stable("payments", 1));
}

TEST_CASE("no partition has two owners in one generation (G8)") {
  GroupStory s(group_setup(5, 3));
  REQUIRE(s.until([&] { return s.is_stable("payments", 3); }));
  s.act(Stop{"c2"});
  s.run_for(15 * kSecond);
  s.act(Crash{"c3"});
  s.run_for(60 * kSecond);
  s.act(Start{"c2"});
  REQUIRE(s.until([&] { return s.is_stable("payments", 2); }));
  std::vector<std::pair<std::int32_t, std::int32_t>> decided;
  for (const AssignmentDecided& each : s.all<AssignmentDecided>())
    decided.push_back({each.generation, each.tp.partition});
  std::sort(decided.begin(), decided.end());
  CHECK(std::adjacent_find(decided.begin(), decided.end()) == decided.end());
  CHECK(decided.size() % 5 == 0);
}

}  // namespace
}  // namespace nutshell
