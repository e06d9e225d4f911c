#include "tests/viz/desk.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "sim/scenario/read.h"
#include "tests/command/program.h"
#include "viz/app/lessons.h"

namespace nutshell::testing {

namespace {

constexpr Duration kFrame = 50 * kMillisecond;

Scenario required(LoadResult result) {
  REQUIRE_MESSAGE(result.scenario.has_value(), to_text(result.problems));
  return std::move(*result.scenario);
}

}  // namespace

std::vector<std::string> lesson_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(NUTSHELL_SOURCE_DIR "/scenarios")) {
    const std::string path = entry.path().string();
    if (entry.path().extension() == ".json" && path.find("schema") == std::string::npos) files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() > 10);
  return files;
}

const std::vector<LessonCard>& cards() {
  static const std::vector<LessonCard> kCards = lesson_cards(lesson_files());
  return kCards;
}

Scenario lesson(const std::string& name) {
  for (const std::string& file : lesson_files()) {
    if (file.find("-" + name + ".json") != std::string::npos) return required(load_scenario(file));
  }
  FAIL("no scenario is named ", name);
  return {};
}

Scenario small_failover() { return required(parse_scenario(failover_scenario(), "small-failover.json")); }

Scenario without_questions(Scenario scenario) {
  std::erase_if(scenario.beats, [](const Beat& each) { return !each.ask.empty(); });
  return scenario;
}

Desk::Desk(Scenario scenario, int width, int height)
    : window_(open_null_window(width, height)), app_(*window_, cards(), read_lesson) {
  ImGui::GetIO().MousePos = {-1, -1};
  app_.open(std::move(scenario));
  app_.session().know_all();
  REQUIRE(app_.prepare().empty());
  look();
}

bool Desk::look(Duration wall) {
  const std::clock_t before = std::clock();
  const bool goes_on = app_.frame(wall);
  slowest_ = std::max(slowest_, (std::clock() - before) * (kSecond / CLOCKS_PER_SEC));
  return goes_on;
}

void Desk::press(KeyName key, bool shift, bool control) {
  window_->press({key, 0, shift, control});
  look();
}

void Desk::type(char32_t character, bool shift, bool control) {
  window_->press({KeyName::character, character, shift, control});
  look();
}

void Desk::chord(char32_t character) {
  window_->press({KeyName::character, character, false, true});
  look();
}

void Desk::type(std::string_view text) {
  for (char each : text) type(static_cast<char32_t>(each));
}

void Desk::point(Point at) {
  const float scale = app_.scale();
  ImGui::GetIO().MousePos = {at.x * scale, at.y * scale};
  look();
  look();
}

void Desk::turn_wheel(Point at, float notches) {
  point(at);
  ImGui::GetIO().MouseWheel = notches;
  look();
  look();
}

void Desk::ride() {
  for (int i = 0; session().gliding() && i < 1000; ++i) look(kFrame);
  REQUIRE_FALSE(session().gliding());
}

void Desk::click(Point at) { drag({at}); }

void Desk::click(std::string_view text) {
  const TextBox* found = find(text);
  REQUIRE_MESSAGE(found, "nothing reads '", std::string(text), "'");
  click(found->box.center());
}

void Desk::drag(const std::vector<Point>& places) {
  ImGuiIO& io = ImGui::GetIO();
  const float scale = app_.scale();
  for (Point each : places) {
    io.MousePos = {each.x * scale, each.y * scale};
    io.MouseDown[0] = true;
    look();
  }
  io.MouseDown[0] = false;
  look();
  io.MousePos = {-1, -1};
  look();
}

bool Desk::shows(std::string_view part) const {
  // Words that a paragraph has broken into lines stand one after the other.
  std::string all = reads();
  std::replace(all.begin(), all.end(), '\n', ' ');
  return all.find(part) != std::string::npos;
}

const TextBox* Desk::find(std::string_view text) const {
  for (const TextBox& each : app_.texts()) {
    if (each.text == text) return &each;
  }
  return nullptr;
}

std::string Desk::reads() const {
  std::string all;
  for (const TextBox& each : app_.texts()) all += each.text + "\n";
  return all;
}

void Desk::resize(int width, int height) {
  ImGui::GetIO().DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  look();  // fonts are as large as the window wants from the next frame on
}

}  // namespace nutshell::testing
