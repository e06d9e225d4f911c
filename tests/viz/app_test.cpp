// The front end under a person's hands: keys, clicks, and what then stands there.
#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// The small failover at its question.
Desk at_question() {
  Desk desk(small_failover());
  desk.press(KeyName::right);
  desk.ride();
  REQUIRE(desk.session().asking());
  return desk;
}

// The lowest text that reads so: of the axis, not of a card.
Point lowest(const Desk& desk, App& app, const std::string& text) {
  const TextBox* found = desk.find(text);
  for (const TextBox& each : app.texts()) {
    if (each.text == text && found && each.box.y > found->box.y) found = &each;
  }
  REQUIRE_MESSAGE(found, "nothing reads '", text, "'");
  return found->box.center();
}

// Answers the question of the lesson, and is back at its opening: nothing that leads on stops there any more.
void pass_question(Desk& desk) {
  const Time opening = desk.session().view_time();
  // A caption of several pages is read first.
  for (int i = 0; i < 10 && !desk.session().asking(); ++i) {
    desk.press(KeyName::right);
    desk.ride();
  }
  REQUIRE(desk.session().asking());
  desk.press(KeyName::enter);
  desk.session().go_to_time(opening);
  desk.look();
}

double seconds(Desk& desk) { return static_cast<double>(desk.session().view_time()) / static_cast<double>(kSecond); }

// On the timeline's lanes, at a moment that the axis prints.
Point on_timeline(Desk& desk, const std::string& seconds) {
  const Point label = lowest(desk, desk.app(), seconds);
  return {label.x, label.y - 40};
}

}  // namespace

TEST_CASE("one key gives the whole lesson, in order, to its end") {
  for (const std::string name : {"leader-failover", "two-consumers", "acks-one-loses"}) {
    Desk desk(lesson(name));
    const std::vector<StoryLine> beats = desk.session().beats();
    std::size_t told = desk.session().told();
    for (int presses = 0; told < beats.size() && presses < 200; ++presses) {
      desk.press(KeyName::right);
      desk.ride();
      const std::size_t now = desk.session().told();
      CHECK(now <= told + 1);
      if (now == told) continue;  // the key showed the answer
      told = now;
      CHECK_MESSAGE(desk.panels().caption.text == beats[told - 1].text, name, ": ", beats[told - 1].text);
      if (beats[told - 1].kind == StoryLine::Kind::ask) CHECK(desk.session().asking());
    }
    CHECK(told == beats.size());
    desk.press(KeyName::end);
    CHECK(desk.session().at_end());
  }
}

TEST_CASE("a paused frame takes no step and draws the same words") {
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(20 * kSecond);
  desk.look();
  const Step position = desk.session().timeline().position();
  const std::string words = desk.reads();
  for (int i = 0; i < 10; ++i) desk.look(100 * kMillisecond);
  CHECK(desk.session().timeline().position() == position);
  CHECK(desk.reads() == words);
}

TEST_CASE("space plays and pauses, and so does a click on the button") {
  Desk desk(lesson("leader-failover"));
  desk.type(U' ');
  CHECK(desk.session().playing());
  for (int i = 0; i < 10; ++i) desk.look(100 * kMillisecond);
  CHECK(desk.session().view_time() == 9 * kSecond);
  desk.type(U' ');
  CHECK_FALSE(desk.session().playing());
  // The clock stands right of the buttons; the middle one plays.
  const TextBox* events = desk.find("event " + std::to_string(desk.session().timeline().position()));
  REQUIRE(events);
  desk.click({16 + 38 + 6 + 38 + 6 + 36, events->box.center().y});
  CHECK(desk.session().playing());
}

TEST_CASE("an event forward and one back return to the same world and the same words") {
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(10 * kSecond);
  desk.press(KeyName::right, true);
  const std::uint64_t before = desk.session().timeline().digest();
  const std::string words = desk.reads();
  desk.press(KeyName::right, true);
  CHECK(desk.session().timeline().digest() != before);
  desk.press(KeyName::left, true);
  CHECK(desk.session().timeline().digest() == before);
  CHECK(desk.reads() == words);
}

TEST_CASE("dragging on the timeline scrubs, forth and back") {
  Desk desk(lesson("leader-failover"));
  pass_question(desk);
  desk.session().obey({CommandName::next_moment, 0});
  desk.look();
  const Point from = on_timeline(desk, "10"), to = on_timeline(desk, "40"), half = on_timeline(desk, "20");
  desk.drag({from, to});
  CHECK(seconds(desk) == doctest::Approx(40).epsilon(0.01));
  const std::uint64_t there = desk.session().timeline().digest();
  desk.drag({to, half});
  CHECK(seconds(desk) == doctest::Approx(20).epsilon(0.01));
  desk.drag({half, to});
  CHECK(desk.session().timeline().digest() == there);
}

