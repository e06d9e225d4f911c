// Talks as the audience sees them: every slide of both decks, by one key, in all rooms; a figure in somebody's hand; what lies
// over the slides.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "sim/core/text.h"
#include "sim/session/empty.h"
#include "tests/viz/desk.h"
#include "tests/viz/display.h"
#include "tests/viz/hall.h"
#include "viz/app/lessons.h"
#include "viz/app/talks.h"
#include "viz/window/desktop.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

bool stands_in(const Rect& inner, const Rect& outer) {
  constexpr float kSlack = 1.5F;
  return inner.x >= outer.x - kSlack && inner.right() <= outer.right() + kSlack && inner.y >= outer.y - kSlack &&
         inner.bottom() <= outer.bottom() + kSlack;
}
bool overlaps(const Rect& a, const Rect& b) {
  const float wide = std::min(a.right(), b.right()) - std::max(a.x, b.x), high = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
  return wide > 1 && high > 1;
}

// What is wrong with the words of a frame, around figures: those on the stage are held to account in every lesson.
void look_at(Hall& hall, std::set<std::string>& findings) {
  const Rect window = hall.app().window(), stage = hall.app().stage();
  std::vector<TextBox> around;
  for (const TextBox& each : hall.app().texts()) {
    if (!stands_in(each.box, window)) findings.insert("'" + each.text + "' leaves the window");
    const bool on_stage = !stage.empty() && stands_in(each.box, stage);
    if (on_stage) continue;
    if (!stands_in(each.box, each.home)) findings.insert("'" + each.text + "' leaves its box");
    around.push_back(each);
  }
  for (std::size_t i = 0; i < around.size(); ++i) {
    for (std::size_t j = i + 1; j < around.size(); ++j) {
      if (overlaps(around[i].box, around[j].box)) findings.insert("'" + around[i].text + "' lies on '" + around[j].text + "'");
    }
    if (!stage.empty() && overlaps(around[i].box, stage) && !stands_in(around[i].box, stage))
      findings.insert("'" + around[i].text + "' lies on the stage");
  }
}

// All words of the slide that are built stand there.
void look_for_words(Hall& hall, std::set<std::string>& findings) {
  const Rect window = hall.app().window();
  const LaidSlide& laid = hall.podium().show.laid(hall.talk().slide(), window.w, window.h, hall.app().room().light);
  for (const LaidText& each : laid.texts) {
    const auto is_it = [&](const auto& text) { return text.text == each.text; };
    const auto is_built = [&](const LaidText& text) { return is_it(text) && text.build <= hall.talk().build(); };
    const auto shown = std::count_if(hall.app().texts().begin(), hall.app().texts().end(), is_it);
    const auto wanted = std::count_if(laid.texts.begin(), laid.texts.end(), is_built);
    if (shown < wanted) findings.insert("'" + each.text + "' is not there");
    if (wanted == 0 && laid.images.empty() && shown > 0) findings.insert("'" + each.text + "' is there too early");
  }
  for (const LaidImage& each : laid.images) {
    LivingFigure* const figure = hall.talk().figure_of(hall.talk().slide(), each.which);
    if (figure && figure->entry->wires) {
      const Wires wires = wires_shown(*figure->entry, figure->ended);
      const std::string outage = hall.talk().captions().say(outage_of(wires).words);
      if (!hall.shows(sum_of(wires)) || hall.shows(outage) != (wires.down > 0)) findings.insert("wires are not counted");
      continue;
    }
    if (each.living && (!figure || !figure->lives())) findings.insert("a figure does not live");
    // The logs from near have no stage.
    const bool drawn = !hall.app().stage().empty() || hall.shows(hall.talk().captions().draw("kept where"));
    if (each.living && !drawn) findings.insert("no stage is drawn");
  }
}

