// Drawings on slides: sharp in every size, shapes on paper, and a sentence for what is no drawing.
#include <doctest/doctest.h>
#include <stb/stb_image.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "tests/command/program.h"
#include "tests/viz/hall.h"
#include "viz/slides/picture_shelf.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

constexpr const char* kSpace = "xmlns=\"http://www.w3.org/2000/svg\"";

// 40 x 20: its left half red, its right half a blue that lets half of the light through.
std::string two_halves() {
  return std::string("<svg ") + kSpace + " width=\"40\" height=\"20\"><rect width=\"20\" height=\"20\" fill=\"#FF0000\"/>"
         "<rect x=\"20\" width=\"20\" height=\"20\" fill=\"#0000FF\" fill-opacity=\"0.5\"/></svg>";
}

std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string name_in_folder(const std::string& path) { return path.substr(path.rfind('/') + 1); }

using Pixel = std::vector<int>;
Pixel pixel(const DecodedPicture& picture, int x, int y) {
  const std::uint8_t* at = picture.frames[0].data() + static_cast<std::size_t>(y * picture.width + x) * 4;
  return {at[0], at[1], at[2], at[3]};
}

}  // namespace

TEST_CASE("a drawing is drawn for the room that it has, whatever size it says of itself") {
  const std::string path = write_file("halves.svg", two_halves());
  std::string problem;
  CHECK(picture_size(path, problem).width == 40);
  CHECK(problem == "");
  for (const int times : {1, 3, 30}) {
    const DecodedPicture drawn = decode_picture(path, {40 * times, 20 * times});
    REQUIRE(drawn.problem == "");
    CHECK(drawn.width == 40 * times);
    CHECK(drawn.height == 20 * times);
    CHECK(pixel(drawn, 20 * times - 1, 5) == Pixel{255, 0, 0, 255});
    CHECK(pixel(drawn, 20 * times, 5)[2] == 255);
    CHECK(pixel(drawn, 20 * times, 5)[3] == 128);
  }
  CHECK(decode_picture(path, {400, 20}).width == 40);   // the whole of it
  CHECK(decode_picture(path).width == 2560);            // nobody has said: as large as a screen
  const std::string box = write_file("box.svg", std::string("<svg ") + kSpace + " width=\"100%\" viewBox=\"0 0 300 100\"></svg>");
  CHECK(picture_size(box, problem).width == 300);
}

TEST_CASE("the shelf draws a drawing anew when it is shown in another size, and shows the old one until then") {
  const std::string path = write_file("halves.svg", two_halves());
  const std::unique_ptr<Window> window = open_null_window(100, 100);
  PictureShelf shelf(*window);
  shelf.want(path, {400, 200});
  shelf.settle();
  CHECK(shelf.show(path, 0, {400, 200}).width == 400);
  CHECK(shelf.show(path, 0).width == 400);  // a small copy elsewhere takes what there is
  const PictureShelf::Shown meanwhile = shelf.show(path, 0, {800, 400});
  CHECK(meanwhile.texture != 0);
  shelf.settle();
  CHECK(shelf.show(path, 0, {800, 400}).width == 800);
  CHECK(shelf.bytes() == std::size_t{800} * 400 * 4);
}

TEST_CASE("on a slide a drawing stands in the pixels of the window") {
  const std::string drawing = write_file("halves.svg", two_halves()), path = write_file("slide.png", "");
  const std::string deck = write_deck("drawn", "![fit](" + name_in_folder(drawing) + ")\n");
  REQUIRE(run({"present", deck, "--size", "1280x720", "--picture", path}).exit_code == 0);
  int width = 0, height = 0;
  unsigned char* pixels = stbi_load(path.c_str(), &width, &height, nullptr, 3);
  REQUIRE(pixels);
  int red = 0, between = 0;
  for (int x = 0; x < width; ++x) {
    const unsigned char* at = pixels + (360 * width + x) * 3;
    const bool is_red = at[0] == 255 && at[1] == 0 && at[2] == 0;
    red += is_red;
    between += !is_red && x > 10 && x < width / 2 - 2;
  }
  stbi_image_free(pixels);
  CHECK(red >= 638);
  CHECK(red <= 641);
  CHECK(between == 0);
}

