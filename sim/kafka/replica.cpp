// Roles of replicas and the leader's high watermark (R4, R8, R9, L19).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

Replica& find_or_add(Broker& broker, TopicPartition tp) {
  if (Replica* found = broker.replica(tp)) return *found;
  Replica fresh;
  fresh.tp = tp;
  fresh.incarnation = broker.image.incarnation(tp.topic);
  fresh.log.let_flushes_lie(broker.disk.lies);
  fresh.directory = choose_directory(broker);
  const auto place = static_cast<std::ptrdiff_t>(broker.replica_keys.add(tp));
  // By an eighth instead of as much again: most memory of a large cluster is here.
  if (const std::size_t size = broker.replicas.size(); size == broker.replicas.capacity()) broker.replicas.reserve(size + size / 8 + 4);
  return *broker.replicas.insert(broker.replicas.begin() + place, std::move(fresh));
}

std::int32_t configured_min_isr(const Broker& broker, const Replica& replica) {
  const std::int64_t of_topic = topic_config(broker, replica.tp.topic).min_insync_replicas;
  return effective_min_isr(of_topic >= 0 ? of_topic : broker.config.min_insync_replicas, replica.assigned);
}

// Mutant::min_isr_remembered: reads the key when the partition changes.
void remember_min_isr(Env& env, const Broker& broker, const Replica& replica) {
  auto& all = env.commons.remembered;
  const auto known = std::find_if(all.begin(), all.end(), [&](const RememberedMinIsr& each) {
    return each.broker == broker.node && each.tp == replica.tp;
  });
  const std::int32_t value = configured_min_isr(broker, replica);
  if (known != all.end()) known->value = value;
  else all.push_back({broker.node, replica.tp, value});
}

bool is_offsets_topic(const Env& env, TopicPartition tp) { return env.fabric.names[tp.topic] == kOffsetsTopic; }

void become_leader(Env& env, Broker& broker, Replica& replica, const PartitionRegistration& state, Step because) {
  unfollow(broker, replica);
  replica.role = ReplicaRole::leader;
  replica.leader = broker.id;
  replica.leader_epoch = state.leader_epoch;
  replica.epoch_start = replica.log.log_end_offset();
  replica.log.assign_epoch_start_offset(state.leader_epoch);
  replica.followers.clear();
  // R4. Kafka says 0, which is 1970; here it could be a moment ago.
  const Time long_ago = -1 - broker.config.replica_lag_time_max;
  for (std::int16_t each : state.replicas) {
    if (each == broker.id) continue;
    FollowerState follower;
    follower.broker = each;
    follower.last_caught_up = state.isr.contains(each) ? env.now() : long_ago;
    replica.followers.push_back(follower);
  }
  env.emit(LeaderTookOffice{replica.tp, broker.id, state.leader_epoch, replica.epoch_start}, because);
  maybe_raise_high_watermark(env, broker, replica);
  if (is_offsets_topic(env, replica.tp)) coordinator_elected(env, broker, replica.tp.partition);
}

void become_follower(Env& env, Broker& broker, Replica& replica, const PartitionRegistration& state, Step because) {
  if (replica.role == ReplicaRole::leader) {  // nothing that waits here will be answered well
    fail_produces(env, broker, replica, ErrorCode::not_leader_or_follower);
    wake_all(env, broker, replica);
    abdicate(env, broker, replica);
  }
  unfollow(broker, replica);
  replica.role = state.leader == kNoBroker ? ReplicaRole::offline : ReplicaRole::follower;
  replica.leader = state.leader;
  replica.leader_epoch = state.leader_epoch;
  if (replica.role == ReplicaRole::offline) return;
  env.emit(FollowerStarted{replica.tp, broker.id, state.leader, state.leader_epoch}, because);
  follow(env, broker, replica.tp, state.leader);
}

}  // namespace

const TopicConfig& topic_config(const Broker& broker, TopicId topic) {
  static const TopicConfig standard;
  const TopicRegistration* found = broker.image.topic(topic);
  return found ? found->config : standard;
}

void abdicate(Env& env, Broker& broker, Replica& replica) {
  fail_deletes(env, broker, replica);
  replica.followers.clear();
  forget_proposal(replica);
  if (is_offsets_topic(env, replica.tp)) coordinator_resigned(env, broker, replica.tp.partition);
}

