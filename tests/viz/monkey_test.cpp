// A monkey at the keys: seeded, it presses, clicks, drags and resizes at random, in every lesson. Nothing may crash,
// and what it did has to replay to the same digest. NUTSHELL_MONKEY_DEEDS says how much it does; an hour is some two million.
#include <doctest/doctest.h>
#include <imgui.h>

#include <cstdlib>
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
                                  KeyName::backspace, KeyName::f5, KeyName::f9};
    if (draw(3) == 0) return desk.press(kNamed[draw(std::size(kNamed))], draw(4) == 0, draw(4) == 0);
    const auto typed = static_cast<char32_t>(U' ' + draw(95));
    if (typed != U'q' && typed != U'Q') desk.type(typed);
  }

  Point somewhere(Desk& desk) {
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    // Half of the time at something.
    const auto& spots = desk.view().spots;
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

  void act(Desk& desk) {
    switch (draw(12)) {
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
  std::uint64_t state_;
};

std::uint64_t deeds() {
  const char* wanted = std::getenv("NUTSHELL_MONKEY_DEEDS");
  return wanted ? std::strtoull(wanted, nullptr, 10) : 24'000;
}

}  // namespace

TEST_CASE("whatever a monkey does, nothing breaks, and what it did replays to the same digest") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "nutshell-monkey";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::uint64_t each = deeds() / cards().size();
  std::size_t acted = 0;
  for (std::size_t i = 0; i < cards().size(); ++i) {
    std::string error;
    std::optional<Scenario> scenario = read_lesson(cards()[i].file, error);
    REQUIRE(scenario);
    Desk desk(std::move(*scenario), 1280, 720);
    desk.app().save_into(folder.string());
    Monkey monkey(i + 1);
    INFO(cards()[i].file);
    for (std::uint64_t deed = 0; deed < each; ++deed) monkey.act(desk);
    Session& session = desk.session();
    const Branch& branch = *session.branches()[session.current()];
    acted += branch.acted.size();
    const Time at = session.view_time();
    session.go_to_time(at);
    Timeline replayed = timeline_of(as_scenario(branch, "replayed"));
    replayed.seek_time(at);
    CHECK(replayed.digest() == session.timeline().digest());
    // The same as a share code.
    const OpenedShare shared = open_share(desk.app().code_of_moment());
    Timeline joined = timeline_of(with_deeds(shared.scenario, shared.share.course.deeds));
    joined.seek_time(shared.share.at);
    CHECK(joined.digest() == session.timeline().digest());
  }
  CHECK(acted > 10);
  fs::remove_all(folder);
}
