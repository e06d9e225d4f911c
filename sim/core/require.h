// Assertions that stay on in release builds. They state what must hold if this program is right;
// bad input is never an assertion.
#pragma once

namespace nutshell {

// Prints file, line and condition to stderr and aborts.
[[noreturn, gnu::cold]] void requirement_failed(const char* condition, const char* file, int line);

}  // namespace nutshell

#define NUTSHELL_REQUIRE(condition) \
  ((condition) ? void(0) : ::nutshell::requirement_failed(#condition, __FILE__, __LINE__))
