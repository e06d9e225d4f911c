// assign_range.json (G14) and assign_roundrobin.json (G15).
#include <doctest/doctest.h>

#include "tests/conformance/assignor_groups.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

void check_assignor_file(const std::string& file_name, const Assignor& assignor) {
  for (const nlohmann::json& test : vector_cases(file_name)) {
    CAPTURE(test.dump());
    const AssignorGroup group = assignor_group(test);
    const NamedAssignment expected = test.at("assignment").get<NamedAssignment>();
    const NamedAssignment actual = assigned(assignor, group);
    const std::string robust = test.at("robust");
    REQUIRE((robust == "list" || robust == "set"));
    const bool matches = robust == "list" ? actual == expected : as_sets(actual) == as_sets(expected);
    CHECK(matches);
    const bool order_of_input_matters = assigned(assignor, reversed(group)) != actual;
    CHECK_FALSE(order_of_input_matters);
  }
}

TEST_CASE("conformance: assign_range") {
  const Assignor* assignor = find_assignor("range");
  REQUIRE(assignor != nullptr);
  check_assignor_file("assign_range.json", *assignor);
}

TEST_CASE("conformance: assign_roundrobin") {
  const Assignor* assignor = find_assignor("roundrobin");
  REQUIRE(assignor != nullptr);
  check_assignor_file("assign_roundrobin.json", *assignor);
}

}  // namespace
}  // namespace nutshell
