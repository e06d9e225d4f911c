// The twenty mistakes: each is told with its number, its place and what to write instead.
#include "tests/streams/fixture.h"

namespace nutshell::streams {

namespace {

constexpr const char* kSources =
    "CREATE STREAM s (k VARCHAR KEY, a INT, b VARCHAR) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=2);"
    "CREATE STREAM s2 (k VARCHAR KEY, a INT, c BIGINT) WITH (KAFKA_TOPIC='s2', VALUE_FORMAT='JSON', PARTITIONS=2);"
    "CREATE STREAM s3 (k VARCHAR KEY, a INT) WITH (KAFKA_TOPIC='s3', VALUE_FORMAT='JSON', PARTITIONS=3);"
    "CREATE TABLE t (id VARCHAR PRIMARY KEY, x INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', PARTITIONS=2);"
    "CREATE TABLE n (id INT PRIMARY KEY, x INT) WITH (KAFKA_TOPIC='n', VALUE_FORMAT='JSON', PARTITIONS=2);"
    "CREATE TABLE made AS SELECT k, COUNT(*) AS n FROM s GROUP BY k;"
    "CREATE STREAM `small` (k VARCHAR KEY, a INT) WITH (KAFKA_TOPIC='small', VALUE_FORMAT='JSON', PARTITIONS=1);";

struct Mistake {
  const char* rule;
  const char* statement;
  // A part of what has to be said.
  const char* says;
};

const Mistake kMistakes[] = {
    {"E1", "SELEC * FROM s;", "Did you mean SELECT?"},
    {"E1", "SELECT k a b FROM s EMIT CHANGES;", "'FROM'"},
    {"E1", "CREATE STREAM o AS SELECT k, a FROM s GROUP BY k WHERE a > 1;", "order of clauses"},
    {"E1", "SELECT * FROM s EMIT CHANGES ORDER BY a;", "no ORDER"},
    {"E2", "CREATE STREAM values (a INT) WITH (KAFKA_TOPIC='x', VALUE_FORMAT='JSON', PARTITIONS=1);", "`VALUES`"},
    {"E3", "SELECT * FROM s EMIT CHANGES", "semicolon"},
    {"E3", "CREATE STREAM o (a INT) WITH (KAFKA_TOPIC=\"x\");", "single quotes: 'x'"},
    {"E4", "SELECT * FROM ss EMIT CHANGES;", "SS does not exist"},
    {"E4", "SELECT * FROM small EMIT CHANGES;", "`small`"},
    {"E5", "CREATE STREAM o AS SELECT k, aa FROM s;", "Columns are K, A, B"},
    {"E5", "CREATE STREAM o AS SELECT * FROM s WHERE aa > 1;", "WHERE: column AA"},
    {"E5", "CREATE STREAM o AS SELECT s.k, a FROM s JOIN s2 WITHIN 1 HOUR ON s.k = s2.k;", "S and S2"},
    {"E6", "CREATE STREAM o AS SELECT s.k, b FROM s JOIN s2 ON s.k = s2.k;", "WITHIN 1 HOUR"},
    {"E6", "CREATE STREAM o AS SELECT s.k, x FROM s JOIN t WITHIN 1 HOUR ON s.k = t.id;", "Leave WITHIN out"},
    {"E7", "CREATE STREAM o AS SELECT s.k, x FROM s JOIN t ON s.a = t.x;", "primary key ID"},
    {"E7", "CREATE STREAM o AS SELECT s.k, x FROM t JOIN s ON s.k = t.id;", "FROM S JOIN T"},
    {"E7", "CREATE STREAM o AS SELECT s.k, x FROM s JOIN t ON s.k > t.id;", "equality"},
    {"E7", "CREATE STREAM o AS SELECT s.k, x FROM s JOIN t ON s.k = t.id AND s.a = t.x;", "one condition"},
    {"E8", "CREATE STREAM o AS SELECT s.k, x FROM s JOIN n ON s.k = n.id;", "INTEGER"},
    {"E8", "CREATE STREAM o AS SELECT s.k, b FROM s JOIN s3 WITHIN 1 HOUR ON s.k = s3.k;", "3"},
    {"E9", "CREATE STREAM o AS SELECT s.k, x FROM s FULL OUTER JOIN t ON s.k = t.id;", "LEFT JOIN exist"},
    {"E10", "CREATE STREAM o AS SELECT a FROM s;", "K is missing"},
    {"E10", "CREATE STREAM o AS SELECT s.k AS k, b FROM s FULL OUTER JOIN s2 WITHIN 1 HOUR ON s.k = s2.k;", "ROWKEY"},
    {"E11", "CREATE STREAM o AS SELECT k, k AS l, a FROM s;", "AS_VALUE"},
    {"E11", "CREATE STREAM o AS SELECT k FROM s;", "key columns only"},
    {"E12", "CREATE TABLE o AS SELECT k, b, COUNT(*) FROM s GROUP BY k;", "add it to GROUP BY"},
    {"E12", "CREATE TABLE o AS SELECT k, COUNT(*) FROM s GROUP BY k HAVING a > 1;", "WHERE"},
    {"E13", "CREATE TABLE o AS SELECT k, a FROM s GROUP BY k, a;", "COUNT(*)"},
    {"E13", "CREATE STREAM o AS SELECT * FROM s WHERE COUNT(*) > 1;", "HAVING"},
    {"E13", "CREATE TABLE o AS SELECT k, SUM(COUNT(a)) FROM s GROUP BY k;", "nested"},
    {"E13", "CREATE TABLE o AS SELECT k, COUNT(*) FROM s;", "GROUP BY"},
    {"E14", "CREATE STREAM o AS SELECT * FROM s WINDOW TUMBLING (SIZE 1 HOUR);", "GROUP BY"},
    {"E14", "CREATE TABLE o AS SELECT id, COUNT(*) FROM t WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY id;", "is a table"},
    {"E14", "CREATE TABLE o AS SELECT k, COUNT(*) FROM s GROUP BY k EMIT FINAL;", "EMIT CHANGES"},
    {"E14", "CREATE TABLE o AS SELECT k, COUNT(*) FROM s WINDOW TUMBLING (SIZE 1 HOUR, RETENTION 1 HOUR) GROUP BY k;",
     "shorter"},
    {"E15", "CREATE STREAM o AS SELECT k, COUNT(*) FROM s GROUP BY k;", "CREATE TABLE"},
    {"E15", "CREATE TABLE o AS SELECT * FROM s;", "CREATE STREAM"},
    {"E15", "INSERT INTO t SELECT k, a FROM s;", "is a table"},
    {"E15", "INSERT INTO s SELECT k, a FROM s2;", "(K VARCHAR(STRING) KEY, A INTEGER, B VARCHAR(STRING))"},
    {"E16", "CREATE STREAM o (a INT) WITH (KAFKA_TOPIC='new', VALUE_FORMAT='JSON');", "PARTITIONS=1"},
    {"E16", "CREATE STREAM o (a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=9);", "2 partitions, not 9"},
    {"E16", "CREATE STREAM o (a INT) WITH (KAFKA_TOPIC='s');", "VALUE_FORMAT='JSON'"},
    {"E16", "CREATE STREAM o (a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JASON');", "Did you mean JSON?"},
    {"E16", "CREATE STREAM o (a INT) WITH (KAFKA_TOPIC='s', FORMAT='JSON', VALUE_FORMAT='JSON');", "FORMAT stands for both"},
    {"E17", "CREATE TABLE o AS SELECT a, b, COUNT(*) FROM s GROUP BY a, b;", "KEY_FORMAT='JSON'"},
    {"E17", "CREATE STREAM o (k VARCHAR KEY, a ARRAY<INT>) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='DELIMITED');", "DELIMITED"},
    {"E18", "CREATE TABLE o (k VARCHAR, a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');", "PRIMARY KEY"},
    {"E18", "CREATE TABLE o (k VARCHAR KEY, a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');",
     "K VARCHAR(STRING) PRIMARY KEY"},
    {"E18", "CREATE STREAM s (a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');", "already"},
    {"E18", "CREATE STREAM o (rowtime INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');", "ROWTIME"},
    {"E19", "CREATE STREAM o AS SELECT k, a + b AS c FROM s;", "INTEGER and VARCHAR"},
    {"E19", "CREATE STREAM o AS SELECT k, SUBSTRING(a, 1) AS c FROM s;", "SUBSTRING(VARCHAR, INT)"},
    {"E19", "CREATE STREAM o AS SELECT k, SUBSTR(b, 1) AS c FROM s;", "There is no function SUBSTR"},
    {"E19", "CREATE STREAM o AS SELECT k, a FROM s WHERE b = 1;", "CAST"},
    {"E19", "CREATE STREAM o AS SELECT k, a FROM s WHERE a = NULL;", "IS NULL"},
    {"E20", "SELECT k, COUNT(*) FROM s GROUP BY k;", "EMIT CHANGES"},
    {"E20", "SELECT * FROM t WHERE id = 'a';", "CREATE TABLE"},
    {"E20", "DROP STREAM s;", "TERMINATE CTAS_MADE_"},
};

}  // namespace

TEST_CASE("every mistake has its number, its place and a way out") {
  for (const Mistake& mistake : kMistakes) {
    Server server;
    server.does(kSources);
    const std::size_t sources = server.engine.catalog.sources.size();
    const std::size_t queries = server.engine.queries().size();
    const bool select = std::string(mistake.statement).rfind("SELECT", 0) == 0;
    const std::string said = server.wrong(mistake.statement);
    INFO(mistake.statement << " -> " << said << select);
    CHECK(said.rfind("line 1, column ", 0) == 0);
    CHECK(said.find(std::string("(") + mistake.rule + ")") != std::string::npos);
    CHECK(said.find(mistake.says) != std::string::npos);
    // Nothing is half done.
    CHECK(server.engine.catalog.sources.size() == sources);
    CHECK(server.engine.queries().size() == queries);
  }
}

TEST_CASE("a place counts lines and columns from one") {
  Server server;
  server.does(kSources);
  CHECK(server.wrong("-- a comment\n  SELECT *\n  FROM nobody EMIT CHANGES;").rfind("line 3, column 8: NOBODY", 0) == 0);
  server.does("DEFINE source = 's';");
  CHECK(server.rows("SELECT * FROM s EMIT CHANGES;").empty());
  CHECK(server.wrong("DEFINE c = 'zz'; SELECT ${c} FROM s EMIT CHANGES;").find("column ZZ") != std::string::npos);
}

}  // namespace nutshell::streams
