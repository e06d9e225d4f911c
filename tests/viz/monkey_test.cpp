// A monkey at the keys: seeded, it presses, clicks, drags and resizes at random, in every lesson. Nothing may crash,
// and what it did has to replay to the same digest.
//
// Of the environment, for hunting:
//   NUTSHELL_MONKEY_MINUTES=60  goes on for so long, round after round, each longer than the one before
//   NUTSHELL_MONKEY_SEED=7      another monkey
//   NUTSHELL_MONKEY_DEEDS=1000  what it does in a round, in all lessons together
//   NUTSHELL_MONKEY_LESSON=acks only in lessons whose file is named so
//   NUTSHELL_MONKEY_SLOW=100    prints each deed of which a frame took longer than so many ms of processor time
#include <doctest/doctest.h>
#include <imgui.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

#include "sim/command/library.h"
#include "tests/viz/desk.h"
#include "viz/app/lessons.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

class Monkey {
 public:
  explicit Monkey(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}
  std::uint64_t draw(std::uint64_t below) {
    state_ ^= state_ << 13, state_ ^= state_ >> 7, state_ ^= state_ << 17;
    return state_ % below;
  }

  void press(Desk& desk) {
    constexpr KeyName kNamed[] = {KeyName::right, KeyName::left, KeyName::up, KeyName::down, KeyName::home, KeyName::end,
                                  KeyName::page_down, KeyName::page_up, KeyName::enter, KeyName::escape, KeyName::tab,
                                  KeyName::backspace, KeyName::f5, KeyName::f7, KeyName::f8, KeyName::f9, KeyName::f11};
    constexpr const char* kWords[] = {"Right", "Left", "Up", "Down", "Home", "End", "Page Down", "Page Up", "Enter", "Escape", "Tab",
                                      "Backspace", "F5", "F7", "F8", "F9", "F11"};
    static_assert(std::size(kWords) == std::size(kNamed));
    if (draw(3) == 0) {
      const std::uint64_t which = draw(std::size(kNamed));
      const bool control = draw(4) == 0, shift = draw(4) == 0;
      did_ = modified(shift, control) + kWords[which];
      return desk.press(kNamed[which], shift, control);
    }
    // As windows tell it: letters in lower case, and Shift beside them.
    const auto typed = static_cast<char32_t>(U' ' + draw(95));
    const bool capital = typed >= U'A' && typed <= U'Z';
    const char32_t character = capital ? typed + (U'a' - U'A') : typed;
    const bool control = draw(8) == 0;
    did_ = modified(capital, control) + static_cast<char>(character);
    if (character != U'q') desk.type(character, capital, control);
  }

  Point somewhere(Desk& desk) {
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    // Half of the time at something.
    const auto& spots = desk.figure().spots;
    if (!spots.empty() && draw(2) == 0) return spots[draw(spots.size())].rect.center();
    return {static_cast<float>(draw(static_cast<std::uint64_t>(size.x))), static_cast<float>(draw(static_cast<std::uint64_t>(size.y)))};
  }

  void click(Desk& desk, int button) {
    ImGuiIO& io = ImGui::GetIO();
    const Point at = somewhere(desk);
    io.MousePos = {at.x, at.y};
    io.MouseDown[button] = true;
    desk.look();
    if (draw(5) == 0) {
      const Point to = somewhere(desk);
      io.MousePos = {to.x, to.y};
      desk.look();
    }
    io.MouseDown[button] = false;
    desk.look();
  }

  // The last deed, in a word.
  const char* did() const { return did_.c_str(); }

  void act(Desk& desk) {
    const std::uint64_t what = draw(12);
    did_ = what < 8 ? "a click" : what == 8 ? "another size" : what == 9 ? "the wheel" : "time";
    switch (what) {
      case 0:
      case 1:
      case 2:
      case 3: return press(desk);
      case 4:
      case 5:
      case 6: return click(desk, 0);
      case 7: return click(desk, 1);
      case 8: return desk.resize(640 + static_cast<int>(draw(1400)), 400 + static_cast<int>(draw(800)));
      case 9:
        ImGui::GetIO().MouseWheel = static_cast<float>(draw(5)) - 2;
        desk.look();
        ImGui::GetIO().MouseWheel = 0;
        return;
      default: desk.look(static_cast<Duration>(draw(200)) * kMillisecond);
    }
  }

