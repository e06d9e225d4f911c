// The changes of rule M7 and of the keywords beside them, each with what BACKWARD and FORWARD say of it.
#include "sim/schema/json_schema.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/schema/registry.h"

namespace nutshell::json_changes {
namespace {

bool allows(Compatibility level, const std::string& older, const std::string& newer) {
  REQUIRE_MESSAGE(schema_problem(SchemaFormat::json, older).empty(), older << ": " << schema_problem(SchemaFormat::json, older));
  REQUIRE_MESSAGE(schema_problem(SchemaFormat::json, newer).empty(), newer << ": " << schema_problem(SchemaFormat::json, newer));
  return refusals(level, SchemaFormat::json, newer, {older}).empty();
}

std::string open(const std::string& properties, const std::string& more = "") {
  return R"({"type": "object", "properties": {)" + properties + "}" + more + "}";
}
std::string closed(const std::string& properties, const std::string& more = "") {
  return open(properties, R"(, "additionalProperties": false)" + more);
}
const std::string kId = R"("id": {"type": "string"})";
const std::string kNote = R"(, "note": {"type": "string"})";

struct Change {
  const char* name;
  std::string older, newer;
  bool backward, forward;
};

void check(const std::vector<Change>& changes) {
  for (const Change& each : changes) {
    CAPTURE(each.name);
    CHECK(allows(Compatibility::backward, each.older, each.newer) == each.backward);
    CHECK(allows(Compatibility::forward, each.older, each.newer) == each.forward);
    CHECK(allows(Compatibility::full, each.older, each.older));
  }
}

TEST_CASE("M7: properties, in open and in closed models") {
  check({
      {"add an optional property, open", open(kId), open(kId + kNote), false, true},
      {"add an optional property, closed", closed(kId), closed(kId + kNote), true, false},
      {"remove an optional property, open", open(kId + kNote), open(kId), true, false},
      {"remove an optional property, closed", closed(kId + kNote), closed(kId), false, true},
      {"add a property that takes anything, open", open(kId), open(kId + R"(, "note": {})"), true, true},
      {"add a required property, closed", closed(kId), closed(kId + kNote, R"(, "required": ["note"])"), false, false},
      {"add a required property with a default, closed", closed(kId),
       closed(kId + R"(, "note": {"type": "string", "default": ""})", R"(, "required": ["note"])"), true, false},
      {"remove required", closed(kId, R"(, "required": ["id"])"), closed(kId), true, false},
      {"add required", closed(kId), closed(kId, R"(, "required": ["id"])"), false, true},
      {"close the model", open(kId), closed(kId), false, true},
      {"further properties of a type that covers the new one", open(kId, R"(, "additionalProperties": {"type": "string"})"),
       open(kId + kNote, R"(, "additionalProperties": {"type": "string"})"), true, true},
      {"further properties of a type that does not", open(kId, R"(, "additionalProperties": {"type": "integer"})"),
       open(kId + kNote, R"(, "additionalProperties": {"type": "integer"})"), false, false},
  });
}

TEST_CASE("M7: loosening is allowed, tightening refused") {
  check({
      {"widen a range", R"({"type": "number", "maximum": 10, "minimum": 1})", R"({"type": "number", "maximum": 20, "minimum": 0})",
       true, false},
      {"drop a bound", R"({"type": "number", "maximum": 10})", R"({"type": "number"})", true, false},
      {"extend an enum", R"({"enum": ["a", "b"]})", R"({"enum": ["b", "a", "c"]})", true, false},
      {"a constant to an enum with it", R"({"const": 1})", R"({"enum": [1, 2]})", true, false},
      {"an enum of texts to any text", R"({"type": "string", "enum": ["a"]})", R"({"type": "string"})", true, false},
      {"add a type to a union", R"({"type": ["string", "null"]})", R"({"type": ["string", "null", "integer"]})", true, false},
      {"a type to a union with it", R"({"type": "string"})", R"({"type": ["null", "string"]})", true, false},
      {"integer to number", R"({"type": "integer"})", R"({"type": "number"})", true, false},
      {"string to integer", R"({"type": "string"})", R"({"type": "integer"})", false, false},
      {"longer texts", R"({"type": "string", "maxLength": 10, "minLength": 2})",
       R"({"type": "string", "maxLength": 11, "minLength": 1})", true, false},
      {"drop a pattern", R"({"type": "string", "pattern": "^a"})", R"({"type": "string"})", true, false},
      {"another pattern", R"({"type": "string", "pattern": "^a"})", R"({"type": "string", "pattern": "^b"})", false, false},
      {"a divisor", R"({"type": "integer", "multipleOf": 6})", R"({"type": "integer", "multipleOf": 3})", true, false},
      {"more items", R"({"type": "array", "maxItems": 3})", R"({"type": "array", "maxItems": 4})", true, false},
      {"items may repeat", R"({"type": "array", "uniqueItems": true})", R"({"type": "array"})", true, false},
      {"items of a wider type", R"({"type": "array", "items": {"type": "integer"}})",
       R"({"type": "array", "items": {"type": "number"}})", true, false},
      {"items described", R"({"type": "array"})", R"({"type": "array", "items": {"type": "number"}})", false, true},
      {"anything", R"({"type": "string"})", "{}", true, false},
      {"anyOf: one more", R"({"anyOf": [{"type": "string"}]})", R"({"anyOf": [{"type": "string"}, {"type": "null"}]})", true, false},
      {"oneOf: one instead", R"({"oneOf": [{"type": "string"}, {"type": "null"}]})",
       R"({"oneOf": [{"type": "string"}, {"type": "integer"}]})", false, false},
      {"allOf: one demand less", R"({"allOf": [{"minimum": 1}, {"maximum": 5}]})", R"({"allOf": [{"minimum": 1}]})", true, false},
      {"not: less is excluded", R"({"not": {"type": "number"}})", R"({"not": {"type": "integer"}})", true, false},
      {"titles", R"({"type": "string", "title": "a"})", R"({"type": "string", "title": "b", "description": "c"})", true, true},
  });
}

TEST_CASE("M7: properties by pattern, what depends on what, items by place") {
  const std::string by_name = R"({"type": "object", "patternProperties": {"^n_": {"type": "number"}}, "additionalProperties": false})";
  const auto with = [](const std::string& property) {
    return R"({"type": "object", "properties": {)" + property +
           R"(}, "patternProperties": {"^n_": {"type": "number"}}, "additionalProperties": false})";
  };
  const auto array = [](const std::string& more) { return R"({"type": "array")" + more + "}"; };
  check({
      {"a property that its pattern covers, gone", with(R"("n_1": {"type": "integer"})"), by_name, true, false},
      {"a property that its pattern does not cover, gone", with(R"("n_1": {"type": "string"})"), by_name, false, false},
      {"a property of another name, gone", with(R"("x": {"type": "string"})"), by_name, false, true},
      {"needs: more", R"({"dependentRequired": {"a": ["b"]}})", R"({"dependentRequired": {"a": ["b", "c"]}})", false, true},
      {"needs: another", R"({"dependencies": {"a": ["b"]}})", R"({"dependencies": {"a": ["c"]}})", false, false},
      {"needs: gone", R"({"type": "object", "dependencies": {"a": ["b"]}})", R"({"type": "object"})", true, false},
      {"implies: wider", R"({"dependentSchemas": {"a": {"maxProperties": 2}}})", R"({"dependentSchemas": {"a": {"maxProperties": 3}}})",
       true, false},
      {"nothing unevaluated, and one more", R"({"type": "object", "properties": {}, "unevaluatedProperties": false})",
       R"({"type": "object", "properties": {"a": {"type": "string"}}, "unevaluatedProperties": false})", true, false},
      {"the first item wider", array(R"(, "prefixItems": [{"type": "integer"}])"), array(R"(, "prefixItems": [{"type": "number"}])"),
       true, false},
      {"one more item, and any may follow", array(R"(, "prefixItems": [{"type": "string"}])"),
       array(R"(, "prefixItems": [{"type": "string"}, {"type": "string"}])"), false, true},
      {"one more item, and none may follow", array(R"(, "prefixItems": [{"type": "string"}], "items": false)"),
       array(R"(, "prefixItems": [{"type": "string"}, {"type": "string"}], "items": false)"), true, false},
      {"one more item, of a type that may follow", array(R"(, "items": [{"type": "string"}], "additionalItems": {"type": "integer"})"),
       array(R"(, "items": [{"type": "string"}, {"type": "number"}], "additionalItems": {"type": "integer"})"), true, false},
      {"no further items any more", array(R"(, "items": [{"type": "string"}])"),
       array(R"(, "items": [{"type": "string"}], "additionalItems": false)"), false, true},
      {"at least two that contain", array(R"(, "minContains": 1)"), array(R"(, "minContains": 2)"), false, true},
      {"values to a range that holds them", R"({"type": "integer", "enum": [1, 2]})", R"({"type": "integer", "maximum": 2})", true, false},
      {"values to a range that does not", R"({"type": "integer", "enum": [1, 2]})", R"({"type": "integer", "maximum": 1})", false, false},
  });
}

TEST_CASE("references within the file are followed, and may go round") {
  const auto tree = [](const std::string& value) {
    return R"({"$ref": "#/$defs/Tree", "$defs": {"Tree": {"type": "object", "properties": {"value": {"type": ")" + value +
           R"("}, "left": {"$ref": "#/$defs/Tree"}}}}})";
  };
  CHECK(allows(Compatibility::backward, tree("integer"), tree("number")));
  CHECK_FALSE(allows(Compatibility::forward, tree("integer"), tree("number")));
  CHECK(schema_problem(SchemaFormat::json, R"({"$ref": "#/$defs/Nobody"})").find("there is no \"#/$defs/Nobody\"") !=
        std::string::npos);
  CHECK(schema_problem(SchemaFormat::json, R"({"$ref": "other.json"})").find("only what stands in the same file") != std::string::npos);
  CHECK(allows(Compatibility::full, R"({"$ref": "#"})", R"({"$ref": "#"})"));
  const std::string turn = R"({"$ref": "#/$defs/a", "$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}})";
  CHECK(allows(Compatibility::full, turn, turn));
}

TEST_CASE("a reason names the property, and whom to ask") {
  const std::vector<Refusal> found =
      refusals(Compatibility::backward, SchemaFormat::json,
               open(R"("lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "string"}}}})"),
               {open(R"("lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}})")});
  REQUIRE(found.size() == 1);
  CHECK(found[0].reason.where == "lines[].n");
  CHECK(found[0].reason.what == "the writer writes integer, the reader takes string");
  CHECK(found[0].reason.remedy == "keep the type, or take both: \"type\": [\"integer\", \"string\"]");
}

TEST_CASE("what is no JSON Schema is refused with its place") {
  const auto problem = [](const std::string& text) { return schema_problem(SchemaFormat::json, text); };
  CHECK(problem(open(R"("id": {"type": "text"})")).find("the schema.id: \"text\" is no type") == 0);
  CHECK(problem("[]") == "the schema: a schema is an object, true or false, but this is a list");
  CHECK(problem(R"({"anyOf": []})").find("anyOf: it is a list of schemas") != std::string::npos);
  CHECK(problem(R"({"properties": []})").find("properties: it is an object") != std::string::npos);
}

}  // namespace
}  // namespace nutshell::json_changes
