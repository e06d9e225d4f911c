// The keys that Kafka 4.x has and Nutshell does not simulate: known, so that nobody is told that there is no such thing.
#pragma once

#include <string_view>

#include "sim/kafka/config_keys.h"

namespace nutshell {

// Whether Kafka has a key of that name there, or had one in a version that people still run. What Nutshell simulates is
// not listed here.
bool is_real_key(ConfigScope scope, std::string_view key);

}  // namespace nutshell
