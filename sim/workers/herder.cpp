// What a worker does as one of its group: it follows the config topic, joins, divides if it leads, and starts and stops what it
// is told (C1-C7).
#include <algorithm>

#include "sim/ksql/bytes.h"
#include "sim/streams/json.h"
#include "sim/workers/worker_steps.h"

namespace nutshell {

namespace {

using connect::TargetState;
using connect::UnitState;

constexpr std::string_view kRestartKey = "restart-connector-";
constexpr Duration kCoordinatorPatience = 3 * kSecond;  // WorkerCoordinator: its heartbeat.interval.ms

UnitState shown_for(TargetState target) {
  return target == TargetState::started ? UnitState::running : target == TargetState::paused ? UnitState::paused : UnitState::stopped;
}

void say_what_it_has(Env& env, ConnectWorker& worker) {
  const bool eager = worker.config.protocol == ConnectProtocol::eager;
  const MemberSays says = {env.self(worker.node).name, worker.configured.offset, eager ? connect::Units{} : worker.has};
  worker.member.host.protocol.metadata = env.fabric.names.intern(to_name(to_text(says)));
}

void want_to_join(Env& env, ConnectWorker& worker) {
  say_what_it_has(env, worker);
  AsClient as(env, kConnectMember);
  want_rejoin(env, worker.member);
}

void set_instance(Env& env, ConnectWorker& worker, const std::string& name, UnitState state, const std::string& trace = "") {
  worker.instances[name].state = state;
  worker.instances[name].trace = trace;
  tell_state(env, worker, name, std::nullopt, state, trace);
}

// C2: it is asked for its tasks; if they are others than before, its leader is to write them.
void take_task_configs(ConnectWorker& worker, const std::string& name, const connect::Database* database) {
  const auto known = worker.configured.connectors.find(name);
  if (known == worker.configured.connectors.end() || known->second.target == TargetState::stopped) return;
  std::string problem;
  const auto config = connect::read_connector(name, known->second.properties, defaults_of(worker), problem);
  if (!config) return;
  const std::vector<connect::Properties> tasks = connect::task_configs(*config, known->second.properties, database);
  if (tasks == known->second.tasks) return;
  ConnectCall call;
  call.text = tasks_call(name, tasks);
  worker.calls.push_back(std::move(call));
}

void start_instance(Env& env, ConnectWorker& worker, const std::string& name) {
  const auto known = worker.configured.connectors.find(name);
  if (known == worker.configured.connectors.end()) return;
  worker.instances[name] = {};
  std::string problem;
  const auto config = connect::read_connector(name, known->second.properties, defaults_of(worker), problem);
  if (!config) return set_instance(env, worker, name, UnitState::failed, problem);
  set_instance(env, worker, name, shown_for(known->second.target));
  if (!std::holds_alternative<connect::JdbcSourceConfig>(config->plugin)) return take_task_configs(worker, name, nullptr);
  const NodeId store = store_of(env, *config);
  if (store == kNoNode) return set_instance(env, worker, name, UnitState::failed, no_store(*config));
  worker.instances[name].asks = true;
  AsClient as(env, 0);
  env.request(worker.node, store, Channel::data, SelectRequest{}, kStoreTimeout,
              errand(ConnectErrand::connector_tables, env.fabric.names.intern(to_name(name))));
}

// KIP-745: a connector, and its tasks if that is asked for.
void restart_connector(Env& env, ConnectWorker& worker, const std::string& name, const std::string& how) {
  const streams::Json json = streams::parse_json(how).value_or(streams::Json{});
  const auto is_set = [&](std::string_view flag) { return json.find(flag) && json.find(flag)->truth; };
  const bool only_failed = is_set("only-failed");
  const auto instance = worker.instances.find(name);
  if (instance != worker.instances.end() && (!only_failed || instance->second.state == UnitState::failed))
    start_instance(env, worker, name);
  if (!is_set("include-tasks")) return;
  std::vector<connect::TaskId> due;
  for (const ConnectTask& each : worker.tasks)
    if (each.id.connector == name && (each.failed || !only_failed)) due.push_back(each.id);
  for (const connect::TaskId& each : due) restart(env, worker, each);
}

// What has changed of what this worker runs, and needs no rebalance.
void follow_changes(Env& env, ConnectWorker& worker, const connect::ConfigState& before) {
  for (const std::string& name : worker.has.connectors) {
    const auto now = worker.configured.connectors.find(name);
    const auto then = before.connectors.find(name);
    if (now == worker.configured.connectors.end() || then == before.connectors.end()) continue;
    if (now->second.properties != then->second.properties) start_instance(env, worker, name);
    else if (now->second.target != then->second.target) set_instance(env, worker, name, shown_for(now->second.target));
    // A connector that was stopped is asked for its tasks again.
    if (then->second.target == TargetState::stopped && now->second.target == TargetState::started) start_instance(env, worker, name);
  }
  std::vector<connect::TaskId> again;
  for (ConnectTask& each : worker.tasks) {
    const auto now = worker.configured.connectors.find(each.id.connector);
    if (now == worker.configured.connectors.end() || each.phase == ConnectPhase::gone || each.phase == ConnectPhase::stopping) continue;
    const auto place = static_cast<std::size_t>(each.id.number);
    if (place < now->second.tasks.size() && now->second.tasks[place] != each.properties) again.push_back(each.id);
    else if (now->second.target != TargetState::stopped) pause_task(env, worker, each, now->second.target == TargetState::paused);
  }
  for (const connect::TaskId& each : again) restart(env, worker, each);
}

// The leader decides, once it has read as much of the config topic as any member has.
void divide(Env& env, ConnectWorker& worker) {
  std::map<std::string, connect::Units> owned;
  std::int64_t furthest = -1;
  Names& names = env.fabric.names;
  for (const JoinedMember& each : worker.member.members) {
    const MemberSays says = member_says(each.metadata < 0 ? "" : from_name(names[each.metadata]));
    owned[std::string(names[each.member_id])] = says.has;
    furthest = std::max(furthest, says.offset);
  }
  if (worker.configured.offset < furthest) return;
  worker.must_assign = false;
  if (!worker.assignor || worker.config.protocol == ConnectProtocol::eager) worker.assignor.emplace(worker.config.max_delay);
  const std::int32_t generation = worker.member.generation;
  const connect::Decision decision = worker.assignor->assign(owned, worker.configured.units(), env.now(), worker.completed, generation);
  std::vector<std::int32_t> told;
  worker.shares.clear();
  for (const JoinedMember& each : worker.member.members) {
    const LeaderSays says = {.leader = env.self(worker.node).name,
                             .generation = generation,
                             .offset = worker.configured.offset,
                             .delay = decision.delay,
                             .lost = static_cast<std::int64_t>(decision.lost.size()),
                             .told = decision.members.at(std::string(names[each.member_id]))};
    connect::Units& share = worker.shares[member_says(each.metadata < 0 ? "" : from_name(names[each.metadata])).worker];
    share = without(owned[std::string(names[each.member_id])], says.told.revoke);
    share.add(says.told.start);
    told.push_back(names.intern(to_name(to_text(says))));
  }
  env.emit(ConnectShared{worker.node, generation, static_cast<std::int32_t>(decision.lost.size()), decision.delay});
  AsClient as(env, kConnectMember);
  assign_opaque(env, worker.member, told);
}

// C3: what nobody has any more and is configured no more has no state either. Who had it may be dead, so the leader says so.
void forget_deleted(Env& env, ConnectWorker& worker) {
  connect::Units had;
  for (const auto& [name, share] : worker.shares) had.add(share);
  std::vector<std::pair<std::string, std::optional<std::int32_t>>> gone;
  for (const auto& [name, status] : worker.statuses.connectors) {
    const auto known = worker.configured.connectors.find(name);
    const bool is_known = known != worker.configured.connectors.end();
    if (status.connector && !is_known && !had.connectors.count(name)) gone.emplace_back(name, std::nullopt);
    for (const auto& [number, task] : status.tasks)
      if ((!is_known || static_cast<std::size_t>(number) >= known->second.tasks.size()) && !had.tasks.count({name, number}))
        gone.emplace_back(name, number);
  }
  for (const auto& [name, task] : gone) tell_state(env, worker, name, task, UnitState::destroyed);
}

// What is revoked ends first; then the worker joins again, and it is given to others.
void follow_leader(Env& env, ConnectWorker& worker) {
  const LeaderSays says = leader_says(*worker.assigned);
  if (worker.configured.offset < says.offset) return;
  worker.assigned.reset();
  // Who joins again and says nothing new hears the same once more.
  if (worker.completed == says.generation) return;
  worker.completed = static_cast<std::int32_t>(says.generation);
  worker.leader = node_named(env, says.leader);
  worker.shown.waiting = says.lost;
  worker.delay_until = says.delay > 0 ? env.now() + says.delay : 0;
  {
    AsClient as(env, 0);
    env.disarm(worker.delay);
    if (says.delay > 0) worker.delay = env.arm(worker.node, kConnectDelay, says.delay);
  }
  if (worker.leader == worker.node) forget_deleted(env, worker);
  for (const std::string& name : says.told.revoke.connectors) {
    worker.instances.erase(name);
    const bool gone = worker.configured.connectors.count(name) == 0;
    tell_state(env, worker, name, std::nullopt, gone ? UnitState::destroyed : UnitState::unassigned);
  }
  for (const connect::TaskId& id : says.told.revoke.tasks)
    if (ConnectTask* task = running_task(worker, id)) stop_task(env, worker, *task);
  std::erase_if(worker.to_start, [&](const connect::TaskId& each) { return says.told.revoke.tasks.count(each) > 0; });
  worker.has.remove(says.told.revoke);
  worker.has.add(says.told.start);
  for (const std::string& name : says.told.start.connectors) start_instance(env, worker, name);
  for (const connect::TaskId& id : says.told.start.tasks) worker.to_start.push_back(id);
  say_what_it_has(env, worker);
  worker.revoking = !says.told.revoke.empty();
  // The config topic has gone on since the leader decided: a wish to join again from within a round is not heard.
  if (!worker.revoking && worker.configured.offset > says.offset) want_to_join(env, worker);
}

void stop_all(Env& env, ConnectWorker& worker) {
  for (ConnectTask& each : worker.tasks) stop_task(env, worker, each);
  for (const auto& [name, instance] : worker.instances) tell_state(env, worker, name, std::nullopt, UnitState::unassigned);
  worker.instances.clear();
  worker.to_start.clear();
  worker.has = {};
  say_what_it_has(env, worker);
}

// Who cannot reach the coordinator is no member for long: it runs nothing that others may be given.
void watch_coordinator(Env& env, ConnectWorker& worker) {
  if (worker.member.coordinator != kNoNode) worker.coordinator_gone = -1;
  else if (worker.coordinator_gone < 0) worker.coordinator_gone = env.now();
  else if (env.now() >= worker.coordinator_gone + kCoordinatorPatience && !worker.has.empty()) stop_all(env, worker);
}

// What the one before it has noted is there to be read.
bool start_waiting_tasks(Env& env, ConnectWorker& worker) {
  std::vector<connect::TaskId> due;
  for (const connect::TaskId& id : worker.to_start) {
    const bool stops = std::any_of(worker.tasks.begin(), worker.tasks.end(), [&](const ConnectTask& each) {
      return each.id == id && each.phase == ConnectPhase::stopping;
    });
    if (!stops) due.push_back(id);
  }
  for (const connect::TaskId& id : due) {
    std::erase(worker.to_start, id);
    start_task(env, worker, id);
  }
  return !due.empty();
}

bool nothing_stops(const ConnectWorker& worker) {
  return std::none_of(worker.tasks.begin(), worker.tasks.end(),
                      [](const ConnectTask& each) { return each.phase == ConnectPhase::stopping; });
}

}  // namespace

ConnectTask* running_task(ConnectWorker& worker, const connect::TaskId& id) {
  for (ConnectTask& each : worker.tasks)
    if (each.id == id && each.phase != ConnectPhase::stopping && each.phase != ConnectPhase::gone) return &each;
  return nullptr;
}

void restart(Env& env, ConnectWorker& worker, const connect::TaskId& id) {
  ConnectTask* old = running_task(worker, id);
  if (!old) return;
  tell_state(env, worker, id.connector, id.number, UnitState::restarting);
  stop_task(env, worker, *old);
  worker.to_start.push_back(id);
}

NodeId node_named(const Env& env, std::string_view name) {
  for (std::size_t i = 0; i < env.fabric.nodes.size(); ++i)
    if (env.fabric.nodes[i].name == name) return static_cast<NodeId>(i);
  return kNoNode;
}

void begin_membership(Env& env, ConnectWorker& worker) {
  ConsumerConfig config;
  config.session_timeout = worker.config.session_timeout;
  config.heartbeat_interval = worker.config.heartbeat_interval;
  config.max_poll_interval = worker.config.rebalance_timeout;
  config.assignors = AssignorName::range;
  const GroupId group = env.fabric.names.intern(worker.config.group);
  worker.member = hosted_member(worker.node, group, ProtocolType::connect, config, worker.bootstrap);
  say_what_it_has(env, worker);
  AsClient as(env, kConnectMember);
  start(env, worker.member);
}

bool read_config(Env& env, ConnectWorker& worker) {
  if (!worker.config_reader.running) return false;
  const std::vector<HostedRecord> records = take_records(worker.config_reader);
  take_news(worker.config_reader);
  if (records.empty()) return false;
  const connect::ConfigState before = worker.configured;
  std::vector<std::pair<std::string, std::string>> restarts;
  for (const HostedRecord& each : records) {
    const connect::RawRecord raw = raw_record(env.fabric.names, each);
    const std::string key = raw.key.value_or("");
    std::string problem;
    if (key.rfind(kRestartKey, 0) == 0) restarts.emplace_back(key.substr(kRestartKey.size()), raw.value.value_or(""));
    else worker.configured.read(each.offset, {key, raw.value}, problem);
    worker.configured.offset = each.offset;
  }
  {
    AsClient as(env, kConfigReader);
    poll_again(env, worker.config_reader);
  }
  if (!worker.member.running) return true;
  follow_changes(env, worker, before);
  for (const auto& [name, how] : restarts) restart_connector(env, worker, name, how);
  say_what_it_has(env, worker);
  if (worker.configured.units() != before.units()) want_to_join(env, worker);
  return true;
}

bool go_on_with_group(Env& env, ConnectWorker& worker) {
  if (!worker.member.running) return false;
  watch_coordinator(env, worker);
  const bool eager = worker.config.protocol == ConnectProtocol::eager;
  if (eager && worker.member.state == MemberState::joining && !worker.has.empty()) stop_all(env, worker);
  const std::vector<HostNews> news = take_news(worker.member);
  for (const HostNews& each : news) {
    if (each.what == ClientNews::assign) worker.must_assign = true;
    if (each.what == ClientNews::assigned && worker.member.host.opaque >= 0)
      worker.assigned = from_name(env.fabric.names[worker.member.host.opaque]);
  }
  if (worker.must_assign && worker.member.members.empty()) worker.must_assign = false;
  if (worker.must_assign) divide(env, worker);
  if (worker.assigned && !worker.stopping) follow_leader(env, worker);
  const bool started = !worker.stopping && start_waiting_tasks(env, worker);
  if (worker.revoking && nothing_stops(worker)) {
    worker.revoking = false;
    want_to_join(env, worker);
  }
  return !news.empty() || started;
}

void on_tables(Env& env, ConnectWorker& worker, std::int32_t number, const SelectResponse* rows) {
  const std::string name = from_name(env.fabric.names[number]);
  const auto instance = worker.instances.find(name);
  if (instance == worker.instances.end()) return;
  instance->second.asks = false;
  if (rows) take_task_configs(worker, name, &rows->contents.is->database);
  else set_instance(env, worker, name, UnitState::failed, "the store does not answer");
}

}  // namespace nutshell
