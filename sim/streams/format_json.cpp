#include <limits>

#include "sim/streams/calendar.h"
#include "sim/streams/code.h"
#include "sim/streams/format.h"
#include "sim/streams/problem.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

std::optional<std::int64_t> whole_of(const Json& json, std::int64_t least, std::int64_t most) {
  if (json.kind == JsonKind::text) {
    const auto number = parse_whole(json.text);
    return number && *number >= least && *number <= most ? number : std::nullopt;
  }
  if (json.kind != JsonKind::number) return std::nullopt;
  if (const auto number = json_whole(json)) {
    if (most == std::numeric_limits<std::int32_t>::max()) return static_cast<std::int32_t>(*number);
    return number;
  }
  const auto real = parse_real(json.text);
  return real ? std::optional<std::int64_t>(truncated(*real)) : std::nullopt;
}

std::optional<Value> number_from_json(const Json& json, const Type& type) {
  const bool scalar = json.kind == JsonKind::number || json.kind == JsonKind::text;
  if (!scalar) return std::nullopt;
  if (type.base == Base::real) {
    const auto number = parse_real(json.text);
    return number ? std::optional<Value>(Value(*number)) : std::nullopt;
  }
  if (type.base == Base::decimal) {
    const auto number = parse_decimal(json.text);
    if (!number) return std::nullopt;
    const auto fitted = rescale(*number, type.scale);
    if (!fitted || compare(*fitted, *number) != 0 || !fits(*fitted, type.precision)) return std::nullopt;
    return Value(*fitted);
  }
  const bool narrow = type.base == Base::integer || type.base == Base::date || type.base == Base::time;
  using Narrow = std::numeric_limits<std::int32_t>;
  using Wide = std::numeric_limits<std::int64_t>;
  const auto number = whole_of(json, narrow ? Narrow::min() : Wide::min(), narrow ? Narrow::max() : Wide::max());
  return number ? std::optional<Value>(Value(*number)) : std::nullopt;
}

// What a VARCHAR column makes of a value that is no text.
std::string text_from_json(const Json& json) {
  switch (json.kind) {
    case JsonKind::text: return json.text;
    case JsonKind::list: {
      std::vector<std::string> parts;
      for (const Json& item : json.items) parts.push_back(item.kind == JsonKind::null ? "null" : text_from_json(item));
      return "[" + joined(parts) + "]";
    }
    default: return json_text(json);
  }
}

std::optional<Value> map_from_json(const Json& json, const Type& type) {
  if (json.kind != JsonKind::object) return std::nullopt;
  std::map<std::string, Value> sorted;
  for (std::size_t i = 0; i < json.items.size(); ++i) {
    const auto value = value_from_json(json.items[i], type.of[1]);
    if (!value) return std::nullopt;
    sorted[json.names[i]] = *value;
  }
  List list;
  for (auto& each : sorted) {
    list.push_back(Value(each.first));
    list.push_back(std::move(each.second));
  }
  return Value(std::move(list));
}

std::optional<Value> structure_from_json(const Json& json, const Type& type) {
  if (json.kind != JsonKind::object) return std::nullopt;
  List list;
  for (std::size_t i = 0; i < type.of.size(); ++i) {
    const Json* field = json.find_folded(type.names[i]);
    const auto value = field ? value_from_json(*field, type.of[i]) : std::optional<Value>(Value());
    if (!value) return std::nullopt;
    list.push_back(*value);
  }
  return Value(std::move(list));
}

std::optional<Value> array_from_json(const Json& json, const Type& type) {
  if (json.kind != JsonKind::list) return std::nullopt;
  List list;
  for (const Json& item : json.items) {
    const auto value = value_from_json(item, type.of[0]);
    if (!value) return std::nullopt;
    list.push_back(*value);
  }
  return Value(std::move(list));
}

// How a key of a map stands in JSON.
std::string name_of(const Value& key, const Type& type) {
  bool failed = false;
  const Value text = cast_value(key, type, simple(Base::text), failed);
  return text.null() ? "null" : text.text();
}

}  // namespace

std::optional<Value> value_from_json(const Json& json, const Type& type) {
  if (json.kind == JsonKind::null) return Value();
  switch (type.base) {
    case Base::boolean:
      if (json.kind == JsonKind::truth) return Value(json.truth);
      if (json.kind == JsonKind::text) return Value(same_word(json.text, "true"));
      return std::nullopt;
    case Base::text: return Value(text_from_json(json));
    case Base::bytes: {
      if (json.kind != JsonKind::text) return std::nullopt;
      const auto bytes = from_base64(json.text);
      return bytes ? std::optional<Value>(Value(*bytes)) : std::nullopt;
    }
    case Base::array: return array_from_json(json, type);
    case Base::map: return map_from_json(json, type);
    case Base::structure: return structure_from_json(json, type);
    default: return number_from_json(json, type);
  }
}

void write_json_value(std::string& out, const Value& value, const Type& type) {
  if (value.null()) {
    out += "null";
    return;
  }
  switch (type.base) {
    case Base::boolean: out += value.truth() ? "true" : "false"; return;
    case Base::real: {
      const bool odd = is_nan(value.real()) || is_infinite(value.real());
      out += odd ? "\"" + real_text(value.real()) + "\"" : real_text(value.real());
      return;
    }
    case Base::decimal: out += decimal_text(value.decimal()); return;
    case Base::text: write_json_text(out, value.text()); return;
    case Base::bytes: write_json_text(out, to_base64(value.text())); return;
    case Base::array:
    case Base::map:
    case Base::structure: break;
    default: out += std::to_string(value.whole()); return;
  }
  const List& list = value.list();
  const bool array = type.base == Base::array;
  const std::size_t step = type.base == Base::map ? 2 : 1;
  out += array ? '[' : '{';
  for (std::size_t i = 0; i + step <= list.size(); i += step) {
    if (i > 0) out += ',';
    if (step == 2) write_json_text(out, name_of(list[i], type.of[0]));
    if (type.base == Base::structure) write_json_text(out, type.names[i]);
    if (!array) out += ':';
    write_json_value(out, list[i + step - 1], step == 2 ? type.of[1] : array ? type.of[0] : type.of[i]);
  }
  out += array ? ']' : '}';
}

}  // namespace nutshell::streams
