// An Avro schema, read (M1, M5): a value that holds no pointer, so that types may name themselves.
//
// A `logicalType` is read as the type below it, as the registry's own check does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/json/json_tree.h"

namespace nutshell {

enum class AvroKind : std::uint8_t {
  null,
  boolean,
  int32,
  int64,
  float32,
  float64,
  bytes,
  text,
  record,
  enumeration,
  array,
  map,
  one_of,
  fixed
};
// Avro's word: "int", "union".
std::string_view avro_word(AvroKind kind);

struct AvroField {
  std::string name;
  std::vector<std::string> aliases;
  std::size_t type = 0;              // index in AvroSchema::types
  std::optional<JsonTree> fallback;  // its default
};

struct AvroType {
  AvroKind kind = AvroKind::null;
  std::string name;                     // records, enums, fixed: with the namespace
  std::vector<std::string> aliases;     // the same, with their namespaces
  std::vector<AvroField> fields;        // records
  std::vector<std::string> symbols;     // enums
  std::optional<std::string> fallback;  // enums: the symbol for symbols that the reader does not know
  std::vector<std::size_t> branches;    // unions
  std::size_t element = 0;              // arrays, maps
  std::int64_t size = 0;                // fixed, in bytes
  std::string logical;                  // its "logicalType", which decides nothing here: "decimal" with its digits
  std::int32_t precision = 0, scale = 0;
};

struct AvroSchema {
  std::vector<AvroType> types;
  std::size_t root = 0;

  const AvroType& at(std::size_t type) const { return types[type]; }
};

// A type in words: "int", "enum Status", "union(null, int)".
std::string avro_name(const AvroSchema& schema, std::size_t type);
// Without its namespace.
std::string_view bare_avro_name(std::string_view name);

struct AvroResult {
  std::optional<AvroSchema> schema;
  std::string problem;  // place, what and remedy in one sentence
  std::int32_t number = 0;  // of the value in the text that has the problem; 0: it is no JSON
};
// Unknown attributes are allowed, as Avro does; names, types and defaults must be right.
AvroResult read_avro(std::string_view text);

}  // namespace nutshell
