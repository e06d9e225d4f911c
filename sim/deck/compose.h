// For the files of this folder only. Blocks and the pictures among them, one below the other in a column.
#pragma once

#include <vector>

#include "sim/deck/layout.h"
#include "sim/deck/set_lines.h"
#include "sim/deck/slide_look.h"

namespace nutshell {

// What a column is made from.
struct Composing {
  const Deck& deck;
  const Slide& slide;
  const SlideLook& look;
  const SlideSizes& sizes;
  const TextWidth& width;
  const PictureLookup& facts;
  float unit = 1;      // a pixel of a slide of 1080 lines
  float scale = 1;     // of all words
  float code = 1;      // of code, besides
  float room = 0;      // for a row of pictures, down
  bool builds = false; // a line of a list a press
};

struct Composed {
  std::vector<LaidText> texts;
  std::vector<LaidShape> shapes;
  std::vector<LaidImage> images;
  float height = 0;      // from y = 0, with the tails of letters
  float left = 0, right = 0;  // how far words and shapes reach
  float pictures = 0;    // rows of them, in Composing::room
  std::size_t lines = 0; // of words
  bool breaks = false;     // a word is broken, because it is wider than there is room
  bool overflows = false;  // what stands in it is wider than it
  std::size_t builds = 0;
};

// The blocks of that column (-1: above all columns), and the pictures that stand among them, from x to x + width.
// `at_end`: pictures that stand after all of them.
Composed compose(const Composing& how, int column, float x, float width, const std::vector<std::size_t>& at_end);

}  // namespace nutshell
