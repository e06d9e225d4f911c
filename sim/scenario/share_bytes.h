// Bytes as text that fits a chat message, and numbers as few bytes: what share codes (share.h) are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/types.h"

namespace nutshell {

// Base64 with '-' and '_' (RFC 4648, 5), without padding. Reading accepts what writing makes and nothing else.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
// Crockford's base 32 in groups of four, to be read from a wall: "0A3F-K2M9-Z". Reading takes small letters as well, O
// for 0, I and L for 1, and hyphens anywhere.
std::string to_base32(std::string_view bytes);
std::optional<std::string> from_base32(std::string_view text);

// CRC-32 as in zip and PNG: finds every change of up to 32 bits in a row.
std::uint32_t checksum(std::string_view bytes);

std::string compressed(std::string_view text);
// nullopt: it was not made by compressed(), or would be longer than `limit`.
std::optional<std::string> decompressed(std::string_view bytes, std::size_t limit);

class ByteWriter {
 public:
  void byte(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  void number(std::uint64_t value);  // 7 bits a byte, the lowest first
  void integer(std::int64_t value);  // near 0, few bytes
  void time(Duration value);         // round, few bytes
  void text(std::string_view text);  // a broker, a controller, or what was written before: one or two bytes
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::vector<std::string> known_;
};

// Reads what a ByteWriter wrote. After something else ok() is false, and everything that is read is 0 or empty.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  std::uint8_t byte();
  std::uint64_t number();
  std::int64_t integer();
  Duration time();
  std::string text(std::size_t limit);
  std::string_view rest();
  void fail() { ok_ = false, bytes_ = {}; }
  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  std::vector<std::string> known_;
  bool ok_ = true;
};

}  // namespace nutshell
