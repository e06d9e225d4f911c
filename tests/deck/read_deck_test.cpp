// Decks as people write them for Deckset: what stands on each slide, and what is said about mistakes.
#include "sim/deck/read_deck.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sim/core/digest.h"

namespace nutshell {
namespace {

using Kind = SlideBlock::Kind;

Deck deck_of(const std::string& text) {
  DeckResult result = parse_deck(text, "talk.md");
  for (const Problem& each : result.problems) MESSAGE(to_text(each));
  REQUIRE(result.deck);
  CHECK(result.problems.empty());
  return std::move(*result.deck);
}

// The only slide of a deck without problems.
Slide slide_of(const std::string& text) {
  const Deck deck = deck_of(text);
  REQUIRE(deck.slides.size() == 1);
  return deck.slides.front();
}

std::string all_of(const std::vector<SlideLine>& lines) {
  std::string all;
  for (const SlideLine& each : lines) all += (all.empty() ? "" : "|") + plain(each);
  return all;
}

std::string why_not(const std::string& text) {
  const DeckResult result = parse_deck(text, "talk.md");
  CHECK_FALSE(result.deck);
  REQUIRE(result.problems.size() == 1);
  return to_text(result.problems.front());
}

}  // namespace

TEST_CASE("a heading may have several lines, and words of several kinds in each") {
  const Slide slide = slide_of("# Kafka<sub>1883 - 1924</sub>\n\n# In a **Nutshell**\n\n## large *distributed* `log`<br>second\n");
  REQUIRE(slide.blocks.size() == 3);
  for (const SlideBlock& each : slide.blocks) CHECK(each.kind == Kind::heading);
  const SlideLine& first = slide.blocks[0].lines.front();
  REQUIRE(first.size() == 2);
  CHECK(first[0].text == "Kafka");
  CHECK(first[1].text == "1883 - 1924");
  CHECK(first[1].shift == SlideText::Shift::sub);
  const SlideLine& second = slide.blocks[1].lines.front();
  REQUIRE(second.size() == 2);
  CHECK_FALSE(second[0].strong);
  CHECK(second[1].strong);
  CHECK(all_of(slide.blocks[2].lines) == "large distributed log|second");
  CHECK(slide.blocks[2].level == 2);
  CHECK(slide.blocks[2].lines.front()[1].emphasis);
  CHECK(slide.blocks[2].lines.front()[3].code);
  CHECK(slide.title() == "Kafka1883 - 1924 In a Nutshell");
}

TEST_CASE("a heading may be as wide as the slide, and powers stand high") {
  const Slide slide = slide_of("# [fit] Wide x<sup>2</sup>\n");
  CHECK(slide.blocks.front().fit);
  CHECK(all_of(slide.blocks.front().lines) == "Wide x2");
  CHECK(slide.blocks.front().lines.front().back().shift == SlideText::Shift::sup);
}

TEST_CASE("slides end at dashes, but not in code") {
  const Deck deck = deck_of("one\n\n---\n\n```sql\nSELECT 1;\n---\n^ no note\n[.column]\n```\n\n---\ntwo\n---\n");
  REQUIRE(deck.slides.size() == 3);
  const SlideBlock& code = deck.slides[1].blocks.front();
  CHECK(code.kind == Kind::code);
  CHECK(code.language == "sql");
  CHECK(code.code == "SELECT 1;\n---\n^ no note\n[.column]\n");
  CHECK(deck.slides[1].notes.empty());
  CHECK(deck.slides[0].line == 1);
  CHECK(deck.slides[1].line == 4);
  CHECK(deck.slides[2].title() == "two");
}

TEST_CASE("settings stand at the top of a deck, with dashes around them or without") {
  for (const char* text : {"slidenumbers: true\nfooter: Kafka, *alive*\n\n# One\n",
                           "---\nslidenumbers: true\nfooter: Kafka, *alive*\n---\n# One\n",
                           "\n\nslidenumbers: true\nfooter: Kafka, *alive*\n# One\n"}) {
    const Deck deck = deck_of(text);
    REQUIRE(deck.settings.size() == 2);
    REQUIRE(deck.slides.size() == 1);
    CHECK(deck.is_on(deck.slides[0], "slidenumbers"));
    CHECK(deck.setting(deck.slides[0], "footer") == "Kafka, *alive*");
    CHECK(deck.slides[0].title() == "One");
  }
  // Words with a colon are words.
  CHECK(deck_of("note: this is the first sentence\n").settings.empty());
  CHECK(slide_of("note: this is the first sentence\n").title() == "note: this is the first sentence");
}

TEST_CASE("a slide says for itself what the deck says for all") {
  const Deck deck = deck_of("slidenumbers: true\n\none\n\n---\n[.slidenumbers: false]\n[.header: #FFFFFF, Inter]\ntwo\n");
  REQUIRE(deck.slides.size() == 2);
  CHECK(deck.is_on(deck.slides[0], "slidenumbers"));
  CHECK_FALSE(deck.is_on(deck.slides[1], "slidenumbers"));
  CHECK(deck.setting(deck.slides[1], "header") == "#FFFFFF, Inter");
  CHECK(deck.setting(deck.slides[0], "header").empty());
}

TEST_CASE("notes go on to the next empty line, in whatever language") {
  const Slide slide = slide_of("## Log\n\n^\nfällig für Übung\n- fully managed\n\n^ another\n\nwords\n");
  REQUIRE(slide.notes.size() == 2);
  CHECK(slide.notes[0] == "fällig für Übung\n- fully managed");
  CHECK(slide.notes[1] == "another");
  // A line that an editor has broken goes on; a short one ends on purpose, in a handout as well.
  const std::string long_line(60, 'x');
  const Slide broken = slide_of("a\n\n^ " + long_line + " and\n überlegungen go on\nkeywords\nmore\n");
  REQUIRE(broken.notes.size() == 1);
  CHECK(broken.notes[0] == long_line + " and überlegungen go on\nkeywords\nmore");
  const std::vector<SlideBlock> blocks = notes_of(broken).blocks;
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].lines.size() == 3);
  REQUIRE(slide.blocks.size() == 2);
  CHECK(all_of(slide.blocks[1].lines) == "words");
  CHECK(slide_of("a\n\n^offenkundig\n").notes.front() == "offenkundig");
}

