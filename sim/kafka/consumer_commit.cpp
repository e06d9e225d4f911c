// Commits of the consumer: automatic, by the application, before revocation and on close (G2, G4, G10).
#include <algorithm>

#include "sim/kafka/consumer_steps.h"

namespace nutshell {

namespace {

std::vector<CommitPartition> positions(const Consumer& consumer) {
  std::vector<CommitPartition> offsets;
  for (const OwnedPartition& each : consumer.owned) {
    if (each.position_state != PositionState::known) continue;
    const RecordInHand* in_hand = first_in_hand(consumer, each.tp);
    if (in_hand && !commits_itself(consumer, CommitMode::before_processing))
      offsets.push_back({each.tp, in_hand->offset, in_hand->leader_epoch});
    else offsets.push_back({each.tp, each.position, each.position_epoch});
  }
  return offsets;
}

// The commit has succeeded, or never will: whoever waited for it goes on.
void finish_commit(Env& env, Consumer& consumer, ErrorCode error = ErrorCode::none) {
  const CommitReason reason = consumer.commit.reason;
  consumer.commit.reason = CommitReason::none;
  consumer.commit.in_flight = false;
  if (reason == CommitReason::manual) on_manual_commit_done(env, consumer);
  if (consumer.host.hosted) tell_host(consumer, error == ErrorCode::none ? ClientNews::committed : ClientNews::commit_failed, {}, error);
  // Who rebalances cooperatively may be at work: it joins with its next poll().
  if (reason == CommitReason::revocation && !is_cooperative(consumer)) revoke_and_join(env, consumer);
  if (reason != CommitReason::close) return;
  revoke_all(env, consumer);
  consumer.leaving = leave_group(env, consumer);
  if (!consumer.leaving) exit_consumer(env, consumer);
}

void fail_commit(Env& env, Consumer& consumer, ErrorCode error, bool sent) {
  env.emit(CommitFailed{consumer.spec.group, consumer.node, error, sent});
  finish_commit(env, consumer, error);
}

void send_commit(Env& env, Consumer& consumer) {
  ConsumerCommit& commit = consumer.commit;
  commit.in_flight = true;
  commit.attempt = consumer.attempt;
  OffsetCommitRequest request;
  request.group = consumer.spec.group;
  request.generation = consumer.generation;
  request.member_id = consumer.member_id;
  request.partitions = commit.offsets;
  env.request(consumer.node, consumer.coordinator, Channel::coordinator, std::move(request),
              consumer.spec.config.request_timeout, commit.number);
}

void note_committed(Consumer& consumer) {
  for (const CommitPartition& each : consumer.commit.offsets)
    if (OwnedPartition* owned = find_owned(consumer, each.tp)) owned->committed = each.offset;
}

// An automatic commit is not repeated: the next one is due soon, with newer positions.
void retry_or_give_up(Env& env, Consumer& consumer) {
  consumer.commit.in_flight = false;
  if (consumer.commit.reason != CommitReason::automatic) return;
  await_auto_commit(env, consumer, consumer.spec.config.retry_backoff);
  finish_commit(env, consumer);
}

}  // namespace

bool has_positions(const Consumer& consumer) {
  return std::any_of(consumer.owned.begin(), consumer.owned.end(),
                     [](const OwnedPartition& each) { return each.position_state == PositionState::known; });
}

void await_auto_commit(Env& env, Consumer& consumer, Duration interval) {
  env.rearm(consumer.auto_commit, consumer.node, TimerKind::auto_commit, std::max(interval, kMillisecond));
}

void start_commit(Env& env, Consumer& consumer, CommitReason reason, Time give_up_at) {
  consumer.handling.uncommitted = 0;
  start_commit_of(env, consumer, reason, positions(consumer), give_up_at);
}

void start_commit_of(Env& env, Consumer& consumer, CommitReason reason, std::vector<CommitPartition> offsets, Time give_up_at) {
  consumer.commit.reason = reason;
  consumer.commit.in_flight = false;
  consumer.commit.number += 1;
  consumer.commit.give_up_at = give_up_at;
  consumer.commit.offsets = std::move(offsets);
  continue_commit(env, consumer);
}

// Sends the commit once the coordinator is known. Who is no member (any more) cannot commit: that is
// CommitFailedException.
void continue_commit(Env& env, Consumer& consumer) {
  const ConsumerCommit& commit = consumer.commit;
  if (commit.reason == CommitReason::none || commit.in_flight) return;
  if (commit.offsets.empty()) return finish_commit(env, consumer);
  if (!is_member(consumer)) return fail_commit(env, consumer, ErrorCode::unknown_member_id, false);
  if (env.now() >= commit.give_up_at) return fail_commit(env, consumer, ErrorCode::request_timed_out, true);
  if (coordinator_usable(env, consumer)) send_commit(env, consumer);
}

void on_committed(Env& env, Consumer& consumer, const Response& response) {
  const auto* committed = response.as<OffsetCommitResponse>();
  const ErrorCode error = committed ? committed->error : ErrorCode::network_exception;
  const bool stale = response.tag != consumer.commit.number || !consumer.commit.in_flight;
  if (on_coordinator_error(env, consumer, response, error)) {
    if (!stale) retry_or_give_up(env, consumer);
    return;
  }
  if (stale) return;
  // The topic may be there in a moment: commitSync() asks again, for as long as the application would wait.
  if (error == ErrorCode::unknown_topic_or_partition && consumer.commit.reason == CommitReason::manual) {
    back_off(env, consumer);
    return retry_or_give_up(env, consumer);
  }
  if (error == ErrorCode::unknown_topic_or_partition) return fail_commit(env, consumer, error, true);
  if (error == ErrorCode::none) {
    note_committed(consumer);
    return finish_commit(env, consumer);
  }
  if (error == ErrorCode::rebalance_in_progress) consumer.rejoin_wanted = true;
  else if (consumer.commit.attempt == consumer.attempt)
    reset_membership(env, consumer, error != ErrorCode::illegal_generation);
  fail_commit(env, consumer, error, true);
}

}  // namespace nutshell
