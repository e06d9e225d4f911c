#include "sim/scenario/json_places.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace nutshell {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Bytes of the UTF-8 sequence that starts here, 0 if it is malformed (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const std::uint32_t first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length == 0 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  const std::uint32_t second = byte(at + 1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return overlong || beyond ? 0 : length;
}

}  // namespace

TextPlace place_of(std::string_view text, std::size_t byte) {
  TextPlace place;
  for (std::size_t i = 0; i < std::min(byte, text.size()); ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if (!is_continuation(text[i])) {
      ++place.column;
    }
  }
  return place;
}

std::size_t find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return kNone;
}

std::string member_path(std::string_view object, std::string_view key) {
  std::string path(object);
  if (!path.empty()) path += '.';
  return path.append(key);
}

std::string element_path(std::string_view array, std::size_t index) {
  return std::string(array) + "[" + std::to_string(index) + "]";
}

// One walk over a text. Every function leaves `at_` behind what it read, or returns false at a syntax error.
class JsonScan {
 public:
  JsonScan(JsonPlaces& places, const std::string& file, std::string_view text, std::vector<Problem>& problems)
      : places_(places), file_(file), text_(text), problems_(problems) {
    if (text_.substr(0, 3) == "\xef\xbb\xbf") at_ = 3;  // a byte order mark, which the library skips too
    skip_blanks();
    value("", here(), 0);
  }

 private:
  TextPlace here() {
    for (; placed_ < at_; ++placed_) {
      if (text_[placed_] == '\n') {
        ++place_.line;
        place_.column = 1;
      } else if (!is_continuation(text_[placed_])) {
        ++place_.column;
      }
    }
    return place_;
  }

  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void report(const std::string& path, TextPlace place, std::string what) {
    problems_.push_back({file_, place.line, place.column, path, std::move(what), ""});
  }

  bool skip_comment() {
    if (text_.substr(at_, 2) == "//") {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return true;
    }
    if (text_.substr(at_, 2) != "/*") return false;
    const std::size_t end = text_.find("*/", at_ + 2);
    at_ = end == kNone ? text_.size() : end + 2;
    return true;
  }

  void skip_blanks() {
    do {
      while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != kNone) ++at_;
    } while (skip_comment());
  }

  bool take(char c) {
    skip_blanks();
    if (next() != c) return false;
    ++at_;
    return true;
  }

  bool value(const std::string& path, TextPlace key, int depth) {
    skip_blanks();
    places_.members_.emplace(path, JsonPlaces::Member{key, here()});
    switch (next()) {
      case '{':
        return object(path, depth + 1);
      case '[':
        return array(path, depth + 1);
      case '"':
        return string(nullptr);
      case '\0':
        return false;
      default:
        return scalar(path);
    }
  }

  bool too_deep(const std::string& path, int depth) {
    if (depth <= kMaxJsonDepth) return false;
    report(path, here(), "is nested more than " + std::to_string(kMaxJsonDepth) + " levels deep");
    places_.too_deep_ = true;
    return true;
  }

  bool object(const std::string& path, int depth) {
    if (too_deep(path, depth)) return false;
    std::map<std::string, TextPlace, std::less<>> keys;
    ++at_;
    if (take('}')) return true;
    do {
      skip_blanks();
      const TextPlace place = here();
      std::string key;
      if (!string(&key) || !take(':')) return false;
      const std::string member = member_path(path, key);
      const auto [first, fresh] = keys.emplace(key, place);
      if (!fresh) report(member, place, "is given twice; the first is in line " + std::to_string(first->second.line));
      if (!value(member, place, depth)) return false;
    } while (take(','));
    return take('}');
  }

  bool array(const std::string& path, int depth) {
    if (too_deep(path, depth)) return false;
    ++at_;
    if (take(']')) return true;
    std::size_t index = 0;
    do {
      skip_blanks();
      if (!value(element_path(path, index++), here(), depth)) return false;
    } while (take(','));
    return take(']');
  }

  bool string(std::string* decoded) {
    if (next() != '"') return false;
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size() || text_[at_] != '"') return false;
    ++at_;
    if (!decoded) return true;
    const nlohmann::json token = nlohmann::json::parse(text_.substr(begin, at_ - begin), nullptr, false);
    if (!token.is_string()) return false;
    *decoded = token.get<std::string>();
    return true;
  }

  // A number or a word. Numbers are whole and fit 64 bits; words are left to the library.
  bool scalar(const std::string& path) {
    const TextPlace place = here();
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(" \t\r\n,:]}[{\"/", at_), text_.size());
    const std::string_view token = text_.substr(begin, at_ - begin);
    if (token.empty()) return false;
    const bool number = token.front() == '-' || (token.front() >= '0' && token.front() <= '9');
    std::int64_t whole = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), whole);
    if (!number || (error == std::errc{} && end == token.data() + token.size())) return true;
    const bool plain = token.find_first_not_of("-0123456789") == kNone;
    report(path, place,
           plain ? "the number does not fit 64 bits" : "numbers here are whole; durations are text, as \"1500ms\"");
    return true;
  }

  JsonPlaces& places_;
  const std::string& file_;
  std::string_view text_;
  std::vector<Problem>& problems_;
  std::size_t at_ = 0;
  std::size_t placed_ = 0;  // `place_` is that of this byte
  TextPlace place_;
};

JsonPlaces::JsonPlaces(const std::string& file, std::string_view text, std::vector<Problem>& problems) {
  JsonScan(*this, file, text, problems);
}

const JsonPlaces::Member* JsonPlaces::nearest(std::string_view path) const {
  for (;;) {
    const auto found = members_.find(path);
    if (found != members_.end()) return &found->second;
    if (path.empty()) return nullptr;
    const std::size_t end = path.find_last_of(".[");
    path = path.substr(0, end == kNone ? 0 : end);
  }
}

TextPlace JsonPlaces::value(std::string_view path) const {
  const Member* member = nearest(path);
  return member ? member->value : TextPlace{};
}

TextPlace JsonPlaces::key(std::string_view path) const {
  const Member* member = nearest(path);
  return member ? member->key : TextPlace{};
}

}  // namespace nutshell
