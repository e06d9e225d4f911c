#include "sim/session/compare.h"

#include <algorithm>
#include <utility>

#include "sim/core/text.h"
#include "sim/session/image.h"
#include "sim/session/inspect.h"

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

bool groups_differ(const World& left, const World& right, GroupId group) {
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
    case PlaceKind::process: return nodes_differ(left, right, place.node) || fields_of(left, place) != fields_of(right, place);
    case PlaceKind::group: return groups_differ(left, right, place.group);
    default: return false;
  }
}

namespace {

constexpr Duration kNoticed = 50 * kMillisecond;  // what differs by less happens at the same time, for a viewer

// A fact of the story; of those that say the same, the how manieth it is.
struct Told {
  std::uint64_t what = 0;
  std::size_t nth = 0;
  Time at = 0;
  std::size_t fact = 0;
  bool same(const Told& other) const { return what == other.what && nth == other.nth; }
  friend bool operator<(const Told& a, const Told& b) { return std::pair(a.what, a.nth) < std::pair(b.what, b.nth); }
};

// What people are told of, and where readers begin.
bool is_seen(const FactBody& body) { return fact_level(body) == FactLevel::story || body.is<PositionSet>(); }

std::vector<Told> told_by(const Timeline& timeline) {
  std::vector<Told> all;
  const Facts& facts = timeline.facts();
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (is_seen(facts[i].body)) all.push_back({digest_of(facts[i].body), 0, facts[i].at, i});
  }
  std::stable_sort(all.begin(), all.end());
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].what == all[i - 1].what) all[i].nth = all[i - 1].nth + 1;
  }
  return all;
}

std::size_t until(const std::vector<Time>& times, Time now) {
  return static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), now) - times.begin());
}

// A fact that one of the two has alone, or has at another time.
struct Apart {
  Time at = kNever;
  const Told *left = nullptr, *right = nullptr;
};

std::string stamped(const Timeline& timeline, const Told* told, bool with_time) {
  if (!told) return "";
  return sentence_of_fact(timeline, told->fact) + (with_time ? " (" + format_time(told->at) + ")" : "");
}

}  // namespace

FactsApart::FactsApart(const Timeline& left, const Timeline& right) {
  const std::vector<Told> ours = told_by(left), theirs = told_by(right);
  Apart first;
  std::size_t first_fact = 0;
  const auto note = [&](const Told* one, const Told* other) {
    const Time at = std::min(one ? one->at : kNever, other ? other->at : kNever);
    all_.push_back(at);
    if (one && other && std::max(one->at, other->at) - at < kNoticed) return;
    apart_.push_back(at);
    const std::size_t fact = one && one->at == at ? one->fact : other->fact;
    if (std::pair(at, fact) < std::pair(first.at, first_fact)) {
      first = {at, one, other};
      first_fact = fact;
    }
  };
  for (std::size_t i = 0, j = 0; i < ours.size() || j < theirs.size();) {
    if (i < ours.size() && j < theirs.size() && ours[i].same(theirs[j])) note(&ours[i++], &theirs[j++]);
    else if (j == theirs.size() || (i < ours.size() && ours[i] < theirs[j])) note(&ours[i++], nullptr);
    else note(nullptr, &theirs[j++]);
  }
  std::sort(all_.begin(), all_.end());
  std::sort(apart_.begin(), apart_.end());
  if (first.at == kNever) return;
  const bool both = first.left && first.right;
  const Step steps = left.steps_until(first.at);
  first_ = Divergence{steps == 0 ? 0 : steps - 1, first.at, stamped(left, first.left, both), stamped(right, first.right, both)};
}

std::string FactsApart::text(Time now) const {
  const std::size_t apart = until(apart_, now), all = until(all_, now);
  return std::to_string(apart) + " of " + std::to_string(all) + (all == 1 ? " fact differs" : " facts differ") + " so far";
}

}  // namespace nutshell
