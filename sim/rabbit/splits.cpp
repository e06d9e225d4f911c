// A network that is split: who does not hear whom, and what nodes do about it that have thought each other gone. RabbitMQ before 4.3
// has `cluster_partition_handling` for that, by its guide to partitions; since then whatever is one again goes on as one.
#include <algorithm>
#include <numeric>

#include "sim/rabbit/cluster.h"

namespace nutshell::rabbit {

bool stops_alone(const queues::Rules& rules, const std::vector<bool>& there) {
  const auto count = static_cast<std::size_t>(std::count(there.begin(), there.end(), true));
  if (rules.split == queues::Split::pause_minority) return count * 2 <= there.size();
  if (rules.split != queues::Split::pause_if_all_down) return false;
  for (std::size_t node = 0; node < there.size(); ++node)
    if (there[node] && (rules.wanted_nodes >> node & 1) != 0) return false;
  return true;
}

bool Cluster::hear_each_other(std::int32_t a, std::int32_t b) const {
  const auto cut = [&](std::int32_t from, std::int32_t to) {
    const nutshell::Link* link = fabric_.network.find(NodeId(from), NodeId(to));
    return link && link->cut;
  };
  return !cut(a, b) && !cut(b, a);
}

void Cluster::settle_split(Env& env, std::vector<Fact>& facts) {
  facts.clear();
  const std::vector<Fact> splits = std::move(splits_);
  splits_.clear();
  for (const Fact& each : splits) {
    const auto node = static_cast<std::int32_t>(each.node);
    if (!is_up(node)) continue;
    if (each.kind == FactKind::alone) {
      stop_by_itself(env, node,
                     commons_.rules.split == queues::Split::pause_minority ? "it sees no majority of the nodes (pause_minority)"
                                                                           : "it sees none of the nodes named (pause_if_all_down)");
    } else if (!commons_.rules.split_heals) {
      tell(queues::FactKind::still_apart, -1, -1, -1, node, std::to_string(each.index));
    } else if (is_up(each.index)) {
      const std::vector<std::int32_t> side = winning_side(node, each.index);
      for (std::int32_t other = 0; other < commons_.nodes; ++other)
        if (is_up(other) && std::find(side.begin(), side.end(), other) == side.end())
          stop_by_itself(env, other, "it was on the side that loses (autoheal), and starts again");
    }
  }
  finish_step(env, facts);
}

// Its queues are there again when it is, with what was on its disk.
void Cluster::stop_by_itself(Env& env, std::int32_t node, std::string why) {
  tell(queues::FactKind::node_stopped, -1, -1, -1, node, std::move(why));
  stopped_[static_cast<std::size_t>(node)] = true;
  kill_process(env, node);
  look_again_later(node);
}

void Cluster::look_again_later(std::int32_t node) {
  const Deed look{fabric_.now + kSecond, Deed::Kind::look, node};
  const auto begin = deeds_.begin() + static_cast<std::ptrdiff_t>(done_);
  deeds_.insert(std::find_if(begin, deeds_.end(), [&](const Deed& each) { return each.at > look.at; }), look);
}

void Cluster::look_for_others(Env& env, std::int32_t node) {
  if (!stopped_[static_cast<std::size_t>(node)] || is_up(node)) return;
  std::vector<bool> there;
  for (std::int32_t other = 0; other < commons_.nodes; ++other)
    there.push_back(other == node || (hear_each_other(node, other) && (is_up(other) || stopped_[static_cast<std::size_t>(other)])));
  if (!stops_alone(commons_.rules, there)) return restart(env, node);
  look_again_later(node);
}

// Of the two sides on which these nodes have been: the one with more clients, else with more nodes; the guide leaves the rest open,
// and here it is the one with the first node.
std::vector<std::int32_t> Cluster::winning_side(std::int32_t a, std::int32_t b) const {
  std::vector<std::int32_t> side(static_cast<std::size_t>(commons_.nodes));
  std::iota(side.begin(), side.end(), 0);
  const auto gone = [&](std::int32_t from, std::int32_t to) { return node(from).peers[static_cast<std::size_t>(to)].lost_at >= 0; };
  for (std::int32_t i = 0; i < commons_.nodes; ++i) {
    for (std::int32_t j = 0; j < i; ++j) {
      const bool these = (i == a && j == b) || (i == b && j == a);
      if (!is_up(i) || !is_up(j) || these || gone(i, j) || gone(j, i)) continue;
      const std::int32_t from = side[static_cast<std::size_t>(i)], to = side[static_cast<std::size_t>(j)];
      std::replace(side.begin(), side.end(), from, to);
    }
  }
  struct Weight {
    std::int64_t clients = 0, nodes = 0;
    std::vector<std::int32_t> members;
  };
  const auto weigh = [&](std::int32_t of) {
    Weight weight;
    for (std::int32_t i = 0; i < commons_.nodes; ++i) {
      if (side[static_cast<std::size_t>(i)] != side[static_cast<std::size_t>(of)] || !is_up(i)) continue;
      weight.members.push_back(i);
      ++weight.nodes;
      for (const ChannelState& each : node(i).channels)
        weight.clients += !each.closing && static_cast<std::int32_t>(client_of(each.id)) >= commons_.nodes;
    }
    return weight;
  };
  const Weight one = weigh(std::min(a, b)), other = weigh(std::max(a, b));
  const auto rank = [](const Weight& it) { return std::pair(it.clients, it.nodes); };
  if (rank(one) == rank(other)) return one.members.front() < other.members.front() ? one.members : other.members;
  return rank(one) > rank(other) ? one.members : other.members;
}

}  // namespace nutshell::rabbit
