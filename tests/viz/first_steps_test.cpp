// For whoever comes for the first time: the first screen, the gallery, and what is told of signs.
#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/read.h"
#include "sim/session/empty.h"
#include "tests/viz/desk.h"
#include "viz/panels/caption.h"
#include "viz/panels/lesson_sign.h"
#include "viz/panels/replica_sign.h"
#include "viz/panels/stage.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

constexpr std::array<std::string_view, 8> kExpert = {"high watermark",  "HW ",   "LEO",  "session",
                                                     "metadata quorum", "epoch", "seed", "Controllers"};

const LessonCard& card(std::string_view title) {
  const auto found = std::find_if(cards().begin(), cards().end(), [&](const LessonCard& each) { return each.title == title; });
  REQUIRE(found != cards().end());
  return *found;
}

// The mouse rests there for so long.
void rest(Desk& desk, Point at, Duration wall) {
  desk.point(at);
  ImGui::GetIO().MouseDelta = {0, 0};
  desk.look(wall);
}

}  // namespace

TEST_CASE("the first screen: the lesson, the one key, lessons below, and no word that needs a lesson before it") {
  for (const auto& [width, height] : {std::pair{1280, 800}, {1920, 1080}, {1024, 768}}) {
    Desk desk(lesson("the-log"), width, height);
    desk.view().first_screen = true;
    desk.look();
    CHECK(desk.shows("Press the right arrow"));
    CHECK(desk.shows("Lesson 1 of " + std::to_string(cards().size())));
    CHECK(desk.find("orders"));
    CHECK(desk.shows("apple"));
    CHECK(desk.shows(cards()[1].title));
    const std::string all = desk.reads();
    for (std::string_view word : kExpert) CHECK_MESSAGE(all.find(word) == std::string::npos, std::string(word), " at ", width);
    // The key goes on, and the screen stays what it is.
    const std::size_t told = desk.session().told();
    while (has_more_pages(desk.view())) desk.press(KeyName::right);
    desk.press(KeyName::right);
    if (desk.session().gliding()) desk.press(KeyName::right);
    CHECK(desk.session().told() == told + 1);
    CHECK(desk.view().first_screen);
    // Whoever asks for more gets all of it.
    desk.type(U'i');
    CHECK_FALSE(desk.view().first_screen);
    desk.look();
    CHECK(desk.shows("Promises"));
  }
}

TEST_CASE("a lesson shows those of the inner works that it speaks of; H, a puzzle and an own cluster show all") {
  CHECK_FALSE(parts_of(lesson("the-log")).controllers);
  CHECK_FALSE(parts_of(lesson("the-log")).watermarks);
  CHECK_FALSE(parts_of(lesson("the-log")).groups);
  CHECK(parts_of(lesson("earliest-and-latest")).offset_reset);
  CHECK(parts_of(lesson("two-consumers")).groups);
  CHECK_FALSE(parts_of(lesson("two-consumers")).controllers);
  CHECK(parts_of(lesson("leader-failover")).controllers);
  CHECK(parts_of(lesson("leader-failover")).watermarks);
  CHECK(parts_of(lesson("no-rebalance")) == Parts());
  CHECK(parts_of(empty_scenario()) == Parts());
  Desk desk(lesson("the-log"), 1920, 1080);
  CHECK_FALSE(desk.shows("Controllers"));
  CHECK(desk.shows("topic with one partition"));
  desk.type(U'h');
  desk.look();
  CHECK(desk.shows("Controllers"));
}

TEST_CASE("what a lesson explains by stands on the stage: keys of records, and where a reader without offsets begins") {
  Desk keys(lesson("order"), 1920, 1080);
  keys.session().go_to_time(keys.session().beats()[3].at);
  keys.look();
  CHECK(keys.find("anna"));
  CHECK(keys.find("bob"));
  Desk reset(lesson("earliest-and-latest"), 1920, 1080);
  CHECK(reset.shows("auto.offset.reset=earliest"));
  CHECK(reset.shows("auto.offset.reset=latest"));
}

