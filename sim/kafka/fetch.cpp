// The leader's side of Fetch, for followers and consumers (R2-R4, L4, L21).
#include <algorithm>
#include <tuple>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

// One pass over a fetch: the answer, and whether it has to wait for more.
struct Reading {
  FetchResponse response;
  std::int64_t bytes = 0;
  bool answer_now = false;  // an error or a divergence: no use in waiting
  bool stale = false;       // of a follower that has started again since: it gets an error
};

// R2: the follower has registered anew since it sent this. Its former self may no longer speak for it.
bool from_former_self(const Broker& broker, const FetchRequest& fetch) {
  const BrokerRegistration* known = broker.image.broker(fetch.replica_id);
  return known && !known->fenced && known->broker_epoch > fetch.replica_epoch;
}

FollowerState* follower_of(Replica& replica, BrokerId broker) {
  for (FollowerState& each : replica.followers)
    if (each.broker == broker) return &each;
  return nullptr;
}

void read_batches(const Replica& replica, const FetchPartition& part, const FetchRequest& fetch, Offset bound,
                  Reading& reading, FetchedPartition& answer) {
  const std::int64_t room = std::min(fetch.partition_max_bytes, fetch.max_bytes - reading.bytes);
  const bool min_one = reading.response.batches.empty();
  const auto range = replica.log.read(part.fetch_offset, room, bound, min_one);
  if (!range) {
    answer.error = ErrorCode::offset_out_of_range;
    answer.diverging_end = replica.log.log_end_offset();
    return;
  }
  answer.first_batch = static_cast<std::int32_t>(reading.response.batches.size());
  answer.batch_count = static_cast<std::int32_t>(range->last - range->first);
  std::vector<Batch>& batches = reading.response.batches;
  if (batches.empty() && answer.batch_count > 0) batches.reserve(std::max<std::size_t>(range->last - range->first, 4));
  const BatchView stored = replica.log.batches();
  for (std::size_t i = range->first; i < range->last; ++i) {
    batches.push_back(stored[i]);  // a broker sends what is on its disk, and looks at no checksum
    if (replica.log.has_damage() && replica.log.is_damaged(stored[i])) batches.back().attributes |= kDamagedBatch;
  }
  reading.bytes += range->size_in_bytes;
}

// R21: whom the leader sends a consumer of that rack to; none: it reads from the leader. Of the followers there that are in
// the ISR and have what it asks for, the one that has most, then the one that was caught up last, then the highest id
// (RackAwareReplicaSelector, ReplicaView.comparator).
BrokerId preferred_replica(const Broker& broker, const Replica& replica, RackId rack, Offset offset) {
  if (rack == RackId{} || broker.config.replica_selector != ReplicaSelector::rack_aware) return kNoBroker;
  const auto stands_there = [&](BrokerId id) {
    const BrokerRegistration* known = broker.image.broker(id);
    return known && !known->fenced && known->rack.value == rack;
  };
  if (replica.role != ReplicaRole::leader || stands_there(broker.id)) return kNoBroker;
  const FollowerState* best = nullptr;
  for (const FollowerState& each : replica.followers) {
    const bool has_it = each.log_end_offset >= offset && each.log_start_offset <= offset;
    if (!has_it || !replica.isr.contains(each.broker) || !stands_there(each.broker)) continue;
    const auto rank = [](const FollowerState& state) { return std::tuple(state.log_end_offset, state.last_caught_up, state.broker); };
    if (!best || rank(each) > rank(*best)) best = &each;
  }
  return best ? BrokerId{best->broker} : kNoBroker;
}

// Whose progress a fetch shows; no follower: nobody's.
struct Progress {
  Replica* replica = nullptr;
  FollowerState* follower = nullptr;
};

// The follower has heard of both marks of the log.
bool knows_marks(const Log& log, const FollowerState& follower) {
  return follower.sent_high_watermark == log.high_watermark() && follower.sent_log_start == log.log_start_offset();
}

// The follower has all there is and knows the marks, as often: nothing is said.
bool is_up_to_date(const Log& log, const FetchPartition& part, const FollowerState& follower) {
  return part.fetch_offset == log.log_end_offset() && part.last_fetched_epoch == log.latest_epoch() && knows_marks(log, follower);
}

