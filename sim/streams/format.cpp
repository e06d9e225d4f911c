#include "sim/streams/format.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "sim/streams/format_schema.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string big_endian(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
  return text;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = (number << 8) | static_cast<unsigned char>(c);
  return number;
}

std::string write_kafka(const Type& type, const Value& value) {
  switch (type.base) {
    case Base::integer: return big_endian(static_cast<std::uint64_t>(value.whole()), 4);
    case Base::bigint: return big_endian(static_cast<std::uint64_t>(value.whole()), 8);
    case Base::real: {
      std::uint64_t bits = 0;
      const double number = value.real();
      std::memcpy(&bits, &number, sizeof bits);
      return big_endian(bits, 8);
    }
    default: return value.text();
  }
}

std::optional<Value> read_kafka(const Type& type, std::string_view bytes, std::string& why) {
  const std::size_t wanted = type.base == Base::integer                             ? 4
                             : type.base == Base::bigint || type.base == Base::real ? 8
                                                                                    : bytes.size();
  if (bytes.size() != wanted) {
    why = "a KAFKA " + type_text(type) + " has " + std::to_string(wanted) + " bytes, not " + std::to_string(bytes.size());
    return std::nullopt;
  }
  const std::uint64_t bits = wanted == bytes.size() && type.base != Base::text ? from_big_endian(bytes) : 0;
  switch (type.base) {
    case Base::integer: return Value(static_cast<std::int64_t>(static_cast<std::int32_t>(bits)));
    case Base::bigint: return Value(static_cast<std::int64_t>(bits));
    case Base::real: {
      double number = 0;
      std::memcpy(&number, &bits, sizeof number);
      return Value(number);
    }
    default: return Value(std::string(bytes));
  }
}

// Whether there is a MAP in it, or only one whose keys are no text.
bool holds_map(const Type& type, bool odd_keys = false) {
  if (type.base == Base::map && (!odd_keys || type.of[0].base != Base::text)) return true;
  return std::any_of(type.of.begin(), type.of.end(), [odd_keys](const Type& part) { return holds_map(part, odd_keys); });
}

// A column's value from a field of a flat object: whole numbers and texts as they mostly are. False: read it the long way.
bool plain_value(const FlatField& field, const Type& type, Value& value) {
  if (!field.text && field.raw == "null") return true;
  if (type.base == Base::text && field.text && !field.escaped) {
    value = Value(std::string(field.raw));
    return true;
  }
  if (field.text) return false;
  if (type.base == Base::integer || type.base == Base::bigint) {
    const auto number = parse_whole(field.raw);
    const bool fits = number && (type.base == Base::bigint || *number == static_cast<std::int32_t>(*number));
    if (!fits || field.raw[0] == '+') return false;
    value = Value(*number);
    return true;
  }
  if (type.base == Base::boolean && (field.raw == "true" || field.raw == "false")) {
    value = Value(field.raw == "true");
    return true;
  }
  return false;
}

// Most rows are flat objects of numbers and texts: they need no tree. False: read it the long way, which also says what is
// wrong.
bool read_plain(const Columns& columns, std::string_view bytes, Row& row) {
  std::vector<FlatField> fields;
  fields.reserve(columns.size() + 2);
  if (!read_flat(bytes, fields)) return false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const FlatField* found = nullptr;
    for (const FlatField& field : fields) {
      if (field.name == columns[i].name) {
        found = &field;
        break;
      }
      if (!found && same_word(field.name, columns[i].name) && upper(field.name) == columns[i].name) found = &field;
    }
    if (found && !plain_value(*found, columns[i].type, row[i])) return false;
  }
  // What no column takes must still be JSON.
  return std::all_of(fields.begin(), fields.end(), [](const FlatField& field) {
    if (field.text) return !field.escaped;
    const char c = field.raw[0];
    return c == '-' || (c >= '0' && c <= '9') || field.raw == "null" || field.raw == "true" || field.raw == "false";
  });
}

// One column stands for itself, not as a field of an object.
bool is_bare(const Format& format, const Columns& columns, bool key) {
  return columns.size() == 1 && may_unwrap(format.kind) && (key || !format.wrapped);
}

std::optional<Row> read_json(const Format& format, const Columns& columns, bool key, std::string_view bytes, std::string& why) {
  Row row(columns.size());
  if (!is_bare(format, columns, key) && read_plain(columns, bytes, row)) return row;
  row.assign(columns.size(), Value());
  const std::optional<Json> json = parse_json(bytes, &why);
  if (!json) return std::nullopt;
  const bool bare = is_bare(format, columns, key);
  if (json->kind == JsonKind::null) return row;
  if (!bare && json->kind != JsonKind::object) {
    why = "a JSON object is wanted, with a field for each column";
    return std::nullopt;
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Json* field = bare ? &*json : json->find_folded(columns[i].name);
    if (!field) continue;
    auto value = value_from_json(*field, columns[i].type);
    if (!value) {
      why = json_text(*field).substr(0, 60) + " is no " + type_text(columns[i].type) + " for column " + columns[i].name;
      return std::nullopt;
    }
    row[i] = std::move(*value);
  }
  return row;
}

