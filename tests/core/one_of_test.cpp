// One of many kinds, held against a std::variant of the same.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "sim/core/alternatives.h"
#include "sim/core/one_of.h"
#include "sim/core/types.h"

namespace nutshell {
namespace {

// Kinds by number; some are larger than others.
template <int N>
struct Sample {
  std::array<std::int64_t, N % 4 + 1> numbers{};
  std::uint8_t small = N;
  NUTSHELL_FIELDS(Sample, numbers, small)
};

struct SampleKinds : Kinds<Sample<0>, Sample<1>, Sample<2>, Sample<3>, Sample<4>, Sample<5>> {};
using Mine = OneOf<SampleKinds>;
using Theirs = std::variant<Sample<0>, Sample<1>, Sample<2>, Sample<3>, Sample<4>, Sample<5>>;

std::string seen_in(const auto& each) { return std::to_string(sizeof each) + ":" + std::to_string(each.numbers.back()); }

}  // namespace

TEST_CASE("one of many kinds is what a variant of them is: its kind, its value, its digest") {
  static_assert(SampleKinds::size == std::variant_size_v<Theirs> && sizeof(Mine) == sizeof(Theirs));
  static_assert(SampleKinds::number_of<int>() == SampleKinds::size);
  std::int64_t number = 40;
  SampleKinds::each([&]<class Kind>(Kind each) {
    each.numbers.back() = ++number;
    const Mine mine = each;
    const Mine copy = mine;
    const Theirs theirs = each;
    CHECK(mine.index() == theirs.index());
    const auto look = [](const auto& value) { return seen_in(value); };
    CHECK(copy.visit(look) == std::visit(look, theirs));
    CHECK(digest_of(copy) == digest_of(theirs));
    for_each_alternative<Theirs>([&]<class Other>(const Other&) {
      CHECK(mine.is<Other>() == std::holds_alternative<Other>(theirs));
      CHECK((mine.as<Other>() == nullptr) == (std::get_if<Other>(&theirs) == nullptr));
    });
    REQUIRE(copy.as<Kind>());
    CHECK(copy.as<Kind>()->numbers == each.numbers);
  });
  CHECK(number == 46);
  CHECK(Mine().index() == Theirs().index());
  CHECK(digest_of(Mine()) == digest_of(Theirs()));
}

}  // namespace nutshell
