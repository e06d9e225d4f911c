// For gallery*.cpp only. The cards above the lessons.
#pragma once

#include <cstddef>
#include <vector>

#include "viz/panels/chrome.h"
#include "viz/panels/gallery.h"

namespace nutshell {

inline constexpr std::size_t kMostTalks = 3;  // in their card

float number_width(const Canvas& canvas);
// A ring with a tick: seen to its end, or solved.
void draw_done(Canvas& canvas, Point center);
// A white slide with the talk's title, as large as it fits, in the middle.
void draw_title_slide(Canvas& canvas, const LessonCard& talk, Rect area);
void draw_puzzles_card(PanelUi& ui, const std::vector<LessonCard>& lessons, const std::vector<std::size_t>& puzzles, Rect card);
void draw_talks_card(PanelUi& ui, const std::vector<LessonCard>& lessons, const std::vector<std::size_t>& talks, Rect card);

}  // namespace nutshell