TEST_CASE("pictures stand where their words say") {
  const Slide slide = slide_of(
      "![](img/kafka.gif)\n![fit](a.jpg)\n![original](b.gif)\n\n# Title\n\n![inline fit](c.png)\n![inline 40%](my picture.png)\n\n"
      "![left](d.png)\n![right 50% The leader](e.png)\n");
  REQUIRE(slide.images.size() == 7);
  using Place = SlideImage::Place;
  using Size = SlideImage::Size;
  CHECK(slide.images[0].path == "img/kafka.gif");
  CHECK(slide.images[0].place == Place::ground);
  CHECK(slide.images[0].size == Size::fill);
  CHECK(slide.images[1].size == Size::fit);
  CHECK(slide.images[2].original);
  CHECK_FALSE(slide.images[1].original);
  CHECK(slide.images[3].place == Place::among);
  CHECK(slide.images[3].size == Size::fit);
  CHECK(slide.images[3].before == 1);  // after the title
  CHECK(slide.images[4].path == "my picture.png");
  CHECK(slide.images[4].size == Size::percent);
  CHECK(slide.images[4].percent == 40);
  CHECK(slide.images[5].place == Place::left);
  CHECK(slide.images[6].place == Place::right);
  CHECK(slide.images[6].about == "The leader");
  CHECK(slide.images[6].line == 11);
  // Pictures alone make no paragraphs.
  CHECK(slide.blocks.size() == 1);
  CHECK(slide_of("![inline The log](x.png)\n").title() == "The log");
}

TEST_CASE("lists keep their depth and numbers, and are built up if they are to be") {
  const Deck deck = deck_of("build-lists: true\n\n- a\n- b **c**\n  - deeper\n- d\n\n3. x\n4. y\n\n---\n[.build-lists: false]\n- e\n");
  REQUIRE(deck.slides.size() == 2);
  const std::vector<SlideBlock>& blocks = deck.slides[0].blocks;
  REQUIRE(blocks.size() == 2);
  REQUIRE(blocks[0].items.size() == 4);
  CHECK(blocks[0].items[2].depth == 1);
  CHECK(all_of(blocks[0].items[1].lines) == "b c");
  CHECK(blocks[0].items[0].number == 0);
  REQUIRE(blocks[1].items.size() == 2);
  CHECK(blocks[1].items[0].number == 3);
  CHECK(blocks[1].items[1].number == 4);
  CHECK(deck.builds(deck.slides[0]) == 5);  // what lies deeper comes with what it lies in
  CHECK(deck.builds(deck.slides[1]) == 0);
}

TEST_CASE("quotes have authors, tables have heads, links lead somewhere") {
  const Slide slide = slide_of(
      "> The log is the *truth*\n-- Somebody\n\n| acks | lost |\n|:--|--:|\n| 1 | **some** |\n\n"
      "[docs](https://kafka.apache.org) &amp; more\n");
  REQUIRE(slide.blocks.size() == 3);
  CHECK(slide.blocks[0].kind == Kind::quote);
  CHECK(all_of(slide.blocks[0].lines) == "The log is the truth");
  CHECK(plain(slide.blocks[0].author) == "Somebody");
  CHECK(slide.blocks[1].kind == Kind::table);
  REQUIRE(slide.blocks[1].rows.size() == 2);
  CHECK(plain(slide.blocks[1].rows[0][1]) == "lost");
  CHECK(slide.blocks[1].rows[1][1].front().strong);
  CHECK(slide.blocks[1].aligns == std::vector<CellAlign>{CellAlign::left, CellAlign::right});
  CHECK(slide.blocks[2].lines.front().front().link == "https://kafka.apache.org");
  CHECK(all_of(slide.blocks[2].lines) == "docs & more");
}

