// Counts what a program takes from the heap with operator new; for benches and tests.
#pragma once

#include <cstdint>

namespace nutshell::testing {

// Since the program began; 0 under the address sanitizer.
std::int64_t allocations();

}  // namespace nutshell::testing
