#include "sim/schema/worked_changes.h"

#include "sim/core/require.h"
#include "sim/core/text.h"
#include "sim/schema/avro_value.h"

namespace nutshell {
namespace {

std::string order(const std::string& fields) { return R"({"type": "record", "name": "Order", "fields": [)" + fields + "]}"; }

std::string colour(const std::string& symbols, const std::string& more) {
  return R"({"name": "colour", "type": {"type": "enum", "name": "Colour", "symbols": [)" + symbols + "]" + more + "}}";
}

std::vector<WorkedChange> make_changes() {
  const std::string id = R"({"name": "id", "type": "string"})", cents = R"({"name": "cents", "type": "int"})";
  const std::string old = order(id + ", " + cents);
  const auto with = [&](const std::string& field) { return order(id + ", " + cents + ", " + field); };
  const auto instead = [&](const std::string& field) { return order(id + ", " + field); };
  constexpr std::string_view kOrder = R"({"id": "o1", "cents": 250})";
  constexpr std::string_view kNoted = R"({"id": "o1", "cents": 250, "note": "gift"})";
  const std::string two = R"("red", "green")", three = R"("red", "green", "blue")", fallback = R"(, "default": "red")";
  constexpr std::string_view kGreen = R"({"colour": "green"})", kBlue = R"({"colour": "blue"})";
  return {
      {"add a field with a default", old, with(R"({"name": "note", "type": "string", "default": ""})"), kOrder, kNoted,
       "the only addition that is free"},
      {"add a field without a default", old, with(R"({"name": "note", "type": "string"})"), kOrder, kNoted, "old data lacks it"},
      {"remove a field without a default", old, order(id), kOrder, R"({"id": "o1"})", "old readers miss it"},
      {"remove a field with a default", instead(R"({"name": "cents", "type": "int", "default": 0})"), order(id), kOrder,
       R"({"id": "o1"})", "whoever misses it has the default"},
      {"int to long", old, instead(R"({"name": "cents", "type": "long"})"), kOrder, R"({"id": "o1", "cents": 5000000000})",
       "promotion is one-way"},
      {"int to string", old, instead(R"({"name": "cents", "type": "string"})"), kOrder, R"({"id": "o1", "cents": "250"})",
       "a new field instead"},
      {"string to bytes", old, order(R"({"name": "id", "type": "bytes"}, )" + cents), kOrder, kOrder, "the same on the wire"},
      {"rename", old, instead(R"({"name": "amount", "type": "int"})"), kOrder, R"({"id": "o1", "amount": 250})",
       "one field less, another one more"},
      {"rename with an alias", old, instead(R"({"name": "amount", "type": "int", "aliases": ["cents"]})"), kOrder,
       R"({"id": "o1", "amount": 250})", "aliases help readers only"},
      {"int to union(null, int)", old, instead(R"({"name": "cents", "type": ["null", "int"], "default": null})"), kOrder,
       R"({"id": "o1", "cents": null})", "old readers know no null"},
      {"enum: add a symbol", order(colour(two, "")), order(colour(three, "")), kGreen, kBlue, "old readers do not know it"},
      {"enum with a default: add a symbol", order(colour(two, fallback)), order(colour(three, fallback)), kGreen, kBlue,
       "what is not known is the default"},
  };
}

AvroSchema schema_of(std::string_view text) {
  AvroResult read = read_avro(text);
  NUTSHELL_REQUIRE(read.schema.has_value());
  return std::move(*read.schema);
}

}  // namespace

const std::vector<WorkedChange>& worked_changes() {
  static const std::vector<WorkedChange> kChanges = make_changes();
  return kChanges;
}

ReadBack read_back(std::string_view writer, std::string_view reader, std::string_view record) {
  const AvroSchema from = schema_of(writer), to = schema_of(reader);
  const JsonTreeResult json = parse_json_tree(record);
  NUTSHELL_REQUIRE(json.tree.has_value());
  const AvroValueResult value = avro_from_json(from, from.root, *json.tree);
  NUTSHELL_REQUIRE(value.value.has_value());
  const std::string bytes = encode_avro(*value.value);
  ReadBack back{hex_text(bytes), avro_text(from, from.root, *value.value), "", ""};
  const AvroValueResult got = decode_avro(from, to, bytes);
  if (got.value) back.read = avro_text(to, to.root, *got.value);
  back.problem = got.problem;
  return back;
}

std::vector<std::string> field_lines(std::string_view schema) {
  const AvroSchema it = schema_of(schema);
  std::vector<std::string> lines;
  for (const AvroField& field : it.at(it.root).fields) {
    const AvroType& type = it.at(field.type);
    std::string line = field.name + ": " + avro_name(it, field.type);
    for (const std::string& each : type.symbols) line += (&each == &type.symbols.front() ? " {" : ", ") + each;
    if (!type.symbols.empty()) line += "}";
    if (type.fallback) line += ", else " + *type.fallback;
    if (field.fallback) line += " = " + compact_json(*field.fallback);
    for (const std::string& each : field.aliases) line += ", once " + each;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace nutshell
