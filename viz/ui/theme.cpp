#include "viz/ui/theme.h"

namespace nutshell {

namespace {

constexpr std::array<Color, 6> kFills = {rgb(0x6BE3B8), rgb(0x45A9EA), rgb(0xF5A92C),
                                         rgb(0xD475B2), rgb(0xFAF36B), rgb(0xF8603F)};
constexpr std::array<Color, 6> kLightStrokes = {rgb(0x055C46), rgb(0x0B6BC4), rgb(0xA87A1C),
                                                rgb(0xB9187E), rgb(0x141B24), rgb(0x8A1C00)};
constexpr std::array<HueName, 4> kEpochs = {HueName::green, HueName::blue, HueName::orange, HueName::purple};
constexpr std::array<HueName, 5> kMembers = {HueName::purple, HueName::green, HueName::orange, HueName::blue,
                                             HueName::yellow};
constexpr std::array<HueName, 4> kGroups = {HueName::purple, HueName::green, HueName::orange, HueName::blue};

// On light ground much is dark.
constexpr std::array<Color, 5> kHeat = {rgb(0x5B8BC0), rgb(0x56A3CC), rgb(0x6CC3C9), rgb(0xB5D99C), rgb(0xFAF36B)};
constexpr std::array<Color, 5> kLightHeat = {rgb(0x6E9DBF), rgb(0x4A81A8), rgb(0x2F678F), rgb(0x1F4C72), rgb(0x0E2A47)};

Theme make_theme(bool light) {
  Theme theme;
  theme.light = light;
  theme.bg = light ? rgb(0xF4F2EC) : rgb(0x0E1217);
  theme.stage = light ? rgb(0xFBFAF6) : rgb(0x11161D);
  theme.panel = light ? rgb(0xFFFFFF) : rgb(0x161C24);
  theme.card = light ? rgb(0xFFFFFF) : rgb(0x1A212B);
  theme.raised = light ? rgb(0xF0EDE5) : rgb(0x232C38);
  theme.line = light ? rgb(0xD8D3C7) : rgb(0x2B3542);
  theme.line2 = light ? rgb(0x8B8778) : rgb(0x465365);
  theme.text = light ? rgb(0x141B24) : rgb(0xEEF2F6);
  theme.text2 = light ? rgb(0x414B58) : rgb(0xB7C2CF);
  theme.text3 = light ? rgb(0x5E6875) : rgb(0x8D9AAA);
  theme.heat = light ? kLightHeat : kHeat;
  theme.ink = rgb(0x0B0F14);
  theme.paper = light ? rgb(0x141B24) : rgb(0xF3F0E8);
  for (std::size_t i = 0; i < kFills.size(); ++i) {
    // Orange on light ground is for graphics and for large text only.
    const bool pale = light && i == static_cast<std::size_t>(HueName::orange);
    const Color stroke = light ? kLightStrokes[i] : kFills[i];
    theme.hues[i] = {kFills[i], stroke, pale ? theme.text : stroke};
  }
  return theme;
}

}  // namespace

Color blend(Color under, Color over, int part) {
  const auto mixed = [part](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>((a * (256 - part) + b * part) / 256);
  };
  return {mixed(under.r, over.r), mixed(under.g, over.g), mixed(under.b, over.b), under.a};
}

const Hue& Theme::epoch(std::int32_t epoch) const {
  return hue(kEpochs[static_cast<std::size_t>(epoch < 0 ? 0 : epoch) % kEpochs.size()]);
}
const Hue& Theme::member(std::size_t nth) const { return hue(kMembers[nth % kMembers.size()]); }
const Hue& Theme::group(std::size_t nth) const { return hue(kGroups[nth % kGroups.size()]); }

const Theme& dark_theme() {
  static const Theme kTheme = make_theme(false);
  return kTheme;
}
const Theme& light_theme() {
  static const Theme kTheme = make_theme(true);
  return kTheme;
}

}  // namespace nutshell
