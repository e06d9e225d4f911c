// Stories about groups whose members go on reading while they rebalance (G4, G12, scenario 34).
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/kafka/group_story.h"

namespace nutshell {
namespace {

// c1 alone takes all partitions, c2 joins at 12 s and gets half of them; the others join at 32 s.
Setup cooperative_setup(std::int32_t partitions, std::int32_t consumers, Duration interval = 100 * kMillisecond) {
  Setup setup = group_setup(partitions, consumers, interval);
  for (std::size_t i = 0; i < setup.consumers.size(); ++i) {
    setup.consumers[i].spec.config.assignors = AssignorName::cooperative_sticky;
    setup.consumers[i].start = i == 0 ? 0 : i == 1 ? 12 * kSecond : 32 * kSecond;
  }
  return setup;
}

Setup all_with(const AssignorList& assignors, Setup setup) {
  for (ConsumerSetup& each : setup.consumers) each.spec.config.assignors = assignors;
  return setup;
}

// Four partitions, c1 has 0 and 1, c2 has 2 and 3, and c3 is about to join: scenario 34 at t = 0.
void until_scenario_34(GroupStory& s) {
  s.run_to(32 * kSecond - 1);
  REQUIRE(s.is_stable("payments", 2));
  REQUIRE(s.owned() == "0 1 | 2 3 | ");
  s.forget_facts();
}

// Until c2 has given up partition 3, and c3 has nothing yet.
void until_between_rounds(GroupStory& s) {
  until_scenario_34(s);
  REQUIRE(s.next<PartitionRevoked>() != nullptr);
  REQUIRE(s.until([&] { return s.consumer(2).state == MemberState::stable; }, 10 * kSecond));
  REQUIRE(s.owned() == "0 1 | 2 | ");
}

// What was given up or lost, with its consumer: "c2-3 ", "c2-3! " if it was lost.
std::string revoked(const GroupStory& s) {
  std::string text;
  for (const PartitionRevoked& each : s.all<PartitionRevoked>())
    text += s.name(each.consumer) + "-" + std::to_string(each.tp.partition) + (each.lost ? "! " : " ");
  return text;
}

// In the order of names.
std::string assigned(const GroupStory& s) {
  std::set<std::string> names;
  for (const PartitionAssigned& each : s.all<PartitionAssigned>())
    names.insert(s.name(each.consumer) + "-" + std::to_string(each.tp.partition) + " ");
  std::string text;
  for (const std::string& each : names) text += each;
  return text;
}

// The longest time between two deliveries of the partition, among the facts so far.
Duration longest_silence(const GroupStory& s, std::int32_t partition) {
  Duration longest = 0;
  Time last = s.facts.front().at;
  for (const Fact& each : s.facts) {
    const auto* delivered = each.body.as<RecordsDelivered>();
    if (!delivered || delivered->tp.partition != partition) continue;
    longest = std::max(longest, each.at - last);
    last = each.at;
  }
  return std::max(longest, s.now() - last);
}

// Records left out between the deliveries of a partition, whoever reads it.
std::int64_t skipped_by(const GroupStory& s) {
  std::map<std::int32_t, Offset> next;
  std::int64_t count = 0;
  for (const RecordsDelivered& each : s.all<RecordsDelivered>()) {
    const auto [place, first] = next.try_emplace(each.tp.partition, each.first);
    count += std::max<Offset>(each.first - place->second, 0);
    place->second = std::max(place->second, each.last + 1);
  }
  return count;
}

// The step of the last fact F, and the step that explains it better.
template <class F>
Fact last(const GroupStory& s) {
  const auto found = std::find_if(s.facts.rbegin(), s.facts.rend(),
                                  [](const Fact& each) { return each.body.is<F>(); });
  return found == s.facts.rend() ? Fact{} : *found;
}

std::vector<RebalanceReason> reasons(const GroupStory& s) {
  std::vector<RebalanceReason> all;
  for (const RebalanceStarted& each : s.all<RebalanceStarted>()) all.push_back(each.reason);
  return all;
}

}  // namespace

TEST_CASE("scenario 34: one partition moves in two rounds, and the others never stop") {
  GroupStory s(cooperative_setup(4, 3));
  until_scenario_34(s);
  const std::int32_t generation = s.group("payments").generation;
  REQUIRE(s.next<GroupStable>() != nullptr);
  CHECK(s.group("payments").generation == generation + 1);
  for (const AssignmentDecided& each : s.all<AssignmentDecided>()) CHECK(each.tp.partition != 3);
  CHECK(s.all<AssignmentDecided>().size() == 3);
  REQUIRE(s.until([&] { return s.owned() == "0 1 | 2 | "; }, kSecond));
  REQUIRE(s.next<GroupStable>() != nullptr);
  CHECK(s.group("payments").generation == generation + 2);
  s.run_for(5 * kSecond);
  CHECK(s.owned() == "0 1 | 2 | 3");
  CHECK(reasons(s) == std::vector{RebalanceReason::member_joined, RebalanceReason::partitions_given_up});
  CHECK(last<GenerationStarted>(s).because == last<RebalanceStarted>(s).step);  // not whose heartbeat came last
  CHECK(revoked(s) == "c2-3 ");
  CHECK(assigned(s) == "c3-3 ");
  for (std::int32_t partition : {0, 1, 2}) CHECK(longest_silence(s, partition) < kSecond);  // a record comes every 400 ms
  CHECK(longest_silence(s, 3) > kSecond);
  CHECK(longest_silence(s, 3) < 4 * kSecond);  // a heartbeat interval, until all know of the second round
  CHECK(skipped_by(s) == 0);
  CHECK(s.all<MemberIdle>().size() == 1);
}

TEST_CASE("scenario 34, eagerly: everybody gives up everything, in one round") {
  GroupStory s(all_with(AssignorList(), cooperative_setup(4, 3)));
  until_scenario_34(s);
  s.run_for(20 * kSecond);
  CHECK(s.owned() == "0 1 | 2 | 3");
  CHECK(reasons(s) == std::vector{RebalanceReason::member_joined});
  CHECK(s.all<PartitionRevoked>().size() == 4);
  CHECK(s.all<PartitionAssigned>().size() == 4);
}

TEST_CASE("sticky is eager: everything is given up, and everything that may stay comes back") {
  GroupStory s(all_with(AssignorName::sticky, cooperative_setup(4, 3)));
  until_scenario_34(s);
  s.run_for(20 * kSecond);
  CHECK(s.owned() == "0 1 | 2 | 3");
  CHECK(reasons(s) == std::vector{RebalanceReason::member_joined});
  CHECK(s.all<PartitionRevoked>().size() == 4);
  s.act(Stop{"c1"});
  s.run_for(20 * kSecond);
  CHECK(s.owned() == " | 0 2 | 1 3");  // range would give 0 1 | 2 3
}

TEST_CASE("positions are committed when the rebalance begins: what is read after that comes twice where it moves (G4, G10)") {
  Offset most_read_twice = 0;
  // The longer c1 takes to hear of the rebalance, the more c2 reads after its commit.
  for (Duration interval : {3, 5, 7}) {
    Setup setup = cooperative_setup(4, 3, 10 * kMillisecond);
    setup.consumers[0].spec.config.heartbeat_interval = interval * kSecond;
    GroupStory s(setup);
    until_scenario_34(s);
    REQUIRE(s.next<RebalanceStarted>() != nullptr);
    const std::int32_t generation = s.group("payments").generation;
    s.forget_facts();
    const NodeId c2 = s.consumer(1).node, c3 = s.consumer(2).node;
    REQUIRE(s.until([&] { return s.consumer(1).state == MemberState::joining; }));
    // PreparingRebalance: the commit of the old generation was taken.
    CHECK(s.group("payments").state == GroupState::preparing_rebalance);
    Offset committed = -1;
    for (const OffsetCommitted& each : s.all<OffsetCommitted>()) {
      CHECK(each.generation == generation);
      if (each.consumer == c2 && each.tp.partition == 3) committed = each.offset;
    }
    const PositionSet* position = s.next<PositionSet>(kMinute, [c3](const PositionSet& each) { return each.consumer == c3; });
    REQUIRE(position != nullptr);
    CHECK(position->position == committed);
    Offset read_by_c2 = -1;
    for (const RecordsDelivered& each : s.all<RecordsDelivered>())
      if (each.consumer == c2 && each.tp.partition == 3) read_by_c2 = each.last;
    most_read_twice = std::max(most_read_twice, read_by_c2 + 1 - committed);
    CHECK(read_by_c2 + 1 >= committed);
    CHECK(s.all<CommitRefused>().empty());
    s.run_for(5 * kSecond);
    CHECK(skipped_by(s) == 0);
  }
  CHECK(most_read_twice > 10);  // a record comes every 40 ms
}

TEST_CASE("a member dies between the two rounds: the others keep what they have, and the second round waits for its session") {
  GroupStory s(cooperative_setup(4, 3));
  until_between_rounds(s);
  s.act(Crash{"c1"});
  s.forget_facts();
  s.run_for(30 * kSecond);
  CHECK(s.group("payments").state == GroupState::preparing_rebalance);
  CHECK(s.owned() == " | 2 | ");
  CHECK(longest_silence(s, 2) < kSecond);  // c2 has joined, waits, and reads
  const MemberLeft* left = s.next<MemberLeft>();
  REQUIRE(left != nullptr);
  CHECK(left->expired);
  s.run_for(5 * kSecond);
  CHECK(s.owned() == " | 0 2 | 1 3");  // nobody holds 0, 1 and 3: no third round
  CHECK(revoked(s).empty());
  CHECK(assigned(s) == "c2-0 c3-1 c3-3 ");
}

TEST_CASE("the member that has to give up a partition dies instead: it is given away when its session ends") {
  GroupStory s(cooperative_setup(4, 3));
  until_scenario_34(s);
  REQUIRE(s.next<RebalanceStarted>() != nullptr);
  s.act(Crash{"c2"});
  s.run_for(60 * kSecond);
  CHECK(s.owned() == "0 1 |  | 2 3");
  CHECK(revoked(s).empty());
  CHECK(longest_silence(s, 0) < kSecond);
  CHECK(skipped_by(s) == 0);
}

TEST_CASE("a member that missed generations has lost its partitions, and claims none of them") {
  GroupStory s(cooperative_setup(4, 2));
  s.run_to(32 * kSecond);
  REQUIRE(s.owned() == "0 1 | 2 3");
  s.forget_facts();
  s.act(Pause{"c2", {}});
  REQUIRE(s.next<MemberLeft>() != nullptr);
  s.run_for(5 * kSecond);
  CHECK(s.consumer(0).owned.size() == 4);  // at once: who is gone claims nothing
  CHECK(s.consumer(1).owned.size() == 2);  // as it believes
  s.act(Resume{"c2"});
  REQUIRE(s.next<PartitionRevoked>() != nullptr);
  CHECK(revoked(s) == "c2-2! c2-3! ");
  s.run_for(20 * kSecond);
  // c1 keeps the first two of what it has now and gives up the others in two rounds.
  CHECK(s.owned() == "0 1 | 2 3");
  CHECK(revoked(s) == "c2-2! c2-3! c1-2 c1-3 ");
  CHECK(skipped_by(s) == 0);
}

TEST_CASE("the coordinator dies between the two rounds: the second one is held by the next coordinator") {
  GroupStory s(cooperative_setup(4, 3));
  until_between_rounds(s);
  const BrokerId dead = s.coordinator("payments")->id;
  s.act(Crash{"broker " + std::to_string(dead)});
  s.run_for(60 * kSecond);
  REQUIRE(s.coordinator("payments") != nullptr);
  CHECK(s.coordinator("payments")->id != dead);
  CHECK(s.owned() == "0 1 | 2 | 3");
  CHECK(revoked(s) == "c2-3 ");
  CHECK(assigned(s) == "c3-3 ");
  CHECK(skipped_by(s) == 0);
}

TEST_CASE("the coordinator dies while JoinGroup is open: members keep what they have and join at the next one") {
  GroupStory s(cooperative_setup(4, 3));
  until_scenario_34(s);
  REQUIRE(s.until([&] { return s.consumer(0).state == MemberState::joining || s.consumer(1).state == MemberState::joining; }));
  const BrokerId dead = s.coordinator("payments")->id;
  s.act(Crash{"broker " + std::to_string(dead)});
  s.run_for(90 * kSecond);
  CHECK(s.owned() == "0 1 | 2 | 3");
  CHECK(revoked(s) == "c2-3 ");
  CHECK(skipped_by(s) == 0);
}

TEST_CASE("an application that works past max.poll.interval.ms loses its partitions, and they move in one round (G11)") {
  Setup setup = cooperative_setup(4, 2);
  setup.consumers[1].spec.config.max_poll_interval = 10 * kSecond;
  setup.consumers[1].spec.config.max_poll_records = 1;
  setup.consumers[1].spec.processing = 15 * kSecond;
  GroupStory s(setup);
  REQUIRE(s.until([&] { return s.owned() == "0 1 | 2 3"; }));
  s.forget_facts();
  REQUIRE(s.next<MemberLeft>() != nullptr);
  CHECK_FALSE(s.all<MemberLeft>()[0].expired);
  const std::int32_t generation = s.group("payments").generation;
  REQUIRE(s.until([&] { return s.consumer(0).owned.size() == 4; }, 4 * kSecond));
  CHECK(s.group("payments").generation == generation + 1);
  CHECK(s.consumer(1).owned.size() == 2);  // it works, and does not know
  REQUIRE(s.next<PartitionRevoked>() != nullptr);
  CHECK(revoked(s) == "c2-2! c2-3! ");
  CHECK(longest_silence(s, 0) < kSecond);
}

TEST_CASE("while the application works its consumer does not go on with the rebalance: partitions are given up inside poll()") {
  Setup setup = cooperative_setup(4, 3);
  setup.consumers[1].spec.config.max_poll_records = 1;
  setup.consumers[1].spec.processing = 700 * kMillisecond;
  GroupStory s(setup);
  until_scenario_34(s);
  bool joined_at_work = false, answered_at_work = false;
  REQUIRE(s.until([&] {
    const bool works = s.consumer(1).application == ApplicationState::processing;
    joined_at_work = joined_at_work || (works && s.consumer(1).state == MemberState::joining);
    answered_at_work = answered_at_work || (works && !s.consumer(1).memory.unread.empty());
    return !s.all<PartitionRevoked>().empty();
  }));
  CHECK(joined_at_work);  // poll() has returned records although JoinGroup is open
  CHECK(answered_at_work);
  // poll() gave up the partition and returned the next record within one moment.
  CHECK(s.time_of_last<PartitionRevoked>() == s.consumer(1).polled_at);
  s.run_for(20 * kSecond);
  CHECK(s.owned() == "0 1 | 2 | 3");
  CHECK(skipped_by(s) == 0);
}

TEST_CASE("a member that leaves in the middle of a rebalance loses what it has") {
  GroupStory s(cooperative_setup(4, 3));
  until_scenario_34(s);
  REQUIRE(s.until([&] { return s.consumer(1).state == MemberState::joining || s.consumer(0).state == MemberState::joining; }));
  const std::size_t leaver = s.consumer(1).state == MemberState::joining ? 1 : 0;
  s.act(Stop{leaver == 1 ? "c2" : "c1"});
  s.run_for(20 * kSecond);
  for (const PartitionRevoked& each : s.all<PartitionRevoked>())
    if (each.consumer == s.consumer(leaver).node) CHECK(each.lost);
  CHECK(s.consumer(1 - leaver).owned.size() == 2);
  CHECK(s.consumer(2).owned.size() == 2);
  CHECK(skipped_by(s) == 0);
}

TEST_CASE("members that can do both join a cooperative group, each in its own way (G7, G12)") {
  // The second rolling restart of an upgrade: c1 and c2 are cooperative, c3 still offers range as well.
  Setup setup = cooperative_setup(4, 3);
  setup.consumers[2].spec.config.assignors = AssignorList();
  GroupStory s(setup);
  until_scenario_34(s);
  s.run_for(20 * kSecond);
  CHECK(s.group("payments").protocol == AssignorName::cooperative_sticky);
  CHECK(s.owned() == "0 1 | 2 | 3");
  s.act(Crash{"c1"});
  s.forget_facts();
  s.run_for(60 * kSecond);
  // c3 speaks the eager protocol: it gives up 3 before it joins, and whoever had 2 kept it.
  CHECK(revoked(s).find("c3-3 ") != std::string::npos);
  CHECK(revoked(s).find("c2-") == std::string::npos);
  CHECK(s.owned() == " | 0 2 | 1 3");
}

TEST_CASE("the group votes for an assignor among those that all members offer (G7)") {
  using A = AssignorName;
  struct Case { AssignorList one, two, three; A chosen; };
  const Case cases[] = {{{A::range, A::roundrobin}, {A::roundrobin, A::range}, {A::roundrobin, A::range}, A::roundrobin},
                        {{A::range, A::roundrobin}, {A::range, A::sticky, A::roundrobin}, {A::roundrobin, A::sticky}, A::roundrobin},
                        {{A::sticky, A::range}, {A::range, A::sticky}, {A::sticky, A::range}, A::sticky},
                        {AssignorList(), AssignorList(), AssignorList(), A::range},
                        {AssignorList(), AssignorList(), A::cooperative_sticky, A::cooperative_sticky}};
  for (const Case& each : cases) {
    Setup setup = group_setup(6, 3);
    setup.consumers[0].spec.config.assignors = each.one;
    setup.consumers[1].spec.config.assignors = each.two;
    setup.consumers[2].spec.config.assignors = each.three;
    GroupStory s(setup);
    REQUIRE(s.until([&] { return s.is_stable("payments", 3); }));
    CHECK(s.group("payments").protocol == each.chosen);
    for (std::size_t i = 0; i < 3; ++i) CHECK(s.consumer(i).owned.size() == 2);
  }
}

TEST_CASE("partitions that are added go to somebody without anything being given up") {
  GroupStory s(cooperative_setup(4, 2));
  s.run_to(32 * kSecond);
  s.forget_facts();
  s.act(AddPartitions{"orders", 6});
  s.run_for(6 * kMinute);  // metadata.max.age.ms: until the leader of the group sees them
  CHECK(s.consumer(0).owned.size() == 3);
  CHECK(s.consumer(1).owned.size() == 3);
  CHECK(revoked(s).empty());
  CHECK(s.all<PartitionAssigned>().size() == 2);
  CHECK(reasons(s) == std::vector{RebalanceReason::leader_rejoined});
}

}  // namespace nutshell
