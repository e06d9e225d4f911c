// Reads a deck: a Markdown file in the dialect of Deckset.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/deck/deck.h"
#include "sim/scenario/problem.h"

namespace nutshell {

inline constexpr std::size_t kMaxDeckBytes = 8 << 20;
inline constexpr std::size_t kMaxSlides = 5000;

struct DeckResult {
  std::optional<Deck> deck;       // there is none if the file is no deck at all
  std::vector<Problem> problems;  // what was left out, each once; of no deck, why there is none
};

DeckResult load_deck(const std::string& path);
DeckResult parse_deck(std::string_view text, const std::string& file);

// The notes of a slide as blocks, on a slide of their own: a note is Markdown.
Slide notes_of(const Slide& slide);

}  // namespace nutshell
