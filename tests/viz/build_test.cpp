// Building a cluster by hand, with the mouse and with the keys; and a consumer that is carried to another group.
#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "sim/core/text.h"
#include "sim/scenario/read.h"
#include "sim/session/empty.h"
#include "tests/viz/touch.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

const MetadataImage& image_of(Desk& desk) {
  const MetadataImage* image = committed_image(desk.session().world());
  REQUIRE(image);
  return *image;
}

void wait(Desk& desk, Duration time) {
  desk.session().go_to_time(desk.session().view_time() + time);
  desk.look();
}

// All that was to be built is there and works.
void check_built(Desk& desk) {
  const World& world = desk.session().world();
  REQUIRE(world.brokers.size() == 3);
  REQUIRE(user_topics(world) == std::vector<std::string>{"topic-1"});
  const std::vector<TopicPartition> partitions = user_partitions(world);
  CHECK(partitions.size() == 3);
  for (TopicPartition tp : partitions) CHECK(image_of(desk).partition(tp)->isr.size() == 3);
  REQUIRE(world.consumers.size() == 2);
  CHECK(world.consumers[0].spec.group == world.consumers[1].spec.group);
  CHECK(world.consumers[0].owned.size() + world.consumers[1].owned.size() == 3);
  CHECK(world.producers.front().counters.acked > 10);
}

void build_by_keys(Desk& desk) {
  for (int i = 0; i < 3; ++i) desk.type(U'b');
  wait(desk, 3 * kSecond);
  desk.type(U't', true);
  REQUIRE(desk.view().prompt.open);
  desk.press(KeyName::enter);
  REQUIRE_FALSE(desk.view().prompt.open);
  wait(desk, kSecond);
  desk.type(U'n');
  desk.type(U'+');
  desk.type(U'+');
  wait(desk, 20 * kSecond);
}

bool cards_overlap(const Rect& a, const Rect& b) {
  return std::min(a.right(), b.right()) - std::max(a.x, b.x) > 1 && std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y) > 1;
}

// Words of the frame that lie on each other or leave their box or the window, a line each.
std::string muddle(Desk& desk, float width, float height) {
  std::string all;
  const auto& texts = desk.app().texts();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Rect& box = texts[i].box;
    if (box.x < -1 || box.y < -1 || box.right() > width + 1 || box.bottom() > height + 1) all += texts[i].text + " leaves the window\n";
    if (box.right() > texts[i].home.right() + 1 || box.x < texts[i].home.x - 1) all += texts[i].text + " leaves its box\n";
    for (std::size_t j = i + 1; j < texts.size(); ++j) {
      const bool letter = texts[i].text.size() == 1 || texts[j].text.size() == 1;
      if (!letter && cards_overlap(box, texts[j].box)) all += texts[i].text + " lies on " + texts[j].text + "\n";
    }
  }
  return all;
}

std::uint64_t digest_at(const Scenario& scenario, Time time) {
  Timeline run = timeline_of(scenario);
  run.seek_time(time);
  return run.digest();
}

// Two groups, the first of which has two members.
Desk two_groups() {
  Desk desk(lesson("two-groups"), 1600, 900);
  desk.session().go_to_time(desk.session().scenario().until - kSecond);
  desk.look();
  return desk;
}

Point head_of(Desk& desk, GroupId group) {
  for (const Spot& each : desk.view().spots) {
    if (each.place.kind == PlaceKind::group && each.place.group == group) return each.rect.center();
  }
  REQUIRE_MESSAGE(false, "no such group on the stage");
  return {};
}

}  // namespace

TEST_CASE("the empty stage says what can be added, and how") {
  for (const auto& [width, height] : {std::pair{1024, 768}, std::pair{1280, 720}, std::pair{1920, 1080}}) {
    Desk desk(empty_scenario(), width, height);
    CHECK(desk.shows("An empty cluster. Add a broker."));
    for (const char* each : {"Add broker", "Add producer", "Add consumer"}) CHECK_MESSAGE(desk.find(each), each);
    CHECK(muddle(desk, static_cast<float>(width), static_cast<float>(height)) == "");
    desk.click("Add broker");
    wait(desk, 3 * kSecond);
    CHECK(desk.find("Create a topic"));
    CHECK_FALSE(desk.find("Add broker"));
    CHECK(muddle(desk, static_cast<float>(width), static_cast<float>(height)) == "");
  }
}