TEST_CASE("a page of HTML has the drawing in it, and a PDF has its shapes and no picture") {
  const std::string drawing = write_file("halves.svg", two_halves());
  const std::string deck = write_deck("page", "# One\n\n![inline](" + name_in_folder(drawing) + ")\n");
  const std::string html = write_file("drawn.html", ""), pdf = write_file("drawn.pdf", "");
  REQUIRE(run({"slides", "export", deck, "--html", "--force", "--out", html}).exit_code == 0);
  CHECK(bytes_of_file(html).find("data:image/svg+xml;base64,") != std::string::npos);
  REQUIRE(run({"slides", "export", deck, "--pdf", "--force", "--out", pdf}).exit_code == 0);
  CHECK(bytes_of_file(pdf).find("%PDF") == 0);
  CHECK(bytes_of_file(pdf).find("/Subtype /Image") == std::string::npos);
  CHECK(run({"slides", "check", deck}).exit_code == 0);
}

TEST_CASE("what is no drawing, needs others or takes too much has one sentence, in every form of the talk") {
  const auto problem = [](const std::string& inside) { return decode_picture(write_file("bad.svg", inside), {200, 200}).problem; };
  const std::string head = std::string("<svg ") + kSpace + " width='10' height='10'>";
  CHECK(problem("<svg width='10'>") == "is an SVG, but broken");
  CHECK(problem(head + "<rect width=") == "is an SVG, but broken");
  CHECK(problem(std::string("<svg ") + kSpace + " width='100000' height='1'/>").find("give it a viewBox") != std::string::npos);
  CHECK(problem(head + "<image href='/etc/passwd' width='5' height='5'/></svg>").find("'/etc/passwd'") != std::string::npos);
  CHECK(problem("<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>" + head + "&b;</svg>").find("entities") != std::string::npos);
  // Ten times ten times ten ... : 10^9 boxes.
  std::string bomb = head + "<defs><rect id='r0' width='1' height='1'/>";
  for (int level = 1; level <= 9; ++level) {
    bomb += "<g id='r" + std::to_string(level) + "'>";
    for (int i = 0; i < 10; ++i) bomb += "<use href='#r" + std::to_string(level - 1) + "'/>";
    bomb += "</g>";
  }
  CHECK(problem(bomb + "</defs><use href='#r9'/></svg>").find("takes too much to draw") != std::string::npos);
  // One that stands within itself is drawn without that.
  CHECK(problem(head + "<g id='a'><use href='#a'/></g></svg>").find('\n') == std::string::npos);

  const std::string hostile = write_file("hostile.svg", head + "<image href='https://example.org/x.png'/></svg>");
  const std::string deck = write_deck("hostile", "# One\n\n![inline fit](" + name_in_folder(hostile) + ")\n\n---\n\n# Last\n");
  Hall hall(deck);
  CHECK(hall.shows("needs 'https://example.org/x.png'"));
  hall.press(KeyName::right);
  CHECK(hall.shows("Last"));
  const std::string html = write_file("hostile.html", "");
  REQUIRE(run({"slides", "export", deck, "--html", "--force", "--out", html}).exit_code == 0);
  CHECK(bytes_of_file(html).find("svg+xml") == std::string::npos);
  CHECK(run({"slides", "check", deck}).exit_code != 0);
}

TEST_CASE("mutated drawings never end the program") {
  const std::string good = two_halves() + "<!-- " + std::string(40, 'x') + " -->";
  int refused = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    std::string bytes = good;
    for (std::uint64_t change = 0; change < 1 + i % 5; ++change) {
      const std::uint64_t drawn = avalanche(i * 8 + change + 1);
      if (drawn % 3 == 0) bytes.insert(drawn / 3 % bytes.size(), bytes, drawn % 40, drawn / 7 % 60);
      else bytes[drawn % bytes.size()] = static_cast<char>(drawn >> 32 & 127);
    }
    const DecodedPicture decoded = decode_picture(write_file("mutant.svg", bytes), {64, 64});
    refused += !decoded.problem.empty();
    CHECK(decoded.frames.empty() == !decoded.problem.empty());
    CHECK(decoded.problem.find('\n') == std::string::npos);
  }
  CHECK(refused > 20);
  CHECK(refused < 300);
}
