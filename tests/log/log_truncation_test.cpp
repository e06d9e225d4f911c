// Scenarios of sim/kafka/RULES.md on bare logs, and the rules of truncation.
#include <doctest/doctest.h>

#include <utility>

#include "sim/log/log.h"
#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

TEST_CASE("truncation removes whole batches and lowers every mark above") {
  Log log;
  log.append_as_leader(batch_of(5, 1), 0, kDefaults, 0);
  log.append_as_leader(batch_of(5, 2), 1, kDefaults, 0);
  log.flush();
  log.raise_high_watermark(10);
  CHECK_FALSE(log.truncate_to(10));
  CHECK(log.truncate_to(7));
  CHECK(log.log_end_offset() == 5);
  CHECK(log.high_watermark() == 5);
  CHECK(log.flushed_offset() == 5);
  CHECK(log.latest_epoch() == 0);
  CHECK(log.size_in_bytes() == 500);
}

TEST_CASE("truncation below the log start takes the log start along") {
  Log log;
  lead(log, 0, 10, 1);
  log.raise_high_watermark(8);
  log.raise_log_start_offset(6);
  log.truncate_to(4);
  CHECK(log.log_start_offset() == 4);
  CHECK(log.high_watermark() == 4);
  CHECK(log.log_end_offset() == 4);
}

TEST_CASE("truncation below everything held starts an empty log there") {
  Log log;
  log.truncate_fully_and_start_at(100);
  lead(log, 3, 2, 1);
  CHECK(log.truncate_to(50));
  CHECK(log.log_start_offset() == 50);
  CHECK(log.log_end_offset() == 50);
  CHECK(log.leader_epochs().entries().empty());
  CHECK(log.segments().empty());
}

TEST_CASE("scenario 7: a follower on the new leader's history does not diverge") {
  Log leader;
  lead(leader, 5, 100, 1);
  leader.raise_high_watermark(90);
  Log follower;
  copy_tail(leader, follower, 92);
  leader.assign_epoch_start_offset(6);
  CHECK(leader.leader_epochs().entry_of(6) == EpochEntry{6, 100});
  // At 92 it is above the high watermark and below the start of epoch 6 (R6): no divergence either way.
  CHECK_FALSE(leader.diverging(follower.latest_epoch(), 92));
  follow(leader, follower);
  CHECK(follower.log_end_offset() == 100);
  CHECK_FALSE(leader.diverging(follower.latest_epoch(), 100));
  CHECK(follower.latest_epoch() == 5);
}

TEST_CASE("scenario 8: an unclean election truncates acknowledged records") {
  Log one;
  lead(one, 5, 120, 1);
  Log two;
  copy_tail(one, two, 100);
  const std::uint64_t acknowledged = *one.chain_at(120);
  two.assign_epoch_start_offset(6);
  lead(two, 6, 30, 1000);
  const std::optional<EpochEnd> diverging = two.diverging(one.latest_epoch(), one.log_end_offset());
  CHECK(diverging == EpochEnd{5, 100});
  CHECK(first_difference(one, two) == 100);
  CHECK(same_prefix(one, two, 100));
  CHECK_FALSE(same_prefix(one, two, 101));
  CHECK(follow(two, one) == 100);
  CHECK(one.log_end_offset() == 130);
  CHECK(first_difference(one, two) == std::nullopt);
  CHECK(two.chain_at(120) != acknowledged);
  CHECK(one.chain_at(120) != acknowledged);
}

// Both logs [m0, m1]; A's high watermark is 2, B's still 1.
struct HighWatermarkLag {
  Log a, b;
  HighWatermarkLag() {
    lead(a, 0, 2, 1);
    follow(a, b);
    a.raise_high_watermark(2);
    b.set_follower_high_watermark(1);
  }
};

TEST_CASE("scenario 10, hw: cutting to the high watermark loses a committed record") {
  HighWatermarkLag logs;
  const std::uint64_t acknowledged = *logs.a.chain_at(2);
  logs.b.truncate_to(logs.b.high_watermark());
  logs.b.assign_epoch_start_offset(1);
  // A returns as a follower and fetches at 2, above B's log end.
  CHECK_FALSE(logs.b.read(logs.a.log_end_offset(), 1000, logs.b.log_end_offset(), true));
  const OutOfRangeRemedy remedy = logs.a.remedy_for_out_of_range(0, logs.b.log_end_offset());
  CHECK(remedy.kind == OutOfRangeRemedy::Kind::truncate);
  logs.a.truncate_to(remedy.offset);
  CHECK(logs.a.log_end_offset() == 1);
  CHECK(logs.a.chain_at(2) != acknowledged);
  CHECK(logs.b.chain_at(2) != acknowledged);
}

TEST_CASE("scenario 10, fetch: nothing is cut and nothing is lost") {
  HighWatermarkLag logs;
  const std::uint64_t acknowledged = *logs.a.chain_at(2);
  CHECK(follow(logs.a, logs.b) == 2);
  logs.b.assign_epoch_start_offset(1);
  lead(logs.b, 1, 1, 50);
  CHECK(follow(logs.b, logs.a) == 2);
  CHECK(logs.a.chain_at(2) == acknowledged);
  CHECK(logs.b.chain_at(2) == acknowledged);
}

// A leads e0 with [a0, a1], B has [a0]; B leads e1 and writes b1; A leads e2 and writes a2.
struct TwoFastFailOvers {
  Log a, b;
  TwoFastFailOvers() {
    lead(a, 0, 2, 1);
    copy_tail(a, b, 1);
    b.assign_epoch_start_offset(1);
    lead(b, 1, 1, 100);
    a.assign_epoch_start_offset(2);
    lead(a, 2, 1, 200);
  }
};

