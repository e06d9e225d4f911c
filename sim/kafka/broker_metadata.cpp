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
    for (const Replica& each : broker.replicas)
      if (each.tp.topic == config->topic) delta.partitions.push_back({each.tp, entry.because});
  } else if (const auto* gone = std::get_if<RemoveTopicRecord>(&entry.record)) {
    delta.deleted.emplace_back(gone->topic, entry.because);
  } else if (std::holds_alternative<BrokerRegistrationChangeRecord>(entry.record)) {
    delta.brokers = true;
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
  const Offset end = broker.raft.high_watermark;
  if (broker.published)
    for (Offset offset = broker.image.end_offset(); offset < end; ++offset)
      note(delta, broker, broker.raft.log[static_cast<std::size_t>(offset)]);
  env.commons.images.bring(broker.image, broker.raft.log, end);
  act_on(env, broker, delta);
  const bool registered = broker.broker_epoch >= 0 && broker.image.end_offset() > broker.broker_epoch;
  if (!broker.published && registered) publish(env, broker, kNoStep);
}

}  // namespace nutshell
