#include "tests/allocations.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

// Of each thread its own: one that all of them share would cost more than some of what is measured.
thread_local constinit std::int64_t count = 0;
thread_local constinit bool watched = false;
thread_local constinit nutshell::testing::HeapUse use;

[[maybe_unused]] void note(std::int64_t bytes) {
  use.bytes += bytes;
  use.most = std::max(use.most, use.bytes);
}

[[maybe_unused]] std::int64_t bytes_of(void* taken) { return static_cast<std::int64_t>(malloc_usable_size(taken)); }

}  // namespace

std::int64_t nutshell::testing::allocations() { return count; }

void nutshell::testing::watch_heap() {
  watched = true;
  use = {};
}

nutshell::testing::HeapUse nutshell::testing::heap_use() { return use; }

// The other forms of new and delete come down to these. The address sanitizer has its own, and none may come in between.
#ifndef __SANITIZE_ADDRESS__
void* operator new(std::size_t size) {
  ++count;
  void* taken = std::malloc(size == 0 ? 1 : size);
  if (!taken) throw std::bad_alloc();
  if (watched) note(bytes_of(taken));
  return taken;
}
void operator delete(void* taken) noexcept {
  if (watched && taken) note(-bytes_of(taken));
  std::free(taken);
}
void operator delete(void* taken, std::size_t) noexcept { operator delete(taken); }
#endif
