// Nodes that can be lost: quorum queues (a Raft log each, Q22, Q23), classic and mirrored queues (Q24, Q25), and the
// replicated logs of Kafka and of streams.
#include <algorithm>

#include "sim/core/random.h"
#include "sim/queues/simulation.h"

namespace nutshell::queues {

bool Simulation::is_linked(std::int32_t a, std::int32_t b) const {
  if (a == b) return up_[static_cast<std::size_t>(a)];
  const auto works = [&](std::int32_t node) { return up_[static_cast<std::size_t>(node)] && !cut_[static_cast<std::size_t>(node)]; };
  return works(a) && works(b);
}

// Of the queue or slot of the message; of the first, if there is none in question.
std::int32_t Simulation::leading_node(std::int32_t m) const {
  const std::string key = m < 0 ? "" : message(m).key;
  if (rules_.keeps == Keeps::log) {
    const std::int32_t s = m < 0 ? 0 : slot_of(rules_, key, static_cast<std::int32_t>(slots_.size()));
    return slots_[static_cast<std::size_t>(s)].leader;
  }
  const ServiceState& first = service(0);
  return first.queues[static_cast<std::size_t>(m < 0 ? 0 : slot_of(rules_, key, static_cast<std::int32_t>(first.queues.size())))].node;
}

void Simulation::do_fault(const Fault& fault) {
  if (fault.kind == Fault::Kind::grow) return grow(fault.before);
  if (fault.kind == Fault::Kind::shrink) return shrink(fault.before);
  if (fault.kind == Fault::Kind::lose_receive) return lose_receive(fault);
  if (fault.kind == Fault::Kind::unreachable) return make_unreachable(fault);
  if (fault.kind == Fault::Kind::detach) return detach(fault.service);
  if (fault.kind == Fault::Kind::delete_topic) return delete_topic();
  const std::string_view hidden = product(rules_.product).without_nodes;
  if (!hidden.empty()) return tell(FactKind::fault_impossible, -1, -1, -1, 0, std::string(hidden));
  if (fault.zone >= 0 || fault.other >= 0) return do_fault_of_several(fault);
  const std::int32_t node = fault.node >= 0 ? fault.node : leading_node(fault.before);
  if (node >= static_cast<std::int32_t>(up_.size()))
    return tell(FactKind::fault_impossible, -1, -1, -1, 0, "there is no node " + std::to_string(node));
  switch (fault.kind) {
    case Fault::Kind::kill:
      if (up_[static_cast<std::size_t>(node)]) kill(node);
      return;
    case Fault::Kind::restart:
      if (!up_[static_cast<std::size_t>(node)]) restart(node);
      return;
    case Fault::Kind::cut:
      if (rules_.nodes != Nodes::majority || rules_.keeps == Keeps::log)
        return tell(FactKind::fault_impossible, -1, -1, -1, 0, "only quorum queues are cut here");
      cut_[static_cast<std::size_t>(node)] = true;
      tell(FactKind::node_cut, -1, -1, -1, node);
      for (std::size_t s = 0; s < services_.size(); ++s)
        for (std::size_t box = 0; box < services_[s].queues.size(); ++box)
          if (services_[s].queues[box].node == node) lose_leader(static_cast<std::int32_t>(s), static_cast<std::int32_t>(box), true);
      return;
    default:
      cut_[static_cast<std::size_t>(node)] = false;
      for (std::size_t s = 0; s < services_.size(); ++s)
        for (std::size_t box = 0; box < services_[s].queues.size(); ++box)
          elect(static_cast<std::int32_t>(s), static_cast<std::int32_t>(box));
  }
}

// A zone goes with all its nodes. What is cut between some nodes and not between others, only nodes of their own know (sim/rabbit).
void Simulation::do_fault_of_several(const Fault& fault) {
  const auto impossible = [&](const std::string& why) { tell(FactKind::fault_impossible, -1, -1, -1, 0, why); };
  if (fault.kind != Fault::Kind::kill && fault.kind != Fault::Kind::restart)
    return impossible("links are cut only where nodes are run one by one: those of quorum and classic queues");
  const std::vector<std::int32_t> nodes = nodes_named(fault, static_cast<std::int32_t>(up_.size()), workload_.zones);
  if (nodes.empty()) return impossible("no node stands in zone " + std::to_string(fault.zone));
  Fault one = fault;
  one.zone = -1;
  for (const std::int32_t node : nodes) {
    one.node = node;
    do_fault(one);
  }
}

void Simulation::kill(std::int32_t node) {
  up_[static_cast<std::size_t>(node)] = false;
  down_since_[static_cast<std::size_t>(node)] = now_;
  tell(FactKind::node_lost, -1, -1, -1, node);
  for (std::size_t s = 0; s < services_.size(); ++s)
    for (std::size_t box = 0; box < services_[s].queues.size(); ++box)
      lose_queue_node(static_cast<std::int32_t>(s), static_cast<std::int32_t>(box), node);
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].leader == node) lose_slot_leader(static_cast<std::int32_t>(i));
  if (rules_.nodes == Nodes::kafka) at(now_ + rules_.noticed_after, {Kind::node_noticed, node});
  lose_clients_of(node);
}

