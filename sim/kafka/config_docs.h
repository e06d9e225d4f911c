// What each configuration key means; the table behind config_keys().
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "sim/kafka/config_keys.h"

namespace nutshell {

inline constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

struct ConfigDoc {
  ConfigScope scope;
  std::string_view name;
  std::int64_t minimum;  // in the unit of the key
  std::int64_t maximum;
  std::string_view doc;
  std::string_view note;
};

const std::vector<ConfigDoc>& config_docs();

}  // namespace nutshell
