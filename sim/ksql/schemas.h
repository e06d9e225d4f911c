// Records of topics whose format has its schemas in the registry, as JSON (M1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/core/names.h"
#include "sim/kafka/serde.h"
#include "sim/streams/schema.h"

namespace nutshell {

// The text of a key or value as a record has it: JSON as a name (bytes.h), as far as the client can tell; else as it is.
std::string readable_name(const Names& names, const SchemaClient& client, streams::FormatKind kind, streams::WindowKind window,
                          std::string_view name);
// Nothing: these are no such bytes, or `unknown` is the id of a schema that the client has not asked for.
std::optional<std::string> json_of_wire(const Names& names, const SchemaClient& client, streams::FormatKind kind, std::string_view text,
                                        std::int32_t& unknown);

}  // namespace nutshell
