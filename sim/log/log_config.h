// The topic configuration that a log obeys, with Kafka's keys and 4.x defaults.
//
// It belongs to the topic and not to the replica, so the operations that need it take it by reference:
// a change of configuration then holds for the next append of every replica.
#pragma once

#include <cstdint>
#include <limits>

#include "sim/core/fields.h"
#include "sim/core/types.h"

namespace nutshell {

// A key of the topic that is not set: the broker's own counts.
inline constexpr std::int64_t kAsBroker = std::numeric_limits<std::int64_t>::min();

enum class TimestampType : std::uint8_t { create_time, log_append_time };
// cleanup.policy. Neither: records stay for ever, unless somebody asks for their deletion (4.2).
enum class CleanupPolicy : std::uint8_t { deletes, compacts, compacts_and_deletes, neither };

// A part of a whole, as keys say it in decimals: 0.5 is half a million millionths.
struct Ratio {
  std::int64_t ppm = 0;
  friend bool operator==(const Ratio&, const Ratio&) = default;
  NUTSHELL_FIELDS(Ratio, ppm)
};

// Durations are in nanoseconds; the keys that end in .ms hold them. kNever: no limit.
struct LogConfig {
  std::int64_t segment_bytes = 1 << 30;
  Duration segment_time = 7 * 24 * kHour;
  Duration segment_jitter = 0;  // a segment may be rolled for its age by so much sooner
  std::int64_t segment_index_bytes = 10 << 20;
  std::int64_t index_interval_bytes = 4096;
  std::int64_t max_message_bytes = 1048588;
  TimestampType message_timestamp_type = TimestampType::create_time;
  Duration message_timestamp_before_max = kNever;
  Duration message_timestamp_after_max = 1 * kHour;
  CleanupPolicy cleanup_policy = CleanupPolicy::deletes;
  Ratio min_cleanable_dirty_ratio{500'000};
  Duration min_compaction_lag = 0;
  Duration max_compaction_lag = kNever;
  Duration delete_retention = 24 * kHour;     // of tombstones, from their first cleaning on
  Duration retention_time = kAsBroker;        // below 0: for ever
  std::int64_t retention_bytes = kAsBroker;   // below 0: no limit
  Duration file_delete_delay = kAsBroker;
  std::int64_t flush_messages = kAsBroker;  // fsync after so many records
  Duration flush_time = kAsBroker;          // ... or when the last one is so long ago

  bool compacts() const {
    return cleanup_policy == CleanupPolicy::compacts || cleanup_policy == CleanupPolicy::compacts_and_deletes;
  }
  bool deletes() const {
    return cleanup_policy == CleanupPolicy::deletes || cleanup_policy == CleanupPolicy::compacts_and_deletes;
  }

  template <class F>
  static constexpr void each_field(F&& f) {
    using C = LogConfig;
    f("segment.bytes", &C::segment_bytes);
    f("segment.ms", &C::segment_time);
    f("segment.jitter.ms", &C::segment_jitter);
    f("segment.index.bytes", &C::segment_index_bytes);
    f("index.interval.bytes", &C::index_interval_bytes);
    f("max.message.bytes", &C::max_message_bytes);
    f("message.timestamp.type", &C::message_timestamp_type);
    f("message.timestamp.before.max.ms", &C::message_timestamp_before_max);
    f("message.timestamp.after.max.ms", &C::message_timestamp_after_max);
    f("cleanup.policy", &C::cleanup_policy);
    f("min.cleanable.dirty.ratio", &C::min_cleanable_dirty_ratio);
    f("min.compaction.lag.ms", &C::min_compaction_lag);
    f("max.compaction.lag.ms", &C::max_compaction_lag);
    f("delete.retention.ms", &C::delete_retention);
    f("retention.ms", &C::retention_time);
    f("retention.bytes", &C::retention_bytes);
    f("file.delete.delay.ms", &C::file_delete_delay);
    f("flush.messages", &C::flush_messages);
    f("flush.ms", &C::flush_time);
  }
};

}  // namespace nutshell
