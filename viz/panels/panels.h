// How the panels around a lesson are looked at, a struct for each, and what a person types and is asked.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/session/completion.h"
#include "sim/session/event_list.h"
#include "sim/session/reasons.h"
#include "sim/session/text_field.h"
#include "viz/panels/view.h"

namespace nutshell {

// Of the side panel. What a tab is called, and the number it has in share codes: tabs() in tabs.h.
enum class Tab : std::uint8_t { lesson, events, promises, terminal, why, inspector, console };

// Where typed characters go; while they go somewhere, letters are no commands.
enum class Typing : std::uint8_t {
  none,
  find,    // the filter of the event list
  jump,    // the menu "run until", with its field for a time
  console  // a statement, at a ksqlDB server
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

struct PromisesView {
  float scrolled = 0;  // pixels
};

inline constexpr int kPrograms = 6;  // of the terminal
struct TerminalView {
  std::size_t tool = 0;
  float scrolled = 0;  // lines
};

// The console of a ksqlDB server.
struct ConsoleView {
  std::string server;   // that is asked; it may be gone
  std::string text;     // what stands in the field ...
  std::string kept;     // ... and stood there before earlier statements were looked at
  std::size_t back = 0;  // how many statements ago the text was typed; 0: it is new
  std::vector<Completion> completions;
  std::optional<std::size_t> chosen;  // of them
  float scrolled = 0;                 // lines, from the newest
};

struct NotesView {
  bool on = false;  // instead of the lesson
  std::size_t from = 0;
};

struct InspectorView {
  Place place;   // what was shown last ...
  int from = 0;  // ... and its first line
};

struct BranchesView {
  float scrolled = 0;
};

// The text of the caption bar, as last drawn, and which of its pages.
struct CaptionView {
  std::string text;
  std::size_t page = 0, pages = 1;
  Duration stood = 0;  // wall time that the page has stood while time passes
};

// Sizes of panels that somebody has dragged; 0: as usual. One for each class of window.
struct PanelSizes {
  float side = 0, timeline = 0;
  friend bool operator==(const PanelSizes&, const PanelSizes&) = default;
};
inline constexpr int kWindowClasses = 3;
int window_class(float width);
enum class Edge : std::uint8_t { none, side, timeline };

struct Panels {
  bool open = true;           // the side panel stands beside the stage
  bool side_over = false;     // for the back row: it lies over the stage
  bool first_screen = false;  // nobody has been here before: the first lesson, the one key, and what else there is
  bool scrubbing = false;     // the mouse went down on the timeline and has not come up
  std::optional<bool> open_before_two;  // two universes are shown beside each other, and before it stood open, or did not
  Rect caption_bar;           // as last drawn
  Tab tab = Tab::lesson;
  std::array<PanelSizes, kWindowClasses> sizes;
  Edge edge = Edge::none;      // that is being dragged
  std::size_t hints = 0;       // of a puzzle, shown so far
  Reason why;                  // of what was asked last
  std::size_t why_branch = 0;  // in which it was asked
  CaptionView caption;
  EventsView events;
  PromisesView promises;
  TerminalView terminal;
  ConsoleView console;
  NotesView notes;
  InspectorView inspector;
  BranchesView branches;

  // The side panel, or what stands for it in front of the back row.
  bool are_shown(const Room& room) const { return room.projector ? side_over : open; }
  bool show_why(const Room& room) const { return are_shown(room) && tab == Tab::why; }
};

// Where a lesson was left.
struct LastPlace {
  std::string file;
  Time at = 0;
  std::size_t told = 0, of = 0;  // captions and questions
  friend bool operator==(const LastPlace&, const LastPlace&) = default;
};

struct GalleryView {
  std::size_t chosen = 0;
  std::vector<Rect> cards;        // of its lessons, as last drawn
  bool goes_on = false;           // it opened at a start, and the one key goes on where the last lesson was left
  LastPlace last;                 // when the program was ended; of no file: never, or somewhere else
  std::vector<std::string> done;  // names of lessons that have been seen to their end, and of puzzles solved, in order
  std::vector<std::string> kept;  // share codes of what was done by hand before this start and is not saved, the latest last
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

// What a person types, and what is asked or told over all the rest.
struct Hands {
  Prompt prompt;
  Card card;
  Farewell farewell;
  Typing typing = Typing::none;
  std::string typed;       // into the field of the jump menu
  Caret caret;             // in it, or in the filter of the events
  std::string complaint;   // what is wrong with it, as a sentence
  std::string share_code;  // that was copied, shown until the next key or click
};

// What a panel gets besides what a figure gets.
struct PanelUi : Ui {
  Hands& hands;
  Panels& panels;
  GalleryView& gallery;
};

}  // namespace nutshell
