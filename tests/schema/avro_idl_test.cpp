// Avro's interface language: what it says is what the same record in JSON says.
#include <doctest/doctest.h>

#include <string>

#include "sim/schema/avro_idl.h"

namespace nutshell {
namespace {

// The JSON without what differs in blanks only.
std::string plain(std::string_view json) { return compact_json(*parse_json_tree(json).tree); }

}  // namespace

TEST_CASE("Avro IDL: types, defaults, unions and aliases come out as JSON that is a schema") {
  const AvroIdlResult read = avro_json_of(R"(record shop.Order {
    string id; @aliases(["total", "price"]) long cents = 5; array<string> tags = []; map<int?> counts;
    union { null, string } note = null; double? tax = null; string? `union` = "x; y";
  })");
  REQUIRE(read.problem == "");
  CHECK(plain(read.json) == plain(R"({"type": "record", "name": "shop.Order", "fields": [
    {"name": "id", "type": "string"},
    {"name": "cents", "type": "long", "aliases": ["total", "price"], "default": 5},
    {"name": "tags", "type": {"type": "array", "items": "string"}, "default": []},
    {"name": "counts", "type": {"type": "map", "values": ["null", "int"]}},
    {"name": "note", "type": ["null", "string"], "default": null},
    {"name": "tax", "type": ["null", "double"], "default": null},
    {"name": "union", "type": ["string", "null"], "default": "x; y"}]})"));
  CHECK(read_avro(read.json).problem == "");
  CHECK(avro_fields_text(*read_avro(avro_json_of("record R { string id; int cents = 3; }").json).schema) == "id string, cents int = 3");
}

TEST_CASE("Avro IDL: JSON stays as it is, and what cannot be read is told") {
  CHECK(avro_json_of(R"("string")").json == R"("string")");
  CHECK(avro_json_of(R"( {"type": "int"})").json == R"( {"type": "int"})");
  for (const char* bad : {"", "Order { }", "record { }", "record R { string id }", "record R { string; }", "record R { string id = ; }",
                          "record R { string id; } more", "record R { union { null, string id; }", "record R { array string ids; }",
                          "record R { @aliases string id; }", "record R {", "record R { string id = {\"a\":; }"}) {
    INFO(bad);
    CHECK(avro_json_of(bad).problem.find("the Avro IDL ") == 0);
    CHECK(avro_json_of(bad).json.empty());
  }
}

}  // namespace nutshell
