// The faces of slides: Inter from light to heavy and JetBrains Mono, rasterised for the letters that a deck uses, at a few
// sizes; what lies between is scaled down from the next larger one.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "sim/deck/layout.h"
#include "sim/scenario/captions.h"
#include "viz/ui/fonts.h"

namespace nutshell {

class SlideFonts {
 public:
  // All letters that the deck shows, those of signs that stand on slides, and of what figures say.
  explicit SlideFonts(const Deck& deck, const Captions& captions = {});
  SlideFonts(const SlideFonts&) = delete;
  SlideFonts& operator=(const SlideFonts&) = delete;

  // Adds them to an atlas that is being filled, for slides on which a pixel of 1080 lines is `unit` pixels of the screen, and a
  // pixel of what is laid out `scale`; none larger than `most`. To be called again for every new atlas. Returns "" or what is
  // missing, with the remedy.
  std::string add(ImFontAtlas& atlas, float unit, float scale, float most = 260);
  // It has been added.
  bool is_there() const { return !fonts_.front().empty(); }
  // To be drawn at so many pixels of the screen. REQUIRES add(), and the atlas has been built.
  Glyphs of(SlideFace face, float pixels) const;
  // In the same measure as the size of the font.
  float width(SlideFont font, std::string_view text) const;

 private:
  std::string read(std::size_t file);

  float scale_ = 1;
  // Pairs of the first and the last letter, ended by 0: of all words, and of headings and quotes, which are the largest.
  std::vector<std::uint16_t> all_, large_;
  std::array<std::vector<ImFont*>, kSlideFaces> fonts_;
  std::array<std::vector<char>, kSlideFaces> files_;
};

}  // namespace nutshell
