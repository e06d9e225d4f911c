// The lens before the stage, under wheel, hand and keys.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sim/cluster/describe.h"
#include "sim/core/text.h"
#include "sim/scenario/read.h"
#include "sim/session/image.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// 12 brokers and 200 partitions, up and running.
Desk big_cluster() {
  LoadResult result = parse_scenario(R"({
    "title": "Big cluster", "opens": "12s", "until": "20s", "cluster": {"brokers": 12},
    "topics": [{"name": "orders", "partitions": 100, "replication_factor": 3},
               {"name": "clicks", "partitions": 100, "replication_factor": 3}],
    "producers": [{"name": "shop", "topic": "orders", "every": "50ms"}]})", "big.json");
  REQUIRE_MESSAGE(result.scenario.has_value(), to_text(result.problems));
  return Desk(std::move(*result.scenario), 1280, 720);
}

Spot lens_spot(Desk& desk, PlaceKind kind, std::size_t nth = 0) {
  for (const Spot& each : desk.figure().spots) {
    if (each.place.kind == kind && nth-- == 0) return each;
  }
  FAIL("it is not drawn");
  return {};
}

Spot lens_spot(Desk& desk, const Place& place) {
  for (const Spot& each : desk.figure().spots) {
    if (each.place == place) return each;
  }
  FAIL("it is not drawn");
  return {};
}

std::size_t count(Desk& desk, PlaceKind kind) {
  const auto& spots = desk.figure().spots;
  return static_cast<std::size_t>(std::count_if(spots.begin(), spots.end(), [&](const Spot& each) { return each.place.kind == kind; }));
}

std::ptrdiff_t count_texts(Desk& desk, std::string_view text) {
  const auto& texts = desk.app().texts();
  return std::count_if(texts.begin(), texts.end(), [&](const TextBox& each) { return each.text == text; });
}

}  // namespace

TEST_CASE("the wheel enlarges around the mouse: what is under it stays, words grow with it") {
  Desk desk(lesson("leader-failover"));
  const Spot before = lens_spot(desk, PlaceKind::broker, 1);
  const float name = desk.find("Broker 2")->box.w;
  const Point at = before.rect.center();
  desk.turn_wheel(at, 3);
  const Spot after = lens_spot(desk, before.place);
  const float zoom = after.rect.w / before.rect.w;
  CHECK(zoom == doctest::Approx(1.2 * 1.2 * 1.2).epsilon(0.01));
  CHECK(after.rect.center().x == doctest::Approx(at.x).epsilon(0.01));
  CHECK(after.rect.center().y == doctest::Approx(at.y).epsilon(0.01));
  CHECK(desk.find("Broker 2")->box.w == doctest::Approx(name * zoom).epsilon(0.01));
  // Far enough back, everything is as it was.
  desk.turn_wheel({at.x + 50, at.y - 40}, -9);
  CHECK(lens_spot(desk, before.place).rect.x == doctest::Approx(before.rect.x));
  CHECK(desk.figure().lens.zoom == 1);
}

TEST_CASE("a drag moves the enlarged stage, and never beyond its edges") {
  Desk desk(lesson("leader-failover"));
  const Rect stage = desk.app().stage();
  desk.turn_wheel(stage.center(), 4);
  const Spot before = lens_spot(desk, PlaceKind::broker, 1);
  const Point from{stage.center().x, stage.center().y};
  desk.drag({from, {from.x - 60, from.y - 30}});
  const Spot after = lens_spot(desk, before.place);
  CHECK(after.rect.x == doctest::Approx(before.rect.x - 60).epsilon(0.02));
  CHECK(after.rect.y == doctest::Approx(before.rect.y - 30).epsilon(0.02));
  desk.drag({from, {from.x + 4000, from.y + 4000}});
  CHECK(desk.figure().lens.left_top.x == 0);
  CHECK(desk.figure().lens.left_top.y == 0);
}

TEST_CASE("Ctrl with plus, minus and 0 zooms") {
  Desk desk(lesson("leader-failover"));
  const auto control = [&](char32_t character) {
    if (const auto command = command_of({KeyName::character, character, false, true}, false)) desk.app().obey(*command);
    desk.look();
  };
  control(U'+');
  control(U'=');
  CHECK(desk.figure().lens.zoom == doctest::Approx(1.25 * 1.25));
  CHECK(desk.shows("times as large"));
  control(U'-');
  CHECK(desk.figure().lens.zoom == doctest::Approx(1.25));
  control(U'0');
  CHECK(desk.figure().lens.zoom == 1);
  CHECK_FALSE(desk.shows("times as large"));
}