// Presses the one key to the end, and looks each time from every room, in the light and in the dark; returns how often.
int give(Hall& hall, std::vector<std::unique_ptr<Hall>>& rooms, std::set<std::string>& findings) {
  const std::size_t count = hall.talk().deck().slides.size();
  std::vector<bool> seen(count);
  const auto look_from = [&](Hall& room) {
    room.look();
    for (const bool light : {true, false}) {
      room.app().room().light = light;
      room.look();
      std::set<std::string> found;
      look_at(room, found);
      look_for_words(room, found);
      const Rect window = room.app().window();
      const std::string where = std::to_string(hall.talk().slide() + 1) + " in " + std::to_string(window.w) + " x " +
                                std::to_string(window.h) + (light ? " light" : " dark") +
                                (room.app().room().projector ? " projector: " : ": ");
      for (const std::string& each : found) findings.insert(where + each);
    }
  };
  int presses = 0;
  for (; presses < 2000; ++presses) {
    seen[hall.talk().slide()] = true;
    look_from(hall);
    for (const auto& each : rooms) look_from(*each);
    if (hall.talk().steps_ahead(1).front().kind == NextStep::Kind::end) break;
    hall.press(KeyName::right);
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!seen[i]) findings.insert(std::to_string(i + 1) + " was never shown");
  }
  return presses;
}

std::string joined(const std::set<std::string>& findings) {
  std::string all;
  for (const std::string& each : findings) all += each + "\n";
  return all;
}

const std::string kFigure = R"({"one.png": {"scenario": "five-consumers", "beat": 2, "plays": true, "until": "11s"}})";
const std::string kOneFigure = "# Before\n\n---\n\n# Five\n\n![inline fit](one.png)\n\n^ for the lecturer alone\n\n---\n\n# After\n";

}  // namespace

TEST_CASE("one key gives both talks, in every room: each slide with all its words and living figures, none over another") {
  for (const char* deck : {"kafka-in-a-nutshell", "kafka-in-a-nutshell.de"}) {
    // The same talk in all of them, so that its figures run once.
    Hall hall(deck_file(deck), 1920, 1080);
    std::vector<std::unique_ptr<Hall>> rooms;
    for (const auto& [width, height] : {std::pair{1920, 1080}, std::pair{1280, 720}, std::pair{1024, 768}}) {
      for (const bool projector : {true, false}) {
        if (width < 1920 || !projector) rooms.push_back(std::make_unique<Hall>(hall, width, height, projector));
      }
    }
    std::set<std::string> findings;
    const int presses = give(hall, rooms, findings);
    INFO(deck);
    CHECK(joined(findings) == "");
    // Each slide, 8 lines of lists, and what figures say and ask.
    CHECK(presses > static_cast<int>(hall.talk().deck().slides.size()) + 7);
    CHECK(presses < 400);
  }
}

TEST_CASE("the one key takes a reader of the wires down before the next slide, and back leads the same way") {
  Hall hall(write_deck("wires", "# Wires\n\n![inline fit](w.png)\n\n---\n\n# After\n",
                       R"({"w.png": {"wires": {"senders": 4, "receivers": 3, "down": "b"}, "plays": true}})"));
  CHECK(hall.problems().empty());
  CHECK(hall.talk().figure() == nullptr);  // no session, and nothing to take in hand
  hall.look();
  CHECK(hall.shows("4 \u00d7 3 = 12"));
  CHECK_FALSE(hall.shows("4 senders block,"));
  CHECK(hall.talk().steps_ahead(1).front().what == "b goes down: what waits?");
  hall.press(KeyName::page_down);
  hall.look();
  CHECK(hall.talk().slide() == 0);
  CHECK(hall.shows("4 senders block,"));
  CHECK(hall.talk().steps_ahead(1).front().kind == NextStep::Kind::slide);
  hall.press(KeyName::page_up);
  hall.look();
  CHECK_FALSE(hall.shows("4 senders block,"));
  hall.press(KeyName::page_down);
  hall.press(KeyName::page_down);
  CHECK(hall.talk().slide() == 1);
}

TEST_CASE("the one key brings the answer of a figure before the next slide, and back leads the same way") {
  Hall hall(write_deck("one-figure", kOneFigure, kFigure));
  CHECK(hall.talk().figure() == nullptr);
  hall.press(KeyName::page_down);
  CHECK(hall.talk().slide() == 1);
  CHECK(hall.session().asking());
  CHECK(hall.talk().steps_ahead(1).front().kind == NextStep::Kind::answer);
  hall.press(KeyName::page_down);
  CHECK_FALSE(hall.session().asking());
  CHECK(hall.session().playing());
  CHECK(hall.talk().slide() == 1);
  hall.wait();
  CHECK(hall.session().view_time() == 11 * kSecond);
  CHECK_FALSE(hall.session().playing());
  hall.press(KeyName::page_down);
  CHECK(hall.talk().slide() == 2);
  hall.press(KeyName::page_up);
  CHECK(hall.talk().slide() == 1);
  // It came up again: it asks again.
  CHECK(hall.session().asking());
  hall.press(KeyName::page_up);
  CHECK(hall.talk().slide() == 0);
}

