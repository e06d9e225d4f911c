// A deck as one page of HTML that needs nothing else: no network, no other file. A browser shows it slide by slide, with builds,
// notes and keys; without its script it is read from top to bottom; printed it is a handout with notes.
#pragma once

#include <functional>
#include <string>

#include "sim/deck/layout.h"

namespace nutshell {

// A picture of a slide: whole files, PNG, JPEG, GIF or SVG.
struct HtmlImage {
  std::string file;      // empty: it is not there, and `problem` says why
  std::string end;       // of a living figure that plays: where it comes to its end; empty: there is none
  std::string about;     // what is seen, for those who do not see it
  std::string says, end_says;  // what the figure says or asks there
  std::string problem;
};

using HtmlPictures = std::function<HtmlImage(const SlideImage& image)>;

struct HtmlRoom {
  SlideGround ground = SlideGround::light;  // of slides that ask for no colours
  // Asked for every picture: its size, and the picture itself.
  PictureLookup facts;
  HtmlPictures image;
  TextWidth width;
};

// What the page calls itself: its first title, else its file's name.
std::string title_of(const Deck& deck);
std::string to_html(const Deck& deck, const HtmlRoom& room);

}  // namespace nutshell
