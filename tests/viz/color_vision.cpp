#include "tests/viz/color_vision.h"

#include <algorithm>
#include <cmath>

namespace nutshell::testing {

namespace {

constexpr double kPi = 3.14159265358979323846;
using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

constexpr Matrix kProtan = {
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeutan = {
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritan = {
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};

Triple times(const Matrix& m, Triple v) {
  Triple out{};
  for (std::size_t i = 0; i < 3; ++i) out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
  return out;
}

double linear(std::uint8_t value) {
  const double s = value / 255.0;
  return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
}
Triple linear(Color c) { return {linear(c.r), linear(c.g), linear(c.b)}; }

std::uint8_t encoded(double value) {
  value = std::clamp(value, 0.0, 1.0);
  const double s = value <= 0.0031308 ? value * 12.92 : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(s * 255));
}

double luminance(Color color) {
  const Triple c = linear(color);
  return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

double cube_root(double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; }

double degrees(double radians) {
  const double d = radians * 180 / kPi;
  return d < 0 ? d + 360 : d;
}
double cosine(double d) { return std::cos(d * kPi / 180); }
double seventh(double c) { return std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + std::pow(25.0, 7))); }

// The mean of two hues, the short way round.
double mean_hue(double h1, double h2, bool grey) {
  if (grey) return h1 + h2;
  if (std::abs(h1 - h2) <= 180) return (h1 + h2) / 2;
  return h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2;
}

}  // namespace

Lab lab_of(Color color) {
  constexpr Matrix kToXyz = {
      {{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}}};
  const Triple xyz = times(kToXyz, linear(color));
  const double x = cube_root(xyz[0] / 0.95047), y = cube_root(xyz[1]), z = cube_root(xyz[2] / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double difference(Lab x, Lab y) {
  const double c_mean = (std::hypot(x.a, x.b) + std::hypot(y.a, y.b)) / 2;
  const double g = 0.5 * (1 - seventh(c_mean));
  const double a1 = (1 + g) * x.a, a2 = (1 + g) * y.a;
  const double c1 = std::hypot(a1, x.b), c2 = std::hypot(a2, y.b);
  const bool grey = c1 * c2 == 0;
  const double h1 = c1 == 0 ? 0 : degrees(std::atan2(x.b, a1)), h2 = c2 == 0 ? 0 : degrees(std::atan2(y.b, a2));
  double turn = grey ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  const double dl = y.l - x.l, dc = c2 - c1, dh = 2 * std::sqrt(c1 * c2) * std::sin(turn / 2 * kPi / 180);
  const double l = (x.l + y.l) / 2, c = (c1 + c2) / 2, h = mean_hue(h1, h2, grey);
  const double t = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6) - 0.20 * cosine(4 * h - 63);
  const double sl = 1 + 0.015 * (l - 50) * (l - 50) / std::sqrt(20 + (l - 50) * (l - 50));
  const double sc = 1 + 0.045 * c, sh = 1 + 0.015 * c * t;
  const double bend = 30 * std::exp(-((h - 275) / 25) * ((h - 275) / 25));
  const double rt = -2 * seventh(c) * std::sin(2 * bend * kPi / 180);
  return std::sqrt(dl / sl * (dl / sl) + dc / sc * (dc / sc) + dh / sh * (dh / sh) + rt * (dc / sc) * (dh / sh));
}

double contrast(Color x, Color y) {
  const double a = luminance(x), b = luminance(y);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

const char* name_of(Eye eye) {
  switch (eye) {
    case Eye::normal: return "normal";
    case Eye::protan: return "protan";
    case Eye::deutan: return "deutan";
    case Eye::tritan: return "tritan";
  }
  return "";
}

Color seen(Color color, Eye eye) {
  if (eye == Eye::normal) return color;
  const Triple c = times(eye == Eye::protan ? kProtan : eye == Eye::deutan ? kDeutan : kTritan, linear(color));
  return {encoded(c[0]), encoded(c[1]), encoded(c[2])};
}

}  // namespace nutshell::testing
