// Tasks come and go: assigned by the group's leader, restored from changelogs, given back.
#include <algorithm>
#include <tuple>

#include "sim/core/require.h"
#include "sim/ksql/bytes.h"
#include "sim/ksql/server_steps.h"

namespace nutshell {

namespace {

struct TaskId {
  int part = 0, partition = 0;
  friend bool operator==(const TaskId&, const TaskId&) = default;
};

// What a task reads: partition p of each topic of its sub-topology that has so many (P3).
std::vector<TopicPartition> partitions_of(const Env& env, const KsqlQuery& query, TaskId task) {
  std::vector<TopicPartition> all;
  for (const std::string& each : query.plan->parts[static_cast<std::size_t>(task.part)].topics) {
    const TopicId topic = env.fabric.names.find(each);
    if (task.partition < query.reader.metadata.partition_count(topic)) all.push_back({topic, task.partition});
  }
  return all;
}

bool has(const std::vector<TopicPartition>& all, TopicPartition wanted) { return std::find(all.begin(), all.end(), wanted) != all.end(); }

// ... of those that the consumer owns.
std::vector<TopicPartition> owned_of(const Env& env, const KsqlQuery& query, TaskId task, const std::vector<TopicPartition>& owned) {
  std::vector<TopicPartition> all;
  for (const std::string& each : query.plan->parts[static_cast<std::size_t>(task.part)].topics)
    if (const TopicPartition tp{env.fabric.names.find(each), task.partition}; has(owned, tp)) all.push_back(tp);
  return all;
}

std::vector<TaskId> tasks_of(const streams::Plan& plan) {
  std::vector<TaskId> all;
  for (std::size_t part = 0; part < plan.parts.size(); ++part)
    for (int p = 0; p < plan.parts[part].tasks; ++p) all.push_back({static_cast<int>(part), p});
  return all;
}

bool has_all(const std::vector<TopicPartition>& held, const std::vector<TopicPartition>& wanted) {
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](TopicPartition each) { return has(held, each); });
}

KsqlTask* find_task(KsqlQuery& query, TaskId id) {
  for (KsqlTask& each : query.tasks)
    if (each.task.part() == id.part && each.task.partition() == id.partition) return &each;
  return nullptr;
}

TaskId id_of(const KsqlTask& task) { return {task.task.part(), task.task.partition()}; }

void tell_closed(Env& env, KsqlServer& server, const KsqlQuery& query, const KsqlTask& task, bool lost) {
  env.emit(TaskClosed{server.node, env.fabric.names.intern(query.id), task.task.part(), task.task.partition(), lost});
  note_down(env, server, query, task, {.deed = KsqlDeed::closed});
}

void add_inlets(const Env& env, const KsqlQuery& query, KsqlTask& task, const std::vector<TopicPartition>& owned) {
  task.inlets.clear();
  for (TopicPartition each : owned_of(env, query, {task.task.part(), task.task.partition()}, owned)) {
    KsqlInlet& inlet = task.inlets.emplace_back();
    inlet.tp = each;
    inlet.topic = env.fabric.names[each.topic];
    inlet.window = window_of_topic(*query.plan, inlet.topic);
    for (const streams::Step& step : query.plan->steps) {
      if (step.kind != streams::StepKind::source || step.source.topic != inlet.topic) continue;
      inlet.key = step.source.key_format.kind;
      inlet.value = step.source.value_format.kind;
    }
  }
}

// The changelogs of its stores; empty: it has none, or the query is not to be found again.
std::vector<TopicPartition> changelogs_of(const Env& env, const KsqlQuery& query, TaskId id) {
  std::vector<TopicPartition> all;
  if (query.is_push()) return all;
  for (const streams::Step& step : query.plan->steps)
    for (const std::string& store : step.stores)
      if (step.part == id.part && !store.empty())
        all.push_back({env.fabric.names.find(streams::store_topic(*query.plan, store)), id.partition});
  return all;
}

