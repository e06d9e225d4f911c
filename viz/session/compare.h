// Two worlds of the same cluster held against each other: two branches at one time, or one branch at two.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/world.h"
#include "viz/session/place.h"

namespace nutshell {

// Whether what is drawn at the place is not the same in both.
bool differs(const World& left, const World& right, const Place& place);

// A value of Kafka's tools that is not the same in both; "-" where one side has no such row.
struct Difference {
  std::string what;    // "topics orders 0: Leader"
  std::string left, right;
};
std::vector<Difference> differences(const World& left, const World& right);

}  // namespace nutshell
