// Formats whose schemas stand in the registry (S9; M1-M3): AVRO, JSON_SR, PROTOBUF. A source without columns takes them from there,
// and what a statement makes is registered under "<topic>-key" and "<topic>-value".
//
// Rows themselves are JSON throughout this folder: ksqlDB's own schemas take any null, so that nothing hangs on the bytes but
// Protobuf's defaults. Who puts them on a wire serialises them with the schema (avro_of_json, proto_of_json), and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/schema/avro_value.h"
#include "sim/schema/protobuf.h"
#include "sim/schema/registry.h"
#include "sim/streams/format.h"
#include "sim/streams/json.h"

namespace nutshell::streams {

// REQUIRES has_schema(kind).
SchemaFormat registry_format(FormatKind kind);
// The schema that ksqlDB makes of the columns of one side. REQUIRES has_schema(format.kind).
std::string schema_text(const Format& format, const Columns& columns, bool key, const std::string& full_name = "");
// Of a source's side: the one that its statement names, else what ksqlDB makes.
std::string schema_text(const Source& source, bool key);
// The other way round. Names are read in capitals, but not of a schema that is named by its id. Nothing: `why` says what has no place
// among ksqlDB's types.
std::optional<Columns> columns_of_schema(const Format& format, std::string_view text, bool key, std::string& why,
                                         const GivenSchema& given = {});

// Whether the columns of a side come from the registry: the statement names none, and the format has schemas.
bool infers(const Statement& s, const Source& source, bool key);
// Puts them into the statement.
void infer_columns(Statement& s, const Source& source, const Catalog& catalog, Complaint& complaint);
// Takes the schemas that a statement names from the registry into its source. Of one that takes its columns from a query: they have to
// be among the schema's.
void take_given_schemas(const Statement& s, Source& source, const Catalog& catalog, Complaint& complaint);
// What a row's JSON comes to when it is written with the schema that the statement names: what is missing is its default.
std::string as_given(const Source& source, bool key, std::string json);
// Of a source that a statement makes. One that CREATE describes is registered only if its subject has nothing yet.
void register_schemas(const Source& source, Place at, Registry& registry, Complaint& complaint);

// What the format cannot name, "" if it can.
std::string unregistrable(const Format& format, const Column& column);
// Protobuf knows no null but of messages: what is missing is 0, false, "" or empty.
void fill_in(const Columns& columns, Row& row);

// A row's JSON as Avro's value. Nothing: it does not fit.
std::optional<AvroValue> avro_of_json(const AvroSchema& schema, std::size_t type, const Json& json);
void write_json_of_avro(std::string& out, const AvroSchema& schema, std::size_t type, const AvroValue& value);

// A row's JSON as the bytes of a Protobuf message, and back. Nothing: it does not fit. What is null is left out; what is left out
// comes back as 0, false, "" or empty, and as null if it is a message or `optional`.
std::optional<std::string> proto_of_json(const ProtoFile& file, const std::string& message, const Json& json);
std::optional<std::string> json_of_proto(const ProtoFile& file, const std::string& message, std::string_view bytes);

}  // namespace nutshell::streams
