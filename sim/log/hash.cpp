#include "sim/log/hash.h"

#include <cstddef>
#include <limits>

#include "sim/core/require.h"

namespace nutshell {
namespace {

constexpr std::uint32_t kMurmurMultiplier = 0x5bd1e995;
constexpr std::uint32_t kReplacementCharacter = 0xfffd;

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

// One character of UTF-8 and the number of bytes it took.
struct Decoded {
  std::uint32_t code_point;
  std::size_t length;
};

// The length that a first byte announces; 0 if no character starts with it.
std::size_t announced_length(std::uint32_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

bool is_character(std::uint32_t code_point, std::size_t length) {
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  const bool overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
  return !surrogate && !overlong && code_point <= 0x10ffff;
}

Decoded decode(std::string_view utf8, std::size_t at) {
  const std::uint32_t first = byte_at(utf8, at);
  const std::size_t length = announced_length(first);
  if (length == 1) return {first, 1};
  if (length == 0 || at + length > utf8.size()) return {kReplacementCharacter, 1};
  std::uint32_t code_point = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const std::uint32_t next = byte_at(utf8, at + i);
    if ((next & 0xc0) != 0x80) return {kReplacementCharacter, 1};
    code_point = (code_point << 6) | (next & 0x3f);
  }
  if (!is_character(code_point, length)) return {kReplacementCharacter, 1};
  return {code_point, length};
}

std::uint32_t scrambled(std::uint32_t word) {
  word *= kMurmurMultiplier;
  word ^= word >> 24;
  return word * kMurmurMultiplier;
}

}  // namespace

std::int32_t murmur2(std::string_view bytes) {
  const std::size_t size = bytes.size();
  std::uint32_t hash = 0x9747b28cu ^ static_cast<std::uint32_t>(size);
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    const std::uint32_t word = byte_at(bytes, i) | byte_at(bytes, i + 1) << 8 |
                               byte_at(bytes, i + 2) << 16 | byte_at(bytes, i + 3) << 24;
    hash = (hash * kMurmurMultiplier) ^ scrambled(word);
  }
  if (i < size) {
    for (std::size_t tail = i; tail < size; ++tail) hash ^= byte_at(bytes, tail) << (8 * (tail - i));
    hash *= kMurmurMultiplier;
  }
  hash ^= hash >> 13;
  hash *= kMurmurMultiplier;
  hash ^= hash >> 15;
  return static_cast<std::int32_t>(hash);
}

std::int32_t java_string_hash(std::string_view utf8) {
  std::uint32_t hash = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const Decoded character = decode(utf8, at);
    at += character.length;
    if (character.code_point < 0x10000) {
      hash = 31 * hash + character.code_point;
      continue;
    }
    const std::uint32_t offset = character.code_point - 0x10000;
    hash = 31 * hash + (0xd800 + (offset >> 10));
    hash = 31 * hash + (0xdc00 + (offset & 0x3ff));
  }
  return static_cast<std::int32_t>(hash);
}

std::int32_t kafka_abs(std::int32_t value) {
  if (value == std::numeric_limits<std::int32_t>::min()) return 0;
  return value < 0 ? -value : value;
}

std::int32_t partition_for_key(std::int32_t hash, std::int32_t partitions) {
  NUTSHELL_REQUIRE(partitions > 0);
  return (hash & 0x7fffffff) % partitions;
}

std::int32_t coordinator_partition(std::string_view id, std::int32_t partitions) {
  NUTSHELL_REQUIRE(partitions > 0);
  return kafka_abs(java_string_hash(id)) % partitions;
}

}  // namespace nutshell
