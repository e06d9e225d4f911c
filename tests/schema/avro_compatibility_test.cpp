// The changes of rule M5, each with what BACKWARD and FORWARD say of it.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/schema/avro_resolve.h"
#include "sim/schema/registry.h"

namespace nutshell::avro_changes {
namespace {

std::string record(const std::string& fields) { return R"({"type": "record", "name": "Order", "fields": [)" + fields + "]}"; }
const std::string kId = R"({"name": "id", "type": "string"})";
const std::string kCents = R"(, {"name": "cents", "type": "int"})";

bool backward(const std::string& older, const std::string& newer) {
  return refusals(Compatibility::backward, SchemaFormat::avro, newer, {older}).empty();
}
bool forward(const std::string& older, const std::string& newer) {
  return refusals(Compatibility::forward, SchemaFormat::avro, newer, {older}).empty();
}

std::string colours(const std::string& symbols, const std::string& more = "") {
  return record(kId + R"(, {"name": "colour", "type": {"type": "enum", "name": "Colour", "symbols": [)" + symbols + "]" + more + "}}");
}

struct Change {
  const char* name;
  std::string older, newer;
  bool backward, forward;
};

TEST_CASE("M5: worked changes of a record") {
  const std::string old = record(kId + kCents);
  const std::vector<Change> changes = {
      {"add a field with a default", old, record(kId + kCents + R"(, {"name": "note", "type": "string", "default": ""})"), true, true},
      {"add a field without a default", old, record(kId + kCents + R"(, {"name": "note", "type": "string"})"), false, true},
      {"remove a field without a default", old, record(kId), true, false},
      {"remove a field with a default", record(kId + R"(, {"name": "cents", "type": "int", "default": 0})"), record(kId), true, true},
      {"int to long", old, record(kId + R"(, {"name": "cents", "type": "long"})"), true, false},
      {"int to float", old, record(kId + R"(, {"name": "cents", "type": "float"})"), true, false},
      {"int to double", old, record(kId + R"(, {"name": "cents", "type": "double"})"), true, false},
      {"int to string", old, record(kId + R"(, {"name": "cents", "type": "string"})"), false, false},
      {"string to bytes", old, record(R"({"name": "id", "type": "bytes"})" + kCents), true, true},
      {"bytes to string", record(R"({"name": "id", "type": "bytes"})" + kCents), old, true, true},
      {"rename", old, record(kId + R"(, {"name": "amount", "type": "int"})"), false, false},
      {"rename with an alias", old, record(kId + R"(, {"name": "amount", "type": "int", "aliases": ["cents"]})"), true, false},
      {"int to union(null, int)", old, record(kId + R"(, {"name": "cents", "type": ["null", "int"], "default": null})"), true, false},
      {"enum: add a symbol", colours("\"red\", \"green\""), colours("\"red\", \"green\", \"blue\""), true, false},
      {"enum: add a symbol, the old one has a default", colours("\"red\", \"green\"", R"(, "default": "red")"),
       colours("\"red\", \"green\", \"blue\"", R"(, "default": "red")"), true, true},
  };
  for (const Change& each : changes) {
    CAPTURE(each.name);
    REQUIRE(schema_problem(SchemaFormat::avro, each.older).empty());
    REQUIRE(schema_problem(SchemaFormat::avro, each.newer).empty());
    CHECK(backward(each.older, each.newer) == each.backward);
    CHECK(forward(each.older, each.newer) == each.forward);
    CHECK(refusals(Compatibility::full, SchemaFormat::avro, each.newer, {each.older}).empty() == (each.backward && each.forward));
    CHECK(refusals(Compatibility::none, SchemaFormat::avro, each.newer, {each.older}).empty());
    // What a reason says of the one is said of the other with the sides changed.
    CHECK(forward(each.newer, each.older) == each.backward);
  }
}

TEST_CASE("promotion is a table, and all of it") {
  const std::vector<std::string> kinds = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"};
  const std::vector<std::pair<std::string, std::string>> allowed = {{"int", "long"},     {"int", "float"},   {"int", "double"},
                                                                    {"long", "float"},   {"long", "double"}, {"float", "double"},
                                                                    {"string", "bytes"}, {"bytes", "string"}};
  for (const std::string& from : kinds) {
    for (const std::string& to : kinds) {
      const bool listed = from == to || std::find(allowed.begin(), allowed.end(), std::pair(from, to)) != allowed.end();
      CHECK_MESSAGE(backward("\"" + from + "\"", "\"" + to + "\"") == listed, from << " to " << to);
    }
  }
}

TEST_CASE("M4: a change that each step allows and the whole does not") {
  const std::string v1 = record(R"({"name": "a", "type": "int"})");
  const std::string v2 = record(R"({"name": "a", "type": "int"}, {"name": "b", "type": "string", "default": "x"})");
  const std::string v3 = record(R"({"name": "a", "type": "int"}, {"name": "b", "type": "string"})");
  CHECK(backward(v1, v2));
  CHECK(backward(v2, v3));
  CHECK_FALSE(backward(v1, v3));
  CHECK(refusals(Compatibility::backward, SchemaFormat::avro, v3, {v1, v2}).empty());
  const std::vector<Refusal> found = refusals(Compatibility::backward_transitive, SchemaFormat::avro, v3, {v1, v2});
  REQUIRE(found.size() == 1);
  CHECK(found[0].version == 1);
  CHECK(found[0].new_reads_old);
  CHECK(found[0].reason.where == "Order.b");
}

TEST_CASE("a reason names the field, who lacks what, and what helps") {
  const std::string old = record(kId + kCents);
  auto one = [](Compatibility level, const std::string& older, const std::string& newer) {
    const std::vector<Refusal> found = refusals(level, SchemaFormat::avro, newer, {older});
    REQUIRE(found.size() == 1);
    return found.front().reason;
  };
  CHECK(one(Compatibility::backward, old, record(kId + R"(, {"name": "amount", "type": "int"})")) ==
        SchemaReason{"Order.amount", "the writer does not write it, and the reader has no default for it",
                     "give the new field a default, or, if it is 'cents' renamed, the alias 'cents'"});
  CHECK(one(Compatibility::forward, old, record(kId)) ==
        SchemaReason{"Order.cents", "the writer does not write it, and the reader has no default for it",
                     "old readers need it: keep the field; with a default it could have gone"});
  CHECK(one(Compatibility::backward, record(kId + R"(, {"name": "cents", "type": "long"})"), old) ==
        SchemaReason{"Order.cents", "the writer writes long, which a reader of int cannot take",
                     "promotion is one-way: int may become long for readers, not back"});
  CHECK(one(Compatibility::forward, colours("\"red\""), colours("\"red\", \"blue\"")).what ==
        "the writer may write 'blue', which the reader's enum Colour has not, nor a default for it");
  CHECK(one(Compatibility::forward, old, record(kId + R"(, {"name": "cents", "type": ["null", "int"], "default": null})")).what ==
        "the writer writes null, which a reader of int cannot take");
}

TEST_CASE("unions: every branch that may be written has to find a place") {
  CHECK(backward(R"(["null", "int"])", R"(["null", "long", "string"])"));
  CHECK_FALSE(backward(R"(["null", "int", "string"])", R"(["null", "long"])"));
  CHECK(backward(R"(["int", "long"])", R"("double")"));
  CHECK_FALSE(backward(R"(["int", "string"])", R"("double")"));
  CHECK(backward(R"("int")", R"(["string", "float"])"));
  CHECK_FALSE(backward(R"("boolean")", R"(["string", "float"])"));
}

TEST_CASE("arrays, maps, fixed and named types within each other") {
  const auto with = [](const std::string& type) { return record(R"({"name": "x", "type": )" + type + "}"); };
  CHECK(backward(with(R"({"type": "array", "items": "int"})"), with(R"({"type": "array", "items": "long"})")));
  CHECK_FALSE(backward(with(R"({"type": "array", "items": "long"})"), with(R"({"type": "array", "items": "int"})")));
  CHECK_FALSE(backward(with(R"({"type": "array", "items": "int"})"), with(R"({"type": "map", "values": "int"})")));
  CHECK(backward(with(R"({"type": "map", "values": "int"})"), with(R"({"type": "map", "values": ["null", "int"]})")));
  CHECK_FALSE(backward(with(R"({"type": "fixed", "name": "F", "size": 4})"), with(R"({"type": "fixed", "name": "F", "size": 5})")));
  CHECK_FALSE(backward(with(R"({"type": "fixed", "name": "F", "size": 4})"), with(R"({"type": "fixed", "name": "G", "size": 4})")));
  CHECK(backward(with(R"({"type": "fixed", "name": "F", "size": 4})"),
                 with(R"({"type": "fixed", "name": "G", "size": 4, "aliases": ["F"]})")));
  // Names count without their namespaces, as Avro says.
  CHECK(backward(with(R"({"type": "fixed", "name": "a.F", "size": 4})"), with(R"({"type": "fixed", "name": "b.F", "size": 4})")));
  // A logical type is the type below it.
  CHECK(backward(with(R"({"type": "int", "logicalType": "date"})"), with(R"({"type": "long", "logicalType": "timestamp-millis"})")));
  const std::vector<Refusal> found = refusals(
      Compatibility::backward, SchemaFormat::avro,
      with(R"({"type": "array", "items": {"type": "record", "name": "Line", "fields": [{"name": "n", "type": "int"}]}})"),
      {with(R"({"type": "array", "items": {"type": "record", "name": "Line", "fields": [{"name": "n", "type": "string"}]}})")});
  REQUIRE(found.size() == 1);
  CHECK(found[0].reason.where == "Order.x[].n");
}

TEST_CASE("types that hold themselves are compared to their end") {
  const auto tree = [](const std::string& value, const std::string& more = "") {
    return R"({"type": "record", "name": "Tree", "fields": [{"name": "value", "type": )" + value +
           R"(}, {"name": "left", "type": ["null", "Tree"]}, {"name": "right", "type": ["null", "Tree"]})" + more + "]}";
  };
  CHECK(backward(tree("\"int\""), tree("\"long\"")));
  CHECK_FALSE(forward(tree("\"int\""), tree("\"long\"")));
  CHECK_FALSE(backward(tree("\"int\""), tree("\"int\"", R"(, {"name": "n", "type": "int"})")));
  CHECK(backward(tree("\"int\""), tree("\"int\"", R"(, {"name": "n", "type": "int", "default": 0})")));
}

TEST_CASE("an alias of a field that the reader has besides is not taken twice") {
  const std::string old = record(R"({"name": "id", "type": "string"})");
  CHECK_FALSE(backward(old, record(R"({"name": "id", "type": "string"}, {"name": "key", "type": "string", "aliases": ["id"]})")));
}

}  // namespace
}  // namespace nutshell::avro_changes
