// The lists of a few elements and of those that leave at the front, held against vectors.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "sim/core/few.h"
#include "sim/core/fifo.h"
#include "sim/core/random.h"

namespace nutshell {
namespace {

template <class List>
void check_same(const List& list, const std::vector<std::string>& expected) {
  REQUIRE(list.size() == expected.size());
  CHECK(list.empty() == expected.empty());
  CHECK(std::vector<std::string>(list.begin(), list.end()) == expected);
  CHECK(digest_of(list) == digest_of(expected));
}

std::string text_of(std::uint64_t number) { return "an element too long to lie within a string " + std::to_string(number); }

}  // namespace

TEST_CASE("a list of a few is what a vector is, also once there were several, and its copies are their own") {
  Few<std::string> list;
  std::vector<std::string> expected;
  for (std::uint64_t n = 0; n < 2000; ++n) {
    const std::uint64_t luck = draw(7, Purpose::fuzz, 1, n);
    if (expected.empty() || (expected.size() < 4 && below(luck, 2) == 0)) {
      list.push_back(text_of(n));
      expected.push_back(text_of(n));
      CHECK(list.back() == expected.back());
    } else if (below(luck, 50) == 1) {
      list.clear();
      expected.clear();
    } else {
      const auto at = static_cast<std::ptrdiff_t>(below(avalanche(luck), expected.size()));
      list.erase(list.begin() + at);
      expected.erase(expected.begin() + at);
    }
    check_same(list, expected);
    Few<std::string> copy = list;
    copy.push_back("only here");
    check_same(list, expected);
  }
}

TEST_CASE("a list that elements leave at the front is what a vector is, wherever they leave it") {
  for (const std::uint64_t usual : {0u, 1u, 2u}) {  // taken from the front, anywhere, or from the end
    Fifo<std::string> list;
    std::vector<std::string> expected;
    for (std::uint64_t n = 0; n < 3000; ++n) {
      const std::uint64_t luck = draw(7, Purpose::fuzz, 2 + usual, n);
      const bool grows = n / 500 % 2 == 0;
      if (expected.empty() || below(luck, 3) < (grows ? 2u : 1u)) {
        list.push_back(text_of(n));
        expected.push_back(text_of(n));
      } else {
        const std::size_t last = expected.size() - 1;
        const std::size_t index = usual == 0 ? 0 : usual == 1 ? below(avalanche(luck), expected.size()) : last;
        CHECK(list.take(index) == expected[index]);
        expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(index));
      }
      if (!expected.empty()) CHECK(list[expected.size() / 2] == expected[expected.size() / 2]);
      check_same(list, expected);
    }
  }
}

}  // namespace nutshell
