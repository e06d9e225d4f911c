#include "sim/scenario/problem.h"

namespace nutshell {

std::string to_text(const Problem& problem) {
  std::string text = problem.file;
  if (problem.line > 0) text += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  text += ": ";
  if (!problem.where.empty()) text += problem.where + ": ";
  text += problem.what;
  if (!problem.hint.empty()) text += "; did you mean '" + problem.hint + "'?";
  return text;
}

std::string to_text(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += to_text(problem) + "\n";
  return text;
}

}  // namespace nutshell
