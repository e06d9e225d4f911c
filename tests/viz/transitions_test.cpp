// How what happens is shown: transitions by the facts of real runs, and the way back.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/read.h"
#include "sim/session/transitions.h"
#include "tests/viz/desk.h"
#include "viz/panels/stage_motion.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

Motion playing(Duration pace = kSecond) {
  Motion motion;
  motion.moving = true;
  motion.pace = pace;
  return motion;
}

// The facts of a kind, in order.
template <class F>
std::vector<Fact> facts_of(const Session& session) {
  std::vector<Fact> all;
  for (const Fact& each : session.timeline().facts()) {
    if (each.body.is<F>()) all.push_back(each);
  }
  return all;
}

std::vector<Transition> of_kind(const std::vector<Transition>& all, TransitionKind kind) {
  std::vector<Transition> some;
  std::copy_if(all.begin(), all.end(), std::back_inserter(some), [&](const Transition& each) { return each.kind == kind; });
  return some;
}

// The transitions of one kind right after a fact, or some time later.
std::vector<Transition> after(Session& session, const Fact& fact, TransitionKind kind, Duration later, const Motion& motion) {
  if (later == 0) session.go_to(fact.step + 1, fact.at);
  else session.go_to_time(fact.at + later);
  std::vector<Transition> found = of_kind(transitions(session.timeline(), session.view_time(), motion), kind);
  found.erase(std::remove_if(found.begin(), found.end(), [&](const Transition& each) { return each.step != fact.step; }),
              found.end());
  return found;
}

// Leaderships that went over from one broker to another: the new one is in office.
std::vector<Fact> handovers(const Session& session) {
  std::vector<Fact> all = facts_of<LeaderTookOffice>(session);
  const auto is_first = [](const Fact& each) { return each.body.as<LeaderTookOffice>()->leader_epoch == 0; };
  all.erase(std::remove_if(all.begin(), all.end(), is_first), all.end());
  return all;
}

template <class F>
void check_course(const std::string& name, TransitionKind kind) {
  Session session(lesson(name));
  const std::vector<Fact> facts = kind == TransitionKind::crown ? handovers(session) : facts_of<F>(session);
  REQUIRE_MESSAGE(!facts.empty(), name);
  for (std::size_t i = 0; i < std::min<std::size_t>(facts.size(), 3); ++i) {
    const Duration whole = shown(stated(kind, false), kSecond);
    const std::vector<Transition> begins = after(session, facts[i], kind, 0, playing());
    REQUIRE_MESSAGE(!begins.empty(), name, " ", static_cast<int>(kind));
    CHECK(begins.front().progress == 0);
    CHECK(begins.front().eased == 0);
    float before = 0;
    for (int part = 1; part < 10; ++part) {
      const std::vector<Transition> found = after(session, facts[i], kind, whole * part / 10, playing());
      REQUIRE_FALSE(found.empty());
      CHECK(found.front().progress == doctest::Approx(part / 10.0).epsilon(0.01));
      CHECK(found.front().eased >= before);
      before = found.front().eased;
      CHECK(before <= 1);
    }
    CHECK(after(session, facts[i], kind, whole, playing()).empty());
  }
}

}  // namespace

TEST_CASE("a transition is 0 at its fact, grows, and has come to its end after its time") {
  check_course<BatchAppended>("leader-failover", TransitionKind::append);
  check_course<HighWatermarkMoved>("leader-failover", TransitionKind::high_watermark);
  check_course<NodeCrashed>("leader-failover", TransitionKind::crashed);
  check_course<BrokerFenced>("leader-failover", TransitionKind::fenced);
  check_course<LeaderTookOffice>("leader-failover", TransitionKind::crown);
  check_course<LeaderTookOffice>("leader-failover", TransitionKind::office);
  check_course<IsrShrunk>("slow-follower", TransitionKind::isr_shrunk);
  check_course<IsrExpanded>("back-in-sync", TransitionKind::isr_expanded);
  check_course<LogTruncated>("zombie-leader", TransitionKind::truncated);
  check_course<PartitionRevoked>("four-consumers", TransitionKind::revoked);
  check_course<PartitionAssigned>("four-consumers", TransitionKind::assigned);
  check_course<RecordsDelivered>("one-consumer", TransitionKind::position);
  check_course<NodeStarted>("four-consumers", TransitionKind::joined);
  check_course<ControllerElected>("controller-failover", TransitionKind::star);
}

