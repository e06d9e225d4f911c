// What is wrong with a scenario file: where, what, and what was probably meant.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nutshell {

// A mistake. Line and column count from 1, columns in characters; line 0: the file as a whole, or no file.
struct Problem {
  std::string file;
  std::int32_t line = 0;
  std::int32_t column = 0;
  std::string where;  // path of the value: "script[2].node"; empty: the whole file
  std::string what;   // "there is no node named 'brokr 1'"
  std::string hint;   // the nearest known name; empty: none is near
};

// One line: "file:line:column: where: what; did you mean 'broker 1'?"
std::string to_text(const Problem& problem);
// One line each.
std::string to_text(const std::vector<Problem>& problems);

}  // namespace nutshell
