#include "tests/tidy/scopes.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace nutshell::tidy {
namespace {

constexpr std::size_t kNoScope = std::string_view::npos;

enum class Kind { outer, type, function, other };  // outer: a namespace or extern "C"

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

// Cuts `template <...>` off the front; default arguments in there are not initialisers.
std::string_view without_template(std::string_view head) {
  head = trim(head);
  while (find_word(head, "template") == 0) {
    int depth = 0;
    std::size_t at = head.find('<');
    if (at == kNoScope) break;
    for (; at < head.size(); ++at) {
      depth += head[at] == '<' ? 1 : head[at] == '>' ? -1 : 0;
      if (depth == 0) break;
    }
    head = trim(head.substr(std::min(at + 1, head.size())));
  }
  return head;
}

bool has_word(std::string_view text, std::string_view word) { return find_word(text, word) != kNoScope; }

// Position of the first `=` outside parentheses that starts an initialiser.
std::size_t initialiser(std::string_view head) {
  if (has_word(head, "operator")) return kNoScope;
  int depth = 0;
  for (std::size_t at = 0; at < head.size(); ++at) {
    if (head[at] == '(') ++depth;
    if (head[at] == ')') --depth;
    if (head[at] == '=' && depth == 0) return at;
  }
  return kNoScope;
}

// `Type() : member` before the brace of `member{...}`: the body is still to come.
bool in_constructor_list(std::string_view head) {
  const std::size_t close = head.find(')');
  if (close == kNoScope) return false;
  std::size_t colon = head.find(':', close);
  while (colon != kNoScope && colon + 1 < head.size() && head[colon + 1] == ':') colon = head.find(':', colon + 2);
  return colon != kNoScope && is_word(trim(head).back());
}

Kind kind_of(std::string_view head) {
  head = without_template(head);
  if (has_word(head, "namespace") || find_word(head, "extern") == 0) return Kind::outer;
  if (initialiser(head) != kNoScope) return Kind::other;
  for (std::string_view word : {"class", "struct", "union", "enum"}) {
    if (find_word(head, word) == 0) return Kind::type;
  }
  if (head.find('(') == kNoScope || in_constructor_list(head)) return Kind::other;
  return Kind::function;
}

bool is_mutable_variable(std::string_view head) {
  head = without_template(head);
  if (head.empty() || has_word(head, "const") || has_word(head, "constexpr")) return false;
  for (std::string_view word : {"using", "typedef", "__extension__", "class", "struct", "enum", "union", "friend",
                                "static_assert", "namespace", "extern", "concept"}) {
    if (find_word(head, word) == 0) return false;
  }
  const std::string_view declared = head.substr(0, initialiser(head));
  return declared.find('(') == kNoScope && !has_word(declared, "operator");
}

std::string name_of(std::string_view head) {
  head = without_template(head);
  std::size_t end = head.find('(');
  while (end > 0 && !is_word(head[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_word(head[begin - 1])) --begin;
  return std::string(head.substr(begin, end - begin));
}

// The code with preprocessor lines, and the lines that continue them, blanked.
std::string without_directives(std::string code) {
  bool continued = false;
  for (std::size_t at = 0; at < code.size();) {
    const std::size_t end = std::min(code.find('\n', at), code.size());
    const std::size_t first = code.find_first_not_of(" \t", at);
    if (continued || (first < end && code[first] == '#')) {
      continued = end > at && code[end - 1] == '\\';
      std::fill(code.begin() + static_cast<std::ptrdiff_t>(at), code.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    }
    at = end + 1;
  }
  return code;
}

struct Scope {
  Kind kind = Kind::outer;
  std::size_t head = 0;  // where the text before the brace begins
  int parentheses = 0;   // open at the brace
};

class Scanner {
 public:
  explicit Scanner(const Source& source) : source_(source), code_(without_directives(source.code)) {}

  Scopes run() {
    for (at_ = 0; at_ < code_.size(); ++at_) take(code_[at_]);
    return found_;
  }

 private:
  void take(char c) {
    switch (c) {
      case '(':
        ++parentheses_;
        break;
      case ')':
        --parentheses_;
        break;
      case '{':
        open();
        break;
      case '}':
        close();
        break;
      case ';':
        end_statement();
        break;
      default:
        break;
    }
  }

  bool in_namespace() const {
    return std::all_of(scopes_.begin(), scopes_.end(), [](const Scope& scope) { return scope.kind == Kind::outer; });
  }
  bool in_declarations() const { return scopes_.empty() || scopes_.back().kind <= Kind::type; }
  std::string_view head() const { return std::string_view(code_).substr(head_, at_ - head_); }

  void open() {
    const Kind kind = in_declarations() && parentheses_ == 0 ? kind_of(head()) : Kind::other;
    scopes_.push_back({kind, head_, parentheses_});
    parentheses_ = 0;
    if (kind != Kind::other) head_ = at_ + 1;
  }

  void close() {
    if (scopes_.empty()) return;
    const Scope scope = scopes_.back();
    scopes_.pop_back();
    parentheses_ = scope.parentheses;
    if (scope.kind == Kind::function) add_function(scope.head);
    // After an initialiser the statement goes on.
    head_ = scope.kind == Kind::other ? scope.head : at_ + 1;
  }

  void end_statement() {
    if (parentheses_ > 0 || !in_declarations()) return;
    if (in_namespace() && is_mutable_variable(head())) found_.globals.push_back(first_of_head(head_));
    head_ = at_ + 1;
  }

  std::size_t first_of_head(std::size_t head) const { return std::min(code_.find_first_not_of(" \n", head), at_); }

  void add_function(std::size_t head) {
    const std::size_t body = code_.find('{', head);
    found_.functions.push_back({name_of(std::string_view(code_).substr(head, body - head)),
                                source_.line_of(first_of_head(head)), source_.line_of(at_)});
  }

  const Source& source_;
  const std::string code_;
  Scopes found_;
  std::vector<Scope> scopes_;
  std::size_t at_ = 0;
  std::size_t head_ = 0;
  int parentheses_ = 0;
};

}  // namespace

Scopes find_scopes(const Source& source) { return Scanner(source).run(); }

}  // namespace nutshell::tidy
