// How the picture is looked at. Nothing in it changes what happens in the cluster.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viz/session/command.h"
#include "viz/session/offers.h"
#include "viz/session/place.h"
#include "viz/session/reasons.h"
#include "viz/ui/canvas.h"

namespace nutshell {

enum class Tab : std::uint8_t { lesson, events, terminal, why };
inline constexpr int kTabs = 4;
enum class Overlay : std::uint8_t { none, gallery, keys, branches, black };

// A place and where it was drawn; of several under the mouse the last is meant.
struct Spot {
  Rect rect;
  Place place;
};

// The menu of a place, opened where the mouse was.
struct Menu {
  bool open = false;
  Place place;
  Point at;
  std::vector<std::size_t> path;  // rows chosen on the way into menus of menus
  std::size_t chosen = 0;
  Rect drawn;                     // in the last frame
};

// A line of text that is asked for: "key=value" for a target of set_config.
struct Prompt {
  bool open = false;
  std::string title, text, target;
};

struct View {
  bool light = false, projector = false, hidden_traffic = false, panel = true, full_screen = false;
  Tab tab = Tab::lesson;
  Overlay overlay = Overlay::none;
  std::size_t chosen = 0;   // in the gallery
  std::size_t columns = 4;  // of the gallery, as last drawn
  float scrolled = 0;       // of the list of branches
  bool scrubbing = false;   // the mouse went down on the timeline and has not come up
  float scale = 1;
  Tool hand = Tool::none;    // picked up, to be used where one clicks
  Menu menu;
  Prompt prompt;
  Reason why;                // of what was asked last
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
  bool opens_menu = false;  // the right button went down in this frame
  float wheel = 0;
  std::vector<Command>& commands;

  bool over(Rect rect) const { return rect.contains(mouse); }
  void ask(CommandName name, std::int64_t value = 0) { commands.push_back({name, value, {}}); }
  void use(Tool tool, Place place) { commands.push_back({CommandName::tool, static_cast<std::int64_t>(tool), place}); }
  void open_menu(Place place) { commands.push_back({CommandName::menu, 1, place}); }
  void select(Place place) { commands.push_back({CommandName::select, 0, place}); }
};

// A button with its words and, if there is room, its key. True when clicked.
bool draw_button(Ui& ui, Rect rect, std::string_view label, bool primary = false);

}  // namespace nutshell
