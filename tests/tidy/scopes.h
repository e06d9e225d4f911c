// Finds functions and variables of namespace scope by counting braces. It knows C++ only as far as
// this house writes it, which is enough to measure a function and to see a global.
#pragma once

#include <string>
#include <vector>

#include "tests/tidy/source.h"

namespace nutshell::tidy {

struct Function {
  std::string name;  // the word before the first parenthesis
  int first_line = 0;
  int last_line = 0;
};

struct Scopes {
  std::vector<Function> functions;   // those in namespaces and types, not lambdas
  std::vector<std::size_t> globals;  // positions of variables that are neither const nor constexpr
};

Scopes find_scopes(const Source& source);

}  // namespace nutshell::tidy
