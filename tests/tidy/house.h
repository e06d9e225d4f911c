// The tables of the house: which words a folder may not hold, which module may include which, who
// may use a library, and the few files that have a reason to be large.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/source.h"

namespace nutshell::tidy {

inline constexpr int kMaxFileLines = 500;
inline constexpr int kMaxFunctionLines = 70;
inline constexpr int kMaxLineWidth = 140;  // the aim is 120

// `words` may not appear in the code of the `folders` (prefixes of a path).
struct Ban {
  std::vector<std::string_view> folders;
  std::vector<std::string_view> words;
  std::string_view why;
};

// Angle-bracket includes that start with `prefix` are for `folders` only.
struct Library {
  std::string_view prefix;
  std::vector<std::string_view> folders;
};

// A file, or one function of it, that may be longer than the rest. A row without need is a finding.
struct Exception {
  std::string_view path;
  std::string_view function;  // empty: the file
  int lines = 0;
  std::string_view reason;
};

const std::vector<Ban>& bans();
const std::vector<Library>& libraries();
const std::vector<Exception>& exceptions();

// What may stand at the top level of the tree, beside dot files and what git ignores.
const std::set<std::string>& top_level();

// Each module of sim/ and viz/ with the modules that it may include: those that it links, and in turn theirs.
using Graph = std::map<std::string, std::set<std::string>>;

// Reads the graph from the nutshell_module, nutshell_program and nutshell_viz_module lines of sim/CMakeLists.txt and
// viz/CMakeLists.txt, one behind the other.
Graph module_graph(std::string_view cmake);

bool is_under(std::string_view path, const std::vector<std::string_view>& folders);

}  // namespace nutshell::tidy
