// Actions as JSON, from their field lists alone: {"at": "12s", "do": "crash", "node": "broker 1"}.
#pragma once

#include <optional>
#include <string>

#include "sim/cluster/action.h"
#include "sim/scenario/action_shape.h"
#include "sim/scenario/json_reader.h"
#include "sim/scenario/vocabulary.h"

namespace nutshell {

// Reads one action; reports all that is wrong with it by itself. nullopt: it cannot be known what it is.
std::optional<Action> read_action(JsonSource& reading, const Json& value, const std::string& path);

// Reports names that do not exist, and configuration that the target does not have.
void check_names(JsonSource& reading, const ActionBody& body, const std::string& path, const Vocabulary& known);

// The action as read_action() reads it; fields that have their usual value are left out.
nlohmann::ordered_json to_json(const Action& action);

}  // namespace nutshell
