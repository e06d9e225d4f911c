// A value of an Avro schema, and its bytes: written with one schema, read with another (M1, M5, M8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/schema/avro.h"

namespace nutshell {

// Records and arrays within each other, and elements of all arrays and maps together; more is refused.
inline constexpr int kMaxAvroDepth = 64;
inline constexpr std::int64_t kMaxAvroElements = 1'000'000;

struct AvroValue {
  AvroKind kind = AvroKind::null;
  std::int64_t number = 0;        // boolean, int, long; the index of an enum's symbol; the index of a union's branch
  double real = 0;                // float, double
  std::string bytes;              // bytes, string, fixed
  std::vector<std::string> keys;  // maps, one for each of `items`
  std::vector<AvroValue> items;   // fields of a record in the schema's order, elements, or the one value of a union
  friend bool operator==(const AvroValue&, const AvroValue&) = default;
};

struct AvroValueResult {
  std::optional<AvroValue> value;
  std::string problem;
};

// From JSON as Avro writes defaults: bytes as code points up to 255, a union's value by the first branch that it fits.
AvroValueResult avro_from_json(const AvroSchema& schema, std::size_t type, const JsonTree& json);
// Avro's binary encoding.
std::string encode_avro(const AvroValue& value);
// What a reader with its own schema makes of bytes that were written with the writer's. Never more than the bytes hold:
// what is left over is a problem as well.
AvroValueResult decode_avro(const AvroSchema& writer, const AvroSchema& reader, std::string_view bytes);
// One line for people: {"id": "o1", "cents": 250}.
std::string avro_text(const AvroSchema& schema, std::size_t type, const AvroValue& value);

}  // namespace nutshell
