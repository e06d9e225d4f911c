// Where in a JSON text each value stands: lines and columns by path.
//
// The JSON library gives values without places and silently keeps the last of two equal keys. This scan walks the
// text beside it, finds the places and reports what the library does not: nesting that is too deep, a key given
// twice, numbers that are not whole, bytes that are no UTF-8. It stops at a syntax error, which it leaves to the
// library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/problem.h"

namespace nutshell {

// Arrays and objects within each other; deeper text is refused.
inline constexpr int kMaxJsonDepth = 64;

struct TextPlace {
  std::int32_t line = 1;
  std::int32_t column = 1;
};

// The place of a byte of the text; of its end, if `byte` is beyond it.
TextPlace place_of(std::string_view text, std::size_t byte);

// Index of the first byte that is not part of valid UTF-8; npos: all is valid.
std::size_t find_invalid_utf8(std::string_view text);

// Paths read as people write them: "script[2].node", "" for the whole text.
class JsonPlaces {
 public:
  // Appends what is wrong to `problems`. REQUIRES valid UTF-8.
  JsonPlaces(const std::string& file, std::string_view text, std::vector<Problem>& problems);

  // Of the value at the path, or of the nearest value around it that is known.
  TextPlace value(std::string_view path) const;
  // Of the key that names the value; of the value, if it is an element of an array.
  TextPlace key(std::string_view path) const;
  // The text is nested too deeply to be parsed safely.
  bool too_deep() const { return too_deep_; }

 private:
  friend class JsonScan;
  struct Member {
    TextPlace key;
    TextPlace value;
  };
  const Member* nearest(std::string_view path) const;

  std::map<std::string, Member, std::less<>> members_;
  bool too_deep_ = false;
};

std::string member_path(std::string_view object, std::string_view key);
std::string element_path(std::string_view array, std::size_t index);

}  // namespace nutshell
