// The table of colours, held to what it promises: contrast for all texts, and six hues apart for every eye.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/viz/color_vision.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

constexpr double kText = 4.5, kGraphics = 3, kApart = 10;
constexpr std::array kHues = {HueName::green, HueName::blue, HueName::orange, HueName::purple, HueName::yellow, HueName::red};
constexpr std::array kHueNames = {"green", "blue", "orange", "purple", "yellow", "red"};

struct Named {
  const char* name;
  Color color;
};

std::vector<Named> surfaces(const Theme& t) {
  return {{"bg", t.bg}, {"stage", t.stage}, {"panel", t.panel}, {"card", t.card}, {"raised", t.raised}};
}

void check_contrast(const Theme& theme, Named over, Named under, double least) {
  const double ratio = contrast(over.color, under.color);
  CHECK_MESSAGE(ratio >= least, (theme.light ? "light: " : "dark: "), over.name, " on ", under.name, " is ", ratio);
}

// The least difference between any two, and which two they are.
std::pair<double, std::string> closest(const std::vector<Named>& colors, Eye eye) {
  std::pair<double, std::string> least{1e9, ""};
  for (std::size_t i = 0; i < colors.size(); ++i) {
    for (std::size_t j = i + 1; j < colors.size(); ++j) {
      const double apart = difference(lab_of(seen(colors[i].color, eye)), lab_of(seen(colors[j].color, eye)));
      if (apart < least.first) least = {apart, std::string(colors[i].name) + "/" + colors[j].name};
    }
  }
  return least;
}

std::vector<Named> fills(const Theme& theme) {
  std::vector<Named> all;
  for (std::size_t i = 0; i < kHues.size(); ++i) all.push_back({kHueNames[i], theme.hue(kHues[i]).fill});
  return all;
}

// Of the light theme: five, because yellow is outlined in ink there.
std::vector<Named> strokes(const Theme& theme) {
  std::vector<Named> all;
  for (std::size_t i = 0; i < kHues.size(); ++i) {
    if (kHues[i] != HueName::yellow) all.push_back({kHueNames[i], theme.hue(kHues[i]).stroke});
  }
  return all;
}

const std::array<const Theme*, 2> kThemes = {&dark_theme(), &light_theme()};

}  // namespace

TEST_CASE("CIEDE2000 gives the differences that its authors published") {
  CHECK(difference({50, 2.6772, -79.7751}, {50, 0, -82.7485}) == doctest::Approx(2.0425).epsilon(0.0001));
  CHECK(difference({50, 2.5, 0}, {73, 25, -18}) == doctest::Approx(27.1492).epsilon(0.0001));
  CHECK(difference({50, -1, 2}, {50, 0, 0}) == doctest::Approx(2.3669).epsilon(0.0001));
  CHECK(difference({60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}) == doctest::Approx(1.2644).epsilon(0.0001));
  CHECK(difference({2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}) == doctest::Approx(0.9082).epsilon(0.0001));
}

TEST_CASE("contrast and simulation agree with what is known of black, white and red") {
  CHECK(contrast(rgb(0x000000), rgb(0xFFFFFF)) == doctest::Approx(21));
  CHECK(contrast(rgb(0x777777), rgb(0xFFFFFF)) == doctest::Approx(4.48).epsilon(0.001));
  // Grey is the same to every eye; red is much darker to a protan one.
  for (Eye eye : kEyes) CHECK(difference(lab_of(seen(rgb(0x808080), eye)), lab_of(rgb(0x808080))) < 1);
  CHECK(lab_of(seen(rgb(0xFF0000), Eye::protan)).l < lab_of(rgb(0xFF0000)).l - 10);
}

TEST_CASE("words are read on every surface") {
  for (const Theme* theme : kThemes) {
    for (Named under : surfaces(*theme)) {
      check_contrast(*theme, {"text", theme->text}, under, kText);
      check_contrast(*theme, {"text2", theme->text2}, under, kText);
      check_contrast(*theme, {"text3", theme->text3}, under, kText);
    }
  }
}

