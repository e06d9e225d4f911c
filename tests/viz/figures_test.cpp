// The figures, the inspector and the notes, as a person uses them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "sim/scenario/read.h"
#include "sim/session/inspect.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// Where a label of the figure's axis stands; the timeline below it has one that reads the same.
Point tick(Desk& desk, const std::string& text) {
  const TextBox* highest = nullptr;
  for (const TextBox& each : desk.app().texts()) {
    if (each.text == text && each.box.y > desk.app().stage().bottom() && (!highest || each.box.y < highest->box.y)) highest = &each;
  }
  REQUIRE_MESSAGE(highest, "no tick reads ", text);
  return highest->box.center();
}

std::string without_spaces(std::string text) {
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; }), text.end());
  return text;
}

Place at_node(PlaceKind kind, NodeId node) {
  Place place;
  place.kind = kind;
  place.node = node;
  return place;
}

}  // namespace

TEST_CASE("F goes through the figures and puts them away; the stage keeps most of the height") {
  Desk desk(lesson("four-consumers"), 1600, 900);
  const float whole = desk.app().stage().h;
  desk.type(U'f');
  CHECK(desk.find("Who reads which partition"));
  CHECK(desk.find("state"));
  CHECK(desk.app().stage().h >= 0.6F * whole);
  desk.type(U'f');
  CHECK(desk.find("LEO"));
  desk.type(U'f');
  CHECK(desk.find("records in"));
  CHECK(desk.find("under-replicated"));
  desk.type(U'f');
  CHECK_FALSE(desk.find("records in"));
  CHECK(desk.app().stage().h == whole);
}

TEST_CASE("the titles of the figures are clicked like tabs") {
  Desk desk(lesson("four-consumers"), 1920, 1080);
  desk.type(U'f');
  desk.click("Metrics");
  CHECK(desk.view().figures.shown == Figure::metrics);
  desk.click("Replication");
  CHECK(desk.view().figures.shown == Figure::replication);
}

TEST_CASE("a click in a figure goes to that time, dragging scrubs") {
  Desk desk(without_questions(lesson("four-consumers")), 1920, 1080);
  desk.type(U'f');
  const Point twenty = tick(desk, "20"), later = tick(desk, "24");
  REQUIRE(twenty.y < desk.app().stage().bottom() + 430);
  desk.click(Point{twenty.x, twenty.y - 40});
  CHECK(std::abs(desk.session().view_time() - 20 * kSecond) < kSecond / 4);
  desk.drag({{twenty.x, twenty.y - 40}, {later.x, later.y - 200}});
  CHECK(std::abs(desk.session().view_time() - 24 * kSecond) < kSecond / 4);
}

TEST_CASE("while a question stands, figures tell nothing of what is to come, and cannot be scrubbed there") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  while (!desk.session().asking()) {
    desk.session().obey({CommandName::next, 0, {}});
    if (desk.session().gliding()) desk.session().obey({CommandName::next, 0, {}});
  }
  for (int i = 0; i < 3; ++i) {
    desk.type(U'f');
    CHECK(desk.find("hidden until you have answered"));
  }
  const Time at = desk.session().view_time();
  const Rect stage = desk.app().stage();
  desk.click(Point{stage.right() - 120, stage.bottom() + 120});
  CHECK(desk.session().view_time() == at);
  desk.press(KeyName::enter);
  CHECK_FALSE(desk.find("hidden until you have answered"));
}

TEST_CASE("two universes have a figure each, with one axis") {
  Desk desk(lesson("four-consumers"), 1920, 1080);
  desk.session().act(ActionBody(Crash{"c1"}));
  desk.session().compare_with(0);
  desk.type(U'f');
  std::size_t titles = 0;
  for (const TextBox& each : desk.app().texts()) titles += each.text == "Who reads which partition";
  CHECK(titles == 2);
  CHECK(desk.shows("partitions stopped"));
}

TEST_CASE("for the back row figures stand only if they were asked for there") {
  Desk desk(lesson("four-consumers"), 1920, 1080);
  desk.type(U'f');
  desk.press(KeyName::f9);
  CHECK_FALSE(desk.find("state"));
  desk.type(U'f');
  CHECK(desk.find("state"));
}

