// Formats whose schemas stand in the registry (S9; M1-M3): AVRO, JSON_SR, PROTOBUF. A source without columns takes them from there,
// and what a statement makes is registered under "<topic>-key" and "<topic>-value".
//
// Rows themselves are JSON throughout this folder: ksqlDB's own schemas take any null, so that nothing hangs on the bytes but
// Protobuf's defaults. Who puts them on a wire serialises them with the schema (avro_of_json), and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/schema/avro_value.h"
#include "sim/schema/registry.h"
#include "sim/streams/format.h"
#include "sim/streams/json.h"

namespace nutshell::streams {

// REQUIRES has_schema(kind).
SchemaFormat registry_format(FormatKind kind);
// The schema that ksqlDB makes of the columns of one side. REQUIRES has_schema(format.kind).
std::string schema_text(const Format& format, const Columns& columns, bool key);
// The other way round. Nothing: `why` says what has no place among ksqlDB's types.
std::optional<Columns> columns_of_schema(const Format& format, std::string_view text, bool key, std::string& why);

// Whether the columns of a side come from the registry: the statement names none, and the format has schemas.
bool infers(const Statement& s, const Source& source, bool key);
// Puts them into the statement.
void infer_columns(Statement& s, const Source& source, const Registry& registry, Complaint& complaint);
// Of a source that a statement makes. One that CREATE describes is registered only if its subject has nothing yet.
void register_schemas(const Source& source, Place at, Registry& registry, Complaint& complaint);

// What the format cannot name, "" if it can.
std::string unregistrable(const Format& format, const Column& column);
// Protobuf knows no null but of messages: what is missing is 0, false, "" or empty.
void fill_in(const Columns& columns, Row& row);

// A row's JSON as Avro's value. Nothing: it does not fit.
std::optional<AvroValue> avro_of_json(const AvroSchema& schema, std::size_t type, const Json& json);
void write_json_of_avro(std::string& out, const AvroSchema& schema, std::size_t type, const AvroValue& value);

}  // namespace nutshell::streams