TEST_CASE("letters answer a question that stands, and jump otherwise") {
  Hall hall(write_deck("letters", kOneFigure, kFigure));
  hall.press(KeyName::right);
  hall.type("b");
  CHECK_FALSE(hall.session().asking());
  CHECK(hall.session().given(hall.session().told() - 1) == std::size_t{1});
  CHECK(hall.podium().overlay == Overlay::none);
  hall.type("aft");
  CHECK(hall.podium().overlay == Overlay::jump);
  CHECK(hall.shows("aft|"));
  hall.press(KeyName::enter);
  CHECK(hall.talk().slide() == 2);
  hall.type("2");
  hall.press(KeyName::enter);
  CHECK(hall.talk().slide() == 1);
  // Enter with a question open shows the answer; after it, the figure is taken in hand.
  hall.press(KeyName::enter);
  CHECK_FALSE(hall.session().asking());
  CHECK_FALSE(hall.talk().in_hand());
  hall.press(KeyName::enter);
  CHECK(hall.talk().in_hand());
}

TEST_CASE("a figure that was touched, left and met again is as it was; fresh, it is the same to the bit") {
  Hall hall(write_deck("touched", kOneFigure, R"({"one.png": {"scenario": "leader-failover", "at": "8s", "select": "broker 1"}})"));
  hall.press(KeyName::right);
  const std::uint64_t first = hall.session().timeline().digest();
  const Rect stage = hall.app().stage();
  hall.press(KeyName::enter);
  REQUIRE(hall.talk().in_hand());
  CHECK(hall.shows("in your hand"));
  CHECK(hall.app().stage().y == stage.y);  // taking it in hand moves nothing
  CHECK(hall.app().stage().h == stage.h);
  CHECK_FALSE(hall.talk().figure()->touched);
  hall.type("c");
  CHECK(hall.session().branches().size() == 2);
  CHECK(hall.talk().figure()->touched);
  const std::uint64_t touched = hall.session().timeline().digest();
  CHECK(touched != first);
  hall.press(KeyName::escape);
  CHECK_FALSE(hall.talk().in_hand());
  CHECK(hall.shows("changed"));
  hall.press(KeyName::right);
  CHECK(hall.talk().slide() == 2);
  hall.press(KeyName::left);
  CHECK(hall.session().timeline().digest() == touched);
  CHECK(hall.shows("as it was: 1 deed"));
  hall.press(KeyName::home);
  CHECK(hall.session().timeline().digest() == first);
  CHECK(hall.session().branches().size() == 1);
  CHECK(hall.shows("alive"));
  hall.press(KeyName::left);
  hall.press(KeyName::right);
  CHECK(hall.session().timeline().digest() == first);
}

TEST_CASE("in somebody's hand the tools of the stage work, and a remote's keys are still the slide's") {
  Hall hall(write_deck("tools", kOneFigure, R"({"one.png": {"scenario": "leader-failover", "at": "8s", "select": "broker 1"}})"));
  hall.press(KeyName::right);
  hall.press(KeyName::enter);
  hall.type("m");
  CHECK(hall.app().figure().menu.open);
  hall.press(KeyName::escape);
  CHECK_FALSE(hall.app().figure().menu.open);
  CHECK(hall.talk().in_hand());
  const Time before = hall.session().view_time();
  hall.type(" ");
  hall.look(100 * kMillisecond);
  hall.look(100 * kMillisecond);
  CHECK(hall.session().view_time() > before);
  // What would lead away from the talk does nothing.
  hall.type("g");
  hall.type("q");
  CHECK(hall.look());
  CHECK(hall.app().is_on<DeckScreen>());
  hall.type(".");
  CHECK(hall.podium().overlay == Overlay::black);
  hall.type(".");
  CHECK(hall.podium().overlay == Overlay::none);
  hall.press(KeyName::page_down);
  CHECK(hall.talk().slide() == 2);
  CHECK_FALSE(hall.talk().in_hand());
}