TEST_CASE("a drag that begins on the timeline goes on above it, and one that begins elsewhere does not scrub") {
  Desk desk(lesson("leader-failover"));
  pass_question(desk);
  const Point from = on_timeline(desk, "10"), to = on_timeline(desk, "40");
  desk.drag({from, {to.x, 300}});
  CHECK(seconds(desk) == doctest::Approx(40).epsilon(0.01));
  desk.drag({{400, 300}, from});
  CHECK(seconds(desk) == doctest::Approx(40).epsilon(0.01));
}

TEST_CASE("run until is a key and a button, and says when there is none") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  pass_question(desk);
  desk.click("leader change");
  CHECK(desk.session().view_time() > 20 * kSecond);
  CHECK(desk.shows("Skipped"));
  desk.press(KeyName::home, true);
  CHECK(desk.session().view_time() == 8 * kSecond);
  desk.type(U'j');
  desk.type(U'p');
  CHECK(desk.session().view_time() == 8 * kSecond);
  CHECK(desk.shows("There is no promise broken until the end."));
}

TEST_CASE("a question is answered by its letter, wrongly and rightly") {
  Desk wrong = at_question();
  CHECK(wrong.shows("Predict"));
  wrong.type(U'a');
  CHECK_FALSE(wrong.session().asking());
  CHECK(wrong.shows("No, it is B. Now watch why."));
  Desk right = at_question();
  right.type(U'b');
  CHECK(right.shows("Yes: B. Now watch why."));
  Desk none = at_question();
  none.press(KeyName::enter);
  CHECK(none.shows("It is B. Now watch why."));
}

TEST_CASE("a question is answered by a click, wrongly and rightly, also for the back row") {
  Desk wrong = at_question();
  wrong.click("Broker 1");
  CHECK(wrong.session().given(1) == 0);
  Desk right = at_question();
  right.click("Broker 2");
  CHECK(right.session().given(1) == 1);
  Desk shown = at_question();
  shown.click("Show the answer");
  CHECK(shown.session().given(1) == Session::kSkipped);
  Desk projected = at_question();
  projected.press(KeyName::f9);
  projected.look();
  projected.click("B");
  CHECK(projected.session().given(1) == 1);
}

TEST_CASE("while a question stands the future is hidden and cannot be gone to") {
  Desk desk = at_question();
  CHECK(desk.shows("the rest is hidden until you have answered"));
  CHECK_FALSE(desk.shows("broker 2 leads, e1"));
  const Point later = on_timeline(desk, "10");
  desk.drag({later});
  desk.press(KeyName::end);
  desk.type(U'j');
  desk.type(U'l');
  CHECK(desk.session().view_time() == 4 * kSecond);
  CHECK_FALSE(desk.shows("broker 2 leads, e1"));
  desk.type(U'b');
  CHECK_FALSE(desk.shows("the rest is hidden"));
  CHECK(desk.shows("broker 2 leads, e1"));
}

TEST_CASE("a question brings its choices to the front, whatever the panel showed") {
  Desk desk(small_failover());
  desk.type(U'i', true);
  desk.type(U'i');
  REQUIRE_FALSE(desk.panels().open);
  desk.press(KeyName::right);
  desk.ride();
  REQUIRE(desk.session().asking());
  CHECK(desk.find("Broker 1"));
  CHECK(desk.shows("Show the answer"));
  // Whoever wants to look something up first may.
  desk.type(U'i', true);
  CHECK(desk.panels().tab == Tab::events);
}

TEST_CASE("the gallery opens another lesson by keys") {
  Desk desk(lesson("leader-failover"), 1600, 1000);  // all lessons at once
  const std::string before = desk.session().scenario().title;
  desk.type(U'g');
  CHECK(desk.shows("Lessons"));
  for (const LessonCard& each : cards()) CHECK(desk.shows(each.title.substr(0, 6)));
  const std::size_t chosen = desk.gallery().chosen;
  CHECK(cards()[chosen].title == before);
  desk.press(KeyName::down);
  CHECK(desk.gallery().chosen == chosen + 1);
  desk.press(KeyName::enter);
  CHECK(desk.app().shows_lesson());
  CHECK(desk.session().scenario().title == cards()[chosen + 1].title);
}

TEST_CASE("up and down in the gallery move by one row, at every width") {
  for (int width : {1024, 1280, 1920}) {
    Desk desk(lesson("the-log"), width, 1080);
    desk.type(U'g');
    const auto place = [&] { return desk.gallery().cards[desk.gallery().chosen]; };
    const Rect top = place();
    desk.press(KeyName::down);
    CHECK(place().x == doctest::Approx(top.x));
    CHECK(place().y > top.y + 20);
    desk.press(KeyName::up);
    CHECK(place().y == doctest::Approx(top.y));
  }
}

TEST_CASE("the gallery opens another lesson by a click") {
  Desk desk(lesson("leader-failover"));
  desk.click("Lessons");
  CHECK(desk.app().is_on<GalleryScreen>());
  desk.click("1");
  CHECK(desk.session().scenario().title == cards()[0].title);
  CHECK(desk.app().shows_lesson());
  CHECK(desk.session().told() <= 1);
}

