#include "viz/slides/slide_fonts.h"

#include <imgui.h>
#include <imgui_freetype.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>

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
const std::array<FaceFile, kSlideFaces> kFiles = {{{INTER("Light"), 0, {52, 92, 148}},
                                                   {INTER("Regular"), 0, {30, 48}},
                                                   {INTER("Medium"), 0, {36, 76}},
                                                   {INTER("SemiBold"), 0, {30, 48, 76}},
                                                   {INTER("ExtraBold"), 0, {52, 92, 148}},
                                                   {MONO("Medium"), kLight, {34}},
                                                   {MONO("Bold"), kLight, {34}}}};
#undef INTER
#undef MONO

constexpr float kLargest = 200, kSmallest = 8;  // pixels
// Of captions, signs and keys that the player itself writes.
constexpr const char* kOwnLetters =
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2190\u2191\u2192\u2193\u2212\u00b7\u00d7";

void add_line(ImFontGlyphRangesBuilder& builder, const SlideLine& line) {
  for (const SlideText& each : line) builder.AddText(each.text.data(), each.text.data() + each.text.size());
}

}  // namespace

SlideFonts::SlideFonts(const Deck& deck) {
  ImFontGlyphRangesBuilder builder;
  builder.AddText(kOwnLetters);
  for (const auto& [name, value] : deck.settings) builder.AddText(value.data(), value.data() + value.size());
  for (const Slide& slide : deck.slides) {
    for (const auto& [name, value] : slide.directives) builder.AddText(value.data(), value.data() + value.size());
    for (const std::string& note : slide.notes) builder.AddText(note.data(), note.data() + note.size());
    for (const SlideImage& image : slide.images) builder.AddText(image.path.data(), image.path.data() + image.path.size());
    for (const SlideBlock& block : slide.blocks) {
      for (const SlideLine& line : block.lines) add_line(builder, line);
      for (const SlideItem& item : block.items) {
        for (const SlideLine& line : item.lines) add_line(builder, line);
      }
      for (const auto& row : block.rows) {
        for (const SlideLine& line : row) add_line(builder, line);
      }
      add_line(builder, block.author);
      builder.AddText(block.code.data(), block.code.data() + block.code.size());
    }
  }
  ImVector<ImWchar> ranges;
  builder.BuildRanges(&ranges);
  ranges_.assign(ranges.begin(), ranges.end());
}

std::string SlideFonts::read(std::size_t file) {
  if (!files_[file].empty()) return "";
  std::ifstream stream(kFiles[file].path, std::ios::binary);
  files_[file].assign(std::istreambuf_iterator<char>(stream), {});
  if (!files_[file].empty()) return "";
  return std::string("the font ") + kFiles[file].path + " is missing; please install the package " + kFiles[file].package;
}

std::string SlideFonts::add(ImFontAtlas& atlas, float unit) {
  for (std::size_t face = 0; face < kSlideFaces; ++face) {
    if (std::string missing = read(face); !missing.empty()) return missing;
    fonts_[face].clear();
    for (const float size : kFiles[face].sizes) {
      ImFontConfig config;
      config.FontBuilderFlags = kFiles[face].hinting;
      config.FontDataOwnedByAtlas = false;
      const float pixels = std::clamp(size * unit, kSmallest, kLargest);
      static_assert(sizeof(ImWchar) == sizeof(std::uint16_t));
      fonts_[face].push_back(
          atlas.AddFontFromMemoryTTF(files_[face].data(), static_cast<int>(files_[face].size()), pixels, &config, ranges_.data()));
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
  // Always by the largest, so that a slide breaks its lines alike at every size.
  const ImFont* face = fonts_[static_cast<std::size_t>(font.face)].back();
  return face->CalcTextSizeA(face->FontSize, 1e9F, 0, text.data(), text.data() + text.size()).x * font.pixels / face->FontSize;
}

}  // namespace nutshell
