#include "sim/connect/assignor.h"

#include <algorithm>
#include <vector>

#include "sim/core/require.h"

namespace nutshell::connect {
namespace {

// 10 ms twentyfold a round: the second round in a row waits 200 ms, the third 4 s, up to the longest delay.
Duration revocation_backoff(std::int64_t rounds, Duration most) {
  Duration delay = 10 * kMillisecond;
  for (std::int64_t i = 0; i < rounds && delay < most; ++i) delay *= 20;
  return std::min(delay, most);
}

template <class Unit>
std::set<Unit>& part(Units& units) {
  if constexpr (std::is_same_v<Unit, TaskId>) return units.tasks;
  else return units.connectors;
}
template <class Unit>
const std::set<Unit>& part(const Units& units) {
  if constexpr (std::is_same_v<Unit, TaskId>) return units.tasks;
  else return units.connectors;
}

// Round by round to those who have least, in the order of their names.
template <class Unit>
void deal(std::map<std::string, Units>& loads, const std::set<Unit>& units) {
  for (const Unit& unit : units) {
    Units* least = nullptr;
    for (auto& [member, load] : loads) {
      if (!least || part<Unit>(load).size() < part<Unit>(*least).size()) least = &load;
    }
    part<Unit>(*least).insert(unit);
  }
}

// What is above a fair share: the rounded-down one, and one more for as many members as the rest goes.
template <class Unit>
void surplus(const std::map<std::string, Units>& loads, std::size_t total, std::map<std::string, Units>& revoke) {
  const std::size_t fair = total / loads.size();
  std::size_t extra = total % loads.size();
  for (const auto& [member, load] : loads) {
    const std::size_t has = part<Unit>(load).size();
    if (has <= fair) continue;
    std::size_t keep = fair;
    if (extra > 0) ++keep, --extra;
    auto unit = part<Unit>(load).begin();
    for (std::size_t i = keep; i < has; ++i) part<Unit>(revoke[member]).insert(*unit++);
  }
}

// Units that two members say they have: taken from both.
Units had_twice(const std::map<std::string, Units>& owned) {
  Units seen, twice;
  for (const auto& [member, units] : owned) {
    for (const std::string& each : units.connectors) {
      if (!seen.connectors.insert(each).second) twice.connectors.insert(each);
    }
    for (const TaskId& each : units.tasks) {
      if (!seen.tasks.insert(each).second) twice.tasks.insert(each);
    }
  }
  return twice;
}

Units common(const Units& a, const Units& b) { return without(a, without(a, b)); }

}  // namespace

void Assignor::reset_delay() {
  candidates_.clear();
  deadline_ = 0;
  delay_ = 0;
}

// C6: units that vanished with their member wait for it, until the deadline that the first rebalance has set.
void Assignor::handle_lost(const Units& lost, Units& fresh, Loads& loads, Time now) {
  if (lost.empty()) return reset_delay();
  const bool nobody_left =
      std::all_of(previous_members_.begin(), previous_members_.end(), [&](const auto& each) { return loads.count(each) > 0; });
  if (deadline_ <= 0 && nobody_left) {
    // They were given in a round that somebody did not hear of.
    fresh.add(lost);
    return;
  }
  if (max_delay_ == 0) {
    fresh.add(lost);
    return;
  }
  if (deadline_ > 0 && now >= deadline_) {
    Loads empty;
    for (const std::string& member : candidates_) {
      if (loads.count(member)) empty[member] = {};
    }
    if (empty.empty()) {
      fresh.add(lost);
    } else {
      deal(empty, lost.connectors);
      deal(empty, lost.tasks);
      for (const auto& [member, units] : empty) loads[member].add(units);
    }
    return reset_delay();
  }
  for (const auto& [member, load] : loads) {
    if (load.empty()) candidates_.insert(member);
  }
  delay_ = now < deadline_ ? std::min(deadline_ - now, max_delay_) : max_delay_;
  deadline_ = now + delay_;
}

// C5: rounds that revoke for balance follow each other ever more slowly.
bool Assignor::may_revoke(bool uneven, Time now) {
  if (!uneven) {
    revoked_last_ = false;
    revoking_rounds_ = 0;
    return false;
  }
  if (!revoked_last_) return revoked_last_ = true;
  delay_ = revocation_backoff(++revoking_rounds_, max_delay_);
  if (delay_ == 0) return true;
  revoked_last_ = false;  // once the wait is over, it may
  deadline_ = now + delay_;
  return false;
}

Decision Assignor::assign(const std::map<std::string, Units>& owned, const Units& configured, Time now,
                          std::int32_t completed, std::int32_t generation) {
  NUTSHELL_REQUIRE(!owned.empty());
  if (previous_generation_ != completed) previous_ = {};
  Units active;
  for (const auto& [member, units] : owned) active.add(units);
  // What was revoked and is there all the same was not heard of.
  if (meet(revoked_, active)) previous_ = active;
  revoked_ = {};

  const Units deleted = without(active, configured);
  const Units gone = without(previous_, configured);
  const Units lost = without(without(previous_, active), gone);
  Units fresh = without(without(configured, previous_), active);
  const Units twice = had_twice(owned);

  std::map<std::string, Units> revoke;
  Loads loads, single;
  for (const auto& [member, units] : owned) {
    Units unwanted = common(units, deleted);
    unwanted.add(common(units, twice));
    if (!unwanted.empty()) revoke[member] = unwanted;
    loads[member] = without(units, deleted);
    single[member] = without(units, unwanted);
  }
  const Loads before = loads;
  handle_lost(lost, fresh, loads, now);
  if (delay_ == 0) {
    std::map<std::string, Units> uneven;
    surplus<std::string>(single, configured.connectors.size(), uneven);
    surplus<TaskId>(single, configured.tasks.size(), uneven);
    if (may_revoke(!uneven.empty(), now)) {
      for (const auto& [member, units] : uneven) revoke[member].add(units);
    }
  }
  deal(loads, fresh.connectors);
  deal(loads, fresh.tasks);

  Decision decision;
  decision.delay = delay_;
  if (deadline_ > 0) decision.lost = lost;
  previous_ = {};
  for (const auto& [member, load] : loads) {
    decision.members[member] = {without(load, before.at(member)), revoke[member]};
    previous_.add(load);
  }
  for (const auto& [member, units] : revoke) {
    previous_.remove(units);
    revoked_.add(units);
  }
  previous_.add(lost);
  previous_generation_ = generation;
  previous_members_.clear();
  for (const auto& [member, units] : owned) previous_members_.insert(member);
  return decision;
}

}  // namespace nutshell::connect
