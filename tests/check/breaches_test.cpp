// Every promise can be broken: each is broken here by hand, and the judge sees that one and no other.
#include <doctest/doctest.h>

#include <array>

#include "tests/check/hands.h"

namespace nutshell {
namespace {

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
       change_last_batch(replica.log, [](Batch& batch) {
         batch.content ^= 1;
         batch.chain ^= 1;
       });
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
       const BatchView batches = run.leader_replica(run.orders(0)).log.batches();
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
    {PromiseId::compaction_keeps_newest,
     [](JudgedWorld& run) {
       const TopicPartition tp = run.orders(0);
       TopicConfig config;
       config.cleanup_policy = CleanupPolicy::compacts;
       run.act(run.world.now() + 1, SetConfig{"orders", "cleanup.policy", "compact"});
       run.run(run.world.now() + kSecond);
       REQUIRE(run.broken().empty());
       Log& log = run.follower_replica(tp).log;
       const Offset mark = log.high_watermark();
       log.close_active(config, run.world.now());
       log.replace_segments(0, log.segments().size() - 1, {});
       run.tell({LogCleaned{tp, run.follower(tp), static_cast<std::int32_t>(mark), 0, 0, 0, mark, 1000, 0}});
     }},
    {PromiseId::only_committed_is_deleted,
     [](JudgedWorld& run) {
       const Offset mark = run.leader_replica(run.orders(0)).log.high_watermark();
       run.tell({SegmentDeleted{run.orders(0), run.leader(run.orders(0)), 0, mark + 1, 1000, RemovalReason::time}});
     }},
    {PromiseId::log_start_never_falls,
     [](JudgedWorld& run) {
       Log& log = run.leader_replica(run.orders(0)).log;
       log.raise_log_start_offset(10);
       run.tell({LogStartRaised{run.orders(0), run.leader(run.orders(0)), 0, 10, RemovalReason::time}});
       REQUIRE(run.broken().empty());
       member_of<Offset>(log, "log_start_offset") = 9;
       run.tell({LogStartRaised{run.orders(0), run.leader(run.orders(0)), 9, 9, RemovalReason::time}});
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
    {PromiseId::flushed_records_survive,
     [](JudgedWorld& run) {
       for (Broker& each : run.world.brokers)
         if (Replica* replica = each.replica(run.orders(0))) replica->log.flush();
       Replica& replica = run.leader_replica(run.orders(0));
       const Offset end = replica.log.log_end_offset();
       const Offset cut = replica.log.batches()[replica.log.batches().size() - 20].base_offset;
       replica.log.truncate_to(cut);
       run.tell({LogTruncated{replica.tp, run.leader(replica.tp), end, cut, cut}});
     }},
};

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
    std::set<std::string> expected{name};
    if (hand.promise == PromiseId::flushed_records_survive) expected.insert("acked_records_survive");  // it is one of them
    CHECK(run.broken() == expected);
    REQUIRE(run.judge.breaches().size() == expected.size());
    CHECK(run.judge.breaches()[0].why.size() > 20);
    CHECK(run.judge.breaches()[0].promised);
    const Fact& told = run.facts.back();
    REQUIRE(told.body.is<PromiseBroken>());
    CHECK(told.body.as<PromiseBroken>()->promise == static_cast<std::int32_t>(hand.promise));
  }
}

// Nobody has the records after it, so whoever counts disks then counts none.
TEST_CASE("a loss of power that takes what was flushed is noticed, and what was not flushed may go") {
  for (const bool takes_flushed : {false, true}) {
    CAPTURE(takes_flushed);
    JudgedWorld run = unharmed();
    const TopicPartition tp = run.orders(0);
    const std::array<BrokerId, 2> both = {run.leader(tp), run.follower(tp)};
    for (const BrokerId each : both) run.broker(each).replica(tp)->log.flush();
    run.run(31 * kSecond);
    for (const BrokerId each : both) {
      run.act(31 * kSecond, Crash{"broker " + std::to_string(each), true});
      Log& log = run.broker(each).replica(tp)->log;
      const Offset end = log.log_end_offset(), cut = log.batches()[log.batches().size() - 20].base_offset;
      REQUIRE(end == log.flushed_offset());
      if (!takes_flushed) continue;
      log.truncate_to(cut);
      run.tell({LogTruncated{tp, each, end, cut, end}});
    }
    for (const BrokerId each : both) run.act(45 * kSecond, Start{"broker " + std::to_string(each)});
    run.run(kMinute);
    INFO(run.all_breaches());
    CHECK(run.broken().count("acked_records_survive") == 1);  // of what was not flushed
    CHECK(run.betrayed() == (takes_flushed ? std::set<std::string>{"flushed_records_survive"} : std::set<std::string>{}));
  }
}

// What `where` of an expectation may ask: a breach of what a client or a group was promised says whose promise it was.
TEST_CASE("a breach names the client and the group that were promised something") {
  for (const Hand& hand : kHands) {
    CAPTURE(std::string(promises()[static_cast<std::size_t>(hand.promise)].name));
    JudgedWorld run = unharmed();
    hand.break_it(run);
    const Breach& breach = run.judge.breaches()[0];
    const NodeKind kind = breach.client == kNoNode ? NodeKind::admin : run.world.fabric.nodes[static_cast<std::size_t>(breach.client)].kind;
    const bool to_producer = (hand.promise >= PromiseId::acked_records_survive && hand.promise <= PromiseId::records_are_conserved) ||
                             hand.promise == PromiseId::flushed_records_survive;
    const bool to_group = hand.promise >= PromiseId::one_owner_per_generation && hand.promise <= PromiseId::at_least_once;
    CHECK((breach.client == run.node("p1")) == to_producer);
    CHECK((breach.group == run.world.consumers[0].spec.group) == to_group);
    CHECK((kind == NodeKind::admin || kind == NodeKind::producer || kind == NodeKind::consumer));
    if (kind == NodeKind::consumer) CHECK(to_group);
  }
}

TEST_CASE("what breaks for two groups is told of each") {
  JudgedWorld run = unharmed();
  const std::int32_t other = run.world.fabric.names.intern("another group");
  const GroupId group = group_of(run).group;
  for (int i = 0; i < 3; ++i) run.tell({GroupStable{group, 0, 2}, GroupStable{other, 0, 2}});
  REQUIRE(run.judge.breaches().size() == 2);
  CHECK(run.judge.breaches()[0].group == group);
  CHECK(run.judge.breaches()[1].group == other);
}

}  // namespace nutshell
