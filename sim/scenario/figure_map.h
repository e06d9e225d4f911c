// The map beside a deck, NAME.figures.json: which of its pictures are living figures, and of what.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/types.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/wires.h"

namespace nutshell {

// What a picture of a deck is when the deck is given here.
struct DeckFigure {
  std::string image;           // as the deck names it: "img/topics_1.png", or its file name alone
  std::string scenario;        // a file beside the map, or the name of one that comes with the program; empty: see `wires`
  std::optional<Wires> wires;  // instead of a scenario; if it plays, it begins with nobody down
  std::optional<Time> at;      // where it stands; without it, where the scenario opens
  std::optional<std::size_t> beat;  // instead: at that caption or question, from 1
  std::optional<Time> until;   // it stops there
  std::string view = "stage";  // of kFigureViews in scenario.h
  std::string select;          // "broker 1"; empty: nothing
  bool plays = false;          // time passes as soon as it is seen
  bool light = false;          // drawn for a white slide
  std::string alt;             // what is seen, in a sentence, for those who do not see it
  std::int32_t line = 0;       // of the map
};

struct FigureMapResult {
  std::vector<DeckFigure> figures;
  std::vector<Problem> problems;  // a figure with mistakes is left out
};

FigureMapResult parse_figure_map(std::string_view text, const std::string& file);
// A file that is not there is no map, and no problem.
FigureMapResult load_figure_map(const std::string& path);
// Without what follows the last dot of the file's name.
std::string without_ending(const std::string& path);
// "talk.md": "talk.figures.json". "talk.de.md": the same, unless "talk.de.figures.json" is there.
std::string figure_map_of(const std::string& deck);
// Seen to its end, it shows something else than at its beginning.
bool comes_to_an_end(const DeckFigure& figure);
// REQUIRES it has wires. As they stand at its beginning, or once it has come to its end.
Wires wires_shown(const DeckFigure& figure, bool ended);
// The figure that the picture of a deck is; nullptr: it is a picture.
const DeckFigure* find_figure(const std::vector<DeckFigure>& figures, std::string_view image);

}  // namespace nutshell
