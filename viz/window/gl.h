// The little OpenGL that windows need besides Dear ImGui's own.
#pragma once

#include "viz/window/window.h"

namespace nutshell {

void clear_gl(int width, int height);
// What has been drawn.
Picture read_gl(int width, int height);

}  // namespace nutshell
