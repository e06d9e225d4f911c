// JSON laid out for people: what fits a line stands on one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace nutshell {

// Two blanks a level; objects and lists that fit into 110 columns on one line, the outermost never. Ends with a line
// end.
std::string to_tidy_text(const nlohmann::ordered_json& value);

// As scenarios are written by hand: blanks inside braces, every entry of an outermost list on a line of its own, however
// long, and an empty line before the keys that are named.
std::string to_file_text(const nlohmann::ordered_json& file, const std::vector<std::string>& chapters);

}  // namespace nutshell
