// Counts what a program takes from the heap with operator new; for benches and tests.
#pragma once

#include <cstdint>

namespace nutshell::testing {

// Of the thread that asks, since it began; 0 under the address sanitizer.
std::int64_t allocations();

// From now on, how much of the heap the calling thread takes beyond what it had: now, and at most.
struct HeapUse {
  std::int64_t bytes = 0, most = 0;
};
void watch_heap();
HeapUse heap_use();

}  // namespace nutshell::testing
