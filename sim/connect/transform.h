// Transforms of single records (RULES.md): done in the order of `transforms`, of a source before its converters, of a sink
// after them. Each may have a predicate, and be done where it does not hold (`negate`).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/connect/data.h"
#include "sim/connect/failure.h"
#include "sim/connect/settings.h"
#include "sim/regex/regex.h"

namespace nutshell::connect {

enum class TransformKind : std::uint8_t {
  insert_field, mask_field, extract_field, value_to_key, regex_router, timestamp_router, filter, replace_field, hoist_field, cast, flatten,
  insert_header, header_from, drop_headers, set_schema_metadata, timestamp_converter,
};

// What TimestampConverter makes of a time, and reads one from. unix is a whole number of its unix.precision.
enum class TimeForm : std::uint8_t { string, unix, date, time, timestamp };

struct Predicate {
  enum class Kind : std::uint8_t { topic_name_matches, has_header_key, record_is_tombstone };
  Kind kind = Kind::record_is_tombstone;
  std::string name;              // of the header
  std::optional<Regex> pattern;  // of the topic
};

struct Cast {
  std::string field;  // "" is the whole
  Type type = Type::string;
};

struct Transform {
  TransformKind kind = TransformKind::filter;
  bool on_key = false;          // Type$Key, else Type$Value
  std::string alias;            // its name in `transforms`
  std::optional<Predicate> predicate;
  bool negate = false;

  // InsertField: names of fields, "" is none. A name that ended with "!" must have something to put in.
  std::string topic_field, partition_field, offset_field, timestamp_field, static_field, static_value;
  std::vector<std::string> must_have;
  // MaskField, ValueToKey, HeaderFrom, ReplaceField (`exclude`), ExtractField, HoistField and TimestampConverter (one).
  std::vector<std::string> fields;
  std::optional<std::string> replacement;         // MaskField, and RegexRouter's new name
  std::vector<std::string> include;               // ReplaceField
  std::vector<std::pair<std::string, std::string>> renames;
  std::optional<Regex> pattern;                 // RegexRouter
  std::string topic_format, timestamp_format;     // TimestampRouter
  std::vector<Cast> casts;
  std::string delimiter;                          // Flatten
  std::vector<std::string> headers;               // HeaderFrom, DropHeaders, InsertHeader (one, with `static_value`)
  bool moves = false;                             // HeaderFrom: the fields go
  std::optional<std::string> schema_name;         // SetSchemaMetadata
  std::optional<std::int64_t> schema_version;
  TimeForm time_form = TimeForm::string;          // TimestampConverter; its pattern is `timestamp_format`
  std::int64_t unix_per_ms = 1, ms_per_unix = 1;  // its unix.precision: one of them is not 1
};

// Reads `transforms` and what belongs to them. What is wrong stands in `settings`.
std::vector<Transform> read_transforms(Settings& settings);

// Does one after the other. False: `failure` says which failed and why. `dropped`: a Filter took the record.
bool transform(const std::vector<Transform>& transforms, Record& record, bool& dropped, Failure& failure);

// As Kafka names it: "org.apache.kafka.connect.transforms.InsertField$Value".
std::string class_of(const Transform& transform);

// For transform*.cpp only: what a transform does with the key or the value that it is about.
bool insert_field(const Transform& t, const Record& record, Data& data, Failure& failure);
bool mask_field(const Transform& t, Data& data, Failure& failure);
bool extract_field(const Transform& t, Data& data, Failure& failure);
bool replace_field(const Transform& t, Data& data, Failure& failure);
bool flatten(const Transform& t, Data& data, Failure& failure);
bool cast(const Transform& t, Data& data, Failure& failure);
bool header_from(const Transform& t, Record& record, Data& data, Failure& failure);
bool set_schema_metadata(const Transform& t, Data& data, Failure& failure);
bool convert_time(const Transform& t, Data& data, Failure& failure);
// The struct's schema with other fields; null stays null.
SchemaPtr with_fields(const SchemaPtr& schema, std::vector<Field> fields);
void read_header_transform(Transform& t, Settings& settings, const std::string& prefix);
void read_timestamp_converter(Transform& t, Settings& settings, const std::string& prefix);
// The value has to have members, by a schema or as a map.
bool has_members(std::string_view purpose, const Data& data, Failure& failure);

}  // namespace nutshell::connect
