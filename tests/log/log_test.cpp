#include "sim/log/log.h"

#include <doctest/doctest.h>

#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

// Three batches of 2, 3 and 5 records: offsets 0-1, 2-4, 5-9; sizes 200, 300, 500.
Log three_batches() {
  Log log;
  log.append_as_leader(batch_of(2, 11), 0, kDefaults, 0);
  log.append_as_leader(batch_of(3, 12), 0, kDefaults, 0);
  log.append_as_leader(batch_of(5, 13), 1, kDefaults, 0);
  return log;
}

TEST_CASE("L1: a leader assigns consecutive offsets and stamps its epoch") {
  const Log log = three_batches();
  CHECK(log.log_end_offset() == 10);
  CHECK(log.batches()[1].base_offset == 2);
  CHECK(log.batches()[2].base_offset == 5);
  CHECK(log.batches()[2].partition_leader_epoch == 1);
  CHECK(log.leader_epochs().entries() == std::vector<EpochEntry>{{0, 0}, {1, 5}});
  CHECK(log.epoch_at(4) == 0);
  CHECK(log.epoch_at(5) == 1);
  CHECK(log.epoch_at(10) == std::nullopt);
}

TEST_CASE("L1: a follower appends verbatim") {
  const Log leader = three_batches();
  Log follower;
  follow(leader, follower);
  REQUIRE(follower.batches().size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(follower.batches()[i] == leader.batches()[i]);
  CHECK(digest_of(follower) == digest_of(leader));
}

// It led once, and wrote nothing.
TEST_CASE("L1: a follower stores a batch of an epoch below its own latest as it is") {
  const Log leader = three_batches();
  Log follower;
  follower.assign_epoch_start_offset(7);
  follower.append_as_follower(leader.batches()[0], kDefaults, 0);
  CHECK(follower.batches()[0].partition_leader_epoch == 0);
  CHECK(follower.batches()[0] == leader.batches()[0]);
}

TEST_CASE("L2: with LogAppendTime the leader overwrites the timestamp") {
  LogConfig config;
  config.message_timestamp_type = TimestampType::log_append_time;
  Log log;
  CHECK(log.append_as_leader(batch_of(1, 1, 5), 0, config, 77).max_timestamp == 77);
  CHECK(log.append_as_leader(batch_of(1, 1, 5), 0, kDefaults, 99).max_timestamp == 5);
}

TEST_CASE("L1, L2: a follower keeps the time that its leader has set") {
  LogConfig config;
  config.message_timestamp_type = TimestampType::log_append_time;
  Log leader, follower;
  leader.append_as_leader(batch_of(2, 1, 5), 0, config, 77);
  follower.append_as_follower(leader.batches()[0], config, 99);
  CHECK(follower.batches()[0].max_timestamp == 77);
  CHECK(follower.batches()[0] == leader.batches()[0]);
}

TEST_CASE("L3: the leader's high watermark only rises") {
  Log log = three_batches();
  CHECK(log.high_watermark() == 0);
  CHECK(log.raise_high_watermark(5));
  CHECK_FALSE(log.raise_high_watermark(2));
  CHECK(log.high_watermark() == 5);
}

TEST_CASE("L3: a follower clamps the leader's high watermark to its own log") {
  Log log = three_batches();
  CHECK(log.set_follower_high_watermark(50));
  CHECK(log.high_watermark() == 10);
  CHECK(log.set_follower_high_watermark(5));
  CHECK(log.high_watermark() == 5);
  log.raise_log_start_offset(4);
  CHECK(log.set_follower_high_watermark(1));
  CHECK(log.high_watermark() == 4);
  CHECK_FALSE(log.set_follower_high_watermark(0));
}

TEST_CASE("L4: a read begins with the batch that contains the offset") {
  const Log log = three_batches();
  const std::size_t first_of[] = {0, 0, 1, 1, 1, 2, 2, 2, 2, 2};
  for (Offset from = 0; from < 10; ++from) {
    const std::optional<BatchRange> range = log.read(from, 10'000, log.log_end_offset(), true);
    REQUIRE(range);
    CHECK(range->first == first_of[from]);
    CHECK(range->last == 3);
  }
}

TEST_CASE("L4: out of range below the log start and above the log end only") {
  Log log = three_batches();
  log.raise_high_watermark(5);
  log.raise_log_start_offset(3);
  CHECK_FALSE(log.read(2, 1000, 10, true));
  CHECK_FALSE(log.read(11, 1000, 10, true));
  REQUIRE(log.read(3, 1000, 5, true));
  CHECK(log.read(3, 1000, 5, true)->first == 1);
  REQUIRE(log.read(10, 1000, 10, true));
  CHECK(log.read(10, 1000, 10, true)->empty());
  REQUIRE(log.read(7, 1000, 5, true));
  CHECK(log.read(7, 1000, 5, true)->empty());
}

TEST_CASE("L4: nothing at or above the bound is returned, not even part of a batch") {
  const Log log = three_batches();
  CHECK(log.read(0, 10'000, 5, true)->last == 2);
  CHECK(log.read(0, 10'000, 9, true)->last == 2);
  CHECK(log.read(0, 10'000, 10, true)->last == 3);
  CHECK(log.read(5, 10'000, 9, true)->empty());
}

TEST_CASE("L4: the byte limit holds, except for the first batch (KIP-74)") {
  const Log log = three_batches();
  CHECK(log.read(0, 499, 10, true)->last == 1);
  CHECK(log.read(0, 500, 10, true)->last == 2);
  CHECK(log.read(0, 500, 10, true)->size_in_bytes == 500);
  CHECK(log.read(0, 1, 10, true)->last == 1);
  CHECK(log.read(0, 1, 10, true)->size_in_bytes == 200);
  CHECK(log.read(0, 1, 10, false)->empty());
}

TEST_CASE("every offset of a long log is found") {
  Log log;
  std::vector<std::size_t> batch_at;
  for (std::size_t i = 0; i < 1000; ++i) {
    const auto count = static_cast<std::int32_t>(1 + i % 4);
    log.append_as_leader(batch_of(count, i), 0, kDefaults, 0);
    batch_at.insert(batch_at.end(), static_cast<std::size_t>(count), i);
  }
  for (std::size_t offset = 0; offset < batch_at.size(); ++offset) {
    REQUIRE(log.find(static_cast<Offset>(offset)) == batch_at[offset]);
  }
  CHECK(log.find(-1) == std::nullopt);
  CHECK(log.find(log.log_end_offset()) == std::nullopt);
}

TEST_CASE("L7, N4: after power loss the log ends where it was flushed and the high watermark is the checkpointed one") {
  Log log = three_batches();
  log.raise_high_watermark(2);
  log.checkpoint_high_watermark();
  log.flush();
  log.append_as_leader(batch_of(4, 14), 2, kDefaults, 0);
  log.raise_high_watermark(14);
  log.crash_unflushed();
  CHECK(log.log_end_offset() == 10);
  CHECK(log.latest_epoch() == 1);
  CHECK(log.high_watermark() == 10);
  log.restart();
  CHECK(log.high_watermark() == 2);
}

TEST_CASE("N4: a checkpoint above the log end is clamped") {
  Log log = three_batches();
  log.raise_high_watermark(10);
  log.checkpoint_high_watermark();
  log.truncate_to(5);
  log.restart();
  CHECK(log.high_watermark() == 5);
}

TEST_CASE("power loss below the log start leaves an empty log at the log start") {
  Log log = three_batches();
  log.raise_high_watermark(10);
  log.raise_log_start_offset(5);
  log.crash_unflushed();
  CHECK(log.log_start_offset() == 5);
  CHECK(log.log_end_offset() == 5);
  CHECK(log.batches().empty());
}

TEST_CASE("the chain names everything below an offset") {
  const Log log = three_batches();
  CHECK(log.chain_at(5) == log.batches()[1].chain);
  CHECK(log.chain_at(10) == log.batches()[2].chain);
  CHECK(log.chain_at(4) == std::nullopt);
  CHECK(log.chain_at(0) == std::nullopt);
  CHECK(log.chain_at(11) == std::nullopt);
  Log other_content, other_epoch;
  other_content.append_as_leader(batch_of(2, 99), 0, kDefaults, 0);
  other_epoch.append_as_leader(batch_of(2, 11), 1, kDefaults, 0);
  CHECK(other_content.chain_at(2) != log.chain_at(2));
  CHECK(other_epoch.chain_at(2) != log.chain_at(2));
  // What came before counts, although the second batch is the same.
  other_content.append_as_leader(batch_of(3, 12), 0, kDefaults, 0);
  CHECK(other_content.chain_at(5) != log.chain_at(5));
}

TEST_CASE("a log that was restarted in the middle is still comparable") {
  const Log leader = three_batches();
  Log follower;
  follower.truncate_fully_and_start_at(5);
  follow(leader, follower);
  CHECK(follower.log_start_offset() == 5);
  CHECK(follower.high_watermark() == 5);
  CHECK(follower.chain_at(10) == leader.chain_at(10));
  CHECK(first_difference(leader, follower) == std::nullopt);
  Log leader_again;
  leader_again.truncate_fully_and_start_at(5, *leader.chain_at(5));
  leader_again.append_as_leader(batch_of(5, 13), 1, kDefaults, 0);
  CHECK(leader_again.chain_at(10) == leader.chain_at(10));
}

TEST_CASE("a replica costs little") {
  CHECK(sizeof(Log) <= 80);
  Log log;
  CHECK(log.copy_bytes() == 0);
  log.restart();
  log.truncate_to(0);
  log.set_follower_high_watermark(10);
  CHECK(log.copy_bytes() == 0);
}

}  // namespace
}  // namespace nutshell
