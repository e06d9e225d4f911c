// Consumers whose application is the process that embeds them.
#include <algorithm>
#include <utility>

#include "sim/core/require.h"
#include "sim/kafka/consumer_steps.h"
#include "sim/kafka/hosted.h"

namespace nutshell {

// the consumer's side

void tell_host(Consumer& consumer, ClientNews what, std::vector<TopicPartition> partitions, ErrorCode error) {
  consumer.host.news.push_back({what, std::move(partitions), error});
}

bool wait_for_host(Consumer& consumer) {
  if (!consumer.host.hosted || !consumer.host.reads || !is_member(consumer) || consumer.owned.empty()) return false;
  consumer.state = MemberState::revoking;
  consumer.host.revoking = true;
  tell_host(consumer, ClientNews::revoking, owned_by(consumer));
  return true;
}

void set_aside(Consumer& consumer, std::vector<TopicPartition>& assigned) {
  consumer.host.beside.clear();
  std::erase_if(assigned, [&](TopicPartition each) {
    const auto& topics = consumer.spec.topics;
    const bool subscribed = std::find(topics.begin(), topics.end(), each.topic) != topics.end();
    if (!subscribed) consumer.host.beside.push_back(each);
    return !subscribed;
  });
}

bool is_paused(const Consumer& consumer, TopicPartition tp) {
  const std::vector<TopicPartition>& paused = consumer.host.paused;
  return std::find(paused.begin(), paused.end(), tp) != paused.end();
}

void hand_over(const Env& env, Consumer& consumer, TopicPartition tp, const Batch& batch, std::int64_t nth, std::int64_t count) {
  const Records& records = env.commons.store.records;
  for (std::int64_t i = nth; i < nth + count; ++i) {
    const Record& record = records[static_cast<std::size_t>(batch.first_record + i)];
    consumer.host.records.push_back(
        {tp, offset_of(records, batch, i), batch.partition_leader_epoch, record.key, record.text, timestamp_of(batch, record)});
  }
}

void end_within(Env& env, Consumer& consumer) {
  consumer.running = false;
  for (Timer* each : {&consumer.work, &consumer.heartbeat, &consumer.auto_commit, &consumer.max_poll, &consumer.retry,
                      &consumer.fetch_retry, &consumer.metadata.timer})
    env.disarm(*each);
  end_client(env, consumer.node, env.client);
  tell_host(consumer, consumer.fatal == ErrorCode::none ? ClientNews::closed : ClientNews::failed, {}, consumer.fatal);
}

// the host's side

Consumer hosted_consumer(NodeId node, GroupId group, std::vector<std::int32_t> topics, ConsumerConfig config,
                         std::vector<BrokerId> bootstrap) {
  NUTSHELL_REQUIRE(!config.enable_auto_commit);
  Consumer consumer;
  consumer.node = node;
  consumer.spec.group = group;
  consumer.spec.topics = std::move(topics);
  consumer.spec.config = std::move(config);
  consumer.spec.commit = CommitMode::never;
  consumer.metadata.bootstrap = std::move(bootstrap);
  consumer.host.hosted = true;
  return consumer;
}

Consumer hosted_member(NodeId node, GroupId group, ProtocolType type, ConsumerConfig config, std::vector<BrokerId> bootstrap) {
  config.enable_auto_commit = false;
  Consumer member = hosted_consumer(node, group, {}, std::move(config), std::move(bootstrap));
  member.host.assigns = true;
  member.host.reads = false;
  member.host.protocol.type = type;
  return member;
}

Consumer hosted_reader(NodeId node, ConsumerConfig config, std::vector<BrokerId> bootstrap) {
  config.enable_auto_commit = false;
  Consumer consumer = hosted_consumer(node, -1, {}, std::move(config), std::move(bootstrap));
  consumer.host.alone = true;
  consumer.state = MemberState::stable;
  return consumer;
}

void assign_partitions(Env& env, Consumer& consumer, const std::vector<StartingPoint>& partitions) {
  NUTSHELL_REQUIRE(consumer.host.alone && consumer.running);
  std::vector<OwnedPartition> owned;
  std::vector<std::int32_t> topics;
  for (const StartingPoint& each : partitions) {
    const OwnedPartition* known = find_owned(consumer, each.tp);
    owned.push_back(known ? *known : OwnedPartition{});
    owned.back().tp = each.tp;
    if (!known) owned.back().position_state = PositionState::wants_reset;
    if (std::find(topics.begin(), topics.end(), each.tp.topic) == topics.end()) topics.push_back(each.tp.topic);
  }
  std::stable_sort(owned.begin(), owned.end(), [](const OwnedPartition& a, const OwnedPartition& b) { return a.tp < b.tp; });
  consumer.owned = std::move(owned);
  consumer.ready.clear();
  for (std::size_t i = 0; i < consumer.owned.size(); ++i)
    if (consumer.owned[i].buffered()) consumer.ready.push_back(static_cast<std::int32_t>(i));
  consumer.assignment += 1;
  for (OwnedPartition& each : consumer.owned)
    if (each.position_state == PositionState::asks_reset) each.position_state = PositionState::wants_reset;
  consumer.spec.topics = topics;
  consumer.metadata.topics = topics;
  update_leaders(env, consumer);
  for (const StartingPoint& each : partitions)
    if (OwnedPartition* fresh = find_owned(consumer, each.tp); each.offset >= 0 && fresh->position < 0)
      set_position(env, consumer, *fresh, each.offset, kNoEpoch, false);
  refresh_metadata(env, consumer.metadata, settings_of(consumer));
  proceed(env, consumer);
}

std::vector<HostNews> take_news(Consumer& consumer) { return std::exchange(consumer.host.news, {}); }
std::vector<HostedRecord> take_records(Consumer& consumer) { return std::exchange(consumer.host.records, {}); }

void leave_poll(Env& env, Consumer& consumer) {
  if (consumer.running && consumer.application == ApplicationState::polling) set_application(env, consumer, ApplicationState::processing);
}

void poll_again(Env& env, Consumer& consumer) {
  if (!consumer.running || consumer.application == ApplicationState::committing) return;
  set_application(env, consumer, ApplicationState::polling);
  proceed(env, consumer);
}

void commit_offsets(Env& env, Consumer& consumer, std::vector<CommitPartition> offsets) {
  if (!consumer.running) return;
  set_application(env, consumer, ApplicationState::committing);
  start_commit_of(env, consumer, CommitReason::manual, std::move(offsets), env.now() + consumer.spec.config.default_api_timeout);
}

void rejoin(Env& env, Consumer& consumer, std::vector<CommitPartition> offsets) {
  if (!consumer.running || !consumer.host.revoking) return;
  consumer.host.revoking = false;
  if (!offsets.empty() && is_member(consumer))
    start_commit_of(env, consumer, CommitReason::revocation, std::move(offsets), env.now() + consumer.spec.config.max_poll_interval);
  else revoke_and_join(env, consumer);
  proceed(env, consumer);
}

void assign_members(Env& env, Consumer& consumer, std::vector<std::vector<TopicPartition>> assignment) {
  NUTSHELL_REQUIRE(assignment.size() == consumer.members.size());
  std::vector<MemberAssignment> result;
  for (std::size_t i = 0; i < assignment.size(); ++i) result.push_back({consumer.members[i].member_id, std::move(assignment[i])});
  consumer.members.clear();
  send_sync(env, consumer, std::move(result));
  proceed(env, consumer);
}

void assign_opaque(Env& env, Consumer& consumer, const std::vector<std::int32_t>& opaque) {
  NUTSHELL_REQUIRE(opaque.size() == consumer.members.size());
  std::vector<MemberAssignment> result;
  for (std::size_t i = 0; i < opaque.size(); ++i) result.push_back({consumer.members[i].member_id, {}, opaque[i]});
  consumer.members.clear();
  send_sync(env, consumer, std::move(result));
  proceed(env, consumer);
}

void want_rejoin(Env& env, Consumer& consumer) {
  if (!consumer.running) return;
  consumer.rejoin_wanted = true;
  proceed(env, consumer);
}

void resubscribe(Env& env, Consumer& consumer, std::vector<std::int32_t> topics) {
  consumer.spec.topics = std::move(topics);
  want_rejoin(env, consumer);
}

void seek(Env& env, Consumer& consumer, TopicPartition tp, Offset offset) {
  OwnedPartition* partition = find_owned(consumer, tp);
  NUTSHELL_REQUIRE(partition);
  drop_data(consumer, *partition);
  partition->fetch = 0;
  set_position(env, consumer, *partition, offset, kNoEpoch, false);
  proceed(env, consumer);
}

void pause_partition(Consumer& consumer, TopicPartition tp) {
  if (!is_paused(consumer, tp)) consumer.host.paused.push_back(tp);
}

void resume_partition(Env& env, Consumer& consumer, TopicPartition tp) {
  if (std::erase(consumer.host.paused, tp) > 0) proceed(env, consumer);
}

void close(Env& env, Consumer& consumer) {
  if (!consumer.running) return;
  set_application(env, consumer, ApplicationState::polling);
  consumer.host.revoking = false;
  stop(env, consumer);
}

}  // namespace nutshell
