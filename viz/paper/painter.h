// Paints a slide that has been laid out, with cairo: onto a page, or into a picture.
#pragma once

#include <functional>
#include <limits>

#include "viz/paper/faces.h"
#include "viz/paper/surfaces.h"
#include "viz/svg/svg.h"

namespace nutshell {

// What stands in the place of an image.
struct PaperImage {
  Surface surface;      // neither this nor a drawing: a calm sign, with the words
  std::string words;    // below a living figure: what it says or asks there
  std::shared_ptr<const SvgDrawing> drawing = nullptr;  // stays shapes on a page
};

struct SlidePaper {
  const PaperFaces& faces;
  std::size_t build = std::numeric_limits<std::size_t>::max();  // so many presses of the one key have been
  // Asked for every image; without it, none is drawn.
  std::function<PaperImage(const LaidImage& image)> image = {};
  bool links = false;  // the page can be clicked
};

// The pen's unit is the slide's pixel.
void paint_slide(cairo_t* pen, const LaidSlide& slide, const SlidePaper& how);
// So much of a living figure's box is for its words, at the lower edge: none if it has none to say.
float height_of_words(const LaidSlide& slide, const LaidImage& image, const std::string& words, const PaperFaces& faces);

}  // namespace nutshell
