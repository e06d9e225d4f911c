// Functions, as the documentation of ksqlDB and of the Java classes that it calls has them.
#include "tests/streams/fixture.h"

using namespace nutshell::streams;

namespace {

// What an expression comes to.
std::string value_of(const std::string& expression) {
  Server server;
  server.does("CREATE STREAM s (k VARCHAR KEY, v INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);"
              "INSERT INTO s VALUES ('a', 1);");
  const std::vector<std::string> rows = server.rows("SELECT " + expression + " AS r FROM s;");
  REQUIRE(rows.size() == 1);
  return rows[0];
}

struct Case {
  const char* expression;
  const char* value;
};

void check(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    CAPTURE(each.expression);
    CHECK(value_of(each.expression) == each.value);
  }
}

}  // namespace

TEST_CASE("patterns extract, replace and split") {
  check({{"REGEXP_EXTRACT('(.*) (.*)', 'hello there', 2)", "there"},
         {"REGEXP_EXTRACT('.*o ', 'hello there')", "hello "},
         {"REGEXP_EXTRACT('z', 'hello there')", "null"},
         {"REGEXP_EXTRACT('(h)', 'hello there', 5)", "null"},
         {"REGEXP_EXTRACT('(h', 'hello there')", "null"},
         {"REGEXP_EXTRACT_ALL('(\\w+)@(\\w+)', 'a@b c@d', 2)", "[\"b\",\"d\"]"},
         {"REGEXP_REPLACE('baababaa', 'a+', 'x')", "bxbxbx"},
         {"REGEXP_REPLACE('a1b22', '([a-z])(\\d+)', '$2$1')", "1a22b"},
         {"REGEXP_SPLIT_TO_ARRAY('abcdefg', 'd')", "[\"abc\",\"efg\"]"},
         {"REGEXP_SPLIT_TO_ARRAY('aabcda', 'a')", "[\"\",\"\",\"bcd\",\"\"]"},
         {"REGEXP_SPLIT_TO_ARRAY('abc', '')", "[\"a\",\"b\",\"c\"]"},
         {"REGEXP_SPLIT_TO_ARRAY('x-y:z', '(-|:)')", "[\"x\",\"y\",\"z\"]"}});
}

TEST_CASE("a URL is taken apart") {
  const std::string url = "'https://user@docs.example.io:8080/a%20b/c?topic=ksql&e=x%2By&flag#scalar'";
  const auto of = [&url](const std::string& part, const std::string& rest = "") {
    return value_of("URL_EXTRACT_" + part + "(" + url + rest + ")");
  };
  CHECK(of("PROTOCOL") == "https");
  CHECK(of("HOST") == "docs.example.io");
  CHECK(of("PORT") == "8080");
  CHECK(of("PATH") == "/a b/c");
  CHECK(of("FRAGMENT") == "scalar");
  CHECK(of("PARAMETER", ", 'topic'") == "ksql");
  CHECK(of("PARAMETER", ", 'e'") == "x+y");
  CHECK(of("PARAMETER", ", 'flag'") == "");
  CHECK(of("PARAMETER", ", 'none'") == "null");
  check({{"URL_EXTRACT_PORT('https://a.b/')", "null"},
         {"URL_EXTRACT_HOST('http://[::1]:9/x')", "[::1]"},
         {"URL_EXTRACT_QUERY('https://a.b/?x=1&y=2')", "x=1&y=2"},
         {"URL_EXTRACT_QUERY('https://a.b/')", "null"},
         {"URL_EXTRACT_HOST('a b')", "null"},
         {"URL_ENCODE_PARAM('url encoded 50%')", "url+encoded+50%25"},
         {"URL_DECODE_PARAM('url+encoded+50%25')", "url encoded 50%"},
         {"URL_DECODE_PARAM('50%2')", "null"}});
}

TEST_CASE("numbers: angles, distances and bytes") {
  check({{"SIN(0)", "0.0"},
         {"COS(0.0)", "1.0"},
         {"TAN(0.43)", "0.45862102348555517"},
         {"ATAN2(1.1, 0.24)", "1.355980926393238"},
         {"COT(0)", "Infinity"},
         {"GEO_DISTANCE(37.4439, -122.1663, 51.5257, -0.1122) > 8634", "true"},
         {"GEO_DISTANCE(37.4439, -122.1663, 51.5257, -0.1122, 'MI') < 5367", "true"},
         {"GEO_DISTANCE(100.0, 0.0, 0.0, 0.0)", "null"},
         {"INT_FROM_BYTES(TO_BYTES('0000002A', 'hex'))", "42"},
         {"INT_FROM_BYTES(TO_BYTES('FFFFFFFE', 'hex'))", "-2"},
         {"BIGINT_FROM_BYTES(TO_BYTES('2A00000000000000', 'hex'), 'LITTLE_ENDIAN')", "42"},
         {"DOUBLE_FROM_BYTES(TO_BYTES('4045000000000000', 'hex'))", "42.0"},
         {"INT_FROM_BYTES(TO_BYTES('2A', 'hex'))", "null"}});
}

TEST_CASE("JSON texts become one") {
  check({{"JSON_CONCAT('{\"a\": 1}', '{\"b\": 2, \"a\": 3}')", "{\"a\":3,\"b\":2}"},
         {"JSON_CONCAT('[1]', '[2, 3]')", "[1,2,3]"},
         {"JSON_CONCAT('[1]', '5', '{\"a\": 1}')", "[1,5,{\"a\":1}]"},
         {"JSON_CONCAT('[1]', 'no json')", "null"}});
}
