// How the fast allocator behaves: a part of every program that is linked with it.
//
// What is freed stays ours for a minute. Given back at once, as is usual, it is soon asked for again, and each page of
// 4 KiB then costs a page fault, on a virtual machine more than 10 us: a fifth of a front end's time, and stalls of
// 50 ms where fonts are loaded or a session begins.
//
// Where the system has pages of 2 MiB they are asked for: a large cluster's events touch hundreds of megabytes, and with pages
// of 4 KiB a fourth of its time goes into finding out where these lie.
#include <mimalloc.h>

namespace {

constexpr long kKept = 60'000;  // ms

[[maybe_unused]] const bool kSet = [] {
#if MI_MALLOC_VERSION >= 210
  mi_option_set(mi_option_purge_delay, kKept);
  mi_option_set(mi_option_allow_large_os_pages, 1);
#else
  mi_option_set(mi_option_decommit_delay, kKept);
  mi_option_set(mi_option_large_os_pages, 1);
#endif
  return true;
}();

}  // namespace
