#include "sim/connect/converter_json.h"

#include <array>

#include "sim/streams/format.h"
#include "sim/streams/json.h"
#include "sim/streams/real.h"

namespace nutshell::connect {
namespace {

using streams::Json;
using streams::JsonKind;

constexpr std::array<std::string_view, 12> kTypeWords = {"int8",    "int16",  "int32", "int64", "float", "double",
                                                         "boolean", "string", "bytes", "array", "map",   "struct"};

void write_schema(std::string& out, const Schema* schema, const std::string* field);
bool write_value(std::string& out, const Schema* schema, const Value& value, Failure& failure);

// What is inside the braces of a schema, `field` being its name within a struct.
void write_schema_members(std::string& out, const Schema& schema, const std::string* field) {
  out += "\"type\":\"" + std::string(kTypeWords[static_cast<std::size_t>(schema.type)]) + "\"";
  if (schema.type == Type::array) {
    out += ",\"items\":";
    write_schema(out, schema.item.get(), nullptr);
  } else if (schema.type == Type::map) {
    out += ",\"keys\":{\"type\":\"string\",\"optional\":false},\"values\":";
    write_schema(out, schema.item.get(), nullptr);
  } else if (schema.type == Type::structure) {
    out += ",\"fields\":[";
    for (std::size_t i = 0; i < schema.fields.size(); ++i) {
      if (i > 0) out += ',';
      write_schema(out, schema.fields[i].schema.get(), &schema.fields[i].name);
    }
    out += ']';
  }
  out += schema.optional ? ",\"optional\":true" : ",\"optional\":false";
  if (!schema.name.empty()) out += ",\"name\":", streams::write_json_text(out, schema.name);
  if (schema.version) out += ",\"version\":" + std::to_string(*schema.version);
  if (schema.fallback) {
    Failure none;
    out += ",\"default\":";
    write_value(out, &schema, *schema.fallback, none);
  }
  if (field) out += ",\"field\":", streams::write_json_text(out, *field);
}

void write_schema(std::string& out, const Schema* schema, const std::string* field) {
  if (!schema) {
    out += "null";
    return;
  }
  out += '{';
  write_schema_members(out, *schema, field);
  out += '}';
}

bool required(const Schema& schema, Failure& failure) {
  return failure.data("a required " + std::string(type_name(schema.type)) + " is null, and has no default");
}

bool write_null(std::string& out, const Schema* schema, Failure& failure) {
  if (schema && schema->fallback) return write_value(out, schema, *schema->fallback, failure);
  if (schema && !schema->optional) return required(*schema, failure);
  out += "null";
  return true;
}

bool write_members(std::string& out, const Schema* schema, const Members& members, Failure& failure) {
  out += '{';
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Field* field = schema ? schema->find(members[i].name) : nullptr;
    if (i > 0) out += ',';
    streams::write_json_text(out, members[i].name);
    out += ':';
    const Schema* inner = field ? field->schema.get() : schema ? schema->item.get() : nullptr;
    if (!write_value(out, inner, members[i].value, failure)) return false;
  }
  out += '}';
  return true;
}

bool write_value(std::string& out, const Schema* schema, const Value& value, Failure& failure) {
  if (value.null()) return write_null(out, schema, failure);
  if (value.truth()) out += *value.truth() ? "true" : "false";
  else if (value.whole()) out += std::to_string(*value.whole());
  else if (value.real()) out += streams::real_text(*value.real());
  else if (value.text()) streams::write_json_text(out, *value.text());
  else if (value.bytes()) out += '"' + streams::to_base64(value.bytes()->bytes) + '"';
  else if (value.members()) return write_members(out, schema, *value.members(), failure);
  else {
    out += '[';
    for (std::size_t i = 0; i < value.list()->size(); ++i) {
      if (i > 0) out += ',';
      if (!write_value(out, schema ? schema->item.get() : nullptr, (*value.list())[i], failure)) return false;
    }
    out += ']';
  }
  return true;
}

// What plain JSON says.
Value plain_value(const Json& json) {
  switch (json.kind) {
    case JsonKind::null: return Value();
    case JsonKind::truth: return Value(json.truth);
    case JsonKind::text: return Value(json.text);
    case JsonKind::number:
      if (const auto whole = streams::json_whole(json)) return Value(*whole);
      return Value(streams::parse_real(json.text).value_or(0));
    case JsonKind::list: {
      List list;
      for (const Json& item : json.items) list.push_back(plain_value(item));
      return Value(std::move(list));
    }
    case JsonKind::object: break;
  }
  Members members;
  for (std::size_t i = 0; i < json.items.size(); ++i) members.push_back({json.names[i], plain_value(json.items[i])});
  return Value(std::move(members));
}

bool read_value(const Schema& schema, const Json* json, Value& value, Failure& failure);

bool read_schema(const Json& json, SchemaPtr& schema, Failure& failure);

bool read_fields(const Json& json, Schema& schema, Failure& failure) {
  const Json* fields = json.find("fields");
  if (!fields || fields->kind != JsonKind::list) return failure.data("the schema of a struct has no list of fields");
  for (const Json& each : fields->items) {
    const Json* name = each.find("field");
    if (!name || name->kind != JsonKind::text) return failure.data("a field in the schema of a struct has no name");
    Field field{name->text, nullptr};
    if (!read_schema(each, field.schema, failure)) return false;
    if (!field.schema) return failure.data("the field " + field.name + " has no schema");
    schema.fields.push_back(std::move(field));
  }
  return true;
}

bool read_item(const Json& json, Schema& schema, Failure& failure) {
  const Json* item = json.find(schema.type == Type::array ? "items" : "values");
  if (schema.type == Type::map) {
    const Json* keys = json.find("keys");
    const Json* type = keys ? keys->find("type") : nullptr;
    if (!type || type->text != "string") return failure.data("a map in Nutshell has texts as keys; write keys of type string");
  }
  if (!item || item->kind == JsonKind::null)
    return failure.data("the schema of an array or a map does not say the type of its values");
  return read_schema(*item, schema.item, failure);
}

// `schema` stays null for a schema of null.
bool read_schema(const Json& json, SchemaPtr& schema, Failure& failure) {
  schema = nullptr;
  if (json.kind == JsonKind::null) return true;
  const Json* type = json.find("type");
  if (!type || type->kind != JsonKind::text) return failure.data("a schema has no type");
  Schema read;
  std::size_t at = 0;
  while (at < kTypeWords.size() && kTypeWords[at] != type->text) ++at;
  if (at == kTypeWords.size()) return failure.data("a schema has the unknown type " + type->text);
  read.type = static_cast<Type>(at);
  if (read.type == Type::structure && !read_fields(json, read, failure)) return false;
  if ((read.type == Type::array || read.type == Type::map) && !read_item(json, read, failure)) return false;
  const Json* optional = json.find("optional");
  read.optional = optional && optional->kind == JsonKind::truth && optional->truth;
  if (const Json* name = json.find("name"); name && name->kind == JsonKind::text) read.name = name->text;
  if (const Json* version = json.find("version")) read.version = streams::json_whole(*version);
  if (const Json* fallback = json.find("default"); fallback && fallback->kind != JsonKind::null) {
    Value value;
    if (!read_value(read, fallback, value, failure)) return false;
    read.fallback = std::move(value);
  }
  schema = std::make_shared<const Schema>(std::move(read));
  return true;
}

// What Jackson makes of a number that stands for a whole one of that width: it is cut; of anything else 0.
std::int64_t whole_of(Type type, const Json& json) {
  std::int64_t number = 0;
  if (json.kind == JsonKind::number) {
    const auto whole = streams::json_whole(json);
    number = whole ? *whole : streams::truncated(streams::parse_real(json.text).value_or(0));
  }
  switch (type) {
    case Type::int8: return static_cast<std::int8_t>(number);
    case Type::int16: return static_cast<std::int16_t>(number);
    case Type::int32: return static_cast<std::int32_t>(number);
    default: return number;
  }
}

bool read_struct(const Schema& schema, const Json& json, Value& value, Failure& failure) {
  if (json.kind != JsonKind::object) return failure.data("a struct is no JSON object");
  Members members;
  for (const Field& field : schema.fields) {
    Member member{field.name, Value()};
    if (!read_value(*field.schema, json.find(field.name), member.value, failure)) {
      failure.message = "field " + field.name + ": " + failure.message;
      return false;
    }
    members.push_back(std::move(member));
  }
  value = Value(std::move(members));
  return true;
}

bool read_items(const Schema& schema, const Json& json, Value& value, Failure& failure) {
  const bool map = schema.type == Type::map;
  if (json.kind != (map ? JsonKind::object : JsonKind::list))
    return failure.data(map ? "a map is no JSON object" : "an array is no JSON list");
  List items(json.items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!read_value(*schema.item, &json.items[i], items[i], failure)) return false;
  }
  if (!map) {
    value = Value(std::move(items));
    return true;
  }
  Members members;
  for (std::size_t i = 0; i < items.size(); ++i) members.push_back({json.names[i], std::move(items[i])});
  value = Value(std::move(members));
  return true;
}

