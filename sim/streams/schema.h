// What a statement can refer to: streams and tables with their columns and formats, topics, types, settings.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/schema/registry.h"
#include "sim/streams/ast.h"
#include "sim/streams/type.h"

namespace nutshell::streams {

struct Column {
  std::string name;
  Type type;
  bool key = false;
  // HEADERS, HEADER('name'): filled from the headers of the record, not from its value.
  KeyMark mark = KeyMark::none;
  std::string header;
  bool of_headers() const { return mark == KeyMark::headers || mark == KeyMark::header; }
};

// Key columns first.
using Columns = std::vector<Column>;

std::size_t key_count(const Columns& columns);
// " HEADERS", " HEADER('name')"; "" of other columns.
std::string header_text(const Column& column);
// "ID BIGINT KEY, V VARCHAR"
std::string columns_text(const Columns& columns, bool table);

enum class FormatKind : std::uint8_t { json, delimited, kafka, none, avro, json_sr, protobuf };
inline constexpr FormatKind kFormatKinds[] = {FormatKind::json, FormatKind::delimited, FormatKind::kafka,   FormatKind::none,
                                              FormatKind::avro, FormatKind::json_sr,   FormatKind::protobuf};
// Its schemas stand in the registry (format_schema.h).
inline bool has_schema(FormatKind kind) {
  return kind == FormatKind::avro || kind == FormatKind::json_sr || kind == FormatKind::protobuf;
}
// Rows of it are JSON here; those of registered formats become bytes where they leave for a topic of a cluster.
inline bool is_structured(FormatKind kind) { return kind == FormatKind::json || has_schema(kind); }
// One column may stand bare. Protobuf has messages only.
inline bool may_unwrap(FormatKind kind) { return is_structured(kind) && kind != FormatKind::protobuf; }

struct Format {
  FormatKind kind = FormatKind::json;
  char delimiter = ',';
  // One value column as a field of an object (true), or bare (WRAP_SINGLE_VALUE=false).
  bool wrapped = true;

  bool operator==(const Format&) const = default;
};

std::string_view format_name(FormatKind kind);

// A schema that a statement takes from the registry by its id (KEY_SCHEMA_ID, VALUE_SCHEMA_ID), and which record or message is
// meant (KEY_SCHEMA_FULL_NAME, VALUE_SCHEMA_FULL_NAME).
struct GivenSchema {
  std::int32_t id = 0;  // 0: none is named, so the topic's latest counts, or ksqlDB makes one
  std::string full_name;
  std::string text;  // of the id
};

struct Source {
  std::string name;
  bool table = false;
  std::string topic;
  int partitions = 1;
  Columns columns;
  Format key_format;
  Format value_format;
  GivenSchema key_schema, value_schema;
  // The column that gives ROWTIME, and how to read it if it is text; empty: the record's timestamp.
  std::string timestamp_column;
  std::string timestamp_format;
  // Of the keys in the topic.
  WindowKind window = WindowKind::none;
  std::int64_t window_size = 0;
  bool source_only = false;
  std::int64_t retention_ms = -1;
  // The statement that made it, and the query that fills it ("" for none).
  std::string text;
  std::string query;

  const Format& format(bool of_key) const { return of_key ? key_format : value_format; }
  const GivenSchema& given(bool of_key) const { return of_key ? key_schema : value_schema; }
};

struct Catalog {
  std::map<std::string, Source> sources;
  std::map<std::string, Type> types;
  // How many partitions each topic has.
  std::map<std::string, int> topics;
  std::map<std::string, std::string> settings;
  // What the schema registry has, as far as it is known here.
  Registry registry;
  // Those that statements name by their ids, on a cluster; elsewhere `registry` has them.
  std::map<std::int32_t, RegisteredSchema> schemas_by_id;
  // A topic that no statement describes is taken to exist, with so many partitions (0: it does not).
  int partitions_of_unknown_topics = 0;

  const RegisteredSchema* schema_of(std::int32_t id) const {
    const auto found = schemas_by_id.find(id);
    return found == schemas_by_id.end() ? registry.find(id) : &found->second;
  }
  const Source* find(const std::string& name) const {
    const auto found = sources.find(name);
    return found == sources.end() ? nullptr : &found->second;
  }
};

// Puts the types that CREATE TYPE named in their place.
Type resolved(const Type& type, const Catalog& catalog, Place at, Complaint& complaint);

}  // namespace nutshell::streams
