#include "tests/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::int64_t> count{0};

}  // namespace

std::int64_t nutshell::testing::allocations() { return count.load(std::memory_order_relaxed); }

// The other forms of new and delete come down to these. The address sanitizer has its own, and none may come in between.
#ifndef __SANITIZE_ADDRESS__
void* operator new(std::size_t size) {
  count.fetch_add(1, std::memory_order_relaxed);
  if (void* taken = std::malloc(size == 0 ? 1 : size)) return taken;
  throw std::bad_alloc();
}
void operator delete(void* taken) noexcept { std::free(taken); }
void operator delete(void* taken, std::size_t) noexcept { std::free(taken); }
#endif
