// What a load costs, as a class sees it. The sums are those of tests/cost/bill_test.cpp.
#include <doctest/doctest.h>

#include <string>

#include "sim/command/run_load.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

TEST_CASE("the costs: the floor, the sums at the load, where the two meet, and that the prices are examples") {
  Desk desk(small_failover(), 1456, 819);
  desk.type(U'$');
  desk.look();
  CHECK(desk.shows("cannot go to zero"));
  CHECK(desk.shows(
      "The cluster costs 263 $ even while nothing is sent, Pub/Sub then costs nothing; with 5 readers the two meet at 1.2 MB/s."));
  CHECK(desk.shows("from 1.2 MB/s on the cluster is cheaper"));
  CHECK(desk.shows("Example prices of"));
  for (const char* sum : {"963 $", "1,147 $", "219 $", "44 $", "69 $", "70 $", "210 $", "350 $"}) CHECK_MESSAGE(desk.shows(sum), sum);
  desk.type(U'$');
  desk.look();
  CHECK_FALSE(desk.shows("cannot go to zero"));
}

TEST_CASE("the costs: numbers are moved by keys and by the mouse, and all that hangs on them follows") {
  Desk desk(small_failover(), 1456, 819);
  desk.type(U'$');
  desk.look();
  desk.click("2 readers, 1 day");
  desk.look();
  CHECK(desk.shows("from 6.3 MB/s on the cluster is cheaper"));
  desk.click("2 readers, 7 days");
  desk.look();
  CHECK(desk.shows("Pub/Sub stays the cheaper one"));
  desk.click("5 readers, 7 days");
  desk.look();
  CHECK(desk.shows("from 16.1 MB/s on the cluster is cheaper"));
  desk.press(KeyName::home);
  desk.press(KeyName::right);  // the load: 2.0 to 2.5
  desk.look();
  CHECK(desk.shows("1,138 $"));
  desk.press(KeyName::down);  // services: 5 to 6
  desk.press(KeyName::right);
  desk.look();
  CHECK(desk.shows("with 6 readers"));
  // The knob of the load, at the left end of its track, is pulled to the right end.
  const TextBox* name = desk.find("load");
  REQUIRE(name != nullptr);
  const float y = name->box.bottom() + 32;
  desk.drag({{name->home.x + 30, y}, {name->home.x + 10, y}, {name->home.x - 40, y}});
  desk.look();
  CHECK(desk.shows("0.0 MB/s"));
}

TEST_CASE("the costs: of a run in zones stands what it has counted, apart; and the bill may be made of that") {
  Scenario scenario = small_failover();
  scenario.setup.racks = {"a", "b", "c"};
  Desk desk(std::move(scenario), 1456, 819);
  desk.session().obey({CommandName::end, 0, {}});
  desk.look();
  desk.type(U'$');
  desk.look();
  const Load run = load_of_run(desk.session().world());
  REQUIRE(run.counted);
  CHECK(run.counted->to_copies > 0);
  CHECK(desk.shows("copies " + megabytes_of(run.counted->to_copies) + " MB"));
  CHECK_FALSE(desk.shows("between zones: the rest"));
  desk.click("this run, as counted");
  desk.look();
  CHECK(desk.shows("between zones: the rest"));
  desk.click("2 readers, 1 day");
  desk.look();
  CHECK_FALSE(desk.shows("between zones: the rest"));
}

TEST_CASE("schemas: a change, the levels that allow it, and what comes out of its bytes") {
  Desk desk(small_failover(), 1456, 819);
  desk.type(U'%');
  desk.look();
  CHECK(desk.shows("add a field with a default"));
  CHECK(desk.shows("046f31f403"));
  CHECK(desk.shows("{\"id\": \"o1\", \"cents\": 250, \"note\": \"\"}"));
  desk.press(KeyName::down);
  desk.look();
  CHECK(desk.shows("the field 'note' was not written"));
  CHECK(desk.shows("give the new field a default"));
  desk.click("int to long");
  desk.look();
  CHECK(desk.shows("promotion is one-way"));
  desk.type(U'%');
  desk.look();
  CHECK_FALSE(desk.shows("promotion is one-way"));
}
