#include "sim/log/validation.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace nutshell {
namespace {

Batch sized(std::int32_t bytes, Time timestamp = 0) {
  Batch batch;
  batch.count = 1;
  batch.size_in_bytes = bytes;
  batch.max_timestamp = timestamp;
  return batch;
}

// What is seen of a batch of one record with this key.
BatchRecords look(std::int32_t key, const LogConfig& config) {
  Records records;
  Record record;
  record.key = key;
  records.push_back(record);
  return look_at_records(records, sized(1), config);
}

TEST_CASE("L2: what no client sends is refused") {
  Batch batch = sized(10);
  CHECK(validate_batch(batch, {}, LogConfig(), 0) == BatchError::none);
  batch.base_offset = 3;
  CHECK(validate_batch(batch, {}, LogConfig(), 0) == BatchError::invalid_record);
  batch = sized(10);
  batch.attributes = kControl;
  CHECK(validate_batch(batch, {}, LogConfig(), 0) == BatchError::invalid_record);
  batch.attributes = kLogAppendTime;
  CHECK(validate_batch(batch, {}, LogConfig(), 0) == BatchError::invalid_timestamp);
}

TEST_CASE("L2: max.message.bytes and segment.bytes") {
  LogConfig config;
  CHECK(validate_batch(sized(1048588), {}, config, 0) == BatchError::none);
  CHECK(validate_batch(sized(1048589), {}, config, 0) == BatchError::message_too_large);
  config.segment_bytes = 1000;
  CHECK(validate_batch(sized(1000), {}, config, 0) == BatchError::none);
  CHECK(validate_batch(sized(1001), {}, config, 0) == BatchError::record_list_too_large);
}

TEST_CASE("L2: a compacted topic takes no record without a key") {
  LogConfig config;
  CHECK(validate_batch(sized(1), look(-1, config), config, 0) == BatchError::none);
  config.cleanup_policy = CleanupPolicy::compacts;
  CHECK(validate_batch(sized(1), look(-1, config), config, 0) == BatchError::invalid_record);
  CHECK(validate_batch(sized(1), look(7, config), config, 0) == BatchError::none);
}

TEST_CASE("L2: CreateTime must lie near the broker's clock, LogAppendTime need not") {
  LogConfig config;
  config.message_timestamp_before_max = 10 * kSecond;
  const Time now = 100 * kHour;
  CHECK(validate_batch(sized(1, now + kHour), {now - 10 * kSecond, now + kHour}, config, now) == BatchError::none);
  CHECK(validate_batch(sized(1, now + kHour + 1), {now, now + kHour + 1}, config, now) == BatchError::invalid_timestamp);
  CHECK(validate_batch(sized(1, now), {now - 10 * kSecond - 1, now}, config, now) == BatchError::invalid_timestamp);
  CHECK(validate_batch(sized(1, kNoTimestamp), {}, config, now) == BatchError::none);
  config.message_timestamp_type = TimestampType::log_append_time;
  CHECK(validate_batch(sized(1, now + 2 * kHour), {0, now + 2 * kHour}, config, now) == BatchError::none);
}

TEST_CASE("L2: the time of each record counts, wherever in its batch it stands") {
  LogConfig config;
  config.message_timestamp_before_max = 10 * kSecond;
  const Time now = 100 * kHour;
  for (const Time bad : {now - 10 * kSecond - 1, now + kHour + 1})
    for (std::size_t place = 0; place < 3; ++place) {
      CAPTURE(place);
      Records records;
      for (std::size_t i = 0; i < 3; ++i) {
        Record record;
        record.timestamp = i == place ? bad : now;
        records.push_back(record);
      }
      Batch batch = sized(30, std::max(bad, now));
      batch.count = 3;
      CHECK(validate_batch(batch, look_at_records(records, batch, config), config, now) == BatchError::invalid_timestamp);
    }
}

}  // namespace
}  // namespace nutshell