TEST_CASE("N in the gallery opens an empty cluster, and so does the button there") {
  for (bool by_key : {true, false}) {
    Desk desk(small_failover());
    desk.type(U'g');
    REQUIRE(desk.view().overlay == Overlay::gallery);
    if (by_key) desk.type(U'n');
    else desk.click("an empty cluster");
    CHECK(desk.view().overlay == Overlay::none);
    CHECK(desk.session().world().brokers.empty());
    CHECK(desk.session().world().controllers.size() == 1);
  }
}

TEST_CASE("a cluster is built with the keys alone") {
  Desk desk(empty_scenario(), 1280, 720);
  build_by_keys(desk);
  check_built(desk);
}

TEST_CASE("a cluster is built with the mouse alone") {
  Desk desk(empty_scenario(), 1280, 720);
  desk.click("Add broker");
  const auto from_menu = [&](std::string_view row) {
    const Rect stage = desk.app().stage();
    open_menu_at(desk, {stage.x + 4, stage.bottom() - 4});
    desk.click(row);
  };
  from_menu("Add broker 2");
  from_menu("Add broker 3");
  wait(desk, 3 * kSecond);
  from_menu("Create topic-1: 3 partitions, 3 copies");
  wait(desk, kSecond);
  desk.click("Add producer");
  desk.click("Add consumer");
  from_menu("Add a consumer to group-1");
  wait(desk, 20 * kSecond);
  check_built(desk);
}

TEST_CASE("everything can be asked for before time goes by") {
  Desk desk(empty_scenario(), 1280, 720);
  for (int i = 0; i < 3; ++i) desk.type(U'b');
  desk.type(U't', true);
  desk.press(KeyName::enter);
  desk.type(U'n');
  desk.type(U'+');
  desk.type(U'+');
  wait(desk, 30 * kSecond);
  check_built(desk);
}

TEST_CASE("a topic is typed; what is wrong with it is said, what is left out is as usual") {
  Desk desk(empty_scenario(), 1280, 720);
  desk.type(U't', true);
  CHECK_FALSE(desk.view().prompt.open);
  CHECK(desk.session().notice() == "There is no broker yet that could hold it.");
  desk.type(U'b');
  desk.type(U't', true);
  REQUIRE(desk.view().prompt.open);
  CHECK(desk.shows("topic-1 3 1"));
  desk.type("orders 2 4");
  desk.press(KeyName::enter);
  CHECK(desk.shows("INVALID_REPLICATION_FACTOR"));
  for (int i = 0; i < 4; ++i) desk.press(KeyName::backspace);
  desk.type(" two");
  desk.press(KeyName::enter);
  CHECK(desk.shows("'two' is no number"));
  for (int i = 0; i < 4; ++i) desk.press(KeyName::backspace);
  desk.type("5");
  desk.press(KeyName::backspace);
  desk.type(" 2");
  desk.press(KeyName::enter);
  REQUIRE_FALSE(desk.view().prompt.open);
  wait(desk, 3 * kSecond);
  CHECK(user_partitions(desk.session().world()).size() == 2);
  CHECK(user_topics(desk.session().world()) == std::vector<std::string>{"orders"});
}

TEST_CASE("build, kill a leader, go back, act differently, compare, ask why, save, read again: the same digest") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "nutshell-build-test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  Desk desk(empty_scenario(3), 1600, 900);
  desk.app().save_into(folder.string());
  build_by_keys(desk);
  const TopicPartition tp = user_partitions(desk.session().world()).front();
  const BrokerId led = image_of(desk).partition(tp)->leader;
  const std::string leader = "broker " + std::to_string(led);
  const Time at = desk.session().view_time();
  desk.click(card_of(desk, leader));
  desk.type(U'c');
  wait(desk, 15 * kSecond);
  CHECK(image_of(desk).partition(tp)->leader != led);
  desk.type(U'u');
  CHECK(desk.session().view_time() == at);
  desk.click(card_of(desk, leader));
  desk.type(U's');
  wait(desk, 15 * kSecond);
  const auto& branches = desk.session().branches();
  CHECK(branches[branches.size() - 2]->name == capital(leader) + " is killed.");
  // Beside the branch it came from; the two part where the leader stops.
  desk.type(U'\\');
  REQUIRE(desk.session().compared());
  REQUIRE(desk.session().divergence());
  CHECK(desk.session().divergence()->at >= at);
  desk.type(U'\\');
  desk.view().selected = {PlaceKind::partition, kNoNode, kNoNode, tp};
  desk.type(U'y');
  REQUIRE_FALSE(desk.view().why.causes.empty());
  CHECK(desk.view().why.causes.back().root);
  desk.app().obey({CommandName::save, 0, {}});
  const LoadResult read = load_scenario((folder / "my-cluster-1.json").string());
  REQUIRE_MESSAGE(read.scenario, to_text(read.problems));
  CHECK(read.scenario->setup.brokers == 0);
  const Time now = desk.session().view_time();
  CHECK(digest_at(*read.scenario, now) == desk.session().timeline().digest());
  fs::remove_all(folder);
}

