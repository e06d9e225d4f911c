// Protobuf as ksqlDB writes and reads it: schemas of columns. Rows as bytes: format_protobuf_bytes.cpp.
#include "sim/streams/format_protobuf.h"

#include <algorithm>

#include "sim/streams/format_schema.h"
#include "sim/streams/format_schema_types.h"

namespace nutshell::streams {
namespace {

constexpr ProtoScalar kProtoScalars[] = {
    {"bool", Base::boolean, ProtoWire::varint},
    {"int32", Base::integer, ProtoWire::varint, false, true},
    {"sint32", Base::integer, ProtoWire::varint, true, true},
    {"sfixed32", Base::integer, ProtoWire::four, false, true},
    {"int64", Base::bigint, ProtoWire::varint},
    {"sint64", Base::bigint, ProtoWire::varint, true},
    {"uint32", Base::bigint, ProtoWire::varint},
    {"uint64", Base::bigint, ProtoWire::varint},
    {"fixed32", Base::bigint, ProtoWire::four},
    {"fixed64", Base::bigint, ProtoWire::eight},
    {"sfixed64", Base::bigint, ProtoWire::eight},
    {"float", Base::real, ProtoWire::four},
    {"double", Base::real, ProtoWire::eight},
    {"string", Base::text, ProtoWire::counted},
    {"bytes", Base::bytes, ProtoWire::counted}};

constexpr ProtoKnown kProtoKnown[] = {
    {"google.type.Date", Base::date, "Date"},
    {"google.type.TimeOfDay", Base::time, "TimeOfDay"},
    {"google.protobuf.Timestamp", Base::timestamp, "Timestamp"},
    {"confluent.type.Decimal", Base::decimal, "Decimal"},
    {"google.protobuf.BoolValue", Base::boolean, "BoolValue"},
    {"google.protobuf.Int32Value", Base::integer, "Int32Value"},
    {"google.protobuf.Int64Value", Base::bigint, "Int64Value"},
    {"google.protobuf.UInt32Value", Base::bigint, "UInt32Value"},
    {"google.protobuf.UInt64Value", Base::bigint, "UInt64Value"},
    {"google.protobuf.FloatValue", Base::real, "FloatValue"},
    {"google.protobuf.DoubleValue", Base::real, "DoubleValue"},
    {"google.protobuf.StringValue", Base::text, "StringValue"},
    {"google.protobuf.BytesValue", Base::bytes, "BytesValue"}};
constexpr std::string_view kKnownMessages =
    "message Date { int32 year = 1; int32 month = 2; int32 day = 3; }"
    "message TimeOfDay { int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4; }"
    "message Timestamp { int64 seconds = 1; int32 nanos = 2; }"
    "message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }"
    "message BoolValue { bool value = 1; } message Int32Value { int32 value = 1; } message Int64Value { int64 value = 1; }"
    "message UInt32Value { uint32 value = 1; } message UInt64Value { uint64 value = 1; } message FloatValue { float value = 1; }"
    "message DoubleValue { double value = 1; } message StringValue { string value = 1; } message BytesValue { bytes value = 1; }";

constexpr std::string_view kDecimalMessage = "confluent.type.Decimal";

// How many digits a DECIMAL has stands beside its number.
std::string digits_of(const Type& type) {
  const Type& inner = type.base == Base::array ? type.of[0] : type.base == Base::map ? type.of[1] : type;
  if (inner.base != Base::decimal) return "";
  return " [(confluent.field_meta) = { params: [{ key: \"precision\", value: \"" + std::to_string(inner.precision) +
         "\" }, { key: \"scale\", value: \"" + std::to_string(inner.scale) + "\" }] }]";
}

std::string proto_type(const Type& type, const std::string& name, std::string& messages);

std::string proto_message(const std::string& own, const std::vector<std::string>& names, const std::vector<Type>& types) {
  std::string text, inner;
  for (std::size_t i = 0; i < types.size(); ++i)
    text += proto_type(types[i], names[i], inner) + " " + names[i] + " = " + std::to_string(i + 1) + digits_of(types[i]) + "; ";
  return "message " + own + " { " + inner + text + "}";
}

std::string proto_type(const Type& type, const std::string& name, std::string& messages) {
  switch (type.base) {
    case Base::boolean: return "bool";
    case Base::integer: return "int32";
    case Base::bigint: return "int64";
    case Base::real: return "double";
    case Base::bytes: return "bytes";
    case Base::date: return "google.type.Date";
    case Base::time: return "google.type.TimeOfDay";
    case Base::timestamp: return "google.protobuf.Timestamp";
    case Base::decimal: return std::string(kDecimalMessage);
    case Base::array: return "repeated " + proto_type(type.of[0], name, messages);
    case Base::map: return "map<string, " + proto_type(type.of[1], name, messages) + ">";
    case Base::structure:
      messages += proto_message(name + "_", type.names, type.of) + " ";
      return name + "_";
    default: return "string";
  }
}

std::optional<Type> unread_proto(std::string& why, std::string text) {
  if (why.empty()) why = std::move(text);
  return std::nullopt;
}

std::optional<Type> read_proto(const ProtoFile& file, const std::string& message, int depth, std::string& why);

// Of a decimal of which nothing more is said: as many as there can be, and none behind the point.
Type decimal_of(const ProtoField& field) {
  const auto digits = [&field](const char* name, std::int64_t otherwise) {
    const auto found = field.params.find(name);
    const auto number = found == field.params.end() ? std::nullopt : parse_whole(found->second);
    return static_cast<int>(std::clamp<std::int64_t>(number.value_or(otherwise), 0, 38));
  };
  return decimal_type(std::max(digits("precision", 38), 1), digits("scale", 0));
}

std::optional<Type> read_proto_type(const ProtoFile& file, const std::string& scope, const ProtoField& field, int depth, std::string& why) {
  const std::string& word = field.type;
  if (const ProtoScalar* scalar = proto_scalar(word)) return simple(scalar->base);
  const std::string name = proto_type_name(file, scope, word);
  if (file.enums.count(name) > 0) return simple(Base::text);
  if (file.messages.count(name) > 0) return read_proto(file, name, depth + 1, why);
  const ProtoKnown* known = proto_known(word);
  if (known && known->base == Base::decimal) return decimal_of(field);
  return known ? std::optional<Type>(simple(known->base)) : unread_proto(why, "the type '" + word + "' is not defined in it");
}

std::optional<Type> read_proto(const ProtoFile& file, const std::string& message, int depth, std::string& why) {
  if (depth > kDeepestMessage / 2) return unread_proto(why, "it is nested more than 16 deep");
  Type type = simple(Base::structure);
  for (const ProtoField& field : file.messages.at(message).fields) {
    std::optional<Type> part = read_proto_type(file, message, field, depth, why);
    if (!part) return std::nullopt;
    if (!field.key_type.empty()) part = map_of(simple(Base::text), *part);
    else if (field.label == ProtoField::Label::repeated) part = array_of(*part);
    type.names.push_back(field.name);
    type.of.push_back(std::move(*part));
  }
  return type;
}

}  // namespace

const ProtoScalar* proto_scalar(std::string_view word) {
  const auto is_it = [word](const auto& each) { return each.name == word; };
  const auto found = std::find_if(std::begin(kProtoScalars), std::end(kProtoScalars), is_it);
  return found == std::end(kProtoScalars) ? nullptr : found;
}

const ProtoKnown* proto_known(std::string_view word) {
  if (!word.empty() && word.front() == '.') word.remove_prefix(1);
  const auto is_it = [word](const auto& each) { return each.name == word; };
  const auto found = std::find_if(std::begin(kProtoKnown), std::end(kProtoKnown), is_it);
  return found == std::end(kProtoKnown) ? nullptr : found;
}
const ProtoFile& known_messages() {
  static const ProtoFile kFile = *read_protobuf(kKnownMessages).file;
  return kFile;
}

std::string protobuf_schema_text(const Columns& columns, const std::string& full_name) {
  std::vector<std::string> names;
  std::vector<Type> types;
  for (const Column& each : columns) {
    names.push_back(each.name);
    types.push_back(each.type);
  }
  const std::size_t dot = full_name.rfind('.');
  const std::string package = dot == std::string::npos ? "" : "package " + full_name.substr(0, dot) + "; ";
  const std::string own = full_name.empty() ? "ConnectDefault1" : full_name.substr(dot == std::string::npos ? 0 : dot + 1);
  return "syntax = \"proto3\"; " + package + proto_message(own, names, types);
}

std::optional<Type> type_of_protobuf(std::string_view text, const std::string& message, std::string& why) {
  const ProtoResult read = read_protobuf(text);
  if (!read.file) return unread_proto(why, read.problem);
  const std::string name = message.empty() ? read.file->first : proto_type_name(*read.file, "", message);
  if (read.file->messages.count(name) == 0) return unread_proto(why, "it has no message '" + message + "'");
  return read_proto(*read.file, name, 0, why);
}

}  // namespace nutshell::streams