TEST_CASE("Z shows the selected partition alone, and everything again") {
  Desk desk(lesson("two-consumers"));
  const std::size_t rows = count(desk, PlaceKind::replica);
  const Spot row = lens_spot(desk, PlaceKind::replica);
  desk.figure().selected = row.place;
  desk.type(U'z');
  desk.look();
  CHECK(count(desk, PlaceKind::replica) < rows);
  for (const Spot& each : desk.figure().spots) {
    if (each.place.kind == PlaceKind::replica) CHECK(each.place.tp == row.place.tp);
  }
  CHECK(desk.shows("only orders-"));
  desk.type(U'z');
  desk.look();
  CHECK(count(desk, PlaceKind::replica) == rows);
  CHECK(desk.figure().selected == row.place);
}

TEST_CASE("Z enlarges a selected member, and comes back") {
  Desk desk(lesson("two-consumers"));
  const Spot before = lens_spot(desk, PlaceKind::consumer);
  desk.figure().selected = before.place;
  desk.type(U'z');
  desk.look();
  const Spot near = lens_spot(desk, before.place);
  CHECK(near.rect.w > 1.5F * before.rect.w);
  CHECK(desk.app().stage().contains({near.rect.x, near.rect.y}));
  CHECK(desk.app().stage().contains({near.rect.right(), near.rect.bottom()}));
  desk.type(U'z');
  desk.look();
  CHECK(lens_spot(desk, before.place).rect.x == doctest::Approx(before.rect.x));
}

TEST_CASE("a partition alone on a high stage shows all there is to know of its records, and those that came together in one outline") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  desk.session().go_to_time(11 * kSecond);
  desk.look();
  // At its usual size the stage does not say who wrote what with which sequence number.
  for (const TextBox& each : desk.app().texts()) {
    if (desk.app().stage().contains(each.box.center())) CHECK_MESSAGE(each.text.rfind("producer ", 0) != 0, each.text);
    if (desk.app().stage().contains(each.box.center())) CHECK_MESSAGE(each.text.rfind("sequence ", 0) != 0, each.text);
  }
  desk.figure().selected = lens_spot(desk, PlaceKind::replica, 0).place;
  desk.type(U'z');
  desk.look();
  // Each of the three copies: what Kafka's batch header says of the newest record, worked out from the log itself.
  const World& world = desk.session().world();
  const TopicPartition tp = user_partitions(world).front();
  const Log& log = world.brokers.front().replica(tp)->log;
  const Batch& batch = log.batches().back();
  REQUIRE(batch.has_producer_id());
  const std::string number = std::to_string(batch.base_sequence + batch.count - 1);
  CHECK(count_texts(desk, "sequence " + number) == 3);
  CHECK(count_texts(desk, std::to_string(log.log_end_offset() - 1)) >= 3);
  CHECK(desk.shows("producer " + std::to_string(batch.producer_id) + " e0"));
  CHECK(desk.shows("at " + format_time(batch.max_timestamp)));
}

TEST_CASE("where rows are few, words say what the marks are, and where a reader goes on") {
  Desk desk(lesson("the-log"), 1920, 1080);
  desk.session().go_to_time(6 * kSecond);
  desk.look();
  CHECK(desk.find("oldest: offset 0"));
  CHECK(desk.find("newest: offset 2"));
  CHECK(desk.find("end of the log"));
  CHECK(desk.find("next"));
  CHECK_FALSE(desk.shows("reads offset"));
  desk.figure().hidden_traffic = true;
  desk.look();
  CHECK(desk.find("high watermark and log end"));
  // Both readers, when they have read everything, go on at the log end.
  desk.session().go_to_time(desk.session().scenario().until);
  desk.look();
  const Log& log = desk.session().world().brokers.front().replica(user_partitions(desk.session().world()).front())->log;
  CHECK(desk.shows(" reads offset " + std::to_string(log.log_end_offset()) + " next"));
  // Three copies of a partition are no place for it.
  Desk other(lesson("leader-failover"), 1920, 1080);
  other.session().go_to_time(11 * kSecond);
  other.look();
  CHECK_FALSE(other.shows("newest: offset"));
}

TEST_CASE("a lesson that speaks of keys tells records apart by them, and prints them; Shift K by epochs, and back") {
  Desk desk(lesson("key-hash"), 1280, 720);
  desk.session().go_to_time(11 * kSecond);
  desk.look();
  // By then Anna has ordered twice; the others once each.
  CHECK(count_texts(desk, "anna") == 2);
  for (const char* once : {"bob", "dave", "eva", "gina"}) CHECK(count_texts(desk, once) == 1);
  desk.type(U'k', true);
  desk.look();
  CHECK_FALSE(desk.find("anna"));
  desk.type(U'k', true);
  desk.look();
  CHECK(count_texts(desk, "anna") == 2);
}

