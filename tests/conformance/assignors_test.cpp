// assign_range.json (G14) and assign_roundrobin.json (G15).
#include "sim/kafka/assignor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <utility>

#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using NamedPartitions = std::vector<std::pair<std::string, std::int32_t>>;
using NamedAssignment = std::map<std::string, NamedPartitions>;  // by member id

struct Group {
  std::vector<AssignorTopic> topics;
  std::vector<AssignorMember> members;
};

std::int32_t topic_index(Group& group, const std::string& name) {
  for (std::size_t i = 0; i < group.topics.size(); ++i) {
    if (group.topics[i].name == name) return static_cast<std::int32_t>(i);
  }
  group.topics.push_back({.name = name});
  return static_cast<std::int32_t>(group.topics.size() - 1);
}

Group group_of(const nlohmann::json& test) {
  Group group;
  for (const auto& [name, topic] : test.at("topics").items()) {
    AssignorTopic& added = group.topics[topic_index(group, name)];
    added.partitions = topic.at("partitions");
    if (topic.contains("replica_racks")) topic.at("replica_racks").get_to(added.replica_racks);
  }
  for (const nlohmann::json& member : test.at("members")) {
    AssignorMember added;
    added.member_id = member.at("member_id");
    added.group_instance_id = member.value("group_instance_id", "");
    added.rack = member.value("rack_id", "");
    for (const std::string name : member.at("topics")) added.topics.push_back(topic_index(group, name));
    group.members.push_back(added);
  }
  return group;
}

// The same group with members and topics listed backwards.
Group reversed(Group group) {
  const auto last = static_cast<std::int32_t>(group.topics.size()) - 1;
  std::reverse(group.topics.begin(), group.topics.end());
  std::reverse(group.members.begin(), group.members.end());
  for (AssignorMember& member : group.members) {
    for (std::int32_t& topic : member.topics) topic = last - topic;
  }
  return group;
}

NamedAssignment assigned(const Assignor& assignor, const Group& group) {
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

void check_assignor_file(const std::string& file_name, const Assignor& assignor) {
  for (const nlohmann::json& test : vector_cases(file_name)) {
    CAPTURE(test.dump());
    const Group group = group_of(test);
    const NamedAssignment expected = test.at("assignment").get<NamedAssignment>();
    const NamedAssignment actual = assigned(assignor, group);
    const std::string robust = test.at("robust");
    REQUIRE((robust == "list" || robust == "set"));
    const bool matches = robust == "list" ? actual == expected : as_sets(actual) == as_sets(expected);
    CHECK(matches);
    const bool order_of_input_matters = assigned(assignor, reversed(group)) != actual;
    CHECK_FALSE(order_of_input_matters);
  }
}

TEST_CASE("conformance: assign_range") {
  const Assignor* assignor = find_assignor("range");
  REQUIRE(assignor != nullptr);
  check_assignor_file("assign_range.json", *assignor);
}

TEST_CASE("conformance: assign_roundrobin") {
  const Assignor* assignor = find_assignor("roundrobin");
  REQUIRE(assignor != nullptr);
  check_assignor_file("assign_roundrobin.json", *assignor);
}

}  // namespace
}  // namespace nutshell
