#include "sim/log/producer_state.h"

#include <doctest/doctest.h>

#include <limits>

#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

using SequenceVerdict = SequenceCheck::Verdict;

constexpr std::int64_t kPid = 1000;

// Appends at the end of the log as a leader and returns the base offset.
Offset append(Log& log, std::int16_t epoch, std::int32_t sequence, std::int32_t count) {
  return log.append_as_leader(batch_from(kPid, epoch, sequence, count), 0, kDefaults, 0).base_offset;
}

TEST_CASE("C7: the next sequence is accepted, a gap and a step back are not") {
  Log log;
  append(log, 0, 0, 3);
  const ProducerState& state = log.producer_state();
  CHECK(state.check(kPid, 0, 3, 1).verdict == SequenceVerdict::ok);
  CHECK(state.check(kPid, 0, 4, 1).verdict == SequenceVerdict::out_of_order_sequence_number);
  CHECK(state.check(kPid, 0, 1, 1).verdict == SequenceVerdict::out_of_order_sequence_number);
}

TEST_CASE("C7: each of the last five batches is recognised by its exact sequences") {
  Log log;
  for (std::int32_t i = 0; i < 7; ++i) append(log, 0, 2 * i, 2);
  const ProducerState& state = log.producer_state();
  for (std::int32_t i = 2; i < 7; ++i) {
    const SequenceCheck check = state.check(kPid, 0, 2 * i, 2);
    CHECK(check.verdict == SequenceVerdict::duplicate);
    CHECK(check.duplicate_offset == 2 * i);
  }
  CHECK(state.check(kPid, 0, 2, 2).verdict == SequenceVerdict::out_of_order_sequence_number);
  CHECK(state.check(kPid, 0, 4, 1).verdict == SequenceVerdict::out_of_order_sequence_number);
}

TEST_CASE("C7: producer epochs") {
  Log log;
  append(log, 5, 0, 2);
  const ProducerState& state = log.producer_state();
  CHECK(state.check(kPid, 4, 2, 1).verdict == SequenceVerdict::invalid_producer_epoch);
  CHECK(state.check(kPid, 6, 2, 1).verdict == SequenceVerdict::out_of_order_sequence_number);
  CHECK(state.check(kPid, 6, 0, 2).verdict == SequenceVerdict::ok);
  append(log, 6, 0, 2);
  CHECK(state.check(kPid, 6, 0, 2).duplicate_offset == 2);
  CHECK(state.check(kPid, 5, 0, 2).verdict == SequenceVerdict::invalid_producer_epoch);
}

TEST_CASE("C7: an unknown producer may start anywhere") {
  Log log;
  CHECK(log.producer_state().check(kPid, 0, 17, 1).verdict == SequenceVerdict::ok);
  append(log, 0, 17, 1);
  CHECK(log.producer_state().check(kPid, 0, 0, 1).verdict == SequenceVerdict::out_of_order_sequence_number);
  CHECK(log.producer_state().check(kPid + 1, 0, 9, 1).verdict == SequenceVerdict::ok);
}

TEST_CASE("sequences go on at 0 after 2^31 - 1") {
  const std::int32_t largest = std::numeric_limits<std::int32_t>::max();
  CHECK(increment_sequence(largest, 1) == 0);
  CHECK(increment_sequence(largest - 1, 4) == 2);
  Log log;
  append(log, 0, largest - 1, 4);
  CHECK(log.producer_state().check(kPid, 0, 2, 1).verdict == SequenceVerdict::ok);
  CHECK(log.producer_state().check(kPid, 0, largest - 1, 4).verdict == SequenceVerdict::duplicate);
  append(log, 0, 2, 1);
  CHECK(log.producer_state().check(kPid, 0, 3, 1).verdict == SequenceVerdict::ok);
}

TEST_CASE("a transaction marker of a newer epoch begins the sequences anew") {
  Log log;
  append(log, 0, 0, 2);
  Batch marker = batch_of(1, 99);
  marker.producer_id = kPid;
  marker.producer_epoch = 1;
  marker.attributes = kTransactional | kControl;
  log.append_as_leader(marker, 0, kDefaults, 0);
  CHECK(log.producer_state().check(kPid, 1, 0, 1).verdict == SequenceVerdict::ok);
  CHECK(log.producer_state().check(kPid, 1, 2, 1).verdict == SequenceVerdict::out_of_order_sequence_number);
  CHECK(log.producer_state().check(kPid, 0, 2, 1).verdict == SequenceVerdict::invalid_producer_epoch);
}

TEST_CASE("C7: the follower knows what the leader knew") {
  Log leader;
  append(leader, 0, 0, 2);
  append(leader, 0, 2, 2);
  Log follower;
  follow(leader, follower);
  CHECK(follower.producer_state() == leader.producer_state());
  CHECK(follower.producer_state().check(kPid, 0, 2, 2).verdict == SequenceVerdict::duplicate);
}

// Producers 7, 8 and 9 take turns, with a new epoch now and then.
Batch nth_batch(std::int32_t nth) {
  Batch batch = batch_from(7 + nth % 3, static_cast<std::int16_t>(nth / 20), nth / 3 * 2, 2);
  batch.max_timestamp = nth;
  return batch;
}

TEST_CASE("what is rebuilt after a cut is what was known when the log ended there") {
  std::vector<ProducerState> known;
  Log log;
  for (std::int32_t nth = 0; nth < 60; ++nth) {
    known.push_back(log.producer_state());
    log.append_as_leader(nth_batch(nth), 0, kDefaults, 0);
  }
  for (std::int32_t cut = 0; cut < 60; ++cut) {
    Log copy = log;
    copy.truncate_to(2 * cut);
    REQUIRE(copy.producer_state() == known[static_cast<std::size_t>(cut)]);
    REQUIRE(digest_of(copy.producer_state()) == digest_of(known[static_cast<std::size_t>(cut)]));
  }
}

}  // namespace
}  // namespace nutshell
