#include "sim/rabbit/cluster.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell::rabbit {

using queues::Fault;

std::string cannot_run(const queues::Workload& workload, const queues::Row& row) {
  const queues::Rules rules = queues::rules_of(row);
  if (row.product != queues::ProductId::rabbit_quorum && row.product != queues::ProductId::rabbit_classic)
    return "only quorum and classic queues of RabbitMQ are run by nodes of their own";
  if (workload.messages.size() > 5000) return "more than 5000 messages are too many for nodes of their own";
  if (!row.arguments.empty()) return "its nodes give all queues the same arguments, and dead letters one place";
  if (rules.max_length_bytes >= 0) return "its nodes count messages, not bytes";
  if (rules.unused != kNever || rules.rejected_is_dead || !rules.confirms)
    return "its nodes know neither x-expires, nor reject-publish-dlx, nor publishers without confirms";
  for (const Fault& each : workload.faults)
    if (each.kind > Fault::Kind::shrink) return "what befalls topics and subscriptions befalls no node";
  for (const queues::Ask& each : workload.asks)
    if (each.kind != queues::Ask::Kind::since) return "what befalls topics and subscriptions befalls no node";
  if (rules.slots * workload.services.size() > 200) return "more than 200 queues are too many for nodes of their own";
  return "";
}

Cluster::Cluster(const queues::Workload& workload, std::size_t row)
    : ledger_(workload.messages.size(), workload.services.size()) {
  commons_.workload = workload;
  commons_.row = workload.rows[row];
  commons_.rules = queues::rules_of(commons_.row);
  commons_.nodes = std::max(1, commons_.rules.node_count);
  std::map<std::string, std::int32_t> known;
  for (const queues::Message& each : workload.messages) {
    const auto next = static_cast<std::int32_t>(known.size());
    keys_.push_back(each.key.empty() ? -1 : known.emplace(each.key, next).first->second);
  }
  for (const queues::Service& each : workload.services) {
    commons_.exists.push_back(each.added_at == 0);
    commons_.attempts.emplace_back(workload.messages.size(), 0);
    copies_.emplace_back(workload.messages.size(), 0);
    std::vector<bool>& wanted = wants_.emplace_back();
    for (const queues::Message& message : workload.messages) wanted.push_back(queues::matches(each.filter, message));
  }
  set_up();
}

// A node that nothing befalls, to which clients are connected that the workload connects to none.
std::int32_t Cluster::safe_node() const {
  std::vector<bool> safe(static_cast<std::size_t>(commons_.nodes), true);
  for (const Fault& each : commons_.workload.faults) {
    if (each.kind != Fault::Kind::kill && each.kind != Fault::Kind::cut) continue;
    Fault known = each;
    if (each.zone < 0) known.node = std::max(each.node, 0);
    for (const std::int32_t node : queues::nodes_named(known, commons_.nodes, commons_.workload.zones))
      safe[static_cast<std::size_t>(node)] = false;
    if (each.other >= 0 && each.other < commons_.nodes) safe[static_cast<std::size_t>(each.other)] = false;
  }
  for (std::int32_t node = commons_.nodes; node-- > 0;)
    if (safe[static_cast<std::size_t>(node)]) return node;
  return commons_.nodes - 1;
}

void Cluster::set_up() {
  fabric_.seed = commons_.workload.seed;
  fabric_.network.standard.latency = 0;
  fabric_.network.standard.jitter = 0;
  nodes_.resize(static_cast<std::size_t>(commons_.nodes));
  stopped_.assign(static_cast<std::size_t>(commons_.nodes), false);
  for (std::int32_t i = 0; i < commons_.nodes; ++i) add_node(fabric_, "rabbit@node-" + std::to_string(i), kNodeKind, i, i);
  for (std::int32_t box = 0; box < commons_.rules.slots; ++box) add_queues(box);
  set_up_clients();
  for (std::int32_t from = 0; from < commons_.nodes; ++from) {
    for (std::int32_t to = 0; to < commons_.nodes && commons_.rules.replication > 0; ++to)
      if (from != to) fabric_.network.at(from, to).model.latency = commons_.rules.replication;
    const auto publisher = static_cast<std::int32_t>(fabric_.nodes.size()) - 1;
    if (commons_.rules.confirmation > 0) fabric_.network.at(from, publisher).model.latency = commons_.rules.confirmation;
  }
  std::vector<Fact> facts;
  Env env(fabric_, commons_, facts);
  for (std::size_t i = 0; i < fabric_.nodes.size(); ++i) {
    fabric_.nodes[i].connect.backoff = kMillisecond;
    start_process(env, static_cast<std::int32_t>(i));
  }
  for (std::size_t i = 0; i < fabric_.nodes.size(); ++i) {
    const Node& node = fabric_.nodes[i];
    const auto id = static_cast<std::int32_t>(i);
    if (node.kind == kNodeKind) start_node(env, nodes_[i], id, false);
    else if (node.kind == kConsumerKind) start_consumer(env, consumers_[static_cast<std::size_t>(node.index)], id);
    else start_publisher(env, publisher_, id);
  }
  for (std::size_t i = 0; i < commons_.workload.faults.size(); ++i) {
    const Fault& each = commons_.workload.faults[i];
    const bool timed = each.kind != Fault::Kind::lose_answer && each.before < 0;
    if (timed) deeds_.push_back({each.at, Deed::Kind::fault, static_cast<std::int32_t>(i)});
  }
  for (std::size_t i = 0; i < commons_.workload.services.size(); ++i)
    if (!commons_.exists[i]) deeds_.push_back({commons_.workload.services[i].added_at, Deed::Kind::added, static_cast<std::int32_t>(i)});
  std::stable_sort(deeds_.begin(), deeds_.end(), [](const Deed& a, const Deed& b) { return a.at < b.at; });
  finish_step(env, facts);
}

