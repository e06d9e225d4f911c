#include "viz/ui/fonts.h"

#include <imgui.h>
#include <imgui_freetype.h>

#include <fstream>

namespace nutshell {

namespace {

struct FontFile {
  const char* path;
  const char* package;
};

constexpr std::array<FontFile, kFaces> kFiles = {
    {{"/usr/share/fonts/opentype/inter/Inter-Regular.otf", "fonts-inter"},
     {"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf", "fonts-inter"},
     {"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Medium.ttf", "fonts-jetbrains-mono"},
     {"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Bold.ttf", "fonts-jetbrains-mono"}}};

constexpr std::array<float, kSizes> kNormal = {13, 14, 16, 18, 24, 30};
constexpr std::array<float, kSizes> kProjector = {22, 24, 26, 32, 44, 40};

// Latin with all European letters, and the few signs that texts use.
constexpr std::array<ImWchar, 11> kGlyphs = {0x20, 0x17f, 0x2009, 0x2026, 0x20ac, 0x20ac, 0x2190, 0x2193,
                                             0x2212, 0x2212, 0};

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

std::string Fonts::load(ImFontAtlas& atlas, float scale, bool projector) {
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
      fonts_[face * kSizes + size] = atlas.AddFontFromFileTTF(file.path, pixels, nullptr, kGlyphs.data());
    }
  }
  return atlas.Build() ? "" : "the fonts could not be drawn; please reinstall fonts-inter and fonts-jetbrains-mono";
}

}  // namespace nutshell
