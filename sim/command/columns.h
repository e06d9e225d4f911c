// Words under each other, for what commands print.
#pragma once

#include <string>
#include <vector>

namespace nutshell {

// What stands in the last column: words, or numbers as in the others.
enum class LastColumn : bool { words, numbers };
// Rows of equally many cells as lines, two blanks between columns. What begins with a digit is a number, and stands to the right.
std::vector<std::string> in_columns(const std::vector<std::vector<std::string>>& rows, LastColumn last = LastColumn::words);

}  // namespace nutshell
