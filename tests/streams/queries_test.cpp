// What a person at the shell sees: push and pull, INSERT VALUES, DESCRIBE, EXPLAIN, DROP.
#include "tests/streams/fixture.h"

namespace nutshell::streams {
using Lines = std::vector<std::string>;

namespace {

constexpr const char* kSeed =
    "CREATE STREAM pageviews_enriched (regionid VARCHAR KEY, page VARCHAR) WITH (KAFKA_TOPIC='pv', VALUE_FORMAT='JSON', "
    "PARTITIONS=1);"
    "CREATE TABLE t AS SELECT regionid, count(*) AS n FROM pageviews_enriched WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY "
    "regionid EMIT "
    "CHANGES;";

// The rows of the golden case 1.
constexpr const char* kRows =
    "INSERT INTO pageviews_enriched (ROWTIME, regionid, page) VALUES (10000, 'eu', 'p');"
    "INSERT INTO pageviews_enriched (ROWTIME, regionid, page) VALUES (50000, 'eu', 'p');"
    "INSERT INTO pageviews_enriched (ROWTIME, regionid, page) VALUES (59999, 'us', 'p');"
    "INSERT INTO pageviews_enriched (ROWTIME, regionid, page) VALUES (60000, 'eu', 'p');"
    "INSERT INTO pageviews_enriched (ROWTIME, regionid, page) VALUES (59000, 'eu', 'p');"
    "INSERT INTO pageviews_enriched (ROWTIME, regionid, page) VALUES (125000, 'us', 'p');"
    "INSERT INTO pageviews_enriched (ROWTIME, regionid, page) VALUES (59500, 'eu', 'p');";

}  // namespace

TEST_CASE("golden case 12: a pull shows what the windows hold, a push how they came to it") {
  Server server;
  server.does(kSeed);
  server.does(kRows);
  CHECK(server.rows("SELECT * FROM t WHERE regionid='eu';") == Lines{"eu | 0 | 60000 | 4", "eu | 60000 | 120000 | 1"});
  CHECK(server.rows("SELECT * FROM t WHERE regionid='eu' AND windowstart = 60000;") == Lines{"eu | 60000 | 120000 | 1"});
  CHECK(server.rows("SELECT * FROM t WHERE regionid='eu' AND windowstart = '1970-01-01T00:01:00';") ==
        Lines{"eu | 60000 | 120000 | 1"});
  CHECK(server.rows("SELECT * FROM t WHERE regionid='xx';").empty());
  CHECK(server.rows("SELECT * FROM t EMIT CHANGES LIMIT 2;") == Lines{"eu | 0 | 60000 | 1", "eu | 0 | 60000 | 2"});
  CHECK(server.rows("SELECT regionid, n * 2 AS m FROM t WHERE n > 1;") == Lines{"eu | 8"});
  server.printed.clear();
  server.does("PRINT 'T' FROM BEGINNING LIMIT 1;");
  CHECK(server.printed == "rowtime: 1970/01/01 00:00:10.000 Z, key: [eu@0/60000], value: {\"N\":1}, partition: 0\n");
  CHECK(server.rows("SELECT regionid FROM pageviews_enriched LIMIT 3;") == Lines{"eu", "eu", "us"});
}

TEST_CASE("a push query shows of a deletion its key, and may count without groups") {
  Server server;
  server.does(
      "CREATE TABLE d (k VARCHAR PRIMARY KEY, v INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON', PARTITIONS=1);"
      "INSERT INTO d VALUES ('a', 1);");
  server.engine.produce("d", 0, std::string("a"), Record{"a", std::nullopt, 5});
  CHECK(server.rows("SELECT * FROM d EMIT CHANGES;") == Lines{"a | 1", "a | null"});
  CHECK(server.rows("SELECT v, k FROM d EMIT CHANGES;") == Lines{"1 | a", "null | a"});
  server.does(kSeed);
  server.does(kRows);
  CHECK(server.rows("SELECT COUNT(*) AS n FROM pageviews_enriched EMIT CHANGES LIMIT 3;") == Lines{"1", "2", "3"});
  CHECK(server.wrong("SELECT *, ROWOFFSET FROM d;").find("E20") != std::string::npos);
}

TEST_CASE("a window that is too old is not shown any more") {
  Server server;
  server.does(
      "CREATE STREAM s (k VARCHAR KEY, v INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);"
      "CREATE TABLE t AS SELECT k, SUM(v) AS n FROM s WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD 0 SECONDS) GROUP BY k;"
      "INSERT INTO s (ROWTIME, k, v) VALUES (0, 'a', 1);");
  CHECK(server.rows("SELECT * FROM t;") == Lines{"a | 0 | 60000 | 1"});
  server.does("INSERT INTO s (ROWTIME, k, v) VALUES (60000, 'a', 2);");
  // Retention is one minute: a start of 0 is not above 60000 - 60000.
  CHECK(server.rows("SELECT * FROM t;") == Lines{"a | 60000 | 120000 | 2"});
}

TEST_CASE("values are of the column's type, and a table's row has its key") {
  Server server;
  server.does(
      "CREATE TABLE t (id INT PRIMARY KEY, d DOUBLE, m DECIMAL(6,2), s VARCHAR) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', "
      "PARTITIONS=1);"
      "INSERT INTO t VALUES (1, 2, 3.1, 'x'); INSERT INTO t (id) VALUES (2);");
  CHECK(server.values("t") == Lines{R"({"D":2.0,"M":3.10,"S":"x"})", R"({"D":null,"M":null,"S":null})"});
  CHECK(server.wrong("INSERT INTO t (s) VALUES ('x');").find("key") != std::string::npos);
  CHECK(server.wrong("INSERT INTO t (id, s) VALUES (1, 2);").find("Column S is VARCHAR") != std::string::npos);
  CHECK(server.wrong("INSERT INTO t VALUES (1, 2);").find("2 values for 4 columns") != std::string::npos);
  CHECK(server.wrong("INSERT INTO t (id, zz) VALUES (1, 2);").find("ZZ") != std::string::npos);
}

TEST_CASE("the plan of the seed statement names its parts, its topics and its store") {
  Server server;
  server.does(
      "CREATE STREAM pu (userid VARCHAR KEY, regionid VARCHAR) WITH (KAFKA_TOPIC='pu', VALUE_FORMAT='JSON', PARTITIONS=3);"
      "CREATE TABLE t AS SELECT regionid, count(*) FROM pu WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY regionid EMIT CHANGES;"
      "EXPLAIN CTAS_T_2;");
  const auto has = [&](const std::string& text) { return server.printed.find(text) != std::string::npos; };
  CHECK(has("Sub-topology 0: 3 tasks, reads pu"));
  CHECK(has("Sub-topology 1: 3 tasks, reads _confluent-ksql-default_query_CTAS_T_2-Aggregate-GroupBy-repartition"));
  CHECK(has("_confluent-ksql-default_query_CTAS_T_2-Aggregate-Aggregate-Materialize-changelog"));
  // Grouped by the key it has, a stream needs no repartition topic.
  server.printed.clear();
  server.does("CREATE TABLE t2 AS SELECT userid, count(*) FROM pu GROUP BY userid; EXPLAIN CTAS_T2_3;");
  CHECK(has("Sub-topology 0"));
  CHECK_FALSE(has("Sub-topology 1"));
}

TEST_CASE("what is dropped is gone, what is terminated no longer writes") {
  Server server;
  server.does(kSeed);
  CHECK(server.wrong("DROP STREAM pageviews_enriched;").find("CTAS_T_2") != std::string::npos);
  server.does("PAUSE CTAS_T_2; INSERT INTO pageviews_enriched (ROWTIME, regionid) VALUES (1, 'eu');");
  CHECK(server.values("T").empty());
  server.does("RESUME CTAS_T_2;");
  CHECK(server.values("T").size() == 1);
  server.does("DROP TABLE t; DROP STREAM pageviews_enriched DELETE TOPIC;");
  CHECK(server.engine.queries().empty());
  CHECK(server.engine.catalog.sources.empty());
  CHECK(server.values("T").size() == 1);
  CHECK(server.values("pv").empty());
}

}  // namespace nutshell::streams
