// Pictures of slides, and decks with something wrong in them: one sentence each, and the rest plays.
#include <doctest/doctest.h>
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "tests/command/program.h"
#include "tests/viz/hall.h"
#include "viz/app/talks.h"
#include "viz/slides/picture_shelf.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// A picture of one grey, of that size.
std::string png(const std::string& name, int width, int height) {
  const std::string path = write_file(name, "");
  const std::vector<unsigned char> grey(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 128);
  REQUIRE(stbi_write_png(path.c_str(), width, height, 3, grey.data(), width * 3) != 0);
  return path;
}

// 2 x 2 pixels, black and then white, 50 ms and 70 ms: written by hand from the description of the format.
std::string gif_bytes() {
  const unsigned char bytes[] = {'G', 'I', 'F', '8', '9', 'a', 2, 0, 2, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255,
                                 0x21, 0xF9, 4, 0, 5, 0, 0, 0, 0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 2, 0x84, 0x51, 0,
                                 0x21, 0xF9, 4, 0, 7, 0, 0, 0, 0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 2, 0x8C, 0x53, 0, 0x3B};
  return std::string(reinterpret_cast<const char*>(bytes), sizeof bytes);
}

// Of the picture's pixels, how many have this colour.
int count(const std::string& path, int red, int green, int blue) {
  int width = 0, height = 0, found = 0;
  unsigned char* pixels = stbi_load(path.c_str(), &width, &height, nullptr, 3);
  REQUIRE(pixels);
  for (int i = 0; i < width * height; ++i) found += pixels[3 * i] == red && pixels[3 * i + 1] == green && pixels[3 * i + 2] == blue;
  stbi_image_free(pixels);
  return found;
}

std::string name_of(const std::string& path) { return std::filesystem::path(path).filename().string(); }

}  // namespace

TEST_CASE("a picture is decoded; one larger than any screen is made smaller") {
  const DecodedPicture small = decode_picture(png("small.png", 40, 30));
  CHECK(small.problem == "");
  CHECK(small.width == 40);
  REQUIRE(small.frames.size() == 1);
  CHECK(small.frames[0].size() == std::size_t{40} * 30 * 4);
  CHECK(small.frames[0][0] == 128);
  const DecodedPicture large = decode_picture(png("large.png", 6000, 1000));
  CHECK(large.width == 2000);
  CHECK(large.height == 333);
  CHECK(large.frames[0][5] == 128);
  std::string problem;
  CHECK(picture_size(png("wide.png", 500, 20), problem).width == 500);
}

TEST_CASE("a GIF moves, frame by frame as long as each lasts") {
  const DecodedPicture gif = decode_picture(write_file("moves.gif", gif_bytes()));
  REQUIRE(gif.problem == "");
  REQUIRE(gif.frames.size() == 2);
  CHECK(gif.lasts == std::vector<Duration>{50 * kMillisecond, 70 * kMillisecond});
  const std::unique_ptr<Window> window = open_null_window(100, 100);
  PictureShelf shelf(*window);
  const std::string path = write_file("moves.gif", gif_bytes());
  shelf.want(path);
  shelf.settle();
  const auto first = shelf.show(path, 0), still = shelf.show(path, 49 * kMillisecond), second = shelf.show(path, 50 * kMillisecond);
  CHECK(first.moves);
  CHECK(first.texture != 0);
  CHECK(still.texture == first.texture);
  CHECK(second.texture != first.texture);
  CHECK(shelf.show(path, 120 * kMillisecond).texture == first.texture);
}

TEST_CASE("what is no picture has one sentence") {
  const auto problem = [](const std::string& path) { return decode_picture(path).problem; };
  CHECK(problem("/nowhere/at-all.png") == "is not there");
  CHECK(problem(std::filesystem::temp_directory_path().string()) == "is a folder");
  CHECK(problem(write_file("empty.png", "")) == "is empty");
  CHECK(problem(write_file("rubbish.png", std::string(5000, '\x07'))) == "is no PNG, JPEG, GIF or SVG");
  CHECK(problem("https://example.org/a.png") == "is on the network; keep it beside the deck");
  CHECK(problem(write_file("cut.gif", gif_bytes().substr(0, 30))) == "is broken");
  CHECK(problem(write_file("head.png", std::string("\x89PNG\r\n\x1a\n", 8) + "nothing")) == "is broken");
  // 60,000 x 60,000 pixels would be 14 GB.
  std::string vast("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0", 29);
  CHECK(problem(write_file("vast.png", vast + std::string(20, '\0'))) != "");
}

TEST_CASE("a picture of 50 MB is read, and one of more than 64 refused, without taking much memory for long") {
  const std::string path = png("heavy.png", 300, 200);
  std::ofstream(path, std::ios::binary | std::ios::app) << std::string(std::size_t{50} << 20, 'x');
  const DecodedPicture heavy = decode_picture(path);
  CHECK(heavy.problem == "");
  CHECK(heavy.bytes() == std::size_t{300} * 200 * 4);
  std::ofstream(path, std::ios::binary | std::ios::app) << std::string(std::size_t{20} << 20, 'x');
  CHECK(decode_picture(path).problem == "is larger than 64 MiB; make it smaller");
}

