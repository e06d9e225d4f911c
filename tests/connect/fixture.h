// Values in a few letters, for tests of Connect.
#pragma once

#include <string>

#include "sim/connect/data.h"

namespace nutshell::connect {

inline Value number(std::int64_t is) { return Value(is); }
inline Value text(const std::string& is) { return Value(is); }

}  // namespace nutshell::connect
