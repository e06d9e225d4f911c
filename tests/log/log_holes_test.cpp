// A log with holes, as a cleaner leaves it: batches and records are gone, offsets stay. Compared with a plain list.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "sim/core/random.h"
#include "sim/log/log.h"
#include "sim/log/record.h"
#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

struct Known {
  Time timestamp = 0;
  std::uint32_t serial = 0;
  Epoch epoch = 0;
};

// A leader and what a reader would find in it: by offset, for each that has a record.
struct Model {
  Log log;
  Records records;
  std::map<Offset, Known> known;
  std::vector<std::pair<Offset, Offset>> ranges;  // of the batches that are still there
  LogConfig config;
  std::uint64_t seed = 0;
  std::uint64_t draws = 0;

  explicit Model(std::uint64_t number) : seed(number) { config.segment_bytes = 900; }
  std::uint64_t pick(std::uint64_t below_this) { return below(draw(seed, Purpose::fuzz, 7, draws++), below_this); }

  void append(Epoch epoch) {
    const auto count = static_cast<std::int32_t>(1 + pick(4));
    Batch batch = batch_of(count, draws, 0);
    for (std::int32_t i = 0; i < count; ++i) {
      const Time at = static_cast<Time>(pick(500));
      const std::int64_t stored = store_record(records, at);
      if (i == 0) batch.first_record = stored;
      batch.max_timestamp = std::max(batch.max_timestamp, at);
      known[log.log_end_offset() + i] = {at, records.back().serial, epoch};
    }
    const Batch& stored = log.append_as_leader(batch, epoch, config, 0);
    ranges.push_back({stored.base_offset, stored.next_offset()});
  }

  // What is left of a batch: a run of its own, each record with its place.
  Batch thinned(const Batch& batch, const std::vector<Offset>& kept) {
    Batch left = batch;
    left.count = static_cast<std::int32_t>(kept.size());
    left.removed = static_cast<std::int32_t>(batch.offsets() - left.count);
    left.size_in_bytes = 61 + 100 * left.count;
    left.first_record = static_cast<std::int64_t>(records.size());
    for (Offset offset : kept) {
      Record record = *record_at(records, batch, offset);
      record.offset_delta = static_cast<std::int32_t>(offset - batch.base_offset);
      records.push_back(record);
    }
    return left;
  }

  // Takes about half of the records of every closed segment away, and then about half of the batches without any.
  void clean() {
    const std::size_t closed = log.segments().size() - 1;
    std::vector<Segment> cleaned;
    for (std::size_t i = 0; i < closed; ++i) {
      Segment segment;
      segment.base_offset = log.segments()[i].base_offset;
      for (const Batch& batch : log.segments()[i].batches) {
        std::vector<Offset> kept;
        for_each_record(records, batch, [&](Offset offset, const Record&) {
          if (pick(2) == 0) kept.push_back(offset);
          else known.erase(offset);
        });
        if (kept.empty() && pick(2) == 0) std::erase(ranges, std::pair(batch.base_offset, batch.next_offset()));
        else segment.append(thinned(batch, kept));
      }
      cleaned.push_back(std::move(segment));
    }
    log.replace_segments(0, closed, std::move(cleaned));
  }

  void cut(Offset offset) {
    log.truncate_to(offset);
    known.erase(known.lower_bound(log.log_end_offset()), known.end());
    std::erase_if(ranges, [&](const auto& each) { return each.second > log.log_end_offset(); });
  }
};

void check_records(const Log& log, const Model& model) {
  for (Offset offset = -1; offset <= model.log.log_end_offset() + 1; ++offset) {
    const Record* record = record_at(model.records, log, offset);
    const auto expected = model.known.find(offset);
    REQUIRE((record != nullptr) == (expected != model.known.end()));
    if (record) REQUIRE(record->serial == expected->second.serial);
  }
}

void check_batches(const Log& log, const Model& model) {
  std::vector<std::pair<Offset, Offset>> found;
  for (const Batch& each : log.batches()) found.push_back({each.base_offset, each.next_offset()});
  REQUIRE(found == model.ranges);
  for (Offset offset = 0; offset < log.log_end_offset(); ++offset) {
    const auto above = std::find_if(found.begin(), found.end(), [&](const auto& each) { return each.second > offset; });
    const std::optional<std::size_t> index = log.find(offset);
    REQUIRE(index.has_value() == (above != found.end()));
    if (!index) continue;
    REQUIRE(log.batches()[*index].base_offset == above->first);
    REQUIRE((log.batch_at(offset) != nullptr) == (above->first <= offset));
    const auto read = log.read(offset, 1'000'000, log.log_end_offset(), true);
    REQUIRE(read->first == *index);
    REQUIRE(read->last == log.batches().size());
  }
}

