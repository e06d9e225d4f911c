// log_cleaner.json (L13-L17): what would be cleaned, which log is chosen, and what cleaning leaves, by the rules of 4.0 to 4.3;
// log_cleaner_4.4.json: those with transactions that come out otherwise since 4.4. Which transactions are open, and which were
// aborted, the test keeps itself: a log does not.
#include "sim/log/log_cleaner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

// Bytes of a number in a record of format v2.
std::int32_t varint(std::int64_t value) {
  auto left = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  std::int32_t bytes = 1;
  for (; left >= 0x80; left >>= 7) ++bytes;
  return bytes;
}

// Here `serial` is the length of the value.
class ExactSizes : public BatchSizes {
 public:
  std::vector<std::int32_t> key_lengths;

  std::int32_t size_of(const Records& records, const Batch& batch) const override {
    std::int32_t bytes = kBatchHeaderBytes;
    Time base = batch.delete_horizon;
    if (batch.is_control()) return bytes + marker_size(records, batch);
    for_each_record(records, batch, [&](Offset offset, const Record& record) {
      if (base == kNoTimestamp) base = record.timestamp;
      const std::int32_t key = record.key < 0 ? -1 : key_lengths[static_cast<std::size_t>(record.key)];
      const std::int32_t value = record.is_tombstone() ? -1 : static_cast<std::int32_t>(record.serial);
      const std::int32_t length = 1 + varint(record.timestamp - base) + varint(offset - batch.base_offset) + varint(key) +
                                  std::max(key, 0) + varint(value) + std::max(value, 0) + 1;
      bytes += varint(length) + length;
    });
    return bytes;
  }

 private:
  // A key of 4 bytes, a value of 6.
  static std::int32_t marker_size(const Records& records, const Batch& batch) {
    if (batch.count == 0) return 0;
    const Time written = records[static_cast<std::size_t>(batch.first_record)].timestamp;
    const Time base = batch.delete_horizon == kNoTimestamp ? written : batch.delete_horizon;
    const std::int32_t length = 1 + varint(written - base) + varint(0) + varint(4) + 4 + varint(6) + 6 + 1;
    return varint(length) + length;
  }
};

struct Cleanable {
  Log log;
  std::optional<Offset> checkpoint;
  Offset last_stable_offset = 0;
  std::map<std::int64_t, Offset> open;        // where the transaction of a producer began
  std::vector<AbortedTransaction> aborted;    // its transaction index
};

class Run {
 public:
  // `newest`: the batch that ends at the high watermark is kept although it is empty, as since 4.4, and not the round's last.
  Run(const Json& test, bool newest) : newest_(newest) {
    configure(test.at("config"));
    capacity_ = test.at("cleaner").at("capacity");
    logs_.resize(test.at("logs").get<std::size_t>());
  }

  void apply(const Json& op) {
    const std::string kind = op.at("op");
    Cleanable& of = logs_[op.value("log", std::size_t{0})];
    if (kind == "append" || kind == "append_follower") append(of, op);
    else if (kind == "marker") append_marker(of, op);
    else if (kind == "high_watermark") of.log.raise_high_watermark(op.at("value"));
    else if (kind == "log_start") of.log.raise_log_start_offset(op.at("value"));
    else if (kind == "clean") clean_one(op);
    else if (kind == "delete_old_segments") delete_old(of.log, op);
    else if (kind == "set_config") set_config(op);
    else REQUIRE(kind == "expire_producers");  // who is known is given with each cleaning
    if (op.contains("lso")) of.last_stable_offset = op.at("lso");
  }

 private:
  void configure(const Json& given) {
    given_ = given;
    log_config_.segment_bytes = given.at("segment.bytes");
    log_config_.segment_time = given.at("segment.ms");
    log_config_.segment_index_bytes = given.at("segment.index.bytes");
    log_config_.index_interval_bytes = given.at("index.interval.bytes");
    const bool compacts = given.at("cleanup.policy").get<std::string>().find("compact") != std::string::npos;
    log_config_.cleanup_policy = compacts ? CleanupPolicy::compacts : CleanupPolicy::deletes;
    config_.segment_bytes = log_config_.segment_bytes;
    config_.segment_index_bytes = log_config_.segment_index_bytes;
    config_.delete_retention = given.at("delete.retention.ms");
    if (given.contains("min.compaction.lag.ms")) config_.min_compaction_lag = given.at("min.compaction.lag.ms");
    if (given.contains("max.compaction.lag.ms")) config_.max_compaction_lag = given.at("max.compaction.lag.ms");
    log_config_.max_compaction_lag = config_.max_compaction_lag;
    min_dirty_ppm_ = static_cast<std::int64_t>(given.at("min.cleanable.dirty.ratio").get<double>() * 1'000'000 + 0.5);
  }
  void set_config(const Json& op) {
    Json changed = given_;
    for (const auto& [key, value] : op.items())
      if (key != "op" && key != "log" && key != "now") changed[key] = value;
    configure(changed);
  }

