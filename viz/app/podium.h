// What a talk that is being given consists of, besides its windows: the audience's and the presenter's share it.
#pragma once

#include <cstdint>
#include <memory>
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

// The presenter's mouse on the picture of the slide: it does there what the audience's would do on the slide.
struct FarMouse {
  float x = 0, y = 0;  // in 0..1 of the slide
  bool clicked = false, held = false, opens_menu = false;
  float wheel = 0;
};

struct Podium {
  // `window`: the audience's; it has to be there as long as this. A talk may be given in several rooms at once.
  Podium(std::shared_ptr<Talk> given, Window& window) : shared(std::move(given)), talk(*shared), shelf(window), show(talk, shelf) {}
  Podium(Talk given, Window& window) : Podium(std::make_shared<Talk>(std::move(given)), window) {}

  const std::shared_ptr<Talk> shared;
  Talk& talk;
  PictureShelf shelf;
  SlideShow show;

  Overlay overlay = Overlay::none;
  std::string typed;                 // the number or title to jump to
  std::vector<std::size_t> found;    // slides that it may mean
  std::size_t chosen = 0;            // of them, or of all in the overview
  Pointer pointer = Pointer::none;
  KeyName held = KeyName::none;      // the key of spotlight or magnifier, while it is down ...
  Duration held_for = 0;             // ... and how long it has been
  std::optional<FarMouse> mouse;     // over the slide in the presenter's window
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
// A key has been let go: what it was held down for goes; after a short press it stays.
void let_go_on_slide(Podium& podium, KeyName key);
// Slides beside each other in the overview.
std::size_t overview_columns(std::size_t slides);
// Over the slide, in the audience's window.
void draw_overlays(PanelUi& ui, Podium& podium, Rect whole);

}  // namespace nutshell
