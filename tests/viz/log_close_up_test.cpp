// The logs from near: segments, what retention takes next, and what is on disk.
#include <doctest/doctest.h>

#include "sim/scenario/read.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// Two records a second fill a segment; the first expires 10 s after the second came, and the sweep comes at 20 s.
Desk close_up(const std::string& policy, Time at) {
  std::string script;
  for (int i = 0; i < 8; ++i)
    script += (i ? "," : "") + std::string(R"({"at": ")") + std::to_string(2 + 2 * i) +
              R"(s", "do": "send", "producer": "shop", "key": "k)" + std::to_string(i % 3) + R"(", "value": "v"})";
  const std::string text = R"({"title": "From near", "until": "40s", "cluster": {"brokers": 1, "controllers": 1,
    "config": {"log.retention.check.interval.ms": "10s", "log.initial.task.delay.ms": "20s"}},
    "topics": [{"name": "orders", "config": {"segment.bytes": 400, )" + policy + R"(}}],
    "producers": [{"name": "shop", "topic": "orders"}], "script": [)" + script + "]}";
  LoadResult read = parse_scenario(text, "close-up.json");
  REQUIRE(read.scenario);
  Desk desk(std::move(*read.scenario), 1600, 900);
  desk.session().go_to_time(at);
  desk.figure().area = MainArea::log;
  desk.look();
  return desk;
}

}  // namespace

TEST_CASE("an expired segment waits for the sweep, and says so") {
  Desk desk = close_up(R"("retention.ms": "10s")", 19 * kSecond);
  CHECK(desk.shows("log start 0"));
  CHECK(desk.shows("goes whole"));
  CHECK(desk.shows("sweep in"));
  CHECK(desk.shows(" left"));
}

TEST_CASE("after the sweep the log starts later, and the file waits for its removal") {
  Desk before = close_up(R"("retention.ms": "10s")", 19 * kSecond);
  Desk after = close_up(R"("retention.ms": "10s")", 21 * kSecond + kSecond / 2);
  const World& world = after.session().world();
  const Offset start = world.brokers[0].replicas[0].log.log_start_offset();
  CHECK(start > 0);
  CHECK(after.shows("log start " + std::to_string(start)));
  CHECK(after.shows("file goes in"));
  CHECK_FALSE(before.shows("file goes in"));
}

TEST_CASE("by size the oldest segments go that the log can do without") {
  Desk desk = close_up(R"("retention.ms": -1, "retention.bytes": 500)", 18 * kSecond);
  CHECK(desk.shows("goes whole"));
}

TEST_CASE("what a power loss would take is told from what is on disk") {
  Desk desk = close_up(R"("retention.ms": "1h")", 18 * kSecond);
  const Log& log = desk.session().world().brokers[0].replicas[0].log;
  REQUIRE(log.flushed_offset() < log.log_end_offset());
  CHECK(desk.shows("on disk, up to " + std::to_string(log.flushed_offset())));
  CHECK(desk.shows("cache"));
}

TEST_CASE("what has outlived a power loss is on the disk, though the recovery point in its file is older") {
  Desk desk(lesson("power-loss"), 1920, 1080);
  desk.session().go_to_time(24 * kSecond);
  desk.look();
  const World& world = desk.session().world();
  const Log& bills = world.find_broker(3)->replica({world.topic_id("bills"), 0})->log;
  REQUIRE(bills.recovery_point() < bills.log_end_offset());
  CHECK(desk.shows("on disk"));
  CHECK_FALSE(desk.shows("only in the page cache"));  // nothing has come since
}

TEST_CASE("of a compacted log brackets say what is clean, and each record that goes where its key came again") {
  Desk desk(lesson("compaction"), 1600, 900);
  CHECK(desk.figure().area == MainArea::log);
  desk.session().go_to_time(11 * kSecond + kSecond / 2);
  desk.look();
  CHECK(desk.shows("dirty: 1014 of 1014 B = 1.00, over 0.50"));
  CHECK(desk.shows("active: never cleaned"));
  // tea, milk and rice came again (L16).
  for (const char* note : {"\u2192 2", "\u2192 3", "\u2192 5"}) CHECK(desk.shows(note));
  // A question asks what will be left.
  desk.session().go_to_time(14 * kSecond);
  desk.look();
  CHECK_FALSE(desk.shows("\u2192 2"));
}

// What the head leaves out where it has no room.
TEST_CASE("in a small room each cell has its offset, of four digits too, and what the topic obeys is told") {
  const std::string text = R"({"title": "Many", "until": "40s", "cluster": {"brokers": 1, "controllers": 1},
    "topics": [{"name": "orders", "config": {"segment.bytes": 20000, "retention.ms": "10m"}}],
    "producers": [{"name": "shop", "topic": "orders", "every": "10ms"}]})";
  LoadResult read = parse_scenario(text, "many.json");
  REQUIRE(read.scenario);
  for (const auto &[width, height, projector] : {std::tuple{1024, 768, false}, {1024, 768, true}, {1280, 720, false}, {1280, 720, true}}) {
    CAPTURE(width);
    CAPTURE(projector);
    Desk desk(*read.scenario, width, height);
    if (projector) desk.press(KeyName::f9);
    desk.session().go_to_time(25 * kSecond);
    desk.figure().area = MainArea::log;
    desk.look();
    const Offset end = desk.session().world().brokers[0].replicas[0].log.log_end_offset();
    REQUIRE(end > 1000);
    for (Offset back = 1; back <= 5; ++back) CHECK(desk.shows(std::to_string(end - back)));
    CHECK(desk.shows("cleanup.policy=delete"));
    CHECK(desk.shows("retention.ms=10m"));
  }
}
