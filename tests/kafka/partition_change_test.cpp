// Leader and ISR changes of one partition (R14, R15).
#include "sim/kafka/partition_change.h"

#include <doctest/doctest.h>

namespace nutshell {
namespace {

PartitionRegistration registration(BrokerList replicas, BrokerList isr, BrokerId leader) {
  PartitionRegistration state;
  state.replicas = replicas;
  state.isr = isr;
  state.leader = leader;
  state.leader_epoch = 5;
  state.partition_epoch = 9;
  return state;
}

PartitionChange asked(BrokerList isr, BrokerList acceptable, Election election = Election::online) {
  PartitionChange change;
  change.target_isr = isr;
  change.acceptable_leaders = acceptable;
  change.election = election;
  return change;
}

TEST_CASE("a valid leader stays, and an ISR shrink does not raise the leader epoch") {
  const auto changed = change_partition(registration({1, 2, 3}, {1, 2, 3}, 2), asked({1, 2}, {1, 2}));
  REQUIRE(changed);
  CHECK(changed->state.leader == 2);
  CHECK(changed->state.isr == BrokerList{1, 2});
  CHECK(changed->state.leader_epoch == 5);
  CHECK(changed->state.partition_epoch == 10);
}

TEST_CASE("the next leader is the first in assignment order that is in the ISR and there") {
  const auto changed = change_partition(registration({3, 2, 1, 4}, {4, 1, 3}, 3), asked({4, 1}, {1, 2, 4}));
  REQUIRE(changed);
  CHECK(changed->state.leader == 1);
  CHECK(changed->state.leader_epoch == 6);
  CHECK_FALSE(changed->unclean);
}

TEST_CASE("the last ISR member is never removed: leader none") {
  const auto changed = change_partition(registration({1, 2}, {1}, 1), asked({}, {2}));
  REQUIRE(changed);
  CHECK(changed->state.leader == kNoBroker);
  CHECK(changed->state.isr == BrokerList{1});
  CHECK(changed->state.leader_epoch == 6);
  const auto back = change_partition(changed->state, asked({1}, {1, 2}));
  REQUIRE(back);
  CHECK(back->state.leader == 1);
  CHECK(back->state.leader_epoch == 7);
}

TEST_CASE("an unclean election takes the first active replica, and the ISR becomes it alone") {
  const auto changed = change_partition(registration({1, 2, 3}, {1}, 1), asked({}, {3, 2}, Election::unclean));
  REQUIRE(changed);
  CHECK(changed->unclean);
  CHECK(changed->state.leader == 2);
  CHECK(changed->state.isr == BrokerList{2});
  CHECK(changed->state.recovering);
}

TEST_CASE("a preferred election moves to the first replica only if that may lead") {
  const PartitionRegistration before = registration({1, 2}, {2, 1}, 2);
  const auto moved = change_partition(before, asked({2, 1}, {1, 2}, Election::preferred));
  REQUIRE(moved);
  CHECK(moved->state.leader == 1);
  CHECK_FALSE(change_partition(before, asked({2, 1}, {2}, Election::preferred)));
  CHECK_FALSE(change_partition(registration({1, 2}, {2}, 2), asked({2}, {1, 2}, Election::preferred)));
}

TEST_CASE("what changes nothing is no change") {
  CHECK_FALSE(change_partition(registration({1, 2}, {1, 2}, 1), asked({1, 2}, {1, 2}, Election::unclean)));
}

}  // namespace
}  // namespace nutshell
