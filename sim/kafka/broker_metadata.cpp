// From the metadata log to roles: the broker applies what the quorum has committed (K1).
#include <algorithm>
#include <map>
#include <utility>

#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

// The broker has replayed its own registration: only now does it act on what it knows, all at once. Acting
// on older records would make it lead in epochs long past.
void publish(Env& env, Broker& broker, Step because) {
  broker.published = true;
  delete_strays(env, broker);
  for (const auto& topic : broker.image.topics())
    for (std::size_t p = 0; p < topic->partitions.size(); ++p) {
      const TopicPartition tp{topic->topic, static_cast<std::int32_t>(p)};
      apply_partition(env, broker, tp, topic->partitions[p], because);
    }
  send_heartbeat(env, broker);
}

}  // namespace

namespace {

// What a stretch of the metadata log changes for this broker. Like Kafka's, a broker acts on the stretch as a
// whole: a partition record means something else before and after the fencing that follows it.
struct Delta {
  struct Change {
    TopicPartition tp;
    Step because;
  };
  std::vector<Change> partitions;  // as they come: only the last of each partition counts
  std::vector<std::pair<TopicId, Step>> deleted;  // topics
  bool brokers = false;            // somebody was fenced, unfenced or began to shut down
};

// The last change of each partition, in their order.
std::vector<Delta::Change> last_changes(const std::vector<Delta::Change>& all) {
  std::map<TopicPartition, std::size_t> last;
  for (std::size_t i = 0; i < all.size(); ++i) last[all[i].tp] = i;
  std::vector<Delta::Change> changes;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (last[all[i].tp] == i) changes.push_back(all[i]);
  return changes;
}

void note(Delta& delta, const Broker& broker, const MetadataEntry& entry) {
  if (const auto* partition = std::get_if<PartitionRecord>(&entry.record)) {
    const bool own = partition->state.replicas.contains(static_cast<std::int16_t>(broker.id));
    if (own) delta.partitions.push_back({partition->tp, entry.because});
  } else if (const auto* config = std::get_if<TopicConfigRecord>(&entry.record)) {
    auto each = std::lower_bound(broker.replicas.begin(), broker.replicas.end(), config->topic,
                                 [](const Replica& replica, TopicId topic) { return replica.tp.topic < topic; });
    for (; each != broker.replicas.end() && each->tp.topic == config->topic; ++each)
      delta.partitions.push_back({each->tp, entry.because});
  } else if (const auto* gone = std::get_if<RemoveTopicRecord>(&entry.record)) {
    delta.deleted.emplace_back(gone->topic, entry.because);
  } else if (std::holds_alternative<BrokerRegistrationChangeRecord>(entry.record)) {
    delta.brokers = true;
  }
}

// What a snapshot changes for this broker: what it knows now, against what it knew before.
void note_difference(Delta& delta, const Broker& broker, const MetadataImage& before) {
  const MetadataImage& now = broker.image;
  delta.brokers = true;
  for (const auto& old : before.topics())
    if (!now.topic(old->topic) || now.topic(old->topic)->incarnation != old->incarnation) delta.deleted.emplace_back(old->topic, kNoStep);
  for (const auto& topic : now.topics()) {
    const TopicRegistration* old = before.topic(topic->topic);
    if (old == topic.get()) continue;
    const bool as_before = old && old->incarnation == topic->incarnation && digest_of(old->config) == digest_of(topic->config);
    for (std::size_t p = 0; p < topic->partitions.size(); ++p) {
      const PartitionRegistration& state = topic->partitions[p];
      if (!state.replicas.contains(static_cast<std::int16_t>(broker.id))) continue;
      if (as_before && p < old->partitions.size() && old->partitions[p] == state) continue;
      delta.partitions.push_back({{topic->topic, static_cast<std::int32_t>(p)}, kNoStep});
    }
  }
}

void act_on(Env& env, Broker& broker, const Delta& delta) {
  for (const auto& [topic, because] : delta.deleted) delete_topic_logs(env, broker, topic, because);
  for (const Delta::Change& each : last_changes(delta.partitions))
    if (const PartitionRegistration* state = broker.image.partition(each.tp))  // else its topic was deleted later in the stretch
      apply_partition(env, broker, each.tp, *state, each.because);
  if (!delta.brokers) return;
  // Who may join an ISR, and so holds the high watermark back, has changed (R8).
  for (Replica& each : broker.replicas) {
    if (each.role != ReplicaRole::leader) continue;
    maybe_raise_high_watermark(env, broker, each);
    complete_deletes(env, broker, each);
  }
}

}  // namespace

void apply_metadata(Env& env, Broker& broker) {
  if (broker.image.end_offset() >= broker.raft.high_watermark && (broker.published || broker.broker_epoch < 0)) return;
  Delta delta;
  const MetadataImage before = broker.image;
  if (raft_bring(env, broker.raft, broker.image)) {
    if (broker.published) note_difference(delta, broker, before);
  } else if (broker.published) {
    const MetadataLog& log = broker.raft.log;
    for (Offset each : env.commons.stretches.concerning(broker.id, log, before.end_offset(), broker.raft.high_watermark))
      note(delta, broker, log[static_cast<std::size_t>(each)]);
  }
  if (broker.image.end_offset() > before.end_offset()) raft_applied(env, broker.raft, broker.config, broker.image);
  act_on(env, broker, delta);
  const bool registered = broker.broker_epoch >= 0 && broker.image.end_offset() > broker.broker_epoch;
  if (!broker.published && registered) publish(env, broker, kNoStep);
}

}  // namespace nutshell
