// The judge accuses only where Kafka promises, and only of what has happened.
#include <doctest/doctest.h>

#include "tests/check/hands.h"

namespace nutshell {
namespace {

const Consumer& owner_of(const JudgedWorld& run, TopicPartition tp) {
  for (const Consumer& each : run.world.consumers)
    for (const OwnedPartition& owned : each.owned)
      if (owned.tp == tp) return each;
  return run.world.consumers.front();
}

// Cuts the last ten batches off the leader's log of orders-0, and says so.
void cut(JudgedWorld& run) {
  Replica& replica = run.leader_replica(run.orders(0));
  const Offset end = replica.log.log_end_offset();
  const Offset to = replica.log.batches()[replica.log.batches().size() - 10].base_offset;
  replica.log.truncate_to(to);
  run.tell({LogTruncated{replica.tp, run.leader(replica.tp), end, to, to}});
}

bool betrayed(const JudgedWorld& run, std::string_view promise) { return run.judge.betrayed(find_promise(promise)); }
bool broken(const JudgedWorld& run, std::string_view promise) { return run.judge.broken(find_promise(promise)); }

// A clean life with producers that ask for less than Kafka promises anything for.
JudgedWorld with_acks(Acks acks) {
  Setup setup = small_setup();
  setup.producers[0].spec.config.acks = acks;
  setup.producers[0].spec.config.enable_idempotence = acks == Acks::all;
  JudgedWorld run(setup);
  run.run(30 * kSecond);
  REQUIRE(run.all_breaches() == "");
  return run;
}

}  // namespace

TEST_CASE("what acks=1 was told of is no promise: its loss is reported as that") {
  for (const Acks acks : {Acks::leader, Acks::all}) {
    JudgedWorld run = with_acks(acks);
    cut(run);
    CHECK(broken(run, "acked_records_survive"));
    CHECK(betrayed(run, "acked_records_survive") == (acks == Acks::all));
  }
}

TEST_CASE("an unclean election takes back what acks=all was told") {
  JudgedWorld run = unharmed();
  PartitionRecord record{run.orders(0), run.registration(run.orders(0))};
  const BrokerId heir = run.follower(run.orders(0));
  record.state.partition_epoch += 1;
  record.state.leader_epoch += 1;
  record.state.leader = heir;
  record.state.isr = {};
  record.state.isr.push_back(static_cast<std::int16_t>(heir));
  for (const bool unclean : {false, true}) {
    CAPTURE(unclean);
    JudgedWorld after = run;
    Replica& replica = *after.broker(heir).replica(after.orders(0));
    replica.log.truncate_to(replica.log.batches()[replica.log.batches().size() - 10].base_offset);
    replica.role = ReplicaRole::leader;
    replica.leader_epoch = record.state.leader_epoch;
    if (unclean) {
      // As an election out of the ISR looks in the metadata log: first nobody leads, then the heir does.
      PartitionRecord alone = record;
      alone.state.isr = {};
      alone.state.isr.push_back(static_cast<std::int16_t>(after.leader(after.orders(0))));
      alone.state.leader = kNoBroker;
      PartitionRecord elected = record;
      elected.state.partition_epoch += 1;
      elected.state.leader_epoch += 1;
      replica.leader_epoch = elected.state.leader_epoch;
      commit_all(after, {alone, elected});
    }
    after.tell({LeaderTookOffice{after.orders(0), heir, replica.leader_epoch, replica.log.log_end_offset()}});
    INFO(after.all_breaches());
    CHECK(broken(after, "acked_records_survive"));
    CHECK(betrayed(after, "acked_records_survive") == !unclean);
    CHECK(betrayed(after, "high_watermark_never_falls") == !unclean);
  }
}

TEST_CASE("as many copies as min.insync.replicas wants, lost with the power of their machines, are nobody's promise") {
  for (const int machines : {0, 1}) {
    CAPTURE(machines);
    JudgedWorld run = unharmed();
    const TopicPartition tp = run.orders(0);
    Replica& replica = run.leader_replica(tp);
    const Offset end = replica.log.log_end_offset();
    const Offset to = replica.log.batches()[replica.log.batches().size() - 10].base_offset;
    Broker& leader = run.broker(run.leader(tp));
    replica.log.truncate_to(to);
    if (machines > 0) {
      const BrokerState state = leader.state;
      leader.state = BrokerState::down;
      run.tell({LogTruncated{tp, leader.id, end, to, to}});
      leader.state = state;
    }
    replica.leader_epoch += 1;
    run.tell({LeaderTookOffice{tp, leader.id, replica.leader_epoch, to}});
    CHECK(broken(run, "acked_records_survive"));
    CHECK(betrayed(run, "acked_records_survive") == (machines == 0));
  }
}

TEST_CASE("commits follow one another as they stand in __consumer_offsets, not as one hears of them (G10)") {
  JudgedWorld run = unharmed();
  const TopicPartition tp = run.orders(0);
  const Consumer& owner = owner_of(run, tp);
  const GroupId group = owner.spec.group;
  const std::int32_t generation = owner.generation;
  const auto commit = [&](Offset offset, std::int32_t by, Offset log_offset) {
    run.tell({OffsetCommitted{tp, group, owner.node, offset, by, log_offset}});
  };
  commit(100, generation + 1, 1'000'012);
  commit(90, generation, 1'000'010);  // written by the coordinator before, which learns late that it was replicated
  CHECK(run.broken().empty());
  // A new owner starts at what a coordinator loads: the last one in the log.
  const NodeId next = run.node(owner.node == run.node("c1") ? "c2" : "c1");
  run.tell({PartitionAssigned{tp, next, group, generation + 2}, PositionSet{tp, next, 100, false}});
  CHECK(run.broken().empty());
  commit(95, generation, 1'000'013);
  CHECK(run.broken() == std::set<std::string>{"commits_are_fenced"});
}

TEST_CASE("a commit that stands before one of an earlier generation is caught whenever it is told of") {
  JudgedWorld run = unharmed();
  const TopicPartition tp = run.orders(0);
  const Consumer& owner = owner_of(run, tp);
  run.tell({OffsetCommitted{tp, owner.spec.group, owner.node, 100, owner.generation, 1'000'012}});
  run.tell({OffsetCommitted{tp, owner.spec.group, owner.node, 90, owner.generation + 1, 1'000'010}});
  CHECK(run.broken() == std::set<std::string>{"commits_are_fenced"});
}

TEST_CASE("one record acknowledged at two offsets is noticed") {
  JudgedWorld run = unharmed();
  const TopicPartition tp = run.orders(0);
  const BatchView batches = run.leader_replica(tp).log.batches();
  const Batch first = batches[batches.size() - 30];
  const Batch other = batches[batches.size() - 29];
  // The records of `first` once more, at the place of `other`, of which nothing was said.
  run.tell({RecordsAcked{tp, run.node("p1"), first.first_record, other.base_offset, 1, -1}});
  CHECK(broken(run, "records_are_conserved"));
  const std::string why = run.all_breaches();
  CHECK(why.find("at offset " + std::to_string(first.base_offset) + " and at offset " + std::to_string(other.base_offset)) !=
        std::string::npos);
}

TEST_CASE("the sentence names the record that was given, not the first of its batch") {
  JudgedWorld run = unharmed();
  Consumer& owner = const_cast<Consumer&>(owner_of(run, run.orders(0)));
  Batch batch;
  for (const Batch& each : {run.leader_replica(run.orders(0)).log.batches().front()}) batch = each;
  batch.count += 2;  // as if three records were in it, the last of which is given alone
  batch.content ^= 1;
  for (OwnedPartition& each : owner.owned)
    if (each.tp == run.orders(0)) each.buffer = {batch};
  const Offset given = batch.base_offset + 2;
  run.tell({PositionReset{run.orders(0), owner.node, 0, given}, PositionSet{run.orders(0), owner.node, given, true},
            RecordsDelivered{run.orders(0), owner.node, given, given, 1, owner.generation}});
  CHECK(run.all_breaches().find("at offset " + std::to_string(given) + " of orders-0, where something else was read before") !=
        std::string::npos);
}

TEST_CASE("a late heartbeat may unfence a broker whose process is gone") {
  JudgedWorld run = unharmed();
  run.broker(1).broker_epoch = -1;
  run.tell({BrokerUnfenced{1}});
  CHECK(run.broken().empty());
}

}  // namespace nutshell
