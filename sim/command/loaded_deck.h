// For commands: a deck with the map of its living figures, read; and a figure of it, opened at its moment.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/deck/deck.h"
#include "sim/scenario/captions.h"
#include "sim/scenario/figure_map.h"
#include "sim/scenario/problem.h"
#include "sim/session/session.h"

namespace nutshell {

struct LoadedDeck {
  Deck deck;
  std::string map;  // the file that its figures are in, whether it is there or not
  std::vector<DeckFigure> figures;
  Captions captions;  // in whose words its figures speak
  std::vector<Problem> problems;  // what was left out of the deck and of the map
};

// `map`: empty, for the one beside the deck. Throws Failure if there is no deck, or not the map that is named.
LoadedDeck load_with_figures(const std::string& path, const std::string& map = "");

// The first picture of the deck that is this figure; nullptr: no slide shows it.
const SlideImage* image_of(const Deck& deck, const DeckFigure& figure);

// In whose words the figures of a deck speak: its own captions, and what is drawn on every stage in its language, by a file beside it
// or by the one that comes with the program.
CaptionsResult captions_for(const std::string& path);

// What its captions leave out of what its figures say, what none of them says, and what stages say in no other words.
std::vector<Problem> check_captions(const LoadedDeck& talk);

// A session that stands at the figure's moment, with all of its run known. Throws Failure that says why the figure cannot
// be shown as the map describes it.
std::unique_ptr<Session> open_figure(const LoadedDeck& talk, const DeckFigure& figure);

}  // namespace nutshell
