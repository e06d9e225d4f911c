// One thing, found everywhere: stage, list of events and timeline point at each other.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/core/text.h"
#include "sim/scenario/read.h"
#include "sim/session/about.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

const Spot* spot_of(Desk& desk, const Place& place) {
  for (const Spot& each : desk.figure().spots) {
    if (each.place == place) return &each;
  }
  return nullptr;
}

Place broker(Desk& desk, BrokerId id) { return {PlaceKind::broker, desk.session().world().find_broker(id)->node}; }
Place orders(Desk& desk) {
  return {PlaceKind::partition, kNoNode, kNoNode, {desk.session().world().topic_id("orders"), 0}};
}

// Texts in the side panel, top to bottom, that begin with a time are rows of the list.
std::vector<std::string> times_in_list(Desk& desk) {
  std::vector<std::string> times;
  for (const TextBox& each : desk.app().texts()) {
    const std::string& text = each.text;
    if (each.box.x < desk.app().stage().right() || text.size() < 6 || text.back() != 's') continue;
    if (text[text.size() - 5] == '.') times.push_back(text);
  }
  return times;
}

const TextBox* row_that_reads(Desk& desk, std::string_view beginning) {
  for (const TextBox& each : desk.app().texts()) {
    if (each.box.x > desk.app().stage().right() && each.text.find(beginning) == 0) return &each;
  }
  return nullptr;
}

// Every fact of level `story` that concerns a place until now.
std::size_t stories_of(Desk& desk, const Place& place) {
  const Timeline& timeline = desk.session().timeline();
  return static_cast<std::size_t>(std::count_if(timeline.facts().begin(), timeline.facts().end(), [&](const Fact& fact) {
    return fact.step < timeline.position() && fact_level(fact.body) == FactLevel::story && concerns(timeline.world(), fact.body, place);
  }));
}

// Until the list has been through all facts.
void settle(Desk& desk) {
  for (int i = 0; i < 100; ++i) desk.look();
}

Desk failover_events() {
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(25 * kSecond);
  desk.panels().tab = Tab::events;
  settle(desk);
  return desk;
}

}  // namespace

TEST_CASE("a fact concerns what it names: a broker by its id, a copy with its broker, a group by its members") {
  Desk desk(lesson("two-consumers"));
  const World& world = desk.session().world();
  const TopicId topic = world.topic_id("orders");
  const NodeId first = world.find_broker(1)->node, second = world.find_broker(2)->node;
  const TopicPartition tp{topic, 0};
  const FactBody elected = LeaderElected{tp, 2, 1, 1, false};
  CHECK(concerns(world, elected, {PlaceKind::broker, first}));
  CHECK(concerns(world, elected, {PlaceKind::broker, second}));
  CHECK(concerns(world, elected, {PlaceKind::partition, kNoNode, kNoNode, tp}));
  CHECK(concerns(world, elected, {PlaceKind::partition, kNoNode, kNoNode, {topic, -1}}));
  CHECK_FALSE(concerns(world, elected, {PlaceKind::partition, kNoNode, kNoNode, {topic, 1}}));
  CHECK(concerns(world, elected, {PlaceKind::replica, second, kNoNode, tp}));
  CHECK_FALSE(concerns(world, elected, {PlaceKind::replica, world.find_broker(3)->node, kNoNode, tp}));
  // What befalls its broker befalls the copy.
  CHECK(concerns(world, NodeCrashed{first, false}, {PlaceKind::replica, first, kNoNode, tp}));
  CHECK_FALSE(concerns(world, NodeCrashed{first, false}, {PlaceKind::partition, kNoNode, kNoNode, tp}));
  // An epoch or an offset of the same number is no node.
  CHECK_FALSE(concerns(world, HighWatermarkMoved{tp, 2, first, first + 1, false}, {PlaceKind::broker, first}));
  const Consumer& consumer = world.consumers.front();
  const Place group{PlaceKind::group, kNoNode, kNoNode, {}, -1, consumer.spec.group};
  CHECK(concerns(world, MemberIdle{consumer.node, consumer.spec.group, 1}, group));
  CHECK(concerns(world, PositionSet{tp, consumer.node, 0, true}, group));
  CHECK_FALSE(concerns(world, elected, group));
  // Of records, only those that hold the offset.
  const Place record{PlaceKind::record, second, kNoNode, tp, 5};
  CHECK(concerns(world, BatchAppended{tp, 2, 4, 2, 0, false}, record));
  CHECK_FALSE(concerns(world, BatchAppended{tp, 2, 6, 2, 0, false}, record));
  CHECK_FALSE(concerns(world, elected, Place{}));
}

