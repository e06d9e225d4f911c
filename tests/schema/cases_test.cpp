// Changes of schemas, sentence by sentence of M4 to M7, in tests/vectors/schema: written by hand from the rules, run as a stranger's
// cases would be (nutshell schema test).
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "sim/json/json_tree.h"
#include "sim/schema/case.h"
#include "sim/schema/registry.h"

namespace nutshell::schema_cases {
namespace {

void all_hold(const std::string& name, std::size_t least) {
  std::ifstream in(std::string(NUTSHELL_SOURCE_DIR) + "/tests/vectors/schema/" + name);
  const auto results = run_schema_cases(std::string(std::istreambuf_iterator<char>(in), {}), name);
  CHECK(results.size() >= least);
  for (const SchemaVerdict& each : results) CHECK_MESSAGE(each.why.empty(), each.name << ": " << each.why);
}

std::string verdict(const std::string& text) { return run_schema_cases(text, "it").at(0).why; }

}  // namespace

TEST_CASE("M4, M5: cases of Avro") { all_hold("avro.json", 50); }
TEST_CASE("M6: cases of Protobuf") { all_hold("protobuf.json", 50); }
TEST_CASE("M7: cases of JSON Schema") { all_hold("json_schema.json", 30); }

TEST_CASE("a case that does not hold says what differs, and one that is none what to write") {
  CHECK(verdict(R"({"old": ["int"], "new": "long", "allowed": true})") == "");
  CHECK(verdict(R"({"old": "int", "new": "long", "mode": "forward", "allowed": true})").find("forward is refused, not allowed") == 0);
  CHECK(verdict(R"({"writer": ["null", "int"], "reader": "int", "reads": false})") == "");  // a union, not two versions
  CHECK(verdict(R"({"old": ["int"], "new": "long", "mode": "SIDEWAYS", "allowed": true})").find("there is no level") == 0);
  CHECK(verdict(R"({"old": ["int"], "new": "long"})").find("\"allowed\"") != std::string::npos);
  CHECK(verdict(R"({"new": "long"})").find("\"old\"") != std::string::npos);
  CHECK(verdict("[1]") == "a case is a JSON object");
  CHECK(verdict("{").find("line 1") == 0);
}

TEST_CASE("what is no schema is told with its line") {
  const std::string avro = "{\"type\": \"record\",\n \"name\": \"Order\",\n \"fields\": [\n  {\"name\": \"id\", \"type\": \"string\"},\n"
                           "  {\"name\": \"cents\",\n   \"type\": \"integer\"}\n ]}\n";
  CHECK(schema_problem_by_line(SchemaFormat::avro, avro).find("line 6, Order.cents: there is no type 'integer'") == 0);
  const std::string fallback = "// a comment\n{\"type\": \"record\", \"name\": \"O\", /* and\n another */ \"fields\": [\n"
                               " {\"name\": \"a\\\"{\", \"type\": \"int\"}]}";
  CHECK(schema_problem_by_line(SchemaFormat::avro, fallback).find("line 4, O: each field needs a \"name\"") == 0);
  const std::string wrong_default = "{\"type\":\"record\",\"name\":\"O\",\"fields\":[\n{\"name\":\"a\",\"type\":\"int\"},\n"
                                    "{\"name\":\"b\",\"type\":\"int\",\n\"default\":\n\"x\"}]}";
  CHECK(schema_problem_by_line(SchemaFormat::avro, wrong_default).find("line 5, O.b: its default") == 0);
  const std::string json =
      "{\n \"type\": \"object\",\n \"properties\": {\n  \"a\": {\"type\": \"string\"},\n  \"b\": {\n   \"type\": \"strin\"}}}";
  CHECK(schema_problem_by_line(SchemaFormat::json, json).find("line 5, the schema.b: \"strin\" is no type") == 0);
  CHECK(schema_problem_by_line(SchemaFormat::protobuf, "syntax = \"proto3\";\nmessage A {\n string a;\n}").find("line 3") == 0);
  CHECK(schema_problem_by_line(SchemaFormat::avro, "{\"type\":\n \"int\"") != "");
  CHECK(schema_problem_by_line(SchemaFormat::avro, "\"int\"") == "");
}

// Every value of a text, by a second way: each stands in a line of its own.
TEST_CASE("the line of a value is the one in which it begins") {
  const std::string text = "[\n1,\n\"a,]\\\"b\",\n{\n\"k\":\n[\ntrue,\nnull]},\n-1.5e3\n]";
  const std::size_t lines[] = {2, 3, 7, 8, 6, 4, 9, 1};  // inner values end before what holds them
  for (std::int32_t i = 0; i < 8; ++i) CHECK(line_of_value(text, i + 1) == lines[i]);
}

}  // namespace nutshell::schema_cases
