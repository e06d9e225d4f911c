// The space-time diagram under a person's hands: keys, clicks, the wheel, and what a paused frame costs.
#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>
#include <string>

#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// The failover after its election, as a diagram.
Desk at_election(int width = 1920, int height = 1080) {
  Desk desk(lesson("leader-failover"), width, height);
  desk.session().go_to_time(21 * kSecond);
  desk.type(U'v');
  return desk;
}

template <class F>
Step step_of(Desk& desk, const F& fits) {
  for (const Fact& each : desk.session().timeline().facts()) {
    if (fits(each)) return each.step;
  }
  FAIL("there is no such fact");
  return 0;
}

void turn_wheel(Desk& desk, Point at, float turns) {
  ImGui::GetIO().MousePos = {at.x, at.y};
  ImGui::GetIO().MouseWheel = turns;
  desk.look();
  ImGui::GetIO().MouseWheel = 0;
  desk.look();
  ImGui::GetIO().MousePos = {-1, -1};
}

// The moment that lies under a place of the chart, which begins right of the widest name of a lane.
double moment(Desk& desk, float from_left) {
  const SpaceView& view = desk.figure().space;
  const double place = view.left + static_cast<double>(from_left) / static_cast<double>(view.zoom);
  return static_cast<double>(view.picture->axis->time_of(static_cast<AxisPlace>(place * static_cast<double>(kPixel))));
}

}  // namespace

TEST_CASE("V goes from the stage to the diagram, to both, to the logs, and back; J walks the axes") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  CHECK_FALSE(desk.shows("Time axis"));
  desk.type(U'v');
  CHECK(desk.figure().area == MainArea::space_time);
  CHECK(desk.shows("Time axis"));
  CHECK(desk.app().stage().empty());
  desk.type(U'v');
  CHECK(desk.shows("Time axis"));
  CHECK_FALSE(desk.app().stage().empty());
  desk.type(U'v');
  CHECK_FALSE(desk.shows("Time axis"));
  CHECK(desk.shows("kept where"));
  desk.type(U'v');
  CHECK_FALSE(desk.shows("Time axis"));
  CHECK_FALSE(desk.shows("kept where"));
  desk.type(U'v');
  for (AxisMode each : {AxisMode::linear, AxisMode::by_event, AxisMode::compressed}) {
    desk.type(U'a');
    CHECK(desk.figure().space.axis == each);
  }
  desk.click("linear");
  CHECK(desk.figure().space.axis == AxisMode::linear);
  desk.click("folded");
  CHECK(desk.figure().space.axis == AxisMode::compressed);
}

TEST_CASE("a click on a point goes to the step after which it has happened") {
  Desk desk = at_election();
  const Step took = step_of(desk, [](const Fact& each) {
    const auto* office = each.body.as<LeaderTookOffice>();
    return office && office->broker == 2 && office->leader_epoch == 1;
  });
  const TextBox* words = desk.find("leader e1");
  REQUIRE(words);
  desk.click(Point{words->box.x - 7, words->box.center().y});
  CHECK(desk.session().timeline().position() == took + 1);
  CHECK(desk.session().view_time() == desk.session().timeline().record_of(took).at);
}

TEST_CASE("what lies under the mouse says its sentence") {
  Desk desk = at_election();
  const TextBox* words = desk.find("leader e1");
  REQUIRE(words);
  ImGui::GetIO().MousePos = {words->box.x - 7, words->box.center().y};
  desk.look();
  CHECK(desk.shows("Broker 2 takes office as leader of orders-0"));
  ImGui::GetIO().MousePos = {-1, -1};
}

TEST_CASE("dragging moves the diagram and goes nowhere in time") {
  Desk desk = at_election();
  const Time before = desk.session().view_time();
  const double left = desk.figure().space.left;
  desk.drag({{700, 440}, {600, 440}, {500, 440}});
  CHECK(desk.figure().space.left - left == doctest::Approx(200 / static_cast<double>(desk.figure().space.zoom)).epsilon(0.05));
  CHECK(desk.session().view_time() == before);
}

