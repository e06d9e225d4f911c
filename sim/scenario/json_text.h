// JSON laid out for people: what fits a line stands on one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace nutshell {

// Two blanks a level; objects and lists that fit into 110 columns on one line, the outermost never. Ends with a line
// end.
std::string to_tidy_text(const nlohmann::ordered_json& value);

}  // namespace nutshell
