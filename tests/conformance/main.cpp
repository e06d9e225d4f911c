// The entry point of the conformance tests. A test case is named "conformance: <vector file>".
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