void Simulation::lose_queue_node(std::int32_t s, std::int32_t box, std::int32_t node) {
  Queue& it = queue(s, box);
  if (rules_.nodes == Nodes::kafka) {
    // A share group's partition: nothing is given out until it has a new leader.
    if (it.node == node) {
      it.down = true;
      it.leaderless_until = now_ + rules_.noticed_after;
      at(it.leaderless_until, {Kind::elected, s, box});
    }
    return;
  }
  if (it.node != node) return;
  if (rules_.nodes == Nodes::majority) return lose_leader(s, box, false);
  it.down = true;
  it.leaderless_until = now_ + rules_.noticed_after;
  if (rules_.nodes == Nodes::mirrored) at(it.leaderless_until, {Kind::elected, s, box});
}

Duration Simulation::election_time(std::int32_t s, std::int32_t box, bool suspected) {
  const std::uint64_t luck = draw(workload_.seed, Purpose::election_timeout, static_cast<std::uint64_t>(s * 1000 + box),
                                  static_cast<std::uint64_t>(elections_++));
  // A crash is noticed at once; a node that is merely silent is suspected by a poll once a second.
  return suspected ? kSecond + kSecond + between(luck, 1, 1000) * kMillisecond : 100 * kMillisecond + between(luck, 1, 500) * kMillisecond;
}

void Simulation::lose_leader(std::int32_t s, std::int32_t box, bool suspected) {
  Queue& it = queue(s, box);
  it.leaderless_until = now_ + election_time(s, box, suspected);
  at(it.leaderless_until, {Kind::elected, s, box});
}

// Who has the longest log of the newest term, among a majority that hear each other.
void Simulation::elect(std::int32_t s, std::int32_t box) {
  if (s < 0) {
    flush_ = -1;
    return flush_pending();
  }
  Queue& it = queue(s, box);
  if (rules_.nodes == Nodes::mirrored) return promote_mirror(s, box);
  if (rules_.nodes != Nodes::majority) {
    it.down = false;
    it.leaderless_until = 0;
    for (std::size_t node = 0; node < up_.size(); ++node)
      if (!up_[static_cast<std::size_t>(it.node)] && up_[node]) it.node = static_cast<std::int32_t>(node);
    return flush_pending();
  }
  if (now_ < it.leaderless_until) return;
  const auto standing = [&](std::size_t node) {
    const std::vector<Entry>& log = it.logs[node];
    return std::pair(log.empty() ? 0 : log.back().term, log.size());
  };
  std::int32_t best = -1;
  std::size_t voters = 0;
  for (std::size_t node = 0; node < up_.size(); ++node) {
    if (!up_[node] || cut_[node]) continue;
    ++voters;
    if (best < 0 || standing(node) > standing(static_cast<std::size_t>(best))) best = static_cast<std::int32_t>(node);
  }
  if (voters * 2 <= up_.size()) return;
  if (is_linked(it.node, it.node) && !cut_[static_cast<std::size_t>(it.node)]) best = it.node;  // it still leads
  const bool anew = best != it.node || it.leaderless_until > 0;
  it.leaderless_until = 0;
  if (anew) {
    it.node = best;
    ++it.term;
    tell(FactKind::leader_elected, s, -1, -1, best, "the queue of " + service(s).spec.name);
    const std::vector<Entry>& log = it.logs[static_cast<std::size_t>(best)];
    for (std::size_t node = 0; node < up_.size(); ++node) {
      const std::vector<Entry>& other = it.logs[node];
      std::size_t same = 0;
      while (same < std::min(log.size(), other.size()) && log[same] == other[same]) ++same;
      it.matched[node] = same;
    }
    it.matched[static_cast<std::size_t>(best)] = log.size();
  }
  const std::vector<std::int32_t> expected = it.expected;
  for (const std::int32_t p : expected) {
    std::vector<Entry>& log = it.logs[static_cast<std::size_t>(it.node)];
    const auto is_it = [&](const Entry& each) { return each.publication == p; };
    if (std::find_if(log.begin() + static_cast<std::ptrdiff_t>(it.committed), log.end(), is_it) == log.end()) log.push_back({it.term, p});
  }
  it.matched[static_cast<std::size_t>(it.node)] = it.logs[static_cast<std::size_t>(it.node)].size();
  send_to_followers(s, box);
}

