// How the fast allocator behaves: a part of every program that is linked with it.
//
// What is freed stays ours for a minute. Given back at once, as is usual, it is soon asked for again, and each page of
// 4 KiB then costs a page fault, on a virtual machine more than 10 us: a fifth of a front end's time, and stalls of
// 50 ms where fonts are loaded or a session begins.
#include <mimalloc.h>

namespace {

constexpr long kKept = 60'000;  // ms

[[maybe_unused]] const bool kSet = [] {
#if MI_MALLOC_VERSION >= 210
  mi_option_set(mi_option_purge_delay, kKept);
#else
  mi_option_set(mi_option_decommit_delay, kKept);
#endif
  return true;
}();

}  // namespace
