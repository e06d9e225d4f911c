#include "tests/tidy/pages.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>

namespace nutshell::tidy {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

using Sources = std::map<std::string, const Source*>;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

std::string folder_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/') + 1)); }

// The tidy test's own samples are no citations, no switches.
bool is_looked_through(const Source& source) {
  return is_cpp(source.path) && is_under(source.path, {"sim/", "viz/", "tests/"}) && !is_under(source.path, {"tests/tidy/"});
}

Sources by_path(const std::vector<Source>& sources) {
  Sources all;
  for (const Source& each : sources) all[each.path] = &each;
  return all;
}

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(' ');
  return from == kNone ? "" : std::string(text.substr(from, text.find_last_not_of(' ') - from + 1));
}

// The number that begins at `at`, below 100; 0: there is none.
int number_at(std::string_view text, std::size_t& at) {
  int number = 0;
  const std::size_t begin = at;
  while (at < text.size() && is_digit(text[at]) && at - begin < 3) number = 10 * number + (text[at++] - '0');
  return text[begin] == '0' || number > 99 ? 0 : number;
}

// "R8" or "R2-R4" at `at`, which moves behind it.
void cite(std::string_view text, std::size_t& at, std::vector<Citation>& found) {
  const std::size_t begin = at;
  const char family = text[at++];
  const int first = number_at(text, at);
  int last = first;
  if (first > 0 && at + 2 < text.size() && text[at] == '-' && text[at + 1] == family && is_digit(text[at + 2])) {
    at += 2;
    last = number_at(text, at);
  }
  if (first == 0 || (at < text.size() && is_word(text[at]))) return;
  for (int i = first; i <= last; ++i) found.push_back({family + std::to_string(i), begin});
}

bool is_rule(std::string_view cell) {
  const std::vector<Citation> cited = citations_in(cell);
  return cited.size() == 1 && cited[0].rule == cell;
}

bool cites(const Source& source, const std::string& rule) {
  const std::vector<Citation> all = citations_in(source.text);
  return std::any_of(all.begin(), all.end(), [&](const Citation& each) { return each.rule == rule; });
}

// `kafka/isr.cpp` `check_isrs`: files below sim/, each with functions that stand in it.
void check_where(Findings& all, const Source& page, const Row& row, const Sources& sources) {
  const Source* file = nullptr;
  for (const std::string& each : quoted_in(row.cells[2])) {
    if (each.find('.') != std::string::npos) {
      const auto found = sources.find("sim/" + each);
      file = found == sources.end() ? nullptr : found->second;
      if (!file) all.push_back({page.path, row.line, "there is no file sim/" + each});
    } else if (file && find_word(file->code, each) == kNone) {
      all.push_back({page.path, row.line, file->path + " has no `" + each + "`"});
    }
  }
}

void check_tests(Findings& all, const Source& page, const Row& row, const std::string& rule, const Sources& sources) {
  const std::string& cell = row.cells[row.cells.size() == 3 ? 2 : 3];
  const std::vector<std::string> tests = quoted_in(cell);
  if (tests.empty() && cell.substr(0, 4) != "none") all.push_back({page.path, row.line, rule + " names no test"});
  for (const std::string& each : tests) {
    const auto found = sources.find(is_under(each, {"scenarios/"}) ? each : "tests/" + each);
    if (found == sources.end()) all.push_back({page.path, row.line, "there is no test " + each});
    else if (is_cpp(each) && !cites(*found->second, rule)) all.push_back({page.path, row.line, each + " does not name " + rule});
  }
}

// The modules that those come to, with all that they build on.
std::set<std::string> closed(const std::string& module, const std::vector<std::string>& named, const Graph& graph) {
  std::set<std::string> all = {module};
  for (const std::string& each : named) {
    const auto below = graph.find(each);
    if (below != graph.end()) all.insert(below->second.begin(), below->second.end());
    else all.insert(each);
  }
  return all;
}

