// The pictures of a deck's living figures, and decks for those who have no Nutshell.
#include <doctest/doctest.h>
#include <stb/stb_image.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/command/program.h"
#include "tests/viz/display.h"

namespace nutshell::testing {
namespace {

namespace fs = std::filesystem;

const std::string kMap = R"({
  "here.png": {"scenario": "one-consumer", "beat": 2, "plays": true, "until": "8s", "light": true, "select": "c1"},
  "img/paths.png": {"scenario": "leader-failover", "at": "13s", "view": "space-time"}})";

// A folder with a deck of two figures; returns the deck.
std::string deck_with_figures(const std::string& name, const std::string& map = kMap) {
  const fs::path folder = fs::path(write_file(name + ".here", "")).parent_path() / name;
  fs::create_directories(folder);
  std::ofstream(folder / "talk.md") << "# One\n\n![inline fit](img/here.png)\n\n---\n\n# Two\n\n![inline](img/paths.png)\n";
  if (!map.empty()) std::ofstream(folder / "talk.figures.json") << map;
  return (folder / "talk.md").string();
}

struct Pixels {
  int width = 0, height = 0;
  std::vector<std::uint32_t> corner;  // of the ground: the upper left pixel
  std::string bytes;
};

Pixels pixels_of(const fs::path& file) {
  Pixels found;
  unsigned char* data = stbi_load(file.c_str(), &found.width, &found.height, nullptr, 3);
  REQUIRE_MESSAGE(data, file.string(), " is no picture");
  found.corner = {static_cast<std::uint32_t>(data[0] << 16 | data[1] << 8 | data[2])};
  found.bytes.assign(data, data + 3 * found.width * found.height);
  stbi_image_free(data);
  return found;
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// One sentence, and the exit code.
void refused(const std::vector<std::string>& words, int exit_code, const std::string& part) {
  const Result result = run(words);
  CHECK_MESSAGE(result.exit_code == exit_code, result.out, result.err);
  CHECK_MESSAGE(says(result.err, part), result.err);
  CHECK_MESSAGE(result.err.find('\n') == result.err.size() - 1, result.err);
}

}  // namespace

TEST_CASE("stills draws each figure of the map where the deck looks for it, at its moment, light or dark as the map says") {
  const std::string deck = deck_with_figures("stills");
  const fs::path folder = fs::path(deck).parent_path() / "img";
  const Result result = run({"slides", "stills", deck, "--size", "800x500", "--scale", "100", "--ends"});
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK_MESSAGE(says(result.out, "3 drawn."), result.out);
  const Pixels begins = pixels_of(folder / "here.png"), ends = pixels_of(folder / "here.end.png"), paths = pixels_of(folder / "paths.png");
  CHECK(begins.width == 800);
  CHECK(begins.height == 500);
  CHECK(begins.corner.front() == 0xFBFAF6);  // the stage in a light room
  CHECK(paths.corner.front() != 0xFBFAF6);
  CHECK(begins.bytes != ends.bytes);
  CHECK_FALSE(fs::exists(folder / "paths.end.png"));
}

TEST_CASE("stills keeps pictures that are there, and draws the same ones when it is forced to") {
  const std::string deck = deck_with_figures("kept");
  const fs::path folder = fs::path(deck).parent_path() / "img";
  fs::create_directories(folder);
  std::ofstream(folder / "here.png") << "mine";
  const std::vector<std::string> draw = {"slides", "stills", deck, "--size", "800x500", "--dark"};
  const Result result = run(draw);
  CHECK_MESSAGE(says(result.out, "1 drawn, 1 kept that were there: --force draws them again."), result.out);
  CHECK(fs::file_size(folder / "here.png") == 4);
  std::vector<std::string> forced = draw;
  forced.emplace_back("--force");
  CHECK(run(forced).exit_code == 0);
  const Pixels once = pixels_of(folder / "here.png");
  CHECK(once.corner.front() != 0xFBFAF6);
  CHECK(run(forced).exit_code == 0);
  CHECK(pixels_of(folder / "here.png").bytes == once.bytes);
}

TEST_CASE("a figure that cannot be drawn is named, and the others are drawn") {
  const std::string deck = deck_with_figures("half", R"({
    "here.png": {"scenario": "one-consumer", "beat": 999}, "img/paths.png": {"scenario": "leader-failover", "at": "13s"}})");
  const Result result = run({"slides", "stills", deck, "--size", "640x400"});
  CHECK(result.exit_code == 1);
  CHECK_MESSAGE(says(result.out, "here.png: "), result.out);
  CHECK_MESSAGE(says(result.out, "1 drawn, 1 could not be drawn."), result.out);
}

TEST_CASE("stills says in one sentence what is in the way, and leaves nothing half written") {
  const std::string deck = deck_with_figures("barred"), bare = deck_with_figures("bare", "");
  const std::string file = write_file("a-file", "x");
  refused({"slides", "stills", deck, "--out", file}, 3, file);
  CHECK(fs::file_size(file) == 1);
  refused({"slides", "stills", deck, "--out", "/proc/nowhere"}, 3, "/proc/nowhere");
  refused({"slides", "stills", bare}, 2, "bare/talk.figures.json");
  refused({"slides", "stills", "nowhere.md"}, 2, "nowhere.md");
  refused({"slides", "stills", deck, "--size", "12"}, 2, "--size");
  refused({"slides", "stills", deck, "--scale", "9000"}, 2, "--scale");
  refused({"slides", "stills", deck, "--light", "--dark"}, 2, "--light");
}

