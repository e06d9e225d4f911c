#include "sim/ksql/bytes.h"

#include "sim/core/text.h"
#include "sim/streams/task.h"

namespace nutshell {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// How many bytes the character takes that begins here; 0: it is none of UTF-8, or a control character.
std::size_t character(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
  const unsigned first = byte(at);
  if (first < 0x20 || first == 0x7f) return 0;
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xc0u) != 0x80u) return 0;
  if (first == 0xe0 && byte(at + 1) < 0xa0) return 0;
  if (first == 0xed && byte(at + 1) >= 0xa0) return 0;
  if (first == 0xf0 && byte(at + 1) < 0x90) return 0;
  if (first == 0xf4 && byte(at + 1) >= 0x90) return 0;
  return length;
}

std::string escaped(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = bytes[i] == '\\' ? 0 : character(bytes, i);
    if (length > 0) {
      text += bytes.substr(i, length);
      i += length;
      continue;
    }
    const auto byte = static_cast<unsigned char>(bytes[i++]);
    text += "\\x";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string unescaped(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size();) {
    const bool escape = text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x';
    const std::size_t high = escape ? kDigits.find(text[i + 2]) : std::string_view::npos;
    const std::size_t low = escape ? kDigits.find(text[i + 3]) : std::string_view::npos;
    if (high == std::string_view::npos || low == std::string_view::npos) {
      bytes += text[i++];
      continue;
    }
    bytes += static_cast<char>(high * 16 + low);
    i += 4;
  }
  return bytes;
}

}  // namespace

std::string to_name(std::string_view bytes, streams::WindowKind window) {
  if (window == streams::WindowKind::none) return escaped(bytes);
  std::string raw(bytes);
  std::int64_t start = 0, end = 0;
  if (!streams::split_window(window, 0, raw, start, end)) return escaped(bytes);
  std::string name = escaped(raw) + "@" + std::to_string(start);
  if (window == streams::WindowKind::session) name += "/" + std::to_string(end);
  return name;
}

std::string from_name(std::string_view name, streams::WindowKind window) {
  const std::size_t at = name.rfind('@');
  if (window == streams::WindowKind::none || at == std::string_view::npos) return unescaped(name);
  const std::string_view bounds = name.substr(at + 1);
  const std::size_t slash = bounds.find('/');
  const auto start = parse_integer(bounds.substr(0, slash));
  const auto end = slash == std::string_view::npos ? start : parse_integer(bounds.substr(slash + 1));
  if (!start || !end) return unescaped(name);
  return unescaped(name.substr(0, at)) + streams::window_bytes(window, *start, *end);
}

}  // namespace nutshell
