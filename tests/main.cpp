// The entry point of the unit tests; doctest finds the test cases of every other file.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
