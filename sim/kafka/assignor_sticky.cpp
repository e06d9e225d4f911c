// The sticky assignors (G16): who claims what, and what the cooperative one holds back.
#include "sim/kafka/assignor_sticky.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "sim/core/require.h"
#include "sim/kafka/assignor.h"

namespace nutshell {
namespace {

// The way from ranks to the indexes of the caller, and back.
struct Ranks {
  std::vector<std::int32_t> topic_at;   // index of the topic of a rank
  std::vector<std::int32_t> rank_of;    // rank of a topic's index; -1: takes no part
  std::vector<std::int32_t> member_at;  // index of the member of a rank
};

// Unlike the other assignors, the sticky ones do not look at group.instance.id.
std::vector<std::int32_t> members_by_id(const std::vector<AssignorMember>& members) {
  std::vector<std::int32_t> order(members.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&members](std::int32_t a, std::int32_t b) { return members[a].member_id < members[b].member_id; });
  return order;
}

Ranks ranks_of(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members) {
  const std::vector<std::vector<std::int32_t>> subscribers = subscribers_of_topics(topics, members);
  Ranks ranks{{}, std::vector<std::int32_t>(topics.size(), -1), members_by_id(members)};
  for (const std::int32_t topic : topics_in_order(topics)) {
    if (topics[topic].partitions <= 0 || subscribers[topic].empty()) continue;
    ranks.rank_of[topic] = static_cast<std::int32_t>(ranks.topic_at.size());
    ranks.topic_at.push_back(topic);
  }
  return ranks;
}

std::vector<std::int32_t> sorted(std::vector<std::int32_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// Topics without metadata count: they are part of the subscription.
bool subscribe_alike(const std::vector<AssignorMember>& members) {
  return std::all_of(members.begin(), members.end(), [&members](const AssignorMember& each) {
    return sorted(each.topics) == sorted(members.front().topics);
  });
}

// Owned partitions travel by topic and number, the user data of the eager assignor in an order of its own.
StickyMember member_of(const StickyProblem& problem, const Ranks& ranks, const AssignorMember& member, bool sort_claims) {
  StickyMember result{{}, {}, {}, member.generation, member.rack};
  for (const std::int32_t topic : sorted(member.topics))
    if (ranks.rank_of[topic] >= 0) result.topics.push_back(ranks.rank_of[topic]);
  std::sort(result.topics.begin(), result.topics.end());
  for (const TopicPartition& each : member.owned) {
    const std::int32_t topic = ranks.rank_of[each.topic];
    if (topic < 0 || each.partition < 0 || each.partition >= problem.partitions[topic]) continue;
    result.claimed.push_back({topic, each.partition});
  }
  if (sort_claims) std::sort(result.claimed.begin(), result.claimed.end());
  return result;
}

// A claim of a newer generation beats an older one; two of the same generation both fail.
void settle_claims(StickyProblem& problem) {
  std::map<TopicPartition, std::int32_t> newest;
  std::map<TopicPartition, std::int32_t> claims;  // how many of the newest
  for (const StickyMember& member : problem.members) {
    for (const TopicPartition& each : member.claimed) {
      const auto [known, first] = newest.try_emplace(each, member.generation);
      if (first || member.generation > known->second) claims[each] = 0;
      known->second = std::max(known->second, member.generation);
      if (member.generation == known->second) claims[each] += 1;
    }
  }
  for (const auto& [tp, count] : claims)
    if (count > 1) problem.claimed_twice.insert(tp);
  for (StickyMember& member : problem.members)
    for (const TopicPartition& each : member.claimed)
      if (claims[each] == 1 && newest[each] == member.generation) member.owned.push_back(each);
}

void note_former_owners(StickyProblem& problem) {
  std::int32_t last = -1;
  for (const StickyMember& each : problem.members) last = std::max(last, each.generation);
  for (std::size_t i = 0; i < problem.members.size(); ++i) {
    const StickyMember& member = problem.members[i];
    if (member.generation == last) continue;
    for (const TopicPartition& each : member.claimed) {
      const auto known = problem.former.find(each);
      if (known != problem.former.end() && problem.members[known->second].generation >= member.generation) continue;
      problem.former[each] = static_cast<std::int32_t>(i);
    }
  }
}

void note_racks(StickyProblem& problem, const Ranks& ranks, const std::vector<AssignorTopic>& topics) {
  std::set<std::string> wanted;
  for (const StickyMember& each : problem.members)
    if (!each.rack.empty()) wanted.insert(each.rack);
  if (wanted.empty()) return;
  std::set<std::string> all;
  for (std::size_t topic = 0; topic < problem.partitions.size(); ++topic) {
    const std::vector<std::vector<std::string>>& named = topics[ranks.topic_at[topic]].replica_racks;
    std::vector<std::set<std::string>>& racks = problem.replica_racks.emplace_back(problem.partitions[topic]);
    for (std::size_t i = 0; i < racks.size() && i < named.size(); ++i) {
      racks[i].insert(named[i].begin(), named[i].end());
      racks[i].erase("");
      all.insert(racks[i].begin(), racks[i].end());
    }
  }
  const bool meet = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& each) { return all.count(each) > 0; });
  for (const std::vector<std::set<std::string>>& topic : problem.replica_racks)
    for (const std::set<std::string>& each : topic)
      if (meet && each != all) problem.racks_matter = true;
}

