#include "sim/core/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <vector>

namespace nutshell {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

// Known values: a change of them changes every run there ever was.
TEST_CASE("a draw is a function of its four keys") {
  static_assert(draw(1, Purpose::latency, 2, 3) == draw(1, Purpose::latency, 2, 3));
  CHECK(draw(0, Purpose::latency, 0, 0) == 0x6e58cb0c94d02cfcull);
  CHECK(draw(42, Purpose::fuzz, 7, 1'000'000) == 0x2c3ae4ad14f8f8b0ull);
}

TEST_CASE("draws of neighbouring keys differ in half of their bits") {
  const auto distance = [](std::uint64_t a, std::uint64_t b) { return __builtin_popcountll(a ^ b); };
  std::array<std::int64_t, 4> bits{};
  constexpr std::int64_t kDraws = 10'000;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const std::uint64_t base = draw(i, Purpose::loss, i, i);
    bits[0] += distance(base, draw(i + 1, Purpose::loss, i, i));
    bits[1] += distance(base, draw(i, Purpose::duplicate, i, i));
    bits[2] += distance(base, draw(i, Purpose::loss, i + 1, i));
    bits[3] += distance(base, draw(i, Purpose::loss, i, i + 1));
  }
  for (std::int64_t sum : bits) {
    CHECK(sum > kDraws * 319 / 10);
    CHECK(sum < kDraws * 321 / 10);
  }
}

TEST_CASE("no two keys of a small world draw the same") {
  std::vector<std::uint64_t> draws;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    for (int purpose = 0; purpose <= static_cast<int>(Purpose::fuzz); ++purpose) {
      for (std::uint64_t entity = 0; entity < 40; ++entity) {
        for (std::uint64_t nth = 0; nth < 40; ++nth) {
          draws.push_back(draw(seed, static_cast<Purpose>(purpose), entity, nth));
        }
      }
    }
  }
  std::sort(draws.begin(), draws.end());
  CHECK(std::adjacent_find(draws.begin(), draws.end()) == draws.end());
}

TEST_CASE("below is uniform and stays below") {
  static_assert(below(0, 10) == 0);
  static_assert(below(kLargest, 10) == 9);
  static_assert(below(kLargest, kLargest) == kLargest - 1);
  static_assert(below(kLargest, 1) == 0);
  std::array<int, 10> counts{};
  for (std::uint64_t nth = 0; nth < 100'000; ++nth) {
    const std::uint64_t random = draw(3, Purpose::placement, 1, nth);
    ++counts[static_cast<std::size_t>(below(random, counts.size()))];
  }
  // Five standard deviations of 95.
  for (int count : counts) {
    CHECK(count > 10'000 - 475);
    CHECK(count < 10'000 + 475);
  }
}

TEST_CASE("between reaches both ends, also below zero and over the whole range") {
  static_assert(between(0, -3, 3) == -3);
  static_assert(between(kLargest, -3, 3) == 3);
  static_assert(between(kLargest, 5, 5) == 5);
  static_assert(between(0, 0, std::numeric_limits<std::int64_t>::max()) == 0);
}

TEST_CASE("chance is in parts per million") {
  static_assert(!chance(0, 0));
  static_assert(chance(kLargest, 1'000'000));
  static_assert(!chance(kLargest, 999'999));
  int hits = 0;
  for (std::uint64_t nth = 0; nth < 1'000'000; ++nth) {
    const std::uint64_t random = draw(4, Purpose::loss, 9, nth);
    hits += chance(random, 10'000) ? 1 : 0;
  }
  CHECK(hits > 9'500);
  CHECK(hits < 10'500);
}

// The values are -ln(random / 2^64) seconds, computed to 50 digits elsewhere.
TEST_CASE("exponential has the known quantiles") {
  const std::uint64_t half = std::uint64_t{1} << 63;
  struct Known {
    std::uint64_t random;
    Duration nanoseconds;  // mean 1 s
  };
  const Known exact[] = {
      {half, 693'147'181},          // ln 2
      {half / 2, 1'386'294'361},    // ln 4
      {half / 512, 6'931'471'806},  // ln 1024
      {1, 44'361'419'556},          // ln 2^64
      {0, 44'361'419'556},          // counts as 1
      {kLargest, 0},
  };
  for (const Known& known : exact) {
    CAPTURE(known.random);
    CHECK(std::abs(exponential(known.random, kSecond) - known.nanoseconds) <= 20);
  }
  // Between the entries of the table, to 3 parts in a million of the mean.
  const Known interpolated[] = {
      {6'786'177'901'268'885'274ull, 1'000'000'000},  // 2^64 / e
      {18'262'276'632'972'456'098ull, 10'050'336},    // 0.99
      {1'844'674'407'370'955'161ull, 2'302'585'093},  // 0.1
      {18'446'744'073'709'551ull, 6'907'755'279},     // 0.001
      {12'297'829'382'473'034'411ull, 405'465'108},   // 2/3
  };
  for (const Known& known : interpolated) {
    CAPTURE(known.random);
    CHECK(std::abs(exponential(known.random, kSecond) - known.nanoseconds) <= 3'000);
  }
}

TEST_CASE("exponential has its mean, and falls as the draw rises") {
  std::int64_t sum = 0;
  std::int64_t beyond = 0;
  constexpr std::int64_t kDraws = 1'000'000;
  for (std::uint64_t nth = 0; nth < kDraws; ++nth) {
    const std::uint64_t random = draw(5, Purpose::latency, 2, nth);
    const Duration delay = exponential(random, kMillisecond);
    sum += delay;
    beyond += delay > 3 * kMillisecond ? 1 : 0;
  }
  CHECK(std::abs(sum / kDraws - kMillisecond) < kMillisecond / 300);
  CHECK(std::abs(beyond - 49'787) < 1'100);  // e^-3, five standard deviations

  Duration previous = std::numeric_limits<Duration>::max();
  for (std::uint64_t i = 0; i < 4'096; ++i) {
    const Duration delay = exponential(i << 52 | 0xfff, kSecond);
    CHECK(delay < previous);
    previous = delay;
  }
}

TEST_CASE("exponential scales, from nothing to years") {
  const std::uint64_t random = draw(6, Purpose::workload, 0, 0);
  CHECK(exponential(random, 0) == 0);
  CHECK(exponential(std::uint64_t{1} << 63, 1) == 1);
  const Duration longest = exponential(0, std::int64_t{1} << 57);
  CHECK(std::abs(longest - 6'393'154'322'601'327'829) < 1'000'000'000);  // 2^57 ln 2^64
}

}  // namespace
}  // namespace nutshell
