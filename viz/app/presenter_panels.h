// For presenter*.cpp only. The parts of the presenter's window, a function each.
#pragma once

#include <string>

#include "viz/app/podium.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// Draws in the presenter's colours and letters.
struct PresenterUi {
  Canvas& canvas;
  const SlideFonts& faces;
  const Podium& podium;
};

// "12:40"; from an hour on "1:02:40".
std::string clock_text(Duration time);
void draw_clock(const PresenterUi& ui, Rect area, const std::string& time_of_day);
void draw_then(const PresenterUi& ui, Rect area);
void draw_slide_notes(const PresenterUi& ui, Rect area);
void draw_only_you(const PresenterUi& ui, Rect area);
void draw_next_steps(const PresenterUi& ui, Rect area);
void draw_key_list(const PresenterUi& ui, Rect area);

}  // namespace nutshell
