// ksqlDB's types in the words of each schema language, and back. For format_*.cpp only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/streams/schema.h"

namespace nutshell::streams {

// A text as JSON, with its quotes.
std::string quoted_text(std::string_view text);

// `bare`: the one column stands for itself, not as a field. Every field may be null.
std::string avro_schema_text(const Columns& columns, bool bare);
std::string json_schema_text(const Columns& columns, bool bare);
std::string protobuf_schema_text(const Columns& columns);

// A STRUCT for a record, whose names are in capitals.
std::optional<Type> type_of_avro(std::string_view text, std::string& why);
std::optional<Type> type_of_json_schema(std::string_view text, std::string& why);
std::optional<Type> type_of_protobuf(std::string_view text, std::string& why);

}  // namespace nutshell::streams
