// offset_for_time.json (L6): which offset is the one for a time, for the end, for the start, and for the newest time.
#include <doctest/doctest.h>

#include "sim/log/log.h"
#include "sim/log/log_index.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

struct StoredLog {
  Log log;
  Records records;
};

Batch batch_of(const Json& given, Records& records) {
  Batch batch;
  batch.base_offset = given.at("base");
  batch.count = static_cast<std::int32_t>(given.at("records").size());
  batch.removed = static_cast<std::int32_t>(given.at("last").get<Offset>() - batch.base_offset + 1 - batch.count);
  batch.partition_leader_epoch = given.at("epoch");
  batch.size_in_bytes = given.at("bytes");
  batch.max_timestamp = given.at("max_ts");
  batch.first_record = static_cast<std::int64_t>(records.size());
  for (const Json& each : given.at("records")) {
    Record record;
    record.timestamp = each.at(1);
    record.offset_delta = static_cast<std::int32_t>(each.at(0).get<Offset>() - batch.base_offset);
    records.push_back(record);
  }
  return batch;
}

// The segments are given: a small one forces a new one to begin.
StoredLog stored(const Json& test) {
  StoredLog made;
  for (const Json& segment : test.at("segments")) {
    LogConfig config;
    config.segment_bytes = 1;
    for (const Json& each : segment.at("batches")) {
      made.log.append_as_follower(batch_of(each, made.records), config, segment.at("largest_ts"));
      config.segment_bytes = 1 << 30;
    }
  }
  made.log.raise_high_watermark(made.log.log_end_offset());
  made.log.raise_log_start_offset(test.at("log_start"));
  return made;
}

TEST_CASE("conformance: offset_for_time") {
  std::size_t asked = 0;
  for (const Json& test : vector_cases("offset_for_time.json")) {
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    const StoredLog made = stored(test);
    REQUIRE(made.log.log_end_offset() == test.at("log_end").get<Offset>());
    std::size_t nth = 0;
    for (const Json& segment : test.at("segments"))
      if (!segment.at("batches").empty()) CHECK(made.log.segments()[nth++].base_offset == segment.at("base").get<Offset>());
    for (const Json& query : test.at("queries")) {
      const Time time = query.at("t");
      CAPTURE(time);
      ++asked;
      if (time == -1) CHECK(made.log.high_watermark() == query.at("offset").get<Offset>());
      if (time == -2) CHECK(made.log.log_start_offset() == query.at("offset").get<Offset>());
      if (time == -1 || time == -2) continue;
      std::optional<TimedOffset> expected;
      if (!query.at("offset").is_null()) expected = TimedOffset{query.at("offset"), query.at("timestamp"), query.at("epoch")};
      CHECK((time == -3 ? made.log.find_newest(made.records) : made.log.find_by_timestamp(made.records, time)) == expected);
    }
  }
  CHECK(asked > 0);
}

TEST_CASE("conformance: what stands in the indexes of a segment") {
  std::size_t checked = 0;
  for (const Json& test : vector_cases("offset_for_time.json")) {
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    Records records;
    for (const Json& given : test.at("segments")) {
      if (!given.contains("offset_index")) continue;
      Segment segment;
      segment.base_offset = given.at("base");
      segment.index_interval_bytes = test.at("config").at("index.interval.bytes");
      for (const Json& each : given.at("batches")) segment.append(batch_of(each, records));
      const SegmentIndexes indexes = indexes_of(segment, !given.at("active").get<bool>());
      Json offsets = Json::array(), times = Json::array();
      for (const OffsetIndexEntry& each : indexes.offsets) offsets.push_back({each.offset, each.position});
      for (const TimeIndexEntry& each : indexes.times) times.push_back({each.timestamp, each.offset});
      CHECK(offsets == given.at("offset_index"));
      CHECK(times == given.at("time_index"));
      CHECK(static_cast<std::size_t>(segment.offset_index_entries) == indexes.offsets.size());
      ++checked;
    }
  }
  CHECK(checked > 0);
}

}  // namespace
}  // namespace nutshell
