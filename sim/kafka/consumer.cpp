// The application around the consumer: poll, work, commit, poll again; and close().
#include "sim/kafka/consumer.h"

#include <utility>

#include "sim/core/require.h"
#include "sim/kafka/consumer_steps.h"

namespace nutshell {

NUTSHELL_VALUE_DEFINED(Consumer)

namespace {

constexpr Duration kCloseTimeout = 30 * kSecond;  // Kafka's default of close()

void begin_work(Env& env, Consumer& consumer) {
  if (consumer.handling.has_any()) return handle(env, consumer);
  const Duration duration = consumer.spec.processing * consumer.working_on;
  if (duration == 0) return finish_work(env, consumer);
  set_application(env, consumer, ApplicationState::processing);
  consumer.work = env.arm(consumer.node, TimerKind::poll, duration);
}

void commit_if_due(Env& env, Consumer& consumer) {
  if (!consumer.commit_due || consumer.commit.reason != CommitReason::none) return;
  if (!is_member(consumer) || !coordinator_usable(env, consumer)) return;
  consumer.commit_due = false;
  await_auto_commit(env, consumer, consumer.spec.config.auto_commit_interval);
  start_commit(env, consumer, CommitReason::automatic);
}

// One call of poll(); true if it returned records. Else it blocks, until there is something to do.
bool poll(Env& env, Consumer& consumer) {
  rejoin_if_needed(env, consumer);
  commit_if_due(env, consumer);
  if (!may_read(consumer) || !consumer.host.reads) return false;
  seek_positions(env, consumer);
  consumer.working_on = deliver(env, consumer);
  send_fetches(env, consumer);
  retry_later(env, consumer);
  if (consumer.working_on == 0) return false;
  consumer.polled_at = env.now();
  if (consumer.host.hosted) set_application(env, consumer, ApplicationState::processing);
  else if (commits_itself(consumer, CommitMode::before_processing)) commit_and_wait(env, consumer);
  else begin_work(env, consumer);
  return true;
}

void leave_and_exit(Env& env, Consumer& consumer) {
  revoke_all(env, consumer);
  consumer.leaving = leave_group(env, consumer);
  if (!consumer.leaving) exit_consumer(env, consumer);
}

// close(): commits what was returned, gives the partitions back, leaves.
void close_if_possible(Env& env, Consumer& consumer) {
  if (consumer.leaving || consumer.commit.reason == CommitReason::close) return;
  const bool wants = consumer.spec.config.enable_auto_commit || owes_commit(consumer);
  const bool commits = wants && is_member(consumer) && has_positions(consumer);
  if (commits) start_commit(env, consumer, CommitReason::close, env.now() + kCloseTimeout);
  else leave_and_exit(env, consumer);
}

void on_metadata(Env& env, Consumer& consumer, const Response& response) {
  if (!on_metadata_response(env, consumer.metadata, settings_of(consumer), response)) return;
  update_leaders(env, consumer);
  if (consumer.leads && is_member(consumer) && assignment_outdated(consumer)) consumer.rejoin_wanted = true;
  if (consumer.state == MemberState::syncing) assign_if_ready(env, consumer);
}

// A broker has closed a connection on which nothing was under way (N2).
void on_connection_closed(Env& env, Consumer& consumer, const Response& response) {
  if (response.channel != Channel::coordinator) return refresh_metadata(env, consumer.metadata, settings_of(consumer));
  if (response.from == consumer.coordinator) lose_coordinator(env, consumer);
}

// What makes a member go on with a rebalance is read inside poll(); true if it is left until then.
bool leave_unread(Env& env, Consumer& consumer, const Response& response) {
  const bool steps_on =
      response.request == number_of<JoinGroupRequest>() || response.request == number_of<SyncGroupRequest>();
  if (!steps_on || consumer.application == ApplicationState::polling) return false;
  UnreadAnswer unread{response.from, response.outcome, response.request, response.tag, env.fabric.step, {}};
  if (response.body) unread.body.push_back(std::move(*response.body));
  consumer.memory.unread.push_back(std::move(unread));
  return true;
}

struct ConsumerHears {
  Env& env;
  Consumer& consumer;
  const Response& response;

