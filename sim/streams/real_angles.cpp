// Sines, tangents and their inverses, by series over numbers of twice the digits.
#include <algorithm>
#include <limits>

#include "sim/streams/real.h"
#include "sim/streams/real_twice.h"

namespace nutshell::streams {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A quarter of a turn, to 212 bits.
constexpr double kQuarter[] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110, 0x1.4cf98e804177dp-164};
constexpr Double2 kHalfTurn = {2 * kQuarter[0], 2 * kQuarter[1]};

// x less as many quarters as leave the least; quarter: how many, of four. Exact enough up to 2^52; beyond, neighbouring
// DOUBLEs are whole turns apart, and what comes is the sine of something near.
Double2 within_quarter(double x, int& quarter) {
  const double k = floor_of(x / kQuarter[0] + 0.5);
  Double2 rest = {x, 0};
  for (const double part : kQuarter) rest = minus(rest, two_product(k, part));
  quarter = static_cast<int>(k - 4 * floor_of(k / 4));
  return rest;
}

// first + first r^2 / (n + 1)(n + 2) ..., with changing signs or without.
Double2 series(Double2 first, double n, Double2 r, double sign) {
  const Double2 square = times(r, r);
  Double2 sum = first;
  Double2 term = first;
  for (int i = 0; i < 16; ++i, n += 2) {
    term = over(times(term, square), sign * (n + 1) * (n + 2));
    sum = plus(sum, term);
  }
  return sum;
}

struct OnCircle {
  Double2 sine, cosine;
};

// REQUIRES finite.
OnCircle on_circle(double x) {
  int quarter = 0;
  const Double2 r = within_quarter(x, quarter);
  const Double2 s = series(r, 1, r, -1), c = series({1, 0}, 0, r, -1);
  const Double2 minus_s = {-s.high, -s.low}, minus_c = {-c.high, -c.low};
  switch (quarter) {
    case 0: return {s, c};
    case 1: return {c, minus_s};
    case 2: return {minus_s, minus_c};
    default: return {minus_c, s};
  }
}

Double2 root2(Double2 a) {
  if (a.high <= 0) return {0, 0};
  const double s = root(a.high);
  return plus({s, 0}, {minus(a, two_product(s, s)).high / (2 * s), 0});
}

// A first guess: the argument is halved thrice, then the series.
double guess_arctangent(double x) {
  for (int i = 0; i < 3; ++i) x = x / (1 + root(1 + x * x));
  double sum = 0;
  double power = x;
  for (int i = 1; i < 30; i += 2) {
    sum += power / i;
    power *= -x * x;
  }
  return 8 * sum;
}

// The angle of the point (x, y). REQUIRES not both 0, both finite and of a size whose square is finite.
double angle_of(Double2 y, Double2 x) {
  const double ys = y.high < 0 ? -y.high : y.high, xs = x.high < 0 ? -x.high : x.high;
  double guess = xs >= ys ? guess_arctangent(ys / xs) : kQuarter[0] - guess_arctangent(xs / ys);
  if (x.high < 0) guess = kHalfTurn.high - guess;
  if (y.high < 0) guess = -guess;
  // What is left is so small an angle that it is its own tangent.
  const OnCircle at = on_circle(guess);
  const Double2 across = minus(times(y, at.cosine), times(x, at.sine));
  const Double2 along = plus(times(x, at.cosine), times(y, at.sine));
  return guess + across.high / along.high;
}

double sized(double x) { return x < 0 ? -x : x; }

// e^x and e^-x, each without its power of two. REQUIRES |x| < 800.
double half_sum(double x, double sign) {
  int up = 0, down = 0;
  Double2 grows = exp2parts({x, 0}, up), falls = exp2parts({-x, 0}, down);
  if (up - down > 110 || down - up > 110) return up > down ? scaled(grows.high, up - 1) : sign * scaled(falls.high, down - 1);
  grows = {scaled(grows.high, up), scaled(grows.low, up)};
  falls = {sign * scaled(falls.high, down), sign * scaled(falls.low, down)};
  return plus(grows, falls).high / 2;
}

}  // namespace

double sine(double x) { return is_nan(x) || is_infinite(x) ? kNaN : x == 0 ? x : on_circle(x).sine.high; }
double cosine(double x) { return is_nan(x) || is_infinite(x) ? kNaN : on_circle(x).cosine.high; }
double tangent(double x) {
  if (is_nan(x) || is_infinite(x)) return kNaN;
  if (x == 0) return x;
  const OnCircle at = on_circle(x);
  return over(at.sine, at.cosine).high;
}

double arctangent(double y, double x) {
  if (is_nan(x) || is_nan(y)) return kNaN;
  const bool back = x < 0 || (x == 0 && 1 / x < 0);
  const bool below = y < 0 || (y == 0 && 1 / y < 0);
  if (is_infinite(x) || is_infinite(y)) {
    const double steep = !is_infinite(y) ? 0.0 : is_infinite(x) ? kQuarter[0] / 2 : kQuarter[0];
    const double angle = back ? kHalfTurn.high - steep : steep;
    return below ? -angle : angle;
  }
  if (y == 0) return back ? (below ? -kHalfTurn.high : kHalfTurn.high) : y;
  if (x == 0) return below ? -kQuarter[0] : kQuarter[0];
  const double ratio = sized(y) / sized(x);
  if (ratio == 0 && !back) return below ? -0.0 : 0.0;
  if (is_infinite(ratio)) return below ? -kQuarter[0] : kQuarter[0];
  // To a size whose square is finite.
  double factor = 1;
  while (std::max(sized(x), sized(y)) * factor > 0x1p300) factor *= 0x1p-300;
  while (std::max(sized(x), sized(y)) * factor < 0x1p-300) factor *= 0x1p300;
  return angle_of({y * factor, 0}, {x * factor, 0});
}

double arcsine(double x) {
  if (is_nan(x) || x > 1 || x < -1) return kNaN;
  if (x == 0) return x;
  return angle_of({x, 0}, root2(times(two_sum(1, x), two_sum(1, -x))));
}
double arccosine(double x) {
  if (is_nan(x) || x > 1 || x < -1) return kNaN;
  if (x == 1) return 0;
  return angle_of(root2(times(two_sum(1, x), two_sum(1, -x))), {x, 0});
}

double hyperbolic_sine(double x) {
  if (is_nan(x) || is_infinite(x) || x == 0) return x;
  if (sized(x) < 1) return series({x, 0}, 1, {x, 0}, 1).high;
  return sized(x) > 711 ? (x > 0 ? kInfinity : -kInfinity) : half_sum(x, -1);
}
double hyperbolic_cosine(double x) {
  if (is_nan(x)) return x;
  return sized(x) > 711 ? kInfinity : half_sum(sized(x), 1);
}
double hyperbolic_tangent(double x) {
  if (is_nan(x) || x == 0) return x;
  if (sized(x) > 22) return x > 0 ? 1 : -1;
  if (sized(x) < 1) return over(series({x, 0}, 1, {x, 0}, 1), series({1, 0}, 0, {x, 0}, 1)).high;
  int up = 0;
  Double2 square = exp2parts(two_sum(2 * x, 0), up);
  square = {scaled(square.high, up), scaled(square.low, up)};
  return over(plus(square, {-1, 0}), plus(square, {1, 0})).high;
}

}  // namespace nutshell::streams