TEST_CASE("names of scenarios are places: nodes, groups, topics and partitions") {
  Desk desk(lesson("two-consumers"));
  const World& world = desk.session().world();
  CHECK(place_named(world, "broker 2") == Place{PlaceKind::broker, world.find_broker(2)->node});
  CHECK(place_named(world, "Q1").kind == PlaceKind::controller);
  CHECK(place_named(world, "billing").kind == PlaceKind::group);
  CHECK(place_named(world, "orders").tp == TopicPartition{world.topic_id("orders"), -1});
  CHECK(place_named(world, "orders-1").tp == TopicPartition{world.topic_id("orders"), 1});
  CHECK_FALSE(place_named(world, "nobody"));
  CHECK(place_text(world, place_named(world, "orders-1")) == "orders-1");
}

TEST_CASE("a lane is selected by a click on its name, and then all copies are marked and the list can keep to it") {
  Desk desk = failover_events();
  desk.click("orders-0");
  CHECK(desk.figure().selected == orders(desk));
  desk.look();
  REQUIRE(desk.find("only orders-0"));
  desk.click("only orders-0");
  settle(desk);
  // More than the story is told of one place, and nothing of others.
  const std::size_t rows = desk.panels().events.count;
  CHECK(rows >= stories_of(desk, orders(desk)));
  const Timeline& timeline = desk.session().timeline();
  for (std::size_t row : desk.panels().events.list.rows()) CHECK(concerns(timeline.world(), timeline.facts()[row].body, orders(desk)));
  // Letting go brings everything back.
  desk.press(KeyName::escape);
  settle(desk);
  CHECK_FALSE(desk.figure().selected);
  CHECK_FALSE(desk.panels().events.only_selected);
  CHECK(desk.panels().events.count > stories_of(desk, orders(desk)));
}

TEST_CASE("the mouse on an event points at its place and its moment; a click goes there and selects it") {
  Desk desk = failover_events();
  const TextBox* row = row_that_reads(desk, "Broker 2 becomes leader of orders-0");
  REQUIRE(row);
  const Point at = row->box.center();
  desk.point(at);
  CHECK(desk.figure().hovered.tp == orders(desk).tp);
  CHECK(desk.figure().hovered_in_list);
  CHECK(format_time(desk.figure().hovered_at) == "20.504s");
  desk.click(at);
  CHECK(format_time(desk.session().view_time()) == "20.504s");
  CHECK(desk.figure().selected.tp == orders(desk).tp);
  CHECK(desk.figure().selected.node == broker(desk, 2).node);
}

TEST_CASE("the mouse on the stage points at what is drawn there") {
  Desk desk(lesson("leader-failover"));
  const Spot* card = spot_of(desk, broker(desk, 2));
  REQUIRE(card);
  desk.point({card->rect.x + 3, card->rect.y + 3});
  CHECK(desk.figure().hovered == broker(desk, 2));
  CHECK_FALSE(desk.figure().hovered_in_list);
}

TEST_CASE("a click on a mark of the timeline goes to its very moment") {
  Desk desk(without_questions(lesson("leader-failover")));
  const TextBox* you = desk.find("you");
  REQUIRE(you);
  const Lanes& lanes = desk.session().lanes();
  const auto election = std::find_if(lanes.marks.begin(), lanes.marks.end(), [](const Mark& each) {
    return each.kind == MarkKind::election && each.at > 10 * kSecond;
  });
  REQUIRE(election != lanes.marks.end());
  // Where the axis prints 20 and 30 s, a place between them is known.
  float x20 = 0, x30 = 0, lowest = 0;
  for (const TextBox& each : desk.app().texts()) lowest = std::max(lowest, each.box.y);
  for (const TextBox& each : desk.app().texts()) {
    if (each.box.y < lowest - 4) continue;
    if (each.text == "20") x20 = each.box.center().x;
    if (each.text == "30") x30 = each.box.center().x;
  }
  REQUIRE(x30 > x20);
  const double part = static_cast<double>(election->at - 20 * kSecond) / (10.0 * kSecond);
  desk.click(Point{x20 + static_cast<float>(part) * (x30 - x20) + 3, you->box.center().y});
  CHECK(format_time(desk.session().view_time()) == format_time(election->at));
}

