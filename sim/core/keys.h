// Keys as people press them, whatever window they come from.
#pragma once

#include <cstdint>

namespace nutshell {

enum class KeyName : std::uint8_t {
  none, character, right, left, up, down, home, end, page_down, page_up, enter, escape, tab, backspace, del,
  f2, f3, f4, f5, f7, f8, f9, f11, f12
};

// Of these a window also tells when they are let go.
constexpr bool works_while_held(KeyName key) { return key == KeyName::f2 || key == KeyName::f4; }

// Buttons of a game controller, by the names that SDL2 gives them.
enum class PadButton : std::uint8_t { a, b, x, y, left, right, up, down, left_shoulder, right_shoulder, start, back };

struct KeyPress {
  KeyName key = KeyName::none;
  char32_t character = 0;  // of KeyName::character: what was typed; letters in lower case
  bool shift = false, control = false;
};

}  // namespace nutshell
