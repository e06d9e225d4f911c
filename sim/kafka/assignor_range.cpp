#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "sim/kafka/assignor.h"

namespace nutshell {
namespace {

// One topic while its partitions are being given away.
struct TopicShare {
  std::int32_t topic;
  std::vector<std::int32_t> consumers;  // indexes of members, in Kafka's order
  std::vector<std::int32_t> given;      // partitions given so far, aligned with consumers
  std::vector<bool> taken;              // by partition
  std::int32_t quota;                   // partitions for every consumer
  std::int32_t extras;                  // consumers that may still get one more
};

struct RangeRun {
  const std::vector<AssignorTopic>& topics;
  const std::vector<AssignorMember>& members;
  std::vector<TopicShare> shares;  // in order of topic name
  Assignment assignment;
};

std::int32_t partition_count(const TopicShare& share) { return static_cast<std::int32_t>(share.taken.size()); }

std::vector<TopicShare> initial_shares(const std::vector<AssignorTopic>& topics,
                                       const std::vector<AssignorMember>& members) {
  const std::vector<std::vector<std::int32_t>> subscribers = subscribers_of_topics(topics, members);
  std::vector<TopicShare> shares;
  for (const std::int32_t topic : topics_in_order(topics)) {
    const std::int32_t partitions = topics[topic].partitions;
    if (partitions <= 0 || subscribers[topic].empty()) continue;
    const std::size_t consumers = subscribers[topic].size();
    const auto divisor = static_cast<std::int32_t>(consumers);
    shares.push_back({topic, subscribers[topic], std::vector<std::int32_t>(consumers, 0),
                      std::vector<bool>(partitions, false), partitions / divisor, partitions % divisor});
  }
  return shares;
}

std::int32_t room(const TopicShare& share, std::size_t consumer) {
  const std::int32_t limit = share.quota + (share.extras > 0 ? 1 : 0);
  return std::max(0, limit - share.given[consumer]);
}

void give(RangeRun& run, TopicShare& share, std::size_t consumer, std::int32_t partition) {
  run.assignment[share.consumers[consumer]].push_back({share.topic, partition});
  share.taken[partition] = true;
  share.given[consumer] += 1;
  if (share.given[consumer] > share.quota) share.extras -= 1;
}

const std::vector<std::string>& racks_of(const AssignorTopic& topic, std::int32_t partition) {
  static const std::vector<std::string> none;
  const auto index = static_cast<std::size_t>(partition);
  return index < topic.replica_racks.size() ? topic.replica_racks[index] : none;
}

// A consumer without a rack is content with any partition.
bool rack_matches(const RangeRun& run, const TopicShare& share, std::size_t consumer, std::int32_t partition) {
  const std::string& rack = run.members[share.consumers[consumer]].rack;
  const std::vector<std::string>& racks = racks_of(run.topics[share.topic], partition);
  return rack.empty() || std::find(racks.begin(), racks.end(), rack) != racks.end();
}

std::set<std::string> consumer_racks(const RangeRun& run, const TopicShare& share) {
  std::set<std::string> racks;
  for (const std::int32_t member : share.consumers) {
    if (!run.members[member].rack.empty()) racks.insert(run.members[member].rack);
  }
  return racks;
}

std::set<std::string> partition_racks(const RangeRun& run, const TopicShare& share, std::int32_t partition) {
  const std::vector<std::string>& racks = racks_of(run.topics[share.topic], partition);
  std::set<std::string> named(racks.begin(), racks.end());
  named.erase("");
  return named;
}

// Racks matter if some consumer is in a rack with replicas, and not every partition is in every rack.
bool racks_matter(const RangeRun& run, const TopicShare& share) {
  std::set<std::string> all;
  for (std::int32_t p = 0; p < partition_count(share); ++p) all.merge(partition_racks(run, share, p));
  const std::set<std::string> wanted = consumer_racks(run, share);
  const bool meet =
      std::any_of(wanted.begin(), wanted.end(), [&all](const std::string& rack) { return all.count(rack) > 0; });
  if (!meet) return false;
  for (std::int32_t p = 0; p < partition_count(share); ++p) {
    if (partition_racks(run, share, p) != all) return true;
  }
  return false;
}

// Each consumer in turn takes the lowest free partitions, as many as it has room for.
void give_ranges(RangeRun& run, TopicShare& share, bool matching_racks_only) {
  for (std::size_t consumer = 0; consumer < share.consumers.size(); ++consumer) {
    std::int32_t left = room(share, consumer);
    for (std::int32_t p = 0; p < partition_count(share) && left > 0; ++p) {
      if (share.taken[p] || (matching_racks_only && !rack_matches(run, share, consumer, p))) continue;
      give(run, share, consumer, p);
      left -= 1;
    }
  }
}

// True if the consumer can take this partition of every one of the co-partitioned topics.
bool can_take(const RangeRun& run, const std::vector<std::size_t>& group, std::size_t consumer,
              std::int32_t partition) {
  return std::all_of(group.begin(), group.end(), [&](std::size_t i) {
    return room(run.shares[i], consumer) > 0 && rack_matches(run, run.shares[i], consumer, partition);
  });
}

// `group` are topics with the same consumers and the same number of partitions: partition p of all
// of them goes to one consumer, the first whose rack matches in each.
void give_co_partitioned(RangeRun& run, const std::vector<std::size_t>& group) {
  const TopicShare& any = run.shares[group.front()];
  for (std::int32_t p = 0; p < partition_count(any); ++p) {
    std::size_t consumer = 0;
    while (consumer < any.consumers.size() && !can_take(run, group, consumer, p)) ++consumer;
    if (consumer == any.consumers.size()) continue;
    for (const std::size_t i : group) give(run, run.shares[i], consumer, p);
  }
}

void give_matching_racks(RangeRun& run) {
  std::map<std::pair<std::vector<std::int32_t>, std::int32_t>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < run.shares.size(); ++i) {
    const TopicShare& share = run.shares[i];
    if (consumer_racks(run, share).empty()) continue;
    groups[{share.consumers, partition_count(share)}].push_back(i);
  }
  for (const auto& [key, group] : groups) {
    if (group.size() > 1) {
      give_co_partitioned(run, group);
    } else if (racks_matter(run, run.shares[group.front()])) {
      give_ranges(run, run.shares[group.front()], true);
    }
  }
}

void sort_by_topic_name(RangeRun& run) {
  for (std::vector<TopicPartition>& partitions : run.assignment) {
    std::stable_sort(partitions.begin(), partitions.end(), [&run](const TopicPartition& a, const TopicPartition& b) {
      return std::pair(std::string_view(run.topics[a.topic].name), a.partition) <
             std::pair(std::string_view(run.topics[b.topic].name), b.partition);
    });
  }
}

}  // namespace

Assignment assign_range(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members) {
  RangeRun run{topics, members, initial_shares(topics, members), Assignment(members.size())};
  const bool rack_aware = std::any_of(run.shares.begin(), run.shares.end(),
                                      [&run](const TopicShare& share) { return racks_matter(run, share); });
  if (rack_aware) give_matching_racks(run);
  for (TopicShare& share : run.shares) give_ranges(run, share, false);
  sort_by_topic_name(run);
  return run.assignment;
}

}  // namespace nutshell
