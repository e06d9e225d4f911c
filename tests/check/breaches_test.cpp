// Every promise can be broken: each is broken here by hand, and the judge sees that one and no other.
#include <doctest/doctest.h>

#include "tests/check/judged_world.h"

namespace nutshell {
namespace {

// Lays hands on a member of a log that only the log itself should change.
template <class Member>
Member& member_of(Log& log, std::string_view name) {
  Member* found = nullptr;
  for_each_field(log, [&](std::string_view each, auto& value) {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, Member>)
      if (each == name) found = &value;
  });
  REQUIRE(found != nullptr);
  return *found;
}

void change_last_batch(Log& log, void (*change)(Batch&)) {
  auto& batches = member_of<BatchLog>(log, "batches");
  Batch batch = batches.back();
  batches.truncate(batches.size() - 1);
  change(batch);
  batches.push_back(batch);
}

// Appends a record of p1 with this serial number to the leader's log, and says so.
void store(JudgedWorld& run, std::uint32_t serial, std::int64_t producer_id = -1, std::int16_t producer_epoch = -1) {
  const TopicPartition tp = run.orders(0);
  RecordStore& store = run.world.fabric.store;
  Record record;
  record.producer = run.node("p1");
  record.serial = serial;
  store.records.push_back(record);
  Batch batch;
  batch.count = 1;
  batch.size_in_bytes = 100;
  batch.first_record = static_cast<std::int64_t>(store.records.size()) - 1;
  batch.content = content_of(store, batch.first_record, 1);
  batch.producer_id = producer_id;
  batch.producer_epoch = producer_epoch;
  if (producer_id >= 0) batch.base_sequence = 0;
  Replica& replica = run.leader_replica(tp);
  const Batch& stored = replica.log.append_as_leader(batch, replica.leader_epoch, {}, run.world.now());
  run.tell({BatchAppended{tp, run.leader(tp), stored.base_offset, 1, replica.leader_epoch, true}});
}

// Writes an entry into every voter's metadata log, committed.
void commit(JudgedWorld& run, const MetadataRecord& record) {
  MetadataCommitted fact;
  for (Controller& each : run.world.controllers) {
    MetadataEntry entry;
    entry.epoch = each.raft.last_epoch();
    entry.record = record;
    each.raft.log.push_back(entry);
    each.raft.high_watermark = each.raft.end_offset();
    fact = {each.node, each.raft.epoch, each.raft.end_offset()};
  }
  run.tell({fact});
}

PartitionRecord changed(JudgedWorld& run) {
  PartitionRecord record{run.orders(0), run.registration(run.orders(0))};
  record.state.partition_epoch += 1;
  return record;
}

Consumer& consumer_of(JudgedWorld& run, TopicPartition tp) {
  for (Consumer& each : run.world.consumers)
    for (const OwnedPartition& owned : each.owned)
      if (owned.tp == tp) return each;
  return run.world.consumers.front();
}

OwnedPartition& owned(Consumer& consumer, TopicPartition tp) {
  for (OwnedPartition& each : consumer.owned)
    if (each.tp == tp) return each;
  return consumer.owned.front();
}

Group& group_of(JudgedWorld& run) {
  for (Broker& broker : run.world.brokers)
    for (Group& each : broker.groups.groups) return each;
  return run.world.brokers.front().groups.groups.front();
}

NodeId other_consumer(JudgedWorld& run, const Consumer& consumer) {
  return run.node(consumer.node == run.node("c1") ? "c2" : "c1");
}

struct Hand {
  PromiseId promise;
  void (*break_it)(JudgedWorld& run);
};

const Hand kHands[] = {
    {PromiseId::log_marks_in_order,
     [](JudgedWorld& run) {
       member_of<Offset>(run.follower_replica(run.orders(0)).log, "high_watermark") += 1'000'000;
       run.examine();
     }},
    {PromiseId::offsets_are_dense,
     [](JudgedWorld& run) {
       Replica& replica = run.follower_replica(run.orders(0));
       const Batch last = replica.log.batches().back();
       change_last_batch(replica.log, [](Batch& batch) { batch.base_offset += 1; });
       member_of<Offset>(replica.log, "log_end_offset") += 1;
       run.tell({BatchAppended{replica.tp, run.follower(replica.tp), last.base_offset + 1, last.count,
                               last.partition_leader_epoch, false}});
     }},
    {PromiseId::logs_agree_below_high_watermark,
     [](JudgedWorld& run) {
       Replica& replica = run.follower_replica(run.orders(0));
       const Offset end = replica.log.log_end_offset();
       change_last_batch(replica.log, [](Batch& batch) { batch.chain ^= 1; });
       member_of<Offset>(replica.log, "high_watermark") = end;
       run.tell({HighWatermarkMoved{replica.tp, run.follower(replica.tp), end - 1, end, false}});
     }},
    {PromiseId::high_watermark_never_falls,
     [](JudgedWorld& run) {
       const Offset mark = run.leader_replica(run.orders(0)).log.high_watermark();
       run.tell({HighWatermarkMoved{run.orders(0), run.leader(run.orders(0)), mark, mark - 1, true}});
     }},
    {PromiseId::followers_do_not_truncate_committed,
     [](JudgedWorld& run) {
       run.tell({LogTruncated{run.orders(0), run.follower(run.orders(0)), 30, 10, 20}});
     }},
    {PromiseId::isr_members_have_committed_records,
     [](JudgedWorld& run) {
       run.follower_replica(run.orders(0)).log.truncate_to(0);
       const Offset mark = run.leader_replica(run.orders(0)).log.high_watermark();
       run.tell({HighWatermarkMoved{run.orders(0), run.leader(run.orders(0)), mark - 1, mark, true}});
     }},
    {PromiseId::only_the_isr_is_waited_for,
     [](JudgedWorld& run) {
       Replica& replica = run.leader_replica(run.orders(0));
       for (FollowerState& each : replica.followers) each.log_end_offset = replica.log.log_end_offset();
       const Batch& last = replica.log.batches().back();
       member_of<Offset>(replica.log, "high_watermark") = last.base_offset;
       run.tell({BatchAppended{replica.tp, run.leader(replica.tp), last.base_offset, last.count, last.partition_leader_epoch, true}});
     }},
    {PromiseId::isr_within_replicas,
     [](JudgedWorld& run) {
       PartitionRecord record = changed(run);
       for (std::int16_t each : {1, 2, 3})
         if (!record.state.replicas.contains(each)) record.state.isr.push_back(each);
       commit(run, record);
     }},
    {PromiseId::leader_in_isr,
     [](JudgedWorld& run) {
       PartitionRecord record = changed(run);
       record.state.isr.remove(static_cast<std::int16_t>(record.state.leader));
       commit(run, record);
     }},
    {PromiseId::no_fenced_broker_in_isr,
     // By a broker that nobody has unfenced yet: those that serve are in the ISRs of many partitions.
     [](JudgedWorld& run) {
       commit(run, RegisterBrokerRecord{4, kNoNode, 1});
       REQUIRE(run.broken().empty());
       PartitionRecord record = changed(run);
       record.state.replicas.push_back(4);
       record.state.isr.push_back(4);
       commit(run, record);
     }},
    {PromiseId::one_leader_per_epoch,
     [](JudgedWorld& run) {
       const TopicPartition tp = run.orders(0);
       const Epoch epoch = run.registration(tp).leader_epoch;
       run.tell({LeaderTookOffice{tp, run.follower(tp), epoch, run.follower_replica(tp).log.log_end_offset()}});
     }},
    {PromiseId::epochs_increase,
     [](JudgedWorld& run) {
       PartitionRecord record = changed(run);
       record.state.partition_epoch -= 1;
       commit(run, record);
     }},
    {PromiseId::acked_records_survive,
     [](JudgedWorld& run) {
       Replica& replica = run.leader_replica(run.orders(0));
       const Offset end = replica.log.log_end_offset();
       const Offset cut = replica.log.batches()[replica.log.batches().size() - 20].base_offset;
       replica.log.truncate_to(cut);
       run.tell({LogTruncated{replica.tp, run.leader(replica.tp), end, cut, cut}});
     }},
    {PromiseId::acks_all_is_replicated,
     [](JudgedWorld& run) {
       store(run, 1'000'000);
       const Batch last = run.leader_replica(run.orders(0)).log.batches().back();
       run.tell({RecordsAcked{run.orders(0), run.node("p1"), last.first_record, last.base_offset, 1, -1}});
     }},
    {PromiseId::send_order_kept,
     [](JudgedWorld& run) {
       store(run, 1'000'001);
       store(run, 1'000'000);
     }},
    {PromiseId::no_duplicates,
     [](JudgedWorld& run) {
       store(run, 1'000'000);
       store(run, 1'000'000);  // at once: after a later record it would break the order too
     }},
    {PromiseId::records_are_conserved,
     [](JudgedWorld& run) {
       run.world.producers[0].counters.acked -= 1;
       run.examine();
     }},
    {PromiseId::one_controller_per_epoch,
     [](JudgedWorld& run) {
       const Elected last = run.judge.ledger().controllers.back();
       const NodeId other = run.node(last.winner == run.node("Q1") ? "Q2" : "Q1");
       run.tell({ControllerElected{other, last.epoch, 0}});
     }},
    {PromiseId::one_vote_per_epoch,
     [](JudgedWorld& run) {
       run.tell({VoteAnswered{run.node("Q1"), run.node("Q2"), 100, true, false}});
       REQUIRE(run.broken().empty());
       run.tell({VoteAnswered{run.node("Q1"), run.node("Q3"), 100, true, false}});
     }},
    {PromiseId::committed_metadata_survives,
     [](JudgedWorld& run) {
       Raft& raft = run.world.controllers[1].raft;
       raft.log.truncate(raft.log.size() / 2);
       run.tell({ControllerElected{raft.node, 100, raft.end_offset()}});
     }},
    {PromiseId::broker_images_agree,
     [](JudgedWorld& run) {
       MetadataImage& image = run.broker(1).image;
       image.apply(image.end_offset(), changed(run));
       run.examine();
     }},
    {PromiseId::broker_epochs_increase,
     [](JudgedWorld& run) {
       run.broker(1).broker_epoch -= 1;
       run.tell({BrokerUnfenced{1}});
     }},
    {PromiseId::one_owner_per_generation,
     [](JudgedWorld& run) {
       const Consumer& owner = consumer_of(run, run.orders(0));
       run.tell({PartitionAssigned{run.orders(0), other_consumer(run, owner), owner.spec.group, owner.generation}});
     }},
    {PromiseId::assignment_covers_subscription,
     [](JudgedWorld& run) {
       Group& group = group_of(run);
       group.generation += 1;
       for (GroupMember& each : group.members) std::erase(each.assignment, run.orders(0));
       run.tell({GroupStable{group.group, group.generation, 2}});
     }},
    {PromiseId::generations_increase,
     [](JudgedWorld& run) {
       const Group& group = group_of(run);
       run.tell({GroupStable{group.group, group.generation, 2}});
     }},
    {PromiseId::commits_are_fenced,
     [](JudgedWorld& run) {
       const Consumer& owner = consumer_of(run, run.orders(0));
       run.tell({OffsetCommitted{run.orders(0), owner.spec.group, other_consumer(run, owner), 1, owner.generation}});
     }},
    {PromiseId::committed_offsets_survive,
     [](JudgedWorld& run) {
       const Consumer& owner = consumer_of(run, run.orders(0));
       const NodeId next = other_consumer(run, owner);
       run.tell({PartitionAssigned{run.orders(0), next, owner.spec.group, owner.generation + 1},
                 PositionSet{run.orders(0), next, 0, true}});
     }},
    {PromiseId::committed_offset_within_log,
     [](JudgedWorld& run) {
       const Consumer& owner = consumer_of(run, run.orders(0));
       Log& log = run.leader_replica(run.orders(0)).log;
       const Offset mark = log.high_watermark();
       log.truncate_to(mark / 2);
       run.tell({OffsetCommitted{run.orders(0), owner.spec.group, owner.node, mark, owner.generation}});
     }},
    {PromiseId::lag_not_negative,
     [](JudgedWorld& run) {
       store(run, 1'000'000);
       const Consumer& owner = consumer_of(run, run.orders(0));
       const Offset end = run.leader_replica(run.orders(0)).log.log_end_offset();
       run.tell({OffsetCommitted{run.orders(0), owner.spec.group, owner.node, end, owner.generation}});
     }},
    {PromiseId::consumers_see_only_committed,
     [](JudgedWorld& run) {
       store(run, 1'000'000);
       const Consumer& owner = consumer_of(run, run.orders(0));
       const Offset end = run.leader_replica(run.orders(0)).log.log_end_offset();
       run.tell({PositionReset{run.orders(0), owner.node, 0, end - 1}, PositionSet{run.orders(0), owner.node, end - 1, true},
                 RecordsDelivered{run.orders(0), owner.node, end - 1, end - 1, 1, owner.generation}});
     }},
    {PromiseId::repeatable_read,
     [](JudgedWorld& run) {
       Consumer& owner = consumer_of(run, run.orders(0));
       Batch batch = run.leader_replica(run.orders(0)).log.batches().front();
       batch.content ^= 1;
       owned(owner, run.orders(0)).buffer = {batch};
       run.tell({PositionReset{run.orders(0), owner.node}, PositionSet{run.orders(0), owner.node, 0, true},
                 RecordsDelivered{run.orders(0), owner.node, 0, batch.last_offset(), batch.count, owner.generation}});
     }},
    {PromiseId::no_record_skipped,
     [](JudgedWorld& run) {
       const Consumer& owner = consumer_of(run, run.orders(0));
       run.tell({PositionReset{run.orders(0), owner.node}, PositionSet{run.orders(0), owner.node, 0, true},
                 RecordsDelivered{run.orders(0), owner.node, 1, 1, 1, owner.generation}});
     }},
    {PromiseId::reading_goes_on,
     [](JudgedWorld& run) {
       Consumer& owner = consumer_of(run, run.orders(0));
       const BatchLog& batches = run.leader_replica(run.orders(0)).log.batches();
       Batch other = batches[1];
       other.chain ^= 1;  // it stands in a log with another beginning
       owned(owner, run.orders(0)).buffer = {batches[0], other};
       run.tell({PositionReset{run.orders(0), owner.node}, PositionSet{run.orders(0), owner.node, 0, true},
                 RecordsDelivered{run.orders(0), owner.node, 0, other.last_offset(), batches[0].count + other.count,
                                  owner.generation}});
     }},
    {PromiseId::at_least_once,
     [](JudgedWorld& run) {
       Consumer& owner = consumer_of(run, run.orders(0));
       const NodeId next = other_consumer(run, owner);
       const std::int32_t generation = owner.generation;
       run.run(run.world.now() + 2 * kSecond);
       const Offset delivered = owned(owner, run.orders(0)).position;
       owned(owner, run.orders(0)).processed = delivered - 20;
       run.tell({PositionReset{run.orders(0), owner.node, delivered, delivered - 20},
                 PositionSet{run.orders(0), owner.node, delivered - 20, true},
                 OffsetCommitted{run.orders(0), owner.spec.group, owner.node, delivered, generation},
                 PartitionAssigned{run.orders(0), next, owner.spec.group, generation + 1},
                 PositionSet{run.orders(0), next, delivered, false}});
     }},
    {PromiseId::messages_conserved,
     [](JudgedWorld& run) {
       run.world.fabric.network.counters.sent += 1;
       run.tell({});
     }},
    {PromiseId::time_never_goes_back,
     [](JudgedWorld& run) {
       run.world.fabric.now -= 1;
       run.tell({});
     }},
};

const JudgedWorld& unharmed() {
  static const JudgedWorld run = [] {
    JudgedWorld fresh(small_setup());
    fresh.run(30 * kSecond);
    return fresh;
  }();
  return run;
}

}  // namespace

