// Sink tasks: from topics to a store (C12, C13, C16, C17).
#include <algorithm>
#include <utility>

#include "sim/kafka/all_topics.h"
#include "sim/kafka/internal_topics.h"
#include "sim/ksql/bytes.h"
#include "sim/workers/worker_steps.h"

namespace nutshell {

namespace {

using connect::Passage;

bool gives_up(const ConnectTask& task) { return task.failed || task.phase != ConnectPhase::running; }

void tell_skipped_record(Env& env, ConnectWorker& worker, const ConnectTask& task, const HostedRecord& record,
                         const connect::Passed& passed) {
  Names& names = env.fabric.names;
  const std::int32_t task_name = names.intern(to_name(connect::text_of(task.id)));
  const std::int32_t why = names.intern(to_name(passed.failure->message));
  worker.shown.skipped += 1;
  env.emit(ConnectSkipped{worker.node, task_name, record.tp, record.offset, passed.dead_letter.has_value(), why});
}

void write_dead_letter(Env& env, ConnectWorker& worker, ConnectTask& task, connect::RawRecord copy) {
  copy.partition = -1;
  copy.topic.clear();
  write(env, worker, task.sink.dead_letters, copy);
}

std::shared_ptr<const PutBatch> batch_of(const ConnectTask& task, std::vector<connect::Record> records) {
  if (records.empty()) return nullptr;
  auto batch = std::make_shared<PutBatch>();
  if (const auto* file = std::get_if<connect::FileSinkConfig>(&task.config.plugin)) batch->config = *file;
  else batch->config = std::get<connect::JdbcSinkConfig>(task.config.plugin);
  batch->records = std::move(records);
  return batch;
}

void put(Env& env, const ConnectWorker& worker, ConnectTask& task) {
  task.sink.putting = true;
  AsClient as(env, 0);
  env.request(worker.node, store_of(env, task.config), Channel::data, PutRequest{{task.sink.batch}, task.sink.tries}, kStoreTimeout,
              errand(ConnectErrand::task_put, task.run));
}

// C17: a whole poll is converted before any of it is put.
void take_poll(Env& env, ConnectWorker& worker, ConnectTask& task, const std::vector<HostedRecord>& polled) {
  ConnectSink& sink = task.sink;
  std::vector<connect::Record> records;
  std::map<TopicPartition, Offset> ends;
  for (const HostedRecord& each : polled) {
    connect::Passed passed = connect::pass_sink(task.config, task.id.number, raw_record(env.fabric.names, each));
    if (passed.how == Passage::skipped) tell_skipped_record(env, worker, task, each, passed);
    if (passed.dead_letter) write_dead_letter(env, worker, task, std::move(*passed.dead_letter));
    if (passed.how == Passage::failed) return fail(env, worker, task, *passed.failure);
    if (passed.how == Passage::through) records.push_back(std::move(passed.record));
    ends[each.tp] = each.offset + 1;
    tell_topic(env, worker, task.id, std::string(env.fabric.names[each.tp.topic]));
  }
  sink.ends = std::move(ends);
  sink.polled = true;
  sink.tries = 0;
  sink.batch = batch_of(task, std::move(records));
  if (sink.batch) put(env, worker, task);
}

void forget_poll(ConnectSink& sink) {
  sink.batch = nullptr;
  sink.ends.clear();
  sink.polled = false;
}

void keep_only(std::map<TopicPartition, Offset>& offsets, const std::vector<TopicPartition>& of, bool keep) {
  std::erase_if(offsets, [&](const auto& each) { return (std::find(of.begin(), of.end(), each.first) != of.end()) != keep; });
}

// What its consumer has to tell. True if there was anything.
bool hear_sink(Env& env, ConnectWorker& worker, ConnectTask& task) {
  ConnectSink& sink = task.sink;
  const std::vector<HostNews> all = take_news(sink.consumer);
  for (const HostNews& each : all) {
    switch (each.what) {
      case ClientNews::assigned:
        keep_only(sink.next, each.partitions, true);
        keep_only(sink.committed, each.partitions, true);
        sink.held = false;
        pause_sink(env, task);
        break;
      case ClientNews::revoking: sink.revoking = true; break;
      case ClientNews::revoked:
      case ClientNews::lost:
        keep_only(sink.next, each.partitions, false);
        keep_only(sink.committed, each.partitions, false);
        forget_poll(sink);
        break;
      case ClientNews::committed:
      case ClientNews::commit_failed:
        sink.commits = false;
        if (each.what == ClientNews::committed) sink.committed = sink.next;
        break;
      case ClientNews::failed: {
        connect::Failure failure;
        failure.stage = connect::Stage::kafka_consume;
        failure.is("org.apache.kafka.connect.errors.ConnectException", "its consumer has failed");
        fail(env, worker, task, failure);
        break;
      }
      case ClientNews::assign:
      case ClientNews::closed: break;
    }
  }
  return !all.empty();
}

std::vector<CommitPartition> offsets_to_commit(const ConnectSink& sink) {
  std::vector<CommitPartition> all;
  for (const auto& [tp, offset] : sink.next) {
    const auto known = sink.committed.find(tp);
    if (known == sink.committed.end() || known->second != offset) all.push_back({tp, offset, kNoEpoch});
  }
  return all;
}

// topics.regex: what there is now that matches. A topic that is new is heard of after metadata.max.age.ms at the latest.
void follow_topics(Env& env, ConnectTask& task) {
  Consumer& consumer = task.sink.consumer;
  if (!task.config.topics_pattern || !consumer.running || consumer.closing || consumer.metadata.updated_at == task.sink.looked_at) return;
  task.sink.looked_at = consumer.metadata.updated_at;
  std::vector<std::int32_t> topics = {kAllTopics};
  for (const PartitionMetadata& each : consumer.metadata.partitions) {
    const std::string_view name = env.fabric.names[each.tp.topic];
    if (topics.back() == each.tp.topic || is_internal_topic(name) || !task.config.topics_pattern->matches(name)) continue;
    topics.push_back(each.tp.topic);
  }
  if (topics == consumer.spec.topics) return;
  AsClient as(env, task.sink.number);
  resubscribe(env, consumer, std::move(topics));
}

// The poll is done with once it is written, and so are the copies of what was skipped (C16).
bool finish_poll(Env& env, ConnectTask& task) {
  ConnectSink& sink = task.sink;
  if (!sink.polled || sink.putting || sink.batch) return false;
  if (sink.dead_letters.producer.running && !is_flushed(sink.dead_letters.producer)) return false;
  for (const auto& [tp, end] : sink.ends) sink.next[tp] = end;
  forget_poll(sink);
  AsClient as(env, sink.number);
  poll_again(env, sink.consumer);
  return true;
}

// C12: every offset.flush.interval.ms, and before partitions are given up.
void commit_sink(Env& env, ConnectTask& task) {
  ConnectSink& sink = task.sink;
  std::vector<CommitPartition> offsets = offsets_to_commit(sink);
  AsClient as(env, sink.number);
  if (sink.revoking) {
    sink.revoking = false;
    sink.committed = sink.next;
    forget_poll(sink);
    rejoin(env, sink.consumer, std::move(offsets));
    return;
  }
  sink.commit_due = false;
  if (offsets.empty() || !sink.consumer.running || sink.consumer.owned.empty()) return;
  sink.commits = true;
  commit_offsets(env, sink.consumer, std::move(offsets));
}

}  // namespace

void start_sink(Env& env, ConnectWorker& worker, ConnectTask& task) {
  ConnectSink& sink = task.sink;
  sink.number = free_number(worker);
  ConsumerConfig config;
  config.enable_auto_commit = false;
  config.auto_offset_reset = OffsetReset::earliest;
  if (task.config.from_the_end) config.auto_offset_reset = OffsetReset::latest;
  config.max_poll_records = task.config.max_poll_records.value_or(worker.config.max_poll_records);
  if (task.config.metadata_max_age) config.metadata_max_age = *task.config.metadata_max_age;
  config.session_timeout = worker.config.consumer_session;
  std::vector<std::int32_t> topics;
  if (task.config.topics_pattern) topics.push_back(kAllTopics);
  for (const std::string& each : task.config.topics) topics.push_back(env.fabric.names.intern(each));
  const GroupId group = env.fabric.names.intern("connect-" + task.id.connector);
  sink.consumer = hosted_consumer(worker.node, group, topics, config, worker.bootstrap);
  task.phase = ConnectPhase::running;
  {
    AsClient as(env, sink.number);
    start(env, sink.consumer);
  }
  if (const std::string& dead = task.config.errors.dead_letter_topic; !dead.empty()) {
    sink.dead_letters = new_writer(env, worker, dead, free_number(worker));
    CreateTopicsRequest request;
    request.topic = sink.dead_letters.topic;
    request.partitions = 1;
    request.replication_factor = static_cast<std::int32_t>(task.config.errors.dead_letter_replication);
    AsClient as(env, kConnectAdmin);
    create_topic(env, worker.admin, std::move(request));
  }
  tell_state(env, worker, task.id.connector, task.id.number, task.paused ? connect::UnitState::paused : connect::UnitState::running);
}

void pause_sink(Env& env, ConnectTask& task) {
  AsClient as(env, task.sink.number);
  std::vector<TopicPartition> all;
  for (const OwnedPartition& each : task.sink.consumer.owned) all.push_back(each.tp);
  for (TopicPartition each : all) {
    if (task.paused || task.sink.held) pause_partition(task.sink.consumer, each);
    else resume_partition(env, task.sink.consumer, each);
  }
}

// C13: the same records once more.
void put_again(Env& env, ConnectWorker& worker, ConnectTask& task) {
  if (task.sink.batch && !task.sink.putting) put(env, worker, task);
}

void on_put(Env& env, ConnectWorker& worker, ConnectTask& task, const PutResponse* answer) {
  ConnectSink& sink = task.sink;
  sink.putting = false;
  if (!sink.batch) return;  // its partitions were taken away meanwhile
  if (answer && answer->why < 0) {
    const auto records = static_cast<std::int64_t>(sink.batch->records.size());
    sink.batch = nullptr;
    if (std::exchange(sink.held, false)) pause_sink(env, task);
    worker.shown.written += records;
    const std::int32_t task_name = env.fabric.names.intern(to_name(connect::text_of(task.id)));
    env.emit(SinkWrote{worker.node, task_name, records});
    return;
  }
  if (gives_up(task) || sink.revoking) return forget_poll(sink);
  const auto* jdbc = std::get_if<connect::JdbcSinkConfig>(&task.config.plugin);
  const std::int64_t most = jdbc ? jdbc->max_retries : 10;
  const bool again = !answer || answer->retriable;
  if (again && sink.tries < most) {
    ++sink.tries;
    sink.held = true;
    pause_sink(env, task);
    {
      AsClient as(env, sink.number);
      poll_again(env, sink.consumer);
    }
    return arm_poll(env, worker, task, jdbc ? jdbc->retry_backoff : kAskAgain);
  }
  connect::Failure failure;
  failure.stage = connect::Stage::task_put;
  failure.is("org.apache.kafka.connect.errors.ConnectException",
             answer ? std::string(env.fabric.names[answer->why]) : "the store does not answer");
  forget_poll(sink);
  fail(env, worker, task, failure);
}

bool go_on_with_sink(Env& env, ConnectWorker& worker, ConnectTask& task) {
  ConnectSink& sink = task.sink;
  follow_topics(env, task);
  bool more = hear_sink(env, worker, task);
  const std::vector<HostedRecord> polled = take_records(sink.consumer);
  if (!polled.empty() && !gives_up(task) && !sink.revoking) {
    take_poll(env, worker, task, polled);
    more = true;
  }
  if ((gives_up(task) || sink.revoking) && !sink.putting) forget_poll(sink);
  more = finish_poll(env, task) || more;
  if (sink.putting || sink.commits || (sink.polled && !sink.revoking)) return more;
  if (sink.revoking || sink.commit_due) {
    commit_sink(env, task);
    return true;
  }
  if (sink.consumer.application == ApplicationState::processing) {
    AsClient as(env, sink.number);
    poll_again(env, sink.consumer);
  }
  return more || !sink.consumer.host.records.empty() || !sink.consumer.host.news.empty();
}

}  // namespace nutshell
