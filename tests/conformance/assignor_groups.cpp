#include "tests/conformance/assignor_groups.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace nutshell {
namespace {

std::int32_t topic_index(AssignorGroup& group, const std::string& name) {
  for (std::size_t i = 0; i < group.topics.size(); ++i) {
    if (group.topics[i].name == name) return static_cast<std::int32_t>(i);
  }
  group.topics.push_back({.name = name});
  return static_cast<std::int32_t>(group.topics.size() - 1);
}

// A member that has lost its generation still has that of its assignor's user data.
std::int32_t claimed_generation(const nlohmann::json& member) {
  const std::int32_t generation = member.value("generation", -1);
  const bool remembers = member.contains("userdata_generation") && !member.at("userdata_generation").is_null();
  return generation == -1 && remembers ? member.at("userdata_generation").get<std::int32_t>() : generation;
}

AssignorMember member_of(AssignorGroup& group, const nlohmann::json& member) {
  AssignorMember added;
  added.member_id = member.at("member_id");
  added.group_instance_id = member.value("group_instance_id", "");
  added.rack = member.value("rack_id", "");
  added.generation = claimed_generation(member);
  for (const std::string name : member.at("topics")) added.topics.push_back(topic_index(group, name));
  if (!member.contains("owned")) return added;
  for (const auto& [name, partition] : member.at("owned").get<NamedPartitions>())
    added.owned.push_back({topic_index(group, name), partition});
  return added;
}

}  // namespace

AssignorGroup assignor_group(const nlohmann::json& test) {
  AssignorGroup group;
  for (const auto& [name, topic] : test.at("topics").items()) {
    AssignorTopic& added = group.topics[topic_index(group, name)];
    added.partitions = topic.at("partitions");
    if (topic.contains("replica_racks")) topic.at("replica_racks").get_to(added.replica_racks);
  }
  for (const nlohmann::json& member : test.at("members")) group.members.push_back(member_of(group, member));
  return group;
}

AssignorGroup reversed(AssignorGroup group) {
  const auto last = static_cast<std::int32_t>(group.topics.size()) - 1;
  std::reverse(group.topics.begin(), group.topics.end());
  std::reverse(group.members.begin(), group.members.end());
  for (AssignorMember& member : group.members) {
    for (std::int32_t& topic : member.topics) topic = last - topic;
    for (TopicPartition& owned : member.owned) owned.topic = last - owned.topic;
  }
  return group;
}

NamedAssignment assigned(const Assignor& assignor, const AssignorGroup& group) {
  const Assignment assignment = assignor.assign(group.topics, group.members);
  REQUIRE(assignment.size() == group.members.size());
  NamedAssignment named;
  for (std::size_t i = 0; i < assignment.size(); ++i) {
    NamedPartitions& partitions = named[group.members[i].member_id];
    for (const TopicPartition& partition : assignment[i]) {
      partitions.emplace_back(group.topics.at(partition.topic).name, partition.partition);
    }
  }
  return named;
}

NamedAssignment as_sets(NamedAssignment assignment) {
  for (auto& [member, partitions] : assignment) std::sort(partitions.begin(), partitions.end());
  return assignment;
}

}  // namespace nutshell
