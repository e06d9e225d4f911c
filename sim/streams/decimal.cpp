#include "sim/streams/decimal.h"

#include <algorithm>

#include "sim/streams/real.h"

namespace nutshell::streams {

Int128 power_of_ten(int n) {
  Int128 power = 1;
  for (int i = 0; i < n; ++i) power *= 10;
  return power;
}

namespace {

// `up` is the digit sequence cut off, as (rest, divisor), both positive.
bool away_from_zero(Int128 rest, Int128 divisor, bool negative, Rounding rounding) {
  if (rest == 0) return false;
  switch (rounding) {
    case Rounding::half_up: return rest >= divisor - rest;
    case Rounding::half_down: return rest > divisor - rest;
    case Rounding::down: return false;
    case Rounding::up: return true;
    case Rounding::floor: return negative;
    case Rounding::ceiling: return !negative;
  }
  return false;
}

Int128 rounded_quotient(Int128 number, Int128 divisor, Rounding rounding) {
  const bool negative = (number < 0) != (divisor < 0);
  const Int128 n = number < 0 ? -number : number;
  const Int128 d = divisor < 0 ? -divisor : divisor;
  Int128 quotient = n / d;
  if (away_from_zero(n % d, d, negative, rounding)) ++quotient;
  return negative ? -quotient : quotient;
}

std::optional<Int128> scaled_up(Int128 number, int by) {
  if (number == 0) return number;
  if (by > 38) return std::nullopt;
  Int128 result = 0;
  if (__builtin_mul_overflow(number, power_of_ten(by), &result)) return std::nullopt;
  return result;
}

}  // namespace

std::optional<Decimal> rescale(const Decimal& number, int scale, Rounding rounding) {
  if (scale >= number.scale) {
    const std::optional<Int128> more = scaled_up(number.unscaled(), scale - number.scale);
    return more ? std::optional<Decimal>(Decimal(*more, scale)) : std::nullopt;
  }
  const int fewer = number.scale - scale;
  if (fewer > 38) return Decimal(0, scale);
  return Decimal(rounded_quotient(number.unscaled(), power_of_ten(fewer), rounding), scale);
}

bool fits(const Decimal& number, int precision) {
  const Int128 n = number.unscaled();
  const Int128 limit = power_of_ten(std::clamp(precision, 0, 38));
  return n < limit && n > -limit;
}

int compare(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale, b.scale);
  const std::optional<Decimal> x = rescale(a, scale);
  const std::optional<Decimal> y = rescale(b, scale);
  if (x && y) return x->unscaled() < y->unscaled() ? -1 : x->unscaled() > y->unscaled() ? 1 : 0;
  const double p = to_real(a);
  const double q = to_real(b);
  return p < q ? -1 : p > q ? 1 : 0;
}

std::string decimal_text(const Decimal& number) {
  Int128 n = number.unscaled();
  const bool negative = n < 0;
  if (negative) n = -n;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(n % 10)));
    n /= 10;
  } while (n > 0);
  if (number.scale > 0) {
    const std::size_t behind = static_cast<std::size_t>(number.scale);
    if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
    digits.insert(digits.size() - behind, ".");
  }
  return (negative ? "-" : "") + digits;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++i;
  Int128 n = 0;
  int scale = 0;
  int digits = 0;
  bool point = false;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.' && !point) {
      point = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    ++digits;
    if (n > power_of_ten(37)) return std::nullopt;
    n = n * 10 + (text[i] - '0');
    if (point) ++scale;
  }
  if (digits == 0) return std::nullopt;
  int exponent = 0;
  if (i < text.size()) {
    ++i;
    const bool minus = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (i >= text.size()) return std::nullopt;
    for (; i < text.size(); ++i) {
      if (text[i] < '0' || text[i] > '9' || exponent > 1000) return std::nullopt;
      exponent = exponent * 10 + (text[i] - '0');
    }
    if (minus) exponent = -exponent;
  }
  Decimal result(negative ? -n : n, scale);
  if (exponent == 0) return result;
  scale -= exponent;
  if (scale >= 0) return scale > 76 ? std::nullopt : std::optional<Decimal>(Decimal(negative ? -n : n, scale));
  const std::optional<Int128> more = scaled_up(negative ? -n : n, -scale);
  return more ? std::optional<Decimal>(Decimal(*more, 0)) : std::nullopt;
}

namespace {

template <typename F>
std::optional<Decimal> with_one_scale(const Decimal& a, const Decimal& b, F f) {
  const int scale = std::max(a.scale, b.scale);
  const std::optional<Decimal> x = rescale(a, scale);
  const std::optional<Decimal> y = rescale(b, scale);
  Int128 result = 0;
  if (!x || !y || f(x->unscaled(), y->unscaled(), &result)) return std::nullopt;
  return Decimal(result, scale);
}

}  // namespace

std::optional<Decimal> add(const Decimal& a, const Decimal& b) {
  return with_one_scale(a, b, [](Int128 x, Int128 y, Int128* r) { return __builtin_add_overflow(x, y, r); });
}

std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) {
  return with_one_scale(a, b, [](Int128 x, Int128 y, Int128* r) { return __builtin_sub_overflow(x, y, r); });
}

std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) {
  Int128 result = 0;
  if (__builtin_mul_overflow(a.unscaled(), b.unscaled(), &result)) return std::nullopt;
  return Decimal(result, a.scale + b.scale);
}

std::optional<Decimal> divide(const Decimal& a, const Decimal& b, int scale) {
  if (b.unscaled() == 0) return std::nullopt;
  // a / 10^sa / (b / 10^sb) = (a * 10^(sb - sa + scale) / b) / 10^scale, digit by digit so that nothing overflows.
  const int shift = b.scale - a.scale + scale;
  if (shift < 0) {
    const std::optional<Decimal> less = rescale(Decimal(a.unscaled(), -shift), 0);
    return less ? std::optional<Decimal>(Decimal(rounded_quotient(less->unscaled(), b.unscaled(), Rounding::half_up), scale))
                : std::nullopt;
  }
  const bool negative = (a.unscaled() < 0) != (b.unscaled() < 0);
  const Int128 n = a.unscaled() < 0 ? -a.unscaled() : a.unscaled();
  const Int128 d = b.unscaled() < 0 ? -b.unscaled() : b.unscaled();
  Int128 quotient = n / d;
  Int128 rest = n % d;
  for (int i = 0; i < shift; ++i) {
    Int128 ten = 0;
    if (__builtin_mul_overflow(rest, static_cast<Int128>(10), &ten)) return std::nullopt;
    if (__builtin_mul_overflow(quotient, static_cast<Int128>(10), &quotient)) return std::nullopt;
    quotient += ten / d;
    rest = ten % d;
  }
  if (rest >= d - rest) ++quotient;
  return Decimal(negative ? -quotient : quotient, scale);
}

std::optional<Decimal> remainder(const Decimal& a, const Decimal& b) {
  return with_one_scale(a, b, [](Int128 x, Int128 y, Int128* r) {
    if (y == 0) return true;
    *r = x % y;
    return false;
  });
}

double to_real(const Decimal& number) { return parse_real(decimal_text(number)).value_or(0.0); }

}  // namespace nutshell::streams
