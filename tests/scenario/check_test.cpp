// Scenarios are judged: what has to come about does, what does not is told with what was seen instead.
#include "sim/scenario/check.h"

#include <doctest/doctest.h>

#include "sim/scenario/beats.h"
#include "sim/scenario/evaluate.h"
#include "sim/scenario/story.h"
#include "sim/scenario/transcript.h"
#include "tests/scenario/scenario_texts.h"

namespace nutshell {
namespace {

// Three brokers, one partition led by broker 1, which dies at 12 s.
Scenario failover(const std::string& more) {
  const LoadResult result = parse_scenario(R"({
    "title": "Ausfall", "until": "30s", "opens": "10s",
    "topics": [{"name": "orders", "assignment": [[1, 2, 3]]}],
    "producers": [{"name": "shop", "topic": "orders", "every": "500ms"}],
    "script": [{"at": "12s", "do": "crash", "node": "broker 1"}]
    )" + more + "}",
                                           "failover.json");
  REQUIRE_MESSAGE(result.scenario, to_text(result.problems));
  return *result.scenario;
}

// What is wrong when only this is expected; empty: nothing.
std::string failure(const std::string& expectation) {
  const Verdict verdict = check_scenario(failover(", \"expect\": [" + expectation + "]"));
  CHECK(verdict.expectations == 1);
  CHECK(verdict.passed == verdict.failures.empty());
  return verdict.failures.empty() ? "" : verdict.failures[0];
}

}  // namespace

TEST_CASE("expectations about facts: that they happen, when, how often, and never") {
  CHECK(failure(R"({"happens": "broker_fenced", "where": {"broker": 1}})") == "");
  CHECK(
      failure(
          R"({"happens": "broker_fenced", "where": {"broker": 1}, "within": "10s", "of": {"happens": "node_crashed"}})") ==
      "");
  CHECK(failure(R"({"happens": "node_crashed", "after": "12s", "before": "12s", "times": 1})") == "");
  CHECK(failure(R"({"never": "node_crashed", "after": "13s"})") == "");
  CHECK(has_words(failure(R"({"never": "node_crashed"})"), "node_crashed happens once, not 0; it happens at 12.000s"));
  CHECK(has_words(failure(R"({"happens": "node_crashed", "times": 2})"), "happens once, not 2"));
  CHECK(has_words(failure(R"({"happens": "broker_fenced", "where": {"broker": 2}})"),
                 "broker_fenced (broker 2) never happens"));
  CHECK(has_words(failure(R"({"happens": "broker_fenced", "within": "3s", "of": {"happens": "node_crashed"}})"),
                 "until 3.000s after node_crashed"));
  CHECK(has_words(failure(R"({"happens": "broker_fenced", "within": "3s", "of": {"happens": "node_paused"}})"),
                 "node_paused never happens, so nothing can be counted from it"));
}

TEST_CASE("expectations about values: at the end, at a time, after a fact") {
  CHECK(failure(R"({"value": "topics/orders/0/Leader", "equals": 2})") == "");
  CHECK(failure(R"({"value": "topics/orders/0/Leader", "equals": "1", "at": "11s"})") == "");
  CHECK(failure(R"({"value": "topics/orders/0/Leader", "equals": 1, "at": {"happens": "node_crashed"}})") == "");
  CHECK(failure(R"({"value": "topics/orders/0/Leader", "at_least": 2, "at_most": 3})") == "");
  CHECK(has_words(failure(R"({"value": "topics/orders/0/Leader", "equals": 3})"), "topics/orders/0/Leader is 2, not 3"));
  CHECK(has_words(failure(R"({"value": "topics/orders/0/Leader", "at_least": 3})"), "is 2, less than 3"));
  CHECK(has_words(failure(R"({"value": "topics/orders/0/Isr", "at_least": 3})"), "is 2,3, no number"));
  CHECK(failure(R"({"value": "topics/orders/0/Isr", "equals": "3,2"})") == "");  // a set
  CHECK(has_words(failure(R"({"value": "topics/orders/0/Isr", "equals": "2,3,1"})"), "is 2,3, not 2,3,1"));
  CHECK(has_words(failure(R"({"value": "topics/orders/0/Leader", "equals": 3, "at": {"happens": "node_paused"}})"),
                 "node_paused never happens"));
}

TEST_CASE("promises that break unannounced fail a scenario, and so do announced ones that hold") {
  CHECK(failure(R"({"holds": "acked_records_survive"})") == "");
  CHECK(failure(R"({"breaks": "acked_records_survive"})") ==
        "failover.json:6: promise acked_records_survive holds to the end");
}

TEST_CASE("a run that never ends is given up") {
  const Verdict verdict = check_scenario(failover(""), {1000});
  CHECK_FALSE(verdict.passed);
  CHECK(verdict.steps == 1000);
  REQUIRE(verdict.failures.size() == 1);
  CHECK(has_words(verdict.failures[0], "needs more than 1000 steps"));
}

TEST_CASE("beats fire in their order, each looking for its fact from the one before on") {
  const Scenario scenario = failover(R"(, "beats": [
    {"at": "10s", "say": "first"},
    {"on": "node_crashed", "say": "second"},
    {"on": "leader_elected", "where": {"topic": "orders"}, "say": "third"},
    {"at": "11s", "say": "too late, so at once"},
    {"on": "node_crashed", "say": "never"},
    {"at": "29s", "say": "waits for the one before"}])");
  Timeline timeline = timeline_of(scenario);
  CHECK(fire_beats(scenario, timeline).empty());
  REQUIRE(run_to(timeline, scenario.until));
  const std::vector<FiredBeat> fired = fire_beats(scenario, timeline);
  REQUIRE(fired.size() == 4);
  CHECK(fired[0].at == 10 * kSecond);
  CHECK(fired[1].at == 12 * kSecond);
  CHECK(fired[2].at > 20 * kSecond);
  CHECK(fired[3].at == fired[2].at);
  CHECK(timeline.record_of(fired[0].position).at >= 10 * kSecond);
  CHECK(timeline.record_of(fired[0].position - 1).at < 10 * kSecond);

  timeline.seek_time(15 * kSecond);
  CHECK(fire_beats(scenario, timeline).size() == 2);  // the future is known, but not told

  const Verdict verdict = check_scenario(scenario);
  REQUIRE(verdict.failures.size() == 1);
  CHECK(has_words(verdict.failures[0], "the beat never fires: it waits for node_crashed"));
}

