#include "viz/ui/fonts.h"

#include <imgui.h>
#include <imgui_freetype.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

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
constexpr std::array<float, kSizes> kProjector = {22, 24, 26, 32, 46, 36};

// Larger text is drawn from letters that a face has once, at the largest of these sizes but no larger than kLargest:
// rasterising takes as long as what it covers, and scaling down by half shows nothing.
constexpr float kOnce = 40, kLargest = 96;

// Pairs of the first and the last, ended by 0. The usual ones: ASCII, the middle dot, the multiplication sign, dashes
// and quotation marks, the euro, arrows, minus.
using Ranges = std::array<ImWchar, 15>;
constexpr std::array<Ranges, 3> kRanges = {
    {{0x20, 0x7e, 0xb7, 0xb7, 0xd7, 0xd7, 0x2009, 0x2026, 0x20ac, 0x20ac, 0x2190, 0x2193, 0x2212, 0x2212, 0},
     {0x20, 0xff, 0x2009, 0x2026, 0x20ac, 0x20ac, 0x2190, 0x2193, 0x2212, 0x2212, 0},
     {0x20, 0x17f, 0x2009, 0x2026, 0x20ac, 0x20ac, 0x2190, 0x2193, 0x2212, 0x2212, 0}}};

constexpr std::size_t kMostKept = 5;

// What building has made of an atlas changes places; which texture it is drawn from does not.
void swap_built(ImFontAtlas& a, ImFontAtlas& b) {
  std::swap(a.TexReady, b.TexReady);
  std::swap(a.TexPixelsUseColors, b.TexPixelsUseColors);
  std::swap(a.TexPixelsAlpha8, b.TexPixelsAlpha8);
  std::swap(a.TexPixelsRGBA32, b.TexPixelsRGBA32);
  std::swap(a.TexWidth, b.TexWidth);
  std::swap(a.TexHeight, b.TexHeight);
  std::swap(a.TexUvScale, b.TexUvScale);
  std::swap(a.TexUvWhitePixel, b.TexUvWhitePixel);
  std::swap(a.TexUvLines, b.TexUvLines);
  std::swap(a.PackIdMouseCursors, b.PackIdMouseCursors);
  std::swap(a.PackIdLines, b.PackIdLines);
  a.Fonts.swap(b.Fonts);
  a.CustomRects.swap(b.CustomRects);
  a.ConfigData.swap(b.ConfigData);
  for (ImFontAtlas* const each : {&a, &b})
    for (ImFont* const font : each->Fonts) font->ContainerAtlas = each;
}

// The texture as it goes to the graphics card, four times as large, can be made again.
void forget_copy(ImFontAtlas& atlas) {
  if (!atlas.TexPixelsAlpha8) return;
  IM_FREE(atlas.TexPixelsRGBA32);
  atlas.TexPixelsRGBA32 = nullptr;
}

}  // namespace

struct Fonts::Kept {
  Choice choice;
  Styles glyphs;
  std::unique_ptr<ImFontAtlas> atlas;
};

Fonts::Fonts() = default;
Fonts::~Fonts() = default;
Fonts::Fonts(Fonts&&) noexcept = default;
Fonts& Fonts::operator=(Fonts&&) noexcept = default;

float text_pixels(Size size, bool projector) {
  return (projector ? kProjector : kNormal)[static_cast<std::size_t>(size)];
}

Glyphs Fonts::at_least(TextStyle style, float pixels) const {
  ImFont* best = of(style).font;
  for (std::size_t size = 0; size < kSizes; ++size) {
    ImFont* each = of({style.face, static_cast<Size>(size)}).font;
    const bool enough = each->FontSize >= pixels;
    if (best->FontSize < pixels ? each->FontSize > best->FontSize : enough && each->FontSize < best->FontSize) best = each;
  }
  return {best, pixels};
}

Letters Fonts::letters_of(std::string_view text) {
  Letters most = Letters::usual;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // In UTF-8 U+0080 to U+00FF begin with C2 or C3, U+0100 to U+017F with C4 or C5.
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead == 0xC4 || lead == 0xC5) return Letters::central;
    const std::string_view letter = text.substr(i, 2);
    if ((lead == 0xC2 || lead == 0xC3) && letter != "\u00b7" && letter != "\u00d7") most = Letters::latin1;
  }
  return most;
}

std::string Fonts::read(std::size_t face) {
  if (!files_[face].empty()) return "";
  const FontFile& file = kFiles[face];
  std::ifstream stream(file.path, std::ios::binary);
  files_[face].assign(std::istreambuf_iterator<char>(stream), {});
  if (!files_[face].empty()) return "";
  return std::string("the font ") + file.path + " is missing; please install the package " + file.package;
}

bool Fonts::exchange(ImFontAtlas& atlas, const Choice& wanted) {
  if (choice_.scale > 0) {
    Kept now{choice_, glyphs_, std::make_unique<ImFontAtlas>()};
    swap_built(atlas, *now.atlas);
    forget_copy(*now.atlas);
    kept_.insert(kept_.begin(), std::move(now));
    choice_ = {};
  }
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& each) { return each.choice == wanted; });
  const bool there = found != kept_.end();
  if (there) {
    swap_built(atlas, *found->atlas);
    glyphs_ = found->glyphs;
    choice_ = wanted;
    kept_.erase(found);
  }
  if (kept_.size() > kMostKept) kept_.pop_back();
  return there;
}

std::string Fonts::load(ImFontAtlas& atlas, float scale, bool projector, Letters letters,
                        const std::function<std::string(ImFontAtlas& atlas, float scale)>& more) {
  const Choice wanted{more ? 0 : scale, projector, letters};
  if (exchange(atlas, wanted)) return "";
  atlas.Clear();
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas.Flags |= ImFontAtlasFlags_NoBakedLines;
  const std::array<float, kSizes>& sizes = projector ? kProjector : kNormal;
  const float largest = std::min(*std::max_element(sizes.begin(), sizes.end()) * scale, kLargest);
  for (std::size_t face = 0; face < kFaces; ++face) {
    if (std::string missing = read(face); !missing.empty()) return missing;
    const auto rasterised = [&](float pixels) {
      ImFontConfig config;
      config.FontBuilderFlags = kFiles[face].hinting;
      config.FontDataOwnedByAtlas = false;
      std::vector<char>& file = files_[face];
      const ImWchar* ranges = kRanges[static_cast<std::size_t>(letters)].data();
      return atlas.AddFontFromMemoryTTF(file.data(), static_cast<int>(file.size()), pixels, &config, ranges);
    };
    ImFont* once = nullptr;
    for (std::size_t size = 0; size < kSizes; ++size) {
      const float pixels = sizes[size] * scale;
      if (pixels > kOnce && !once) once = rasterised(largest);
      glyphs_[face * kSizes + size] = {pixels > kOnce ? once : rasterised(pixels), pixels};
    }
  }
  if (more) {
    if (std::string missing = more(atlas, scale); !missing.empty()) return missing;
  }
  if (atlas.Build()) {
    choice_ = wanted;
    return "";
  }
  return "the fonts could not be drawn; please reinstall fonts-inter and fonts-jetbrains-mono";
}

}  // namespace nutshell
