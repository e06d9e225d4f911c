#include "sim/schema/wire.h"

#include <algorithm>
#include <cstring>

#include "sim/core/require.h"

namespace nutshell {
namespace {

constexpr char kById = 0, kByGuid = 1;
constexpr std::size_t kIdBytes = 4;

void append_varint(std::string& out, std::int32_t value) {
  auto rest = (static_cast<std::uint32_t>(value) << 1) ^ static_cast<std::uint32_t>(value >> 31);
  for (; rest >= 0x80; rest >>= 7) out += static_cast<char>((rest & 0x7f) | 0x80);
  out += static_cast<char>(rest);
}

std::optional<std::int32_t> take_varint(std::string_view& bytes) {
  std::uint32_t number = 0;
  for (int shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return static_cast<std::int32_t>((number >> 1) ^ (0U - (number & 1)));
  }
  return std::nullopt;
}

}  // namespace

std::string framed(std::int32_t id, std::string_view payload) {
  NUTSHELL_REQUIRE(id >= 0);
  std::string bytes(1, kById);
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(id >> shift & 0xff);
  return bytes.append(payload);
}

std::string framed(const std::array<std::uint8_t, 16>& guid, std::string_view payload) {
  std::string bytes(1, kByGuid);
  bytes.append(guid.begin(), guid.end());
  return bytes.append(payload);
}

WireResult unframed(std::string_view bytes) {
  WireResult result;
  if (bytes.empty()) {
    result.problem = "there are no bytes: a tombstone, which no schema describes";
    return result;
  }
  const auto first = static_cast<unsigned char>(bytes.front());
  const bool by_guid = first == kByGuid;
  const std::size_t head = 1 + (by_guid ? result.record.guid.size() : kIdBytes);
  if (first != kById && !by_guid) {
    result.problem = "the first byte is " + std::to_string(first) +
                     ", not 0 or 1: it was not written by a serializer of a registry (unknown magic byte)";
  } else if (bytes.size() < head) {
    result.problem =
        std::to_string(bytes.size()) + " bytes are too few for the schema's id; " + std::to_string(head) + " stand before the record";
  } else {
    result.record.has_guid = by_guid;
    if (by_guid) {
      std::copy_n(bytes.begin() + 1, result.record.guid.size(), result.record.guid.begin());
    } else {
      std::uint32_t id = 0;
      for (std::size_t i = 1; i <= kIdBytes; ++i) id = id << 8 | static_cast<unsigned char>(bytes[i]);
      if (id > INT32_MAX) result.problem = "the schema's id is negative; no registry gives such a one";
      result.record.id = static_cast<std::int32_t>(id);
    }
    result.record.payload = bytes.substr(head);
  }
  return result;
}

std::string message_indices(const std::vector<std::int32_t>& indices) {
  std::string bytes;
  if (indices == std::vector<std::int32_t>{0}) {
    append_varint(bytes, 0);
    return bytes;
  }
  append_varint(bytes, static_cast<std::int32_t>(indices.size()));
  for (const std::int32_t each : indices) append_varint(bytes, each);
  return bytes;
}

std::optional<std::vector<std::int32_t>> take_message_indices(std::string_view& payload) {
  constexpr std::int32_t kDeepest = 32;
  const std::optional<std::int32_t> count = take_varint(payload);
  if (!count || *count < 0 || *count > kDeepest) return std::nullopt;
  if (*count == 0) return std::vector<std::int32_t>{0};
  std::vector<std::int32_t> indices;
  for (std::int32_t i = 0; i < *count; ++i) {
    const std::optional<std::int32_t> index = take_varint(payload);
    if (!index || *index < 0) return std::nullopt;
    indices.push_back(*index);
  }
  return indices;
}

std::uint32_t float_bits(double number) {
  const auto narrow = static_cast<float>(number);
  std::uint32_t bits = 0;
  static_assert(sizeof bits == sizeof narrow);
  std::memcpy(&bits, &narrow, sizeof bits);
  return bits;
}

double number_of_float_bits(std::uint32_t bits) {
  float narrow = 0;
  std::memcpy(&narrow, &bits, sizeof bits);
  return static_cast<double>(narrow);
}

}  // namespace nutshell
