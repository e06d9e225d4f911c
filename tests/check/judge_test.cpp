// What the judge sees, and what it does not take for a breach.
#include <doctest/doctest.h>

#include "sim/check/court.h"
#include "tests/check/hands.h"

namespace nutshell {

TEST_CASE("two owners in one generation are caught even if the first says nothing: it keeps what it had, or reads on") {
  JudgedWorld keeps = unharmed();
  Consumer& owner = consumer_of(keeps, keeps.orders(0));
  owner.owned_generation += 1;
  keeps.tell({PartitionAssigned{keeps.orders(0), other_consumer(keeps, owner), owner.spec.group, owner.owned_generation}});
  CHECK(keeps.broken() == std::set<std::string>{"one_owner_per_generation"});

  JudgedWorld reads = unharmed();
  Consumer& reader = consumer_of(reads, reads.orders(0));
  std::swap(reader.member_id, reads.world.consumers[reader.node == reads.node("c1") ? 1 : 0].member_id);
  reads.tell({PositionReset{reads.orders(0), reader.node}, PositionSet{reads.orders(0), reader.node, 0, true},
              RecordsDelivered{reads.orders(0), reader.node, 0, 0, 1, reader.generation}});
  CHECK(reads.broken() == std::set<std::string>{"one_owner_per_generation"});
}

TEST_CASE("a breach is reported once, not at every step") {
  JudgedWorld run = unharmed();
  run.world.fabric.network.counters.sent += 1;
  for (int i = 0; i < 10; ++i) run.tell({});
  CHECK(run.judge.breaches().size() == 1);
  store(run, 1'000'001);
  store(run, 1'000'000);
  store(run, 999'999);
  CHECK(run.judge.breaches().size() == 2);
}

TEST_CASE("a broker tells copies apart under one producer id and epoch (C7)") {
  for (std::int16_t epoch : {0, 1}) {
    CAPTURE(epoch);
    JudgedWorld run = unharmed();
    store(run, 1'000'000, 77, 0);
    store(run, 1'000'000, 77, epoch);
    CHECK(run.broken() == std::set<std::string>{"no_duplicates"});
    CHECK(run.betrayed().size() == (epoch == 0 ? 1u : 0u));
  }
}

TEST_CASE("order and single copies are promised to idempotent producers only") {
  JudgedWorld run = unharmed();
  run.world.producers[0].spec.config.enable_idempotence = false;
  store(run, 1'000'001);
  store(run, 1'000'000);
  store(run, 1'000'001);
  REQUIRE(run.broken() == std::set<std::string>{"send_order_kept", "no_duplicates"});
  const std::int32_t order = find_promise("send_order_kept");
  CHECK(run.judge.broken(order));
  CHECK_FALSE(run.judge.betrayed(order));
  run.world.producers[0].spec.config.max_in_flight = 1;
  run = unharmed();
  run.world.producers[0].spec.config.enable_idempotence = false;
  run.world.producers[0].spec.config.max_in_flight = 1;
  store(run, 1'000'001);
  store(run, 1'000'000);
  CHECK(run.judge.betrayed(order));
}

TEST_CASE("who wins an epoch that is over need not have what a later one committed, but all from before (K2)") {
  for (std::size_t lacks : {0u, 1u}) {
    CAPTURE(lacks);
    JudgedWorld run = unharmed();
    Raft& late = run.world.controllers[1].raft;
    const auto before = late.log.size();
    // Q1 has won epoch 101 and committed an entry; then Q2 learns that it had won epoch 100.
    for (Controller& each : run.world.controllers) each.raft.epoch = 101;
    run.tell({ControllerElected{run.node("Q1"), 101, late.end_offset()}});
    MetadataEntry entry{101, kNoStep, changed(run)};
    for (Controller& each : run.world.controllers) {
      each.raft.log.push_back(entry);
      each.raft.high_watermark = each.raft.end_offset();
    }
    run.tell({MetadataCommitted{run.node("Q1"), 101, static_cast<Offset>(before) + 1}});
    REQUIRE(run.broken().empty());
    late.log.truncate(before - lacks);
    run.tell({ControllerElected{late.node, 100, late.end_offset()}});
    CHECK(run.broken() == (lacks == 0 ? std::set<std::string>{} : std::set<std::string>{"committed_metadata_survives"}));
  }
}

TEST_CASE("what brokers know is compared with what is committed, not with what a voter has beyond that (K1)") {
  JudgedWorld run = unharmed();
  // Q1 has other entries at the end, which nobody has confirmed.
  Raft& raft = run.world.controllers[0].raft;
  const MetadataEntry last = raft.log.back();
  raft.log.truncate(raft.log.size() - 1);
  raft.high_watermark = raft.end_offset();
  for (int i = 0; i < 3; ++i) raft.log.push_back({last.epoch + 100, kNoStep, changed(run)});
  run.examine();
  CHECK(run.broken().empty());
}

TEST_CASE("a reset does not undo what a group has worked off") {
  JudgedWorld run = unharmed();
  const Consumer& owner = consumer_of(run, run.orders(0));
  const NodeId next = other_consumer(run, owner);
  run.run(run.world.now() + 6 * kSecond);
  const Offset committed = owned(consumer_of(run, run.orders(0)), run.orders(0)).committed;
  REQUIRE(committed > 0);
  run.tell({PartitionAssigned{run.orders(0), next, owner.spec.group, owner.generation + 1},
            PositionSet{run.orders(0), next, committed, false}, PositionSet{run.orders(0), next, 0, true},
            PartitionAssigned{run.orders(0), owner.node, owner.spec.group, owner.generation + 2},
            PositionSet{run.orders(0), owner.node, committed, false}});
  CHECK(run.broken().count("at_least_once") == 0);
}

TEST_CASE("at least once is promised to a group in which nobody commits before it has processed") {
  for (bool hasty : {false, true}) {
    CAPTURE(hasty);
    JudgedWorld run = unharmed();
    Consumer& owner = consumer_of(run, run.orders(0));
    const NodeId next = other_consumer(run, owner);
    owner.spec.config.enable_auto_commit = !hasty;
    owner.spec.commit = CommitMode::before_processing;
    const Offset delivered = owned(owner, run.orders(0)).position;
    owned(owner, run.orders(0)).processed = delivered;
    run.tell({OffsetCommitted{run.orders(0), owner.spec.group, owner.node, delivered + 1000, owner.generation},
              PartitionAssigned{run.orders(0), next, owner.spec.group, owner.generation + 1},
              PositionSet{run.orders(0), next, delivered + 1000, false}});
    CHECK(run.broken().count("at_least_once") == 1);
    CHECK(run.betrayed().count("at_least_once") == (hasty ? 0u : 1u));
  }
}

TEST_CASE("L16, L20: a cleaned batch is what was acknowledged if its content is, also where the logs have parted below") {
  const LogConfig config;
  Batch below;
  below.count = 1;
  below.size_in_bytes = 100;
  below.partition_leader_epoch = 1;
  below.content = 3;
  below.chain = 5;
  Batch batch = below;
  batch.base_offset = 1;
  batch.count = 2;
  batch.content = 7;
  Log leader, parted;
  leader.append_as_follower(below, config, 0);
  leader.append_as_follower(batch, config, 0);
  below.content = 4;  // nobody reads it any more
  below.chain = 6;
  Batch cleaned = batch;
  cleaned.count = 1;
  cleaned.removed = 1;
  parted.append_as_follower(below, config, 0);
  parted.append_as_follower(cleaned, config, 0);
  const Batch& stored = leader.batches()[1];
  REQUIRE(parted.batches()[1].chain != stored.chain);
  AckedBatch acked;
  acked.base_offset = 1;
  acked.count = 2;
  acked.chain = stored.chain;
  acked.content = stored.content;
  CHECK(holds(leader, acked));
  CHECK(holds(parted, acked));
  acked.content = 8;
  CHECK_FALSE(holds(parted, acked));
}

}  // namespace nutshell
