// A JSON file as a whole: its bytes, its mistakes of syntax, and what is in it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/json_reader.h"

namespace nutshell {

// File name without folder and extension.
std::string stem_of(const std::string& file);
// Nothing, reported: it cannot be read. What is too long for any file is cut off, and found to be so when it is read.
std::optional<std::string> read_whole_file(const std::string& path, std::vector<Problem>& problems);
// Calls `read` if the text is JSON, and leaves the problems in the order of the file. `file` is for messages.
void read_json_file(std::string_view text, const std::string& file, std::vector<Problem>& problems,
                    const std::function<void(JsonSource&, const Json&)>& read);

}  // namespace nutshell