TEST_CASE("mutated pictures never end the program") {
  const std::string good = gif_bytes();
  std::ifstream in(png("seed.png", 30, 20), std::ios::binary);
  const std::string picture((std::istreambuf_iterator<char>(in)), {});
  int refused = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    std::string bytes = i % 2 == 0 ? good : picture;
    for (std::uint64_t change = 0; change < 1 + i % 4; ++change) {
      const std::uint64_t drawn = avalanche(i * 8 + change + 1);
      bytes[drawn % bytes.size()] = static_cast<char>(drawn >> 32);
    }
    if (i % 5 == 0) bytes.resize(bytes.size() / 2);
    const DecodedPicture decoded = decode_picture(write_file("mutant", bytes));
    refused += !decoded.problem.empty();
    CHECK(decoded.frames.empty() == !decoded.problem.empty());
  }
  CHECK(refused > 20);
}

TEST_CASE("the shelf keeps to its budget: what was shown longest ago goes, and comes again") {
  const std::unique_ptr<Window> window = open_null_window(100, 100);
  constexpr std::size_t kOne = std::size_t{200} * 100 * 4;
  PictureShelf shelf(*window, 3 * kOne);
  std::vector<std::string> paths;
  for (int i = 0; i < 8; ++i) paths.push_back(png("page" + std::to_string(i) + ".png", 200, 100));
  for (const std::string& each : paths) {
    shelf.turn();
    shelf.want(each);
    shelf.settle();
    CHECK(shelf.show(each, 0).texture != 0);
    CHECK(shelf.bytes() <= 4 * kOne);
  }
  CHECK(shelf.peek(paths[0]).texture == 0);
  CHECK(shelf.peek(paths[7]).texture != 0);
  shelf.turn();
  shelf.want(paths[0]);
  shelf.settle();
  CHECK(shelf.show(paths[0], 0).texture != 0);
}

TEST_CASE("a talk with mistakes plays: missing pictures and figures that cannot live are calm places that say why") {
  const std::string broken = write_file("broken.gif", gif_bytes().substr(0, 30));
  const std::string text = "# One\n\n![inline fit](nowhere.png)\n\n---\n\n# Two\n\n![](" + name_of(broken) +
                           ")\n\n---\n\n![inline](unknown.png)\n\n---\n\n![inline](no-beat.png)\n\n---\n\n# Last\n";
  const std::string deck =
      write_deck("mistakes", text, R"({"unknown.png": {"scenario": "no-such-lesson"}, "no-beat.png": {"scenario": "the-log", "beat": 99},
                     "other.png": {"scenrio": "x"}})");
  Hall hall(deck);
  CHECK(hall.problems().size() >= 1);
  CHECK(hall.shows("nowhere.png is not there"));
  hall.press(KeyName::right);
  CHECK(hall.shows("Two"));
  hall.podium().shelf.settle();
  hall.look();
  hall.look();
  CHECK(hall.shows("broken.gif is broken"));
  hall.press(KeyName::right);
  CHECK(hall.shows("unknown.png"));
  CHECK(hall.shows("no-such-lesson"));
  hall.press(KeyName::right);
  CHECK(hall.shows("has 8 captions and questions, no number 99"));
  hall.press(KeyName::enter);  // there is nothing to take
  CHECK(hall.talk().slide() == 4);
  CHECK(hall.shows("Last"));
}

TEST_CASE("what is no deck is refused in one sentence") {
  const auto refused = [](const std::string& path) {
    const OpenedTalk opened = open_talk(path);
    CHECK_FALSE(opened.talk.has_value());
    REQUIRE(opened.problems.size() == 1);
    CHECK(opened.problems[0].find('\n') == std::string::npos);
    return opened.problems[0];
  };
  CHECK(refused(std::filesystem::temp_directory_path().string()).find("is a folder") != std::string::npos);
  CHECK(refused(write_file("empty.md", "")).find("is empty") != std::string::npos);
  CHECK(refused(write_file("rubbish.md", std::string("\x00\xff\xfe\x07", 4))).find("no UTF-8") != std::string::npos);
  CHECK(refused("/nowhere/talk.md").find("cannot be read") != std::string::npos);
  const Result result = run({"present", write_file("empty.md", "\n")});
  CHECK(result.exit_code == 2);
  CHECK(result.err.find("is empty") != std::string::npos);
}

TEST_CASE("a slide is drawn into a file, with its pictures and figures, and the presenter's window too") {
  const std::string path = write_file("slide.png", "");
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--presenter"}, {"--dark", "--press", "Right Enter"}}) {
    std::vector<std::string> words = {"present", deck_file("kafka-in-a-nutshell"), "--from", "27", "--size", "1280x720", "--picture", path};
    words.insert(words.end(), more.begin(), more.end());
    const Result result = run(words);
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    CHECK(result.out == "wrote " + path + "\n");
  }
  // A picture of one grey fills a coloured slide's half; in the presenter's window the same stands small.
  const std::string grey = png("grey.png", 64, 64);
  const std::string deck = write_deck("grey", "[.background-color: #204060]\n\n# Words\n\n![left](" + name_of(grey) + ")\n\n^ A note\n");
  REQUIRE(run({"present", deck, "--size", "1280x720", "--picture", path}).exit_code == 0);
  CHECK(count(path, 128, 128, 128) == 640 * 720);
  CHECK(count(path, 0x20, 0x40, 0x60) > 640 * 720 * 8 / 10);
  REQUIRE(run({"present", deck, "--size", "1280x720", "--presenter", "--picture", path}).exit_code == 0);
  CHECK(count(path, 128, 128, 128) > 640 * 720 / 5);
  CHECK(count(path, 0x20, 0x40, 0x60) > 640 * 720 / 6);
  CHECK(run({"present", deck_file("kafka-in-a-nutshell"), "--from", "no such title", "--picture", path}).exit_code == 2);
}
