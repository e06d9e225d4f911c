#include "viz/window/gl.h"

#include <GL/gl.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>
#include <stb/stb_image_write.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <optional>
#include <string>

namespace nutshell {

namespace {

constexpr float kLarge = 96 * 96;  // pixels; clearing less costs more than drawing it

// What a callback of Dear ImGui's renderer does: the colour comes as its data, the rectangle as what it is clipped to.
void clear_rectangle(const ImDrawList*, const ImDrawCmd* command) {
  std::array<GLint, 4> viewport{};
  glGetIntegerv(GL_VIEWPORT, viewport.data());
  const ImVec4 color = ImGui::ColorConvertU32ToFloat4(static_cast<ImU32>(reinterpret_cast<std::uintptr_t>(command->UserCallbackData)));
  const ImVec4& rect = command->ClipRect;
  glScissor(static_cast<GLint>(rect.x), viewport[3] - static_cast<GLint>(rect.w), static_cast<GLsizei>(rect.z - rect.x),
            static_cast<GLsizei>(rect.w - rect.y));
  glClearColor(color.x, color.y, color.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
}

// The pixels whose middles lie in the rectangle that these two triangles make, if they make one of one opaque colour
// and it is large.
std::optional<ImVec4> plain_rectangle(const ImDrawList& list, const ImDrawCmd& command, unsigned int first) {
  const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset + first;
  if (index[1] != index[0] + 1 || index[2] != index[0] + 2 || index[3] != index[0] || index[4] != index[2] || index[5] != index[0] + 3)
    return std::nullopt;
  const ImDrawVert* corner = list.VtxBuffer.Data + command.VtxOffset + index[0];
  const ImDrawVert &from = corner[0], &to = corner[2];
  for (int i = 1; i < 4; ++i) {
    if (corner[i].col != from.col || corner[i].uv.x != from.uv.x || corner[i].uv.y != from.uv.y) return std::nullopt;
  }
  const bool upright = corner[1].pos.y == from.pos.y && corner[1].pos.x == to.pos.x && corner[3].pos.x == from.pos.x &&
                       corner[3].pos.y == to.pos.y;
  const bool opaque = (from.col & IM_COL32_A_MASK) == IM_COL32_A_MASK;
  if (!upright || !opaque || (to.pos.x - from.pos.x) * (to.pos.y - from.pos.y) < kLarge) return std::nullopt;
  const auto pixel = [](float edge) { return std::ceil(edge - 0.5F); };
  const ImVec4& clip = command.ClipRect;
  return ImVec4{std::max(pixel(from.pos.x), std::floor(clip.x)), std::max(pixel(from.pos.y), std::floor(clip.y)),
                std::min(pixel(to.pos.x), std::floor(clip.z)), std::min(pixel(to.pos.y), std::floor(clip.w))};
}

ImDrawCmd part_of(const ImDrawCmd& command, unsigned int first, unsigned int end) {
  ImDrawCmd part = command;
  part.IdxOffset = command.IdxOffset + first;
  part.ElemCount = end - first;
  return part;
}

void split(const ImDrawList& list, const ImDrawCmd& command, ImVector<ImDrawCmd>& commands) {
  unsigned int begin = 0, at = 0;
  while (!command.UserCallback && at + 6 <= command.ElemCount) {
    const std::optional<ImVec4> plain = plain_rectangle(list, command, at);
    if (!plain) {
      at += 3;
      continue;
    }
    if (at > begin) commands.push_back(part_of(command, begin, at));
    if (plain->z > plain->x && plain->w > plain->y) {
      const ImDrawIdx corner = list.IdxBuffer[static_cast<int>(command.IdxOffset + at)];
      ImDrawCmd clear = part_of(command, at, at);
      clear.ClipRect = *plain;
      clear.UserCallback = clear_rectangle;
      clear.UserCallbackData = reinterpret_cast<void*>(std::uintptr_t{list.VtxBuffer[static_cast<int>(command.VtxOffset + corner)].col});
      commands.push_back(clear);
    }
    begin = at += 6;
  }
  if (command.UserCallback || command.ElemCount > begin) commands.push_back(part_of(command, begin, command.ElemCount));
}

}  // namespace

void draw_gl(int width, int height) {
  glViewport(0, 0, width, height);
  glDisable(GL_SCISSOR_TEST);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImDrawData* data = ImGui::GetDrawData();
  // Pixels of the window are those of the picture, as wherever this runs.
  const bool same = data->FramebufferScale.x == 1 && data->FramebufferScale.y == 1;
  for (int i = 0; same && i < data->CmdListsCount; ++i) {
    ImDrawList& list = *data->CmdLists[i];
    ImVector<ImDrawCmd> commands;
    for (const ImDrawCmd& each : list.CmdBuffer) split(list, each, commands);
    list.CmdBuffer.swap(commands);
  }
  ImGui_ImplOpenGL3_RenderDrawData(data);
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

namespace {

std::uintptr_t make_gl_texture(int width, int height, const std::uint8_t* pixels) {
  GLint most = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
  if (width > most || height > most) return 0;
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
  return texture;
}

}  // namespace

std::uintptr_t GlWindow::make_texture(int width, int height, const std::uint8_t* pixels) {
  use();
  return make_gl_texture(width, height, pixels);
}

void GlWindow::change_texture(std::uintptr_t texture, int width, int height, const std::uint8_t* pixels) {
  use();
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(texture));
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
}

void copy_to_gl_texture(std::uintptr_t& texture, int width, int height) {
  if (texture == 0) texture = make_gl_texture(1, 1, nullptr);
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(texture));
  glCopyTexImage2D(GL_TEXTURE_2D, 0, GL_RGB, 0, 0, width, height, 0);
}

void GlWindow::drop_texture(std::uintptr_t texture) {
  use();
  const auto name = static_cast<GLuint>(texture);
  glDeleteTextures(1, &name);
}

std::string write_png(const std::string& path, const Picture& picture) {
  // Not by its name: then a disk that is full would go unnoticed.
  std::ofstream file(path, std::ios::binary);
  const auto write = [](void* to, void* data, int size) {
    static_cast<std::ofstream*>(to)->write(static_cast<const char*>(data), size);
  };
  const int made = stbi_write_png_to_func(write, &file, picture.width, picture.height, 3, picture.rgb.data(), picture.width * 3);
  file.close();
  return made && file ? "" : "the picture could not be written to '" + path + "'; is the folder there, and the disk not full?";
}

}  // namespace nutshell
