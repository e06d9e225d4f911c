// Avro's interface language, as far as one record goes (Avro IDL): shorter to read and to write than JSON.
//
//   record Order { string id; int cents; string currency = "EUR"; @aliases(["vat"]) double? tax = null; }
//
// Types are Avro's primitive ones, array<T>, map<T>, union { T, U } and T?, which is union { null, T }, or union { T, null }
// if its default is not null. Comments, enums, nested records and protocols are not read: such schemas are written as JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/schema/avro.h"

namespace nutshell {

// What begins with a brace, a bracket or a quote is JSON already and comes back as it is, unread.
struct AvroIdlResult {
  std::string json;
  std::string problem;  // empty: read
};
AvroIdlResult avro_json_of(std::string_view text);

// The fields of a record in a few words: "id string, cents int, currency string = \"EUR\""; of another type, its name.
std::string avro_fields_text(const AvroSchema& schema);

}  // namespace nutshell
