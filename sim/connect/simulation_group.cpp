// The group of the workers: who is in it, and who has what (C1-C7).
#include "sim/core/text.h"
#include "sim/connect/simulation.h"

namespace nutshell::connect {

void Simulation::start_worker(std::size_t place) {
  Worker& worker = workers_[place];
  worker.alive = true;
  ++worker.life;
  worker.joined = joins_++;
  worker.has = {};
  tell(FactKind::worker, worker.name, worker.name + " joins the group");
  ask_for_rebalance();
}

void Simulation::stop_worker(std::size_t place, bool orderly) {
  Worker& worker = workers_[place];
  std::vector<TaskId> tasks;
  for (const auto& [id, run] : runs_) {
    if (run.worker == place) tasks.push_back(id);
  }
  tell(FactKind::worker, worker.name, worker.name + (orderly ? " is stopped" : " is killed"));
  if (orderly) {
    for (const TaskId& id : tasks) stop_task(id);
    for (const std::string& name : worker.has.connectors) set_status(name, std::nullopt, UnitState::unassigned, worker.name);
    worker.alive = false;
    worker.has = {};
    return ask_for_rebalance();
  }
  // Nobody writes anything: the status topic goes on saying what it said (C4).
  worker.alive = false;
  for (const TaskId& id : tasks) {
    if (runs_.at(id).config.sink()) {
      const std::int32_t life = runs_.at(id).life;
      silent_[life] = id;
      at(now_ + setup_.consumer_session, {Kind::consumer_gone, life});
    }
    runs_.erase(id);
  }
  ghosts_.insert({static_cast<std::int32_t>(place), worker.life});
  at(now_ + setup_.session_timeout, {Kind::session_end, static_cast<std::int32_t>(place), worker.life});
}

void Simulation::session_ends(std::int32_t place, std::int32_t life) {
  Worker& worker = workers_[static_cast<std::size_t>(place)];
  ghosts_.erase({place, life});
  if (worker.life == life) worker.has = {};
  tell(FactKind::worker, worker.name, worker.name + " has been silent too long: it is out of the group");
  ask_for_rebalance();
}

void Simulation::ask_for_rebalance() {
  if (scheduled_) return;
  scheduled_ = true;
  at(now_, {Kind::rebalance});
}

void Simulation::rebalance() {
  scheduled_ = false;
  // Who does not answer is waited for until its session ends.
  if (!ghosts_.empty()) return;
  std::map<std::string, Units> owned;
  const Worker* first = nullptr;
  for (const Worker& worker : workers_) {
    if (!worker.alive) continue;
    owned[worker.name + "#" + std::to_string(worker.life)] = worker.has;
    if (!first || worker.joined < first->joined) first = &worker;
  }
  if (!first) return;
  const std::string leader = first->name + "#" + std::to_string(first->life);
  if (leader != leader_ || !assignor_) assignor_ = Assignor(setup_.rebalance_delay);
  leader_ = leader;
  decision_ = assignor_->assign(owned, config_.units(), now_, generation_, generation_ + 1);
  ++generation_;
  deadline_ = decision_.delay > 0 ? now_ + decision_.delay : 0;
  if (deadline_ > 0) at(deadline_, {Kind::delay_over});

  bool revoked = false;
  for (std::size_t place = 0; place < workers_.size(); ++place) {
    Worker& worker = workers_[place];
    if (!worker.alive) continue;
    const Assignment& told = decision_.members.at(worker.name + "#" + std::to_string(worker.life));
    worker.has.remove(told.revoke);
    worker.has.add(told.start);
    revoked = revoked || !told.revoke.empty();
    for (const TaskId& id : told.revoke.tasks) stop_task(id);
    for (const std::string& name : told.revoke.connectors) {
      const bool gone = config_.connectors.count(name) == 0;
      set_status(name, std::nullopt, gone ? UnitState::destroyed : UnitState::unassigned, gone ? "" : worker.name);
    }
  }
  tell(FactKind::rebalance, leader_, "Generation " + std::to_string(generation_) + ": " + shares(),
       static_cast<std::int64_t>(decision_.lost.size()));
  for (std::size_t place = 0; place < workers_.size(); ++place) {
    const auto told = decision_.members.find(workers_[place].name + "#" + std::to_string(workers_[place].life));
    if (!workers_[place].alive || told == decision_.members.end()) continue;
    for (const std::string& name : told->second.start.connectors) start_connector(place, name);
    for (const TaskId& id : told->second.start.tasks) start_task(place, id);
  }
  if (revoked) ask_for_rebalance();
}

// "W1 has 1 connector and 4 tasks, W2 has nothing; 5 units wait for 5m"
std::string Simulation::shares() const {
  std::string all;
  for (const Worker& worker : workers_) {
    if (!worker.alive) continue;
    const std::size_t connectors = worker.has.connectors.size(), tasks = worker.has.tasks.size();
    all += (all.empty() ? "" : ", ") + worker.name + " has ";
    if (worker.has.empty()) all += "nothing";
    else all += std::to_string(connectors) + (connectors == 1 ? " connector and " : " connectors and ") + std::to_string(tasks) +
                (tasks == 1 ? " task" : " tasks");
  }
  if (!decision_.lost.empty() && decision_.delay > 0)
    all += "; " + std::to_string(decision_.lost.size()) + " units wait for " + format_duration(decision_.delay);
  return all;
}

// C2: it is asked for its tasks; if they are others than before, they are written, and a second rebalance starts them.
void Simulation::start_connector(std::size_t worker, const std::string& name) {
  const auto known = config_.connectors.find(name);
  if (known == config_.connectors.end()) return;
  const Properties properties = known->second.properties;
  std::string problem;
  const auto config = read_connector(name, properties, setup_.defaults, problem);
  if (!config) return set_status(name, std::nullopt, UnitState::failed, workers_[worker].name, problem);
  set_status(name, std::nullopt, shown_as(known->second.target), workers_[worker].name);
  const Database* database = nullptr;
  if (const auto* jdbc = std::get_if<JdbcSourceConfig>(&config->plugin)) {
    const auto at = setup_.databases.find(jdbc->url);
    if (at != setup_.databases.end()) database = &at->second;
  }
  const std::vector<Properties> tasks = task_configs(*config, properties, database);
  if (tasks == known->second.tasks) return;
  write_config(task_records(name, tasks));
  ask_for_rebalance();
}

}  // namespace nutshell::connect
