// The follower's side of replication: one fetcher for each broker that leads (R1, L21, L22).
#include <algorithm>

#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

Fetcher& fetcher_for(Broker& broker, BrokerId source) {
  const auto at = std::lower_bound(broker.fetchers.begin(), broker.fetchers.end(), source,
                                   [](const Fetcher& each, BrokerId wanted) { return each.source < wanted; });
  if (at != broker.fetchers.end() && at->source == source) return *at;
  Fetcher fresh;
  fresh.source = source;
  return *broker.fetchers.insert(at, std::move(fresh));
}

FetcherPartition* find(Fetcher& fetcher, TopicPartition tp) {
  const auto found = std::find_if(fetcher.partitions.begin(), fetcher.partitions.end(),
                                  [&](const FetcherPartition& each) { return each.tp == tp; });
  return found == fetcher.partitions.end() ? nullptr : &*found;
}

FetchPartition ask(const Broker& broker, FetcherPartition& part) {
  const Replica& replica = *broker.replica(part.tp);
  part.requested_offset = replica.log.log_end_offset();
  part.requested_epoch = replica.leader_epoch;
  return {part.tp, part.requested_offset, part.requested_epoch, replica.log.latest_epoch(), replica.incarnation};
}

// Sends the next fetch for every partition that is not backing off; waits if all are.
void fetch_next(Env& env, Broker& broker, Fetcher& fetcher) {
  if (fetcher.in_flight || fetcher.partitions.empty()) return;
  env.disarm(fetcher.backoff);
  FetchRequest fetch;
  fetch.replica_id = broker.id;
  fetch.replica_epoch = broker.broker_epoch;
  fetch.max_wait = broker.config.replica_fetch_wait_max;
  fetch.max_bytes = broker.config.replica_fetch_response_max_bytes;
  fetch.partition_max_bytes = broker.config.replica_fetch_max_bytes;
  fetch.partitions.reserve(fetcher.partitions.size());
  Time next = kNever;
  for (FetcherPartition& each : fetcher.partitions) {
    if (each.not_before <= env.now()) fetch.partitions.push_back(ask(broker, each));
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

void truncate(Env& env, Broker& broker, Replica& replica, Offset offset) {
  const Offset end = replica.log.log_end_offset();
  const Offset high_watermark = replica.log.high_watermark();
  if (!replica.log.truncate_to(offset)) return;
  env.emit(LogTruncated{replica.tp, broker.id, end, replica.log.log_end_offset(), high_watermark});
}

void out_of_range(Env& env, Broker& broker, Replica& replica, const FetchedPartition& fetched) {
  const OutOfRangeRemedy remedy = replica.log.remedy_for_out_of_range(fetched.log_start_offset, fetched.diverging_end);
  if (remedy.kind == OutOfRangeRemedy::Kind::truncate) truncate(env, broker, replica, remedy.offset);
  if (remedy.kind != OutOfRangeRemedy::Kind::restart) return;
  const Offset end = replica.log.log_end_offset();
  const Offset high_watermark = replica.log.high_watermark();
  replica.log.truncate_fully_and_start_at(remedy.offset);
  env.emit(LogTruncated{replica.tp, broker.id, end, remedy.offset, high_watermark});
}

// False: a batch is damaged, and it is not taken, nor what follows.
bool append_fetched(Env& env, Broker& broker, Replica& replica, const FetchedPartition& fetched, const FetchResponse& response) {
  const TopicConfig& config = topic_config(broker, replica.tp.topic);
  for (std::int32_t i = 0; i < fetched.batch_count; ++i) {
    const Batch& batch = response.batches[static_cast<std::size_t>(fetched.first_batch + i)];
    if (batch.base_offset < replica.log.log_end_offset()) return true;  // it may lie above: what was there is cleaned away
    if (!may_write(env, broker, replica, batch.size_in_bytes)) return false;
    if (batch.is_damaged()) {
      env.emit(DamageFound{replica.tp, replica.leader, broker.node, batch.base_offset});
      return false;
    }
    replica.log.append_as_follower(batch, config, env.local_time(broker.node));
    env.emit(BatchAppended{replica.tp, broker.id, batch.base_offset, static_cast<std::int32_t>(batch.offsets()),
                           batch.partition_leader_epoch, false});
    flush_if_due(env, broker, replica);
  }
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
  // AbstractFetcherThread: "Found invalid messages during fetch". It asks for the same again and again.
  if (!append_fetched(env, broker, *replica, fetched, response)) part->not_before = env.now() + broker.config.replica_fetch_backoff;
  const Offset before = replica->log.high_watermark();
  if (replica->log.set_follower_high_watermark(fetched.high_watermark))  // L3: clamped, may fall
    env.emit(HighWatermarkMoved{replica->tp, broker.id, before, replica->log.high_watermark(), false});
  follow_log_start(env, broker, *replica, fetched.log_start_offset);
}

}  // namespace

void follow(Env& env, Broker& broker, TopicPartition tp, BrokerId leader) {
  Fetcher& fetcher = fetcher_for(broker, leader);
  fetcher.partitions.push_back({tp, env.now()});
  fetch_next(env, broker, fetcher);
}

void unfollow(Broker& broker, const Replica& replica) {
  if (replica.role != ReplicaRole::follower) return;
  Fetcher& fetcher = fetcher_for(broker, replica.leader);
  if (FetcherPartition* part = find(fetcher, replica.tp))
    fetcher.partitions.erase(fetcher.partitions.begin() + (part - fetcher.partitions.data()));
}

void on_fetched(Env& env, Broker& broker, const Response& response) {
  Fetcher& fetcher = fetcher_for(broker, static_cast<BrokerId>(response.tag));
  fetcher.in_flight = false;
  if (const auto* answer = response.as<FetchResponse>()) {
    for (const FetchedPartition& each : answer->partitions) take(env, broker, fetcher, each, *answer);
  } else {
    for (FetcherPartition& each : fetcher.partitions) each.not_before = env.now() + broker.config.replica_fetch_backoff;
  }
  fetch_next(env, broker, fetcher);
}

void on_fetcher_timer(Env& env, Broker& broker, BrokerId source) {
  Fetcher& fetcher = fetcher_for(broker, source);
  fetcher.backoff = kNoTimer;
  fetch_next(env, broker, fetcher);
}

}  // namespace nutshell
