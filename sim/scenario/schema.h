// The JSON Schema of scenario files, for editors that complete and check while one writes.
#pragma once

#include <string>

namespace nutshell {

// Made from the tables of actions, facts, promises and configuration keys. It stands beside the scenarios as
// scenario.schema.json; a test fails when the two differ. A file that read.h takes is valid by it; names that depend
// on the file itself (nodes, topics) only read.h can check.
std::string scenario_schema();

}  // namespace nutshell
