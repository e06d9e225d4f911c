// The process: its life, its clients, and whose responses and timers are whose.
#include "sim/workers/worker.h"

#include <algorithm>
#include <set>

#include "sim/kafka/config_keys.h"
#include "sim/kafka/hosted_events.h"
#include "sim/kafka/plain_kinds.h"
#include "sim/ksql/bytes.h"
#include "sim/workers/data_store.h"
#include "sim/workers/rest.h"
#include "sim/workers/worker_steps.h"

namespace nutshell {

namespace {

constexpr Duration kWorkerLook = 100 * kMillisecond;
constexpr int kWorkerRounds = 100000;

// What Connect gives its producers (C8): nothing is given up, and nothing overtakes; idempotence is off but for exactly-once sources (C10).
ProducerConfig producer_config(const ConnectWorkerKind::Config& worker) {
  ProducerConfig config;
  config.enable_idempotence = worker.exactly_once != ExactlyOnceSource::disabled;
  config.max_in_flight = 1;
  config.linger = 0;
  config.delivery_timeout = kForEver;
  return config;
}

void create_group_topics(Env& env, ConnectWorker& worker) {
  const std::pair<std::string_view, std::int64_t> topics[] = {
      {"configs", 1}, {"offsets", worker.config.offset_partitions}, {"status", worker.config.status_partitions}};
  for (const auto& [what, partitions] : topics) {
    CreateTopicsRequest request;
    request.topic = env.fabric.names.intern(topic_of_group(worker, what));
    request.partitions = static_cast<std::int32_t>(partitions);
    request.replication_factor = static_cast<std::int32_t>(worker.config.replication);
    request.config.cleanup_policy = CleanupPolicy::compacts;
    AsClient as(env, kConnectAdmin);
    create_topic(env, worker.admin, std::move(request));
  }
}

// All of a topic, and on from there.
void begin_reading(Env& env, const ConnectWorker& worker, Consumer& reader, ClientNumber number, TopicId topic) {
  std::vector<StartingPoint> all;
  for (std::int32_t p = 0; p < worker.admin.partitions_of(topic); ++p) all.push_back({{topic, p}, 0});
  reader = hosted_reader(worker.node, ConsumerConfig{}, worker.bootstrap);
  AsClient as(env, number);
  start(env, reader);
  assign_partitions(env, reader, all);
}

bool read_statuses(Env& env, ConnectWorker& worker) {
  if (!worker.status_reader.running) return false;
  const std::vector<HostedRecord> records = take_records(worker.status_reader);
  take_news(worker.status_reader);
  if (records.empty()) return false;
  for (const HostedRecord& each : records) {
    const connect::RawRecord raw = raw_record(env.fabric.names, each);
    worker.statuses.read({raw.key.value_or(""), raw.value});
    if (!raw.value) worker.told_topics.clear();  // it may be one of these that is forgotten, and is used all the same
  }
  AsClient as(env, kStatusReader);
  poll_again(env, worker.status_reader);
  return true;
}

// Once the three topics are there those of the configuration and of states are read from their beginning; once that is done it joins.
bool begin(Env& env, ConnectWorker& worker) {
  if (worker.member.running || worker.stopping) return false;
  if (!worker.config_reader.running) {
    bool all = true;
    for (const std::string_view what : {"configs", "offsets", "status"})
      all = knows_topic(env, worker, topic_of_group(worker, what)) && all;
    if (!all) return false;
    worker.config_writer = new_writer(env, worker, topic_of_group(worker, "configs"), kConfigWriter);
    worker.offset_writer = new_writer(env, worker, topic_of_group(worker, "offsets"), kOffsetWriter);
    worker.status_writer = new_writer(env, worker, topic_of_group(worker, "status"), kStatusWriter);
    begin_reading(env, worker, worker.config_reader, kConfigReader, worker.config_writer.topic);
    begin_reading(env, worker, worker.status_reader, kStatusReader, worker.status_writer.topic);
    return true;
  }
  if (!reads_to_end(worker.config_reader) || !reads_to_end(worker.status_reader)) return false;
  begin_membership(env, worker);
  return true;
}

void count_shown(ConnectWorker& worker) {
  worker.shown.connectors = static_cast<std::int64_t>(worker.instances.size());
  worker.shown.tasks = worker.shown.failed = 0;
  for (const ConnectTask& each : worker.tasks) {
    worker.shown.tasks += each.phase == ConnectPhase::running;
    worker.shown.failed += each.failed;
  }
}

bool waits(const ConnectWorker& worker) {
  const bool calls = std::any_of(worker.calls.begin(), worker.calls.end(), [](const ConnectCall& each) {
    return each.state == ConnectCall::State::waiting;
  });
  return !worker.member.running || calls || worker.assigned || worker.must_assign || worker.stopping ||
         worker.member.coordinator == kNoNode;
}

// Tasks have ended in order, the group has been left, and what was written has arrived: then the process ends.
void go_on_stopping(Env& env, ConnectWorker& worker) {
  for (ConnectTask& each : worker.tasks) stop_task(env, worker, each);
  if (!worker.tasks.empty()) return;
  for (const auto& [name, instance] : worker.instances) tell_state(env, worker, name, std::nullopt, connect::UnitState::unassigned);
  worker.instances.clear();
  if (worker.status_writer.producer.running && !is_flushed(worker.status_writer.producer)) return;
  if (worker.member.running && !worker.member.closing) {
    AsClient as(env, kConnectMember);
    close(env, worker.member);
  }
  if (worker.member.running) return;
  worker.running = false;
  kill_process(env, worker.node);
}

// Does whatever can be done now; after every response and timer.
void go_on(Env& env, ConnectWorker& worker) {
  bool more = worker.running;
  for (int round = 0; more && round < kWorkerRounds; ++round) {
    more = begin(env, worker);
    more = read_config(env, worker) || more;
    more = read_statuses(env, worker) || more;
    more = go_on_with_group(env, worker) || more;
    more = go_on_with_calls(env, worker) || more;
    more = go_on_with_places(env, worker) || more;
    for (std::size_t i = 0; i < worker.tasks.size(); ++i) more = go_on_with_task(env, worker, worker.tasks[i]) || more;
    std::erase_if(worker.tasks, [](const ConnectTask& each) { return each.phase == ConnectPhase::gone && has_ended(each); });
  }
  if (!worker.running) return;
  count_shown(worker);
  if (worker.stopping) go_on_stopping(env, worker);
  if (!worker.running || !waits(worker) || worker.look != kNoTimer) return;
  AsClient as(env, 0);
  worker.look = env.arm(worker.node, kConnectLook, kWorkerLook);
}

template <class Visit>
void with_client(ConnectWorker& worker, ClientNumber number, Visit&& visit) {
  if (number == kConnectAdmin) return visit(worker.admin);
  if (number == kConnectMember) return visit(worker.member);
  if (number == kConfigReader) return visit(worker.config_reader);
  if (number == kStatusReader) return visit(worker.status_reader);
  for (HostedWriter* each : {&worker.config_writer, &worker.offset_writer, &worker.status_writer})
    if (each->number == number) return visit(each->producer);
  for (ConnectPlaces& each : worker.places)
    if (each.number == number) return visit(each.reader);
  for (ConnectTask& task : worker.tasks) {
    if (task.source.reader_number == number) return visit(task.source.reader);
    if (task.sink.number == number) return visit(task.sink.consumer);
    if (task.sink.dead_letters.number == number) return visit(task.sink.dead_letters.producer);
    for (HostedWriter& each : task.source.writers)
      if (each.number == number) return visit(each.producer);
  }
}

ConnectTask* task_of_run(ConnectWorker& worker, std::int32_t run) {
  for (ConnectTask& each : worker.tasks)
    if (each.run == run) return &each;
  return nullptr;
}

void on_errand(Env& env, ConnectWorker& worker, const Response& response) {
  const auto number = static_cast<std::int32_t>(response.tag & 0xffffffff);
  ConnectTask* task = task_of_run(worker, number);
  switch (static_cast<ConnectErrand>(response.tag >> 32)) {
    case ConnectErrand::task_rows:
      if (task) on_rows(env, worker, *task, response.as<SelectResponse>());
      break;
    case ConnectErrand::task_put:
      if (task) on_put(env, worker, *task, response.as<PutResponse>());
      break;
    case ConnectErrand::connector_tables: on_tables(env, worker, number, response.as<SelectResponse>()); break;
    case ConnectErrand::call: on_called(env, worker, number, response.as<RestResponse>()); break;
    case ConnectErrand::coordinator: on_coordinator_found(env, worker, number, response.as<FindCoordinatorResponse>()); break;
    case ConnectErrand::group_offsets: on_group_offsets(env, worker, number, response.as<OffsetFetchResponse>()); break;
  }
}

}  // namespace

const ConnectTask* ConnectWorker::task(const connect::TaskId& id) const {
  for (const ConnectTask& each : tasks)
    if (each.id == id && each.phase != ConnectPhase::gone) return &each;
  return nullptr;
}

ClientNumber free_number(const ConnectWorker& worker) {
  std::set<int> taken;
  for (const ConnectPlaces& each : worker.places) taken.insert(each.number);
  for (const ConnectTask& task : worker.tasks) {
    taken.insert({task.source.reader_number, task.sink.number, task.sink.dead_letters.number});
    for (const HostedWriter& each : task.source.writers) taken.insert(each.number);
  }
  for (int number = kFirstTaskClient; number < 256; ++number)
    if (taken.count(number) == 0) return static_cast<ClientNumber>(number);
  return 0;
}

std::string topic_of_group(const ConnectWorker& worker, std::string_view what) { return worker.config.group + "-" + std::string(what); }

bool knows_topic(Env& env, ConnectWorker& worker, const std::string& topic) {
  const TopicId id = env.fabric.names.intern(topic);
  if (worker.admin.partitions_of(id) > 0) return true;
  AsClient as(env, kConnectAdmin);
  if (!worker.admin.is_creating(id)) watch_topic(env, worker.admin, id);
  return false;
}

HostedWriter new_writer(Env& env, const ConnectWorker& worker, const std::string& topic, ClientNumber number) {
  const TopicId id = env.fabric.names.intern(topic);
  return {id, number, hosted_producer(worker.node, id, producer_config(worker.config), worker.bootstrap)};
}

void write(Env& env, ConnectWorker& worker, HostedWriter& writer, const connect::RawRecord& record) {
  Names& names = env.fabric.names;
  HostedSend send;
  send.key = record.key ? names.intern(to_name(*record.key)) : -1;
  const bool tombstone = !record.value && record.headers.empty();
  send.text = tombstone ? kNoValue : names.intern(value_name(record.value, record.headers));
  send.partition = record.partition;
  send.timestamp = record.timestamp ? *record.timestamp * kMillisecond : kNoTimestamp;
  send.bytes = static_cast<std::int32_t>(record.key.value_or("").size() + record.value.value_or("").size());
  for (const connect::Header& each : record.headers) send.bytes += static_cast<std::int32_t>(each.key.size() + each.value.size());
  AsClient as(env, writer.number);
  if (!writer.producer.running) start(env, writer.producer);
  writer.producer.next_serial = worker.next_serial++;
  send_record(env, writer.producer, send);
}

bool reads_to_end(const Consumer& reader) {
  return reader.running && !reader.owned.empty() &&
         std::all_of(reader.owned.begin(), reader.owned.end(), [](const OwnedPartition& each) {
           return each.high_watermark >= 0 && each.position >= each.high_watermark && !each.buffered();
         });
}

connect::WorkerDefaults defaults_of(const ConnectWorker& worker) {
  const auto converter = [](ConnectConverter kind, bool schemas) {
    return connect::Converter{static_cast<connect::Converter::Kind>(kind), schemas};
  };
  return {converter(worker.config.key_converter, worker.config.key_schemas),
          converter(worker.config.value_converter, worker.config.value_schemas)};
}

NodeId store_of(const Env& env, const connect::ConnectorConfig& config) {
  const std::string name = store_name(config);
  for (std::size_t i = 0; i < env.fabric.nodes.size(); ++i)
    if (env.fabric.nodes[i].kind == plain_node_kind<DataStoreKind>() && env.fabric.nodes[i].name == name) return static_cast<NodeId>(i);
  return kNoNode;
}

void tell_state(Env& env, ConnectWorker& worker, const std::string& connector, std::optional<std::int32_t> task, connect::UnitState state,
                const std::string& trace) {
  const std::string& self = env.self(worker.node).name;
  const connect::KeyValue record = connect::status_record(connector, task, state, self, worker.completed, trace);
  connect::RawRecord raw;
  raw.key = record.key;
  raw.value = record.value;
  write(env, worker, worker.status_writer, raw);
  Names& names = env.fabric.names;
  const std::string unit = task ? connect::text_of(connect::TaskId{connector, *task}) : connector;
  const std::int32_t why = trace.empty() ? -1 : names.intern(to_name(trace));
  const std::int32_t unit_name = names.intern(to_name(unit)), state_name = names.intern(connect::unit_state_name(state));
  env.emit(ConnectUnit{worker.node, unit_name, state_name, why});
}

void tell_topic(Env& env, ConnectWorker& worker, const connect::TaskId& task, const std::string& topic) {
  const auto known = worker.statuses.connectors.find(task.connector);
  if (known != worker.statuses.connectors.end() && known->second.topics.count(topic)) return;
  if (!worker.told_topics[task.connector].insert(topic).second) return;
  const connect::KeyValue record = connect::topic_used_record(task, topic, env.now() / kMillisecond);
  connect::RawRecord raw;
  raw.key = record.key;
  raw.value = record.value;
  write(env, worker, worker.status_writer, raw);
}

void start(Env& env, ConnectWorker& worker) {
  worker.running = true;
  start_admin(env, worker, kConnectAdmin);
  create_group_topics(env, worker);
  go_on(env, worker);
}

void stop(Env& env, ConnectWorker& worker) {
  worker.stopping = true;
  go_on(env, worker);
}

void forget(Env&, ConnectWorker& worker, ProcessEnd) {
  ConnectWorker fresh;
  fresh.node = worker.node;
  fresh.config = std::move(worker.config);
  fresh.bootstrap = std::move(worker.bootstrap);
  fresh.next_serial = worker.next_serial;
  fresh.next_run = worker.next_run;
  fresh.shown = worker.shown;
  fresh.shown.connectors = fresh.shown.tasks = fresh.shown.failed = fresh.shown.waiting = 0;
  for (ConnectCall& each : worker.calls) {
    if (each.request) continue;
    const bool open = each.state == ConnectCall::State::waiting || each.state == ConnectCall::State::sent;
    if (open) each.why = "the worker has died before it had an answer";
    if (open) each.state = ConnectCall::State::refused;
    fresh.calls.push_back(std::move(each));
  }
  worker = std::move(fresh);
}

void on_request(Env& env, ConnectWorker& worker, const RequestId& request, Body& body) {
  const auto* rest = body.get_if<RestRequest>();
  if (!rest || !worker.running) return env.hang_up(request);
  ConnectCall call;
  call.text = from_name(env.fabric.names[rest->call]);
  call.request = request;
  worker.calls.push_back(std::move(call));
  go_on(env, worker);
}

void on_response(Env& env, ConnectWorker& worker, const Response& response) {
  if (!worker.running) return;
  if (response.client == 0) {
    if (response.request != kNoMessage) on_errand(env, worker, response);
  } else {
    with_client(worker, response.client, hears(env, response));
  }
  go_on(env, worker);
}

void on_timer(Env& env, ConnectWorker& worker, const Event& timer) {
  if (!worker.running) return;
  if (timer.client != 0) {
    with_client(worker, timer.client, hears(env, timer));
  } else if (timer.timer == kConnectDelay) {
    worker.delay = kNoTimer;
    AsClient as(env, kConnectMember);
    want_rejoin(env, worker.member);
  } else if (timer.timer == kConnectLook) {
    worker.look = kNoTimer;
  } else if (ConnectTask* task = task_of_run(worker, timer.a)) {
    if (timer.timer == kConnectPoll) {
      task->poll = kNoTimer;
      on_poll_due(env, worker, *task);
    } else {
      task->flush = env.arm(worker.node, kConnectFlush, worker.config.flush_interval, task->run);
      task->source.flush_due = task->sink.commit_due = true;
    }
  }
  go_on(env, worker);
}

void call_rest(Env& env, ConnectWorker& worker, std::string_view text) {
  ConnectCall call;
  call.text = text;
  worker.calls.push_back(std::move(call));
  go_on(env, worker);
}

void ConnectWorker::fold_into(std::uint64_t& digest) const {
  fold(digest, node);
  fold(digest, config);
  fold(digest, running);
  fold(digest, stopping);
  fold(digest, shown);
  fold(digest, next_serial);
  fold(digest, admin);
  fold(digest, leader);
  fold(digest, completed);
  fold(digest, delay_until);
  fold(digest, configured.offset);
  each_client([&](const auto& client) { fold(digest, client); });
  for (const std::string& each : has.connectors) fold(digest, each);
  for (const connect::TaskId& each : has.tasks) fold(digest, connect::text_of(each));
  for (const auto& [name, instance] : instances) fold(digest, name + std::string(connect::unit_state_name(instance.state)));
  for (const ConnectCall& each : calls) fold(digest, each.text);
  for (const ConnectTask& each : tasks) {
    fold(digest, each.run);
    fold(digest, each.phase);
    fold(digest, each.paused);
    fold(digest, each.failed);
    fold(digest, each.source.next);
    fold(digest, each.source.acknowledged);
    fold(digest, each.sink.tries);
    for (const auto& [tp, offset] : each.sink.next) {
      fold(digest, tp);
      fold(digest, offset);
    }
  }
}

}  // namespace nutshell
