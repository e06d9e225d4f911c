#include "sim/streams/problem.h"

#include <algorithm>

namespace nutshell::streams {
namespace {

char folded(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Levenshtein's distance of two words, of which case does not count.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (folded(a[i - 1]) == folded(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string say(const Problem& problem) {
  std::string text =
      "line " + std::to_string(problem.at.line) + ", column " + std::to_string(problem.at.column) + ": " + problem.text;
  if (!problem.rule.empty()) text += " (" + problem.rule + ")";
  return text;
}

std::string nearest(std::string_view name, const std::vector<std::string>& known) {
  // A longer word is nobody's slip of a finger, and would take its time.
  if (name.size() > 100) return "";
  std::string best;
  std::size_t least = name.size() / 3 + 2;
  for (const std::string& each : known) {
    if (each.size() > 200) continue;
    const std::size_t now = distance(name, each);
    if (now < least) {
      least = now;
      best = each;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
  const std::string best = nearest(name, known);
  return best.empty() ? "" : " Did you mean " + best + "?";
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = folded(c);
  return result;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return folded(x) == folded(y); });
}

}  // namespace nutshell::streams
