// segment_roll.json (L5, L6): when a new segment begins, and how many entries the indexes have.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "sim/log/segment.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

// A time in these tests is a count of milliseconds: nothing in a log cares.
LogConfig config_of(const Json& given) {
  LogConfig config;
  config.segment_bytes = given.at("segment.bytes");
  config.segment_time = given.at("segment.ms");
  config.segment_index_bytes = given.at("segment.index.bytes");
  config.index_interval_bytes = given.at("index.interval.bytes");
  if (given.at("cleanup.policy").get<std::string>().find("compact") != std::string::npos) config.cleanup_policy = CleanupPolicy::compacts;
  if (given.contains("max.compaction.lag.ms")) config.max_compaction_lag = given.at("max.compaction.lag.ms");
  const bool by_broker = given.value("message.timestamp.type", std::string()) == "LogAppendTime";
  if (by_broker) config.message_timestamp_type = TimestampType::log_append_time;
  return config;
}

class Segments {
 public:
  explicit Segments(const Json& test) : config_(config_of(test.at("config"))) {
    if (test.contains("jitter_per_segment")) jitter_ = test.at("jitter_per_segment").get<std::vector<Duration>>();
    open(0, test.at("created"));
  }

  void append(const Json& op) {
    const Time now = op.at("now");
    std::vector<Batch> batches;
    Appending all;
    for (const Json& each : op.at("batches")) {
      Batch batch;
      batch.base_offset = each.contains("base") ? each.at("base").get<Offset>() : end_;
      batch.count = static_cast<std::int32_t>(each.at("record_ts").size());
      batch.size_in_bytes = each.at("bytes");
      for (const Json& time : each.at("record_ts")) batch.max_timestamp = std::max(batch.max_timestamp, time.get<Time>());
      if (config_.message_timestamp_type == TimestampType::log_append_time) batch.max_timestamp = now;
      all.add(batch);
      end_ = batch.next_offset();
      batches.push_back(batch);
    }
    CHECK(batches.front().base_offset == op.at("first_offset").get<Offset>());
    CHECK(batches.back().last_offset() == op.at("last_offset").get<Offset>());
    const bool rolls = active_.should_roll(all, config_, now);
    CHECK(rolls == op.at("rolled").get<bool>());
    if (rolls) open(batches.front().base_offset, now);
    for (const Batch& each : batches) active_.append(each);
    CHECK(active_.base_offset == op.at("active_base").get<Offset>());
    CHECK(active_.size_in_bytes == op.at("active_bytes").get<std::int64_t>());
    CHECK(active_.offset_index_entries == op.at("offset_index_entries").get<std::int32_t>());
    CHECK(active_.time_index_entries == op.at("time_index_entries").get<std::int32_t>());
  }

  // What no segment could hold is refused (to followers only up to 4.1, here to none: L2), and changes nothing.
  void refuse(const Json& op) const {
    std::int64_t bytes = 0;
    for (const Json& each : op.at("batches")) bytes += each.at("bytes").get<std::int64_t>();
    CHECK(bytes > config_.segment_bytes);
  }

 private:
  void open(Offset base, Time now) {
    active_ = Segment();
    active_.base_offset = base;
    active_.created = now;
    active_.index_interval_bytes = config_.index_interval_bytes;
    if (opened_ < jitter_.size()) active_.roll_jitter = jitter_[opened_];
    ++opened_;
  }

  LogConfig config_;
  std::vector<Duration> jitter_;
  std::size_t opened_ = 0;
  Segment active_;
  Offset end_ = 0;
};

TEST_CASE("conformance: segment_roll") {
  std::size_t rolled = 0;
  for (const Json& test : vector_cases("segment_roll.json")) {
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    Segments segments(test);
    for (const Json& op : test.at("appends")) {
      const std::string text = op.dump();
      CAPTURE(text);
      if (op.contains("error")) {
        segments.refuse(op);
        continue;
      }
      segments.append(op);
      rolled += op.at("rolled").get<bool>();
    }
  }
  CHECK(rolled > 0);
}

}  // namespace
}  // namespace nutshell
