// The cluster, the network, the topics and the clients of a scenario as JSON.
#pragma once

#include "sim/scenario/json_reader.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

// Reads "seed", "cluster", "network", "topics", "producers", "consumers" and plain kinds; reports all that is wrong with each of
// them by itself.
void read_setup(ObjectReader& file, Setup& setup);

// Reports what clients use and nothing defines, nor the script creates, sooner or later. `topics` includes those of the
// script. Whoever writes to a partition that is not there yet waits for it up to max.block.ms.
void check_clients(JsonSource& reading, const Setup& setup, const std::vector<Action>& script,
                   const std::vector<std::string>& topics);

// Reports what would take too long or too much memory: more than kMaxReplicas and kMaxRecords.
void check_size(JsonSource& reading, const Setup& setup, Time until);

// Writes the same members into `file`; what has its usual value is left out.
void write_setup(nlohmann::ordered_json& file, const Setup& setup);

}  // namespace nutshell
