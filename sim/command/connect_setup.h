// Set-ups of Kafka Connect from files, for the commands that run and draw them.
#pragma once

#include <string>

#include "sim/connect/setup_json.h"

namespace nutshell {

// With all that stands outside taken in: { "sqlite": "shop.db" } as its tables, { "read": "in.txt" } as its text, from beside the file.
// `tree` is the file as it would have to be to need neither. Throws Failure.
connect::Setup read_connect_setup(const std::string& file, JsonTree& tree);

}  // namespace nutshell
