// "Why?": behind every badge there is a chain of causes, and it ends at a deed, a timer, or the beginning.
#include <doctest/doctest.h>

#include <string>

#include "sim/scenario/read.h"
#include "sim/session/image.h"
#include "sim/session/reasons.h"
#include "tests/viz/desk.h"
#include "viz/app/lessons.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

constexpr int kMoments = 100;

Place place_of(Desk& desk, PlaceKind kind, const std::string& node) {
  const World& world = desk.session().world();
  for (const Spot& each : desk.figure().spots) {
    if (each.place.kind == kind && each.place.node >= 0 &&
        world.fabric.nodes[static_cast<std::size_t>(each.place.node)].name == node)
      return each.place;
  }
  REQUIRE_MESSAGE(false, "no such place of ", node);
  return {};
}

bool speaks_of(const Reason& reason, const std::string& words) {
  for (const Cause& each : reason.causes) {
    if (each.sentence.find(words) != std::string::npos) return true;
  }
  return false;
}

bool is_unborn(const World& world, NodeId node) {
  return node >= 0 && world.fabric.nodes[static_cast<std::size_t>(node)].incarnation == 0;
}

std::string told(const Reason& reason) {
  std::string all = reason.question;
  for (const Cause& each : reason.causes) all += "\n  " + each.sentence;
  return all;
}

}  // namespace

TEST_CASE("why of every badge of every scenario, at a hundred moments, ends at an action, a timer or the beginning") {
  std::size_t asked = 0;
  std::uint64_t draw = 88172645463325252ULL;  // xorshift: moments that no scenario was written for
  for (const std::string& file : lesson_files()) {
    std::string error;
    std::optional<Scenario> scenario = read_lesson(file, error);
    REQUIRE_MESSAGE(scenario, error);
    Desk desk(std::move(*scenario), 1280, 720);
    const Time until = desk.session().scenario().until;
    for (int i = 0; i < kMoments; ++i) {
      draw ^= draw << 13, draw ^= draw >> 7, draw ^= draw << 17;
      desk.session().go_to_time(static_cast<Time>(draw % static_cast<std::uint64_t>(until)));
      desk.look();
      const Timeline& timeline = desk.session().timeline();
      for (const Spot& each : desk.figure().spots) {
        const Reason reason = reason_of(timeline, each.place, true);
        INFO(file, " at ", timeline.now(), ": ", told(reason));
        REQUIRE_FALSE(reason.causes.empty());
        CHECK(reason.causes.back().root);
        CHECK(reason.causes.front().at <= desk.session().view_time());
        // Only those who wait for their start, and groups that nobody has joined, are as they were at the beginning.
        const bool unborn = reason.causes.front().step == kNoStep && timeline.position() > 20;
        if (unborn) CHECK((each.place.kind == PlaceKind::group || is_unborn(timeline.world(), each.place.node)));
        else ++asked;
      }
      CHECK_FALSE(reason_of(timeline, {}, true).causes.empty());
    }
  }
  CHECK(asked > 20'000);
}

TEST_CASE("why is broker 2 the leader: because broker 1 was killed") {
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(25 * kSecond);
  desk.look();
  const Reason reason = reason_of(desk.session().timeline(), place_of(desk, PlaceKind::replica, "broker 2"), true);
  CHECK(reason.causes.front().sentence.find("orders-0") != std::string::npos);
  CHECK(speaks_of(reason, "Broker 1 is killed."));
  CHECK(reason.causes.back().at == 12 * kSecond);
}

TEST_CASE("of a partition it is asked what was last decided: that it exists, who reads it, or who leads it") {
  const Timeline timeline = timeline_of(lesson("leader-failover"));
  Timeline run = timeline.fork();
  const auto question = [&](Time at) {
    run.seek_time(at);
    return reason_of(run, {PlaceKind::partition, kNoNode, kNoNode, user_partitions(run.world()).front()}, true).question;
  };
  // The one reader joins an empty group, so it is given the partition three seconds after it started (G8).
  CHECK(question(3 * kSecond) == "Where does orders-0 come from?");
  CHECK(question(11 * kSecond) == "Who reads orders-0, and why?");
  CHECK(question(25 * kSecond) == "Who leads orders-0, and why?");
}

TEST_CASE("why has the session of broker 1 run so far: its last heartbeat, before it was killed") {
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(17 * kSecond);
  desk.look();
  const Reason reason = reason_of(desk.session().timeline(), place_of(desk, PlaceKind::session, "broker 1"), true);
  REQUIRE_FALSE(reason.causes.empty());
  CHECK(reason.causes.front().at < 12 * kSecond);
  // broker.heartbeat.interval.ms is 2 s: it was not long before.
  CHECK(reason.causes.front().at > 9900 * kMillisecond);
}

TEST_CASE("Y asks about what is selected, and a click on a cause goes there") {
  Desk desk(lesson("leader-failover"), 1280, 720);
  desk.session().go_to_time(25 * kSecond);
  desk.look();
  desk.figure().selected = place_of(desk, PlaceKind::replica, "broker 2");
  desk.type(U'y');
  REQUIRE(desk.panels().tab == Tab::why);
  desk.look();
  desk.click("12.000s  Broker 1 is killed.");
  CHECK(desk.session().view_time() == 12 * kSecond);
}

TEST_CASE("while a question stands, why tells nothing of what comes") {
  Desk desk(small_failover());
  desk.press(KeyName::right);
  desk.ride();
  REQUIRE(desk.session().asking());
  desk.type(U'y');
  for (const Cause& each : desk.panels().why.causes) CHECK(each.at <= desk.session().view_time());
}

namespace {

// Asks about a record of the topic's first partition on broker 1.
Reason of_record(const Scenario& scenario, Time at, const std::string& topic, Offset offset) {
  Desk desk(scenario, 1280, 720);
  desk.session().go_to_time(at);
  desk.look();
  const World& world = desk.session().world();
  Place place;
  place.kind = PlaceKind::record;
  place.node = world.find_broker(1)->node;
  place.tp = {world.topic_id(topic), 0};
  place.offset = offset;
  return reason_of(desk.session().timeline(), place, true);
}

constexpr const char* kOldRecords = R"({
  "title": "t", "until": "60s",
  "cluster": { "brokers": 1, "controllers": 1 },
  "topics": [{ "name": "orders", "config": { "retention.ms": "10s" } }],
  "producers": [{ "name": "shop", "topic": "orders" }],
  "script": [{ "at": "3s", "do": "send", "producer": "shop" }]
})";

}  // namespace

