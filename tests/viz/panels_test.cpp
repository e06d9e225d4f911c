// Lamps, terminal, the menu "run until", sections, edges that are dragged, and settings.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "sim/core/text.h"
#include "tests/command/program.h"
#include "tests/viz/desk.h"
#include "viz/app/settings.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

std::string clock_text(Desk& desk) { return format_time(desk.session().view_time()); }

// Everything that can be read in the panel when it is scrolled from its top to its end.
std::string read_panel(Desk& desk) {
  const Point at{desk.app().stage().right() + 60, 400};
  std::string all;
  for (int i = 0; i < 40; ++i) {
    desk.look();
    for (const TextBox& each : desk.app().texts()) {
      if (each.box.x > desk.app().stage().right()) all += each.text + " ";
    }
    desk.turn_wheel(at, -1);
  }
  return all;
}

void click_in_panel(Desk& desk, std::string_view text) {
  for (const TextBox& each : desk.app().texts()) {
    if (each.text != text || each.box.x < desk.app().stage().right() || each.box.y > desk.app().stage().bottom()) continue;
    desk.click(each.box.center());
    desk.look();
    return;
  }
  FAIL("the panel does not read '", std::string(text), "'");
}

std::string whole_file(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("every promise has its lamp, and a broken one says why and leads to its moment") {
  Desk desk(lesson("unclean-election"));
  desk.session().go_to_beat(desk.session().beats().size() - 1);
  desk.press(KeyName::end);
  desk.panels().tab = Tab::promises;
  desk.look();
  const Judge& judge = desk.session().timeline().judge();
  REQUIRE_FALSE(judge.breaches().empty());
  const Breach breach = judge.breaches().front();
  const std::string title(promises()[static_cast<std::size_t>(breach.promise)].title);
  CHECK(desk.shows("Broken"));
  CHECK(desk.shows(title));
  const std::string words = read_panel(desk);
  CHECK(words.find(breach.why.substr(0, 20)) != std::string::npos);
  for (const Promise& each : promises()) {
    // Long titles take two lines: their first word stands there in any case.
    CHECK_MESSAGE(words.find(std::string(each.title.substr(0, 12))) != std::string::npos, std::string(each.title));
  }
  desk.panels().promises.scrolled = 0;
  desk.look();
  const TextBox* lamp = nullptr;
  for (const TextBox& each : desk.app().texts()) {
    if (!lamp && title.find(each.text) == 0 && each.box.x > desk.app().stage().right()) lamp = &each;
  }
  REQUIRE(lamp);
  desk.click(lamp->box.center());
  CHECK(desk.session().view_time() == breach.at);
}

TEST_CASE("the terminal offers each tool, and wide tables stand in groups of columns with every cell") {
  Desk desk(lesson("two-consumers"), 1024, 768);
  desk.session().go_to_time(30 * kSecond);
  desk.panels().tab = Tab::terminal;
  desk.look();
  CHECK(desk.shows("$ kafka-topics --describe"));
  click_in_panel(desk, "groups");
  CHECK(desk.shows("$ kafka-consumer-groups --describe --all-groups"));
  const std::string words = read_panel(desk);
  for (const char* column : {"CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID"})
    CHECK_MESSAGE(words.find(column) != std::string::npos, column);
  CHECK(words.find("/c1") != std::string::npos);
  click_in_panel(desk, "members");
  CHECK(desk.shows("--members --verbose"));
  click_in_panel(desk, "state");
  CHECK(read_panel(desk).find("STATE") != std::string::npos);
  click_in_panel(desk, "quorum");
  CHECK(desk.shows("$ kafka-metadata-quorum describe --status"));
  CHECK(desk.shows("LeaderId:               3001"));
  CHECK(desk.shows("--replication"));
  click_in_panel(desk, "logs");
  CHECK(desk.shows("kafka-log-dirs and kafka-dump-log"));
}

TEST_CASE("J runs until a time that is typed, as the command line writes it") {
  Desk desk(lesson("leader-failover"));
  // The question at 12 s is answered, or the way would end there.
  desk.session().obey({CommandName::next, 0});
  desk.session().obey({CommandName::next, 0});
  desk.session().obey({CommandName::reveal, 0});
  desk.session().go_to_time(8 * kSecond);
  desk.look();
  desk.type("j12.5s");
  desk.press(KeyName::enter);
  CHECK(clock_text(desk) == "12.500s");
  desk.look();
  CHECK(desk.shows("Skipped 4.5s"));
  desk.type("j+500ms");
  desk.press(KeyName::enter);
  CHECK(clock_text(desk) == "13.000s");
  desk.type(U'j');
  desk.type("l");
  CHECK(desk.session().view_time() > 20 * kSecond);
}

TEST_CASE("a time that makes no sense is refused in one sentence, and Esc closes the menu") {
  Desk desk(lesson("leader-failover"));
  desk.type("j12");
  desk.press(KeyName::enter);
  desk.look();
  CHECK(desk.shows("'12' is no time"));
  CHECK(clock_text(desk) == "8.000s");
  desk.type("h");
  desk.press(KeyName::enter);
  desk.look();
  CHECK(desk.shows("The run ends at 50.000s."));
  desk.press(KeyName::escape);
  CHECK(desk.hands().typing == Typing::none);
  desk.type("j1s");
  desk.press(KeyName::enter);
  desk.look();
  CHECK(desk.shows("It is 8.000s already."));
  // A click beside the menu closes it and does nothing else.
  const Place before = desk.figure().selected;
  desk.click(Point{200, 300});
  CHECK(desk.hands().typing == Typing::none);
  CHECK(desk.figure().selected == before);
}

TEST_CASE("digits go to sections, which begin after each beat that waits; Home goes back to their beginnings") {
  Desk desk(lesson("leader-failover"));
  const std::vector<StoryLine>& beats = desk.session().beats();
  // A caption and a question; two captions, of which the second waits; the rest.
  CHECK(desk.session().sections() == std::vector<std::size_t>{0, 2, 4});
  desk.type(U'3');
  CHECK(desk.session().beat() == &beats[4]);
  CHECK(desk.session().section() == 2);
  desk.press(KeyName::home);
  CHECK(desk.session().beat() == &beats[2]);
  desk.press(KeyName::right, true);
  desk.press(KeyName::home);
  CHECK(desk.session().beat() == &beats[2]);
  CHECK(desk.session().view_time() == beats[2].at);
  desk.type(U'9');
  CHECK(desk.session().beat() == &beats[2]);
  desk.type(U'1');
  CHECK(clock_text(desk) == "8.000s");
  desk.press(KeyName::home, true);
  CHECK(clock_text(desk) == "8.000s");
}

TEST_CASE("the edges of side panel and timeline can be dragged, in steps of 8, within bounds") {
  Desk desk(lesson("leader-failover"));
  const Rect before = desk.app().stage();
  const Point edge{before.right(), before.center().y};
  desk.drag({edge, {edge.x - 61, edge.y}});
  desk.look();
  CHECK(desk.app().stage().right() == 1280 - 400);
  CHECK_FALSE(desk.figure().selected);
  // The stage keeps half of the window.
  desk.drag({{880, edge.y}, {10, edge.y}});
  desk.look();
  CHECK(desk.app().stage().right() == 640);
  const Time now = desk.session().view_time();
  desk.drag({{300, 720 - 110}, {300, 720 - 157}});
  desk.look();
  CHECK(desk.app().stage().h == before.h - 50);
  CHECK(desk.session().view_time() == now);
  // Another class of window has sizes of its own.
  desk.resize(1920, 1080);
  desk.look();
  CHECK(desk.app().stage().right() == 1920 - 456);
}

TEST_CASE("F7 and F8 make all words smaller and larger, from 0.75 to 3") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  desk.press(KeyName::f8);
  CHECK(desk.room().scale == 1.125F);
  for (int i = 0; i < 5; ++i) desk.press(KeyName::f7);
  CHECK(desk.room().scale == 0.75F);
  for (int i = 0; i < 20; ++i) desk.press(KeyName::f8);
  CHECK(desk.room().scale == 3);
}

