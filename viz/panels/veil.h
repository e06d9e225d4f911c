// The veil: what is not meant steps back, so that the eye finds what is.
#pragma once

#include "viz/panels/stage.h"

namespace nutshell {

// Lays it over the area, but not over what was noted and belongs together with one of the places. Nothing, if none
// of them stands there.
void draw_veil(Canvas& canvas, const World& world, const std::vector<Spot>& spots, const std::vector<Place>& bright, Rect area);

// The same around rectangles, if there are any.
void draw_veil_around(Canvas& canvas, std::vector<Rect> bright, Rect area);

}  // namespace nutshell
