// Acting makes branches: nothing is lost, everything can be replayed, and two can be held side by side.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "sim/scenario/beats.h"
#include "sim/scenario/read.h"
#include "sim/scenario/run.h"
#include "sim/scenario/story.h"
#include "sim/scenario/write.h"
#include "sim/session/empty.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

Session quiet_failover() {
  Session session(lesson("leader-failover"));
  session.go_to_time(10 * kSecond + 123'456'789);
  return session;
}

std::uint64_t digest_of_branch_at(const Scenario& scenario, Time time) {
  Timeline run = timeline_of(scenario);
  run.seek_time(time);
  return run.digest();
}

}  // namespace

TEST_CASE("acting goes on in a branch of its own, and what was there before stays") {
  Session session = quiet_failover();
  const Step before = session.timeline().position();
  const std::size_t facts = session.timeline().facts().size();
  CHECK(session.act(Pause{"broker 3", {kSecond}}) == "");
  REQUIRE(session.branches().size() == 2);
  CHECK(session.current() == 1);
  CHECK(session.branches()[1]->name == sentence(ActionBody(Pause{"broker 3", {kSecond}})));
  CHECK(session.branches()[0]->timeline->facts().size() == facts);
  // The action is the last thing that happened, at a round time a moment later.
  CHECK(session.timeline().position() == before + 1);
  CHECK(session.timeline().record_of(before).action >= 0);
  CHECK(session.view_time() > 10 * kSecond + 123'456'789);
  CHECK(session.view_time() <= 10 * kSecond + 173'456'789);
  CHECK(session.view_time() % kMicrosecond == 0);
  // The killing that the script has in store still comes: it was not done by hand.
  CHECK(session.timeline().script().size() == session.scenario().script.size() + 1);
}

TEST_CASE("what cannot be done is said, and makes no branch") {
  Session session = quiet_failover();
  CHECK(session.act(Crash{"broker 9"}).find("broker 9") != std::string::npos);
  CHECK(session.notice().find("broker 9") != std::string::npos);
  CHECK(session.branches().size() == 1);
  CHECK_FALSE(session.undo());
  CHECK_FALSE(session.redo());
}

TEST_CASE("undo and redo jump between branches, to the same states") {
  Session session = quiet_failover();
  const std::uint64_t origin = session.timeline().digest();
  REQUIRE(session.act(Crash{"broker 2"}) == "");
  const std::uint64_t first = session.timeline().digest();
  session.go_to_time(15 * kSecond);
  const std::uint64_t later = session.timeline().digest();
  REQUIRE(session.act(Start{"broker 2"}) == "");
  const std::uint64_t second = session.timeline().digest();
  CHECK(session.undo());
  CHECK(session.timeline().digest() == later);
  CHECK(session.view_time() == 15 * kSecond);
  CHECK(session.undo());
  CHECK(session.timeline().digest() == origin);
  CHECK_FALSE(session.undo());
  CHECK(session.redo());
  CHECK(session.timeline().digest() == first);
  CHECK(session.redo());
  CHECK(session.timeline().digest() == second);
  CHECK_FALSE(session.redo());
}

