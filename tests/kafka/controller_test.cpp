// Stories of the active controller: brokers come and go, partitions change (K8, R7, R11-R15, R17).
#include <doctest/doctest.h>

#include "tests/kafka/controller_story.h"

namespace nutshell {
namespace {

template <class F>
const Fact& fact_of(const ControllerStory& story) {
  const auto found = std::find_if(story.facts.begin(), story.facts.end(),
                                  [](const Fact& each) { return each.body.is<F>(); });
  REQUIRE(found != story.facts.end());
  return *found;
}

// Sends a request to the active controller in the name of the operator, who is gone: nobody is confused by
// an answer that it did not ask for. Returns the answer.
template <class Response>
Response ask(ControllerStory& story, const Body& request) {
  const NodeId operator_node = story.world.admin.node;
  if (story.world.find_node("admin")->status != NodeStatus::down) story.act(Crash{"admin"});
  std::vector<Fact> none;
  Env env(story.world.fabric, story.world.commons, none);
  env.request(operator_node, story.active()->node, Channel::controller, request, kHour);
  Response answer;
  const Time asked = story.now();
  const bool answered = story.until([&] {
    for (const Message& each : story.world.fabric.messages) {
      if (each.connection < 0 || each.to != operator_node || each.sent_at <= asked) continue;
      const auto* found = each.body.get_if<Response>();
      if (found == nullptr) continue;
      answer = *found;
      return true;
    }
    return false;
  });
  REQUIRE(answered);
  return answer;
}

// An AlterPartition that changes nothing and is valid in every respect, from the leader of t0-0.
AlterPartitionRequest valid_proposal(ControllerStory& story) {
  const PartitionRegistration state = story.state("t0");
  AlterPartitionRequest request;
  request.broker = state.leader;
  request.broker_epoch = story.active()->working.broker(state.leader)->broker_epoch;
  request.tp = story.partition("t0");
  request.leader_epoch = state.leader_epoch;
  request.partition_epoch = state.partition_epoch;
  for (std::int16_t each : state.isr) request.new_isr.push_back({each, -1});
  return request;
}

ErrorCode propose(ControllerStory& story, const AlterPartitionRequest& request) {
  return ask<AlterPartitionResponse>(story, request).error;
}

TEST_CASE("a broker's epoch is the offset of its registration, and it serves once it has replayed it") {
  ControllerStory story(controller_setup(3, 3));
  REQUIRE(story.ready());
  const Controller& controller = *story.active();
  for (const BrokerRegistration& each : controller.image.brokers()) {
    const auto& entry = controller.raft.log[static_cast<std::size_t>(each.broker_epoch)];
    const auto* record = std::get_if<RegisterBrokerRecord>(&entry.record);
    REQUIRE(record != nullptr);
    CHECK(record->id == each.id);
    CHECK(each.node == story.world.commons.broker_nodes[static_cast<std::size_t>(each.id)]);
  }
  CHECK(story.all<BrokerRegistered>().size() == 3);
  CHECK(story.all<BrokerUnfenced>().size() == 3);
}

TEST_CASE("a dead broker is fenced 9 s after its last heartbeat: ISRs, leaders, and why") {
  ControllerStory story(controller_setup(3, 3, {{1, 2, 3}, {1}, {2, 1, 3}}));
  REQUIRE(story.ready(3));
  story.run_for(5 * kSecond);
  story.forget_facts();
  const Time crashed = story.now();
  const Step cause = story.world.steps();
  story.act(Crash{"broker 1"});
  const auto* fenced = story.next<BrokerFenced>();
  REQUIRE(fenced != nullptr);
  CHECK(fenced->broker == 1);
  CHECK(fenced->reason == FenceReason::session_expired);
  CHECK(fact_of<BrokerFenced>(story).because == cause);
  CHECK(fact_of<LeaderElected>(story).because == cause);
  CHECK(story.now() - crashed > 6900 * kMillisecond);
  CHECK(story.now() - crashed <= 9 * kSecond);
  const PartitionRegistration led = story.state("t0");
  CHECK(led.leader == 2);
  CHECK(led.leader_epoch == 1);
  CHECK(led.isr == BrokerList{2, 3});
  const PartitionRegistration single = story.state("t1");
  CHECK(single.leader == kNoBroker);
  CHECK(single.isr == BrokerList{1});
  CHECK(single.leader_epoch == 1);
  const PartitionRegistration followed = story.state("t2");
  CHECK(followed.leader == 2);
  CHECK(followed.leader_epoch == 0);
  CHECK(followed.partition_epoch == 1);
  CHECK(followed.isr == BrokerList{2, 3});
  CHECK(story.all<PartitionOffline>().size() == 1);
  CHECK(story.all<IsrShrunk>().size() == 2);
  for (const IsrShrunk& each : story.all<IsrShrunk>()) CHECK_FALSE(each.by_leader);
  // The fence record comes after those of the partitions.
  const Controller& controller = *story.active();
  const auto& last = controller.raft.gathered.back().record;
  REQUIRE(std::holds_alternative<BrokerRegistrationChangeRecord>(last));
  CHECK(std::get<BrokerRegistrationChangeRecord>(last).fenced);
}

TEST_CASE("a broker that returns leads what has no leader, and joins ISRs without taking leaderships") {
  ControllerStory story(controller_setup(3, 3, {{1, 2, 3}, {1}}));
  REQUIRE(story.ready(2));
  story.run_for(2 * kSecond);
  story.act(Crash{"broker 1"});
  story.run_for(20 * kSecond);
  CHECK(story.state("t1").leader == kNoBroker);
  story.act(Start{"broker 1"});
  REQUIRE(story.until([&] { return story.state("t1").leader == 1; }, 10 * kSecond));
  CHECK(story.state("t1").leader_epoch == 2);
  REQUIRE(story.until([&] { return story.state("t0").isr.size() == 3; }, 10 * kSecond));
  CHECK(story.state("t0").leader == 2);
  CHECK(story.all<IsrExpanded>().back().broker == 1);
}

TEST_CASE("a quick restart waits for the old session to end") {
  ControllerStory story(controller_setup(3, 2, {{1, 2}}));
  REQUIRE(story.ready(1));
  story.run_for(5 * kSecond);
  story.forget_facts();
  const Time crashed = story.now();
  story.act(Crash{"broker 1"});
  story.run_for(kSecond);
  story.act(Start{"broker 1"});
  const auto* registered = story.next<BrokerRegistered>();
  REQUIRE(registered != nullptr);
  CHECK(story.now() - crashed > 6900 * kMillisecond);
  CHECK(story.all<BrokerFenced>().size() == 1);
  CHECK(story.all<BrokerFenced>()[0].reason == FenceReason::session_expired);
}

TEST_CASE("a broker that a new controller has not fenced registers again: its old self leaves the ISRs") {
  ControllerStory story(controller_setup(1, 3, {{1, 2, 3}}));
  REQUIRE(story.ready(1));
  story.run_for(5 * kSecond);
  story.act(Crash{"broker 1"});
  story.run_for(9 * kSecond);
  CHECK(story.state("t0").leader == 2);
  story.act(Start{"broker 1"});
  REQUIRE(story.until([&] { return story.state("t0").isr.size() == 3; }));
  const Offset epoch = story.active()->image.broker(1)->broker_epoch;
  story.act(Crash{"broker 1"});
  story.act(Start{"broker 1"});
  REQUIRE(story.until([&] { return story.active()->image.broker(1)->broker_epoch > epoch; }));
}

TEST_CASE("controlled shutdown moves leaderships first, and ends with the heartbeat after those by which all others know") {
  Setup setup = controller_setup(3, 3, {{1, 2, 3}, {2, 1, 3}, {1}});
  const Duration latency = setup.network.latency = kMillisecond;
  setup.network.jitter = 0;
  ControllerStory story(setup);
  REQUIRE(story.ready(3));
  story.run_for(5 * kSecond);
  story.forget_facts();
  const Time stopped = story.now();
  story.act(Stop{"broker 1"});
  REQUIRE(story.until([&] { return story.world.find_node("broker 1")->status == NodeStatus::down; }, 10 * kSecond));
  // It asks at once, again 50 ms after the answer, and then with a heartbeat 2 s after that answer. The first and the last
  // make the controller write: that lingers for 25 ms, then a voter gets it and fetches again, and the answer goes out.
  const Duration asked = 2 * latency, written = 25 * kMillisecond + 2 * latency;
  CHECK(story.now() - stopped == (asked + written) + 50 * kMillisecond + asked + 2 * kSecond + (asked + written));
  CHECK(story.all<ShutdownStarted>().size() == 1);
  CHECK(story.all<LeaderElected>().size() == 1);
  CHECK(story.state("t0").leader == 2);
  CHECK(story.state("t0").isr == BrokerList{2, 3});
  CHECK(story.state("t1").isr == BrokerList{2, 3});
  CHECK(story.state("t2").leader == kNoBroker);  // nobody else has it
  REQUIRE(story.all<BrokerFenced>().size() == 1);
  CHECK(story.all<BrokerFenced>()[0].reason == FenceReason::shut_down);
  story.act(Start{"broker 1"});
  REQUIRE(story.until([&] { return story.state("t2").leader == 1; }, 10 * kSecond));  // no session to wait for
  CHECK(story.now() - stopped < 5 * kSecond);
}

TEST_CASE("a broker that nobody lets go waits five minutes and ends") {
  ControllerStory story(controller_setup(1, 2, {{1, 2}}));
  REQUIRE(story.ready(1));
  story.run_for(3 * kSecond);
  story.act(Crash{"Q1"});
  const Time stopped = story.now();
  story.act(Stop{"broker 1"});
  const auto down = [&] { return story.world.find_node("broker 1")->status == NodeStatus::down; };
  REQUIRE(story.until(down, 10 * kMinute));
  CHECK(story.now() - stopped == 5 * kMinute);
}

TEST_CASE("preferred leaders return at the next balance check, or when asked") {
  ControllerStory story(controller_setup(1, 2, {{1, 2}}));
  REQUIRE(story.ready(1));
  const Time activated = fact_of<ControllerActivated>(story).at;
  story.run_for(3 * kSecond);
  story.act(Stop{"broker 1"});
  story.run_for(5 * kSecond);
  story.act(Start{"broker 1"});
  story.run_for(20 * kSecond);
  CHECK(story.state("t0").isr.size() == 2);
  CHECK(story.state("t0").leader == 2);
  SUBCASE("check") {
    story.run_to(activated + 300 * kSecond - 1);
    CHECK(story.state("t0").leader == 2);
    story.run_to(activated + 300 * kSecond);
    CHECK(story.state("t0").leader == 1);
  }
  SUBCASE("asked") {
    story.act(ElectLeader{"t0", 0, false});
    story.run_for(kSecond);
    CHECK(story.state("t0").leader == 1);
    CHECK(story.state("t0").leader_epoch == 2);
  }
}

// t0-0 on 1 and 2; 2 falls out of the ISR, then 1 dies too, then 2 comes back.
ControllerStory last_member_lost(bool unclean) {
  Setup setup = controller_setup(3, 3, {{1, 2}});
  setup.topics[0].config.unclean_leader_election_enable = unclean ? 1 : 0;
  ControllerStory story(setup);
  REQUIRE(story.ready(1));
  story.run_for(2 * kSecond);
  story.act(Crash{"broker 2"});
  story.run_for(12 * kSecond);
  CHECK(story.state("t0").isr == BrokerList{1});
  story.act(Crash{"broker 1"});
  story.run_for(12 * kSecond);
  CHECK(story.state("t0").leader == kNoBroker);
  CHECK(story.state("t0").isr == BrokerList{1});
  story.forget_facts();
  story.act(Start{"broker 2"});
  story.run_for(10 * kSecond);
  return story;
}

TEST_CASE("without unclean election a partition waits for its last ISR member") {
  ControllerStory story = last_member_lost(false);
  CHECK(story.state("t0").leader == kNoBroker);
  story.act(Start{"broker 1"});
  story.run_for(10 * kSecond);
  CHECK(story.state("t0").leader == 1);
  for (const LeaderElected& each : story.all<LeaderElected>()) CHECK_FALSE(each.unclean);
}

TEST_CASE("with unclean election the first replica to return leads, and is the whole ISR") {
  ControllerStory story = last_member_lost(true);
  CHECK(story.state("t0").leader == 2);
  CHECK(story.state("t0").isr == BrokerList{2});
  REQUIRE(story.all<LeaderElected>().size() == 1);
  CHECK(story.all<LeaderElected>()[0].unclean);
  CHECK(story.all<IsrShrunk>().empty());
}

TEST_CASE("an operator may ask for an unclean election") {
  ControllerStory story = last_member_lost(false);
  story.act(ElectLeader{"t0", 0, true});
  story.run_for(kSecond);
  CHECK(story.state("t0").leader == 2);
  CHECK(story.all<LeaderElected>().back().unclean);
}

TEST_CASE("AlterPartition is checked in Kafka's order") {
  ControllerStory story(controller_setup(3, 3, {{1, 2, 3}}));
  REQUIRE(story.ready(1));
  story.run_for(3 * kSecond);
  AlterPartitionRequest request = valid_proposal(story);
  CHECK(propose(story, request) == ErrorCode::none);

  request.broker_epoch += 1000;
  CHECK(propose(story, request) == ErrorCode::stale_broker_epoch);
  request = valid_proposal(story);
  request.broker = 9;
  CHECK(propose(story, request) == ErrorCode::broker_id_not_registered);
  request = valid_proposal(story);
  request.tp.partition = 7;
  CHECK(propose(story, request) == ErrorCode::unknown_topic_or_partition);
  request = valid_proposal(story);
  request.leader_epoch += 1;
  CHECK(propose(story, request) == ErrorCode::not_controller);
  request = valid_proposal(story);
  request.partition_epoch += 1;
  CHECK(propose(story, request) == ErrorCode::not_controller);
  request.leader_epoch -= 1;
  CHECK(propose(story, request) == ErrorCode::not_controller);  // the newer epoch decides
  request = valid_proposal(story);
  request.leader_epoch -= 1;
  request.broker = 2;
  request.broker_epoch = story.active()->working.broker(2)->broker_epoch;
  CHECK(propose(story, request) == ErrorCode::fenced_leader_epoch);  // before "not the leader"
  request.leader_epoch += 1;
  request.partition_epoch -= 1;
  CHECK(propose(story, request) == ErrorCode::invalid_request);  // before "old partition epoch"
  request = valid_proposal(story);
  request.partition_epoch -= 1;
  request.new_isr = {};
  CHECK(propose(story, request) == ErrorCode::invalid_update_version);
  request = valid_proposal(story);
  request.new_isr = {{1, -1}, {4, -1}};
  CHECK(propose(story, request) == ErrorCode::invalid_request);  // no replica
  request.new_isr = {{2, -1}, {3, -1}};
  CHECK(propose(story, request) == ErrorCode::invalid_request);  // without the leader
  request.new_isr = {{1, -1}, {2, story.active()->working.broker(2)->broker_epoch + 1}};
  CHECK(propose(story, request) == ErrorCode::ineligible_replica);
  CHECK(story.state("t0").partition_epoch == 0);
}

TEST_CASE("AlterPartition answers with the committed state, and raises the partition epoch only") {
  ControllerStory story(controller_setup(3, 3, {{1, 2, 3}}));
  REQUIRE(story.ready(1));
  story.run_for(3 * kSecond);
  story.forget_facts();
  AlterPartitionRequest request = valid_proposal(story);
  request.new_isr = {{1, -1}, {3, -1}};
  const auto answer = ask<AlterPartitionResponse>(story, request);
  CHECK(answer.error == ErrorCode::none);
  CHECK(answer.state.isr == BrokerList{1, 3});
  CHECK(answer.state.partition_epoch == 1);
  CHECK(answer.state.leader_epoch == 0);
  CHECK(story.active()->image.partition(request.tp)->partition_epoch == 1);
  REQUIRE(story.all<IsrShrunk>().size() == 1);
  CHECK(story.all<IsrShrunk>()[0].by_leader);
  CHECK(story.all<IsrShrunk>()[0].broker == 2);
}

TEST_CASE("a fenced broker may not join an ISR") {
  ControllerStory story(controller_setup(3, 3, {{1, 2, 3}}));
  REQUIRE(story.ready(1));
  story.run_for(3 * kSecond);
  story.act(Crash{"broker 3"});
  story.run_for(12 * kSecond);
  AlterPartitionRequest request = valid_proposal(story);
  request.new_isr = {{1, -1}, {2, -1}, {3, -1}};
  CHECK(propose(story, request) == ErrorCode::ineligible_replica);
}

TEST_CASE("after a controller fail-over every broker has a full session again") {
  ControllerStory story(controller_setup(3, 3, {{3, 2, 1}}));
  REQUIRE(story.ready(1));
  story.run_for(5 * kSecond);
  story.act(Crash{story.name(story.active()->node)});
  story.run_for(100 * kMillisecond);
  story.act(Crash{"broker 3"});
  const auto* activated = story.next<ControllerActivated>();
  REQUIRE(activated != nullptr);
  const Time start = story.now();
  CHECK(story.state("t0").leader == 3);
  REQUIRE(story.next<BrokerFenced>() != nullptr);
  CHECK(story.now() - start == 9 * kSecond);
  CHECK(story.state("t0").leader == 2);
}

TEST_CASE("a deposed controller gives up what it had not committed, and the admin asks the next one") {
  ControllerStory story(controller_setup(3, 1));
  REQUIRE(story.ready());
  story.run_for(kSecond);
  Controller& old = *story.active();
  for (const Controller& each : story.world.controllers)
    if (each.node != old.node) story.act(Cut{story.name(old.node), story.name(each.node), false});
  story.act(CreateTopic{"late", 2, 1});
  REQUIRE(story.until([&] { return !old.answers.empty(); }, 2 * kSecond));
  CHECK(old.working.topics().size() == 1);
  CHECK(old.image.topics().empty());
  REQUIRE(story.until([&] { return !old.active; }, 5 * kSecond));
  CHECK(old.answers.empty());
  CHECK(old.working.topics().empty());
  CHECK(old.sessions.empty());
  REQUIRE(story.until([&] { return story.active() && story.active()->image.topics().size() == 1; }, 60 * kSecond));
  CHECK(story.active()->node != old.node);
  story.act(Heal{"", ""});
  REQUIRE(story.until([&] { return old.image.topics().size() == 1; }, 20 * kSecond));
}

TEST_CASE("topics: known names, too many replicas, placement on all brokers") {
  ControllerStory story(controller_setup(3, 3, {{1, 2, 3}}));
  REQUIRE(story.ready(1));
  CreateTopicsRequest request;
  request.topic = story.world.topic_id("t0");
  CHECK(ask<CreateTopicsResponse>(story, request).error == ErrorCode::topic_already_exists);
  request.topic = story.world.fabric.names.intern("fresh");
  request.partitions = 6;
  request.replication_factor = 4;
  CHECK(ask<CreateTopicsResponse>(story, request).error == ErrorCode::invalid_replication_factor);
  request.partitions = 0;
  CHECK(ask<CreateTopicsResponse>(story, request).error == ErrorCode::invalid_partitions);
  request.partitions = 6;
  request.replication_factor = 3;
  request.assignment = {{1, 1}};
  CHECK(ask<CreateTopicsResponse>(story, request).error == ErrorCode::invalid_replica_assignment);
  request.assignment = {{1, 5}};
  CHECK(ask<CreateTopicsResponse>(story, request).error == ErrorCode::invalid_replica_assignment);
  request.assignment.clear();
  CHECK(ask<CreateTopicsResponse>(story, request).error == ErrorCode::none);
  std::vector<std::int32_t> leads(4, 0);
  for (std::int32_t p = 0; p < 6; ++p) {
    const PartitionRegistration state = story.state("fresh", p);
    CHECK(state.replicas.size() == 3);
    CHECK(state.isr == state.replicas);
    CHECK(state.leader == state.replicas[0]);
    leads[static_cast<std::size_t>(state.leader)] += 1;
  }
  CHECK(leads == std::vector<std::int32_t>{0, 2, 2, 2});
}

TEST_CASE("a fenced broker may get replicas, but is not in the first ISR") {
  ControllerStory story(controller_setup(3, 3));
  REQUIRE(story.ready());
  story.act(Crash{"broker 2"});
  story.run_for(12 * kSecond);
  story.act(CreateTopic{"fresh", 4, 3});
  story.run_for(kSecond);
  for (std::int32_t p = 0; p < 4; ++p) {
    const PartitionRegistration state = story.state("fresh", p);
    CHECK(state.replicas.size() == 3);
    CHECK(state.isr.size() == 2);
    CHECK_FALSE(state.isr.contains(2));
    CHECK(state.leader == state.isr[0]);
    CHECK(state.leader != 2);
  }
}

TEST_CASE("a topic's place does not depend on who is controller") {
  std::vector<std::vector<BrokerList>> places;
  for (bool fail_over : {false, true}) {
    ControllerStory story(controller_setup(3, 5));
    REQUIRE(story.ready());
    if (fail_over) {
      story.act(Crash{story.name(story.active()->node)});
      REQUIRE(story.until([&] { return story.active() != nullptr; }, 10 * kSecond));
    }
    story.act(CreateTopic{"fresh", 8, 3});
    REQUIRE(story.until([&] { return story.active()->image.topics().size() == 1; }, 10 * kSecond));
    places.emplace_back();
    for (std::int32_t p = 0; p < 8; ++p) places.back().push_back(story.state("fresh", p).replicas);
  }
  CHECK(places[0] == places[1]);
}

TEST_CASE("producer ids come in blocks of 1000 that nobody gets twice") {
  ControllerStory story(controller_setup(3, 2));
  REQUIRE(story.ready());
  AllocateProducerIdsRequest request;
  request.broker = 1;
  request.broker_epoch = story.active()->working.broker(1)->broker_epoch;
  CHECK(ask<AllocateProducerIdsResponse>(story, request).first == 0);
  CHECK(ask<AllocateProducerIdsResponse>(story, request).first == 1000);
  story.act(Crash{story.name(story.active()->node)});
  REQUIRE(story.until([&] { return story.active() != nullptr; }, 10 * kSecond));
  const auto third = ask<AllocateProducerIdsResponse>(story, request);
  CHECK(third.first == 2000);
  CHECK(third.count == 1000);
  request.broker_epoch += 1;
  CHECK(ask<AllocateProducerIdsResponse>(story, request).error == ErrorCode::stale_broker_epoch);
}

}  // namespace
}  // namespace nutshell
