// The worked changes are those of M5, and what each does to a record is what is said of it.
#include "sim/schema/worked_changes.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace nutshell::worked {
namespace {

struct Said {
  const char* name;
  bool backward, forward;
};
// M5, row by row.
const std::vector<Said> kSaid = {{"add a field with a default", true, true},
                                 {"add a field without a default", false, true},
                                 {"remove a field without a default", true, false},
                                 {"remove a field with a default", true, true},
                                 {"int to long", true, false},
                                 {"int to string", false, false},
                                 {"string to bytes", true, true},
                                 {"rename", false, false},
                                 {"rename with an alias", true, false},
                                 {"int to union(null, int)", true, false},
                                 {"enum: add a symbol", true, false},
                                 {"enum with a default: add a symbol", true, true}};

TEST_CASE("M5: what is said of each change, and what readers make of its records") {
  REQUIRE(worked_changes().size() == kSaid.size());
  for (std::size_t i = 0; i < kSaid.size(); ++i) {
    const WorkedChange& change = worked_changes()[i];
    CAPTURE(std::string(change.name));
    CHECK(change.name == kSaid[i].name);
    const auto allows = [&](Compatibility level) { return refusals(level, SchemaFormat::avro, change.newer, {change.older}).empty(); };
    CHECK(allows(Compatibility::backward) == kSaid[i].backward);
    CHECK(allows(Compatibility::forward) == kSaid[i].forward);
    // The records are chosen so that what may go wrong does.
    CHECK(read_back(change.older, change.newer, change.old_record).problem.empty() == kSaid[i].backward);
    CHECK(read_back(change.newer, change.older, change.new_record).problem.empty() == kSaid[i].forward);
  }
}

TEST_CASE("a record on its way, and fields as lines") {
  const WorkedChange& renamed = worked_changes()[8];
  const ReadBack back = read_back(renamed.older, renamed.newer, renamed.old_record);
  CHECK(back.bytes == "046f31f403");
  CHECK(back.written == R"({"id": "o1", "cents": 250})");
  CHECK(back.read == R"({"id": "o1", "amount": 250})");
  CHECK(field_lines(renamed.newer) == std::vector<std::string>{"id: string", "amount: int, once cents"});
  CHECK(field_lines(worked_changes()[11].older) == std::vector<std::string>{"colour: enum Colour {red, green}, else red"});
  CHECK(field_lines(worked_changes()[9].newer)[1] == "cents: union(null, int) = null");
}

}  // namespace
}  // namespace nutshell::worked
