// Cast: a value as one of another type.
#include "sim/connect/transform.h"
#include "sim/core/text.h"
#include "sim/streams/real.h"

namespace nutshell::connect {
namespace {

std::int64_t cut(Type type, std::int64_t number) {
  switch (type) {
    case Type::int8: return static_cast<std::int8_t>(number);
    case Type::int16: return static_cast<std::int16_t>(number);
    case Type::int32: return static_cast<std::int32_t>(number);
    default: return number;
  }
}

bool to_whole(Type type, const Data& data, Value& result, Failure& failure) {
  const Value& value = data.value;
  if (value.truth()) result = Value(std::int64_t{*value.truth() ? 1 : 0});
  else if (value.whole()) result = Value(cut(type, *value.whole()));
  else if (value.real()) result = Value(cut(type, streams::truncated(*value.real())));
  else {
    const auto number = value.text() ? parse_integer(*value.text()) : std::nullopt;
    if (!number || cut(type, *number) != *number)
      return failure.data("\"" + text_of(data) + "\" is no " + std::string(type_name(type)));
    result = Value(*number);
  }
  return true;
}

bool to_real(Type type, const Data& data, Value& result, Failure& failure) {
  const Value& value = data.value;
  if (value.truth()) result = Value(*value.truth() ? 1.0 : 0.0);
  else if (value.whole()) result = Value(static_cast<double>(*value.whole()));
  else if (value.real()) result = value;
  else {
    const auto number = value.text() ? streams::parse_real(*value.text()) : std::nullopt;
    if (!number) return failure.data("\"" + text_of(data) + "\" is no " + std::string(type_name(type)));
    result = Value(*number);
  }
  return true;
}

bool cast_value(Type type, const Data& data, Value& result, Failure& failure) {
  const Value& value = data.value;
  result = Value();
  if (value.null()) return true;
  if (value.list() || value.members()) return failure.data("a list, map or struct cannot be cast");
  if (is_whole(type)) return to_whole(type, data, result, failure);
  if (is_real(type)) return to_real(type, data, result, failure);
  if (type == Type::string) result = Value(text_of(data));
  else if (value.truth()) result = value;
  else if (value.whole()) result = Value(*value.whole() != 0);
  else if (value.real()) result = Value(*value.real() < 0 || *value.real() > 0);
  else result = Value(value.text() && (*value.text() == "true" || *value.text() == "TRUE" || *value.text() == "True"));
  return true;
}

SchemaPtr cast_schema(const SchemaPtr& schema, Type type) {
  return schema ? plain_schema(type, schema->optional) : nullptr;
}

}  // namespace

bool cast(const Transform& t, Data& data, Failure& failure) {
  if (data.value.null()) return true;
  if (t.casts.size() == 1 && t.casts[0].field.empty()) {
    Value result;
    if (!cast_value(t.casts[0].type, data, result, failure)) return false;
    data = {cast_schema(data.schema, t.casts[0].type), std::move(result)};
    return true;
  }
  if (!has_members("casting fields", data, failure)) return false;
  Members members = *data.value.members();
  std::vector<Field> fields = data.schema ? data.schema->fields : std::vector<Field>{};
  for (const Cast& each : t.casts) {
    for (Member& member : members) {
      if (member.name != each.field) continue;
      Value result;
      if (!cast_value(each.type, Data{nullptr, member.value}, result, failure)) return false;
      member.value = std::move(result);
    }
    for (Field& field : fields) {
      if (field.name == each.field) field.schema = cast_schema(field.schema, each.type);
    }
  }
  SchemaPtr schema = data.schema ? struct_schema(std::move(fields), data.schema->name, data.schema->optional) : nullptr;
  data = {std::move(schema), Value(std::move(members))};
  return true;
}

}  // namespace nutshell::connect