std::string variable_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && (std::isupper(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
  return std::string(text.substr(at, end - at));
}

// Names in "NUTSHELL_..." of C++, and in ${NUTSHELL_...} of shell scripts. What is only set for others is none.
std::map<std::string, int> variables_read(const Source& source) {
  constexpr std::string_view kSet = "setenv(";
  const bool shell = source.text.substr(0, 2) == "#!";
  if (!shell && !is_looked_through(source)) return {};
  const std::string_view start = shell ? "${NUTSHELL_" : "\"NUTSHELL_";
  std::map<std::string, int> found;
  for (std::size_t at = source.text.find(start); at != std::string::npos; at = source.text.find(start, at + 1)) {
    if (at >= kSet.size() && source.text.compare(at - kSet.size(), kSet.size(), kSet) == 0) continue;
    found.emplace(variable_at(source.text, at + start.size() - 9), source.line_of(at));
  }
  return found;
}

// The comment that a file begins with, as one line.
std::string opening(const Source& source) {
  std::string all;
  for (std::string_view line : lines_of(source.text)) {
    if (line.substr(0, 2) != "//") break;
    all += std::string(line.substr(2));
  }
  return all;
}

// "For consumer*.cpp only." gives "consumer*.cpp"; for a folder "*"; "" where nothing is said.
std::string audience(const Source& header) {
  const std::string said = opening(header);
  if (said.find("For the files of this folder only.") != std::string::npos) return "*";
  const std::size_t end = said.find(".cpp only.");
  const std::size_t begin = end == std::string::npos ? end : said.rfind("For ", end);
  return begin == std::string::npos ? "" : said.substr(begin + 4, end - begin);
}

bool fits(std::string_view name, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == kNone) return name == pattern;
  const std::string_view end = pattern.substr(star + 1);
  return name.size() + 1 >= pattern.size() && name.substr(0, star) == pattern.substr(0, star) && name.ends_with(end);
}

}  // namespace

