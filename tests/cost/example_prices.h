// The price list that comes with the program, for tests.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "sim/cost/prices.h"

namespace nutshell::testing {

inline std::string example_prices_text() {
  std::ifstream in(NUTSHELL_SOURCE_DIR "/assets/prices/example.json");
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

inline PriceList example_prices() {
  const PriceListResult read = read_prices(example_prices_text());
  REQUIRE_MESSAGE(read.list, read.problem);
  return *read.list;
}

}  // namespace nutshell::testing
