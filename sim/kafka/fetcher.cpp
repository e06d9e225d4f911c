// The follower's side of replication: one fetcher for each broker that leads (R1, L21, L22).
#include <algorithm>
#include <numeric>
#include <span>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

Fetcher& Fetchers::add(BrokerId source) {
  NUTSHELL_REQUIRE(source.number >= 0);
  const auto at = std::lower_bound(all_.begin(), all_.end(), source,
                                   [](const Fetcher& each, BrokerId wanted) { return each.source < wanted; });
  const auto first = static_cast<std::size_t>(at - all_.begin());
  Fetcher fresh;
  fresh.source = source;
  all_.insert(at, std::move(fresh));
  const auto highest = static_cast<std::size_t>(all_.back().source.number);
  if (highest >= places_.size()) places_.resize(highest + 1, kNone);
  for (std::size_t place = first; place < all_.size(); ++place)
    places_[static_cast<std::size_t>(all_[place].source.number)] = static_cast<std::uint16_t>(place);
  return all_[first];
}

namespace {

FetcherPartition* find(Fetcher& fetcher, TopicPartition tp) {
  const auto found = std::find_if(fetcher.partitions.begin(), fetcher.partitions.end(),
                                  [&](const FetcherPartition& each) { return each.tp == tp; });
  return found == fetcher.partitions.end() ? nullptr : &*found;
}

// By the other ways of truncating the leader is told of no epoch, and looks for no divergence.
FetchPartition ask(const Broker& broker, FetcherPartition& part) {
  const Replica& replica = *broker.replica(part.tp);
  part.requested_offset = replica.log.log_end_offset();
  part.requested_epoch = replica.leader_epoch;
  const bool by_fetch = broker.config.truncation == Truncation::fetch;
  return {part.tp, part.requested_offset, part.requested_epoch, by_fetch ? replica.log.latest_epoch() : kNoEpoch,
          replica.incarnation, replica.log.log_start_offset()};
}

// Where do the epochs end that partitions wait to hear of? False: none waits.
bool ask_epoch_ends(Env& env, Broker& broker, Fetcher& fetcher) {
  OffsetForLeaderEpochRequest questions;
  for (const FetcherPartition& each : fetcher.partitions)
    if (each.asked_epoch >= 0 && each.not_before <= env.now())
      questions.partitions.push_back({each.tp, broker.replica(each.tp)->leader_epoch, each.asked_epoch});
  if (questions.partitions.empty()) return false;
  fetcher.in_flight = true;
  env.request(broker.node, env.broker_node(fetcher.source), Channel::fetcher, std::move(questions), broker.config.replica_socket_timeout,
              static_cast<std::uint64_t>(fetcher.source));
  return true;
}

// Sends the next fetch for every partition that is not backing off; waits if all are.
void fetch_next(Env& env, Broker& broker, Fetcher& fetcher) {
  if (fetcher.in_flight || fetcher.partitions.empty()) return;
  env.disarm(fetcher.backoff);
  if (ask_epoch_ends(env, broker, fetcher)) return;
  FetchRequest fetch;
  fetch.replica_id = broker.id;
  fetch.replica_epoch = broker.broker_epoch;
  fetch.max_wait = broker.config.replica_fetch_wait_max;
  fetch.max_bytes = broker.config.replica_fetch_response_max_bytes;
  fetch.partition_max_bytes = broker.config.replica_fetch_max_bytes;
  fetch.partitions.reserve(fetcher.partitions.size());
  Time next = kNever;
  for (FetcherPartition& each : fetcher.partitions) {
    if (each.not_before <= env.now() && each.asked_epoch < 0) fetch.partitions.push_back(ask(broker, each));
    else next = std::min(next, each.not_before);
  }
  if (fetch.partitions.empty()) {
    fetcher.backoff = env.arm(broker.node, TimerKind::fetch_backoff, next - env.now(), fetcher.source);
    return;
  }
  fetcher.in_flight = true;
  env.request(broker.node, env.broker_node(fetcher.source), Channel::fetcher, std::move(fetch),
              broker.config.replica_socket_timeout, static_cast<std::uint64_t>(fetcher.source));
}

// What the files beside a log that was cut say of it, at once (LogManager.truncateTo, truncateFullyAndStartAt).
void note_cut(Broker& broker, Replica& replica) {
  replica.log.checkpoint_recovery_point();
  note_truncation(broker, replica);
}

void truncate(Env& env, Broker& broker, Replica& replica, Offset offset) {
  const Offset end = replica.log.log_end_offset();
  const Offset high_watermark = replica.log.high_watermark();
  if (!replica.log.truncate_to(offset)) return;
  note_cut(broker, replica);
  env.emit(LogTruncated{replica.tp, broker.id, end, replica.log.log_end_offset(), high_watermark});
}

void start_anew(Env& env, Broker& broker, Replica& replica, Offset offset) {
  const Offset end = replica.log.log_end_offset();
  const Offset high_watermark = replica.log.high_watermark();
  replica.log.truncate_fully_and_start_at(offset);
  note_cut(broker, replica);
  env.emit(LogTruncated{replica.tp, broker.id, end, offset, high_watermark});
}

void out_of_range(Env& env, Broker& broker, Replica& replica, const FetchedPartition& fetched) {
  const OutOfRangeRemedy remedy = replica.log.remedy_for_out_of_range(fetched.log_start_offset, fetched.diverging_end);
  if (remedy.kind == OutOfRangeRemedy::Kind::truncate) truncate(env, broker, replica, remedy.offset);
  if (remedy.kind == OutOfRangeRemedy::Kind::restart) start_anew(env, broker, replica, remedy.offset);
}

// Where the leader's first batch begins below the end of this log, nothing of it fits. But a log without any record takes it
// whole, and begins where the batch does: DeleteRecords has let the leader's log begin in its middle.
bool fits(Env& env, Broker& broker, Replica& replica, const Batch& first) {
  const Offset end = replica.log.log_end_offset();
  if (first.base_offset >= end) return true;
  if (replica.log.log_start_offset() < end || first.next_offset() <= end) return false;
  start_anew(env, broker, replica, first.base_offset);
  return true;
}

// False: nothing was taken. One damaged batch spoils all that has come with it (UnifiedLog.analyzeAndValidateRecords).
bool append_fetched(Env& env, Broker& broker, Replica& replica, const FetchedPartition& fetched, const FetchResponse& response) {
  const TopicConfig& config = topic_config(broker, replica.tp.topic);
  const auto first = response.batches.begin() + fetched.first_batch;
  const std::span<const Batch> batches(first, first + fetched.batch_count);
  if (batches.empty()) return true;
  const auto damaged = std::find_if(batches.begin(), batches.end(), [](const Batch& each) { return each.is_damaged(); });
  if (damaged != batches.end()) {
    env.emit(DamageFound{replica.tp, replica.leader, broker.node, damaged->base_offset});
    return false;
  }
  if (!fits(env, broker, replica, batches[0])) return false;
  const auto size = [](std::int64_t sum, const Batch& each) { return sum + each.size_in_bytes; };
  const std::int64_t bytes = std::accumulate(batches.begin(), batches.end(), std::int64_t{0}, size);
  if (!may_write(env, broker, replica, bytes)) return false;
  const Offset flushed = replica.log.recovery_point();
  replica.log.append_as_follower(batches, config, env.local_time(broker.node));
  for (const Batch& each : batches)
    env.emit(BatchAppended{replica.tp, broker.id, each.base_offset, static_cast<std::int32_t>(each.offsets()), each.partition_leader_epoch,
                           false});
  flush_if_due(env, broker, replica, flushed);
  note_for_cleaner(env, broker, replica, config);
  return true;
}

void take(Env& env, Broker& broker, Fetcher& fetcher, const FetchedPartition& fetched, const FetchResponse& response) {
  FetcherPartition* part = find(fetcher, fetched.tp);
  Replica* replica = broker.replica(fetched.tp);
  if (!part || !replica || replica->role != ReplicaRole::follower || replica->leader != fetcher.source) return;
  if (part->requested_epoch != replica->leader_epoch || part->requested_offset != replica->log.log_end_offset()) return;
  if (fetched.error == ErrorCode::offset_out_of_range) return out_of_range(env, broker, *replica, fetched);
  if (fetched.error != ErrorCode::none) {
    part->not_before = env.now() + broker.config.replica_fetch_backoff;
    return;
  }
  if (fetched.diverging_epoch >= 0) {
    const TruncationPoint point = replica->log.truncation_point_for({fetched.diverging_epoch, fetched.diverging_end});
    return truncate(env, broker, *replica, point.offset);
  }
  // AbstractFetcherThread: "Found invalid messages during fetch". It asks for the same again and again, and takes no marks
  // either; so it does where the logs have parted and nobody has noticed: what the leader sends does not fit.
  if (!append_fetched(env, broker, *replica, fetched, response)) {
    part->not_before = env.now() + broker.config.replica_fetch_backoff;
    return;
  }
  const Offset before = replica->log.high_watermark();
  if (replica->log.set_follower_high_watermark(fetched.high_watermark)) {  // L3: clamped, may fall
    env.emit(HighWatermarkMoved{replica->tp, broker.id, before, replica->log.high_watermark(), false});
    if (replica->log.high_watermark() > before) wake_consumers(env, broker, *replica);  // R21: some may read here
  }
  follow_log_start(env, broker, *replica, fetched.log_start_offset);
}

// L21, before 2.7. Without a known epoch the high watermark is all there is.
void reconcile(Env& env, Broker& broker, Replica& replica, FetcherPartition& part) {
  if (broker.config.truncation == Truncation::fetch) return;
  const Epoch latest = replica.log.latest_epoch();
  if (broker.config.truncation == Truncation::high_watermark || latest < 0) truncate(env, broker, replica, replica.log.high_watermark());
  else part.asked_epoch = latest;
}

void take_epoch_end(Env& env, Broker& broker, Fetcher& fetcher, const EpochAnswer& answer) {
  FetcherPartition* part = find(fetcher, answer.tp);
  Replica* replica = broker.replica(answer.tp);
  if (!part || part->asked_epoch < 0 || !replica || replica->role != ReplicaRole::follower || replica->leader != fetcher.source) return;
  if (answer.error != ErrorCode::none) {
    part->not_before = env.now() + broker.config.replica_fetch_backoff;
    return;
  }
  part->asked_epoch = -1;
  if (answer.end_offset < 0) return truncate(env, broker, *replica, replica->log.high_watermark());
  if (broker.config.truncation == Truncation::kip101) return truncate(env, broker, *replica, answer.end_offset);
  const TruncationPoint point = replica->log.truncation_point_for({answer.leader_epoch, answer.end_offset});
  truncate(env, broker, *replica, point.offset);
  if (!point.completed) part->asked_epoch = replica->log.latest_epoch();
}

}  // namespace

