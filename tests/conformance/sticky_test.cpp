// assign_sticky.json and assign_cooperative_sticky.json (G16): groups whose members come, go and change their
// topics, one assignment after the other.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/conformance/assignor_groups.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Named = std::pair<std::string, std::int32_t>;

// Partitions of topics that there are and that somebody subscribes to.
std::set<Named> assignable(const AssignorGroup& group) {
  std::set<Named> all;
  for (const AssignorMember& member : group.members)
    for (const TopicId topic : member.topics)
      for (std::int32_t i = 0; i < group.topics[topic].partitions; ++i) all.emplace(group.topics[topic].name, i);
  return all;
}

std::set<Named> owned_by(const AssignorGroup& group, const AssignorMember& member) {
  std::set<Named> owned;
  for (const TopicPartition& each : member.owned) owned.emplace(group.topics[each.topic].name, each.partition);
  return owned;
}

bool racks_meet(const AssignorGroup& group, const AssignorMember& member, TopicPartition tp) {
  const std::vector<std::vector<std::string>>& racks = group.topics[tp.topic].replica_racks;
  if (member.rack.empty() || static_cast<std::size_t>(tp.partition) >= racks.size()) return true;
  const std::vector<std::string>& replicas = racks[static_cast<std::size_t>(tp.partition)];
  return std::find(replicas.begin(), replicas.end(), member.rack) != replicas.end();
}

// How many partitions stay where they were. Nobody keeps a partition out of its rack, but by luck.
std::int64_t kept(const AssignorGroup& group, const NamedAssignment& assignment) {
  std::int64_t count = 0;
  for (const AssignorMember& member : group.members) {
    std::set<Named> owned;
    for (const TopicPartition& each : member.owned)
      if (racks_meet(group, member, each)) owned.emplace(group.topics[each.topic].name, each.partition);
    const NamedPartitions& now = assignment.at(member.member_id);
    count += std::count_if(now.begin(), now.end(), [&owned](const Named& each) { return owned.count(each) > 0; });
  }
  return count;
}

// Each partition goes to one member that subscribes to it. The cooperative assignor leaves out what somebody
// claims and does not keep, nothing else.
void check_coverage(const AssignorGroup& group, const NamedAssignment& assignment, bool cooperative) {
  std::set<Named> given, claimed;
  for (const AssignorMember& member : group.members) {
    claimed.merge(owned_by(group, member));
    for (const Named& each : assignment.at(member.member_id)) {
      CHECK(given.insert(each).second);
      const auto wants = [&](TopicId topic) { return group.topics[topic].name == each.first; };
      CHECK(std::any_of(member.topics.begin(), member.topics.end(), wants));
    }
  }
  for (const Named& each : assignable(group))
    if (given.count(each) == 0) CHECK((cooperative && claimed.count(each) > 0));
}

void check_quotas(const AssignorGroup& group, const NamedAssignment& assignment, bool cooperative) {
  const std::size_t partitions = assignable(group).size(), members = group.members.size();
  for (const auto& [member, given] : assignment) {
    CHECK(given.size() <= (partitions + members - 1) / members);
    if (!cooperative) CHECK(given.size() >= partitions / members);
  }
}

void check_step(const nlohmann::json& step, const Assignor& assignor, bool equal, bool cooperative) {
  const std::string text = step.dump();
  CAPTURE(text);
  const AssignorGroup group = assignor_group(step);
  const NamedAssignment expected = step.at("assignment").get<NamedAssignment>();
  const NamedAssignment actual = assigned(assignor, group);
  const std::string robust = step.at("robust");
  REQUIRE((robust == "list" || robust == "set" || robust == "none"));
  if (robust == "list") CHECK((actual == expected));
  if (robust == "set") CHECK((as_sets(actual) == as_sets(expected)));
  check_coverage(group, actual, cooperative);
  if (equal) check_quotas(group, actual, cooperative);
  CHECK(kept(group, actual) >= kept(group, expected));
  CHECK((assigned(assignor, reversed(group)) == actual));
}

void check_file(const std::string& file_name, const std::string& name, bool cooperative) {
  const Assignor* assignor = find_assignor(name);
  REQUIRE(assignor != nullptr);
  for (const nlohmann::json& test : vector_cases(file_name)) {
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    for (const nlohmann::json& step : test.at("steps"))
      check_step(step, *assignor, test.at("equal_subscriptions"), cooperative);
  }
}

TEST_CASE("conformance: assign_sticky") { check_file("assign_sticky.json", "sticky", false); }

TEST_CASE("conformance: assign_cooperative_sticky") {
  check_file("assign_cooperative_sticky.json", "cooperative-sticky", true);
}

}  // namespace
}  // namespace nutshell
