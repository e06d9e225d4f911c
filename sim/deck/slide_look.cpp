#include "sim/deck/slide_look.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace nutshell {

namespace {

constexpr double kLeastContrast = 3;  // of words as large as those on slides

constexpr SlideColor rgb(std::uint32_t hex) {
  return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8), static_cast<std::uint8_t>(hex), 255};
}

double luminance(SlideColor color) {
  const auto linear = [](std::uint8_t value) {
    const double share = value / 255.0;
    return share <= 0.03928 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

bool is_light(SlideColor color) { return luminance(color) > 0.22; }

// "#FFF", "#FFFFFF", "#FFFFFF80"; nullopt: it is no colour.
std::optional<SlideColor> color_of(std::string_view word) {
  if (word.size() < 4 || word[0] != '#') return std::nullopt;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(word.data() + 1, word.data() + word.size(), value, 16);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  const auto byte = [&](int shift) { return static_cast<std::uint8_t>(value >> shift); };
  const auto twice = [&](int shift) { return static_cast<std::uint8_t>((value >> shift & 15) * 17); };
  if (word.size() == 4) return SlideColor{twice(8), twice(4), twice(0), 255};
  if (word.size() == 7) return SlideColor{byte(16), byte(8), byte(0), 255};
  if (word.size() == 9) return SlideColor{byte(24), byte(16), byte(8), 255};
  return std::nullopt;
}

// What a directive says, word by word: "#FFFFFF, alignment(center), text-scale(1.5)".
template <class Take>
void each_word(std::string_view words, const Take& take) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(','), words.size());
    std::string_view word = words.substr(0, end);
    word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
    take(word.substr(0, word.find_last_not_of(' ') + 1));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

// "text-scale(1.5)": 1.5; nullopt: the word says something else.
std::optional<float> scale_of(std::string_view word) {
  constexpr std::string_view kName = "text-scale(";
  if (!word.starts_with(kName)) return std::nullopt;
  float value = 1;
  const auto [end, error] = std::from_chars(word.data() + kName.size(), word.data() + word.size(), value);
  return error == std::errc() && end != word.data() && value > 0 ? std::optional(std::clamp(value, 0.25F, 4.0F)) : std::nullopt;
}

struct Asked {
  std::optional<SlideColor> color;
  std::optional<float> scale;
  std::optional<CellAlign> align;
};

Asked asked(const Deck& deck, const Slide& slide, std::string_view name) {
  Asked all;
  each_word(deck.setting(slide, name), [&](std::string_view word) {
    if (const auto color = color_of(word)) all.color = color;
    if (const auto scale = scale_of(word)) all.scale = scale;
    if (word == "alignment(left)") all.align = CellAlign::left;
    if (word == "alignment(center)") all.align = CellAlign::center;
    if (word == "alignment(right)") all.align = CellAlign::right;
  });
  return all;
}

SlideLook look_on(bool light) {
  SlideLook look;
  look.light = light;
  look.ground = rgb(light ? 0xFFFFFF : 0x0E1217);
  look.text = look.header = look.text_strong = look.header_strong = rgb(light ? 0x141B24 : 0xEEF2F6);
  look.muted = rgb(light ? 0x5E6875 : 0x8D9AAA);
  look.line = rgb(light ? 0xD8D3C7 : 0x2B3542);
  look.panel = rgb(light ? 0xF4F2EC : 0x1A212B);
  look.link = look.keyword = rgb(light ? 0x0B6BC4 : 0x45A9EA);
  look.quoted = rgb(light ? 0x055C46 : 0x6BE3B8);
  look.number = rgb(light ? 0xB9187E : 0xD475B2);
  return look;
}

}  // namespace

double contrast(SlideColor one, SlideColor other) {
  const double a = luminance(one), b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

SlideLook look_of(const Deck& deck, const Slide& slide, SlideGround room) {
  const Asked ground = asked(deck, slide, "background-color"), header = asked(deck, slide, "header"), text = asked(deck, slide, "text");
  // White headings without a word about the ground were meant for a dark picture.
  const std::optional<SlideColor> written = header.color ? header.color : text.color;
  const bool light = ground.color ? is_light(*ground.color) : written ? !is_light(*written) : room == SlideGround::light;
  SlideLook look = look_on(light);
  if (ground.color) look.ground = *ground.color;
  look.ground.a = 255;
  // What could not be read is left as it is usual.
  const auto take = [&](const std::optional<SlideColor>& color, SlideColor& into) {
    if (color && contrast(*color, look.ground) >= kLeastContrast) into = *color;
  };
  take(text.color, look.text);
  take(header.color, look.header);
  look.text_strong = look.text;
  look.header_strong = look.header;
  take(asked(deck, slide, "text-strong").color, look.text_strong);
  take(asked(deck, slide, "header-strong").color, look.header_strong);
  take(asked(deck, slide, "link").color, look.link);
  look.header_scale = header.scale.value_or(1);
  look.text_scale = text.scale.value_or(1);
  look.header_align = header.align.value_or(CellAlign::left);
  look.text_align = text.align.value_or(CellAlign::left);
  return look;
}

const SlideSizes& sizes_of(SlideMode mode) {
  static constexpr std::array<SlideSizes, 3> kSizes = {{{{148, 124, 68, 56, 48, 44}, 48, 32, 40, 76},
                                                        {{104, 92, 52, 44, 40, 38}, 46, 34, 40, 56},
                                                        {{80, 76, 44, 40, 38, 36}, 42, 30, 36, 48}}};
  return kSizes[static_cast<std::size_t>(mode)];
}

SlideMode mode_of(const Slide& slide, bool below) {
  const auto among = [](const SlideImage& each) { return each.place == SlideImage::Place::among; };
  if (below || std::any_of(slide.images.begin(), slide.images.end(), among)) return SlideMode::picture;
  const auto thing = [](const SlideBlock& each) {
    return each.kind == SlideBlock::Kind::code || each.kind == SlideBlock::Kind::table || each.kind == SlideBlock::Kind::list;
  };
  return slide.columns > 1 || std::any_of(slide.blocks.begin(), slide.blocks.end(), thing) ? SlideMode::things : SlideMode::words;
}

}  // namespace nutshell
