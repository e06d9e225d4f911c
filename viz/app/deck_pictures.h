// The pictures of a deck for those who cannot show it alive: files as they are, living figures as stills of where they begin and
// where they come to their end.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "sim/command/loaded_deck.h"
#include "sim/deck/layout.h"
#include "viz/app/stills.h"
#include "viz/paper/painter.h"

namespace nutshell {

struct FigureStills {
  Surface begin, end;  // no end: it does not play
  std::string says, end_says;
  std::string about;
  std::string problem;  // why there is none
};

class DeckPictures {
 public:
  static constexpr int kWidth = 1920, kHeight = 1080;

  // Both have to be there as long as this. Throws Failure if nothing can be drawn here.
  DeckPictures(const LoadedDeck& deck, const PaperFaces& faces, SlideGround ground);

  PictureFacts facts(const SlideImage& image) const;
  LaidSlide laid(std::size_t slide, float width = kWidth, float height = kHeight) const;
  // As large as it stands on its slide. REQUIRES it lives.
  const FigureStills& stills(const SlideImage& image);
  // What stands in the place of an image: of a figure where it ends, if it is asked for.
  PaperImage on_paper(const SlideImage& image, bool end);
  SlideGround ground() const { return ground_; }

 private:
  FigureStills draw(const DeckFigure& figure, const LaidSlide& slide, const LaidImage& image);

  const LoadedDeck& deck_;
  const PaperFaces& faces_;
  const SlideGround ground_;
  std::unique_ptr<Stills> stills_;
  std::map<const SlideImage*, FigureStills> drawn_;
  std::map<std::string, PaperImage> files_;
};

}  // namespace nutshell
