// Hands: tools, menus and prompts, as a person uses them, with the mouse and with the keys.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "sim/scenario/action_shape.h"
#include "sim/scenario/read.h"
#include "tests/viz/touch.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

NodeStatus status(Desk& desk, const std::string& node) {
  const Node* found = desk.session().world().find_node(node);
  REQUIRE(found);
  return found->status;
}

Desk quiet_desk() {
  Desk desk(lesson("leader-failover"), 1600, 900);
  desk.session().go_to_time(10 * kSecond);
  desk.look();
  return desk;
}

// The row of the open menu that reads so; a tool of the belt may, too.
void click_in_menu(Desk& desk, const std::string& label) {
  for (const TextBox& each : desk.app().texts()) {
    if (each.text == label && desk.figure().menu.drawn.contains(each.box.center())) return desk.click(each.box.center());
  }
  FAIL("no row of the menu reads ", label);
}

void collect(const std::vector<Offer>& rows, std::set<std::string>& actions) {
  for (const Offer& each : rows) {
    for (const Deed& deed : each.deeds) actions.insert(std::string(action_name(deed.action)));
    if (!each.config_target.empty()) actions.insert("set_config");
    collect(each.more, actions);
  }
}

}  // namespace

TEST_CASE("a broker is killed from its menu with the mouse, and undone") {
  Desk desk = quiet_desk();
  open_menu_at(desk, card_of(desk, "broker 2"));
  REQUIRE(desk.figure().menu.open);
  click_in_menu(desk, "Kill");
  CHECK_FALSE(desk.figure().menu.open);
  CHECK(status(desk, "broker 2") == NodeStatus::down);
  CHECK(desk.session().branches().size() == 2);
  CHECK(desk.shows("Broker 2 is killed."));
  desk.type(U'u');
  CHECK(status(desk, "broker 2") == NodeStatus::running);
  CHECK(desk.session().view_time() == 10 * kSecond);
}

TEST_CASE("the same with the keys alone") {
  Desk desk = quiet_desk();
  desk.click(card_of(desk, "broker 2"));
  desk.type(U'm');
  desk.press(KeyName::down);
  desk.press(KeyName::down);
  desk.press(KeyName::enter);
  CHECK_FALSE(desk.figure().menu.open);
  CHECK(desk.shows("Broker 2 is asked to stop."));
  desk.type(U'p');
  CHECK(desk.session().branches().size() == 3);
}

TEST_CASE("without a selection a tool is taken in hand, used by a click, and let go by Esc") {
  Desk desk = quiet_desk();
  desk.type(U'c');
  CHECK(desk.figure().hand == Tool::crash);
  CHECK(desk.shows("is in your hand"));
  desk.press(KeyName::escape);
  CHECK(desk.figure().hand == Tool::none);
  desk.click("Kill");
  CHECK(desk.figure().hand == Tool::crash);
  desk.click(card_of(desk, "Q1"));
  CHECK(desk.figure().hand == Tool::none);
  CHECK(status(desk, "Q1") == NodeStatus::down);
}

TEST_CASE("what would change nothing is greyed, and says why") {
  Desk desk = quiet_desk();
  desk.click(card_of(desk, "broker 2"));
  desk.type(U'r');
  CHECK(desk.session().branches().size() == 1);
  CHECK_FALSE(desk.session().notice().empty());
  desk.type(U'm');
  const std::vector<Offer> rows = menu_rows(desk.session().world(), desk.figure().menu);
  const auto start = std::find_if(rows.begin(), rows.end(), [](const Offer& each) { return each.tool == Tool::start; });
  REQUIRE(start != rows.end());
  CHECK_FALSE(start->reason.empty());
  CHECK(desk.shows(start->reason));
}

TEST_CASE("a menu leads into another, and back") {
  Desk desk = quiet_desk();
  open_menu_at(desk, card_of(desk, "broker 2"));
  desk.click("One of its links \u2026");
  REQUIRE(desk.figure().menu.open);
  desk.click("Link to broker 3");
  desk.press(KeyName::left);
  CHECK(desk.figure().menu.path.size() == 1);
  desk.click("Link to broker 3");
  desk.click("Cut, both ways");
  CHECK(desk.shows("cut"));
  const auto& links = desk.session().world().fabric.network.links;
  CHECK(std::count_if(links.begin(), links.end(), [](const Link& each) { return each.cut; }) == 2);
}

TEST_CASE("a click beside the menu closes it and touches nothing") {
  Desk desk = quiet_desk();
  open_menu_at(desk, card_of(desk, "broker 2"));
  desk.click(card_of(desk, "Q3"));
  CHECK_FALSE(desk.figure().menu.open);
  CHECK_FALSE(desk.figure().selected.kind == PlaceKind::controller);
}

TEST_CASE("a configuration key is changed by typing it") {
  Desk desk = quiet_desk();
  desk.click(card_of(desk, "shop"));
  desk.type(U'k');
  REQUIRE(desk.hands().prompt.open);
  desk.type("ackz=1");
  desk.press(KeyName::enter);
  CHECK(desk.hands().prompt.open);
  CHECK(desk.shows("ackz"));
  desk.chord(U'a');
  desk.type("acks=1");
  desk.press(KeyName::enter);
  CHECK_FALSE(desk.hands().prompt.open);
  CHECK(desk.session().world().producers.front().spec.config.acks == Acks::leader);
}

