// Bounds of whole numbers and durations.
#pragma once

#include <cstdint>
#include <limits>

namespace nutshell {

// Both ends included.
struct Bounds {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
};

}  // namespace nutshell
