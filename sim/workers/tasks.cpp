// A task's life, whichever way its records go (C3, C4).
#include <algorithm>

#include "sim/workers/rest.h"
#include "sim/workers/worker_steps.h"

namespace nutshell {

namespace {

connect::Failure problem_of(std::string message) {
  connect::Failure failure;
  failure.stage = connect::Stage::task_poll;
  failure.is("org.apache.kafka.connect.errors.ConnectException", std::move(message));
  return failure;
}

// Which properties it is to run with; nullptr: it is configured no more.
const connect::Properties* properties_of(const ConnectWorker& worker, const connect::TaskId& id) {
  const auto known = worker.configured.connectors.find(id.connector);
  if (known == worker.configured.connectors.end() || static_cast<std::size_t>(id.number) >= known->second.tasks.size()) return nullptr;
  return &known->second.tasks[static_cast<std::size_t>(id.number)];
}

void close_clients(Env& env, ConnectTask& task) {
  if (task.source.reader.running) {
    AsClient as(env, task.source.reader_number);
    close(env, task.source.reader);
  }
  if (task.sink.consumer.running && !task.sink.consumer.closing) {
    AsClient as(env, task.sink.number);
    close(env, task.sink.consumer);
  }
  const auto close_writer = [&](HostedWriter& writer) {
    if (!writer.producer.running || writer.producer.closing) return;
    AsClient as(env, writer.number);
    close(env, writer.producer);
  };
  close_writer(task.sink.dead_letters);
  for (HostedWriter& each : task.source.writers) close_writer(each);
}

// The worker tells the status topic and its leader that it is gone.
void end_task(Env& env, ConnectWorker& worker, ConnectTask& task) {
  close_clients(env, task);
  task.phase = ConnectPhase::gone;
  const bool configured = properties_of(worker, task.id) != nullptr;
  tell_state(env, worker, task.id.connector, task.id.number, configured ? connect::UnitState::unassigned : connect::UnitState::destroyed);
}

}  // namespace

void arm_poll(Env& env, const ConnectWorker& worker, ConnectTask& task, Duration delay) {
  AsClient as(env, 0);
  env.rearm(task.poll, worker.node, kConnectPoll, delay, task.run);
}

void start_task(Env& env, ConnectWorker& worker, const connect::TaskId& id) {
  const connect::Properties* properties = properties_of(worker, id);
  if (!properties) return;
  ConnectTask made;
  made.id = id;
  made.run = ++worker.next_run;
  made.properties = *properties;
  made.paused = worker.configured.connectors.at(id.connector).target == connect::TargetState::paused;
  worker.tasks.push_back(std::move(made));
  ConnectTask& task = worker.tasks.back();
  std::string problem;
  const auto config = connect::read_connector(id.connector, task.properties, defaults_of(worker), problem);
  if (config) task.config = *config;
  const NodeId store = config ? store_of(env, task.config) : kNoNode;
  if (config && store == kNoNode) problem = no_store(task.config);
  constexpr ClientNumber kOneTask = 3;  // so many clients it may need
  const ClientNumber free = free_number(worker);
  if (free == 0 || free > 255 - kOneTask) problem = "the worker has as many clients as it can have";
  if (!problem.empty()) return fail(env, worker, task, problem_of(problem));
  {
    AsClient as(env, 0);
    task.flush = env.arm(worker.node, kConnectFlush, worker.config.flush_interval, task.run);
  }
  if (task.config.sink()) start_sink(env, worker, task);
  else {
    task.source.reader_number = free;
    task.source.reader = places_reader(env, worker, free);
  }
}

void stop_task(Env& env, ConnectWorker& worker, ConnectTask& task) {
  if (task.phase == ConnectPhase::stopping || task.phase == ConnectPhase::gone) return;
  {
    AsClient as(env, 0);
    env.disarm(task.poll);
    env.disarm(task.flush);
  }
  const bool at_once = task.failed || task.phase == ConnectPhase::finding;
  task.phase = ConnectPhase::stopping;
  task.source.flush_due = task.sink.commit_due = true;
  if (at_once) end_task(env, worker, task);
}

void pause_task(Env& env, ConnectWorker& worker, ConnectTask& task, bool pause) {
  if (task.paused == pause || task.failed || task.phase != ConnectPhase::running) return void(task.paused = pause);
  task.paused = pause;
  if (task.config.sink()) pause_sink(env, task);
  else if (!pause) arm_poll(env, worker, task, 0);
  tell_state(env, worker, task.id.connector, task.id.number, pause ? connect::UnitState::paused : connect::UnitState::running);
}

// C3: it stays failed until somebody restarts it; nobody else notices, and there is no rebalance.
void fail(Env& env, ConnectWorker& worker, ConnectTask& task, const connect::Failure& failure) {
  if (task.failed) return;
  task.failed = true;
  task.trace = (failure.exception.empty() ? "" : std::string(connect::short_class(failure.exception)) + ": ") + failure.message;
  if (task.phase == ConnectPhase::finding) task.phase = ConnectPhase::running;
  task.source.flush_due = task.sink.commit_due = true;
  {
    AsClient as(env, 0);
    env.disarm(task.poll);
    env.disarm(task.flush);
  }
  tell_state(env, worker, task.id.connector, task.id.number, connect::UnitState::failed, task.trace);
}

bool go_on_with_task(Env& env, ConnectWorker& worker, ConnectTask& task) {
  if (task.phase == ConnectPhase::gone) return close_clients(env, task), false;
  const bool more = task.config.sink() ? go_on_with_sink(env, worker, task) : go_on_with_source(env, worker, task);
  const bool settled = task.config.sink() ? !task.sink.commit_due && !task.sink.commits && !task.sink.putting : !task.source.flush_due;
  if ((task.phase == ConnectPhase::stopping || task.failed) && settled) {
    if (task.failed && task.phase != ConnectPhase::stopping) return close_clients(env, task), false;
    // What a source has noted is in the topic before another may read it.
    if (!task.config.sink() && worker.offset_writer.producer.running && !is_flushed(worker.offset_writer.producer)) return more;
    end_task(env, worker, task);
    return true;
  }
  return more;
}

bool has_ended(const ConnectTask& task) {
  return !task.source.reader.running && !task.sink.consumer.running && !task.sink.dead_letters.producer.running &&
         std::none_of(task.source.writers.begin(), task.source.writers.end(),
                      [](const HostedWriter& each) { return each.producer.running; });
}

void on_poll_due(Env& env, ConnectWorker& worker, ConnectTask& task) {
  if (task.failed || task.phase != ConnectPhase::running) return;
  if (task.config.sink()) put_again(env, worker, task);
  else ask_for_rows(env, worker, task);
}

}  // namespace nutshell
