#include "sim/core/names.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace nutshell {

TEST_CASE("names keep their numbers, whatever order they come in, and copies go their own ways") {
  Names names;
  std::map<std::string, std::int32_t> known;
  const auto name_of = [](std::uint32_t n) { return "n" + std::to_string(n * 2654435761u % 1009); };
  for (std::uint32_t n = 0; n < 3000; ++n) {
    const std::string name = name_of(n % 1300);
    const auto [place, fresh] = known.try_emplace(name, names.size());
    CHECK(names.find(name) == (fresh ? -1 : place->second));
    CHECK(names.intern(name) == place->second);
    if (n % 100 != 0) continue;
    Names copy = names;
    copy.intern("only here");
    CHECK(names.find("only here") == -1);
    CHECK(copy.find("only here") == names.size());
    for (const auto& [each, id] : known) {
      REQUIRE(names.find(each) == id);
      REQUIRE(copy[id] == each);
    }
  }
  CHECK(names.size() == static_cast<std::int32_t>(known.size()));
  CHECK(names[-1] == "-");
  CHECK(names[names.size()] == "-");
}

}  // namespace nutshell
