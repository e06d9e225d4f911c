// All short histories of two replicas, each state compared with plain lists of (epoch, content).
#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "sim/log/log.h"
#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

using Entry = std::pair<Epoch, std::uint64_t>;

struct ModelReplica {
  Log log;
  std::vector<Entry> model;  // one record a batch, so the index is the offset
  std::vector<ProducerState> producers = {ProducerState()};  // after so many batches
};

struct State {
  ModelReplica replicas[2];
  int leader = 0;
  Epoch epoch = 0;
  std::uint64_t next_content = 1;
};

void append(ModelReplica& replica, const Batch& batch) {
  replica.model.push_back({batch.partition_leader_epoch, batch.content});
  replica.producers.push_back(replica.log.producer_state());
}

void cut(ModelReplica& replica, std::size_t size) {
  replica.model.resize(std::min(size, replica.model.size()));
  replica.producers.resize(replica.model.size() + 1);
}

std::size_t common_prefix(const std::vector<Entry>& a, const std::vector<Entry>& b) {
  std::size_t size = 0;
  while (size < a.size() && size < b.size() && a[size] == b[size]) ++size;
  return size;
}

void check(const ModelReplica& replica) {
  const Log& log = replica.log;
  REQUIRE(log.log_end_offset() == static_cast<Offset>(replica.model.size()));
  REQUIRE(log.log_start_offset() <= log.high_watermark());
  REQUIRE(log.high_watermark() <= log.log_end_offset());
  REQUIRE(log.flushed_offset() <= log.log_end_offset());
  for (std::size_t i = 0; i < replica.model.size(); ++i) {
    REQUIRE(log.batches()[i].content == replica.model[i].second);
    REQUIRE(log.epoch_at(static_cast<Offset>(i)) == replica.model[i].first);
    REQUIRE(log.leader_epochs().epoch_for_offset(static_cast<Offset>(i)) == replica.model[i].first);
  }
  REQUIRE(log.producer_state() == replica.producers.back());
}

void check(const State& state) {
  const ModelReplica& a = state.replicas[0];
  const ModelReplica& b = state.replicas[1];
  check(a);
  check(b);
  const std::size_t common = common_prefix(a.model, b.model);
  const bool differ = common < a.model.size() && common < b.model.size();
  const std::optional<Offset> expected = differ ? std::optional(static_cast<Offset>(common)) : std::nullopt;
  REQUIRE(first_difference(a.log, b.log) == expected);
  REQUIRE(first_difference(b.log, a.log) == expected);
  for (Offset end = 1; end <= std::min(a.log.log_end_offset(), b.log.log_end_offset()); ++end) {
    REQUIRE((a.log.chain_at(end) == b.log.chain_at(end)) == (end <= static_cast<Offset>(common)));
    REQUIRE(same_prefix(a.log, b.log, end) == (end <= static_cast<Offset>(common)));
  }
}

void elect(State& state, int leader) {
  state.leader = leader;
  state.replicas[leader].log.assign_epoch_start_offset(++state.epoch);
}

void write(State& state) {
  ModelReplica& leader = state.replicas[state.leader];
  const std::uint64_t content = state.next_content++;
  const auto pid = static_cast<std::int64_t>(content % 2);
  const ProducerStateEntry* known = leader.log.producer_state().find(pid);
  Batch batch = batch_from(pid, 0, known == nullptr ? 0 : known->last_sequence() + 1, 1);
  batch.content = content;
  append(leader, leader.log.append_as_leader(batch, state.epoch, kDefaults, 0));
}

// One fetch of one batch by the follower: it is told to cut, or it gets the next batch (L21).
void fetch(State& state) {
  const ModelReplica& leader = state.replicas[state.leader];
  ModelReplica& follower = state.replicas[1 - state.leader];
  const Offset from = follower.log.log_end_offset();
  if (const auto diverging = leader.log.diverging(follower.log.latest_epoch(), from)) {
    REQUIRE_FALSE(diverging->is_undefined());
    const std::size_t common = common_prefix(leader.model, follower.model);
    follower.log.truncate_to(follower.log.truncation_point_for(*diverging).offset);
    // It never cuts what both have, and it does cut (or forget an epoch without records).
    REQUIRE(follower.log.log_end_offset() >= static_cast<Offset>(common));
    cut(follower, static_cast<std::size_t>(follower.log.log_end_offset()));
  } else if (const auto next = leader.log.find(from)) {
    follower.log.append_as_follower(leader.log.batches()[*next], kDefaults, 0);
    append(follower, leader.log.batches()[*next]);
  }
}

void lose_power(ModelReplica& replica) {
  const Offset kept = replica.log.flushed_offset();
  replica.log.crash_unflushed();
  cut(replica, static_cast<std::size_t>(kept));
}

constexpr int kSteps = 7;

void apply(State& state, int step) {
  ModelReplica& follower = state.replicas[1 - state.leader];
  switch (step) {
    case 0: return elect(state, 0);
    case 1: return elect(state, 1);
    case 2: return write(state);
    case 3: return fetch(state);
    case 4: return follower.log.flush();
    case 5: return lose_power(follower);
    default:
      cut(follower, 1);
      follower.log.truncate_to(1);
  }
}

// Whatever happened, a follower that fetches on ends up with the leader's log.
void check_convergence(State state) {
  const ModelReplica& leader = state.replicas[state.leader];
  ModelReplica& follower = state.replicas[1 - state.leader];
  for (int i = 0; i < 20; ++i) fetch(state);
  REQUIRE(follower.model == leader.model);
  REQUIRE(follower.log.producer_state() == leader.log.producer_state());
  check(state);
}

std::int64_t explore(const State& state, int depth) {
  check(state);
  if (depth == 0) {
    check_convergence(state);
    return 1;
  }
  std::int64_t histories = 0;
  for (int step = 0; step < kSteps; ++step) {
    State next = state;
    apply(next, step);
    histories += explore(next, depth - 1);
  }
  return histories;
}

TEST_CASE("L21: in every short history the logs agree with plain lists and converge") {
  State state;
  elect(state, 0);
  write(state);
  CHECK(explore(state, 5) == 16807);
}

TEST_CASE("L21: the same after two fail-overs that left both logs with records of their own") {
  State state;
  elect(state, 0);
  for (int step : {2, 2, 3, 1, 2, 2, 0, 2}) apply(state, step);
  CHECK(first_difference(state.replicas[0].log, state.replicas[1].log) == 1);
  CHECK(explore(state, 5) == 16807);
}

}  // namespace
}  // namespace nutshell
