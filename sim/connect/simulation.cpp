#include "sim/connect/simulation.h"

#include <algorithm>
#include <array>

#include "sim/log/hash.h"

namespace nutshell::connect {
namespace {

constexpr std::array<std::string_view, 10> kDeeds = {"kill_worker",      "stop_worker",      "start_worker",
                                                     "create_connector", "delete_connector", "pause_connector",
                                                     "resume_connector", "stop_connector",   "restart_connector",
                                                     "produce"};
constexpr std::array<std::string_view, 10> kFacts = {
    "worker",          "rebalance",         "connector_state",   "task_state",     "records_read",
    "offsets_flushed", "records_delivered", "offsets_committed", "record_skipped", "dead_lettered"};

}  // namespace

std::string_view deed_name(DeedKind kind) { return kDeeds[static_cast<std::size_t>(kind)]; }
std::string_view fact_name(FactKind kind) { return kFacts[static_cast<std::size_t>(kind)]; }

UnitState shown_as(TargetState target) {
  return target == TargetState::started ? UnitState::running : target == TargetState::paused ? UnitState::paused : UnitState::stopped;
}

// Without a key everything goes to the first; what a real producer spreads it over is not told here.
std::int32_t partition_for(const RawRecord& record, std::int32_t partitions) {
  if (record.partition >= 0) return record.partition % partitions;
  return record.key ? partition_for_key(murmur2(*record.key), partitions) : 0;
}

Simulation::Simulation(Setup setup) : setup_(std::move(setup)) {
  for (std::size_t i = 0; i < setup_.script.size(); ++i) at(setup_.script[i].at, {Kind::deed, static_cast<std::int32_t>(i)});
  for (const std::string& name : setup_.workers) {
    Worker worker;
    worker.name = name;
    workers_.push_back(std::move(worker));
  }
  for (const auto& [name, properties] : setup_.connectors) write_config({connector_record(name, properties)});
  for (std::size_t i = 0; i < workers_.size(); ++i) start_worker(i);
}

void Simulation::at(Time time, Event event) { queue_.schedule(time, order_++, event); }

bool Simulation::step() {
  if (queue_.empty() || queue_.next_time() > setup_.until) {
    now_ = setup_.until;
    return false;
  }
  const auto entry = queue_.pop();
  now_ = entry.time;
  handle(entry.payload);
  return true;
}

void Simulation::run_until(Time end) {
  while (now_ < end && !queue_.empty() && queue_.next_time() <= end) step();
  now_ = std::max(now_, std::min(end, setup_.until));
}

void Simulation::handle(const Event& event) {
  switch (event.kind) {
    case Kind::deed: carry_out(setup_.script[static_cast<std::size_t>(event.a)]); return;
    case Kind::session_end: return session_ends(event.a, event.b);
    case Kind::rebalance: rebalance(); return;
    case Kind::delay_over:
      if (deadline_ == now_) ask_for_rebalance();
      return;
    case Kind::poll:
      if (Run* run = find(event.a)) poll(*run);
      return;
    case Kind::flush:
      if (Run* run = find(event.a)) {
        if (run->config.sink()) commit(*run);
        else flush(*run);
        at(now_ + setup_.flush_interval, event);
      }
      return;
    case Kind::acked:
      if (Run* run = find(event.a)) {
        for (std::int64_t number = event.c; number < event.d; ++number) run->submitted.acknowledge(number);
      }
      return;
    case Kind::consumer_gone: return consumer_gone(event.a);
  }
}

void Simulation::tell(FactKind kind, std::string who, std::string text, std::int64_t count) {
  facts_.push_back({now_, kind, std::move(who), std::move(text), count});
}

void Simulation::append(RawRecord record) {
  const auto given = setup_.partitions.find(record.topic);
  const std::int32_t partition = partition_for(record, given == setup_.partitions.end() ? 1 : given->second);
  std::vector<RawRecord>& log = topics_[{record.topic, partition}];
  record.partition = partition;
  record.offset = static_cast<std::int64_t>(log.size());
  log.push_back(std::move(record));
}

void Simulation::write_config(const std::vector<KeyValue>& records) {
  std::string problem;
  for (const KeyValue& record : records) config_.read(config_end_++, record, problem);
}

void Simulation::set_status(const std::string& connector, std::optional<std::int32_t> task, UnitState state, const std::string& worker,
                            const std::string& trace) {
  const std::string unit = task ? text_of(TaskId{connector, *task}) : connector;
  if (state == UnitState::destroyed) status_.erase(unit);
  else status_[unit] = {state, worker, trace};
  tell(task ? FactKind::task_state : FactKind::connector_state, unit,
       std::string(task ? "task " : "connector ") + unit + " is " + std::string(unit_state_name(state)) +
           (worker.empty() ? "" : " on " + worker) + (trace.empty() ? "" : ": " + trace));
}

std::size_t Simulation::place_of(const std::string& worker) const {
  std::size_t place = 0;
  while (place < workers_.size() && workers_[place].name != worker) ++place;
  return place;
}

// Paused and resumed at once, without a rebalance; a stopped connector's tasks go away in one.
void Simulation::target(const std::string& connector, TargetState state) {
  const auto known = config_.connectors.find(connector);
  if (known == config_.connectors.end() || known->second.target == state) return;
  const bool division = state == TargetState::stopped || known->second.target == TargetState::stopped;
  write_config({target_state_record(connector, state)});
  const UnitState shown = shown_as(state);
  for (const Worker& worker : workers_) {
    if (worker.alive && worker.has.connectors.count(connector)) set_status(connector, std::nullopt, shown, worker.name);
  }
  for (auto& [id, run] : runs_) {
    if (id.connector != connector || run.failed || state == TargetState::stopped) continue;
    run.paused = state == TargetState::paused;
    set_status(connector, id.number, shown, workers_[run.worker].name);
    if (!run.paused) at(now_, {Kind::poll, run.life});
  }
  if (division) ask_for_rebalance();
}

void Simulation::carry_out(const ScriptedDeed& deed) {
  const std::size_t place = place_of(deed.who);
  const bool worker = place < workers_.size();
  switch (deed.kind) {
    case DeedKind::kill_worker:
      if (worker && workers_[place].alive) stop_worker(place, false);
      return;
    case DeedKind::stop_worker:
      if (worker && workers_[place].alive) stop_worker(place, true);
      return;
    case DeedKind::start_worker:
      if (!worker) workers_.emplace_back().name = deed.who;
      if (!workers_[place].alive) start_worker(place);
      return;
    case DeedKind::create_connector: write_config({connector_record(deed.who, deed.properties)}); return ask_for_rebalance();
    case DeedKind::delete_connector: write_config(delete_records(deed.who)); return ask_for_rebalance();
    case DeedKind::pause_connector: return target(deed.who, TargetState::paused);
    case DeedKind::resume_connector: return target(deed.who, TargetState::started);
    case DeedKind::stop_connector: return target(deed.who, TargetState::stopped);
    case DeedKind::restart_connector: {
      const auto known = status_.find(deed.who);
      if (known != status_.end() && known->second.state == UnitState::failed) start_connector(place_of(known->second.worker), deed.who);
      std::vector<std::pair<std::size_t, TaskId>> failed;
      for (const auto& [id, run] : runs_) {
        if (id.connector == deed.who && run.failed) failed.emplace_back(run.worker, id);
      }
      for (const auto& [on, id] : failed) {
        set_status(id.connector, id.number, UnitState::restarting, workers_[on].name);
        runs_.erase(id);
        start_task(on, id);
      }
      return;
    }
    case DeedKind::produce: append({deed.who, -1, -1, deed.key, deed.value, now_ / kMillisecond, {}}); return;
  }
}

}  // namespace nutshell::connect
