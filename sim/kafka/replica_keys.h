// Which partitions a broker has replicas of, and the place of each: every message looks some up.
//
// Sorted by partition, as the replicas themselves. A topic of which the broker has every partition, as is
// usual in a small cluster, has its nth partition at its nth place; elsewhere a binary search among those of the topic finds it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/types.h"

namespace nutshell {

class ReplicaKeys {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // The place of the partition; kNone: it is not here.
  std::size_t find(TopicPartition tp) const {
    const auto topic = static_cast<std::size_t>(tp.topic);
    if (topic >= first_.size()) return kNone;
    const std::size_t place = first_[topic] + static_cast<std::size_t>(tp.partition);
    return place < keys_.size() && keys_[place] == tp ? place : search(tp);
  }

  // Adds the partition and returns its place; those behind it move up. REQUIRES it is not here, and names a topic.
  std::size_t add(TopicPartition tp) {
    const auto topic = static_cast<std::size_t>(tp.topic);
    if (topic >= first_.size()) first_.resize(topic + 1, static_cast<std::uint32_t>(keys_.size()));
    for (std::size_t later = topic + 1; later < first_.size(); ++later) ++first_[later];
    const auto added = keys_.insert(std::lower_bound(keys_.begin(), keys_.end(), tp), tp);
    return static_cast<std::size_t>(added - keys_.begin());
  }

  // Takes the partition away and returns the place that it had; those behind it move down. REQUIRES it is here.
  std::size_t remove(TopicPartition tp) {
    const std::size_t place = search(tp);
    keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(place));
    for (std::size_t later = static_cast<std::size_t>(tp.topic) + 1; later < first_.size(); ++later) --first_[later];
    return place;
  }

  void fold_into(std::uint64_t& digest) const { fold(digest, keys_); }
  std::size_t memory_bytes() const {
    return keys_.capacity() * sizeof(keys_[0]) + first_.capacity() * sizeof(first_[0]);
  }

 private:
  // REQUIRES first_ knows the topic.
  std::size_t search(TopicPartition tp) const {
    const auto topic = static_cast<std::size_t>(tp.topic);
    const auto from = keys_.begin() + first_[topic];
    const auto to = topic + 1 < first_.size() ? keys_.begin() + first_[topic + 1] : keys_.end();
    const auto found = std::lower_bound(from, to, tp);
    return found != to && *found == tp ? static_cast<std::size_t>(found - keys_.begin()) : kNone;
  }

  std::vector<TopicPartition> keys_;
  std::vector<std::uint32_t> first_;  // by topic: the place of its first partition, or where that would be
};

}  // namespace nutshell
