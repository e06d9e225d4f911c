// JSON Schema as ksqlDB writes and reads it.
#include "sim/json/json_tree.h"
#include "sim/streams/format_schema_types.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

constexpr std::string_view kConnect = "org.apache.kafka.connect.data.";
constexpr int kMostNested = 16;

std::string titled(std::string_view kind, std::string_view title, std::string_view connect, const std::string& more = "") {
  std::string text = "{\"type\":\"" + std::string(kind) + "\"";
  if (!title.empty()) text += ",\"title\":\"" + std::string(title) + "\"";
  return text + ",\"connect.type\":\"" + std::string(connect) + "\"" + more + "}";
}

std::string json_type(const Type& type);

std::string json_field(const Type& type) { return "{\"oneOf\":[{\"type\":\"null\"}," + json_type(type) + "]}"; }

std::string json_object(const std::vector<std::string>& names, const std::vector<Type>& types) {
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < types.size(); ++i) fields.push_back(quoted_text(names[i]) + ":" + json_field(types[i]));
  return "{\"type\":\"object\",\"properties\":{" + joined(fields, ",") + "}}";
}

std::string json_type(const Type& type) {
  const auto logical = [](const char* name) { return std::string(kConnect) + name; };
  switch (type.base) {
    case Base::boolean: return R"({"type":"boolean"})";
    case Base::integer: return titled("integer", "", "int32");
    case Base::bigint: return titled("integer", "", "int64");
    case Base::real: return titled("number", "", "float64");
    case Base::bytes: return titled("string", "", "bytes");
    case Base::date: return titled("integer", logical("Date"), "int32");
    case Base::time: return titled("integer", logical("Time"), "int32");
    case Base::timestamp: return titled("integer", logical("Timestamp"), "int64");
    case Base::decimal:
      return titled("number", logical("Decimal"), "bytes",
                    R"(,"connect.parameters":{"scale":")" + std::to_string(type.scale) + R"(","connect.decimal.precision":")" +
                        std::to_string(type.precision) + "\"}");
    case Base::array: return "{\"type\":\"array\",\"items\":" + json_field(type.of[0]) + "}";
    case Base::map: return R"({"type":"object","connect.type":"map","additionalProperties":)" + json_field(type.of[1]) + "}";
    case Base::structure: return json_object(type.names, type.of);
    default: return R"({"type":"string"})";
  }
}

std::optional<Type> not_typed(std::string& why, std::string text) {
  if (why.empty()) why = std::move(text);
  return std::nullopt;
}

std::string schema_word(const JsonTree& tree, std::string_view key) {
  const JsonTree* found = tree.find(key);
  return found && found->is(JsonTree::Kind::text) ? found->text : "";
}

int digits_of(const JsonTree& tree, const char* key, int otherwise) {
  const JsonTree* all = tree.find("connect.parameters");
  const std::string text = all ? schema_word(*all, key) : "";
  int number = 0;
  for (const char c : text) number = c >= '0' && c <= '9' && number < 100 ? number * 10 + (c - '0') : 100;
  return text.empty() || number > 38 ? otherwise : number;
}

std::optional<Type> read_json_type(const JsonTree& tree, int depth, std::string& why);

// What stands beside null; nothing: there are several, or none.
std::optional<Type> beside_null(const std::vector<JsonTree>& all, int depth, std::string& why) {
  const JsonTree* other = nullptr;
  for (const JsonTree& each : all) {
    if (schema_word(each, "type") == "null") continue;
    if (other) return not_typed(why, "a choice of several types has no place in a column");
    other = &each;
  }
  return other ? read_json_type(*other, depth, why) : not_typed(why, "nothing but null has no type");
}

std::optional<Type> read_json_struct(const JsonTree& properties, int depth, std::string& why) {
  Type type = simple(Base::structure);
  for (std::size_t i = 0; i < properties.items.size(); ++i) {
    std::optional<Type> part = read_json_type(properties.items[i], depth, why);
    if (!part) return std::nullopt;
    type.names.push_back(properties.keys[i]);
    type.of.push_back(std::move(*part));
  }
  return type;
}

std::optional<Type> read_json_type(const JsonTree& tree, int depth, std::string& why) {
  if (depth > kMostNested) return not_typed(why, "it is nested more than 16 deep");
  for (const char* choice : {"oneOf", "anyOf"})
    if (const JsonTree* all = tree.find(choice)) return beside_null(all->items, depth + 1, why);
  const std::string title = schema_word(tree, "title"), connect = schema_word(tree, "connect.type");
  std::string type = schema_word(tree, "type");
  if (const JsonTree* list = tree.find("type"); list && list->is(JsonTree::Kind::list)) {
    for (const JsonTree& each : list->items) {
      if (each.text != "null" && !type.empty()) return not_typed(why, "a choice of several types has no place in a column");
      if (each.text != "null") type = each.text;
    }
  }
  if (type == "boolean") return simple(Base::boolean);
  if (type == "string") return simple(connect == "bytes" ? Base::bytes : Base::text);
  if (title == std::string(kConnect) + "Date") return simple(Base::date);
  if (title == std::string(kConnect) + "Time") return simple(Base::time);
  if (title == std::string(kConnect) + "Timestamp") return simple(Base::timestamp);
  if (title == std::string(kConnect) + "Decimal")
    return decimal_type(digits_of(tree, "connect.decimal.precision", 38), digits_of(tree, "scale", 0));
  if (type == "integer") return simple(connect.empty() || connect == "int64" ? Base::bigint : Base::integer);
  if (type == "number") return simple(Base::real);
  if (type == "array") {
    const JsonTree* items = tree.find("items");
    std::optional<Type> element = items ? read_json_type(*items, depth + 1, why) : not_typed(why, "an array does not say what it holds");
    return element ? std::optional<Type>(array_of(*element)) : std::nullopt;
  }
  if (const JsonTree* properties = tree.find("properties")) return read_json_struct(*properties, depth + 1, why);
  const JsonTree* more = tree.find("additionalProperties");
  if (type == "object" && more && more->is(JsonTree::Kind::object)) {
    std::optional<Type> value = read_json_type(*more, depth + 1, why);
    return value ? std::optional<Type>(map_of(simple(Base::text), *value)) : std::nullopt;
  }
  return not_typed(why, type.empty() ? "a part of it has no \"type\"" : "'" + type + "' without more has no place in a column");
}

}  // namespace

std::string json_schema_text(const Columns& columns, bool bare) {
  if (bare) return json_type(columns[0].type);
  std::vector<std::string> names;
  std::vector<Type> types;
  for (const Column& each : columns) {
    names.push_back(each.name);
    types.push_back(each.type);
  }
  return json_object(names, types);
}

std::optional<Type> type_of_json_schema(std::string_view text, std::string& why) {
  const JsonTreeResult json = parse_json_tree(text);
  if (!json.tree) return not_typed(why, json.problem);
  return read_json_type(*json.tree, 0, why);
}

}  // namespace nutshell::streams