// Consumers before the publisher: of what happens at one time, theirs comes first.
void Cluster::set_up_clients() {
  const std::int32_t safe = safe_node();
  for (std::size_t s = 0; s < commons_.workload.services.size(); ++s) {
    const std::vector<queues::Consumer>& all = commons_.workload.services[s].consumers;
    const std::size_t most = commons_.row.consumers < 0 ? all.size() : static_cast<std::size_t>(commons_.row.consumers);
    for (std::size_t i = 0; i < std::min(most, all.size()); ++i) {
      ConsumerApp app;
      app.service = static_cast<std::int32_t>(s);
      app.index = static_cast<std::int32_t>(i);
      app.spec = all[i];
      if (commons_.row.every) app.spec.every = *commons_.row.every;
      if (commons_.row.window) app.spec.window = *commons_.row.window;
      app.link.at = all[i].node >= 0 && all[i].node < commons_.nodes ? all[i].node : safe;
      const auto number = static_cast<std::int32_t>(consumers_.size());
      add_node(fabric_, commons_.workload.services[s].name + "/" + all[i].name + "/" + std::to_string(i), kConsumerKind, number);
      consumers_.push_back(app);
      crashed_at_.push_back(-1);
    }
  }
  publisher_.link.sessions = 1;
  const std::int32_t wanted = commons_.row.publisher_node;
  publisher_.link.at = wanted >= 0 && wanted < commons_.nodes ? wanted : safe;
  add_node(fabric_, "publisher", kPublisherKind, 0);
}

void Cluster::add_queues(std::int32_t box) {
  for (std::size_t s = 0; s < commons_.workload.services.size(); ++s) {
    commons_.queues.push_back({static_cast<std::int32_t>(s), box});
    truths_.emplace_back();
    for (RabbitNode& each : nodes_) each.replicas.emplace_back();
  }
}

bool Cluster::is_up(std::int32_t number) const {
  return fabric_.nodes[static_cast<std::size_t>(number)].status == NodeStatus::running;
}

std::int32_t Cluster::leader_of(std::int32_t queue) const {
  std::int32_t best = -1, term = 0;
  for (std::int32_t i = 0; i < commons_.nodes; ++i) {
    const Replica& it = node(i).replicas[static_cast<std::size_t>(queue)];
    if (!is_up(i) || it.role != Role::leader || it.term <= term) continue;
    best = i;
    term = it.term;
  }
  return best;
}

void Cluster::run() {
  while (step()) {}
}

Time Cluster::next_time() {
  const Time next = fabric_.queue.empty() ? kNever : fabric_.queue.next_time();
  return done_ < deeds_.size() ? std::min(next, deeds_[done_].at) : next;
}

bool Cluster::step_instant() {
  if (!step()) return false;
  while (!finished_ && next_time() / kMicrosecond == fabric_.now / kMicrosecond) step();
  return true;
}

bool Cluster::step() {
  if (finished_) return false;
  const Time until = commons_.workload.until + kMicrosecond - 1;  // with all that happens at its end
  const Time next = fabric_.queue.empty() ? kNever : fabric_.queue.next_time();
  const Time deed = done_ < deeds_.size() ? deeds_[done_].at : kNever;
  if (std::min(next, deed) > until || steps_++ == queues::kMaxSteps * 10) {
    finished_ = true;
    finish();
    return false;
  }
  fabric_.step += 1;
  std::vector<Fact> facts;
  Env env(fabric_, commons_, facts);
  if (deed <= next) {
    fabric_.now = std::max(fabric_.now, deed);
    do_deed(env, deeds_[done_++]);
  } else {
    Arrival arrival = take_event(env);
    dispatch(env, arrival);
  }
  finish_step(env, facts);
  return true;
}