TEST_CASE("the gallery: Home and End, columns by chapters, minutes, and what has been done") {
  Desk desk(lesson("leader-failover"), 1280, 800);
  desk.type(U'g');
  desk.press(KeyName::end);
  CHECK(desk.view().chosen == cards().size() - 1);
  desk.press(KeyName::home);
  CHECK(desk.view().chosen == 0);
  desk.look();
  CHECK(desk.shows(cards().front().corrects));  // what people often think
  desk.press(KeyName::down);
  CHECK(desk.view().chosen == 1);
  const Rect from = desk.view().cards[1];
  desk.press(KeyName::right);
  const std::size_t beside = desk.view().chosen;
  CHECK(desk.view().cards[beside].x > from.x + from.w / 2);
  desk.press(KeyName::left);
  CHECK(desk.view().cards[desk.view().chosen].x < desk.view().cards[beside].x);
  CHECK(desk.shows("0 of " + std::to_string(cards().size()) + " done"));
  desk.view().done.push_back(cards()[0].name);
  desk.look();
  CHECK(desk.shows("1 of " + std::to_string(cards().size()) + " done"));
}

TEST_CASE("each lesson has a sign of its own, puzzles begin with a question mark, and a stranger gets one by its copies") {
  std::vector<std::vector<std::string>> seen;
  for (const LessonCard& each : cards()) {
    CHECK_FALSE(each.sign.empty());
    CHECK_MESSAGE(std::find(seen.begin(), seen.end(), each.sign) == seen.end(), each.title);
    seen.push_back(each.sign);
    CHECK(each.puzzle == (each.sign.front().front() == '?'));
    CHECK(each.minutes >= 2);
    CHECK(each.minutes <= 15);
  }
  CHECK(card("The log is append-only").number == "1");
  Scenario stranger;
  stranger.name = "mine";
  stranger.setup.topics.push_back({"orders", 1, 3, {}, {}});
  CHECK(sign_of(stranger).size() == 3);
}

TEST_CASE("a lesson seen to its end is done") {
  Desk desk(lesson("the-log"));
  CHECK(desk.view().done.empty());
  Session& session = desk.session();
  session.go_to_time(session.scenario().until);
  desk.look();
  CHECK(desk.view().done == std::vector<std::string>{session.scenario().name});
}

TEST_CASE("what the mouse rests on is told in a line: sign, name, meaning; and only after a moment") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  desk.look();
  const auto spot_of = [&](PlaceKind kind) {
    for (const Spot& each : desk.view().spots) {
      if (each.place.kind == kind && place_at(desk.view(), each.rect.center()) == each.place) return each.rect.center();
    }
    FAIL("nothing of that kind on the stage");
    return Point{};
  };
  rest(desk, spot_of(PlaceKind::high_watermark), 100 * kMillisecond);
  CHECK_FALSE(desk.shows("on every copy in sync, and consumers see it"));
  rest(desk, spot_of(PlaceKind::high_watermark), kSecond);
  CHECK(desk.shows("on every copy in sync, and consumers see it"));
  rest(desk, spot_of(PlaceKind::session), kSecond);
  CHECK(desk.shows("drains while nothing is heard"));
  rest(desk, spot_of(PlaceKind::producer), kSecond);
  CHECK(desk.shows("shop, a producer"));
  rest(desk, spot_of(PlaceKind::controller), kSecond);
  CHECK(desk.shows("controller"));
  // A sign on a place tells of itself.
  for (const Tip& each : desk.view().tips) {
    if (each.name != "leader") continue;
    rest(desk, each.rect.center(), kSecond);
    break;
  }
  CHECK(desk.shows(role_meaning(ReplicaSign::leader)));
  // A mouse that merely lies there while somebody reads on by keys points at nothing, until it is moved again.
  rest(desk, spot_of(PlaceKind::producer), kSecond);
  REQUIRE(desk.shows("a program that writes records"));
  desk.press(KeyName::right, true);
  desk.look(kSecond);
  CHECK_FALSE(desk.shows("a program that writes records"));
  desk.look(kSecond);
  CHECK_FALSE(desk.shows("a program that writes records"));
  desk.point({-1, -1});
  rest(desk, spot_of(PlaceKind::producer), kSecond);
  CHECK(desk.shows("a program that writes records"));
}

