#include <algorithm>
#include <cstring>
#include <limits>

#include "sim/streams/function.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

Value absolute(Call& c) {
  if (c[0].is_real()) return Value(c[0].real() < 0 ? -c[0].real() : c[0].real() + 0.0);
  if (c[0].is_decimal())
    return Value(
        Decimal(c[0].decimal().unscaled() < 0 ? -c[0].decimal().unscaled() : c[0].decimal().unscaled(), c[0].decimal().scale));
  const std::int64_t n = c[0].whole();
  const bool least = c.code.type.base == Base::integer ? n == std::numeric_limits<std::int32_t>::min()
                                                       : n == std::numeric_limits<std::int64_t>::min();
  return Value(n < 0 && !least ? -n : n);
}

Value to_whole(Call& c, Rounding rounding) {
  if (c[0].is_real()) return Value(rounding == Rounding::floor ? floor_of(c[0].real()) : ceiling_of(c[0].real()));
  if (!c[0].is_decimal()) return c[0];
  const auto whole = rescale(c[0].decimal(), 0, rounding);
  const auto number = whole ? rescale(*whole, c[0].decimal().scale) : std::nullopt;
  return number ? Value(*number) : Value();
}
Value floor(Call& c) { return to_whole(c, Rounding::floor); }
Value ceil(Call& c) { return to_whole(c, Rounding::ceiling); }

// To so many digits behind the point, perhaps negative.
Value rounded(Call& c, Rounding rounding) {
  const std::int64_t digits = c.size() > 1 ? std::clamp<std::int64_t>(c[1].whole(), -40, 40) : 0;
  if (c[0].is_whole()) return c[0];
  if (c[0].is_real()) {
    const double x = c[0].real();
    if (is_nan(x) || is_infinite(x)) return c[0];
    const auto exact = parse_decimal(real_text(x));
    if (!exact) return c[0];
    const auto fewer =
        digits >= exact->scale ? exact : rescale(*exact, static_cast<int>(std::max<std::int64_t>(digits, 0)), rounding);
    if (!fewer || digits >= 0) return fewer ? Value(to_real(*fewer)) : c[0];
    const auto tens = rescale(Decimal(exact->unscaled(), exact->scale + static_cast<int>(-digits)), 0, rounding);
    return tens ? Value(to_real(*tens) *
                        static_cast<double>(power_of_ten(static_cast<int>(std::min<std::int64_t>(-digits, 18)))))
                : c[0];
  }
  const Decimal d = c[0].decimal();
  const auto fewer = digits >= d.scale ? std::optional<Decimal>(d)
                     : digits >= 0     ? rescale(d, static_cast<int>(digits), rounding)
                                       : rescale(Decimal(d.unscaled(), d.scale + static_cast<int>(-digits)), 0, rounding);
  if (!fewer) return {};
  const Decimal back =
      digits >= 0 ? *fewer
                  : Decimal(fewer->unscaled() * power_of_ten(static_cast<int>(std::min<std::int64_t>(-digits, 30))), 0);
  const auto result = rescale(back, c.code.type.scale);
  return result ? Value(*result) : Value();
}

// Half a unit rounds up, towards positive infinity: Java's Math.round.
Value round_to_bigint(Call& c) { return Value(truncated(floor_of(c[0].real() + 0.5))); }
// Halves go up, towards the positive.
Rounding half(bool negative) { return negative ? Rounding::half_down : Rounding::half_up; }
Value round_decimal(Call& c) {
  const auto whole = rescale(c[0].decimal(), 0, half(c[0].decimal().unscaled() < 0));
  const auto back = whole ? rescale(*whole, c.code.type.scale) : std::nullopt;
  return back ? Value(*back) : Value();
}
Value round(Call& c) {
  return rounded(c, half(c[0].is_real() ? c[0].real() < 0 : c[0].is_decimal() && c[0].decimal().unscaled() < 0));
}
Value truncate(Call& c) { return rounded(c, Rounding::down); }
Value truncate_to_bigint(Call& c) { return Value(truncated(c[0].real())); }
Value itself_number(Call& c) { return c[0]; }

