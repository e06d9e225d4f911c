// What an SVG takes to fill, known before anybody begins to.
#include "sim/deck/svg_crossings.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "sim/deck/pictures.h"

namespace nutshell {
namespace {

double crossings(const std::string& path) { return svg_crossings("<svg><path d=\"" + path + "\"/></svg>"); }

// So many lines from anywhere to anywhere.
std::string scribble(int lines) {
  std::string path = "M0 0";
  std::uint32_t dice = 7;
  for (int i = 0; i < 2 * lines; ++i) {
    dice = dice * 1664525U + 1013904223U;
    path += (i % 2 == 0 ? "L" : ",") + std::to_string(dice >> 22);
  }
  return path;
}

// So many lines that go on to the right and cross nothing.
std::string chart(int lines) {
  std::string path = "m0 0";
  for (int i = 0; i < lines; ++i) path += i % 2 == 0 ? "l2 90" : "l2-90";
  return path;
}

TEST_CASE("crossings are counted in whatever letters a path is written") {
  CHECK(crossings("") == 0);
  CHECK(crossings("M0 0L10 10M0 10L10 0") == 1);
  CHECK(crossings("M0,0 10,10 M0,10 10,0") == 1);
  CHECK(crossings("M0 0l10 10m-10 0l10-10") == 1);
  CHECK(crossings("M0 5H10M5 0V10") == 1);
  CHECK(crossings("M0 5h10M5 0v10") == 1);
  // Back to where it began: a bow tie.
  CHECK(crossings("M0 0L10 10L10 0L0 10z") == 1);
  CHECK(crossings("M0 0L10 10L10 0L0 10") == 1);
  CHECK(crossings("M0 0L10 10L10 0L0 10z m20 0 l9 9 l0-9 l-9 9z") == 2);
  CHECK(crossings("M0 0C0 10 10 10 10 0M-5 5h20") == 2);
  CHECK(crossings("M0 0q5 10 10 0s5 10 10 0M-5 5h30") == 4);
  CHECK(crossings("M0 0a5 5 0 0110 10M0 10A5 5 0 1 0 10 0") == 1);
  CHECK(crossings("M.5.5L1.5-1.5M0-1e0L2-.5") == 1);
  // Each shape for itself; one that is used again is drawn again.
  CHECK(svg_crossings("<svg><path d='M0 0L9 9M0 9L9 0'/><polygon points=\"0,0 5,5 5,0 0,5\"/></svg>") == 2);
  CHECK(svg_crossings("<svg><path d='M0 0L9 9M0 9L9 0'/><use href='#a'/><use href='#a'/></svg>") == 3);
  CHECK(svg_crossings("<svg><path d='M0 0L9 9'/><path d='M0 9L9 0'/></svg>") == 0);
  // What is no path has nothing to count, and ends.
  for (const char* broken : {"M", "M0", "L L L", "M0 0Z Z Z", "M 0 0 C 1", "x", "M0 0 A 1 1 0 2", "M 1e999 0 L 0 1", "Z", "MM0 0", "ZZ"})
    CHECK(crossings(broken) == 0);
  CHECK(svg_crossings("<svg d") == 0);
  CHECK(svg_crossings("<svg d=") == 0);
  CHECK(svg_crossings("<svg d='M0 0") == 0);
}

TEST_CASE("many crossings are estimated, about as many as there are") {
  // Two lines between random places of a square cross with a probability of 0.23 (25/108).
  for (const int lines : {1000, 4000}) {
    const double pairs = 0.5 * lines * (lines - 1), found = crossings(scribble(lines));
    CHECK(found > 0.21 * pairs);
    CHECK(found < 0.25 * pairs);
  }
  CHECK(crossings(chart(20'000)) == 0);
}

TEST_CASE("an SVG that would keep a hall waiting is refused with the remedy, and a large plain one is not") {
  const auto problem = [](const std::string& path) { return svg_problem("<svg><path d=\"" + path + "\"/></svg>"); };
  CHECK(problem(scribble(800)) == "");
  CHECK(problem(scribble(3000)) == "is an SVG whose lines cross too often to be drawn in time; save it as PNG");
  CHECK(problem(chart(50'000)) == "");
}

}  // namespace
}  // namespace nutshell
