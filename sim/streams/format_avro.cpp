#include <algorithm>

#include "sim/streams/format_schema.h"
#include "sim/streams/format_schema_types.h"
#include "sim/streams/problem.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

constexpr std::string_view kRecord = "KsqlDataSourceSchema", kNamespace = "io.confluent.ksql.avro_schemas";

std::string avro_type(const Type& type, const std::string& record);

std::string nullable(const Type& type, const std::string& record) { return "[\"null\"," + avro_type(type, record) + "]"; }

std::string field_text(const std::string& name, const Type& type, const std::string& record) {
  return "{\"name\":" + quoted_text(name) + ",\"type\":" + nullable(type, record + "_" + name) + ",\"default\":null}";
}

std::string record_text(const std::string& record, const std::vector<std::string>& fields, std::string_view space = kNamespace) {
  const std::string within = space.empty() ? "" : ",\"namespace\":" + quoted_text(space);
  return "{\"type\":\"record\",\"name\":" + quoted_text(record) + within + ",\"fields\":[" + joined(fields, ",") + "]}";
}

// A MAP is a list of entries, as a key may be null in ksqlDB and none is in Avro's maps.
std::string avro_type(const Type& type, const std::string& record) {
  std::vector<std::string> fields;
  switch (type.base) {
    case Base::boolean: return "\"boolean\"";
    case Base::integer: return "\"int\"";
    case Base::bigint: return "\"long\"";
    case Base::real: return "\"double\"";
    case Base::bytes: return "\"bytes\"";
    case Base::date: return R"({"type":"int","logicalType":"date"})";
    case Base::time: return R"({"type":"int","logicalType":"time-millis"})";
    case Base::timestamp: return R"({"type":"long","logicalType":"timestamp-millis"})";
    case Base::decimal:
      return R"({"type":"bytes","logicalType":"decimal","precision":)" + std::to_string(type.precision) + ",\"scale\":" +
             std::to_string(type.scale) + "}";
    case Base::array: return "{\"type\":\"array\",\"items\":" + nullable(type.of[0], record) + "}";
    case Base::map:
      fields = {field_text("key", type.of[0], record), field_text("value", type.of[1], record)};
      return "{\"type\":\"array\",\"items\":" + record_text(record, fields) + "}";
    case Base::structure:
      for (std::size_t i = 0; i < type.of.size(); ++i) fields.push_back(field_text(type.names[i], type.of[i], record));
      return record_text(record, fields);
    default: return "\"string\"";
  }
}

bool is_entry(const AvroType& type) {
  return type.kind == AvroKind::record && type.fields.size() == 2 && type.fields[0].name == "key" && type.fields[1].name == "value";
}

class AvroTypes {
 public:
  explicit AvroTypes(const AvroSchema& schema) : schema_(schema) {}

  std::optional<Type> read(std::size_t index, int depth = 0) {
    const AvroType& it = schema_.at(index);
    if (depth > 16) return no("it names itself");
    switch (it.kind) {
      case AvroKind::boolean: return simple(Base::boolean);
      case AvroKind::int32: return simple(it.logical == "date" ? Base::date : it.logical == "time-millis" ? Base::time : Base::integer);
      case AvroKind::int64: return simple(it.logical == "timestamp-millis" ? Base::timestamp : Base::bigint);
      case AvroKind::float32:
      case AvroKind::float64: return simple(Base::real);
      case AvroKind::text:
      case AvroKind::enumeration: return simple(Base::text);
      case AvroKind::bytes:
      case AvroKind::fixed:
        return it.logical == "decimal" && it.precision > 0 ? decimal_type(it.precision, it.scale) : simple(Base::bytes);
      case AvroKind::array: return list(it, depth);
      case AvroKind::map: return map(simple(Base::text), read(it.element, depth + 1));
      case AvroKind::record: return record(it, depth);
      case AvroKind::one_of: return one_of(it, depth);
      case AvroKind::null: break;
    }
    return no("a field of nothing but null has no type");
  }

  std::string why;

 private:
  std::optional<Type> no(std::string text) {
    if (why.empty()) why = std::move(text);
    return std::nullopt;
  }
  static std::optional<Type> map(std::optional<Type> key, std::optional<Type> value) {
    return key && value ? std::optional<Type>(map_of(*key, *value)) : std::nullopt;
  }
  std::optional<Type> list(const AvroType& it, int depth) {
    const AvroType& element = schema_.at(it.element);
    if (is_entry(element)) return map(read(element.fields[0].type, depth + 1), read(element.fields[1].type, depth + 1));
    std::optional<Type> type = read(it.element, depth + 1);
    return type ? std::optional<Type>(array_of(*type)) : std::nullopt;
  }
  std::optional<Type> record(const AvroType& it, int depth) {
    Type type = simple(Base::structure);
    for (const AvroField& field : it.fields) {
      std::optional<Type> part = read(field.type, depth + 1);
      if (!part) return std::nullopt;
      type.names.push_back(field.name);
      type.of.push_back(std::move(*part));
    }
    return type;
  }
  std::optional<Type> one_of(const AvroType& it, int depth) {
    std::optional<std::size_t> other;
    for (const std::size_t branch : it.branches) {
      if (schema_.at(branch).kind == AvroKind::null) continue;
      if (other) return no("a union of several types has no place in a column");
      other = branch;
    }
    return other ? read(*other, depth + 1) : no("a union of nothing but null has no type");
  }

