// Among the topics that a client wants: every topic there is, as for subscribe() with a pattern.
#pragma once

#include <cstdint>

namespace nutshell {

inline constexpr std::int32_t kAllTopics = -2;

}  // namespace nutshell
