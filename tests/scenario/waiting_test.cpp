// Actions that wait for a fact: a run with them is the run of a script with the times that they found, however the timeline
// is gone about.
#include <doctest/doctest.h>

#include <algorithm>

#include "sim/core/digest.h"
#include "sim/scenario/check.h"
#include "sim/scenario/share.h"
#include "sim/scenario/write.h"
#include "tests/scenario/scenario_texts.h"

namespace nutshell {
namespace {

Scenario read(const std::string& script, const std::string& more = "") {
  const LoadResult result = parse_scenario(R"({
    "title": "t", "until": "32s",
    "cluster": {"config": {"offsets.topic.num.partitions": 1}},
    "topics": [{"name": "orders", "assignment": [[1, 2, 3]]}],
    "producers": [{"name": "shop", "topic": "orders", "every": "250ms"}],
    "consumers": [{"name": "c1", "group": "g", "topics": ["orders"]}],
    "script": [)" + script + "]" + more + "}", "waiting.json");
  REQUIRE_MESSAGE(result.scenario, to_text(result.problems));
  return *result.scenario;
}

// The leader dies as soon as it is known; whoever follows it dies a while after taking office; the first one returns when
// the second death is noticed.
const char* const kChain = R"(
  {"at": "12s", "do": "crash", "node": "leader of orders-0"},
  {"when": {"fact": "leader_elected", "where": {"topic": "orders"}, "after": "200ms"}, "do": "crash", "node": "leader of orders-0"},
  {"when": {"fact": "broker_fenced", "nth": 2}, "do": "start", "node": "broker 1"},
  {"when": {"fact": "node_started", "where": {"node": "broker 1"}, "nth": 2, "after": "1s"},
   "do": "send", "producer": "shop", "count": 3})";

Timeline run(const Scenario& scenario, TimelineOptions options = {}) {
  Timeline timeline(scenario.setup, scenario.script, options);
  run_to(timeline, scenario.until);
  return timeline;
}

Time first(const Timeline& run, const std::string& fact, std::int64_t nth = 1) {
  const std::size_t found = find_fact({fact, {}, nth}, run.facts(), 0, run.facts().size(), WorldNamer(run.world()));
  REQUIRE(found < run.facts().size());
  return run.facts()[found].at;
}

}  // namespace

TEST_CASE("an action is done so long after the fact that it waits for") {
  const Timeline done = run(read(kChain));
  REQUIRE(done.waiting().empty());
  REQUIRE(done.script().size() == 4);
  CHECK(done.script()[1].at == first(done, "leader_elected") + 200 * kMillisecond);
  CHECK(first(done, "node_crashed", 2) == done.script()[1].at);
  CHECK(done.script()[2].at == first(done, "broker_fenced", 2) + 1);  // at once: a nanosecond after that moment
  CHECK(done.script()[3].at == done.script()[2].at + kSecond);
}

TEST_CASE("the run is that of a script with the times that were found") {
  const Timeline done = run(read(kChain));
  std::vector<Action> timed = done.script();
  for (Action& each : timed) each.when.reset();
  Timeline again(done.setup(), timed);
  run_to(again, 32 * kSecond);
  CHECK(again.digest() == done.digest());
  CHECK(again.position() == done.position());
}

TEST_CASE("going back and forth, from any checkpoint, changes nothing") {
  const Scenario scenario = read(kChain);
  const std::uint64_t digest = run(scenario).digest();
  TimelineOptions often;
  often.checkpoint_every = 64;
  often.memory_budget = 4u << 20;
  Timeline timeline = run(scenario, often);
  const Step end = timeline.position();
  CHECK(timeline.digest() == digest);
  for (Step at : {end / 2, end - 1, end / 3, Step{1}, end * 3 / 4, end}) {
    REQUIRE(timeline.seek(at));
    run_to(timeline, scenario.until);
    CHECK(timeline.digest() == digest);
  }
  for (int i = 0; i < 50; ++i) REQUIRE(timeline.step_back());
  run_to(timeline, scenario.until);
  CHECK(timeline.digest() == digest);
}

TEST_CASE("a fork waits again for what has not happened yet, and finds the same times") {
  const Scenario scenario = read(kChain);
  Timeline timeline = run(scenario);
  const std::uint64_t digest = timeline.digest();
  for (Duration from : {5 * kSecond, 12 * kSecond, first(timeline, "leader_elected") - 1, first(timeline, "leader_elected"),
                        first(timeline, "broker_fenced", 2), 31 * kSecond}) {
    timeline.seek_time(from);
    Timeline fork = timeline.fork();
    const std::size_t due = static_cast<std::size_t>(std::count_if(fork.script().begin(), fork.script().end(), [](const Action& each) {
      return each.when.has_value();
    }));
    CHECK(due + fork.waiting().size() == 3);
    run_to(fork, scenario.until);
    CHECK(fork.waiting().empty());
    CHECK(fork.digest() == digest);
  }
}

TEST_CASE("acting before the fact moves what waits for it; what was due stays due") {
  const Scenario scenario = read(kChain);
  Timeline timeline = run(scenario);
  const Time elected = first(timeline, "leader_elected");
  timeline.seek_time(11 * kSecond);
  Timeline sooner = timeline.fork();
  REQUIRE(sooner.act(Crash{"broker 1"}) == "");
  run_to(sooner, scenario.until);
  CHECK(first(sooner, "leader_elected") < elected);
  CHECK(first(sooner, "node_crashed", 2) == first(sooner, "leader_elected") + 200 * kMillisecond);
  timeline.seek_time(elected + 100 * kMillisecond);
  Timeline between = timeline.fork();
  REQUIRE(between.act(Pause{"c1", {}}) == "");
  run_to(between, scenario.until);
  CHECK(first(between, "node_crashed", 2) == elected + 200 * kMillisecond);
  // What was clicked replays from its script.
  Timeline replayed(between.setup(), between.script());
  run_to(replayed, scenario.until);
  CHECK(replayed.digest() == between.digest());
}

