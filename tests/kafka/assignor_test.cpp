#include "sim/kafka/assignor.h"

#include <doctest/doctest.h>

#include <utility>

namespace nutshell {
namespace {

AssignorMember member(const std::string& id, std::vector<std::int32_t> topics) {
  return {.member_id = id, .topics = std::move(topics)};
}

bool equal(const Assignment& actual, const Assignment& expected) { return actual == expected; }

const std::vector<AssignorTopic> kTwoTopics = {{.name = "t0", .partitions = 3}, {.name = "t1", .partitions = 3}};
const std::vector<AssignorMember> kTwoMembers = {member("C0", {0, 1}), member("C1", {0, 1})};

TEST_CASE("G14: range gives the first member the odd partition of every topic") {
  const Assignment assignment = assign_range(kTwoTopics, kTwoMembers);
  CHECK(equal(assignment, {{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, {{0, 2}, {1, 2}}}));
}

TEST_CASE("G15: round robin deals the partitions of all topics") {
  const Assignment assignment = assign_round_robin(kTwoTopics, kTwoMembers);
  CHECK(equal(assignment, {{{0, 0}, {0, 2}, {1, 1}}, {{0, 1}, {1, 0}, {1, 2}}}));
}

TEST_CASE("G15: a member that does not subscribe is passed over") {
  const std::vector<AssignorTopic> topics = {
      {.name = "t0", .partitions = 1}, {.name = "t1", .partitions = 2}, {.name = "t2", .partitions = 3}};
  const std::vector<AssignorMember> members = {member("C0", {0}), member("C1", {0, 1}), member("C2", {0, 1, 2})};
  const Assignment assignment = assign_round_robin(topics, members);
  CHECK(equal(assignment, {{{0, 0}}, {{1, 0}}, {{1, 1}, {2, 0}, {2, 1}, {2, 2}}}));
}

TEST_CASE("The fifth member of four partitions is idle") {
  const std::vector<AssignorTopic> topics = {{.name = "t", .partitions = 4}};
  std::vector<AssignorMember> members;
  for (const char* id : {"C0", "C1", "C2", "C3", "C4"}) members.push_back(member(id, {0}));
  const Assignment expected = {{{0, 0}}, {{0, 1}}, {{0, 2}}, {{0, 3}}, {}};
  CHECK(equal(assign_range(topics, members), expected));
  CHECK(equal(assign_round_robin(topics, members), expected));
}

TEST_CASE("Static members come first, by their instance id") {
  std::vector<AssignorMember> members = {member("a", {0}), member("b", {0}), member("c", {0})};
  members[1].group_instance_id = "z";
  members[2].group_instance_id = "y";
  CHECK(members_in_order(members) == std::vector<std::int32_t>{2, 1, 0});
  const std::vector<AssignorTopic> topics = {{.name = "t", .partitions = 4}};
  CHECK(equal(assign_range(topics, members), {{{0, 3}}, {{0, 2}}, {{0, 0}, {0, 1}}}));
  CHECK(equal(assign_round_robin(topics, members), {{{0, 2}}, {{0, 1}}, {{0, 0}, {0, 3}}}));
}

TEST_CASE("Topics without metadata, without partitions or without subscribers are left out") {
  const std::vector<AssignorTopic> topics = {
      {.name = "missing"}, {.name = "none", .partitions = 0}, {.name = "other", .partitions = 2},
      {.name = "t", .partitions = 1}};
  const std::vector<AssignorMember> members = {member("C0", {0, 1, 3, 3})};
  CHECK(equal(assign_range(topics, members), {{{3, 0}}}));
  CHECK(equal(assign_round_robin(topics, members), {{{3, 0}}}));
}

TEST_CASE("A group without members has an empty assignment") {
  CHECK(assign_range(kTwoTopics, {}).empty());
  CHECK(assign_round_robin(kTwoTopics, {}).empty());
}

TEST_CASE("G14: range prefers partitions with a replica in the rack of the consumer") {
  const std::vector<AssignorTopic> topics = {{"t", 4, {{"a"}, {"b"}, {"a"}, {"b"}}}};
  std::vector<AssignorMember> members = {member("C0", {0}), member("C1", {0})};
  CHECK(equal(assign_range(topics, members), {{{0, 0}, {0, 1}}, {{0, 2}, {0, 3}}}));
  members[0].rack = "b";
  members[1].rack = "a";
  CHECK(equal(assign_range(topics, members), {{{0, 1}, {0, 3}}, {{0, 0}, {0, 2}}}));
}

TEST_CASE("G14: racks change no count: what cannot match is given anyway") {
  const std::vector<AssignorTopic> topics = {{"t", 4, {{"a"}, {"a"}, {"a"}, {"b"}}}};
  std::vector<AssignorMember> members = {member("C0", {0}), member("C1", {0})};
  members[0].rack = "b";
  members[1].rack = "a";
  CHECK(equal(assign_range(topics, members), {{{0, 2}, {0, 3}}, {{0, 0}, {0, 1}}}));
}

TEST_CASE("G14: topics with the same consumers and partitions stay co-partitioned on racks") {
  const std::vector<AssignorTopic> topics = {{"t0", 2, {{"a"}, {"b"}}}, {"t1", 2, {{"a"}, {"b"}}}};
  std::vector<AssignorMember> members = {member("C0", {0, 1}), member("C1", {0, 1})};
  members[0].rack = "b";
  members[1].rack = "a";
  CHECK(equal(assign_range(topics, members), {{{0, 1}, {1, 1}}, {{0, 0}, {1, 0}}}));
}

TEST_CASE("An assignor is found by protocol name or by class name") {
  REQUIRE(find_assignor("range") != nullptr);
  CHECK((find_assignor("range")->assign == assign_range));
  CHECK(find_assignor("org.apache.kafka.clients.consumer.RangeAssignor") == find_assignor("range"));
  REQUIRE(find_assignor("roundrobin") != nullptr);
  CHECK((find_assignor("roundrobin")->assign == assign_round_robin));
  CHECK(find_assignor("org.apache.kafka.clients.consumer.RoundRobinAssignor") == find_assignor("roundrobin"));
  CHECK(find_assignor("round-robin") == nullptr);
}

}  // namespace
}  // namespace nutshell
