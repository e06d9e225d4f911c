// A moment leaves as a share code and comes back elsewhere: the same cluster, the same time, the same view.
#include <doctest/doctest.h>
#include <imgui.h>

#include <string>

#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "tests/command/program.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// Ctrl C, and what then is in the clipboard.
std::string copied(Desk& desk) {
  desk.chord(U'c');
  const char* held = ImGui::GetClipboardText();
  REQUIRE(held);
  return held;
}

std::uint64_t digest_now(Desk& desk) {
  Timeline timeline = desk.session().timeline().fork();
  timeline.seek_time(desk.session().view_time());
  return timeline.digest();
}

}  // namespace

TEST_CASE("the gallery opens a file, or a lesson by its name; what cannot be opened is said, and nothing is lost") {
  Desk desk(lesson("the-log"));
  desk.type(U'g');
  CHECK(desk.shows("open a file"));
  const auto open_typed = [&](const std::string& text) {
    desk.type(U'o');
    REQUIRE(desk.hands().prompt.open);
    desk.type(text);
    desk.press(KeyName::enter);
  };
  open_typed("no/such/file.json");
  CHECK(desk.hands().prompt.open);
  CHECK(desk.shows("no/such/file.json"));
  CHECK(desk.session().scenario().title == lesson("the-log").title);
  desk.press(KeyName::escape);
  open_typed(failover_file());
  CHECK_FALSE(desk.hands().prompt.open);
  CHECK(desk.app().shows_lesson());
  CHECK(desk.session().scenario().title == small_failover().title);
  desk.type(U'g');
  open_typed("leader-failover");
  CHECK(desk.session().scenario().title == lesson("leader-failover").title);
}

