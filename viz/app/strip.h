// A film strip: some frames of a film on one sheet, two beside each other, as a still picture of what moves.
#pragma once

#include <vector>

#include "viz/ui/canvas.h"
#include "viz/window/window.h"

namespace nutshell {

// A part of a picture; `rect` in pixels.
Picture cut_out(const Picture& whole, Rect rect);
// The frames in reading order, with a little of the ground between them. REQUIRES frames of one size.
Picture film_strip(const std::vector<Picture>& frames, Color ground);

}  // namespace nutshell
