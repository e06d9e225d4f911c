// nutshell ksql and ksql-test: statements from a file, and rows held against what has to come of them.
#include <doctest/doctest.h>

#include <string>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

bool holds_text(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr const char* kScript =
    "CREATE STREAM pageviews_enriched (regionid VARCHAR KEY, page VARCHAR) WITH (KAFKA_TOPIC='pv', VALUE_FORMAT='JSON', "
    "PARTITIONS=3);\n"
    "CREATE TABLE pageviews_per_region_per_minute AS\n"
    "  SELECT regionid, count(*) AS n FROM pageviews_enriched WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY regionid EMIT CHANGES;\n"
    "INSERT INTO pageviews_enriched (ROWTIME, regionid, page) VALUES (10000, 'eu', 'a');\n"
    "INSERT INTO pageviews_enriched (ROWTIME, regionid, page) VALUES (20000, 'eu', 'b');\n"
    "SELECT * FROM pageviews_per_region_per_minute WHERE regionid = 'eu';\n";

constexpr const char* kCase =
    R"({"name": "doubled", "statements": ["CREATE STREAM s (k VARCHAR KEY, v INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');",
  "CREATE STREAM o AS SELECT k, v * 2 AS w FROM s;"], "inputs": [{"topic": "s", "key": "a", "value": {"v": 2}, "timestamp": 5}],
  "outputs": [{"topic": "O", "key": "a", "value": {"W": 4}, "timestamp": 5}]})";

}  // namespace

TEST_CASE("ksql prints the rows of a SELECT under their names") {
  const Result result = run({"ksql", write_file("seed.sql", kScript)});
  CHECK_MESSAGE(result.exit_code == 0, result.err);
  CHECK(holds_text(result.out, "Created query with ID CTAS_PAGEVIEWS_PER_REGION_PER_MINUTE_2"));
  CHECK(holds_text(result.out, "| REGIONID | WINDOWSTART | WINDOWEND | N |"));
  CHECK(holds_text(result.out, "| eu       | 0           | 60000     | 2 |"));
}

TEST_CASE("ksql says what is wrong with a statement, and where") {
  const Result result = run({"ksql", write_file("wrong.sql", std::string(kScript) + "SELECT * FROM pageviews;\n")});
  CHECK(result.exit_code == 2);
  CHECK(holds_text(result.err, "line 7, column 15"));
  CHECK(holds_text(result.err, "E4"));
  CHECK(run({"ksql", "nowhere.sql"}).exit_code == 2);
}

TEST_CASE("ksql-test has a line a case, and an exit code") {
  const std::string good = write_file("good.json", kCase);
  std::string text = kCase;
  text.replace(text.find("\"W\": 4"), 6, "\"W\": 5");
  const std::string bad = write_file("bad.json", text);
  const Result fine = run({"ksql-test", good});
  CHECK_MESSAGE(fine.exit_code == 0, fine.out, fine.err);
  CHECK(fine.out == "ok      doubled\n1 of 1 cases passed\n");
  const Result both = run({"ksql-test", good, bad});
  CHECK(both.exit_code == 1);
  CHECK(holds_text(both.out, "FAILED  doubled: O, row 1: the value differs"));
  CHECK(both.last_line() == "1 of 2 cases passed");
  CHECK(run({"ksql-test", "nowhere.json"}).exit_code == 2);
}

}  // namespace nutshell::testing
