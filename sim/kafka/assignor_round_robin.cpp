#include <algorithm>
#include <cstddef>

#include "sim/kafka/assignor.h"

namespace nutshell {

Assignment assign_round_robin(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members) {
  Assignment assignment(members.size());
  const std::vector<std::vector<std::int32_t>> subscribers = subscribers_of_topics(topics, members);
  const std::vector<std::int32_t> circle = members_in_order(members);
  std::size_t next = 0;
  for (const std::int32_t topic : topics_in_order(topics)) {
    const std::vector<std::int32_t>& of_topic = subscribers[topic];
    if (of_topic.empty()) continue;
    for (std::int32_t partition = 0; partition < topics[topic].partitions; ++partition) {
      while (std::find(of_topic.begin(), of_topic.end(), circle[next]) == of_topic.end()) {
        next = (next + 1) % circle.size();
      }
      assignment[circle[next]].push_back({topic, partition});
      next = (next + 1) % circle.size();
    }
  }
  return assignment;
}

}  // namespace nutshell
