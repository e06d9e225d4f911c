// The rules of the house, each a function from a source file to what it finds there.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/tidy/house.h"
#include "tests/tidy/source.h"

namespace nutshell::tidy {

using Findings = std::vector<Finding>;

// Tabs, carriage returns, blanks at line ends, the last line end, width, paths of one machine.
Findings check_text(const Source& source);
// A header opens with a comment and `#pragma once`; no banners, nothing left "to do".
Findings check_form(const Source& source);
// Words that the table bans from the folder.
Findings check_words(const Source& source);
// Sorting that is not total, two draws in one statement, pointers as keys, mutable statics and
// globals, closures that are kept.
Findings check_determinism(const Source& source);
// `files` are the paths of the tree: an include names one of them in full, inside the graph.
Findings check_includes(const Source& source, const Graph& graph, const std::set<std::string>& files);
// Lines of a file and of each function, against the limits and their exceptions.
Findings check_sizes(const Source& source, const std::vector<Exception>& allowed);

// All of the above.
Findings check_source(const Source& source, const Graph& graph, const std::set<std::string>& files);

// Exceptions that name a file which is gone, or something that has become small enough.
Findings check_exceptions(const std::vector<Source>& sources, const std::vector<Exception>& allowed);

}  // namespace nutshell::tidy
