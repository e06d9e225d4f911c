// What a leader checks before it appends a batch from a client (L2). All or nothing: one bad record
// refuses its whole batch.
#pragma once

#include <cstdint>

#include "sim/core/types.h"
#include "sim/log/batch.h"
#include "sim/log/log_config.h"

namespace nutshell {

// The names are Kafka's error codes.
enum class BatchError : std::uint8_t {
  none,
  message_too_large,      // larger than max.message.bytes
  invalid_timestamp,      // CreateTime too far from the broker's clock
  invalid_record,         // a record without a key in a compacted topic
  record_list_too_large,  // larger than segment.bytes: no segment could hold it
};

// What the check has to know of the records themselves.
struct BatchRecords {
  Time min_timestamp = kNoTimestamp;
  bool has_keyless_record = false;
};

BatchError validate_batch(const Batch& batch, const BatchRecords& records, const LogConfig& config, Time now);

}  // namespace nutshell
