#include "sim/log/validation.h"

#include <algorithm>

namespace nutshell {

namespace {

bool timestamp_is_valid(Time timestamp, const LogConfig& config, Time now) {
  if (timestamp == kNoTimestamp) return true;
  return now - timestamp <= config.message_timestamp_before_max &&
         timestamp - now <= config.message_timestamp_after_max;
}

}  // namespace

// Without a bound on the past the newest record decides, and keys count only where the topic is compacted.
BatchRecords look_at_records(const Records& records, const Batch& batch, const LogConfig& config) {
  if (config.message_timestamp_before_max == kNever && !config.compacts()) return {batch.max_timestamp, batch.max_timestamp, false};
  BatchRecords seen;
  for_each_record(records, batch, [&](Offset, const Record& each) {
    if (config.compacts() && each.key < 0) {
      seen.has_keyless_record = true;
      return;
    }
    if (each.timestamp == kNoTimestamp) return;
    seen.min_timestamp = seen.min_timestamp == kNoTimestamp ? each.timestamp : std::min(seen.min_timestamp, each.timestamp);
    seen.max_timestamp = std::max(seen.max_timestamp, each.timestamp);
  });
  return seen;
}

BatchError validate_batch(const Batch& batch, const BatchRecords& records, const LogConfig& config, Time now) {
  if (batch.base_offset != 0) return BatchError::invalid_record;
  if (batch.size_in_bytes > config.max_message_bytes) return BatchError::message_too_large;
  if (batch.is_control()) return BatchError::invalid_record;
  if (batch.is_log_append_time()) return BatchError::invalid_timestamp;
  if (config.message_timestamp_type == TimestampType::create_time &&
      !(timestamp_is_valid(records.min_timestamp, config, now) && timestamp_is_valid(records.max_timestamp, config, now))) {
    return BatchError::invalid_timestamp;
  }
  if (records.has_keyless_record) return BatchError::invalid_record;
  if (batch.size_in_bytes > config.segment_bytes) return BatchError::record_list_too_large;
  return BatchError::none;
}

}  // namespace nutshell
