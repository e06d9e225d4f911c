#include "sim/core/random.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "sim/core/require.h"

namespace nutshell {
namespace {

__extension__ typedef unsigned __int128 Wide;

// Logarithms are in units of 2^-32.
constexpr int kFractionBits = 32;
constexpr int kTableBits = 8;
constexpr std::uint64_t kLn2 = 0xb17217f8;  // ln(2)
constexpr Duration kLongestMean = Duration{1} << 57;

// log2(x / 2^62) of 2^62 <= x < 2^63, a bit of the result for each squaring.
constexpr std::uint64_t log2_by_squaring(std::uint64_t x) {
  std::uint64_t result = 0;
  for (int bit = 0; bit < kFractionBits; ++bit) {
    x = static_cast<std::uint64_t>((static_cast<Wide>(x) * x) >> 62);
    result <<= 1;
    if (x >> 63) {
      result |= 1;
      x >>= 1;
    }
  }
  return result;
}

// Entry i is log2(1 + i / 256).
constexpr auto kLog2 = [] {
  std::array<std::uint64_t, (1 << kTableBits) + 1> table{};
  for (std::size_t i = 0; i < table.size() - 1; ++i) {
    table[i] = log2_by_squaring((std::uint64_t{1} << 62) + (static_cast<std::uint64_t>(i) << (62 - kTableBits)));
  }
  table.back() = std::uint64_t{1} << kFractionBits;
  return table;
}();

// log2(x / 2^63) of x >= 2^63, interpolated between two entries: off by less than 3e-6.
std::uint64_t log2_of_mantissa(std::uint64_t x) {
  std::uint64_t fraction = x << 1 >> 1;
  std::size_t i = static_cast<std::size_t>(fraction >> (63 - kTableBits));
  std::uint64_t within = fraction << (1 + kTableBits) >> kFractionBits;
  std::uint64_t rise = kLog2[i + 1] - kLog2[i];
  return kLog2[i] + ((rise * within) >> kFractionBits);
}

}  // namespace

// By inversion: mean * -ln(random / 2^64), rounded to the nearest nanosecond. At most 44.4 means.
// REQUIRES 0 <= mean <= 2^57 ns (four and a half years).
Duration exponential(std::uint64_t random, Duration mean) {
  NUTSHELL_REQUIRE(0 <= mean && mean <= kLongestMean);
  if (random == 0) random = 1;
  int zeros = std::countl_zero(random);
  std::uint64_t minus_log2 =
      (static_cast<std::uint64_t>(zeros + 1) << kFractionBits) - log2_of_mantissa(random << zeros);
  Wide minus_ln = (static_cast<Wide>(minus_log2) * kLn2) >> kFractionBits;
  Wide half = Wide{1} << (kFractionBits - 1);
  return static_cast<Duration>((minus_ln * static_cast<std::uint64_t>(mean) + half) >> kFractionBits);
}

Duration backoff(std::uint64_t random, Duration base, Duration max, std::int32_t failures) {
  if (max <= base) return max;
  Duration term = base;
  for (std::int32_t i = 0; i < failures && term < max; ++i) term *= 2;
  term = std::min(term, max);
  return std::min(between(random, term - term / 5, term + term / 5), max);
}

}  // namespace nutshell