TEST_CASE("export makes one page of HTML, with figures where they begin and where they end") {
  const std::string deck = deck_with_figures("page"), page = deck + ".html";
  const Result result = run({"slides", "export", deck, "--html", "--out", page});
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  std::ifstream in(page, std::ios::binary);
  const std::string html((std::istreambuf_iterator<char>(in)), {});
  std::size_t pictures = 0;
  const std::string picture = "src=\"data:image/png;base64,";
  for (std::size_t at = html.find(picture); at != std::string::npos; at = html.find(picture, at + 1)) ++pictures;
  CHECK(pictures == 3);
  // It asks nothing of a network: whatever it shows or runs is in it.
  for (const char* part : {"<link", "@import", "url(", "fetch(", "XMLHttp", "<script src", "http:", "https:"})
    CHECK_MESSAGE(html.find(part) == std::string::npos, part);
  std::size_t sources = 0;
  for (std::size_t at = html.find("src=\""); at != std::string::npos; at = html.find("src=\"", at + 1)) ++sources;
  CHECK(sources == pictures);
  CHECK_MESSAGE(says(html, "<figcaption>"), "the question stands below the figure");
  refused({"slides", "export", deck, "--html", "--out", page}, 3, "--force");
  CHECK(run({"slides", "export", deck, "--html", "--out", page, "--force"}).exit_code == 0);
  std::ifstream again(page, std::ios::binary);
  CHECK(html == std::string((std::istreambuf_iterator<char>(again)), {}));
}

TEST_CASE("export makes a PDF whose words can be read, a page a slide and one for each end, or a handout with notes") {
  const std::string deck = deck_with_figures("pdf");
  std::ofstream(deck, std::ios::app) << "\n---\n\n# Grüße\n\n[Kafka](https://kafka.apache.org)\n\n^ Nur für mich.\n";
  const std::string slides = deck + ".pdf", handout = deck + ".handout.pdf", text = deck + ".txt";
  REQUIRE(run({"slides", "export", deck, "--pdf", "--out", slides}).exit_code == 0);
  REQUIRE(run({"slides", "export", deck, "--pdf", "--handout", "--out", handout}).exit_code == 0);
  if (!is_installed("pdftotext")) {
    MESSAGE("pdftotext is not installed: nothing has been read back");
    return;
  }
  const auto read = [&](const std::string& pdf) {
    REQUIRE(wait_for(start({"pdftotext", pdf, text}), 100) == 0);
    std::ifstream in(text, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(in)), {});
  };
  const auto pages = [](const std::string& words) { return std::count(words.begin(), words.end(), '\f'); };
  const std::string shown = read(slides), given = read(handout);
  CHECK(pages(shown) == 4);
  CHECK(says(shown, "Grüße"));
  CHECK_FALSE(says(shown, "Nur für mich."));
  CHECK(pages(given) == 2);
  CHECK(says(given, "Nur für mich."));
}

TEST_CASE("export makes pictures, one a slide or one a press") {
  const std::string deck = deck_with_figures("frames");
  std::ofstream(deck, std::ios::app) << "\n---\n\n[.build-lists: true]\n- a\n- b\n";
  const fs::path folder = fs::path(deck).parent_path() / "frames";
  REQUIRE(run({"slides", "export", deck, "--png", "--size", "800x450", "--out", folder.string()}).exit_code == 0);
  const Pixels last = pixels_of(folder / "talk-003.png");
  CHECK(last.width == 800);
  CHECK(last.height == 450);
  const Result result = run({"slides", "export", deck, "--png", "--builds", "--size", "800x450", "--out", folder.string()});
  CHECK_MESSAGE(says(result.out, "wrote 6 pictures"), result.out, result.err);
  CHECK(pixels_of(folder / "talk-003-2.png").bytes == last.bytes);
  CHECK(pixels_of(folder / "talk-003-0.png").bytes != last.bytes);
  CHECK(pixels_of(folder / "talk-001-0.png").bytes != pixels_of(folder / "talk-001-1.png").bytes);
}

TEST_CASE("export says in one sentence what is in the way, and leaves nothing behind") {
  const std::string deck = deck_with_figures("no-export"), file = write_file("in-the-way", "x");
  const std::vector<std::string> words = {"slides", "export", deck};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  refused(words, 2, "--html");
  refused(with({"--html", "--pdf"}), 2, "--html");
  refused(with({"--html", "--handout"}), 2, "--handout");
  refused(with({"--pdf", "--out", file + "/talk.pdf"}), 3, file);
  refused(with({"--pdf", "--force", "--out", "/dev/full"}), 3, "/dev/full");
  CHECK(fs::is_character_file("/dev/full"));
  refused(with({"--html", "--out", "/proc/talk.html"}), 3, "/proc/talk.html");
  refused({"slides", "export", "nowhere.md", "--pdf"}, 2, "nowhere.md");
  CHECK(fs::file_size(file) == 1);
}

}  // namespace nutshell::testing
