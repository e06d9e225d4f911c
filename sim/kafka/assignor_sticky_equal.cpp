// The sticky assignment where all members subscribe to the same topics (G16).
//
// With P partitions and k members everybody gets P / k at least, and P mod k of them one more. Members
// keep what they own as far as that allows; the rest is dealt around, by topic and number.
#include <algorithm>
#include <cstddef>

#include "sim/core/require.h"
#include "sim/kafka/assignor_sticky.h"

namespace nutshell {
namespace {

using Partitions = std::vector<TopicPartition>;

struct EqualRun {
  const StickyProblem& problem;
  std::int32_t minimum = 0;
  std::int32_t maximum = 0;
  std::int32_t extras = 0;  // members that may still be given the maximum, where that is more than the minimum
  StickyResult result;
  std::map<TopicPartition, std::int32_t> let_go;  // by whom
  std::vector<std::int32_t> below_minimum;
  std::vector<std::int32_t> at_minimum;  // and may get one more
};

EqualRun begin_equal(const StickyProblem& problem) {
  EqualRun run{problem};
  const auto members = static_cast<std::int32_t>(problem.members.size());
  std::int32_t partitions = 0;
  for (const std::int32_t each : problem.partitions) partitions += each;
  run.minimum = partitions / members;
  run.extras = partitions % members;
  run.maximum = run.minimum + (run.extras > 0 ? 1 : 0);
  run.result.given.resize(problem.members.size());
  return run;
}

// When as many as may have more than the minimum do, those at the minimum are complete.
void use_extra(EqualRun& run) {
  run.extras -= 1;
  if (run.extras == 0) run.at_minimum.clear();
}

void keep(EqualRun& run, std::int32_t member, const Partitions& owned, std::int32_t count) {
  const auto kept = owned.begin() + count;
  run.result.given[member].assign(owned.begin(), kept);
  for (auto each = kept; each != owned.end(); ++each) run.let_go[*each] = member;
}

// What a member may keep, if there is room: by number, then topic.
Partitions keepable(EqualRun& run, std::int32_t member) {
  Partitions owned;
  for (const TopicPartition& each : run.problem.members[member].owned) {
    if (run.problem.racks_differ(member, each)) run.let_go[each] = member;
    else owned.push_back(each);
  }
  std::stable_sort(owned.begin(), owned.end(), [](TopicPartition a, TopicPartition b) {
    return a.partition != b.partition ? a.partition < b.partition : a.topic < b.topic;
  });
  return owned;
}

void keep_owned(EqualRun& run) {
  for (std::int32_t member = 0; member < static_cast<std::int32_t>(run.problem.members.size()); ++member) {
    const Partitions owned = keepable(run, member);
    const auto count = static_cast<std::int32_t>(owned.size());
    if (count < run.minimum) {
      keep(run, member, owned, count);
      run.below_minimum.push_back(member);
    } else if (count >= run.maximum && run.extras > 0) {
      use_extra(run);
      keep(run, member, owned, run.maximum);
    } else {
      keep(run, member, owned, run.minimum);
      if (run.extras > 0) run.at_minimum.push_back(member);
    }
  }
}

Partitions unassigned(const EqualRun& run) {
  std::set<TopicPartition> taken;
  for (const Partitions& each : run.result.given) taken.insert(each.begin(), each.end());
  Partitions rest;
  for (std::int32_t topic = 0; topic < static_cast<std::int32_t>(run.problem.partitions.size()); ++topic)
    for (std::int32_t i = 0; i < run.problem.partitions[topic]; ++i)
      if (taken.count({topic, i}) == 0) rest.push_back({topic, i});
  run.problem.sort_by_members_in_rack(rest);
  return rest;
}

// How many the member has then.
std::int32_t give(EqualRun& run, std::int32_t member, TopicPartition tp) {
  run.result.given[member].push_back(tp);
  const auto let_go = run.let_go.find(tp);
  const bool held_by_another = let_go != run.let_go.end() && let_go->second != member;
  if (held_by_another || run.problem.claimed_twice.count(tp) > 0) run.result.moving.insert(tp);
  return static_cast<std::int32_t>(run.result.given[member].size());
}

// Place in `members`, from `first` on and around, of one in a rack of the partition; -1: none is.
std::int32_t next_in_rack(const EqualRun& run, TopicPartition tp, const std::vector<std::int32_t>& members, std::size_t first) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::size_t place = (first + i) % members.size();
    const std::string& rack = run.problem.members[members[place]].rack;
    if (!rack.empty() && run.problem.replica_racks[tp.topic][tp.partition].count(rack) > 0)
      return static_cast<std::int32_t>(place);
  }
  return -1;
}

// Gives the partition to a member below the minimum in one of its racks; false: there is none.
bool give_below_minimum_in_rack(EqualRun& run, TopicPartition tp, std::size_t& next) {
  std::vector<std::int32_t>& below = run.below_minimum;
  std::int32_t place = next_in_rack(run, tp, below, next);
  if (place < 0) return false;
  const std::int32_t member = below[place];
  const std::int32_t count = give(run, member, tp);
  if (count >= run.minimum) {
    below.erase(below.begin() + place);
    if (count < run.maximum && run.extras > 0) run.at_minimum.push_back(member);
  } else {
    place += 1;
  }
  next = below.empty() ? 0 : static_cast<std::size_t>(place) % below.size();
  return true;
}

bool give_extra_in_rack(EqualRun& run, TopicPartition tp) {
  const std::int32_t place = next_in_rack(run, tp, run.at_minimum, 0);
  if (place < 0) return false;
  const std::int32_t member = run.at_minimum[place];
  if (give(run, member, tp) < run.maximum) return true;
  run.at_minimum.erase(run.at_minimum.begin() + place);
  use_extra(run);
  return true;
}

void deal_in_racks(EqualRun& run, Partitions& rest) {
  std::size_t next = 0;
  std::erase_if(rest, [&](const TopicPartition& each) {
    return give_below_minimum_in_rack(run, each, next) || give_extra_in_rack(run, each);
  });
}

void deal(EqualRun& run, const Partitions& rest) {
  std::vector<std::int32_t>& below = run.below_minimum;
  std::size_t next = 0;
  for (const TopicPartition& each : rest) {
    if (below.empty()) {
      NUTSHELL_REQUIRE(!run.at_minimum.empty());
      const std::int32_t member = run.at_minimum.front();
      run.at_minimum.erase(run.at_minimum.begin());
      give(run, member, each);
      continue;
    }
    if (next == below.size()) next = 0;
    const std::int32_t member = below[next++];
    if (give(run, member, each) < run.minimum) continue;
    below.erase(below.begin() + static_cast<std::ptrdiff_t>(--next));
    run.at_minimum.push_back(member);
  }
}

}  // namespace

StickyResult assign_equal_subscriptions(const StickyProblem& problem) {
  EqualRun run = begin_equal(problem);
  keep_owned(run);
  Partitions rest = unassigned(run);
  if (problem.racks_matter) deal_in_racks(run, rest);
  deal(run, rest);
  return std::move(run.result);
}

}  // namespace nutshell
