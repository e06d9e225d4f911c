// Which letters are rasterised, at which size.
#include "viz/ui/fonts.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <array>

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

TEST_CASE("letters that were kept measure as those that are rasterised anew, at every size, whatever was shown in between") {
  Desk desk(small_failover());
  ImFontAtlas atlas;
  Fonts kept;
  // From one window to the next and back, as the projector is switched and letters are asked for.
  const std::array<float, 4> scales = {2.0F / 3, 0.75F, 1, 2};
  for (const float scale : scales) {
    for (const bool projector : {true, false}) {
      REQUIRE(kept.load(atlas, scale, projector, Letters::usual).empty());
      REQUIRE(kept.load(atlas, scale, !projector, Letters::latin1).empty());
      REQUIRE(kept.load(atlas, scale, projector, Letters::usual).empty());
      ImFontAtlas other;
      Fonts fresh;
      REQUIRE(fresh.load(other, scale, projector, Letters::usual).empty());
      for (std::size_t i = 0; i < kStyles; ++i) {
        const Glyphs was = kept.of(style_at(i)), is = fresh.of(style_at(i));
        CAPTURE(scale);
        CAPTURE(i);
        CHECK(was.pixels == is.pixels);
        CHECK(was.font->FontSize == is.font->FontSize);
        CHECK(was.font->Ascent == is.font->Ascent);
        REQUIRE(was.font->Glyphs.Size == is.font->Glyphs.Size);
        int differ = 0;
        for (int g = 0; g < is.font->Glyphs.Size; ++g) {
          const ImFontGlyph &a = was.font->Glyphs[g], &b = is.font->Glyphs[g];
          differ += a.Codepoint != b.Codepoint || a.AdvanceX != b.AdvanceX || a.X0 != b.X0 || a.X1 != b.X1 || a.Y0 != b.Y0 || a.Y1 != b.Y1;
        }
        CHECK(differ == 0);
        // As it is asked for: by the table that a font looks letters up in.
        const char* const text = "CTAS_PAGEVIEWS_PER_REGION_PER_MINUTE_2";
        CHECK(was.font->CalcTextSizeA(was.pixels, 1e9F, 0, text).x == is.font->CalcTextSizeA(is.pixels, 1e9F, 0, text).x);
      }
    }
  }
}
