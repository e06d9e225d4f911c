// ksqlDB's types in the words of each schema language, and back. For format_*.cpp only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/streams/decimal.h"
#include "sim/streams/json.h"
#include "sim/streams/schema.h"

namespace nutshell::streams {

// A text as JSON, with its quotes.
std::string quoted_text(std::string_view text);

// The member that a field of a schema is written from: capitals do not count if none is written just so. nullptr: there is none.
const Json* member_of(const Json& json, std::string_view name);
// A DECIMAL's digits as both Avro and Protobuf have them: two's complement, the highest byte first, as few as do.
std::string bytes_of_unscaled(Int128 number);
Int128 unscaled_of_bytes(std::string_view bytes);

// `bare`: the one column stands for itself, not as a field. Every field may be null.
// `full_name`: of the record or message; empty: as ksqlDB names it.
std::string avro_schema_text(const Columns& columns, bool bare, const std::string& full_name);
std::string json_schema_text(const Columns& columns, bool bare);
std::string protobuf_schema_text(const Columns& columns, const std::string& full_name);

// A STRUCT for a record, its names as they are written. `message`: which of several; empty: the first.
std::optional<Type> type_of_avro(std::string_view text, std::string& why);
std::optional<Type> type_of_json_schema(std::string_view text, std::string& why);
std::optional<Type> type_of_protobuf(std::string_view text, const std::string& message, std::string& why);

}  // namespace nutshell::streams
