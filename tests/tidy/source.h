// A source file as the tidy test sees it: its text, and the same text with comments and literals
// blanked, so that a rule about code cannot be set off by prose.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nutshell::tidy {

struct Finding {
  std::string path;  // relative to the source tree
  int line = 0;      // from 1; 0 is the file as a whole
  std::string what;

  friend bool operator==(const Finding&, const Finding&) = default;
};

struct Source {
  std::string path;  // relative to the source tree, with forward slashes
  std::string text;
  std::string code;  // as long as `text`, line by line; only #include lines keep their quoted path

  int line_of(std::size_t position) const;
};

// The code of a C++ file is blanked as said above; that of any other file is its text.
Source make_source(std::string path, std::string text);

bool is_cpp(std::string_view path);
bool is_word(char c);  // may be part of an identifier
std::vector<std::string_view> lines_of(std::string_view text);

// Position of `word` in `code` at or after `from`, where it is not a part of a longer identifier.
// A word may hold punctuation ("std::hash", "<cmath>"). npos if there is none.
std::size_t find_word(std::string_view code, std::string_view word, std::size_t from = 0);

}  // namespace nutshell::tidy
