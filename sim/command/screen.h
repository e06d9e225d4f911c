// What the player shows: lines of a terminal, as a value.
#pragma once

#include <string>
#include <vector>

#include "sim/command/output.h"
#include "sim/command/player.h"

namespace nutshell {

struct ScreenLine {
  std::string text;
  Style style = Style::plain;
};

// `height` lines, each at most `width` characters: title and clock, the cluster, the last of the story, the
// present caption or question, and the keys. Made for 80 x 24; smaller ones lose the middle first.
std::vector<ScreenLine> draw_screen(const Player& player, std::size_t width, std::size_t height);

// The bytes that show these lines on a terminal, from its upper left corner.
std::string frame_of(const std::vector<ScreenLine>& lines, bool colour);

// The first `width` characters; the continuation bytes of UTF-8 do not count.
std::string clipped(const std::string& text, std::size_t width);

}  // namespace nutshell
