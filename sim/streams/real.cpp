#include "sim/streams/real.h"

#include <charconv>
#include <cstring>
#include <limits>

#include "sim/streams/real_twice.h"

namespace nutshell::streams {
namespace {

constexpr double kTwo52 = 4503599627370496.0;

constexpr Double2 kLn2 = {0.6931471805599453, 2.3190468138462996e-17};

}  // namespace

// e^x for a number of twice the digits, as (value, power of two).
Double2 exp2parts(Double2 x, int& exponent) {
  exponent = static_cast<int>(floor_of(x.high / kLn2.high + 0.5));
  Double2 r = plus(x, times(Double2{-static_cast<double>(exponent), 0}, kLn2));
  // e^r = (e^(r/256))^256
  r.high /= 256;
  r.low /= 256;
  Double2 sum = {1, 0};
  Double2 term = {1, 0};
  for (int i = 1; i <= 12; ++i) {
    term = over(times(term, r), i);
    sum = plus(sum, term);
  }
  for (int i = 0; i < 8; ++i) sum = times(sum, sum);
  return sum;
}

namespace {

// ln(x) of twice the digits: Newton's step on a first guess by a series. REQUIRES x > 0 and finite.
Double2 log2parts(double x) {
  int exponent = 0;
  while (x >= 1.5) {
    x /= 2;
    ++exponent;
  }
  while (x < 0.75) {
    x *= 2;
    --exponent;
  }
  // ln(x) = 2 artanh((x - 1) / (x + 1))
  const double z = (x - 1) / (x + 1);
  double y = 0;
  double power = z;
  for (int i = 1; i < 40; i += 2) {
    y += power / i;
    power *= z * z;
  }
  Double2 guess = {2 * y, 0};
  for (int i = 0; i < 2; ++i) {
    int unused = 0;
    Double2 e = exp2parts({-guess.high, -guess.low}, unused);
    e = {scaled(e.high, unused), scaled(e.low, unused)};
    Double2 step = plus(times(e, {x, 0}), {-1, 0});
    guess = plus(guess, step);
  }
  return plus(guess, times({static_cast<double>(exponent), 0}, kLn2));
}

}  // namespace

bool is_nan(double number) { return number != number; }
bool is_infinite(double number) {
  return number == std::numeric_limits<double>::infinity() || number == -std::numeric_limits<double>::infinity();
}

double floor_of(double number) {
  if (is_nan(number) || number >= kTwo52 || number <= -kTwo52) return number;
  const double whole = static_cast<double>(static_cast<std::int64_t>(number));
  return whole > number ? whole - 1 : whole;
}

double ceiling_of(double number) { return -floor_of(-number); }

std::int64_t truncated(double number) {
  if (is_nan(number)) return 0;
  if (number >= 9223372036854775808.0) return std::numeric_limits<std::int64_t>::max();
  if (number <= -9223372036854775808.0) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(number);
}

std::string real_text(double number) {
  if (is_nan(number)) return "NaN";
  if (is_infinite(number)) return number > 0 ? "Infinity" : "-Infinity";
  const double size = number < 0 ? -number : number;
  // The smallest of all is printed with two digits.
  if (size == std::numeric_limits<double>::denorm_min()) return number < 0 ? "-4.9E-324" : "4.9E-324";
  char buffer[64];
  const bool plain = number == 0 || (size >= 1e-3 && size < 1e7);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const std::to_chars_result end = std::to_chars(buffer, buffer + sizeof buffer, number, format);
  std::string text(buffer, end.ptr);
  if (plain) return text.find('.') == std::string::npos ? text + ".0" : text;
  const std::size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  if (mantissa.find('.') == std::string::npos) mantissa += ".0";
  std::string exponent = text.substr(e + 1);
  const bool negative = exponent[0] == '-';
  exponent.erase(0, exponent.find_first_not_of("+-0"));
  return mantissa + "E" + (negative ? "-" : "") + exponent;
}

std::optional<double> parse_real(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  double number = 0;
  const std::from_chars_result end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ptr != text.data() + text.size() || text.empty()) return std::nullopt;
  if (end.ec == std::errc::result_out_of_range) {
    const bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
    return tiny ? 0.0 : text[0] == '-' ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (end.ec != std::errc()) return std::nullopt;
  return number;
}

double root(double number) { return __builtin_sqrt(number); }

double exponential(double number) {
  if (is_nan(number)) return number;
  if (number > 709.79) return std::numeric_limits<double>::infinity();
  if (number < -745.2) return 0;
  int exponent = 0;
  const Double2 e = exp2parts({number, 0}, exponent);
  return scaled(e.high, exponent);
}

double logarithm(double number) {
  if (is_nan(number) || number < 0) return std::numeric_limits<double>::quiet_NaN();
  if (number == 0) return -std::numeric_limits<double>::infinity();
  if (is_infinite(number)) return number;
  return log2parts(number).high;
}

double power(double base, double exponent) {
  if (exponent == 0) return 1;
  if (is_nan(base) || is_nan(exponent)) return std::numeric_limits<double>::quiet_NaN();
  const bool whole = floor_of(exponent) == exponent;
  const bool odd = whole && floor_of(exponent / 2) * 2 != exponent;
  if (base == 0) return exponent > 0 ? 0 : std::numeric_limits<double>::infinity();
  if (base < 0 && !whole) return std::numeric_limits<double>::quiet_NaN();
  if (is_infinite(base) || is_infinite(exponent)) {
    const double size = base < 0 ? -base : base;
    if (is_infinite(exponent) && size == 1) return std::numeric_limits<double>::quiet_NaN();
    const bool grows = (size > 1) == (exponent > 0);
    return grows ? (base < 0 && odd ? -1 : 1) * std::numeric_limits<double>::infinity() : 0.0;
  }
  const Double2 log = log2parts(base < 0 ? -base : base);
  const Double2 product = times(log, {exponent, 0});
  if (product.high > 709.79) return (base < 0 && odd ? -1 : 1) * std::numeric_limits<double>::infinity();
  if (product.high < -745.2) return 0;
  int two = 0;
  const Double2 e = exp2parts(product, two);
  const double result = scaled(e.high, two);
  return base < 0 && odd ? -result : result;
}

}  // namespace nutshell::streams
