// Code in colours: which stretches of a text are words of its language, strings, numbers and comments.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace nutshell {

enum class CodeKind : std::uint8_t { plain, keyword, text, number, comment, name };

struct CodeStretch {
  CodeKind kind = CodeKind::plain;
  std::string_view text;  // of the code; never over the end of a line
};

// Of one line of code; `language` as it stands behind the fence: java, sql, json, sh; of others nothing but strings and
// numbers is known. `in_comment`: a comment of several lines has not ended; kept up to date.
std::vector<CodeStretch> highlight(std::string_view line, std::string_view language, bool& in_comment);

}  // namespace nutshell