  void operator()(OutcomeOf<FetchRequest>) const { on_fetched(env, consumer, response); }
  void operator()(OutcomeOf<HeartbeatRequest>) const { on_heartbeat_answered(env, consumer, response); }
  void operator()(OutcomeOf<OffsetCommitRequest>) const { on_committed(env, consumer, response); }
  void operator()(OutcomeOf<MetadataRequest>) const { on_metadata(env, consumer, response); }
  void operator()(OutcomeOf<FindCoordinatorRequest>) const { on_coordinator_found(env, consumer, response); }
  void operator()(OutcomeOf<JoinGroupRequest>) const { on_joined(env, consumer, response); }
  void operator()(OutcomeOf<SyncGroupRequest>) const { on_synced(env, consumer, response); }
  void operator()(OutcomeOf<OffsetFetchRequest>) const { on_offsets_fetched(env, consumer, response); }
  void operator()(OutcomeOf<ListOffsetsRequest>) const { on_offsets_listed(env, consumer, response); }
  void operator()(OutcomeOf<OffsetForLeaderEpochRequest>) const { on_epoch_ends(env, consumer, response); }
  void operator()(OutcomeOf<LeaveGroupRequest>) const {
    if (consumer.leaving) exit_consumer(env, consumer);
  }
};

void hear(Env& env, Consumer& consumer, const Response& response) {
  if (is_for_registry(response.request)) return void(on_registry_response(env, consumer.schemas.value, consumer.node, response));
  if (response.tag == kConnectionClosed) return on_connection_closed(env, consumer, response);
  if (leave_unread(env, consumer, response)) return;
  NUTSHELL_REQUIRE(dispatch_outcome<Asker::consumer>(response.request, ConsumerHears{env, consumer, response}));
}

void read_answers(Env& env, Consumer& consumer) {
  for (UnreadAnswer& each : std::exchange(consumer.memory.unread, {})) {
    Response response;
    response.from = each.from;
    response.channel = Channel::coordinator;
    response.outcome = each.outcome;
    response.request = each.request;
    response.tag = each.tag;
    if (!each.body.empty()) response.body = &each.body.front();
    consumer.memory.news = each.step;
    hear(env, consumer, response);
  }
  consumer.memory.news = kNoStep;
}

}  // namespace

bool commits_itself(const Consumer& consumer, CommitMode mode) {
  return !consumer.spec.config.enable_auto_commit && consumer.spec.commit == mode;
}

void commit_and_wait(Env& env, Consumer& consumer) {
  set_application(env, consumer, ApplicationState::committing);
  start_commit(env, consumer, CommitReason::manual, env.now() + consumer.spec.config.default_api_timeout);
}

void finish_work(Env& env, Consumer& consumer) {
  for (OwnedPartition& each : consumer.owned)
    if (each.has_position()) each.processed = each.position;
  consumer.working_on = 0;
  // Who commits after so many records does not after a poll.
  const bool commits = commits_itself(consumer, CommitMode::after_processing) && consumer.spec.config.commit_every == 0;
  if (commits) commit_and_wait(env, consumer);
  else set_application(env, consumer, ApplicationState::polling);
}

ClientSettings settings_of(const Consumer& consumer) {
  const ConsumerConfig& config = consumer.spec.config;
  return {consumer.node,        TimerKind::consumer_metadata, 0, config.request_timeout,
          config.retry_backoff, config.retry_backoff_max,     config.metadata_max_age};
}

void set_application(Env& env, Consumer& consumer, ApplicationState state) {
  consumer.application = state;
  if (state == ApplicationState::polling)
    env.disarm(consumer.max_poll);
  else if (consumer.max_poll == kNoTimer)
    consumer.max_poll = env.arm(consumer.node, TimerKind::max_poll, consumer.spec.config.max_poll_interval);
}

void fail(Env& env, Consumer& consumer, ErrorCode error, ConsumerFailure reason, TopicPartition tp) {
  consumer.fatal = error;
  env.emit(ConsumerFailed{consumer.spec.group, consumer.node, tp, error, reason});
  exit_consumer(env, consumer);
}

void exit_consumer(Env& env, Consumer& consumer) {
  if (consumer.host.hosted) return end_within(env, consumer);
  consumer.running = false;
  kill_process(env, consumer.node);
}

void on_manual_commit_done(Env& env, Consumer& consumer) {
  if (consumer.host.hosted) return set_application(env, consumer, ApplicationState::processing);
  if (!consumer.handling.records.empty()) return handle(env, consumer);
  if (consumer.spec.commit == CommitMode::before_processing) begin_work(env, consumer);
  else set_application(env, consumer, ApplicationState::polling);
}

void proceed(Env& env, Consumer& consumer) {
  if (!consumer.running) return;
  find_coordinator_if_needed(env, consumer);
  continue_commit(env, consumer);
  while (consumer.running && consumer.application == ApplicationState::polling) {
    if (!consumer.memory.unread.empty()) read_answers(env, consumer);
    if (!consumer.running) return;
    if (consumer.closing) return close_if_possible(env, consumer);
    if (!poll(env, consumer)) return;
  }
}

void start(Env& env, Consumer& consumer) {
  NUTSHELL_REQUIRE(!consumer.running);
  consumer.running = true;
  consumer.fatal = ErrorCode::none;
  consumer.metadata.topics = consumer.spec.topics;
  refresh_metadata(env, consumer.metadata, settings_of(consumer));
  proceed(env, consumer);
}

void stop(Env& env, Consumer& consumer) {
  if (!consumer.running || consumer.closing) return;
  consumer.closing = true;
  proceed(env, consumer);
}

void forget(Env& env, Consumer& consumer, ProcessEnd end) {
  Consumer fresh;
  fresh.node = consumer.node;
  fresh.spec = std::move(consumer.spec);
  fresh.metadata.bootstrap = std::move(consumer.metadata.bootstrap);
  fresh.metadata.requests = consumer.metadata.requests;
  fresh.draws = consumer.draws;
  fresh.delivered = consumer.delivered;
  fresh.fatal = consumer.fatal;
  fresh.host.hosted = consumer.host.hosted;
  fresh.host.assigns = consumer.host.assigns;
  fresh.host.reads = consumer.host.reads;
  fresh.host.alone = consumer.host.alone;
  fresh.host.protocol = consumer.host.protocol;
  fresh.schemas.value.number = consumer.schemas.value.number;
  fresh.handling.dead_letters = std::move(consumer.handling.dead_letters);
  for (Producer& each : fresh.handling.dead_letters) forget(env, each, end);
  consumer = std::move(fresh);
}

void on_response(Env& env, Consumer& consumer, const Response& response) {
  if (!consumer.running) return;
  if (!hear_dead_letters(env, consumer, response)) hear(env, consumer, response);
  if (consumer.running) proceed(env, consumer);
}

void on_timer(Env& env, Consumer& consumer, const Event& timer) {
  if (!consumer.running) return;
  if (hear_dead_letters(env, consumer, timer)) return proceed(env, consumer);
  switch (timer.timer) {
    case TimerKind::poll:
      consumer.work = kNoTimer;
      if (consumer.handling.has_any()) on_handled(env, consumer);
      else finish_work(env, consumer);
      break;
    case TimerKind::consumer_heartbeat:
      consumer.heartbeat = kNoTimer;
      on_heartbeat_due(env, consumer);
      break;
    case TimerKind::auto_commit:
      consumer.auto_commit = kNoTimer;
      consumer.commit_due = true;
      break;
    case TimerKind::max_poll:
      consumer.max_poll = kNoTimer;
      on_poll_expired(env, consumer);
      break;
    case TimerKind::consumer_retry: consumer.retry = kNoTimer; break;
    case TimerKind::consumer_fetch: consumer.fetch_retry = kNoTimer; break;
    case TimerKind::consumer_metadata:
      on_metadata_timer(env, consumer.metadata, settings_of(consumer));
      break;
    default: NUTSHELL_REQUIRE(false);
  }
  proceed(env, consumer);
}

}  // namespace nutshell
