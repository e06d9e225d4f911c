#include "sim/streams/code.h"
#include "sim/streams/format.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

struct Csv {
  std::vector<std::string> fields;
  bool complete = true;
};

// The first line, as RFC 4180 has it: a quoted field may hold the delimiter, line ends and doubled quotes.
Csv first_line(std::string_view text, char delimiter) {
  Csv csv;
  std::size_t i = 0;
  for (;;) {
    std::string field;
    if (i < text.size() && text[i] == '"') {
      for (++i;; ++i) {
        if (i >= text.size()) {
          csv.complete = false;
          return csv;
        }
        if (text[i] == '"') {
          if (i + 1 >= text.size() || text[i + 1] != '"') break;
          ++i;
        }
        field += text[i];
      }
      ++i;
    }
    while (i < text.size() && text[i] != delimiter && text[i] != '\n' && text[i] != '\r') field += text[i++];
    csv.fields.push_back(std::move(field));
    if (i >= text.size() || text[i] != delimiter) return csv;
    ++i;
  }
}

bool wants_quotes(std::string_view field, char delimiter, bool first) {
  if (field.empty()) return first;
  const char c = field[0];
  const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  if (first && !letter) return true;
  if (static_cast<unsigned char>(c) <= '#') return true;
  for (const char each : field) {
    if (each == '\n' || each == '\r' || each == '"' || each == delimiter) return true;
  }
  return static_cast<unsigned char>(field.back()) <= ' ';
}

std::optional<Value> field_value(const std::string& field, const Type& type) {
  if (field.empty()) return Value();
  if (type.base == Base::text) return Value(field);
  if (type.base == Base::bytes) {
    const auto bytes = from_base64(field);
    return bytes ? std::optional<Value>(Value(*bytes)) : std::nullopt;
  }
  if (type.base == Base::date || type.base == Base::time || type.base == Base::timestamp) {
    const auto number = parse_whole(field);
    return number ? std::optional<Value>(Value(*number)) : std::nullopt;
  }
  bool failed = false;
  Value value = cast_value(Value(field), simple(Base::text), type, failed);
  return failed ? std::nullopt : std::optional<Value>(std::move(value));
}

std::string field_text(const Value& value, const Type& type) {
  if (value.null()) return "";
  if (type.base == Base::bytes) return to_base64(value.text());
  if (value.is_whole()) return std::to_string(value.whole());
  bool failed = false;
  return cast_value(value, type, simple(Base::text), failed).text();
}

}  // namespace

std::optional<Row> read_delimited(const Format& format, const Columns& columns, std::string_view bytes, std::string& why) {
  const Csv csv = first_line(bytes, format.delimiter);
  if (bytes.empty() || !csv.complete || csv.fields.size() != columns.size()) {
    why = "the row has " + std::to_string(bytes.empty() ? 0 : csv.fields.size()) + " fields, not " +
          std::to_string(columns.size());
    return std::nullopt;
  }
  Row row;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto value = field_value(csv.fields[i], columns[i].type);
    if (!value) {
      why = "'" + csv.fields[i] + "' is no " + type_text(columns[i].type) + " for column " + columns[i].name;
      return std::nullopt;
    }
    row.push_back(std::move(*value));
  }
  return row;
}

std::string write_delimited(const Format& format, const Columns& columns, const Row& row) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) text += format.delimiter;
    const bool absent = row[i].null();
    const std::string field = field_text(row[i], columns[i].type);
    if (absent || !wants_quotes(field, format.delimiter, i == 0)) {
      text += field;
      continue;
    }
    text += '"';
    for (const char c : field) text.append(c == '"' ? 2 : 1, c);
    text += '"';
  }
  return text;
}

}  // namespace nutshell::streams
