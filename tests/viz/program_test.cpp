// The program's pictures, and its window on a display that this test brings up.
#include <doctest/doctest.h>
#include <stb/stb_image.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "tests/command/program.h"
#include "tests/viz/display.h"

using namespace nutshell::testing;

namespace {

namespace fs = std::filesystem;

struct Png {
  int width = 0, height = 0;
  std::set<std::uint32_t> colors;
};

Png read_png(const std::string& path) {
  Png png;
  unsigned char* pixels = stbi_load(path.c_str(), &png.width, &png.height, nullptr, 3);
  REQUIRE_MESSAGE(pixels, path, " is no picture");
  for (int i = 0; i < png.width * png.height; ++i)
    png.colors.insert(static_cast<std::uint32_t>(pixels[3 * i] << 16 | pixels[3 * i + 1] << 8 | pixels[3 * i + 2]));
  stbi_image_free(pixels);
  return png;
}

// A path in the folder of this run.
std::string picture_path(const std::string& name) { return write_file(name, ""); }

}  // namespace

TEST_CASE("shot writes a picture of the size that was asked for, with a stage on it") {
  const std::string path = picture_path("shot.png");
  const Result result = run({"shot", failover_file(), "--at", "6s", "--size", "1024x768", "-o", path});
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(result.out == "wrote " + path + "\n");
  const Png png = read_png(path);
  CHECK(png.width == 1024);
  CHECK(png.height == 768);
  CHECK(png.colors.size() > 100);
  // The ground of the window and of the stage.
  CHECK(png.colors.count(0x0E1217) == 1);
  CHECK(png.colors.count(0x11161D) == 1);
}

TEST_CASE("shot draws in light, for the back row, and the same moment twice the same") {
  const std::string first = picture_path("first.png"), second = picture_path("second.png");
  for (const std::string& path : {first, second}) {
    const Result result = run({"shot", failover_file(), "--beat", "3", "--light", "--projector", "--size", "1280x720", "-o", path});
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  }
  const Png png = read_png(first);
  CHECK(png.colors.count(0xFBFAF6) == 1);
  CHECK(png.colors == read_png(second).colors);
}

TEST_CASE("film puts frames beside each other on one sheet, evenly apart or as named, two in a row") {
  const std::string four = picture_path("four.png"), named = picture_path("named.png");
  const auto film = [](const std::string& path, const std::string& option, const std::string& value) {
    const Result result = run({"film", failover_file(), "--from", "5s", "--to", "7s", option, value, "--no-panel", "--size",
                               "1024x768", "-o", path});
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    return read_png(path);
  };
  const Png sheet = film(four, "--frames", "4"), row = film(named, "--moments", "5s,7s");
  CHECK(sheet.width == 2 * 1024 + 8);
  CHECK(row.width == sheet.width);
  CHECK(sheet.height == 2 * row.height + 8);
  const Result wrong = run({"film", failover_file(), "--frames", "1", "-o", four});
  CHECK(wrong.exit_code == 2);
  CHECK_MESSAGE(wrong.err.find("--frames") != std::string::npos, wrong.err);
}

TEST_CASE("shot names the option that is wrong") {
  const std::string path = picture_path("wrong.png");
  for (const auto& [option, value] : {std::pair{"--size", "12"}, {"--beat", "9"}, {"--tab", "nothing"}, {"--scale", "20"}}) {
    const Result result = run({"shot", failover_file(), option, value, "-o", path});
    CHECK(result.exit_code == 2);
    CHECK_MESSAGE(result.err.find(option) != std::string::npos, result.err);
  }
}

TEST_CASE("open without a display ends with one sentence and exit code 4") {
  ::unsetenv("DISPLAY");
  ::unsetenv("WAYLAND_DISPLAY");
  const Result result = run({"open", failover_file()});
  CHECK(result.exit_code == 4);
  CHECK(result.out.empty());
  CHECK_MESSAGE(result.err.find("there is no display") != std::string::npos, result.err);
  CHECK_MESSAGE(result.err.find("nutshell play") != std::string::npos, result.err);
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
}

TEST_CASE("open shows a window, and q closes it") {
  if (!is_installed("Xvfb")) {
    MESSAGE("Xvfb is not installed: no window has been opened");
    return;
  }
  const Display display;
  const pid_t program = start({NUTSHELL_PROGRAM, "open", failover_file(), "--size", "1024x768"});
  int ended = wait_for(program, 20);
  CHECK_MESSAGE(ended == -1, "it ended by itself with ", ended);
  if (!is_installed("xdotool")) {
    ::kill(program, SIGTERM);
    CHECK(wait_for(program, 50) == 128 + SIGTERM);
    return;
  }
  CHECK(wait_for(start({"xdotool", "search", "--sync", "--onlyvisible", "--name", "Nutshell"}), 300) == 0);
  for (int i = 0; i < 10 && ended == -1; ++i) {
    wait_for(start({"xdotool", "search", "--name", "Nutshell", "windowfocus", "key", "q"}), 50);
    ended = wait_for(program, 10);
  }
  CHECK(ended == 0);
  if (ended == -1) ::kill(program, SIGKILL);
}
