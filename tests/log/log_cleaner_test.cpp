// The cleaner beside a naive one: a plain list of records, and for each the whole list is looked through.
#include "sim/log/log_cleaner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sim/core/random.h"
#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

struct Plain {
  Offset offset = 0;
  Offset batch = 0;  // its base offset
  std::int32_t key = -1;
  bool tombstone = false;
};

class Both {
 public:
  explicit Both(std::uint64_t seed) : seed_(seed) {
    log_config_.segment_bytes = 1500;
    config_.segment_bytes = pick(2) ? 1500 : 3000;
    config_.delete_retention = static_cast<Duration>(pick(3) * 100);
    config_.min_compaction_lag = static_cast<Duration>(pick(3) * 80);
  }

  std::uint64_t pick(std::uint64_t limit) { return below(draw(seed_, Purpose::fuzz, 5, draws_++), limit); }

  void write(std::uint64_t batches) {
    for (; batches > 0; --batches) {
      Batch batch;
      batch.first_record = static_cast<std::int64_t>(records.size());
      batch.count = static_cast<std::int32_t>(1 + pick(4));
      batch.size_in_bytes = kBatchHeaderBytes;
      for (std::int32_t i = 0; i < batch.count; ++i) {
        Record record;
        record.key = pick(20) == 0 ? -1 : static_cast<std::int32_t>(pick(9));
        record.serial = static_cast<std::uint32_t>(records.size());
        record.timestamp = now_;
        record.size_in_bytes = 80;
        if (pick(4) == 0) record.text = kNoValue;
        records.push_back(record);
        batch.size_in_bytes += record.size_in_bytes;
        const Offset base = log.log_end_offset();
        plain.push_back({base + i, base, record.key, record.is_tombstone()});
        if (record.key >= 0) newest_[record.key] = {base + i, record.is_tombstone()};
      }
      batch.max_timestamp = now_;
      log.append_as_leader(batch, 0, log_config_, now_);
      now_ += 10;
    }
    const std::size_t uncommitted = pick(6);
    const std::size_t held = log.batches().size();
    if (uncommitted < held) log.raise_high_watermark(std::max(log.high_watermark(), log.batches()[held - 1 - uncommitted].next_offset()));
  }

  // Up to where a round may go: closed segments that are committed and old enough, one after the other.
  Offset end_of_round(Offset first_dirty) const {
    const SegmentView segments = log.segments();
    for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
      const Offset next = segments[i + 1].base_offset;
      const bool young = config_.min_compaction_lag > 0 && segments[i].largest_timestamp > now_ - config_.min_compaction_lag;
      if (next > log.high_watermark() || (next > first_dirty && young)) return segments[i].base_offset;
    }
    return segments.back().base_offset;
  }

  // Cleans both. False: there is nothing to clean.
  bool clean_both() {
    CleaningRound round;
    round.range = cleanable_range(log, checkpoint_, config_, now_);
    if (round.range.cleanable_bytes == 0) return false;
    REQUIRE(round.range.first_uncleanable == end_of_round(round.range.first_dirty));
    round.keep_batch_ending_at = round.range.first_uncleanable;
    clean_plain(round.range.first_dirty, round.range.first_uncleanable);
    const std::int64_t before = log.size_in_bytes();
    const Cleaned cleaned = clean(log, records, round, config_, now_);
    CHECK(cleaned.end_offset == round.range.first_uncleanable);
    CHECK(log.size_in_bytes() <= before);
    checkpoint_ = cleaned.end_offset;
    now_ += static_cast<Time>(pick(200));
    return true;
  }

  void check() {
    std::vector<Offset> found, wanted;
    for (const Batch& batch : log.batches())
      for_each_record(records, batch, [&](Offset offset, const Record&) { found.push_back(offset); });
    for (const Plain& each : plain) wanted.push_back(each.offset);
    REQUIRE(found == wanted);
    for (const auto& [key, last] : newest_) {
      const Record* record = record_at(records, log, last.first);
      if (!last.second) REQUIRE(record != nullptr);
      if (record) REQUIRE(record->key == key);
    }
    std::int64_t bytes = 0;
    for (const Batch& batch : log.batches()) {
      bytes += batch.size_in_bytes;
      REQUIRE(batch.size_in_bytes == kBatchHeaderBytes + 80 * batch.count);
    }
    REQUIRE(bytes == log.size_in_bytes());
  }

  Log log;
  Records records;
  std::vector<Plain> plain;

 private:
  void clean_plain(Offset first_dirty, Offset end) {
    const Offset rewritten = end;  // rounds end where a segment ends
    std::vector<Plain> left;
    for (const Plain& each : plain) {
      const bool superseded = std::any_of(plain.begin(), plain.end(), [&](const Plain& other) {
        return other.key == each.key && other.offset > each.offset && other.offset >= first_dirty && other.offset < end;
      });
      const auto horizon = horizons_.find(each.batch);
      const bool over = each.tombstone && horizon != horizons_.end() && now_ >= horizon->second;
      if (each.offset >= end || (each.key >= 0 && !superseded && !over)) left.push_back(each);
    }
    for (const Plain& each : left)
      if (each.tombstone && each.batch < rewritten) horizons_.emplace(each.batch, now_ + config_.delete_retention);
    plain = left;
  }

  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  LogConfig log_config_;
  CleanerConfig config_;
  Time now_ = 1;
  std::optional<Offset> checkpoint_;
  std::map<Offset, Time> horizons_;
  std::map<std::int32_t, std::pair<Offset, bool>> newest_;
};

