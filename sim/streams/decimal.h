// Exact decimal numbers of up to 38 digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nutshell::streams {

__extension__ typedef __int128 Int128;

// unscaled / 10^scale
struct Decimal {
  std::int64_t high = 0;
  std::uint64_t low = 0;
  std::int32_t scale = 0;

  Decimal() = default;
  Decimal(Int128 unscaled, int digits_behind) : scale(digits_behind) {
    high = static_cast<std::int64_t>(unscaled >> 64);
    low = static_cast<std::uint64_t>(unscaled);
  }
  Int128 unscaled() const { return static_cast<Int128>(high) * (static_cast<Int128>(1) << 64) + static_cast<Int128>(low); }
};

enum class Rounding : std::uint8_t { half_up, half_down, down, up, floor, ceiling };

// 10^n; REQUIRES 0 <= n <= 38.
Int128 power_of_ten(int n);
// Of as many digits behind the point as asked for; nothing if it has more digits than fit.
std::optional<Decimal> rescale(const Decimal& number, int scale, Rounding rounding = Rounding::half_up);
// Whether it has at most `precision` digits.
bool fits(const Decimal& number, int precision);
// Compares values: 1.0 is 1.
int compare(const Decimal& a, const Decimal& b);
std::string decimal_text(const Decimal& number);
// "-12.50", "1e3"; nothing if it is none.
std::optional<Decimal> parse_decimal(std::string_view text);
std::optional<Decimal> add(const Decimal& a, const Decimal& b);
std::optional<Decimal> subtract(const Decimal& a, const Decimal& b);
std::optional<Decimal> multiply(const Decimal& a, const Decimal& b);
// Nothing if b is 0.
std::optional<Decimal> divide(const Decimal& a, const Decimal& b, int scale);
std::optional<Decimal> remainder(const Decimal& a, const Decimal& b);
double to_real(const Decimal& number);

}  // namespace nutshell::streams
