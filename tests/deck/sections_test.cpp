#include "sim/deck/sections.h"

#include <doctest/doctest.h>

#include "sim/deck/read_deck.h"

namespace nutshell {
namespace {

TEST_CASE("a section begins where a note says how long it is to take") {
  const Deck deck = *parse_deck("# Opening\n\n^ **Plan: 2 min** for this and the next.\n\n---\n\n# More\n\n---\n\n# Logs\n\n^ Say it.\n\n"
                                "^ **Plan: 7 Min.**\n\n---\n\n[.minutes: 1.5]\n\n# End\n", "talk.md").deck;
  const std::vector<DeckSection> sections = sections_of(deck);
  REQUIRE(sections.size() == 3);
  CHECK(sections[0].title == "Opening");
  CHECK(sections[0].planned == 120 * kSecond);
  CHECK(sections[1].first == 2);
  CHECK(sections[1].planned == 420 * kSecond);
  CHECK(sections[2].planned == 90 * kSecond);
  CHECK(planned_in_all(sections) == 630 * kSecond);
  CHECK(section_at(sections, 0) == 0);
  CHECK(section_at(sections, 1) == 0);
  CHECK(section_at(sections, 2) == 1);
  CHECK(section_at(sections, 3) == 2);
}

TEST_CASE("a deck in which nobody plans is one section") {
  const Deck deck = *parse_deck("# One\n\n^ **Plan: soon**\n\n---\n\n# Two\n", "talk.md").deck;
  const std::vector<DeckSection> sections = sections_of(deck);
  REQUIRE(sections.size() == 1);
  CHECK(sections[0].title == "One");
  CHECK(sections[0].planned == 0);
}

// 2 + 3 + 4 + 7 + 3 + 9 + 4 + 14 + 5 + 6 + 5 + 1, as the notes have them.
TEST_CASE("the decks here take an hour and three minutes, in both languages") {
  for (const char* name : {"/slides/kafka-in-a-nutshell.md", "/slides/kafka-in-a-nutshell.de.md"}) {
    const Deck deck = *load_deck(std::string(NUTSHELL_SOURCE_DIR) + name).deck;
    CHECK(sections_of(deck).size() == 12);
    CHECK(planned_in_all(sections_of(deck)) == 63 * 60 * kSecond);
  }
}

}  // namespace
}  // namespace nutshell
