// Goals and solutions as JSON.
#pragma once

#include "sim/scenario/json_reader.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/vocabulary.h"

namespace nutshell {

// Reads one element of "goals".
Goal read_goal(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known);

// The goal as read_goal() reads it.
nlohmann::ordered_json to_json(const Goal& goal);

}  // namespace nutshell
