// How the picture is looked at. Nothing in it changes what happens in the cluster.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viz/session/command.h"
#include "viz/session/place.h"
#include "viz/ui/canvas.h"

namespace nutshell {

enum class Tab : std::uint8_t { lesson, events, terminal };
inline constexpr int kTabs = 3;
enum class Overlay : std::uint8_t { none, gallery, keys, black };

// A place and where it was drawn; of several under the mouse the last is meant.
struct Spot {
  Rect rect;
  Place place;
};

struct View {
  bool light = false, projector = false, hidden_traffic = false, panel = true, full_screen = false;
  bool reduced_motion = false;  // what changes fades over; nothing flies, falls or shakes
  bool in_motion = false;       // draws a moment as while playing, though time stands still: for films
  Tab tab = Tab::lesson;
  Overlay overlay = Overlay::none;
  std::size_t chosen = 0;   // in the gallery
  std::size_t columns = 4;  // of the gallery, as last drawn
  bool scrubbing = false;   // the mouse went down on the timeline and has not come up
  float scale = 1;
  Place selected;
  Place hovered;             // under the mouse, as last drawn
  std::vector<Spot> spots;   // of the last frame
};

// The place under a point of the window; none: nothing that can be pointed at.
Place place_at(const View& view, Point point);

// What panels get besides the session: where to draw, the mouse, and where commands go.
struct Ui {
  Canvas& canvas;
  View& view;
  Point mouse;
  bool clicked = false;  // the left button went down in this frame
  bool held = false;
  float wheel = 0;
  std::vector<Command>& commands;

  bool over(Rect rect) const { return rect.contains(mouse); }
  void ask(CommandName name, std::int64_t value = 0) { commands.push_back({name, value, {}}); }
  void select(Place place) { commands.push_back({CommandName::select, 0, place}); }
};

// A button with its words and, if there is room, its key. True when clicked.
bool draw_button(Ui& ui, Rect rect, std::string_view label, bool primary = false);

}  // namespace nutshell