TEST_CASE("L16, L17, L18: random logs are cleaned as a plain list is, over and over") {
  std::size_t rounds = 0, removed_tombstones = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    Both both(seed);
    for (int i = 0; i < 6; ++i) {
      both.write(4 + both.pick(30));
      both.check();
      const auto tombstones = [&] {
        return std::count_if(both.plain.begin(), both.plain.end(), [](const Plain& each) { return each.tombstone; });
      };
      const auto before = tombstones();
      if (both.clean_both()) ++rounds;
      if (tombstones() < before) ++removed_tombstones;
      both.check();
    }
  }
  CHECK(rounds > 300);
  CHECK(removed_tombstones > 50);
}

TEST_CASE("L15: a full map ends the round, and the next one goes on there until all is clean") {
  Log log;
  Records records;
  LogConfig log_config;
  log_config.segment_bytes = 700;
  CleanerConfig config;
  for (std::int32_t i = 0; i < 60; ++i) {
    Batch batch = batch_of(1, 1, i);
    batch.first_record = store_record(records, i, i % 12);
    log.append_as_leader(batch, 0, log_config, i);
  }
  log.raise_high_watermark(60);
  std::optional<Offset> checkpoint;
  int rounds = 0;
  while (true) {
    CleaningRound round;
    round.range = cleanable_range(log, checkpoint, config, 100);
    if (round.range.first_dirty == round.range.first_uncleanable) break;
    round.map_capacity = 5;
    const Cleaned cleaned = clean(log, records, round, config, 100);
    CHECK(cleaned.keys <= 5);
    CHECK(cleaned.end_offset > checkpoint.value_or(0));
    checkpoint = cleaned.end_offset;
    REQUIRE(++rounds < 60);
  }
  CHECK(rounds > 5);
  std::set<std::int32_t> keys;
  for (const Segment& segment : log.segments()) {
    if (segment.base_offset >= *checkpoint) break;
    for (const Batch& batch : segment.batches)
      for_each_record(records, batch, [&](Offset, const Record& record) { CHECK(keys.insert(record.key).second); });
  }
  CHECK(keys.size() == 12);
}

// Two batches of an aborted transaction and its marker, then one of a committed one and its marker; and a segment after it.
class Transactions {
 public:
  Transactions() {
    log_config_.segment_bytes = 400;
    add(1, 0, kTransactional, -1);
    add(1, 1, kTransactional, -1);
    add(1, -1, kTransactional | kControl, kAbortMarker);
    add(2, 1, kTransactional, -1);
    add(2, -1, kTransactional | kControl, kCommitMarker);
    fill_segment();
    aborted_ = {{1, 0, 2}};
  }

  // What is left below offset 5 after one more round; 5 is the first of the segment that was added for it.
  std::vector<Offset> clean_again(Time now) {
    CleaningRound round;
    round.range = cleanable_range(log_, checkpoint_, config_, now);
    round.aborted = aborted_;
    const Cleaned cleaned = clean(log_, records_, round, config_, now);
    checkpoint_ = cleaned.end_offset;
    aborted_ = cleaned.aborted;
    removed = cleaned.removed;
    fill_segment();
    std::vector<Offset> left;
    for (const Batch& batch : log_.batches())
      for_each_record(records_, batch, [&](Offset offset, const Record&) { if (offset < 5) left.push_back(offset); });
    return left;
  }
  const std::vector<AbortedTransaction>& aborted() const { return aborted_; }

  std::vector<Removed> removed;