TEST_CASE("the map says how much each group has still to read, as kafka-consumer-groups counts it") {
  Desk desk(lesson("twelve-brokers"), 1920, 1080);
  for (const Time at : {13 * kSecond, 16 * kSecond, 25 * kSecond, 40 * kSecond}) {
    desk.session().go_to_time(at);
    desk.look();
    std::int64_t most = 0;
    for (const char* group : {"billing", "search", "fraud"}) {
      std::int64_t lag = 0;
      for (TopicPartition tp : user_partitions(desk.session().world())) {
        const std::string name = desk.session().world().fabric.names[tp.topic] + "/" + std::to_string(tp.partition);
        const auto told = describe_value(desk.session().world(), "groups/" + std::string(group) + "/" + name + "/LAG");
        if (told && *told != "-") lag += std::stoll(*told);
      }
      INFO(group, " at ", at);
      CHECK(desk.find(std::to_string(lag)));
      most = std::max(most, lag);
    }
    CHECK(most > 100);  // fraud is too slow
  }
}

TEST_CASE("where rows would have to be left out they become small; what is left out is healthy") {
  Desk desk(lesson("replicas-and-leaders"), 1280, 720);
  desk.session().go_to_time(20 * kSecond);
  desk.look();
  CHECK(count(desk, PlaceKind::replica) == 9);
  CHECK_FALSE(desk.shows("more partition"));
  // Room for one row a broker: the partition that is not healthy keeps it. Broker 1 is down; all three are short of a replica.
  desk.resize(1280, 560);
  desk.look();
  desk.look();
  CHECK(count(desk, PlaceKind::replica) < 9);
  CHECK(desk.shows("not healthy"));
}

TEST_CASE("the map of a big cluster: wider columns with numbers, then the copies of the one under the mouse, and back") {
  Desk desk = big_cluster();
  desk.look();
  REQUIRE(desk.figure().lens.map);
  CHECK(count(desk, PlaceKind::partition) == 200);
  const Spot column = lens_spot(desk, PlaceKind::partition, 60);
  const Point at = column.rect.center();
  CHECK_FALSE(desk.find("60"));
  for (int i = 0; i < 6; ++i) {
    desk.turn_wheel(at, 1);
    if (desk.figure().lens.zoom < desk.figure().lens.most) CHECK(lens_spot(desk, column.place).rect.contains(at));
  }
  float widest = 0;
  for (int i = 0; i < 10 && !desk.figure().lens.focus; ++i) {
    // Columns have their numbers as soon as there is room for them.
    if (lens_spot(desk, column.place).rect.w >= 12) CHECK(desk.find("60"));
    widest = std::max(widest, lens_spot(desk, column.place).rect.w);
    CHECK(count(desk, PlaceKind::partition) < 200);
    desk.turn_wheel(at, 1);
  }
  CHECK(widest > 28);  // wide enough for small strips
  CHECK(desk.figure().lens.focus == column.place);
  CHECK_FALSE(desk.figure().lens.map);
  CHECK(count(desk, PlaceKind::replica) == 3);
  CHECK(count(desk, PlaceKind::broker) == 3);
  CHECK(count(desk, PlaceKind::high_watermark) == 3);
  CHECK(desk.shows("and 199 more partitions, healthy; and 9 more brokers"));
  desk.turn_wheel(at, -1);
  CHECK(desk.figure().lens.map);
  CHECK(lens_spot(desk, column.place).rect.contains(at));
}

TEST_CASE("a column of the map is selected by a click, a broker by its name, and each is opened by Z") {
  Desk desk = big_cluster();
  desk.look();
  const Spot column = lens_spot(desk, PlaceKind::partition, 150);
  desk.click(column.rect.center());
  CHECK(desk.figure().selected == column.place);
  desk.type(U'z');
  desk.look();
  CHECK(count(desk, PlaceKind::replica) == 3);
  desk.type(U'z');
  desk.look();
  const Spot broker = lens_spot(desk, PlaceKind::broker, 4);
  desk.click(Point{broker.rect.x + 20, broker.rect.center().y});
  CHECK(desk.figure().selected == broker.place);
  desk.type(U'z');
  desk.look();
  CHECK(count(desk, PlaceKind::broker) == 1);
  CHECK(count(desk, PlaceKind::replica) > 4);
}
