// Why an action would change nothing now.
#include <algorithm>

#include "sim/cluster/action_parts.h"
#include "sim/cluster/process_kind.h"
#include "sim/cluster/titles.h"
#include "sim/cluster/zones.h"
#include "sim/core/text.h"
#include "sim/workers/data_store.h"
#include "sim/workers/sql.h"
#include "sim/kafka/config_keys.h"

namespace nutshell {

namespace {

const Node& node_of(const World& world, const std::string& name) {
  return world.fabric.nodes[static_cast<std::size_t>(id_of(world, name))];
}

std::string is(const std::string& node, const std::string& what) { return node_at_start(node) + " is " + what + "."; }

// Why a process that ought to hear the action does not; empty: it runs.
std::string deaf(const World& world, const std::string& name) {
  switch (node_of(world, name).status) {
    case NodeStatus::down: return is(name, "down");
    case NodeStatus::paused: return is(name, "paused");
    case NodeStatus::running: break;
  }
  return "";
}

// processes

std::string check_now(const World& world, const Crash& action) {
  return node_of(world, action.node).status == NodeStatus::down ? is(action.node, "already down") : "";
}

std::string check_now(const World& world, const Start& action) {
  switch (node_of(world, action.node).status) {
    case NodeStatus::down: return "";
    case NodeStatus::paused: return is(action.node, "paused, not down");
    case NodeStatus::running: break;
  }
  return is(action.node, "already running");
}

std::string check_now(const World& world, const Stop& action) {
  const Node& node = node_of(world, action.node);
  if (node.status == NodeStatus::down) return is(action.node, "already down");
  if (node.status == NodeStatus::paused) return is(action.node, "paused and would not hear of it");
  if (node.kind == NodeKind::admin) return "The operator does not stop.";
  return kind_of(node).is_stopping(world, static_cast<std::size_t>(node.index)) ? is(action.node, "already stopping") : "";
}

std::string check_now(const World& world, const Pause& action) {
  switch (node_of(world, action.node).status) {
    case NodeStatus::down: return is(action.node, "down");
    case NodeStatus::paused: return is(action.node, "already paused");
    case NodeStatus::running: break;
  }
  return "";
}

std::string check_now(const World& world, const Resume& action) {
  return node_of(world, action.node).status == NodeStatus::paused ? "" : is(action.node, "not paused");
}

std::string check_now(const World& world, const Slow& action) {
  const Node& node = node_of(world, action.node);
  const bool same = node.service_time == action.per_message.ns && disk_rate(world, node) == action.disk_bytes_per_second;
  if (!same) return "";
  return is(action.node, is_slow(world, node) ? "already so slow" : "not slow");
}

std::string check_now(const World& world, const SetClock& action) {
  if (node_of(world, action.node).clock_offset != action.offset.ns) return "";
  return "The clock of " + action.node + (action.offset.ns == 0 ? " is right." : " is already off by that much.");
}

// network

std::string the_link(const std::string& from, const std::string& to) {
  if (from.empty() || to.empty()) return "Every link" + (from.empty() && to.empty() ? "" : " of " + from + to);
  return "The link";
}

std::string no_link(const std::string& from, const std::string& to, const std::string& how) {
  if (from.empty() || to.empty()) return "No link" + (from.empty() && to.empty() ? "" : " of " + from + to) + " is " + how + ".";
  return "The link is not " + how + ".";
}

// The fault of that name has befallen so many of these directions.
template <class Fault>
std::size_t befallen(const World& world, const std::vector<std::pair<NodeId, NodeId>>& pairs, Fault Link::*fault) {
  return static_cast<std::size_t>(std::count_if(pairs.begin(), pairs.end(), [&](const auto& pair) {
    const Link* link = world.fabric.network.find(pair.first, pair.second);
    return link && link->*fault;
  }));
}

template <class Faulty>
std::string check_fault(const World& world, const Faulty& action, bool Link::*fault, const std::string& how) {
  const auto pairs = link_pairs(world, action.from, action.to, !action.one_way);
  if (pairs.empty()) return "A node has no link to itself.";
  return befallen(world, pairs, fault) == pairs.size() ? the_link(action.from, action.to) + " is already " + how + "." : "";
}

template <class Mending>
std::string check_mending(const World& world, const Mending& action, bool Link::*fault, const std::string& how) {
  const auto pairs = link_pairs(world, action.from, action.to, true);
  return befallen(world, pairs, fault) == 0 ? no_link(action.from, action.to, how) : "";
}

std::string check_now(const World& world, const Cut& action) { return check_fault(world, action, &Link::cut, "cut"); }
std::string check_now(const World& world, const Heal& action) { return check_mending(world, action, &Link::cut, "cut"); }
std::string check_now(const World& world, const Jam& action) { return check_fault(world, action, &Link::jammed, "jammed"); }
std::string check_now(const World& world, const Release& action) {
  return check_mending(world, action, &Link::jammed, "jammed");
}

std::string check_now(const World& world, const SetLink& action) {
  const Network& network = world.fabric.network;
  const bool all = action.from.empty() && action.to.empty();
  const auto same = [&](const LinkModel& model) { return changed(model, action) == model; };
  bool nothing = !all || same(network.standard);
  for (const Link& each : network.links) nothing = nothing && (!all || same(each.model));
  if (!all)
    for (const auto& [from, to] : link_pairs(world, action.from, action.to, true)) {
      const Link* link = network.find(from, to);
      nothing = nothing && same(link ? link->model : network.standard);
    }
  return nothing ? the_link(action.from, action.to) + " already behaves so." : "";
}

// Whoever asks brokers, though it may serve others besides.
bool is_client(const Node& node) {
  const bool server = node.kind == NodeKind::broker || node.kind == NodeKind::controller || kind_of(node).name == DataStoreKind::name;
  return kind_of(node).told && !server;
}

std::string check_now(const World& world, const LoseResponses& action) {
  const NodeId client = id_of(world, action.client), server = id_of(world, action.server);
  const Node &asks = node_of(world, action.client), &answers = node_of(world, action.server);
  const bool of_store = kind_of(asks).name == ConnectWorkerKind::name && kind_of(answers).name == DataStoreKind::name;
  if (!of_store && (!is_client(asks) || answers.kind != NodeKind::broker))
    return "Only the answers of brokers to clients, and of data stores to Connect workers, can be lost like this.";
  for (const std::string& each : {action.client, action.server})
    if (node_of(world, each).status == NodeStatus::down) return is(each, "down");
  const ResponseFault wanted = action.close ? ResponseFault::lost_and_closed : ResponseFault::lost;
  for (const Connection& each : world.fabric.connections) {
    if (each.client != client || each.server != server || each.channel != Channel::data) continue;
    if (each.response_fault == wanted) return "These answers get lost already.";
  }
  return "";
}

std::string check_now(const World& world, const DropMessage& action) {
  if (oldest_message(world, action) >= 0) return "";
  return "No " + action.message + (action.from.empty() ? "" : " from " + action.from) + (action.to.empty() ? "" : " to " + action.to) +
         " is under way.";
}

bool is_dark(const World& world, const std::string& zone) {
  const std::vector<NodeId> nodes = nodes_in_zone(world, zone);
  return std::all_of(nodes.begin(), nodes.end(), [&](NodeId each) {
    return world.fabric.nodes[static_cast<std::size_t>(each)].status == NodeStatus::down;
  });
}

std::string check_now(const World& world, const LoseZone& action) {
  if (!action.cut_off) return is_dark(world, action.zone) ? "All of zone " + action.zone + " is down already." : "";
  const auto links = zone_links(world, action.zone, "");
  if (links.empty()) return "All machines stand in zone " + action.zone + ".";
  return befallen(world, links, &Link::cut) == links.size() ? "Zone " + action.zone + " is cut off already." : "";
}

std::string check_now(const World& world, const RestoreZone& action) {
  const std::vector<NodeId> nodes = nodes_in_zone(world, action.zone);
  const bool up = std::none_of(nodes.begin(), nodes.end(), [&](NodeId each) {
    return world.fabric.nodes[static_cast<std::size_t>(each)].status == NodeStatus::down;
  });
  const bool linked = befallen(world, zone_links(world, action.zone, ""), &Link::cut) == 0;
  return up && linked ? "Nothing is missing in zone " + action.zone + "." : "";
}

std::string check_now(const World& world, const SetZoneLatency& action) {
  const Zones& zones = world.fabric.network.zones;
  for (const auto& [from, to] : zone_pairs(world, action)) {
    const ZonePath* path = zones.find(from, to);
    if ((path ? path->latency : 0) != action.latency.ns) return "";
  }
  return "They take so long already.";
}

// clients and administration

std::string check_now(const World& world, const Send& action) {
  const std::string why = deaf(world, action.producer);
  if (!why.empty()) return why;
  const Node& node = node_of(world, action.producer);
  return world.producers[static_cast<std::size_t>(node.index)].closing ? is(action.producer, "about to stop") : "";
}

// A process that is down takes it too: its application begins with it.
std::string check_now(const World& world, const SetLoad& action) {
  const ProducerSpec& now = world.producers[static_cast<std::size_t>(node_of(world, action.producer).index)].spec;
  const bool as_often = action.every.ns < 0 || action.every.ns == now.interval;
  const bool as_large = action.record_bytes < 0 || action.record_bytes == now.record_bytes;
  return as_often && as_large ? is(action.producer, "doing so already") : "";
}

std::string check_now(const World& world, const Ksql& action) {
  const std::string why = deaf(world, action.server);
  if (!why.empty()) return why;
  const Node& node = node_of(world, action.server);
  return kind_of(node).is_stopping(world, static_cast<std::size_t>(node.index)) ? is(action.server, "about to stop") : "";
}

std::string check_now(const World& world, const Rest& action) {
  const std::string why = deaf(world, action.worker);
  if (!why.empty()) return why;
  const Node& node = node_of(world, action.worker);
  return kind_of(node).is_stopping(world, static_cast<std::size_t>(node.index)) ? is(action.worker, "about to stop") : "";
}

// What the tables themselves refuse: no such table, a key that is there already.
std::string check_now(const World& world, const Sql& action) {
  std::string why = deaf(world, action.store);
  if (!why.empty()) return why;
  const Node& node = node_of(world, action.store);
  connect::Database copy = world.plain.of<DataStore>()[static_cast<std::size_t>(node.index)].contents.is->database;
  run_sql(action.statement, &copy, why);
  return why;
}

std::string check_now(const World& world, const WriteFile& action) { return deaf(world, action.store); }

template <class Config>
bool has(const Config& config, const SetConfig& action) {
  Config with = config;
  if (!set_config(with, action.key, action.value).empty()) return false;
  return digest_of(with) == digest_of(config);  // of all keys: one may move another
}

bool node_has(const World& world, const Node& node, const SetConfig& action) {
  const ProcessKind& kind = kind_of(node);
  return !kind.has || kind.has(world, static_cast<std::size_t>(node.index), action.key, action.value);
}

// What the active controller has committed; of several that think that they are active, the one of the highest epoch.
// nullptr: there is none, or more is under way.
const MetadataImage* truth(const World& world) {
  const Controller* found = nullptr;
  for (const Controller& each : world.controllers)
    if (each.active && (!found || each.raft.epoch > found->raft.epoch)) found = &each;
  return found && found->working.end_offset() == found->image.end_offset() ? &found->image : nullptr;
}

bool topic_has(const World& world, const SetConfig& action) {
  const MetadataImage* image = truth(world);
  const TopicRegistration* topic = image ? image->topic(world.topic_id(action.target)) : nullptr;
  return topic && world.admin.requests.empty() && has(topic->config, action);
}

std::string check_now(const World& world, const SetConfig& action) {
  if (!refusal(world, action).empty()) return "";
  bool same = true;
  if (action.target == "brokers") {
    for (const Broker& each : world.brokers) same = same && has(each.config, action);
    for (const Controller& each : world.controllers) same = same && has(each.config, action);
  } else if (const Node* node = world.find_node(action.target)) {
    same = node_has(world, *node, action);
  } else {
    same = topic_has(world, action);
  }
  return same ? action.key + " of " + action.target + " is already " + action.value + "." : "";
}

std::string check_now(const World& world, const ElectLeader& action) {
  if (action.partition >= partitions_of(world, action.topic))
    return "Topic " + action.topic + " has no partition " + std::to_string(action.partition) + ".";
  const MetadataImage* image = truth(world);
  const PartitionRegistration* state =
      image ? image->partition({world.topic_id(action.topic), static_cast<std::int32_t>(action.partition)}) : nullptr;
  if (!state) return "";
  const std::string name = action.topic + "-" + std::to_string(action.partition);
  if (action.unclean && state->leader != kNoBroker) return name + " has a leader, broker " + std::to_string(state->leader) + ".";
  if (action.unclean) {
    const bool any = std::any_of(state->replicas.begin(), state->replicas.end(), [&](std::int16_t each) { return image->active(each); });
    return any ? "" : "No replica of " + name + " is alive.";
  }
  const BrokerId preferred = state->replicas[0];
  const std::string who = "Broker " + std::to_string(preferred) + ", the preferred leader of " + name + ",";
  if (state->leader == preferred) return who + " leads it already.";
  if (!image->active(preferred)) return who + " is not alive.";
  return state->isr.contains(static_cast<std::int16_t>(preferred)) ? "" : who + " is not in sync.";
}

// What creates something new is impossible where that is there already.
std::string check_now(const World&, const CreateTopic&) { return ""; }
std::string check_now(const World&, const AddBroker&) { return ""; }
std::string check_now(const World&, const AddConsumer&) { return ""; }
std::string check_now(const World&, const AddProducer&) { return ""; }
std::string check_now(const World&, const AddPartitions&) { return ""; }
std::string check_now(const World&, const DeleteTopic&) { return ""; }

// disks

const Broker& broker_of(const World& world, const std::string& name) {
  return world.brokers[static_cast<std::size_t>(node_of(world, name).index)];
}

std::string up(const World& world, const std::string& name) {
  return node_of(world, name).status == NodeStatus::down ? "" : is(name, "up: nobody changes its disk under it");
}

std::string check_now(const World& world, const TearTail& action) {
  return node_of(world, action.node).status == NodeStatus::down ? is(action.node, "already down") : "";
}
std::string check_now(const World& world, const LieAboutFlush& action) {
  if (broker_of(world, action.node).disk.lies != action.lie) return "";
  return "The disk of " + action.node + (action.lie ? " lies already." : " does not lie.");
}
std::string check_now(const World& world, const StallDisk& action) {
  if (node_of(world, action.node).status == NodeStatus::down) return is(action.node, "down");
  return action.duration.ns > 0 ? "" : "A stall of no duration is none.";
}
std::string check_now(const World& world, const CorruptBatch& action) {
  const TopicPartition tp{world.topic_id(action.topic), static_cast<std::int32_t>(action.partition)};
  const Replica* replica = broker_of(world, action.node).replica(tp);
  const Batch* batch = replica ? replica->log.batch_at(action.offset) : nullptr;
  const std::string what = "offset " + std::to_string(action.offset) + " of " + action.topic + "-" + std::to_string(action.partition);
  if (!batch) return node_at_start(action.node) + " has no batch at " + what + ".";
  return replica->log.is_damaged(*batch) ? "The batch at " + what + " is damaged already." : "";
}
std::string check_now(const World& world, const FailDirectory& action) {
  const auto& all = broker_of(world, action.node).directories;
  const auto number = static_cast<std::size_t>(action.directory);
  return number < all.size() && all[number].broken ? "That disk of " + action.node + " is broken already." : "";
}
std::string check_now(const World&, const FillDisk&) { return ""; }
std::string check_now(const World& world, const WipeDisk& action) {
  const std::string why = up(world, action.node);
  const Broker& broker = broker_of(world, action.node);
  const bool empty = broker.replicas.empty() && broker.directories.empty() && broker.deleted_logs.empty();
  return why.empty() && empty ? "The disk of " + action.node + " is empty." : why;
}
std::string check_now(const World& world, const CopyDisk& action) {
  return broker_of(world, action.node).replicas.empty() ? "The disk of " + action.node + " is empty." : "";
}
std::string check_now(const World& world, const RestoreDisk& action) {
  const std::string why = up(world, action.node);
  return why.empty() && broker_of(world, action.node).snapshot.empty() ? "There is no copy of the disk of " + action.node + "." : why;
}
std::string check_now(const World&, const DeleteRecords&) { return ""; }

// controllers

std::string check_now(const World& world, const SetElectionTimeout& action) {
  const std::string why = deaf(world, action.node);
  if (!why.empty()) return why;
  const Raft& raft = world.controllers[static_cast<std::size_t>(node_of(world, action.node).index)].raft;
  return raft.role == RaftRole::leader ? action.node + " leads the quorum, and so waits for no election." : "";
}

// a workload on several systems

std::string check_now(const World& world, const CrashWorker& action) {
  for (const RivalDeed& each : world.rivals.deeds)
    if (each.kind == RivalDeed::Kind::crash && each.what == action.worker) return action.worker + " is gone already.";
  return "";
}
std::string check_now(const World&, const LoseNode&) { return ""; }
std::string check_now(const World& world, const SetSystem& action) {
  const auto& all = world.rivals.deeds;
  const auto last = std::find_if(all.rbegin(), all.rend(), [&](const RivalDeed& each) {
    return each.kind == RivalDeed::Kind::set && each.what == action.system && each.key == action.key;
  });
  return last != all.rend() && last->value == action.value ? action.key + " of " + action.system + " is " + action.value + " already." : "";
}

}  // namespace

std::string pointless(const World& world, const ActionBody& body) {
  std::string vacant;
  return std::visit([&](const auto& each) { return check_now(world, each); }, with_bearers(world, body, vacant));
}

}  // namespace nutshell
