#include "sim/deck/highlight.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace nutshell {

namespace {

struct Language {
  std::string_view names;     // as fences have them, between spaces
  std::string_view keywords;  // between spaces
  std::string_view comment;   // to the end of the line
  bool blocks = false;        // /* ... */
  bool any_case = false;
};

constexpr std::array<Language, 4> kLanguages = {{
    {" java kotlin scala c cpp c++ cs csharp js javascript ts typescript go rust ",
     " abstract assert auto boolean break byte case catch char class const continue default do double else enum extends false final "
     "finally float fn for func go if implements import in instanceof int interface let long match new null package private protected "
     "public record return short static struct super switch this throw throws true try type using val var void while yield ",
     "//", true, false},
    {" sql ksql ksqldb ",
     " and as asc between bigint by case changes create decimal delete desc distinct drop emit end from full group having hopping in "
     "insert "
     "int integer into is join key left like limit minute minutes day days hour hours not null on or order outer partition primary right "
     "second seconds select "
     "session size set stream table then timestamp tumbling union update values varchar when where window with within ",
     "--", true, true},
    {" json json5 jsonc ", " true false null ", "//", true, false},
    {" sh bash shell console zsh yaml yml properties toml py python ruby ",
     " case def do done elif else esac export fi for from function if import in local return then until while ", "#", false, false},
}};

constexpr Language kPlain{};

const Language& language_of(std::string_view name) {
  std::string wanted = " ";
  for (const char c : name) wanted += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  wanted += ' ';
  for (const Language& each : kLanguages) {
    if (wanted.size() > 2 && each.names.find(wanted) != std::string_view::npos) return each;
  }
  return kPlain;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_keyword(const Language& language, std::string_view word) {
  std::string wanted = " ";
  for (const char c : word) wanted += language.any_case ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : c;
  wanted += ' ';
  return language.keywords.find(wanted) != std::string_view::npos;
}

// Where a string that begins at `at` ends; one that is not closed ends with the line.
std::size_t string_end(std::string_view line, std::size_t at) {
  const char quote = line[at];
  for (std::size_t i = at + 1; i < line.size(); ++i) {
    if (line[i] == '\\') ++i;
    else if (line[i] == quote) return i + 1;
  }
  return line.size();
}

class Scanner {
 public:
  Scanner(std::string_view line, const Language& language) : line_(line), language_(language) {}

  std::vector<CodeStretch> scan(bool& in_comment) {
    while (at_ < line_.size()) {
      if (in_comment) {
        const std::size_t end = line_.find("*/", at_);
        in_comment = end == std::string_view::npos;
        take(CodeKind::comment, in_comment ? line_.size() : end + 2);
      } else if (!language_.comment.empty() && line_.substr(at_).starts_with(language_.comment) && begins_word()) {
        take(CodeKind::comment, line_.size());
      } else if (language_.blocks && line_.substr(at_).starts_with("/*")) {
        in_comment = true;
      } else {
        scan_word();
      }
    }
    return std::move(all_);
  }

 private:
  void scan_word() {
    const char c = line_[at_];
    if (c == '"' || c == '\'') {
      const std::size_t end = string_end(line_, at_), next = line_.find_first_not_of(' ', end);
      // What stands before a colon in JSON is a name.
      const bool names = language_.names.starts_with(" json") && next != std::string_view::npos && line_[next] == ':';
      return take(names ? CodeKind::name : CodeKind::text, end);
    }
    if (!is_word(c)) return take(CodeKind::plain, at_ + 1);
    std::size_t end = at_;
    if (is_digit(c)) {
      while (end < line_.size() && (is_word(line_[end]) || (line_[end] == '.' && end + 1 < line_.size() && is_digit(line_[end + 1]))))
        ++end;
      return take(CodeKind::number, end);
    }
    while (end < line_.size() && is_word(line_[end])) ++end;
    take(is_keyword(language_, line_.substr(at_, end - at_)) ? CodeKind::keyword : CodeKind::plain, end);
  }
  // "a#b" is no comment of a shell.
  bool begins_word() const { return language_.comment != "#" || at_ == 0 || line_[at_ - 1] == ' '; }
  void take(CodeKind kind, std::size_t end) {
    const std::string_view text = line_.substr(at_, end - at_);
    if (!all_.empty() && all_.back().kind == kind) all_.back().text = {all_.back().text.data(), all_.back().text.size() + text.size()};
    else all_.push_back({kind, text});
    at_ = end;
  }

  std::string_view line_;
  const Language& language_;
  std::size_t at_ = 0;
  std::vector<CodeStretch> all_;
};

}  // namespace

std::vector<CodeStretch> highlight(std::string_view line, std::string_view language, bool& in_comment) {
  return Scanner(line, language_of(language)).scan(in_comment);
}

}  // namespace nutshell
