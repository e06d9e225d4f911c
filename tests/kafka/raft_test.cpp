// Stories of the metadata quorum (K1-K6).
#include <doctest/doctest.h>

#include <set>

#include "tests/kafka/controller_story.h"

namespace nutshell {
namespace {

// At most one leader an epoch, and committed entries are the same everywhere.
void check_safety(const ControllerStory& story) {
  std::vector<ControllerElected> elected = story.all<ControllerElected>();
  for (std::size_t i = 0; i < elected.size(); ++i)
    for (std::size_t j = i + 1; j < elected.size(); ++j) CHECK(elected[i].epoch != elected[j].epoch);
  std::vector<const Raft*> replicas;
  for (const Controller& each : story.world.controllers) replicas.push_back(&each.raft);
  for (const Broker& each : story.world.brokers) replicas.push_back(&each.raft);
  for (const Raft* a : replicas) {
    for (const Raft* b : replicas) {
      const Offset common = std::min(a->high_watermark, b->high_watermark);
      for (Offset offset = 0; offset < common; ++offset) {
        const auto index = static_cast<std::size_t>(offset);
        REQUIRE(digest_of(a->log[index]) == digest_of(b->log[index]));
      }
    }
  }
}

Raft& leader_of(ControllerStory& story) {
  Controller* controller = story.active();
  REQUIRE(controller != nullptr);
  return controller->raft;
}

TEST_CASE("the only voter of a quorum of one leads at once, and again after a restart") {
  ControllerStory story(controller_setup(1, 1));
  story.run_to(0);
  REQUIRE(story.active() != nullptr);
  CHECK(story.active()->raft.epoch == 1);
  story.run_for(3 * kSecond);
  story.act(Crash{"Q1"});
  CHECK(story.active() == nullptr);
  story.run_for(kSecond);
  story.act(Start{"Q1"});
  story.run_for(0);
  REQUIRE(story.active() != nullptr);
  CHECK(story.active()->raft.epoch == 2);
  story.run_for(5 * kSecond);
  check_safety(story);
  CHECK(story.world.brokers[0].raft.leader == story.active()->node);
}

TEST_CASE("three voters elect one leader between one and two election time-outs") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Setup setup = controller_setup(3, 3);
    setup.seed = seed;
    ControllerStory story(setup);
    const auto* elected = story.next<ControllerElected>(6 * kSecond);
    REQUIRE(elected != nullptr);
    CHECK(story.now() >= kSecond);
    REQUIRE(story.until([&] { return story.active() != nullptr; }, kSecond));
    story.run_for(2 * kSecond);
    const Raft& leader = leader_of(story);
    for (const Controller& each : story.world.controllers) {
      CHECK(each.raft.leader == leader.node);
      CHECK(each.raft.epoch == leader.epoch);
    }
    for (const Broker& each : story.world.brokers) CHECK(each.raft.leader == leader.node);
    check_safety(story);
  }
}

TEST_CASE("what is committed reaches every replica within a few round trips") {
  ControllerStory story(controller_setup(3, 3, {{1, 2, 3}}));
  REQUIRE(story.ready(1));
  story.run_for(5 * kMillisecond);
  const Raft& leader = leader_of(story);
  CHECK(leader.high_watermark == leader.end_offset());
  for (const Controller& each : story.world.controllers) CHECK(each.raft.high_watermark == leader.high_watermark);
  for (const Broker& each : story.world.brokers) CHECK(each.raft.high_watermark == leader.high_watermark);
}

TEST_CASE("a crashed leader is replaced within the fetch time-out and an election") {
  ControllerStory story(controller_setup(3, 2));
  REQUIRE(story.ready());
  const Epoch epoch = leader_of(story).epoch;
  const std::string old = story.name(leader_of(story).node);
  const Time crashed = story.now();
  const Step cause = story.world.steps();
  story.act(Crash{old});
  const auto* started = story.next<ElectionStarted>();
  REQUIRE(started != nullptr);
  CHECK(started->pre_vote);
  CHECK(started->epoch == epoch);
  const Fact& fact = *std::find_if(story.facts.rbegin(), story.facts.rend(), [](const Fact& each) {
    return each.body.is<ElectionStarted>();
  });
  CHECK(fact.because == cause);
  REQUIRE(story.until([&] { return story.active() != nullptr; }));
  CHECK(story.now() - crashed >= 1500 * kMillisecond);  // 2 s after the last fetch, which is up to 0.5 s old
  CHECK(story.now() - crashed <= 5 * kSecond);
  // Whoever asks for votes, and not whoever asks beforehand, begins an epoch; the last one was won.
  std::set<Epoch> begun;
  for (const ElectionStarted& each : story.all<ElectionStarted>())
    if (!each.pre_vote && each.epoch > epoch) begun.insert(each.epoch);
  const auto votes = static_cast<Epoch>(begun.size());
  CHECK(votes >= 1);
  CHECK(leader_of(story).epoch == epoch + votes);
  story.act(Start{old});
  story.run_for(3 * kSecond);
  CHECK(leader_of(story).epoch == epoch + votes);  // it comes back Resigned in its old epoch and follows
  for (const Controller& each : story.world.controllers) CHECK(each.raft.epoch == epoch + votes);
  check_safety(story);
}

