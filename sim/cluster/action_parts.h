// What the files of the actions share, and what a name of a topic may be, for whoever reads one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

// REQUIRES there is such a node.
NodeId id_of(const World& world, const std::string& name);

// Every ordered pair of different nodes that `from` and `to` mean; empty names mean all. `both`: also the way back.
std::vector<std::pair<NodeId, NodeId>> link_pairs(const World& world, const std::string& from, const std::string& to,
                                                  bool both);

// The link's behaviour with what the action gives.
LinkModel changed(LinkModel model, const SetLink& action);

// The oldest message in flight that the action means, an index into Fabric::messages; -1: there is none.
std::int32_t oldest_message(const World& world, const DropMessage& action);

// How many partitions the topic has, or will have when the operator's requests are done; 0: there is no such topic,
// and none is under way.
std::int64_t partitions_of(const World& world, std::string_view topic);

// Says that nothing comes of an action: why, and Kafka's error if it was Kafka that said so.
void tell_refused(Env& env, std::string_view action, std::string_view reason, ErrorCode error);

// A name as Kafka allows it for topics.
bool is_topic_name(std::string_view name);

}  // namespace nutshell
