// For the files of this folder only. The words of a slide: Markdown, by md4c, with what HTML people write between it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/deck/deck.h"

namespace nutshell {

// Appends what stands in the text to the slide, as blocks and images of that column. `unknown`: names of HTML tags that are
// left out.
void read_markdown(std::string_view text, int column, Slide& slide, std::vector<std::string>& unknown);

// What the words before a picture ask for: "inline fit", "left 40%"; what is none of those words says what is to be seen.
void read_image_words(std::string_view words, SlideImage& image);

}  // namespace nutshell