  std::int32_t key_of(const Json& key) {
    if (key.is_null()) return -1;
    const std::string text = key;
    const auto known = keys_.emplace(text, static_cast<std::int32_t>(keys_.size()));
    if (known.second) sizes_.key_lengths.push_back(static_cast<std::int32_t>(text.size()));
    return known.first->second;
  }

  static void set_producer(Batch& batch, const Json& op) {
    batch.producer_id = op.at("pid");
    batch.producer_epoch = op.at("epoch");
    if (op.contains("seq")) batch.base_sequence = op.at("seq");
  }

  void append_marker(Cleanable& of, const Json& op) {
    Record record;
    record.timestamp = op.at("now");
    const bool aborts = op.at("type") == "abort";
    record.text = aborts ? kAbortMarker : kCommitMarker;
    Batch batch;
    batch.attributes = kTransactional | kControl;
    batch.first_record = static_cast<std::int64_t>(records_.size());
    batch.count = 1;
    batch.max_timestamp = record.timestamp;
    records_.push_back(record);
    set_producer(batch, op);
    store(of.log, batch, op);
    const auto begun = of.open.find(batch.producer_id);
    if (begun == of.open.end()) return;
    if (aborts) of.aborted.push_back({batch.producer_id, begun->second, op.at("base").get<Offset>()});
    of.open.erase(begun);
  }

  void append(Cleanable& of, const Json& op) {
    Batch batch;
    batch.first_record = static_cast<std::int64_t>(records_.size());
    for (const Json& each : op.at("records")) {
      Record record;
      record.key = key_of(each.at(0));
      record.timestamp = each.at(1);
      if (each.at(2).is_null()) record.text = kNoValue;
      else record.serial = each.at(2);
      record.offset_delta = batch.count++;
      records_.push_back(record);
      batch.max_timestamp = std::max(batch.max_timestamp, record.timestamp);
    }
    if (op.contains("pid")) set_producer(batch, op);
    if (op.value("txn", false)) {
      batch.attributes |= kTransactional;
      of.open.emplace(batch.producer_id, op.at("base").get<Offset>());
    }
    store(of.log, batch, op);
  }

  void store(Log& log, Batch batch, const Json& op) {
    batch.size_in_bytes = sizes_.size_of(records_, batch);
    CHECK(batch.size_in_bytes == op.at("bytes").get<std::int32_t>());
    if (op.at("op") == "append_follower") {
      batch.base_offset = op.at("base");
      batch.partition_leader_epoch = 0;
      log.append_as_follower(batch, log_config_, op.at("now"));
    } else {
      CHECK(log.append_as_leader(batch, 0, log_config_, op.at("now")).base_offset == op.at("base").get<Offset>());
    }
    if (op.contains("rolled")) CHECK(log.segments().back().base_offset == op.at("rolled").get<Offset>());
  }

  static Json files(const Log& log) {
    Json all = Json::array();
    for (const Segment& each : log.segments()) all.push_back({each.base_offset, each.size_in_bytes});
    return all;
  }

  // What a sweep takes is given: an emptied segment is as old as its file, and files were written by the clock on the wall.
  void delete_old(Log& log, const Json& op) {
    const std::size_t deleted = op.at("deleted");
    if (deleted == log.segments().size()) log.close_active(log_config_, op.at("now"));
    log.delete_segments(deleted);
    CHECK(log.log_start_offset() == op.at("log_start").get<Offset>());
    CHECK(files(log) == op.at("segments"));
  }

  CleanableRange check_candidate(const Cleanable& of, const Json& expected, Time now) {
    const CleanableRange range = cleanable_range(of.log, of.checkpoint, config_, now, of.last_stable_offset);
    CHECK(files(of.log) == expected.at("segments"));
    CHECK(range.first_dirty == expected.at("first_dirty").get<Offset>());
    CHECK(range.uncleanable_offset == expected.at("uncleanable_offset").get<Offset>());
    CHECK(range.first_uncleanable == expected.at("first_uncleanable").get<Offset>());
    CHECK(range.clean_bytes == expected.at("clean_bytes").get<std::int64_t>());
    CHECK(range.cleanable_bytes == expected.at("cleanable_bytes").get<std::int64_t>());
    CHECK(range.max_lag_exceeded == expected.at("max_lag_exceeded").get<bool>());
    CHECK(range.reset_checkpoint == expected.at("reset_checkpoint").get<bool>());
    return range;
  }

