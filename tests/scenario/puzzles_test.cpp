// The shipped puzzles: open as they stand, solved by their solutions, and not by what a person tries first.
// The rules are those of sim/kafka/RULES.md; they say why the wrong move does not do it.
#include <doctest/doctest.h>

#include <algorithm>

#include "sim/scenario/goals.h"
#include "sim/scenario/read.h"

namespace nutshell {
namespace {

Scenario shipped(const std::string& name) {
  const LoadResult result = load_scenario(std::string(NUTSHELL_SOURCE_DIR) + "/scenarios/" + name + ".json");
  REQUIRE_MESSAGE(result.scenario, to_text(result.problems));
  return *result.scenario;
}

// Which goals are met when these actions come to the script: "yes no".
std::string met(const Scenario& puzzle, const std::vector<Action>& actions) {
  Scenario scenario = puzzle;
  scenario.script.insert(scenario.script.end(), actions.begin(), actions.end());
  Timeline timeline = timeline_of(scenario, needed_facts(scenario));
  REQUIRE(run_to(timeline, scenario.until));
  std::string text;
  for (const GoalState& each : judge_goals(scenario, timeline)) text += std::string(text.empty() ? "" : " ") + (each.met ? "yes" : "no");
  return text;
}

// The same file, in which each goal is open and then met, in captions that fit and with two hints at least in all.
Scenario good_puzzle(const std::string& name) {
  const Scenario puzzle = shipped(name);
  REQUIRE(puzzle.is_puzzle());
  CHECK(puzzle.chapter == "Puzzles");
  CHECK_FALSE(puzzle.corrects.empty());
  REQUIRE_FALSE(puzzle.beats.empty());
  CHECK(puzzle.beats[0].say.find("Your task: ") == 0);
  std::size_t hints = 0;
  std::string none, all;
  for (const Goal& each : puzzle.goals) {
    hints += each.hints.size();
    none += none.empty() ? "no" : " no";
    all += all.empty() ? "yes" : " yes";
  }
  CHECK(hints >= 2);
  CHECK(met(puzzle, {}) == none);
  CHECK(met(puzzle, puzzle.solution) == all);
  return puzzle;
}

constexpr Duration kMs = kMillisecond;

}  // namespace

TEST_CASE("puzzle 31: acks=1 is confirmed before followers fetch (R10, scenario 1)") {
  const Scenario puzzle = good_puzzle("31-lose-a-confirmed-record");
  // While the followers fetch, they have what was confirmed: a clean election, nothing lost.
  CHECK(met(puzzle, {{20 * kSecond, Crash{"broker 1"}}}) == "yes no");
  // A follower has nothing that the others have not.
  CHECK(met(puzzle, {{27 * kSecond, Crash{"broker 2"}}}) == "no no");
  // Each of the three moments does.
  CHECK(met(puzzle, {{17 * kSecond, Crash{"broker 1"}}}) == "yes yes");
  CHECK(met(puzzle, {{37500 * kMs, Crash{"broker 1"}}}) == "yes yes");
}

TEST_CASE("puzzle 32: a member lives as long as its session (G9, G11)") {
  const Scenario puzzle = good_puzzle("32-no-rebalance");
  // Longer than session.timeout.ms.
  CHECK(met(puzzle, {{20 * kSecond, Pause{"c2", {60 * kSecond}}}}) == "yes no yes");
  // Says goodbye (LeaveGroup), and comes back as a new member.
  CHECK(met(puzzle, {{20 * kSecond, Stop{"c2"}}, {45 * kSecond, Start{"c2"}}}) == "no no no");
  // Comes back under a new member id: it joins.
  CHECK(met(puzzle, {{20 * kSecond, Pause{"c2", {}}}, {30 * kSecond, Crash{"c2"}}, {31 * kSecond, Start{"c2"}}}).find("no no") == 0);
  // Too short to count.
  CHECK(met(puzzle, {{20 * kSecond, Pause{"c2", {5 * kSecond}}}}) == "no yes yes");
}

TEST_CASE("puzzle 33: without idempotence a lost answer stores twice (C7, scenario 21)") {
  const Scenario puzzle = good_puzzle("33-stored-twice");
  // The request is lost: it is sent again, and stored once.
  CHECK(met(puzzle, {{19900 * kMs, Jam{"shop", "broker 1"}}, {25 * kSecond, Release{}}}).find("yes") == 0);
  CHECK(met(puzzle, {{19 * kSecond, Cut{"shop", "broker 1"}}, {35 * kSecond, Heal{}}}) == "yes no");
  // An idempotent producer's second copy is recognised (C7a).
  Scenario idempotent = puzzle;
  idempotent.setup.producers[0].spec.config.enable_idempotence = true;
  CHECK(met(idempotent, puzzle.solution) == "yes no");
}

TEST_CASE("puzzle 34: acks=all needs min.insync.replicas in sync (R8, R10, scenario 4)") {
  const Scenario puzzle = good_puzzle("34-not-enough-replicas");
  // Two of three are enough.
  CHECK(met(puzzle, {{12 * kSecond, Crash{"broker 2"}}}) == "no yes");
  // The leader goes: somebody else leads, and refuses.
  CHECK(met(puzzle, {{12 * kSecond, Crash{"broker 1"}}, {12 * kSecond, Crash{"broker 3"}}}) == "yes no");
  // Another way: ask for three, and take one away.
  CHECK(met(puzzle, {{12 * kSecond, SetConfig{"orders", "min.insync.replicas", "3"}}, {13 * kSecond, Crash{"broker 3"}}}) == "yes yes");
}

TEST_CASE("puzzle 35: only a replica out of sync leads uncleanly (R14, scenario 8)") {
  const Scenario puzzle = good_puzzle("35-lose-with-acks-all");
  // An ISR member takes over: clean, and acks=all has put everything there.
  CHECK(met(puzzle, {{12 * kSecond, Crash{"broker 1"}}}) == "no no");
  // Nobody but broker 1 is in sync, and nobody else is there: the partition waits.
  std::vector<Action> patient = puzzle.solution;
  patient.back() = {31 * kSecond, Start{"broker 1"}};
  CHECK(met(puzzle, patient) == "no no");
  // An operator's unclean election is refused where there is a leader (ELECTION_NOT_NEEDED).
  CHECK(met(puzzle, {{12 * kSecond, ElectLeader{"orders", 0, true}}}) == "no no");
}

TEST_CASE("puzzle 38: what a query dropped stays in its topic (P14, S33)") {
  const Scenario puzzle = good_puzzle("38-count-the-late-row");
  const std::string earliest = "SET 'auto.offset.reset'='earliest'; ";
  const auto table = [](const std::string& grace) {
    return "CREATE TABLE other AS SELECT regionid, count(*) FROM pageviews_enriched WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD " +
           grace + ") GROUP BY regionid EMIT CHANGES;";
  };
  // A query begins at the end of its topic, and sees nothing of what was.
  CHECK(met(puzzle, {{30 * kSecond, Ksql{"K1", table("10 SECONDS")}}}) == "no yes");
  // Read again with as little patience, the row is as late as before: 60 is not later than 61.
  CHECK(met(puzzle, {{30 * kSecond, Ksql{"K1", earliest + table("0 SECONDS")}}}) == "no no");
  CHECK(met(puzzle, {{30 * kSecond, Ksql{"K1", earliest + table("2 SECONDS")}}}) == "yes yes");
}

TEST_CASE("puzzle 39: what was committed is not read again (P32)") {
  const Scenario puzzle = good_puzzle("39-kill-and-count-once");
  // Killed by hand, it has committed as little.
  CHECK(met(puzzle, {{26'500 * kMs, Crash{"K1"}}}) == "no");
  // Stopped as one should a moment before, it has committed all.
  CHECK(met(puzzle, {{27'400 * kMs, Stop{"K1"}}}) == "yes");
}

}  // namespace nutshell
