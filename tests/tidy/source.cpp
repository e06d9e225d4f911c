#include "tests/tidy/source.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace nutshell::tidy {
namespace {

// Walks C++ text once and overwrites with blanks what is not code; line ends stay.
class Blanker {
 public:
  explicit Blanker(std::string& text) : text_(text) {}

  void run() {
    while (at_ < text_.size()) {
      if (starts("//")) {
        blank_until("\n", 0);
      } else if (starts("/*")) {
        blank_until("*/", 2);
      } else if (at_line_start() && starts("#include")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (starts("R\"") && !(at_ > 0 && is_word(text_[at_ - 1]))) {
        raw_string();
      } else if (text_[at_] == '"') {
        literal('"');
      } else if (text_[at_] == '\'' && !separates_digits()) {
        literal('\'');
      } else {
        ++at_;
      }
    }
  }

 private:
  bool starts(std::string_view what) const { return std::string_view(text_).substr(at_, what.size()) == what; }
  bool at_line_start() const { return at_ == 0 || text_[at_ - 1] == '\n'; }
  bool separates_digits() const { return at_ > 0 && std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0; }

  void blank_to(std::size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') text_[at_] = ' ';
    }
  }

  void blank_until(std::string_view end, std::size_t and_then) {
    const std::size_t found = text_.find(end, at_ + and_then);
    blank_to(found == std::string::npos ? text_.size() : found + and_then);
  }

  // Keeps the quotes: a call still has an argument.
  void literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    ++at_;
    blank_to(end);
    ++at_;
  }

  void raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string::npos) return blank_to(text_.size());
    const std::string close = ")" + text_.substr(at_ + 2, open - at_ - 2) + "\"";
    blank_until(close, close.size());
  }

  std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

int Source::line_of(std::size_t position) const {
  const std::size_t end = std::min(position, text.size());
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
}

Source make_source(std::string path, std::string text) {
  Source source{std::move(path), std::move(text), {}};
  source.code = source.text;
  if (is_cpp(source.path)) Blanker(source.code).run();
  return source;
}

bool is_cpp(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cpp"); }

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::size_t find_word(std::string_view code, std::string_view word, std::size_t from) {
  for (std::size_t at = code.find(word, from); at != std::string_view::npos; at = code.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word(word.front()) || !is_word(code[at - 1]);
    const bool ends = end >= code.size() || !is_word(word.back()) || !is_word(code[end]);
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

}  // namespace nutshell::tidy
