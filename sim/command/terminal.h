// A terminal that the program has to itself for a while: no echo, single keys, a screen of its own.
//
// Whatever ends the program, the terminal is given back as it was: the destructor, and for signals that
// cannot be survived a handler. Control-Z gives it back until the program goes on.
#pragma once

#include <csignal>
#include <string>
#include <string_view>

namespace nutshell {

class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // False: standard input or output could not be made one.
  bool is_open() const { return open_; }
  struct Size {
    std::size_t width = 80, height = 24;
  };
  Size size() const;
  // Shows the bytes of a frame. False: they could not be written.
  bool show(std::string_view frame);
  // Waits for keys for so many milliseconds at most and appends their bytes. False: no more will come.
  bool read_keys(std::string& bytes, int milliseconds);
  // A signal that ends the program has come; 0: none. Deals with control-Z on the way: true from `resized` after it.
  int ending_signal() const;
  // The screen has to be drawn anew: its size may have changed.
  bool resized();

 private:
  void enter();
  void leave();
  void pause_if_asked();

  bool open_ = false;
};

// Whether standard input and output can be played on.
bool has_terminal();

}  // namespace nutshell
