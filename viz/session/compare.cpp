#include "viz/session/compare.h"
#include "viz/session/image.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nutshell {

namespace {

template <class T>
const T* find(const std::vector<T>& all, NodeId node) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& each) { return each.node == node; });
  return found == all.end() ? nullptr : &*found;
}

bool nodes_differ(const World& left, const World& right, NodeId id) {
  const auto index = static_cast<std::size_t>(id);
  const std::vector<Node>&a = left.fabric.nodes, &b = right.fabric.nodes;
  if (index >= a.size() || index >= b.size()) return index < a.size() || index < b.size();
  return a[index].status != b[index].status || a[index].incarnation != b[index].incarnation;
}

bool replicas_differ(const Broker* left, const Broker* right, TopicPartition tp) {
  const Replica* a = left ? left->replica(tp) : nullptr;
  const Replica* b = right ? right->replica(tp) : nullptr;
  if (!a || !b) return a != b;
  return a->role != b->role || a->leader_epoch != b->leader_epoch || a->log.high_watermark() != b->log.high_watermark() ||
         a->log.log_end_offset() != b->log.log_end_offset();
}

bool differ(const Consumer* left, const Consumer* right) {
  if (!left || !right) return left != right;
  const auto same = [](const OwnedPartition& a, const OwnedPartition& b) {
    return a.tp == b.tp && a.position == b.position && a.committed == b.committed;
  };
  return left->state != right->state ||
         !std::equal(left->owned.begin(), left->owned.end(), right->owned.begin(), right->owned.end(), same);
}

bool differ(const Producer* left, const Producer* right) {
  if (!left || !right) return left != right;
  return left->counters.acked != right->counters.acked || left->counters.failed != right->counters.failed;
}

bool differ(const Controller* left, const Controller* right) {
  if (!left || !right) return left != right;
  return left->raft.role != right->raft.role || left->raft.epoch != right->raft.epoch || left->active != right->active;
}

bool groups_differ(const World& left, const World& right, std::int32_t group) {
  const Group* a = coordinated_group(left, group).group;
  const Group* b = coordinated_group(right, group).group;
  if (!a || !b) return a != b;
  return a->state != b->state || a->generation != b->generation || a->members.size() != b->members.size();
}

}  // namespace

bool differs(const World& left, const World& right, const Place& place) {
  const Broker *a = find(left.brokers, place.node), *b = find(right.brokers, place.node);
  switch (place.kind) {
    case PlaceKind::controller:
      return nodes_differ(left, right, place.node) || differ(find(left.controllers, place.node), find(right.controllers, place.node));
    case PlaceKind::broker: return nodes_differ(left, right, place.node);
    case PlaceKind::replica: return replicas_differ(a, b, place.tp);
    case PlaceKind::producer:
      return nodes_differ(left, right, place.node) || differ(find(left.producers, place.node), find(right.producers, place.node));
    case PlaceKind::consumer:
      return nodes_differ(left, right, place.node) || differ(find(left.consumers, place.node), find(right.consumers, place.node));
    case PlaceKind::group: return groups_differ(left, right, place.group);
    default: return false;
  }
}

namespace {

std::uint64_t what_of(const Fact& fact) {
  std::uint64_t digest = digest_of(fact.body);
  fold(digest, fact.at);
  return digest;
}

// Of the facts that make the story, by what they say and when.
std::vector<std::pair<std::uint64_t, Time>> told_by(const Timeline& timeline) {
  std::vector<std::pair<std::uint64_t, Time>> all;
  for (const Fact& each : timeline.facts()) {
    if (fact_level(each.body) == FactLevel::story) all.emplace_back(what_of(each), each.at);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::size_t until(const std::vector<Time>& times, Time now) {
  return static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), now) - times.begin());
}

}  // namespace

FactsApart::FactsApart(const Timeline& left, const Timeline& right) {
  const auto one = told_by(left), other = told_by(right);
  const auto add_times = [](const auto& facts, std::vector<Time>& times) {
    for (const auto& each : facts) times.push_back(each.second);
    std::sort(times.begin(), times.end());
  };
  std::vector<std::pair<std::uint64_t, Time>> either, apart;
  std::set_union(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(either));
  std::set_symmetric_difference(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(apart));
  add_times(either, all_);
  add_times(apart, apart_);
}

std::string FactsApart::text(Time now) const {
  const std::size_t apart = until(apart_, now), all = until(all_, now);
  return std::to_string(apart) + " of " + std::to_string(all) + (all == 1 ? " fact differs" : " facts differ") + " so far";
}

}  // namespace nutshell
