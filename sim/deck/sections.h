// The parts of a talk, and how long each is planned to take.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/core/types.h"
#include "sim/deck/deck.h"

namespace nutshell {

struct DeckSection {
  std::size_t first = 0;   // its first slide, from 0; it ends before the next one's
  std::string title;       // of that slide
  Duration planned = 0;    // 0: nobody has said
};

// One begins where a note begins with "**Plan: 7 min" (or a slide says "[.minutes: 7]"). At least one: what stands before the
// first is part of it. REQUIRES the deck has slides.
std::vector<DeckSection> sections_of(const Deck& deck);
// The one that the slide is in. REQUIRES sections_of() has made them.
std::size_t section_at(const std::vector<DeckSection>& sections, std::size_t slide);
// Of all sections; 0: nobody has said.
Duration planned_in_all(const std::vector<DeckSection>& sections);

}  // namespace nutshell
