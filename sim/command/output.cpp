#include "sim/command/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace nutshell {

namespace {

constexpr std::size_t kBufferBytes = 1 << 16;

}  // namespace

std::string_view style_on(Style style) {
  switch (style) {
    case Style::plain: return "";
    case Style::bold: return "\x1b[1m";
    case Style::dim: return "\x1b[2m";
    case Style::good: return "\x1b[32m";
    case Style::bad: return "\x1b[31m";
    case Style::caption: break;
  }
  return "\x1b[36m";
}

std::string printable(std::string_view text) {
  std::string clean(text);
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const auto byte = static_cast<unsigned char>(clean[i]);
    if (byte < 0x20 || byte == 0x7f) clean[i] = '?';
    // U+0080 to U+009F are control characters as well: in UTF-8, 0xc2 and a second byte below 0xa0.
    const bool second = i > 0 && static_cast<unsigned char>(clean[i - 1]) == 0xc2;
    if (second && byte < 0xa0) clean.replace(i - 1, 2, "??");
  }
  return clean;
}

void Output::line(std::string_view text, Style style) {
  const bool styled = colour_ && style != Style::plain;
  if (styled) buffer_ += style_on(style);
  buffer_ += printable(text);
  if (styled) buffer_ += kStyleOff;
  buffer_ += '\n';
  if (buffer_.size() >= kBufferBytes) write_out();
}

void Output::prompt(std::string_view text) {
  buffer_ += printable(text);
  write_out();
}

void Output::text(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    line(lines.substr(0, end));
    if (end == std::string_view::npos) break;
    lines.remove_prefix(end + 1);
  }
}

std::string Output::flush() {
  write_out();
  return error_;
}

void Output::write_out() {
  std::size_t done = 0;
  while (done < buffer_.size() && error_.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, buffer_.data() + done, buffer_.size() - done);
    if (count >= 0) done += static_cast<std::size_t>(count);
    else if (errno != EINTR) error_ = std::strerror(errno);
  }
  buffer_.clear();
}

bool wants_colour(int file_descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_colour && *no_colour) return false;
  return ::isatty(file_descriptor) && term && *term && std::strcmp(term, "dumb") != 0;
}

}  // namespace nutshell
