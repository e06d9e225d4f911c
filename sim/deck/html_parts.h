// For the files of this folder only. What the page of a deck is put together from.
#pragma once

#include <string>
#include <string_view>

#include "sim/deck/deck.h"
#include "sim/deck/slide_look.h"

namespace nutshell {

// Its looks and its script, which know no slide.
extern const std::string_view kHtmlStyle, kHtmlScript;

// Without what HTML would take for its own.
std::string escaped(std::string_view text);
// "#1A2B3C".
std::string css(SlideColor color);
// The whole file, as an address that holds it.
std::string data_address(std::string_view file);

// Words with their looks; a link that could run something is none.
std::string html_line(const SlideLine& line);
std::string html_block(const SlideBlock& block, bool builds, std::size_t& built);
// A note is Markdown.
std::string html_notes(const Slide& slide);

}  // namespace nutshell