void read_changelogs(Env& env, KsqlServer& server, KsqlQuery& query) {
  std::vector<StartingPoint> wanted;
  for (const std::vector<KsqlTask>* tasks : {&query.tasks, &query.standbys})
    for (const KsqlTask& task : *tasks)
      for (TopicPartition each : task.changelogs) wanted.push_back({each, 0});
  if (!query.restorer.running && wanted.empty()) return;
  AsClient as(env, query.restorer_number);
  if (!query.restorer.running) {
    ConsumerConfig config;
    config.auto_offset_reset = OffsetReset::earliest;
    query.restorer = hosted_reader(server.node, config, server.bootstrap);
    start(env, query.restorer);
  }
  const bool restoring = std::any_of(query.tasks.begin(), query.tasks.end(), [](const KsqlTask& each) { return each.restoring; });
  query.restorer.spec.config.fetch_max_wait = restoring ? 10 * kMillisecond : 100 * kMillisecond;
  assign_partitions(env, query.restorer, wanted);
}

streams::Switches switches_of(const KsqlServer& server, const KsqlQuery& query) {
  streams::Switches switches;
  switches.changelog = !query.is_push();
  switches.cache = server.config.cache > 0;
  return switches;
}

void add_task(Env& env, KsqlServer& server, KsqlQuery& query, TaskId id, const std::vector<TopicPartition>& owned) {
  KsqlTask task(query.plan, id.part, id.partition, switches_of(server, query));
  // A copy that stood by has read most of it already (P34): its changelogs go on where they are.
  const auto copy = std::find_if(query.standbys.begin(), query.standbys.end(), [id](const KsqlTask& each) { return id_of(each) == id; });
  if (copy != query.standbys.end()) {
    task = std::move(*copy);
    query.standbys.erase(copy);
    // It is at the end once a fetch from now on says so.
    for (OwnedPartition& each : query.restorer.owned)
      if (has(task.changelogs, each.tp)) each.high_watermark = -1;
  }
  task.restored = 0;
  add_inlets(env, query, task, owned);
  task.changelogs = changelogs_of(env, query, id);
  task.restoring = !task.changelogs.empty();
  for (const KsqlInlet& each : task.inlets)
    if (task.restoring) pause_partition(query.reader, each.tp);
  env.emit(TaskAssigned{server.node, env.fabric.names.intern(query.id), id.part, id.partition, task.restoring, false});
  note_down(env, server, query, task, {.deed = KsqlDeed::assigned, .flag = task.restoring});
  query.tasks.push_back(std::move(task));
}

// The store of the changelog has its window in the key.
streams::WindowKind window_of_store(const streams::Step& step) {
  return step.kind == streams::StepKind::stream_stream_join ? streams::WindowKind::session : step.window;
}

void finish_restoring(Env& env, KsqlServer& server, KsqlQuery& query, KsqlTask& task) {
  task.restoring = false;
  server.shown.restored += task.restored;
  note_down(env, server, query, task, {.deed = KsqlDeed::ready});
  env.emit(TaskRestored{server.node, env.fabric.names.intern(query.id), task.task.part(), task.task.partition(), task.restored});
  AsClient as(env, query.reader_number);
  for (const KsqlInlet& each : task.inlets) resume_partition(env, query.reader, each.tp);
}

// The position of the restoring consumer is at the end, as far as brokers have told.
bool is_at_end(const Consumer& restorer, TopicPartition tp) {
  for (const OwnedPartition& each : restorer.owned)
    if (each.tp == tp) return each.high_watermark >= 0 && each.position >= each.high_watermark && !each.buffered();
  return false;
}

}  // namespace

streams::WindowKind window_of_topic(const streams::Plan& plan, const std::string& topic) {
  for (const streams::Step& step : plan.steps) {
    if (step.kind == streams::StepKind::source && step.source.topic == topic) return step.source.window;
    if (step.kind == streams::StepKind::sink && step.source.topic == topic) return step.window;
    for (const std::string& store : step.stores)
      if (!store.empty() && streams::store_topic(plan, store) == topic) return window_of_store(step);
  }
  return streams::WindowKind::none;
}

