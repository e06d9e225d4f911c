// Goals: what a run meets and since when, what a bad puzzle is told, and how files hold them.
#include "sim/scenario/goals.h"

#include <doctest/doctest.h>

#include "sim/core/digest.h"
#include "sim/scenario/check.h"
#include "sim/scenario/transcript.h"
#include "sim/scenario/write.h"
#include "tests/scenario/scenario_texts.h"

namespace nutshell {
namespace {

// Three brokers, one partition led by broker 1, a shop that writes every half second.
std::string text_of(const std::string& goals, const std::string& solution, const std::string& script = "") {
  return R"({
    "title": "t", "until": "40s", "opens": "10s",
    "topics": [{"name": "orders", "assignment": [[1, 2, 3]]}],
    "producers": [{"name": "shop", "topic": "orders", "every": "500ms"}],
    "script": [)" + script + R"(],
    "goals": [)" + goals + R"(],
    "solution": [)" + solution + "]}";
}

Scenario puzzle(const std::string& goals, const std::string& solution, const std::string& script = "") {
  const LoadResult result = parse_scenario(text_of(goals, solution, script), "puzzle.json");
  REQUIRE_MESSAGE(result.scenario, to_text(result.problems));
  return *result.scenario;
}

const char* const kCrash = R"({"at": "12s", "do": "crash", "node": "broker 1"})";
const char* const kStart = R"({"at": "30s", "do": "start", "node": "broker 1"})";

std::string goal(const std::string& test) { return R"({"text": "g", "if": )" + test + "}"; }

Timeline played(const Scenario& scenario) {
  Timeline timeline = timeline_of(scenario, needed_facts(scenario));
  run_to(timeline, scenario.until);
  return timeline;
}

// What the solution makes of the only goal.
GoalState state(const std::string& test) {
  const Scenario scenario = solved(puzzle(goal(test), kCrash + std::string(", ") + kStart));
  return judge_goals(scenario, played(scenario)).at(0);
}

// The time of the first such fact in the run that the solution makes.
Time first(const std::string& fact) {
  const Scenario scenario = solved(puzzle(goal(R"({"happens": "node_crashed"})"), kCrash + std::string(", ") + kStart));
  const Timeline timeline = played(scenario);
  const std::size_t found = find_fact({fact, {}}, timeline.facts(), 0, timeline.facts().size(), WorldNamer(timeline.world()));
  return timeline.facts()[found].at;
}

std::string failures(const Scenario& scenario) {
  std::string text;
  for (const std::string& each : check_scenario(scenario).failures) text += each + "\n";
  return text;
}

}  // namespace

TEST_CASE("what happens meets a goal when it has happened often enough") {
  const GoalState once = state(R"({"happens": "node_crashed"})");
  CHECK(once.met);
  CHECK(once.at == 12 * kSecond);
  CHECK(state(R"({"happens": "broker_fenced", "where": {"broker": 1}})").at == first("broker_fenced"));
  const GoalState third = state(R"({"happens": "records_acked", "at_least": 3, "after": "30s"})");
  CHECK(third.met);
  CHECK(third.at > 31 * kSecond);
  CHECK(third.at < 32 * kSecond);
  const GoalState never = state(R"({"happens": "node_paused"})");
  CHECK_FALSE(never.met);
  CHECK(has_words(never.why, "node_paused never happens"));
}

TEST_CASE("a goal's position is where the timeline shows it met") {
  const Scenario scenario = solved(puzzle(goal(R"({"happens": "broker_fenced", "where": {"broker": 1}})"), kCrash));
  Timeline timeline = played(scenario);
  const GoalState met = judge_goals(scenario, timeline).at(0);
  REQUIRE(timeline.seek(met.position));
  CHECK(timeline.now() == met.at);
  CHECK(timeline.facts()[timeline.facts_of(met.position - 1).first].body.is<BrokerFenced>());
}