TEST_CASE("a transition takes 80 ms to 1.2 s of wall time, and faster than 16 times none is shown") {
  for (const Speed& speed : speeds()) {
    const Duration pace = kSecond / speed.wall * speed.simulated;
    for (int kind = 0; kind < kTransitionKinds; ++kind) {
      const Duration simulated = shown(stated(static_cast<TransitionKind>(kind), false), pace);
      if (speed.simulated > 16) {
        CHECK(simulated == 0);
        continue;
      }
      const double wall = static_cast<double>(simulated) * speed.wall / speed.simulated;
      CHECK(wall >= 79.9e6);
      CHECK(wall <= 1200.1e6);
    }
  }
}

TEST_CASE("where it was slow, what began there is shown to its end at the same pace") {
  Session session(lesson("leader-failover"));
  const Fact elected = handovers(session).front();
  Motion motion = playing();
  motion.slow = {{elected.at - kSlowAround, elected.at + kSlowAround}};
  float before = -1;
  for (Duration later = 0; later <= 240 * kMillisecond; later += 5 * kMillisecond) {
    const std::vector<Transition> crowns = after(session, elected, TransitionKind::crown, later, motion);
    const float now = crowns.empty() ? 1 : crowns.front().progress;
    CHECK(now > before);
    before = now;
  }
  CHECK(before == 1);
}

TEST_CASE("while time stands still nothing is under way, and every mark stands where the world has it") {
  for (const std::string& file : lesson_files()) {
    Session session(*load_scenario(file).scenario);
    session.know_all();
    for (const StoryLine& beat : session.beats()) {
      session.go_to(beat.position, beat.at);
      CHECK_FALSE(session.motion().moving);
      CHECK(transitions(session.timeline(), session.view_time(), session.motion()).empty());
      const Scene scene{session.world(), session.timeline()};
      for (const Broker& broker : session.world().brokers) {
        for (const Replica& replica : broker.replicas) {
          const StripMotion strip = strip_motion(scene, replica, broker.id, {replica.tp, 0, 20});
          CHECK(strip.high_watermark.at == static_cast<float>(replica.log.high_watermark()));
          CHECK(strip.log_end.at == static_cast<float>(replica.log.log_end_offset()));
          CHECK(strip.shift == 0);
        }
      }
    }
  }
}

TEST_CASE("the records that fall are those that were there a step before and are there no more") {
  Session session(lesson("zombie-leader"));
  std::size_t seen = 0;
  for (const Fact& fact : facts_of<LogTruncated>(session)) {
    const auto& cut = *fact.body.as<LogTruncated>();
    const std::vector<Transition> found = after(session, fact, TransitionKind::truncated, 0, playing());
    REQUIRE(found.size() == 1);
    session.go_to(fact.step, fact.at);
    const Log& before = session.world().find_broker(cut.broker)->replica(cut.tp)->log;
    CHECK(found[0].from == before.log_end_offset());
    REQUIRE(found[0].lost.size() == static_cast<std::size_t>(before.log_end_offset() - found[0].to));
    for (std::size_t i = 0; i < found[0].lost.size(); ++i) {
      CHECK(found[0].lost[i] == before.epoch_at(found[0].to + static_cast<Offset>(i)));
      ++seen;
    }
    session.go_to(fact.step + 1, fact.at);
    CHECK(session.world().find_broker(cut.broker)->replica(cut.tp)->log.log_end_offset() == found[0].to);
  }
  CHECK(seen >= 8);
}

TEST_CASE("as many ribbons let go as partitions are revoked, and as many grow as are assigned") {
  Session session(lesson("four-consumers"));
  const std::vector<Fact> revoked = facts_of<PartitionRevoked>(session), assigned = facts_of<PartitionAssigned>(session);
  REQUIRE(revoked.size() == 4);
  session.go_to_time(revoked.back().at + 100 * kMillisecond);
  const std::vector<Transition> all = transitions(session.timeline(), session.view_time(), playing());
  CHECK(of_kind(all, TransitionKind::revoked).size() == 4);
  std::size_t due = 0;
  for (const Fact& each : assigned) due += each.at > revoked.back().at - 250 * kMillisecond && each.at <= session.view_time();
  CHECK(of_kind(all, TransitionKind::assigned).size() == due);
  CHECK(due == 4);
}

