#include "tests/tidy/rules.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "tests/tidy/scopes.h"

namespace nutshell::tidy {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool starts_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

bool is_header(const Source& source) { return is_cpp(source.path) && source.path.back() == 'h'; }

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

// Characters as they are seen: the continuation bytes of UTF-8 do not count.
int width(std::string_view line) {
  return static_cast<int>(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// A comment drawn rather than written: five times the same sign.
bool is_banner(std::string_view comment) {
  for (char sign : {'=', '-', '*', '#', '/', '~'}) {
    if (comment.find(std::string(5, sign)) != kNowhere) return true;
  }
  return false;
}

// The module of a path under sim/ or viz/, or "".
std::string module_of(std::string_view path) {
  if (!starts_with(path, "sim/") && !starts_with(path, "viz/")) return "";
  path.remove_prefix(4);
  const std::size_t end = path.find('/');
  return end == kNowhere ? "" : std::string(path.substr(0, end));
}

void add(Findings& all, const Source& source, int line, std::string what) {
  all.push_back({source.path, line, std::move(what)});
}

void append(Findings& all, Findings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void check_line(Findings& all, const Source& source, int number, std::string_view line) {
  // Spelled in two halves: this file is under the same rule.
  for (std::string_view path : {"/wo"
                                "rk/",
                                "/tm"
                                "p/",
                                "/ho"
                                "me/",
                                "/ro"
                                "ot/",
                                "../sh"
                                "ared"}) {
    if (line.find(path) != kNowhere) add(all, source, number, "names a path of one machine: " + quoted(path));
  }
  if (line.find('\t') != kNowhere) add(all, source, number, "has a tab");
  if (line.find('\r') != kNowhere) add(all, source, number, "ends as on Windows");
  if (!line.empty() && line.back() == ' ') add(all, source, number, "ends with a blank");
  if (is_cpp(source.path) && width(line) > kMaxLineWidth) {
    add(all, source, number, "is wider than " + std::to_string(kMaxLineWidth) + " columns");
  }
}

void check_header(Findings& all, const Source& source) {
  if (!starts_with(source.text, "//")) add(all, source, 1, "does not open by saying what it is");
  if (find_word(source.code, "#pragma once") == kNowhere) add(all, source, 1, "has no `#pragma once`");
  const std::size_t opened = find_word(source.code, "using namespace");
  if (opened != kNowhere) add(all, source, source.line_of(opened), "opens a namespace for whoever includes it");
}

void check_quoted_include(Findings& all, const Source& source, int line, std::string_view path, const Graph& graph,
                          const std::set<std::string>& files) {
  if (!files.count(std::string(path))) {
    return add(all, source, line, quoted(path) + " is not the full path of a file of the tree");
  }
  const std::string from = module_of(source.path);
  const std::string to = module_of(path);
  if (from.empty()) {
    if (starts_with(path, "tests/") && !starts_with(source.path, "tests/")) {
      add(all, source, line, "only tests include " + quoted(path));
    }
    return;
  }
  const auto allowed = graph.find(from);
  if (to.empty() || allowed == graph.end() || !allowed->second.count(to)) {
    const std::string half = source.path.substr(0, 4);
    add(all, source, line, half + from + " may not include " + quoted(path) + " (see " + half + "CMakeLists.txt)");
  }
}

void check_library(Findings& all, const Source& source, int line, std::string_view header) {
  const bool third_party = header.find('/') != kNowhere || header.find(".h") != kNowhere;
  for (const Library& library : libraries()) {
    if (!starts_with(header, library.prefix)) continue;
    if (!is_under(source.path, library.folders)) add(all, source, line, quoted(header) + " is not for this folder");
    return;
  }
  if (third_party) add(all, source, line, quoted(header) + " is in no row of the table of libraries");
}

// The arguments of the call whose name ends at `open`, split at the commas of the outermost level.
int count_arguments(std::string_view code, std::size_t open) {
  int depth = 0;
  int commas = 0;
  for (std::size_t at = open; at < code.size(); ++at) {
    const char c = code[at];
    if (c == '(' || c == '{' || c == '[') ++depth;
    if (c == ')' || c == '}' || c == ']') --depth;
    if (depth == 0) break;
    if (c == ',' && depth == 1) ++commas;
  }
  return commas + 1;
}

// Whether the line, or one of the two above it, says that the order is total.
bool says_total_order(const Source& source, int line) {
  const auto lines = lines_of(source.text);
  for (int i = std::max(1, line - 2); i <= line; ++i) {
    const std::string_view text = lines[static_cast<std::size_t>(i - 1)];
    if (text.find("total order") != kNowhere && text.find("//") != kNowhere) return true;
  }
  return false;
}

void check_sorting(Findings& all, const Source& source) {
  struct Algorithm {
    std::string_view name;
    int plain_arguments;  // without a comparison of one's own
  };
  for (const Algorithm& each : {Algorithm{"std::sort", 2},
                                {"std::ranges::sort", 1},
                                {"std::partial_sort", 3},
                                {"std::nth_element", 3},
                                {"std::make_heap", 2},
                                {"std::push_heap", 2},
                                {"std::pop_heap", 2},
                                {"std::sort_heap", 2}}) {
    const std::string call = std::string(each.name) + "(";
    for (std::size_t at = find_word(source.code, call); at != kNowhere; at = find_word(source.code, call, at + 1)) {
      const int line = source.line_of(at);
      const int arguments = count_arguments(source.code, at + call.size() - 1);
      if (arguments <= each.plain_arguments || says_total_order(source, line)) continue;
      add(all, source, line,
          quoted(each.name) + " by a comparison of its own: say in a comment why it is a total order, or sort stably");
    }
  }
}

void check_draws(Findings& all, const Source& source) {
  std::size_t begin = 0;
  while (begin < source.code.size()) {
    const std::size_t end = std::min(source.code.find_first_of(";{}", begin), source.code.size());
    const std::string_view statement = std::string_view(source.code).substr(begin, end - begin);
    const std::size_t first = find_word(statement, "draw(");
    if (first != kNowhere && find_word(statement, "draw(", first + 1) != kNowhere) {
      add(all, source, source.line_of(begin + first), "draws twice in one statement: compilers differ in the order");
    }
    begin = end + 1;
  }
}

void check_keys(Findings& all, const Source& source) {
  for (std::string_view container : {"std::map<", "std::set<", "std::multimap<", "std::multiset<"}) {
    for (std::size_t at = find_word(source.code, container); at != kNowhere;
         at = find_word(source.code, container, at + 1)) {
      const std::size_t begin = at + container.size();
      const std::size_t end = source.code.find_first_of(",<>", begin);
      if (source.code.substr(begin, end - begin).find('*') == std::string::npos) continue;
      add(all, source, source.line_of(at), "has a pointer as a key: addresses differ between runs");
    }
  }
}

// A std::function may be a parameter or a type's other name, but not kept.
void check_closures(Findings& all, const Source& source) {
  const std::string_view code = source.code;
  constexpr std::string_view kType = "std::function<";
  for (std::size_t at = find_word(code, kType); at != kNowhere; at = find_word(code, kType, at + 1)) {
    std::size_t end = at + kType.size();
    for (int depth = 1; depth > 0 && end < code.size(); ++end) {
      depth += code[end] == '<' ? 1 : code[end] == '>' ? -1 : 0;
    }
    const std::size_t name = code.find_first_not_of(" \n>", end);
    const std::size_t after = name == kNowhere || !is_word(code[name]) ? kNowhere : code.find_first_of("(),;={", name);
    if (after == kNowhere || std::string_view("(),").find(code[after]) != kNowhere) continue;
    add(all, source, source.line_of(at), "keeps a closure: the world is a value, and waiting is explicit data");
  }
}

void check_statics(Findings& all, const Source& source) {
  for (std::size_t at = find_word(source.code, "static"); at != kNowhere; at = find_word(source.code, "static", at + 1)) {
    const std::size_t end = source.code.find_first_of(";={(", at);
    const std::string_view declared = std::string_view(source.code).substr(at, end - at);
    const bool function = end != kNowhere && source.code[end] == '(';
    if (function || find_word(declared, "const") != kNowhere || find_word(declared, "constexpr") != kNowhere) continue;
    add(all, source, source.line_of(at), "a static variable is state outside the world");
  }
  for (std::size_t at : find_scopes(source).globals) {
    if (find_word(source.code, "static", at) == at) continue;
    add(all, source, source.line_of(at), "a global variable is state outside the world");
  }
}

int allowed_lines(const std::vector<Exception>& allowed, std::string_view path, std::string_view function, int usual) {
  for (const Exception& each : allowed) {
    if (each.path == path && each.function == function) return each.lines;
  }
  return usual;
}

int lines_in(const Source& source) { return static_cast<int>(lines_of(source.text).size()); }

int lines_in(const Function& function) { return function.last_line - function.first_line + 1; }

// The size of what an exception names; 0 when it is not there.
int measured(const std::vector<Source>& sources, const Exception& exception) {
  int most = 0;
  for (const Source& source : sources) {
    if (source.path != exception.path) continue;
    if (exception.function.empty()) return lines_in(source);
    for (const Function& function : find_scopes(source).functions) {
      if (function.name == exception.function) most = std::max(most, lines_in(function));
    }
  }
  return most;
}

}  // namespace

Findings check_text(const Source& source) {
  Findings all;
  int number = 0;
  for (std::string_view line : lines_of(source.text)) check_line(all, source, ++number, line);
  if (!source.text.empty() && source.text.back() != '\n') add(all, source, number, "has no line end at its end");
  return all;
}

Findings check_form(const Source& source) {
  Findings all;
  if (!is_cpp(source.path)) return all;
  if (is_header(source)) check_header(all, source);
  int number = 0;
  for (std::string_view line : lines_of(source.text)) {
    ++number;
    const std::size_t comment = line.find("//");
    if (comment == kNowhere) continue;
    const std::string_view said = line.substr(comment);
    if (is_banner(said)) add(all, source, number, "is a banner");
    for (std::string_view word : {"TODO", "FIXME", "XXX", "HACK"}) {
      if (find_word(said, word) != kNowhere) add(all, source, number, "leaves work in a comment: " + quoted(word));
    }
  }
  return all;
}

Findings check_words(const Source& source) {
  Findings all;
  if (!is_cpp(source.path)) return all;
  for (const Ban& ban : bans()) {
    if (!is_under(source.path, ban.folders)) continue;
    for (std::string_view word : ban.words) {
      for (std::size_t at = find_word(source.code, word); at != kNowhere; at = find_word(source.code, word, at + 1)) {
        add(all, source, source.line_of(at), quoted(word) + ": " + std::string(ban.why));
      }
    }
  }
  return all;
}

Findings check_determinism(const Source& source) {
  Findings all;
  if (!is_cpp(source.path) || !starts_with(source.path, "sim/") || starts_with(source.path, "sim/command/")) return all;
  check_sorting(all, source);
  check_draws(all, source);
  check_keys(all, source);
  check_statics(all, source);
  if (!starts_with(source.path, "sim/history/") && !starts_with(source.path, "sim/scenario/")) {
    check_closures(all, source);
  }
  return all;
}

Findings check_includes(const Source& source, const Graph& graph, const std::set<std::string>& files) {
  Findings all;
  if (!is_cpp(source.path)) return all;
  int number = 0;
  for (std::string_view line : lines_of(source.code)) {
    ++number;
    if (!starts_with(line, "#include")) continue;
    const std::size_t open = line.find_first_of("\"<");
    const std::size_t close = open == kNowhere ? kNowhere : line.find_first_of("\">", open + 1);
    if (close == kNowhere) continue;
    const std::string_view path = line.substr(open + 1, close - open - 1);
    if (line[open] == '"') {
      check_quoted_include(all, source, number, path, graph, files);
    } else {
      check_library(all, source, number, path);
    }
  }
  return all;
}

Findings check_sizes(const Source& source, const std::vector<Exception>& allowed) {
  Findings all;
  if (!is_cpp(source.path)) return all;
  const int most = allowed_lines(allowed, source.path, "", kMaxFileLines);
  if (lines_in(source) > most) {
    add(all, source, 0, std::to_string(lines_in(source)) + " lines, at most " + std::to_string(most));
  }
  for (const Function& function : find_scopes(source).functions) {
    const int limit = allowed_lines(allowed, source.path, function.name, kMaxFunctionLines);
    if (lines_in(function) <= limit) continue;
    add(all, source, function.first_line,
        quoted(function.name) + ": " + std::to_string(lines_in(function)) + " lines, at most " + std::to_string(limit));
  }
  return all;
}

Findings check_source(const Source& source, const Graph& graph, const std::set<std::string>& files) {
  Findings all = check_text(source);
  append(all, check_form(source));
  append(all, check_words(source));
  append(all, check_determinism(source));
  append(all, check_includes(source, graph, files));
  append(all, check_sizes(source, exceptions()));
  return all;
}

Findings check_exceptions(const std::vector<Source>& sources, const std::vector<Exception>& allowed) {
  Findings all;
  for (const Exception& each : allowed) {
    const int usual = each.function.empty() ? kMaxFileLines : kMaxFunctionLines;
    if (measured(sources, each) > usual) continue;
    all.push_back({std::string(each.path), 0, "no longer needs its " + std::to_string(each.lines) + " lines"});
  }
  return all;
}

}  // namespace nutshell::tidy