  const AvroSchema& schema_;
};

class ToAvro {
 public:
  explicit ToAvro(const AvroSchema& schema) : schema_(schema) {}

  std::optional<AvroValue> make(std::size_t index, const Json& json) {
    const AvroType& it = schema_.at(index);
    AvroValue value;
    value.kind = it.kind;
    switch (it.kind) {
      case AvroKind::null: return json.kind == JsonKind::null ? std::optional<AvroValue>(value) : std::nullopt;
      case AvroKind::boolean: value.number = json.truth; return when(json.kind == JsonKind::truth, value);
      case AvroKind::int32:
      case AvroKind::int64: value.number = json_whole(json).value_or(0); return when(json_whole(json).has_value(), value);
      case AvroKind::float32:
      case AvroKind::float64: {
        const auto number = parse_real(json.text);
        value.real = number.value_or(0);
        return when(number.has_value() && json.kind != JsonKind::null, value);
      }
      case AvroKind::text: value.bytes = json.text; return when(json.kind == JsonKind::text, value);
      case AvroKind::enumeration: {
        const auto found = std::find(it.symbols.begin(), it.symbols.end(), json.text);
        value.number = found - it.symbols.begin();
        return when(found != it.symbols.end(), value);
      }
      case AvroKind::bytes:
      case AvroKind::fixed: return octets(it, json, std::move(value));
      case AvroKind::one_of: return one_of(it, json, std::move(value));
      case AvroKind::array: return list(it, json, std::move(value));
      case AvroKind::record: return record(it, json, std::move(value));
      case AvroKind::map:
        value.keys = json.names;
        for (const Json& each : json.items)
          if (!put(value, make(it.element, each))) return std::nullopt;
        return when(json.kind == JsonKind::object, value);
    }
    return std::nullopt;
  }

 private:
  static std::optional<AvroValue> when(bool fits, AvroValue value) {
    return fits ? std::optional<AvroValue>(std::move(value)) : std::nullopt;
  }
  static bool put(AvroValue& value, std::optional<AvroValue> part) {
    if (part) value.items.push_back(std::move(*part));
    return part.has_value();
  }
  static std::optional<AvroValue> octets(const AvroType& it, const Json& json, AvroValue value) {
    if (it.logical == "decimal") {
      const auto number = parse_decimal(json.text);
      const auto scaled = number ? rescale(*number, it.scale) : std::nullopt;
      if (scaled) value.bytes = bytes_of_unscaled(scaled->unscaled());
      return when(scaled.has_value(), value);
    }
    const auto bytes = json.kind == JsonKind::text ? from_base64(json.text) : std::nullopt;
    value.bytes = bytes.value_or("");
    return when(bytes.has_value() && (it.kind == AvroKind::bytes || static_cast<std::int64_t>(bytes->size()) == it.size), value);
  }
  std::optional<AvroValue> one_of(const AvroType& it, const Json& json, AvroValue value) {
    for (std::size_t i = 0; i < it.branches.size(); ++i) {
      value.number = static_cast<std::int64_t>(i);
      if (put(value, make(it.branches[i], json))) return value;
    }
    return std::nullopt;
  }
  std::optional<AvroValue> list(const AvroType& it, const Json& json, AvroValue value) {
    const AvroType& element = schema_.at(it.element);
    const bool entries = is_entry(element) && json.kind == JsonKind::object;
    for (std::size_t i = 0; i < json.items.size(); ++i) {
      if (!entries) {
        if (!put(value, make(it.element, json.items[i]))) return std::nullopt;
        continue;
      }
      AvroValue entry;
      entry.kind = AvroKind::record;
      Json name;
      name.kind = JsonKind::text;
      name.text = json.names[i];
      if (!put(entry, make(element.fields[0].type, name)) || !put(entry, make(element.fields[1].type, json.items[i])))
        return std::nullopt;
      value.items.push_back(std::move(entry));
    }
    return when(entries || json.kind == JsonKind::list, value);
  }
  std::optional<AvroValue> record(const AvroType& it, const Json& json, AvroValue value) {
    static const Json kNothing;
    for (const AvroField& field : it.fields) {
      const Json* member = member_of(json, field.name);
      std::optional<AvroValue> part = make(field.type, member ? *member : kNothing);
      if (!part && field.fallback && (!member || member->kind == JsonKind::null))
        part = avro_from_json(schema_, field.type, *field.fallback).value;
      if (!put(value, std::move(part))) return std::nullopt;
    }
    return when(json.kind == JsonKind::object, value);
  }

