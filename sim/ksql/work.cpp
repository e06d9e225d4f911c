// What a query does with the rows that its consumer was given.
#include <algorithm>

#include "sim/ksql/bytes.h"
#include "sim/ksql/server_steps.h"
#include "sim/log/hash.h"

namespace nutshell {

namespace {

void buffer(KsqlQuery& query, std::vector<HostedRecord> records) {
  for (HostedRecord& each : records)
    for (KsqlTask& task : query.tasks)
      for (KsqlInlet& inlet : task.inlets)
        if (inlet.tp == each.tp) inlet.buffer.push_back(each);
}

// Nothing more is known to be there: the task need not wait for this partition (max.task.idle.ms = 0).
bool is_exhausted(const KsqlQuery& query, TopicPartition tp) {
  for (const OwnedPartition& each : query.reader.owned)
    if (each.tp == tp) return each.has_position() && each.high_watermark >= 0 && each.position >= each.high_watermark && !each.buffered();
  return true;
}

// P9: the lowest timestamp at a head; ties by topic. nullptr: the task has nothing, or waits for a partition that has more.
KsqlInlet* next_inlet(const KsqlQuery& query, KsqlTask& task) {
  KsqlInlet* best = nullptr;
  for (KsqlInlet& each : task.inlets) {
    if (each.empty()) {
      if (!is_exhausted(query, each.tp)) return nullptr;
      continue;
    }
    if (!best || each.buffer[each.head].timestamp < best->buffer[best->head].timestamp) best = &each;
  }
  return best;
}

// The writer of a task's topic; what is known of the topic is found out once. nullptr: no client number is left.
KsqlWriter* task_writer(Env& env, KsqlServer& server, KsqlQuery& query, const std::string& name) {
  const TopicId topic = env.fabric.names.intern(name);
  const std::size_t before = query.writers.size();
  KsqlWriter* writer = writer_for(server, query.writers, topic);
  if (!writer || query.writers.size() == before) return writer;
  const streams::Plan& plan = *query.plan;
  writer->window = window_of_topic(plan, name);
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    for (const std::string& store : plan.steps[i].stores)
      if (plan.steps[i].kind == streams::StepKind::aggregate && !store.empty() && streams::store_topic(plan, store) == name)
        writer->step = static_cast<std::int32_t>(i);
  return writer;
}

void tell_window(Env& env, const KsqlServer& server, const KsqlQuery& query, KsqlTask& task, const KsqlWriter& writer,
                 const streams::Output& output) {
  const streams::Step* step = writer.step < 0 ? nullptr : &query.plan->steps[static_cast<std::size_t>(writer.step)];
  if (!step || step->window == streams::WindowKind::none || !output.record.key) return;
  std::string key = *output.record.key;
  std::int64_t start = 0, end = 0;
  if (!streams::split_window(step->window, step->size, key, start, end)) return;
  const std::pair<std::int64_t, std::string> place{end, key};
  if (!output.record.value) {
    task.open.erase(place);
    return;
  }
  const bool opened = task.open.insert(place).second;
  Names& names = env.fabric.names;
  const std::int32_t query_name = names.intern(query.id), key_name = names.intern(to_name(key));
  const std::int32_t value_name = names.intern(to_name(*output.record.value));
  env.emit(WindowChanged{server.node, query_name, key_name, value_name, start, end, opened});
}

void tell_closed_windows(Env& env, const KsqlServer& server, const KsqlQuery& query, KsqlTask& task) {
  if (task.open.empty()) return;
  for (std::size_t i = 0; i < query.plan->steps.size(); ++i) {
    const streams::Step& step = query.plan->steps[i];
    if (step.kind != streams::StepKind::aggregate || step.part != task.task.part() || step.window == streams::WindowKind::none) continue;
    const std::int64_t time = task.task.state(i).stream_time;
    const std::int64_t wait = step.grace + (step.window == streams::WindowKind::session ? step.size : 0);
    while (!task.open.empty() && time != streams::kNoTime && task.open.begin()->first <= time - wait) {
      const std::int64_t end = task.open.begin()->first;
      std::int32_t keys = 0;
      for (; !task.open.empty() && task.open.begin()->first == end; task.open.erase(task.open.begin())) ++keys;
      env.emit(WindowClosed{server.node, env.fabric.names.intern(query.id), step.part, task.task.partition(), end, keys});
    }
  }
}

void tell_result(Env& env, KsqlServer& server, KsqlQuery& query, const KsqlRecord& record, TopicId topic, std::int32_t partition) {
  Names& names = env.fabric.names;
  const std::int32_t key = record.has_key ? names.intern(record.key) : -1;
  env.emit(ResultEmitted{server.node, names.intern(query.id), key, record.has_value ? names.intern(record.value) : -1, topic});
  server.shown.results += 1;
  query.results.push_back({env.now(), record.key, record.has_value ? record.value : "null", record.timestamp, partition});
  // Not one by one: each time half of them go.
  if (query.results.size() > KsqlServer::kMostResults)
    query.results.erase(query.results.begin(), query.results.begin() + KsqlServer::kMostResults / 2);
}

void write_outputs(Env& env, KsqlServer& server, KsqlQuery& query, KsqlTask& task, const std::vector<streams::Output>& outputs) {
  for (const streams::Output& each : outputs) {
    if (each.kind == streams::OutputKind::row) {
      print_row(env, server, query, each);
      continue;
    }
    KsqlWriter* writer = task_writer(env, server, query, each.topic);
    if (!writer) continue;
    const TopicId topic = writer->topic;
    KsqlRecord record;
    record.has_key = each.record.key.has_value();
    record.has_value = each.record.value.has_value();
    record.key = to_name(each.record.key.value_or(""), writer->window);
    record.value = to_name(each.record.value.value_or(""));
    record.timestamp = each.record.timestamp;
    const std::int32_t partitions = std::max(server.admin.partitions_of(topic), 1);
    KsqlRecord sent = record;
    std::optional<std::string> route = each.route;
    if (each.kind == streams::OutputKind::sink) serialize(env, server, query.plan->steps.back().source, sent, route);
    if (each.kind == streams::OutputKind::changelog) sent.partition = task.task.partition();
    else if (route) sent.partition = partition_for_key(murmur2(*route), partitions);
    if (each.kind == streams::OutputKind::changelog) tell_window(env, server, query, task, *writer, each);
    if (each.kind == streams::OutputKind::sink) tell_result(env, server, query, record, topic, sent.partition);
    note_down(env, server, query, task,
              {.deed = KsqlDeed::sent, .serial = server.next_serial, .flag = each.kind == streams::OutputKind::changelog});
    write(env, server, *writer, sent);
  }
}

// Rows that counted nowhere since the last look.
void tell_refused(Env& env, KsqlServer& server, const KsqlQuery& query, KsqlTask& task, TopicPartition tp, Offset offset) {
  std::uint64_t late = 0, skipped = 0;
  for (std::size_t i = 0; i < query.plan->steps.size(); ++i) {
    late += task.task.state(i).late;
    skipped += task.task.state(i).skipped;
  }
  const std::int32_t name = env.fabric.names.intern(query.id);
  if (late > task.late) env.emit(RowLate{server.node, name, tp, offset});
  if (skipped > task.skipped) env.emit(RowSkipped{server.node, name, tp, offset});
  server.shown.late += static_cast<std::int64_t>(late - task.late);
  task.late = late;
  task.skipped = skipped;
}

void process(Env& env, KsqlServer& server, KsqlQuery& query, KsqlTask& task, KsqlInlet& inlet) {
  const HostedRecord record = inlet.buffer[inlet.head++];
  inlet.next = record.offset + 1;
  const TopicPartition tp = inlet.tp;
  std::vector<streams::Output> outputs;
  std::vector<streams::Note> notes;
  const bool noted = server.journal.open() && !query.is_push();
  task.task.process(inlet.topic, record.offset, record_of(env, record, inlet.window),
                    wall_clock(env, server), outputs, noted ? &notes : nullptr);
  if (noted) {
    note_down(env, server, query, task, {.deed = KsqlDeed::read, .tp = tp, .offset = record.offset});
    if (outputs.empty() && notes.empty()) note_down(env, server, query, task, {.deed = KsqlDeed::dropped});
    for (streams::Note& each : notes) note_down(env, server, query, task, {.deed = KsqlDeed::noted, .note = std::move(each)});
  }
  if (inlet.empty()) {
    inlet.buffer.clear();
    inlet.head = inlet.deserialized = 0;
  }
  task.processed += 1;
  server.shown.rows += 1;
  write_outputs(env, server, query, task, outputs);
  tell_refused(env, server, query, task, tp, record.offset);
  tell_closed_windows(env, server, query, task);
}

bool is_read_to_its_ends(const KsqlQuery& query) {
  if (query.reader.owned.empty() || query.tasks.empty()) return false;
  for (const KsqlTask& task : query.tasks)
    for (const KsqlInlet& each : task.inlets)
      if (!each.empty() || !is_exhausted(query, each.tp)) return false;
  return true;
}

}  // namespace

bool work(Env& env, KsqlServer& server, KsqlQuery& query) {
  std::vector<HostedRecord> records = take_records(query.reader);
  const bool any = !records.empty();
  buffer(query, std::move(records));
  if (query.to_the_ends && query.state == KsqlQueryState::runs && is_read_to_its_ends(query))
    end_push(env, server, query, "Query Completed\nQuery terminated\n");
  if (query.paused || query.phase != KsqlPhase::working || query.revoking) return any;
  for (KsqlTask& task : query.tasks) {
    if (task.restoring) continue;
    for (KsqlInlet* inlet = next_inlet(query, task); inlet && deserialize_first(env, server, *inlet); inlet = next_inlet(query, task))
      process(env, server, query, task, *inlet);
  }
  return any;
}

void empty_caches(Env& env, KsqlServer& server, KsqlQuery& query) {
  for (KsqlTask& task : query.tasks) {
    std::vector<streams::Output> outputs;
    task.task.commit(wall_clock(env, server), outputs);
    write_outputs(env, server, query, task, outputs);
  }
}

std::vector<CommitPartition> offsets_of(const KsqlQuery& query) {
  std::vector<CommitPartition> all;
  for (const KsqlTask& task : query.tasks)
    for (const KsqlInlet& each : task.inlets)
      if (each.next >= 0) all.push_back({each.tp, each.next, kNoEpoch});
  return all;
}

}  // namespace nutshell
