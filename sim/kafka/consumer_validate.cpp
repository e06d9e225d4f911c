// Is what was read still there? A new leader may have a shorter log, or another one (G3, KIP-320).
#include "sim/kafka/consumer_steps.h"

namespace nutshell {

namespace {

// The leader's log parts from what was read: reading goes on there, whatever auto.offset.reset says, but it says something.
void go_back(Env& env, Consumer& consumer, OwnedPartition& partition, const EpochAnswer& end) {
  env.emit(PositionReset{partition.tp, consumer.node, partition.position, end.end_offset, 0, 0, ResetPolicy::divergence,
                         consumer.spec.group});
  partition.position = end.end_offset;
  partition.position_epoch = end.leader_epoch;
  partition.position_state = PositionState::known;
  env.emit(PositionSet{partition.tp, consumer.node, end.end_offset, false, true, consumer.spec.group});
}

// [SubscriptionState.maybeCompleteValidation]
void take_epoch_end(Env& env, Consumer& consumer, OwnedPartition& partition, const EpochAnswer& end) {
  const bool undefined = end.end_offset < 0 || end.leader_epoch < 0;
  if (!undefined && end.end_offset >= partition.position) {
    partition.position_state = PositionState::known;
  } else if (undefined || consumer.spec.config.auto_offset_reset == OffsetReset::none) {
    reset_position(env, consumer, partition, ConsumerFailure::log_truncated);
  } else {
    go_back(env, consumer, partition, end);
  }
}

void ask_again(Env& env, Consumer& consumer, OwnedPartition& partition) {
  partition.position_state = PositionState::wants_validation;
  back_off_partition(env, consumer, partition);
}

// The answer to this very question is still awaited.
bool awaits(const OwnedPartition& partition, std::uint64_t number) {
  return partition.position_state == PositionState::asks_validation && partition.fetch == number;
}

}  // namespace

void validate_if_needed(Env& env, Consumer& consumer, OwnedPartition& partition) {
  if (!partition.has_position() || partition.leader_epoch == partition.checked_epoch) return;
  // Kafka waits for a leader before it says that there is another one, unless the position is new.
  if (partition.leader == kNoNode && partition.checked_epoch >= 0) return;
  partition.checked_epoch = partition.leader_epoch;
  if (partition.position_epoch < 0 || env.commons.mutant == Mutant::no_position_validation) return;
  partition.position_state = PositionState::wants_validation;
  partition.fetch = 0;
  drop_data(consumer, partition);
}

void ask_epoch_ends(Env& env, Consumer& consumer, NodeId leader) {
  const std::uint64_t number = ++consumer.fetches;
  OffsetForLeaderEpochRequest request;
  for (OwnedPartition& each : consumer.owned) {
    if (each.position_state != PositionState::wants_validation || each.leader != leader || env.now() < each.retry_at) continue;
    each.position_state = PositionState::asks_validation;
    each.fetch = number;
    request.partitions.push_back({each.tp, each.leader_epoch, each.position_epoch});
  }
  env.request(consumer.node, leader, Channel::data, std::move(request), consumer.spec.config.request_timeout, number);
}

void on_epoch_ends(Env& env, Consumer& consumer, const Response& response) {
  const auto* ends = response.as<OffsetForLeaderEpochResponse>();
  if (!ends) {
    for (OwnedPartition& each : consumer.owned)
      if (awaits(each, response.tag)) ask_again(env, consumer, each);
    return;
  }
  for (const EpochAnswer& each : ends->partitions) {
    OwnedPartition* partition = consumer.running ? find_owned(consumer, each.tp) : nullptr;
    if (!partition || !awaits(*partition, response.tag)) continue;
    partition->fetch = 0;
    if (each.error == ErrorCode::none) take_epoch_end(env, consumer, *partition, each);
    else ask_again(env, consumer, *partition);
  }
}

}  // namespace nutshell
