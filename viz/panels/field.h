// The words of a text field: what is typed, its cursor, and what is selected.
#pragma once

#include <string>
#include <string_view>

#include "sim/session/text_field.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// Of a text that is longer than its box, the part around the cursor. Where nothing is typed the hint stands there.
void draw_typed(Canvas& canvas, Rect box, TextStyle style, const std::string& text, Caret caret, std::string_view hint = "");

}  // namespace nutshell
