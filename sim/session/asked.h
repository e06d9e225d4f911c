// What a question that nobody has answered asks for: where it would be read already, it is hidden until somebody answers.
//
// It follows from what the answers test. What is still to come needs no hiding: nothing is told beyond the question. But an
// answer may have begun to come true before it, and then the number that stands there is half of it. So what somebody was
// told, and what became of it, is hidden from the beginning of the question's section on.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/session/session.h"

namespace nutshell {

struct Asked {
  std::vector<NodeId> producers;        // what each of them was told
  std::vector<std::size_t> promises;    // whether each of them is broken
  std::vector<TopicPartition> in_sync;  // who is in sync for each of them ...
  std::vector<BrokerId> brokers;        // ... of these brokers; none: of all followers
  bool when = false;                    // when it happens: no clock that drains says what it waits for

  bool any() const { return !producers.empty() || !promises.empty() || !in_sync.empty() || when; }
  bool hides_told(NodeId producer) const;
  bool hides_promise(std::size_t promise) const;
  bool hides_in_sync(BrokerId broker, TopicPartition tp) const;
};

// Nothing, while no question stands and none is next in this section.
Asked asked_of(const Session& session);

}  // namespace nutshell
