// Where everything on a slide stands: a pure function of the slide, the size of the picture and how wide letters are.
//
// Whoever draws slides (a window, a page of a handout, HTML) draws what is found here, from back to front: the ground, the images,
// the shapes, the texts. Lengths are in pixels of a picture that is `width` x `height`, from its upper left corner; what a slide
// looks like at another size is the same but for where lines break.
//
// As Deckset does, headings are large and stand at the left, in the middle of a slide that has only words; what does not fit is
// made smaller as a whole, until it does. Nothing is ever left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/deck/deck.h"

namespace nutshell {

struct SlideColor {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;
  friend bool operator==(const SlideColor&, const SlideColor&) = default;
};
// As WCAG 2 has it: 1 to 21.
double contrast(SlideColor one, SlideColor other);

struct SlideRect {
  float x = 0, y = 0, w = 0, h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  friend bool operator==(const SlideRect&, const SlideRect&) = default;
};

// Inter at these weights, and JetBrains Mono.
enum class SlideFace : std::uint8_t { light, regular, medium, bold, heavy, mono, mono_bold };
inline constexpr std::size_t kSlideFaces = 7;

struct SlideFont {
  SlideFace face = SlideFace::regular;
  float pixels = 16;
  friend bool operator==(const SlideFont&, const SlideFont&) = default;
};

// How wide the words are, in pixels.
using TextWidth = std::function<float(SlideFont font, std::string_view text)>;

// What is known of a picture before it is drawn.
struct PictureFacts {
  bool living = false;  // it is a living figure: it has no size of its own, and words never lie over it
  float width = 0, height = 0;  // 0: it is not there, or nobody knows
};

using PictureLookup = std::function<PictureFacts(const SlideImage& image)>;

// How slides that ask for no colours are shown.
enum class SlideGround : std::uint8_t { light, dark };

struct SlideRoom {
  float width = 1920, height = 1080;
  SlideGround ground = SlideGround::light;
  std::size_t number = 0;  // of the slide, from 1; 0: no number is printed
  // Asked for every picture; without it nothing is known of any.
  PictureLookup facts;
};

// A stretch of words on one line, in one look.
struct LaidText {
  enum class Part : std::uint8_t { words, code, footer, number };
  std::string text;
  SlideRect box;       // of its letters; below the baseline as far as a "g" goes
  float baseline = 0;  // y
  SlideFont font;
  SlideColor color;
  bool struck = false;
  std::string link;       // where it leads; empty: nowhere
  std::size_t build = 0;  // presses of the one key after which it is seen
  std::size_t line = 0;   // equal: they stand on one line, and belong together when they are read
  Part part = Part::words;
};

struct LaidShape {
  SlideRect box;
  SlideColor color;
  float radius = 0;
  std::size_t build = 0;
};

struct LaidImage {
  std::size_t which = 0;  // of Slide::images
  SlideRect box;          // the picture's: all of it (whole), or as much as the box shows, from its middle
  bool whole = true;
  bool living = false;
  bool missing = false;   // nothing is known of it: a placeholder stands there
  bool ground = false;    // words lie over it
  std::uint8_t veil = 0;  // of the ground's colour over it, 0..255
};

struct LaidSlide {
  float width = 0, height = 0;
  SlideColor ground, text, header, muted, line, panel;
  bool light = true;  // the ground is: figures on it are drawn for a light room
  float unit = 1;     // a pixel of a slide of 1080 lines
  std::vector<LaidImage> images;
  std::vector<LaidShape> shapes;
  std::vector<LaidText> texts;
  std::size_t builds = 0;
  float scale = 1;    // of all words: below 1 something had to be made smaller
  SlideRect content;  // what words have to stay in; the footer is below
};

LaidSlide lay_out(const Deck& deck, const Slide& slide, const SlideRoom& room, const TextWidth& width);

}  // namespace nutshell
