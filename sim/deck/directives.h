// For the files of this folder only. What may be asked of a deck and of a slide, by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nutshell {

// At the top of a deck: "slidenumbers: true".
bool is_deck_setting(std::string_view name);
// On a slide: "[.header: #FFFFFF]".
bool is_slide_directive(std::string_view name);
// All of the latter, to find the nearest.
const std::vector<std::string_view>& slide_directives();

}  // namespace nutshell
