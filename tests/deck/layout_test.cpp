// Where things stand on slides: inside their boxes, beside each other, and readable, on every slide of the decks that there are.
#include "sim/deck/layout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "sim/deck/highlight.h"
#include "sim/deck/read_deck.h"
#include "sim/scenario/figure_map.h"
#include "tests/deck/placed.h"
#include "tests/deck/written.h"

namespace nutshell {

using testing::letters;
using testing::written;

namespace {

LaidSlide laid(const Deck& deck, std::size_t slide = 0, float width = 1920, float height = 1080, SlideGround ground = SlideGround::light) {
  SlideRoom room;
  room.width = width;
  room.height = height;
  room.ground = ground;
  room.number = slide + 1;
  return lay_out(deck, deck.slides[slide], room, letters);
}
const LaidText& text_on(const LaidSlide& slide, const std::string& words) {
  const auto found = std::find_if(slide.texts.begin(), slide.texts.end(), [&](const LaidText& each) { return each.text == words; });
  REQUIRE_MESSAGE(found != slide.texts.end(), words);
  return *found;
}

// "" or what is wrong with how the slide is laid out.
std::string wrong_with(const LaidSlide& slide) {
  if (const std::string wrong = testing::misplaced(slide); !wrong.empty()) return wrong;
  for (const LaidText& each : slide.texts) {
    SlideColor under = slide.ground;
    for (const LaidShape& shape : slide.shapes) {
      if (shape.color.a == 255 && testing::inside(each.box, shape.box)) under = shape.color;
    }
    if (contrast(each.color, under) < (each.font.pixels >= 24 * slide.unit ? 3 : 4.5)) return "cannot be read: " + each.text;
  }
  for (const LaidImage& image : slide.images) {
    if (image.box.w < 0.2F * slide.width || image.box.h < 0.2F * slide.height) return "a picture is too small to be seen";
  }
  return "";
}

TEST_CASE("every slide of the decks here stands inside its boxes, at three sizes, light and dark") {
  for (const char* name : {"kafka-in-a-nutshell", "kafka-in-a-nutshell.de"}) {
    const std::string file = std::string(NUTSHELL_SOURCE_DIR "/slides/") + name + ".md";
    const DeckResult read = load_deck(file);
    REQUIRE(read.deck.has_value());
    const FigureMapResult figures = load_figure_map(figure_map_of(file));
    struct Size {
      float width, height;
    };
    for (const Size size : {Size{1920, 1080}, Size{1280, 720}, Size{1024, 768}}) {
      for (const SlideGround ground : {SlideGround::light, SlideGround::dark}) {
        for (std::size_t i = 0; i < read.deck->slides.size(); ++i) {
          SlideRoom room{size.width, size.height, ground, i + 1, {}};
          room.facts = [&](const SlideImage& image) { return PictureFacts{find_figure(figures.figures, image.path) != nullptr, 0, 0}; };
          const LaidSlide slide = lay_out(*read.deck, read.deck->slides[i], room, letters);
          INFO(name << ", slide " << i + 1 << " at " << size.width << " x " << size.height);
          CHECK(wrong_with(slide) == "");
          CHECK(slide.scale > 0.4F);
        }
      }
    }
  }
}

TEST_CASE("a heading alone is large, and stands at the left in the middle") {
  const LaidSlide slide = laid(written("## Why **not** Kafka?\n"));
  REQUIRE(slide.texts.size() == 3);  // "Why", "not", "Kafka?"
  CHECK(slide.texts[0].font.face == SlideFace::light);
  CHECK(slide.texts[0].font.pixels >= 124);
  CHECK(slide.scale > 1);
  CHECK(slide.texts[1].font.face == SlideFace::heavy);
  CHECK(slide.texts[0].baseline == slide.texts[2].baseline);
  CHECK(slide.texts[0].box.x == slide.content.x);
  const float middle = (slide.texts[0].box.y + slide.texts[0].box.bottom()) / 2;
  CHECK(middle > 0.4F * slide.height);
  CHECK(middle < 0.52F * slide.height);
}

TEST_CASE("what stands lower is smaller and begins right behind the word") {
  const LaidSlide slide = laid(written("# Kafka<sub>1883 - 1924</sub>\n"));
  const LaidText &word = text_on(slide, "Kafka"), &years = text_on(slide, "1883 - 1924");
  CHECK(years.font.pixels == word.font.pixels / 2);
  CHECK(years.box.x > word.box.right());
  CHECK(years.box.x < word.box.right() + 0.1F * word.font.pixels);
}

TEST_CASE("words that do not fit are made smaller, all of them, and none is left out") {
  std::string many = "# Long\n\n";
  for (int i = 0; i < 400; ++i) many += "word" + std::to_string(i) + " ";
  const LaidSlide slide = laid(written(many));
  CHECK(slide.scale < 0.8F);
  std::string all;
  for (const LaidText& each : slide.texts) all += each.text + " ";
  CHECK(all.find("word0 ") != std::string::npos);
  CHECK(all.find("word399 ") != std::string::npos);
  CHECK(wrong_with(slide) == "");
  // A word without any space is broken at last.
  CHECK(wrong_with(laid(written("# " + std::string(3000, 'x') + "\n"))) == "");
  // ... between letters, of which none is lost.
  std::string umlauts, broken;
  for (int i = 0; i < 700; ++i) umlauts += "\u00fc";
  for (const LaidText& each : laid(written(umlauts + "\n")).texts) {
    broken += each.text;
    CHECK(each.text.size() % 2 == 0);
  }
  CHECK(broken == umlauts);
}

TEST_CASE("a fit heading is as wide as the slide") {
  const LaidSlide slide = laid(written("# [fit] at least once delivery\n"));
  CHECK(slide.texts.front().box.w == doctest::Approx(slide.content.w).epsilon(0.02));
}

TEST_CASE("colours are those of the directives where they can be read") {
  const LaidSlide black = laid(written("[.background-color: #000]\n[.header: #FFFFFF]\n\n# One\n\nTwo\n"));
  CHECK(black.ground == SlideColor{0, 0, 0, 255});
  CHECK(text_on(black, "One").color == SlideColor{255, 255, 255, 255});
  CHECK_FALSE(black.light);
  CHECK(contrast(text_on(black, "Two").color, black.ground) > 12);
  // White on white is what nobody wanted.
  const LaidSlide white = laid(written("[.background-color: #FFFFFF]\n[.header: #FFFFFF]\n\n# One\n"));
  CHECK(contrast(text_on(white, "One").color, white.ground) > 12);
  // White headings alone were written for a dark picture.
  const LaidSlide meant = laid(written("[.header: #FFFFFF]\n\n# One\n![original](there.gif)\n"));
  CHECK_FALSE(meant.light);
  CHECK(text_on(meant, "One").color == SlideColor{255, 255, 255, 255});
  CHECK(contrast({0, 0, 0, 255}, {255, 255, 255, 255}) == doctest::Approx(21));
  // A slide that says nothing is as the room is.
  CHECK(laid(written("# One\n")).light);
  CHECK_FALSE(laid(written("# One\n"), 0, 1920, 1080, SlideGround::dark).light);
}

TEST_CASE("halves leave the other half to the words, and an inline picture stands below them") {
  const LaidSlide half = laid(written("# One\n\n![left](a.png)\n"));
  REQUIRE(half.images.size() == 1);
  CHECK(half.images[0].box == SlideRect{0, 0, 960, 1080});
  CHECK(half.images[0].missing);
  CHECK(half.content.x > 960);
  const LaidSlide below = laid(written("# One\n\n![inline fit](a.png)![inline](b.png)\n"));
  REQUIRE(below.images.size() == 2);
  CHECK(below.images[0].box.y > text_on(below, "One").box.bottom());
  CHECK(below.images[0].box.right() < below.images[1].box.x);
  CHECK(below.images[0].box.h > 0.5F * below.content.h);
  CHECK(wrong_with(below) == "");
}

TEST_CASE("words lie over a picture that is there, and a living figure stands below them") {
  const Deck deck = written("# One\n\n![](a.png)\n\n---\n\n# Two\n\n![original](a.png)\n");
  SlideRoom room;
  room.facts = [](const SlideImage&) { return PictureFacts{false, 400, 300}; };
  const LaidSlide darkened = lay_out(deck, deck.slides[0], room, letters), original = lay_out(deck, deck.slides[1], room, letters);
  REQUIRE(darkened.images.size() == 1);
  CHECK(darkened.images[0].ground);
  CHECK(darkened.images[0].veil > 0);
  CHECK(original.images[0].veil == 0);
  CHECK(original.shapes.size() == 1);  // a band behind the words
  room.facts = [](const SlideImage&) { return PictureFacts{true, 0, 0}; };
  const LaidSlide living = lay_out(deck, deck.slides[1], room, letters);
  CHECK_FALSE(living.images[0].ground);
  CHECK(living.images[0].box.y > text_on(living, "Two").box.bottom());
}

TEST_CASE("a list is built a line a press, with what stands below the line") {
  const Deck deck = written("[.build-lists: true]\n\n# Steps\n\n- one\n  - more\n- two\n");
  const LaidSlide slide = laid(deck);
  CHECK(slide.builds == deck.builds(deck.slides[0]));
  CHECK(text_on(slide, "Steps").build == 0);
  CHECK(text_on(slide, "one").build == 1);
  CHECK(text_on(slide, "more").build == 1);
  CHECK(text_on(slide, "two").build == 2);
  CHECK(text_on(slide, "more").box.x > text_on(slide, "one").box.x);
  CHECK(laid(written("# Steps\n\n- one\n- two\n")).builds == 0);
}

TEST_CASE("code keeps its lines, and its words are told apart") {
  const LaidSlide slide = laid(written("# Query\n\n```sql\nSELECT city, COUNT(*)\n  FROM orders -- all\n```\n"));
  const LaidText &select = text_on(slide, "SELECT"), &from = text_on(slide, "FROM"), &comment = text_on(slide, "-- all");
  CHECK(select.color == from.color);
  CHECK(select.color != text_on(slide, "orders").color);
  CHECK(comment.color == slide.muted);
  // Two spaces in.
  CHECK(from.box.x - select.box.x == doctest::Approx(2 * 0.6F * select.font.pixels));
  CHECK(wrong_with(slide) == "");

  bool in_comment = false;
  const auto kinds = [&](std::string_view line, std::string_view language) {
    std::string all;
    for (const CodeStretch& each : highlight(line, language, in_comment))
      all += "pktnce"[static_cast<int>(each.kind)] + std::string(each.text) + "|";
    return all;
  };
  CHECK(kinds("int x = \"a\\\"b\"; // 7", "java") == "kint|p x = |t\"a\\\"b\"|p; |c// 7|");
  CHECK(kinds("a /* b", "java") == "pa |c/* b|");
  CHECK(in_comment);
  CHECK(kinds("c */ return", "java") == "cc */|p |kreturn|");
  CHECK_FALSE(in_comment);
  CHECK(kinds("{\"a\": 1.5, \"b\"}", "json") == "p{|e\"a\"|p: |n1.5|p, |t\"b\"|p}|");
  CHECK(kinds("say 'what", "unknown") == "psay |t'what|");
}

TEST_CASE("code is no smaller than the list beside it where there is room, and no larger than the room") {
  const auto with_code = [](int lines) {
    std::string text = "# Query\n\n```sql\n";
    for (int i = 0; i < lines; ++i) text += "SELECT c" + std::to_string(i) + "\n";
    return laid(written(text + "```\n\n- last\n"));
  };
  const LaidSlide few = with_code(3), many = with_code(11), most = with_code(40);
  CHECK(text_on(few, "SELECT").font.pixels >= text_on(few, "last").font.pixels);
  CHECK(text_on(many, "SELECT").font.pixels < text_on(few, "SELECT").font.pixels);
  for (const LaidSlide* each : {&few, &many, &most}) CHECK(wrong_with(*each) == "");
  // A long line keeps to the slide.
  CHECK(wrong_with(laid(written("# Query\n\n```sql\nSELECT " + std::string(90, 'x') + "\n```\n"))) == "");
}

TEST_CASE("a table keeps its columns apart, and numbers at the right where it says so") {
  const LaidSlide slide = laid(written("# T\n\n| name | count |\n|---|---:|\n| orders | 7 |\n| bills | 1200 |\n"));
  CHECK(wrong_with(slide) == "");
  CHECK(text_on(slide, "orders").box.x == text_on(slide, "bills").box.x);
  CHECK(text_on(slide, "7").box.right() == doctest::Approx(text_on(slide, "1200").box.right()));
  // A head without words takes no room.
  const LaidSlide bare = laid(written("# T\n\n| | |\n|---|---|\n| a | b |\n"));
  CHECK(wrong_with(bare) == "");
}

TEST_CASE("footer and number stand below the words, unless the slide hides them") {
  const Deck deck = written("slidenumbers: true\nfooter: Kafka\n\n# One\n\n---\n\n[.hide-footer]\n[.hide-slidenumbers]\n\n# Two\n");
  const LaidSlide shown = laid(deck, 0), hidden = laid(deck, 1);
  CHECK(text_on(shown, "Kafka").box.y > shown.content.bottom());
  CHECK(text_on(shown, "1").box.right() == doctest::Approx(shown.width - 112));
  CHECK(hidden.texts.size() == 1);
}

TEST_CASE("columns stand beside each other, below what stands above all of them") {
  const LaidSlide slide = laid(written("# Head\n\n[.column]\n\nleft\n\n[.column]\n\nright\n"));
  CHECK(wrong_with(slide) == "");
  CHECK(text_on(slide, "left").box.right() < text_on(slide, "right").box.x);
  CHECK(text_on(slide, "left").baseline == text_on(slide, "right").baseline);
  CHECK(text_on(slide, "Head").box.bottom() < text_on(slide, "left").box.y);
}

TEST_CASE("whatever a deck has become, its slides are laid out, and nothing stands outside them") {
  std::ifstream in(NUTSHELL_SOURCE_DIR "/slides/kafka-in-a-nutshell.md", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  constexpr std::string_view kSigns = "#*|`->!()[]^.: \n1a";
  std::size_t laid_out = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    // A part of it, with some letters turned into signs that mean something.
    std::string part = text.substr(avalanche(i) % (text.size() - 4000), 4000);
    for (std::uint64_t change = 0; change < 40; ++change) {
      const std::uint64_t drawn = avalanche(i * 64 + change + 1);
      part[drawn % part.size()] = kSigns[(drawn >> 32) % kSigns.size()];
    }
    const DeckResult read = parse_deck(part, "mutant.md");
    for (std::size_t slide = 0; read.deck && slide < read.deck->slides.size(); ++slide, ++laid_out) {
      INFO("mutant " << i << ", slide " << slide + 1);
      CHECK(testing::misplaced(laid(*read.deck, slide, 1024, 768)) == "");
    }
  }
  CHECK(laid_out > 200);
}

}  // namespace
}  // namespace nutshell
