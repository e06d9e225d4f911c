// Colours and sizes: one table for dark, one for light. Chrome has no hue; a hue always means something in Kafka.
//
// Hues are Okabe and Ito's, spread in lightness until all stay apart for every kind of eye; tests/viz holds the
// table to contrast and colour-vision limits.
#pragma once

#include <array>
#include <cstdint>

namespace nutshell {

struct Color {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;
  constexpr Color with_alpha(std::uint8_t alpha) const { return {r, g, b, alpha}; }
  friend constexpr bool operator==(const Color&, const Color&) = default;
};

// 0xRRGGBB.
constexpr Color rgb(std::uint32_t hex) {
  return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8), static_cast<std::uint8_t>(hex), 255};
}

// `part` of 256 of `over` on `under`.
Color blend(Color under, Color over, int part);

// Strokes and texts of a hue are darker on light ground; fills are the same.
// Small words in a hue have a colour of their own, because some strokes are too pale for them.
struct Hue {
  Color fill;
  Color stroke;
  Color words;
};

enum class HueName : std::uint8_t { green, blue, orange, purple, yellow, red };

struct Theme {
  bool light = false;
  Color bg, stage, panel, card, raised, line, line2, text, text2, text3, ink, paper;
  std::array<Hue, 6> hues;    // by HueName
  std::array<Color, 5> heat;  // little to much; lightness goes one way only

  const Hue& hue(HueName name) const { return hues[static_cast<std::size_t>(name)]; }
  // Of a leader epoch: slot e mod 4 (and its notch).
  const Hue& epoch(std::int32_t epoch) const;
  // Of the nth member or group.
  const Hue& member(std::size_t nth) const;
  const Hue& group(std::size_t nth) const;
  // A follower's copy.
  Color tint(const Hue& hue) const { return blend(card, hue.fill, light ? 56 : 92); }
};

const Theme& dark_theme();
const Theme& light_theme();

}  // namespace nutshell