Value sign(Call& c) {
  const double x = as_real(c[0]);
  return Value(static_cast<std::int64_t>(x > 0 ? 1 : x < 0 ? -1 : 0));
}
Value sqrt_of(Call& c) { return Value(root(c[0].real())); }
Value exp_of(Call& c) { return Value(exponential(c[0].real())); }
Value ln_of(Call& c) { return Value(logarithm(c[0].real())); }
Value log_of(Call& c) {
  if (c.size() == 1) return Value(logarithm(c[0].real()));
  const double base = c[0].real();
  const double x = c[1].real();
  if (base <= 0 || base == 1) return Value(std::numeric_limits<double>::quiet_NaN());
  return Value(logarithm(x) / logarithm(base));
}
Value power_of(Call& c) { return Value(power(c[0].real(), c[1].real())); }
Value cube_root(Call& c) {
  const double x = c[0].real();
  if (x == 0 || is_nan(x) || is_infinite(x)) return c[0];
  const double size = x < 0 ? -x : x;
  double y = power(size, 1.0 / 3.0);
  const double whole = floor_of(y + 0.5);
  if (whole * whole * whole == size) y = whole;
  return Value(x < 0 ? -y : y);
}

Value extreme_of(Call& c, bool most) {
  Value best;
  for (const Value& each : c.args) {
    if (each.null()) continue;
    if (best.null() || (compare_values(each, best) > 0) == most) best = each;
  }
  return best;
}
Value greatest(Call& c) { return extreme_of(c, true); }
Value least(Call& c) { return extreme_of(c, false); }

constexpr double kPi = 3.141592653589793;
Value pi(Call&) { return Value(kPi); }
Value radians(Call& c) { return Value(c[0].real() / 180.0 * kPi); }
Value degrees(Call& c) { return Value(c[0].real() * 180.0 / kPi); }

template <double (*function)(double)>
Value of_angle(Call& c) { return Value(function(c[0].real())); }
Value cotangent(Call& c) { return Value(cosine(c[0].real()) / sine(c[0].real())); }
Value arctangent_of(Call& c) { return Value(arctangent(c[0].real(), 1)); }
Value arctangent_of_point(Call& c) { return Value(arctangent(c[0].real(), c[1].real())); }

// Great circle, by haversines, on a globe of 6371 km or 3959 miles.
Value geo_distance(Call& c) {
  for (std::size_t i = 0; i < 4; ++i)
    if (c[i].null()) return {};
  const double latitude[] = {c[0].real(), c[2].real()}, longitude[] = {c[1].real(), c[3].real()};
  for (int i = 0; i < 2; ++i)
    if (!(latitude[i] >= -90 && latitude[i] <= 90 && longitude[i] >= -180 && longitude[i] <= 180))
      return c.fail("a latitude is from -90 to 90, a longitude from -180 to 180");
  const std::string unit = c.size() > 4 && !c[4].null() ? lower(c[4].text()) : "km";
  const bool miles = unit.substr(0, 2) == "mi";
  if (!miles && unit.substr(0, 1) != "k") return c.fail("distances are in KM or MILES");
  const auto half_chord = [](double degrees) {
    const double s = sine(degrees / 180.0 * kPi / 2);
    return s * s;
  };
  const double a = half_chord(latitude[1] - latitude[0]) + half_chord(longitude[1] - longitude[0]) *
                   cosine(latitude[0] / 180.0 * kPi) * cosine(latitude[1] / 180.0 * kPi);
  return Value((miles ? 3959.0 : 6371.0) * 2 * arcsine(root(a)));
}

// Bytes as a number: the most significant first, or last.
std::optional<std::uint64_t> number_of_bytes(Call& c, std::size_t size) {
  const std::string& bytes = c[0].text();
  const std::string order = c.size() > 1 ? c[1].text() : "BIG_ENDIAN";
  if (order != "BIG_ENDIAN" && order != "LITTLE_ENDIAN") {
    c.fail("the order of bytes is BIG_ENDIAN or LITTLE_ENDIAN");
    return std::nullopt;
  }
  if (bytes.size() != size) {
    c.fail("it takes " + std::to_string(size) + " bytes, not " + std::to_string(bytes.size()));
    return std::nullopt;
  }
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i)
    number = number << 8 | static_cast<unsigned char>(bytes[order == "BIG_ENDIAN" ? i : size - 1 - i]);
  return number;
}
Value int_from_bytes(Call& c) {
  const auto n = number_of_bytes(c, 4);
  return n ? Value(std::int64_t{static_cast<std::int32_t>(static_cast<std::uint32_t>(*n))}) : Value();
}
Value bigint_from_bytes(Call& c) {
  const auto n = number_of_bytes(c, 8);
  return n ? Value(static_cast<std::int64_t>(*n)) : Value();
}
Value double_from_bytes(Call& c) {
  const auto n = number_of_bytes(c, 8);
  double number = 0;
  if (n) std::memcpy(&number, &*n, sizeof number);
  return n ? Value(number) : Value();
}

}  // namespace

