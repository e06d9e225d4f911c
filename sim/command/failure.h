// How a command ends when it cannot do what was asked: a sentence for people and an exit code for scripts.
#pragma once

#include <stdexcept>
#include <string>

namespace nutshell {

inline constexpr int kExitFine = 0;
inline constexpr int kExitFailed = 1;    // a check failed, or two runs differ
inline constexpr int kExitBadInput = 2;  // wrong usage, or a scenario that cannot be read
inline constexpr int kExitNoOutput = 3;  // the output could not be written
inline constexpr int kExitInternal = 70;

// Thrown by commands and caught in main. The text names the place and the remedy.
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& what, int exit_code = kExitBadInput)
      : std::runtime_error(what), exit_code_(exit_code) {}
  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

}  // namespace nutshell