TEST_CASE("scenario 11, kip101: the answer without an epoch cuts nothing and the logs stay different") {
  TwoFastFailOvers logs;
  const EpochEnd answer = logs.a.leader_epochs().end_offset_for(logs.b.latest_epoch(), logs.a.log_end_offset());
  CHECK(answer.end_offset == 2);
  CHECK_FALSE(logs.b.truncate_to(std::min(answer.end_offset, logs.b.log_end_offset())));
  copy_tail(logs.a, logs.b, 3);
  CHECK(logs.b.log_end_offset() == 3);
  CHECK(first_difference(logs.a, logs.b) == 1);
  CHECK(logs.a.chain_at(3) != logs.b.chain_at(3));
}

TEST_CASE("scenario 11, fetch: the follower cuts to the end of the last common epoch") {
  TwoFastFailOvers logs;
  const std::optional<EpochEnd> diverging = logs.a.diverging(logs.b.latest_epoch(), logs.b.log_end_offset());
  REQUIRE(diverging == EpochEnd{0, 2});
  const TruncationPoint cut = logs.b.truncation_point_for(*diverging);
  CHECK(cut.offset == 1);
  CHECK(cut.completed);
  CHECK(follow(logs.a, logs.b) == 1);
  CHECK(first_difference(logs.a, logs.b) == std::nullopt);
  CHECK(logs.b.log_end_offset() == 3);
}

TEST_CASE("L21: a follower that does not know the leader's epoch cuts to its own one below and asks again") {
  Log leader, follower;
  lead(leader, 1, 5, 1);
  copy_tail(leader, follower, 3);
  lead(follower, 4, 4, 100);
  lead(leader, 2, 5, 200);
  lead(leader, 5, 1, 300);
  const std::optional<EpochEnd> diverging = leader.diverging(4, follower.log_end_offset());
  REQUIRE(diverging == EpochEnd{2, 10});
  const TruncationPoint cut = follower.truncation_point_for(*diverging);
  CHECK(cut.offset == 3);
  CHECK_FALSE(cut.completed);
  CHECK(follow(leader, follower) == 3);
  CHECK(first_difference(leader, follower) == std::nullopt);
}

TEST_CASE("L21: a leader that was replaced before it wrote anything forgets its epoch") {
  Log leader, follower;
  lead(leader, 0, 2, 1);
  follow(leader, follower);
  follower.assign_epoch_start_offset(1);
  leader.assign_epoch_start_offset(2);
  REQUIRE(leader.diverging(1, 2) == EpochEnd{0, 2});
  CHECK(follow(leader, follower) == 2);
  CHECK(follower.latest_epoch() == 0);
  follower.assign_epoch_start_offset(3);
  follower.restart();
  CHECK(follower.latest_epoch() == 0);
}

TEST_CASE("L21: an epoch above the leader's latest cannot be placed") {
  Log leader;
  lead(leader, 3, 5, 1);
  REQUIRE(leader.diverging(4, 5));
  CHECK(leader.diverging(4, 5)->is_undefined());
  CHECK_FALSE(leader.diverging(kNoEpoch, 0));
}

// Of what the leader no longer holds nobody can say where it parted from it.
TEST_CASE("L20, L21: below the leader's log start a follower keeps what it has, and above they agree") {
  Log leader, follower;
  lead(leader, 0, 3, 10);
  copy_tail(leader, follower, 3);
  lead(follower, 0, 2, 20);  // offsets 3 and 4, of the old epoch
  leader.assign_epoch_start_offset(1);
  LogConfig small = kDefaults;
  small.segment_bytes = 1;
  for (std::uint64_t content = 30; content < 34; ++content) leader.append_as_leader(batch_of(1, content), 1, small, 0);  // 3 to 6
  leader.raise_high_watermark(5);
  leader.delete_segments(2);  // 0 to 2, and 3
  REQUIRE(leader.log_start_offset() == 4);
  CHECK(leader.leader_epochs().end_offset_for(0, 7).end_offset == 4);
  CHECK(follow(leader, follower) == 4);
  CHECK(follower.log_end_offset() == 7);
  REQUIRE(follower.batch_at(3) != nullptr);
  CHECK(follower.batch_at(3)->content == 20);
  CHECK(follower.chain_at(7) != leader.chain_at(7));
  CHECK_FALSE(first_difference(follower, leader).has_value());
  CHECK_FALSE(first_difference(leader, follower).has_value());
  CHECK(same_prefix(leader, follower, 7));
  // Records that do differ are found all the same.
  leader.append_as_leader(batch_of(1, 40), 1, small, 0);
  follower.append_as_leader(batch_of(1, 41), 1, small, 0);
  CHECK(first_difference(follower, leader) == Offset{7});
  CHECK(first_difference(leader, follower) == Offset{7});
}

TEST_CASE("L22: what a follower does out of the leader's range") {
  using Kind = OutOfRangeRemedy::Kind;
  Log log;
  lead(log, 0, 10, 1);
  CHECK(log.remedy_for_out_of_range(0, 7).kind == Kind::truncate);
  CHECK(log.remedy_for_out_of_range(0, 7).offset == 7);
  CHECK(log.remedy_for_out_of_range(12, 20).kind == Kind::restart);
  CHECK(log.remedy_for_out_of_range(12, 20).offset == 12);
  for (const auto& [start, end] : {std::pair<Offset, Offset>{3, 20}, {10, 20}, {0, 10}}) {  // within, and at either edge
    CHECK(log.remedy_for_out_of_range(start, end).kind == Kind::retry);
    CHECK(log.remedy_for_out_of_range(start, end).offset == 10);
  }
}

}  // namespace
}  // namespace nutshell
