#include "sim/log/segment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/core/random.h"
#include "sim/log/log_index.h"
#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

std::vector<Offset> base_offsets(const Log& log) {
  std::vector<Offset> bases;
  for (const Segment& segment : log.segments()) bases.push_back(segment.base_offset);
  return bases;
}

void append(Log& log, const LogConfig& config, Time timestamp, Time now = 0, std::int32_t count = 1) {
  log.append_as_leader(batch_of(count, 1, timestamp), 0, config, now);
}

TEST_CASE("L5: a segment is full when the batch would go beyond segment.bytes") {
  LogConfig config;
  config.segment_bytes = 300;
  Log log;
  for (std::int32_t i = 0; i < 7; ++i) append(log, config, 0);
  CHECK(base_offsets(log) == std::vector<Offset>{0, 3, 6});
  CHECK(log.segments()[0].size_in_bytes == 300);
  CHECK(log.size_in_bytes() == 700);
}

TEST_CASE("L5: segment.ms counts in record time from the first batch, and only an append rolls") {
  LogConfig config;
  config.segment_time = 10 * kSecond;
  Log log;
  append(log, config, 100 * kSecond, 0);
  append(log, config, 110 * kSecond, 500 * kSecond);
  CHECK(base_offsets(log) == std::vector<Offset>{0});
  append(log, config, 50 * kSecond, 900 * kSecond);
  CHECK(base_offsets(log) == std::vector<Offset>{0});
  append(log, config, 110 * kSecond + 1);
  CHECK(base_offsets(log) == std::vector<Offset>{0, 3});
  CHECK(log.segments()[1].first_batch_timestamp == 110 * kSecond + 1);
}

TEST_CASE("L5: without timestamps the age of the segment decides") {
  LogConfig config;
  config.segment_time = 10 * kSecond;
  Log log;
  append(log, config, kNoTimestamp, 100 * kSecond);
  append(log, config, kNoTimestamp, 110 * kSecond);
  CHECK(base_offsets(log) == std::vector<Offset>{0});
  append(log, config, kNoTimestamp, 110 * kSecond + 1);
  CHECK(base_offsets(log) == std::vector<Offset>{0, 2});
}

TEST_CASE("L5: a compacted log also rolls by max.compaction.lag.ms") {
  LogConfig config;
  config.max_compaction_lag = 1 * kSecond;
  for (const CleanupPolicy policy : {CleanupPolicy::deletes, CleanupPolicy::compacts, CleanupPolicy::compacts_and_deletes}) {
    config.cleanup_policy = policy;
    Log log;
    for (Time timestamp : {Time{0}, 2 * kSecond}) append(log, config, timestamp);
    CHECK(base_offsets(log) == (policy == CleanupPolicy::deletes ? std::vector<Offset>{0} : std::vector<Offset>{0, 1}));
  }
}

TEST_CASE("L5: what a fetch brings makes one decision, with its bytes in sum, and the first batch names the segment") {
  LogConfig config;
  config.segment_bytes = 300;
  const auto fetched = [](Offset base, std::int32_t count) {
    std::vector<Batch> batches;
    for (std::int32_t i = 0; i < count; ++i) {
      batches.push_back(batch_of(1, static_cast<std::uint64_t>(base + i)));
      batches.back().base_offset = base + i;
      batches.back().partition_leader_epoch = 0;
    }
    return batches;
  };
  Log log, one_by_one;
  log.append_as_follower(fetched(0, 2), config, 0);
  log.append_as_follower(fetched(2, 2), config, 0);  // 400 bytes: no room for both
  log.append_as_follower(fetched(4, 5), config, 0);  // larger than a segment, and still one append
  CHECK(base_offsets(log) == std::vector<Offset>{0, 2, 4});
  CHECK(log.log_end_offset() == 9);
  for (Offset offset = 0; offset < 9; ++offset) one_by_one.append_as_follower(fetched(offset, 1)[0], config, 0);
  CHECK(base_offsets(one_by_one) == std::vector<Offset>{0, 3, 6});
  CHECK(log.chain_at(9) == one_by_one.chain_at(9));
}

