// A deck of slides, as it was read: a talk written as Markdown, in the dialect of Deckset.
//
// Nothing here says how a slide looks: it is what stands on it, in order, and what its directives ask for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nutshell {

// A stretch of a line that looks the same.
struct SlideText {
  std::string text;
  bool strong = false, emphasis = false, code = false, struck = false;
  enum class Shift : std::uint8_t { none, sub, sup };
  Shift shift = Shift::none;
  std::string link;  // where it leads; empty: nowhere

  bool looks_like(const SlideText& other) const;
};
using SlideLine = std::vector<SlideText>;
// Its letters alone.
std::string plain(const SlideLine& line);

struct SlideItem {
  int depth = 0;     // 0: of the list itself
  int number = 0;    // of a numbered list; 0: of a list with bullets
  std::vector<SlideLine> lines;
};

enum class CellAlign : std::uint8_t { left, center, right };

struct SlideBlock {
  enum class Kind : std::uint8_t { heading, paragraph, list, quote, code, table };
  Kind kind = Kind::paragraph;
  int column = 0;                // of the slide, from 0; -1: above all columns
  int level = 0;                 // headings: 1 is the largest
  bool fit = false;              // headings: as wide as the slide
  std::vector<SlideLine> lines;  // headings, paragraphs, quotes
  SlideLine author;              // quotes; empty: none is named
  std::vector<SlideItem> items;  // lists
  std::string language, code;    // code, with its line ends
  std::vector<std::vector<SlideLine>> rows;  // tables, the head first
  std::vector<CellAlign> aligns;             // ... a column each
};

struct SlideImage {
  enum class Place : std::uint8_t { ground, among, left, right };
  enum class Size : std::uint8_t { fill, fit, percent };
  std::string path, about;
  Place place = Place::ground;  // ground: behind everything; among: where it stands among the blocks
  Size size = Size::fill;
  int percent = 100;
  bool original = false;        // not darkened behind words
  std::size_t before = 0;       // among: the block before which it stands
  int column = 0;
  std::size_t line = 0;         // of the file, from 1
};

using Directives = std::vector<std::pair<std::string, std::string>>;

struct Slide {
  std::size_t line = 1;  // of the file, from 1, on which it begins
  std::vector<SlideBlock> blocks;
  std::vector<SlideImage> images;
  std::vector<std::string> notes;  // paragraphs
  Directives directives;
  int columns = 1;

  // What people call it: its first heading, else the first words on it, else the words of a picture; empty: none.
  std::string title() const;
};

struct Deck {
  std::string file;
  Directives settings;  // of all slides, at the top of the file
  std::vector<Slide> slides;

  // What the slide asks for, else what the deck does; empty: nobody says.
  std::string_view setting(const Slide& slide, std::string_view name) const;
  bool is_on(const Slide& slide, std::string_view name) const { return setting(slide, name) == "true"; }
  // Presses of the one key that the slide takes before it is whole: its items, one after another.
  std::size_t builds(const Slide& slide) const;
};

}  // namespace nutshell
