// The little OpenGL that windows need besides Dear ImGui's own.
#pragma once

#include "viz/window/window.h"

namespace nutshell {

// Draws Dear ImGui's triangles. A large rectangle of one opaque colour is cleared instead of drawn: where software
// rasterises, that spares all that lies under it, and the blending.
void draw_gl(int width, int height);
// What has been drawn.
Picture read_gl(int width, int height);
// What has been drawn becomes the texture, which is made if it is 0.
void copy_to_gl_texture(std::uintptr_t& texture, int width, int height);

// A window whose pictures are textures of OpenGL.
class GlWindow : public Window {
 public:
  std::uintptr_t make_texture(int width, int height, const std::uint8_t* pixels) override;
  void change_texture(std::uintptr_t texture, int width, int height, const std::uint8_t* pixels) override;
  void drop_texture(std::uintptr_t texture) override;
};

}  // namespace nutshell
