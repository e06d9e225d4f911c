// The little OpenGL that windows need besides Dear ImGui's own.
#pragma once

#include "viz/window/window.h"

namespace nutshell {

// Draws Dear ImGui's triangles. A large rectangle of one opaque colour is cleared instead of drawn: where software
// rasterises, that spares all that lies under it, and the blending.
void draw_gl(int width, int height);
// What has been drawn.
Picture read_gl(int width, int height);

}  // namespace nutshell