TEST_CASE("what must not happen is settled when its stretch is over, values when they are looked at") {
  const GoalState at_the_end = state(R"({"never": "node_paused"})");
  CHECK(at_the_end.met);
  CHECK(at_the_end.at == 40 * kSecond);
  const GoalState early = state(R"({"never": "broker_fenced", "within": "5s", "of": {"happens": "node_crashed"}})");
  CHECK(early.met);
  CHECK(early.at == 17 * kSecond);
  CHECK_FALSE(state(R"({"never": "node_crashed"})").met);
  CHECK_FALSE(state(R"({"never": "broker_fenced", "of": {"happens": "node_paused"}})").met);  // there is nothing to count from
  CHECK(state(R"({"value": "topics/orders/0/Leader", "equals": 2})").at == 40 * kSecond);
  CHECK(state(R"({"value": "topics/orders/0/Leader", "equals": 2, "at": "35s"})").at == 35 * kSecond);
  CHECK(state(R"({"value": "topics/orders/0/Leader", "equals": 1, "at": {"happens": "node_crashed"}})").at == 12 * kSecond);
  CHECK(has_words(state(R"({"value": "topics/orders/0/Leader", "equals": 3})").why, "is 2, not 3"));
  CHECK(state(R"({"holds": "acked_records_survive"})").at == 40 * kSecond);
  CHECK(has_words(state(R"({"breaks": "acked_records_survive"})").why, "holds to the end"));
  CHECK(state(R"({"happens": "node_crashed", "times": 1})").at == 40 * kSecond);  // a second one could have come
}

TEST_CASE("a puzzle passes if it is open as it stands and its solution meets every goal") {
  const Scenario good = puzzle(goal(R"({"happens": "broker_fenced", "where": {"broker": 1}})"), kCrash);
  CHECK(failures(good) == "");
  CHECK(check_scenario(good).goals == 1);
  // The digest is that of the file as it stands.
  CHECK(check_scenario(good).digest == played(good).digest());
  CHECK(has_words(failures(puzzle(goal(R"({"happens": "leader_elected", "where": {"leader": 3}})"), kCrash)),
                 "puzzle.json:6: goal 'g': the solution does not meet it: leader_elected (leader 3) never happens"));
  CHECK(has_words(failures(puzzle(goal(R"({"happens": "records_acked"})"), kCrash)),
                 "puzzle.json:6: goal 'g': is met without anybody doing anything"));
  // Two goals: each is judged for itself.
  const std::string two = goal(R"({"happens": "broker_fenced", "where": {"broker": 1}})") + ", " + goal(R"({"never": "node_crashed"})");
  const std::string told = failures(puzzle(two, kCrash));
  CHECK(has_words(told, "is met without anybody doing anything"));
  CHECK(has_words(told, "the solution does not meet it: node_crashed happens once"));
}

TEST_CASE("run and transcript show goals with a tick or hollow") {
  const Scenario open = puzzle(goal(R"({"happens": "node_crashed"})"), kCrash);
  CHECK(has_words(transcript(open, played(open)), "\nGoals:\n  - ○ g\n"));
  const Scenario done = solved(open);
  CHECK(has_words(transcript(done, played(done)), "\nGoals:\n  - ✓ g (at 12.000s)\n"));
}

TEST_CASE("solved() keeps the order of equal times: the script's actions come first") {
  const Scenario scenario = solved(puzzle(goal(R"({"happens": "node_crashed", "where": {"node": "broker 1"}})"), kCrash,
                                          R"({"at": "12s", "do": "pause", "node": "broker 1"})"));
  REQUIRE(scenario.script.size() == 2);
  CHECK(action_name(scenario.script[0].body) == "pause");
  CHECK(action_name(scenario.script[1].body) == "crash");
}

TEST_CASE("goals and solutions survive being written and read") {
  const Scenario first = puzzle(
      R"({"text": "a \"b\"", "if": {"never": "isr_shrunk", "within": "3s", "of": {"happens": "node_crashed"}}, "hints": ["x", "y"]},
         {"text": "c", "if": {"value": "topics/orders/0/Leader", "equals": 2}})",
      std::string(kStart) + ", " + kCrash);
  const LoadResult again = parse_scenario(write_scenario(first), "puzzle.json");
  REQUIRE_MESSAGE(again.scenario, to_text(again.problems));
  CHECK(digest_of(*again.scenario) == digest_of(first));
  CHECK(again.scenario->goals.at(0).hints == std::vector<std::string>{"x", "y"});
  CHECK(again.scenario->solution.size() == 2);
  CHECK(write_scenario(*again.scenario) == write_scenario(first));
}

