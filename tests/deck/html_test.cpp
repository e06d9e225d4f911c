// A deck as one page of HTML.
#include "sim/deck/html.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "sim/deck/html_parts.h"
#include "tests/deck/written.h"

namespace nutshell {

using testing::letters;
using testing::written;

namespace {

const std::string kNearlyPng("\x89PNG\r\n\x1a\n and so on", 18);

HtmlRoom room_with(const HtmlImage& image, bool living = false) {
  HtmlRoom room;
  room.width = letters;
  room.facts = [=](const SlideImage&) { return PictureFacts{living, image.file.empty() ? 0.0F : 400.0F, 300}; };
  room.image = [=](const SlideImage&) { return image; };
  return room;
}
std::string page(const std::string& text, const HtmlRoom& room = room_with({})) { return to_html(written(text), room); }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}
bool has_part(const std::string& text, const std::string& part) { return count(text, part) > 0; }

// What stands between the tags of the slides, without the script.
std::string words_of(const std::string& html) {
  std::string words;
  const std::size_t begin = html.find("<main>"), end = html.find("</main>");
  bool in_tag = false;
  for (std::size_t i = begin; i < end; ++i) {
    if (html[i] == '<') in_tag = true, words += ' ';
    else if (html[i] == '>') in_tag = false;
    else if (!in_tag) words += html[i];
  }
  return words;
}

}  // namespace

TEST_CASE("bytes become an address that holds them, by the vectors of RFC 4648") {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, address] : vectors) CHECK(data_address(bytes) == "data:application/octet-stream;base64," + address);
  CHECK(data_address(std::string("\xFF\xD8\xFF", 3)) == "data:image/jpeg;base64,/9j/");
  CHECK(data_address(kNearlyPng).starts_with("data:image/png;base64,iVBORw0KGgo"));
}

TEST_CASE("a page shows words as they are, whatever HTML would make of them") {
  const std::string html = page("# <script>alert(1)</script> & \"so\"\n\n`a<b` [here](javascript:alert(1)) "
                                "[there](https://kafka.apache.org) [up](#s1)\n");
  CHECK_FALSE(has_part(html, "<script>alert"));
  CHECK(has_part(html, "<code>a&lt;b</code>"));
  CHECK_FALSE(has_part(html, "javascript:"));
  CHECK(has_part(html, "here"));
  CHECK(has_part(html, "<a href=\"https://kafka.apache.org\">there</a>"));
  CHECK(has_part(html, "<a href=\"#s1\">up</a>"));
}

TEST_CASE("a page asks nothing of a network, and holds its pictures") {
  const std::string html = page("![inline](a.png)\n\n---\n\n![](b.png)\n\n# Words\n",
                                room_with({kNearlyPng, "", "what is \"seen\"", "", "", ""}));
  CHECK(count(html, "src=\"") == 2);
  CHECK(count(html, "src=\"data:image/png;base64,") == 2);
  CHECK(count(html, "alt=\"what is &quot;seen&quot;\"") == 2);
  for (const char* part : {"<link", "@import", "url(", "fetch(", "XMLHttp"}) CHECK_MESSAGE(!has_part(html, part), part);
}

TEST_CASE("a picture that is not there is a sign with its name and the reason") {
  HtmlImage none;
  none.problem = "is <not> there";
  const std::string html = page("![inline](img/lost.png)\n", room_with(none));
  CHECK(has_part(html, "<div class=\"missing\">img/lost.png<br><small>is &lt;not&gt; there</small></div>"));
  CHECK_FALSE(has_part(html, "<img"));
}

TEST_CASE("a figure begins on the slide, and ends beside the notes until the script takes it there") {
  const std::string html = page("# One\n\n![inline fit](a.png)\n\n^ Say.\n",
                                room_with({kNearlyPng, kNearlyPng, "", "Who?\nA) I", "Nobody", ""}, true));
  const std::size_t face = html.find("class=\"face"), notes = html.find("<aside class=\"notes\">");
  CHECK(html.find("Who?\nA) I") > face);
  CHECK(html.find("Who?\nA) I") < notes);
  CHECK(html.find("<figure class=\"end\" data-of=\"0\">") > notes);
  CHECK(html.find("Nobody") > notes);
  // Whoever does not see it is told what has become of it, else what it is.
  CHECK(has_part(html, "alt=\"Nobody\""));
  const std::string silent = page("![inline](a.png)\n", room_with({kNearlyPng, kNearlyPng, "three wires", "", "", ""}, true));
  CHECK(count(silent, "alt=\"three wires\"") == 2);
  // Without notes too there is a place for it.
  const std::string bare = page("![inline](a.png)\n", room_with({kNearlyPng, kNearlyPng, "", "", "", ""}, true));
  CHECK(has_part(bare, "<aside class=\"notes\"><figure class=\"end\""));
}

