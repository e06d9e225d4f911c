#include "viz/window/controllers.h"

#include <SDL2/SDL.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace nutshell {

namespace {

constexpr float kDeadZone = 0.2F;  // sticks never stand quite still

struct NamedButton {
  int code;
  PadButton button;
};
constexpr NamedButton kButtons[] = {{SDL_CONTROLLER_BUTTON_A, PadButton::a},
                                    {SDL_CONTROLLER_BUTTON_B, PadButton::b},
                                    {SDL_CONTROLLER_BUTTON_X, PadButton::x},
                                    {SDL_CONTROLLER_BUTTON_Y, PadButton::y},
                                    {SDL_CONTROLLER_BUTTON_DPAD_LEFT, PadButton::left},
                                    {SDL_CONTROLLER_BUTTON_DPAD_RIGHT, PadButton::right},
                                    {SDL_CONTROLLER_BUTTON_DPAD_UP, PadButton::up},
                                    {SDL_CONTROLLER_BUTTON_DPAD_DOWN, PadButton::down},
                                    {SDL_CONTROLLER_BUTTON_LEFTSHOULDER, PadButton::left_shoulder},
                                    {SDL_CONTROLLER_BUTTON_RIGHTSHOULDER, PadButton::right_shoulder},
                                    {SDL_CONTROLLER_BUTTON_START, PadButton::start},
                                    {SDL_CONTROLLER_BUTTON_BACK, PadButton::back}};

}  // namespace

void Controllers::close() {
  for (SDL_GameController* each : open_) SDL_GameControllerClose(each);
  open_.clear();
  if (on_) SDL_QuitSubSystem(SDL_INIT_GAMECONTROLLER);
  on_ = false;
}

bool Controllers::open() {
  if (on_) return true;
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
  // A window of GLFW's has no focus as SDL sees it.
  SDL_SetHint(SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, "1");
  on_ = SDL_InitSubSystem(SDL_INIT_GAMECONTROLLER) == 0;
  return on_;
}

void Controllers::poll() {
  if (!on_) return;
  SDL_Event event;
  while (SDL_PollEvent(&event)) take(event);
}

void Controllers::take(const SDL_Event& event) {
  if (!on_) return;
  if (event.type == SDL_CONTROLLERDEVICEADDED) {
    SDL_GameController* added = SDL_GameControllerOpen(event.cdevice.which);
    const bool known = std::find(open_.begin(), open_.end(), added) != open_.end();
    if (added && known) SDL_GameControllerClose(added);
    else if (added) open_.push_back(added);
  } else if (event.type == SDL_CONTROLLERDEVICEREMOVED) {
    SDL_GameController* removed = SDL_GameControllerFromInstanceID(event.cdevice.which);
    const auto found = std::find(open_.begin(), open_.end(), removed);
    if (found == open_.end()) return;
    SDL_GameControllerClose(removed);
    open_.erase(found);
  } else if (event.type == SDL_CONTROLLERBUTTONDOWN) {
    for (const NamedButton& each : kButtons) {
      if (each.code == event.cbutton.button) pressed_.push_back(each.button);
    }
  }
}

std::vector<PadButton> Controllers::take_buttons() { return std::exchange(pressed_, {}); }

float Controllers::stick() const {
  float most = 0;
  for (SDL_GameController* each : open_) {
    const auto x = static_cast<float>(SDL_GameControllerGetAxis(each, SDL_CONTROLLER_AXIS_LEFTX)) / 32768;
    if (std::abs(x) > std::abs(most)) most = x;
  }
  if (std::abs(most) < kDeadZone) return 0;
  return (most - std::copysign(kDeadZone, most)) / (1 - kDeadZone);
}

}  // namespace nutshell