bool enough_in_sync(const Env& env, const Broker& broker, const Replica& replica) {
  std::int32_t wanted = configured_min_isr(broker, replica);
  if (env.commons.mutant == Mutant::min_isr_remembered)
    for (const RememberedMinIsr& each : env.commons.remembered)
      if (each.broker == broker.node && each.tp == replica.tp) wanted = each.value;
  return static_cast<std::int32_t>(replica.isr.size()) >= wanted;
}

ErrorCode unusual_leader_error(const Broker& broker, TopicPartition tp, const Replica* replica, Epoch current_leader_epoch) {
  if (replica && is_offline(broker, *replica)) return ErrorCode::kafka_storage_error;
  if (replica && current_leader_epoch >= 0) {
    if (current_leader_epoch < replica->leader_epoch) return ErrorCode::fenced_leader_epoch;
    if (current_leader_epoch > replica->leader_epoch) return ErrorCode::unknown_leader_epoch;
  }
  if (replica) return replica->role == ReplicaRole::leader ? ErrorCode::none : ErrorCode::not_leader_or_follower;
  // R2: another broker has it, as clients learn from metadata; or there is no such thing.
  return broker.image.partition(tp) ? ErrorCode::not_leader_or_follower : ErrorCode::unknown_topic_or_partition;
}

ErrorCode reader_error(const Broker& broker, TopicPartition tp, const Replica* replica, Epoch current_leader_epoch) {
  const ErrorCode error = leader_error(broker, tp, replica, current_leader_epoch);
  const bool follows = replica && replica->role == ReplicaRole::follower;
  return error == ErrorCode::not_leader_or_follower && follows ? ErrorCode::none : error;
}

void apply_partition(Env& env, Broker& broker, TopicPartition tp, const PartitionRegistration& state, Step because) {
  if (!state.replicas.contains(static_cast<std::int16_t>(broker.id))) return;
  const bool fresh = !broker.replica(tp);
  Replica& replica = find_or_add(broker, tp);
  if (fresh) note_new_log(env, broker, replica);
  if (fresh || broker.image.directory(tp, broker.id) != replica.directory) note_directory(env, broker, replica);
  if (is_offline(broker, replica)) return;
  if (state.partition_epoch < replica.partition_epoch) return;  // a leader learns its own ISR changes sooner
  const bool newer = state.partition_epoch > replica.partition_epoch;
  replica.partition_epoch = state.partition_epoch;
  replica.assigned = state.replicas;
  replica.isr = state.isr;
  if (newer) forget_proposal(replica);
  if (env.commons.mutant == Mutant::min_isr_remembered) remember_min_isr(env, broker, replica);
  const bool new_epoch = state.leader_epoch > replica.leader_epoch;
  if (state.leader == broker.id) {
    if (new_epoch || replica.role != ReplicaRole::leader) become_leader(env, broker, replica, state, because);
    else maybe_raise_high_watermark(env, broker, replica);
  } else if (new_epoch || replica.leader != state.leader || replica.role == ReplicaRole::leader) {
    become_follower(env, broker, replica, state, because);
  }
  note_for_cleaner(env, broker, replica, topic_config(broker, tp.topic));
}

namespace {

// Out of the ISR, and the leader may let it in at once (R8). That its directory has failed is not asked for, as in Kafka.
bool about_to_join(const Env& env, const Broker& broker, const Replica& replica, const FollowerState& follower) {
  const bool may_join = env.commons.mutant == Mutant::eligible_by_any_epoch ? broker.image.active(follower.broker)
                                                                           : eligible(broker, follower);
  return may_join && caught_up(env, broker, replica, follower);
}

}  // namespace

void maybe_raise_high_watermark(Env& env, Broker& broker, Replica& replica) {
  if (!enough_in_sync(env, broker, replica)) return;  // since 3.7 (KIP-966)
  Offset lowest = replica.log.log_end_offset();
  for (const FollowerState& each : replica.followers) {
    if (each.log_end_offset >= lowest) continue;
    const bool in_maximal_isr = replica.isr.contains(each.broker) || replica.pending_isr.contains(each.broker);
    if (in_maximal_isr || about_to_join(env, broker, replica, each)) lowest = std::max<Offset>(each.log_end_offset, 0);
  }
  const Offset before = replica.log.high_watermark();
  if (lowest <= before) return;
  replica.log.raise_high_watermark(lowest);
  env.emit(HighWatermarkMoved{replica.tp, broker.id, before, lowest, true});
  complete_produces(env, broker, replica);
  wake_consumers(env, broker, replica);
}

}  // namespace nutshell
