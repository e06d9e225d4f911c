// What somebody has done by hand: the flag where it was done, the thread that leaves the lesson, and that it is not lost.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "sim/session/about.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

Rect spot(Desk& desk, const std::string& name) {
  const Place place = place_named(desk.session().world(), name);
  for (const Spot& each : desk.figure().spots) {
    if (each.place == place) return each.rect;
  }
  FAIL("not on the stage: " << name);
  return {};
}

std::string row_words(Desk& desk, BrokerId broker) {
  const NodeId node = desk.session().world().find_broker(broker)->node;
  std::string words;
  for (const Spot& each : desk.figure().spots) {
    if (each.place.kind != PlaceKind::replica || each.place.node != node) continue;
    for (const TextBox& text : desk.app().texts()) {
      if (each.rect.contains(text.box.center())) words += " " + text.text + " ";
    }
  }
  return words;
}

Time fact_time(const Session& session, const std::function<bool(const FactBody&)>& wanted) {
  for (const Fact& each : session.timeline().facts()) {
    if (wanted(each.body)) return each.at;
  }
  FAIL("it does not happen");
  return 0;
}

}  // namespace

TEST_CASE("a deed has a flag at the thing that was acted on, until it is taken back") {
  for (const bool projector : {false, true}) {
    Desk desk(without_questions(lesson("leader-failover")), 1920, 1080);
    desk.room().projector = projector;
    desk.session().go_to_time(9 * kSecond);
    desk.look();
    CHECK_FALSE(desk.shows("you: "));
    REQUIRE(desk.session().act(Crash{"broker 1"}) == "");
    desk.look();
    const TextBox* flag = desk.find("you: kill");
    REQUIRE(flag);
    CHECK(spot(desk, "broker 1").contains(flag->box.center()));
    // The last deed is the one that is flagged.
    REQUIRE(desk.session().act(Pause{"kitchen", Span{5 * kSecond}}) == "");
    desk.look();
    CHECK_FALSE(desk.find("you: kill"));
    flag = desk.find("you: pause");
    REQUIRE(flag);
    const Rect card = spot(desk, "kitchen");
    CHECK(flag->box.x > card.x);
    CHECK(flag->box.right() < card.right());
    CHECK(std::abs(flag->box.center().y - card.bottom()) < card.h / 2);
    desk.type(U'u');
    CHECK(desk.find("you: kill"));
    desk.type(U'u');
    CHECK_FALSE(desk.shows("you: "));
  }
}

TEST_CASE("for the back row the thread shows where the own course leaves the lesson, and the stage stands still") {
  Desk desk(lesson("leader-failover"), 1280, 720);
  desk.room().projector = true;
  desk.session().go_to_time(9 * kSecond);
  desk.look();
  const Rect stage = desk.app().stage();
  CHECK(stage.bottom() < desk.app().caption().y);
  CHECK_FALSE(desk.find("your kill"));
  // The question that is still to come stands on it, below the stage.
  const auto on_thread = [&](const std::string& text) {
    for (const TextBox& each : desk.app().texts()) {
      const float y = each.box.center().y;
      if (each.text == text && y > desk.app().stage().bottom() && y < desk.app().caption().y) return true;
    }
    return false;
  };
  CHECK(on_thread("?"));
  REQUIRE(desk.session().act(Crash{"broker 1"}) == "");
  desk.look();
  for (const char* each : {"I", "lesson", "II", "your kill", "?"}) CHECK_MESSAGE(on_thread(each), std::string(each));
  CHECK(desk.app().stage().bottom() == stage.bottom());
  desk.type(U'u');
  CHECK_FALSE(on_thread("II"));
  // Once it is answered, no question stands there any more.
  for (int i = 0; i < 40 && !desk.session().asking(); ++i) {
    desk.press(KeyName::right);
    desk.ride();
  }
  REQUIRE(desk.session().asking());
  desk.press(KeyName::enter);
  CHECK_FALSE(on_thread("?"));
}

