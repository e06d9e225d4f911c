// The cleaner threads of a broker: which log is compacted, when, how long that takes, and what is told of it (L13-L17).
//
// Kafka's threads look every log.cleaner.backoff.ms from the start of the broker on. Looks that can find nothing are left
// out: the timer runs only while some compacted log has a closed segment, or may have something to delete.
#include "sim/log/log_cleaner.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

constexpr std::int64_t kBytesPerKey = 24;  // SkimpyOffsetMap: a hash of 16 bytes and an offset

CleanerCheckpoint* find_checkpoint(LogCleaner& cleaner, TopicPartition tp) {
  for (CleanerCheckpoint& each : cleaner.checkpoints)
    if (each.tp == tp) return &each;
  return nullptr;
}

void set_checkpoint(LogCleaner& cleaner, TopicPartition tp, Offset offset) {
  if (CleanerCheckpoint* known = find_checkpoint(cleaner, tp)) known->offset = offset;
  else cleaner.checkpoints.push_back({tp, offset});
}

// L13. A checkpoint outside of the log is written anew at once.
CleanableRange range_of(LogCleaner& cleaner, const Replica& replica, const TopicConfig& topic, Time now) {
  const CleanerCheckpoint* known = find_checkpoint(cleaner, replica.tp);
  const auto checkpoint = known ? std::optional(known->offset) : std::nullopt;
  const CleanableRange range = cleanable_range(replica.log, checkpoint, cleaner_config(topic), now);
  if (known && range.reset_checkpoint) set_checkpoint(cleaner, replica.tp, range.first_dirty);
  return range;
}

bool is_in_work(const LogCleaner& cleaner, TopicPartition tp) {
  return std::any_of(cleaner.threads.begin(), cleaner.threads.end(), [&](const CleanerThread& each) { return each.tp == tp; });
}

// Whether a look at this log can find something now or later.
bool concerns_cleaners(const Replica& replica, const TopicConfig& topic) {
  switch (topic.cleanup_policy) {
    case CleanupPolicy::compacts: return replica.log.segments().size() > 1;
    case CleanupPolicy::compacts_and_deletes: return !replica.log.batches().empty();
    case CleanupPolicy::deletes:
    case CleanupPolicy::neither: break;
  }
  return false;
}

struct Candidate {
  Replica* replica = nullptr;
  CleanableRange range;
};

// L14. nullptr: no log is dirty enough. Of equally dirty ones the first.
Candidate dirtiest_log(Env& env, Broker& broker) {
  Candidate dirtiest;
  for (Replica& each : broker.replicas) {
    const TopicConfig& topic = topic_config(broker, each.tp.topic);
    if (!topic.compacts() || is_offline(broker, each) || each.log.segments().size() < 2 || is_in_work(broker.cleaner, each.tp)) continue;
    const CleanableRange range = range_of(broker.cleaner, each, topic, env.local_time(broker.node));
    if (!range.wants_cleaning(topic.min_cleanable_dirty_ratio.ppm)) continue;
    if (!dirtiest.replica || range.dirtier_than(dirtiest.range)) dirtiest = {&each, range};
  }
  return dirtiest;
}

std::int64_t map_capacity(const BrokerConfig& config) {
  const std::int64_t slots = config.cleaner_dedupe_buffer_size / std::max<std::int64_t>(config.cleaner_threads, 1) / kBytesPerKey;
  return std::max<std::int64_t>(slots / 1'000'000 * config.cleaner_load_factor.ppm +
                                slots % 1'000'000 * config.cleaner_load_factor.ppm / 1'000'000, 1);
}

bool takes_time(const Broker& broker) {
  return broker.disk.takes_time() || broker.config.cleaner_io_max_bytes_per_second < BrokerConfig().cleaner_io_max_bytes_per_second;
}

CompactionReason reason_for(CleaningReason reason) {
  switch (reason) {
    case CleaningReason::superseded: return CompactionReason::superseded;
    case CleaningReason::tombstone_expired: return CompactionReason::tombstone_expired;
    case CleaningReason::aborted: return CompactionReason::aborted;
    case CleaningReason::marker: return CompactionReason::marker;
    case CleaningReason::no_key: break;
  }
  return CompactionReason::no_key;
}

