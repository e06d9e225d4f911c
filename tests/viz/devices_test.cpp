// What is heard, and what game controllers and presenters' remotes ask for.
#include <SDL2/SDL.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "sim/session/cues.h"
#include "tests/viz/desk.h"
#include "viz/app/lessons.h"
#include "viz/panels/caption.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

constexpr Duration kPadFrame = 50 * kMillisecond;

bool contains(const std::vector<Cue>& all, Cue cue) { return std::find(all.begin(), all.end(), cue) != all.end(); }

// What is heard while it plays on for so long, questions left open.
std::vector<Cue> heard(Session& session, Listener& listener, Duration wall) {
  std::vector<Cue> all;
  for (Duration gone = 0; gone < wall; gone += kPadFrame) {
    if (!session.playing() && !session.asking()) session.obey({CommandName::play_pause, 0, {}});
    session.pass(kPadFrame);
    for (Cue each : listener.hear(session, kPadFrame)) all.push_back(each);
  }
  return all;
}

// Somebody else's environment stays as it was.
class AudioDriver {
 public:
  explicit AudioDriver(const char* name) { setenv("SDL_AUDIODRIVER", name, 1); }
  ~AudioDriver() { unsetenv("SDL_AUDIODRIVER"); }
};

// SDL's own game controller that exists only in the program.
class VirtualPad {
 public:
  VirtualPad() {
    index_ = SDL_JoystickAttachVirtual(SDL_JOYSTICK_TYPE_GAMECONTROLLER, SDL_CONTROLLER_AXIS_MAX, SDL_CONTROLLER_BUTTON_MAX, 0);
    REQUIRE(index_ >= 0);
    stick_ = SDL_JoystickOpen(index_);
    REQUIRE(stick_);
  }
  ~VirtualPad() { detach(); }
  void press(SDL_GameControllerButton button, App& app) {
    for (const Uint8 down : {1, 0}) {
      SDL_JoystickSetVirtualButton(stick_, button, down);
      SDL_JoystickUpdate();
      app.frame(0);
    }
  }
  void lean(Sint16 x) {
    SDL_JoystickSetVirtualAxis(stick_, SDL_CONTROLLER_AXIS_LEFTX, x);
    SDL_JoystickUpdate();
  }
  void detach() {
    if (!stick_) return;
    SDL_JoystickClose(stick_);
    SDL_JoystickDetachVirtual(index_);
    stick_ = nullptr;
  }

 private:
  int index_ = -1;
  SDL_Joystick* stick_ = nullptr;
};

}  // namespace

