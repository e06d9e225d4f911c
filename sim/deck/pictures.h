// The pictures of a deck: are they there, and are they pictures?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/deck/deck.h"
#include "sim/scenario/figure_map.h"
#include "sim/scenario/problem.h"

namespace nutshell {

enum class PictureKind : std::uint8_t { none, png, jpeg, gif, svg };
// By how its bytes begin, whatever it is called.
PictureKind picture_kind(std::string_view first_bytes);

// "" or why an SVG is not drawn: it is too large, its lines cross too often, or it needs what is not in it.
std::string svg_problem(std::string_view svg);

// Beside the deck, unless it is an absolute path.
std::string picture_path(const Deck& deck, const SlideImage& image);

// A problem for each picture that cannot be shown. One that is a living figure needs no file.
std::vector<Problem> check_pictures(const Deck& deck, const std::vector<DeckFigure>& figures);

}  // namespace nutshell
