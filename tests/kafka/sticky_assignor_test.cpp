// The sticky assignors (G16), with numbers worked out by hand. Kafka's own results: tests/conformance.
#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "sim/kafka/assignor.h"

namespace nutshell {
namespace {

using Partitions = std::vector<TopicPartition>;

AssignorMember sticky_member(const std::string& id, Partitions owned = {}, std::int32_t generation = 1) {
  return {.member_id = id, .topics = {0}, .owned = std::move(owned), .generation = generation};
}

std::vector<AssignorTopic> one_topic(std::int32_t partitions) { return {{.name = "t", .partitions = partitions}}; }

// "0 3 | 1 4 | 2": the partitions of each member, in the order given.
std::string text(const Assignment& assignment) {
  std::string text;
  for (std::size_t i = 0; i < assignment.size(); ++i) {
    if (i > 0) text += " |";
    for (const TopicPartition& each : assignment[i]) text += " " + std::to_string(each.partition);
  }
  return text;
}

TEST_CASE("G16: from nothing, sticky deals the partitions around") {
  const std::vector<AssignorMember> members = {sticky_member("C0"), sticky_member("C1"), sticky_member("C2")};
  CHECK(text(assign_sticky(one_topic(5), members)) == " 0 3 | 1 4 | 2");
  CHECK(text(assign_cooperative_sticky(one_topic(5), members)) == " 0 3 | 1 4 | 2");
}

TEST_CASE("G16: when a member leaves, only its partitions move") {
  const std::vector<AssignorMember> members = {sticky_member("C0", {{0, 0}, {0, 3}}), sticky_member("C2", {{0, 2}})};
  CHECK(text(assign_sticky(one_topic(5), members)) == " 0 3 4 | 2 1");
  // Nobody holds 1 and 4, so there is nothing to wait for.
  CHECK(text(assign_cooperative_sticky(one_topic(5), members)) == " 0 3 4 | 2 1");
}

TEST_CASE("scenario 34: what changes hands is withheld for one round") {
  std::vector<AssignorMember> members = {sticky_member("C1", {{0, 0}, {0, 1}}), sticky_member("C2", {{0, 2}, {0, 3}}), sticky_member("C3")};
  members[2].generation = -1;
  CHECK(text(assign_sticky(one_topic(4), members)) == " 0 1 | 2 | 3");
  CHECK(text(assign_cooperative_sticky(one_topic(4), members)) == " 0 1 | 2 |");
  members[1].owned = {{0, 2}};
  CHECK(text(assign_cooperative_sticky(one_topic(4), members)) == " 0 1 | 2 | 3");
}

TEST_CASE("G16: a partition that two members claim in one generation is nobody's") {
  const std::vector<AssignorMember> members = {sticky_member("C0", {{0, 0}, {0, 1}}, 7), sticky_member("C1", {{0, 1}, {0, 2}}, 7)};
  // 0 and 2 stay; 1 and 3 go to whoever has fewest, in the order of ids.
  CHECK(text(assign_sticky(one_topic(4), members)) == " 0 1 | 2 3");
  CHECK(text(assign_cooperative_sticky(one_topic(4), members)) == " 0 | 2 3");  // both must let go of 1
}

TEST_CASE("G16: the claim of a newer generation beats an older one") {
  const std::vector<AssignorMember> members = {sticky_member("C0", {{0, 0}, {0, 1}}, 6), sticky_member("C1", {{0, 1}, {0, 2}}, 7)};
  CHECK(text(assign_sticky(one_topic(4), members)) == " 0 3 | 1 2");
  CHECK(text(assign_cooperative_sticky(one_topic(4), members)) == " 0 3 | 1 2");
}

TEST_CASE("G16: an old claim that nobody contests is kept") {
  const std::vector<AssignorMember> members = {sticky_member("C0", {{0, 1}, {0, 3}}, 5), sticky_member("C1", {{0, 0}}, 7)};
  CHECK(text(assign_sticky(one_topic(4), members)) == " 1 3 | 0 2");
}

TEST_CASE("the sticky assignors order members by member id, whatever their group.instance.id") {
  std::vector<AssignorMember> members = {sticky_member("a"), sticky_member("b"), sticky_member("c")};
  members[1].group_instance_id = "z";
  members[2].group_instance_id = "y";
  CHECK(text(assign_sticky(one_topic(4), members)) == " 0 3 | 1 | 2");
  CHECK(text(assign_round_robin(one_topic(4), members)) == " 2 | 1 | 0 3");  // static ones first, by instance id
}

TEST_CASE("G16: unequal subscriptions, the topic with the fewest takers is given first, and load evens out") {
  const std::vector<AssignorTopic> topics = {{.name = "a", .partitions = 4}, {.name = "b", .partitions = 2}};
  std::vector<AssignorMember> members = {sticky_member("C0"), sticky_member("C1")};
  members[1].topics = {0, 1};
  // b has one taker: b-0 and b-1 to C1. Then a-0, a-1 to C0, which has fewer; a-2 to C0 (by id, both have 2), a-3 to C1.
  const Assignment expected = {{{0, 0}, {0, 1}, {0, 2}}, {{1, 0}, {1, 1}, {0, 3}}};
  CHECK((assign_sticky(topics, members) == expected));
}

TEST_CASE("G16: unequal subscriptions, a partition moves only if two members become more equal") {
  const std::vector<AssignorTopic> topics = {{.name = "a", .partitions = 3}, {.name = "b", .partitions = 1}};
  std::vector<AssignorMember> members = {sticky_member("C0", {{0, 0}, {0, 1}, {0, 2}}), sticky_member("C1")};
  members[1].topics = {0, 1};
  // C1 gets b-0: 3 and 1, so one more partition moves to it; 2 and 2 is even.
  const Assignment eager = assign_sticky(topics, members), cooperative = assign_cooperative_sticky(topics, members);
  CHECK(eager[0].size() == 2);
  CHECK(eager[1].size() == 2);
  CHECK(cooperative[0] == eager[0]);
  CHECK((cooperative[1] == Partitions{{1, 0}}));  // what moves is withheld, what nobody held is not
  members[0].owned = {{0, 0}, {0, 1}};
  members[1].owned = {{0, 2}};
  // 2 and 2 from the start.
  CHECK((assign_cooperative_sticky(topics, members) == Assignment{{{0, 0}, {0, 1}}, {{0, 2}, {1, 0}}}));
}

TEST_CASE("cooperative: two assignments settle any even group, and nothing changes hands at once") {
  for (std::int32_t partitions = 1; partitions <= 12; ++partitions) {
    for (std::int32_t before = 1; before <= 5; ++before) {
      for (std::int32_t after = 1; after <= 6; ++after) {
        CAPTURE(partitions); CAPTURE(before); CAPTURE(after);
        std::vector<AssignorMember> members;
        for (std::int32_t i = 0; i < before; ++i) members.push_back(sticky_member("C" + std::to_string(i)));
        Assignment now = assign_cooperative_sticky(one_topic(partitions), members);
        members.resize(static_cast<std::size_t>(std::min(before, after)));
        for (std::size_t i = 0; i < members.size(); ++i) members[i].owned = now[i];
        for (std::int32_t i = before; i < after; ++i) members.push_back(sticky_member("C" + std::to_string(i), {}, -1));
        std::size_t given = 0;
        for (int round = 0; round < 2; ++round) {
          now = assign_cooperative_sticky(one_topic(partitions), members);
          given = 0;
          for (std::size_t i = 0; i < now.size(); ++i) {
            given += now[i].size();
            for (const TopicPartition& each : now[i])
              for (std::size_t j = 0; j < members.size(); ++j)
                CHECK((j == i || std::count(members[j].owned.begin(), members[j].owned.end(), each) == 0));
          }
          for (std::size_t i = 0; i < now.size(); ++i) members[i].owned = now[i];
        }
        CHECK(given == static_cast<std::size_t>(partitions));
      }
    }
  }
}

TEST_CASE("the sticky assignors are found by name and by class name") {
  CHECK((find_assignor("sticky")->assign == assign_sticky));
  CHECK(find_assignor("org.apache.kafka.clients.consumer.StickyAssignor") == find_assignor("sticky"));
  CHECK((find_assignor("cooperative-sticky")->assign == assign_cooperative_sticky));
  CHECK(find_assignor("org.apache.kafka.clients.consumer.CooperativeStickyAssignor") == find_assignor("cooperative-sticky"));
  CHECK(&assignor(AssignorName::cooperative_sticky) == find_assignor("cooperative-sticky"));
  CHECK(assign_sticky(one_topic(3), {}).empty());
}

}  // namespace
}  // namespace nutshell
