// The cluster, the network, the topics and the clients of a scenario as JSON.
#pragma once

#include "sim/scenario/json_reader.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

// Reads "seed", "cluster", "network", "topics", "producers" and "consumers"; reports all that is wrong with each of
// them by itself.
void read_setup(ObjectReader& file, Setup& setup);

// Reports names that clients use and nothing defines. `topics` includes those that the script creates.
void check_clients(JsonSource& reading, const Setup& setup, const std::vector<std::string>& topics);

// Reports what would take too long or too much memory: more than kMaxReplicas and kMaxRecords.
void check_size(JsonSource& reading, const Setup& setup, Time until);

// Writes the same members into `file`; what has its usual value is left out.
void write_setup(nlohmann::ordered_json& file, const Setup& setup);

}  // namespace nutshell
