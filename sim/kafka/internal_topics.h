// Topics of the cluster's own, by name.
#pragma once

#include <cstdint>
#include <string_view>

namespace nutshell {

inline constexpr std::string_view kOffsetsTopic = "__consumer_offsets";  // where groups are kept (G1)
inline constexpr std::int32_t kGroupRecordBytes = 200;                   // a record there, with its batch
inline constexpr std::string_view kSchemasTopic = "_schemas";            // where registries keep what they know
// Not of the cluster's users: pictures leave it out.
inline constexpr bool is_internal_topic(std::string_view name) { return name == kOffsetsTopic || name == kSchemasTopic; }

}  // namespace nutshell
