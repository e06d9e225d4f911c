// Draws a slide that has been laid out: ground, pictures, shapes, words.
#pragma once

#include <functional>
#include <limits>
#include <string>

#include "sim/deck/layout.h"
#include "viz/slides/picture_shelf.h"
#include "viz/slides/slide_fonts.h"
#include "viz/ui/canvas.h"

namespace nutshell {

inline Color color_of(SlideColor color) { return {color.r, color.g, color.b, color.a}; }
inline Rect rect_of(const SlideRect& rect) { return {rect.x, rect.y, rect.w, rect.h}; }

// How a slide is painted.
struct SlidePaint {
  const SlideFonts& fonts;
  std::size_t build = std::numeric_limits<std::size_t>::max();  // so many presses of the one key have been
  bool steps_back = false;  // a figure on it is in somebody's hand: words are fainter
  // Draws an image into its box; without it, none is drawn.
  std::function<void(Canvas& canvas, const LaidImage& image)> image = {};
};

// The canvas' logical pixels are the slide's.
void paint_slide(Canvas& canvas, const LaidSlide& slide, const SlidePaint& how);
// Words of one look, its baseline at `at`; returns their width.
float paint_words(Canvas& canvas, const SlideFonts& fonts, Point at, SlideFont font, Color color, std::string_view text, Rect home = {});
// A picture as its box asks for it. What is not there stands as a calm placeholder that says why.
void paint_picture(Canvas& canvas, const LaidSlide& slide, const LaidImage& image, const PictureShelf::Shown& shown);
void paint_placeholder(Canvas& canvas, const SlideFonts& fonts, const LaidSlide& slide, Rect box, std::string_view name,
                       std::string_view why);

}  // namespace nutshell
