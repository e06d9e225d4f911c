#include "sim/history/checkpoints.h"

#include <doctest/doctest.h>

namespace nutshell {
namespace {

std::shared_ptr<const Checkpoint> checkpoint(Step position, std::size_t bytes) {
  auto made = std::make_shared<Checkpoint>();
  made->position = position;
  made->bytes = bytes;
  return made;
}

}  // namespace

TEST_CASE("checkpoints are wanted at multiples of the spacing, once") {
  Checkpoints list(10, 1000);
  CHECK(list.wanted(0));
  CHECK_FALSE(list.wanted(5));
  list.keep(checkpoint(0, 100));
  CHECK_FALSE(list.wanted(0));
  list.keep(checkpoint(10, 100));
  CHECK_FALSE(list.wanted(10));
  CHECK(list.wanted(20));
}

TEST_CASE("the nearest checkpoint lies at or before the position") {
  Checkpoints list(10, 1000);
  CHECK(list.nearest(3) == nullptr);
  for (Step position : {0, 10, 20}) list.keep(checkpoint(position, 100));
  CHECK(list.nearest(9)->position == 0);
  CHECK(list.nearest(10)->position == 10);
  CHECK(list.nearest(1000)->position == 20);
}

TEST_CASE("beyond the budget the spacing doubles, and the first checkpoint stays") {
  Checkpoints list(10, 450);
  for (Step position = 0; position <= 300; position += 10) {
    if (list.wanted(position)) list.keep(checkpoint(position, 100));
    CHECK(list.bytes() <= 450);
    CHECK(list.nearest(0) != nullptr);
  }
  CHECK(list.spacing() == 80);
  CHECK(list.nearest(300)->position == 240);
  CHECK(list.nearest(239)->position == 160);
}

TEST_CASE("copies of a large world stand farther apart, but never so far that going there takes long") {
  Checkpoints list(2048, 1u << 30);
  list.keep(checkpoint(0, 100));
  list.keep(checkpoint(2048, 500'000));
  CHECK(list.spacing() == 2048);
  list.keep(checkpoint(4096, 2'000'000));
  CHECK(list.spacing() == 8192);
  CHECK(list.nearest(8191)->position == 0);
  list.keep(checkpoint(8192, 1u << 28));
  CHECK(list.spacing() == 8192);
  CHECK(list.nearest(9000)->position == 8192);
}

TEST_CASE("a single checkpoint may exceed the budget") {
  Checkpoints list(10, 50);
  list.keep(checkpoint(0, 100));
  list.keep(checkpoint(10, 100));
  CHECK(list.nearest(10)->position == 0);
  CHECK(list.bytes() == 100);
}

TEST_CASE("cutting forgets what lies beyond, in this copy only") {
  Checkpoints list(10, 1000);
  for (Step position : {0, 10, 20, 30}) list.keep(checkpoint(position, 100));
  Checkpoints copy = list;
  copy.cut(19);
  CHECK(copy.nearest(100)->position == 10);
  CHECK(copy.bytes() == 200);
  CHECK(copy.wanted(20));
  CHECK(list.nearest(100)->position == 30);
}

}  // namespace nutshell
