// Converters: Connect data as bytes and back (C14). Null is null in both directions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/connect/data.h"
#include "sim/connect/failure.h"

namespace nutshell::connect {

struct Converter {
  enum class Kind : std::uint8_t { json, string, byte_array, int64, int32, float64 };
  Kind kind = Kind::json;
  bool schemas_enable = true;  // of JSON: each value is wrapped in {"schema":…,"payload":…}, and has to be
  friend bool operator==(const Converter&, const Converter&) = default;
};

// By its class, with or without its package: "org.apache.kafka.connect.json.JsonConverter", "StringConverter".
std::optional<Converter::Kind> converter_named(std::string_view name);
std::string_view class_of(Converter::Kind kind);
// Names that converter_named() knows, for whoever mistyped one.
std::vector<std::string_view> converter_names();

// True: `bytes` or `data` is the result, and may be null. False: `failure` says what was wrong; its stage is the caller's.
bool from_connect(const Converter& converter, const Data& data, std::optional<std::string>& bytes, Failure& failure);
bool to_connect(const Converter& converter, const std::optional<std::string>& bytes, Data& data, Failure& failure);

}  // namespace nutshell::connect
