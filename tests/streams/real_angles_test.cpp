// The C library computes the same by other ways; it is off by one unit in the last place at most.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "sim/streams/real.h"

using namespace nutshell::streams;

namespace {

// How many DOUBLEs lie between.
std::int64_t apart(double a, double b) {
  if (a == b || (a != a && b != b)) return 0;
  std::int64_t x = 0, y = 0;
  std::memcpy(&x, &a, sizeof x);
  std::memcpy(&y, &b, sizeof y);
  if ((x < 0) != (y < 0)) return std::numeric_limits<std::int64_t>::max();
  return x > y ? x - y : y - x;
}

struct Pair {
  const char* name;
  double (*ours)(double);
  double (*theirs)(double);
  double most;
};

}  // namespace

TEST_CASE("angles agree with the C library to the last place") {
  const Pair pairs[] = {{"sin", sine, std::sin, 1e6},
                        {"cos", cosine, std::cos, 1e6},
                        {"tan", tangent, std::tan, 1e6},
                        {"asin", arcsine, std::asin, 1},
                        {"acos", arccosine, std::acos, 1},
                        {"sinh", hyperbolic_sine, std::sinh, 700},
                        {"cosh", hyperbolic_cosine, std::cosh, 700},
                        {"tanh", hyperbolic_tangent, std::tanh, 30}};
  std::mt19937_64 random(5);
  for (const Pair& each : pairs) {
    CAPTURE(each.name);
    std::uniform_real_distribution<double> any(-each.most, each.most), near(-1, 1);
    std::int64_t exact = 0, all = 0;
    for (int i = 0; i < 4000; ++i) {
      const double x = i % 2 == 0 ? any(random) : near(random) * std::pow(2.0, -(i % 60));
      CAPTURE(x);
      const std::int64_t off = apart(each.ours(x), each.theirs(x));
      REQUIRE(off <= 2);
      exact += off == 0;
      ++all;
    }
    CHECK(exact * 100 >= all * 80);
  }
  std::uniform_real_distribution<double> any(-1e3, 1e3);
  for (int i = 0; i < 4000; ++i) {
    const double y = any(random), x = any(random) * std::pow(2.0, i % 40 - 20);
    CAPTURE(x);
    CAPTURE(y);
    REQUIRE(apart(arctangent(y, x), std::atan2(y, x)) <= 1);
  }
}

TEST_CASE("the corners of angles are Java's") {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (const double y : {0.0, -0.0, 1.0, -1.0, inf, -inf, nan})
    for (const double x : {0.0, -0.0, 1.0, -1.0, inf, -inf, nan}) {
      CAPTURE(x);
      CAPTURE(y);
      CHECK(apart(arctangent(y, x), std::atan2(y, x)) == 0);
    }
  CHECK(sine(inf) != sine(inf));
  CHECK(arcsine(1.5) != arcsine(1.5));
  CHECK(arccosine(1) == 0);
  CHECK(arccosine(-1) == std::acos(-1.0));
  CHECK(hyperbolic_sine(800) == inf);
  CHECK(hyperbolic_cosine(-800) == inf);
  CHECK(hyperbolic_tangent(-50) == -1);
  CHECK(arctangent(1e-320, 1e300) == 0);
  CHECK(apart(arctangent(1e300, 1e300), std::atan(1.0)) == 0);
}