  void clean_one(const Json& op) {
    const Time now = op.at("now");
    std::vector<CleanableRange> ranges;
    Json chosen;
    CHECK(op.at("candidates").empty() == (log_config_.cleanup_policy == CleanupPolicy::deletes));
    if (op.at("candidates").empty()) {
      CHECK(op.at("chosen").is_null());
      return;
    }
    for (std::size_t i = 0; i < logs_.size(); ++i) {
      ranges.push_back(check_candidate(logs_[i], op.at("candidates").at(i), now));
      if (ranges[i].reset_checkpoint) logs_[i].checkpoint = ranges[i].first_dirty;
      if (ranges[i].wants_cleaning(min_dirty_ppm_) && (chosen.is_null() || ranges[i].dirtier_than(ranges[chosen.get<std::size_t>()])))
        chosen = i;
    }
    CHECK(chosen == op.at("chosen"));
    if (chosen.is_null()) return;
    Cleanable& of = logs_[chosen.get<std::size_t>()];
    CleaningRound round;
    round.range = ranges[chosen.get<std::size_t>()];
    round.map_capacity = capacity_;
    round.keep_batch_ending_at = newest_ ? of.log.high_watermark() : round.range.first_uncleanable;
    if (op.contains("active_producers"))
      for (const Json& each : op.at("active_producers")) {
        ActiveProducer producer{each.at(0), std::nullopt, each.at(2)};
        if (!each.at(1).is_null()) producer.last_data_offset = each.at(1).get<Offset>();
        round.producers.push_back(producer);
      }
    round.aborted = of.aborted;
    const Cleaned cleaned = clean(of.log, records_, round, config_, now, sizes_);
    of.checkpoint = cleaned.end_offset;
    of.aborted = cleaned.aborted;
    Json aborted = Json::array();
    for (const AbortedTransaction& each : of.aborted) aborted.push_back({each.producer_id, each.first_offset, each.last_offset});
    if (op.contains("aborted_index")) CHECK(aborted == op.at("aborted_index"));
    CHECK(cleaned.end_offset == op.at("end_offset").get<Offset>());
    CHECK(cleaned.keys == op.at("map_entries").get<std::int64_t>());
    check_segments(of.log, op.at("segments"));
  }

  void check_segments(const Log& log, const Json& expected) {
    REQUIRE(log.segments().size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const Segment& segment = log.segments()[i];
      CHECK(segment.base_offset == expected[i].at("base").get<Offset>());
      CHECK(segment.size_in_bytes == expected[i].at("bytes").get<std::int64_t>());
      if (!expected[i].contains("batches")) continue;
      const Json largest = segment.largest_timestamp == kNoTimestamp ? Json() : Json(segment.largest_timestamp);
      CHECK(largest == expected[i].at("largest_ts"));
      Json batches = Json::array();
      for (const Batch& batch : segment.batches) batches.push_back(as_json(batch));
      Json wanted = expected[i].at("batches");
      CHECK(batches == wanted);
    }
  }

  Json as_json(const Batch& batch) {
    Json made = {{"base", batch.base_offset}, {"last", batch.last_offset()}, {"bytes", batch.size_in_bytes}};
    made["max_ts"] = batch.max_timestamp;
    if (batch.has_producer_id()) {
      made["pid"] = batch.producer_id;
      made["epoch"] = batch.producer_epoch;
      made["seq"] = batch.base_sequence;
      made["last_seq"] = batch.last_sequence();
    }
    if (batch.delete_horizon != kNoTimestamp) made["delete_horizon"] = batch.delete_horizon;
    made["records"] = Json::array();
    if (batch.is_transactional()) made["txn"] = true;
    if (batch.is_control()) return as_marker(batch, std::move(made));
    for_each_record(records_, batch, [&](Offset offset, const Record& record) {
      Json key, value;
      for (const auto& [text, number] : keys_)
        if (number == record.key) key = text;
      if (!record.is_tombstone()) value = record.serial;
      made["records"].push_back({offset, key, value});
    });
    return made;
  }

  Json as_marker(const Batch& batch, Json made) const {
    made["control"] = "empty";
    if (batch.count == 0) return made;
    const bool commits = records_[static_cast<std::size_t>(batch.first_record)].text == kCommitMarker;
    made["control"] = commits ? "commit" : "abort";
    made["records"] = Json::array({batch.base_offset});
    return made;
  }

  bool newest_;
  Json given_;
  LogConfig log_config_;
  CleanerConfig config_;
  std::int64_t min_dirty_ppm_ = 0;
  std::int64_t capacity_ = 0;
  std::vector<Cleanable> logs_;
  Records records_;
  std::map<std::string, std::int32_t> keys_;
  ExactSizes sizes_;
};

void check_case(const Json& test, bool newest) {
  const std::int32_t id = test.at("id");
  CAPTURE(id);
  CAPTURE(newest);
  Run run(test, newest);
  for (const Json& op : test.at("ops")) {
    const std::string text = op.dump();
    CAPTURE(text);
    run.apply(op);
  }
}

bool has_transactions(const Json& test) {
  const Json& ops = test.at("ops");
  return std::any_of(ops.begin(), ops.end(), [](const Json& op) { return op.at("op") == "marker" || op.contains("txn"); });
}

TEST_CASE("conformance: log_cleaner") {
  std::size_t checked = 0;
  for (const Json& test : vector_cases("log_cleaner.json")) {
    check_case(test, false);
    if (!has_transactions(test)) check_case(test, true);
    ++checked;
  }
  CHECK(checked > 0);
}

TEST_CASE("conformance: log_cleaner_4.4") {
  std::size_t checked = 0;
  for (const Json& test : vector_cases("log_cleaner_4.4.json")) {
    check_case(test, true);
    ++checked;
  }
  CHECK(checked > 0);
}

}  // namespace
}  // namespace nutshell
