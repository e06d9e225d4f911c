// Which letters are rasterised, at which size.
#include "viz/ui/fonts.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

constexpr std::size_t kStyles = kFaces * kSizes;

TextStyle style_at(std::size_t which) { return {static_cast<Face>(which / kSizes), static_cast<Size>(which % kSizes)}; }

}  // namespace

TEST_CASE("a text says which letters it needs") {
  CHECK(Fonts::letters_of("") == Letters::usual);
  CHECK(Fonts::letters_of("Leader of orders-0 → broker 2 · 3 × 4 “x” … − €") == Letters::usual);
  CHECK(Fonts::letters_of("Müller") == Letters::latin1);
  CHECK(Fonts::letters_of("Ærø") == Letters::latin1);
  CHECK(Fonts::letters_of("Łódź") == Letters::central);
  CHECK(Fonts::letters_of("Müller, Łódź") == Letters::central);
}

TEST_CASE("the letters that a text needs are there when it has been shown once") {
  Desk desk(small_failover());
  const auto knows = [](ImWchar letter) { return ImGui::GetIO().Fonts->Fonts.front()->FindGlyphNoFallback(letter) != nullptr; };
  CHECK(knows('A'));
  CHECK(knows(0xD7));
  CHECK_FALSE(knows(0xFC));
  desk.session().say("Müller does it.");
  desk.look();
  desk.look();
  CHECK(knows(0xFC));
  CHECK_FALSE(knows(0x141));
  desk.session().say("In Łódź.");
  desk.look();
  desk.look();
  CHECK(knows(0x141));
  CHECK(knows(0xFC));
}

TEST_CASE("text is drawn at its size whatever it is rasterised at, and what is rasterised has a limit") {
  Desk desk(small_failover());
  for (const float scale : {0.75F, 1.0F, 2.0F, 3.0F, 6.0F}) {
    for (const bool projector : {false, true}) {
      ImFontAtlas atlas;
      Fonts fonts;
      REQUIRE(fonts.load(atlas, scale, projector, Letters::usual).empty());
      for (std::size_t i = 0; i < kStyles; ++i) {
        const Glyphs glyphs = fonts.of(style_at(i));
        const float wanted = text_pixels(style_at(i).size, projector) * scale;
        CAPTURE(wanted);
        CHECK(glyphs.pixels == wanted);
        CHECK(glyphs.font->FontSize <= 96);
        if (wanted <= 40) CHECK(glyphs.font->FontSize == wanted);
        else CHECK(glyphs.font->FontSize >= std::min(wanted, 96.0F));
      }
      // As many as there are small sizes, and one for all others, of each face.
      std::size_t small = 0;
      for (std::size_t i = 0; i < kSizes; ++i) small += text_pixels(static_cast<Size>(i), projector) * scale <= 40;
      CHECK(static_cast<std::size_t>(atlas.Fonts.Size) == kFaces * (small + (small < kSizes ? 1 : 0)));
    }
  }
}

TEST_CASE("a window that goes back to a size finds its letters as they were") {
  Desk desk(small_failover());
  ImFontAtlas atlas;
  Fonts fonts;
  const auto load = [&](float scale) { REQUIRE(fonts.load(atlas, scale, true, Letters::usual).empty()); };
  const auto width = [&] { return fonts.of(kBody).font->CalcTextSizeA(fonts.of(kBody).pixels, 1e9F, 0, "Leader").x; };
  load(1);
  const ImFont* const first = fonts.of(kBody).font;
  const unsigned char* const pixels = atlas.TexPixelsAlpha8;
  const float wide = width();
  load(1.5F);
  CHECK(fonts.of(kBody).font != first);
  CHECK(width() > wide * 1.4F);
  CHECK(fonts.of(kBody).font->ContainerAtlas == &atlas);
  load(1);
  CHECK(fonts.of(kBody).font == first);
  CHECK(atlas.TexPixelsAlpha8 == pixels);
  CHECK(first->ContainerAtlas == &atlas);
  CHECK(width() == wide);
  // Other letters are another choice.
  REQUIRE(fonts.load(atlas, 1, true, Letters::latin1).empty());
  CHECK(fonts.of(kBody).font->FindGlyphNoFallback(0xFC) != nullptr);
}
