// Two worlds of one cluster held against each other, as lists of what Kafka's tools would print differently: one run at
// two moments, or two runs at one.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

// A value that is not the same in both; "-" where one side has no such row.
struct Difference {
  std::string what;  // "topics orders 0: Leader"
  std::string left, right;
};

// By subjects of describe(), in their order. When a follower last fetched is left out: it differs at any two moments.
std::vector<Difference> differences(const World& left, const World& right);

}  // namespace nutshell
