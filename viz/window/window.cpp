#include "viz/window/window.h"

#include <imgui.h>

#include <cstring>

namespace nutshell {

namespace {

// Multiplies and rotates: pictures that differ in a corner differ here, and a frame's triangles take well under 1 ms.
void fold(std::uint64_t& digest, const void* data, std::size_t bytes) {
  const auto* from = static_cast<const unsigned char*>(data);
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  for (; bytes >= 8; from += 8, bytes -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, 8);
    digest = (digest ^ word) * kOdd;
    digest ^= digest >> 29;
  }
  std::uint64_t last = bytes;
  std::memcpy(&last, from, bytes);
  digest = (digest ^ last) * kOdd;
}

}  // namespace

std::uintptr_t Window::make_texture(int, int, const std::uint8_t*) { return ++textures_; }

bool Window::render() {
  ImGui::Render();
  const ImDrawData& data = *ImGui::GetDrawData();
  std::uint64_t digest = 1;
  fold(digest, &data.DisplaySize, sizeof data.DisplaySize);
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    fold(digest, list.VtxBuffer.Data, static_cast<std::size_t>(list.VtxBuffer.size_in_bytes()));
    fold(digest, list.IdxBuffer.Data, static_cast<std::size_t>(list.IdxBuffer.size_in_bytes()));
    for (const ImDrawCmd& each : list.CmdBuffer) {
      fold(digest, &each.ClipRect, sizeof each.ClipRect);
      const auto texture = reinterpret_cast<std::uintptr_t>(each.GetTexID());
      fold(digest, &texture, sizeof texture);
    }
  }
  changed_ = digest != drawn_;
  drawn_ = digest;
  return changed_;
}

}  // namespace nutshell