TEST_CASE("L5: of what a fetch brings the largest time and the last offset decide") {
  const auto fetched = [](Offset base, std::int32_t count, Time timestamp) {
    Batch batch = batch_of(1, static_cast<std::uint64_t>(base), timestamp);
    batch.count = count;
    batch.base_offset = base;
    batch.partition_leader_epoch = 0;
    return batch;
  };
  LogConfig config;
  config.segment_time = 10 * kSecond;
  for (const bool newest_first : {false, true}) {
    Log log;
    log.append_as_follower(fetched(0, 1, 0), config, 0);
    const Time later = 10 * kSecond + 1;
    const std::vector<Batch> two{fetched(1, 1, newest_first ? later : 1), fetched(2, 1, newest_first ? 1 : later)};
    log.append_as_follower(two, config, 0);
    CHECK(base_offsets(log) == std::vector<Offset>{0, 1});
  }
  const std::int32_t largest = 2147483647;
  Log log;
  log.append_as_follower(fetched(0, 1, 0), kDefaults, 0);
  const std::vector<Batch> far{fetched(1, 1, 0), fetched(2, largest, 0)};
  log.append_as_follower(far, kDefaults, 0);
  CHECK(base_offsets(log) == std::vector<Offset>{0, 1});
  // The empty segment of a new log waits at 0, as long as what comes can be counted from there.
  for (const Offset first : {Offset{5}, Offset{largest}, Offset{largest} + 1}) {
    Log fresh;
    fresh.append_as_follower(fetched(first, 1, 0), kDefaults, 0);
    CHECK(base_offsets(fresh) == std::vector<Offset>{first <= largest ? 0 : first});
  }
}

