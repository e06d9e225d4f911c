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
    nodes_[each.node];
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
  return tp.topic >= 0 && !is_internal_topic(world_.fabric.names[tp.topic]);
}

RoleReader::Now& RoleReader::node(NodeId node) {
  touched_.insert(node);
  return nodes_[node];
}

RoleReader::Now& RoleReader::broker(BrokerId id) {
  const Broker* found = world_.find_broker(id);
  return node(found ? found->node : kNoNode);
}

void RoleReader::take(const StateChange& change) {
  const Subject& of = change.subject;
  switch (of.kind) {
    case StateKind::life: node(of.a).life = static_cast<Life>(change.value); break;
    case StateKind::pause: node(of.a).paused = change.is(true); break;
    case StateKind::fencing: broker(of.a).fenced = change.is(true); break;
    case StateKind::vote:
      node(of.a).vote = static_cast<QuorumPart>(change.value);
      node(of.a).epoch = change.number;
      break;
    case StateKind::member: node(of.a).member = static_cast<Membership>(change.value); break;
    case StateKind::owner:
      if (change.is(true)) node(of.c).owned.insert(of.tp());
      else node(of.c).owned.erase(of.tp());
      break;
    case StateKind::role: take_role(change); break;
    case StateKind::in_sync:
      if (!is_shown(of.tp())) break;
      if (change.is(true)) broker(of.c).out.erase(of.tp());
      else broker(of.c).out.insert(of.tp());
      break;
    default: break;  // of partitions and groups, which have no track
  }
}

void RoleReader::take_role(const StateChange& change) {
  const TopicPartition tp = change.subject.tp();
  if (!is_shown(tp)) return;
  Now& now = broker(change.subject.c);
  now.leads.erase(tp);
  now.follows.erase(tp);
  if (change.is(ReplicaPart::leads)) now.leads[tp] = change.number;
  if (change.is(ReplicaPart::follows)) now.follows[tp] = change.number;
}

void RoleReader::settle(Time at) {
  for (Track& track : tracks_.tracks) {
    if (touched_.count(track.node) == 0) continue;
    RoleSpan span = span_of(track, nodes_[track.node]);
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

RoleSpan RoleReader::span_of(const Track& track, const Now& now) const {
  if (!now.life) return {0, 0, Role::idle, ""};
  if (now.life == Life::stopped || now.life == Life::crashed) return {0, 0, Role::down, now.life == Life::stopped ? "stopped" : "crashed"};
  if (now.paused) return {0, 0, Role::paused, "paused"};
  switch (track.kind) {
    case NodeKind::broker: return broker_span(now);
    case NodeKind::controller:
      if (now.vote == QuorumPart::leads) return {0, 0, Role::leads, "active, epoch " + std::to_string(now.epoch)};
      if (now.vote == QuorumPart::candidate) return {0, 0, Role::candidate, "candidate, epoch " + std::to_string(now.epoch)};
      return {0, 0, Role::calm, "voter"};
    case NodeKind::consumer:
      if (!now.owned.empty()) return {0, 0, Role::reads, list("reads ", now.owned)};
      return {0, 0, Role::idle, now.member == Membership::idle ? "idle" : now.member == Membership::rejoins ? "rejoins" : "joins"};
    default: return {0, 0, Role::calm, ""};
  }
}

RoleSpan RoleReader::broker_span(const Now& now) const {
  const bool one = topics_ == 1 && partitions_ == 1;
  const auto epoch = [&](const std::map<TopicPartition, Epoch>& of) {
    return one && !of.empty() ? " e" + std::to_string(of.begin()->second) : "";
  };
  if (now.life == Life::starting) return {0, 0, Role::idle, "starts"};
  std::string leads = one ? "leader" + epoch(now.leads) : list("leads ", keys(now.leads));
  if (now.fenced) return {0, 0, Role::fenced, now.leads.empty() ? "fenced" : "fenced, takes itself for " + (one ? leads : "a leader")};
  std::string out = one ? "out of ISR" : list("", now.out) + " out of ISR";
  if (!now.leads.empty()) return {0, 0, Role::leads, now.out.empty() ? leads : leads + "; " + out};
  if (!now.out.empty()) return {0, 0, Role::out_of_isr, out};
  if (now.follows.empty()) return {0, 0, Role::calm, "up"};
  return {0, 0, Role::calm, one ? "follower" + epoch(now.follows) : list("follows ", keys(now.follows))};
}

std::string RoleReader::list(const std::string& verb, const std::set<TopicPartition>& all) const {
  if (all.size() > 4) return verb + std::to_string(all.size()) + " partitions";
  std::string text;
  for (TopicPartition tp : all) text += (text.empty() ? verb : ", ") + partition(tp);
  return text;
}

}  // namespace nutshell