TEST_CASE("why is this record gone? The cleaning or the sweep, the policy and the setting answer") {
  const Scenario compaction = lesson("compaction");
  const Reason compacted = of_record(compaction, 22 * kSecond, "prices", 1);
  CHECK(compacted.question.find(" gone?") != std::string::npos);
  CHECK(compacted.causes.front().sentence ==
        "Offset 1 of prices-0 is compacted away on broker 1: offset 3 has a newer record with its key.");
  CHECK(speaks_of(compacted, "So say cleanup.policy=compact of prices and min.cleanable.dirty.ratio=0.5."));
  const Reason expired = of_record(compaction, 53 * kSecond, "prices", 3);
  CHECK(speaks_of(expired, "it was a tombstone, and delete.retention.ms is over."));
  CHECK(speaks_of(expired, "delete.retention.ms=20000"));
  const Reason there = of_record(compaction, 53 * kSecond, "prices", 6);
  CHECK(there.question.find(" gone?") == std::string::npos);
  const LoadResult loaded = parse_scenario(kOldRecords, "own");
  REQUIRE(loaded.scenario);
  const Reason deleted = of_record(*loaded.scenario, 50 * kSecond, "orders", 0);
  CHECK(deleted.question.find(" gone?") != std::string::npos);
  CHECK(speaks_of(deleted, "older than the topic's retention allows"));
  CHECK(speaks_of(deleted, "So say cleanup.policy=delete of orders and retention.ms=10000 of orders."));
}