bool read_value(const Schema& schema, const Json* json, Value& value, Failure& failure) {
  if (!json || json->kind == JsonKind::null) {
    value = schema.fallback.value_or(Value());
    return schema.fallback || schema.optional || required(schema, failure);
  }
  if (is_whole(schema.type)) {
    value = Value(whole_of(schema.type, *json));
    return true;
  }
  switch (schema.type) {
    case Type::boolean: value = Value(json->kind == JsonKind::truth && json->truth); return true;
    case Type::float32:
    case Type::float64: value = Value(json->kind == JsonKind::number ? streams::parse_real(json->text).value_or(0) : 0.0); return true;
    case Type::string:
      if (json->kind != JsonKind::text) {
        value = Value();
        return schema.optional || required(schema, failure);
      }
      value = Value(json->text);
      return true;
    case Type::bytes: {
      const auto bytes = json->kind == JsonKind::text ? streams::from_base64(json->text) : std::nullopt;
      if (!bytes) return failure.data("bytes are not written in base64");
      value = Value(Bytes{*bytes});
      return true;
    }
    case Type::structure: return read_struct(schema, *json, value, failure);
    default: return read_items(schema, *json, value, failure);
  }
}

}  // namespace

bool json_from_connect(bool schemas_enable, const Data& data, std::optional<std::string>& bytes, Failure& failure) {
  if (data.value.null() && !(data.schema && schemas_enable && data.schema->fallback)) return true;
  std::string out;
  if (schemas_enable) {
    out += "{\"schema\":";
    write_schema(out, data.schema.get(), nullptr);
    out += ",\"payload\":";
  }
  if (!write_value(out, data.schema.get(), data.value, failure)) return false;
  if (schemas_enable) out += '}';
  bytes = std::move(out);
  return true;
}

bool json_to_connect(bool schemas_enable, std::string_view text, Data& data, Failure& failure) {
  std::string wrong;
  const std::optional<Json> json = streams::parse_json(text, &wrong);
  if (!json) return failure.data("the bytes are no JSON: " + wrong);
  if (!schemas_enable) {
    data.value = plain_value(*json);
    return true;
  }
  const Json* schema = json->find("schema");
  const Json* payload = json->find("payload");
  if (!schema || !payload || json->items.size() != 2) {
    return failure.data("JsonConverter with schemas.enable wants an object of schema and payload and nothing else; "
                        "for plain JSON set schemas.enable=false");
  }
  if (!read_schema(*schema, data.schema, failure)) return false;
  if (data.schema) return read_value(*data.schema, payload, data.value, failure);
  data.value = plain_value(*payload);
  return true;
}

}  // namespace nutshell::connect
