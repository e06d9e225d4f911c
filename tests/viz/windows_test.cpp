// Two windows at once: of memory and on a display, each with its own room, both showing one session.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/viz/desk.h"
#include "tests/viz/display.h"
#include "viz/app/lessons.h"
#include "viz/window/desktop.h"

namespace nutshell {
namespace {

using testing::cards;
using testing::lesson;

bool same(const Picture& one, const Picture& other) {
  return one.width == other.width && one.height == other.height && one.rgb == other.rgb;
}

// Fonts are drawn at their size in the first frame, so the second one is the picture.
Picture picture_of(App& app, Window& window) {
  app.frame(0);
  app.frame(0);
  return window.picture();
}

std::unique_ptr<Window> memory(int width, int height) {
  std::string error;
  std::unique_ptr<Window> window = open_offscreen_window(width, height, error);
  REQUIRE_MESSAGE(window, error);
  return window;
}

bool shows(const App& app, std::string_view text) {
  const auto has_it = [&](const TextBox& each) { return each.text.find(text) != std::string::npos; };
  return std::any_of(app.texts().begin(), app.texts().end(), has_it);
}

}  // namespace

TEST_CASE("two windows take turns: each is drawn as if it were alone, and one goes on when the other has gone") {
  const std::unique_ptr<Window> first = memory(1280, 720);
  App one(*first, cards(), read_lesson);
  one.open(lesson("leader-failover"));
  one.session().know_all();
  one.session().go_to_time(15 * kSecond);
  REQUIRE(one.prepare().empty());
  const Picture alone = picture_of(one, *first);
  REQUIRE(alone.rgb.size() == std::size_t{1280} * 720 * 3);
  {
    const std::unique_ptr<Window> second = memory(1024, 768);
    App two(*second, cards(), read_lesson);
    two.watch(one.shared_session());
    two.room().light = true;
    REQUIRE(two.prepare().empty());
    CHECK(same(picture_of(one, *first), alone));
    const Picture beside = picture_of(two, *second);
    CHECK(beside.width == 1024);
    CHECK(beside.rgb.front() > 128);  // light
    CHECK(alone.rgb.front() < 128);
    one.frame(0);
    two.frame(0);
    CHECK(same(first->picture(), alone));
    CHECK(same(second->picture(), beside));
  }
  CHECK(same(picture_of(one, *first), alone));
}

TEST_CASE("what one window plays the other shows, and lets no time pass itself") {
  const std::unique_ptr<Window> first = open_null_window(1280, 720), second = open_null_window(1280, 720);
  App one(*first, cards(), read_lesson), two(*second, cards(), read_lesson);
  one.open(lesson("leader-failover"));
  one.session().know_all();
  REQUIRE(one.prepare().empty());
  two.watch(one.shared_session());
  two.room().projector = true;
  REQUIRE(two.prepare().empty());
  one.session().go_to_time(12 * kSecond);
  one.obey({CommandName::play_pause, 0, {}});
  REQUIRE(one.session().playing());
  one.frame(100 * kMillisecond);
  const Time now = one.session().view_time();
  CHECK(now > 12 * kSecond);
  for (int i = 0; i < 10; ++i) two.frame(100 * kMillisecond);
  CHECK(one.session().view_time() == now);
  one.frame(0);
  REQUIRE(one.session().beat());
  CHECK(one.panels().caption.text == two.panels().caption.text);
  // How it is looked at is each window's own.
  one.obey({CommandName::gallery, 0, {}});
  one.frame(0);
  two.frame(0);
  CHECK(one.is_on<GalleryScreen>());
  CHECK(two.shows_lesson());
  CHECK(shows(one, "Lessons, and what people often think"));
  CHECK_FALSE(shows(two, "Lessons, and what people often think"));
  CHECK_FALSE(two.stage().empty());
  CHECK(one.stage().empty());
}

TEST_CASE("two windows stand on one desktop; when one is closed, the other goes on") {
  if (!testing::is_installed("Xvfb")) {
    MESSAGE("Xvfb is not installed: no window has been opened");
    return;
  }
  const testing::Display display("2000x1200");
  std::string error;
  const std::unique_ptr<Desktop> desktop = Desktop::open(error);
  REQUIRE_MESSAGE(desktop, error);
  Window* first = desktop->open_window("Nutshell, one", 1000, 700, error);
  Window* second = desktop->open_window("Nutshell, two", 900, 600, error);
  REQUIRE_MESSAGE((first && second), error);
  second->set_place({1040, 40, 900, 600});
  App one(*first, cards(), read_lesson);
  one.open(lesson("leader-failover"));
  one.session().know_all();
  one.session().go_to_time(15 * kSecond);
  REQUIRE(one.prepare().empty());
  {
    App two(*second, cards(), read_lesson);
    two.watch(one.shared_session());
    two.room().light = true;
    REQUIRE(two.prepare().empty());
    for (int i = 0; i < 3; ++i) {
      CHECK(one.frame(0));
      CHECK(two.frame(0));
    }
    CHECK(shows(one, "broker 2"));
    CHECK(shows(two, "broker 2"));
    // What a key asks of one window is not asked of the other.
    second->press({KeyName::character, U'g', false, false});
    CHECK(one.frame(0));
    CHECK(two.frame(0));
    CHECK(one.shows_lesson());
    CHECK(two.is_on<GalleryScreen>());
    second->close();
    CHECK_FALSE(two.frame(0));
  }
  desktop->close(*second);
  CHECK(one.frame(0));
  CHECK(shows(one, "broker 2"));
}

TEST_CASE("a picture for which the disk has no room is no success") {
  Picture picture;
  picture.width = picture.height = 64;
  picture.rgb.assign(64 * 64 * 3, 128);
  // A device that Linux always has: whatever is written to it finds no room.
  CHECK(write_png("/dev/full", picture).find("disk not full") != std::string::npos);
  CHECK(write_png("/nowhere/a.png", picture) != "");
}

}  // namespace nutshell
