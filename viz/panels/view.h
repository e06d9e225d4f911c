// How the picture is looked at. Nothing in it changes what happens in the cluster.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viz/panels/space_view.h"
#include "viz/session/command.h"
#include "viz/ui/canvas.h"

namespace nutshell {

enum class Tab : std::uint8_t { lesson, events, terminal };
inline constexpr int kTabs = 3;
// What fills the middle of the window.
enum class MainArea : std::uint8_t { stage, space_time, both };
inline constexpr int kMainAreas = 3;
enum class Overlay : std::uint8_t { none, gallery, keys, black };

struct View {
  bool light = false, projector = false, hidden_traffic = false, panel = true, full_screen = false;
  Tab tab = Tab::lesson;
  Overlay overlay = Overlay::none;
  std::size_t chosen = 0;   // in the gallery
  std::size_t columns = 4;  // of the gallery, as last drawn
  bool scrubbing = false;   // the mouse went down on the timeline and has not come up
  float scale = 1;
  MainArea area = MainArea::stage;
  SpaceView space;
  std::vector<Step> thread;  // a chain of causes, the effect first; the space-time diagram draws it
};

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
  void ask(CommandName name, std::int64_t value = 0) { commands.push_back({name, value}); }
};

// A button with its words and, if there is room, its key. True when clicked.
bool draw_button(Ui& ui, Rect rect, std::string_view label, bool primary = false);

}  // namespace nutshell
