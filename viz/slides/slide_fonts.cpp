#include "viz/slides/slide_fonts.h"

#include <imgui.h>
#include <imgui_freetype.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <utility>

namespace nutshell {

namespace {

struct FaceFile {
  const char* path;
  const char* package;
  unsigned hinting;
  std::initializer_list<float> sizes;  // in units of a slide of 1080 lines
};

#define INTER(weight) "/usr/share/fonts/opentype/inter/Inter-" weight ".otf", "fonts-inter"
#define MONO(weight) "/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-" weight ".ttf", "fonts-jetbrains-mono"
constexpr unsigned kLight = ImGuiFreeTypeBuilderFlags_LightHinting;
const std::array<FaceFile, kSlideFaces> kFiles = {{{INTER("Light"), 0, {9, 20, 52, 92, 150, 222}},
                                                   {INTER("Regular"), 0, {9, 18, 30, 48, 76}},
                                                   {INTER("Medium"), 0, {9, 18, 36, 76}},
                                                   {INTER("SemiBold"), 0, {9, 18, 30, 48, 76}},
                                                   {INTER("ExtraBold"), 0, {9, 20, 52, 92, 150, 222}},
                                                   {MONO("Medium"), kLight, {9, 18, 34, 48}},
                                                   {MONO("Bold"), kLight, {9, 18, 34, 48}}}};
#undef INTER
#undef MONO

constexpr float kSmallest = 7;  // pixels
// Of captions, signs and keys that the player itself writes.
constexpr const char* kOwnLetters =
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2190\u2191\u2192\u2193\u2212\u00b7\u00d7";

}  // namespace

SlideFonts::SlideFonts(const Deck& deck, const Captions& captions) {
  ImFontGlyphRangesBuilder all, large;
  const auto add = [](ImFontGlyphRangesBuilder& to, std::string_view text) { to.AddText(text.data(), text.data() + text.size()); };
  const auto add_line = [&](const SlideLine& line, bool is_large) {
    for (const SlideText& each : line) {
      add(all, each.text);
      if (is_large) add(large, each.text);
    }
  };
  add(all, kOwnLetters);
  add(large, "\u2026 ");
  for (const auto& [name, value] : deck.settings) add(all, value);
  for (const auto& [said, caption] : captions.words) add(all, caption.words);
  for (const Slide& slide : deck.slides) {
    for (const auto& [name, value] : slide.directives) add(all, value);
    for (const std::string& note : slide.notes) add(all, note);
    for (const SlideImage& image : slide.images) add(all, image.path);
    for (const SlideBlock& block : slide.blocks) {
      const bool is_large = block.kind == SlideBlock::Kind::heading || block.kind == SlideBlock::Kind::quote;
      for (const SlideLine& line : block.lines) add_line(line, is_large);
      for (const SlideItem& item : block.items) {
        for (const SlideLine& line : item.lines) add_line(line, false);
      }
      for (const auto& row : block.rows) {
        for (const SlideLine& line : row) add_line(line, false);
      }
      add_line(block.author, false);
      add(all, block.code);
    }
  }
  for (const auto& [builder, ranges] : {std::pair{&all, &all_}, std::pair{&large, &large_}}) {
    ImVector<ImWchar> built;
    builder->BuildRanges(&built);
    ranges->assign(built.begin(), built.end());
  }
}

std::string SlideFonts::read(std::size_t file) {
  if (!files_[file].empty()) return "";
  std::ifstream stream(kFiles[file].path, std::ios::binary);
  files_[file].assign(std::istreambuf_iterator<char>(stream), {});
  if (!files_[file].empty()) return "";
  return std::string("the font ") + kFiles[file].path + " is missing; please install the package " + kFiles[file].package;
}

std::string SlideFonts::add(ImFontAtlas& atlas, float unit, float scale, float most) {
  scale_ = scale;
  for (std::size_t face = 0; face < kSlideFaces; ++face) {
    if (std::string missing = read(face); !missing.empty()) return missing;
    fonts_[face].clear();
    const auto which = static_cast<SlideFace>(face);
    const ImWchar* const ranges = (which == SlideFace::light || which == SlideFace::heavy ? large_ : all_).data();
    float before = 0;
    for (const float size : kFiles[face].sizes) {
      ImFontConfig config;
      config.FontBuilderFlags = kFiles[face].hinting;
      config.FontDataOwnedByAtlas = false;
      const float pixels = std::clamp(size * unit, kSmallest, most);
      if (pixels <= before) continue;
      before = pixels;
      static_assert(sizeof(ImWchar) == sizeof(std::uint16_t));
      fonts_[face].push_back(
          atlas.AddFontFromMemoryTTF(files_[face].data(), static_cast<int>(files_[face].size()), pixels, &config, ranges));
    }
  }
  return "";
}

Glyphs SlideFonts::of(SlideFace face, float pixels) const {
  const std::vector<ImFont*>& all = fonts_[static_cast<std::size_t>(face)];
  const auto enough = std::find_if(all.begin(), all.end(), [&](const ImFont* each) { return each->FontSize >= pixels * 0.98F; });
  return {enough == all.end() ? all.back() : *enough, pixels};
}

float SlideFonts::width(SlideFont font, std::string_view text) const {
  // By the letters that are drawn: those of smaller sizes are rounded to other widths.
  const ImFont* face = of(font.face, font.pixels * scale_).font;
  return face->CalcTextSizeA(face->FontSize, 1e9F, 0, text.data(), text.data() + text.size()).x * font.pixels / face->FontSize;
}

}  // namespace nutshell