// What the follower's log says of another history than the leader's; no progress is recorded then (L21).
void tell_divergence(const Log& log, const EpochEnd& diverging, FetchedPartition& answer) {
  if (diverging.epoch < 0) {  // undefined: the leader cannot tell
    answer.error = ErrorCode::offset_out_of_range;
    answer.diverging_end = log.log_end_offset();
  } else {
    answer.diverging_epoch = diverging.epoch;
    answer.diverging_end = diverging.end_offset;
  }
}

// The answer for one partition, of which `replica` may be read. False: there is nothing to say.
bool read_replica(const Broker& broker, const Replica& replica, FollowerState*& follower, const FetchRequest& fetch,
                  const FetchPartition& part, Reading& reading, FetchedPartition& answer) {
  const Log& log = replica.log;
  answer.high_watermark = log.high_watermark();
  answer.log_start_offset = log.log_start_offset();
  if (fetch.replica_id == kNoBroker) {
    const BrokerId nearer = preferred_replica(broker, replica, fetch.rack, part.fetch_offset);
    answer.preferred_read_replica = nearer;
    reading.answer_now = reading.answer_now || nearer != kNoBroker;
    if (nearer == kNoBroker) read_batches(replica, part, fetch, log.last_stable_offset(), reading, answer);
    return true;
  }
  if (!follower) {
    answer.error = ErrorCode::unknown_leader_epoch;
  } else if (reading.stale) {
    answer.error = ErrorCode::not_leader_or_follower;
  } else if (const auto diverging = log.diverging(part.last_fetched_epoch, part.fetch_offset)) {
    tell_divergence(log, *diverging, answer);
    reading.answer_now = true;
    follower = nullptr;
  } else {
    read_batches(replica, part, fetch, log.log_end_offset(), reading, answer);
    return answer.batch_count > 0 || !knows_marks(log, *follower);
  }
  return true;
}

// Reads one partition. Returns the follower's state if its progress may be recorded.
Progress read_partition(Broker& broker, const FetchRequest& fetch, const FetchPartition& part, Reading& reading) {
  Replica* replica = broker.replica(part.tp);
  const bool follows = fetch.replica_id != kNoBroker;
  ErrorCode error = topic_error(broker, part.tp.topic, part.incarnation);
  if (error == ErrorCode::none)
    error = follows ? leader_error(broker, part.tp, replica, part.current_leader_epoch)
                    : reader_error(broker, part.tp, replica, part.current_leader_epoch);
  FollowerState* follower = follows && error == ErrorCode::none ? follower_of(*replica, fetch.replica_id) : nullptr;
  if (follower && !reading.stale && is_up_to_date(replica->log, part, *follower)) return {replica, follower};
  FetchedPartition answer;
  answer.tp = part.tp;
  answer.error = error;
  bool say = true;
  if (error == ErrorCode::none) say = read_replica(broker, *replica, follower, fetch, part, reading, answer);
  if (answer.error != ErrorCode::none) {
    reading.answer_now = say = true;
    follower = nullptr;
  }
  if (answer.error == ErrorCode::not_leader_or_follower || answer.error == ErrorCode::fenced_leader_epoch) name_leader(broker, answer);
  if (say) {
    auto& answers = reading.response.partitions;
    if (answers.empty()) answers.reserve(fetch.partitions.size());
    answers.push_back(answer);
  }
  return {replica, follower};
}

// R2, R4: after the read, the leader notes how far the follower is.
void record_progress(Env& env, Broker& broker, const FetchRequest& fetch, const FetchPartition& part, Progress progress) {
  Replica& replica = *progress.replica;
  FollowerState& follower = *progress.follower;
  const Offset end = replica.log.log_end_offset();
  if (part.fetch_offset >= end) follower.last_caught_up = std::max(follower.last_caught_up, env.now());
  else if (follower.last_fetch >= 0 && part.fetch_offset >= follower.leader_end_at_fetch)
    follower.last_caught_up = std::max(follower.last_caught_up, follower.last_fetch);
  const bool moved = follower.log_end_offset != part.fetch_offset;
  follower.last_fetch = env.now();
  follower.leader_end_at_fetch = end;
  follower.log_end_offset = part.fetch_offset;
  follower.broker_epoch = fetch.replica_epoch;
  const bool begins_later = part.log_start_offset > follower.log_start_offset;
  follower.log_start_offset = part.log_start_offset;
  if (begins_later) complete_deletes(env, broker, replica);
  if (!replica.isr.contains(follower.broker)) maybe_expand_isr(env, broker, replica, follower);
  if (moved) maybe_raise_high_watermark(env, broker, replica);
}

