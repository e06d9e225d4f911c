#include "sim/deck/read_deck.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "sim/core/text.h"
#include "sim/deck/directives.h"
#include "sim/deck/markdown.h"
#include "sim/scenario/json_places.h"

namespace nutshell {

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

// Nothing but three dashes or more.
bool is_separator(std::string_view line) {
  const std::string_view words = trimmed(line);
  return words.size() >= 3 && words.find_first_not_of('-') == std::string_view::npos && !line.starts_with("    ");
}

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos;
}

// "name: value"; no name: the line is none.
std::pair<std::string_view, std::string_view> setting_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_name(line.substr(0, colon))) return {};
  return {line.substr(0, colon), trimmed(line.substr(colon + 1))};
}

// "[.name: value]" or "[.name]"; no name: the line is none.
std::pair<std::string_view, std::string_view> directive_of(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with("[.") || !line.ends_with(']')) return {};
  line = line.substr(2, line.size() - 3);
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view name = trimmed(line.substr(0, colon));
  if (!is_name(name)) return {};
  return {name, colon == line.size() ? "" : trimmed(line.substr(colon + 1))};
}

// "![inline](my picture.png)": Markdown wants such a path between < and >, people do not.
std::string with_spaces_in_paths(std::string_view line) {
  std::string made;
  for (std::size_t image = line.find("!["); image != std::string_view::npos; image = line.find("![")) {
    const std::size_t path = line.find("](", image), end = path == std::string_view::npos ? path : line.find(')', path);
    if (end == std::string_view::npos) break;
    const std::string_view name = line.substr(path + 2, end - path - 2);
    const bool wrap = name.find(' ') != std::string_view::npos && name.find_first_of("<>\"'") == std::string_view::npos;
    made.append(line.substr(0, path + 2));
    made += wrap ? "<" + std::string(name) + ">" : std::string(name);
    line.remove_prefix(end);
  }
  return made.append(line);
}

// Whether a line of a note is one of its own, rather than what an editor has broken: what follows would have had room on it.
bool ends_on_purpose(std::string_view line, std::string_view next) {
  constexpr std::size_t kBroken = 72;  // columns, of the narrowest editor
  const auto letters = [](std::string_view text) {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
  };
  const bool item = next.starts_with("- ") || next.starts_with("* ");
  return item || letters(line) + 1 + letters(next.substr(0, next.find(' '))) <= kBroken;
}

// Goes through the lines of a file once, and ends a slide at each separator.
class DeckReader {
 public:
  DeckReader(std::string_view text, const std::string& file) : rest_(text) { result_.deck.emplace().file = file; }

  DeckResult read() {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    read_settings();
    begin_slide();
    while (next_line()) take_line();
    end_slide();
    // Separators at either end of a file are no slides.
    std::vector<Slide>& slides = deck().slides;
    const auto is_empty = [](const Slide& each) { return each.blocks.empty() && each.images.empty() && each.notes.empty(); };
    while (slides.size() > 1 && is_empty(slides.back())) slides.pop_back();
    if (slides.size() > 1 && is_empty(slides.front())) slides.erase(slides.begin());
    if (slides.size() == 1 && is_empty(slides.front())) refuse("there is no slide in it; write some words");
    else if (slides.size() > kMaxSlides) refuse("it has more than " + std::to_string(kMaxSlides) + " slides; make it several decks");
    const auto stands_before = [](const Problem& a, const Problem& b) { return a.line < b.line; };
    std::stable_sort(result_.problems.begin(), result_.problems.end(), stands_before);
    return std::move(result_);
  }

 private:
  Deck& deck() { return *result_.deck; }
  void refuse(const std::string& why) {
    const std::string file = deck().file;
    result_.deck.reset();
    result_.problems = {{file, 0, 0, "", why, ""}};
  }
  void report(std::size_t line, std::string what, std::string hint = "") {
    result_.problems.push_back({deck().file, static_cast<std::int32_t>(line), 1, "", std::move(what), std::move(hint)});
  }

  bool next_line() {
    if (rest_.empty()) return false;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    line_ = rest_.substr(0, end);
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    return true;
  }
  // Lines "name: value" at the top, with or without dashes around them; the first name has to be one that there is.
  void read_settings() {
    const std::string_view all = rest_;
    bool fenced = false, any = false;
    while (next_line()) {
      const auto [name, value] = setting_of(line_);
      if (!name.empty() && (any || is_deck_setting(name))) {
        any = true;
        if (is_deck_setting(name)) deck().settings.emplace_back(name, value);
        else unknown_setting(name);
        continue;
      }
      const bool blank = trimmed(line_).empty(), dashes = is_separator(line_);
      if (!any && blank) continue;
      if (!any && !fenced && dashes) {
        fenced = true;
        continue;
      }
      if (!any) break;
      // What ends them may be words already.
      if (!blank && !(fenced && dashes)) put_back();
      return;
    }
    if (any) return;
    rest_ = all;
    number_ = 0;
  }
  void put_back() {
    rest_ = std::string_view(line_.data(), static_cast<std::size_t>(rest_.data() + rest_.size() - line_.data()));
    --number_;
  }
  void unknown_setting(std::string_view name) {
    report(number_, "there is no setting '" + std::string(name) + "' of a deck; it is left out");
  }

