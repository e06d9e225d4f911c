// The golden cases: rows that Kafka Streams' own classes made of the same rows, or that its rules and those of ksqlDB say.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "sim/streams/case.h"

namespace nutshell::streams {
namespace {

std::string content(const std::string& name) {
  std::ifstream in(std::string(NUTSHELL_SOURCE_DIR) + "/tests/vectors/ksql/" + name + ".json");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void all_pass(const std::string& name, std::size_t count) {
  const auto results = run_cases(content(name), name);
  CHECK(results.size() == count);
  for (const auto& result : results) CHECK_MESSAGE(result.passed, result.name << ": " << result.why);
}

}  // namespace

TEST_CASE("windows fill, close and expire as the golden cases say") { all_pass("windows", 13); }
TEST_CASE("final results come once, or are lost, as the golden cases say") { all_pass("final", 7); }
TEST_CASE("aggregates, keys, nulls and table changes are as the golden cases say") { all_pass("rows", 10); }
TEST_CASE("joins are as the golden cases say") { all_pass("joins", 24); }

// Written from the rules, one by one, with rows that were worked out by hand; 57 of them have to be refused.
TEST_CASE("names, types, nulls, functions, windows, joins and mistakes are as the rules say") { all_pass("by_rule", 129); }

TEST_CASE("functions, zones and what look-ups may ask are as ksqlDB has them") { all_pass("functions", 34); }

TEST_CASE("a case that does not hold says where") {
  const std::string begun =
      R"({"statements": ["CREATE STREAM s (k VARCHAR KEY, v INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');",
      "CREATE STREAM o AS SELECT k, v + 1 AS w FROM s;"],
      "inputs": [{"topic": "s", "key": "a", "value": {"v": 1}, "timestamp": 7}], "outputs": [)";
  const auto run = [&](const std::string& outputs) { return run_cases(begun + outputs + "]}", "it").at(0); };
  CHECK(run(R"({"topic": "O", "key": "a", "value": {"W": 2}, "timestamp": 7})").passed);
  CHECK(run(R"({"topic": "O", "key": "a", "value": {"W": 3}, "timestamp": 7})").why.find("the value differs") !=
        std::string::npos);
  CHECK(run(R"({"topic": "O", "key": "b", "value": {"W": 2}, "timestamp": 7})").why.find("the key differs") !=
        std::string::npos);
  CHECK(run(R"({"topic": "O", "key": "a", "value": {"W": 2}, "timestamp": 8})").why.find("the timestamp differs") !=
        std::string::npos);
  CHECK(run("").why.find("nothing was to come") != std::string::npos);
  const std::string one = R"({"topic": "O", "key": "a", "value": {"W": 2}})";
  CHECK(run(one + "," + one).why.find("missing is") != std::string::npos);
  CHECK_FALSE(run_cases("[1, {}]", "it").at(0).passed);
  CHECK_FALSE(run_cases("{broken", "it").at(0).passed);
}

}  // namespace nutshell::streams
