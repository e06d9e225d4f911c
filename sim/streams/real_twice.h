// Numbers of twice the digits of a DOUBLE, as sums of two (Dekker 1971): what is computed with them and then rounded is the
// nearest DOUBLE in all but one of some thousand million cases. For real*.cpp only.
#pragma once

#include <cstdint>
#include <cstring>

namespace nutshell::streams {

struct Double2 {
  double high = 0;
  double low = 0;
};

inline Double2 two_sum(double a, double b) {
  const double s = a + b;
  const double bb = s - a;
  return {s, (a - (s - bb)) + (b - bb)};
}

inline Double2 two_product(double a, double b) {
  constexpr double kSplit = 134217729.0;
  const double p = a * b;
  const double ta = kSplit * a;
  const double ah = ta - (ta - a);
  const double al = a - ah;
  const double tb = kSplit * b;
  const double bh = tb - (tb - b);
  const double bl = b - bh;
  return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

inline Double2 plus(Double2 a, Double2 b) {
  Double2 s = two_sum(a.high, b.high);
  s.low += a.low + b.low;
  return two_sum(s.high, s.low);
}

inline Double2 minus(Double2 a, Double2 b) { return plus(a, {-b.high, -b.low}); }

inline Double2 times(Double2 a, Double2 b) {
  Double2 p = two_product(a.high, b.high);
  p.low += a.high * b.low + a.low * b.high;
  return two_sum(p.high, p.low);
}

inline Double2 over(Double2 a, double b) {
  const double q = a.high / b;
  const Double2 p = two_product(q, b);
  const double rest = ((a.high - p.high) - p.low + a.low) / b;
  return two_sum(q, rest);
}

inline Double2 over(Double2 a, Double2 b) {
  const double q = a.high / b.high;
  const Double2 rest = minus(a, times(b, {q, 0}));
  return two_sum(q, rest.high / b.high);
}

// x * 2^n, in steps that neither overflow nor lose a bit before the last.
inline double scaled(double x, int n) {
  while (n > 1000) {
    x *= 0x1p1000;
    n -= 1000;
  }
  while (n < -1000) {
    x *= 0x1p-1000;
    n += 1000;
  }
  const std::uint64_t bits = static_cast<std::uint64_t>(n + 1023) << 52;
  double factor = 0;
  std::memcpy(&factor, &bits, sizeof factor);
  return x * factor;
}

// e^x as (value, power of two).
Double2 exp2parts(Double2 x, int& exponent);

}  // namespace nutshell::streams
