// A drawn sign for each lesson: a few cells, crowns and discs that say what it is about at a glance.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// Rows of letters, each a little sign; what they mean stands in lesson_sign.cpp. A lesson that has none of its own gets
// one by its brokers and partitions.
std::vector<std::string> sign_of(const Scenario& scenario);
// As large as it fits, in the middle.
void draw_lesson_sign(Canvas& canvas, const std::vector<std::string>& rows, Rect area);

}  // namespace nutshell
