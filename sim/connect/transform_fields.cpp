// InsertField, MaskField, ExtractField, ReplaceField and Flatten.
#include <algorithm>

#include "sim/connect/transform.h"
#include "sim/core/text.h"
#include "sim/streams/real.h"

namespace nutshell::connect {
namespace {

bool is_in(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

SchemaPtr timestamp_schema() {
  Schema schema;
  schema.type = Type::int64;
  schema.optional = true;
  schema.name = "org.apache.kafka.connect.data.Timestamp";
  schema.version = 1;
  return std::make_shared<const Schema>(std::move(schema));
}

// What stands for a value that nobody is to see: nothing of its kind.
bool masked(const Transform& t, const Value& value, Value& mask, Failure& failure) {
  if (t.replacement && (value.whole() || value.real())) {
    const auto whole = parse_integer(*t.replacement);
    const auto real = streams::parse_real(*t.replacement);
    if (value.whole() ? !whole : !real) return failure.data("the replacement " + *t.replacement + " is no number");
    mask = value.whole() ? Value(*whole) : Value(*real);
    return true;
  }
  if (t.replacement && !value.text()) return failure.data("only numbers and texts can have a replacement");
  if (value.whole()) mask = Value(std::int64_t{0});
  else if (value.real()) mask = Value(0.0);
  else if (value.truth()) mask = Value(false);
  else if (value.text()) mask = Value(t.replacement.value_or(""));
  else if (value.list()) mask = Value(List{});
  else if (value.members()) mask = Value(Members{});
  else return failure.data("bytes cannot be masked; only numbers, truths, texts, lists and maps");
  return true;
}

}  // namespace

SchemaPtr with_fields(const SchemaPtr& schema, std::vector<Field> fields) {
  if (!schema) return nullptr;
  Schema changed = *schema;
  changed.fields = std::move(fields);
  changed.fallback.reset();
  return std::make_shared<const Schema>(std::move(changed));
}

bool insert_field(const Transform& t, const Record& record, Data& data, Failure& failure) {
  if (data.value.null()) return true;
  if (!has_members("inserting fields", data, failure)) return false;
  std::vector<Field> fields = data.schema ? data.schema->fields : std::vector<Field>{};
  Members members = *data.value.members();
  const auto put = [&](const std::string& name, const SchemaPtr& schema, bool there, Value value) {
    if (name.empty()) return;
    fields.push_back({name, schema});
    if (there) std::erase_if(members, [&](const Member& member) { return member.name == name; });
    if (there || data.schema) members.push_back({name, there ? std::move(value) : Value()});
  };
  const auto optional = [&](const std::string& name, Type type) { return plain_schema(type, !is_in(t.must_have, name)); };
  if (!t.offset_field.empty() && record.offset < 0) return failure.data("only records of sinks have offsets to insert");
  put(t.topic_field, optional(t.topic_field, Type::string), true, Value(record.topic));
  if (record.partition >= 0)
    put(t.partition_field, optional(t.partition_field, Type::int32), true, Value(std::int64_t{record.partition}));
  put(t.offset_field, optional(t.offset_field, Type::int64), true, Value(record.offset));
  put(t.timestamp_field, timestamp_schema(), record.timestamp.has_value(), Value(record.timestamp.value_or(0)));
  put(t.static_field, optional(t.static_field, Type::string), true, Value(t.static_value));
  data = {with_fields(data.schema, std::move(fields)), Value(std::move(members))};
  return true;
}

bool mask_field(const Transform& t, Data& data, Failure& failure) {
  if (data.value.null()) return true;
  if (!has_members("masking fields", data, failure)) return false;
  Members members = *data.value.members();
  for (Member& member : members) {
    if (!is_in(t.fields, member.name) || member.value.null()) continue;
    const auto field = field_of(data, member.name);
    if (field && field->schema && field->schema->type == Type::structure)
      return failure.data("the field " + member.name + " is a struct, which cannot be masked");
    if (Value mask; masked(t, member.value, mask, failure)) member.value = std::move(mask);
    else return false;
  }
  data.value = Value(std::move(members));
  return true;
}

bool extract_field(const Transform& t, Data& data, Failure& failure) {
  const std::string& name = t.fields[0];
  if (data.schema && data.schema->type == Type::structure) {
    const Field* field = data.schema->find(name);
    if (!field) return failure.is("java.lang.IllegalArgumentException", "there is no field " + name + " in the schema");
    const Value* value = data.value.find(name);
    data = Data{field->schema, value ? *value : Value()};
    return true;
  }
  if (data.value.null()) return true;
  if (!has_members("extracting a field", data, failure)) return false;
  const Value* value = data.value.find(name);
  data = Data{nullptr, value ? *value : Value()};
  return true;
}

bool replace_field(const Transform& t, Data& data, Failure& failure) {
  if (data.value.null()) return true;
  if (!has_members("replacing fields", data, failure)) return false;
  const auto kept = [&](const std::string& name) { return !is_in(t.fields, name) && (t.include.empty() || is_in(t.include, name)); };
  const auto renamed = [&](const std::string& name) {
    for (const auto& [from, to] : t.renames) {
      if (from == name) return to;
    }
    return name;
  };
  std::vector<Field> fields;
  Members members;
  for (const Field& field : data.schema ? data.schema->fields : std::vector<Field>{}) {
    if (kept(field.name)) fields.push_back({renamed(field.name), field.schema});
  }
  for (const Member& member : *data.value.members()) {
    if (kept(member.name)) members.push_back({renamed(member.name), member.value});
  }
  data = {with_fields(data.schema, std::move(fields)), Value(std::move(members))};
  return true;
}

namespace {

void flatten_into(const Transform& t, const std::string& prefix, const Data& data, bool optional, std::vector<Field>& fields,
                  Members& members) {
  const bool schema = data.schema != nullptr;
  std::vector<std::string> names;
  if (schema) {
    for (const Field& field : data.schema->fields) names.push_back(field.name);
  } else {
    for (const Member& member : *data.value.members()) names.push_back(member.name);
  }
  for (const std::string& name : names) {
    const Data inner = field_of(data, name).value_or(Data{});
    const std::string whole = prefix.empty() ? name : prefix + t.delimiter + name;
    const bool nested = schema ? inner.schema->type == Type::structure : inner.value.members() != nullptr;
    if (nested) {
      flatten_into(t, whole, inner, optional || (schema && inner.schema->optional), fields, members);
      continue;
    }
    if (schema) {
      Schema copy = *inner.schema;
      copy.optional = copy.optional || optional;
      fields.push_back({whole, std::make_shared<const Schema>(std::move(copy))});
    }
    members.push_back({whole, inner.value});
  }
}

}  // namespace

bool flatten(const Transform& t, Data& data, Failure& failure) {
  if (data.value.null()) return true;
  if (!has_members("flattening", data, failure)) return false;
  std::vector<Field> fields;
  Members members;
  flatten_into(t, "", data, data.schema && data.schema->optional, fields, members);
  data = {with_fields(data.schema, std::move(fields)), Value(std::move(members))};
  return true;
}

}  // namespace nutshell::connect