// The leader of the queue takes a message, if there is one; else it is sent again when there is.
void Simulation::append_to(std::int32_t s, std::int32_t box, std::int32_t p) {
  Queue& it = queue(s, box);
  it.expected.push_back(p);
  if (it.leaderless_until > 0 || !is_linked(it.node, it.node)) return;
  std::vector<Entry>& log = it.logs[static_cast<std::size_t>(it.node)];
  log.push_back({it.term, p});
  it.matched[static_cast<std::size_t>(it.node)] = log.size();
  send_to_followers(s, box);
}

void Simulation::send_to_followers(std::int32_t s, std::int32_t box) {
  const std::size_t length = queue(s, box).logs[static_cast<std::size_t>(queue(s, box).node)].size();
  for (std::size_t i = 0; i < up_.size(); ++i) {
    const auto node = static_cast<std::int32_t>(i);
    if (node == queue(s, box).node) continue;
    if (rules_.replication == 0) replicate(s, box, node, length);
    else at(now_ + rules_.replication, {Kind::replicated, s, box, node, static_cast<std::int32_t>(length)}, node);
  }
  advance(s, box);
}

// What the leader has sent arrives: what contradicts it is cut off.
void Simulation::replicate(std::int32_t s, std::int32_t box, std::int32_t node, std::size_t length) {
  Queue& it = queue(s, box);
  if (node == it.node || !is_linked(it.node, node) || it.leaderless_until > 0) return;
  const std::vector<Entry>& leader = it.logs[static_cast<std::size_t>(it.node)];
  std::vector<Entry>& log = it.logs[static_cast<std::size_t>(node)];
  std::size_t& matched = it.matched[static_cast<std::size_t>(node)];
  length = std::min(length, leader.size());
  while (matched < std::min(log.size(), leader.size()) && log[matched] == leader[matched]) ++matched;
  if (log.size() > matched && matched < leader.size()) log.resize(matched);
  while (log.size() < length) log.push_back(leader[log.size()]);
  matched = std::max(matched, std::min(log.size(), length));
  advance(s, box);
}

// What a majority has is committed, and so in the mailbox.
void Simulation::advance(std::int32_t s, std::int32_t box) {
  const auto has = [&](std::size_t count) {
    const std::vector<std::size_t>& matched = queue(s, box).matched;
    return static_cast<std::size_t>(std::count_if(matched.begin(), matched.end(), [&](std::size_t each) { return each >= count; }));
  };
  while (has(queue(s, box).committed + 1) * 2 > up_.size()) {
    Queue& it = queue(s, box);
    const std::int32_t p = it.logs[static_cast<std::size_t>(it.node)][it.committed++].publication;
    std::erase(it.expected, p);
    if (!service(s).deleted) store(s, box, publications_[static_cast<std::size_t>(p)].message);
    confirm_one(p);
  }
}

