// A deck as PDF: a page a slide, or a handout, two slides a sheet with their notes. Words can be selected, links followed, and titles
// are the outline.
#pragma once

#include <functional>
#include <string>

#include "viz/paper/painter.h"

namespace nutshell {

struct PdfDeck {
  const Deck& deck;
  const PaperFaces& faces;
  std::string title;
  std::function<LaidSlide(std::size_t slide)> laid;
  // What stands in the place of an image of the slide; `end`: of a living figure, where it comes to its end.
  std::function<PaperImage(std::size_t slide, const LaidImage& image, bool end)> image;
  // Does any figure of the slide come to another end?
  std::function<bool(std::size_t slide)> ends;
};

// Both return "" or why the file could not be written.
std::string write_slides(const PdfDeck& deck, const std::string& path);
std::string write_handout(const PdfDeck& deck, const std::string& path);

}  // namespace nutshell
