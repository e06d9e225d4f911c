// Is everything on a slide where it may stand?
#pragma once

#include <string>

#include "sim/deck/layout.h"

namespace nutshell::testing {

inline bool overlap(const SlideRect& a, const SlideRect& b) {
  const float slack = 1;
  return a.x + slack < b.right() && b.x + slack < a.right() && a.y + slack < b.bottom() && b.y + slack < a.bottom();
}
inline bool inside(const SlideRect& inner, const SlideRect& outer) {
  const float slack = 1.5F;
  return inner.x >= outer.x - slack && inner.y >= outer.y - slack && inner.right() <= outer.right() + slack &&
         inner.bottom() <= outer.bottom() + slack;
}

// "" or what is wrong: words outside their box, over each other or over a picture, pictures outside the slide.
inline std::string misplaced(const LaidSlide& slide) {
  const SlideRect whole{0, 0, slide.width, slide.height};
  const auto is_small = [](const LaidText& text) { return text.part == LaidText::Part::footer || text.part == LaidText::Part::number; };
  // As high as their line where lines stand close: letters reach as far as capitals and tails do.
  const auto letters_of = [](const LaidText& text) {
    const float size = text.font.pixels;
    return SlideRect{text.box.x, text.baseline - 0.73F * size, text.box.w, 0.93F * size};
  };
  for (std::size_t i = 0; i < slide.texts.size(); ++i) {
    const LaidText& each = slide.texts[i];
    if (!inside(each.box, is_small(each) ? whole : slide.content)) return "leaves the slide: " + each.text;
    for (std::size_t j = i + 1; j < slide.texts.size(); ++j) {
      if (overlap(letters_of(each), letters_of(slide.texts[j]))) return each.text + " lies over " + slide.texts[j].text;
    }
    for (const LaidImage& image : slide.images) {
      if (!image.ground && overlap(each.box, image.box)) return each.text + " lies over a picture";
    }
  }
  for (const LaidShape& shape : slide.shapes) {
    if (!inside(shape.box, whole)) return "what lies behind words leaves the slide";
  }
  for (const LaidImage& image : slide.images) {
    if (!inside(image.box, whole)) return "a picture leaves the slide";
    if (image.box.w <= 0 || image.box.h <= 0) return "a picture has no size";
  }
  return "";
}

}  // namespace nutshell::testing
