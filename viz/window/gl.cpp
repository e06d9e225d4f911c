#include "viz/window/gl.h"

#include <GL/gl.h>
#include <stb/stb_image_write.h>

#include <algorithm>

namespace nutshell {

void clear_gl(int width, int height) {
  glViewport(0, 0, width, height);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
}

Picture read_gl(int width, int height) {
  Picture picture{width, height, {}};
  const auto row = static_cast<std::size_t>(width) * 3;
  std::vector<std::uint8_t> upside_down(row * static_cast<std::size_t>(height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, upside_down.data());
  picture.rgb.resize(upside_down.size());
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
    std::copy_n(upside_down.begin() + static_cast<std::ptrdiff_t>(y * row), row,
                picture.rgb.end() - static_cast<std::ptrdiff_t>((y + 1) * row));
  }
  return picture;
}

std::string write_png(const std::string& path, const Picture& picture) {
  const int written =
      stbi_write_png(path.c_str(), picture.width, picture.height, 3, picture.rgb.data(), picture.width * 3);
  return written ? "" : "the picture could not be written to '" + path + "'; is the folder there, and the disk not full?";
}

}  // namespace nutshell
