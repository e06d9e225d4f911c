// A script cut into words, with their places (S1-S4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/streams/problem.h"

namespace nutshell::streams {

enum class TokenKind : std::uint8_t {
  word,     // letters, digits, _ and @: an identifier or a word of the language; `text` is as written
  quoted,   // an identifier in backquotes or double quotes; `text` is what stands between them
  string,   // 'text'
  integer,  // digits
  decimal,  // digits with a point
  real,     // digits with an exponent
  symbol,   // everything else
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  Place at;
  std::string text;
  // Where it stands in the script, in bytes: [from, to).
  std::size_t from = 0;
  std::size_t to = 0;
  // Double quotes rather than backquotes: whoever meant text used the wrong ones (E3).
  bool double_quotes = false;
};

// Ends with a token `end`. What cannot be read is a complaint. `from`: the place of the first character.
std::vector<Token> lex(std::string_view script, Complaint& complaint, Place from = {});

// The words that a name may not be without quotes (S5).
bool is_reserved(std::string_view word);

}  // namespace nutshell::streams
