#include "sim/command/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace nutshell {

namespace {

constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[2J";  // a screen of its own, no cursor
constexpr std::string_view kLeave = "\x1b[0m\x1b[?25h\x1b[?1049l";

constexpr std::array<int, 3> kEnding = {SIGINT, SIGTERM, SIGHUP};
constexpr std::array<int, 6> kFatal = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGQUIT};

// What signal handlers may touch.
termios usual_mode;
volatile std::sig_atomic_t ended_by = 0;
volatile std::sig_atomic_t stop_wanted = 0;
volatile std::sig_atomic_t size_changed = 0;

void write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void on_ending(int signal) { ended_by = signal; }
void on_stop(int) { stop_wanted = 1; }
void on_resize(int) { size_changed = 1; }

// Gives the terminal back, then dies of the same signal.
void on_fatal(int signal) {
  write_all(kLeave);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &usual_mode);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

bool has_terminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDIN_FILENO) && ::isatty(STDOUT_FILENO) && term && *term && std::strcmp(term, "dumb") != 0;
}

Terminal::Terminal() {
  if (::tcgetattr(STDIN_FILENO, &usual_mode) != 0) return;
  open_ = true;
  for (int signal : kEnding) handle(signal, on_ending);
  for (int signal : kFatal) handle(signal, on_fatal);
  handle(SIGTSTP, on_stop);
  handle(SIGWINCH, on_resize);
  enter();
}

Terminal::~Terminal() {
  if (!open_) return;
  leave();
  for (int signal : kEnding) handle(signal, SIG_DFL);
  for (int signal : kFatal) handle(signal, SIG_DFL);
  handle(SIGTSTP, SIG_DFL);
  handle(SIGWINCH, SIG_DFL);
}

void Terminal::enter() {
  termios raw = usual_mode;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  write_all(kEnter);
}

void Terminal::leave() {
  write_all(kLeave);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &usual_mode);
}

Terminal::Size Terminal::size() const {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

bool Terminal::show(std::string_view frame) {
  while (!frame.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, frame.data(), frame.size());
    if (count < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (count > 0) frame.remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && ended_by != 0) return true;
  }
  return true;
}

bool Terminal::read_keys(std::string& bytes, int milliseconds) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const int ready = ::poll(&input, 1, milliseconds);
  pause_if_asked();
  if (ready < 0) return errno == EINTR;
  if (ready == 0) return true;
  std::array<char, 256> read_bytes{};
  const ssize_t count = ::read(STDIN_FILENO, read_bytes.data(), read_bytes.size());
  if (count > 0) bytes.append(read_bytes.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

void Terminal::pause_if_asked() {
  if (stop_wanted == 0) return;
  stop_wanted = 0;
  leave();
  ::raise(SIGSTOP);
  enter();
  size_changed = 1;
}

int Terminal::ending_signal() const { return ended_by; }

bool Terminal::resized() {
  const bool changed = size_changed != 0;
  size_changed = 0;
  return changed;
}

}  // namespace nutshell
