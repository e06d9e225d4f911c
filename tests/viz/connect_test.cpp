// The board of Connect: both ends, workers with their tasks, topics, and who waits for whom.
#include <doctest/doctest.h>

#include "tests/viz/desk.h"
#include "viz/panels/connect_picture.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

void go_to(Desk& desk, Time at) {
  desk.session().go_to_time(at);
  desk.look();
}

}  // namespace

TEST_CASE("a dead worker's units wait on the board, and the status topic still says that they run") {
  Desk desk(lesson("five-minutes-nobody"), 1600, 900);
  go_to(desk, 100 * kSecond);
  CHECK(desk.figure().area == MainArea::connect);
  const ConnectPicture picture = connect_picture(desk.session().world());
  REQUIRE(picture.workers.size() == 2);
  CHECK(picture.workers[0].alive);
  CHECK_FALSE(picture.workers[1].alive);
  // 40 s, and 10 s until the session ends, and five minutes.
  CHECK(picture.delay == 300 * kSecond);
  CHECK(picture.delay_until >= 347 * kSecond);
  CHECK(picture.delay_until <= 353 * kSecond);
  CHECK(picture.lost.size() == 2);
  CHECK(desk.shows("no worker, on purpose"));
  CHECK(desk.shows("the status topic still says:"));
  CHECK(desk.shows("of 300"));
}

TEST_CASE("rows that came twice are marked in the topic, and the place that was noted stands below the table") {
  Desk desk(lesson("read-again"), 1600, 900);
  go_to(desk, 145 * kSecond);
  const ConnectPicture picture = connect_picture(desk.session().world());
  REQUIRE(picture.topics.size() == 1);
  std::string twice;
  for (const ConnectCell& each : picture.topics[0].cells)
    if (each.again) twice += each.word + " ";
  CHECK(twice == "7 8 ");
  CHECK(desk.shows("x2"));
  REQUIRE(picture.sources.size() == 1);
  CHECK(picture.sources[0].note.rfind("noted: incrementing ", 0) == 0);
}

TEST_CASE("poison is outlined where it came from, and its copy tells where that was") {
  Desk desk(lesson("poison-and-dead-letters"), 1600, 900);
  go_to(desk, 60 * kSecond);
  const ConnectPicture picture = connect_picture(desk.session().world());
  REQUIRE(picture.topics.size() == 2);
  int poison = 0;
  for (const ConnectTopicPicture& topic : picture.topics)
    for (const ConnectCell& each : topic.cells) poison += each.poison;
  CHECK(poison == 2);
  CHECK(desk.shows("FAILED"));
  CHECK(desk.shows("stage = VALUE_CONVERTER"));
}
