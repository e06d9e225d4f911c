// A deck of a text, and letters to lay it out with.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sim/deck/layout.h"
#include "sim/deck/read_deck.h"

namespace nutshell::testing {

// Every letter as wide as a broad one: whatever fits here fits with real letters.
inline float letters(SlideFont font, std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return 0.6F * font.pixels * static_cast<float>(count);
}

inline Deck written(const std::string& text, const std::string& file = "talk.md") {
  DeckResult read = parse_deck(text, file);
  REQUIRE(read.deck.has_value());
  return *read.deck;
}

}  // namespace nutshell::testing
