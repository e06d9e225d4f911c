// A line of text that is typed: a cursor, what is selected, and what keys do to them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/core/keys.h"

namespace nutshell {

// Where it is typed, in bytes of the text. What lies between the cursor and the anchor is selected.
struct Caret {
  std::size_t at = 0, anchor = 0;
  std::size_t first() const { return at < anchor ? at : anchor; }
  std::size_t last() const { return at < anchor ? anchor : at; }
};

inline void select_all(const std::string& text, Caret& caret) { caret = {text.size(), 0}; }
std::string selected(const std::string& text, Caret caret);
// In the place of what is selected.
void insert(std::string& text, Caret& caret, std::string_view more);
// Characters, Backspace, Delete, arrows, Home and End, with Shift and Ctrl as everywhere, and Ctrl A. What needs a
// clipboard is not done here. False: the key is about something else.
bool edit(std::string& text, Caret& caret, const KeyPress& press);

}  // namespace nutshell
