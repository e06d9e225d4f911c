#include "tests/viz/display.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace nutshell::testing {

pid_t start(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& each : words) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(120);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  return child;
}

int wait_for(pid_t child, int tenths) {
  for (int i = 0; i <= tenths; ++i) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return -1;
}

bool is_installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string rest = path ? path : "";
  for (rest += ":"; !rest.empty(); rest.erase(0, rest.find(':') + 1)) {
    if (std::filesystem::exists(std::filesystem::path(rest.substr(0, rest.find(':'))) / program)) return true;
  }
  return false;
}

Display::Display(const std::string& size) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  server_ = start({"Xvfb", "-displayfd", std::to_string(ends[1]), "-screen", "0", size + "x24", "-nolisten", "tcp"});
  ::close(ends[1]);
  for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) name_ += c;
  ::close(ends[0]);
  REQUIRE_FALSE(name_.empty());
  name_ = ":" + name_;
  ::setenv("DISPLAY", name_.c_str(), 1);
}

Display::~Display() {
  ::kill(server_, SIGTERM);
  wait_for(server_, 50);
  ::unsetenv("DISPLAY");
}

}  // namespace nutshell::testing
