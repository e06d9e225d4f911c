// What stands in _schemas, record by record, and back. For the files of this folder only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/schema/registry.h"

namespace nutshell {

// {"keytype":"SCHEMA","subject":"orders-value","version":2,"magic":1}; and of a record that only marks an end.
std::string schema_key(std::string_view subject, std::int32_t version);
std::string noop_key();
std::string schema_value(std::string_view subject, std::int32_t version, std::int32_t id, std::string_view schema);
// Takes over what a record says; of keys that it does not know, nothing.
void take_schema(Registry& registry, std::string_view key, std::string_view value);

}  // namespace nutshell
