// What the pages for people say of the tree, held to the tree: rules that are cited, folders, switches, and headers that
// say who may include them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/tidy/rules.h"

namespace nutshell::tidy {

// A row of a table in Markdown.
struct Row {
  int line = 0;
  std::vector<std::string> cells;
};
std::vector<Row> rows_of(const Source& page);
// What stands between single back-quotes, in order.
std::vector<std::string> quoted_in(std::string_view cell);

// A rule of Kafka, "R8", or a story, "scenario 21", that a text names. "R2-R4" names three.
struct Citation {
  std::string rule;
  std::size_t at = 0;
};
std::vector<Citation> citations_in(std::string_view text);

// sim/kafka/RULES.md: what is cited in C++ has a row, and what has a row is cited; its functions stand in the files
// named before them, and its tests are there and name the rule.
Findings check_rules(const Source& page, const std::vector<Source>& sources);
// A page's map has a row for each folder, `name` in its first cell. With a graph: what the second cell names comes, with
// all that it builds on itself, to what the graph says; and there is no row more.
Findings check_map(const Source& page, const std::set<std::string>& folders, const Graph* graph);
// Variables of the environment whose names begin with NUTSHELL_ stand in one of the pages, and those that have a row there
// are read.
Findings check_switches(const std::vector<Source>& pages, const std::vector<Source>& sources);
// Headers that open with "For the files of this folder only." or "For consumer*.cpp only." are included by nobody else,
// but by tests.
Findings check_private_headers(const std::vector<Source>& sources);

}  // namespace nutshell::tidy