TEST_CASE("lines of a list that are built are numbered, and lists in lists are closed") {
  const std::string text = "- a\n- b\n    - c\n        - d\n- e\n\n1. x\n2. y\n";
  const std::string html = page("[.build-lists: true]\n\n" + text);
  for (const char* part : {"data-build=\"1\">a", "data-build=\"2\">b", "data-build=\"3\">e", "data-build=\"4\">x", "data-build=\"5\">y"})
    CHECK_MESSAGE(has_part(html, part), part);
  CHECK_FALSE(has_part(page(text), "data-build=\""));
  for (const std::string tag : {"ul", "ol", "li"})
    CHECK_MESSAGE(count(html, "<" + tag + ">") + count(html, "<" + tag + " ") == count(html, "</" + tag + ">"), tag);
  CHECK(has_part(html, "<li data-build=\"2\">b<ul><li>c<ul><li>d</li></ul></li></ul></li><li data-build=\"3\">e</li></ul>"));
}

TEST_CASE("notes are Markdown, stand below their slide, and the page says its language") {
  const std::string text = "# Kafka\n\n^ **Sagen.** Für `alle`.\nUnd noch.\n\n^ Zweite\n";
  const std::string html = to_html(written(text, "talk.de.md"), room_with({}));
  CHECK(has_part(html, "<html lang=\"de\">"));
  CHECK(has_part(html, "<title>Kafka</title>"));
  CHECK(has_part(html, "<p><strong>Sagen.</strong> Für <code>alle</code>."));
  CHECK(has_part(html, "<p>Zweite</p></aside>"));
  CHECK(has_part(page("x\n"), "<html lang=\"en\">"));
}

TEST_CASE("colours, numbers and the footer are those that the deck asks for") {
  const std::string html = page("slidenumbers: true\nfooter: a & b\n\n"
                                "[.background-color: #0E1217]\n[.header: #FFFFFF]\n\n# Dark\n\n---\n\n[.hide-footer]\n# Light\n");
  CHECK(has_part(html, "--ground:#0E1217;"));
  CHECK(has_part(html, "--head:#FFFFFF;"));
  CHECK(has_part(html, "<span>a &amp; b</span><span>1</span>"));
  CHECK(has_part(html, "<span></span><span>2</span>"));
}

TEST_CASE("every word of the decks that come with the program is on their page") {
  for (const char* name : {"kafka-in-a-nutshell.md", "kafka-in-a-nutshell.de.md"}) {
    const DeckResult read = load_deck(std::string(NUTSHELL_SOURCE_DIR) + "/slides/" + name);
    REQUIRE(read.deck.has_value());
    const std::string words = words_of(to_html(*read.deck, room_with({kNearlyPng, "", "", "", "", ""})));
    std::size_t seen = 0;
    for (const Slide& slide : read.deck->slides) {
      for (const SlideBlock& block : slide.blocks) {
        for (const SlideLine& line : block.lines) {
          for (const SlideText& each : line) {
            CHECK_MESSAGE(has_part(words, escaped(each.text)), each.text);
            ++seen;
          }
        }
      }
    }
    CHECK(seen > 150);
    CHECK(count(words, "\n") > read.deck->slides.size());
  }
}

TEST_CASE("whatever became of a deck, its page is whole: as many slides, every tag closed, nothing from the deck that runs") {
  std::ifstream in(std::string(NUTSHELL_SOURCE_DIR) + "/slides/kafka-in-a-nutshell.md", std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  REQUIRE(text.size() > 1000);
  text.resize(9000);
  const std::vector<std::string> pieces = {"---\n", "<script>", "</section>", "![](", "](javascript:x)", "```",
                                           "**",    "|",        "\n^",        "[.column]\n", "> ",           "- "};
  std::uint64_t state = 1;
  const auto draw = [&](std::size_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state >> 33) % below;
  };
  for (int round = 0; round < 60; ++round) {
    std::string changed = text;
    for (int i = 0; i < 12; ++i) changed.insert(draw(changed.size()), pieces[draw(pieces.size())]);
    const DeckResult read = parse_deck(changed, "talk.md");
    if (!read.deck) continue;
    const std::string html = to_html(*read.deck, room_with({}));
    const std::string main = html.substr(html.find("<main>"), html.find("</main>") - html.find("<main>"));
    REQUIRE(count(main, "<section ") == read.deck->slides.size());
    REQUIRE(count(main, "</section>") == read.deck->slides.size());
    REQUIRE_FALSE(has_part(main, "<script"));
    REQUIRE_FALSE(has_part(main, "=\"javascript:"));
    for (const std::string tag : {"div", "ul", "li", "pre", "code", "strong", "table", "blockquote", "figure"})
      REQUIRE_MESSAGE(count(main, "<" + tag + ">") + count(main, "<" + tag + " ") == count(main, "</" + tag + ">"), tag);
  }
}

}  // namespace nutshell
