#include "sim/command/columns.h"

#include <algorithm>

namespace nutshell {

std::vector<std::string> in_columns(const std::vector<std::vector<std::string>>& rows, LastColumn last) {
  std::vector<std::size_t> widths;
  for (const std::vector<std::string>& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> lines;
  for (const std::vector<std::string>& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string fill(widths[i] - row[i].size(), ' ');
      const bool digit = !row[i].empty() && ((row[i].front() >= '0' && row[i].front() <= '9') || row[i].front() == '-');
      const bool number = digit && (i + 1 < row.size() || last == LastColumn::numbers);
      line += (i > 0 ? "  " : "") + (number ? fill + row[i] : row[i] + fill);
    }
    lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
  }
  return lines;
}

}  // namespace nutshell
