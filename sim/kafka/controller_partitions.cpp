// Partitions as the active controller changes them: ISRs and leaders (R7, R12-R15, R17).
#include <algorithm>
#include <bit>

#include "sim/core/require.h"
#include "sim/kafka/controller_internal.h"

namespace nutshell {

namespace {

constexpr std::int32_t kMaxElectionsPerBalance = 1000;  // ReplicationControlManager.MAX_ELECTIONS_PER_IMBALANCE

using Topic = TopicRegistration;
using Partition = PartitionRegistration;

bool contains(const BrokerList& list, BrokerId broker) { return list.contains(static_cast<std::int16_t>(broker)); }

bool unclean_allowed(const Controller& controller, const Topic& topic) {
  const std::int8_t of_topic = topic.config.unclean_leader_election_enable;
  return of_topic < 0 ? controller.config.unclean_leader_election_enable : of_topic != 0;
}

// Replicas that are active, on disks that work (R14, R22); `gone` counts as not, `returned` as active.
BrokerList acceptable_leaders(const Controller& controller, TopicPartition tp, const Partition& partition, BrokerId gone = kNoBroker,
                              BrokerId returned = kNoBroker) {
  BrokerList leaders;
  for (std::int16_t replica : partition.replicas) {
    const bool active = replica == returned || controller.working.active(replica);
    if (replica != gone && active && controller.working.directory_online(tp, replica)) leaders.push_back(replica);
  }
  return leaders;
}

// The change that leaves the ISR as it is.
PartitionChange change_of(const Controller& controller, TopicPartition tp, const Topic& topic, const Partition& partition) {
  PartitionChange change;
  change.target_isr = partition.isr;
  change.acceptable_leaders = acceptable_leaders(controller, tp, partition);
  change.election = unclean_allowed(controller, topic) ? Election::unclean : Election::online;
  change.recovering = partition.recovering;
  return change;
}

void report_isr(Env& env, TopicPartition tp, const Partition& before, const Partition& after, bool by_leader,
                Step because) {
  const auto size = static_cast<std::int32_t>(after.isr.size());
  for (std::int16_t broker : before.isr)
    if (!after.isr.contains(broker)) env.emit(IsrShrunk{tp, broker, size, after.partition_epoch, by_leader}, because);
  for (std::int16_t broker : after.isr)
    if (!before.isr.contains(broker)) env.emit(IsrExpanded{tp, broker, size, after.partition_epoch}, because);
}

void report_leader(Env& env, TopicPartition tp, const Partition& before, const PartitionChanged& after,
                   Step because) {
  const Partition& state = after.state;
  if (state.leader == before.leader) return;
  if (state.leader == kNoBroker) env.emit(PartitionOffline{tp, before.leader, state.leader_epoch}, because);
  else env.emit(LeaderElected{tp, state.leader, before.leader, state.leader_epoch, after.unclean}, because);
}

// `by_leader`: the partition's leader proposed it. True if anything changed. An unclean election replaces the
// ISR: nobody left it, nobody joined it.
bool write_change(Env& env, Controller& controller, TopicPartition tp, const PartitionChange& change, bool by_leader,
                  Step because) {
  const Partition before = *controller.working.partition(tp);
  const auto after = change_partition(before, change);
  if (!after) return false;
  if (!after->unclean) report_isr(env, tp, before, after->state, by_leader, because);
  report_leader(env, tp, before, *after, because);
  write_record(env, controller, PartitionRecord{tp, after->state});
  return true;
}

// Calls visit(tp, topic, partition) for each partition, in order of creation. `visit` may write records, and
// then its references are dead; it returns false to end the tour.
template <class Visit>
void for_each_partition(const Controller& controller, Visit visit) {
  const auto& topics = controller.working.topics();
  for (std::size_t t = 0; t < topics.size(); ++t) {
    for (std::size_t p = 0; p < topics[t]->partitions.size(); ++p) {
      const TopicPartition tp{topics[t]->topic, static_cast<std::int32_t>(p)};
      if (!visit(tp, *topics[t], topics[t]->partitions[p])) return;
    }
  }
}

BrokerList list_of(const std::vector<IsrMember>& members) {
  BrokerList list;
  for (const IsrMember& each : members) list.push_back(static_cast<std::int16_t>(each.broker));
  return list;
}

bool is_subset(const std::vector<IsrMember>& members, const BrokerList& replicas) {
  return !members.empty() && members.size() <= replicas.size() &&
         std::all_of(members.begin(), members.end(),
                     [&](const IsrMember& each) { return contains(replicas, each.broker); });
}

bool eligible(const Controller& controller, const IsrMember& member) {
  const BrokerRegistration* broker = controller.working.broker(member.broker);
  if (!broker || !controller.working.active(member.broker)) return false;
  return member.broker_epoch < 0 || member.broker_epoch == broker->broker_epoch;
}

// R7, in the order of ReplicationControlManager.validateAlterPartitionData.
ErrorCode check_alter_partition(const Controller& controller, const AlterPartitionRequest& asked) {
  const ErrorCode stale = check_broker_epoch(controller, asked.broker, asked.broker_epoch);
  if (stale != ErrorCode::none) return stale;
  const Partition* partition = controller.working.partition(asked.tp);
  if (!partition) return ErrorCode::unknown_topic_or_partition;
  if (asked.incarnation != controller.working.incarnation(asked.tp.topic)) return ErrorCode::unknown_topic_id;
  if (asked.leader_epoch > partition->leader_epoch || asked.partition_epoch > partition->partition_epoch)
    return ErrorCode::not_controller;
  if (asked.leader_epoch < partition->leader_epoch) return ErrorCode::fenced_leader_epoch;
  if (asked.broker != partition->leader) return ErrorCode::invalid_request;
  if (asked.partition_epoch < partition->partition_epoch) return ErrorCode::invalid_update_version;
  if (!is_subset(asked.new_isr, partition->replicas)) return ErrorCode::invalid_request;
  if (!contains(list_of(asked.new_isr), partition->leader)) return ErrorCode::invalid_request;
  for (const IsrMember& each : asked.new_isr)
    if (!eligible(controller, each)) return ErrorCode::ineligible_replica;
  return ErrorCode::none;
}

bool has_preferred_leader(const Partition& partition) { return partition.leader == partition.replicas[0]; }

bool elect_preferred(Env& env, Controller& controller, TopicPartition tp, PartitionChange change) {
  change.election = Election::preferred;
  return write_change(env, controller, tp, change, false, kNoStep);
}

ErrorCode try_election(Env& env, Controller& controller, const ElectLeadersRequest& asked) {
  const Partition* partition = controller.working.partition(asked.tp);
  if (!partition) return ErrorCode::unknown_topic_or_partition;
  const bool satisfied = asked.unclean ? partition->leader != kNoBroker : has_preferred_leader(*partition);
  if (satisfied) return ErrorCode::election_not_needed;
  PartitionChange change = change_of(controller, asked.tp, *controller.working.topic(asked.tp.topic), *partition);
  change.election = asked.unclean ? Election::unclean : Election::preferred;
  if (write_change(env, controller, asked.tp, change, false, kNoStep)) return ErrorCode::none;
  return asked.unclean ? ErrorCode::eligible_leaders_not_available : ErrorCode::preferred_leader_not_available;
}

}  // namespace

void remove_from_isrs(Env& env, Controller& controller, BrokerId broker, Step because) {
  for_each_partition(controller, [&](TopicPartition tp, const Topic& topic, const Partition& p) {
    if (!contains(p.isr, broker)) return true;
    PartitionChange change = change_of(controller, tp, topic, p);
    change.target_isr.remove(static_cast<std::int16_t>(broker));
    change.acceptable_leaders = acceptable_leaders(controller, tp, p, broker);
    write_change(env, controller, tp, change, false, because);
    return true;
  });
}

void take_directories_offline(Env& env, Controller& controller, BrokerId broker, DirectorySet offline) {
  const BrokerRegistration* registered = controller.working.broker(broker);
  const DirectorySet known = registered->offline;
  if (registered->fenced || (offline | known) == known) return;  // what has failed is back only after a restart
  env.emit(DirectoriesOffline{broker, static_cast<std::int32_t>(std::popcount(offline))});
  write_record(env, controller, DirectoriesOfflineRecord{broker, offline | known});
  for_each_partition(controller, [&](TopicPartition tp, const Topic& topic, const Partition& p) {
    if (!contains(p.replicas, broker) || controller.working.directory_online(tp, broker)) return true;
    PartitionChange change = change_of(controller, tp, topic, p);
    change.target_isr.remove(static_cast<std::int16_t>(broker));
    write_change(env, controller, tp, change, false, kNoStep);
    return true;
  });
}

// A replica may be told of when its directory has failed already.
void assign_to_directories(Env& env, Controller& controller, const RequestId& request, const AssignReplicasToDirsRequest& asked) {
  AssignReplicasToDirsResponse response;
  response.error = check_broker_epoch(controller, asked.broker, asked.broker_epoch);
  for (const PlacedReplica& each : asked.replicas) {
    const Partition* partition = controller.working.partition(each.tp);
    const bool known = partition && controller.working.incarnation(each.tp.topic) == each.incarnation;
    if (response.error != ErrorCode::none || !known) continue;
    write_record(env, controller, ReplicaDirectoryRecord{{each.tp, asked.broker, each.directory}});
    if (controller.working.directory_online(each.tp, asked.broker)) continue;
    PartitionChange change = change_of(controller, each.tp, *controller.working.topic(each.tp.topic), *partition);
    change.target_isr.remove(static_cast<std::int16_t>(asked.broker));
    write_change(env, controller, each.tp, change, false, kNoStep);
  }
  answer(env, controller, request, response);
}

void elect_offline(Env& env, Controller& controller, BrokerId returned) {
  for_each_partition(controller, [&](TopicPartition tp, const Topic& topic, const Partition& p) {
    if (p.leader != kNoBroker) return true;
    PartitionChange change = change_of(controller, tp, topic, p);
    change.acceptable_leaders = acceptable_leaders(controller, tp, p, kNoBroker, returned);
    write_change(env, controller, tp, change, false, kNoStep);
    return true;
  });
}

bool leads_anything(const Controller& controller, BrokerId broker) {
  bool leads = false;
  for_each_partition(controller, [&](TopicPartition, const Topic&, const Partition& p) {
    leads = p.leader == broker;
    return !leads;
  });
  return leads;
}

void alter_partition(Env& env, Controller& controller, const RequestId& request, const AlterPartitionRequest& asked) {
  AlterPartitionResponse response;
  response.tp = asked.tp;
  response.error = check_alter_partition(controller, asked);
  if (response.error == ErrorCode::none) {
    const Partition& partition = *controller.working.partition(asked.tp);
    PartitionChange change = change_of(controller, asked.tp, *controller.working.topic(asked.tp.topic), partition);
    change.target_isr = list_of(asked.new_isr);
    change.recovering = false;  // a leader that proposes an ISR has recovered
    write_change(env, controller, asked.tp, change, true, kNoStep);
    response.state = *controller.working.partition(asked.tp);
  }
  answer(env, controller, request, response);
}

void elect_leaders(Env& env, Controller& controller, const RequestId& request, const ElectLeadersRequest& asked) {
  ElectLeadersResponse response;
  response.error = try_election(env, controller, asked);
  answer(env, controller, request, response);
}

void balance_leaders(Env& env, Controller& controller) {
  std::int32_t elections = 0;
  for_each_partition(controller, [&](TopicPartition tp, const Topic& topic, const Partition& p) {
    if (has_preferred_leader(p)) return true;
    if (elect_preferred(env, controller, tp, change_of(controller, tp, topic, p))) ++elections;
    return elections < kMaxElectionsPerBalance;
  });
}

}  // namespace nutshell
