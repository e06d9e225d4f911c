#include "viz/app/strip.h"

#include <algorithm>

namespace nutshell {

namespace {

constexpr int kColumns = 2;
constexpr int kGap = 8;

// Lays a picture onto another. REQUIRES it fits there.
void lay(Picture& sheet, const Picture& piece, int x, int y) {
  for (int row = 0; row < piece.height; ++row) {
    const auto from = piece.rgb.begin() + static_cast<std::ptrdiff_t>(3 * row) * piece.width;
    const auto to = sheet.rgb.begin() + 3 * (static_cast<std::ptrdiff_t>(y + row) * sheet.width + x);
    std::copy(from, from + 3 * piece.width, to);
  }
}

}  // namespace

Picture cut_out(const Picture& whole, Rect rect) {
  const int x = std::clamp(static_cast<int>(rect.x), 0, whole.width), y = std::clamp(static_cast<int>(rect.y), 0, whole.height);
  Picture part{std::min(static_cast<int>(rect.w), whole.width - x), std::min(static_cast<int>(rect.h), whole.height - y), {}};
  for (int row = 0; row < part.height; ++row) {
    const auto from = whole.rgb.begin() + 3 * (static_cast<std::ptrdiff_t>(y + row) * whole.width + x);
    part.rgb.insert(part.rgb.end(), from, from + 3 * part.width);
  }
  return part;
}

Picture film_strip(const std::vector<Picture>& frames, Color ground) {
  const int columns = std::min(kColumns, static_cast<int>(frames.size()));
  const int rows = (static_cast<int>(frames.size()) + columns - 1) / columns;
  const int wide = frames.front().width, high = frames.front().height;
  Picture sheet{columns * wide + (columns - 1) * kGap, rows * high + (rows - 1) * kGap, {}};
  for (int i = 0; i < sheet.width * sheet.height; ++i) sheet.rgb.insert(sheet.rgb.end(), {ground.r, ground.g, ground.b});
  for (int i = 0; i < static_cast<int>(frames.size()); ++i)
    lay(sheet, frames[static_cast<std::size_t>(i)], i % columns * (wide + kGap), i / columns * (high + kGap));
  return sheet;
}

}  // namespace nutshell