TEST_CASE("projector, light, panel, tabs, hidden traffic, black and help are toggles") {
  Desk desk(lesson("leader-failover"));
  desk.press(KeyName::f9);
  CHECK(desk.room().projector);
  CHECK_FALSE(desk.shows("Run until"));
  desk.press(KeyName::f9);
  CHECK_FALSE(desk.room().projector);
  desk.type(U't');
  CHECK(desk.room().light);
  CHECK(desk.find("Dark"));
  desk.click("Dark");
  CHECK_FALSE(desk.room().light);
  desk.type(U'i');
  CHECK_FALSE(desk.shows("Terminal"));
  desk.type(U'i', true);
  CHECK(desk.find("elections"));
  desk.click("Terminal");
  CHECK(desk.shows("$ kafka-topics --describe"));
  desk.type(U'i', true);
  CHECK(desk.panels().tab == Tab::why);
  desk.type(U'i', true);
  CHECK(desk.panels().tab == Tab::inspector);
  desk.type(U'i', true);
  CHECK(desk.panels().tab == Tab::lesson);
  desk.type(U'h');
  CHECK(desk.figure().hidden_traffic);
  desk.type(U'.');
  CHECK(desk.app().texts().empty());
  desk.type(U'.');
  CHECK_FALSE(desk.app().texts().empty());
  desk.type(U'?');
  CHECK(desk.shows("next caption, question or moment"));
  desk.type(U'?');
  CHECK(desk.app().is_on<SignsScreen>());
  desk.type(U'?');
  CHECK(desk.app().shows_lesson());
}

TEST_CASE("escape closes what is open, and q quits") {
  Desk desk(lesson("leader-failover"));
  for (char32_t opens : {U'g', U'?', U'.'}) {
    desk.type(opens);
    CHECK(!desk.app().shows_lesson());
    desk.press(KeyName::escape);
    CHECK(desk.app().shows_lesson());
  }
  CHECK(desk.look());
  desk.type(U'q');
  CHECK_FALSE(desk.look());
}

TEST_CASE("time stands still behind an overlay") {
  Desk desk(lesson("leader-failover"));
  desk.type(U' ');
  desk.type(U'g');
  const Time before = desk.session().view_time();
  for (int i = 0; i < 5; ++i) desk.look(100 * kMillisecond);
  CHECK(desk.session().view_time() == before);
  desk.press(KeyName::escape);
  desk.look(100 * kMillisecond);
  CHECK(desk.session().view_time() > before);
}

TEST_CASE("the help lists every key once, and every key it lists does something") {
  Desk desk(lesson("leader-failover"), 1280, 720);
  desk.type(U'?');
  std::vector<std::string> labels;
  for (const Binding& each : bindings()) {
    if (each.keys.empty()) continue;
    CHECK_MESSAGE(desk.find(each.label), std::string(each.label));
    CHECK_MESSAGE(std::count(labels.begin(), labels.end(), std::string(each.label)) == 0, std::string(each.label));
    labels.emplace_back(each.label);
  }
  for (const Binding& each : bindings()) {
    const bool asking = each.command.name == CommandName::answer;
    const std::optional<Command> command = command_of({each.key, each.character, each.shift, each.control}, asking);
    REQUIRE(command);
    CHECK_MESSAGE((command->name == each.command.name && command->value == each.command.value), std::string(each.label));
  }
}

TEST_CASE("a click on an event goes to the moment after it") {
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(25 * kSecond);
  desk.type(U'i', true);
  const std::string sentence = "Broker 1 is killed.";
  desk.session().go_to_time(13 * kSecond);
  desk.look();
  REQUIRE(desk.shows(sentence));
  const TextBox* row = nullptr;
  for (const TextBox& each : desk.app().texts()) {
    if (each.text == sentence && each.box.x > 900) row = &each;
  }
  REQUIRE(row);
  desk.click(row->box.center());
  CHECK(desk.session().view_time() == 12 * kSecond);
}

TEST_CASE("what the mouse points at on the stage is selected by a click, and let go by Esc") {
  Desk desk(small_failover());
  desk.look();
  const auto spot_of = [&](PlaceKind kind) {
    for (const Spot& each : desk.figure().spots) {
      if (each.place.kind == kind) return each;
    }
    return Spot{};
  };
  const Spot row = spot_of(PlaceKind::replica), card = spot_of(PlaceKind::broker);
  REQUIRE(row.place);
  REQUIRE(card.place);
  // A row lies upon its broker's card: the row is meant.
  desk.click(Point{row.rect.x + 4, row.rect.center().y});
  CHECK(desk.figure().selected == row.place);
  desk.click(Point{card.rect.x + 3, card.rect.y + 3});
  CHECK(desk.figure().selected == card.place);
  desk.press(KeyName::escape);
  CHECK_FALSE(desk.figure().selected);
}