TEST_CASE("a whole quorum that restarts elects a leader and loses nothing") {
  ControllerStory story(controller_setup(3, 3, {{1, 2, 3}}));
  REQUIRE(story.ready(1));
  story.run_for(kSecond);
  const Raft before = leader_of(story);
  for (const char* each : {"Q1", "Q2", "Q3"}) story.act(Crash{each});
  story.run_for(kSecond);
  for (const char* each : {"Q1", "Q2", "Q3"}) story.act(Start{each});
  for (const Controller& each : story.world.controllers)
    CHECK((each.raft.role == RaftRole::resigned) == (each.node == before.node));  // K1
  REQUIRE(story.until([&] { return story.active() != nullptr; }, 10 * kSecond));
  CHECK(leader_of(story).epoch > before.epoch);
  CHECK(leader_of(story).high_watermark > before.high_watermark);
  CHECK(story.active()->image.topics().size() == 1);
  check_safety(story);
}

TEST_CASE("pre-vote: an isolated voter does not raise the epoch, nor disturb when it returns") {
  ControllerStory story(controller_setup(3, 2));
  REQUIRE(story.ready());
  story.run_for(kSecond);
  const Epoch epoch = leader_of(story).epoch;
  const NodeId leader = leader_of(story).node;
  NodeId isolated = kNoNode;
  for (const Controller& each : story.world.controllers)
    if (each.node != leader) isolated = each.node;
  story.forget_facts();
  story.act(Cut{story.name(isolated), "", false});
  story.run_for(60 * kSecond);
  CHECK(story.all<ElectionStarted>().size() > 5);
  for (const ElectionStarted& each : story.all<ElectionStarted>()) {
    CHECK(each.node == isolated);
    CHECK(each.pre_vote);
  }
  story.act(Heal{"", ""});
  story.run_for(10 * kSecond);
  CHECK(leader_of(story).node == leader);
  for (const Controller& each : story.world.controllers) CHECK(each.raft.epoch == epoch);
}

TEST_CASE("pre-vote: a follower cut off from the leader alone cannot unseat it") {
  ControllerStory story(controller_setup(3, 1));
  REQUIRE(story.ready());
  story.run_for(kSecond);
  const NodeId leader = leader_of(story).node;
  NodeId other = kNoNode;
  for (const Controller& each : story.world.controllers)
    if (each.node != leader) other = each.node;
  story.act(Cut{story.name(leader), story.name(other), false});
  story.forget_facts();
  story.run_for(30 * kSecond);
  CHECK(leader_of(story).node == leader);
  for (const VoteAnswered& each : story.all<VoteAnswered>()) CHECK_FALSE(each.granted);
  CHECK(!story.all<VoteAnswered>().empty());
}

TEST_CASE("check-quorum: a leader cut off from the other voters resigns after 1.5 fetch time-outs") {
  ControllerStory story(controller_setup(3, 2));
  REQUIRE(story.ready());
  story.run_for(kSecond);
  const NodeId leader = leader_of(story).node;
  const Epoch epoch = leader_of(story).epoch;
  story.forget_facts();
  const Time cut = story.now();
  const Step cause = story.world.steps();
  for (const Controller& each : story.world.controllers)
    if (each.node != leader) story.act(Cut{story.name(leader), story.name(each.node), false});
  const auto* resigned = story.next<ControllerResigned>();
  REQUIRE(resigned != nullptr);
  CHECK(resigned->node == leader);
  CHECK(resigned->epoch == epoch);
  CHECK(story.now() - cut >= 2500 * kMillisecond);
  CHECK(story.now() - cut <= 3 * kSecond);
  const auto fact = std::find_if(story.facts.begin(), story.facts.end(), [](const Fact& each) {
    return each.body.is<ControllerResigned>();
  });
  CHECK(fact->because >= cause);
  CHECK(fact->because <= cause + 1);
  REQUIRE(story.until([&] { return story.active() != nullptr && story.active()->node != leader; }, 10 * kSecond));
  story.act(Heal{"", ""});
  story.run_for(20 * kSecond);
  check_safety(story);
  for (const Controller& each : story.world.controllers) CHECK(each.raft.epoch == leader_of(story).epoch);
}

