// What a leader checks before it appends a batch from a client (L2). All or nothing: one bad record
// refuses its whole batch.
#pragma once

#include <cstdint>

#include "sim/core/types.h"
#include "sim/log/batch.h"
#include "sim/log/log_config.h"
#include "sim/log/record.h"

namespace nutshell {

// The names are Kafka's error codes.
enum class BatchError : std::uint8_t {
  none,
  message_too_large,      // larger than max.message.bytes
  invalid_timestamp,      // CreateTime too far from the broker's clock, or a time that is the broker's to set
  invalid_record,         // a record without a key in a compacted topic, or a batch that no client sends
  record_list_too_large,  // larger than segment.bytes: no segment could hold it
};

// What the check has to know of the records themselves. A record whose key is wrong is not asked about its time.
struct BatchRecords {
  Time min_timestamp = kNoTimestamp;
  Time max_timestamp = kNoTimestamp;
  bool has_keyless_record = false;  // in a compacted topic only
};

// Looks no closer than the configuration asks for.
BatchRecords look_at_records(const Records& records, const Batch& batch, const LogConfig& config);

BatchError validate_batch(const Batch& batch, const BatchRecords& records, const LogConfig& config, Time now);

}  // namespace nutshell
