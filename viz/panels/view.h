// How the picture is looked at. Nothing in it changes what happens in the cluster.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/session/command.h"
#include "sim/session/completion.h"
#include "sim/session/event_list.h"
#include "sim/session/offers.h"
#include "sim/session/place.h"
#include "sim/session/reasons.h"
#include "sim/session/text_field.h"
#include "viz/panels/charts_view.h"
#include "viz/panels/space_view.h"
#include "viz/ui/canvas.h"

namespace nutshell {

enum class Tab : std::uint8_t { lesson, events, promises, terminal, why, inspector };
inline constexpr int kTabs = 6;
inline constexpr int kPrograms = 6;  // of the terminal
// What fills the middle of the window.
enum class MainArea : std::uint8_t { stage, space_time, both };
inline constexpr int kMainAreas = 3;
enum class Overlay : std::uint8_t { none, gallery, keys, signs, branches, black };

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

// Where typed characters go; while they go somewhere, letters are no commands.
enum class Typing : std::uint8_t {
  none,
  find,  // the filter of the event list
  jump   // the menu "run until", with its field for a time
};

// How far a list is scrolled. Rows that do not fit are not drawn.
struct EventsView {
  EventList list;
  std::string find;
  std::uint32_t kinds = 0;  // bits of FactKind that are shown; 0: all
  bool only_selected = false;
  std::size_t scrolled = 0;  // rows, from the newest
  std::size_t cursor = 0;    // the row that Enter goes to, from the newest
  std::size_t shown = 1;     // rows that fitted, as last drawn
  std::size_t count = 0;     // rows there are until now, as last drawn
};

// Sizes of panels that somebody has dragged; 0: as usual. One for each class of window.
struct PanelSizes {
  float side = 0, timeline = 0;
  friend bool operator==(const PanelSizes&, const PanelSizes&) = default;
};
inline constexpr int kWindowClasses = 3;
int window_class(float width);
enum class Edge : std::uint8_t { none, side, timeline };

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

// A line of text that is asked for: "key=value" for a target of set_config, a new topic, a file, or a share
// code.
struct Prompt {
  bool open = false;
  std::string title, text, target;
  bool code = false;  // a share code or a file instead
  std::string usual;  // a topic is asked for: what is meant where nothing is typed
  Caret caret;
  std::vector<Completion> completions;
  std::optional<std::size_t> chosen;  // of them
  std::string complaint;              // what is wrong with the text, as a sentence; until it is changed
  Rect drawn;                         // in the last frame
};

// What comes after this: the next lesson at the end of one. Over the stage until a key is pressed.
struct Card {
  bool open = false;
  std::string head, title, about;  // "You have seen all of: The log", "2 · Where does a reader begin?", "People often think …"
  std::string next;                // what the one key does: "go there"
  std::optional<std::size_t> lesson;  // that it leads to; nullopt: to the gallery
};

// Asked before what was done by hand goes unsaved.
struct Farewell {
  bool open = false;
  std::size_t unsaved = 0;  // branches
  bool quits = false;       // else another lesson is opened
};

// Where a lesson was left.
struct LastPlace {
  std::string file;
  Time at = 0;
  std::size_t told = 0, of = 0;  // captions and questions
  friend bool operator==(const LastPlace&, const LastPlace&) = default;
};

// The text of the caption bar, as last drawn, and which of its pages.
struct CaptionView {
  std::string text;
  std::size_t page = 0, pages = 1;
  Duration stood = 0;  // wall time that the page has stood while time passes
};

// What the mouse carries while its button is down: a consumer from the stage, or a tool from the belt.
struct Carry {
  Place what;
  Point from;       // where the button went down
  bool on = false;  // it has been moved so far that it is no click
  Tool tool = Tool::none;
};

struct View {
  bool light = false, projector = false, hidden_traffic = false, panel = true, full_screen = false;
  bool reduced_motion = false;  // what changes fades over; nothing flies, falls or shakes
  bool sound = false;           // what happens is heard
  bool controller = false;      // a game controller is there
  bool keys = false;            // records have the hue of their key, not of their epoch
  bool in_motion = false;       // draws a moment as while playing, though time stands still: for films
  bool first_screen = false;    // nobody has been here before: the first lesson, the one key, and what else there is
  bool side_over = false;       // for the back row: the side panel lies over the stage
  Rect over_stage;              // what lay over it in the last frame, there
  Tab tab = Tab::lesson;
  CaptionView caption;
  Overlay overlay = Overlay::none;
  std::size_t chosen = 0;   // in the gallery
  std::vector<Rect> cards;  // of its lessons, as last drawn
  bool goes_on = false;     // it opened at a start, and the one key goes on where the last lesson was left
  std::vector<std::string> done;  // names of lessons that have been seen to their end, and of puzzles solved
  float scrolled = 0;       // of the list of branches
  bool scrubbing = false;   // the mouse went down on the timeline and has not come up
  float scale = 1;
  MainArea area = MainArea::stage;
  SpaceView space;
  std::vector<Step> thread;  // a chain of causes, the effect first; the space-time diagram draws it
  Tool hand = Tool::none;    // picked up, to be used where one clicks
  Carry carry;
  Menu menu;
  Prompt prompt;
  Card card;
  Farewell farewell;
  std::vector<std::string> kept;  // share codes of what was done by hand before this start and is not saved, the latest last
  LastPlace last;            // when the program was ended; of no file: never, or somewhere else
  std::string share_code;    // that was copied, shown until the next key or click
  FiguresView figures;
  Place inspected;            // what the inspector showed last ...
  int inspected_from = 0;     // ... and its first line
  bool notes = false;         // instead of the lesson
  std::size_t notes_from = 0;
  std::size_t hints = 0;     // of a puzzle, shown so far
  std::size_t why_branch = 0;  // in which it was asked
  Reason why;                // of what was asked last
  Place selected;
  Place hovered;             // under the mouse, in the last frame
  Time hovered_at = -1;      // when what is under the mouse happened, if it is an event
  bool hovered_in_list = false;  // in a panel, so that the stage shows where it is
  std::vector<Spot> spots;   // of the last frame
  std::vector<Tip> tips;     // and what is told of signs
  Duration rested = 0;       // wall time since the mouse was moved or pressed
  std::array<PanelSizes, kWindowClasses> panels;
  Edge edge = Edge::none;    // that is being dragged
  Lens lens;
  Typing typing = Typing::none;
  std::string typed;         // into the field of the jump menu
  Caret caret;               // in it, or in the filter of the events
  std::string complaint;     // what is wrong with it, as a sentence
  EventsView events;
  float promises_scrolled = 0;  // pixels
  std::size_t tool = 0;         // of the terminal
  float terminal_scrolled = 0;  // lines