TEST_CASE("every mistake in goals and solutions is told at its place") {
  const auto goals = [](const std::string& text) {
    return small_cluster("\"goals\": [" + text + R"(], "solution": [{"at": "9s", "do": "crash", "node": "Q1"}])");
  };
  const auto solution = [](const std::string& text) {
    return small_cluster(R"("goals": [{"text": "g", "if": {"happens": "node_crashed"}}], "solution": [)" + text + "]");
  };
  CHECK(mistakes(goals(R"({"text": "g", "if": {"happens": "node_crashed"}, "hints": ["h"]})")).empty());
  CHECK(mistake(goals(R"({"if": {"happens": "node_crashed"}})")) == "f.json:2:11: goals[0]: needs \"text\"");
  CHECK(mistake(goals(R"({"text": "", "if": {"happens": "node_crashed"}})")) == "f.json:2:20: goals[0].text: is empty");
  CHECK(mistake(goals(R"({"text": "g"})")) == "f.json:2:11: goals[0]: needs \"if\"");
  CHECK(has_words(mistake(goals(R"({"text": "g", "if": {}})")), "goals[0].if: needs one of \"holds\""));
  CHECK(has_words(mistake(goals(R"({"text": "g", "if": {"breaks": "acked_record_survive"}})")), "did you mean 'acked_records_survive'?"));
  CHECK(has_words(mistake(goals(R"({"text": "g", "if": {"happens": "node_crashd"}})")), "did you mean 'node_crashed'?"));
  CHECK(has_words(mistake(goals(R"({"text": "g", "if": {"happens": "node_crashed"}, "hint": "h"})")),
                 "goals[0].hint: is not a known key here; did you mean 'hints'?"));
  CHECK(has_words(mistake(goals(R"({"text": "g", "if": {"happens": "node_crashed"}, "hints": "h"})")), "goals[0].hints: must be a list"));
  CHECK(has_words(mistake(goals(R"({"text": "g", "if": {"happens": "node_crashed"}, "hints": [7]})")), "goals[0].hints[0]: must be "));
  CHECK(has_words(mistake(goals(R"({"text": "g", "if": {"happens": "node_crashed"}, "hints": [""]})")), "goals[0].hints[0]: is empty"));
  CHECK(has_words(mistake(goals("")), "goals: is empty"));
  CHECK(has_words(mistake(solution("")), "solution: is empty"));
  CHECK(has_words(mistake(solution(R"({"at": "9s", "do": "crash", "node": "broker 9"})")),
                 "solution[0].node: there is no node named 'broker 9'"));
  CHECK(has_words(mistake(solution(R"({"at": "21s", "do": "crash", "node": "Q1"})")), "solution[0].at: is later than \"until\""));
  CHECK(has_words(mistake(solution(R"({"at": "9s", "do": "add_broker", "id": 2})")), "solution[0]: there is a broker 2 already"));
  CHECK(has_words(mistake(small_cluster(R"("goals": [{"text": "g", "if": {"happens": "node_crashed"}}])")),
                 "goals: needs \"solution\", the actions that meet the goals"));
  CHECK(has_words(mistake(small_cluster(R"("solution": [{"at": "9s", "do": "crash", "node": "Q1"}])")),
                 "solution: needs \"goals\", what it is the solution of"));
}

TEST_CASE("goals may speak of what the solution creates, expectations may not") {
  const std::string solution = R"("solution": [{"at": "9s", "do": "add_broker", "id": 4}])";
  const std::string test = R"({"happens": "broker_registered", "where": {"broker": 4}})";
  CHECK(mistakes(small_cluster(R"("goals": [)" + goal(test) + "], " + solution)).empty());
  CHECK(has_words(mistake(small_cluster(R"("goals": [)" + goal(test) + "], " + solution + R"(, "expect": [)" + test + "]")),
                 "expect[0].where.broker: there is no broker 4"));
}

}  // namespace nutshell
