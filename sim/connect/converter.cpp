#include "sim/connect/converter.h"

#include <array>
#include <bit>

#include "sim/connect/converter_json.h"

namespace nutshell::connect {
namespace {

struct ConverterRow {
  Converter::Kind kind;
  std::string_view name;
  std::string_view package;
  Type type;  // that it takes; of JSON and texts every one
  std::size_t width = 0;
};
constexpr std::string_view kConverters = "org.apache.kafka.connect.converters.";
constexpr std::array kConverterRows = {
    ConverterRow{Converter::Kind::json, "JsonConverter", "org.apache.kafka.connect.json.", Type::string},
    ConverterRow{Converter::Kind::string, "StringConverter", "org.apache.kafka.connect.storage.", Type::string},
    ConverterRow{Converter::Kind::byte_array, "ByteArrayConverter", kConverters, Type::bytes},
    ConverterRow{Converter::Kind::int64, "LongConverter", kConverters, Type::int64, 8},
    ConverterRow{Converter::Kind::int32, "IntegerConverter", kConverters, Type::int32, 4},
    ConverterRow{Converter::Kind::float64, "DoubleConverter", kConverters, Type::float64, 8},
};
const ConverterRow& converter_row(Converter::Kind kind) { return kConverterRows[static_cast<std::size_t>(kind)]; }

// Most significant byte first.
std::string to_bytes(std::uint64_t number, std::size_t width) {
  std::string out(width, '\0');
  for (std::size_t i = 0; i < width; ++i) out[width - 1 - i] = static_cast<char>(number >> (8 * i));
  return out;
}

std::uint64_t from_bytes(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

bool converter_takes(const ConverterRow& row, const Value& value) {
  switch (row.kind) {
    case Converter::Kind::byte_array: return value.bytes() != nullptr;
    case Converter::Kind::float64: return value.real() != nullptr;
    case Converter::Kind::int64: return value.whole() != nullptr;
    case Converter::Kind::int32: return value.whole() && *value.whole() == static_cast<std::int32_t>(*value.whole());
    case Converter::Kind::json:
    case Converter::Kind::string: break;
  }
  return true;
}

}  // namespace

std::optional<Converter::Kind> converter_named(std::string_view name) {
  for (const ConverterRow& row : kConverterRows) {
    if (name == row.name || name == class_of(row.kind)) return row.kind;
  }
  return std::nullopt;
}

std::string_view class_of(Converter::Kind kind) {
  static const std::array<std::string, kConverterRows.size()> kNames = [] {
    std::array<std::string, kConverterRows.size()> names;
    for (std::size_t i = 0; i < kConverterRows.size(); ++i)
      names[i] = std::string(kConverterRows[i].package) + std::string(kConverterRows[i].name);
    return names;
  }();
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<std::string_view> converter_names() {
  std::vector<std::string_view> names;
  for (const ConverterRow& row : kConverterRows) names.push_back(row.name);
  return names;
}

bool from_connect(const Converter& converter, const Data& data, std::optional<std::string>& bytes, Failure& failure) {
  const ConverterRow& row = converter_row(converter.kind);
  failure.executing_class = class_of(converter.kind);
  bytes.reset();
  if (converter.kind == Converter::Kind::json) return json_from_connect(converter.schemas_enable, data, bytes, failure);
  if (converter.kind != Converter::Kind::string && data.schema && data.schema->type != row.type) {
    return failure.data(std::string(row.name) + " takes values of type " + std::string(type_name(row.type)) + ", and this is " +
                        std::string(type_name(data.schema->type)));
  }
  if (data.value.null()) return true;
  if (!converter_takes(row, data.value)) {
    return failure.data(std::string(row.name) + " takes values of type " + std::string(type_name(row.type)) + ", and this is " +
                        std::string(kind_of(data.value)));
  }
  switch (converter.kind) {
    case Converter::Kind::byte_array: bytes = data.value.bytes()->bytes; return true;
    case Converter::Kind::float64: bytes = to_bytes(std::bit_cast<std::uint64_t>(*data.value.real()), row.width); return true;
    case Converter::Kind::int64:
    case Converter::Kind::int32: bytes = to_bytes(static_cast<std::uint64_t>(*data.value.whole()), row.width); return true;
    case Converter::Kind::json:
    case Converter::Kind::string: break;
  }
  bytes = text_of(data);
  return true;
}

bool to_connect(const Converter& converter, const std::optional<std::string>& bytes, Data& data, Failure& failure) {
  const ConverterRow& row = converter_row(converter.kind);
  failure.executing_class = class_of(converter.kind);
  data = {};
  if (converter.kind != Converter::Kind::json) data.schema = plain_schema(row.type, true);
  if (!bytes) return true;
  switch (converter.kind) {
    case Converter::Kind::json: return json_to_connect(converter.schemas_enable, *bytes, data, failure);
    case Converter::Kind::string: data.value = Value(*bytes); return true;
    case Converter::Kind::byte_array: data.value = Value(Bytes{*bytes}); return true;
    case Converter::Kind::int64:
    case Converter::Kind::int32:
    case Converter::Kind::float64: break;
  }
  if (bytes->size() != row.width) {
    return failure.data(std::string(row.name) + " reads " + std::to_string(row.width) + " bytes, and this has " +
                        std::to_string(bytes->size()));
  }
  const std::uint64_t number = from_bytes(*bytes);
  if (converter.kind == Converter::Kind::float64) data.value = Value(std::bit_cast<double>(number));
  else if (converter.kind == Converter::Kind::int32) data.value = Value(static_cast<std::int64_t>(static_cast<std::int32_t>(number)));
  else data.value = Value(static_cast<std::int64_t>(number));
  return true;
}

}  // namespace nutshell::connect
