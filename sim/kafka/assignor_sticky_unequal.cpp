// The sticky assignment where members subscribe to different topics (G16).
//
// Members keep what they own; every other partition goes to the least loaded member that can take it,
// topics with the fewest takers first. Then partitions move while that makes two members more equal.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "sim/core/require.h"
#include "sim/kafka/assignor_sticky.h"

namespace nutshell {
namespace {

using Partitions = std::vector<TopicPartition>;
using Hands = std::pair<std::int32_t, std::int32_t>;  // from one member to another

// Who gave what to whom while the load was evened out: a partition does not go back and forth.
struct Movements {
  std::map<TopicPartition, Hands> of_partition;
  std::map<std::pair<std::int32_t, Hands>, std::set<TopicPartition>> of_topic;

  void add(TopicPartition tp, Hands hands) {
    of_partition[tp] = hands;
    of_topic[{tp.topic, hands}].insert(tp);
  }
  void note(TopicPartition tp, std::int32_t from, std::int32_t to) {
    const auto known = of_partition.find(tp);
    if (known == of_partition.end()) return add(tp, {from, to});
    const Hands before = known->second;
    of_topic[{tp.topic, before}].erase(tp);
    of_partition.erase(known);
    if (before.first != to) add(tp, {before.first, to});
  }
  // One of the topic that came the opposite way can go back instead.
  TopicPartition instead_of(TopicPartition tp, std::int32_t from, std::int32_t to) const {
    const auto known = of_partition.find(tp);
    if (known != of_partition.end()) from = known->second.first;
    const auto reverse = of_topic.find({tp.topic, {to, from}});
    return reverse == of_topic.end() || reverse->second.empty() ? tp : *reverse->second.begin();
  }
};

struct UnequalRun {
  const StickyProblem& problem;
  std::vector<std::vector<std::int32_t>> takers;  // by topic: members that subscribe to it
  std::vector<Partitions> held;                   // by member
  std::map<TopicPartition, std::int32_t> holder;
  std::set<std::pair<std::int32_t, std::int32_t>> by_load;  // (partitions held, member) of those whose load may change
  Partitions all;                                           // of topics with the fewest takers first
  bool gives_up = false;  // a member must let go of something, whatever the balance
  Movements movements;
};

std::int32_t load(const UnequalRun& run, std::int32_t member) { return static_cast<std::int32_t>(run.held[member].size()); }

bool takes(const UnequalRun& run, std::int32_t member, std::int32_t topic) {
  const std::vector<std::int32_t>& topics = run.problem.members[member].topics;
  return std::binary_search(topics.begin(), topics.end(), topic);
}

UnequalRun begin_unequal(const StickyProblem& problem) {
  UnequalRun run{problem};
  run.takers.resize(problem.partitions.size());
  run.held.resize(problem.members.size());
  for (std::size_t i = 0; i < problem.members.size(); ++i)
    for (const std::int32_t topic : problem.members[i].topics) run.takers[topic].push_back(static_cast<std::int32_t>(i));
  std::vector<std::pair<std::size_t, std::int32_t>> topics;
  for (std::size_t i = 0; i < run.takers.size(); ++i) topics.emplace_back(run.takers[i].size(), static_cast<std::int32_t>(i));
  std::sort(topics.begin(), topics.end());
  for (const auto& [count, topic] : topics)
    for (std::int32_t i = 0; i < problem.partitions[topic]; ++i) run.all.push_back({topic, i});
  return run;
}

void keep_owned(UnequalRun& run) {
  for (std::int32_t member = 0; member < static_cast<std::int32_t>(run.held.size()); ++member) {
    for (const TopicPartition& each : run.problem.members[member].owned) {
      if (!takes(run, member, each.topic) || run.problem.racks_differ(member, each)) {
        run.gives_up = true;
        continue;
      }
      run.held[member].push_back(each);
      run.holder[each] = member;
    }
    run.by_load.emplace(load(run, member), member);
  }
}

void put(UnequalRun& run, std::int32_t member, TopicPartition tp) {
  run.by_load.erase({load(run, member), member});
  run.held[member].push_back(tp);
  run.holder[tp] = member;
  run.by_load.emplace(load(run, member), member);
}

// Gives the partition to the least loaded member that can take it; false: there is none.
bool give(UnequalRun& run, TopicPartition tp, bool matching_racks_only) {
  for (const auto& [count, member] : run.by_load) {
    if (!takes(run, member, tp.topic) || (matching_racks_only && run.problem.racks_differ(member, tp))) continue;
    put(run, member, tp);
    return true;
  }
  return false;
}

void give_unassigned(UnequalRun& run, Partitions rest) {
  if (run.problem.racks_matter) std::erase_if(rest, [&run](const TopicPartition& each) { return give(run, each, true); });
  for (const TopicPartition& each : rest) give(run, each, false);
}

std::int32_t most_possible(const UnequalRun& run, std::int32_t member) {
  std::int32_t most = 0;
  for (const std::int32_t topic : run.problem.members[member].topics) most += run.problem.partitions[topic];
  return most;
}

// Some partition that the member can take is with one who has two more, at least.
bool could_take_over(const UnequalRun& run, std::int32_t member) {
  for (const std::int32_t topic : run.problem.members[member].topics)
    for (std::int32_t i = 0; i < run.problem.partitions[topic]; ++i)
      if (load(run, member) + 1 < load(run, run.holder.at({topic, i}))) return true;
  return false;
}

bool balanced(const UnequalRun& run) {
  if (run.by_load.begin()->first >= run.by_load.rbegin()->first - 1) return true;
  return std::none_of(run.by_load.begin(), run.by_load.end(), [&run](const auto& each) {
    return each.first < most_possible(run, each.second) && could_take_over(run, each.second);
  });
}

void move(UnequalRun& run, TopicPartition wanted, std::int32_t to) {
  const TopicPartition tp = run.movements.instead_of(wanted, run.holder[wanted], to);
  const std::int32_t from = run.holder[tp];
  run.movements.note(tp, from, to);
  run.by_load.erase({load(run, from), from});
  std::erase(run.held[from], tp);
  run.by_load.emplace(load(run, from), from);
  put(run, to, tp);
}

// The least loaded member that can take the topic.
std::int32_t lightest(const UnequalRun& run, std::int32_t topic) {
  for (const auto& [count, member] : run.by_load)
    if (takes(run, member, topic)) return member;
  NUTSHELL_REQUIRE(false);
  return -1;
}

// Moves the partition if that makes two members more equal: back to its former owner, else to the lightest.
bool move_if_better(UnequalRun& run, TopicPartition tp) {
  const std::int32_t count = load(run, run.holder[tp]);
  const auto former = run.problem.former.find(tp);
  if (former != run.problem.former.end() && takes(run, former->second, tp.topic) && count > load(run, former->second) + 1) {
    move(run, tp, former->second);
    return true;
  }
  const std::vector<std::int32_t>& takers = run.takers[tp.topic];
  const bool better = std::any_of(takers.begin(), takers.end(), [&](std::int32_t each) { return count > load(run, each) + 1; });
  if (better) move(run, tp, lightest(run, tp.topic));
  return better;
}

bool even_out(UnequalRun& run, const Partitions& movable) {
  bool moved_any = false;
  for (bool moved = true; moved;) {
    moved = false;
    for (const TopicPartition& each : movable) {
      if (balanced(run)) break;
      moved = move_if_better(run, each) || moved;
    }
    moved_any = moved_any || moved;
  }
  return moved_any;
}

// The sum of the differences between any two members.
std::int64_t imbalance(const std::vector<Partitions>& held, const std::vector<std::int32_t>& members) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < members.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      sum += std::abs(static_cast<std::int64_t>(held[members[i]].size()) - static_cast<std::int64_t>(held[members[j]].size()));
  return sum;
}

// Nobody else can take anything that the member has, and it has all that it can take.
bool is_settled(const UnequalRun& run, std::int32_t member) {
  const Partitions& held = run.held[member];
  return load(run, member) == most_possible(run, member) &&
         std::all_of(held.begin(), held.end(), [&run](TopicPartition each) { return run.takers[each.topic].size() < 2; });
}

void balance(UnequalRun& run, Partitions rest, bool from_nothing) {
  const auto alone = [&run](const TopicPartition& each) { return run.takers[each.topic].size() < 2; };
  std::erase_if(run.all, alone);
  std::erase_if(rest, alone);
  std::erase_if(run.by_load, [&run](const auto& each) { return is_settled(run, each.second); });
  std::vector<std::int32_t> members;
  for (const auto& [count, member] : run.by_load) members.push_back(member);
  const std::vector<Partitions> before = run.held;
  // What nobody held moves first, unless something has to be given up anyway.
  if (!run.gives_up) even_out(run, rest);
  const bool moved = even_out(run, run.all);
  if (!from_nothing && moved && imbalance(run.held, members) >= imbalance(before, members)) run.held = before;
}

// What one member is given that another, as it says itself, holds and does not keep.
std::set<TopicPartition> changing_hands(const StickyProblem& problem, const std::vector<Partitions>& given) {
  std::set<TopicPartition> added, let_go, moving;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::set<TopicPartition> now(given[i].begin(), given[i].end());
    const Partitions& claimed = problem.members[i].claimed;
    const std::set<TopicPartition> before(claimed.begin(), claimed.end());
    std::set_difference(now.begin(), now.end(), before.begin(), before.end(), std::inserter(added, added.end()));
    std::set_difference(before.begin(), before.end(), now.begin(), now.end(), std::inserter(let_go, let_go.end()));
  }
  std::set_intersection(added.begin(), added.end(), let_go.begin(), let_go.end(), std::inserter(moving, moving.end()));
  return moving;
}

}  // namespace

StickyResult assign_unequal_subscriptions(const StickyProblem& problem) {
  UnequalRun run = begin_unequal(problem);
  keep_owned(run);
  const bool from_nothing = run.holder.empty();
  Partitions rest;
  for (const TopicPartition& each : run.all)
    if (run.holder.count(each) == 0) rest.push_back(each);
  give_unassigned(run, rest);
  balance(run, std::move(rest), from_nothing);
  std::set<TopicPartition> moving = changing_hands(problem, run.held);
  return {std::move(run.held), std::move(moving)};
}

}  // namespace nutshell