void Cluster::act(const Fault& fault) {
  std::vector<Fact> facts;
  Env env(fabric_, commons_, facts);
  do_fault(env, fault);
  finish_step(env, facts);
}

void Cluster::dispatch(Env& env, Arrival& arrival) {
  const NodeId self = arrival.node;
  const Node& node = env.self(self);
  const auto index = static_cast<std::size_t>(node.index);
  switch (arrival.kind) {
    case Arrival::Kind::nothing:
    case Arrival::Kind::control: return;
    case Arrival::Kind::response:
      arrival.response.body = &arrival.body;
      return respond(env, self, arrival.response);
    case Arrival::Kind::request:
      if (node.kind == kNodeKind) return on_node_request(env, nodes_[index], self, arrival.request, arrival.body);
      if (node.kind == kConsumerKind) return on_consumer_request(env, consumers_[index], self, arrival.request, arrival.body);
      return on_publisher_request(env, publisher_, self, arrival.request, arrival.body);
    case Arrival::Kind::timer:
      if (node.kind == kNodeKind) return on_node_timer(env, nodes_[index], self, arrival.event);
      if (node.kind == kConsumerKind) return on_consumer_timer(env, consumers_[index], self, arrival.event);
      for (const Fault& each : commons_.workload.faults)
        if (arrival.event.timer == kPublish && each.before == arrival.event.a && each.kind != Fault::Kind::lose_answer) do_fault(env, each);
      return on_publisher_timer(env, publisher_, self, arrival.event);
  }
}

void Cluster::respond(Env& env, NodeId to, const Response& response) {
  const Node& node = env.self(to);
  const auto index = static_cast<std::size_t>(node.index);
  if (node.status != NodeStatus::running) return;
  if (node.kind == kNodeKind) on_node_response(env, nodes_[index], to, response);
  else if (node.kind == kConsumerKind) on_consumer_response(env, consumers_[index], to, response);
  else on_publisher_response(env, publisher_, to, response);
}

void Cluster::finish_step(Env& env, std::vector<Fact>& facts) {
  for (std::size_t i = 0; i < env.failures.size(); ++i) {
    const FabricEnv::Failure failure = env.failures[i];
    respond(env, failure.node, failure.response);
  }
  env.failures.clear();
  for (const Fact& each : facts) observe(each);
  const bool anything = !facts.empty() || !env.exited.empty();
  for (const NodeId node : env.exited) {
    const Node& gone = env.self(node);
    if (gone.kind == kNodeKind) forget_node(nodes_[static_cast<std::size_t>(gone.index)], commons_.is_quorum());
    if (gone.kind == kConsumerKind) consumer_ends(static_cast<std::size_t>(gone.index));
  }
  env.exited.clear();
  if (anything) check();
  if (!splits_.empty()) settle_split(env, facts);
}

void Cluster::do_deed(Env& env, const Deed& deed) {
  if (deed.kind == Deed::Kind::added) commons_.exists[static_cast<std::size_t>(deed.number)] = true;
  else if (deed.kind == Deed::Kind::look) look_for_others(env, deed.number);
  else do_fault(env, commons_.workload.faults[static_cast<std::size_t>(deed.number)]);
}

void Cluster::do_fault(Env& env, const Fault& fault) {
  if (fault.kind == Fault::Kind::grow) return grow(env);
  Fault known = fault;
  if (fault.node < 0 && fault.zone < 0) {  // whichever leads the queue of the message
    const std::string key = fault.before < 0 ? "" : commons_.message(fault.before).key;
    const std::int32_t box = fault.before < 0 ? 0 : queues::slot_of(commons_.rules, key, commons_.boxes());
    known.node = commons_.is_quorum() ? std::max(0, leader_of(box * static_cast<std::int32_t>(commons_.workload.services.size()))) : 0;
  }
  const std::vector<std::int32_t> nodes = queues::nodes_named(known, commons_.nodes, commons_.workload.zones);
  if (nodes.empty() || fault.other >= commons_.nodes) {
    const char* why = fault.zone >= 0 ? "no node stands in that zone" : "there is no such node";
    return tell(queues::FactKind::fault_impossible, -1, -1, -1, 0, why);
  }
  switch (fault.kind) {
    case Fault::Kind::kill:
      for (const std::int32_t node : nodes) kill(env, node);
      return;
    case Fault::Kind::restart:
      for (const std::int32_t node : nodes) restart(env, node);
      return;
    case Fault::Kind::cut:
    case Fault::Kind::heal: return cut(env, fault, nodes);
    default: return;  // befalls no node
  }
}

