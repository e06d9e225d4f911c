// Is it a JSON Schema at all?
#include <algorithm>
#include <string>

#include "sim/schema/json_schema.h"
#include "sim/schema/json_schema_parts.h"

namespace nutshell {
namespace {

std::string problem_at(const JsonTree& tree, const JsonTree& root, const std::string& where, std::int32_t& number) {
  number = tree.number;
  if (tree.is(JsonTree::Kind::truth)) return "";
  if (!tree.is(JsonTree::Kind::object))
    return where + ": a schema is an object, true or false, but this is " + std::string(json_kind_name(tree.kind));
  if (const JsonTree* reference = tree.find("$ref")) {
    if (!reference->is(JsonTree::Kind::text) || reference->text.rfind('#', 0) != 0)
      return where + ": only what stands in the same file can be referred to, as {\"$ref\": \"#/$defs/Money\"}";
    if (!json_target(root, reference->text)) return where + ": there is no " + compact_json(*reference) + "; define it under \"$defs\"";
  }
  for (const char* key : {"enum", "required"}) {
    const JsonTree* list = tree.find(key);
    if (list && !list->is(JsonTree::Kind::list)) return where + "." + key + ": it is a list";
  }
  const auto known = [](const JsonTree& each) { return each.is(JsonTree::Kind::text) && json_type_index(each.text) >= 0; };
  if (const JsonTree* type = tree.find("type")) {
    const bool list =
        type->is(JsonTree::Kind::list) && !type->items.empty() && std::all_of(type->items.begin(), type->items.end(), known);
    if (!list && !known(*type))
      return where + ": " + compact_json(*type) + " is no type; it is one of null, boolean, integer, number, string, array, object";
  }
  for (const char* key : {"anyOf", "oneOf", "allOf", "prefixItems"}) {
    const JsonTree* list = tree.find(key);
    if (!list) continue;
    if (!list->is(JsonTree::Kind::list) || list->items.empty()) return where + "." + key + ": it is a list of schemas";
    for (const JsonTree& each : list->items) {
      if (const std::string wrong = problem_at(each, root, where + "." + key, number); !wrong.empty()) return wrong;
    }
  }
  number = tree.number;
  for (const char* key : {"items", "additionalProperties", "additionalItems", "unevaluatedProperties", "unevaluatedItems", "not"}) {
    const JsonTree* one = tree.find(key);
    if (!one || one->is(JsonTree::Kind::list)) continue;
    if (const std::string wrong = problem_at(*one, root, where + "." + key, number); !wrong.empty()) return wrong;
  }
  for (const char* key : {"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"}) {
    const JsonTree* members = tree.find(key);
    if (!members) continue;
    if (!members->is(JsonTree::Kind::object)) return where + "." + key + ": it is an object, a schema a name";
    for (std::size_t i = 0; i < members->items.size(); ++i) {
      const std::string wrong = problem_at(members->items[i], root, where + "." + members->keys[i], number);
      if (!wrong.empty()) return wrong;
    }
  }
  return "";
}

}  // namespace

std::string json_schema_problem(const JsonTree& schema, std::int32_t* number) {
  std::int32_t found = 0;
  std::string problem = problem_at(schema, schema, "the schema", found);
  if (number) *number = found;
  return problem;
}

}  // namespace nutshell
