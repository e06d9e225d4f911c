// The client-side assignors of the classic group protocol: the leader of a group runs one of them
// over everybody's subscription (5.3). Each is a pure function, so the same group gets the same
// answer whoever leads it.
//
// A topic is named by its index in `topics`, a member by its index in `members`; the result does not
// depend on the order of either. Names are compared by byte, which is Java's order for ASCII.
// Where Kafka's order follows a Java hash map, topics are taken in name order instead.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/types.h"
#include "sim/kafka/subscription.h"

namespace nutshell {

struct AssignorTopic {
  std::string name;
  std::int32_t partitions = -1;  // -1: subscribed to, but the leader has no metadata of it
  // Racks (broker.rack) of each partition's replicas. Empty where racks play no part.
  std::vector<std::vector<std::string>> replica_racks;
};

struct AssignorMember {
  std::string member_id;
  std::string group_instance_id;    // group.instance.id; "" is a dynamic member
  std::string rack;                 // client.rack; "" is none
  std::vector<std::int32_t> topics;  // indexes into topics, in the order of the subscription
  std::vector<TopicPartition> owned;  // what it held before, as it claims
  std::int32_t generation = -1;       // in which it held that; -1 is none
};

// For each member, in the order of `members`, its partitions; TopicPartition::topic is an index into
// `topics`.
using Assignment = std::vector<std::vector<TopicPartition>>;

// Range, per topic: consecutive runs, the first members get one more (G14). Where client.rack of a
// subscriber meets the racks of replicas, partitions that match are given first within the same
// counts, and topics with the same subscribers and partition count stay co-partitioned (KIP-881).
// Lists are sorted by topic name, then partition.
Assignment assign_range(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members);

// All partitions by topic name and number, dealt around the members; a member that does not
// subscribe to the topic is skipped (G15). Lists are in the order of dealing.
Assignment assign_round_robin(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members);

// Members keep what they hold, as far as the load stays even (G16). Of what another member claims as well
// the newer generation counts; a partition that is claimed twice in one generation counts as nobody's.
Assignment assign_sticky(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members);

// The same, but what changes hands is given to nobody: its holder has to let go of it first, and the
// assignment after that gives it away (G12).
Assignment assign_cooperative_sticky(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members);

struct Assignor {
  std::string_view name;        // in JoinGroup, the name of the protocol
  std::string_view class_name;  // in partition.assignment.strategy
  Assignment (*assign)(const std::vector<AssignorTopic>& topics, const std::vector<AssignorMember>& members);
};

// Every assignor there is, in the order of AssignorName.
std::span<const Assignor> assignors();
const Assignor& assignor(AssignorName name);

// The assignor with that name or class name; nullptr if there is none.
const Assignor* find_assignor(std::string_view name_or_class);

// What assignors share.

// Indexes of members in Kafka's order: static ones first by group.instance.id, then the others by
// member id (5.3).
std::vector<std::int32_t> members_in_order(const std::vector<AssignorMember>& members);

// Indexes of topics in the order of their names.
std::vector<std::int32_t> topics_in_order(const std::vector<AssignorTopic>& topics);

// For each topic the members that subscribe to it, each once, in Kafka's order of members.
// REQUIRES every topic of a member to be an index into topics.
std::vector<std::vector<std::int32_t>> subscribers_of_topics(const std::vector<AssignorTopic>& topics,
                                                             const std::vector<AssignorMember>& members);

}  // namespace nutshell
