// A place to draw and a source of input: a window on the desktop (desktop.h), a picture in memory without any display, or
// nothing.
//
// Each owns one Dear ImGui context, with its fonts; several windows take turns. Sizes are in pixels; scale() says how many
// make a logical one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/keys.h"
#include "sim/core/types.h"
#include "viz/window/controllers.h"

struct ImGuiContext;

namespace nutshell {

struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  // three bytes a pixel, the top row first
};

// Where a window stands on the desktop, in the desktop's pixels.
struct WindowPlace {
  int x = 0, y = 0, width = 0, height = 0;
  friend bool operator==(const WindowPlace&, const WindowPlace&) = default;
};

class Window {
 public:
  virtual ~Window() = default;
  // From here on, Dear ImGui and OpenGL are this window's.
  virtual void use() = 0;
  // Takes input and begins a frame of Dear ImGui; false, and no frame has begun, once the user has closed the window.
  virtual bool begin_frame() = 0;
  // It is not to be closed after all.
  virtual void stay() { closed_ = false; }
  // Shows what was drawn since begin_frame(), if that is not what is shown already.
  virtual void end_frame() = 0;
  // The last end_frame() had something else to show than the one before.
  bool changed() const { return changed_; }
  // Until there is input, or so long. True: there is input.
  virtual bool wait(Duration) { return true; }
  // There has been input since forget_input(), or there is some that nobody has taken.
  virtual bool has_input() const { return !keys_.empty() || !releases_.empty(); }
  virtual void forget_input() {}
  // The font atlas has been built anew.
  virtual void fonts_changed() = 0;
  virtual float scale() const { return 1; }
  virtual void set_full_screen(bool) {}
  // As it is, or was before it filled the screen; of no size where there is no desktop.
  virtual WindowPlace place() const { return {}; }
  // Moves it there, unless that is off the screen.
  virtual void set_place(const WindowPlace&) {}
  // What end_frame() showed; empty where nothing is drawn.
  virtual Picture picture() { return {}; }

  // A picture for frames to show, four bytes a pixel, red first, the top row first: what Dear ImGui calls a texture. Windows of
  // one desktop share them. 0: it is too large for the graphics card.
  virtual std::uintptr_t make_texture(int width, int height, const std::uint8_t* pixels);
  // From here on a copy of what is shown is kept for other windows of the desktop, upside down.
  void keep_copy() { keeps_copy_ = true; }
  // It; another number each time it has changed. 0: there is none.
  std::uintptr_t copy() const { return copies_[copied_]; }
  // Other pixels for it, of the same size.
  virtual void change_texture(std::uintptr_t, int, int, const std::uint8_t*) {}
  virtual void drop_texture(std::uintptr_t) {}

  // Of those that do something as long as they are held down: which have been let go since the last call.
  std::vector<KeyName> take_releases() { return std::exchange(releases_, {}); }
  void release(KeyName key) { releases_.push_back(key); }
  // Keys since the last call.
  std::vector<KeyPress> take_keys() { return std::exchange(keys_, {}); }
  // From here on begin_frame() listens to game controllers as well.
  void use_controllers() { controllers_.open(); }
  Controllers& controllers() { return controllers_; }
  // As if a person did it; for tests.
  void press(KeyPress key) { keys_.push_back(key); }
  void close() { closed_ = true; }

 protected:
  std::vector<KeyPress> keys_;
  std::vector<KeyName> releases_;
  // Renders Dear ImGui's frame to lists of triangles. False: they are those of the frame before.
  bool render();
  bool closed_ = false, changed_ = true;
  bool keeps_copy_ = false;
  std::uintptr_t copies_[2] = {0, 0};  // they take turns
  std::size_t copied_ = 0;
  Controllers controllers_;

 private:
  std::uint64_t drawn_ = 0;  // a digest of the triangles
  std::uintptr_t textures_ = 1;  // made where nothing is drawn
};

// Draws without any display. nullptr, and one sentence in `error`, if OpenGL cannot do that here.
std::unique_ptr<Window> open_offscreen_window(int width, int height, std::string& error);
// Draws nothing; for tests. The size may be changed between frames through Dear ImGui's io.
std::unique_ptr<Window> open_null_window(int width, int height);

// "" or why the file could not be written.
std::string write_png(const std::string& path, const Picture& picture);

}  // namespace nutshell