void note_sent_marks(Broker& broker, const FetchRequest& fetch, const FetchResponse& response) {
  if (fetch.replica_id == kNoBroker) return;
  for (const FetchedPartition& each : response.partitions)
    if (Replica* replica = broker.replica(each.tp))
      if (FollowerState* follower = follower_of(*replica, fetch.replica_id)) {
        // After an error the marks are told once more (FetchSession, CachedPartition.maybeUpdateResponseData).
        follower->sent_high_watermark = each.error == ErrorCode::none ? each.high_watermark : -1;
        follower->sent_log_start = each.log_start_offset;
      }
}

void answer(Env& env, Broker& broker, const RequestId& request, const FetchRequest& fetch, Reading&& reading) {
  note_sent_marks(broker, fetch, reading.response);
  env.reply(request, std::move(reading.response));
}

Reading read_all(Broker& broker, const FetchRequest& fetch) {
  Reading reading;
  for (const FetchPartition& part : fetch.partitions) read_partition(broker, fetch, part, reading);
  return reading;
}

// Answers a parked fetch with what there is now. Its progress was recorded when it came.
void complete(Env& env, Broker& broker, std::size_t index) {
  ParkedFetch parked = broker.fetches.take(index);
  env.disarm(parked.timer);
  answer(env, broker, parked.request, parked.fetch, read_all(broker, parked.fetch));
}

bool concerns(const ParkedFetch& parked, TopicPartition tp) {
  return std::any_of(parked.fetch.partitions.begin(), parked.fetch.partitions.end(),
                     [&](const FetchPartition& part) { return part.tp == tp; });
}

std::int64_t available_bytes(Broker& broker, const FetchRequest& fetch) { return read_all(broker, fetch).bytes; }

}  // namespace

void on_fetch(Env& env, Broker& broker, const RequestId& request, FetchRequest& fetch) {
  Reading reading;
  reading.stale = fetch.replica_id != kNoBroker && from_former_self(broker, fetch);
  for (const FetchPartition& part : fetch.partitions)
    if (const Progress progress = read_partition(broker, fetch, part, reading); progress.follower)
      record_progress(env, broker, fetch, part, progress);
  if (reading.answer_now || reading.bytes >= fetch.min_bytes || fetch.max_wait == 0) {
    answer(env, broker, request, fetch, std::move(reading));
    return;
  }
  ParkedFetch parked;
  parked.number = broker.next_parked++;
  parked.request = request;
  parked.timer = env.arm(broker.node, TimerKind::fetch_wait, fetch.max_wait, parked.number);
  parked.fetch = std::move(fetch);
  broker.fetches.push_back(std::move(parked));
}

void on_fetch_wait_over(Env& env, Broker& broker, std::int32_t number) {
  auto parked = broker.fetches.begin();
  // Where all wait equally long, it is the oldest.
  if (parked != broker.fetches.end() && parked->number != number)
    parked = std::lower_bound(parked, broker.fetches.end(), number,
                              [](const ParkedFetch& each, std::int32_t wanted) { return each.number < wanted; });
  if (parked == broker.fetches.end() || parked->number != number) return;
  parked->timer = kNoTimer;
  complete(env, broker, static_cast<std::size_t>(parked - broker.fetches.begin()));
}

void wake_followers(Env& env, Broker& broker, const Replica& replica) {
  for (std::size_t i = broker.fetches.size(); i-- > 0;) {
    const ParkedFetch& parked = broker.fetches[i];
    if (parked.fetch.replica_id != kNoBroker && concerns(parked, replica.tp)) complete(env, broker, i);
  }
}

void wake_consumers(Env& env, Broker& broker, const Replica& replica) {
  for (std::size_t i = broker.fetches.size(); i-- > 0;) {
    const ParkedFetch& parked = broker.fetches[i];
    if (parked.fetch.replica_id != kNoBroker || !concerns(parked, replica.tp)) continue;
    if (parked.fetch.min_bytes <= 1 || available_bytes(broker, parked.fetch) >= parked.fetch.min_bytes) complete(env, broker, i);
  }
}

void wake_all(Env& env, Broker& broker, const Replica& replica) {
  for (std::size_t i = broker.fetches.size(); i-- > 0;)
    if (concerns(broker.fetches[i], replica.tp)) complete(env, broker, i);
}

}  // namespace nutshell