StickyProblem problem_of(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members,
                         const Ranks& ranks, bool cooperative) {
  StickyProblem problem;
  for (const std::int32_t topic : ranks.topic_at) problem.partitions.push_back(topics[topic].partitions);
  for (const std::int32_t index : ranks.member_at)
    problem.members.push_back(member_of(problem, ranks, members[index], cooperative));
  problem.equal_subscriptions = subscribe_alike(members);
  settle_claims(problem);
  note_former_owners(problem);
  note_racks(problem, ranks, topics);
  return problem;
}

// A partition that its holder does not keep is given to nobody until the holder has let go of it.
void withhold_moving(StickyResult& result) {
  for (std::vector<TopicPartition>& given : result.given)
    std::erase_if(given, [&result](const TopicPartition& each) { return result.moving.count(each) > 0; });
}

Assignment assign(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members, bool cooperative) {
  Assignment assignment(members.size());
  if (members.empty()) return assignment;
  const Ranks ranks = ranks_of(topics, members);
  const StickyProblem problem = problem_of(topics, members, ranks, cooperative);
  StickyResult result =
      problem.equal_subscriptions ? assign_equal_subscriptions(problem) : assign_unequal_subscriptions(problem);
  if (cooperative) withhold_moving(result);
  for (std::size_t i = 0; i < result.given.size(); ++i)
    for (const TopicPartition& each : result.given[i])
      assignment[ranks.member_at[i]].push_back({ranks.topic_at[each.topic], each.partition});
  return assignment;
}

}  // namespace

bool StickyProblem::racks_differ(std::int32_t member, TopicPartition tp) const {
  if (!racks_matter || members[member].rack.empty()) return false;
  return replica_racks[tp.topic][tp.partition].count(members[member].rack) == 0;
}

void StickyProblem::sort_by_members_in_rack(std::vector<TopicPartition>& unsorted) const {
  if (replica_racks.empty()) return;
  const auto members_in = [this](TopicPartition tp) {
    const std::set<std::string>& racks = replica_racks[tp.topic][tp.partition];
    return std::count_if(members.begin(), members.end(),
                         [&racks](const StickyMember& each) { return racks.count(each.rack) > 0; });
  };
  std::stable_sort(unsorted.begin(), unsorted.end(),
                   [&](TopicPartition a, TopicPartition b) { return members_in(a) < members_in(b); });
}

Assignment assign_sticky(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members) {
  return assign(topics, members, false);
}

Assignment assign_cooperative_sticky(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members) {
  return assign(topics, members, true);
}

}  // namespace nutshell
