// Standard output for commands: lines, with colours where a terminal shows them, and no lost write errors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nutshell {

enum class Style : std::uint8_t { plain, bold, dim, good, bad, caption };

// The bytes that switch a terminal to the style, and back from any.
std::string_view style_on(Style style);
inline constexpr std::string_view kStyleOff = "\x1b[0m";

// The text without control characters, which a terminal could obey: each becomes a question mark.
std::string printable(std::string_view text);

// Writes to file descriptor 1. After a write error everything is discarded; flush() tells.
class Output {
 public:
  void use_colour(bool colour) { colour_ = colour; }
  void line(std::string_view text, Style style = Style::plain);
  // Without a line end, and at once.
  void prompt(std::string_view text);
  // Several lines. A line end is added if the text does not end with one.
  void text(std::string_view lines);
  // Empty: everything has been written. Else the reason why not, as the system says it.
  std::string flush();
  // Whether anybody still listens; long work may stop early if not.
  bool failed() const { return !error_.empty(); }

 private:
  void write_out();

  std::string buffer_;
  std::string error_;
  bool colour_ = false;
};

// Colours are for terminals whose owner has not said no (NO_COLOR, TERM=dumb).
bool wants_colour(int file_descriptor);

}  // namespace nutshell
