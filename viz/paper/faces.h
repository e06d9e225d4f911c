// The faces of slides for cairo: how wide words are, and the pens to write them.
#pragma once

#include <cairo.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "sim/deck/layout.h"

namespace nutshell {

class PaperFaces {
 public:
  PaperFaces();
  ~PaperFaces();
  PaperFaces(const PaperFaces&) = delete;
  PaperFaces& operator=(const PaperFaces&) = delete;

  // "", or which font is missing, with the remedy.
  const std::string& problem() const { return problem_; }
  float width(SlideFont font, std::string_view text) const;
  // Writes words with the pen, in its colour, its baseline at (x, y). Letters that the face does not have come from another.
  void write(cairo_t* pen, SlideFont font, double x, double y, std::string_view text) const;

 private:
  struct Files;
  template <class Take>
  void each_run(SlideFont font, std::string_view text, const Take& take) const;

  std::unique_ptr<Files> files_;
  std::string problem_;
};

}  // namespace nutshell
