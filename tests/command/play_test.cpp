// nutshell play in a pseudo terminal: it takes the terminal, obeys its keys and gives it back.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

constexpr int kPatience = 120'000;  // milliseconds without a byte, or a run hangs

// A pseudo terminal of 80 x 24 with the program playing in it.
class Session {
 public:
  explicit Session(const std::string& file) {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(master_ >= 0);
    REQUIRE(::grantpt(master_) == 0);
    REQUIRE(::unlockpt(master_) == 0);
    const std::string name = ::ptsname(master_);
    slave_ = ::open(name.c_str(), O_RDWR | O_NOCTTY);
    REQUIRE(slave_ >= 0);
    const winsize size{24, 80, 0, 0};
    ::ioctl(slave_, TIOCSWINSZ, &size);
    ::tcgetattr(slave_, &before_);
    child_ = ::fork();
    if (child_ == 0) become_player(file, name);
  }
  ~Session() {
    if (!ended_) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::close(slave_);
    ::close(master_);
  }

  void type(const std::string& keys) {
    CHECK(::write(master_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
  }
  void send(int signal) { ::kill(child_, signal); }
  // SIGCONT sent earlier than this would be lost.
  bool is_stopped() {
    siginfo_t state{};
    return ::waitid(P_PID, static_cast<id_t>(child_), &state, WSTOPPED) == 0 && state.si_code == CLD_STOPPED;
  }

  // Reads what the program shows until the text is among it; what came before is forgotten.
  bool sees(const std::string& text) {
    while (true) {
      const std::size_t found = shown_.find(text);
      if (found != std::string::npos) {
        shown_.erase(0, found + text.size());
        return true;
      }
      if (!read_more()) return false;
    }
  }
  // Exit code, or 128 + signal; -1 if it does not end.
  int wait_for_end() {
    while (read_more()) {
    }
    int status = 0;
    ended_ = ::waitpid(child_, &status, WNOHANG) == child_;
    return ended_ ? code_of(status) : -1;
  }
  bool mode_is_restored() const {
    termios now{};
    ::tcgetattr(slave_, &now);
    return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag;
  }
  bool mode_is_raw() const {
    termios now{};
    ::tcgetattr(slave_, &now);
    return (now.c_lflag & (ICANON | ECHO)) == 0;
  }

 private:
  static int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

  [[noreturn]] void become_player(const std::string& file, const std::string& name) {
    ::setsid();
    const int terminal = ::open(name.c_str(), O_RDWR);
    ::ioctl(terminal, TIOCSCTTY, 0);
    for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(terminal, descriptor);
    ::setenv("TERM", "xterm", 1);
    ::alarm(kPatience / 1000);
    ::execl(NUTSHELL_PROGRAM, NUTSHELL_PROGRAM, "play", file.c_str(), nullptr);
    ::_exit(127);
  }

  // The end of the program shows in a status that can be waited for, so every read waits only a little.
  bool read_more() {
    pollfd input{master_, POLLIN, 0};
    int waited = 0;
    while (::poll(&input, 1, 100) <= 0) {
      siginfo_t ended{};
      if (::waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          ended.si_pid == child_)
        return false;
      waited += 100;
      if (waited >= kPatience) return false;
    }
    std::array<char, 4096> bytes{};
    const ssize_t count = ::read(master_, bytes.data(), bytes.size());
    if (count > 0) shown_.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
  }

  int master_ = -1, slave_ = -1;
  pid_t child_ = -1;
  bool ended_ = false;
  termios before_{};
  std::string shown_;
};

}  // namespace

TEST_CASE("play takes the terminal, obeys keys and gives it back") {
  Session session(failover_file());
  CHECK(session.sees("\x1b[?1049h"));
  CHECK(session.sees("A small failover"));
  CHECK(session.mode_is_raw());
  CHECK(session.sees("Broker 1 leads."));
  session.type("\x1b[6~");
  CHECK(session.sees("What do you think?"));
  session.type("b");
  CHECK(session.sees("Yes, B is right."));
  session.type("n");
  CHECK(session.sees("Broker 2 has taken over."));
  session.type("\x1b[D");
  session.type("p");
  session.type("q");
  CHECK(session.sees("\x1b[?1049l"));
  CHECK(session.wait_for_end() == 0);
  CHECK(session.mode_is_restored());
}

TEST_CASE("control-Z gives the terminal back until play goes on") {
  Session session(failover_file());
  CHECK(session.sees("A small failover"));
  session.send(SIGTSTP);
  CHECK(session.sees("\x1b[?1049l"));
  REQUIRE(session.is_stopped());
  session.send(SIGCONT);
  CHECK(session.sees("\x1b[?1049h"));
  CHECK(session.sees("A small failover"));
  session.type("q");
  CHECK(session.wait_for_end() == 0);
  CHECK(session.mode_is_restored());
}

TEST_CASE("signals end play and give the terminal back") {
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT}) {
    Session session(failover_file());
    CAPTURE(signal);
    CHECK(session.sees("A small failover"));
    session.send(signal);
    CHECK(session.sees("\x1b[?1049l"));
    CHECK(session.wait_for_end() == 128 + signal);
    CHECK(session.mode_is_restored());
  }
}

}  // namespace nutshell::testing