TEST_CASE("a question has exactly one right answer, worked out by running ahead") {
  const std::string right = R"({"say": "two", "if": {"value": "topics/orders/0/Leader", "equals": 2}})";
  const std::string wrong = R"({"say": "three", "if": {"value": "topics/orders/0/Leader", "equals": 3}})";
  const auto ask = [](const std::string& choices) {
    return failover(R"(, "beats": [{"on": "node_crashed", "ask": "Who leads?", "choices": [)" + choices + "]}]");
  };
  CHECK(check_scenario(ask(wrong + ", " + right)).passed);
  CHECK(check_scenario(ask(wrong + ", " + right)).questions == 1);
  CHECK_FALSE(check_scenario(ask(right + ", " + right)).passed);
  CHECK_FALSE(check_scenario(ask(wrong + ", " + wrong)).passed);

  const Scenario scenario = ask(wrong + ", " + right);
  Timeline timeline = timeline_of(scenario, needed_facts(scenario));
  REQUIRE(run_to(timeline, scenario.until));
  bool asked = false;
  for (const StoryLine& line : tell(scenario, timeline)) {
    if (line.kind != StoryLine::Kind::ask) continue;
    asked = true;
    CHECK(line.at == 12 * kSecond);
    CHECK(line.answer == 1);
    CHECK(line.choices == std::vector<std::string>{"three", "two"});
  }
  CHECK(asked);
}

TEST_CASE("a transcript tells title, cluster, captions, causes, the end and the digest") {
  const Scenario scenario = failover(R"(, "about": "Ein Broker fällt aus.", "notes": ["Disks are fast."],
    "cluster": {"config": {"broker.session.timeout.ms": "3s"}},
    "beats": [{"on": "node_crashed", "say": "Jetzt wird es spät."}])");
  Timeline timeline = timeline_of(scenario, needed_facts(scenario));
  REQUIRE(run_to(timeline, scenario.until));
  const std::string text = transcript(scenario, timeline);
  CHECK(has_words(text, "Ausfall\n-------\n\nEin Broker fällt aus.\n"));
  CHECK(has_words(text, "Topic orders has 1 partition with 3 replicas."));
  CHECK(has_words(text, "broker.session.timeout.ms scaled to 3"));
  CHECK(has_words(text, "  - Disks are fast.\n"));
  const std::size_t killed = text.find("12.000s  Broker 1 is killed.");
  const std::size_t said = text.find("| Jetzt wird es spät.");
  const std::size_t elected = text.find("Broker 2 becomes leader of orders-0");
  REQUIRE(killed != std::string::npos);
  CHECK(killed < said);
  CHECK(said < elected);
  CHECK(elected < text.find("because at 12.000s: Broker 1 is killed.") + 2000);
  CHECK(has_words(text, "because at 12.000s: Broker 1 is killed."));
  CHECK(has_words(text, " times in all. All were kept."));
  CHECK(text.substr(text.size() - 24) == "digest " + digest_text(timeline.digest()) + "\n");

  Timeline again = timeline_of(scenario, needed_facts(scenario));
  REQUIRE(run_to(again, scenario.until));
  again.seek_time(5 * kSecond);
  REQUIRE(again.seek(timeline.position()));
  CHECK(transcript(scenario, again) == text);
}

TEST_CASE("two promises that break in one step are both told, and clients keep their names") {
  const LoadResult result = parse_scenario(R"({
    "title": "Unclean", "until": "40s",
    "topics": [{"name": "orders", "assignment": [[1, 2]], "config": {"unclean.leader.election.enable": true}}],
    "producers": [{"name": "shop", "topic": "orders"}],
    "script": [{"at": "3s", "do": "crash", "node": "broker 2"},
               {"at": "15s", "do": "send", "producer": "shop"},
               {"at": "16s", "do": "crash", "node": "broker 1"},
               {"at": "17s", "do": "start", "node": "broker 2"}]})",
                                           "unclean.json");
  REQUIRE_MESSAGE(result.scenario, to_text(result.problems));
  Timeline timeline = timeline_of(*result.scenario, needed_facts(*result.scenario));
  REQUIRE(run_to(timeline, result.scenario->until));
  std::string told;
  for (const StoryLine& line : tell(*result.scenario, timeline)) told += line.text + "\n";
  CHECK(has_words(told, "\nshop starts."));
  CHECK(has_words(told, "Broken promise \"What is committed stays committed\": "));
  CHECK(has_words(told, "Broken promise \"An acknowledged record survives\": "));
}

TEST_CASE("text is wrapped between words, by characters") {
  CHECK(wrap("aa bb cc", 5, 2) == "aa bb\n  cc");
  CHECK(wrap("ää öö üü", 5, 0) == "ää öö\nüü");
  CHECK(wrap("longer", 3, 1) == "longer");
  CHECK(wrap("a\nb", 9, 1) == "a\n b");
  CHECK(wrap("", 9, 1) == "");
}

}  // namespace nutshell
