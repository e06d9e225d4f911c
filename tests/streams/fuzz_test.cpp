// Whatever is typed, the answer is a complaint or a result; whatever is computed, it comes to an end.
#include <cstring>

#include "sim/core/random.h"
#include "sim/streams/case.h"
#include "sim/streams/format.h"
#include "tests/streams/fixture.h"

namespace nutshell::streams {

namespace {

constexpr const char* kSetting =
    "CREATE STREAM s (k VARCHAR KEY, a INT, b VARCHAR, d DOUBLE, m DECIMAL(6,2), l ARRAY<INT>, p MAP<VARCHAR, INT>, q STRUCT<x "
    "INT, y "
    "VARCHAR>) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);"
    "CREATE STREAM r (k VARCHAR KEY, a INT) WITH (KAFKA_TOPIC='r', VALUE_FORMAT='DELIMITED', PARTITIONS=1);"
    "CREATE TABLE t (k VARCHAR PRIMARY KEY, x INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', PARTITIONS=1);";

const std::vector<std::string>& seeds() {
  static const std::vector<std::string> kSeeds = {
      "CREATE STREAM o AS SELECT k, a + 1 AS c, CASE WHEN a > 0 THEN 'x' ELSE b END AS e FROM s WHERE b LIKE '%a_' AND a "
      "BETWEEN 1 AND 9;",
      "CREATE TABLE o AS SELECT b, COUNT(*), SUM(a), TOPK(d, 3), COLLECT_LIST(l) FROM s WINDOW HOPPING (SIZE 10 SECONDS, "
      "ADVANCE BY 2 "
      "SECONDS, GRACE PERIOD 5 SECONDS) GROUP BY b HAVING COUNT(*) > 1 EMIT CHANGES;",
      "CREATE TABLE o AS SELECT k, LATEST_BY_OFFSET(a, 2) FROM s WINDOW SESSION (5 SECONDS) GROUP BY k EMIT FINAL;",
      "CREATE STREAM o AS SELECT s.k, s.a, r.a FROM s LEFT JOIN r WITHIN (1 SECONDS, 2 SECONDS) GRACE PERIOD 3 SECONDS ON s.k "
      "= r.k;",
      "CREATE STREAM o AS SELECT s.k AS k, x FROM s LEFT JOIN t ON s.k = t.k WHERE s.a IN (1, 2) OR x IS NULL;",
      "SELECT k, l[1], p['a'], q->x, TRANSFORM(l, v => v * 2), CAST(d AS DECIMAL(5,1)) FROM s EMIT CHANGES LIMIT 3;",
      "INSERT INTO s (ROWTIME, k, a, b, d, m, l, p, q) VALUES (1, 'a', 2, 'ab', 1.5e3, 2.25, ARRAY[1,2], MAP('a' := 1), "
      "STRUCT(x := 1, y := "
      "'z'));",
      "SELECT EXPLODE(l) AS e, INSTR(b, 'a'), POWER(d, 0.5), LN(d), ROUND(m, 1), TIMESTAMPTOSTRING(ROWTIME, 'yyyy-MM-dd') FROM "
      "s EMIT CHANGES;",
  };
  return kSeeds;
}

// One word exchanged for a word of any statement, or a character, or a piece left out or doubled.
std::string mutated(std::uint64_t seed) {
  std::uint64_t nth = 0;
  const auto pick = [&](std::size_t bound) {
    return static_cast<std::size_t>(below(draw(seed, Purpose::fuzz, 0, nth++), bound));
  };
  std::string text = seeds()[pick(seeds().size())];
  const std::size_t times = 1 + pick(3);
  for (std::size_t n = 0; n < times; ++n) {
    const std::size_t at = pick(text.size());
    const std::size_t length = 1 + pick(6);
    const std::size_t how = pick(5);
    if (how == 0) text.erase(at, length);
    if (how == 1) text.insert(at, text.substr(at, length));
    if (how == 2) text[at] = pick(8) == 0 ? static_cast<char>(pick(256)) : "abkstx01239,+*'"[pick(15)];
    if (how == 3) {
      const std::string& other = seeds()[pick(seeds().size())];
      const std::size_t from = pick(other.size());
      text.insert(at, other.substr(from, length * 2));
    }
    if (how == 4)
      text.insert(at, " " +
                          std::vector<std::string>{"(", ")", "NULL", "-", "9223372036854775807", "1e400", "''", "GROUP BY",
                                                   "``"}[pick(9)] +
                          " ");
    if (text.empty()) text = ";";
  }
  return text;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a mutated statement is refused or carried out") {
  for (const std::string& statement : seeds()) {
    Server server;
    server.does(kSetting);
    server.does(statement);
  }
  std::size_t accepted = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Server server;
    server.does(kSetting);
    const std::string statement = mutated(seed);
    INFO(statement);
    const std::string said = server.wrong(statement);
    if (said.empty()) {
      ++accepted;
      server.wrong(
          "INSERT INTO s (ROWTIME, k, a, b, d, l) VALUES (1, 'a', 2, 'abc', -1.5, ARRAY[1, 2]); INSERT INTO t VALUES ('a', "
          "1);");
      server.wrong("INSERT INTO s (ROWTIME, k) VALUES (9999999, 'a'); INSERT INTO r (ROWTIME, k, a) VALUES (2, 'a', 3);");
    } else {
      CHECK(said.rfind("line ", 0) == 0);
    }
  }
  // Some still mean something: the mutations are not all noise.
  CHECK(accepted > 40);
}

TEST_CASE("nesting has an end, and so has what is long") {
  const auto refused = [](const std::string& expression) {
    Server server;
    server.does(kSetting);
    return !server.wrong("CREATE STREAM o AS SELECT k, " + expression + " AS c FROM s;").empty();
  };
  CHECK_FALSE(refused(repeated("(", 100) + "a" + repeated(")", 100)));
  CHECK(refused(repeated("(", 100'000) + "a" + repeated(")", 100'000)));
  CHECK(refused(repeated("(", 100'000)));
  CHECK_FALSE(refused("a" + repeated(" + 1", 200)));
  CHECK(refused("a" + repeated(" + 1", 100'000)));
  CHECK(refused(repeated("- ", 100'000) + "a"));
  CHECK(refused(repeated("NOT ", 100'000) + "true"));
  CHECK(refused(repeated("CASE ", 60) + "a" + repeated(" WHEN 1 THEN 1 WHEN 2 THEN 2 END", 60)));
  CHECK(refused(repeated("ABS(", 5'000) + "a" + repeated(")", 5'000)));
  CHECK(refused(repeated("ARRAY[", 5'000) + "a" + repeated("]", 5'000)));
  CHECK(refused(repeated("l[", 5'000)));
  CHECK(refused("CAST(a AS " + repeated("ARRAY<", 5'000) + "INT" + repeated(">", 5'000) + ")"));
  CHECK(refused("a" + repeated("->x", 10'000)));
  CHECK(refused(repeated("x", 1'000'000)));
  CHECK_FALSE(refused("'" + repeated("x", 1'000'000) + "'"));
  Complaint none;
  std::map<std::string, std::string> variables;
  CHECK(parse_script(repeated(";", 1'000'000), variables, none).empty());
  CHECK(parse_script(repeated("SET 'a'='b';", 20'000), variables, none).size() == 20'000);
  Server server;
  server.does("CREATE STREAM " + repeated("n", 500) + " (" + repeated("c", 500) +
              " INT) WITH (KAFKA_TOPIC='x', VALUE_FORMAT='JSON', PARTITIONS=1);");
  CHECK_FALSE(server.wrong("SELECT * FROM " + repeated("m", 10'000) + " EMIT CHANGES;").empty());
}

TEST_CASE("rows that are no rows are skipped, whatever they are") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Server server;
    server.does(kSetting);
    server.does(
        "CREATE STREAM o AS SELECT k, a + 1 AS c, l[1] AS e, q->y AS y FROM s; CREATE TABLE w AS SELECT k, COUNT(*) AS n, "
        "AVG(d) AS v FROM s "
        "WINDOW TUMBLING (SIZE 1 SECOND) GROUP BY k;");
    std::uint64_t nth = 0;
    std::string value = R"({"A": 1, "B": "x", "D": 1.5, "M": 2.50, "L": [1, 2], "P": {"a": 1}, "Q": {"X": 1, "Y": "z"}})";
    for (int i = 0; i < 3; ++i) {
      const std::size_t at = static_cast<std::size_t>(below(draw(seed, Purpose::fuzz, 1, nth++), value.size()));
      value[at] = "{}[]\",:0123456789eE.-ntf"[below(draw(seed, Purpose::fuzz, 1, nth++), 24)];
    }
    const std::int64_t time = static_cast<std::int64_t>(draw(seed, Purpose::fuzz, 1, nth++) >> (seed % 40));
    server.engine.produce("s", 0, std::string("k"), Record{"k", value, time % 4'000'000'000'000});
    server.engine.run();
    // A row is read whole or not at all.
    CHECK(server.values("O").size() == server.values("W").size());
  }
}

TEST_CASE("a flat row is read without a tree as with one") {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    std::uint64_t nth = 0;
    std::string value = R"({"A": 1, "B": "x\u0041y", "D": 1.5, "M": 2.50, "b": "z", "C": null, "E": true})";
    const std::size_t times = below(draw(seed, Purpose::fuzz, 7, nth++), 4);
    for (std::size_t i = 0; i < times; ++i) {
      const std::size_t at = static_cast<std::size_t>(below(draw(seed, Purpose::fuzz, 7, nth++), value.size()));
      value[at] = "{}[]\",:0123456789eE.-ntfABb \\"[below(draw(seed, Purpose::fuzz, 7, nth++), 29)];
    }
    // A list beside the rest makes the reader take the long way.
    const std::size_t close = value.rfind('}');
    if (close == std::string::npos) continue;
    std::string other = value;
    other.insert(close, other.find('"') == std::string::npos ? "\"ZZ\":[]" : ",\"ZZ\":[]");
    Columns columns;
    for (const auto& [name, type] :
         {std::pair{"A", Base::integer}, std::pair{"B", Base::text}, std::pair{"E", Base::boolean}}) {
      columns.push_back({name, simple(type), false, KeyMark::none, ""});
    }
    std::string why;
    const auto plain = read_row(Format{}, columns, false, value, why);
    const auto tree = read_row(Format{}, columns, false, other, why);
    INFO(value);
    if (plain && tree) CHECK(*plain == *tree);
    // What a tree finds wrong, the short way does not let pass, but for a number that is none in a field of nobody.
    if (!tree && plain) CHECK(value.find_first_of("eE.-0123456789") != std::string::npos);
  }
}

TEST_CASE("a value is written and read back, bit by bit") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const std::uint64_t bits = draw(seed, Purpose::fuzz, 2, 0);
    double number = 0;
    static_assert(sizeof number == sizeof bits);
    std::memcpy(&number, &bits, sizeof number);
    const Value value(List{Value(number), Value(static_cast<std::int64_t>(bits)),
                           Value(Decimal(static_cast<Int128>(bits) * 1'000'000'007, static_cast<int>(seed % 30))),
                           Value(std::string(1, static_cast<char>(seed % 128)) + "\"\\x"), Value(), Value(true),
                           Value(List{})});
    CHECK(decode(encode(value)) == value);
  }
}

}  // namespace nutshell::streams