TEST_CASE("a consumer is carried to another group: it leaves, and another instance joins there") {
  Desk desk = two_groups();
  const World& world = desk.session().world();
  const Consumer moved = world.consumers.front();
  const auto other = std::find_if(world.consumers.begin(), world.consumers.end(),
                                  [&](const Consumer& each) { return each.spec.group != moved.spec.group; });
  REQUIRE(other != world.consumers.end());
  const GroupId group = other->spec.group;
  const std::string name = node_at(world, moved.node)->name;
  const std::size_t before = world.consumers.size();
  desk.drag({card_of(desk, name), head_of(desk, group)});
  CHECK(desk.session().branches().size() == 2);
  wait(desk, 10 * kSecond);
  const World& after = desk.session().world();
  CHECK(after.find_node(name)->status == NodeStatus::down);
  REQUIRE(after.consumers.size() == before + 1);
  CHECK(after.consumers.back().spec.group == group);
  CHECK(after.consumers.back().state == MemberState::stable);
  CHECK(after.consumers.back().spec.topics == moved.spec.topics);
  desk.type(U'u');
  CHECK(desk.session().world().consumers.size() == before);
}

TEST_CASE("below the groups a carried consumer founds one; over its own, or with Esc, it stays") {
  Desk desk = two_groups();
  const World& world = desk.session().world();
  const std::string name = node_at(world, world.consumers.front().node)->name;
  const Point from = card_of(desk, name), own = head_of(desk, world.consumers.front().spec.group);
  const Point below{from.x + 60, desk.app().stage().bottom() - 20};
  // While it is carried, the place for a new group can be seen, and what speaks against the place under the mouse.
  ImGuiIO& io = ImGui::GetIO();
  const auto carry_to = [&](Point at) {
    io.MouseDown[0] = true;
    for (Point each : {from, at}) {
      io.MousePos = {each.x, each.y};
      desk.look();
    }
    desk.look();
  };
  carry_to(own);
  CHECK(desk.shows("is in it already"));
  CHECK(desk.shows("a new group: group-1"));
  CHECK(muddle(desk, 1600, 900) == "");
  io.MouseDown[0] = false;
  desk.look();
  CHECK(desk.session().branches().size() == 1);
  carry_to(below);
  desk.press(KeyName::escape);
  io.MouseDown[0] = false;
  desk.look();
  CHECK(desk.session().branches().size() == 1);
  carry_to(below);
  io.MouseDown[0] = false;
  desk.look();
  REQUIRE(desk.session().branches().size() == 2);
  wait(desk, kSecond);
  CHECK(std::string(desk.session().world().fabric.names[desk.session().world().consumers.back().spec.group]) == "group-1");
}

TEST_CASE("the menu moves a consumer as well, with the keys alone") {
  Desk desk = two_groups();
  const World& world = desk.session().world();
  const NodeId node = world.consumers.front().node;
  desk.view().selected = {PlaceKind::consumer, node};
  desk.type(U'm');
  const std::vector<Offer> rows = menu_rows(world, desk.view().menu);
  const auto move = std::find_if(rows.begin(), rows.end(), [](const Offer& each) { return each.label == "Move to another group \u2026"; });
  REQUIRE(move != rows.end());
  for (auto i = move - rows.begin(); i > 0; --i) desk.press(KeyName::down);
  desk.press(KeyName::enter);
  const std::vector<Offer> groups = menu_rows(desk.session().world(), desk.view().menu);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].reason == node_at_start(node_at(world, node)->name) + " is in it already.");
  CHECK(groups[2].label == "Move to group group-1, a new one");
  desk.press(KeyName::down);
  desk.press(KeyName::enter);
  CHECK(desk.session().branches().size() == 2);
}

TEST_CASE("a tool is carried from the belt onto a thing") {
  Desk desk(lesson("leader-failover"), 1600, 900);
  desk.session().go_to_time(10 * kSecond);
  desk.look();
  const TextBox* crash = desk.find("Kill");
  REQUIRE(crash);
  const Point from = crash->box.center(), to = card_of(desk, "broker 3");
  desk.drag({from, {from.x, from.y - 60}, to, to});
  CHECK(desk.session().world().find_node("broker 3")->status == NodeStatus::down);
  CHECK(desk.view().hand == Tool::none);
}
