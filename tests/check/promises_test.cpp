#include <doctest/doctest.h>

#include <set>

#include "sim/check/promises.h"

namespace nutshell {

TEST_CASE("the table of promises is complete and its names are unique") {
  REQUIRE(promises().size() == kPromiseCount);
  std::set<std::string_view> names;
  for (const Promise& each : promises()) {
    CAPTURE(each.name);
    names.insert(each.name);
    CHECK_FALSE(each.title.empty());
    CHECK(each.about.back() == '.');
    CHECK_FALSE(each.source.empty());
  }
  CHECK(names.size() == kPromiseCount);
}

TEST_CASE("promises are found by name, in the order of their ids") {
  CHECK(find_promise("acked_records_survive") == static_cast<std::int32_t>(PromiseId::acked_records_survive));
  CHECK(find_promise("log_marks_in_order") == 0);
  CHECK(find_promise("flushed_records_survive") == static_cast<std::int32_t>(kPromiseCount) - 1);
  CHECK(find_promise("acked_records_surviv") == -1);
}

}  // namespace nutshell
