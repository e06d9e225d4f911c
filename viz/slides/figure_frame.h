// How a living figure stands on a slide: the stage, below it what the figure says or asks, and a line that tells whose hand it is
// in. Taking it in hand moves nothing.
#pragma once

#include <string>
#include <vector>

#include "sim/deck/set_lines.h"
#include "sim/scenario/captions.h"
#include "viz/slides/slide_painter.h"
#include "viz/slides/talk.h"
#include "viz/panels/view.h"

namespace nutshell {

// What one needs to draw it.
struct FigureFrame {
  const SlideFonts& fonts;
  const LaidSlide& slide;
  const Captions& captions;  // in whose words
  Rect box;             // on the slide
  bool has_keys = false;  // it is the one of its slide that keys are for
  bool in_hand = false;
  bool quiet = false;   // a small picture of it: no words, no line
};

// The canvas' logical pixels are the slide's, and its theme goes with the slide's ground. It is looked at by ui.figure. True: it
// was clicked, and is to be taken in hand.
bool draw_living(Ui& ui, LivingFigure& living, const FigureFrame& frame);

// A sentence with its emphasis.
SlideLine line_of(const std::string& text, const std::vector<TextSpan>& strong);

}  // namespace nutshell