TEST_CASE("brackets look at a shorter and at a longer time around the present") {
  Desk desk(lesson("four-consumers"), 1920, 1080);
  desk.session().go_to_time(20 * kSecond);
  desk.type(U'f');
  for (int i = 0; i < 8; ++i) desk.type(U']');
  const FiguresView& figures = desk.view().figures;
  CHECK(figures.to - figures.from < desk.session().scenario().until / 4);
  CHECK(figures.from < 20 * kSecond);
  CHECK(figures.to > 20 * kSecond);
  for (int i = 0; i < 20; ++i) desk.type(U'[');
  CHECK(figures.from == figures.to);
}

TEST_CASE("the inspector tells the last step's changes, old value and new") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  desk.session().go_to_time(9 * kSecond);
  const World& world = desk.session().world();
  desk.view().selected = at_node(PlaceKind::broker, world.brokers[1].node);
  desk.press(KeyName::enter);
  CHECK(desk.view().tab == Tab::inspector);
  CHECK(desk.find("Broker 2"));
  CHECK(desk.find("MetadataOffset"));
  CHECK(desk.find("broker.heartbeat.interval.ms"));
  // Enter shows it, Shift I puts it away and back.
  desk.press(KeyName::enter);
  CHECK(desk.view().tab == Tab::inspector);
}

TEST_CASE("what the last step changed is the difference of two worlds that were stepped to by hand") {
  Session session(lesson("leader-failover"));
  std::size_t changed = 0;
  for (Step position = 400; position < 700; position += 3) {
    session.go_to(position, 0);
    const std::uint64_t digest = session.timeline().digest();
    session.look_back();
    REQUIRE(session.before());
    CHECK(session.timeline().digest() == digest);
    CHECK(session.timeline().position() == position);
    Timeline by_hand(session.timeline().setup(), session.timeline().script());
    by_hand.seek(position - 1);
    CHECK(state_digest(*session.before()) == state_digest(by_hand.world()));
    for (const Change& each : session.changes()) {
      CHECK(each.before != each.after);
      const std::vector<Field> fields = fields_of(session.world(), each.place);
      const auto is_it = [&](const Field& field) { return field.name == each.what && field.value == each.after; };
      CHECK((each.after.empty() || std::any_of(fields.begin(), fields.end(), is_it)));
      ++changed;
    }
  }
  CHECK(changed > 10);
}

TEST_CASE("settings that a lesson overrides stand apart from Kafka's defaults") {
  Scenario scenario = small_failover();
  scenario.setup.config.broker_session_timeout = 7 * kSecond;
  const World world = make_world(scenario.setup);
  const std::vector<Setting> settings = settings_of(world, at_node(PlaceKind::broker, world.brokers[0].node));
  for (const Setting& each : settings) {
    if (each.key == "broker.session.timeout.ms") {
      CHECK(each.overridden());
      CHECK(each.value == "7000");
      CHECK(each.usual == "9000");
    }
    if (each.key == "request.timeout.ms") CHECK_FALSE(each.overridden());
  }
  CHECK(settings.size() > 20);
}

TEST_CASE("what is simplified stands behind the small i, to its last word") {
  for (const std::string& file : lesson_files()) {
    const Scenario scenario = *load_scenario(file).scenario;
    if (scenario.notes.empty()) continue;
    CAPTURE(file);
    for (const int wide : {1024, 1280, 1920}) {
      Desk desk(scenario, wide, wide == 1024 ? 768 : wide * 9 / 16);
      desk.type(U',');
      CHECK(desk.find("What is simplified here"));
      std::string read = desk.reads();
      for (std::size_t page = 1; page < scenario.notes.size(); ++page) {
        const std::string more = std::to_string(scenario.notes.size() - page) + " more";
        if (desk.find(more)) desk.click(more);
        read += desk.reads();
      }
      // A long word is broken where the line ends.
      for (std::string note : scenario.notes) CHECK(without_spaces(read).find(without_spaces(note)) != std::string::npos);
      desk.click("To the lesson");
      CHECK_FALSE(desk.find("What is simplified here"));
    }
  }
}