TEST_CASE("it survives tuning: another session time-out moves what waits for its end") {
  Scenario scenario = read(kChain);
  const Time before = first(run(scenario), "node_crashed", 2);
  scenario.setup.config.broker_session_timeout = 6 * kSecond;
  const Time after = first(run(scenario), "node_crashed", 2);
  CHECK(after < before);
  CHECK(after > before - 4 * kSecond);
}

TEST_CASE("deeds of a share code come between") {
  const Scenario scenario = read(kChain);
  const Scenario with = with_deeds(scenario, {{12500 * kMillisecond, Pause{"c1", {}}}});
  const Timeline played = run(with);
  CHECK(played.waiting().empty());
  CHECK(played.script().size() == 5);
  Timeline live(scenario.setup, scenario.script);
  live.seek_time(12499 * kMillisecond);
  REQUIRE(live.act(Pause{"c1", {}}, 12500 * kMillisecond) == "");
  run_to(live, 32 * kSecond);
  CHECK(live.digest() == played.digest());
  Share share;
  share.name = "own";
  share.text = short_text(scenario);
  const ShareResult read_back = read_share_code(share_code(share));
  REQUIRE(read_back.share);
  const LoadResult loaded = parse_scenario(read_back.share->text, "own");
  REQUIRE_MESSAGE(loaded.scenario, to_text(loaded.problems));
  CHECK(run(*loaded.scenario).digest() == run(scenario).digest());
}

TEST_CASE("an action that waits in vain fails the check") {
  const auto failures = [](const std::string& script) {
    std::string text;
    for (const std::string& each : check_scenario(read(script)).failures) text += each + "\n";
    return text;
  };
  CHECK(failures(R"({"when": {"fact": "node_crashed"}, "do": "start", "node": "broker 1"})") ==
        "waiting.json: the action 'start' is never done: it waits for node_crashed, which does not happen\n");
  CHECK(failures(R"({"at": "20s", "do": "pause", "node": "c1"},
                    {"when": {"fact": "node_paused", "after": "30s"}, "do": "resume", "node": "c1"})")
            .find("and its time comes after the end") != std::string::npos);
  CHECK(failures(R"({"at": "20s", "do": "pause", "node": "c1"},
                    {"when": {"fact": "node_paused", "after": "3s"}, "do": "resume", "node": "c1"})") == "");
}

TEST_CASE("a puzzle's solution may wait as well") {
  const std::string puzzle = R"(, "goals": [{"text": "Lead from broker 2, then from broker 3", "if":
      {"happens": "leader_elected", "where": {"topic": "orders", "leader": 3}}}],
    "solution": [{"at": "11s", "do": "crash", "node": "leader of orders-0"},
                 {"when": {"fact": "leader_took_office", "where": {"broker": 2, "topic": "orders"}, "after": "1s"}, "do": "crash",
                  "node": "broker 2"}])";
  const Verdict verdict = check_scenario(read("", puzzle));
  for (const std::string& each : verdict.failures) INFO(each);
  CHECK(verdict.passed);
}

TEST_CASE("what is wrong with waiting is told at its place") {
  const auto script = [](const std::string& action) { return mistake(small_cluster("\"script\": [" + action + "]")); };
  const auto when = [&](const std::string& text) {
    return script(R"({"do": "crash", "node": "broker 1", "when": )" + text + "}");
  };
  CHECK(script(R"({"do": "crash", "node": "broker 1"})").find("needs \"at\", a time, or \"when\"") != std::string::npos);
  CHECK(script(R"({"at": "1s", "do": "crash", "node": "broker 1", "when": {"fact": "node_started"}})").find("cannot stand beside \"at\"") !=
        std::string::npos);
  CHECK(when(R"({"fact": "node_startd"})")
            .find("script[0].when.fact: there is no fact named 'node_startd'; did you mean 'node_started'?") !=
        std::string::npos);
  CHECK(when("{}").find("script[0].when: needs \"fact\"") != std::string::npos);
  CHECK(when(R"({"fact": "node_started", "where": {"node": "broker 9"}})").find("script[0].when.where.node: there is no node named") !=
        std::string::npos);
  CHECK(when(R"({"fact": "node_started", "after": "20"})").find("script[0].when.after: is no duration") != std::string::npos);
  CHECK(when(R"({"fact": "node_started", "aftr": "2s"})").find("script[0].when.aftr: is not a known key here; did you mean 'after'?") !=
        std::string::npos);
  // What another action creates may be waited for, and what this one creates may be spoken of.
  CHECK(mistakes(small_cluster(R"("script": [
      {"when": {"fact": "topic_created", "where": {"topic": "orders"}}, "do": "create_topic", "topic": "late"},
      {"at": "9s", "do": "add_producer", "producer": "p2", "topic": "late", "every": "1s"},
      {"when": {"fact": "records_sent", "where": {"producer": "p2"}}, "do": "stop", "node": "p2"}])"))
            .empty());
}

}  // namespace nutshell
