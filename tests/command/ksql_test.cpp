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

TEST_CASE("ksql of a scenario prints what was typed at its servers, line by line; of what was refused only why") {
  const Result result = run({"ksql", std::string(NUTSHELL_SOURCE_DIR) + "/scenarios/54-avro-in-ksqldb.json"});
  CHECK_MESSAGE(result.exit_code == 0, result.err);
  CHECK(holds_text(result.out, "\nStream ORDERS created\nksql> "));
  CHECK_FALSE(holds_text(result.out, "created?"));
  CHECK(holds_text(result.out, "Created query with ID CSAS_EUROS_2\n"));
  CHECK_FALSE(holds_text(result.out, "CSAS_PRICES_3"));
  CHECK(holds_text(result.out, "cannot be registered (409): with it, what version 1 wrote cannot be read"));
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

TEST_CASE("ksql --interactive answers statements at a cluster of its own, lets time pass, and ends with its input") {
  const std::string input =
      "SET 'auto.offset.reset'='earliest';\n"
      "CREATE STREAM pv (u VARCHAR KEY, region VARCHAR) WITH (KAFKA_TOPIC='pv', VALUE_FORMAT='JSON', PARTITIONS=2);\n"
      "CREATE TABLE t AS SELECT region, count(*) AS n\n  FROM pv GROUP BY region EMIT CHANGES;\n"
      "run 20s\n"
      "INSERT INTO pv (u, region) VALUES ('a', 'eu; or so'); INSERT INTO pv (u, region) VALUES ('b', 'us');\n"
      "INSERT INTO pv (u, region) VALUES ('c', 'us');\n"
      "run 5s\n"
      "SELECT * FROM t WHERE region='us';\n"
      "SELECT u, region FROM pv EMIT CHANGES LIMIT 2;\n"
      "PRINT 'T' FROM BEGINNING;\n"
      "INSERT INTO pv (u, region) VALUES ('d', 'asia');\n"
      "run 5s\n"
      "stop\n"
      "SELEC 1;\n"
      "SELECT * FROM nothing EMIT CHANGES;\n"
      "run never\n"
      "server K2\n"
      "crash K7\n"
      "crash K1\n"
      "SHOW QUERIES;\n"
      "start K1\n"
      "run 90s\n"
      "SELECT n FROM t WHERE region='us';\n"
      "history\n";
  const Result result = run_with_input({"ksql", "--interactive"}, input);
  CHECK_MESSAGE(result.exit_code == 0, result.err);
  CAPTURE(result.out);
  CHECK(holds_text(result.out, "Created query with ID CTAS_T_2"));
  CHECK(holds_text(result.out, "|us                                    |2                                     |\nQuery terminated"));
  CHECK(holds_text(result.out, "Limit Reached\nQuery terminated"));
  CHECK(holds_text(result.out, "key: asia, value: {\"N\":1}"));
  CHECK(holds_text(result.out, "Topic printing ceased"));
  CHECK(holds_text(result.out, "line 1, column 1"));
  CHECK(holds_text(result.out, "NOTHING does not exist"));
  CHECK(holds_text(result.out, "run takes a time"));
  CHECK(holds_text(result.out, "There is no ksqlDB server 'K2'; there are: K1."));
  CHECK(holds_text(result.out, "Not possible: "));
  CHECK(holds_text(result.out, "The server K1 is down"));
  CHECK(holds_text(result.out, "ksql> SELECT n FROM t WHERE region='us';\n"));
  CHECK(holds_text(result.out, "\n|2  "));
  CHECK(run_with_input({"ksql", "-i"}, "").exit_code == 0);
  const Result half = run_with_input({"ksql", "-i"}, "SHOW STREAMS\n");
  CHECK(half.exit_code == 2);
  CHECK(holds_text(half.out, "ends within a statement"));
  CHECK(run_with_input({"ksql", "-i", failover_file()}, "").exit_code == 2);
  CHECK(run({"ksql"}).exit_code == 2);
}

TEST_CASE("why --window says which rows a window counts, which came too late, and by what rule") {
  const std::string lessons = std::string(NUTSHELL_SOURCE_DIR) + "/scenarios/";
  const std::string late = lessons + "73-late-rows-and-grace.json", crash = lessons + "88-crash-in-mid-window.json";
  const Result all = run({"why", late, "--window", "eu@0"});
  CHECK_MESSAGE(all.exit_code == 0, all.err);
  CAPTURE(all.out);
  CHECK(holds_text(all.out, "Window [0, 60) of eu counts 3: the rows of second 10, 50 and 55."));
  CHECK(holds_text(all.out, "is not later than"));
  CHECK(holds_text(run({"why", late, "--window", "eu@0", "--at", "5s"}).out, "counts 2: the rows of second 10 and 50."));
  const Result none = run({"why", late, "--window", "eu@600"});
  CHECK(none.exit_code == 1);
  CHECK(holds_text(none.err, "no row has come to a window of eu@600"));
  CHECK(holds_text(run({"why", late, "--window", "eu"}).err, "such as eu@60"));
  CHECK(holds_text(run({"why", late, "--window", "eu@0", "late"}).err, "leave out words"));
  // On a cluster it leads to the step at which a row came.
  const Result again = run({"why", crash, "--window", "u1@0"});
  CHECK(holds_text(again.out, "counts 3"));
  CHECK(holds_text(again.out, "counts 2 times: its task was restored with it"));
  CHECK(holds_text(run({"why", crash, "--window", "u1@0", "--json"}).out, "\"step\""));
  CHECK(holds_text(run({"why", lessons + "52-the-nearest-copy.json", "--window", "u1@0"}).err, "there is no query of ksqlDB"));
}

TEST_CASE("RUN SCRIPT types the statements of a file") {
  const std::string file = write_file("typed.sql", "-- a file; of two\nSHOW TABLES;\nSELECT 1;\n");
  const std::string itself = write_file("itself.sql", "RUN SCRIPT 'x';");
  const std::string input = "RUN SCRIPT '" + file + "';\nrun script 'nowhere.sql';\nRUN SCRIPT '" + itself + "';\n";
  const Result result = run_with_input({"ksql", "-i"}, input);
  CAPTURE(result.out);
  CHECK(holds_text(result.out, "Table Name"));
  CHECK(holds_text(result.out, "line 1, column 9"));
  CHECK(holds_text(result.out, "The file 'nowhere.sql' cannot be read."));
  CHECK(holds_text(result.out, "which a script cannot"));
}

}  // namespace nutshell::testing
