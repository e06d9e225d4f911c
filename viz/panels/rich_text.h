// Text of which some words are bold, broken into lines, and into pages where it is too long for a place.
#pragma once

#include <string_view>
#include <vector>

#include "sim/scenario/emphasis.h"
#include "viz/ui/canvas.h"

namespace nutshell {

class RichText {
 public:
  // Words that begin in one of `strong` are bold. REQUIRES `text` and `canvas` outlive this object.
  RichText(const Canvas& canvas, Size size, std::string_view text, const std::vector<TextSpan>& strong);

  // Where pages end if each has so many lines of that width: after a sentence if one ends on the page, else after a
  // clause, else where it is full. As parts of the text; at least one.
  std::vector<TextSpan> pages(float width, int lines) const;
  int lines(const TextSpan& page, float width) const;
  // Centred vertically; what does not fit is left out.
  void draw(Canvas& canvas, Rect box, Color color, const TextSpan& page, float line_height) const;

 private:
  struct Word {
    std::size_t from = 0, to = 0;
    float width = 0;
    bool strong = false;
    bool glued = false;  // never begins a line: "broker 2", "9 s"
  };
  struct Line {
    std::size_t first = 0, last = 0;  // words
  };
  TextStyle style(bool strong) const { return {strong ? Face::bold : Face::regular, size_}; }
  std::string_view word(std::size_t i) const { return text_.substr(words_[i].from, words_[i].to - words_[i].from); }
  // The words of a line that begins with `first` and ends before `end` at the latest.
  Line line_from(std::size_t first, std::size_t end, float width) const;
  std::size_t word_at(std::size_t byte) const;
  bool ends_sentence(std::size_t i) const;
  bool ends_clause(std::size_t i) const;

  std::string_view text_;
  Size size_;
  float space_ = 0;
  float high_ = 0;
  std::vector<Word> words_;
};

}  // namespace nutshell
