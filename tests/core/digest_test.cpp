#include "sim/core/digest.h"

#include <doctest/doctest.h>

namespace nutshell {
namespace {

struct Point {
  std::int32_t x = 0;
  std::int32_t y = 0;
  NUTSHELL_FIELDS(Point, x, y)
};

struct Swapped {
  std::int32_t x = 0;
  std::int32_t y = 0;
  template <class F>
  static constexpr void each_field(F&& f) {
    f("y", &Swapped::y);
    f("x", &Swapped::x);
  }
};

struct Partial {
  std::int32_t x = 0;
  std::int32_t cached = 0;
  NUTSHELL_FIELDS(Partial, x)
};

struct Nested {
  Point at;
  std::vector<Point> path;
  std::optional<std::string> label;
  NUTSHELL_FIELDS(Nested, at, path, label)
};

struct OwnFold {
  int ignored = 0;
  int counted = 0;
  void fold_into(std::uint64_t& digest) const { fold(digest, counted); }
};

enum class Colour : std::uint8_t { red, green };

TEST_CASE("a digest is a known number") {
  CHECK(mix(0, 1) == 0x9e3779bd8ef1b1deull);
  std::uint64_t digest = 0;
  fold(digest, 1);
  CHECK(digest == mix(0, 1));
  fold(digest, -1);
  CHECK(digest == mix(mix(0, 1), 0xffff'ffff'ffff'ffffull));
}

TEST_CASE("an integer folds by value, not by width") {
  CHECK(digest_of(std::int8_t{-3}) == digest_of(std::int64_t{-3}));
  CHECK(digest_of(std::uint16_t{3}) == digest_of(std::int64_t{3}));
  CHECK(digest_of(true) == digest_of(1));
  CHECK(digest_of(Colour::green) == digest_of(1));
}

TEST_CASE("fields fold in the order of the list") {
  CHECK(digest_of(Point{1, 2}) == mix(mix(0, 1), 2));
  CHECK(digest_of(Swapped{1, 2}) == mix(mix(0, 2), 1));
  CHECK(digest_of(Point{1, 2}) != digest_of(Point{2, 1}));
}

TEST_CASE("what is not listed is not part of the value") {
  CHECK(digest_of(Partial{1, 2}) == digest_of(Partial{1, 3}));
  CHECK(digest_of(Partial{1, 2}) != digest_of(Partial{2, 2}));
  CHECK(digest_of(OwnFold{1, 7}) == digest_of(OwnFold{2, 7}));
  CHECK(digest_of(OwnFold{1, 7}) != digest_of(OwnFold{1, 8}));
}

TEST_CASE("lists and texts fold their length, so that neighbours cannot trade elements") {
  using Two = std::pair<std::vector<int>, std::vector<int>>;
  CHECK(digest_of(Two{{1, 2}, {3}}) != digest_of(Two{{1}, {2, 3}}));
  CHECK(digest_of(Two{{1, 2, 3}, {}}) != digest_of(Two{{}, {1, 2, 3}}));
  using Texts = std::pair<std::string, std::string>;
  CHECK(digest_of(Texts{"ab", "c"}) != digest_of(Texts{"a", "bc"}));
  CHECK(digest_of(std::vector<int>{1, 2}) != digest_of(std::vector<int>{2, 1}));
  CHECK(digest_of(std::vector<int>{0}) != digest_of(std::vector<int>{0, 0}));
  CHECK(digest_of(std::array<int, 2>{1, 2}) == digest_of(std::vector<int>{1, 2}));
}

TEST_CASE("bytes of a text fold as unsigned, also where char is signed") {
  CHECK(digest_of(std::string("\xff")) == mix(mix(0, 1), 255));
  CHECK(digest_of(std::string("kafka")) == digest_of(std::string_view("kafka")));
}

TEST_CASE("optionals and variants fold what they hold and which it is") {
  CHECK(digest_of(std::optional<int>()) != digest_of(std::optional<int>(0)));
  CHECK(digest_of(std::optional<int>(1)) != digest_of(std::optional<int>(2)));
  using Either = std::variant<std::int32_t, std::int64_t, Point>;
  CHECK(digest_of(Either{std::int32_t{5}}) != digest_of(Either{std::int64_t{5}}));
  CHECK(digest_of(Either{Point{1, 2}}) == mix(mix(mix(0, 2), 1), 2));
}

TEST_CASE("a topic-partition folds as one word, with its topic above its partition") {
  CHECK(digest_of(TopicPartition{1, 2}) == mix(0, (std::uint64_t{1} << 32) | 2));
  CHECK(digest_of(TopicPartition{1, 2}) != digest_of(TopicPartition{2, 1}));
  CHECK(digest_of(TopicPartition{-1, 2}) == mix(0, 0xffff'ffff'0000'0002ull));
}

TEST_CASE("every part of a nested value counts") {
  const Nested value{{1, 2}, {{3, 4}}, "here"};
  CHECK(digest_of(value) == digest_of(Nested{{1, 2}, {{3, 4}}, "here"}));
  CHECK(digest_of(value) != digest_of(Nested{{1, 0}, {{3, 4}}, "here"}));
  CHECK(digest_of(value) != digest_of(Nested{{1, 2}, {{3, 0}}, "here"}));
  CHECK(digest_of(value) != digest_of(Nested{{1, 2}, {{3, 4}}, "there"}));
  CHECK(digest_of(value) != digest_of(Nested{{1, 2}, {{3, 4}}, {}}));
}

TEST_CASE("avalanche flips half of the bits for each bit of its input, and never collides with itself") {
  for (int bit = 0; bit < 64; ++bit) {
    std::int64_t flipped = 0;
    for (std::uint64_t x = 0; x < 1'000; ++x) {
      const std::uint64_t word = x * 0x9e3779b97f4a7c15ull;
      flipped += __builtin_popcountll(avalanche(word) ^ avalanche(word ^ (std::uint64_t{1} << bit)));
    }
    CHECK(flipped > 31'000);
    CHECK(flipped < 33'000);
  }
}

}  // namespace
}  // namespace nutshell