TEST_CASE("an entry that only a deposed leader has is cut when it follows the next one") {
  ControllerStory story(controller_setup(3, 1));
  REQUIRE(story.ready());
  story.run_for(kSecond);
  const NodeId old = leader_of(story).node;
  for (const Controller& each : story.world.controllers)
    if (each.node != old) story.act(Cut{story.name(old), story.name(each.node), false});
  story.act(Cut{story.name(old), "broker 1", false});
  Raft& stale = leader_of(story);
  const Offset committed = stale.high_watermark;
  story.act(Heal{story.name(old), "admin"});
  story.act(CreateTopic{"doomed", 1, 1});
  REQUIRE(story.until([&] { return stale.end_offset() > committed; }, 2 * kSecond));
  const Offset written = stale.end_offset();
  CHECK(stale.high_watermark == committed);
  story.run_for(15 * kSecond);
  story.act(Heal{"", ""});
  const auto* cut = story.next<MetadataTruncated>(20 * kSecond);
  REQUIRE(cut != nullptr);
  CHECK(cut->node == old);
  CHECK(cut->from == written);
  CHECK(cut->to == committed);
  story.run_for(5 * kSecond);
  check_safety(story);
}

// Of the second epoch only its leader has a record, of the third only that one's leader; then the second leader leads again.
TEST_CASE("L21: a voter that does not know the leader's epoch cuts to the end of its own one below") {
  ControllerStory story(controller_setup(3, 1));
  REQUIRE(story.ready());
  story.run_for(kSecond);
  const NodeId first = leader_of(story).node;
  story.act(Crash{story.name(first)});
  const auto leads_alone = [&] {
    const auto* elected = story.next<ControllerElected>();
    REQUIRE(elected != nullptr);
    const NodeId node = elected->node;
    story.act(Cut{story.name(node), "", false});
    return node;
  };
  const auto raft_of = [&](NodeId node) -> const Raft& {
    for (const Controller& each : story.world.controllers)
      if (each.node == node) return each.raft;
    return story.world.controllers.front().raft;
  };
  const NodeId second = leads_alone();
  story.act(Start{story.name(first)});
  const NodeId third = leads_alone();
  REQUIRE(third != second);
  NodeId other = kNoNode;
  for (const Controller& each : story.world.controllers)
    if (each.node != second && each.node != third) other = each.node;
  const Offset common = raft_of(other).end_offset();
  REQUIRE(raft_of(second).end_offset() == common + 1);
  REQUIRE(raft_of(third).end_offset() == common + 1);
  story.act(Heal{story.name(second), story.name(other)});
  REQUIRE(story.until([&] { return story.active() && story.active()->node == second && raft_of(second).high_watermark > common; }));
  story.forget_facts();
  story.act(Heal{"", ""});
  const auto* cut = story.next<MetadataTruncated>(20 * kSecond);
  REQUIRE(cut != nullptr);
  CHECK(cut->node == third);
  CHECK(cut->from == common + 1);
  CHECK(cut->to == common);
  story.run_for(10 * kSecond);
  check_safety(story);
  CHECK(story.all<MetadataTruncated>().size() == 1);
  CHECK(raft_of(third).epochs.entries() == raft_of(second).epochs.entries());
  CHECK(raft_of(third).end_offset() == raft_of(second).end_offset());
}

TEST_CASE("a leader that stops hands over without waiting for time-outs") {
  for (std::int32_t voters : {3, 5}) {
    CAPTURE(voters);
    ControllerStory story(controller_setup(voters, 2));
    REQUIRE(story.ready());
    story.run_for(kSecond);
    const NodeId old = leader_of(story).node;
    const Time stopped = story.now();
    story.act(Stop{story.name(old)});
    REQUIRE(story.until([&] { return story.active() != nullptr && story.active()->node != old; }, 10 * kSecond));
    CHECK(story.now() - stopped < (voters == 3 ? 50 * kMillisecond : 2 * kSecond));
    story.run_for(kSecond);
    CHECK(story.world.fabric.nodes[static_cast<std::size_t>(old)].status == NodeStatus::down);
    story.act(Start{story.name(old)});
    story.run_for(5 * kSecond);
    check_safety(story);
  }
}