void Cluster::restart(Env& env, std::int32_t node) {
  if (is_up(node)) return;
  stopped_[static_cast<std::size_t>(node)] = false;
  start_process(env, node);
  tell(queues::FactKind::node_back, -1, -1, -1, node);
  start_node(env, nodes_[static_cast<std::size_t>(node)], node, true);
}

// Who is connected to it by the workload's word goes with it.
void Cluster::kill(Env& env, std::int32_t node) {
  const bool stopped = stopped_[static_cast<std::size_t>(node)];
  stopped_[static_cast<std::size_t>(node)] = false;
  if (!is_up(node) && !stopped) return;
  tell(queues::FactKind::node_lost, -1, -1, -1, node);
  for (const Node& each : fabric_.nodes) {
    if (each.kind != kConsumerKind || consumers_[static_cast<std::size_t>(each.index)].spec.node != node) continue;
    const ConsumerApp& it = consumers_[static_cast<std::size_t>(each.index)];
    if (!it.present || each.status != NodeStatus::running) continue;
    const auto id = static_cast<std::int32_t>(&each - fabric_.nodes.data());
    env.self(id).powered_off = true;
    kill_process(env, id);
  }
  if (is_up(node)) kill_process(env, node);
}

// Between the nodes and all others; or only one link.
void Cluster::cut(Env& env, const Fault& fault, const std::vector<std::int32_t>& nodes) {
  const bool heal = fault.kind == Fault::Kind::heal;
  if (!heal && fault.other >= 0) tell(queues::FactKind::link_cut, -1, -1, -1, fault.node, std::to_string(fault.other));
  for (const std::int32_t node : nodes) {
    if (!heal && fault.other < 0) tell(queues::FactKind::node_cut, -1, -1, -1, node);
    for (std::int32_t other = 0; other < commons_.nodes; ++other) {
      const bool together = std::find(nodes.begin(), nodes.end(), other) != nodes.end();
      if (together || (fault.other >= 0 && other != fault.other)) continue;
      for (const auto& [from, to] : {std::pair(node, other), std::pair(other, node)}) {
        if (heal) heal_link(env, from, to);
        else cut_link(env, from, to);
      }
    }
  }
}

void Cluster::grow(Env& env) {
  if (commons_.rules.slots == 1) return;  // there is nothing that one could have more of
  const std::int32_t box = commons_.boxes();
  const auto first = static_cast<std::int32_t>(commons_.queues.size());
  add_queues(box);
  for (std::int32_t i = 0; i < commons_.nodes; ++i) {
    for (std::int32_t queue = first; queue < static_cast<std::int32_t>(commons_.queues.size()); ++queue) {
      Replica& it = nodes_[static_cast<std::size_t>(i)].replicas[static_cast<std::size_t>(queue)];
      it.next.assign(nodes_.size(), 1);
      it.match.assign(nodes_.size(), 0);
      it.leader = kHome;
      it.role = i == kHome ? Role::leader : Role::follower;
      if (i != kHome && is_up(i) && !is_up(kHome)) start_election({env, nodes_[static_cast<std::size_t>(i)], i}, queue, true);
    }
  }
  for (std::size_t i = 0; i < fabric_.nodes.size(); ++i) {
    const Node& node = fabric_.nodes[i];
    if (node.kind != kConsumerKind || node.status != NodeStatus::running) continue;
    ConsumerApp& it = consumers_[static_cast<std::size_t>(node.index)];
    if (it.present) consume(env, it, static_cast<std::int32_t>(i), box);
  }
}

void Cluster::consumer_ends(std::size_t consumer) {
  ConsumerApp& it = consumers_[consumer];
  if (it.present) {
    crashed_at_[consumer] = whole();
    tell(queues::FactKind::crashed, it.service, it.index, -1, 0, "its process is gone");
  }
  if (it.busy) ledger_.end(it.service, it.current.message, key_of(it.current.message));
  it.busy = it.present = false;
  const auto mine = [&](ChannelId channel) {
    const Node& node = fabric_.nodes[static_cast<std::size_t>(client_of(channel))];
    return static_cast<std::size_t>(node.index) == consumer;
  };
  std::vector<std::tuple<ChannelId, std::int32_t, std::int32_t>> gone;
  for (const auto& [place, message] : carried_)
    if (mine(std::get<0>(place))) gone.push_back(place);
  for (const auto& [channel, queue, tag] : gone) drop_carried(channel, queue, tag);
}

queues::Outcome Cluster::outcome() const {
  queues::Outcome all{commons_.row, {}, system_, {}, breaches_, digest_, {}};
  for (std::size_t i = 0; i < commons_.workload.services.size(); ++i) all.services.push_back(tally(i));
  return all;
}

}  // namespace nutshell::rabbit