TEST_CASE("a branch saved as a scenario replays to the same digest") {
  Session session = quiet_failover();
  REQUIRE(session.act(Crash{"broker 2"}) == "");
  session.go_to_time(31 * kSecond);
  REQUIRE(session.act(Start{"broker 2"}) == "");
  session.go_to_time(32 * kSecond + 7);
  REQUIRE(session.act(Send{"shop", "k", "by hand", -1, 3}) == "");
  session.go_to_time(40 * kSecond);
  const Scenario saved = as_scenario(*session.branches()[session.current()], "by-hand");
  const LoadResult read = parse_scenario(write_scenario(saved), "by-hand.json");
  REQUIRE(read.scenario);
  CHECK(digest_of_branch_at(*read.scenario, 40 * kSecond) == session.timeline().digest());
  // One caption of the lesson came before the first deed; each deed has one of its own, on the fact that it brought about.
  REQUIRE(read.scenario->beats.size() == 4);
  REQUIRE(read.scenario->beats[1].on.fact);
  CHECK(read.scenario->beats[1].on.fact->fact == "node_crashed");
  REQUIRE(read.scenario->beats[2].on.fact);
  CHECK(read.scenario->beats[2].on.fact->fact == "node_started");
  Timeline run = timeline_of(*read.scenario);
  run_to(run, read.scenario->until);
  const std::vector<FiredBeat> fired = fire_beats(*read.scenario, run);
  REQUIRE(fired.size() == 4);
  const std::vector<Action>& acted = session.branches()[session.current()]->acted;
  for (std::size_t i = 0; i < acted.size(); ++i) CHECK(fired[i + 1].at == acted[i].at);
  CHECK(read.scenario->title == "The leader dies, nothing is lost: Broker 2 is killed");
  CHECK(read.scenario->expect.empty());
}

TEST_CASE("a timeline that was forgotten is made again, the same") {
  Session session = quiet_failover();
  REQUIRE(session.act(Crash{"broker 2"}) == "");
  const std::uint64_t first = session.timeline().digest();
  const Time then = session.view_time();
  for (int i = 0; i < 40; ++i) REQUIRE(session.act(Send{"shop", "k", std::to_string(i), -1, 1}) == "");
  CHECK_FALSE(session.branches()[1]->timeline.has_value());
  session.switch_to(1);
  session.go_to_time(then);
  CHECK(session.timeline().digest() == first);
}

TEST_CASE("going back in a branch and acting differently leaves out what was done by hand afterwards") {
  Session session = quiet_failover();
  REQUIRE(session.act(Crash{"broker 2"}) == "");
  session.go_to_time(15 * kSecond);
  REQUIRE(session.act(Crash{"broker 3"}) == "");
  session.go_to_time(12 * kSecond);
  REQUIRE(session.act(Start{"broker 2"}) == "");
  const Branch& here = *session.branches()[session.current()];
  REQUIRE(here.acted.size() == 2);
  CHECK(here.acted[0].at < here.acted[1].at);
  session.go_to_time(20 * kSecond);
  CHECK(session.world().find_node("broker 3") != nullptr);
  CHECK(session.world().find_node("broker 3")->status == NodeStatus::running);
}

TEST_CASE("an open branch goes on for as long as somebody watches") {
  Session session = quiet_failover();
  const Time end = session.scenario().until;
  session.go_to_time(end - kSecond);
  REQUIRE(session.act(Crash{"broker 2"}) == "");
  session.obey({CommandName::speed, static_cast<std::int64_t>(speeds().size() - 1), {}});
  session.obey({CommandName::play_pause, 0, {}});
  for (int i = 0; i < 200 && session.asking() == false; ++i) session.pass(50 * kMillisecond);
  CHECK(session.view_time() > end + kMinute);
}

TEST_CASE("two universes are shown in lock-step, and where they part is known") {
  Session session = quiet_failover();
  REQUIRE(session.act(Crash{"broker 2"}) == "");
  session.compare_with(0);
  REQUIRE(session.divergence());
  // They part at the deed.
  const Branch& here = *session.branches()[session.current()];
  CHECK(session.divergence()->step == here.left_at);
  session.go_to_time(18 * kSecond);
  CHECK(session.other().timeline->now() <= 18 * kSecond);
  CHECK(session.other().timeline->next_time() > 18 * kSecond);
  session.obey({CommandName::swap_sides, 0, {}});
  CHECK(session.current() == 0);
  CHECK(session.compared() == 1);
  CHECK(session.view_time() == 18 * kSecond);
  session.compare_with(std::nullopt);
  CHECK_FALSE(session.divergence());
}