TEST_CASE("five voters survive two failures and not a third") {
  ControllerStory story(controller_setup(5, 1));
  REQUIRE(story.ready());
  story.act(Crash{story.name(leader_of(story).node)});
  REQUIRE(story.until([&] { return story.active() != nullptr; }, 10 * kSecond));
  story.act(Crash{story.name(leader_of(story).node)});
  REQUIRE(story.until([&] { return story.active() != nullptr; }, 10 * kSecond));
  story.act(Crash{story.name(leader_of(story).node)});
  CHECK_FALSE(story.until([&] { return story.active() != nullptr; }, 60 * kSecond));
  check_safety(story);
}

TEST_CASE("a paused leader that wakes up learns that it was replaced") {
  ControllerStory story(controller_setup(3, 2));
  REQUIRE(story.ready());
  story.run_for(kSecond);
  const NodeId old = leader_of(story).node;
  story.act(Pause{story.name(old), Span{20 * kSecond}});
  REQUIRE(story.until([&] { return story.active() != nullptr; }, 10 * kSecond));
  CHECK(story.active()->node != old);
  story.run_for(30 * kSecond);
  std::size_t leaders = 0;
  for (const Controller& each : story.world.controllers) leaders += each.raft.role == RaftRole::leader ? 1 : 0;
  CHECK(leaders == 1);
  check_safety(story);
}

TEST_CASE("a quiet quorum costs a few events a second for each replica") {
  Setup setup = controller_setup(3, 3);
  setup.config.auto_leader_rebalance_enable = false;
  ControllerStory story(setup);
  REQUIRE(story.ready());
  story.run_for(5 * kSecond);
  const Step before = story.world.steps();
  story.run_for(60 * kSecond);
  // Five replicas fetch twice a second: time-out of the wait, response, request. Three brokers beat every 2 s.
  // The rest is connections that look at their deadlines, and each broker's own slow timers.
  const Step expected = 60 * (5 * 2 * 3) + 60 / 2 * 3 * 3;
  CHECK(story.world.steps() - before <= expected * 6 / 5);
  CHECK(story.all<ControllerElected>().size() == 1);
}

// Faults at random: whatever happens, the quorum is safe, and it works again when all is well.
TEST_CASE("crashes, pauses and cuts at random never split the quorum") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Setup setup = controller_setup(seed % 3 == 0 ? 5 : 3, 2, {{1, 2}});
    setup.seed = seed;
    setup.network.loss_ppm = seed % 4 == 0 ? 20000 : 0;
    ControllerStory story(setup);
    std::uint64_t nth = 0;
    const auto pick = [&](std::uint64_t bound) { return below(draw(seed, Purpose::fuzz, 7, nth++), bound); };
    for (int round = 0; round < 25; ++round) {
      const std::string node = story.name(story.world.commons.voters[pick(story.world.commons.voters.size())]);
      const std::string other = story.name(story.world.commons.voters[pick(story.world.commons.voters.size())]);
      switch (pick(7)) {
        case 0: story.act(Crash{node}); break;
        case 1: story.act(Stop{node}); break;
        case 2:
        case 3: story.act(Start{node}); break;
        case 4:
          if (story.world.find_node(node)->status == NodeStatus::running) story.act(Pause{node, Span{5 * kSecond}});
          break;
        case 5:
          if (node != other) story.act(Cut{node, other, pick(2) == 0});
          break;
        default: story.act(Heal{"", ""}); break;
      }
      story.run_for(static_cast<Duration>(pick(4000)) * kMillisecond);
    }
    check_safety(story);
    story.act(Heal{"", ""});
    story.run_for(20 * kSecond);  // who was about to stop has stopped, who was paused runs
    for (NodeId each : story.world.commons.voters) story.act(Start{story.name(each)});
    CHECK(story.ready(1));
    story.run_for(5 * kSecond);
    REQUIRE(story.active() != nullptr);
    for (const Controller& each : story.world.controllers) {
      CHECK(each.raft.leader == story.active()->node);
      CHECK(each.raft.high_watermark == story.active()->raft.high_watermark);
    }
    check_safety(story);
  }
}

}  // namespace
}  // namespace nutshell
