// Words under each other, for what commands print.
#pragma once

#include <string>
#include <vector>

namespace nutshell {

// Rows of equally many cells as lines, two blanks between columns. What begins with a digit stands to the right; the last
// column is not filled up.
std::vector<std::string> in_columns(const std::vector<std::vector<std::string>>& rows);

}  // namespace nutshell
