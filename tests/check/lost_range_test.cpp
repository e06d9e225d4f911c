// What a disk took: nothing is promised any more of those offsets, and all as ever of the others (L7, R8).
#include <doctest/doctest.h>

#include "tests/check/hands.h"

namespace nutshell {
namespace {

struct AfterLoss {
  JudgedWorld run;
  LostRange lost;
};

// Each partition lives on one broker. It stops cleanly, so that all is on its disk until then; later its machine loses power
// while p1 writes, and comes back.
AfterLoss after_power_loss() {
  Setup setup = small_setup();
  setup.topics[0].replication_factor = 1;
  AfterLoss after{JudgedWorld(setup), {}};
  JudgedWorld& run = after.run;
  run.run(15 * kSecond);
  const std::string victim = "broker " + std::to_string(run.leader(run.orders(0)));
  run.act(15 * kSecond, Stop{victim});
  run.act(25 * kSecond, Start{victim});
  run.act(50 * kSecond, Crash{victim, true});
  run.act(53 * kSecond, Start{victim});
  run.run(100 * kSecond);
  run.examine();
  const PartitionLedger* partition = run.judge.ledger().find(run.orders(0));
  REQUIRE(partition);
  REQUIRE(partition->lost.size() == 1);
  after.lost = partition->lost.front();
  REQUIRE(0 < after.lost.from);
  REQUIRE(after.lost.from < after.lost.to);
  REQUIRE(run.leader_replica(run.orders(0)).log.log_end_offset() > after.lost.to);  // other records stand there now
  INFO(run.all_breaches());
  CHECK(run.betrayed().empty());
  return after;
}

// Someone reads the batch at that offset with other content than was read before.
void read_otherwise(JudgedWorld& run, Offset offset) {
  Consumer& owner = consumer_of(run, run.orders(0));
  const Batch* there = run.leader_replica(run.orders(0)).log.batch_at(offset);
  REQUIRE(there);
  REQUIRE(!owner.owned.empty());
  Batch batch = *there;
  batch.content ^= 1;
  owned(owner, run.orders(0)).buffer = {batch};
  run.tell({PositionReset{run.orders(0), owner.node}, PositionSet{run.orders(0), owner.node, batch.base_offset, true},
            RecordsDelivered{run.orders(0), owner.node, batch.base_offset, batch.last_offset(), batch.count, owner.generation}});
}

bool breaks(const JudgedWorld& run, const std::string& promise) { return run.broken().contains(promise); }
bool betrays(const JudgedWorld& run, const std::string& promise) { return run.betrayed().contains(promise); }

}  // namespace

TEST_CASE("what was read at an offset that a disk has lost may be something else later; at any other it may not") {
  const AfterLoss before = after_power_loss();
  for (const bool lost : {true, false}) {
    CAPTURE(lost);
    AfterLoss after = before;
    read_otherwise(after.run, lost ? after.lost.from : after.lost.from - 1);
    CHECK(breaks(after.run, "repeatable_read"));
    CHECK(betrays(after.run, "repeatable_read") == !lost);
  }
  AfterLoss after = before;  // what came after the loss is promised too
  read_otherwise(after.run, after.lost.to + 1);
  CHECK(betrays(after.run, "repeatable_read"));
}

TEST_CASE("a log may be cut to where the loss begins, and no further") {
  const AfterLoss before = after_power_loss();
  for (const Offset below : {0, 1}) {
    CAPTURE(below);
    AfterLoss after = before;
    const TopicPartition tp = after.run.orders(0);
    after.run.tell({LogTruncated{tp, after.run.leader(tp), after.lost.to, after.lost.from - below, after.lost.to}});
    CHECK(breaks(after.run, "followers_do_not_truncate_committed"));
    CHECK(betrays(after.run, "followers_do_not_truncate_committed") == (below > 0));
  }
}

}  // namespace nutshell
