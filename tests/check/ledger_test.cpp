#include "sim/check/ledger.h"

#include <doctest/doctest.h>

namespace nutshell {

TEST_CASE("a topic that grows keeps what was noted of its partitions") {
  Ledger ledger;
  ledger.open(3, 2);
  ledger.of({3, 1}).unclean_epoch = 7;
  ledger.open(5, 1);
  ledger.of({5, 0}).unclean_epoch = 8;
  ledger.of({3, 4}).unclean_epoch = 9;
  CHECK(ledger.of({3, 1}).unclean_epoch == 7);
  CHECK(ledger.of({5, 0}).unclean_epoch == 8);
  CHECK(ledger.of({3, 4}).unclean_epoch == 9);
  CHECK(ledger.of({3, 3}).tp == TopicPartition{3, 3});
}

TEST_CASE("nothing is found where nothing was noted") {
  Ledger ledger;
  CHECK(ledger.find({0, 0}) == nullptr);
  CHECK(ledger.find({-1, -1}) == nullptr);
  ledger.open(1, 2);
  CHECK(ledger.find({0, 0}) == nullptr);
  CHECK(ledger.find({1, 2}) == nullptr);
  REQUIRE(ledger.find({1, 1}) != nullptr);
  CHECK(ledger.find({1, 1})->tp == TopicPartition{1, 1});
}

TEST_CASE("a group's partitions are sorted, each once") {
  GroupLedger group;
  for (std::int32_t partition : {3, 1, 2, 1}) partition_of(group, {0, partition}).committed += 10;
  REQUIRE(group.partitions.size() == 3);
  CHECK(group.partitions[0].tp.partition == 1);
  CHECK(group.partitions[0].committed == 19);
  CHECK(group.partitions[2].tp.partition == 3);
}

}  // namespace nutshell
