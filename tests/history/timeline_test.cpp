// Wherever a timeline is sent, it arrives where a straight run arrives.
#include "sim/history/timeline.h"

#include <doctest/doctest.h>

#include <array>

#include "sim/core/random.h"
#include "tests/history/small_run.h"

namespace nutshell {
namespace {

// Digests after each of these positions, of a run that never looks back.
std::vector<std::uint64_t> straight_digests(const std::vector<Step>& positions) {
  Timeline timeline(scripted_setup(), crash_and_return());
  std::vector<std::uint64_t> digests;
  for (Step each : positions) {
    while (timeline.position() < each) REQUIRE(timeline.step());
    digests.push_back(timeline.digest());
  }
  return digests;
}

std::uint64_t judge_digest(const Timeline& timeline) { return digest_of(timeline.judge()); }

}  // namespace

TEST_CASE("the script is sorted by time, and equal times keep their order") {
  const std::vector<Action> script = {{3, Stop{"c1"}}, {1, Stop{"p1"}}, {3, Start{"c1"}}};
  const Timeline timeline(scripted_setup(), script);
  REQUIRE(timeline.script().size() == 3);
  CHECK(std::holds_alternative<Stop>(timeline.script()[0].body));
  CHECK(std::get<Stop>(timeline.script()[1].body).node == "c1");
  CHECK(std::holds_alternative<Start>(timeline.script()[2].body));
}

TEST_CASE("seeking anywhere equals running there") {
  const std::vector<Step> positions = {0, 1, 100, 2047, 2048, 2049, 5000, 9000};
  const std::vector<std::uint64_t> straight = straight_digests(positions);
  Timeline timeline(scripted_setup(), crash_and_return());
  for (std::uint64_t i = 0; i < 40; ++i) {
    const std::uint64_t random = draw(7, Purpose::fuzz, 1, i);
    const auto which = static_cast<std::size_t>(below(random, positions.size()));
    REQUIRE(timeline.seek(positions[which]));
    CHECK(timeline.position() == positions[which]);
    CHECK(timeline.digest() == straight[which]);
  }
}

TEST_CASE("a step back and forward again changes nothing, the judge included") {
  Timeline timeline = run_until(20 * kSecond);
  const std::uint64_t digest = timeline.digest();
  const std::uint64_t judge = judge_digest(timeline);
  const Step position = timeline.position();
  for (int i = 0; i < 50; ++i) REQUIRE(timeline.step_back());
  CHECK(timeline.position() == position - 50);
  CHECK(timeline.digest() != digest);
  CHECK(timeline.furthest() == position);
  for (int i = 0; i < 50; ++i) REQUIRE(timeline.step());
  CHECK(timeline.digest() == digest);
  CHECK(judge_digest(timeline) == judge);
}

TEST_CASE("there is nothing before the beginning") {
  Timeline timeline(scripted_setup(), {});
  CHECK_FALSE(timeline.step_back());
  REQUIRE(timeline.step());
  CHECK(timeline.step_back());
  CHECK(timeline.position() == 0);
  CHECK_FALSE(timeline.step_back());
}

TEST_CASE("seek_time goes to the end of that moment, forwards and backwards") {
  Timeline timeline = run_until(20 * kSecond);
  const std::uint64_t digest = timeline.digest();
  for (Time time : {18 * kSecond, 3 * kSecond, 12 * kSecond, Time{0}}) {
    timeline.seek_time(time);
    CHECK(timeline.now() <= time);
    REQUIRE(timeline.position() < timeline.furthest());
    CHECK(timeline.record_of(timeline.position()).at > time);
    if (timeline.position() > 0) CHECK(timeline.record_of(timeline.position() - 1).at <= time);
  }
  timeline.seek_time(20 * kSecond);
  CHECK(timeline.digest() == digest);
}

TEST_CASE("an action runs before the events of its time, and is a step of its own") {
  Timeline timeline = run_until(15 * kSecond);
  Step crash = kNoStep;
  for (Step step = 0; step < timeline.furthest(); ++step)
    if (timeline.record_of(step).action >= 0) crash = step;
  REQUIRE(crash != kNoStep);
  CHECK(timeline.record_of(crash).at == 15 * kSecond);
  CHECK(timeline.record_of(crash - 1).at < 15 * kSecond);
  CHECK(timeline.record_of(crash).cause == kNoStep);
}

TEST_CASE("a fork without a change is the original") {
  Timeline timeline = run_until(14 * kSecond);
  Timeline fork = timeline.fork();
  CHECK(fork.digest() == timeline.digest());
  timeline.seek_time(40 * kSecond);
  fork.seek_time(40 * kSecond);
  CHECK(fork.digest() == timeline.digest());
  CHECK(judge_digest(fork) == judge_digest(timeline));
  CHECK(fork.facts().size() == timeline.facts().size());
  CHECK_FALSE(first_divergence(timeline, fork).has_value());
}

TEST_CASE("work at the front goes on from there, comes back, and runs nothing that is known again") {
  Timeline straight = run_until(30 * kSecond), timeline = run_until(12 * kSecond);
  for (const Time present : {12 * kSecond, 3 * kSecond, Time{0}, 7 * kSecond}) {
    timeline.seek_time(present);
    const Step position = timeline.position(), known = timeline.furthest(), taken = timeline.taken();
    const std::uint64_t digest = timeline.digest(), judge = judge_digest(timeline);
    timeline.at_front([&] {
      CHECK(timeline.position() == known);
      for (int i = 0; i < 500; ++i) REQUIRE(timeline.step());
    });
    CHECK(timeline.taken() == taken + 500);
    CHECK(timeline.furthest() == known + 500);
    CHECK(timeline.position() == position);
    CHECK(timeline.digest() == digest);
    CHECK(judge_digest(timeline) == judge);
    Timeline there = straight.fork();
    REQUIRE(there.seek(known + 500));
    CHECK(state_digest(timeline.front_world()) == state_digest(there.world()));
  }
  // Nothing to do there: the present stays what it is.
  const Step taken = timeline.taken();
  timeline.at_front([] {});
  timeline.seek(timeline.furthest());
  CHECK(timeline.taken() == taken);
  timeline.seek_time(30 * kSecond);
  CHECK(timeline.digest() == straight.digest());
  CHECK(judge_digest(timeline) == judge_digest(straight));
  CHECK_FALSE(first_divergence(timeline, straight).has_value());
}

TEST_CASE("what lies ahead is named as it will be called, from any moment before") {
  Timeline timeline = run_until(25 * kSecond);
  const std::size_t last = timeline.facts().size() - 1;
  const std::string sentence = sentence_of_fact(timeline, last);
  timeline.seek(0);
  CHECK(sentence_of_fact(timeline, last) == sentence);
  timeline.at_front([] {});
  CHECK(sentence_of_fact(timeline, last) == sentence);
}

TEST_CASE("a fork in the past knows no future, and leaves the original alone") {
  Timeline timeline = run_until(25 * kSecond);
  const std::uint64_t digest = timeline.digest();
  const std::size_t facts = timeline.facts().size();
  timeline.seek_time(10 * kSecond);
  Timeline fork = timeline.fork();
  CHECK(fork.furthest() == fork.position());
  CHECK(fork.facts().size() < facts);
  REQUIRE(fork.act(Pause{"broker 2", {}}) == "");
  fork.seek_time(25 * kSecond);
  timeline.seek_time(25 * kSecond);
  CHECK(timeline.digest() == digest);
  CHECK(timeline.facts().size() == facts);
  CHECK(fork.digest() != digest);
}

TEST_CASE("two timelines part where the change is") {
  Timeline timeline = run_until(12 * kSecond);
  Timeline fork = timeline.fork();
  const Step parting = fork.position();
  REQUIRE(fork.act(Crash{"broker 2", false}) == "");
  timeline.seek_time(20 * kSecond);
  fork.seek_time(20 * kSecond);
  const std::optional<Divergence> divergence = first_divergence(timeline, fork);
  REQUIRE(divergence.has_value());
  CHECK(divergence->step >= parting);
  CHECK(divergence->step <= parting + 5);  // what else belonged to the moment happens first
  CHECK(divergence->right == "Broker 2 is killed.");
  CHECK(divergence->left != divergence->right);
}

TEST_CASE("what was done by hand replays from the saved script") {
  Timeline live(scripted_setup(), {});
  live.seek_time(12 * kSecond);
  REQUIRE(live.act(Cut{"broker 3", "", false}) == "");
  live.seek_time(20 * kSecond);
  REQUIRE(live.act(Crash{"c1", false}) == "");
  REQUIRE(live.act(Heal{"", ""}) == "");
  live.seek_time(30 * kSecond);
  REQUIRE(live.script().size() == 3);
  Timeline replayed(scripted_setup(), live.script());
  replayed.seek_time(30 * kSecond);
  CHECK(replayed.position() == live.position());
  CHECK(replayed.digest() == live.digest());
  CHECK_FALSE(first_divergence(live, replayed).has_value());
}

TEST_CASE("an action at the very beginning comes before everything") {
  Timeline live(scripted_setup(), {});
  REQUIRE(live.act(Slow{"broker 1", {kMillisecond}, 0}) == "");
  CHECK(live.record_of(0).action == 0);
  live.seek_time(10 * kSecond);
  Timeline replayed(scripted_setup(), live.script());
  replayed.seek_time(10 * kSecond);
  CHECK(replayed.digest() == live.digest());
}

TEST_CASE("acting in the past cuts the future off, and what was done by hand there; the script stays") {
  Timeline timeline = run_until(10 * kSecond);
  timeline.seek_time(18 * kSecond);
  REQUIRE(timeline.act(Crash{"broker 3", false}) == "");
  timeline.seek_time(25 * kSecond);
  REQUIRE(timeline.script().size() == 3);
  timeline.seek_time(12 * kSecond);
  REQUIRE(timeline.act(Pause{"broker 2", {kSecond}}) == "");
  CHECK(timeline.furthest() == timeline.position());
  REQUIRE(timeline.script().size() == 3);
  CHECK(std::holds_alternative<Pause>(timeline.script()[0].body));
  CHECK(std::holds_alternative<Crash>(timeline.script()[1].body));
  CHECK(timeline.script()[1].at == 15 * kSecond);
  CHECK(std::holds_alternative<Start>(timeline.script()[2].body));
  timeline.seek_time(25 * kSecond);
  Timeline replayed(scripted_setup(), timeline.script());
  replayed.seek_time(25 * kSecond);
  CHECK(replayed.digest() == timeline.digest());
}

TEST_CASE("an impossible action changes nothing") {
  Timeline timeline = run_until(10 * kSecond);
  const std::uint64_t digest = timeline.digest();
  CHECK(timeline.act(Crash{"broker 9", false}).find("broker 9") != std::string::npos);
  CHECK(timeline.digest() == digest);
  CHECK(timeline.script().size() == 2);
}

TEST_CASE("a small memory budget makes checkpoints sparse, and nothing else") {
  TimelineOptions tight;
  tight.checkpoint_every = 64;
  tight.memory_budget = 4 << 20;
  Timeline sparse = run_until(20 * kSecond, tight);
  Timeline usual = run_until(20 * kSecond);
  CHECK(sparse.checkpoint_spacing() > 64);
  CHECK(sparse.checkpoint_bytes() <= tight.memory_budget);
  REQUIRE(sparse.digest() == usual.digest());
  for (Step position : {Step{1}, Step{777}, Step{4000}, Step{2500}}) {
    sparse.seek(position);
    usual.seek(position);
    CHECK(sparse.digest() == usual.digest());
  }
}

TEST_CASE("facts of higher levels are not kept, and the run is the same") {
  TimelineOptions brief;
  brief.keep = FactLevel::story;
  const Timeline story = run_until(20 * kSecond, brief);
  const Timeline all = run_until(20 * kSecond);
  CHECK(story.digest() == all.digest());
  CHECK(story.facts().size() < all.facts().size());
  for (const Fact& each : story.facts()) CHECK(fact_level(each.body) == FactLevel::story);
}

TEST_CASE("facts and records of all known steps are at hand in the past") {
  Timeline timeline = run_until(20 * kSecond);
  const std::size_t facts = timeline.facts().size();
  timeline.seek(10);
  CHECK(timeline.facts().size() == facts);
  std::size_t seen = 0;
  for (Step step = 0; step < timeline.furthest(); ++step) {
    const auto [first, last] = timeline.facts_of(step);
    CHECK(first == seen);
    for (std::size_t i = first; i < last; ++i) CHECK(timeline.facts()[i].step == step);
    seen = last;
    const StepRecord record = timeline.record_of(step);
    if (record.cause != kNoStep) CHECK(record.cause < step);
  }
  CHECK(seen == facts);
}

TEST_CASE("without a judge no promise is judged, and the run is the same") {
  TimelineOptions blind;
  blind.judge = false;
  const Timeline unjudged = run_until(12 * kSecond, blind);
  const Timeline judged = run_until(12 * kSecond);
  CHECK(unjudged.digest() == judged.digest());
  CHECK(unjudged.judge().trials()[0] == 0);
  CHECK(judged.judge().trials()[0] > 0);
}

}  // namespace nutshell