 private:
  void add(std::int64_t producer, std::int32_t key, int attributes, std::int32_t text) {
    Batch batch = batch_of(1, 1, 0);
    batch.first_record = static_cast<std::int64_t>(records_.size());
    batch.producer_id = producer;
    batch.attributes = static_cast<std::uint8_t>(attributes);
    Record record;
    record.key = key;
    record.text = text;
    record.timestamp = 1;
    records_.push_back(record);
    log_.append_as_leader(batch, 0, log_config_, 1);
    log_.raise_high_watermark(log_.log_end_offset());
  }
  // With keys of its own, until the one before is closed.
  void fill_segment() {
    const std::size_t before = log_.segments().size();
    while (log_.segments().size() == before) add(3, 100 + static_cast<std::int32_t>(records_.size()), 0, -1);
  }

  Log log_;
  Records records_;
  LogConfig log_config_;
  CleanerConfig config_{400, 10 << 20, 0, kNever, 50};
  std::optional<Offset> checkpoint_;
  std::vector<AbortedTransaction> aborted_;
};

TEST_CASE("L15, L17: aborted data goes at once, its marker in the third pass, and both leave the transaction index in turn") {
  Transactions log;
  CHECK(log.clean_again(100) == std::vector<Offset>{2, 3, 4});  // the data that was aborted counts for nothing
  REQUIRE(log.removed.size() == 2);
  CHECK(log.removed[1].reason == CleaningReason::aborted);
  CHECK(log.aborted() == std::vector<AbortedTransaction>{{1, 0, 2}});
  CHECK(log.clean_again(200) == std::vector<Offset>{2, 3, 4});  // nothing of it is left: the marker gets its horizon, 250
  CHECK(log.aborted().empty());
  CHECK(log.clean_again(249) == std::vector<Offset>{2, 3, 4});
  CHECK(log.clean_again(250) == std::vector<Offset>{3, 4});  // a marker of data that stays stays
  CHECK(log.removed.back().reason == CleaningReason::marker);
}

// A log of batches of one record each, and what a cleaner makes of it.
struct Keyed {
  LogConfig log_config;
  CleanerConfig config;
  Log log;
  Records records;
  std::optional<Offset> checkpoint;

  explicit Keyed(std::int64_t segment_bytes) { log_config.segment_bytes = segment_bytes; }

  void add(std::int32_t key, Time at, bool tombstone = false) {
    Batch batch = batch_of(1, records.size() + 1, at);
    batch.first_record = static_cast<std::int64_t>(records.size());
    Record record;
    record.key = key;
    record.timestamp = at;
    record.size_in_bytes = 100;
    if (tombstone) record.text = kNoValue;
    records.push_back(record);
    log.append_as_leader(batch, 0, log_config, at);
    log.raise_high_watermark(log.log_end_offset());
  }
  CleanableRange range(Time now) const { return cleanable_range(log, checkpoint, config, now); }
  Cleaned clean_at(Time now) {
    CleaningRound round;
    round.range = range(now);
    const Cleaned cleaned = clean(log, records, round, config, now);
    checkpoint = cleaned.end_offset;
    return cleaned;
  }
  std::vector<Offset> bases() const {
    std::vector<Offset> found;
    for (const Segment& each : log.segments()) found.push_back(each.base_offset);
    return found;
  }
};

TEST_CASE("L13: a checkpoint outside of the log gives way to the log start, and only such a one") {
  Keyed keyed(100);
  for (std::int32_t i = 0; i < 4; ++i) keyed.add(i, 1);
  const auto first_dirty = [&](Offset checkpoint, bool reset) {
    const CleanableRange range = cleanable_range(keyed.log, checkpoint, keyed.config, 10);
    CHECK(range.reset_checkpoint == reset);
    return range.first_dirty;
  };
  CHECK(first_dirty(3, false) == 3);
  CHECK(first_dirty(4, false) == 4);
  CHECK(first_dirty(5, true) == 0);
  keyed.log.raise_log_start_offset(2);
  CHECK(first_dirty(2, false) == 2);
  CHECK(first_dirty(1, true) == 2);
  CHECK(first_dirty(5, true) == 2);
}

TEST_CASE("L14: what is older than max.compaction.lag.ms cannot wait, if it has a time, and if there is something to clean") {
  Keyed keyed(100);
  keyed.config.max_compaction_lag = 100;
  for (const Time at : {50, 60, 70}) keyed.add(1, at);
  CHECK_FALSE(keyed.range(150).max_lag_exceeded);
  CHECK(keyed.range(151).max_lag_exceeded);
  CHECK(keyed.range(151).wants_cleaning(1'000'000));
  CHECK_FALSE(cleanable_range(keyed.log, std::nullopt, keyed.config, 151, 0).wants_cleaning(1'000'000));  // nothing is committed
  keyed.checkpoint = 2;  // the active segment can wait
  CHECK_FALSE(keyed.range(kHour).max_lag_exceeded);
  Keyed timeless(100);
  timeless.config.max_compaction_lag = 100;
  for (int i = 0; i < 3; ++i) timeless.add(1, kNoTimestamp);
  CHECK_FALSE(timeless.range(kHour).max_lag_exceeded);
}