TEST_CASE("settings are written and read back; a broken file is one sentence and everything as usual") {
  const std::string path = write_file("settings.json", "");
  Settings settings;
  settings.light = true;
  settings.panel = false;
  settings.text_size = 1.25F;
  settings.window = {10, 20, 1300, 700};
  settings.panels[1] = {400, 128};
  CHECK(write_settings(path, settings).empty());
  std::string error;
  CHECK(read_settings(path, error) == settings);
  CHECK(error.empty());
  CHECK(read_settings(path + ".nowhere", error) == Settings());
  CHECK(error.empty());
  for (const char* broken : {"{", "[]", "42", ""}) {
    std::ofstream(path) << broken;
    error.clear();
    CHECK(read_settings(path, error) == Settings());
    CHECK_MESSAGE(error.find(path) != std::string::npos, broken);
  }
  // What is out of bounds or of another kind does no harm.
  std::ofstream(path) << R"({"light": "yes", "text_size": 900, "window": {"width": -5}, "panels": [1]})";
  error.clear();
  const Settings odd = read_settings(path, error);
  CHECK(error.empty());
  CHECK_FALSE(odd.light);
  CHECK(odd.text_size == 3);
  CHECK(odd.window == WindowPlace());
  CHECK(write_settings("/proc/nowhere/settings.json", settings).find("cannot be written") != std::string::npos);
  CHECK(whole_file(path).find("900") != std::string::npos);
}

TEST_CASE("a group whose coordinator has died has members, and no coordinator until another broker takes office (G1)") {
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(15 * kSecond);
  desk.look();
  CHECK(desk.shows("no coordinator"));
  CHECK_FALSE(desk.shows("nobody has joined"));
  desk.session().go_to_time(40 * kSecond);
  desk.look();
  CHECK(desk.shows("Stable"));
  CHECK_FALSE(desk.shows("no coordinator"));
}
