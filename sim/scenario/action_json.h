// Actions as JSON, from their field lists alone: {"at": "12s", "do": "crash", "node": "broker 1"}.
#pragma once

#include <optional>
#include <string>

#include "sim/cluster/action.h"
#include "sim/scenario/action_shape.h"
#include "sim/scenario/json_reader.h"
#include "sim/scenario/vocabulary.h"

namespace nutshell {

// Reads one action; reports all that is wrong with it by itself. nullopt: it cannot be known what it is. What the action
// waits for, if it does, is still to be read: facts speak of names that other actions may create.
std::optional<Action> read_action(JsonSource& reading, const Json& value, const std::string& path);

// Reads what the action waits for, if it does, and reports names that do not exist and configuration that the target does
// not have. REQUIRES `value` is where the action was read from.
void read_names(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known, Action& action);

// The action as read_action() reads it; fields that have their usual value are left out.
nlohmann::ordered_json to_json(const Action& action);

}  // namespace nutshell
