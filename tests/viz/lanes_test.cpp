// The lanes of the timeline, against what the scenarios say will happen.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/read.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

const Lane& lane(const Lanes& lanes, const std::string& name) {
  const auto found = std::find_if(lanes.lanes.begin(), lanes.lanes.end(), [&](const Lane& each) { return each.name == name; });
  REQUIRE_MESSAGE(found != lanes.lanes.end(), "there is no lane ", name);
  return *found;
}

std::vector<Stretch> leaders(const Lane& lane) {
  std::vector<Stretch> all;
  for (const Stretch& each : lane.stretches) {
    if (each.kind == StretchKind::epoch) all.push_back(each);
  }
  return all;
}

template <class F>
std::vector<Time> times_of(const Timeline& timeline, const F& matches) {
  std::vector<Time> all;
  for (const Fact& fact : timeline.facts()) {
    if (matches(fact)) all.push_back(fact.at);
  }
  return all;
}

std::size_t count(const Lanes& lanes, MarkKind kind) {
  return static_cast<std::size_t>(
      std::count_if(lanes.marks.begin(), lanes.marks.end(), [&](const Mark& each) { return each.kind == kind; }));
}

}  // namespace

TEST_CASE("leader failover: orders-0 has two leaders, and changes hands when the second takes office") {
  const Session session(lesson("leader-failover"));
  const std::vector<Stretch> held = leaders(lane(session.lanes(), "orders-0"));
  REQUIRE(held.size() == 2);
  CHECK(held[0].value == 0);
  CHECK(held[0].text == "broker 1 leads, e0");
  CHECK(held[1].value == 1);
  CHECK(held[1].text == "broker 2 leads, e1");
  const std::vector<Time> took_office = times_of(session.timeline(), [&](const Fact& fact) {
    const auto* f = fact.body.as<LeaderTookOffice>();
    return f && session.world().fabric.names[f->tp.topic] == "orders";
  });
  REQUIRE(took_office.size() == 2);
  CHECK(held[0].from == took_office[0]);
  CHECK(held[0].to == took_office[1]);
  CHECK(held[1].from == took_office[1]);
  CHECK(held[1].to == 50 * kSecond);
}

TEST_CASE("leader failover: broker 1 is broken from the crash until it is back, the others never") {
  const Session session(lesson("leader-failover"));
  const Lane& first = lane(session.lanes(), "broker 1");
  std::vector<Stretch> broken;
  for (const Stretch& each : first.stretches) {
    if (each.kind == StretchKind::broken) broken.push_back(each);
  }
  REQUIRE(broken.size() == 2);
  CHECK(broken[0].from == 12 * kSecond);
  CHECK(broken[0].text == "crashed");
  CHECK(broken[1].text == "fenced");
  CHECK(broken[1].to == 32 * kSecond);
  CHECK(first.stretches.back().text == "up");
  for (const std::string name : {"broker 2", "broker 3"}) {
    CHECK(lane(session.lanes(), name).stretches.back().text == "up");
    for (const Stretch& each : lane(session.lanes(), name).stretches) CHECK(each.kind != StretchKind::broken);
  }
}

TEST_CASE("a group that waits to be Stable says so, and says which generation") {
  const Session session(lesson("leader-failover"));
  const Lane& cooks = lane(session.lanes(), "group cooks");
  CHECK(cooks.stretches.back().text == "Stable, generation 1");
  CHECK(cooks.stretches.back().kind == StretchKind::calm);
}

TEST_CASE("marks stand by time: the script's actions, elections, beats and questions") {
  const Session session(lesson("leader-failover"));
  const Lanes& lanes = session.lanes();
  CHECK(std::is_sorted(lanes.marks.begin(), lanes.marks.end(), [](const Mark& a, const Mark& b) { return a.at < b.at; }));
  CHECK(count(lanes, MarkKind::action) == 2);
  CHECK(count(lanes, MarkKind::beat) == 7);
  CHECK(count(lanes, MarkKind::question) == 1);
  CHECK(count(lanes, MarkKind::promise) == 0);
  const std::size_t elected = times_of(session.timeline(), [&](const Fact& fact) {
    return fact.body.is<LeaderElected>() || fact.body.is<ControllerElected>();
  }).size();
  CHECK(count(lanes, MarkKind::election) == elected);
}

TEST_CASE("a promise that breaks is marked where it breaks") {
  const Session session(lesson("unclean-election"));
  const std::vector<Time> broken = times_of(
      session.timeline(), [](const Fact& fact) { return fact.body.is<PromiseBroken>(); });
  REQUIRE_FALSE(broken.empty());
  std::vector<Time> marked;
  for (const Mark& each : session.lanes().marks) {
    if (each.kind == MarkKind::promise) marked.push_back(each.at);
  }
  CHECK(marked == broken);
}

TEST_CASE("in every lesson, the stretches of a lane follow each other without a gap, to the end") {
  for (const std::string& file : lesson_files()) {
    CAPTURE(file);
    const auto scenario = load_scenario(file).scenario;
    REQUIRE(scenario);
    Session session(*scenario);
    session.know_all();
    for (const Lane& each : session.lanes().lanes) {
      CAPTURE(each.name);
      REQUIRE_FALSE(each.stretches.empty());
      CHECK(each.stretches.back().to == scenario->until);
      for (std::size_t i = 0; i < each.stretches.size(); ++i) {
        CHECK(each.stretches[i].from < each.stretches[i].to);
        if (i > 0) CHECK(each.stretches[i].from == each.stretches[i - 1].to);
      }
    }
  }
}

