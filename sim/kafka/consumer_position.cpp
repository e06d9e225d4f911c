// Where reading starts: the committed offset, else auto.offset.reset (G2). A committed offset is validated first (G3).
#include <algorithm>

#include "sim/kafka/consumer_steps.h"

namespace nutshell {

namespace {

ResetPolicy policy_of(const Consumer& consumer) {
  switch (consumer.spec.config.auto_offset_reset.to) {
    case OffsetReset::latest: return ResetPolicy::latest;
    case OffsetReset::by_duration: return ResetPolicy::by_duration;
    case OffsetReset::earliest:
    case OffsetReset::none: break;
  }
  return ResetPolicy::earliest;
}

// Says what a reset leaves out, or has read again; nothing if it does neither.
void tell_reset(Env& env, const Consumer& consumer, const OwnedPartition& partition, const ListedOffset& listed) {
  const Offset from = partition.reset_from;
  const Offset to = listed.offset;
  const std::int64_t skipped = std::max<Offset>(to - (from < 0 ? listed.log_start_offset : from), 0);
  const std::int64_t repeated = from < 0 ? 0 : std::max<Offset>(std::min(from, listed.high_watermark) - to, 0);
  if (skipped == 0 && repeated == 0 && (from < 0 || from == to)) return;
  env.emit(PositionReset{partition.tp, consumer.node, from, to, skipped, repeated, policy_of(consumer), consumer.spec.group});
}

// What is asked for. By duration it is counted back from now, by the client's clock, each time that it is asked.
Time reset_timestamp(const Env& env, const Consumer& consumer) {
  const AutoOffsetReset reset = consumer.spec.config.auto_offset_reset;
  if (reset.to == OffsetReset::by_duration) return std::max<Time>(env.local_time(consumer.node) - reset.back, 0);
  return reset.to == OffsetReset::latest ? kLatestTimestamp : kEarliestTimestamp;
}

void ask_committed(Env& env, Consumer& consumer) {
  if (!coordinator_usable(env, consumer)) return;
  OffsetFetchRequest request;
  request.group = consumer.spec.group;
  for (OwnedPartition& each : consumer.owned) {
    if (each.position_state != PositionState::wants_committed) continue;
    each.position_state = PositionState::asks_committed;
    request.partitions.push_back(each.tp);
  }
  env.request(consumer.node, consumer.coordinator, Channel::coordinator, std::move(request),
              consumer.spec.config.request_timeout, static_cast<std::uint64_t>(consumer.assignment));
}

bool may_ask_leader(const Env& env, const OwnedPartition& partition) {
  return partition.leader != kNoNode && env.now() >= partition.retry_at;
}

// Asks one leader for all the partitions that it leads and that are to be reset.
void ask_reset(Env& env, Consumer& consumer, NodeId leader) {
  ListOffsetsRequest request;
  for (OwnedPartition& each : consumer.owned) {
    if (each.position_state != PositionState::wants_reset) continue;
    if (each.leader != leader || !may_ask_leader(env, each)) continue;
    each.position_state = PositionState::asks_reset;
    request.partitions.push_back({each.tp, reset_timestamp(env, consumer), each.leader_epoch});
  }
  env.request(consumer.node, leader, Channel::data, std::move(request), consumer.spec.config.request_timeout,
              static_cast<std::uint64_t>(consumer.assignment));
}

void take_committed(Env& env, Consumer& consumer, const CommitPartition& answer) {
  OwnedPartition* partition = find_owned(consumer, answer.tp);
  if (!partition || partition->position_state != PositionState::asks_committed) return;
  if (answer.offset < 0) return reset_position(env, consumer, *partition, ConsumerFailure::no_offset);
  partition->committed = answer.offset;
  set_position(env, consumer, *partition, answer.offset, answer.leader_epoch, false);
}

// What was committed in a leader epoch that this client has not heard of makes it wait for newer metadata (KIP-320).
void learn_epochs(Env& env, Consumer& consumer, const std::vector<CommitPartition>& answers) {
  if (env.commons.mutant == Mutant::no_position_validation) return;
  bool newer = false;
  for (const CommitPartition& each : answers) newer |= learn_epoch(consumer.metadata, each.tp, each.leader_epoch);
  if (!newer) return;
  update_leaders(env, consumer);
  refresh_metadata(env, consumer.metadata, settings_of(consumer));
}

void take_listed(Env& env, Consumer& consumer, const ListedOffset& answer) {
  OwnedPartition* partition = find_owned(consumer, answer.tp);
  if (!partition || partition->position_state != PositionState::asks_reset) return;
  if (answer.error == ErrorCode::none && answer.offset < 0) {
    // No record is so young (by duration): Kafka's client asks again after request.timeout.ms.
    partition->position_state = PositionState::wants_reset;
    partition->retry_at = env.now() + consumer.spec.config.request_timeout;
    return;
  }
  if (answer.error == ErrorCode::none) {
    learn_epoch(consumer.metadata, answer.tp, answer.leader_epoch);
    partition->reads = answer.incarnation;
    tell_reset(env, consumer, *partition, answer);
    return set_position(env, consumer, *partition, answer.offset, -1, true);
  }
  partition->position_state = PositionState::wants_reset;
  back_off_partition(env, consumer, *partition);
}

}  // namespace

void set_position(Env& env, Consumer& consumer, OwnedPartition& partition, Offset position, Epoch epoch, bool reset) {
  partition.position_state = PositionState::known;
  partition.position = position;
  partition.position_epoch = epoch;
  partition.checked_epoch = -1;
  env.emit(PositionSet{partition.tp, consumer.node, position, reset, false, consumer.spec.group});
  validate_if_needed(env, consumer, partition);
}

OwnedPartition* find_owned(Consumer& consumer, TopicPartition tp) {
  const auto place =
      std::lower_bound(consumer.owned.begin(), consumer.owned.end(), tp,
                       [](const OwnedPartition& each, TopicPartition wanted) { return each.tp < wanted; });
  return place != consumer.owned.end() && place->tp == tp ? &*place : nullptr;
}

void seek_positions(Env& env, Consumer& consumer) {
  bool wants_committed = false;
  for (std::size_t i = 0; i < consumer.owned.size(); ++i) {
    const OwnedPartition& each = consumer.owned[i];
    if (each.position_state == PositionState::wants_committed) wants_committed = true;
    if (each.position_state == PositionState::wants_reset && may_ask_leader(env, each))
      ask_reset(env, consumer, each.leader);
    if (each.position_state == PositionState::wants_validation && may_ask_leader(env, each))
      ask_epoch_ends(env, consumer, each.leader);
  }
  if (wants_committed) ask_committed(env, consumer);
}

void reset_position(Env& env, Consumer& consumer, OwnedPartition& partition, ConsumerFailure reason) {
  if (consumer.spec.config.auto_offset_reset == OffsetReset::none)
    return fail(env, consumer, ErrorCode::offset_out_of_range, reason, partition.tp);
  partition.reset_from = partition.has_position() ? partition.position : -1;
  partition.position_state = PositionState::wants_reset;
  partition.position = -1;
  partition.fetch = 0;
}

void on_offsets_fetched(Env& env, Consumer& consumer, const Response& response) {
  const auto* fetched = response.as<OffsetFetchResponse>();
  const ErrorCode error = fetched ? fetched->error : ErrorCode::network_exception;
  const bool stale = response.tag != static_cast<std::uint64_t>(consumer.assignment);
  const bool failed = on_coordinator_error(env, consumer, response, error);
  if (stale) return;
  if (failed) {
    for (OwnedPartition& each : consumer.owned)
      if (each.position_state == PositionState::asks_committed) each.position_state = PositionState::wants_committed;
    return;
  }
  learn_epochs(env, consumer, fetched->partitions);
  for (const CommitPartition& each : fetched->partitions) {
    if (!consumer.running) return;
    take_committed(env, consumer, each);
  }
}

void on_offsets_listed(Env& env, Consumer& consumer, const Response& response) {
  if (response.tag != static_cast<std::uint64_t>(consumer.assignment)) return;
  if (const auto* listed = response.as<ListOffsetsResponse>()) {
    for (const ListedOffset& each : listed->partitions) take_listed(env, consumer, each);
    return;
  }
  for (OwnedPartition& each : consumer.owned) {
    if (each.position_state != PositionState::asks_reset || each.leader != response.from) continue;
    each.position_state = PositionState::wants_reset;
    back_off_partition(env, consumer, each);
  }
}

void update_leaders(Env& env, Consumer& consumer) {
  for (OwnedPartition& each : consumer.owned) {
    const PartitionMetadata* known = consumer.metadata.find(each.tp);
    const NodeId leader = known ? env.broker_node(known->leader) : kNoNode;
    const bool moved = leader != each.leader;
    each.leader = leader;
    each.leader_epoch = known ? known->leader_epoch : -1;
    if (known && known->incarnation != each.incarnation) {
      each.incarnation = known->incarnation;
      if (moved) each.checked_epoch = -1;  // its epochs say nothing of those of the topic before it
    }
    if (moved) return_to_leader(env, consumer, each);
    // The answer of the former leader is not waited for.
    if (moved && each.position_state == PositionState::asks_reset) each.position_state = PositionState::wants_reset;
    validate_if_needed(env, consumer, each);
  }
}

}  // namespace nutshell