streams::Record record_of(const Env& env, const HostedRecord& record, streams::WindowKind window) {
  streams::Record made;
  const Names& names = env.fabric.names;
  if (record.key >= 0) made.key = from_name(names[record.key], window);
  if (record.text >= 0) made.value = from_name(names[record.text]);
  if (record.text == -1) made.value = "a record without text";
  made.timestamp = std::max<Time>(record.timestamp, -1) / kMillisecond;
  return made;
}

namespace {

// To so many members beside its own, those first that have a copy already, then those with the fewest.
void give_copies(const Env& env, const KsqlServer& server, const KsqlQuery& query, TaskId task, std::size_t owner,
                 std::vector<std::size_t>& copies, std::vector<std::vector<TopicPartition>>& given, std::vector<KsqlTaskHost>& hosts) {
  const std::vector<TopicPartition> changelogs = changelogs_of(env, query, task);
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < given.size(); ++i)
    if (i != owner && !changelogs.empty()) others.push_back(i);
  const auto rank = [&](std::size_t member) {
    return std::tuple{!has_all(query.reader.members[member].claim.partitions, changelogs), copies[member], member};
  };
  // A total order: the last of a rank is the member itself.
  std::sort(others.begin(), others.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(server.config.standbys, 0));
  for (std::size_t n = 0; n < others.size() && n < wanted; ++n) {
    copies[others[n]] += 1;
    hosts.push_back({task.part, task.partition, others[n], true});
    given[others[n]].insert(given[others[n]].end(), changelogs.begin(), changelogs.end());
  }
}

}  // namespace

void assign_tasks(Env& env, const KsqlServer& server, KsqlQuery& query) {
  const std::vector<TaskId> tasks = tasks_of(*query.plan);
  const std::size_t members = query.reader.members.size();
  std::vector<std::vector<TopicPartition>> given(members);
  std::vector<std::size_t> load(members, 0);
  const std::size_t floor = tasks.size() / members;
  std::size_t extras = tasks.size() % members;
  std::vector<TaskId> free;
  std::vector<std::pair<TaskId, std::size_t>> owners;
  const auto give = [&](std::size_t member, TaskId task) {
    owners.push_back({task, member});
    load[member] += 1;
    if (load[member] > floor && extras > 0) extras -= 1;
    for (TopicPartition each : partitions_of(env, query, task)) given[member].push_back(each);
  };
  for (TaskId task : tasks) {
    const std::vector<TopicPartition> reads = partitions_of(env, query, task);
    std::size_t owner = members;
    // Whoever had it, else whoever stood by for it.
    for (const std::vector<TopicPartition>& held : {reads, changelogs_of(env, query, task)})
      for (std::size_t i = 0; i < members && owner == members; ++i) {
        const bool room = load[i] < floor || (load[i] == floor && extras > 0);
        if (room && has_all(query.reader.members[i].claim.partitions, held)) owner = i;
      }
    if (owner < members) give(owner, task);
    else free.push_back(task);
  }
  for (TaskId task : free) give(static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin()), task);
  std::vector<std::size_t> copies(members, 0);
  std::vector<KsqlTaskHost> hosts;
  for (const auto& [task, owner] : owners) hosts.push_back({task.part, task.partition, owner, false});
  for (const auto& [task, owner] : owners) give_copies(env, server, query, task, owner, copies, given, hosts);
  if (!query.is_push()) tell_hosts(env, query, hosts, given);
  assign_members(env, query.reader, std::move(given));
}

namespace {

// The copies that the assignment asks for; what else there was is dropped.
void stand_by(Env& env, KsqlServer& server, KsqlQuery& query) {
  const auto wanted = [&](TaskId id) {
    return has_all(query.reader.host.beside, changelogs_of(env, query, id)) && !find_task(query, id);
  };
  std::erase_if(query.standbys, [&](const KsqlTask& each) {
    const bool dropped = !wanted(id_of(each));
    if (dropped) note_down(env, server, query, each, {.deed = KsqlDeed::closed});
    return dropped;
  });
  for (TaskId id : tasks_of(*query.plan)) {
    const auto is_it = [id](const KsqlTask& each) { return id_of(each) == id; };
    if (!wanted(id) || std::any_of(query.standbys.begin(), query.standbys.end(), is_it)) continue;
    KsqlTask copy(query.plan, id.part, id.partition, switches_of(server, query));
    copy.changelogs = changelogs_of(env, query, id);
    env.emit(TaskAssigned{server.node, env.fabric.names.intern(query.id), id.part, id.partition, false, true});
    note_down(env, server, query, copy, {.deed = KsqlDeed::standing, .offset = 0});
    query.standbys.push_back(std::move(copy));
  }
}

}  // namespace

