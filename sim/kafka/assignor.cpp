#include "sim/kafka/assignor.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <tuple>

#include "sim/core/require.h"

namespace nutshell {
namespace {

constexpr Assignor kAssignors[] = {
    {"range", "org.apache.kafka.clients.consumer.RangeAssignor", assign_range},
    {"roundrobin", "org.apache.kafka.clients.consumer.RoundRobinAssignor", assign_round_robin},
    {"sticky", "org.apache.kafka.clients.consumer.StickyAssignor", assign_sticky},
    {"cooperative-sticky", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor", assign_cooperative_sticky},
};
static_assert(std::size(kAssignors) == kAssignorCount);

std::vector<std::int32_t> indexes(std::size_t count) {
  std::vector<std::int32_t> result(count);
  std::iota(result.begin(), result.end(), 0);
  return result;
}

// Static members come first and are known by their instance id.
std::tuple<bool, std::string_view> member_key(const AssignorMember& member) {
  const bool dynamic = member.group_instance_id.empty();
  return {dynamic, dynamic ? member.member_id : member.group_instance_id};
}

}  // namespace

std::vector<std::int32_t> members_in_order(const std::vector<AssignorMember>& members) {
  std::vector<std::int32_t> order = indexes(members.size());
  std::stable_sort(order.begin(), order.end(), [&members](std::int32_t a, std::int32_t b) {
    return member_key(members[a]) < member_key(members[b]);
  });
  return order;
}

std::vector<std::int32_t> topics_in_order(const std::vector<AssignorTopic>& topics) {
  std::vector<std::int32_t> order = indexes(topics.size());
  std::stable_sort(order.begin(), order.end(),
                   [&topics](std::int32_t a, std::int32_t b) { return topics[a].name < topics[b].name; });
  return order;
}

std::vector<std::vector<std::int32_t>> subscribers_of_topics(const std::vector<AssignorTopic>& topics,
                                                             const std::vector<AssignorMember>& members) {
  std::vector<std::vector<std::int32_t>> subscribers(topics.size());
  for (const std::int32_t member : members_in_order(members)) {
    for (const std::int32_t topic : members[member].topics) {
      NUTSHELL_REQUIRE(topic >= 0 && static_cast<std::size_t>(topic) < topics.size());
      std::vector<std::int32_t>& of_topic = subscribers[topic];
      if (of_topic.empty() || of_topic.back() != member) of_topic.push_back(member);
    }
  }
  return subscribers;
}

std::span<const Assignor> assignors() { return kAssignors; }

const Assignor& assignor(AssignorName name) { return kAssignors[static_cast<std::size_t>(name)]; }

const Assignor* find_assignor(std::string_view name_or_class) {
  for (const Assignor& assignor : assignors()) {
    if (assignor.name == name_or_class || assignor.class_name == name_or_class) return &assignor;
  }
  return nullptr;
}

}  // namespace nutshell
