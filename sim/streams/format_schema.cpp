#include "sim/streams/format_schema.h"

#include <algorithm>

#include "sim/streams/format_schema_types.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

std::string subject_of(const Source& source, bool key) { return subject_name(SubjectNaming::topic, source.topic, key, ""); }

bool is_key(const ColumnClause& clause) { return clause.mark == KeyMark::key || clause.mark == KeyMark::primary_key; }

void fold_names(Type& type) {
  for (std::string& each : type.names) each = upper(each);
  for (Type& each : type.of) fold_names(each);
}

bool is_plain_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// A name within the type that is none in Avro and Protobuf; nullptr: all are.
const std::string* odd_name(const Type& type) {
  for (const std::string& each : type.names)
    if (!is_plain_name(each)) return &each;
  for (const Type& each : type.of)
    if (const std::string* odd = odd_name(each)) return odd;
  return nullptr;
}

Value filled(const Type& type, const Value& value) {
  if (!value.null()) {
    if (type.of.empty() || !value.is_list()) return value;
    List parts = value.list();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::size_t part = type.base == Base::structure ? i : type.base == Base::map ? i % 2 : 0;
      if (part < type.of.size()) parts[i] = filled(type.of[part], parts[i]);
    }
    return Value(std::move(parts));
  }
  switch (type.base) {
    case Base::boolean: return Value(false);
    case Base::integer:
    case Base::bigint: return Value(std::int64_t{0});
    case Base::real: return Value(0.0);
    case Base::text:
    case Base::bytes: return Value(std::string());
    case Base::array:
    case Base::map: return Value(List());
    default: return value;
  }
}

}  // namespace

std::string quoted_text(std::string_view text) {
  std::string out;
  write_json_text(out, text);
  return out;
}

SchemaFormat registry_format(FormatKind kind) {
  if (kind == FormatKind::protobuf) return SchemaFormat::protobuf;
  return kind == FormatKind::avro ? SchemaFormat::avro : SchemaFormat::json;
}

std::string schema_text(const Format& format, const Columns& columns, bool key, const std::string& full_name) {
  const bool bare = columns.size() == 1 && may_unwrap(format.kind) && (key || !format.wrapped);
  if (format.kind == FormatKind::avro) return avro_schema_text(columns, bare, full_name);
  return format.kind == FormatKind::json_sr ? json_schema_text(columns, bare) : protobuf_schema_text(columns, full_name);
}

std::string schema_text(const Source& source, bool key) {
  const GivenSchema& given = source.given(key);
  return given.text.empty() ? schema_text(source.format(key), columns_of_side(source, key), key, given.full_name) : given.text;
}

std::optional<Columns> columns_of_schema(const Format& format, std::string_view text, bool key, std::string& why,
                                         const GivenSchema& given) {
  std::optional<Type> type;
  if (format.kind == FormatKind::avro) type = type_of_avro(text, why);
  else if (format.kind == FormatKind::json_sr) type = type_of_json_schema(text, why);
  else type = type_of_protobuf(text, given.full_name, why);
  if (!type) return std::nullopt;
  if (given.id == 0) fold_names(*type);
  const bool bare = may_unwrap(format.kind) && (key || !format.wrapped);
  Columns columns;
  if (bare || type->base != Base::structure) {
    columns.push_back({key ? "ROWKEY" : "ROWVAL", *type, key, KeyMark::none, ""});
    return columns;
  }
  for (std::size_t i = 0; i < type->of.size(); ++i) columns.push_back({type->names[i], type->of[i], key, KeyMark::none, ""});
  if (columns.empty()) why = "it has no fields";
  return columns.empty() ? std::nullopt : std::optional<Columns>(std::move(columns));
}

bool infers(const Statement& s, const Source& source, bool key) {
  return has_schema(source.format(key).kind) &&
         std::none_of(s.columns.begin(), s.columns.end(), [key](const ColumnClause& each) {
           return is_key(each) == key && each.mark != KeyMark::headers && each.mark != KeyMark::header;
         });
}

void infer_columns(Statement& s, const Source& source, const Catalog& catalog, Complaint& complaint) {
  if (s.has_columns && s.columns.empty()) return;  // "()" is none of both, and said so elsewhere
  // Keys first; what the statement names stays as it is.
  for (const bool key : {true, false}) {
    if (!infers(s, source, key)) continue;
    const std::string subject = subject_of(source, key);
    const SchemaSubject* known = catalog.registry.find(subject);
    const GivenSchema& given = source.given(key);
    const RegisteredSchema* schema = nullptr;
    if (given.id > 0) schema = catalog.schema_of(given.id);
    else if (known && known->latest()) schema = catalog.registry.find(known->latest()->id);
    const Format& format = source.format(key);
    if (!schema) {
      return complaint.say("E17", s.name_at,
                           "The schema registry has no subject '" + subject + "' to take the columns from; register a schema there, or " +
                               "name the columns of " + s.name + ".");
    }
    std::string why;
    std::optional<Columns> columns;
    if (schema->format != registry_format(format.kind))
      why = "it is " + std::string(format_name(schema->format)) + ", and the format is " + std::string(format_name(format.kind));
    else columns = columns_of_schema(format, schema->text, key, why, given);
    if (!columns)
      return complaint.say("E17", s.name_at,
                           (given.id > 0 ? "Schema " + std::to_string(given.id) : "The latest schema of '" + subject + "'") +
                               " gives no columns: " + why + "; name the columns of " + s.name + ".");
    for (const Column& each : *columns) {
      const KeyMark mark = !key ? KeyMark::none : s.table ? KeyMark::primary_key : KeyMark::key;
      s.columns.push_back({s.name_at, each.name, each.type, mark, ""});
    }
    s.has_columns = true;
  }
}

void register_schemas(const Source& source, Place at, Registry& registry, Complaint& complaint) {
  for (const bool key : {true, false}) {
    const Format& format = source.format(key);
    const Columns columns = columns_of_side(source, key);
    const std::string subject = subject_of(source, key);
    if (!has_schema(format.kind) || columns.empty() || (source.query.empty() && registry.find(subject))) continue;
    const Registration made = registry.add(subject, registry_format(format.kind), schema_text(source, key));
    if (made.id == 0)
      return complaint.say("E17", at,
                           "The schema registry refuses the schema of topic '" + source.topic + "': " + refusal_text(made) + ".");
  }
}

std::string unregistrable(const Format& format, const Column& column) {
  if (format.kind == FormatKind::json_sr) return "";
  const std::string* odd = is_plain_name(column.name) ? odd_name(column.type) : &column.name;
  if (!odd) return "";
  return std::string(format_name(format.kind)) + " has names of letters, digits and _ only, and no digit first; '" + *odd +
         "' is none: name the column otherwise with AS.";
}

void fill_in(const Columns& columns, Row& row) {
  for (std::size_t i = 0; i < columns.size(); ++i) row[i] = filled(columns[i].type, row[i]);
}

}  // namespace nutshell::streams