TEST_CASE("what was done in a lesson is joined from the gallery by its code") {
  std::string code;
  std::uint64_t digest = 0;
  {
    Desk desk(lesson("leader-failover"));
    desk.session().go_to_time(10'123 * kMillisecond);
    REQUIRE(desk.session().act(Crash{"broker 2"}) == "");
    desk.session().go_to_time(25 * kSecond);
    REQUIRE(desk.session().act(Start{"broker 2"}) == "");
    desk.session().go_to_time(31 * kSecond);
    desk.panels().tab = Tab::terminal;
    code = copied(desk);
    digest = digest_now(desk);
    CHECK(desk.shows("Copied: this moment"));
    CHECK(code.size() < 100);
    // The next key takes it away, and does what it does.
    desk.type(U' ');
    CHECK(desk.session().playing());
    CHECK_FALSE(desk.shows("Copied: this moment"));
  }
  Desk desk(lesson("the-log"));
  desk.type(U'g');
  desk.type(U'j');
  REQUIRE(desk.hands().prompt.open);
  // Typed with a mistake, mended, and pasted.
  desk.type("nutshell:leader");
  desk.press(KeyName::enter);
  CHECK(desk.hands().prompt.open);
  CHECK(desk.shows("This is no share code"));
  desk.press(KeyName::escape);
  ImGui::SetClipboardText(code.c_str());
  desk.type(U'j');
  CHECK(desk.hands().prompt.text == code);
  desk.hands().prompt.text.clear();
  desk.chord(U'v');
  desk.press(KeyName::enter);
  CHECK_FALSE(desk.hands().prompt.open);
  CHECK(desk.app().shows_lesson());
  CHECK(desk.session().scenario().title == lesson("leader-failover").title);
  CHECK(desk.session().view_time() == 31 * kSecond);
  CHECK(desk.panels().tab == Tab::terminal);
  CHECK(digest_now(desk) == digest);
  CHECK(copied(desk) == code);
  // Its deeds can be undone one by one.
  CHECK(desk.session().undo());
  CHECK(desk.session().undo());
  CHECK_FALSE(desk.session().undo());
}

TEST_CASE("two universes are shared as two: another setting, or the course without the deed") {
  std::string code;
  {
    Desk desk(lesson("leader-failover"));
    desk.session().go_to_time(8 * kSecond);
    REQUIRE(desk.app().show_beside("acks", "1") == "");
    code = copied(desk);
  }
  {
    Desk desk(lesson("the-log"));
    desk.app().open_moment(open_share(code));
    desk.app().settle();
    REQUIRE(desk.session().compared());
    CHECK(desk.session().other().name == "acks=1");
    CHECK(desk.session().view_time() == 8 * kSecond);
    CHECK(copied(desk) == code);
    // Turned round, the code is of the other one.
    desk.session().switch_to(*desk.session().compared());
    const OpenedShare turned = open_share(copied(desk));
    REQUIRE(turned.share.course.set.size() == 1);
    CHECK(turned.share.course.set[0].second == "1");
    REQUIRE(turned.share.beside);
    CHECK(turned.share.beside->set.empty());
  }
  Desk desk(lesson("leader-failover"));
  desk.session().go_to_time(8 * kSecond);
  REQUIRE(desk.session().act(Pause{"broker 3", {kSecond}}) == "");
  desk.session().compare_with(0);
  code = copied(desk);
  desk.app().open_moment(open_share(code));
  desk.app().settle();
  REQUIRE(desk.session().compared());
  CHECK(desk.session().other().acted.empty());
  CHECK(desk.session().branches()[desk.session().current()]->acted.size() == 1);
  CHECK(copied(desk) == code);
}

TEST_CASE("of a code's deeds, what cannot be done when its time comes is left out") {
  for (const bool first : {true, false}) {
    Desk desk(lesson("leader-failover"));
    Session& session = desk.session();
    session.go_to_time(10 * kSecond);
    REQUIRE(session.act(AddBroker{4}) == "");
    session.go_to_time(12 * kSecond);
    REQUIRE(session.act(Pause{"broker 3", {kSecond}}) == "");
    session.go_to_time(15 * kSecond);
    OpenedShare opened = open_share(copied(desk));
    std::vector<Action>& deeds = opened.share.course.deeds;
    REQUIRE(deeds.size() == 2);
    // There is a broker 2, so it cannot be added.
    deeds[first ? 0 : 1].body = AddBroker{2};
    desk.app().open_moment(opened);
    desk.app().settle();
    const Session& joined = desk.session();
    CHECK(joined.view_time() == 15 * kSecond);
    const Branch& branch = *joined.branches()[joined.current()];
    REQUIRE(branch.acted.size() == 1);
    Timeline again = timeline_of(as_scenario(branch, "again"));
    again.seek_time(15 * kSecond);
    CHECK(again.digest() == joined.timeline().digest());
    while (desk.session().undo()) CHECK(joined.timeline().position() <= joined.timeline().furthest());
    CHECK(joined.current() == 0);
  }
}

TEST_CASE("a scenario of one's own stands in its code as a whole") {
  Desk desk(small_failover());
  desk.session().go_to_time(2 * kSecond);
  REQUIRE(desk.session().act(Crash{"broker 2"}) == "");
  desk.session().go_to_time(6 * kSecond);
  const std::string code = copied(desk);
  const std::uint64_t digest = digest_now(desk);
  CHECK(code.find("nutshell:small-failover:") == 0);
  desk.app().open_moment(open_share(code));
  desk.app().settle();
  CHECK(digest_now(desk) == digest);
  CHECK(copied(desk) == code);
}

TEST_CASE("a code is seen whole and reads well in every window, on the projector too") {
  for (const auto& [width, height] : {std::pair{1920, 1080}, {1280, 720}, {1024, 768}}) {
    for (bool projector : {false, true}) {
      Desk desk(lesson("leader-failover"), width, height);
      desk.room().projector = projector;
      desk.session().go_to_time(8 * kSecond);
      REQUIRE(desk.session().act(Pause{"broker 3", {kSecond}}) == "");
      std::string code = copied(desk), read;
      bool card = false;  // it is drawn last
      for (const TextBox& each : desk.app().texts()) {
        if (card && code.find(each.text) != std::string::npos) read += each.text;
        card = card || each.text.find("Copied: ") == 0;
      }
      CHECK(read == code);
    }
  }
}
