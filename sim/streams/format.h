// Rows as bytes in topics, and back: JSON, DELIMITED, KAFKA, NONE (S9).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/streams/json.h"
#include "sim/streams/schema.h"
#include "sim/streams/value.h"

namespace nutshell::streams {

// The columns of one side, key or value, of a source; in order. What is not there is null. Nothing if the bytes are not
// of that format; `why` says so then.
std::optional<Row> read_row(const Format& format, const Columns& columns, bool key, std::string_view bytes, std::string& why);

// Nothing stands for no bytes at all (a null key).
std::optional<std::string> write_row(const Format& format, const Columns& columns, bool key, const Row& row);

// What one column may hold, "" if it may; otherwise why not and what to write instead (E17).
std::string unsupported(const Format& format, const Columns& columns, bool key);

// The columns of one side of a source.
Columns columns_of_side(const Source& source, bool key);
// A key or value that stands as JSON, as the topic holds it. Nothing: a null, or a key that the source does not have.
std::optional<std::string> bytes_from_json(const Json& json, const Source& source, bool key);

// For the formats only.
std::optional<Value> value_from_json(const Json& json, const Type& type);
void write_json_value(std::string& out, const Value& value, const Type& type);
std::optional<Row> read_delimited(const Format& format, const Columns& columns, std::string_view bytes, std::string& why);
std::string write_delimited(const Format& format, const Columns& columns, const Row& row);

// BYTES in text.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
// "12"; nothing if it is no whole number of 64 bits.
std::optional<std::int64_t> parse_whole(std::string_view text);

}  // namespace nutshell::streams