TEST_CASE("what comes about during a run has a lane from then on: a broker, partitions, a group") {
  Session session(lesson("leader-failover"));
  session.go_to_time(9 * kSecond);
  REQUIRE(session.act(AddBroker{4}) == "");
  REQUIRE(session.act(AddPartitions{"orders", 3}) == "");
  session.go_to_time(14 * kSecond);
  REQUIRE(session.act(AddConsumer{"late", "others", "orders"}) == "");
  for (const std::string name : {"broker 4", "orders-1", "orders-2", "group others"}) {
    CAPTURE(name);
    const Lane& made = lane(session.lanes(), name);
    CHECK(made.stretches[0].kind == StretchKind::absent);
    CHECK(made.stretches[0].from == 0);
    CHECK(made.stretches[0].to >= 9 * kSecond);
    CHECK(made.stretches[0].to < 25 * kSecond);
    CHECK(made.stretches.size() >= 2);
    CHECK(made.stretches.back().to == session.scenario().until);
  }
  // The branch is open: its lanes go on when it does.
  const Time known = session.scenario().until;
  session.go_to_time(known - kSecond);
  session.obey({CommandName::play_pause, 0, {}});
  for (int i = 0; i < 40; ++i) session.pass(50 * kMillisecond);
  CHECK(session.scenario().until > known);
  CHECK(lane(session.lanes(), "orders-1").stretches.back().to == session.scenario().until);
}

TEST_CASE("of many partitions those are shown whose leaders changed, and the one that is selected") {
  const auto read = parse_scenario(R"({"title": "t", "until": "40s", "cluster": {"brokers": 3, "controllers": 1},
    "topics": [{"name": "many", "assignment": [[1,2],[1,2],[1,2],[1,2],[1,2],[1,2],[1,2],[1,2],
                                               [1,2],[1,2],[1,2],[1,2],[1,2],[1,2],[3,2],[2,1]]}],
    "script": [{"at": "10s", "do": "crash", "node": "broker 3"}]})", "many.json");
  REQUIRE(read.scenario);
  Desk desk(*read.scenario, 1024, 768);
  std::size_t partitions = 0;
  for (const Lane& each : desk.session().lanes().lanes) partitions += each.place.kind == PlaceKind::partition;
  CHECK(partitions == 16);
  CHECK(leaders(lane(desk.session().lanes(), "many-14")).size() == 2);
  CHECK(telling(lane(desk.session().lanes(), "many-14")) > 0);
  CHECK(telling(lane(desk.session().lanes(), "many-0")) == 0);
  desk.session().go_to_time(35 * kSecond);
  desk.look();
  CHECK(desk.find("many-14"));
  CHECK(desk.find("broker 3"));
  const auto names = [&](const char* name) {
    return std::any_of(desk.app().texts().begin(), desk.app().texts().end(),
                       [&](const TextBox& each) { return each.text == name && each.box.y > 768 - 130; });
  };
  CHECK_FALSE(names("many-13"));
  desk.figure().selected = lane(desk.session().lanes(), "many-13").place;
  desk.look();
  CHECK(names("many-13"));
}

TEST_CASE("the cursor never stands before the words of a lane") {
  Desk desk(without_questions(lesson("leader-failover")), 1920, 1080);
  const TextBox* place = desk.find("broker 2 leads, e1");
  REQUIRE(place);
  // Where the words stand while nothing is before them; then the cursor is led across them.
  const Rect usual = place->box;
  std::size_t shifted = 0;
  for (Time at = 20 * kSecond; at < 26 * kSecond; at += 100 * kMillisecond) {
    desk.session().go_to_time(at);
    desk.look();
    const Rect axis = desk.find("0")->box, end = desk.find("50 s")->box;
    const float x = axis.center().x + (end.center().x - axis.center().x) * static_cast<float>(at) / static_cast<float>(50 * kSecond);
    for (const char* words : {"broker 2 leads, e1", "fenced"}) {
      const TextBox* found = desk.find(words);
      if (!found) continue;
      CHECK((found->box.right() < x - 1 || found->box.x > x + 1));
      shifted += found->box.x != usual.x;
    }
  }
  CHECK(shifted > 0);
}

TEST_CASE("sections stand on the axis by their numbers, and a click goes there") {
  Desk desk(lesson("leader-failover"), 1280, 720);
  REQUIRE(desk.session().sections().size() == 3);
  const Time third = desk.session().beats()[desk.session().sections()[2]].at;
  const TextBox* number = nullptr;
  for (const TextBox& each : desk.app().texts()) {
    if (each.text == "2" && each.box.y > 690) number = &each;
  }
  REQUIRE(number);
  desk.click(number->box.center());
  CHECK(desk.session().section() == 1);
  CHECK(desk.session().view_time() == desk.session().beats()[desk.session().sections()[1]].at);
  CHECK(desk.session().view_time() < third);
}
