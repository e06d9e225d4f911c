// The bill over the load, where two of them cross, and the sums that a talk makes (T3, T9, T10).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/cost/bill.h"

namespace nutshell {

struct CurvePoint {
  std::int64_t bytes_per_second = 0;
  std::vector<Money> totals;  // one for each of `products`
};
// From nothing to `most` bytes a second, in so many equal steps. REQUIRES steps >= 1.
std::vector<CurvePoint> cost_curve(const std::vector<CostProduct>& products, const Load& load, const PriceList& prices,
                                   std::int64_t most, std::int64_t steps);

// The least load, to a thousand bytes a second, from which `cluster` costs no more than `other`; nothing: not up to `most`.
std::optional<std::int64_t> crossing(CostProduct cluster, CostProduct other, const Load& load, const PriceList& prices,
                                     std::int64_t most);

// An offset has 63 bits: for how many days so many records a day last, in one partition. REQUIRES a_day >= 1.
std::int64_t days_of_offsets(std::int64_t a_day);

}  // namespace nutshell
