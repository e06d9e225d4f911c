// Fonts: Inter for words, JetBrains Mono for numbers, both from the system's packages, rasterised at their final size
// but for very large text.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

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
// The styles that most of the screen is set in.
inline constexpr TextStyle kMicro{Face::regular, Size::micro}, kMicroBold{Face::bold, Size::micro};
inline constexpr TextStyle kSmall{Face::regular, Size::small}, kSmallBold{Face::bold, Size::small};
inline constexpr TextStyle kBody{Face::regular, Size::body}, kBodyBold{Face::bold, Size::body};
inline constexpr TextStyle kMono{Face::mono, Size::micro}, kMonoBold{Face::mono_bold, Size::micro};

// In logical pixels; `projector`: for the back row.
float text_pixels(Size size, bool projector);

// Which letters are rasterised. Each takes about as long again as the one before.
enum class Letters : std::uint8_t {
  usual,   // ASCII, and the signs that this program uses
  latin1,  // ... with U+00A0 to U+00FF
  central  // ... and U+0100 to U+017F, of Central Europe
};

// What letters are drawn from, and how large they are to be, in pixels.
struct Glyphs {
  ImFont* font = nullptr;
  float pixels = 0;
};

class Fonts {
 public:
  Fonts();
  ~Fonts();
  Fonts(Fonts&&) noexcept;
  Fonts& operator=(Fonts&&) noexcept;

  // Fills the atlas, which must be the same each time and not be built again after this object has gone. `scale`: pixels a
  // logical pixel. Returns "" or what is missing, with the remedy. What was rasterised for another size is kept for a while: a
  // window that goes back to that size need not wait again.
  // `more` may add faces of its own, at that scale; then nothing is kept.
  std::string load(ImFontAtlas& atlas, float scale, bool projector, Letters letters,
                   const std::function<std::string(ImFontAtlas& atlas, float scale)>& more = {});
  // What has to be loaded for the text to be shown as far as it can be.
  static Letters letters_of(std::string_view text);
  Glyphs of(TextStyle style) const {
    return glyphs_[static_cast<std::size_t>(style.face) * kSizes + static_cast<std::size_t>(style.size)];
  }
  // The same face, rasterised no smaller than that if it is somewhere, else as large as there is; to be drawn at that size.
  Glyphs at_least(TextStyle style, float pixels) const;

 private:
  using Styles = std::array<Glyphs, kFaces * kSizes>;
  struct Choice {
    float scale = 0;  // 0: nothing that could be asked for again
    bool projector = false;
    Letters letters = Letters::usual;
    friend bool operator==(const Choice&, const Choice&) = default;
  };
  struct Kept;  // what is rasterised, for a choice

  // Reads the file once. Returns "" or what is missing.
  std::string read(std::size_t face);
  // Puts aside what the atlas holds, and takes out what has been kept for the choice. False: there is nothing.
  bool exchange(ImFontAtlas& atlas, const Choice& wanted);

  Styles glyphs_{};
  Choice choice_;           // that the atlas holds
  std::vector<Kept> kept_;  // the latest first
  std::array<std::vector<char>, kFaces> files_;
};

}  // namespace nutshell
