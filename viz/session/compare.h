// Two worlds of the same cluster held against each other: two branches at one time, or one branch at two.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/difference.h"
#include "sim/history/timeline.h"
#include "viz/session/place.h"

namespace nutshell {

// Whether what is drawn at the place is not the same in both.
bool differs(const World& left, const World& right, const Place& place);

// The facts of two runs that make their stories: how many there are in either, and in one alone.
class FactsApart {
 public:
  FactsApart() = default;
  FactsApart(const Timeline& left, const Timeline& right);
  // "3 of 31 facts differ so far"
  std::string text(Time now) const;

 private:
  std::vector<Time> all_, apart_;  // sorted
};

}  // namespace nutshell
