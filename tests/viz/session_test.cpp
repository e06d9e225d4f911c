// What commands and passing time do to where a session stands.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/scenario/effect.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

void asks(Session& session, CommandName name, std::int64_t value = 0) { CHECK(session.obey({name, value})); }

// Time goes by in frames of 20 ms.
void wait(Session& session, Duration wall) {
  for (; wall > 0; wall -= 20 * kMillisecond) session.pass(20 * kMillisecond);
}

// On to the next beat, however far it is.
void next_beat(Session& session) {
  asks(session, CommandName::next);
  if (session.gliding()) asks(session, CommandName::next);
}

// On to the question, which is answered: from there on, nothing that leads past it stops at it.
void pass_question(Session& session) {
  next_beat(session);
  REQUIRE(session.asking());
  asks(session, CommandName::reveal);
}

template <class F>
bool just_happened(const Session& session) {
  if (session.timeline().position() == 0) return false;
  const auto [first, last] = session.timeline().facts_of(session.timeline().position() - 1);
  for (std::size_t i = first; i < last; ++i) {
    if (session.timeline().facts()[i].body.is<F>()) return true;
  }
  return false;
}

// Such a fact has happened just now, and what it names can be seen.
template <class F>
bool is_seen(const Session& session) {
  const Facts& facts = session.timeline().facts();
  for (const Fact& each : facts) {
    if (each.step >= session.timeline().position()) break;
    const bool now = each.at + kLongestEffect > session.view_time() && each.body.is<F>();
    if (now && has_taken_effect(each.body, session.world())) return true;
  }
  return false;
}

// All questions have been answered, and it stands at its opening again.
void answer_all(Session& session) {
  session.know_all();
  session.go_to_beat(session.beats().size() - 1);
  if (session.asking()) asks(session, CommandName::reveal);
  session.go_to_time(session.scenario().opens);
}

}  // namespace

TEST_CASE("a session opens where its lesson does, paused") {
  Session session(lesson("leader-failover"));
  CHECK(session.view_time() == 8 * kSecond);
  CHECK_FALSE(session.playing());
  CHECK_FALSE(session.at_end());
  CHECK(session.beats().size() == 8);
  CHECK(session.told() == 1);
  CHECK(session.caption().find("The partition orders-0 has three replicas.") == 0);
}

TEST_CASE("next goes from beat to beat in order, and then the lesson is over") {
  Session session(small_failover());
  CHECK(session.told() == 1);
  CHECK(session.beat()->text == "Broker 1 leads.");
  next_beat(session);
  CHECK(session.beat()->text == "Who leads in the end?");
  CHECK(session.asking());
  CHECK(session.view_time() == 4 * kSecond);
  asks(session, CommandName::next);
  CHECK_FALSE(session.asking());
  CHECK(session.given(1) == Session::kSkipped);
  next_beat(session);
  CHECK(session.beat()->text == "Broker 2 has taken over.");
  CHECK(just_happened<LeaderTookOffice>(session));
  // What is left of the run is no part of the lesson: nobody is led through it.
  session.know_all();
  CHECK(session.over());
  const Step before = session.timeline().position();
  asks(session, CommandName::next);
  CHECK(session.timeline().position() == before);
  asks(session, CommandName::end);
  CHECK(session.at_end());
}

TEST_CASE("back returns to the beat that stands, then to the one before, then to the opening") {
  Session session(lesson("leader-failover"));
  next_beat(session);
  asks(session, CommandName::reveal);
  next_beat(session);
  REQUIRE(session.told() == 3);
  const std::uint64_t third = session.timeline().digest();
  asks(session, CommandName::step);
  asks(session, CommandName::back);
  CHECK(session.told() == 3);
  CHECK(session.timeline().digest() == third);
  asks(session, CommandName::back);
  CHECK(session.told() == 2);
  CHECK(session.view_time() == 12 * kSecond);
  asks(session, CommandName::back);
  CHECK(session.told() == 1);
  asks(session, CommandName::back);
  CHECK(session.view_time() == 8 * kSecond);
}

TEST_CASE("a glide takes at most 2.5 s of wall time and lands on the beat") {
  Session session(lesson("leader-failover"));
  asks(session, CommandName::next);
  CHECK(session.gliding());
  Time before = session.view_time();
  for (int i = 0; i < 50 && session.gliding(); ++i) {
    session.pass(50 * kMillisecond);
    CHECK(session.view_time() >= before);
    before = session.view_time();
  }
  CHECK_FALSE(session.gliding());
  CHECK(session.told() == 2);
  CHECK(session.view_time() == 12 * kSecond);
}

TEST_CASE("playing passes as much time as the clock, times the speed, and waits at a question") {
  Session session(lesson("leader-failover"));
  asks(session, CommandName::play_pause);
  CHECK(session.playing());
  wait(session, kSecond);
  CHECK(session.view_time() == 9 * kSecond);
  asks(session, CommandName::faster);
  CHECK(std::string(session.speed().text) == "2");
  wait(session, kSecond);
  CHECK(session.view_time() == 11 * kSecond);
  asks(session, CommandName::play_pause);
  wait(session, kSecond);
  CHECK(session.view_time() == 11 * kSecond);
  asks(session, CommandName::play_pause);
  wait(session, 3 * kSecond);
  CHECK(session.asking());
  CHECK_FALSE(session.playing());
  CHECK(session.view_time() == 12 * kSecond);
}