// Whoever was connected to the node. A queue on another node hears of it at once, one that has to be elected afterwards.
void Simulation::lose_clients_of(std::int32_t node) {
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    Reader& it = readers_[i];
    if (!it.works() || it.spec.node != node) continue;
    const auto r = static_cast<std::int32_t>(i);
    it.spec.how = HowGone::host;  // the queue is told below
    const bool counts = rules_.dead_node_consumers_wait == 0;
    Time heard = now_ + rules_.dead_node_consumers_wait;
    for (const Queue& each : service(it.service).queues) heard = std::max(heard, counts ? each.leaderless_until : heard);
    crash(r);
    if (rules_.notices_closed_connection) at(heard, {Kind::connection_lost, r, counts ? 1 : 0});
  }
  if (row_.publisher_node == node) reconnect_publisher();
}

// To a node that lives; what was not confirmed is sent again, and is another message to the broker (Q4).
void Simulation::reconnect_publisher() {
  row_.publisher_node = -1;
  const std::vector<std::int32_t> unanswered = unconfirmed_;
  unconfirmed_.clear();
  for (ServiceState& each : services_)
    for (Queue& it : each.queues) it.expected.clear();
  for (const std::int32_t p : unanswered) {
    if (rules_.confirms) publish(publications_[static_cast<std::size_t>(p)].message, true);
    else believe_stored(publications_[static_cast<std::size_t>(p)].message, "it was on its way over the connection that broke");
  }
}

void Simulation::restart(std::int32_t node) {
  up_[static_cast<std::size_t>(node)] = true;
  tell(FactKind::node_back, -1, -1, -1, node);
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const auto s = static_cast<std::int32_t>(i);
    for (std::size_t b = 0; b < services_[i].queues.size(); ++b) {
      const auto box = static_cast<std::int32_t>(b);
      Queue& it = queue(s, box);
      if (rules_.nodes == Nodes::majority) {
        elect(s, box);
      } else if (rules_.nodes == Nodes::mirrored && it.node != node) {
        it.mirror_has[static_cast<std::size_t>(node)].assign(it.mail.items().size(), false);  // starts empty (Q25)
        it.member_synced[static_cast<std::size_t>(node)] = false;
      } else if (it.node == node) {
        it.down = false;
        it.leaderless_until = 0;
        for (std::size_t n = 0; n < it.mail.items().size(); ++n) {
          const auto number = static_cast<std::int32_t>(n);
          const Item& item = it.mail.item(number);
          if (!item.is_stored()) continue;
          if (rules_.transient) {
            const std::int32_t m = item.message;
            take_out(s, box, number, Item::State::gone);
            drop(s, m, "it was transient, and its node restarted");
          } else if (item.state == Item::State::out) {
            come_back(s, box, number, "its node restarted", false, Back::to_place, false);
          }
        }
      }
    }
  }
  flush_pending();
}

// The oldest mirror that has everything; else any, and what it lacks is lost (Q25).
void Simulation::promote_mirror(std::int32_t s, std::int32_t box) {
  Queue& it = queue(s, box);
  if (!it.down || up_[static_cast<std::size_t>(it.node)]) return;
  const auto lacks = [&](std::size_t node) {
    std::int64_t count = 0;
    for (std::size_t n = 0; n < it.mail.items().size(); ++n)
      count += it.mail.item(static_cast<std::int32_t>(n)).is_stored() && !(n < it.mirror_has[node].size() && it.mirror_has[node][n]);
    return count;
  };
  std::int32_t best = -1;
  for (std::size_t node = 0; node < up_.size(); ++node)
    if (up_[node] && (best < 0 || lacks(node) < lacks(static_cast<std::size_t>(best)))) best = static_cast<std::int32_t>(node);
  if (best < 0) return;
  it.node = best;
  it.down = false;
  it.leaderless_until = 0;
  tell(FactKind::leader_elected, s, -1, -1, best, "the queue of " + service(s).spec.name);
  for (std::size_t n = 0; n < it.mail.items().size(); ++n) {
    const auto number = static_cast<std::int32_t>(n);
    const Item item = it.mail.item(number);
    if (!item.is_stored()) continue;
    const std::vector<bool>& has = it.mirror_has[static_cast<std::size_t>(best)];
    if (!(n < has.size() && has[n])) {
      take_out(s, box, number, Item::State::gone);
      drop(s, item.message, "an unsynchronised mirror was promoted");
    } else if (item.state == Item::State::out) {
      come_back(s, box, number, "a mirror was promoted", false, Back::to_place, false);
    }
  }
}

}  // namespace nutshell::queues
