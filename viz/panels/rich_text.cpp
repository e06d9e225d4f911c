#include "viz/panels/rich_text.h"

#include <algorithm>

namespace nutshell {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Without the quotation marks and brackets that may close a sentence.
char last_letter(std::string_view word) {
  while (!word.empty() && (word.back() == '"' || word.back() == ')')) word.remove_suffix(1);
  return word.empty() ? ' ' : word.back();
}

// A number stands with what it counts or names, and a unit with its number.
bool belongs_to(std::string_view before, std::string_view word) {
  if (before.empty() || word.empty()) return false;
  const bool open = last_letter(before) != '.' && last_letter(before) != ',' && last_letter(before) != ':';
  if (is_digit(word.front())) return open && !is_digit(before.front());
  const std::string_view unit = word.substr(0, word.find_first_of(".,:;"));
  return is_digit(before.front()) && open && (unit == "s" || unit == "ms" || unit == "KiB");
}

}  // namespace

RichText::RichText(const Canvas& canvas, Size size, std::string_view text, const std::vector<TextSpan>& strong)
    : text_(text), size_(size), space_(canvas.width({Face::regular, size}, " ")), high_(canvas.height({Face::regular, size})) {
  for (std::size_t from = text.find_first_not_of(' '); from < text.size(); from = text.find_first_not_of(' ', from)) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    const bool bold = std::any_of(strong.begin(), strong.end(), [&](const TextSpan& each) { return from >= each.from && from < each.to; });
    const std::string_view now = text.substr(from, to - from);
    const bool glued = !words_.empty() && belongs_to(word(words_.size() - 1), now);
    words_.push_back({from, to, canvas.width(style(bold), now), bold, glued});
    from = to;
  }
}

RichText::Line RichText::line_from(std::size_t first, std::size_t end, float width) const {
  float used = 0;
  std::size_t fits = first;
  for (std::size_t i = first; i < end; ++i) {
    used += words_[i].width + (i == first ? 0 : space_);
    const bool may_end = i + 1 == end || !words_[i + 1].glued;
    if (used > width + 0.5F && fits > first) break;
    if (may_end) fits = i + 1;
  }
  return {first, std::max(fits, first + 1)};
}

std::size_t RichText::word_at(std::size_t byte) const {
  std::size_t i = 0;
  while (i < words_.size() && words_[i].from < byte) ++i;
  return i;
}

bool RichText::ends_sentence(std::size_t i) const {
  const char last = last_letter(word(i));
  return last == '.' || last == '?' || last == '!';
}

bool RichText::ends_clause(std::size_t i) const {
  const char last = last_letter(word(i));
  return last == ',' || last == ';' || last == ':';
}

std::vector<TextSpan> RichText::pages(float width, int lines) const {
  std::vector<TextSpan> pages;
  for (std::size_t first = 0; first < words_.size();) {
    std::size_t full = first;
    for (int i = 0; i < lines && full < words_.size(); ++i) full = line_from(full, words_.size(), width).last;
    std::size_t cut = full, clause = 0;
    for (std::size_t i = first; full < words_.size() && i < full; ++i) {
      if (ends_sentence(i)) cut = i + 1;
      // A page of a word or two is none.
      if (ends_clause(i) && (i + 1 - first) * 3 >= full - first) clause = i + 1;
    }
    const bool sentence = cut != full || ends_sentence(full - 1);
    if (full < words_.size() && !sentence && clause > 0) cut = clause;
    pages.push_back({words_[first].from, words_[cut - 1].to});
    first = cut;
  }
  if (pages.empty()) pages.push_back({0, text_.size()});
  return pages;
}

int RichText::lines(const TextSpan& page, float width) const {
  int count = 0;
  const std::size_t end = word_at(page.to);
  for (std::size_t i = word_at(page.from); i < end; i = line_from(i, end, width).last) ++count;
  return count;
}

void RichText::draw(Canvas& canvas, Rect box, Color color, const TextSpan& page, float line_height) const {
  const float step = high_ * line_height;
  const auto room = static_cast<int>((box.h + 0.5F) / step);
  const auto used = static_cast<float>(std::min(lines(page, box.w), room)) * step;
  float y = box.y + (box.h - used) / 2;
  const std::size_t end = word_at(page.to);
  // Words of the last line. It is no word alone, if the lines before it can do with less width.
  const auto last_words = [&](float width) {
    Line line{word_at(page.from), word_at(page.from)};
    while (line.last < end) line = line_from(line.last, end, width);
    return line.last - line.first;
  };
  const int count = lines(page, box.w);
  const float whole = box.w;
  for (int i = 0; i < 6 && count > 1 && last_words(box.w) < 3 && lines(page, box.w * 0.94F) == count; ++i) box.w *= 0.94F;
  for (std::size_t i = word_at(page.from); i < end && y + step <= box.bottom() + 0.5F; y += step) {
    const Line line = line_from(i, end, box.w);
    float x = box.x;
    for (std::size_t run = line.first; run < line.last;) {
      std::size_t last = run + 1;
      while (last < line.last && words_[last].strong == words_[run].strong) ++last;
      const std::string_view part = text_.substr(words_[run].from, words_[last - 1].to - words_[run].from);
      // A name may be longer than the box: its middle is left out.
      const std::string shown =
          line.last == line.first + 1 ? canvas.fitted(style(words_[run].strong), part, whole) : std::string(part);
      canvas.text({x, y + step / 2}, style(words_[run].strong), color, shown, Align::left, {box.x, y, whole, step});
      x += canvas.width(style(words_[run].strong), part) + space_;
      run = last;
    }
    i = line.last;
  }
}

}  // namespace nutshell