TEST_CASE("a crash and an election are heard at the usual speed, in this order") {
  Session session(lesson("leader-failover"));
  session.go_to_time(11'900 * kMillisecond);
  Listener listener;
  CHECK(listener.hear(session, kPadFrame).empty());
  std::vector<Cue> all;
  // Broker 1 is killed at 12 s and fenced at 20.5 s; then its partition gets another leader.
  for (int i = 0; i < 4000 && session.view_time() < 22 * kSecond; ++i) {
    while (session.asking()) session.obey({CommandName::reveal, 0, {}});
    for (Cue each : heard(session, listener, kPadFrame)) all.push_back(each);
    if (session.view_time() < 12 * kSecond) CHECK_FALSE(contains(all, Cue::crash));
  }
  const auto crash = std::find(all.begin(), all.end(), Cue::crash), election = std::find(all.begin(), all.end(), Cue::election);
  REQUIRE(crash != all.end());
  REQUIRE(election != all.end());
  CHECK(crash < election);
}

TEST_CASE("what is heard of a stretch does not depend on how it is cut into frames") {
  Session session(lesson("leader-failover"));
  std::set<Cue> whole, parts;
  for (Cue each : cues_between(session.timeline(), 0, session.end())) whole.insert(each);
  for (Step step = 0; step < session.end(); ++step) {
    for (Cue each : cues_between(session.timeline(), step, step + 1)) parts.insert(each);
  }
  CHECK(whole == parts);
  CHECK(whole.count(Cue::crash) == 1);
  CHECK(whole.count(Cue::election) == 1);
}

TEST_CASE("nothing is heard of jumps, of going back, and of fast rides") {
  Session session(lesson("leader-failover"));
  Listener listener;
  session.go_to_time(11'900 * kMillisecond);
  listener.hear(session, kPadFrame);
  session.go_to_time(24 * kSecond);
  CHECK(listener.hear(session, kPadFrame).empty());
  session.go_to_time(11'900 * kMillisecond);
  CHECK(listener.hear(session, kPadFrame).empty());
  session.obey({CommandName::speed, static_cast<std::int64_t>(speeds().size() - 1), {}});
  const std::vector<Cue> fast = heard(session, listener, 2 * kSecond);
  CHECK_FALSE(contains(fast, Cue::crash));
  CHECK_FALSE(contains(fast, Cue::election));
}

TEST_CASE("a question is heard when it opens, and whether its answer was right") {
  for (const bool rightly : {true, false}) {
    Session session(small_failover());
    Listener listener;
    listener.hear(session, kPadFrame);
    std::vector<Cue> all;
    for (int i = 0; i < 4000 && !session.asking(); ++i) {
      if (!session.playing()) session.obey({CommandName::play_pause, 0, {}});
      session.pass(kPadFrame);
      for (Cue each : listener.hear(session, kPadFrame)) all.push_back(each);
    }
    REQUIRE(session.asking());
    CHECK(all.back() == Cue::question);
    session.obey({CommandName::answer, rightly ? 1 : 0, {}});
    CHECK(listener.hear(session, kPadFrame) == std::vector{rightly ? Cue::right : Cue::wrong});
    CHECK(listener.hear(session, kPadFrame).empty());
  }
}

TEST_CASE("cues are short, quiet, and no two sound alike") {
  std::set<std::vector<std::int16_t>> all;
  for (int i = 0; i < kCues; ++i) {
    const std::vector<std::int16_t> samples = samples_of(static_cast<Cue>(i));
    REQUIRE_FALSE(samples.empty());
    CHECK(samples.size() <= static_cast<std::size_t>(kMostSamples));
    // A tenth of what the device can do.
    CHECK(*std::max_element(samples.begin(), samples.end()) < 3277);
    CHECK(std::abs(samples.front()) < 40);
    CHECK(std::abs(samples.back()) < 400);
    all.insert(samples);
  }
  CHECK(all.size() == static_cast<std::size_t>(kCues));
}

TEST_CASE("a key switches sounds on; where there are none, one sentence says so") {
  Desk desk(lesson("leader-failover"));
  CHECK_FALSE(desk.view().sound);
  {
    const AudioDriver driver("no-such-driver");
    desk.type(U's', true);
    CHECK_FALSE(desk.view().sound);
    CHECK(desk.session().notice().find("There is no sound here") == 0);
  }
  const AudioDriver driver("dummy");
  desk.type(U's', true);
  CHECK(desk.view().sound);
  CHECK(desk.session().notice() == "Sounds are on.");
  desk.press(KeyName::right, true);
  desk.type(U's', true);
  CHECK_FALSE(desk.view().sound);
}

TEST_CASE("each button of a game controller asks for something, and no two for the same") {
  std::set<CommandName> all;
  for (const PadBinding& each : pad_bindings()) {
    CHECK(command_of(each.button, false).name == each.command);
    all.insert(each.command);
  }
  CHECK(pad_bindings().size() == 12);
  CHECK(all.size() == pad_bindings().size());
  CHECK(command_of(PadButton::a, true).name == CommandName::reveal);
  CHECK(command_of(PadButton::right, true).name == CommandName::next);
}

TEST_CASE("a stick goes back and forth in time, finely and fast") {
  CHECK(scrubbed(0, kSecond, kMinute) == 0);
  CHECK(scrubbed(1, 8 * kSecond, kMinute) == kMinute);
  CHECK(scrubbed(-1, 8 * kSecond, kMinute) == -kMinute);
  CHECK(scrubbed(0.5F, 8 * kSecond, kMinute) == kMinute / 8);
}

TEST_CASE("a game controller gives a lesson, and may come and go") {
  const std::unique_ptr<Window> window = open_null_window(1280, 720);
  App app(*window, cards(), read_lesson);
  app.open(lesson("leader-failover"));
  REQUIRE(app.prepare().empty());
  window->use_controllers();
  app.frame(0);
  CHECK_FALSE(app.view().controller);
  {
    VirtualPad pad;
    app.frame(0);
    app.frame(0);
    REQUIRE(app.view().controller);
    pad.press(SDL_CONTROLLER_BUTTON_X, app);
    CHECK(app.session().playing());
    pad.press(SDL_CONTROLLER_BUTTON_X, app);
    CHECK_FALSE(app.session().playing());
    const Step position = app.session().timeline().position();
    pad.press(SDL_CONTROLLER_BUTTON_DPAD_RIGHT, app);
    CHECK(app.session().timeline().position() == position + 1);
    pad.press(SDL_CONTROLLER_BUTTON_BACK, app);
    CHECK(app.view().projector);
    pad.press(SDL_CONTROLLER_BUTTON_START, app);
    CHECK(app.view().overlay == Overlay::gallery);
    pad.press(SDL_CONTROLLER_BUTTON_B, app);
    CHECK(app.view().overlay == Overlay::none);
    const Time before = app.session().view_time();
    pad.lean(-32768);
    app.frame(kSecond);
    CHECK(app.session().view_time() < before);
    pad.lean(0);
    app.obey({CommandName::keys, 0, {}});
    app.frame(0);
    const auto& texts = app.texts();
    CHECK(std::any_of(texts.begin(), texts.end(), [](const TextBox& each) { return each.text.find("Game controller") == 0; }));
  }
  app.frame(0);
  app.frame(0);
  CHECK_FALSE(app.view().controller);
}

TEST_CASE("whatever a presenter's remote sends does something sensible, and nothing ends the program") {
  Desk desk(lesson("leader-failover"));
  const Time opening = desk.session().view_time();
  // The caption is read to its end first.
  while (has_more_pages(desk.view())) desk.press(KeyName::page_down);
  desk.press(KeyName::page_down);
  desk.ride();
  CHECK(desk.session().view_time() > opening);
  desk.press(KeyName::page_up);
  CHECK(desk.session().view_time() == opening);
  for (const bool shift : {false, true}) {
    desk.press(KeyName::f5, shift);
    CHECK(desk.session().playing() != shift);
  }
  desk.type(U'.');
  CHECK(desk.view().overlay == Overlay::black);
  desk.press(KeyName::escape);
  CHECK(desk.view().overlay == Overlay::none);
  desk.type(U'b');
  desk.press(KeyName::escape);
  CHECK(desk.view().hand == Tool::none);
  for (int i = 0; i < 5; ++i) {
    desk.press(KeyName::escape);
    CHECK(desk.look());
  }
}
