// A display that a test brings up, and programs that run on it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace nutshell::testing {

// Starts a program of the search path; -1: it is not there.
pid_t start(std::vector<std::string> words);
// Its exit code, 128 + the signal that ended it; -1: it runs on after so many tenths of a second.
int wait_for(pid_t child, int tenths);
bool is_installed(const std::string& program);

// An X server without a screen, on the first display number that is free. REQUIRES Xvfb is installed.
class Display {
 public:
  explicit Display(const std::string& size = "1400x900");
  ~Display();
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

 private:
  pid_t server_ = -1;
  std::string name_;
};

}  // namespace nutshell::testing
