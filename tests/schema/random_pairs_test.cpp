// Random pairs of Avro schemas: what the rules say of a pair is what a reader manages with data that the writer may write.
//
// The reader here is a second one. It knows schemas as JSON and data as JSON, and nothing of the module's types: it goes
// through a value, and either gets something for each part of the reader's schema or fails.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "sim/core/text.h"
#include "sim/schema/avro_resolve.h"
#include "sim/schema/avro_value.h"

namespace nutshell::random_pairs {
namespace {

using Json = nlohmann::ordered_json;

struct Luck {
  std::uint64_t seed = 0, nth = 0;
  std::int64_t upto(std::int64_t most) { return between(draw(seed, Purpose::fuzz, 3, nth++), 0, most); }
  bool one_in(std::int64_t n) { return upto(n - 1) == 0; }
};

// Names come from few, so that types meet; each is used once in a schema.
struct Maker {
  Luck& luck;
  std::vector<std::string> free = {"A", "B", "C", "D", "E"};

  Json plain() {
    constexpr const char* kKinds[] = {"int", "long", "float", "double", "string", "bytes", "boolean", "null"};
    return kKinds[luck.upto(7)];
  }
  Json type(int depth) {
    const std::int64_t which = depth <= 0 ? 0 : luck.upto(9);
    if (which <= 3) return plain();
    if (which == 4) return Json{{"type", "array"}, {"items", type(depth - 1)}};
    if (which == 5) return Json{{"type", "map"}, {"values", type(depth - 1)}};
    if (which == 6) return one_of(depth - 1);
    if (free.empty()) return plain();
    const std::string name = free.front();
    free.erase(free.begin());
    if (which == 7) return enumeration(name);
    if (which == 8) return Json{{"type", "fixed"}, {"name", name}, {"size", 1 + luck.upto(1)}};
    return record(name, depth - 1);
  }
  Json one_of(int depth) {
    Json made = Json::array();
    for (const char* each : {"null", "int", "long", "string", "double"}) {
      if (luck.one_in(3)) made.push_back(each);
    }
    if (luck.one_in(2)) made.push_back(Json{{"type", "array"}, {"items", type(depth - 1)}});
    if (made.empty()) made.push_back("boolean");
    return made;
  }
  Json enumeration(const std::string& name) {
    Json symbols = Json::array();
    for (const char* each : {"x", "y", "z"}) {
      if (luck.one_in(2)) symbols.push_back(each);
    }
    if (symbols.empty()) symbols.push_back("w");
    Json made{{"type", "enum"}, {"name", name}, {"symbols", symbols}};
    if (luck.one_in(4)) made["default"] = symbols[0];
    return made;
  }
  Json record(const std::string& name, int depth) {
    Json fields = Json::array();
    for (const char* each : {"p", "q", "r", "s"}) {
      if (!luck.one_in(2)) continue;
      Json field{{"name", each}, {"type", type(depth)}};
      if (luck.one_in(5)) field["aliases"] = Json::array({luck.one_in(2) ? "q" : "s"});
      if (luck.one_in(3)) field["default"] = value(field["type"]);
      fields.push_back(field);
    }
    return Json{{"type", "record"}, {"name", name}, {"fields", fields}};
  }