const std::vector<Function>& number_functions() {
  static const std::vector<Function> kTable = {
      {"ABS", "INT", "INT", absolute},
      {"ABS", "BIGINT", "BIGINT", absolute},
      {"ABS", "DOUBLE", "DOUBLE", absolute},
      {"ABS", "DECIMAL", "DECIMAL", absolute},
      {"FLOOR", "INT", "INT", floor},
      {"FLOOR", "BIGINT", "BIGINT", floor},
      {"FLOOR", "DOUBLE", "DOUBLE", floor},
      {"FLOOR", "DECIMAL", "DECIMAL", floor},
      {"CEIL", "INT", "INT", ceil},
      {"CEIL", "BIGINT", "BIGINT", ceil},
      {"CEIL", "DOUBLE", "DOUBLE", ceil},
      {"CEIL", "DECIMAL", "DECIMAL", ceil},
      {"ROUND", "BIGINT", "INT", itself_number},
      {"ROUND", "BIGINT", "BIGINT", itself_number},
      {"ROUND", "BIGINT", "DOUBLE", round_to_bigint},
      {"ROUND", "DOUBLE", "DOUBLE, INT", round},
      {"ROUND", "DECIMAL", "DECIMAL", round_decimal},
      {"ROUND", "DECIMAL", "DECIMAL, INT", round},
      {"TRUNC", "BIGINT", "INT", itself_number},
      {"TRUNC", "BIGINT", "BIGINT", itself_number},
      {"TRUNC", "BIGINT", "DOUBLE", truncate_to_bigint},
      {"TRUNC", "DOUBLE", "DOUBLE, INT", truncate},
      {"TRUNC", "DECIMAL", "DECIMAL", truncate},
      {"TRUNC", "DECIMAL", "DECIMAL, INT", truncate},
      {"SIGN", "INT", "INT", sign},
      {"SIGN", "INT", "BIGINT", sign},
      {"SIGN", "INT", "DOUBLE", sign},
      {"SQRT", "DOUBLE", "DOUBLE", sqrt_of},
      {"EXP", "DOUBLE", "DOUBLE", exp_of},
      {"LN", "DOUBLE", "DOUBLE", ln_of},
      {"LOG", "DOUBLE", "DOUBLE", log_of},
      {"LOG", "DOUBLE", "DOUBLE, DOUBLE", log_of},
      {"POWER", "DOUBLE", "DOUBLE, DOUBLE", power_of},
      {"CBRT", "DOUBLE", "DOUBLE", cube_root},
      {"GREATEST", "A", "A, A...", greatest, true},
      {"LEAST", "A", "A, A...", least, true},
      {"PI", "DOUBLE", "", pi},
      {"RADIANS", "DOUBLE", "DOUBLE", radians},
      {"DEGREES", "DOUBLE", "DOUBLE", degrees},
      {"SIN", "DOUBLE", "DOUBLE", of_angle<sine>},
      {"COS", "DOUBLE", "DOUBLE", of_angle<cosine>},
      {"TAN", "DOUBLE", "DOUBLE", of_angle<tangent>},
      {"COT", "DOUBLE", "DOUBLE", cotangent},
      {"ASIN", "DOUBLE", "DOUBLE", of_angle<arcsine>},
      {"ACOS", "DOUBLE", "DOUBLE", of_angle<arccosine>},
      {"ATAN", "DOUBLE", "DOUBLE", arctangent_of},
      {"ATAN2", "DOUBLE", "DOUBLE, DOUBLE", arctangent_of_point},
      {"SINH", "DOUBLE", "DOUBLE", of_angle<hyperbolic_sine>},
      {"COSH", "DOUBLE", "DOUBLE", of_angle<hyperbolic_cosine>},
      {"TANH", "DOUBLE", "DOUBLE", of_angle<hyperbolic_tangent>},
      {"GEO_DISTANCE", "DOUBLE", "DOUBLE, DOUBLE, DOUBLE, DOUBLE", geo_distance},
      {"GEO_DISTANCE", "DOUBLE", "DOUBLE, DOUBLE, DOUBLE, DOUBLE, VARCHAR", geo_distance, true},
      {"INT_FROM_BYTES", "INT", "BYTES", int_from_bytes},
      {"INT_FROM_BYTES", "INT", "BYTES, VARCHAR", int_from_bytes},
      {"BIGINT_FROM_BYTES", "BIGINT", "BYTES", bigint_from_bytes},
      {"BIGINT_FROM_BYTES", "BIGINT", "BYTES, VARCHAR", bigint_from_bytes},
      {"DOUBLE_FROM_BYTES", "DOUBLE", "BYTES", double_from_bytes},
      {"DOUBLE_FROM_BYTES", "DOUBLE", "BYTES, VARCHAR", double_from_bytes},
  };
  return kTable;
}

}  // namespace nutshell::streams