TEST_CASE("a committed offset slides from the one that was committed before, when its member hears of it") {
  Session session(lesson("one-consumer"));
  std::size_t seen = 0;
  for (Step step = 0; step < session.end(); ++step) {
    const StepRecord record = session.timeline().record_of(step);
    if (record.event != EventKind::deliver || record.message != number_of<OffsetCommitResponse>()) continue;
    const auto committed = [&](Step position) {
      session.go_to(position, record.at);
      const std::vector<OwnedPartition>& owned = session.world().consumers.front().owned;
      return owned.empty() ? Offset{-1} : owned.front().committed;
    };
    const Offset before = committed(step), now = committed(step + 1);
    if (before < 0 || before == now) continue;
    const std::vector<Transition> found =
        of_kind(transitions(session.timeline(), session.view_time(), playing()), TransitionKind::committed);
    REQUIRE_FALSE(found.empty());
    CHECK(found.front().from == before);
    CHECK(found.front().to == now);
    ++seen;
  }
  CHECK(seen >= 1);
}

TEST_CASE("a step is shown to its end while view time stands, and then nothing is under way") {
  Session session(lesson("leader-failover"));
  session.go_to(facts_of<NodeCrashed>(session).front().step, 12 * kSecond);
  session.obey({CommandName::step, 0});
  CHECK_FALSE(session.motion().moving);
  const Time at = session.view_time();
  float before = -1;
  for (int frame = 0; frame < 20; ++frame) {
    session.pass(16 * kMillisecond);
    CHECK(session.view_time() == at);
    const auto found = of_kind(transitions(session.timeline(), at, session.motion()), TransitionKind::crashed);
    const float now = found.empty() ? 1 : found.front().progress;
    CHECK(now >= before);
    before = now;
  }
  CHECK(before == 1);
  for (int frame = 0; frame < 80; ++frame) session.pass(16 * kMillisecond);
  CHECK_FALSE(session.motion().moving);
}

TEST_CASE("what stood at its end does not begin anew when playing goes on") {
  Session session(lesson("leader-failover"));
  const Fact crash = facts_of<NodeCrashed>(session).front();
  session.go_to(crash.step + 1, crash.at);
  session.obey({CommandName::play_pause, 0});
  session.pass(16 * kMillisecond);
  REQUIRE(session.motion().moving);
  const auto all = transitions(session.timeline(), session.view_time(), session.motion());
  CHECK(of_kind(all, TransitionKind::crashed).empty());
}

TEST_CASE("the way back takes at most 600 ms, runs backwards, and ends in the world that stood there") {
  for (const CommandName command : {CommandName::step_back, CommandName::previous_moment}) {
    Session shown(lesson("leader-failover")), jumped(lesson("leader-failover"));
    for (const Time from : {13 * kSecond, 21 * kSecond, 33 * kSecond}) {
      for (Session* each : {&shown, &jumped}) {
        each->go_to_time(from);
        each->obey({command, 0});
      }
      const std::uint64_t digest = jumped.timeline().digest();
      CHECK(shown.timeline().digest() == digest);
      CHECK(shown.rewinding());
      const std::string caption = jumped.caption();
      Time before = from;
      Duration wall = 0;
      while (shown.rewinding()) {
        shown.pass(16 * kMillisecond);
        wall += 16 * kMillisecond;
        CHECK(shown.view_time() <= before);
        CHECK(shown.view_time() >= jumped.view_time());
        CHECK(shown.caption() == caption);
        before = shown.view_time();
        REQUIRE(wall <= 616 * kMillisecond);
      }
      CHECK(shown.timeline().digest() == digest);
      CHECK(shown.timeline().position() == jumped.timeline().position());
      CHECK(shown.view_time() == jumped.view_time());
      CHECK(shown.told() == jumped.told());
      CHECK_FALSE(shown.motion().moving);
    }
  }
}

TEST_CASE("a key on the way back acts from where it ends") {
  Session session(lesson("leader-failover"));
  session.go_to_time(21 * kSecond);
  session.obey({CommandName::previous_moment, 0});
  const Step target = session.timeline().position();
  for (int frame = 0; frame < 5; ++frame) session.pass(16 * kMillisecond);
  REQUIRE(session.rewinding());
  session.obey({CommandName::step, 0});
  CHECK(session.timeline().position() == target + 1);
  CHECK_FALSE(session.rewinding());
}

TEST_CASE("with reduced motion everything fades within 120 ms") {
  for (int kind = 0; kind < kTransitionKinds; ++kind)
    CHECK(stated(static_cast<TransitionKind>(kind), true) == 120 * kMillisecond);
  Desk desk(lesson("leader-failover"));
  desk.type(U'm', true);
  CHECK(desk.room().reduced_motion);
  CHECK(motion_of(desk.session(), desk.room()).reduced);
}