void follow(Env& env, Broker& broker, TopicPartition tp, BrokerId leader) {
  Fetcher& fetcher = broker.fetchers.of(leader);
  fetcher.partitions.push_back({tp, env.now()});
  reconcile(env, broker, *broker.replica(tp), fetcher.partitions.back());
  fetch_next(env, broker, fetcher);
}

void unfollow(Broker& broker, const Replica& replica) {
  if (replica.role != ReplicaRole::follower) return;
  Fetcher& fetcher = broker.fetchers.of(replica.leader);
  if (FetcherPartition* part = find(fetcher, replica.tp))
    fetcher.partitions.erase(fetcher.partitions.begin() + (part - fetcher.partitions.data()));
}

void on_fetched(Env& env, Broker& broker, const Response& response) {
  Fetcher& fetcher = broker.fetchers.of(static_cast<BrokerId>(response.tag));
  fetcher.in_flight = false;
  if (const auto* answer = response.as<FetchResponse>()) {
    for (const FetchedPartition& each : answer->partitions) take(env, broker, fetcher, each, *answer);
  } else {
    for (FetcherPartition& each : fetcher.partitions) each.not_before = env.now() + broker.config.replica_fetch_backoff;
  }
  fetch_next(env, broker, fetcher);
}

void on_epoch_ends(Env& env, Broker& broker, const Response& response) {
  Fetcher& fetcher = broker.fetchers.of(static_cast<BrokerId>(response.tag));
  fetcher.in_flight = false;
  if (const auto* answer = response.as<OffsetForLeaderEpochResponse>()) {
    for (const EpochAnswer& each : answer->partitions) take_epoch_end(env, broker, fetcher, each);
  } else {
    for (FetcherPartition& each : fetcher.partitions) each.not_before = env.now() + broker.config.replica_fetch_backoff;
  }
  fetch_next(env, broker, fetcher);
}

void on_fetcher_timer(Env& env, Broker& broker, BrokerId source) {
  Fetcher& fetcher = broker.fetchers.of(source);
  fetcher.backoff = kNoTimer;
  fetch_next(env, broker, fetcher);
}

}  // namespace nutshell
