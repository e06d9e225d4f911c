// Fonts: Inter for words, JetBrains Mono for numbers, both from the system's packages, rasterised at their final size.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

struct ImFont;
struct ImFontAtlas;

namespace nutshell {

enum class Face : std::uint8_t { regular, bold, mono, mono_bold };
inline constexpr std::size_t kFaces = 4;

enum class Size : std::uint8_t { micro, small, body, name, caption, title };
inline constexpr std::size_t kSizes = 6;

struct TextStyle {
  Face face = Face::regular;
  Size size = Size::small;
};

// In logical pixels; `projector`: for the back row.
float text_pixels(Size size, bool projector);

class Fonts {
 public:
  // Fills the atlas. `scale`: pixels a logical pixel; `all`: with the letters of Central Europe (U+0100 to U+017F), which
  // double what it costs. Returns "" or what is missing, with the remedy.
  std::string load(ImFontAtlas& atlas, float scale, bool projector, bool all);
  // Whether loading all would show more of it.
  bool lacks_a_letter_of(std::string_view text) const;
  ImFont* of(TextStyle style) const {
    return fonts_[static_cast<std::size_t>(style.face) * kSizes + static_cast<std::size_t>(style.size)];
  }
  // The same face, rasterised no smaller than that if there is one, else as large as there is.
  ImFont* at_least(TextStyle style, float pixels) const;

 private:
  std::array<ImFont*, kFaces * kSizes> fonts_{};
  bool all_ = false;
};

}  // namespace nutshell
