#include "sim/kafka/partition_change.h"

#include "sim/core/require.h"

namespace nutshell {

namespace {

struct Elected {
  BrokerId leader = kNoBroker;
  bool unclean = false;
};

bool acceptable(const PartitionChange& change, BrokerId broker) {
  return broker != kNoBroker && change.acceptable_leaders.contains(static_cast<std::int16_t>(broker));
}

bool may_lead(const PartitionChange& change, BrokerId broker) {
  return acceptable(change, broker) && change.target_isr.contains(static_cast<std::int16_t>(broker));
}

// R14: candidates are tried in assignment order; a valid leader stays, unless the preferred one is wanted.
Elected elect(const PartitionRegistration& before, const PartitionChange& change) {
  const BrokerId preferred = before.replicas[0];
  if (change.election == Election::preferred && may_lead(change, preferred)) return {preferred, false};
  if (may_lead(change, before.leader)) return {before.leader, false};
  for (BrokerId replica : before.replicas)
    if (may_lead(change, replica)) return {replica, false};
  if (change.election != Election::unclean) return {};
  for (BrokerId replica : before.replicas)
    if (acceptable(change, replica)) return {replica, true};
  return {};
}

}  // namespace

std::optional<PartitionChanged> change_partition(const PartitionRegistration& before, const PartitionChange& change) {
  NUTSHELL_REQUIRE(!before.replicas.empty());
  const Elected elected = elect(before, change);
  PartitionChanged changed;
  changed.state = before;
  changed.state.recovering = change.recovering;
  if (!change.target_isr.empty()) changed.state.isr = change.target_isr;
  if (elected.leader != before.leader) {
    changed.state.leader = elected.leader;
    changed.state.leader_epoch += 1;
    changed.unclean = elected.unclean;
  }
  if (changed.unclean) {
    changed.state.isr = {static_cast<std::int16_t>(elected.leader)};
    changed.state.recovering = true;
  }
  if (changed.state == before) return std::nullopt;
  changed.state.partition_epoch += 1;
  return changed;
}

}  // namespace nutshell