std::optional<std::string> write_json_row(const Format& format, const Columns& columns, bool key, const Row& row) {
  std::string text;
  if (is_bare(format, columns, key)) {
    if (row[0].null()) return std::nullopt;
    write_json_value(text, row[0], columns[0].type);
    return text;
  }
  text += '{';
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) text += ',';
    write_json_text(text, columns[i].name);
    text += ':';
    write_json_value(text, row[i], columns[i].type);
  }
  return text + "}";
}

}  // namespace

std::optional<Row> read_row(const Format& format, const Columns& columns, bool key, std::string_view bytes, std::string& why) {
  if (is_structured(format.kind)) {
    std::optional<Row> row = read_json(format, columns, key, bytes, why);
    if (row && format.kind == FormatKind::protobuf) fill_in(columns, *row);
    return row;
  }
  if (format.kind == FormatKind::delimited) return read_delimited(format, columns, bytes, why);
  if (format.kind == FormatKind::none) return Row(columns.size());
  if (columns.empty()) return Row();
  auto value = read_kafka(columns[0].type, bytes, why);
  if (!value) return std::nullopt;
  return Row{std::move(*value)};
}

std::optional<std::string> write_row(const Format& format, const Columns& columns, bool key, const Row& row) {
  if (key && (columns.empty() || (columns.size() == 1 && row[0].null()))) return std::nullopt;
  if (format.kind == FormatKind::protobuf) {
    Row filled = row;
    fill_in(columns, filled);
    return write_json_row(format, columns, key, filled);
  }
  if (is_structured(format.kind)) return write_json_row(format, columns, key, row);
  if (format.kind == FormatKind::delimited) return write_delimited(format, columns, row);
  if (format.kind == FormatKind::none) return std::nullopt;
  if (columns.empty() || row[0].null()) return std::nullopt;
  return write_kafka(columns[0].type, row[0]);
}

std::string unsupported(const Format& format, const Columns& columns, bool key) {
  const std::string instead = key ? "; write KEY_FORMAT='JSON'." : "; write VALUE_FORMAT='JSON'.";
  if (format.kind == FormatKind::kafka) {
    if (columns.size() > 1) {
      return "The KAFKA format holds a single column, not " + std::to_string(columns.size()) + instead;
    }
    for (const Column& c : columns) {
      const Base base = c.type.base;
      const bool fine =
          base == Base::integer || base == Base::bigint || base == Base::real || base == Base::text || base == Base::bytes;
      if (!fine)
        return "The KAFKA format holds INT, BIGINT, DOUBLE, VARCHAR and BYTES, not " + type_text(c.type) + " (column " +
               c.name + ")" + instead;
    }
  }
  if (format.kind == FormatKind::delimited) {
    for (const Column& c : columns) {
      if (is_nested(c.type)) return "The DELIMITED format holds no " + type_text(c.type) + " (column " + c.name + ")" + instead;
    }
  }
  if (format.kind == FormatKind::none && !columns.empty()) return "The format NONE holds no columns" + instead;
  for (const Column& c : columns) {
    if (key && holds_map(c.type))
      return "A key cannot hold a MAP, whose order is not defined (column " + c.name + ", " + type_text(c.type) +
             "); take the parts of it that are the key.";
    if (has_schema(format.kind))
      if (std::string wrong = unregistrable(format, c); !wrong.empty()) return wrong;
    if (is_structured(format.kind) && holds_map(c.type, true))
      return std::string(format_name(format.kind)) + " has texts as the keys of a MAP; column " + c.name + " is " + type_text(c.type) +
             ". CAST its keys.";
  }
  return "";
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t n) {
      return n < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[n])) : 0U;
    };
    const std::uint32_t three = (byte(i) << 16) | (byte(i + 1) << 8) | byte(i + 2);
    text += kBase64[(three >> 18) & 63];
    text += kBase64[(three >> 12) & 63];
    text += i + 1 < bytes.size() ? kBase64[(three >> 6) & 63] : '=';
    text += i + 2 < bytes.size() ? kBase64[three & 63] : '=';
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string bytes;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    const std::size_t digit = kBase64.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    have += 6;
    if (have >= 8) {
      have -= 8;
      bytes += static_cast<char>(static_cast<unsigned char>(bits >> have));
    }
  }
  return bytes;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t number = 0;
  const std::from_chars_result end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

Columns columns_of_side(const Source& source, bool key) {
  Columns columns;
  std::copy_if(source.columns.begin(), source.columns.end(), std::back_inserter(columns),
               [key](const Column& c) { return c.key == key && !c.of_headers(); });
  return columns;
}

std::optional<std::string> bytes_from_json(const Json& json, const Source& source, bool key) {
  const Format& format = key ? source.key_format : source.value_format;
  if (json.kind == JsonKind::null || format.kind == FormatKind::none) return std::nullopt;
  if (is_structured(format.kind)) return json_text(json);
  if (format.kind == FormatKind::delimited) return json.kind == JsonKind::text ? json.text : json_text(json);
  const Columns columns = columns_of_side(source, key);
  if (columns.empty()) return std::nullopt;
  const auto value = value_from_json(json, columns[0].type);
  // What is no value of the type goes as it is, so that reading it fails as it has to.
  return value ? write_row(format, columns, key, {*value}) : std::optional<std::string>(json.text);
}

}  // namespace nutshell::streams
