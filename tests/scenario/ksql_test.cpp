// Scenarios without a cluster: a query of ksqlDB at work.
#include <doctest/doctest.h>

#include "sim/scenario/check.h"
#include "sim/scenario/ksql_json.h"
#include "sim/scenario/read.h"
#include "sim/scenario/write.h"
#include "tests/scenario/scenario_texts.h"

namespace nutshell {
namespace {

std::string with(const std::string& more,
                 const std::string& row = R"({"at": "2s", "topic": "t", "key": "a", "value": {"V": "x"}, "time": "1s"})") {
  return R"({"title": "A query", "until": "10s", "ksql": {"statements": [
    "CREATE STREAM s (k VARCHAR KEY, v VARCHAR) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', PARTITIONS=1);",
    "CREATE TABLE c AS SELECT k, count(*) FROM s GROUP BY k;"], "rows": [)" +
         row + "]}" + more + "}";
}

std::string problems_of(const std::string& text) { return to_text(parse_scenario(text, "q.json").problems); }

}  // namespace

TEST_CASE("a query without a cluster is read, written, and judged") {
  const LoadResult read = parse_scenario(
      with(R"(, "expect": [{"value": "ksql/table/a/0", "equals": 1}, {"value": "ksql/table/a/0", "equals": "none", "at": "2s"}])"),
      "q.json");
  REQUIRE_MESSAGE(read.scenario, to_text(read.problems));
  REQUIRE(read.scenario->film);
  CHECK(read.scenario->setup.brokers == 0);
  const Verdict verdict = check_scenario(*read.scenario);
  CHECK_MESSAGE(verdict.passed, (verdict.failures.empty() ? "" : verdict.failures[0]));
  CHECK(verdict.expectations == 2);
  CHECK(write_scenario(*parse_scenario(write_scenario(*read.scenario), "q.json").scenario) == write_scenario(*read.scenario));
}

TEST_CASE("an expectation of a query that does not hold says what is seen") {
  const LoadResult read = parse_scenario(
      with(R"(, "expect": [{"value": "ksql/table/a/0", "equals": 7}, {"value": "ksql/nothing", "equals": 7}])"), "q.json");
  REQUIRE(read.scenario);
  const Verdict verdict = check_scenario(*read.scenario);
  REQUIRE(verdict.failures.size() == 2);
  CHECK(verdict.failures[0].find("ksql/table/a/0 is 1, not 7") != std::string::npos);
  CHECK(verdict.failures[1].find("there is no ksql/nothing") != std::string::npos);
}

TEST_CASE("a script of statements is a scenario by itself") {
  const LoadResult read = read_script(
      "CREATE STREAM s (k VARCHAR KEY, v INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', PARTITIONS=2);"
      "INSERT INTO s (rowtime, k, v) VALUES (1000, 'a', 3);"
      "CREATE TABLE c AS SELECT k, SUM(v) FROM s GROUP BY k;"
      "INSERT INTO s (rowtime, k, v) VALUES (2000, 'a', 4);",
      "mine.sql");
  REQUIRE_MESSAGE(read.scenario, to_text(read.problems));
  CHECK(read.scenario->title == "mine");
  const auto value = [&](Time at) { return ksql_value(*read.scenario->film, "ksql/table/a/0", at).value_or("nothing"); };
  CHECK(value(kSecond) == "none");
  CHECK(value(3 * kSecond) == "3");
  CHECK(value(read.scenario->until) == "7");
  CHECK(check_scenario(*read.scenario).passed);
  CHECK(read_script("CREATE STREAM;", "mine.sql").problems.size() == 1);
  // Written as a file of ours, it is the same.
  const LoadResult again = parse_scenario(write_scenario(*read.scenario), "mine.json");
  REQUIRE_MESSAGE(again.scenario, to_text(again.problems));
  CHECK(ksql_value(*again.scenario->film, "ksql/table/a/0", again.scenario->until) == "7");
}

TEST_CASE("what a query without a cluster cannot be is said with its place") {
  CHECK(problems_of(with(R"(, "topics": [])")).find("a scenario with \"ksql\" has none") != std::string::npos);
  CHECK(problems_of(with("", R"({"at": "2s", "topic": "t", "time": "1s", "colour": 1})")).find("colour") != std::string::npos);
  CHECK(problems_of(with("", R"({"at": "2s", "topic": "u", "time": "1s"})")).find("row 1: no statement speaks of the topic 'u'") !=
        std::string::npos);
  CHECK(problems_of(with("", R"({"at": "20s", "topic": "t", "time": "1s"})")).find("never come") != std::string::npos);
  CHECK(problems_of(with("", R"({"at": "2s", "topic": "t", "time": "1us"})")).find("whole number of milliseconds") !=
        std::string::npos);
}

}  // namespace nutshell
