// What a director asks for: deeds of several parts that bring about what the lesson needs, by what happens to clusters
// anyway. Each row says what it will do.
#include <algorithm>

#include "sim/core/text.h"
#include "sim/session/offers_menu.h"

namespace nutshell {

namespace {

constexpr Duration kSoon = 100 * kMillisecond;       // a message under way arrives, or never will
constexpr Duration kConfirmed = 500 * kMillisecond;  // a record is written and confirmed
constexpr Duration kCampaign = kSecond;              // until the first controller campaigns
constexpr Duration kApart = 300 * kMillisecond;      // between two that are spread: longer than a ballot takes
constexpr Duration kMargin = kSecond;                // past a time-out
constexpr std::string_view kLoss = "acked_records_survive";

bool runs(const World& world, NodeId node) { return node_at(world, node)->status == NodeStatus::running; }

const Broker* running_broker(const World& world, BrokerId id) {
  const Broker* broker = id == kNoBroker ? nullptr : world.find_broker(id);
  return broker && runs(world, broker->node) ? broker : nullptr;
}

// A partition with those who hold it.
struct Copies {
  std::string name;    // "orders-0"
  const PartitionRegistration* state = nullptr;
  const Broker* leader = nullptr;         // nullptr: none that runs
  std::vector<const Broker*> followers;   // that run, in the order of the assignment
  bool in_sync(const Broker& broker) const { return state->isr.contains(static_cast<std::int16_t>(broker.id)); }
};

Copies copies_of(const World& world, TopicPartition tp) {
  Copies copies;
  copies.name = text_of(world, tp);
  const MetadataImage* image = committed_image(world);
  copies.state = image ? image->partition(tp) : nullptr;
  if (!copies.state) return copies;
  copies.leader = running_broker(world, copies.state->leader);
  for (std::int16_t id : copies.state->replicas) {
    const Broker* broker = id == copies.state->leader ? nullptr : running_broker(world, id);
    if (broker) copies.followers.push_back(broker);
  }
  return copies;
}

// How long a replica may lag until the leader has certainly noticed: it looks every half of the limit.
Duration noticed(const Broker& leader) { return leader.config.replica_lag_time_max * 3 / 2 + kMargin; }

void offer_kill(OfferList& menu, const World& world, const Copies& copies) {
  if (!copies.leader) return menu.add_refusal("Kill the leader of " + copies.name, "It has no leader that runs.");
  const std::string leader = name_of(world, copies.leader->node);
  menu.add("Kill the leader of " + copies.name + ", " + leader, Crash{leader, false});
}

void offer_stall(OfferList& menu, const World& world, const Copies& copies, NodeId pointed_at) {
  const Broker* follower = nullptr;
  for (const Broker* each : copies.followers) {
    if (copies.in_sync(*each) && (!follower || each->node == pointed_at)) follower = each;
  }
  const std::string what = "Stall a follower past replica.lag.time.max.ms";
  if (!copies.leader) return menu.add_refusal(what, "There is no leader to follow.");
  if (copies.state->replicas.size() == 1) return menu.add_refusal(what, "There is one copy, and nobody follows.");
  if (!follower) return menu.add_refusal(what, "No follower is in sync.");
  const std::string from = name_of(world, copies.leader->node), to = name_of(world, follower->node);
  const Duration stall = noticed(*copies.leader);
  menu.add("Stall " + to + " past replica.lag.time.max.ms: cut it off from " + from + " for " + format_duration(stall / kSecond * kSecond),
           Cut{from, to, false}, stall, Heal{from, to});
}

// Who writes to the topic and is told whether it is stored; nullptr, and the reason: nobody.
const Producer* writer_to(const World& world, TopicId topic, std::string& why) {
  why = "No producer that runs writes to it.";
  const Producer* found = nullptr;
  for (const Producer& each : world.producers) {
    if (each.spec.topic != topic || !runs(world, each.node) || each.closing || found) continue;
    if (each.spec.config.acks != Acks::none) found = &each;
    else why = name_of(world, each.node) + " writes with acks=0: it is told nothing that could prove false.";
  }
  return found;
}

// The leader alone has a record and confirms it; then it dies, and a follower is elected cleanly without it.
void lose_cleanly(OfferList& menu, const World& world, TopicPartition tp, const Copies& copies, const std::string& producer) {
  const std::string leader = name_of(world, copies.leader->node);
  std::vector<Deed> deeds;
  for (const Broker* each : copies.followers) deeds.push_back({Cut{leader, name_of(world, each->node), false}, 0});
  deeds.push_back({Send{producer, "", "", tp.partition, 1}, kSoon});
  deeds.push_back({Crash{leader, false}, kSoon + kConfirmed});
  const Duration elected = kSoon + kConfirmed + copies.leader->config.broker_session_timeout + kMargin;
  for (const Broker* each : copies.followers) deeds.push_back({Heal{leader, name_of(world, each->node)}, elected});
  menu.add("Lose data: cut " + leader + " off from its followers, let it confirm a record, kill it", std::move(deeds));
  menu.rows.back().breaks = kLoss;
}

// One replica is down while the others confirm a record; these die, and the one is elected uncleanly.
void lose_uncleanly(OfferList& menu, const World& world, TopicPartition tp, const Copies& copies, const std::string& producer,
                    const Broker& behind) {
  const std::string leader = name_of(world, copies.leader->node), last = name_of(world, behind.node);
  const Duration fenced = copies.leader->config.broker_session_timeout + kMargin;
  Duration at = copies.in_sync(behind) ? fenced : kSoon;
  std::vector<Deed> deeds = {{Crash{last, false}, 0}, {Send{producer, "", "", tp.partition, 1}, at}};
  at += kConfirmed;
  for (const Broker* each : copies.followers) {
    if (each != &behind && copies.in_sync(*each)) deeds.push_back({Crash{name_of(world, each->node), false}, at});
  }
  deeds.push_back({Crash{leader, false}, at});
  at += fenced;
  deeds.push_back({Start{last}, at});
  deeds.push_back({ElectLeader{topic_of(world, tp), tp.partition, true}, at + 2 * kSecond});
  menu.add("Lose data: kill " + last + ", let the others confirm a record and die, start it, elect it uncleanly", std::move(deeds));
  menu.rows.back().breaks = kLoss;
}

void offer_loss(OfferList& menu, const World& world, TopicPartition tp, const Copies& copies) {
  const auto refuse = [&](const std::string& why) { menu.add_refusal("Make an election of " + copies.name + " lose data", why); };
  if (copies.state->replicas.size() == 1) return refuse("There is one copy: no other broker can be elected.");
  if (!copies.leader) return refuse("It has no leader that could confirm anything.");
  if (copies.followers.empty()) return refuse("No other replica runs that could be elected.");
  std::string why;
  const Producer* producer = writer_to(world, tp.topic, why);
  if (!producer) return refuse(why);
  const std::string name = name_of(world, producer->node);
  const auto in_sync = [&](const Broker* each) { return copies.in_sync(*each); };
  if (producer->spec.config.acks == Acks::leader && std::any_of(copies.followers.begin(), copies.followers.end(), in_sync))
    return lose_cleanly(menu, world, tp, copies, name);
  // Best one that is behind already; else the last in line.
  const Broker* behind = copies.followers.back();
  for (const Broker* each : copies.followers) behind = in_sync(each) ? behind : each;
  const std::size_t confirm = copies.state->isr.size() - (in_sync(behind) ? 1 : 0);
  const TopicRegistration* topic = committed_image(world)->topic(tp.topic);
  const std::int64_t own = topic->config.min_insync_replicas;
  const std::int32_t least = effective_min_isr(own >= 0 ? own : copies.leader->config.min_insync_replicas, copies.state->replicas);
  if (producer->spec.config.acks == Acks::all && confirm < static_cast<std::size_t>(least))
    return refuse("min.insync.replicas=" + std::to_string(least) + ": what is confirmed is on every one that could be elected.");
  lose_uncleanly(menu, world, tp, copies, name, *behind);
}

void offer_election(OfferList& menu, const std::string& label, const std::string& leader, const std::vector<std::string>& others,
                    Duration apart) {
  std::vector<Deed> deeds;
  if (!leader.empty()) deeds.push_back({Crash{leader, false}, 0});
  Duration at = kCampaign;
  for (const std::string& each : others) {
    deeds.push_back({SetElectionTimeout{each, {at}}, leader.empty() ? 0 : kSoon});
    at += apart;
  }
  menu.add(label, std::move(deeds));
}

}  // namespace

void offer_direction(OfferList& menu, const World& world, TopicPartition tp, NodeId pointed_at) {
  if (!menu.takes(Tool::none)) return;
  const Copies copies = copies_of(world, tp);
  if (!copies.state) return;
  offer_kill(menu, world, copies);
  offer_stall(menu, world, copies, pointed_at);
  offer_loss(menu, world, tp, copies);
}

void offer_quorum(OfferList& menu, const World& world) {
  if (!menu.takes(Tool::none)) return;
  std::string leader;
  std::vector<std::string> others;
  for (const Controller& each : world.controllers) {
    if (!runs(world, each.node)) continue;
    if (each.raft.role == RaftRole::leader && leader.empty()) leader = name_of(world, each.node);
    else others.push_back(name_of(world, each.node));
  }
  const std::string kill = leader.empty() ? "" : "kill " + leader + ", ";
  const std::string split = "Split the vote: " + kill + "the others campaign at the same moment";
  const std::string clean = "A clean vote: " + kill + "the others campaign one after the other";
  const std::size_t all = world.controllers.size();
  std::string why;
  if (all == 1) why = "In a quorum of one nobody else can vote.";
  else if (others.size() < all / 2 + 1) why = "The others that run are no majority of " + std::to_string(all) + ".";
  if (!why.empty()) {
    menu.add_refusal(split, why);
    return menu.add_refusal(clean, why);
  }
  offer_election(menu, split, leader, others, 0);
  offer_election(menu, clean, leader, others, kApart);
}

void offer_bounce(OfferList& menu, const World& world, const Node& node) {
  Duration session = 6 * kSecond;
  std::string within, beyond;
  if (node.kind == NodeKind::broker) session = world.brokers[static_cast<std::size_t>(node.index)].config.broker_session_timeout;
  if (node.kind == NodeKind::consumer) session = world.consumers[static_cast<std::size_t>(node.index)].spec.config.session_timeout;
  if (node.kind == NodeKind::broker || node.kind == NodeKind::consumer) {
    within = ", within its session";
    beyond = ", past its session of " + format_duration(session);
  }
  const Duration soon = std::min<Duration>(2 * kSecond, session / 3), late = session + 5 * kSecond;
  menu.add("Kill, start again after " + format_duration(soon) + within, Crash{node.name, false}, soon, Start{node.name});
  menu.add("Kill, start again after " + format_duration(late) + beyond, Crash{node.name, false}, late, Start{node.name});
}

}  // namespace nutshell