TEST_CASE("L5: segment.jitter.ms makes segments roll sooner, each log and each segment by a draw of its own") {
  LogConfig config;
  config.segment_time = 100 * kSecond;
  config.segment_jitter = 50 * kSecond;
  std::vector<std::vector<Offset>> rolled;
  for (std::uint64_t identity : {1, 2}) {
    Log log;
    for (Time at = 0; at < 2000; at += 1) log.append_as_leader(batch_of(1, identity * 10'000 + at, at * kSecond), 0, config, 0);
    rolled.push_back(base_offsets(log));
    std::vector<Offset> ages;
    for (std::size_t i = 1; i < rolled.back().size(); ++i) ages.push_back(rolled.back()[i] - rolled.back()[i - 1]);
    CHECK(*std::min_element(ages.begin(), ages.end()) >= 50);
    CHECK(*std::max_element(ages.begin(), ages.end()) <= 101);
    CHECK(*std::min_element(ages.begin(), ages.end()) + 10 < *std::max_element(ages.begin(), ages.end()));
  }
  CHECK(rolled[0] != rolled[1]);
}

TEST_CASE("L6: an index entry once more than index.interval.bytes came since the last") {
  LogConfig config;
  config.index_interval_bytes = 250;
  Log log;
  for (std::int32_t i = 0; i < 10; ++i) append(log, config, i < 5 ? i : 0);
  // Bytes before a batch since the last entry: 0 100 200 [300] 100 200 [300] 100 200 [300].
  CHECK(log.segments()[0].offset_index_entries == 3);
  // The timestamps do not rise after the fifth batch: largest 3 at the first entry, 4 at the second.
  CHECK(log.segments()[0].time_index_entries == 2);
}

// Goes through the file from where the indexes say, and through the whole log beside it.
TEST_CASE("L6: a search for a time goes by segment, time index and offset index, and passes over nothing that it looks for") {
  std::size_t skipped = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::uint64_t nth = 0;
    const auto pick = [&](std::uint64_t limit) { return below(draw(seed, Purpose::fuzz, 9, nth++), limit); };
    LogConfig config;
    config.segment_bytes = 1500;
    config.index_interval_bytes = 150;
    Log log;
    Records records;
    for (Offset i = 0; i < 50; ++i) {
      const Time at = static_cast<Time>(10 * i) + static_cast<Time>(pick(40));
      Batch batch = batch_of(1, static_cast<std::uint64_t>(i), at);
      batch.first_record = store_record(records, at);
      log.append_as_leader(batch, 0, config, at);
    }
    log.raise_high_watermark(50);
    for (Time wanted = 0; wanted < 600; wanted += 7) {
      CAPTURE(seed);
      CAPTURE(wanted);
      const auto look = look_up_time(log, records, wanted);
      std::optional<Offset> first;
      for (Offset i = 0; i < 50 && !first; ++i)
        if (record_at(records, log, i)->timestamp >= wanted) first = i;
      REQUIRE(look.has_value() == first.has_value());
      if (!look) continue;
      REQUIRE(look->found->offset == *first);
      CHECK(look->segment <= *first);
      CHECK(look->segment + look->read_from / 100 <= *first);  // a record is 100 bytes
      for (const Segment& segment : log.segments()) {
        if (segment.base_offset != look->segment) continue;
        // Of each index the last entry that is not above what is looked for.
        std::optional<Time> time;
        std::optional<Offset> offset;
        const SegmentIndexes indexes = indexes_of(segment, look->closed);
        for (const TimeIndexEntry& each : indexes.times)
          if (each.timestamp <= wanted) time = each.timestamp;
        const Offset from = look->time ? look->time->offset : segment.base_offset;
        for (const OffsetIndexEntry& each : indexes.offsets)
          if (each.offset <= from) offset = each.offset;
        CHECK((look->time ? std::optional(look->time->timestamp) : std::nullopt) == time);
        CHECK((look->offset ? std::optional(look->offset->offset) : std::nullopt) == offset);
      }
      if (look->time && look->offset) CHECK(look->offset->offset <= look->time->offset);
      if (look->read_from > 0) ++skipped;
    }
  }
  CHECK(skipped > 500);
}

TEST_CASE("L6: a search for a time begins to read where the log does, if that lies behind what the time index says") {
  LogConfig config;
  config.index_interval_bytes = 150;
  Log log;
  Records records;
  for (Offset i = 0; i < 10; ++i) {
    Batch batch = batch_of(1, static_cast<std::uint64_t>(i), 10);
    batch.first_record = store_record(records, 10);
    log.append_as_leader(batch, 0, config, 10);
  }
  log.raise_high_watermark(10);
  // Every other batch has an entry, from offset 2 on, and none of them is as old as 5.
  CHECK(look_up_time(log, records, 5)->read_from == 0);
  log.raise_log_start_offset(5);
  const auto look = look_up_time(log, records, 5);
  REQUIRE(look);
  CHECK_FALSE(look->time.has_value());
  CHECK(look->offset == std::optional(OffsetIndexEntry{4, 400}));
  CHECK(look->read_from == 400);
  CHECK(look->found->offset == 5);
}

TEST_CASE("L5: a full index rolls") {
  LogConfig config;
  config.index_interval_bytes = 0;
  config.segment_index_bytes = 48;  // 6 offset entries; 4 time entries, one of which is kept free
  Log same_time;
  for (std::int32_t i = 0; i < 9; ++i) append(same_time, config, 0);
  // The first entry is made with the second batch; the time index takes only one of equal timestamps.
  CHECK(base_offsets(same_time) == std::vector<Offset>{0, 7});
  Log rising_time;
  for (std::int32_t i = 0; i < 9; ++i) append(rising_time, config, i);
  CHECK(base_offsets(rising_time) == std::vector<Offset>{0, 4, 8});
}

TEST_CASE("L5: an offset must fit in 31 bits from the base offset") {
  const std::int32_t largest = 2147483647;
  Log log;
  Batch huge = batch_of(1, 1);
  huge.count = largest;
  log.append_as_leader(huge, 0, kDefaults, 0);
  append(log, kDefaults, 0);
  CHECK(base_offsets(log) == std::vector<Offset>{0});
  append(log, kDefaults, 0);
  CHECK(base_offsets(log) == std::vector<Offset>{0, Offset{largest} + 1});
}

TEST_CASE("L7: rolling flushes what is closed, and nothing else does by itself") {
  LogConfig config;
  config.segment_bytes = 300;
  Log log;
  for (std::int32_t i = 0; i < 3; ++i) append(log, config, 0);
  CHECK(log.flushed_offset() == 0);
  CHECK(log.unflushed_bytes() == 300);
  append(log, config, 0);
  CHECK(log.flushed_offset() == 3);
  CHECK(log.unflushed_bytes() == 100);
  log.flush();
  append(log, config, 0);
  CHECK(log.unflushed_bytes() == 100);
}

TEST_CASE("a cut log has the segments of a log that was never longer") {
  LogConfig config;
  config.segment_bytes = 500;
  config.segment_jitter = kHour;
  config.index_interval_bytes = 150;
  const Time now = 7 * kSecond;
  Log log;
  std::vector<Log> was;
  for (std::int32_t i = 0; i < 23; ++i) {
    was.push_back(log);
    append(log, config, 10 * (i % 7), now);
  }
  for (std::size_t cut = 1; cut < was.size(); ++cut) {
    Log copy = log;
    copy.truncate_to(static_cast<Offset>(cut));
    CHECK(copy.size_in_bytes() == was[cut].size_in_bytes());
    if (cut % 5 == 0) {  // the next segment remains, empty: its base offset is the log end
      REQUIRE(copy.segments().size() == was[cut].segments().size() + 1);
      CHECK(copy.segments().back().empty());
    } else {
      CHECK(copy.segments() == was[cut].segments());
    }
    append(copy, config, 10 * (static_cast<Time>(cut) % 7), now);
    CHECK(copy.segments() == (cut + 1 < was.size() ? was[cut + 1] : log).segments());
  }
}

TEST_CASE("L6: offset for a time") {
  LogConfig config;
  config.segment_bytes = 200;
  Log log;
  Records records;
  for (Time timestamp : {Time{10}, Time{50}, Time{20}, Time{30}, Time{60}}) {
    Batch batch = batch_of(1, 1, timestamp);
    batch.first_record = store_record(records, timestamp);
    log.append_as_leader(batch, 0, config, 0);
  }
  CHECK(log.find_by_timestamp(records, 5) == TimedOffset{0, 10, 0});
  CHECK(log.find_by_timestamp(records, 15) == TimedOffset{1, 50, 0});
  CHECK(log.find_by_timestamp(records, 51) == TimedOffset{4, 60, 0});
  CHECK(log.find_by_timestamp(records, 61) == std::nullopt);
}

TEST_CASE("L6: within a batch it is the record that counts; with LogAppendTime all have the time of the append") {
  for (TimestampType type : {TimestampType::create_time, TimestampType::log_append_time}) {
    LogConfig config;
    config.message_timestamp_type = type;
    Log log;
    Records records;
    Batch batch = batch_of(4, 1, 40);
    batch.first_record = store_record(records, 10);
    for (Time timestamp : {Time{40}, Time{30}, Time{35}}) store_record(records, timestamp);
    log.append_as_leader(batch, 3, config, 200);
    const bool created = type == TimestampType::create_time;
    CHECK(log.find_by_timestamp(records, 5) == (created ? TimedOffset{0, 10, 3} : TimedOffset{0, 200, 3}));
    CHECK(log.find_by_timestamp(records, 33) == (created ? TimedOffset{1, 40, 3} : TimedOffset{0, 200, 3}));
    CHECK(log.find_by_timestamp(records, 41) == (created ? std::nullopt : std::optional(TimedOffset{0, 200, 3})));
    log.raise_high_watermark(4);
    log.raise_log_start_offset(2);
    CHECK(log.find_by_timestamp(records, 33) == (created ? TimedOffset{3, 35, 3} : TimedOffset{2, 200, 3}));
    CHECK(log.find_by_timestamp(records, 38) == (created ? std::nullopt : std::optional(TimedOffset{2, 200, 3})));
  }
}

}  // namespace
}  // namespace nutshell