TEST_CASE("the wheel zooms, and what is under the mouse stays there") {
  for (AxisMode mode : {AxisMode::linear, AxisMode::by_event, AxisMode::compressed}) {
    Desk desk = at_election();
    desk.figure().space.axis = mode;
    desk.figure().space.placed = false;
    desk.look();
    const TextBox* name = desk.find("controller");
    REQUIRE(name);
    // Any place of the chart will do that keeps its distance from the left edge; try where the chart begins.
    const SpaceView& view = desk.figure().space;
    const double zoom = static_cast<double>(view.zoom);
    const double centre_before = moment(desk, 500);
    turn_wheel(desk, {16 + 500, 440}, 3);
    CHECK(static_cast<double>(view.zoom) == doctest::Approx(zoom * 1.728).epsilon(0.01));
    // The labels are some 60 pixels wide: the moment moves by no more than they hide.
    const double shift = std::abs(moment(desk, 500) - centre_before);
    const double seen = std::abs(moment(desk, 700) - moment(desk, 300));
    CHECK(shift < seen);
  }
}

TEST_CASE("a paused frame makes no new model, and neither does a small move") {
  Desk desk = at_election();
  const SpaceView& view = desk.figure().space;
  desk.look();
  REQUIRE(view.picture);
  const int made = view.picture->made;
  const std::string words = desk.reads();
  for (int i = 0; i < 20; ++i) desk.look(50 * kMillisecond);
  CHECK(view.picture->made == made);
  CHECK(desk.reads() == words);
  desk.drag({{700, 440}, {690, 440}});
  CHECK(view.picture->made == made);
  desk.type(U'h');
  CHECK(view.picture->made == made + 1);
}

TEST_CASE("while a question stands nothing beyond it is drawn or clicked") {
  Desk desk(small_failover());
  desk.press(KeyName::right);
  desk.ride();
  REQUIRE(desk.session().asking());
  desk.type(U'v');
  const Step position = desk.session().timeline().position();
  CHECK_FALSE(desk.shows("leader e1"));
  CHECK_FALSE(desk.shows("elects broker"));
  // The present stands at three quarters of the chart; right of it lies the fog.
  for (float x = 740; x < 920; x += 20) {
    desk.click(Point{x, 250});
    CHECK(desk.session().timeline().position() == position);
    CHECK(desk.session().asking());
  }
}

TEST_CASE("a thread of causes is numbered in the diagram") {
  Desk desk = at_election();
  const Step elected = step_of(desk, [](const Fact& each) {
    const auto* fact = each.body.as<LeaderElected>();
    return fact && fact->leader == 2 && fact->leader_epoch == 1;
  });
  const auto ones = [&] {
    return std::count_if(desk.app().texts().begin(), desk.app().texts().end(), [](const TextBox& each) { return each.text == "1"; });
  };
  desk.panels().tab = Tab::why;
  desk.look();
  const auto before = ones();
  desk.panels().why = {"Why?", desk.session().timeline().why_step(elected)};
  REQUIRE(desk.panels().why.causes.size() > 1);
  desk.look();
  CHECK(ones() == before + 1);
}

TEST_CASE("another lesson has another diagram") {
  Desk desk = at_election();
  const auto before = desk.figure().space.picture->tracks;
  desk.app().open(lesson("two-consumers"));
  desk.look();
  CHECK(desk.figure().space.picture->tracks != before);
  CHECK(desk.shows("billing"));
}

TEST_CASE("a session that ran out is drawn from the last heartbeat on, and says how long it was silent (R12, G11)") {
  Session session(lesson("leader-failover"));
  const Tracks& tracks = *session.tracks();
  std::size_t fenced = 0;
  for (const TrackPoint& each : tracks.points) {
    if (!each.label.starts_with("fences broker 1")) continue;
    ++fenced;
    // Killed at 12 s; broker.session.timeout.ms is 9 s, and is looked at as often as heartbeats come (2 s) at least.
    CHECK(each.silent_since > 10 * kSecond);
    CHECK(each.silent_since <= 12 * kSecond);
    CHECK(each.at - each.silent_since >= 9 * kSecond);
    CHECK(each.at - each.silent_since < 11 * kSecond);
    CHECK(each.label == "fences broker 1: silent for 9s");
    // The heartbeat that was the last is one of the messages that arrived.
    const auto is_it = [&](const Passage& passage) {
      return passage.kind == TokenKind::heartbeat && passage.ended_at == each.silent_since && passage.fate == Fate::arrived;
    };
    CHECK(std::any_of(tracks.passages.begin(), tracks.passages.end(), is_it));
  }
  CHECK(fenced == 1);
}
