// The desktop: GLFW, of which a program has one, and the windows that stand on it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "viz/window/window.h"

namespace nutshell {

class Desktop {
 public:
  // nullptr, and one sentence in `error`, if there is no display.
  static std::unique_ptr<Desktop> open(std::string& error);
  ~Desktop();
  Desktop(const Desktop&) = delete;
  Desktop& operator=(const Desktop&) = delete;

  // It stands there until close(), or as long as the desktop. nullptr, and one sentence in `error`, without OpenGL 3.
  Window* open_window(const std::string& title, int width, int height, std::string& error);
  void close(Window& window);
  // Its screens, the main one first.
  std::vector<WindowPlace> screens() const;
  // Until there is input for any of them, or so long. True: there is input.
  bool wait(Duration most);

 private:
  Desktop() = default;
  std::vector<std::unique_ptr<Window>> windows_;
};

}  // namespace nutshell
