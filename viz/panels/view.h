// How one living figure is looked at: nothing in it changes what happens in its cluster, and two figures that are drawn
// beside each other share none of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/session/command.h"
#include "sim/session/offers.h"
#include "sim/session/place.h"
#include "sim/streams/picture.h"
#include "viz/panels/charts_view.h"
#include "viz/panels/room.h"
#include "viz/panels/space_view.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// What a figure shows of its run.
enum class MainArea : std::uint8_t { stage, space_time, both, log, topology, connect };
inline constexpr int kMainAreas = static_cast<int>(kFigureViews.size());

// A place and where it was drawn; of several under the mouse the last is meant.
struct Spot {
  Rect rect;
  Place place;
};

// What is said of a sign that is no place by itself, when the mouse rests on it: its name, and what it means.
struct Tip {
  Rect rect;
  std::string name, meaning;
};

// The lens before the stage.
struct Lens {
  Place focus;          // alone on the stage; none: everything
  float zoom = 1;
  Point left_top;       // of what is seen, from the stage's corner, in pixels before zooming
  float before_zoom = 1;  // zoom and corner to come back to from the focus
  Point before;
  bool map = false;     // the stage is a map, as last drawn
  float most = 4;       // zoom
  bool dragging = false;
  Point grip;           // the mouse, when the stage was last moved
  Point pressed;        // and when it was taken hold of
};

// The menu of a place, or of what to show beside this; opened where the mouse was.
struct Menu {
  bool open = false;
  Place place;
  std::vector<Offer> beside;      // if there are any, the menu consists of them
  Point at;
  std::vector<std::size_t> path;  // rows chosen on the way into menus of menus
  std::size_t chosen = 0;
  Rect drawn;                     // in the last frame
};

// What the mouse carries while its button is down: a consumer from the stage, or a tool from the belt.
struct Carry {
  Place what;
  Point from;       // where the button went down
  bool on = false;  // it has been moved so far that it is no click
  Tool tool = Tool::none;
};

// From how far away the stage is seen where there is too little room for it: from so far at most; 1: never farther than usual.
// What it came to stays while the stage has this place, so that nothing jumps.
struct Distance {
  float most = 1, now = 1;
  Rect area;
  bool tried = false;  // as far as it may be, and still a map
};

// The film of a cluster's ksqlDB servers as it was drawn last: it is made anew only when there is more to it.
struct KeptFilm {
  std::uint64_t stamp = 0;
  std::string query;      // as FigureView has it
  bool drawn_out = false;
  int shown = -1;         // which query of the film
  std::shared_ptr<const streams::Film> film;
};

struct FigureView {
  bool hidden_traffic = false;
  bool keys = false;  // records have their other hue: of their key, or, where a lesson speaks of keys, of their epoch
  MainArea area = MainArea::stage;
  SpaceView space;
  ChartsView charts;
  std::vector<Step> thread;  // a chain of causes, the effect first; the space-time diagram draws it
  Lens lens;
  Distance distance;
  Place selected;
  std::string query;             // whose topology is shown, by its id; of none: the last one
  KeptFilm kept_film;
  std::optional<streams::WindowName> window;  // of ksqlDB, under the mouse in the last frame
  Place hovered;                 // under the mouse, in the last frame
  Time hovered_at = -1;          // when what is under the mouse happened, if it is an event
  bool hovered_in_list = false;  // in a panel, so that the stage shows where it is
  Tool hand = Tool::none;        // picked up, to be used where one clicks
  Carry carry;
  Menu menu;
  // As last drawn: where, its places and signs, and what lay over it.
  Rect stage;
  std::vector<Spot> spots;
  std::vector<Tip> tips;
  Rect over_stage;
};

// The place under a point of the window; none: nothing that can be pointed at.
Place place_at(const FigureView& figure, Point point);

// What whoever draws a figure gets besides its session: where to draw, the mouse, and where commands go. A figure has its
// own; what it asks for is asked of its own session.
struct Ui {
  Canvas& canvas;
  const Room& room;
  FigureView& figure;
  std::vector<Command>& commands;
  Point mouse;
  bool clicked = false;  // the left button went down in this frame
  bool held = false;
  bool opens_menu = false;  // the right button went down in this frame
  float wheel = 0;
  Duration rested = 0;  // wall time since the mouse was moved or pressed
  // What the mouse points at in this frame; FigureView::hovered in the next.
  Place pointed = {};
  Time pointed_at = -1;
  bool pointed_in_list = false;
  std::optional<streams::WindowName> pointed_window = {};

  bool over(Rect rect) const { return rect.contains(mouse); }
  // What is told of it when the mouse rests there.
  void tell(Rect rect, std::string_view name, std::string_view meaning) {
    figure.tips.push_back({rect, std::string(name), std::string(meaning)});
  }
  void ask(CommandName name, std::int64_t value = 0) { commands.push_back({name, value, {}}); }
  void use(Tool tool, Place place) { commands.push_back({CommandName::tool, static_cast<std::int64_t>(tool), place}); }
  void open_menu(Place place) { commands.push_back({CommandName::menu, 1, place}); }
  void select(Place place) { commands.push_back({CommandName::select, 0, place}); }
};

// What was under the mouse in this frame is what it was over in the next. To be called when all of it has been drawn.
void remember_pointed(Ui& ui);
// A place that is meant by something in a panel lies under the mouse.
void point_at(Ui& ui, Place place, Time at = -1);
// A button with its words and, if there is room, its key. True when clicked.
bool draw_button(Ui& ui, Rect rect, std::string_view label, bool primary = false);

}  // namespace nutshell
