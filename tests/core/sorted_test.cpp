// place_among against std::lower_bound, and how few entries it looks at where they are spread evenly.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "sim/core/random.h"
#include "sim/core/sorted.h"

using namespace nutshell;

namespace {

std::ptrdiff_t by_halving(const std::vector<std::uint64_t>& keys, std::uint64_t key) {
  return std::lower_bound(keys.begin(), keys.end(), key) - keys.begin();
}

std::ptrdiff_t by_guess(const std::vector<std::uint64_t>& keys, std::uint64_t key, std::int64_t& looks) {
  return place_among(keys.begin(), keys.end(), key, [&looks](std::uint64_t each) { return ++looks, each; }) - keys.begin();
}

}  // namespace

TEST_CASE("a key is found where halving finds it: few and many, spread evenly and not, as far apart as numbers go") {
  std::int64_t looks = 0;
  std::uint64_t nth = 0;
  const auto random = [&nth](std::uint64_t below) { return draw(7, Purpose::workload, 1, nth++) % below; };
  for (const std::uint64_t widest : {3ull, 100ull, 1ull << 20, 1ull << 41, ~0ull}) {
    for (int round = 0; round < 200; ++round) {
      std::vector<std::uint64_t> keys(random(round % 2 == 0 ? 20 : 300));
      for (std::uint64_t& each : keys) each = round % 3 == 0 ? random(widest) / (1 + random(1000)) : random(widest);
      std::sort(keys.begin(), keys.end());
      for (int i = 0; i < 20; ++i) {
        const std::uint64_t key = keys.empty() || random(2) == 0 ? random(widest) : keys[random(keys.size())];
        REQUIRE(by_guess(keys, key, looks) == by_halving(keys, key));
      }
    }
  }
}

TEST_CASE("of a thousand that are spread evenly, a dozen are looked at") {
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 1000; ++i) keys.push_back(5 + 12 * i);
  for (const std::uint64_t key : {5ull, 17ull, 6005ull, 6006ull, 11992ull}) {
    std::int64_t looks = 0;
    CHECK(by_guess(keys, key, looks) == by_halving(keys, key));
    CHECK(looks <= 16);
  }
}