// Three closed segments of three batches, 300 bytes; every key is there once.
TEST_CASE("L15: neighbours become one segment as long as their bytes, their index entries and their time index entries fit") {
  struct Case {
    std::int64_t index_interval, segment_bytes, index_bytes;
    bool fit;
  };
  // Of each segment two batches have an entry in the offset index (8 bytes), and its largest time is in the time index (12):
  // with the second batch, or, without any other entry, as the last.
  for (const Case& each : {Case{0, 600, 1000, true}, Case{0, 599, 1000, false}, Case{0, 600, 32, true}, Case{0, 600, 31, false},
                           Case{1000, 600, 24, true}, Case{1000, 600, 23, false}}) {
    CAPTURE(each.segment_bytes);
    CAPTURE(each.index_bytes);
    Keyed keyed(300);
    keyed.log_config.index_interval_bytes = each.index_interval;
    for (std::int32_t i = 0; i < 10; ++i) keyed.add(i, 7);
    REQUIRE(keyed.bases() == std::vector<Offset>{0, 3, 6, 9});
    keyed.config.segment_bytes = each.segment_bytes;
    keyed.config.segment_index_bytes = each.index_bytes;
    keyed.clean_at(100);
    CHECK(keyed.bases() == (each.fit ? std::vector<Offset>{0, 6, 9} : std::vector<Offset>{0, 3, 6, 9}));
  }
}

TEST_CASE("L15: neighbours whose offsets could not be counted in 31 bits stay apart") {
  for (const Offset end : {Offset{1} << 31, (Offset{1} << 31) + 1}) {
    Keyed keyed(100);
    for (const Offset base : {Offset{0}, Offset{5}, end}) {
      Batch batch = batch_of(1, static_cast<std::uint64_t>(base), 7);
      batch.base_offset = base;
      batch.partition_leader_epoch = 0;
      batch.first_record = store_record(keyed.records, 7, base == 5 ? 1 : 0);
      keyed.log.append_as_follower(batch, keyed.log_config, 7);
    }
    keyed.log.set_follower_high_watermark(end);
    keyed.clean_at(100);
    CHECK(keyed.bases() == (end == Offset{1} << 31 ? std::vector<Offset>{0, end} : std::vector<Offset>{0, 5, end}));
  }
}

// Where no record has a time, that of the file decides about retention (L9).
TEST_CASE("L15: a segment that was written anew is as old as the last of those it was made of") {
  for (const bool merged : {true, false}) {
    Keyed keyed(100);
    for (const Time at : {10, 20, 30}) keyed.add(1, at);
    keyed.config.segment_bytes = merged ? 200 : 100;
    keyed.clean_at(1000);
    std::vector<Time> modified;
    for (const Segment& each : keyed.log.segments()) modified.push_back(each.last_modified);
    CHECK(modified == (merged ? std::vector<Time>{20, 30} : std::vector<Time>{10, 20, 30}));
    CHECK(keyed.log.segments()[0].empty() == !merged);  // offset 1 is what is left of both
  }
}

TEST_CASE("L16: with LogAppendTime what is left of a batch keeps the time of its append") {
  Keyed keyed(200);
  keyed.log_config.message_timestamp_type = TimestampType::log_append_time;
  Batch batch = batch_of(2, 1, 5);
  batch.first_record = store_record(keyed.records, 5, 1);
  store_record(keyed.records, 5, 2);
  keyed.log.append_as_leader(batch, 0, keyed.log_config, 77);
  keyed.add(1, 78);
  keyed.add(3, 79);
  keyed.add(3, 80);
  keyed.clean_at(1000);
  REQUIRE(keyed.log.batches()[0].count == 1);
  CHECK(keyed.log.batches()[0].max_timestamp == 77);
}

TEST_CASE("L17: a tombstone goes at its horizon, and not before") {
  for (const Time second : {149, 150}) {
    Keyed keyed(100);
    keyed.config.segment_bytes = 100;
    keyed.config.delete_retention = 50;
    keyed.add(1, 1, true);
    keyed.add(2, 1);
    keyed.clean_at(100);
    REQUIRE(keyed.log.batches()[0].delete_horizon == 150);
    keyed.add(3, 100);
    CHECK(keyed.clean_at(second).removed.size() == (second == 150 ? 1 : 0));
  }
}

}  // namespace
}  // namespace nutshell
