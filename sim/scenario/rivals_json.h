// "workload" of a scenario: one workload on several systems, in the place of a cluster.
#pragma once

#include "sim/cluster/world.h"
#include "sim/scenario/json_reader.h"

namespace nutshell {

// Reads it, if the file has it: then the setup is one of rivals, and what a cluster consists of is out of place.
void read_rivals(ObjectReader& file, Setup& setup);
nlohmann::ordered_json rivals_json(const RivalsSetup& rivals);

}  // namespace nutshell
