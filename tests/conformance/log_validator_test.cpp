// log_validator.json (L2): what a leader makes of clients' batches. Left out: two batches in one request, which no message here
// can bring.
#include "sim/log/validation.h"

#include <doctest/doctest.h>

#include <string>

#include "sim/log/log.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

std::string name_of(BatchError error) {
  switch (error) {
    case BatchError::none: return "";
    case BatchError::message_too_large: return "MESSAGE_TOO_LARGE";
    case BatchError::invalid_timestamp: return "INVALID_TIMESTAMP";
    case BatchError::invalid_record: return "INVALID_RECORD";
    case BatchError::record_list_too_large: break;
  }
  return "RECORD_LIST_TOO_LARGE";
}

LogConfig config_of(const Json& given) {
  LogConfig config;
  const std::string policy = given.at("cleanup.policy");
  config.cleanup_policy = policy == "delete" ? CleanupPolicy::deletes
                          : policy == "compact" ? CleanupPolicy::compacts
                                                : CleanupPolicy::compacts_and_deletes;
  const bool by_broker = given.at("message.timestamp.type") == "LogAppendTime";
  config.message_timestamp_type = by_broker ? TimestampType::log_append_time : TimestampType::create_time;
  config.message_timestamp_before_max = given.at("message.timestamp.before.max.ms");
  config.message_timestamp_after_max = given.at("message.timestamp.after.max.ms");
  config.max_message_bytes = given.at("max.message.bytes");
  config.segment_bytes = given.at("segment.bytes");
  return config;
}

Batch batch_of(const Json& given, Records& records) {
  Batch batch;
  batch.base_offset = given.at("base");
  batch.size_in_bytes = given.at("bytes");
  batch.first_record = static_cast<std::int64_t>(records.size());
  for (const Json& each : given.at("records")) {
    Record record;
    record.key = each.at(0).is_null() ? -1 : 1;
    record.timestamp = each.at(1);
    if (each.at(2).is_null()) record.text = kNoValue;
    records.push_back(record);
    batch.max_timestamp = std::max(batch.max_timestamp, record.timestamp);
    batch.count += 1;
  }
  if (given.value("timestamp_type", std::string()) == "LogAppendTime") batch.attributes |= kLogAppendTime;
  if (given.value("control", false)) batch.attributes |= kControl;
  return batch;
}

void check_append(Log& log, Records& records, const Json& append, const LogConfig& config) {
  const Time now = append.at("now");
  const Batch batch = batch_of(append.at("batches").at(0), records);
  const BatchError error = validate_batch(batch, look_at_records(records, batch, config), config, now);
  CHECK(name_of(error) == append.value("error", std::string()));
  if (error == BatchError::none && !append.contains("error")) {
    const Batch& stored = log.append_as_leader(batch, 0, config, now);
    CHECK(stored.base_offset == append.at("first_offset").get<Offset>());
    CHECK(stored.last_offset() == append.at("last_offset").get<Offset>());
    CHECK(stored.max_timestamp == append.at("max_timestamp").get<Time>());
    Json kept = Json::array();
    for_each_record(records, stored, [&](Offset offset, const Record& record) { kept.push_back({offset, timestamp_of(stored, record)}); });
    CHECK(kept == append.at("stored"));
  }
  CHECK(log.log_end_offset() == append.at("log_end").get<Offset>());
}

TEST_CASE("conformance: log_validator") {
  std::size_t checked = 0;
  for (const Json& test : vector_cases("log_validator.json")) {
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    const LogConfig config = config_of(test.at("config"));
    Log log;
    Records records;
    for (const Json& append : test.at("appends")) {
      const std::string text = append.dump();
      CAPTURE(text);
      if (append.at("batches").size() != 1) {
        CHECK(append.at("error") == "INVALID_RECORD");
        continue;
      }
      check_append(log, records, append, config);
      ++checked;
    }
  }
  CHECK(checked > 0);
}

}  // namespace
}  // namespace nutshell
