// One key is enough, off the script too, and one wrong key costs nothing.
#include <doctest/doctest.h>
#include <imgui.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/viz/touch.h"
#include "viz/app/lessons.h"
#include "viz/app/settings.h"
#include "viz/panels/caption.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

void ask(Session& session, CommandName name, std::int64_t value = 0) { session.obey({name, value, {}}); }

// The leader is killed by hand, three seconds before the script does it.
Session killed_early() {
  Session session(lesson("leader-failover"));
  session.know_all();
  session.go_to_time(9 * kSecond);
  REQUIRE(session.act(Crash{"broker 1"}) == "");
  session.know_all();
  return session;
}

Desk desk_at(const std::string& name, Time at) {
  Desk desk(lesson(name), 1600, 900);
  desk.session().go_to_time(at);
  desk.look();
  return desk;
}

std::optional<Scenario> reread(const LessonCard& card) {
  std::string error;
  return read_lesson(card.file, error);
}

// At the question of the lesson.
void go_to_question(Desk& desk) {
  desk.session().go_to_time(8 * kSecond);
  desk.look();
  while (has_more_pages(desk.panels().caption)) desk.press(KeyName::right);
  desk.press(KeyName::right);
  desk.ride();
  REQUIRE(desk.session().asking());
  while (has_more_pages(desk.panels().caption)) desk.press(KeyName::right);
}

// By the one key to the end of the lesson.
void see_all(Desk& desk) {
  for (int i = 0; i < 400 && !desk.session().over(); ++i) {
    desk.press(KeyName::right);
    desk.ride();
  }
  REQUIRE(desk.session().over());
  while (has_more_pages(desk.panels().caption)) desk.press(KeyName::right);
}

std::string fresh_folder(const std::string& name) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("nutshell-" + name);
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder.string();
}

}  // namespace

TEST_CASE("after an act the one key goes where Ctrl and the key go: to the next thing that happened") {
  Session one = killed_early(), other = killed_early();
  REQUIRE(one.off_script());
  for (int i = 0; i < 8; ++i) {
    ask(one, CommandName::next);
    // A caption may stand at what happens all the time, between two things worth telling.
    while (other.timeline().position() < one.timeline().position()) ask(other, CommandName::next_moment);
    const bool caption = one.beat() && one.beat()->position == one.timeline().position();
    CHECK((caption || one.timeline().position() == other.timeline().position()));
  }
  CHECK(one.view_time() > 18 * kSecond);
}

TEST_CASE("in a branch the lesson goes on speaking of what happens all the same, and of nothing else") {
  Session session = killed_early();
  std::vector<std::string> said;
  for (const StoryLine& each : session.beats()) {
    if (each.at >= 9 * kSecond) said.push_back(each.text.substr(0, 24));
    if (each.at >= 9 * kSecond) CHECK(each.kind == StoryLine::Kind::say);
    // What a text emphasises is marked in the file only.
    CHECK(each.text.find("**") == std::string::npos);
  }
  // Its question is past; that broker 1 is started at 32 s happens here, too.
  REQUIRE(said.size() == 6);
  CHECK(said[0] == "Broker 1 is gone. The sh");
  CHECK(said[1] == "Nine seconds without a h");
  CHECK(said[2] == "Broker 2 was in sync, so");
  CHECK(said[3] == "The shop has asked for t");
  CHECK(said[4] == "Broker 1 is started agai");
  CHECK(said[5] == "Broker 1 has caught up a");
  // With broker 2 gone, broker 3 takes over: what is said of broker 2 is not true here.
  Session third(lesson("leader-failover"));
  third.know_all();
  third.go_to_time(9 * kSecond);
  REQUIRE(third.act(Crash{"broker 2"}) == "");
  third.know_all();
  for (const StoryLine& each : third.beats()) CHECK(each.text.rfind("Broker 2 was in sync", 0) != 0);
}

