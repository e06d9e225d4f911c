#include <algorithm>
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
      {"ROUND", "INT", "INT", itself_number},
      {"ROUND", "BIGINT", "BIGINT", itself_number},
      {"ROUND", "BIGINT", "DOUBLE", round_to_bigint},
      {"ROUND", "DOUBLE", "DOUBLE, INT", round},
      {"ROUND", "DECIMAL", "DECIMAL", round_decimal},
      {"ROUND", "DECIMAL", "DECIMAL, INT", round},
      {"TRUNC", "INT", "INT", itself_number},
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
  };
  return kTable;
}

}  // namespace nutshell::streams