TEST_CASE("over the slide: black, overview, spotlight, magnifier, and a pen that the next slide wipes") {
  Hall hall(write_deck("over", kOneFigure, kFigure));
  hall.type(".");
  CHECK_FALSE(hall.shows("Before"));
  hall.press(KeyName::right);  // wakes, and no more
  CHECK(hall.talk().slide() == 0);
  CHECK(hall.shows("Before"));
  hall.press(KeyName::escape);
  CHECK(hall.podium().overlay == Overlay::overview);
  CHECK(hall.shows("1  here"));
  hall.press(KeyName::right);
  hall.press(KeyName::right);
  hall.press(KeyName::enter);
  CHECK(hall.talk().slide() == 2);
  hall.press(KeyName::escape);
  hall.press(KeyName::f5);
  CHECK(hall.podium().overlay == Overlay::none);
  CHECK(hall.talk().slide() == 2);
  hall.press(KeyName::f2);
  CHECK(hall.podium().pointer == Pointer::spotlight);
  hall.podium().mouse = FarMouse{0.5F, 0.5F};
  hall.look();
  hall.press(KeyName::f4);
  CHECK(hall.podium().pointer == Pointer::magnifier);
  hall.look();
  hall.press(KeyName::f3);
  CHECK(hall.podium().pointer == Pointer::pen);
  hall.podium().strokes = {{{0.1F, 0.1F}, {0.4F, 0.4F}}};
  hall.look();
  hall.press(KeyName::left);
  hall.look();
  CHECK(hall.podium().strokes.empty());
  hall.press(KeyName::escape);
  CHECK(hall.podium().pointer == Pointer::none);
  CHECK(hall.podium().overlay == Overlay::none);
}

TEST_CASE("a talk that was broken off goes on where it stood, with its clock; what was rehearsed is kept") {
  TalkRecord record;
  {
    Hall hall(write_deck("record", "# A\n\n^ **Plan: 1 min**\n\n---\n\n[.build-lists: true]\n\n# B\n\n- one\n- two\n\n---\n\n# C\n"));
    hall.press(KeyName::right);
    hall.press(KeyName::right);
    hall.look(90 * kSecond);
    record = hall.talk().record();
  }
  const TalkRecord read = record_of(text_of(record), 3);
  CHECK(read == record);
  Hall anew(write_deck("record", "# A\n\n^ **Plan: 1 min**\n\n---\n\n[.build-lists: true]\n\n# B\n\n- one\n- two\n\n---\n\n# C\n"));
  CHECK(anew.talk().resume(read));
  CHECK(anew.talk().slide() == 1);
  CHECK(anew.talk().build() == 1);
  CHECK(anew.talk().elapsed() == 90 * kSecond);
  TalkRecord ended = read;
  ended.ended = true;
  Hall third(write_deck("record", "# A\n\n^ **Plan: 1 min**\n\n---\n\n# B\n\n---\n\n# C\n"));
  CHECK_FALSE(third.talk().resume(ended));
  CHECK(third.talk().slide() == 0);
  CHECK(third.talk().rehearsed_in(0) == 90 * kSecond);
  third.press(KeyName::right);
  third.talk().begin_anew();
  CHECK(third.talk().elapsed() == 0);
  // Rubbish is no record.
  const TalkRecord rubbish = record_of("slide 99\nbuild -4\nelapsed x\nspent 7 1\nspent 1 -5\n\xff\xfe\n", 3);
  CHECK(rubbish.slide == 0);
  CHECK(rubbish.elapsed == 0);
}

TEST_CASE("what is typed finds numbers first, then titles as they begin, then words in them") {
  Hall hall(write_deck("find", "# Two groups\n\n---\n\n# The **groups** of 2\n\n---\n\n# Regroups\n\n---\n\n# 2 logs\n"));
  CHECK(hall.talk().find("2") == std::vector<std::size_t>{1, 3});
  CHECK(hall.talk().find("groups") == std::vector<std::size_t>{0, 1, 2});
  CHECK(hall.talk().find("the groups OF") == std::vector<std::size_t>{1});
  CHECK(hall.talk().find("...").empty());
  CHECK(hall.talk().find("99999").empty());
}

TEST_CASE("a lesson is played as slides: its title, then its captions and questions, a press each") {
  OpenedTalk opened = lesson_as_talk(NUTSHELL_SOURCE_DIR "/scenarios/13-leader-failover.json");
  REQUIRE(opened.talk.has_value());
  Talk& talk = *opened.talk;
  REQUIRE(talk.deck().slides.size() == 2);
  talk.next();
  REQUIRE(talk.figure());
  const std::size_t beats = talk.figure()->session().beats().size();
  int presses = 0;
  for (; presses < 200 && talk.steps_ahead(1).front().kind != NextStep::Kind::end; ++presses) {
    talk.next();
    for (int i = 0; i < 100 && talk.figure()->session().gliding(); ++i) talk.pass(250 * kMillisecond);
  }
  CHECK(talk.figure()->session().told() == beats);
  CHECK(presses >= static_cast<int>(beats) - 1);
}