 private:
  static std::string modified(bool shift, bool control) { return std::string(control ? "Ctrl " : "") + (shift ? "Shift " : ""); }

  std::uint64_t state_;
  std::string did_;
};

// A number of the environment.
std::uint64_t wanted(const char* name, std::uint64_t usual) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : usual;
}

bool is_wanted(const std::string& file) {
  const char* part = std::getenv("NUTSHELL_MONKEY_LESSON");
  return !part || file.find(part) != std::string::npos;
}

// Whether what was done in the branch that is shown leads to the same world again.
void check_replay(Session& session) {
  const Time at = session.view_time();
  session.know_all();
  session.go_to_time(at);
  Timeline replayed = timeline_of(as_scenario(*session.branches()[session.current()], "replayed"));
  replayed.seek_time(at);
  CHECK(replayed.digest() == session.timeline().digest());
}

// The same as a share code.
void check_share(Desk& desk) {
  const OpenedShare shared = open_share(desk.app().code_of_moment());
  Timeline joined = timeline_of(with_deeds(shared.scenario, shared.share.course.deeds));
  joined.seek_time(shared.share.at);
  CHECK(joined.digest() == desk.session().timeline().digest());
}

// Returns how often it acted.
std::size_t play(std::size_t lesson, std::uint64_t seed, std::uint64_t deeds, const std::string& folder) {
  const std::string& file = cards()[lesson].file;
  INFO("NUTSHELL_MONKEY_SEED=" << seed << ", " << deeds << " deeds in " << file);
  std::string error;
  std::optional<Scenario> scenario = read_lesson(file, error);
  REQUIRE(scenario);
  Desk desk(std::move(*scenario), 1280, 720);
  desk.app().errands().save_into(folder);
  Monkey monkey(seed * 1000 + lesson);
  const auto slow = static_cast<Duration>(wanted("NUTSHELL_MONKEY_SLOW", 0)) * kMillisecond;
  for (std::uint64_t deed = 0; deed < deeds; ++deed) {
    monkey.act(desk);
    const Duration slowest = desk.take_slowest();
    if (slow > 0 && slowest > slow)
      std::printf("%lld ms: %s, deed %llu, %zu branches, at %lld s: %s\n", static_cast<long long>(slowest / kMillisecond), file.c_str(),
                  static_cast<unsigned long long>(deed), desk.session().branches().size(),
                  static_cast<long long>(desk.session().view_time() / kSecond), monkey.did());
  }
  Session& session = desk.session();
  std::size_t acted = 0;
  for (const auto& each : session.branches()) acted += each->parent.has_value();
  check_replay(session);
  check_share(desk);
  session.switch_to(monkey.draw(session.branches().size()));
  check_replay(session);
  return acted;
}

}  // namespace

TEST_CASE("whatever a monkey does, nothing breaks, and what it did replays to the same digest") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "nutshell-monkey";
  const std::uint64_t seed = wanted("NUTSHELL_MONKEY_SEED", 1), minutes = wanted("NUTSHELL_MONKEY_MINUTES", 0);
  const std::clock_t begun = std::clock();
  std::size_t acted = 0;
  for (std::uint64_t round = 0; round == 0 || static_cast<std::uint64_t>((std::clock() - begun) / CLOCKS_PER_SEC) < 60 * minutes; ++round) {
    const std::uint64_t deeds = wanted("NUTSHELL_MONKEY_DEEDS", 60'000) * (round + 1) / cards().size();
    for (std::size_t i = 0; i < cards().size(); ++i) {
      if (!is_wanted(cards()[i].file)) continue;
      // What it saves gets a number if there is such a file already.
      fs::remove_all(folder);
      fs::create_directories(folder);
      acted += play(i, seed + round, deeds, folder.string());
    }
  }
  CHECK(acted > 10);
  fs::remove_all(folder);
}
