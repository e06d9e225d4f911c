// Emphasis in the texts of a lesson: "a partition is a **log**".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nutshell {

// Part of a text, in bytes.
struct TextSpan {
  std::size_t from = 0;
  std::size_t to = 0;
  friend bool operator==(const TextSpan&, const TextSpan&) = default;
};

// The text without the marks, and what stood between two of them. A mark without a second one stays where it is.
struct Emphasised {
  std::string text;
  std::vector<TextSpan> strong;
};
Emphasised without_marks(std::string_view marked);

}  // namespace nutshell