void tell(Env& env, const Broker& broker, TopicPartition tp, Offset from, const Cleaned& cleaned) {
  const auto removed = static_cast<std::int32_t>(cleaned.removed.size());
  const auto left = static_cast<std::int32_t>(cleaned.records_left), tombstones = static_cast<std::int32_t>(cleaned.tombstones_left);
  env.emit(LogCleaned{tp, broker.id, removed, left, tombstones, from, cleaned.end_offset, cleaned.bytes_before, cleaned.bytes_after});
  if (cleaned.removed.size() > LogCleaned::most_one_by_one) return;
  for (const Removed& each : cleaned.removed) env.emit(RecordCompacted{tp, broker.id, each.offset, each.newer, reason_for(each.reason)});
}

bool begins_segment(const Log& log, Offset offset) {
  const SegmentView segments = log.segments();
  return std::any_of(segments.begin(), segments.end(), [offset](const Segment& each) { return each.base_offset == offset; });
}

// Puts the rewritten segments in place; returns their bytes. Since the round began the log may have been cut: then nothing
// comes of it, and it will be looked at again.
std::int64_t clean_up_to(Env& env, Broker& broker, TopicPartition tp, Offset end, Time began) {
  Replica* replica = broker.replica(tp);
  if (!replica || replica->log.segments().empty() || !begins_segment(replica->log, end)) return 0;
  const TopicConfig& topic = topic_config(broker, tp.topic);
  CleaningRound round;
  round.range = range_of(broker.cleaner, *replica, topic, began);
  if (round.range.first_uncleanable < end || round.range.first_dirty >= end || round.range.cleanable_bytes == 0) return 0;
  round.range.first_uncleanable = end;
  round.map_capacity = map_capacity(broker.config);
  round.keep_batch_ending_at = replica->log.high_watermark();  // 4.4, KAFKA-20452
  round.producers = active_producers(replica->log.producer_state());
  const Cleaned cleaned = clean(replica->log, env.commons.store.records, round, cleaner_config(topic), began);
  set_checkpoint(broker.cleaner, tp, cleaned.end_offset);
  tell(env, broker, tp, round.range.first_dirty, cleaned);
  return cleaned.bytes_after;
}

// The thread reads or writes its next buffer full; the disk and the limit of all cleaners say how long that takes.
void next_buffer(Env& env, Broker& broker, CleanerThread& thread) {
  const BrokerConfig& config = broker.config;
  const std::int64_t threads = std::max<std::int64_t>(config.cleaner_threads, 1);
  const std::int64_t buffer = std::max<std::int64_t>(config.cleaner_io_buffer_size / threads / 2, 1);
  const std::int64_t bytes = std::min(thread.bytes_left, buffer);
  thread.bytes_left -= bytes;
  const Time written = broker.disk.takes_time() ? broker.disk.write(bytes, env.now()) : env.now();
  const std::int64_t rate = std::max<std::int64_t>(config.cleaner_io_max_bytes_per_second / threads, 1);
  env.arm(broker.node, TimerKind::cleaner_io, std::max(written - env.now(), bytes * kSecond / rate), thread.number);
}

std::int32_t free_number(const LogCleaner& cleaner) {
  std::int32_t number = 0;
  const auto taken = [&](const CleanerThread& each) { return each.number == number; };
  while (std::any_of(cleaner.threads.begin(), cleaner.threads.end(), taken)) ++number;
  return number;
}

void begin_round(Env& env, Broker& broker, const Candidate& chosen) {
  const CleanableRange& range = chosen.range;
  const TopicPartition tp = chosen.replica->tp;
  env.emit(LogCleaningStarted{tp, broker.id, range.first_dirty, range.first_uncleanable, range.cleanable_bytes, range.clean_bytes});
  const Time began = env.local_time(broker.node);
  if (!takes_time(broker)) {
    clean_up_to(env, broker, tp, range.first_uncleanable, began);
    return;
  }
  // What is dirty is read twice: for the map, and to be rewritten.
  const std::int64_t to_read = 2 * range.cleanable_bytes + range.clean_bytes;
  CleanerThread thread{free_number(broker.cleaner), tp, range.first_uncleanable, began, to_read, false};
  next_buffer(env, broker, thread);
  broker.cleaner.threads.push_back(thread);
}