TEST_CASE("the later part of a deed is done when its time comes to be known, and left out if it is impossible then") {
  Session session(lesson("twelve-brokers"));
  session.know_all();
  session.go_to_time(9 * kSecond);
  while (session.asking()) session.obey({CommandName::reveal, 0, {}});
  const std::vector<Deed> deeds = {{Pause{"broker 2", {kSecond}}, 0},
                                   {Crash{"broker 99", false}, 20 * kSecond},  // there is none
                                   {Crash{"broker 3", false}, 30 * kSecond}};
  REQUIRE(session.act(deeds) == "");
  const Branch& branch = *session.branches()[session.current()];
  const Time begun = branch.began;
  // Not run yet, and to be done all the same.
  CHECK(session.known_until() < begun + 20 * kSecond);
  CHECK(branch.acted.size() == 3);
  session.know_all();
  REQUIRE(branch.acted.size() == 2);
  CHECK(branch.acted[1].at == begun + 30 * kSecond);
  session.go_to_time(begun + 31 * kSecond);
  CHECK(session.world().find_node("broker 3")->status == NodeStatus::down);
  Timeline again = timeline_of(as_scenario(branch, "again"));
  again.seek_time(begun + 31 * kSecond);
  CHECK(again.digest() == session.timeline().digest());
}

TEST_CASE("where nothing happens any more, there is nothing to step to, however far the branch is to be known") {
  Session session(empty_scenario());
  REQUIRE(session.act(Crash{"Q1", false}) == "");
  for (const CommandName name : {CommandName::step, CommandName::next_moment, CommandName::next, CommandName::end}) {
    const Time before = session.scenario().until;
    session.go_to_time(before - kSecond);
    session.obey({CommandName::play_pause, 0, {}});
    session.pass(100 * kMillisecond);  // an open branch goes on: it is to be known for longer
    CHECK(session.scenario().until > before);
    const Step position = session.timeline().position();
    session.obey({name, 0, {}});
    CHECK(session.timeline().position() == position);
  }
}

TEST_CASE("a session that is left gives back a branch at a time") {
  Session session = quiet_failover();
  REQUIRE(session.act(Crash{"broker 2"}) == "");
  REQUIRE(session.act(Crash{"broker 1"}) == "");
  int times = 0;
  while (session.let_go()) REQUIRE(++times < 10);
  CHECK(times == 3);
  for (const auto& each : session.branches()) CHECK_FALSE(each->timeline);
}

TEST_CASE("a branch that is made again leaves the nearest ancestor that is still known, with all that was done since") {
  Session session = quiet_failover();
  struct Seen {
    std::size_t branch;
    Time at;
    std::uint64_t digest;
  };
  std::vector<Seen> seen;
  // One below the other, every third from before its parent's own deed.
  for (int i = 0; i < 60; ++i) {
    const bool back = i % 3 == 2;
    session.go_to_time(back ? session.view_time() - 200 * kMillisecond : session.view_time() + 700 * kMillisecond);
    const std::string node = i % 2 == 0 ? "broker 2" : "broker 1";
    const std::vector<Deed> twice = {{Pause{node, {100 * kMillisecond}}, 0}, {Pause{node, {50 * kMillisecond}}, 400 * kMillisecond}};
    REQUIRE(session.act(twice) == "");
    session.go_to_time(session.view_time() + kSecond);
    seen.push_back({session.current(), session.view_time(), session.timeline().digest()});
    session.go_to_time(session.branches()[session.current()]->began);
  }
  REQUIRE_FALSE(session.branches()[seen[3].branch]->timeline);
  for (const std::size_t which : {0U, 20U, 3U, 39U, 7U, 12U, 1U, 30U, 5U, 2U}) {
    CAPTURE(which);
    session.switch_to(seen[which].branch);
    session.go_to_time(seen[which].at);
    CHECK(session.timeline().digest() == seen[which].digest);
    Timeline anew = timeline_of(as_scenario(*session.branches()[session.current()], "anew"));
    anew.seek_time(seen[which].at);
    CHECK(anew.digest() == seen[which].digest);
  }
}