// The first record that is not older, in the first segment whose newest one is not.
void check_times(const Log& log, const Model& model) {
  for (Time wanted = 0; wanted < 520; wanted += 13) {
    std::optional<TimedOffset> expected;
    const auto found = log.find_by_timestamp(model.records, wanted);
    for (std::size_t i = 0; i < log.segments().size(); ++i) {
      if (log.segments()[i].newest() < wanted) continue;
      const Offset end = i + 1 < log.segments().size() ? log.segments()[i + 1].base_offset : log.log_end_offset();
      for (const auto& [offset, record] : model.known)
        if (!expected && offset >= log.segments()[i].base_offset && offset < end && record.timestamp >= wanted)
          expected = TimedOffset{offset, record.timestamp, record.epoch};
      break;
    }
    REQUIRE(found == expected);
  }
}

void check(const Model& model) {
  check_records(model.log, model);
  check_batches(model.log, model);
  check_times(model.log, model);
}

Model written(std::uint64_t seed) {
  Model model(seed);
  for (Epoch epoch = 0; epoch < 3; ++epoch)
    for (std::uint64_t i = 5 + model.pick(20); i > 0; --i) model.append(epoch);
  return model;
}

TEST_CASE("L16: a log with holes is read, found by offset and by time as a list is that has no such offsets") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Model model = written(seed);
    check(model);
    for (int round = 0; round < 3; ++round) {
      const Log before = model.log;
      const std::uint64_t digest = digest_of(before);
      model.clean();
      check(model);
      CHECK(digest_of(before) == digest);
      CHECK(first_difference(before, model.log) == std::nullopt);
      CHECK(first_difference(model.log, before) == std::nullopt);
      model.append(3);
      check(model);
    }
  }
}

TEST_CASE("L16: a log with holes is cut at any offset, and goes on") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Model model = written(seed);
    model.clean();
    for (Offset at = 0; at < model.log.log_end_offset(); ++at) {
      Model cut = model;
      cut.cut(at);
      REQUIRE(cut.log.log_end_offset() <= at);
      check(cut);
      cut.append(4);
      check(cut);
    }
  }
}

TEST_CASE("L16: a follower copies what is left, whatever it has already, and agrees") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Model model = written(seed);
    Log early;  // has some of it from before the cleaning
    copy_tail(model.log, early, model.log.log_end_offset() / 2);
    const Log held = early;
    model.clean();
    Log late;
    for (Log* follower : {&late, &early}) {
      CHECK(follow(model.log, *follower) == (follower == &late ? 0 : held.log_end_offset()));
      CHECK(follower->log_end_offset() == model.log.log_end_offset());
      CHECK(first_difference(model.log, *follower) == std::nullopt);
      CHECK(first_difference(*follower, model.log) == std::nullopt);
      CHECK(follower->leader_epochs().latest_epoch() == model.log.latest_epoch());
    }
    check_records(late, model);
    check_batches(late, model);
    // Gone is what one of them lacks, not what one has and another differs in.
    early.truncate_to(held.log_end_offset());
    early.append_as_leader(batch_of(1, 99), 7, kDefaults, 0);
    if (model.log.batch_at(held.log_end_offset()))
      CHECK(first_difference(model.log, early) == held.log_end_offset());
  }
}

TEST_CASE("segments that are deleted take their batches along, and the log starts where the next one does") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Model model = written(seed);
    if (seed % 2) model.clean();
    model.log.raise_high_watermark(model.log.log_end_offset());
    const Log whole = model.log;
    const std::size_t closed = model.log.segments().size() - 1;
    for (std::size_t count = 0; count <= closed; ++count) {
      Model less = model;
      less.log.delete_segments(count);
      const Offset start = whole.segments()[count].base_offset;
      less.known.erase(less.known.begin(), less.known.lower_bound(start));
      std::erase_if(less.ranges, [&](const auto& each) { return each.first < start; });
      CHECK(less.log.log_start_offset() == start);
      CHECK(less.log.segments().size() == closed + 1 - count);
      CHECK(less.log.size_in_bytes() <= whole.size_in_bytes());
      check_records(less.log, less);
      REQUIRE(less.log.batches().size() == whole.batches().size());
      for (std::size_t i = less.log.batches().begin_index(); i < whole.batches().size(); ++i)
        REQUIRE(less.log.batches()[i] == whole.batches()[i]);
      CHECK(first_difference(less.log, whole) == std::nullopt);
      CHECK(less.log.read(start - 1, 100, whole.log_end_offset(), true).has_value() == false);
    }
  }
}

TEST_CASE("L5: a follower's segment begins with the batch that did not fit, also above a hole") {
  LogConfig config;
  config.segment_bytes = 250;
  Log log;
  for (Offset base : {0, 1, 10, 11, 30}) {
    Batch batch = batch_of(1, 1);
    batch.base_offset = base;
    batch.partition_leader_epoch = 0;
    log.append_as_follower(batch, config, 0);
  }
  std::vector<Offset> bases;
  for (const Segment& each : log.segments()) bases.push_back(each.base_offset);
  CHECK(bases == std::vector<Offset>{0, 10, 30});
  CHECK(log.log_end_offset() == 31);
  CHECK(log.find(2) == 2u);
  CHECK(log.batch_at(2) == nullptr);
  CHECK(log.epoch_at(5) == std::nullopt);
}

}  // namespace
}  // namespace nutshell
