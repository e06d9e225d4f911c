#include "tests/viz/hall.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>

#include "sim/session/empty.h"
#include "tests/command/program.h"
#include "tests/viz/desk.h"
#include "viz/app/lessons.h"
#include "viz/app/talks.h"

namespace nutshell::testing {

std::string deck_file(const std::string& name) { return NUTSHELL_SOURCE_DIR "/slides/" + name + ".md"; }

std::string write_deck(const std::string& name, const std::string& text, const std::string& figures) {
  if (!figures.empty()) write_file(name + ".figures.json", figures);
  return write_file(name + ".md", text);
}

Hall::Hall(const std::string& deck, int width, int height, bool light, bool projector) : window_(open_null_window(width, height)) {
  OpenedTalk opened = open_talk(deck);
  problems_ = opened.problems;
  REQUIRE_MESSAGE(opened.talk.has_value(), deck);
  open(std::make_shared<Podium>(std::move(*opened.talk), *window_), light, projector);
}

Hall::Hall(const Hall& other, int width, int height, bool projector) : window_(open_null_window(width, height)) {
  open(std::make_shared<Podium>(other.podium_->shared, *window_), true, projector);
}

void Hall::open(std::shared_ptr<Podium> podium, bool light, bool projector) {
  window_->use();
  ImGui::GetIO().MousePos = {-1, -1};
  podium_ = std::move(podium);
  app_ = std::make_unique<App>(*window_, std::vector<LessonCard>{}, read_lesson);
  app_->open(empty_scenario());
  app_->present(podium_);
  app_->room().light = light;
  app_->room().projector = projector;
  app_->room().scale = projector ? 1.25F : 1;
  REQUIRE(app_->prepare().empty());
  look();
}

bool Hall::look(Duration wall) {
  if (presenter_) presenter_->frame(wall);
  return app_->frame(wall);
}

void Hall::press(KeyName key, bool shift, bool control) {
  window_->press({key, 0, shift, control});
  look();
}

void Hall::type(std::string_view text) {
  for (const char each : text) {
    window_->press({KeyName::character, static_cast<char32_t>(each), false, false});
    look();
  }
}

void Hall::hold(KeyName key, Duration wall) {
  press(key);
  for (Duration passed = 0; passed < wall; passed += 50 * kMillisecond) look(50 * kMillisecond);
  window_->release(key);
  look();
}

void Hall::wait(int seconds) {
  for (int i = 0; i < 20 * seconds && talk().moves(); ++i) look(50 * kMillisecond);
}

void Hall::open_presenter() {
  own_ = open_null_window(1456, 819);
  own_->use();
  ImGui::GetIO().MousePos = {-1, -1};
  presenter_ = std::make_unique<Presenter>(*own_, *window_, podium_);
  REQUIRE(presenter_->prepare().empty());
  look();
}

void Hall::press_in_presenters(KeyName key) {
  own_->press({key, 0, false, false});
  look();
  presenter_->frame(0);
}

void Hall::type_in_presenters(std::string_view text) {
  for (const char each : text) {
    own_->press({KeyName::character, static_cast<char32_t>(each), false, false});
    look();
  }
}

void Hall::click_in_presenters(Point at) {
  const Rect whole = app_->window(), picture = presenter_->picture();
  own_->use();
  ImGuiIO& io = ImGui::GetIO();
  const float scale = presenter_->scale(), x = at.x / whole.w, y = at.y / whole.h;
  io.MousePos = {(picture.x + x * picture.w) * scale, (picture.y + y * picture.h) * scale};
  for (const bool down : {false, true, false}) {
    own_->use();
    io.MouseDown[0] = down;
    look();
  }
  io.MousePos = {-1, -1};
  look();
}

bool Hall::has(const std::vector<TextBox>& texts, std::string_view part) {
  // Words that lines break apart stand one after the other.
  std::string all;
  for (const TextBox& each : texts) all += each.text + " ";
  return all.find(part) != std::string::npos;
}

}  // namespace nutshell::testing
