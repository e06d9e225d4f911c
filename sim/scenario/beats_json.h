// Beats as JSON.
#pragma once

#include "sim/scenario/json_reader.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/vocabulary.h"

namespace nutshell {

Beat read_beat(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known);
nlohmann::ordered_json to_json(const Beat& beat);

}  // namespace nutshell