  // A default: of a union, one of its first type.
  Json value(const Json& type) {
    if (type.is_array()) return value(type[0]);
    const std::string kind = type.is_string() ? type.get<std::string>() : type["type"].get<std::string>();
    if (kind == "null") return nullptr;
    if (kind == "boolean") return true;
    if (kind == "int" || kind == "long") return 7;
    if (kind == "float" || kind == "double") return 0.5;
    if (kind == "string" || kind == "bytes") return "t";
    if (kind == "array") return Json::array({value(type["items"])});
    if (kind == "map") return Json{{"k", value(type["values"])}};
    if (kind == "enum") return type["symbols"][0];
    if (kind == "fixed") return std::string(type["size"].get<std::size_t>(), 'f');
    Json made = Json::object();
    for (const Json& field : type["fields"]) made[field["name"].get<std::string>()] = value(field["type"]);
    return made;
  }
};

// Now and then something is changed somewhere, so that pairs are near each other.
Json changed(Json type, Luck& luck, Maker& maker) {
  if (luck.one_in(9)) return maker.plain();
  if (type.is_array()) {
    if (luck.one_in(4) && type.size() > 1) type.erase(type.begin());
    return type;
  }
  if (type.is_string()) {
    constexpr const char* kWider[][2] = {
        {"int", "long"}, {"long", "double"}, {"float", "double"}, {"string", "bytes"}, {"bytes", "string"}};
    for (const auto& each : kWider) {
      if (type == each[0] && luck.one_in(3)) return each[1];
    }
    return type != "null" && luck.one_in(5) ? Json::array({"null", type}) : type;
  }
  if (type.contains("items")) type["items"] = changed(type["items"], luck, maker);
  if (type.contains("values")) type["values"] = changed(type["values"], luck, maker);
  if (type.contains("symbols")) {
    if (luck.one_in(3)) type["symbols"].push_back("v");
    if (luck.one_in(3)) type["default"] = type["symbols"][0];
  }
  if (type.contains("fields")) {
    Json fields = Json::array();
    for (Json field : type["fields"]) {
      if (luck.one_in(6)) continue;
      field["type"] = changed(field["type"], luck, maker);
      field.erase("default");
      if (luck.one_in(2)) field["default"] = maker.value(field["type"]);
      fields.push_back(field);
    }
    if (luck.one_in(3)) {
      Json field{{"name", "t"}, {"type", "int"}};
      if (luck.one_in(2)) field["default"] = 7;
      fields.push_back(field);
    }
    type["fields"] = fields;
  }
  return type;
}

std::string kind_of(const Json& type) {
  if (type.is_array()) return "union";
  return type.is_string() ? type.get<std::string>() : type["type"].get<std::string>();
}

// Data as JSON: {"branch": 1, "of": ...} for a union, so that nothing is ambiguous. Lists hold one thing or two.
Json data(const Json& type, Luck& luck) {
  const std::string kind = kind_of(type);
  if (kind == "union") {
    const auto branch = static_cast<std::size_t>(luck.upto(static_cast<std::int64_t>(type.size()) - 1));
    return Json{{"branch", branch}, {"of", data(type[branch], luck)}};
  }
  if (kind == "null") return nullptr;
  if (kind == "boolean") return luck.one_in(2);
  if (kind == "int") return luck.upto(1000) - 500;
  if (kind == "long") return (luck.upto(1000) - 500) * 10'000'000'000;
  if (kind == "float" || kind == "double") return static_cast<double>(luck.upto(1000)) / 8;
  if (kind == "string" || kind == "bytes") return std::string(static_cast<std::size_t>(luck.upto(3)), 'a');
  if (kind == "fixed") return std::string(type["size"].get<std::size_t>(), 'f');
  if (kind == "enum")
    return type["symbols"][static_cast<std::size_t>(luck.upto(static_cast<std::int64_t>(type["symbols"].size()) - 1))];
  if (kind == "array") {
    Json list = Json::array();
    for (std::int64_t i = luck.upto(1); i >= 0; --i) list.push_back(data(type["items"], luck));
    return list;
  }
  if (kind == "map") return Json{{"k", data(type["values"], luck)}};
  Json record = Json::object();
  for (const Json& field : type["fields"]) record[field["name"].get<std::string>()] = data(field["type"], luck);
  return record;
}

// The second reader. What it gives is written like what avro_text() writes of the module's.
std::optional<std::string> read(const Json& value, const Json& writer, const Json& reader);

std::optional<std::string> read_record(const Json& value, const Json& writer, const Json& reader);

std::string text_of_default(const Json& fallback, const Json& type) {
  const std::string kind = kind_of(type);
  if (kind == "union") return text_of_default(fallback, type[0]);
  if (kind == "bytes" || kind == "fixed") return "\"" + hex_text(fallback.get<std::string>()) + "\"";
  std::string out;
  if (kind == "array") {
    for (const Json& each : fallback) out += (out.empty() ? "" : ", ") + text_of_default(each, type["items"]);
    return "[" + out + "]";
  }
  if (kind == "map") return "{\"k\": " + text_of_default(fallback["k"], type["values"]) + "}";
  if (kind == "record") {
    for (const Json& field : type["fields"])
      out += (out.empty() ? "" : ", ") + field["name"].dump() + ": " +
             text_of_default(fallback[field["name"].get<std::string>()], field["type"]);
    return "{" + out + "}";
  }
  return fallback.dump();
}

std::optional<std::string> read_number(const Json& value, const std::string& from, const std::string& to) {
  const bool whole = from == "int" || from == "long";
  if (to == from || (from == "int" && to == "long")) {
    if (whole) return value.dump();
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value.get<double>());
    return std::string(text);
  }
  const bool wider = (whole && (to == "float" || to == "double")) || (from == "float" && to == "double");
  if (!wider) return std::nullopt;
  const double real = to == "float" ? static_cast<double>(static_cast<float>(value.get<double>())) : value.get<double>();
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", real);
  return std::string(text);
}

bool is_number(const std::string& kind) { return kind == "int" || kind == "long" || kind == "float" || kind == "double"; }

std::optional<std::string> read(const Json& value, const Json& writer, const Json& reader) {
  const std::string from = kind_of(writer), to = kind_of(reader);
  if (from == "union") return read(value["of"], writer[value["branch"].get<std::size_t>()], reader);
  if (to == "union") {
    for (const bool same : {true, false}) {
      for (const Json& branch : reader) {
        if ((kind_of(branch) == from) != same) continue;
        if (auto got = read(value, writer, branch)) return got;
      }
    }
    return std::nullopt;
  }
  if (is_number(from) && is_number(to)) return read_number(value, from, to);
  const bool text = (from == "string" || from == "bytes") && (to == "string" || to == "bytes");
  if (text) return to == "string" ? value.dump() : "\"" + hex_text(value.get<std::string>()) + "\"";
  if (from != to) return std::nullopt;
  if (from == "null" || from == "boolean") return value.dump();
  if (from == "array") {
    std::string out;
    for (const Json& each : value) {
      const auto got = read(each, writer["items"], reader["items"]);
      if (!got) return std::nullopt;
      out += (out.empty() ? "" : ", ") + *got;
    }
    return "[" + out + "]";
  }
  if (from == "map") {
    const auto got = read(value["k"], writer["values"], reader["values"]);
    return got ? std::optional("{\"k\": " + *got + "}") : std::nullopt;
  }
  if (writer["name"] != reader["name"]) return std::nullopt;
  if (from == "fixed")
    return writer["size"] == reader["size"] ? std::optional("\"" + hex_text(value.get<std::string>()) + "\"") : std::nullopt;
  if (from == "enum") {
    for (const Json& symbol : reader["symbols"]) {
      if (symbol == value) return value.dump();
    }
    return reader.contains("default") ? std::optional(reader["default"].dump()) : std::nullopt;
  }
  return read_record(value, writer, reader);
}

std::optional<std::string> read_record(const Json& value, const Json& writer, const Json& reader) {
  const auto field_named = [](const Json& record, const Json& name) -> const Json* {
    for (const Json& each : record["fields"]) {
      if (each["name"] == name) return &each;
    }
    return nullptr;
  };
  std::string out;
  for (const Json& field : reader["fields"]) {
    const Json* written = field_named(writer, field["name"]);
    for (const Json& alias : field.contains("aliases") ? field["aliases"] : Json::array()) {
      if (!written && !field_named(reader, alias)) written = field_named(writer, alias);
    }
    std::optional<std::string> got;
    if (written) got = read(value[(*written)["name"].get<std::string>()], (*written)["type"], field["type"]);
    else if (field.contains("default")) got = text_of_default(field["default"], field["type"]);
    if (!got) return std::nullopt;
    out += (out.empty() ? "" : ", ") + field["name"].dump() + ": " + *got;
  }
  return "{" + out + "}";
}

// The module's value of such data.
AvroValue value_of(const AvroSchema& schema, std::size_t type, const Json& of) {
  const AvroType& it = schema.at(type);
  AvroValue made;
  made.kind = it.kind;
  switch (it.kind) {
    case AvroKind::one_of:
      made.number = of["branch"].get<std::int64_t>();
      made.items.push_back(value_of(schema, it.branches[static_cast<std::size_t>(made.number)], of["of"]));
      return made;
    case AvroKind::record:
      for (const AvroField& field : it.fields) made.items.push_back(value_of(schema, field.type, of[field.name]));
      return made;
    case AvroKind::array:
      for (const Json& each : of) made.items.push_back(value_of(schema, it.element, each));
      return made;
    case AvroKind::map:
      made.keys = {"k"};
      made.items.push_back(value_of(schema, it.element, of["k"]));
      return made;
    default: break;
  }
  const JsonTreeResult json = parse_json_tree(of.dump());
  const AvroValueResult plain = avro_from_json(schema, type, *json.tree);
  REQUIRE_MESSAGE(plain.value, plain.problem << " " << of.dump());
  return *plain.value;
}

struct Tally {
  int readable = 0, unreadable = 0;
};

// `again`: writes the pair for whoever has to look at it.
void compare_pair(std::uint64_t seed, Tally& tally) {
  Luck luck{seed};
  Maker maker{luck};
  const Json writer = maker.type(3);
  Maker other{luck};
  const Json reader = luck.one_in(4) ? other.type(3) : changed(writer, luck, maker);
  CAPTURE(seed);
  CAPTURE(writer.dump());
  CAPTURE(reader.dump());
  const AvroResult from = read_avro(writer.dump()), to = read_avro(reader.dump());
  REQUIRE_MESSAGE(from.schema, from.problem);
  REQUIRE_MESSAGE(to.schema, to.problem);
  const AvroResolution resolution(*from.schema, *to.schema);
  bool all = true;
  for (int i = 0; i < 60; ++i) {
    const Json value = data(writer, luck);
    const std::optional<std::string> expected = read(value, writer, reader);
    const std::string bytes = encode_avro(value_of(*from.schema, from.schema->root, value));
    const AvroValueResult got = decode_avro(*from.schema, *to.schema, bytes);
    CAPTURE(value.dump());
    REQUIRE_MESSAGE(got.value.has_value() == expected.has_value(), got.problem);
    if (got.value) CHECK(avro_text(*to.schema, to.schema->root, *got.value) == *expected);
    all = all && got.value.has_value();
  }
  CHECK(resolution.reads() == all);
  CHECK(resolution.reasons(NewSide::reader).empty() == all);
  ++(all ? tally.readable : tally.unreadable);
}

TEST_CASE("random pairs: backward is what a second reader manages, and what it gets is the same") {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) compare_pair(seed, tally);
  // Both happen often, so that neither is agreed upon by default.
  CHECK(tally.readable > 200);
  CHECK(tally.unreadable > 200);
}

}  // namespace
}  // namespace nutshell::random_pairs
