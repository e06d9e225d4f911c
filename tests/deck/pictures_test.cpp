#include "sim/deck/pictures.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "sim/deck/read_deck.h"

namespace nutshell {
namespace {

// A folder of this run, with files in it.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "nutshell-deck-test") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& bytes) { std::ofstream(path_ / name, std::ios::binary) << bytes; }
  void make(const std::string& name) { std::filesystem::create_directory(path_ / name); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

const std::string kPng = "\x89PNG\r\n\x1a\n....";

}  // namespace

TEST_CASE("pictures are known by how they begin") {
  CHECK(picture_kind(kPng) == PictureKind::png);
  CHECK(picture_kind("\xFF\xD8\xFF\xE0") == PictureKind::jpeg);
  CHECK(picture_kind("GIF89a...") == PictureKind::gif);
  CHECK(picture_kind("<?xml version=\"1.0\"?><svg width=\"1\">") == PictureKind::svg);
  CHECK(picture_kind("hello") == PictureKind::none);
  CHECK(picture_kind("") == PictureKind::none);
}

TEST_CASE("a picture that cannot be shown is named with its line, and one that lives needs no file") {
  Folder folder;
  folder.write("good.png", kPng);
  folder.write("words.png", "no picture");
  folder.write("empty.gif", "");
  folder.make("folder.png");
  folder.write("fine.svg", "<svg width=\"1\" xmlns=\"http://www.w3.org/2000/svg\"><a href=\"https://example.org\"/></svg>");
  folder.write("drawn.svg", "<svg width=\"1\"><image href=\"photo.png\"/></svg>");
  folder.write("talk.md",
               "![](good.png)\n\n---\n![inline](words.png)\n\n---\n![](empty.gif)\n\n---\n![](folder.png)\n\n---\n![](missing.png)\n\n---\n"
               "![](https://example.org/x.png)\n\n---\n![](drawn.svg)\n\n---\n![inline](img/topics_1.png)\n\n---\n![](fine.svg)\n");
  const DeckResult read = load_deck(folder.file("talk.md"));
  REQUIRE(read.deck);
  CHECK(read.problems.empty());
  DeckFigure alive;
  alive.image = "topics_1.png";
  const std::vector<Problem> problems = check_pictures(*read.deck, {alive});
  REQUIRE(problems.size() == 6);
  const auto is = [&](std::size_t which, int line, const std::string& part) {
    CHECK(problems[which].line == line);
    CHECK_MESSAGE(problems[which].what.find(part) != std::string::npos, problems[which].what);
  };
  is(0, 4, "no PNG");
  is(1, 7, "is empty");
  is(2, 10, "is a folder");
  is(3, 13, "is not there");
  is(4, 16, "network");
  is(5, 19, "needs 'photo.png'");
}

TEST_CASE("an SVG that needs what is not in it is not drawn, and says what that is") {
  const auto in_svg = [](const std::string& inside) { return svg_problem("<svg>" + inside + "</svg>"); };
  for (const char* fine : {"<rect fill='url(#shade)'/>", "<use xlink:href = \"#box\"/>", "<image href='data:image/png;base64,AAAA'/>",
                           "<a xlink:href='https://example.org'><text>a link</text></a>"}) {
    CAPTURE(fine);
    CHECK(in_svg(fine) == "");
  }
  CHECK(in_svg("<image xlink:href='file:///a/b'/>") == "is an SVG that needs 'file:///a/b', which is not in it; put it inside");
  CHECK(in_svg("<use href=\n\"other.svg#box\"/>").find("'other.svg#box'") != std::string::npos);
  CHECK(in_svg("<rect style=\"fill: url( 'http://example.org/x' )\"/>").find("'http://example.org/x'") != std::string::npos);
  CHECK(in_svg("<style>@import 'a.css';</style>").find("style from elsewhere") != std::string::npos);
  CHECK(svg_problem("<?xml-stylesheet href='a.css'?><svg/>").find("style from elsewhere") != std::string::npos);
  CHECK(svg_problem("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>").find("entities") != std::string::npos);
  CHECK(svg_problem("<svg>" + std::string(std::size_t{5} << 20, ' ') + "</svg>") == "is an SVG larger than 4 MiB; save it as PNG");
}

TEST_CASE("the map of a deck says what its figures are, and every mistake in it is named") {
  CHECK(figure_map_of("talk.md") == "talk.figures.json");
  CHECK(figure_map_of("a.b/talk") == "a.b/talk.figures.json");
  CHECK(figure_map_of("talk.de.md") == "talk.figures.json");
  CHECK(figure_map_of("talk.part2.md") == "talk.part2.figures.json");
  const FigureMapResult good = parse_figure_map(R"({
    "topics_1.png": {"scenario": "one-consumer", "at": "15s", "until": "30s", "plays": true, "view": "both", "select": "broker 1"},
    "img/log.gif": {"scenario": "the-log", "beat": 3}
  })", "talk.figures.json");
  CHECK(good.problems.empty());
  REQUIRE(good.figures.size() == 2);
  const DeckFigure* topics = find_figure(good.figures, "img/topics_1.png");
  REQUIRE(topics);
  CHECK(topics->at == 15 * kSecond);
  CHECK(topics->until == 30 * kSecond);
  CHECK(topics->plays);
  CHECK(topics->view == "both");
  CHECK(topics->line == 2);
  REQUIRE(find_figure(good.figures, "img/log.gif"));
  CHECK(find_figure(good.figures, "img/log.gif")->beat == 3U);
  CHECK_FALSE(find_figure(good.figures, "log.gif"));
  const FigureMapResult bad = parse_figure_map(R"({
    "a.png": {"at": "15s"},
    "b.png": {"scenario": "x", "at": "20s", "until": "10s"},
    "c.png": {"scenario": "x", "at": "1s", "beat": 2},
    "d.png": {"scenario": "x", "view": "stge"},
    "e.png": {"scenario": "x", "plays": "yes"},
    "f.png": {"scenario": "x", "moves": true},
    "g.png": 3,
    "h.png": {"scenario": "x"}
  })", "talk.figures.json");
  CHECK(bad.figures.size() == 1);
  CHECK(bad.problems.size() == 7);
  for (std::size_t i = 0; i < bad.problems.size(); ++i) CHECK(bad.problems[i].line == static_cast<std::int32_t>(i + 2));
  for (const char* text : {"", "[]", "{", "3", "\xFF"}) CHECK(parse_figure_map(text, "x").problems.size() == 1);
  CHECK(load_figure_map("/nowhere/talk.figures.json").problems.empty());
}

}  // namespace nutshell