  void begin_slide() {
    deck().slides.emplace_back();
    slide().line = number_ + 1;
    column_ = 0;
    columns_ = in_note_ = false;
    note_lines_.clear();
  }
  Slide& slide() { return deck().slides.back(); }
  void end_slide() {
    end_column(columns_ ? column_ : 0);
    slide().columns = columns_ ? column_ + 1 : 1;
    for (std::size_t i = slide().notes.size(); i-- > 0;) {
      if (!slide().notes[i].empty()) continue;
      report(note_lines_[i], "a note begins here, but there is no text in it");
      slide().notes.erase(slide().notes.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  void end_column(int column) {
    std::vector<std::string> tags;
    const std::size_t images = slide().images.size();
    read_markdown(body_, column, slide(), tags);
    for (const std::string& each : tags) {
      if (!said_.insert("<" + each).second) continue;
      report(slide().line, "HTML's <" + each + "> is left out on a slide; br, sub, sup, b and i are known");
    }
    for (std::size_t i = images; i < slide().images.size(); ++i) slide().images[i].line = line_of(slide().images[i].path);
    body_.clear();
    image_lines_.clear();
  }
  // md4c does not say where in the text a picture is named.
  std::size_t line_of(const std::string& path) const {
    const auto names_it = [&](const auto& each) { return each.second.find("](" + path) != std::string_view::npos; };
    const auto found = std::find_if(image_lines_.begin(), image_lines_.end(), names_it);
    return found == image_lines_.end() ? number_ : found->first;
  }

  void take_line() {
    if (!fence_.empty()) return take_code();
    if (is_separator(line_)) {
      end_slide();
      return begin_slide();
    }
    if (in_note_ && !trimmed(line_).empty() && !line_.starts_with('^')) return add_note(line_);
    in_note_ = false;
    if (line_.starts_with('^')) return begin_note();
    if (const auto [name, value] = directive_of(line_); !name.empty()) return take_directive(name, value);
    const std::string_view words = trimmed(line_);
    if (words.starts_with("```") || words.starts_with("~~~")) fence_ = std::string(words.substr(0, words.find_first_not_of(words[0])));
    add_line();
  }
  void take_code() {
    const std::string_view words = trimmed(line_);
    const bool closes = words.starts_with(fence_) && words.find_first_not_of(fence_[0]) == std::string_view::npos;
    if (closes) fence_.clear();
    add_line();
  }
  void add_line() {
    if (line_.find("![") != std::string_view::npos) image_lines_.emplace_back(number_, line_);
    body_.append(fence_.empty() ? with_spaces_in_paths(line_) : std::string(line_));
    body_ += '\n';
  }
  void begin_note() {
    in_note_ = true;
    slide().notes.emplace_back();
    note_lines_.push_back(number_);
    add_note(line_.substr(1));
  }
  void add_note(std::string_view words) {
    std::string& note = slide().notes.back();
    words = trimmed(words);
    if (words.empty()) return;
    if (!note.empty()) note += ends_on_purpose(note_line_, words) ? '\n' : ' ';
    note += words;
    note_line_ = words;
  }
  void take_directive(std::string_view name, std::string_view value) {
    if (name == "column") {
      end_column(columns_ ? column_ : -1);  // words before the first stand above all
      column_ += columns_ ? 1 : 0;
      columns_ = true;
      return;
    }
    if (is_slide_directive(name)) {
      slide().directives.emplace_back(name, value);
      return;
    }
    if (!said_.insert("." + std::string(name)).second) return;
    report(number_, "there is no directive '[." + std::string(name) + "]'; it is left out",
           nearest_name(name, slide_directives()));
  }
  std::string_view rest_, line_;
  std::size_t number_ = 0;  // of the line
  DeckResult result_;
  std::string body_;
  std::string fence_;  // of the code that has not ended; empty: none
  int column_ = 0;
  bool columns_ = false, in_note_ = false;
  std::vector<std::size_t> note_lines_;
  std::string_view note_line_;  // the last one of the note
  std::vector<std::pair<std::size_t, std::string_view>> image_lines_;
  std::set<std::string> said_;  // what has been reported
};

}  // namespace

DeckResult parse_deck(std::string_view text, const std::string& file) {
  const auto refused = [&](std::string what, TextPlace place = {0, 0}) {
    return DeckResult{std::nullopt, {{file, place.line, place.column, "", std::move(what), ""}}};
  };
  if (text.size() > kMaxDeckBytes) return refused("is larger than " + std::to_string(kMaxDeckBytes >> 20) + " MiB, too large for a deck");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return refused("is empty; a deck is Markdown, with --- between its slides");
  const std::size_t wrong = std::min(find_invalid_utf8(text), text.find('\0'));
  if (wrong != std::string_view::npos) return refused("is no UTF-8 text from here on", place_of(text, wrong));
  return DeckReader(text, file).read();
}

DeckResult load_deck(const std::string& path) {
  const auto refused = [&](const char* what) { return DeckResult{std::nullopt, {{path, 0, 0, "", what, ""}}}; };
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return refused("is a folder; name the Markdown file in it");
  std::ifstream in(path, std::ios::binary);
  if (!in) return refused("cannot be read; is it there?");
  std::string text(kMaxDeckBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return refused("cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse_deck(text, path);
}

Slide notes_of(const Slide& slide) {
  Slide notes;
  std::vector<std::string> unknown;
  for (const std::string& each : slide.notes) {
    std::string lines;  // as Markdown has them: with two spaces a line ends where it ends
    for (const char c : each) lines += c == '\n' ? "  \n" : std::string(1, c);
    read_markdown(lines, 0, notes, unknown);
  }
  notes.images.clear();
  return notes;
}

}  // namespace nutshell
