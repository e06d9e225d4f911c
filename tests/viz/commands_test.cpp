// The tables: each command has somebody who obeys it, and each tab is known everywhere.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "sim/session/command_rows.h"
#include "tests/viz/desk.h"
#include "viz/panels/tabs.h"

namespace nutshell {
namespace {

using testing::Desk;
using testing::small_failover;

// With an open menu, which takes some of them.
void check_one(const CommandRow& row, bool menu) {
  CAPTURE(std::string(row.word));
  Desk desk(small_failover());
  desk.app().errands().save_into("/proc/nowhere");  // one of them saves
  if (menu) desk.app().obey({CommandName::menu, 1, place_named(desk.session().world(), "broker 1")});
  REQUIRE(desk.figure().menu.open == menu);
  desk.app().obey({row.name, 0, {}});
  CHECK(desk.look() == (row.name != CommandName::quit));
}

}  // namespace

TEST_CASE("a session obeys the commands that the table says are its own, and no others") {
  for (const CommandRow& row : kCommandRows) {
    CAPTURE(std::string(row.word));
    Session session(small_failover());
    CHECK(row_of(row.name).word == row.word);
    session.lies_ahead({row.name, 0, {}});  // whatever is known
    CHECK(session.obey({row.name, 0, {}}) == (row.taker == Taker::session));
    session.know_all();
    CHECK_FALSE(session.lies_ahead({row.name, 0, {}}));
  }
}

TEST_CASE("whatever is asked of the app is obeyed, and only quitting ends it") {
  for (const CommandRow& row : kCommandRows) {
    check_one(row, false);
    check_one(row, true);
  }
}

TEST_CASE("commands have words of their own") {
  std::set<std::string_view> words;
  for (const CommandRow& row : kCommandRows) words.insert(row.word);
  CHECK(words.size() == kCommands);
}

TEST_CASE("each tab of the side panel has a word and a number of its own, and draws something") {
  std::set<std::string_view> words;
  std::set<int> codes;
  Desk desk(small_failover());
  desk.session().go_to_time(3 * kSecond);
  std::string before;
  for (const TabRow& each : tabs()) {
    words.insert(each.word);
    codes.insert(each.code);
    CHECK(tab_of_word(each.word) == each.tab);
    CHECK(tab_of_code(each.code) == each.tab);
    CHECK(tab_words().find(each.word) != std::string::npos);
    desk.panels().tab = each.tab;
    desk.look();
    CHECK(desk.shows(each.title));
    CHECK(desk.reads() != before);
    before = desk.reads();
  }
  CHECK(words.size() == kTabs);
  CHECK(codes.size() == kTabs);
  CHECK_FALSE(tab_of_word("nothing"));
  CHECK_FALSE(tab_of_code(kTabs));
}

}  // namespace nutshell
