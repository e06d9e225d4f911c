// The presenter's window: what only the lecturer sees, keys and mouse that act on the audience's, and the clock.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "sim/session/about.h"
#include "tests/viz/hall.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

const std::string kFigure = R"({"one.png": {"scenario": "five-consumers", "beat": 2, "plays": true, "until": "11s"}})";
const std::string kOneFigure = "# Before\n\n---\n\n# Five\n\n![inline fit](one.png)\n\n^ for the lecturer alone\n\n---\n\n# After\n";

}  // namespace

TEST_CASE("the presenter's window has the notes, the next slide and what the next key does; the audience's never has") {
  // Every paragraph of the notes begins with a word that stands nowhere else.
  std::string text = contents(deck_file("kafka-in-a-nutshell"));
  int notes = 0;
  for (std::size_t at = text.find("\n^ "); at != std::string::npos; at = text.find("\n^ ", at + 1), ++notes)
    if (!text.substr(at + 3).starts_with("**Plan")) text.insert(at + 3, "Zebra ");
  REQUIRE(notes > 150);
  std::string figures = deck_file("kafka-in-a-nutshell");
  figures = contents(figures.substr(0, figures.size() - 3) + ".figures.json");
  Hall hall(write_deck("zebra", text, figures));
  hall.open_presenter();
  for (int presses = 0; presses < 400; ++presses) {
    CHECK_FALSE(hall.shows("Zebra"));
    hall.look();
    CHECK(hall.presenter_shows("Zebra"));
    CHECK(hall.presenter_shows("slide " + std::to_string(hall.talk().slide() + 1) + " of 78"));
    if (hall.talk().steps_ahead(1).front().kind == NextStep::Kind::end) break;
    hall.press_in_presenters(KeyName::page_down);
  }
  CHECK(hall.talk().slide() == 77);
  hall.press(KeyName::home, true);
  CHECK(hall.talk().slide() == hall.talk().sections()[hall.talk().section()].first);
  // The answer stands where only one sees it.
  hall.type("5 consumers");
  hall.press(KeyName::enter);
  REQUIRE(hall.session().asking());
  hall.look();
  CHECK(hall.presenter_shows("Only you see the answer"));
  CHECK(hall.presenter_shows("shows the answer"));
}

TEST_CASE("in the presenter's window the mouse acts on the figure that the audience sees: a broker is killed from there") {
  Hall hall(write_deck("far", kOneFigure, R"({"one.png": {"scenario": "leader-failover", "at": "8s"}})"));
  hall.press(KeyName::right);
  hall.open_presenter();
  const auto broker = [&] {
    for (const Spot& each : hall.app().figure().spots) {
      if (each.place == place_named(hall.session().world(), "broker 1")) return Point{each.rect.x + 12, each.rect.y + 12};
    }
    FAIL("broker 1 is not on the stage");
    return Point{};
  };
  hall.click_in_presenters(broker());
  REQUIRE(hall.talk().in_hand());
  CHECK(hall.session().branches().size() == 1);
  hall.click_in_presenters(broker());
  CHECK(hall.app().figure().selected == place_named(hall.session().world(), "broker 1"));
  hall.type_in_presenters("c");
  CHECK(hall.session().branches().size() == 2);
  CHECK(hall.talk().figure()->touched);
  hall.press_in_presenters(KeyName::escape);
  CHECK_FALSE(hall.talk().in_hand());
  // The pen draws there as well.
  hall.press_in_presenters(KeyName::f3);
  hall.click_in_presenters({200, 200});
  CHECK(hall.podium().strokes.size() == 1);
}

TEST_CASE("spotlight and magnifier: a short press takes them, a long one only as long as it lasts") {
  Hall hall(write_deck("held", kOneFigure, kFigure));
  const auto hold = [&](KeyName key, Duration wall) {
    hall.hold(key, wall);
    return hall.podium().pointer;
  };
  CHECK(hold(KeyName::f2, 100 * kMillisecond) == Pointer::spotlight);
  CHECK(hold(KeyName::f2, 100 * kMillisecond) == Pointer::none);
  CHECK(hold(KeyName::f4, 800 * kMillisecond) == Pointer::none);
  CHECK(hold(KeyName::f2, 100 * kMillisecond) == Pointer::spotlight);
  CHECK(hold(KeyName::f4, 100 * kMillisecond) == Pointer::magnifier);
  CHECK(hold(KeyName::f2, 2 * kSecond) == Pointer::none);
}

TEST_CASE("the clock runs from the first key on, against the plan of the section") {
  Hall hall(deck_file("kafka-in-a-nutshell"));
  hall.open_presenter();
  hall.look(kSecond);
  CHECK(hall.talk().elapsed() == 0);
  hall.press(KeyName::right);
  for (int i = 0; i < 600; ++i) hall.look(kSecond);
  CHECK(hall.talk().elapsed() == 600 * kSecond);
  CHECK(hall.talk().spent_in(0) == 600 * kSecond);
  REQUIRE(hall.talk().behind().has_value());
  // Two minutes are planned for three slides, of which this is the second.
  CHECK(*hall.talk().behind() == 600 * kSecond - 80 * kSecond);
  hall.look();
  CHECK(hall.presenter_shows("8:40 behind the plan"));
}
