// A query at work, as it is drawn: topics, tasks, windows, and what is said of a row that comes too late.
#include <doctest/doctest.h>

#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// At a moment of a lesson.
struct DeskAt : Desk {
  DeskAt(const std::string& name, Time at, int width = 1600, int height = 900) : Desk(lesson(name), width, height) {
    session().go_to_time(at);
    look();
  }
};

}  // namespace

TEST_CASE("a query stands there with its topics, tasks and windows") {
  DeskAt desk("what-a-rekey-costs", 9 * kSecond);
  CHECK(desk.shows("repartition topic"));
  CHECK(desk.shows("task 1_0"));
  CHECK(desk.shows("stream time 61 s"));
  CHECK(desk.shows("stream time 70 s"));
  CHECK(desk.shows("4 rows read = 4 counted"));
}

TEST_CASE("a row that comes too late says why") {
  DeskAt desk("what-a-rekey-costs", 11 * kSecond + kSecond / 2, 1920, 1080);
  CHECK(desk.shows("too late"));
  CHECK(desk.shows("5 rows read = 4 counted + 1 late"));
  DeskAt before("what-a-rekey-costs", 9 * kSecond, 1920, 1080);
  CHECK_FALSE(before.shows("1 late"));
}

TEST_CASE("steps lead from one thing that happens to the next, and back") {
  DeskAt desk("what-a-rekey-costs", 4 * kSecond + kSecond / 2);
  const Time from = desk.session().view_time();
  desk.session().obey({CommandName::step, 0, {}});
  const Time next = desk.session().view_time();
  CHECK(next > from);
  desk.session().obey({CommandName::step_back, 0, {}});
  CHECK(desk.session().view_time() <= from);
}

TEST_CASE("there is nothing that tools could be used on") {
  DeskAt desk("stream-and-table", 4 * kSecond);
  CHECK(desk.session().act(AddBroker{1}).find("no cluster") != std::string::npos);
}

TEST_CASE("kinds of join stand side by side, row for row") {
  DeskAt desk("three-kinds-of-join", 7 * kSecond, 1280, 720);
  CHECK(desk.shows("two_streams"));
  CHECK(desk.shows("stream_and_table"));
  CHECK(desk.shows("two_tables"));
  // The payment: two of them tell, the third says that nothing comes of it.
  CHECK(desk.shows("nothing"));
  CHECK(desk.shows("tea, null"));
  DeskAt before("three-kinds-of-join", 4 * kSecond, 1280, 720);
  CHECK_FALSE(before.shows("tea, card"));
}

TEST_CASE("the topology of a cluster's servers: whose task it is, and a dead server's tasks are nobody's") {
  DeskAt desk("a-second-server", 18 * kSecond);
  CHECK(desk.shows("task 1_1"));
  CHECK(desk.shows("K1"));
  CHECK_FALSE(desk.shows("nobody runs it"));
  DeskAt dead("a-second-server", 50 * kSecond);
  CHECK(dead.shows("nobody runs it"));
  // The other view is the cluster with the server's card.
  desk.figure().area = MainArea::stage;
  desk.look();
  CHECK(desk.shows("Broker 1"));
  CHECK(desk.shows("1_1"));
}

TEST_CASE("statements are typed at a server, and are part of what was done by hand") {
  DeskAt desk("a-second-server", 18 * kSecond);
  desk.type(U';');
  desk.look();
  CHECK(desk.panels().tab == Tab::console);
  CHECK(desk.hands().typing == Typing::console);
  desk.type("sho");
  desk.look();
  CHECK(desk.shows("show"));
  desk.press(KeyName::tab);
  desk.look();
  CHECK(desk.panels().console.text == "show");
  desk.type(" queries");
  desk.press(KeyName::enter);
  for (int i = 0; i < 40; ++i) desk.look(50 * kMillisecond);
  CHECK(desk.panels().console.text.empty());
  CHECK(desk.session().branches().size() == 2);
  CHECK(desk.shows("ksql> show queries;"));
  CHECK(desk.shows("CTAS_"));
  // What was typed comes again, and Escape lets go.
  desk.press(KeyName::up);
  desk.look();
  CHECK(desk.panels().console.text == "show queries;");
  desk.press(KeyName::escape);
  desk.look();
  CHECK(desk.hands().typing == Typing::none);
}

TEST_CASE("what was typed is leafed through also where it has not been typed yet") {
  DeskAt desk("a-second-server", 18 * kSecond);
  desk.type(U';');
  desk.look();
  for (int i = 0; i < 9; ++i) desk.press(KeyName::up);
  desk.look();
  const std::string oldest = desk.panels().console.text;
  CHECK(oldest.find("CREATE") == 0);
  desk.session().go_to_time(0);
  desk.look();
  desk.press(KeyName::down);
  CHECK(desk.panels().console.text == oldest);  // nothing stands after it, nor before
  desk.press(KeyName::up);
  CHECK(desk.panels().console.text == oldest);
  desk.session().go_to_time(18 * kSecond);
  desk.look();
  desk.press(KeyName::up);
  CHECK(desk.panels().console.back == 1);
  const std::string newest = desk.panels().console.text;
  desk.press(KeyName::up);
  CHECK(desk.panels().console.text != newest);
  desk.press(KeyName::down);
  CHECK(desk.panels().console.text == newest);
  desk.press(KeyName::down);
  CHECK(desk.panels().console.back == 0);
}
