#include "sim/connect/data.h"

#include "sim/core/text.h"
#include "sim/streams/real.h"

namespace nutshell::connect {
namespace {

std::string text_of_members(const Members& members, const Schema* schema) {
  std::string out = schema ? "Struct{" : "{";
  bool first = true;
  for (const Member& member : members) {
    // A Struct does not tell its fields that are null.
    if (schema && member.value.null()) continue;
    if (!first) out += schema ? "," : ", ";
    first = false;
    const Field* field = schema ? schema->find(member.name) : nullptr;
    out += member.name + "=" + text_of(Data{field ? field->schema : nullptr, member.value});
  }
  return out + "}";
}

}  // namespace

std::string_view type_name(Type type) {
  constexpr std::string_view kNames[] = {"INT8",    "INT16",  "INT32", "INT64", "FLOAT32", "FLOAT64",
                                         "BOOLEAN", "STRING", "BYTES", "ARRAY", "MAP",     "STRUCT"};
  return kNames[static_cast<std::size_t>(type)];
}

Value::Value(List list) : is_(std::make_shared<const List>(std::move(list))) {}
Value::Value(Members members) : is_(std::make_shared<const Members>(std::move(members))) {}

const List* Value::list() const {
  const auto* shared = std::get_if<std::shared_ptr<const List>>(&is_);
  return shared ? shared->get() : nullptr;
}

const Members* Value::members() const {
  const auto* shared = std::get_if<std::shared_ptr<const Members>>(&is_);
  return shared ? shared->get() : nullptr;
}

const Value* Value::find(std::string_view name) const {
  if (const Members* all = members()) {
    for (const Member& member : *all) {
      if (member.name == name) return &member.value;
    }
  }
  return nullptr;
}

bool operator==(const Value& a, const Value& b) {
  if (a.is_.index() != b.is_.index()) return false;
  if (a.list()) return *a.list() == *b.list();
  if (a.members()) return *a.members() == *b.members();
  return a.is_ == b.is_;
}

const Field* Schema::find(std::string_view field) const {
  for (const Field& each : fields) {
    if (each.name == field) return &each;
  }
  return nullptr;
}

bool same_schema(const SchemaPtr& a, const SchemaPtr& b) {
  if (a == b) return true;
  if (!a || !b || a->type != b->type || a->optional != b->optional || a->name != b->name || a->version != b->version ||
      a->fallback != b->fallback || a->fields.size() != b->fields.size() || !same_schema(a->item, b->item)) {
    return false;
  }
  for (std::size_t i = 0; i < a->fields.size(); ++i) {
    if (a->fields[i].name != b->fields[i].name || !same_schema(a->fields[i].schema, b->fields[i].schema)) return false;
  }
  return true;
}

SchemaPtr plain_schema(Type type, bool optional) {
  Schema schema;
  schema.type = type;
  schema.optional = optional;
  return std::make_shared<const Schema>(std::move(schema));
}

SchemaPtr struct_schema(std::vector<Field> fields, std::string name, bool optional) {
  Schema schema;
  schema.type = Type::structure;
  schema.optional = optional;
  schema.name = std::move(name);
  schema.fields = std::move(fields);
  return std::make_shared<const Schema>(std::move(schema));
}

std::string text_of(const Data& data) {
  const Value& value = data.value;
  if (value.null()) return "null";
  if (value.truth()) return *value.truth() ? "true" : "false";
  if (value.whole()) return std::to_string(*value.whole());
  if (value.real()) return streams::real_text(*value.real());
  if (value.text()) return *value.text();
  if (value.bytes()) return hex_text(value.bytes()->bytes);
  const bool is_struct = data.schema && data.schema->type == Type::structure;
  if (value.members()) return text_of_members(*value.members(), is_struct ? data.schema.get() : nullptr);
  std::string out = "[";
  const SchemaPtr item_schema = data.schema ? data.schema->item : nullptr;
  for (const Value& item : *value.list()) out += (out.size() > 1 ? ", " : "") + text_of(Data{item_schema, item});
  return out + "]";
}

std::optional<Data> field_of(const Data& data, std::string_view name) {
  const Field* field = data.schema ? data.schema->find(name) : nullptr;
  if (data.schema && data.schema->type == Type::structure && !field) return std::nullopt;
  const Value* value = data.value.find(name);
  if (!value && !field) return std::nullopt;
  SchemaPtr schema = field ? field->schema : data.schema && data.schema->type == Type::map ? data.schema->item : nullptr;
  return Data{std::move(schema), value ? *value : Value()};
}

std::string_view kind_of(const Value& value) {
  if (value.null()) return "null";
  if (value.truth()) return "BOOLEAN";
  if (value.whole()) return "INT64";
  if (value.real()) return "FLOAT64";
  if (value.text()) return "STRING";
  if (value.bytes()) return "BYTES";
  return value.list() ? "ARRAY" : "MAP";
}

}  // namespace nutshell::connect
