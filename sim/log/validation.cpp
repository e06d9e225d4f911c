#include "sim/log/validation.h"

namespace nutshell {

namespace {

bool timestamp_is_valid(Time timestamp, const LogConfig& config, Time now) {
  if (timestamp == kNoTimestamp) return true;
  return now - timestamp <= config.message_timestamp_before_max &&
         timestamp - now <= config.message_timestamp_after_max;
}

}  // namespace

BatchError validate_batch(const Batch& batch, const BatchRecords& records, const LogConfig& config, Time now) {
  if (batch.size_in_bytes > config.max_message_bytes) return BatchError::message_too_large;
  if (config.message_timestamp_type == TimestampType::create_time &&
      !(timestamp_is_valid(records.min_timestamp, config, now) &&
        timestamp_is_valid(batch.max_timestamp, config, now))) {
    return BatchError::invalid_timestamp;
  }
  if (config.compacts() && records.has_keyless_record) return BatchError::invalid_record;
  if (batch.size_in_bytes > config.segment_bytes) return BatchError::record_list_too_large;
  return BatchError::none;
}

}  // namespace nutshell
