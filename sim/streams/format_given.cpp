// Schemas that a statement names by their ids: KEY_SCHEMA_ID, VALUE_SCHEMA_ID.
#include <algorithm>

#include "sim/streams/format_schema.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

// "" or why the columns of a query cannot be written with the schema.
std::string lacking(const Source& source, const RegisteredSchema& schema, bool key) {
  const GivenSchema& given = source.given(key);
  std::string why;
  const std::optional<Columns> known = columns_of_schema(source.format(key), schema.text, key, why, given);
  if (!known) return "gives no columns: " + why;
  const Columns own = columns_of_side(source, key);
  // A key stands bare, whatever its schema calls it.
  if (key && own.size() == 1 && known->size() == 1 && known->front().type == own[0].type) return "";
  const bool bare = key && known->size() == 1 && known->front().type.base == Base::structure;
  const auto has = [&](const Column& column) {
    if (bare) {
      const Type& within = known->front().type;
      for (std::size_t i = 0; i < within.of.size(); ++i)
        if (within.names[i] == column.name && within.of[i] == column.type) return true;
      return false;
    }
    return std::any_of(known->begin(), known->end(),
                       [&](const Column& each) { return each.name == column.name && each.type == column.type; });
  };
  for (const Column& each : own)
    if (!has(each)) return "has no column " + each.name + " " + type_text(each.type) + "; it has (" + columns_text(*known, false) + ")";
  return "";
}

}  // namespace

void take_given_schemas(const Statement& s, Source& source, const Catalog& catalog, Complaint& complaint) {
  for (const bool key : {true, false}) {
    GivenSchema& given = key ? source.key_schema : source.value_schema;
    if (given.id == 0) continue;
    const std::string side = key ? "KEY" : "VALUE", number = std::to_string(given.id);
    const FormatKind kind = source.format(key).kind;
    if (!has_schema(kind))
      return complaint.say("E16", s.name_at,
                           side + "_SCHEMA_ID takes a schema from the registry, but " + side + "_FORMAT is " +
                               std::string(format_name(kind)) + ", which has none there; write " + side +
                               "_FORMAT='AVRO', or leave it out.");
    const RegisteredSchema* schema = catalog.schema_of(given.id);
    if (!schema)
      return complaint.say("E17", s.name_at,
                           "The schema registry has no schema with the id " + number + "; name one that it has, or leave " + side +
                               "_SCHEMA_ID out.");
    std::string wrong;
    if (schema->format != registry_format(kind))
      wrong = "is " + std::string(format_name(schema->format)) + ", and the format is " + std::string(format_name(registry_format(kind)));
    else if (s.select) wrong = lacking(source, *schema, key);
    else if (!infers(s, source, key))
      wrong = "gives the columns of the " + lower(side) + ", and the statement names some too; leave one out";
    if (!wrong.empty()) return complaint.say("E17", s.name_at, "Schema " + number + " " + wrong + ".");
    given.text = schema->text;
  }
}

std::string as_given(const Source& source, bool key, std::string json) {
  const GivenSchema& given = source.given(key);
  if (given.text.empty() || source.format(key).kind != FormatKind::avro) return json;
  const AvroResult schema = read_avro(given.text);
  const std::optional<Json> tree = parse_json(json);
  const std::optional<AvroValue> value = tree && schema.schema ? avro_of_json(*schema.schema, schema.schema->root, *tree) : std::nullopt;
  if (!value) return json;
  json.clear();
  write_json_of_avro(json, *schema.schema, schema.schema->root, *value);
  return json;
}

}  // namespace nutshell::streams
