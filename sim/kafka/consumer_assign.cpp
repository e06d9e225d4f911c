// The leader of a group assigns the partitions to its members (G9, G14-G16).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/assignor.h"
#include "sim/kafka/consumer_steps.h"

namespace nutshell {

namespace {

// Topics that any member subscribes to, by number.
std::vector<std::int32_t> topics_of_group(const Consumer& consumer) {
  std::vector<std::int32_t> topics;
  for (const JoinedMember& each : consumer.members) topics.insert(topics.end(), each.topics.begin(), each.topics.end());
  std::sort(topics.begin(), topics.end());
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  return topics;
}

// The leader watches the topics of all members. True if it has asked for all of them.
bool watch_topics(Env& env, Consumer& consumer, const std::vector<std::int32_t>& topics) {
  std::vector<std::int32_t>& watched = consumer.metadata.topics;
  const std::size_t before = watched.size();
  for (std::int32_t each : topics)
    if (std::find(watched.begin(), watched.end(), each) == watched.end()) watched.push_back(each);
  if (watched.size() > before) {
    consumer.assign_after = env.now() + 1;
    refresh_metadata(env, consumer.metadata, settings_of(consumer));
  }
  return consumer.metadata.updated_at >= consumer.assign_after;
}

std::vector<TopicSize> sizes_of(const Consumer& consumer, const std::vector<std::int32_t>& topics) {
  std::vector<TopicSize> sizes;
  for (std::int32_t each : topics) sizes.push_back({each, consumer.metadata.partition_count(each)});
  return sizes;
}

// Racks of the replicas of each partition of a topic, as metadata tells (KIP-881).
std::vector<std::vector<std::string>> replica_racks(const Env& env, const ReplicaRacks& racks, TopicId topic) {
  std::vector<std::vector<std::string>> all;
  for (const PartitionReplicas& each : racks.partitions) {
    if (each.tp.topic != topic) continue;
    std::vector<std::string>& names = all.emplace_back();
    for (std::int16_t replica : each.replicas) names.push_back(rack_name(env.fabric.names, racks.rack_of(replica)));
  }
  return all;
}

std::vector<AssignorTopic> assignor_topics(const Env& env, const Consumer& consumer, const std::vector<TopicSize>& sizes) {
  std::vector<AssignorTopic> topics;
  for (const TopicSize& each : sizes) {
    AssignorTopic topic;
    topic.name = env.fabric.names[each.topic];
    topic.partitions = each.partitions > 0 ? each.partitions : -1;
    topic.replica_racks = replica_racks(env, consumer.metadata.racks, each.topic);
    topics.push_back(std::move(topic));
  }
  return topics;
}

// Index into the sorted topics; -1: it is not among them.
std::int32_t index_of(const std::vector<std::int32_t>& topics, TopicId topic) {
  const auto place = std::lower_bound(topics.begin(), topics.end(), topic);
  return place != topics.end() && *place == topic ? static_cast<std::int32_t>(place - topics.begin()) : -1;
}

AssignorMember assignor_member(const Env& env, const JoinedMember& joined, const std::vector<std::int32_t>& topics) {
  AssignorMember member;
  member.member_id = env.fabric.names[joined.member_id];
  for (std::int32_t each : joined.topics) member.topics.push_back(index_of(topics, each));
  member.generation = joined.claim.generation;
  member.rack = rack_name(env.fabric.names, joined.claim.rack);
  for (TopicPartition each : joined.claim.partitions) {
    const TopicId topic = index_of(topics, each.topic);
    if (topic != -1) member.owned.push_back({topic, each.partition});
  }
  return member;
}

std::vector<AssignorMember> assignor_members(const Env& env, const Consumer& consumer,
                                             const std::vector<std::int32_t>& topics) {
  std::vector<AssignorMember> members;
  for (const JoinedMember& each : consumer.members) members.push_back(assignor_member(env, each, topics));
  return members;
}

}  // namespace

void assign_if_ready(Env& env, Consumer& consumer) {
  if (consumer.members.empty()) return;
  const std::vector<std::int32_t> topics = topics_of_group(consumer);
  if (!watch_topics(env, consumer, topics)) return;
  consumer.assigned_from = sizes_of(consumer, topics);
  if (consumer.host.assigns) return tell_host(consumer, ClientNews::assign);
  Assignment assignment = assignor(consumer.memory.protocol)
                              .assign(assignor_topics(env, consumer, consumer.assigned_from), assignor_members(env, consumer, topics));
  NUTSHELL_REQUIRE(assignment.size() == consumer.members.size());
  std::vector<MemberAssignment> result;
  for (std::size_t i = 0; i < assignment.size(); ++i) {
    for (TopicPartition& each : assignment[i]) each.topic = topics[static_cast<std::size_t>(each.topic)];
    result.push_back({consumer.members[i].member_id, std::move(assignment[i])});
  }
  consumer.members.clear();
  send_sync(env, consumer, std::move(result));
}

void send_sync(Env& env, Consumer& consumer, std::vector<MemberAssignment> assignments) {
  if (consumer.coordinator == kNoNode) return reset_membership(env, consumer, false);
  SyncGroupRequest request;
  request.group = consumer.spec.group;
  request.generation = consumer.generation;
  request.member_id = consumer.member_id;
  request.assignments = std::move(assignments);
  env.request(consumer.node, consumer.coordinator, Channel::coordinator, std::move(request),
              consumer.spec.config.request_timeout, static_cast<std::uint64_t>(consumer.attempt));
}

bool assignment_outdated(const Consumer& consumer) {
  return std::any_of(
      consumer.assigned_from.begin(), consumer.assigned_from.end(),
      [&](const TopicSize& each) { return consumer.metadata.partition_count(each.topic) != each.partitions; });
}

}  // namespace nutshell