// L8: logs that are compacted are swept by those who compact them.
void sweep_compacted(Env& env, Broker& broker) {
  for (Replica& each : broker.replicas) {
    const bool may = !is_offline(broker, each) && !is_in_work(broker.cleaner, each.tp);
    if (may && topic_config(broker, each.tp.topic).compacts()) sweep_log(env, broker, each);
  }
  expect_file_removal(env, broker);
}

void expect_look(Env& env, Broker& broker) {
  const Duration interval = std::max<Duration>(broker.config.cleaner_backoff, kMillisecond);
  const Duration since = env.now() - broker.cleaner.started;
  broker.cleaner.look_timer = env.arm(broker.node, TimerKind::log_cleaner, interval - since % interval);
}

}  // namespace

void look_for_dirty_logs(Env& env, Broker& broker) {
  broker.cleaner.look_timer = kNoTimer;
  if (!broker.config.cleaner_enable) return;
  while (static_cast<std::int64_t>(broker.cleaner.threads.size()) < broker.config.cleaner_threads) {
    const Candidate chosen = dirtiest_log(env, broker);
    if (!chosen.replica) break;
    begin_round(env, broker, chosen);
  }
  sweep_compacted(env, broker);
  const bool more = std::any_of(broker.replicas.begin(), broker.replicas.end(), [&](const Replica& each) {
    return concerns_cleaners(each, topic_config(broker, each.tp.topic));
  });
  if (more) expect_look(env, broker);
}

void on_cleaner_io(Env& env, Broker& broker, std::int32_t number) {
  std::vector<CleanerThread>& threads = broker.cleaner.threads;
  const auto thread = std::find_if(threads.begin(), threads.end(), [&](const CleanerThread& each) { return each.number == number; });
  NUTSHELL_REQUIRE(thread != threads.end());
  if (thread->bytes_left == 0 && !thread->writing) {
    thread->writing = true;
    thread->bytes_left = clean_up_to(env, broker, thread->tp, thread->end, thread->began);
  }
  if (thread->bytes_left > 0) return next_buffer(env, broker, *thread);
  threads.erase(thread);
  env.disarm(broker.cleaner.look_timer);
  look_for_dirty_logs(env, broker);
}

void note_for_cleaner(Env& env, Broker& broker, const Replica& replica, const TopicConfig& topic) {
  if (!topic.compacts() || broker.cleaner.look_timer != kNoTimer || !broker.config.cleaner_enable) return;
  if (concerns_cleaners(replica, topic)) expect_look(env, broker);
}

void note_truncation(Broker& broker, const Replica& replica) {
  CleanerCheckpoint* known = find_checkpoint(broker.cleaner, replica.tp);
  const SegmentView segments = replica.log.segments();
  if (known) known->offset = std::min(known->offset, segments.empty() ? replica.log.log_end_offset() : segments.back().base_offset);
}

// The first look of a process is that at its start. Later ones, here, pass over a log that has lost all but one segment.
void note_loaded(Broker& broker, const Replica& replica) {
  CleanerCheckpoint* known = find_checkpoint(broker.cleaner, replica.tp);
  if (known && known->offset > replica.log.log_end_offset()) known->offset = replica.log.log_start_offset();
}

void forget_cleaned(Broker& broker, TopicPartition tp) {
  std::erase_if(broker.cleaner.checkpoints, [tp](const CleanerCheckpoint& each) { return each.tp == tp; });
}

Offset cleaned_up_to(const Broker& broker, TopicPartition tp) {
  for (const CleanerCheckpoint& each : broker.cleaner.checkpoints)
    if (each.tp == tp) return each.offset;
  return -1;
}

}  // namespace nutshell
