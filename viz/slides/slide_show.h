// The slides of a talk in one window: laid out for its size, with their pictures and living figures.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "viz/slides/picture_shelf.h"
#include "viz/slides/slide_fonts.h"
#include "viz/slides/slide_painter.h"
#include "viz/slides/talk.h"
#include "viz/panels/view.h"

namespace nutshell {

class SlideShow {
 public:
  // Talk and shelf may be shared by several.
  SlideShow(Talk& talk, PictureShelf& shelf);

  SlideFonts& fonts() { return fonts_; }
  // The font atlas has been built anew: words may have become wider.
  void fonts_changed() { laid_.clear(); }
  const LaidSlide& laid(std::size_t slide, float width, float height, bool light);

  // The slide of the talk as it stands, filling so much of the canvas' logical pixels; its figures are alive. True: a figure was
  // clicked, and is to be taken in hand.
  bool draw(Ui& ui, float width, float height);
  // A small picture of any slide, whole: in `target`, as if it were that large. Figures that are not there yet are a sign.
  void draw_small(Ui& ui, std::size_t slide, Rect target, float width, float height);
  // A picture moves, or is still to be decoded.
  bool moves() const { return moves_; }
  // Asks for the pictures of the slide and of those beside it.
  void want_pictures();
  // Wall time goes by: pictures move.
  void pass(Duration wall) { shown_for_ += wall; }
  void slide_changed();

 private:
  std::string path_of(std::size_t slide, const LaidImage& image) const;
  // Of the shelf, for a picture.
  enum class Ask : std::uint8_t { nothing, in_any_size, in_this_size };
  void draw_image(Canvas& canvas, const LaidSlide& laid, std::size_t slide, const LaidImage& image, Ask ask);

  Talk& talk_;
  PictureShelf& shelf_;
  SlideFonts fonts_;
  // By slide, size and ground.
  std::map<std::tuple<std::size_t, float, float, bool>, LaidSlide> laid_;
  struct Drawn {  // the last time: width 0: never
    float width = 0, height = 0, pixels = 1;
    bool light = false;
  };
  Drawn drawn_;
  Duration shown_for_ = 0;
  bool moves_ = false;
};

}  // namespace nutshell