TEST_CASE("the key back retraces the same way, takes the act back at last, and U leads to the lesson at once") {
  Session session = killed_early();
  CHECK(session.way_back() == "back to the lesson");
  CHECK(session.way_on() == "next thing that happens");
  ask(session, CommandName::next);
  ask(session, CommandName::next);
  ask(session, CommandName::next);
  REQUIRE(session.current() == 1);
  for (int i = 0; i < 12 && session.current() == 1; ++i) ask(session, CommandName::back);
  CHECK(session.current() == 0);
  CHECK(session.view_time() == 9 * kSecond);
  CHECK(session.way_back().empty());
  CHECK(session.way_on() == "next");
}

TEST_CASE("the caption bar says what was done and both ways on, and a stamp whose course it is, for the back row too") {
  Desk desk = desk_at("leader-failover", 9 * kSecond);
  for (const bool projector : {false, true}) {
    desk.room().projector = projector;
    desk.look();
    REQUIRE(desk.session().act(Crash{"broker 1"}) == "");
    desk.look();
    CHECK(desk.shows("You killed broker 1. Its clients know; the controller does not."));
    CHECK(desk.shows("back to the lesson"));
    CHECK(desk.shows("next thing that happens"));
    CHECK(desk.shows("II \u00b7 by your hand"));
    CHECK_FALSE(desk.shows(" of 8"));
    desk.type(U'u');
  }
}

TEST_CASE("where nothing worth telling is left, the one key says so and goes on with time") {
  Session session(lesson("the-log"));
  session.know_all();
  session.go_to_time(session.scenario().until - kSecond);
  REQUIRE(session.act(Crash{"broker 1"}) == "");
  session.know_all();
  for (int i = 0; i < 40 && session.notice().rfind("Nothing worth telling", 0) != 0; ++i) ask(session, CommandName::next);
  CHECK(session.notice().rfind("Nothing worth telling", 0) == 0);
  const Time before = session.view_time();
  ask(session, CommandName::next);
  CHECK(session.view_time() > before);
}

TEST_CASE("letters stay with a question until the next caption, answered or not") {
  Desk desk = desk_at("leader-failover", 8 * kSecond);
  go_to_question(desk);
  desk.press(KeyName::right);
  REQUIRE_FALSE(desk.session().asking());
  for (const char32_t letter : {U'a', U'b', U'c', U'd'}) desk.type(letter);
  CHECK(desk.session().branches().size() == 1);
  CHECK(desk.figure().hand == Tool::none);
  CHECK(desk.session().world().brokers.size() == 3);
  // From the next caption on they are tools again.
  desk.press(KeyName::right);
  desk.ride();
  desk.type(U'c');
  CHECK(desk.figure().hand == Tool::crash);
}

TEST_CASE("whoever reads on lets go of the tool in hand, so that captions are seen; and another lesson begins without one") {
  Desk desk = desk_at("leader-failover", 21 * kSecond);
  desk.session().know_all();
  desk.type(U'c');
  REQUIRE(desk.figure().hand == Tool::crash);
  desk.look();
  CHECK(desk.shows("is in your hand"));
  desk.press(KeyName::right);
  desk.ride();
  CHECK(desk.figure().hand == Tool::none);
  CHECK_FALSE(desk.shows("is in your hand"));
  // Time may pass with a tool in hand: it is used at the right moment.
  desk.type(U'c');
  desk.type(U' ');
  CHECK(desk.figure().hand == Tool::crash);
  desk.app().open(lesson("the-log"));
  CHECK(desk.figure().hand == Tool::none);
}

TEST_CASE("before an audience the blank key of a remote blanks, and adds no broker") {
  Desk desk = desk_at("leader-failover", 9 * kSecond);
  desk.press(KeyName::f9);
  desk.type(U'b');
  CHECK(desk.app().is_on<BlackScreen>());
  CHECK(desk.session().branches().size() == 1);
  desk.type(U'b');
  CHECK(desk.app().shows_lesson());
  CHECK(desk.session().branches().size() == 1);
}

