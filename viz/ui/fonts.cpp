#include "viz/ui/fonts.h"

#include <imgui.h>
#include <imgui_freetype.h>

#include <fstream>

namespace nutshell {

namespace {

struct FontFile {
  const char* path;
  const char* package;
  unsigned hinting;
};

// The programs in JetBrains Mono's glyphs would take most of the time that loading takes; hinted lightly, it stands as
// Inter does, which has none.
constexpr unsigned kLight = ImGuiFreeTypeBuilderFlags_LightHinting;
constexpr std::array<FontFile, kFaces> kFiles = {
    {{"/usr/share/fonts/opentype/inter/Inter-Regular.otf", "fonts-inter", 0},
     {"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf", "fonts-inter", 0},
     {"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Medium.ttf", "fonts-jetbrains-mono", kLight},
     {"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Bold.ttf", "fonts-jetbrains-mono", kLight}}};

constexpr std::array<float, kSizes> kNormal = {13, 14, 16, 18, 24, 30};
constexpr std::array<float, kSizes> kProjector = {22, 24, 26, 32, 44, 40};

// Latin-1, and the few signs that texts use; then the same with the letters of Central Europe.
using Glyphs = std::array<ImWchar, 11>;
constexpr Glyphs kUsualGlyphs = {0x20, 0xff, 0x2009, 0x2026, 0x20ac, 0x20ac, 0x2190, 0x2193, 0x2212, 0x2212, 0};
constexpr Glyphs kAllGlyphs = {0x20, 0x17f, 0x2009, 0x2026, 0x20ac, 0x20ac, 0x2190, 0x2193, 0x2212, 0x2212, 0};

}  // namespace

float text_pixels(Size size, bool projector) {
  return (projector ? kProjector : kNormal)[static_cast<std::size_t>(size)];
}

ImFont* Fonts::at_least(TextStyle style, float pixels) const {
  ImFont* best = of(style);
  for (std::size_t size = 0; size < kSizes; ++size) {
    ImFont* each = of({style.face, static_cast<Size>(size)});
    const bool enough = each->FontSize >= pixels;
    if (best->FontSize < pixels ? each->FontSize > best->FontSize : enough && each->FontSize < best->FontSize) best = each;
  }
  return best;
}

bool Fonts::lacks_a_letter_of(std::string_view text) const {
  // In UTF-8 U+0100 to U+017F begin with one of these.
  return !all_ && text.find_first_of("\xC4\xC5") != std::string_view::npos;
}

std::string Fonts::load(ImFontAtlas& atlas, float scale, bool projector, bool all) {
  all_ = all;
  atlas.Clear();
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas.Flags |= ImFontAtlasFlags_NoBakedLines;
  for (std::size_t face = 0; face < kFaces; ++face) {
    const FontFile& file = kFiles[face];
    if (!std::ifstream(file.path)) {
      return std::string("the font ") + file.path + " is missing; please install the package " + file.package;
    }
    for (std::size_t size = 0; size < kSizes; ++size) {
      const float pixels = text_pixels(static_cast<Size>(size), projector) * scale;
      ImFontConfig config;
      config.FontBuilderFlags = file.hinting;
      fonts_[face * kSizes + size] = atlas.AddFontFromFileTTF(file.path, pixels, &config, (all ? kAllGlyphs : kUsualGlyphs).data());
    }
  }
  return atlas.Build() ? "" : "the fonts could not be drawn; please reinstall fonts-inter and fonts-jetbrains-mono";
}

}  // namespace nutshell