TEST_CASE("brokers, producers and consumers are added with one key each, and the group takes the newcomer in") {
  Desk desk = quiet_desk();
  desk.type(U'b');
  desk.type(U'n');
  desk.type(U'+');
  const World& world = desk.session().world();
  CHECK(world.brokers.size() == 4);
  CHECK(world.producers.size() == 2);
  CHECK(world.consumers.size() == 2);
  CHECK(desk.session().branches().size() == 4);
  desk.session().go_to_time(desk.session().view_time() + 20 * kSecond);
  const Group* group = nullptr;
  for (const Broker& each : desk.session().world().brokers) {
    for (const Group& known : each.groups.groups) group = &known;
  }
  REQUIRE(group);
  CHECK(group->members.size() == 2);
}

TEST_CASE("every action there is can be reached from the menus of what stands on the stage") {
  std::set<std::string> reached;
  // In the last of these a zone is dark that may come back.
  const std::vector<std::pair<const char*, Duration>> moments = {
      {"leader-failover", 3 * kSecond}, {"zombie-leader", 3 * kSecond}, {"a-zone-dies", 3 * kSecond}, {"a-zone-dies", 15 * kSecond}};
  for (const auto& [name, after] : moments) {
    Desk desk(lesson(name), 1600, 900);
    desk.session().go_to_time(desk.session().scenario().opens + after);
    desk.look();
    // Step by step for a while: only what is on its way can be dropped.
    for (int step = 0; step < 60; ++step) {
      collect(offers(desk.session().world(), {}), reached);
      for (const Spot& each : desk.figure().spots) collect(offers(desk.session().world(), each.place), reached);
      desk.session().obey({CommandName::step, 0});
      desk.look();
    }
  }
  // What stands on these stages is Kafka's; the others have lessons of their own.
  const std::set<std::string> elsewhere = {"crash_worker", "lose_node", "set_system", "ksql", "rest", "sql", "write_file"};
  for (const ActionShape& each : action_shapes()) {
    const std::string name(each.name);
    CHECK_MESSAGE(reached.count(name) + elsewhere.count(name) == 1, name);
  }
}

TEST_CASE("what was done is saved beside the others, and replays to the same digest") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "nutshell-hands-test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  Desk desk = quiet_desk();
  desk.app().errands().save_into(folder.string());
  desk.click(card_of(desk, "broker 2"));
  desk.type(U'c');
  desk.app().obey({CommandName::save, 0, {}});
  desk.app().obey({CommandName::save, 0, {}});
  desk.look();
  CHECK(desk.shows("Saved as"));
  CHECK(fs::exists(folder / "13-leader-failover-2.json"));
  const LoadResult read = load_scenario((folder / "13-leader-failover-1.json").string());
  REQUIRE(read.scenario);
  desk.session().go_to_time(25 * kSecond);
  Timeline replayed = timeline_of(*read.scenario);
  replayed.seek_time(25 * kSecond);
  CHECK(replayed.digest() == desk.session().timeline().digest());
  desk.app().errands().save_into((folder / "not" / "there").string());
  desk.app().obey({CommandName::save, 0, {}});
  CHECK(desk.session().notice().find("could not be saved") != std::string::npos);
  fs::remove_all(folder);
}

TEST_CASE("branches are listed, and one of them is shown beside the other") {
  Desk desk = quiet_desk();
  desk.click(card_of(desk, "broker 2"));
  desk.type(U'c');
  desk.type(U'w');
  REQUIRE(desk.app().is_on<BranchesScreen>());
  CHECK(desk.shows("as scripted"));
  CHECK(desk.shows("Broker 2 is killed."));
  desk.click("II");
  CHECK(desk.app().shows_lesson());
  REQUIRE(desk.session().compared());
  CHECK(*desk.session().compared() == 0);
  CHECK(desk.shows("as scripted"));
  desk.type(U'\\');
  CHECK_FALSE(desk.session().compared());
  desk.type(U'w');
  desk.click("as scripted");
  CHECK(desk.session().current() == 0);
}

TEST_CASE("a link or a message of a node that is not in this branch offers what the cluster offers, and no tool for links") {
  Session session(lesson("leader-failover"));
  session.go_to_time(10 * kSecond);
  for (const PlaceKind kind : {PlaceKind::message, PlaceKind::link}) {
    for (const auto& [from, to] : {std::pair<NodeId, NodeId>{99, 1}, {1, 99}}) {
      Place place{kind, from, to};
      place.message = 0;
      for (const Tool tool : {Tool::cut, Tool::delay, Tool::drop}) CHECK_FALSE(offer_of(session.world(), place, tool));
      CHECK(offers(session.world(), place).size() == offers(session.world(), {}).size());
    }
    if (kind == PlaceKind::link) CHECK(offer_of(session.world(), Place{kind, 1, 2}, Tool::cut));
  }
}