TEST_CASE("the slowest speed loses no time to rounding") {
  Session session(lesson("leader-failover"));
  for (std::size_t i = 0; i < speeds().size(); ++i) asks(session, CommandName::slower);
  CHECK(std::string(session.speed().text) == "1/1000");
  asks(session, CommandName::play_pause);
  for (int i = 0; i < 3000; ++i) session.pass(333'333);
  CHECK(session.view_time() - 8 * kSecond == 999'999);
}

TEST_CASE("a step and a step back return to the same world, anywhere") {
  Session session(lesson("leader-failover"));
  pass_question(session);
  for (Time at : {8 * kSecond, 11 * kSecond, 20 * kSecond, 33 * kSecond}) {
    asks(session, CommandName::go_to_time, at);
    const Step position = session.timeline().position();
    const std::uint64_t before = session.timeline().digest();
    asks(session, CommandName::step);
    CHECK(session.timeline().position() == position + 1);
    CHECK(session.timeline().digest() != before);
    asks(session, CommandName::step_back);
    CHECK(session.timeline().position() == position);
    CHECK(session.timeline().digest() == before);
  }
}

TEST_CASE("going back and forth gives the same world as going there once") {
  Session there(lesson("leader-failover")), and_back(lesson("leader-failover"));
  there.go_to_time(25 * kSecond);
  for (Time at : {40, 9, 31, 25}) and_back.go_to_time(at * kSecond);
  CHECK(and_back.timeline().digest() == there.timeline().digest());
  CHECK(and_back.told() == there.told());
  CHECK(and_back.caption() == there.caption());
}

TEST_CASE("moments are told facts: forth finds the next, back the one before") {
  Session session(lesson("leader-failover"));
  session.go_to_time(13 * kSecond);
  asks(session, CommandName::next_moment);
  CHECK(is_seen<BrokerFenced>(session));
  const Step fenced = session.timeline().position();
  asks(session, CommandName::next_moment);
  CHECK(session.timeline().position() > fenced);
  asks(session, CommandName::previous_moment);
  CHECK(session.timeline().position() == fenced);
}

TEST_CASE("run until stops right after such a fact, or says that there is none") {
  Session failover(lesson("leader-failover"));
  const auto until = [](Session& session, Until what) { asks(session, CommandName::run_until, static_cast<std::int64_t>(what)); };
  // Nothing leads past a question that nobody has answered.
  until(failover, Until::leader_change);
  CHECK(failover.asking());
  CHECK(failover.view_time() == 12 * kSecond);
  answer_all(failover);
  until(failover, Until::leader_change);
  CHECK(just_happened<LeaderTookOffice>(failover));
  CHECK(failover.landing()->skipped > 8 * kSecond);
  failover.go_to_time(8 * kSecond);
  until(failover, Until::isr_change);
  CHECK((is_seen<IsrShrunk>(failover) || is_seen<IsrExpanded>(failover)));
  const Step here = failover.timeline().position();
  until(failover, Until::promise_broken);
  CHECK(failover.timeline().position() == here);
  CHECK(failover.landing()->what.find("no promise broken") == 0);
  Session group(lesson("two-consumers"));
  group.go_to_time(0);
  until(group, Until::group_stable);
  CHECK(is_seen<GroupStable>(group));
  Session loss(lesson("unclean-election"));
  answer_all(loss);
  until(loss, Until::promise_broken);
  CHECK(just_happened<PromiseBroken>(loss));
}

TEST_CASE("run until lag 0 stops when every position has reached the high watermark, or says that it never does") {
  Session session(lesson("leader-failover"));
  session.go_to_time(15 * kSecond);
  asks(session, CommandName::run_until, static_cast<std::int64_t>(Until::lag_zero));
  std::size_t owned = 0;
  for (const Consumer& consumer : session.world().consumers) {
    for (const OwnedPartition& each : consumer.owned) {
      ++owned;
      CHECK(each.position >= each.high_watermark);
    }
  }
  CHECK(owned == 1);
  Session nobody(small_failover());
  const Step before = nobody.timeline().position();
  asks(nobody, CommandName::run_until, static_cast<std::int64_t>(Until::lag_zero));
  CHECK(nobody.timeline().position() == before);
  REQUIRE(nobody.landing());
  CHECK(nobody.landing()->what.find("no lag 0") == 0);
}

TEST_CASE("an answer is kept, the first one counts, and a choice that is not there is none") {
  Session session(small_failover());
  next_beat(session);
  REQUIRE(session.asking());
  asks(session, CommandName::answer, 3);
  CHECK(session.asking());
  asks(session, CommandName::answer, 0);
  CHECK(session.given(1) == 0);
  asks(session, CommandName::answer, 1);
  CHECK(session.given(1) == 0);
  CHECK(session.beat()->answer == 1);
}

TEST_CASE("while a question stands nothing goes beyond it, and back is free") {
  Session session(small_failover());
  next_beat(session);
  REQUIRE(session.asking());
  const Step position = session.timeline().position();
  for (CommandName name : {CommandName::step, CommandName::next_moment, CommandName::end, CommandName::run_until}) {
    asks(session, name);
    CHECK(session.timeline().position() == position);
    CHECK(session.asking());
  }
  asks(session, CommandName::go_to_time, 10 * kSecond);
  asks(session, CommandName::go_to_step, static_cast<std::int64_t>(position + 5));
  CHECK(session.timeline().position() == position);
  asks(session, CommandName::step_back);
  CHECK(session.timeline().position() == position - 1);
  asks(session, CommandName::go_to_time, 2 * kSecond);
  CHECK(session.view_time() == 2 * kSecond);
  CHECK(session.told() == 0);
}

TEST_CASE("playing at the end begins again at the opening") {
  Session session(small_failover());
  pass_question(session);
  asks(session, CommandName::end);
  REQUIRE(session.at_end());
  asks(session, CommandName::play_pause);
  asks(session, CommandName::play_pause);
  CHECK(session.view_time() == 2 * kSecond);
}
