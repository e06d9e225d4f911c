#include "sim/history/chronicle.h"

#include <algorithm>
#include <limits>

#include "sim/core/require.h"

namespace nutshell {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

}  // namespace

Chronicle::Pages& Chronicle::own() {
  if (pages_.use_count() != 1) pages_ = std::make_shared<Pages>(*pages_);
  return *pages_;
}

void Chronicle::append(const StepRecord& record, const std::vector<Fact>& facts, FactLevel keep) {
  Pages& pages = own();
  NUTSHELL_REQUIRE(pages.steps.size() < kNone && pages.facts.size() < kNone);
  const std::uint32_t cause = record.cause == kNoStep ? kNone : static_cast<std::uint32_t>(record.cause);
  pages.steps.push_back({record.at, cause, static_cast<std::uint32_t>(pages.facts.size()), record.node, record.from,
                         record.action, record.event, record.timer, record.message});
  for (const Fact& each : facts)
    if (keep == FactLevel::detail || fact_level(each.body) <= keep) pages.facts.push_back(each);
}

void Chronicle::cut(Step steps) {
  if (steps >= this->steps()) return;
  const std::size_t facts = facts_of(steps).first;
  if (pages_.use_count() == 1) {
    pages_->steps.resize(steps);
    pages_->facts.erase(pages_->facts.begin() + static_cast<std::ptrdiff_t>(facts), pages_->facts.end());
    return;
  }
  auto shorter = std::make_shared<Pages>();
  shorter->steps.assign(pages_->steps.begin(), pages_->steps.begin() + static_cast<std::ptrdiff_t>(steps));
  shorter->facts.assign(pages_->facts.begin(), pages_->facts.begin() + static_cast<std::ptrdiff_t>(facts));
  pages_ = std::move(shorter);
}

StepRecord Chronicle::record(Step step) const {
  NUTSHELL_REQUIRE(step < steps());
  const Packed& packed = pages_->steps[step];
  const Step cause = packed.cause == kNone ? kNoStep : packed.cause;
  return {packed.at, cause, packed.node, packed.from, packed.action, packed.event, packed.timer, packed.message};
}

std::pair<std::size_t, std::size_t> Chronicle::facts_of(Step step) const {
  NUTSHELL_REQUIRE(step < steps());
  const std::size_t last = step + 1 < steps() ? pages_->steps[step + 1].first_fact : pages_->facts.size();
  return {pages_->steps[step].first_fact, last};
}

Step Chronicle::steps_until(Time time) const {
  const auto above = std::upper_bound(pages_->steps.begin(), pages_->steps.end(), time,
                                      [](Time wanted, const Packed& each) { return wanted < each.at; });
  return static_cast<Step>(above - pages_->steps.begin());
}

}  // namespace nutshell