TEST_CASE("Tab walks over the places of the stage and back, Esc lets go") {
  Desk desk(lesson("leader-failover"));
  desk.press(KeyName::tab);
  CHECK(desk.figure().selected.kind == PlaceKind::controller);
  std::vector<Place> walked;
  for (int i = 0; i < 40 && (walked.empty() || !(desk.figure().selected == walked.front())); ++i) {
    walked.push_back(desk.figure().selected);
    desk.press(KeyName::tab);
  }
  for (const Place& wanted : {broker(desk, 1), broker(desk, 2), broker(desk, 3), place_named(desk.session().world(), "shop"),
                              place_named(desk.session().world(), "cooks"), place_named(desk.session().world(), "kitchen")})
    CHECK(std::find(walked.begin(), walked.end(), wanted) != walked.end());
  desk.press(KeyName::tab, true);
  CHECK(desk.figure().selected == walked.back());
  desk.press(KeyName::escape);
  CHECK_FALSE(desk.figure().selected);
}

TEST_CASE("what is typed after the slash filters at once, and Esc clears it") {
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(25 * kSecond);
  desk.type(U'/');
  CHECK(desk.panels().tab == Tab::events);
  desk.type("killed");
  settle(desk);
  CHECK(times_in_list(desk) == std::vector<std::string>{"12.000s"});
  CHECK(desk.shows("Broker 1 is killed."));
  desk.type("xyz");
  settle(desk);
  CHECK(desk.shows("Nothing matches 'killedxyz'."));
  for (int i = 0; i < 3; ++i) desk.press(KeyName::backspace);
  settle(desk);
  CHECK(desk.shows("Broker 1 is killed."));
  desk.press(KeyName::escape);
  settle(desk);
  CHECK(desk.hands().typing == Typing::none);
  CHECK(desk.panels().events.find.empty());
  CHECK(times_in_list(desk).size() > 4);
}

TEST_CASE("in the list, keys move a cursor and Enter goes to its moment") {
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(25 * kSecond);
  desk.type("/broker 1 ");
  settle(desk);
  const std::vector<std::string> times = times_in_list(desk);
  REQUIRE(times.size() > 3);
  for (int i = 0; i < 2; ++i) desk.press(KeyName::down);
  desk.press(KeyName::enter);
  CHECK(format_time(desk.session().view_time()) == times[2]);
  CHECK(desk.hands().typing == Typing::none);
}

TEST_CASE("chips show facts of their kinds only") {
  Desk desk = failover_events();
  desk.click("elections");
  settle(desk);
  for (std::size_t row : desk.panels().events.list.rows())
    CHECK(looks_of(desk.session().timeline().facts()[row].body).kind == FactKind::election);
  CHECK(desk.panels().events.count > 0);
  desk.click("ISR");
  settle(desk);
  CHECK(row_that_reads(desk, "Broker 1 leaves the ISR of orders-0"));
  CHECK_FALSE(desk.shows("Broker 1 is killed."));
  desk.press(KeyName::escape);
  settle(desk);
  CHECK(desk.panels().events.kinds == 0);
}

TEST_CASE("the list scrolls by the wheel, to the oldest and back to the newest") {
  Desk desk = failover_events();
  const std::string newest = times_in_list(desk).front();
  const Point at{desk.app().stage().right() + 100, 400};
  desk.turn_wheel(at, -1);
  CHECK(desk.panels().events.scrolled == 3);
  for (int i = 0; i < 150; ++i) desk.turn_wheel(at, -1);
  CHECK(desk.panels().events.scrolled == desk.panels().events.count - 1);
  for (int i = 0; i < 150; ++i) desk.turn_wheel(at, 1);
  CHECK(times_in_list(desk).front() == newest);
}

TEST_CASE("a list follows a run a piece at a time and holds in the end what looking at all facts finds") {
  const Session session(lesson("leader-failover"));
  const Timeline& timeline = session.timeline();
  const EventFilter filter{"", 1U << static_cast<int>(FactKind::isr), {}};
  EventList list;
  std::size_t frames = 0;
  for (; !list.complete(timeline) && frames < 10'000; ++frames) list.follow(timeline, filter, 100);
  CHECK(frames == (timeline.facts().size() + 99) / 100);
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < timeline.facts().size(); ++i) {
    const FactBody& body = timeline.facts()[i].body;
    if (body.is<IsrShrunk>() || body.is<IsrExpanded>()) wanted.push_back(i);
  }
  CHECK(wanted.size() > 1);
  CHECK(list.rows() == wanted);
  CHECK(list.until(timeline, timeline.facts()[wanted[1]].step) <= 1);
  CHECK(list.until(timeline, timeline.furthest()) == wanted.size());
}