  const AvroSchema& schema_;
};

}  // namespace

std::string bytes_of_unscaled(Int128 number) {
  std::string bytes;
  for (bool more = true; more; number >>= 8) {
    const auto byte = static_cast<unsigned char>(number & 255);
    bytes.insert(bytes.begin(), static_cast<char>(byte));
    const Int128 rest = number >> 8;
    more = !((rest == 0 && byte < 128) || (rest == -1 && byte >= 128));
  }
  return bytes;
}
Int128 unscaled_of_bytes(std::string_view bytes) {
  Int128 number = !bytes.empty() && static_cast<unsigned char>(bytes[0]) >= 128 ? -1 : 0;
  for (const char c : bytes) number = number * 256 + static_cast<unsigned char>(c);
  return number;
}

const Json* member_of(const Json& json, std::string_view name) {
  if (const Json* found = json.find_folded(name)) return found;
  for (std::size_t i = 0; i < json.names.size(); ++i)
    if (same_word(json.names[i], name)) return &json.items[i];
  return nullptr;
}

std::string avro_schema_text(const Columns& columns, bool bare, const std::string& full_name) {
  const std::size_t dot = full_name.rfind('.');
  const std::string record = full_name.empty() ? std::string(kRecord) : full_name.substr(dot == std::string::npos ? 0 : dot + 1);
  const std::string space = full_name.empty() ? std::string(kNamespace) : full_name.substr(0, dot == std::string::npos ? 0 : dot);
  if (bare) return avro_type(columns[0].type, record);
  std::vector<std::string> fields;
  for (const Column& each : columns) fields.push_back(field_text(each.name, each.type, record));
  return record_text(record, fields, space);
}

std::optional<Type> type_of_avro(std::string_view text, std::string& why) {
  const AvroResult schema = read_avro(text);
  why = schema.problem;
  if (!schema.schema) return std::nullopt;
  AvroTypes types(*schema.schema);
  std::optional<Type> type = types.read(schema.schema->root);
  why = types.why;
  return type;
}

std::optional<AvroValue> avro_of_json(const AvroSchema& schema, std::size_t type, const Json& json) {
  return ToAvro(schema).make(type, json);
}

void write_json_of_avro(std::string& out, const AvroSchema& schema, std::size_t type, const AvroValue& value) {
  const AvroType& it = schema.at(type);
  const auto parts = [&](char open, char close, auto&& part) {
    out += open;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      if (i > 0) out += ',';
      part(i);
    }
    out += close;
  };
  const auto named = [&](const std::string& name, std::size_t of, const AvroValue& each) {
    write_json_text(out, name);
    out += ':';
    write_json_of_avro(out, schema, of, each);
  };
  switch (it.kind) {
    case AvroKind::null: out += "null"; return;
    case AvroKind::boolean: out += value.number ? "true" : "false"; return;
    case AvroKind::int32:
    case AvroKind::int64: out += std::to_string(value.number); return;
    case AvroKind::float32:
    case AvroKind::float64: return write_json_value(out, Value(value.real), simple(Base::real));
    case AvroKind::text: return write_json_text(out, value.bytes);
    case AvroKind::enumeration: return write_json_text(out, it.symbols[static_cast<std::size_t>(value.number)]);
    case AvroKind::bytes:
    case AvroKind::fixed:
      if (it.logical == "decimal") out += decimal_text(Decimal(unscaled_of_bytes(value.bytes), it.scale));
      else write_json_text(out, to_base64(value.bytes));
      return;
    case AvroKind::one_of: return write_json_of_avro(out, schema, it.branches[static_cast<std::size_t>(value.number)], value.items.front());
    case AvroKind::record:
      return parts('{', '}', [&](std::size_t i) { named(it.fields[i].name, it.fields[i].type, value.items[i]); });
    case AvroKind::map: return parts('{', '}', [&](std::size_t i) { named(value.keys[i], it.element, value.items[i]); });
    case AvroKind::array: break;
  }
  const AvroType& element = schema.at(it.element);
  if (!is_entry(element)) return parts('[', ']', [&](std::size_t i) { write_json_of_avro(out, schema, it.element, value.items[i]); });
  parts('{', '}', [&](std::size_t i) {
    const AvroValue* key = &value.items[i].items[0];
    while (key->kind == AvroKind::one_of) key = &key->items.front();
    named(key->bytes, element.fields[1].type, value.items[i].items[1]);
  });
}

}  // namespace nutshell::streams
