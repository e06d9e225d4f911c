// Two worlds of the same cluster held against each other: two branches at one time, or one branch at two.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/difference.h"
#include "sim/history/timeline.h"
#include "sim/session/place.h"

namespace nutshell {

// Whether what is drawn at the place is not the same in both.
bool differs(const World& left, const World& right, const Place& place);

// The facts of two runs that make their stories. The same fact in both, a moment earlier or later, is no difference: that
// is what timers and the way messages take bring with them.
class FactsApart {
 public:
  FactsApart() = default;
  FactsApart(const Timeline& left, const Timeline& right);
  // "3 of 31 facts differ so far"
  std::string text(Time now) const;
  // Where a viewer sees them part: at the first fact that differs. `step` counts steps of the left one until then.
  const std::optional<Divergence>& first() const { return first_; }

 private:
  std::vector<Time> all_, apart_;  // sorted
  std::optional<Divergence> first_;
};

}  // namespace nutshell
