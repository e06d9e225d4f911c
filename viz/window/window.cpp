#include "viz/window/window.h"

#include <imgui.h>

#include <array>
#include <cstring>

namespace nutshell {

namespace {

// Multiplies and shifts, four words beside each other: pictures that differ in a corner differ here, and a frame's triangles take
// well under 0.1 ms.
void fold(std::uint64_t& digest, const void* data, std::size_t bytes) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  const auto step = [](std::uint64_t& lane, std::uint64_t word) {
    lane = (lane ^ word) * kOdd;
    lane ^= lane >> 29;
  };
  const auto* from = static_cast<const unsigned char*>(data);
  std::array<std::uint64_t, 4> lanes = {digest, 1, 2, 3}, words{};
  for (; bytes >= sizeof words; from += sizeof words, bytes -= sizeof words) {
    std::memcpy(words.data(), from, sizeof words);
    for (std::size_t i = 0; i < lanes.size(); ++i) step(lanes[i], words[i]);
  }
  words = {};
  if (bytes > 0) std::memcpy(words.data(), from, bytes);
  digest = bytes;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    step(digest, lanes[i]);
    step(digest, words[i]);
  }
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
