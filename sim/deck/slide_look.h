// For the files of this folder only. The colours and sizes that a slide is set in, by what it asks for and by the room.
#pragma once

#include "sim/deck/layout.h"

namespace nutshell {

struct SlideLook {
  bool light = true;
  SlideColor ground, text, header, muted, line, panel;
  SlideColor text_strong, header_strong, link;
  SlideColor keyword, quoted, number;  // of code
  float header_scale = 1, text_scale = 1;
  CellAlign header_align = CellAlign::left, text_align = CellAlign::left;
};

SlideLook look_of(const Deck& deck, const Slide& slide, SlideGround ground);

// Sizes in pixels of a slide of 1080 lines.
struct SlideSizes {
  float headings[6] = {};
  float text = 0, code = 0, table = 0, quote = 0;
};
// Words alone are large, words above something less so; over a living figure or a picture they are a line or two.
enum class SlideMode : std::uint8_t { words, things, picture };
const SlideSizes& sizes_of(SlideMode mode);
// `below`: pictures that were to lie behind the words stand below them instead.
SlideMode mode_of(const Slide& slide, bool below);

}  // namespace nutshell
