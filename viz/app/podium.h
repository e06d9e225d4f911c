// What a talk that is being given consists of, besides its windows: the audience's and the presenter's share it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "viz/slides/slide_show.h"
#include "viz/panels/panels.h"

namespace nutshell {

class App;

// What lies over the slide.
enum class Overlay : std::uint8_t { none, black, overview, jump };
// What the mouse is on the slide.
enum class Pointer : std::uint8_t { none, spotlight, magnifier, pen };

struct Podium {
  // `window`: the audience's; it has to be there as long as this.
  Podium(Talk given, Window& window) : talk(std::move(given)), shelf(window), show(talk, shelf) {}

  Talk talk;
  PictureShelf shelf;
  SlideShow show;

  Overlay overlay = Overlay::none;
  std::string typed;                 // the number or title to jump to
  std::vector<std::size_t> found;    // slides that it may mean
  std::size_t chosen = 0;            // of them, or of all in the overview
  Pointer pointer = Pointer::none;
  std::optional<std::pair<float, float>> at;  // where it points, in 0..1 of the slide; from the presenter's window
  std::vector<std::vector<std::pair<float, float>>> strokes;  // of the pen, wiped by the next slide
  bool drawing = false;
  float notes_scrolled = 0;          // lines
  std::string notice;                // for the presenter alone: "goes on at slide 17, where it was broken off"
  bool leaves = false;               // the talk is to end ...
  bool from_gallery = false;         // ... and the lessons are to be shown,
  Figure before;                     // with this one behind them
  bool swaps = false;                // the two windows are to change places
  float width = 1920, height = 1080; // of the audience's picture, in its logical pixels
  bool light = true;                 // of the audience's room
  std::size_t drawn = SIZE_MAX;      // the slide that was drawn last
};

// A key of the remote, of the keyboard, or typed in the presenter's window, while the slide has them. False: it is the figure's.
bool type_on_slide(App& app, Podium& podium, const KeyPress& press);
// Slides beside each other in the overview.
std::size_t overview_columns(std::size_t slides);
// Over the slide, in the audience's window.
void draw_overlays(PanelUi& ui, Podium& podium, Rect whole);

}  // namespace nutshell
