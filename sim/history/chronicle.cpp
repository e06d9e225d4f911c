#include "sim/history/chronicle.h"

#include <algorithm>
#include <limits>

#include "sim/core/require.h"

namespace nutshell {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void Chronicle::append(const StepRecord& record, const std::vector<Fact>& facts, FactLevel keep) {
  NUTSHELL_REQUIRE(steps_.size() < kNone && facts_.size() < kNone);
  const std::uint32_t cause = record.cause == kNoStep ? kNone : static_cast<std::uint32_t>(record.cause);
  steps_.push_back({record.at, cause, static_cast<std::uint32_t>(facts_.size()), record.node, record.from, record.action,
                    record.event, record.timer, record.message});
  for (const Fact& each : facts)
    if (keep == FactLevel::detail || fact_level(each.body) <= keep) facts_.push_back(each);
}

void Chronicle::cut(Step steps) {
  if (steps >= this->steps()) return;
  facts_.truncate(facts_of(steps).first);
  steps_.truncate(steps);
}

StepRecord Chronicle::record(Step step) const {
  NUTSHELL_REQUIRE(step < steps());
  const Packed& packed = steps_[step];
  const Step cause = packed.cause == kNone ? kNoStep : packed.cause;
  return {packed.at, cause, packed.node, packed.from, packed.action, packed.event, packed.timer, packed.message};
}

std::pair<std::size_t, std::size_t> Chronicle::facts_of(Step step) const {
  NUTSHELL_REQUIRE(step < steps());
  const std::size_t last = step + 1 < steps() ? steps_[step + 1].first_fact : facts_.size();
  return {steps_[step].first_fact, last};
}

Step Chronicle::steps_until(Time time) const {
  const auto above = std::upper_bound(steps_.begin(), steps_.end(), time,
                                      [](Time wanted, const Packed& each) { return wanted < each.at; });
  return static_cast<Step>(above - steps_.begin());
}

}  // namespace nutshell
