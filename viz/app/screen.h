// What fills a window, one screen at a time.
//
// A new screen is a struct here with a file of its own, and its place in the list below; FillsWindow says what it has to
// have. It keeps what is its own; the lesson, and how it is looked at, are the app's, so that they are there again when
// another screen has gone. A screen that shows another one is gone itself: it returns at once.
#pragma once

#include <concepts>
#include <memory>
#include <variant>

#include "sim/scenario/wires.h"
#include "sim/session/command.h"
#include "viz/panels/cost.h"
#include "viz/panels/panels.h"
#include "viz/panels/schemas.h"

namespace nutshell {

class App;
struct Podium;

// The stage, with all that stands around it.
struct LessonScreen {
  static constexpr bool kIsLesson = true;
  static constexpr bool kHasFigure = true;
  bool type(App& app, const KeyPress& press);  // of a lesson of wires, to take them in hand
  void draw(App& app, PanelUi& ui, Rect whole);
  bool obey(App& app, const Command& command);
  void pass(App& app, Duration wall);
  bool moves(const App& app) const;
};

// What lies over the lesson: time stands still there, and what is asked of the lesson leads back to it.
struct OverLesson {
  static constexpr bool kIsLesson = false;
  static constexpr bool kHasFigure = false;
  bool type(App&, const KeyPress&) { return false; }
  bool obey(App& app, const Command& command);
  void pass(App& app, Duration wall);
  bool moves(const App&) const { return false; }
};

// The slides of a talk, as the audience sees them; the app's figure is the one of the slide.
struct DeckScreen {
  static constexpr bool kIsLesson = false;
  static constexpr bool kHasFigure = true;
  std::shared_ptr<Podium> podium;
  void draw(App& app, PanelUi& ui, Rect whole);
  bool type(App& app, const KeyPress& press);
  bool obey(App& app, const Command& command);
  void pass(App& app, Duration wall);
  bool moves(const App& app) const;
};

struct GalleryScreen : OverLesson {
  void draw(App& app, PanelUi& ui, Rect whole);
  bool obey(App& app, const Command& command);
};

struct BranchesScreen : OverLesson {
  void draw(App& app, PanelUi& ui, Rect whole);
  bool obey(App& app, const Command& command);
};

// All keys; what the signs mean.
struct KeysScreen : OverLesson {
  void draw(App& app, PanelUi& ui, Rect whole);
};
struct SignsScreen : OverLesson {
  void draw(App& app, PanelUi& ui, Rect whole);
};

// What a load costs.
struct CostScreen : OverLesson {
  CostView view = usual_costs();
  bool begun = false;
  void draw(App& app, PanelUi& ui, Rect whole);
  bool obey(App& app, const Command& command);
};

// May one schema of messages follow another?
struct SchemaScreen : OverLesson {
  SchemaView view;
  void draw(App& app, PanelUi& ui, Rect whole);
  bool obey(App& app, const Command& command);
};

// From wires between programs to one log, to be counted: each way beside the others, or one alone.
struct WiresScreen : OverLesson {
  Wires wires = {Wires::Through::nothing, 5, 5, 1, 0, true};
  bool type(App& app, const KeyPress& press);
  void draw(App& app, PanelUi& ui, Rect whole);
  bool obey(App& app, const Command& command);
};

// Takes the wires of the lesson in hand, as they are now; of a lesson that has none, those of the talk.
void take_wires(App& app, char32_t deed);

struct BlackScreen : OverLesson {
  void draw(App& app, PanelUi& ui, Rect whole);
};

using Screen = std::variant<LessonScreen, GalleryScreen, BranchesScreen, KeysScreen, SignsScreen, CostScreen, SchemaScreen, WiresScreen,
                            BlackScreen, DeckScreen>;

template <class S>
concept FillsWindow = requires(S& screen, const S& same, App& app, PanelUi& ui, Rect whole, const KeyPress& press,
                               const Command& command, Duration wall) {
  { S::kIsLesson } -> std::convertible_to<bool>;     // edges and the stick of a controller are of the lesson
  { S::kHasFigure } -> std::convertible_to<bool>;    // fields, menus and tools work on the app's figure
  { screen.type(app, press) } -> std::same_as<bool>;  // true: the key was the screen's own, and is no command
  { screen.draw(app, ui, whole) };                   // everything, bars as well
  { screen.obey(app, command) } -> std::same_as<bool>;  // true: it was the screen's own, and has been done
  { screen.pass(app, wall) };                        // wall time has gone by
  { same.moves(app) } -> std::same_as<bool>;         // the picture changes by itself
};

namespace detail {
template <class... Each>
consteval bool fill_windows(const std::variant<Each...>*) {
  return (FillsWindow<Each> && ...);
}
}  // namespace detail
static_assert(detail::fill_windows(static_cast<const Screen*>(nullptr)));

}  // namespace nutshell