TEST_CASE("a lesson ends with a card that leads to the next one, and the last to all of them") {
  Desk desk(lesson("the-log"), 1600, 900);
  see_all(desk);
  const Step end = desk.session().timeline().position();
  desk.press(KeyName::right);
  CHECK(desk.session().timeline().position() == end);
  CHECK(desk.shows("Next: 2 \u00b7 " + cards()[1].title));
  desk.press(KeyName::left);
  CHECK_FALSE(desk.hands().card.open);
  desk.press(KeyName::right);
  desk.press(KeyName::right);
  CHECK(desk.session().scenario().title == cards()[1].title);
  CHECK_FALSE(desk.hands().card.open);
  Desk last(*reread(cards().back()), 1600, 900);
  see_all(last);
  last.press(KeyName::right);
  CHECK(last.shows("That was the last lesson"));
  last.press(KeyName::right);
  CHECK(last.app().is_on<GalleryScreen>());
}

TEST_CASE("the start of a lesson opens its questions again, and so does opening it again") {
  Desk desk = desk_at("leader-failover", 8 * kSecond);
  go_to_question(desk);
  desk.type(U'a');
  REQUIRE(desk.session().given(1) == 0);
  desk.press(KeyName::home, true);
  go_to_question(desk);
  desk.type(U'a');
  desk.type(U'g');
  desk.press(KeyName::enter);
  go_to_question(desk);
}

TEST_CASE("quitting, another lesson and closing the window ask while a branch is not saved") {
  const std::string folder = fresh_folder("farewell-test");
  const auto acted = [&] {
    Desk desk = desk_at("leader-failover", 9 * kSecond);
    desk.app().errands().save_into(folder);
    REQUIRE(desk.session().act(Crash{"broker 2"}) == "");
    desk.look();
    return desk;
  };
  Desk desk = acted();
  desk.type(U'q');
  CHECK(desk.look());
  CHECK(desk.shows("A branch is not saved"));
  // Other keys do nothing meanwhile; Esc stays.
  desk.type(U'u');
  CHECK(desk.session().current() == 1);
  desk.press(KeyName::escape);
  CHECK_FALSE(desk.shows("not saved"));
  CHECK(desk.look());
  desk.type(U'g');
  desk.press(KeyName::right);
  desk.press(KeyName::enter);
  CHECK(desk.shows("A branch is not saved"));
  CHECK(desk.session().scenario().title == lesson("leader-failover").title);
  desk.press(KeyName::enter);
  CHECK(desk.session().scenario().title != lesson("leader-failover").title);
  CHECK(std::filesystem::exists(folder + "/13-leader-failover-1.json"));

  Desk quits = acted();
  quits.type(U'q');
  quits.type(U'd');
  CHECK_FALSE(quits.look());
  CHECK_FALSE(std::filesystem::exists(folder + "/13-leader-failover-2.json"));

  Desk closed = acted();
  closed.close_window();
  CHECK(closed.look());
  CHECK(closed.shows("A branch is not saved"));
  closed.close_window();
  CHECK_FALSE(closed.look());

  // What cannot be saved is not left behind either.
  Desk stuck = acted();
  stuck.app().errands().save_into(folder + "/not/there");
  stuck.type(U'q');
  stuck.press(KeyName::enter);
  CHECK(stuck.look());
  CHECK(stuck.session().notice().find("could not be saved") != std::string::npos);

  // A saved one asks nothing, and neither does what is part of one.
  Desk saved = acted();
  REQUIRE(saved.session().act(Start{"broker 2"}) == "");
  CHECK(saved.session().unsaved().size() == 1);
  saved.chord(U's');
  saved.look();
  CHECK(saved.session().unsaved().empty());
  saved.type(U'q');
  CHECK_FALSE(saved.look());
  std::filesystem::remove_all(folder);
}

