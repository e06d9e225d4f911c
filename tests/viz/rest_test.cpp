// A picture that stands still costs little: no simulation, and few allocations. How long a frame takes, the benchmark tells.
#include <doctest/doctest.h>

#include "tests/allocations.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

TEST_CASE("a paused frame takes no step of the simulation, and allocates little") {
  for (const MainArea area : {MainArea::stage, MainArea::space_time, MainArea::log}) {
    Desk desk(lesson("leader-failover"));
    desk.session().go_to_time(25 * kSecond);
    desk.figure().area = area;
    for (int i = 0; i < 10; ++i) desk.look(kSecond / 60);
    const Step taken = desk.session().timeline().taken();
    const std::int64_t before = allocations();
    constexpr std::int64_t kFrames = 20;
    for (std::int64_t i = 0; i < kFrames; ++i) desk.look(kSecond / 60);
    CHECK(desk.session().timeline().taken() == taken);
    CHECK((allocations() - before) / kFrames < 4000);
  }
}
