// Game controllers, by SDL2: they come and go while the program runs. What their buttons ask for is not decided here.
#pragma once

#include <vector>

#include "sim/core/keys.h"

union SDL_Event;
struct _SDL_GameController;

namespace nutshell {

class Controllers {
 public:
  Controllers() = default;
  ~Controllers() { close(); }
  Controllers(const Controllers&) = delete;
  Controllers& operator=(const Controllers&) = delete;

  // From here on they are listened to. False: SDL cannot.
  bool open();
  void close();
  // For windows that do not take SDL's events themselves: takes them all.
  void poll();
  void take(const SDL_Event& event);

  bool any() const { return !open_.empty(); }
  // Buttons pressed since the last call.
  std::vector<PadButton> take_buttons();
  // Somebody has pressed a button, or holds the stick.
  bool waiting() const { return !pressed_.empty() || stick() != 0; }
  // The left stick, left to right, -1..1; 0 near the middle.
  float stick() const;

 private:
  bool on_ = false;
  std::vector<_SDL_GameController*> open_;
  std::vector<PadButton> pressed_;
};

}  // namespace nutshell
