#include "sim/cost/curve.h"

#include "sim/core/require.h"

namespace nutshell {
namespace {

constexpr std::int64_t kScan = 500;  // how many loads are looked at before it is looked closer
constexpr std::int64_t kPrecision = 1000;

Load at_rate(Load load, std::int64_t bytes_per_second) {
  load.bytes_per_second = bytes_per_second;
  return load;
}

}  // namespace

std::vector<CurvePoint> cost_curve(const std::vector<CostProduct>& products, const Load& load, const PriceList& prices,
                                   std::int64_t most, std::int64_t steps) {
  NUTSHELL_REQUIRE(steps >= 1);
  std::vector<CurvePoint> points;
  for (std::int64_t i = 0; i <= steps; ++i) {
    CurvePoint point;
    point.bytes_per_second = static_cast<std::int64_t>(static_cast<__int128>(most) * i / steps);
    for (const CostProduct each : products) point.totals.push_back(bill_of(each, at_rate(load, point.bytes_per_second), prices).total);
    points.push_back(std::move(point));
  }
  return points;
}

std::optional<std::int64_t> crossing(CostProduct cluster, CostProduct other, const Load& load, const PriceList& prices,
                                     std::int64_t most) {
  const auto cheaper = [&](std::int64_t bytes) {
    const Load there = at_rate(load, bytes);
    return bill_of(cluster, there, prices).total <= bill_of(other, there, prices).total;
  };
  std::int64_t dear = 0;
  for (std::int64_t i = 0; i <= kScan; ++i) {
    const auto rate = static_cast<std::int64_t>(static_cast<__int128>(most) * i / kScan);
    if (!cheaper(rate)) {
      dear = rate;
      continue;
    }
    std::int64_t cheap = rate;
    while (cheap - dear > kPrecision) {
      const std::int64_t middle = dear + (cheap - dear) / 2;
      if (cheaper(middle)) cheap = middle;
      else dear = middle;
    }
    return cheap;
  }
  return std::nullopt;
}

std::int64_t days_of_offsets(std::int64_t a_day) {
  NUTSHELL_REQUIRE(a_day >= 1);
  return INT64_MAX / a_day;
}

}  // namespace nutshell