TEST_CASE("a copy that comes back is rejoining until it is in sync, one that is only slow is not") {
  Desk desk(without_questions(lesson("leader-failover")), 1920, 1080);
  Session& session = desk.session();
  session.know_all();
  const Time back = fact_time(session, [](const FactBody& body) {
    const auto* fact = body.as<IsrExpanded>();
    return fact && fact->broker == 1;
  });
  session.go_to_time(back - kMillisecond);
  desk.look();
  CHECK(row_words(desk, 1).find("rejoining") != std::string::npos);
  session.go_to_time(back + 50 * kMillisecond);
  desk.look();
  CHECK(row_words(desk, 1).find("follower") != std::string::npos);
  Desk slow(without_questions(lesson("slow-follower")), 1920, 1080);
  slow.session().know_all();
  const Time out = fact_time(slow.session(), [](const FactBody& body) {
    const auto* fact = body.as<IsrShrunk>();
    return fact && fact->broker == 3;
  });
  slow.session().go_to_time(out + 2 * kSecond);
  slow.look();
  CHECK(row_words(slow, 3).find("out of ISR") != std::string::npos);
  CHECK(row_words(slow, 3).find("rejoining") == std::string::npos);
}

TEST_CASE("what was done by hand and not saved is kept from one start to the next, unless it was said that it may go") {
  const auto acted = [] {
    Desk desk(without_questions(lesson("leader-failover")), 1280, 800);
    desk.session().go_to_time(9 * kSecond);
    desk.look();
    REQUIRE(desk.session().act(Crash{"broker 2"}) == "");
    REQUIRE(desk.session().act(Crash{"broker 3"}) == "");
    desk.look();
    return desk;
  };
  Desk desk = acted();
  const std::vector<std::string> kept = desk.app().to_keep();
  REQUIRE(kept.size() == 1);

  // As at the next start.
  Desk next(lesson("the-log"), 1280, 800);
  next.gallery().kept = kept;
  next.app().offer_to_go_on({});
  next.look();
  CHECK(next.shows("bring back what you did"));
  CHECK(next.app().to_keep() == kept);  // as long as nobody has asked for it
  next.type(U'u');
  next.app().settle();
  next.look();
  const Session& session = next.session();
  CHECK(session.scenario().title == lesson("leader-failover").title);
  REQUIRE(session.branches()[session.current()]->acted.size() == 2);
  CHECK(session.unsaved().size() == 1);
  CHECK(state_digest(session.world()) == state_digest(desk.session().world()));
  CHECK(next.app().to_keep().size() == 1);
  next.type(U'g');
  CHECK_FALSE(next.shows("bring back what you did"));

  // At the end of a lesson the one key goes on without asking, and what was done can be brought back.
  Desk leads_on = acted();
  leads_on.session().know_all();
  leads_on.type(U'u');
  leads_on.type(U'u');
  for (int i = 0; i < 60 && !leads_on.hands().card.open; ++i) {
    leads_on.press(KeyName::right);
    leads_on.ride();
  }
  REQUIRE(leads_on.hands().card.open);
  leads_on.press(KeyName::right);
  CHECK_FALSE(leads_on.hands().farewell.open);
  CHECK(leads_on.session().scenario().title != lesson("leader-failover").title);
  CHECK(leads_on.gallery().kept == kept);
  CHECK(leads_on.app().to_keep() == kept);

  Desk gone = acted();
  gone.type(U'q');
  gone.type(U'd');
  CHECK_FALSE(gone.look());
  CHECK(gone.app().to_keep().empty());

  // A code that cannot be read says so, and is offered no more.
  Desk broken(lesson("the-log"));
  broken.gallery().kept = {"nutshell:leader-failover:AAAA"};
  broken.app().offer_to_go_on({});
  broken.type(U'u');
  broken.look();
  CHECK_FALSE(broken.session().notice().empty());
  CHECK(broken.app().to_keep().empty());
}

TEST_CASE("who answers the question of the lesson on offsets and then changes the load sees what that makes of the answer") {
  Desk desk(lesson("offsets-for-ever"), 1456, 819);
  desk.session().go_to_time(8 * kSecond);
  desk.look();
  REQUIRE(desk.session().asking());
  desk.press(KeyName::enter);
  desk.look();
  desk.session().go_to_time(12 * kSecond);
  desk.look();
  CHECK(desk.shows("at 8.64 million records a day they last 2.92 billion years"));  // a hundred a second
  desk.session().go_to_time(9 * kSecond);  // the question is what was said last, and answered
  REQUIRE(desk.session().act(SetLoad{"plant", {5 * kMillisecond}}) == "");
  desk.session().go_to_time(26 * kSecond);
  desk.look();
  // Two hundred a second, and a hundred of the second writer: 2^63 / (300 x 86,400) / 365.25.
  CHECK(desk.shows("at 25.9 million records a day they last 974 million years"));
  CHECK(desk.session().caption() == "At 9.000s: plant sends every 5ms from now on.");
  CHECK_FALSE(desk.shows("run out of them"));
}
