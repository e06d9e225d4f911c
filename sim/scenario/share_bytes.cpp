#include "sim/scenario/share_bytes.h"

#include <zlib.h>

#include <algorithm>

#include "sim/core/text.h"

namespace nutshell {
namespace {

constexpr std::string_view kLetters64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kLetters32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string to_letters(std::string_view bytes, std::string_view letters, unsigned bits) {
  std::string text;
  std::uint32_t held = 0;
  unsigned count = 0;
  for (char each : bytes) {
    held = held << 8 | static_cast<unsigned char>(each);
    for (count += 8; count >= bits; count -= bits) text += letters[held >> (count - bits) & ((1U << bits) - 1)];
  }
  if (count > 0) text += letters[held << (bits - count) & ((1U << bits) - 1)];
  return text;
}

// What is left over has to be as few bits as can be, and 0: another text for the same bytes is none.
std::optional<std::string> from_letters(std::string_view text, std::string_view letters, unsigned bits) {
  std::string bytes;
  std::uint32_t held = 0;
  unsigned count = 0;
  for (char each : text) {
    const std::size_t value = letters.find(each);
    if (value == std::string_view::npos) return std::nullopt;
    held = held << bits | static_cast<std::uint32_t>(value);
    count += bits;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(held >> count & 0xff);
  }
  if (count >= bits || (held & ((1U << count) - 1)) != 0) return std::nullopt;
  return bytes;
}

// A node with a larger number is written out.
constexpr std::int64_t kMaxNumbered = 1'000'000;

// How the first number of a text says what follows.
enum class TextKind : std::uint8_t { letters, broker, again, controller };

std::optional<std::int64_t> number_after(std::string_view text, std::string_view head) {
  if (text.substr(0, head.size()) != head) return std::nullopt;
  const std::optional<std::int64_t> number = parse_integer(text.substr(head.size()));
  if (!number || *number < 0 || *number > kMaxNumbered) return std::nullopt;
  if (std::string(head) + std::to_string(*number) != text) return std::nullopt;
  return number;
}

}  // namespace

std::string to_base64(std::string_view bytes) { return to_letters(bytes, kLetters64, 6); }
std::optional<std::string> from_base64(std::string_view text) { return from_letters(text, kLetters64, 6); }

std::string to_base32(std::string_view bytes) {
  std::string text = to_letters(bytes, kLetters32, 5);
  for (std::size_t at = text.size() / 4 * 4; at > 0; at -= 4) {
    if (at < text.size()) text.insert(at, 1, '-');
  }
  return text;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string letters;
  for (char each : text) {
    if (each == '-') continue;
    if (each >= 'a' && each <= 'z') each = static_cast<char>(each - 'a' + 'A');
    if (each == 'O') each = '0';
    if (each == 'I' || each == 'L') each = '1';
    letters += each;
  }
  return from_letters(letters, kLetters32, 5);
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string compressed(std::string_view text) {
  std::string bytes(compressBound(static_cast<uLong>(text.size())), '\0');
  auto size = static_cast<uLongf>(bytes.size());
  const int status = compress2(reinterpret_cast<Bytef*>(bytes.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
                               static_cast<uLong>(text.size()), Z_BEST_COMPRESSION);
  bytes.resize(status == Z_OK ? size : 0);
  return bytes;
}

std::optional<std::string> decompressed(std::string_view bytes, std::size_t limit) {
  std::string text(limit, '\0');
  auto size = static_cast<uLongf>(text.size());
  auto used = static_cast<uLong>(bytes.size());
  const int status = uncompress2(reinterpret_cast<Bytef*>(text.data()), &size,
                                 reinterpret_cast<const Bytef*>(bytes.data()), &used);
  if (status != Z_OK || used != bytes.size()) return std::nullopt;
  text.resize(size);
  return text;
}

void ByteWriter::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(0x80 | (value & 0x7f)));
  byte(static_cast<std::uint8_t>(value));
}

void ByteWriter::integer(std::int64_t value) {
  number(static_cast<std::uint64_t>(value) << 1 ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

// Sixteen times the number without its zeros, and how many there were.
void ByteWriter::time(Duration value) {
  std::uint64_t zeros = 0;
  for (; value != 0 && value % 10 == 0; value /= 10) ++zeros;
  integer(value * 16 + static_cast<std::int64_t>(zeros));
}

void ByteWriter::text(std::string_view text) {
  const auto head = [&](TextKind kind, std::size_t value) { number(value << 2 | static_cast<std::uint64_t>(kind)); };
  if (const auto broker = number_after(text, "broker ")) return head(TextKind::broker, static_cast<std::size_t>(*broker));
  if (const auto controller = number_after(text, "Q")) return head(TextKind::controller, static_cast<std::size_t>(*controller));
  const auto before = std::find(known_.begin(), known_.end(), text);
  if (before != known_.end()) return head(TextKind::again, static_cast<std::size_t>(before - known_.begin()));
  head(TextKind::letters, text.size());
  bytes_ += text;
  if (!text.empty()) known_.emplace_back(text);
}

std::uint8_t ByteReader::byte() {
  if (bytes_.empty()) fail();
  if (!ok_) return 0;
  const auto value = static_cast<std::uint8_t>(bytes_.front());
  bytes_.remove_prefix(1);
  return value;
}

std::uint64_t ByteReader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && ok_; shift += 7) {
    const std::uint8_t next = byte();
    if (shift == 63 && next > 1) break;
    value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if (next < 0x80) return ok_ ? value : 0;
  }
  fail();
  return 0;
}

std::int64_t ByteReader::integer() {
  const std::uint64_t value = number();
  return static_cast<std::int64_t>(value >> 1 ^ ((value & 1) != 0 ? ~std::uint64_t{0} : 0));
}

Duration ByteReader::time() {
  const std::int64_t packed = integer();
  const std::int64_t zeros = packed & 15;
  Duration value = (packed - zeros) / 16;
  for (std::int64_t i = 0; i < zeros; ++i) {
    if (value > kNever / 10 || value < -(kNever / 10)) return fail(), 0;
    value *= 10;
  }
  return value;
}

std::string ByteReader::text(std::size_t limit) {
  const std::uint64_t head = number(), value = head >> 2;
  switch (static_cast<TextKind>(head & 3)) {
    case TextKind::broker:
      if (value <= static_cast<std::uint64_t>(kMaxNumbered)) return "broker " + std::to_string(value);
      break;
    case TextKind::controller:
      if (value <= static_cast<std::uint64_t>(kMaxNumbered)) return "Q" + std::to_string(value);
      break;
    case TextKind::again:
      if (value < known_.size()) return known_[value];
      break;
    case TextKind::letters: {
      if (value > limit || value > bytes_.size()) break;
      const std::string text(bytes_.substr(0, value));
      bytes_.remove_prefix(value);
      if (!text.empty()) known_.push_back(text);
      return text;
    }
  }
  fail();
  return "";
}

std::string_view ByteReader::rest() {
  const std::string_view rest = bytes_;
  bytes_ = {};
  return rest;
}

}  // namespace nutshell
