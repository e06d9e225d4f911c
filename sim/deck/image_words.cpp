// Where a picture stands and how large it is, as the words in its brackets say.
#include <algorithm>
#include <charconv>
#include <optional>

#include "sim/deck/markdown.h"

namespace nutshell {

namespace {

// "40%"; nullopt: it is no percentage.
std::optional<int> percentage(std::string_view word) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool whole = error == std::errc() && end == word.data() + word.size() - 1 && word.back() == '%';
  return whole && value >= 1 && value <= 1000 ? std::optional(value) : std::nullopt;
}

// Words about films, which are pictures here, and about corners and colours, which are the theme's.
bool is_let_go(std::string_view word) {
  constexpr std::string_view kWords[] = {"filtered", "loop", "autoplay", "mute", "hide", "alpha", "right-aligned"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords) || word.starts_with("corner-radius(");
}

}  // namespace

void read_image_words(std::string_view words, SlideImage& image) {
  bool sized = false;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, end);
    words.remove_prefix(std::min(end + 1, words.size()));
    if (word.empty() || is_let_go(word)) continue;
    if (word == "inline") image.place = SlideImage::Place::among;
    else if (word == "left") image.place = SlideImage::Place::left;
    else if (word == "right") image.place = SlideImage::Place::right;
    else if (word == "original") image.original = true;
    else if (word == "fit" || word == "fill") {
      image.size = word == "fit" ? SlideImage::Size::fit : SlideImage::Size::fill;
      sized = true;
    } else if (const std::optional<int> percent = percentage(word)) {
      image.size = SlideImage::Size::percent;
      image.percent = *percent;
      sized = true;
    } else {
      image.about += (image.about.empty() ? "" : " ") + std::string(word);
    }
  }
  // Among words a picture is seen as a whole, unless it is said how large it is.
  if (!sized && image.place == SlideImage::Place::among) image.size = SlideImage::Size::fit;
}

}  // namespace nutshell
