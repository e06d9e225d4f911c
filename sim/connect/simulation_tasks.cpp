// Tasks at work: sources and sinks (C8-C17).
#include <algorithm>

#include "sim/connect/simulation.h"
#include "sim/core/text.h"

namespace nutshell::connect {
namespace {

constexpr Duration kIdleSink = 500 * kMillisecond;  // fetch.max.wait.ms

Failure task_failure(Stage stage, std::string message) {
  Failure failure;
  failure.stage = stage;
  failure.is("org.apache.kafka.connect.errors.ConnectException", std::move(message));
  return failure;
}

std::string url_of(const ConnectorConfig& config) {
  if (const auto* source = std::get_if<JdbcSourceConfig>(&config.plugin)) return source->url;
  if (const auto* sink = std::get_if<JdbcSinkConfig>(&config.plugin)) return sink->url;
  return "";
}

}  // namespace

Run* Simulation::find(std::int32_t life) {
  for (auto& [id, run] : runs_) {
    if (run.life == life) return &run;
  }
  return nullptr;
}

void Simulation::start_task(std::size_t worker, const TaskId& id) {
  const auto known = config_.connectors.find(id.connector);
  if (known == config_.connectors.end() || static_cast<std::size_t>(id.number) >= known->second.tasks.size()) return;
  const Properties& properties = known->second.tasks[static_cast<std::size_t>(id.number)];
  std::string problem;
  const auto config = read_connector(id.connector, properties, setup_.defaults, problem);
  Run run;
  run.id = id;
  run.worker = worker;
  run.life = ++lives_;
  if (config) run.config = *config;
  run.paused = known->second.target == TargetState::paused;
  Run& kept = runs_[id] = std::move(run);
  if (!config) return fail(kept, task_failure(Stage::task_poll, problem));
  const SourceOffsets& noted = noted_[id.connector];
  if (const auto* file = std::get_if<FileSourceConfig>(&kept.config.plugin)) kept.file.emplace(*file, noted);
  if (const auto* jdbc = std::get_if<JdbcSourceConfig>(&kept.config.plugin)) {
    Settings settings(properties);
    kept.jdbc.emplace(*jdbc, settings.list(kTaskTables), noted);
    const auto database = setup_.databases.find(jdbc->url);
    if (database == setup_.databases.end()) problem = "there is no database " + jdbc->url + "; name one of the set-up";
    else problem = kept.jdbc->check(database->second);
    if (!problem.empty()) return fail(kept, task_failure(Stage::task_poll, problem));
  }
  set_status(id.connector, id.number, kept.paused ? UnitState::paused : UnitState::running, workers_[worker].name);
  if (!kept.paused) at(now_, {Kind::poll, kept.life});
  at(now_ + setup_.flush_interval, {Kind::flush, kept.life});
  if (kept.config.sink()) share_partitions(id.connector);
}

// In order: what can be noted is noted, and the status topic hears of it.
void Simulation::stop_task(const TaskId& id) {
  const auto at = runs_.find(id);
  if (at == runs_.end()) return;
  Run& run = at->second;
  const bool sink = run.config.sink(), failed = run.failed;
  const std::string worker = workers_[run.worker].name;
  if (!failed && sink) commit(run);
  if (!failed && !sink) note_all(run);
  runs_.erase(at);
  const bool gone = config_.units().tasks.count(id) == 0;
  set_status(id.connector, id.number, gone ? UnitState::destroyed : UnitState::unassigned, gone ? "" : worker);
  if (sink) share_partitions(id.connector);
}

// C3: it stays failed until somebody restarts it; nobody else notices, and there is no rebalance.
void Simulation::fail(Run& run, const Failure& failure) {
  run.failed = true;
  // What went well before counts: a source's acknowledged places are noted, what put() returned for is committed.
  if (run.config.sink()) commit(run);
  else note_all(run);
  set_status(run.id.connector, run.id.number, UnitState::failed, workers_[run.worker].name,
             (failure.exception.empty() ? "" : std::string(short_class(failure.exception)) + ": ") + failure.message);
  if (run.config.sink()) {
    run.positions.clear();
    share_partitions(run.id.connector);
  }
}

void Simulation::poll(Run& run) {
  if (run.paused || run.failed) return;
  if (run.config.sink()) poll_sink(run);
  else poll_source(run);
}

void Simulation::poll_source(Run& run) {
  std::vector<SourceRecord> batch;
  Time next = now_ + setup_.loop;
  std::string problem;
  if (run.file) {
    FileText& file = setup_.files[std::get<FileSourceConfig>(run.config.plugin).file];
    file.advance(now_);
    batch = run.file->poll(file.written, now_ / kMillisecond, problem);
    if (batch.empty()) next = now_ + kFileWait;
  } else {
    Database& database = setup_.databases[url_of(run.config)];
    database.advance(now_);
    batch = run.jdbc->poll(database, now_);
    next = std::max(next, run.jdbc->next_poll(now_));
  }
  std::int64_t sent = 0, from = -1, to = -1;
  for (const SourceRecord& one : batch) {
    Passed passed = pass_source(run.config, one.record);
    if (passed.how == Passage::failed) return fail(run, *passed.failure);
    const std::int64_t number = run.submitted.submit(one);
    if (from < 0) from = number;
    to = number + 1;
    if (passed.how == Passage::through) {
      append(std::move(passed.raw));
      ++sent;
    } else if (passed.how == Passage::skipped) {
      tell(FactKind::record_skipped, text_of(run.id), text_of(run.id) + " skips a record: " + passed.failure->message, 1);
    }
  }
  if (sent > 0) {
    const std::string records = std::to_string(sent) + (sent == 1 ? " record" : " records");
    tell(FactKind::records_read, text_of(run.id), text_of(run.id) + " reads and sends " + records, sent);
  }
  if (from >= 0) at(now_ + setup_.ack_after, {Kind::acked, run.life, 0, from, to});
  if (!problem.empty()) return fail(run, task_failure(Stage::task_poll, problem));
  at(next, {Kind::poll, run.life});
}

// At its end it waits for the acknowledgements of what it sent.
void Simulation::note_all(Run& run) {
  for (std::int64_t number = 0; run.submitted.waiting() > 0; ++number) run.submitted.acknowledge(number);
  flush(run);
}

void Simulation::flush(Run& run) {
  const SourceOffsets taken = run.submitted.take();
  for (const auto& [partition, offset] : taken) noted_[run.id.connector][partition] = offset;
  if (taken.empty()) return;
  const std::string place = offset_value(taken.begin()->second);
  tell(FactKind::offsets_flushed, text_of(run.id), text_of(run.id) + " notes " + place, static_cast<std::int64_t>(taken.size()));
}

bool Simulation::put_batch(Run& run, const std::vector<Record>& batch) {
  if (batch.empty()) return true;
  if (const auto* file = std::get_if<FileSinkConfig>(&run.config.plugin)) {
    for (const Record& record : batch) sink_files_[file->file] += file_line(*file, record);
  } else {
    const auto& jdbc = std::get<JdbcSinkConfig>(run.config.plugin);
    const PutResult result = put(jdbc, setup_.databases[jdbc.url], batch);
    if (result.failure && result.failure->retriable && run.failures < jdbc.max_retries) {
      // C13: the same records are put again after a while; until then nothing else is polled.
      ++run.failures;
      at(now_ + jdbc.retry_backoff, {Kind::poll, run.life});
      return false;
    }
    if (result.failure) {
      fail(run, *result.failure);
      return false;
    }
    run.failures = 0;
  }
  const auto count = static_cast<std::int64_t>(batch.size());
  tell(FactKind::records_delivered, text_of(run.id),
       text_of(run.id) + " delivers " + std::to_string(count) + (count == 1 ? " record" : " records"), count);
  return true;
}

// A whole poll is converted before any of it is put (C17).
void Simulation::poll_sink(Run& run) {
  std::vector<Record> batch;
  std::map<TopicPlace, std::int64_t> positions = run.positions;
  std::int64_t polled = 0;
  std::vector<std::pair<RawRecord, std::string>> dead;
  for (auto& [place, position] : positions) {
    const auto log = topics_.find(place);
    if (log == topics_.end()) continue;
    for (; polled < setup_.max_poll_records && position < static_cast<std::int64_t>(log->second.size()); ++position, ++polled) {
      Passed passed = pass_sink(run.config, run.id.number, log->second[static_cast<std::size_t>(position)]);
      if (passed.dead_letter) dead.emplace_back(*passed.dead_letter, passed.failure->message);
      if (passed.how == Passage::through) batch.push_back(std::move(passed.record));
      if (passed.how == Passage::skipped && !passed.dead_letter)
        tell(FactKind::record_skipped, text_of(run.id), text_of(run.id) + " skips a record: " + passed.failure->message, 1);
      if (passed.how != Passage::failed) continue;
      // The copy is written, and none of this poll is put.
      for (auto& [copy, why] : dead) append(std::move(copy));
      return fail(run, *passed.failure);
    }
  }
  const bool again = run.failures > 0;
  if (!put_batch(run, batch)) return;
  for (auto& [copy, why] : dead) {
    tell(FactKind::dead_lettered, text_of(run.id), text_of(run.id) + " puts a record among the dead letters: " + why, again ? 0 : 1);
    append(std::move(copy));
  }
  run.positions = std::move(positions);
  at(now_ + (polled > 0 ? setup_.loop : kIdleSink), {Kind::poll, run.life});
}

void Simulation::commit(Run& run) {
  std::int64_t moved = 0;
  for (const auto& [place, position] : run.positions) {
    std::int64_t& committed = committed_[run.id.connector][place];
    if (committed == position) continue;
    committed = position;
    ++moved;
  }
  if (moved > 0) {
    const std::string at_first = std::to_string(run.positions.begin()->second);
    tell(FactKind::offsets_committed, text_of(run.id), text_of(run.id) + " commits " + at_first, moved);
  }
}

void Simulation::consumer_gone(std::int32_t life) {
  const auto at = silent_.find(life);
  if (at == silent_.end()) return;
  const std::string connector = at->second.connector;
  silent_.erase(at);
  share_partitions(connector);
}

// The group connect-NAME (C12): each topic's partitions by ranges, in the order of the tasks.
void Simulation::share_partitions(const std::string& connector) {
  std::set<TaskId> members;
  // The round waits for those that died: until then everybody has what they had, and who is new has nothing.
  for (const auto& [life, id] : silent_) {
    if (id.connector == connector) return;
  }
  for (const auto& [id, run] : runs_) {
    if (id.connector == connector && run.config.sink() && !run.failed) members.insert(id);
  }
  std::map<TaskId, std::set<TopicPlace>> shares;
  for (const auto& [id, run] : runs_) {
    if (id.connector != connector || run.failed) continue;
    const auto rank = static_cast<std::size_t>(std::distance(members.begin(), members.find(id)));
    for (const std::string& topic : run.config.topics) {
      const auto given = setup_.partitions.find(topic);
      const auto count = static_cast<std::size_t>(given == setup_.partitions.end() ? 1 : given->second);
      const std::size_t each = count / members.size(), more = count % members.size();
      const std::size_t begin = rank * each + std::min(rank, more), end = begin + each + (rank < more ? 1 : 0);
      for (std::size_t i = begin; i < end; ++i) shares[id].insert({topic, static_cast<std::int32_t>(i)});
    }
  }
  for (auto& [id, run] : runs_) {
    if (id.connector != connector || run.failed) continue;
    commit(run);
    std::map<TopicPlace, std::int64_t> positions;
    for (const TopicPlace& place : shares[id]) positions[place] = committed_[connector][place];
    if (positions != run.positions) run.failures = 0;
    run.positions = std::move(positions);
  }
}

}  // namespace nutshell::connect