TEST_CASE("a start offers to go on where the last one ended") {
  const std::string path = fresh_folder("last-test") + "/settings.json";
  Settings settings;
  {
    Desk desk = desk_at("zombie-leader", 0);
    for (int i = 0; i < 6; ++i) {
      desk.press(KeyName::right);
      desk.ride();
    }
    settings.last = desk.app().place();
    CHECK(settings.last.told == desk.session().told());
  }
  REQUIRE(settings.last.told > 1);
  REQUIRE(write_settings(path, settings).empty());
  std::string error;
  const Settings read = read_settings(path, error);
  CHECK(error.empty());
  CHECK(read.last == settings.last);
  Desk desk(lesson("the-log"));
  desk.app().offer_to_go_on(read.last);
  desk.look();
  CHECK(desk.shows("Go on where you left"));
  CHECK(desk.shows(std::to_string(read.last.told) + " of " + std::to_string(read.last.of)));
  CHECK(desk.shows(lesson("zombie-leader").corrects.substr(0, 20)));
  desk.press(KeyName::right);
  desk.look();
  desk.app().settle();
  CHECK(desk.session().scenario().title == lesson("zombie-leader").title);
  CHECK(desk.session().view_time() == settings.last.at);
  CHECK(desk.session().told() == settings.last.told);
  // Shift Home begins that lesson anew; an arrow chooses another one; Esc leaves it all, and the first lesson stands there.
  Desk start(lesson("the-log"));
  start.app().offer_to_go_on(read.last);
  start.press(KeyName::home, true);
  CHECK(start.session().scenario().title == lesson("zombie-leader").title);
  CHECK(start.session().told() <= 1);
  Desk choose(lesson("the-log"));
  choose.app().offer_to_go_on(read.last);
  const std::size_t before = choose.gallery().chosen;
  choose.look();
  choose.press(KeyName::up);
  choose.look();
  CHECK(choose.gallery().chosen != before);
  CHECK_FALSE(choose.shows("Go on where you left"));
  choose.press(KeyName::enter);
  CHECK(choose.session().told() <= 1);
  Desk anew(lesson("the-log"));
  anew.app().offer_to_go_on(read.last);
  anew.press(KeyName::escape);
  CHECK(anew.app().shows_lesson());
  CHECK(anew.session().scenario().title == lesson("the-log").title);
}

TEST_CASE("a still picture rests, and what moves does not; input wakes it") {
  Desk desk = desk_at("leader-failover", 9 * kSecond);
  // What has just happened comes to its end within 1.2 s, and a key keeps the picture awake for 200 ms.
  constexpr int kSettled = 1200 / 20 + 200 / 20;
  const auto rest = [&] {
    int frames = 0;
    for (; !desk.app().rests() && frames < 200; ++frames) desk.look(20 * kMillisecond);
    return frames;
  };
  CHECK(rest() < kSettled);
  desk.press(KeyName::right, true);
  CHECK_FALSE(desk.app().rests());
  CHECK(rest() < kSettled);
  desk.type(U' ');
  for (int i = 0; i < 100; ++i) {
    desk.look(20 * kMillisecond);
    CHECK_FALSE(desk.app().rests());
  }
  desk.type(U' ');
  CHECK(rest() < kSettled);
  // At a question, in the gallery when its pictures are made, and behind the help as well.
  go_to_question(desk);
  CHECK(rest() < kSettled);
  desk.type(U'?');
  CHECK(rest() < kSettled);
  desk.press(KeyName::escape);
  desk.type(U'g');
  desk.app().settle();
  CHECK(rest() < kSettled);
}

TEST_CASE("nothing that is held beside the lesson is offered twice") {
  Desk desk = desk_at("leader-failover", 9 * kSecond);
  REQUIRE(desk.app().show_beside("acks", "1").empty());
  desk.session().compare_with(std::nullopt);
  REQUIRE(desk.app().show_beside("acks", "1").empty());
  CHECK(desk.session().branches().size() == 2);
  desk.session().compare_with(std::nullopt);
  desk.type(U'\\');
  int times = 0;
  for (const Offer& each : desk.figure().menu.beside) times += each.label.rfind("acks=1", 0) == 0;
  CHECK(times == 1);
}

TEST_CASE("what was skipped is told, records that were written among it, and a caption tells the time once") {
  Session session(lesson("leader-failover"));
  session.know_all();
  session.go_to_time(8 * kSecond);
  ask(session, CommandName::run_until_time, 11 * kSecond);
  REQUIRE(session.landing());
  // Five a second.
  CHECK((session.landing()->what == "15 records written" || session.landing()->what == "14 records written"));
  ask(session, CommandName::next_moment);
  CHECK(session.caption().find("12.000s") == std::string::npos);
}