TEST_CASE("a hand for every promise") {
  REQUIRE(std::size(kHands) == kPromiseCount);
  for (std::size_t i = 0; i < kPromiseCount; ++i) CHECK(static_cast<std::size_t>(kHands[i].promise) == i);
}

TEST_CASE("each promise can be broken, and then only that one breaks") {
  REQUIRE(unharmed().all_breaches() == "");
  REQUIRE(unharmed().leader(unharmed().orders(0)) != kNoBroker);
  for (const Hand& hand : kHands) {
    const std::string name(promises()[static_cast<std::size_t>(hand.promise)].name);
    CAPTURE(name);
    JudgedWorld run = unharmed();
    hand.break_it(run);
    INFO(run.all_breaches());
    CHECK(run.broken() == std::set<std::string>{name});
    REQUIRE(run.judge.breaches().size() == 1);
    CHECK(run.judge.breaches()[0].why.size() > 20);
    CHECK(run.judge.breaches()[0].promised);
    const Fact& told = run.facts.back();
    REQUIRE(std::holds_alternative<PromiseBroken>(told.body));
    CHECK(std::get<PromiseBroken>(told.body).promise == static_cast<std::int32_t>(hand.promise));
  }
}

// What `where` of an expectation may ask: a breach of what a client or a group was promised says whose promise it was.
TEST_CASE("a breach names the client and the group that were promised something") {
  for (const Hand& hand : kHands) {
    CAPTURE(std::string(promises()[static_cast<std::size_t>(hand.promise)].name));
    JudgedWorld run = healthy();
    hand.break_it(run);
    const Breach& breach = run.judge.breaches()[0];
    const NodeKind kind = breach.client == kNoNode ? NodeKind::admin : run.world.fabric.nodes[static_cast<std::size_t>(breach.client)].kind;
    const bool to_producer = hand.promise >= PromiseId::acked_records_survive && hand.promise <= PromiseId::records_are_conserved;
    const bool to_group = hand.promise >= PromiseId::one_owner_per_generation && hand.promise <= PromiseId::at_least_once;
    CHECK((breach.client == run.node("p1")) == to_producer);
    CHECK((breach.group == run.world.consumers[0].spec.group) == to_group);
    CHECK((kind == NodeKind::admin || kind == NodeKind::producer || kind == NodeKind::consumer));
    if (kind == NodeKind::consumer) CHECK(to_group);
  }
}

TEST_CASE("what breaks for two groups is told of each") {
  JudgedWorld run = healthy();
  const std::int32_t other = run.world.fabric.names.intern("another group");
  const std::int32_t group = group_of(run).group;
  for (int i = 0; i < 3; ++i) run.tell({GroupStable{group, 0, 2}, GroupStable{other, 0, 2}});
  REQUIRE(run.judge.breaches().size() == 2);
  CHECK(run.judge.breaches()[0].group == group);
  CHECK(run.judge.breaches()[1].group == other);
}

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

}  // namespace nutshell