TEST_CASE("columns stand beside each other, below what stands before the first") {
  const Slide slide = slide_of("# Two\n\n[.column]\nleft\n\n[.column]\nright\n");
  CHECK(slide.columns == 2);
  REQUIRE(slide.blocks.size() == 3);
  CHECK(slide.blocks[0].column == -1);
  CHECK(slide.blocks[1].column == 0);
  CHECK(slide.blocks[2].column == 1);
}

TEST_CASE("what is not known is left out, and reported once, with what was probably meant") {
  const DeckResult result = parse_deck(
      "slidenumbers: true\nshout: loud\n\n[.backgroud-color: #FFFFFF]\n# One\n\n---\n[.backgroud-color: #000000]\n"
      "<font>two</font> <font>x</font>\n\n^\n",
      "talk.md");
  REQUIRE(result.deck);
  CHECK(result.deck->slides.size() == 2);
  std::vector<std::string> said;
  for (const Problem& each : result.problems) said.push_back(to_text(each));
  REQUIRE(said.size() == 4);
  CHECK(said[0].find("talk.md:2:") == 0);
  CHECK(said[0].find("'shout'") != std::string::npos);
  CHECK(said[1].find("talk.md:4:") == 0);
  CHECK(said[1].find("did you mean 'background-color'?") != std::string::npos);
  CHECK(said[2].find("<font>") != std::string::npos);
  CHECK(said[3].find("there is no text in it") != std::string::npos);
  CHECK(result.deck->slides[1].notes.empty());
  CHECK(all_of(result.deck->slides[1].blocks.front().lines) == "two x");
}

TEST_CASE("what is no deck is one sentence") {
  CHECK(why_not("").find("is empty") != std::string::npos);
  CHECK(why_not(" \n\t\n").find("is empty") != std::string::npos);
  CHECK(why_not(std::string("\x89PNG\r\n\x1a\n\0\0", 10)).find("is no UTF-8 text") != std::string::npos);
  CHECK(why_not(std::string("abc\0def", 7)).find("is no UTF-8 text") != std::string::npos);
  CHECK(why_not(std::string(kMaxDeckBytes + 1, 'a')).find("too large") != std::string::npos);
  CHECK(why_not("---\n\n---\n").find("no slide") != std::string::npos);
  const DeckResult folder = load_deck("/");
  CHECK_FALSE(folder.deck);
  REQUIRE(folder.problems.size() == 1);
  CHECK(folder.problems.front().what.find("folder") != std::string::npos);
  CHECK(load_deck("/nowhere/talk.md").problems.size() == 1);
}

TEST_CASE("line ends of other systems, and a mark at the beginning, change nothing") {
  const std::string text = "footer: x\n\n# One\n\n^ note\n\n---\n\n- a\n- b\n";
  std::string other = "\xEF\xBB\xBF";
  for (char each : text) other += each == '\n' ? std::string("\r\n") : std::string(1, each);
  const Deck one = deck_of(text), two = deck_of(other);
  REQUIRE(one.slides.size() == two.slides.size());
  CHECK(two.slides[0].notes == one.slides[0].notes);
  CHECK(two.slides[0].title() == one.slides[0].title());
  CHECK(two.slides[1].blocks.front().items.size() == 2);
  CHECK(two.settings == one.settings);
}

TEST_CASE("decks that a cat has walked over are read, or refused") {
  const std::string whole =
      "slidenumbers: true\n\n# [fit] A **b** *c* <sub>d</sub>\n\n> q -- r\n\n"
      "- a\n  - b\n    > c\n\n      ```sh\n      x\n      ```\n- # d\n\n  e\n\n"
      "| a | b |\n|--|:-:|\n| 1 | ![inline](x y.png) |\n\n[.column]\n![left 40%](a.png)\n^ n\n\n---\n~~~\n---\n~~~\n1. x<br>y\n2. [z](q)\n";
  std::uint64_t draw = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = whole;
    for (int i = 0; i < 1 + round % 7; ++i) {
      draw = mix(draw, static_cast<std::uint64_t>(round * 7 + i));
      const std::size_t at = draw % text.size(), length = draw / 7919 % 9;
      if (draw / 13 % 3 == 0) text.erase(at, length);
      else if (draw / 13 % 3 == 1) text.insert(at, text.substr(draw / 31 % text.size(), length));
      else text[at] = "\n#*-`>|<[]!^: \t"[draw / 101 % 15];
      if (text.empty()) text = "-";
    }
    const DeckResult result = parse_deck(text, "talk.md");
    CHECK((result.deck.has_value() || result.problems.size() == 1));
    if (!result.deck) continue;
    for (const Slide& slide : result.deck->slides) {
      for (const SlideImage& image : slide.images) CHECK(image.before <= slide.blocks.size());
      for (const SlideBlock& block : slide.blocks) CHECK(block.column < slide.columns);
    }
  }
}

}  // namespace nutshell
