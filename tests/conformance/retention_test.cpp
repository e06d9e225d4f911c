// retention.json (L9, L10): sweeps of a log, and what is left after each.
#include <doctest/doctest.h>

#include <algorithm>

#include "sim/log/log_retention.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

// A time in these tests is a count of milliseconds: nothing in a log cares.
void append(Log& log, const Json& op, const LogConfig& config) {
  Batch batch;
  batch.count = static_cast<std::int32_t>(op.at("record_ts").size());
  batch.size_in_bytes = op.at("bytes");
  for (const Json& each : op.at("record_ts")) batch.max_timestamp = std::max(batch.max_timestamp, each.get<Time>());
  const std::size_t before = log.segments().size();
  const bool was_empty = before == 0 || log.segments().back().empty();
  const Batch& stored = log.append_as_leader(batch, 0, config, op.at("now"));
  CHECK(stored.base_offset == op.at("base").get<Offset>());
  CHECK(stored.last_offset() == op.at("last").get<Offset>());
  const bool rolled = !was_empty && log.segments().size() > before;
  CHECK(rolled == op.contains("rolled"));
}

// Kafka's log has an empty segment before anything is appended.
Json files(const Log& log, bool with_time) {
  Json all = Json::array();
  for (const Segment& each : log.segments()) {
    all.push_back({each.base_offset, each.size_in_bytes});
    if (with_time) all.back().push_back(each.newest());
  }
  return all;
}

void sweep(Log& log, const Json& op, const Retention& retention, const LogConfig& config) {
  if (log.segments().empty()) {
    CHECK(op.at("deleted") == 0);
    return;
  }
  CHECK(files(log, true) == op.at("before"));
  const auto deleted = delete_old_segments(log, retention, config, op.at("now"));
  CHECK(deleted.size() == op.at("deleted").get<std::size_t>());
  CHECK(files(log, false) == op.at("after"));
  CHECK(log.log_start_offset() == op.at("log_start").get<Offset>());
  CHECK(log.log_end_offset() == op.at("log_end").get<Offset>());
  CHECK(log.high_watermark() == op.at("high_watermark").get<Offset>());
}

TEST_CASE("conformance: retention") {
  for (const Json& test : vector_cases("retention.json")) {
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    const Json& given = test.at("config");
    LogConfig config;
    config.segment_bytes = given.at("segment.bytes");
    config.segment_time = given.at("segment.ms");
    config.segment_index_bytes = given.at("segment.index.bytes");
    Retention retention;
    retention.deletes = given.at("cleanup.policy").get<std::string>().find("delete") != std::string::npos;
    retention.time = given.at("retention.ms");
    retention.bytes = given.at("retention.bytes");
    Log log;
    for (const Json& op : test.at("ops")) {
      const std::string text = op.dump();
      CAPTURE(text);
      const std::string kind = op.at("op");
      if (kind == "append") append(log, op, config);
      else if (kind == "high_watermark") log.raise_high_watermark(op.at("value"));
      else if (kind == "log_start") log.raise_log_start_offset(op.at("value"));
      else if (kind == "sweep") sweep(log, op, retention, config);
      else FAIL("unknown operation ", kind);
    }
  }
}

}  // namespace
}  // namespace nutshell
