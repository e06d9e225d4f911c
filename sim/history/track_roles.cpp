#include "sim/history/track_roles.h"

namespace nutshell {

namespace {

std::set<TopicPartition> keys(const std::map<TopicPartition, Epoch>& epochs) {
  std::set<TopicPartition> all;
  for (const auto& [tp, epoch] : epochs) all.insert(tp);
  return all;
}

}  // namespace

RoleReader::RoleReader(const World& world, Tracks& tracks) : world_(world), tracks_(tracks) {
  for (Track& each : tracks_.tracks) {
    each.spans.push_back({0, 0, Role::idle, ""});
    states_[each.node];
  }
  // The topics of the end, so that a partition keeps its name throughout.
  std::set<std::int32_t> topics;
  for (const Broker& each : world.brokers) {
    for (const auto& replica : each.replicas) {
      if (!is_shown(replica.tp)) continue;
      topics.insert(replica.tp.topic);
      only_topic_ = world.fabric.names[replica.tp.topic];
      partitions_ = std::max(partitions_, replica.tp.partition + 1);
    }
  }
  topics_ = static_cast<std::int32_t>(topics.size());
}

void RoleReader::take(const Fact& fact) {
  std::visit([this](const auto& body) { note(body); }, fact.body);
  settle(fact.at);
}

void RoleReader::finish(Time until) {
  for (Track& each : tracks_.tracks) each.spans.back().to = until;
}

std::string RoleReader::partition(TopicPartition tp) const {
  const std::string number = "p" + std::to_string(tp.partition);
  if (topics_ < 2) return number;
  const std::string topic(world_.fabric.names[tp.topic]);
  return partitions_ < 2 ? topic : topic + " " + number;
}

std::string RoleReader::only_partition() const { return topics_ == 1 && partitions_ == 1 ? only_topic_ + "-0" : ""; }

bool RoleReader::is_shown(TopicPartition tp) const {
  return tp.topic >= 0 && world_.fabric.names[tp.topic] != kOffsetsTopic;
}

RoleReader::State& RoleReader::state(NodeId node) {
  touched_.insert(node);
  return states_[node];
}

RoleReader::State& RoleReader::broker(BrokerId id) {
  const Broker* found = world_.find_broker(id);
  return state(found ? found->node : kNoNode);
}

void RoleReader::note(const NodeStarted& f) {
  State& node = state(f.node);
  const bool fenced = node.fenced;
  const std::set<TopicPartition> out = node.out;
  node = State{};
  node.begun = true;
  node.fenced = fenced;
  node.out = out;
  const Track* track = tracks_.of(f.node);
  node.life = track && track->kind == NodeKind::broker ? Life::starting : Life::up;
}

void RoleReader::end(NodeId node, bool stopped) {
  State& ended = state(node);
  ended.life = Life::down;
  ended.paused = false;
  ended.stopped = stopped;
  ended.begun = true;
  ended.owned.clear();
  ended.active = ended.candidate = false;
}

void RoleReader::note(const BrokerFenced& f) { broker(f.broker).fenced = true; }
void RoleReader::note(const BrokerUnfenced& f) {
  State& node = broker(f.broker);
  node.fenced = false;
  if (node.life == Life::starting) node.life = Life::up;
}
void RoleReader::note(const LeaderTookOffice& f) {
  if (!is_shown(f.tp)) return;
  State& node = broker(f.broker);
  node.leads[f.tp] = f.leader_epoch;
  node.follows.erase(f.tp);
}
void RoleReader::note(const FollowerStarted& f) {
  if (!is_shown(f.tp)) return;
  State& node = broker(f.broker);
  node.follows[f.tp] = f.leader_epoch;
  node.leads.erase(f.tp);
}
void RoleReader::note(const IsrShrunk& f) {
  if (is_shown(f.tp)) broker(f.broker).out.insert(f.tp);
}
void RoleReader::note(const IsrExpanded& f) {
  if (is_shown(f.tp)) broker(f.broker).out.erase(f.tp);
}
void RoleReader::note(const ElectionStarted& f) {
  State& node = state(f.node);
  node.candidate = true;
  node.active = false;
  node.epoch = f.epoch;
}
void RoleReader::note(const ControllerElected& f) {
  for (const Track& each : tracks_.tracks) {
    if (each.kind == NodeKind::controller) state(each.node).candidate = false;
  }
  State& node = state(f.node);
  node.active = true;
  node.epoch = f.epoch;
}
void RoleReader::note(const ControllerActivated& f) { state(f.node).active = true; }
void RoleReader::note(const ControllerResigned& f) { state(f.node).active = state(f.node).candidate = false; }
void RoleReader::note(const RebalanceStarted& f) {
  for (const Track& each : tracks_.tracks) {
    if (each.kind == NodeKind::consumer && each.group == f.group) state(each.node).rejoining = true;
  }
}
void RoleReader::note(const PartitionAssigned& f) {
  State& node = state(f.consumer);
  node.owned.insert(f.tp);
  node.idle = node.rejoining = false;
}
void RoleReader::note(const PartitionRevoked& f) { state(f.consumer).owned.erase(f.tp); }
void RoleReader::note(const MemberIdle& f) {
  State& node = state(f.consumer);
  node.idle = true;
  node.rejoining = false;
}

void RoleReader::settle(Time at) {
  for (Track& track : tracks_.tracks) {
    if (touched_.count(track.node) == 0) continue;
    RoleSpan span = span_of(track, states_[track.node]);
    RoleSpan& last = track.spans.back();
    if (last.role == span.role && last.text == span.text) continue;
    last.to = at;
    if (last.from == at) track.spans.pop_back();
    span.from = span.to = at;
    // What was for no time at all is as if it had not been.
    const bool again = !track.spans.empty() && track.spans.back().role == span.role && track.spans.back().text == span.text;
    if (!again) track.spans.push_back(std::move(span));
  }
  touched_.clear();
}

RoleSpan RoleReader::span_of(const Track& track, const State& state) const {
  if (!state.begun) return {0, 0, Role::idle, ""};
  if (state.life == Life::down) return {0, 0, Role::down, state.stopped ? "stopped" : "crashed"};
  if (state.paused) return {0, 0, Role::paused, "paused"};
  switch (track.kind) {
    case NodeKind::broker: return broker_span(state);
    case NodeKind::controller:
      if (state.active) return {0, 0, Role::leads, "active, epoch " + std::to_string(state.epoch)};
      if (state.candidate) return {0, 0, Role::candidate, "candidate, epoch " + std::to_string(state.epoch)};
      return {0, 0, Role::calm, "voter"};
    case NodeKind::consumer:
      if (!state.owned.empty()) return {0, 0, Role::reads, list("reads ", state.owned)};
      return {0, 0, Role::idle, state.idle ? "idle" : state.rejoining ? "rejoins" : "joins"};
    default: return {0, 0, Role::calm, ""};
  }
}

RoleSpan RoleReader::broker_span(const State& state) const {
  const bool one = topics_ == 1 && partitions_ == 1;
  const auto epoch = [&](const std::map<TopicPartition, Epoch>& of) {
    return one && !of.empty() ? " e" + std::to_string(of.begin()->second) : "";
  };
  if (state.life == Life::starting) return {0, 0, Role::idle, "starts"};
  std::string leads = one ? "leader" + epoch(state.leads) : list("leads ", keys(state.leads));
  if (state.fenced) return {0, 0, Role::fenced, state.leads.empty() ? "fenced" : "fenced, takes itself for " + (one ? leads : "a leader")};
  std::string out = one ? "out of ISR" : list("", state.out) + " out of ISR";
  if (!state.leads.empty()) return {0, 0, Role::leads, state.out.empty() ? leads : leads + "; " + out};
  if (!state.out.empty()) return {0, 0, Role::out_of_isr, out};
  if (state.follows.empty()) return {0, 0, Role::calm, "up"};
  return {0, 0, Role::calm, one ? "follower" + epoch(state.follows) : list("follows ", keys(state.follows))};
}

std::string RoleReader::list(const std::string& verb, const std::set<TopicPartition>& all) const {
  if (all.size() > 4) return verb + std::to_string(all.size()) + " partitions";
  std::string text;
  for (TopicPartition tp : all) text += (text.empty() ? verb : ", ") + partition(tp);
  return text;
}

}  // namespace nutshell
