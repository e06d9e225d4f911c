// Calls of the REST interface: what only reads is answered here, everything else by the leader, who writes the config topic (C1), or
// by the worker that has the task.
#include <algorithm>

#include "sim/ksql/bytes.h"
#include "sim/workers/worker_steps.h"

namespace nutshell {

namespace {

using connect::TargetState;
using State = ConnectCall::State;

constexpr Duration kCallAgain = 100 * kMillisecond;

std::vector<connect::KeyValue> records_of(const RestCall& call) {
  switch (call.kind) {
    case RestKind::create:
    case RestKind::config: return {connect::connector_record(call.connector, call.properties)};
    case RestKind::pause: return {connect::target_state_record(call.connector, TargetState::paused)};
    case RestKind::resume: return {connect::target_state_record(call.connector, TargetState::started)};
    case RestKind::stop: return {connect::target_state_record(call.connector, TargetState::stopped)};
    case RestKind::erase: return connect::delete_records(call.connector);
    case RestKind::tasks: return connect::task_records(call.connector, call.tasks);
    default: break;
  }
  return {connect::restart_record(call.connector, call.include_tasks, call.only_failed)};
}

// What is against the call as things are; "": nothing.
std::string objection(const ConnectWorker& worker, const RestCall& call) {
  std::string problem;
  const auto known = worker.configured.connectors.find(call.connector);
  const bool is_known = known != worker.configured.connectors.end();
  if (call.kind == RestKind::create && is_known)
    return "there is a connector " + call.connector + " already; PUT its config to change it";
  if (call.kind == RestKind::create || call.kind == RestKind::config) {
    connect::read_connector(call.connector, call.properties, defaults_of(worker), problem);
    return problem;
  }
  if (!is_known) return "there is no connector " + call.connector;
  if (call.kind == RestKind::restart_task && static_cast<std::size_t>(call.task) >= known->second.tasks.size())
    return "there is no task " + connect::text_of({call.connector, call.task}) + "; " + call.connector + " has " +
           std::to_string(known->second.tasks.size()) + ", counted from 0";
  if (call.kind != RestKind::alter_offsets && call.kind != RestKind::reset_offsets) return "";
  if (known->second.target != TargetState::stopped)
    return "the offsets of " + call.connector + " can be altered once it is stopped; PUT /connectors/" + call.connector + "/stop before";
  const auto config = connect::read_connector(call.connector, known->second.properties, defaults_of(worker), problem);
  if (config && config->sink()) return call.connector + " is a sink; its places are those of the group connect-" + call.connector;
  return problem;
}

// The leader writes; "": it is done, or under way.
std::string carry_out(Env& env, ConnectWorker& worker, const RestCall& call) {
  const std::string problem = objection(worker, call);
  if (!problem.empty()) return problem;
  if (call.kind == RestKind::reset_offsets)
    return begin_places(env, worker, call.connector, std::nullopt) ? "" : "the worker has as many clients as it can have";
  if (call.kind == RestKind::alter_offsets) {
    for (const auto& [partition, offset] : call.offsets) note_place(env, worker, call.connector, partition, offset);
    return "";
  }
  for (const connect::KeyValue& each : records_of(call)) {
    connect::RawRecord raw;
    raw.key = each.key;
    raw.value = each.value;
    raw.partition = 0;
    write(env, worker, worker.config_writer, raw);
  }
  return "";
}

// Whoever is asked tells the status topic that the connector has used none of its topics yet.
std::string reset_topics(Env& env, ConnectWorker& worker, const std::string& connector) {
  if (!worker.configured.connectors.count(connector)) return "there is no connector " + connector;
  const auto known = worker.statuses.connectors.find(connector);
  for (const std::string& each : known == worker.statuses.connectors.end() ? std::set<std::string>() : known->second.topics) {
    const connect::KeyValue record = connect::topic_forgotten_record(connector, each);
    connect::RawRecord raw;
    raw.key = record.key;
    write(env, worker, worker.status_writer, raw);
  }
  return "";
}

// The leader knows what it has given to whom. kNoNode: the task has no worker now.
NodeId owner_of(const Env& env, const ConnectWorker& worker, const connect::TaskId& id) {
  for (const auto& [name, share] : worker.shares)
    if (share.tasks.count(id)) return node_named(env, name);
  return kNoNode;
}

void pass_on(Env& env, ConnectWorker& worker, std::size_t nth, NodeId to) {
  worker.calls[nth].state = State::sent;
  AsClient as(env, 0);
  env.request(worker.node, to, Channel::data, RestRequest{env.fabric.names.intern(to_name(worker.calls[nth].text))}, kStoreTimeout,
              errand(ConnectErrand::call, static_cast<std::int32_t>(nth)));
}

// The places of a source are read, those of a sink asked for. "": under way.
std::string ask_offsets(Env& env, ConnectWorker& worker, std::size_t nth, const std::string& connector) {
  const auto known = worker.configured.connectors.find(connector);
  if (known == worker.configured.connectors.end()) return "there is no connector " + connector;
  std::string problem;
  const auto config = connect::read_connector(connector, known->second.properties, defaults_of(worker), problem);
  if (!config) return problem;
  worker.calls[nth].state = State::sent;
  if (!config->sink()) return begin_places(env, worker, connector, nth) ? "" : "the worker has as many clients as it can have";
  const NodeId broker = any_broker(env, worker.admin.metadata, worker.node);
  AsClient as(env, 0);
  env.request(worker.node, broker, Channel::data, FindCoordinatorRequest{env.fabric.names.intern("connect-" + connector)}, kStoreTimeout,
              errand(ConnectErrand::coordinator, static_cast<std::int32_t>(nth)));
  return "";
}

void answer_reading(Env& env, ConnectWorker& worker, std::size_t nth, const RestCall& call) {
  std::string problem;
  const auto answer = answer_of(worker, call, problem);
  if (answer) worker.calls[nth].answer = *answer;
  else if (problem.empty()) problem = ask_offsets(env, worker, nth, call.connector);
  if (answer || !problem.empty()) answer_call(env, worker, worker.calls[nth], problem);
}

// A task is restarted where it runs: asked are the worker that was called, the leader, and whoever has it by the leader.
void restart_where_it_runs(Env& env, ConnectWorker& worker, std::size_t nth, const RestCall& call) {
  const connect::TaskId id = {call.connector, call.task};
  ConnectCall& asked = worker.calls[nth];
  if (running_task(worker, id)) {
    restart(env, worker, id);
    return answer_call(env, worker, asked, "");
  }
  if (worker.leader != worker.node) {
    if (!asked.request) return pass_on(env, worker, nth, worker.leader);
    env.reply(*asked.request, RestResponse{-1, true});
    asked.state = State::done;
    return;
  }
  const std::string problem = objection(worker, call);
  const NodeId owner = problem.empty() ? owner_of(env, worker, id) : kNoNode;
  if (owner != kNoNode && owner != worker.node) return pass_on(env, worker, nth, owner);
  answer_call(env, worker, asked, problem.empty() ? connect::text_of(id) + " has no worker now; call again once it has one" : problem);
}

// True if it is over.
bool go_on_with_call(Env& env, ConnectWorker& worker, std::size_t nth) {
  ConnectCall& asked = worker.calls[nth];
  std::string problem;
  const auto call = read_rest(asked.text, problem);
  if (!call) answer_call(env, worker, asked, problem);
  else if (call->reads()) answer_reading(env, worker, nth, *call);
  else if (call->kind == RestKind::restart_task) restart_where_it_runs(env, worker, nth, *call);
  else if (call->kind == RestKind::reset_topics) answer_call(env, worker, asked, reset_topics(env, worker, call->connector));
  else if (worker.leader == worker.node) answer_call(env, worker, asked, carry_out(env, worker, *call));
  else if (!asked.request) pass_on(env, worker, nth, worker.leader);
  else {
    env.reply(*asked.request, RestResponse{-1, true});
    asked.state = State::done;
  }
  return worker.calls[nth].state != State::sent;
}

bool is_restart_of_task(const ConnectCall& asked) {
  std::string problem;
  const auto call = read_rest(asked.text, problem);
  return call && call->kind == RestKind::restart_task;
}

// It is asked anew a little later.
void wait_a_little(const Env& env, ConnectCall& call) {
  call.state = State::waiting;
  call.not_before = env.now() + kCallAgain;
}

}  // namespace

void answer_call(Env& env, ConnectWorker& worker, ConnectCall& call, const std::string& why) {
  call.state = why.empty() ? State::done : State::refused;
  call.why = why;
  Names& names = env.fabric.names;
  const std::int32_t name = why.empty() ? -1 : names.intern(to_name(why));
  if (call.request) return env.reply(*call.request, RestResponse{name, false});
  if (name >= 0) env.emit(ConnectRefused{worker.node, name});
}

bool go_on_with_calls(Env& env, ConnectWorker& worker) {
  constexpr std::size_t kMostCalls = 50;
  bool more = false;
  for (std::size_t i = 0; i < worker.calls.size(); ++i) {
    const ConnectCall& call = worker.calls[i];
    if (call.state != State::waiting || worker.leader == kNoNode || !worker.member.running || env.now() < call.not_before) continue;
    more = go_on_with_call(env, worker, i) || more;
  }
  const auto is_over = [](const ConnectCall& each) { return each.state == State::done || each.state == State::refused; };
  if (worker.calls.size() > kMostCalls && std::all_of(worker.calls.begin(), worker.calls.end(), is_over))
    worker.calls.erase(worker.calls.begin(), worker.calls.end() - 10);
  return more;
}

void on_called(Env& env, ConnectWorker& worker, std::int32_t number, const RestResponse* answer) {
  if (static_cast<std::size_t>(number) >= worker.calls.size()) return;
  ConnectCall& call = worker.calls[static_cast<std::size_t>(number)];
  if (call.state != State::sent) return;
  const bool elsewhere = answer && answer->not_leader && worker.leader == worker.node && is_restart_of_task(call);
  if (elsewhere) answer_call(env, worker, call, "the task has no worker now; call again once it has one");
  else if (!answer || answer->not_leader) call.state = State::waiting;
  else answer_call(env, worker, call, answer->why < 0 ? "" : from_name(env.fabric.names[answer->why]));
}

void on_coordinator_found(Env& env, ConnectWorker& worker, std::int32_t number, const FindCoordinatorResponse* answer) {
  if (static_cast<std::size_t>(number) >= worker.calls.size()) return;
  ConnectCall& call = worker.calls[static_cast<std::size_t>(number)];
  std::string problem;
  const auto asked = read_rest(call.text, problem);
  if (call.state != State::sent || !asked) return;
  if (!answer || answer->error != ErrorCode::none) return wait_a_little(env, call);
  AsClient as(env, 0);
  env.request(worker.node, env.broker_node(answer->coordinator), Channel::coordinator,
              OffsetFetchRequest{env.fabric.names.intern("connect-" + asked->connector), {}}, kStoreTimeout,
              errand(ConnectErrand::group_offsets, number));
}

void on_group_offsets(Env& env, ConnectWorker& worker, std::int32_t number, const OffsetFetchResponse* answer) {
  if (static_cast<std::size_t>(number) >= worker.calls.size()) return;
  ConnectCall& call = worker.calls[static_cast<std::size_t>(number)];
  if (call.state != State::sent) return;
  if (!answer || answer->error != ErrorCode::none) return wait_a_little(env, call);
  call.answer = answer_of_group(env.fabric.names, *answer);
  answer_call(env, worker, call, "");
}

}  // namespace nutshell