std::vector<Row> rows_of(const Source& page) {
  std::vector<Row> rows;
  int number = 0;
  for (std::string_view line : lines_of(page.text)) {
    ++number;
    if (line.empty() || line.front() != '|') continue;
    Row row{number, {}};
    for (std::size_t from = 1, bar = 0; (bar = line.find('|', from)) != kNone; from = bar + 1) {
      row.cells.push_back(trimmed(line.substr(from, bar - from)));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> quoted_in(std::string_view cell) {
  std::vector<std::string> all;
  for (std::size_t open = cell.find('`'); open != kNone;) {
    const std::size_t close = cell.find('`', open + 1);
    if (close == kNone) break;
    all.emplace_back(cell.substr(open + 1, close - open - 1));
    open = cell.find('`', close + 1);
  }
  return all;
}

std::vector<Citation> citations_in(std::string_view text) {
  constexpr std::string_view kFamilies = "CGKLNR", kStory = "scenario ";
  std::vector<Citation> found;
  for (std::size_t at = 0; at + 1 < text.size();) {
    const bool begins = at == 0 || (!is_word(text[at - 1]) && text[at - 1] != '.');
    if (begins && text.substr(at, kStory.size()) == kStory && at + kStory.size() < text.size() && is_digit(text[at + kStory.size()])) {
      const std::size_t begin = at;
      at += kStory.size();
      if (const int number = number_at(text, at); number > 0) found.push_back({"scenario " + std::to_string(number), begin});
    } else if (begins && kFamilies.find(text[at]) != kNone && is_digit(text[at + 1])) {
      cite(text, at, found);
    } else {
      ++at;
    }
  }
  return found;
}

Findings check_rules(const Source& page, const std::vector<Source>& sources) {
  Findings all;
  const Sources paths = by_path(sources);
  std::map<std::string, const Row*> known;
  const std::vector<Row> rows = rows_of(page);
  for (const Row& row : rows) {
    if (row.cells.empty() || row.cells[0].empty()) continue;
    const bool story = row.cells[0].find_first_not_of("0123456789") == std::string::npos;
    if (!story && !is_rule(row.cells[0])) continue;
    const std::string rule = story ? "scenario " + row.cells[0] : row.cells[0];
    if (!known.emplace(rule, &row).second) all.push_back({page.path, row.line, rule + " has two rows"});
    if (row.cells.size() != (story ? 3U : 5U)) {
      all.push_back({page.path, row.line, rule + " has " + std::to_string(row.cells.size()) + " cells"});
      continue;
    }
    if (!story) check_where(all, page, row, paths);
    check_tests(all, page, row, rule, paths);
  }
  std::set<std::string> cited;
  for (const Source& source : sources) {
    if (!is_looked_through(source)) continue;
    for (const Citation& each : citations_in(source.text)) {
      cited.insert(each.rule);
      if (!known.count(each.rule)) {
        all.push_back({source.path, source.line_of(each.at), "names " + each.rule + ", which has no row in " + page.path});
      }
    }
  }
  for (const auto& [rule, row] : known) {
    if (!cited.count(rule) && row->cells[1].find("not cited") == std::string::npos) {
      all.push_back({page.path, row->line, rule + " is cited nowhere: cite it, delete the row, or say that it is not cited"});
    }
  }
  return all;
}

Findings check_map(const Source& page, const std::set<std::string>& folders, const Graph* graph) {
  Findings all;
  std::set<std::string> seen;
  for (const Row& row : rows_of(page)) {
    if (row.cells.size() < 2) continue;
    const std::vector<std::string> names = quoted_in(row.cells[0]);
    seen.insert(names.begin(), names.end());
    if (!graph || names.size() != 1) continue;
    const std::string& name = names[0];
    const auto of_graph = graph->find(name);
    if (!folders.count(name) || of_graph == graph->end()) all.push_back({page.path, row.line, "there is no folder " + name});
    else if (closed(name, quoted_in(row.cells[1]), *graph) != of_graph->second) {
      all.push_back({page.path, row.line, name + " builds on something else, says CMakeLists.txt"});
    }
  }
  for (const std::string& folder : folders) {
    if (!seen.count(folder)) all.push_back({page.path, 0, "has no row for the folder " + folder});
  }
  return all;
}

Findings check_switches(const std::vector<Source>& pages, const std::vector<Source>& sources) {
  Findings all;
  std::set<std::string> read;
  for (const Source& source : sources) {
    for (const auto& [name, line] : variables_read(source)) {
      read.insert(name);
      const std::string& variable = name;
      const auto tells = [&variable](const Source& page) { return find_word(page.text, variable) != kNone; };
      const bool said = std::any_of(pages.begin(), pages.end(), tells);
      if (!said) all.push_back({source.path, line, "reads " + name + ", which no page tells of"});
    }
  }
  for (const Source& page : pages) {
    for (const Row& row : rows_of(page)) {
      const std::vector<std::string> names = row.cells.empty() ? std::vector<std::string>() : quoted_in(row.cells[0]);
      for (const std::string& name : names) {
        if (name.substr(0, 9) == "NUTSHELL_" && !read.count(name)) all.push_back({page.path, row.line, "nobody reads " + name});
      }
    }
  }
  return all;
}

Findings check_private_headers(const std::vector<Source>& sources) {
  std::map<std::string, std::string> headers;
  for (const Source& source : sources) {
    if (!source.path.ends_with(".h")) continue;
    if (const std::string meant = audience(source); !meant.empty()) headers[source.path] = meant;
  }
  Findings all;
  for (const Source& source : sources) {
    if (!is_cpp(source.path) || is_under(source.path, {"tests/"})) continue;
    int number = 0;
    for (std::string_view line : lines_of(source.code)) {
      ++number;
      const std::size_t open = line.substr(0, 8) == "#include" ? line.find('"') : kNone;
      if (open == kNone) continue;
      const std::string path(line.substr(open + 1, line.find('"', open + 1) - open - 1));
      const auto header = headers.find(path);
      if (header == headers.end()) continue;
      const bool same_folder = folder_of(path) == folder_of(source.path);
      if (same_folder && fits(source.path.substr(folder_of(path).size()), header->second)) continue;
      all.push_back({source.path, number, path + " says that it is only for " + (header->second == "*" ? "its folder" : header->second)});
    }
  }
  return all;
}

}  // namespace nutshell::tidy
