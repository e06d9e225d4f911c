// What a serializer puts around the bytes of a record, so that a reader finds the schema (M1).
//
//   0, id (4 bytes, the highest first), payload             the usual one
//   1, a GUID (16 bytes), payload                           the newer one
//
// Protobuf puts the place of the message within its file between id and payload: a count and indices, or 0 for the first.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutshell {

struct WireRecord {
  bool has_guid = false;
  std::int32_t id = 0;
  std::array<std::uint8_t, 16> guid{};
  std::string_view payload;
};

struct WireResult {
  WireRecord record;
  std::string problem;  // empty: read
};

// REQUIRES id >= 0.
std::string framed(std::int32_t id, std::string_view payload);
std::string framed(const std::array<std::uint8_t, 16>& guid, std::string_view payload);
WireResult unframed(std::string_view bytes);

// Protobuf's indices of a message: {0} for the first in the file, {2, 0} for the first within the third.
std::string message_indices(const std::vector<std::int32_t>& indices);
// Takes them off the front of a payload. Nothing: there are none, or they lead deeper than any file goes.
std::optional<std::vector<std::int32_t>> take_message_indices(std::string_view& payload);

// A number as the 32 bits that Protobuf's float has, and back.
std::uint32_t float_bits(double number);
double number_of_float_bits(std::uint32_t bits);

}  // namespace nutshell