TEST_CASE("for the back row nothing is told of what lies under the choices of a question") {
  Desk desk(lesson("leader-failover"), 1280, 720);
  desk.view().projector = true;
  for (int i = 0; i < 40 && !desk.session().asking(); ++i) {
    desk.press(KeyName::right);
    desk.ride();
  }
  REQUIRE(desk.session().asking());
  desk.look();
  const Rect over = desk.view().over_stage;
  REQUIRE(over.h > 50);
  const auto tips = [&] {
    return desk.shows("it keeps copies") || desk.shows("a copy of the partition") || desk.shows("a copy that is in sync");
  };
  for (float part = 0.1F; part < 1; part += 0.2F) {
    rest(desk, {over.x + over.w * 0.4F, over.y + over.h * part}, kSecond);
    CHECK_FALSE(tips());
  }
}

TEST_CASE("every kind of place that is drawn has a name and a meaning") {
  Desk desk(lesson("eager-and-cooperative"), 1920, 1080);
  desk.session().go_to_time(26 * kSecond);
  desk.view().hidden_traffic = true;
  desk.look();
  std::vector<PlaceKind> kinds;
  const std::vector<Spot> spots = desk.view().spots;
  for (const Spot& each : spots) {
    if (std::find(kinds.begin(), kinds.end(), each.place.kind) != kinds.end()) continue;
    kinds.push_back(each.place.kind);
    desk.point({-1, -1});
    const std::string before = desk.reads();
    rest(desk, each.rect.center(), kSecond);
    CHECK_MESSAGE(desk.reads() != before, static_cast<int>(each.place.kind));
  }
  CHECK(kinds.size() > 8);
}

TEST_CASE("? shows the keys, then what the signs mean, then the stage again") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  desk.type(U'?');
  desk.look();
  CHECK(desk.shows("what the signs mean"));
  desk.type(U'?');
  desk.look();
  CHECK(desk.shows("In flight"));
  CHECK(desk.shows(meaning_of(TokenKind::group, 'J')));
  CHECK(desk.shows(role_meaning(ReplicaSign::out_of_isr)));
  desk.type(U'?');
  CHECK(desk.view().overlay == Overlay::none);
}

TEST_CASE("a message that was clicked says its name, its way and what it is for, whether or not it is still under way") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  desk.view().in_motion = true;
  Place message;
  for (Time at = 8 * kSecond; !message && at < 10 * kSecond; at += 20 * kMillisecond) {
    desk.session().go_to_time(at);
    desk.look();
    for (const Spot& each : desk.view().spots) {
      if (each.place.kind == PlaceKind::message) message = each.place;
    }
  }
  REQUIRE(message);
  desk.view().selected = message;
  desk.press(KeyName::enter);
  desk.look();
  CHECK(desk.shows("from"));
  CHECK_FALSE(desk.shows("It has no fields at this moment."));
}

TEST_CASE("the map is as wide as the stage lets it, and a broker that has just died leads nothing that answers") {
  Desk desk(lesson("twelve-brokers"), 1920, 1080);
  Session& session = desk.session();
  desk.look();
  float left = 1e9F, right = 0;
  for (const Spot& each : desk.view().spots) {
    if (each.place.kind != PlaceKind::partition) continue;
    left = std::min(left, each.rect.x);
    right = std::max(right, each.rect.right());
  }
  CHECK(right - left > desk.app().stage().w * 0.55F);
  CHECK(desk.shows("no leader answers"));
  const auto crash = std::find_if(session.beats().begin(), session.beats().end(), [](const StoryLine& each) {
    return each.text.find("nobody answers") != std::string::npos;
  });
  REQUIRE(crash != session.beats().end());
  session.go_to(crash->position, crash->at);
  desk.look();
  // Those that broker 7 leads, as far as the controller knows.
  const MetadataImage* image = committed_image(session.world());
  REQUIRE(image);
  std::size_t unanswered = 0;
  for (TopicPartition each : user_partitions(session.world())) unanswered += image->partition(each)->leader == 7;
  CHECK(unanswered > 5);
  CHECK(desk.find(std::to_string(unanswered)));
}
