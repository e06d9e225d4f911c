// Sets words into lines.
#pragma once

#include <vector>

#include "sim/deck/layout.h"

namespace nutshell {

// How the words of a line look.
struct LineLook {
  SlideFace plain = SlideFace::regular, emphasis = SlideFace::medium, strong = SlideFace::bold;
  float size = 48;
  float height = 1.4F;  // of a line, in sizes
  SlideColor color, strong_color, link_color;
  bool balanced = false;  // lines of about the same length rather than a last one of one word
};

struct SetLine {
  std::vector<LaidText> pieces;  // from x = 0; y = 0 is the upper edge of the line
  float width = 0, height = 0;
};

struct SetLines {
  std::vector<SetLine> lines;
  float width = 0, height = 0;
  bool overflows = false;  // a word is wider than there is room: it has been broken
};

SetLines set_lines(const SlideLine& words, const LineLook& look, float room, const TextWidth& width);

// Letters of that size stand so far above and below their baseline.
inline constexpr float kAscent = 0.76F, kDescent = 0.24F;
// The baseline of a line whose middle is there.
inline float baseline_at(float middle, float size) { return middle + 0.36F * size; }

}  // namespace nutshell
