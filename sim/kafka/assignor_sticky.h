// What the parts of the sticky assignors share (G16). For assignor_sticky*.cpp only.
//
// Topics and members go by rank, their place in the order of topic names and of member ids: comparing
// numbers compares names. Only topics that somebody subscribes to and that have partitions take part.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/core/types.h"

namespace nutshell {

struct StickyMember {
  std::vector<std::int32_t> topics;     // to which it subscribes, ascending
  std::vector<TopicPartition> claimed;  // what it says that it held, of partitions that there are
  std::vector<TopicPartition> owned;    // of these, those to which nobody else has as good a claim
  std::int32_t generation = -1;         // of the claim
  std::string rack;                     // "": none
};

struct StickyProblem {
  std::vector<std::int32_t> partitions;  // by topic
  std::vector<StickyMember> members;
  bool equal_subscriptions = true;
  std::set<TopicPartition> claimed_twice;         // by two members of the newest generation that claims it
  std::map<TopicPartition, std::int32_t> former;  // who held it in the newest generation before the last
  // Racks of the replicas, by topic and partition. Empty: no member is in a rack.
  std::vector<std::vector<std::set<std::string>>> replica_racks;
  bool racks_matter = false;  // some replicas are in a member's rack, and not all of them everywhere

  bool racks_differ(std::int32_t member, TopicPartition tp) const;
  // Of partitions by topic and number: those whose racks have the fewest members come first.
  void sort_by_members_in_rack(std::vector<TopicPartition>& partitions) const;
};

struct StickyResult {
  std::vector<std::vector<TopicPartition>> given;  // by member
  std::set<TopicPartition> moving;                 // given to another than who holds them now
};

StickyResult assign_equal_subscriptions(const StickyProblem& problem);
StickyResult assign_unequal_subscriptions(const StickyProblem& problem);

}  // namespace nutshell
