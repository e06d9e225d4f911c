#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

using Json = nlohmann::json;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Json json_of(const std::vector<std::string>& arguments) {
  const Result result = run(arguments);
  CAPTURE(result.err);
  CAPTURE(result.out);
  const Json json = Json::parse(result.out, nullptr, false);
  REQUIRE(!json.is_discarded());
  return json;
}

bool is_digest(const std::string& text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

TEST_CASE("without arguments, with --help and with --version the program introduces itself") {
  const Result bare = run({});
  CHECK(bare.exit_code == 0);
  CHECK(contains(bare.out, "nutshell play"));
  CHECK(contains(run({"--version"}).out, "nutshell 0."));
  const Result help = run({"--help"});
  CHECK(help.exit_code == 0);
  for (const char* command : {"run", "check", "transcript", "validate", "play", "describe", "why", "diff", "list"}) {
    CHECK(contains(help.out, command));
    const Result each = run({command, "--help"});
    CHECK(each.exit_code == 0);
    CHECK(contains(each.out, "Example"));
    CHECK(contains(each.out, "--json"));
  }
}

TEST_CASE("run tells the story in order and ends with the digest") {
  const Result result = run({"run", failover_file(), "--digest"});
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  const std::size_t crash = result.out.find("Broker 1 is killed");
  const std::size_t election = result.out.find("becomes the leader");
  CAPTURE(result.out);
  CHECK(crash != std::string::npos);
  CHECK((election == std::string::npos || crash < election));
  CHECK(is_digest(result.last_line()));
  // More detail, same run.
  const Result detail = run({"run", failover_file(), "--level", "detail", "--digest"});
  CHECK(detail.out.size() > result.out.size());
  CHECK(detail.last_line() == result.last_line());
}

TEST_CASE("run --trail prints a digest every so many steps, and the last is the run's own") {
  const Result plain = run({"run", "leader-failover", "--digest"});
  std::istringstream told(plain.out);
  std::string line, digest;
  while (std::getline(told, line)) digest = line;
  REQUIRE(is_digest(digest));
  const Result trail = run({"run", "leader-failover", "--trail", "1000"});
  REQUIRE(trail.exit_code == 0);
  std::istringstream lines(trail.out);
  std::uint64_t steps = 0;
  std::string last;
  for (std::uint64_t points = 1; std::getline(lines, line); ++points) {
    std::int64_t at = 0;
    std::istringstream words(line);
    words >> steps >> at >> last;
    CHECK(is_digest(last));
    CHECK(steps <= points * 1000);
    CHECK(steps > (points - 1) * 1000);
  }
  CHECK(contains(plain.out, std::to_string(steps) + " steps until"));
  CHECK(last == digest);
  const Result finer = run({"run", "leader-failover", "--trail", "500"});  // says the same where both speak
  std::istringstream again(trail.out);
  while (std::getline(again, line)) CHECK(contains(finer.out, line));
  const Result none = run({"run", "leader-failover", "--trail", "0"});
  CHECK(none.exit_code == 2);
  CHECK(contains(none.err, "--trail 0 must be a number of steps from 1 on"));
}

TEST_CASE("every command that runs a scenario comes to the same digest, and another seed to another one") {
  const std::string file = failover_file();
  const std::string digest = run({"run", file, "--digest"}).last_line();
  CHECK(is_digest(digest));
  CHECK(run({"check", file, "--digest"}).last_line() == digest);
  CHECK(run({"transcript", file, "--digest"}).last_line() == digest);
  CHECK(json_of({"run", file, "--json"})["digest"] == digest);
  CHECK(json_of({"check", file, "--json"})["scenarios"][0]["digest"] == digest);
  const std::string other = run({"run", file, "--digest", "--seed", "7"}).last_line();
  CHECK(other != digest);
  CHECK(run({"check", file, "--digest", "--seed", "7"}).last_line() == other);
  CHECK(run({"run", file, "--digest", "--until", "10s"}).last_line() != digest);
}

TEST_CASE("run --json has the facts with their fields") {
  const Json json = json_of({"run", failover_file(), "--json"});
  CHECK(json["title"] == "A small failover");
  CHECK(json["steps"].get<int>() > 100);
  const Json* elected = nullptr;
  for (const Json& fact : json["facts"])
    if (fact["fact"] == "leader_elected") elected = &fact;
  REQUIRE(elected != nullptr);
  CHECK((*elected)["fields"]["topic"] == "orders");
  CHECK((*elected)["fields"]["leader"] == 2);
  CHECK((*elected)["fields"]["unclean"] == false);
  CHECK((*elected)["at"].get<std::int64_t>() > 12'000'000'000);
  CHECK((*elected)["at"].get<std::int64_t>() < 15'000'000'000);
}

TEST_CASE("check passes what comes out as it says, and fails the rest with 1") {
  const std::string right = write_file(
      "checks/a.json",
      failover_scenario(
          R"("expect": [{"value": "topics/orders/0/Leader", "equals": "2"}, {"happens": "leader_elected", "where": {"leader": 2}}])"));
  const Result good = run({"check", right});
  CAPTURE(good.out);
  CHECK(good.exit_code == 0);
  CHECK(contains(good.out, "ok      a: 2 expectations"));
  const std::string wrong = write_file(
      "checks/b.json", failover_scenario(R"("expect": [{"never": "leader_elected", "where": {"leader": 2}}])"));
  const Result bad = run({"check", wrong});
  CHECK(bad.exit_code == 1);
  CHECK(contains(bad.out, "FAILED  b"));
  CHECK(contains(bad.out, "b.json:"));
  // The folder holds both.
  const Result folder = run({"check", right.substr(0, right.rfind('/'))});
  CHECK(folder.exit_code == 1);
  CHECK(contains(folder.out, "2 scenarios: 1 ok, 1 failed, 0 broken"));
  const Json json = json_of({"check", right, wrong, "--json"});
  CHECK(json["passed"] == 1);
  CHECK(json["scenarios"][1]["passed"] == false);
  CHECK(json["scenarios"][1]["failures"].size() == 1);
}

TEST_CASE("transcript and play tell captions, questions and answers") {
  const Result play = run({"play", failover_file()});
  CHECK(play.exit_code == 0);
  const Result transcript = run({"transcript", failover_file()});
  CHECK(transcript.exit_code == 0);
  for (const std::string& text : {play.out, transcript.out}) {
    CAPTURE(text);
    CHECK(contains(text, "Broker 1 leads."));
    CHECK(contains(text, "Who leads in the end?"));
    CHECK(contains(text, "B) Broker 2"));
    CHECK(contains(text, "Broker 2 has taken over."));
  }
  CHECK(contains(play.out, "The answer is B."));
  const Json json = json_of({"transcript", failover_file(), "--json"});
  int questions = 0;
  for (const Json& line : json["story"]) questions += line["kind"] == "ask" && line["answer"] == 1 ? 1 : 0;
  CHECK(questions == 1);
  CHECK(json_of({"play", failover_file(), "--json"})["story"] == json["story"]);
}

TEST_CASE("describe shows a moment") {
  const std::string file = failover_file();
  const Result before = run({"describe", file, "--at", "4s", "topics"});
  CAPTURE(before.out);
  CHECK(before.exit_code == 0);
  CHECK(contains(before.out, "Topic: orders"));
  CHECK(contains(before.out, "1,2"));
  const Json at_4 = json_of({"describe", file, "--at", "4s", "topics", "brokers", "--json"});
  CHECK(at_4["topics"][0]["rows"][0]["Leader"] == "1");
  CHECK(at_4["brokers"][0]["rows"][0]["Process"] == "running");
  const Json end = json_of({"describe", file, "topics", "brokers", "quorum", "logs", "groups", "members", "--json"});
  CHECK(end["topics"][0]["rows"][0]["Leader"] == "2");
  CHECK(end["brokers"][0]["rows"][0]["State"] == "fenced");
  CHECK(end["brokers"][0]["rows"][0]["Process"] == "down");
  CHECK(end["quorum"][0]["rows"][0]["LeaderId"] == "3001");
  CHECK(end["logs"][0]["rows"].size() == 2);
}

TEST_CASE("why walks back to the action that began it") {
  const Result result = run({"why", failover_file(), "--fact", "leader_elected"});
  CAPTURE(result.out);
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, "Broker 1 is killed"));
  const Json json = json_of({"why", failover_file(), "--at", "16s", "--fact", "leader_elected", "--json"});
  REQUIRE(json["causes"].size() >= 2);
  CHECK(json["causes"].back()["root"] == true);
  CHECK(json["causes"].front()["at"].get<std::int64_t>() > json["causes"].back()["at"].get<std::int64_t>());
  CHECK(run({"why", failover_file(), "broker", "1", "killed"}).exit_code == 0);
  CHECK(run({"why", failover_file(), "--step", "5"}).exit_code == 0);
  // Before the crash nobody was killed.
  const Result nothing = run({"why", failover_file(), "--at", "4s", "--fact", "node_crashed"});
  CHECK(nothing.exit_code == 1);
  CHECK(contains(nothing.err, "no node_crashed has happened by"));
}

TEST_CASE("diff finds where two runs part") {
  const std::string file = failover_file();
  CHECK(run({"diff", file, file}).exit_code == 0);
  const Result changed = run({"diff", file, "--set", "broker.session.timeout.ms=6s"});
  CHECK(changed.exit_code == 1);
  CHECK(contains(changed.out, "they part"));
  CHECK(contains(changed.out, "small-failover with broker.session.timeout.ms=6s"));
  const Json json = json_of({"diff", file, "--set", "broker.session.timeout.ms=6s", "--json"});
  CHECK(json["same"] == false);
  CHECK(json["left_digest"] != json["right_digest"]);
  const Json same = json_of({"diff", file, file, "--json"});
  CHECK(same["same"] == true);
  CHECK(same["left_digest"] == same["right_digest"]);
}

TEST_CASE("a puzzle's goals are listed, played open, and checked with their solution") {
  const Result played = run({"run", "not-enough-replicas"});
  CHECK(played.exit_code == 0);
  CHECK(contains(played.out, "\nGoals:\n  ○ The shop is refused with NOT_ENOUGH_REPLICAS\n"));
  const Json goals = json_of({"run", "not-enough-replicas", "--json"})["goals"];
  REQUIRE(goals.size() == 2);
  CHECK(goals[0]["met"] == false);
  CHECK(contains(goals[0]["why"].get<std::string>(), "never happens"));
  const Json checked = json_of({"check", "not-enough-replicas", "--json"})["scenarios"][0];
  CHECK(checked["passed"] == true);
  CHECK(checked["goals"] == 2);
  CHECK(json_of({"run", failover_file(), "--json"})["goals"].empty());
  CHECK(json_of({"list", "scenarios", "not-enough-replicas", "--json"})["scenarios"][0]["goals"] == "2");
}

TEST_CASE("list shows what there is") {
  for (const char* what : {"actions", "facts", "promises", "configs"}) {
    CAPTURE(what);
    const Json json = json_of({"list", what, "--json"});
    CHECK(json[what].size() >= 12);
    CHECK(run({"list", what}).exit_code == 0);
  }
  CHECK(json_of({"list", "scenarios", "--json"})["scenarios"].is_array());
  const Json acks = json_of({"list", "configs", "acks", "--json"})["configs"];
  CHECK(acks[0]["key"] == "acks");
  CHECK(acks[0]["default"] == "all");
  CHECK(!acks[0]["meaning"].get<std::string>().empty());
}

}  // namespace nutshell::testing