void take_tasks(Env& env, KsqlServer& server, KsqlQuery& query, const std::vector<TopicPartition>& partitions) {
  const bool keeps = query.suspended_in >= 0 && query.reader.owned_generation == query.suspended_in + 1;
  std::vector<TaskId> wanted;
  for (TaskId each : tasks_of(*query.plan))
    if (!owned_of(env, query, each, partitions).empty()) wanted.push_back(each);
  std::erase_if(query.tasks, [&](const KsqlTask& each) {
    const TaskId id{each.task.part(), each.task.partition()};
    const bool stays = keeps && std::find(wanted.begin(), wanted.end(), id) != wanted.end();
    if (!stays) tell_closed(env, server, query, each, false);
    return !stays;
  });
  query.suspended_in = -1;
  for (TaskId each : wanted) {
    if (KsqlTask* kept = find_task(query, each)) {
      add_inlets(env, query, *kept, partitions);
      for (const KsqlInlet& inlet : kept->inlets)
        if (kept->restoring) pause_partition(query.reader, inlet.tp);
    } else {
      add_task(env, server, query, each, partitions);
    }
  }
  stand_by(env, server, query);
  read_changelogs(env, server, query);
}

void lose_tasks(Env& env, KsqlServer& server, KsqlQuery& query, bool lost) {
  if (!lost && query.state == KsqlQueryState::runs) {
    query.suspended_in = query.reader.owned_generation;
    for (KsqlTask& each : query.tasks)
      for (KsqlInlet& inlet : each.inlets) inlet = {inlet.tp, inlet.topic, {}, 0, -1, inlet.window, inlet.key, inlet.value, 0};
    return;
  }
  for (const KsqlTask& each : query.tasks) tell_closed(env, server, query, each, lost);
  query.tasks.clear();
  for (const KsqlTask& each : query.standbys) note_down(env, server, query, each, {.deed = KsqlDeed::closed});
  query.standbys.clear();
  query.suspended_in = -1;
  if (query.restorer.running) read_changelogs(env, server, query);
}

namespace {

// One round of records; false: there were none.
bool restore_some(Env& env, KsqlServer& server, KsqlQuery& query) {
  take_news(query.restorer);
  const std::vector<HostedRecord> records = take_records(query.restorer);
  for (const HostedRecord& each : records) {
    const std::string topic = env.fabric.names[each.tp.topic];
    const streams::Record record = record_of(env, each, window_of_topic(*query.plan, topic));
    for (KsqlTask& task : query.tasks) {
      if (!has(task.changelogs, each.tp)) continue;
      task.task.restore(topic, record);
      task.restored += 1;
      note_down(env, server, query, task, {.deed = KsqlDeed::restored, .tp = each.tp, .offset = each.offset});
    }
    for (KsqlTask& copy : query.standbys) {
      if (!has(copy.changelogs, each.tp)) continue;
      copy.task.restore(topic, record);
      copy.restored += 1;
      note_down(env, server, query, copy, {.deed = KsqlDeed::standing, .offset = copy.restored});
    }
  }
  bool ended = false;
  for (KsqlTask& task : query.tasks) {
    if (!task.restoring) continue;
    ended = std::erase_if(task.changelogs, [&](TopicPartition each) { return is_at_end(query.restorer, each); }) > 0 || ended;
    if (task.changelogs.empty()) finish_restoring(env, server, query, task);
  }
  if (ended) read_changelogs(env, server, query);
  AsClient as(env, query.restorer_number);
  if (!records.empty()) poll_again(env, query.restorer);
  return !records.empty();
}

}  // namespace

void go_on_restoring(Env& env, KsqlServer& server, KsqlQuery& query) {
  while (query.restorer.running && restore_some(env, server, query)) {
  }
}

}  // namespace nutshell