TEST_CASE("on a display two windows stand: keys in either move both, and the audience's goes on alone") {
  if (!is_installed("Xvfb")) {
    MESSAGE("Xvfb is not installed: no window has been opened");
    return;
  }
  const Display display("2400x1200");
  std::string error;
  const std::unique_ptr<Desktop> desktop = Desktop::open(error);
  REQUIRE_MESSAGE(desktop, error);
  Window* const audience = desktop->open_window("audience", 1280, 720, error);
  Window* const own = desktop->open_window("presenter", 1000, 600, error);
  REQUIRE_MESSAGE((audience && own), error);
  OpenedTalk opened =
      open_talk(write_deck("two-windows", "[.background-color: #204060]\n\n# One\n\n^ a note\n\n---\n\n# Two\n\n---\n\n# Three\n"));
  REQUIRE(opened.talk);
  const auto podium = std::make_shared<Podium>(std::move(*opened.talk), *audience);
  App app(*audience, {}, read_lesson);
  app.open(empty_scenario());
  app.present(podium);
  app.room().light = true;
  REQUIRE(app.prepare().empty());
  auto presenter = std::make_unique<Presenter>(*own, *audience, podium);
  REQUIRE(presenter->prepare().empty());
  const auto look = [&] {
    presenter->frame(0);
    CHECK(app.frame(0));
    presenter->frame(0);
  };
  look();
  CHECK(audience->copy() != 0);
  CHECK(Hall::has(presenter->texts(), "a note"));
  CHECK_FALSE(Hall::has(app.texts(), "a note"));
  own->press({KeyName::page_down, 0, false, false});
  look();
  CHECK(podium->talk.slide() == 1);
  CHECK(Hall::has(app.texts(), "Two"));
  CHECK(Hall::has(presenter->texts(), "slide 2 of 3"));
  audience->press({KeyName::page_down, 0, false, false});
  look();
  CHECK(Hall::has(presenter->texts(), "slide 3 of 3"));
  presenter.reset();
  desktop->close(*own);
  audience->press({KeyName::page_up, 0, false, false});
  CHECK(app.frame(0));
  CHECK(podium->talk.slide() == 1);
}

TEST_CASE("talks stand among the lessons: one is given from there, a lesson is played as slides, and Ctrl Q leads back") {
  const std::vector<std::string> files = lesson_files();
  std::vector<LessonCard> all = cards();
  const std::size_t lessons = all.size();
  for (LessonCard& each : talk_cards(files)) all.push_back(std::move(each));
  REQUIRE(all.size() == lessons + 2);
  CHECK(all[lessons].title == "Kafka in a nutshell");
  CHECK(all[lessons + 1].title.ends_with(", in German"));
  CHECK(all[lessons].minutes == 63);
  const std::unique_ptr<Window> window = open_null_window(1920, 1080);
  App app(*window, all, read_lesson);
  app.open(lesson("the-log"));
  REQUIRE(app.prepare().empty());
  const std::shared_ptr<Session> before = app.shared_session();
  const auto is_as_before = [&] { return app.shared_session() == before; };
  app.obey({CommandName::gallery, 0, {}});
  app.frame(0);
  CHECK(Hall::has(app.texts(), "Talks"));
  CHECK(Hall::has(app.texts(), "as slides"));
  const auto press = [&](KeyPress key) {
    window->press(key);
    for (int i = 0; i < 3; ++i) CHECK(app.frame(0));
  };
  app.gallery().chosen = lessons;
  press({KeyName::enter, 0, false, false});
  REQUIRE(app.is_on<DeckScreen>());
  CHECK_FALSE(is_as_before());
  press({KeyName::page_down, 0, false, false});
  CHECK(Hall::has(app.texts(), "Do not believe"));
  press({KeyName::character, U'q', false, true});
  CHECK(app.is_on<GalleryScreen>());
  CHECK(is_as_before());
  app.gallery().chosen = 0;
  press({KeyName::character, U'p', false, false});
  REQUIRE(app.is_on<DeckScreen>());
  CHECK(Hall::has(app.texts(), all[0].title));
}
