// Source tasks: from a store to a topic (C8, C9, C11).
#include <algorithm>

#include "sim/core/text.h"
#include "sim/ksql/bytes.h"
#include "sim/streams/json.h"
#include "sim/workers/worker_steps.h"

namespace nutshell {

namespace {

using connect::Passage;

connect::Failure poll_failure(std::string message) {
  connect::Failure failure;
  failure.stage = connect::Stage::task_poll;
  failure.is("org.apache.kafka.connect.errors.ConnectException", std::move(message));
  return failure;
}

void begin_to_read(Env& env, ConnectWorker& worker, ConnectTask& task) {
  ConnectSource& source = task.source;
  if (const auto* file = std::get_if<connect::FileSourceConfig>(&task.config.plugin)) source.file.emplace(*file, source.noted);
  if (const auto* jdbc = std::get_if<connect::JdbcSourceConfig>(&task.config.plugin)) {
    connect::Settings settings(task.properties);
    source.jdbc.emplace(*jdbc, settings.list(connect::kTaskTables), source.noted);
  }
  task.phase = ConnectPhase::running;
  tell_state(env, worker, task.id.connector, task.id.number, task.paused ? connect::UnitState::paused : connect::UnitState::running);
  if (!task.paused) ask_for_rows(env, worker, task);
}

// C11: with topic.creation.* the connector creates its topics as the first group says that they are of, else as brokers do.
void create_topic_of(Env& env, ConnectWorker& worker, const ConnectTask& task, const std::string& topic) {
  CreateTopicsRequest request;
  request.topic = env.fabric.names.intern(topic);
  request.partitions = request.replication_factor = -1;
  if (const connect::TopicGroup* group = connect::group_of_topic(task.config, topic)) {
    request.partitions = static_cast<std::int32_t>(group->partitions);
    request.replication_factor = static_cast<std::int32_t>(group->replication);
    if (group->cleanup_policy == "compact") request.config.cleanup_policy = CleanupPolicy::compacts;
  }
  AsClient as(env, kConnectAdmin);
  create_topic(env, worker.admin, std::move(request));
}

HostedWriter* writer_to(Env& env, ConnectWorker& worker, ConnectTask& task, const std::string& topic) {
  const TopicId id = env.fabric.names.intern(topic);
  for (HostedWriter& each : task.source.writers)
    if (each.topic == id) return &each;
  const ClientNumber number = free_number(worker);
  if (number == 0) return nullptr;
  create_topic_of(env, worker, task, topic);
  task.source.writers.push_back(new_writer(env, worker, topic, number));
  return &task.source.writers.back();
}

void tell_skipped(Env& env, ConnectWorker& worker, const ConnectTask& task, const connect::Failure& failure) {
  Names& names = env.fabric.names;
  const std::int32_t task_name = names.intern(to_name(connect::text_of(task.id))), why = names.intern(to_name(failure.message));
  worker.shown.skipped += 1;
  env.emit(ConnectSkipped{worker.node, task_name, {}, -1, false, why});
}

// How many records its producers have given up.
std::int64_t not_sent(const ConnectSource& source) {
  std::int64_t all = 0;
  for (const HostedWriter& each : source.writers) all += each.producer.counters.failed;
  return all;
}

// False: the task has failed.
bool send_batch(Env& env, ConnectWorker& worker, ConnectTask& task, const std::vector<connect::SourceRecord>& batch) {
  std::int64_t sent = 0;
  std::optional<connect::Failure> failure;
  for (const connect::SourceRecord& each : batch) {
    const connect::Passed passed = connect::pass_source(task.config, each.record);
    if (passed.how == Passage::failed) failure = passed.failure;
    if (failure) break;
    HostedWriter* writer = passed.how == Passage::through ? writer_to(env, worker, task, passed.raw.topic) : nullptr;
    if (passed.how == Passage::through && !writer) failure = poll_failure("the worker has as many clients as it can have");
    if (failure) break;
    task.source.next = task.source.submitted.submit(each) + 1;
    if (passed.how == Passage::skipped) tell_skipped(env, worker, task, *passed.failure);
    if (!writer) continue;
    write(env, worker, *writer, passed.raw);
    tell_topic(env, worker, task.id, passed.raw.topic);
    ++sent;
  }
  if (sent > 0) {
    worker.shown.sent += sent;
    const std::int32_t task_name = env.fabric.names.intern(to_name(connect::text_of(task.id)));
    env.emit(SourceSent{worker.node, task_name, sent});
  }
  if (failure) fail(env, worker, task, *failure);
  return !failure;
}

// What the store has now for the task, and how long until it asks again.
std::vector<connect::SourceRecord> poll_contents(const Env& env, ConnectTask& task, const StoreContents& contents, Duration& wait,
                                                 std::string& problem) {
  constexpr Duration kBetweenBatches = 10 * kMillisecond;
  ConnectSource& source = task.source;
  wait = kBetweenBatches;
  if (source.file) {
    const std::string& path = std::get<connect::FileSourceConfig>(task.config.plugin).file;
    const auto file = contents.files.find(path.substr(path.find('/') + 1));
    std::vector<connect::SourceRecord> lines;
    if (file != contents.files.end()) lines = source.file->poll(file->second, env.now() / kMillisecond, problem);
    if (lines.empty()) wait = connect::kFileWait;
    return lines;
  }
  if (!source.checked) problem = source.jdbc->check(contents.database);
  source.checked = true;
  if (!problem.empty()) return {};
  std::vector<connect::SourceRecord> rows = source.jdbc->poll(contents.database, env.now());
  wait = std::max(wait, source.jdbc->next_poll(env.now()) - env.now());
  return rows;
}

// C8: the newest place of each partition that is acknowledged.
void note_places(Env& env, ConnectWorker& worker, ConnectTask& task) {
  for (const auto& [partition, offset] : task.source.submitted.take()) {
    note_place(env, worker, task.id.connector, partition, offset);
    Names& names = env.fabric.names;
    const std::int32_t task_name = names.intern(to_name(connect::text_of(task.id)));
    const std::int32_t place = names.intern(connect::offset_value(offset));
    env.emit(SourceNoted{worker.node, task_name, place});
  }
}

}  // namespace

void ask_for_rows(Env& env, ConnectWorker& worker, ConnectTask& task) {
  if (task.source.asks || task.paused || task.phase != ConnectPhase::running) return;
  task.source.asks = true;
  AsClient as(env, 0);
  env.request(worker.node, store_of(env, task.config), Channel::data, SelectRequest{}, kStoreTimeout,
              errand(ConnectErrand::task_rows, task.run));
}

void on_rows(Env& env, ConnectWorker& worker, ConnectTask& task, const SelectResponse* rows) {
  task.source.asks = false;
  if (task.failed || task.paused || task.phase != ConnectPhase::running) return;
  if (!rows) return arm_poll(env, worker, task, kAskAgain);
  Duration wait = 0;
  std::string problem;
  const std::vector<connect::SourceRecord> batch = poll_contents(env, task, *rows->contents.is, wait, problem);
  if (!send_batch(env, worker, task, batch)) return;
  if (problem.empty()) arm_poll(env, worker, task, wait);
  else fail(env, worker, task, poll_failure(problem));  // poll() is not what errors.tolerance is about (C15)
}

bool go_on_with_source(Env& env, ConnectWorker& worker, ConnectTask& task) {
  ConnectSource& source = task.source;
  if (task.phase == ConnectPhase::finding) {
    if (!source.reader.running || !read_places(env, source.reader, source.reader_number, task.id.connector, source.noted)) return false;
    begin_to_read(env, worker, task);
    return true;
  }
  const bool settled =
      std::all_of(source.writers.begin(), source.writers.end(), [](const HostedWriter& each) { return is_flushed(each.producer); });
  if (settled)
    for (; source.acknowledged < source.next; ++source.acknowledged) source.submitted.acknowledge(source.acknowledged);
  const bool refused = not_sent(source) > source.given_up;
  if (refused && task.config.errors.tolerate) {
    // KIP-779: what cannot be sent is skipped, and its place counts.
    connect::Failure failure = poll_failure(std::to_string(not_sent(source) - source.given_up) + " could not be sent");
    source.given_up = not_sent(source);
    tell_skipped(env, worker, task, failure);
    return true;
  }
  if (refused && !task.failed) return fail(env, worker, task, poll_failure("a record could not be sent")), true;
  if (!source.flush_due) return false;
  if (settled) {
    if (!refused) note_places(env, worker, task);
    source.flush_due = false;
    return true;
  }
  for (HostedWriter& each : source.writers) {
    AsClient as(env, each.number);
    flush(env, each.producer);
  }
  return false;
}

}  // namespace nutshell