TEST_CASE("ink is read on every fill, and what stands on paper is read there") {
  for (const Theme* theme : kThemes) {
    for (Named under : fills(*theme)) check_contrast(*theme, {"ink", theme->ink}, under, kText);
    // Primary buttons and, for the back row in light, the caption: white where paper is dark.
    check_contrast(*theme, {"words", theme->light ? rgb(0xFFFFFF) : theme->ink}, {"paper", theme->paper}, kText);
  }
}

TEST_CASE("text is read on the tint of a follower's copy and of a lane") {
  for (const Theme* theme : kThemes) {
    for (std::size_t i = 0; i < kHues.size(); ++i)
      check_contrast(*theme, {"text", theme->text}, {kHueNames[i], theme->tint(theme->hue(kHues[i]))}, kText);
  }
}

TEST_CASE("hues are read as text, and light orange seen as a graphic") {
  for (const Theme* theme : kThemes) {
    for (std::size_t i = 0; i < kHues.size(); ++i) {
      const bool large_only = theme->light && kHues[i] == HueName::orange;
      for (Named under : surfaces(*theme))
        check_contrast(*theme, {kHueNames[i], theme->hue(kHues[i]).stroke}, under, large_only ? kGraphics : kText);
    }
  }
}

TEST_CASE("graphics that mean something stand out from every surface") {
  for (const Theme* theme : kThemes) {
    for (Named under : surfaces(*theme)) {
      check_contrast(*theme, {"paper", theme->paper}, under, kGraphics);
      // In light, fills are outlined in ink or in their stroke; the outline is what is seen.
      if (!theme->light) {
        for (Named fill : fills(*theme)) check_contrast(*theme, fill, under, kGraphics);
      }
    }
  }
}

TEST_CASE("the six fills stay apart for every eye") {
  for (const Theme* theme : kThemes) {
    for (Eye eye : kEyes) {
      const auto [apart, which] = closest(fills(*theme), eye);
      CHECK_MESSAGE(apart >= kApart, name_of(eye), ": ", which, " are ", apart, " apart");
    }
  }
}

TEST_CASE("the light strokes stay apart for every eye") {
  for (Eye eye : kEyes) {
    const auto [apart, which] = closest(strokes(light_theme()), eye);
    CHECK_MESSAGE(apart >= kApart, name_of(eye), ": ", which, " are ", apart, " apart");
  }
}

TEST_CASE("the least distances are those of the look's table") {
  const auto least = [](const std::vector<Named>& set, Eye eye) { return closest(set, eye).first; };
  const std::vector<Named> dark = fills(dark_theme()), light = strokes(light_theme());
  const std::array<double, 4> fills_apart = {23.7, 11.2, 10.3, 11.7}, strokes_apart = {32.3, 14.2, 15.9, 14.2};
  for (std::size_t i = 0; i < kEyes.size(); ++i) {
    CAPTURE(std::string(name_of(kEyes[i])));
    CHECK(least(dark, kEyes[i]) == doctest::Approx(fills_apart[i]).epsilon(0.02));
    CHECK(least(light, kEyes[i]) == doctest::Approx(strokes_apart[i]).epsilon(0.02));
  }
}

TEST_CASE("each epoch slot, each member and each group has a hue of its own") {
  for (const Theme* theme : kThemes) {
    for (std::int32_t e = 0; e < 4; ++e) {
      CHECK(theme->epoch(e).fill == theme->epoch(e + 4).fill);
      for (std::int32_t other = e + 1; other < 4; ++other) CHECK(theme->epoch(e).fill != theme->epoch(other).fill);
    }
    for (std::size_t i = 0; i < 5; ++i) {
      for (std::size_t j = i + 1; j < 5; ++j) CHECK(theme->member(i).fill != theme->member(j).fill);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = i + 1; j < 4; ++j) CHECK(theme->group(i).fill != theme->group(j).fill);
    }
    // Authority and trouble belong to no epoch and no group.
    for (std::int32_t e = 0; e < 4; ++e) {
      CHECK(theme->epoch(e).fill != theme->hue(HueName::yellow).fill);
      CHECK(theme->epoch(e).fill != theme->hue(HueName::red).fill);
    }
  }
}