  // The side panel, or what stands for it in front of the back row.
  bool shows_panel() const { return projector ? side_over : panel; }
  bool shows_why() const { return shows_panel() && tab == Tab::why; }
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
  // What the mouse points at in this frame; View::hovered in the next.
  Place pointed = {};
  Time pointed_at = -1;
  bool pointed_in_list = false;

  bool over(Rect rect) const { return rect.contains(mouse); }
  // What is told of it when the mouse rests there.
  void tell(Rect rect, std::string_view name, std::string_view meaning) {
    view.tips.push_back({rect, std::string(name), std::string(meaning)});
  }
  void ask(CommandName name, std::int64_t value = 0) { commands.push_back({name, value, {}}); }
  void use(Tool tool, Place place) { commands.push_back({CommandName::tool, static_cast<std::int64_t>(tool), place}); }
  void open_menu(Place place) { commands.push_back({CommandName::menu, 1, place}); }
  void select(Place place) { commands.push_back({CommandName::select, 0, place}); }
};

// A place that is meant by something in a panel lies under the mouse.
void point_at(Ui& ui, Place place, Time at = -1);
// A button with its words and, if there is room, its key. True when clicked.
bool draw_button(Ui& ui, Rect rect, std::string_view label, bool primary = false);

}  // namespace nutshell
