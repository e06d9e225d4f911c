// Topics that are deleted: replicas go at once, their files after file.delete.delay.ms (G6).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

// The directory is renamed at once, so that a topic of the same name may come at any time (LogManager.asyncDelete). How long
// the files stay is the broker's own setting: the topic's is gone with it.
void put_aside(Env& env, Broker& broker, const Replica& replica) {
  const DeletedLog gone{replica.tp, replica.log.size_in_bytes(), env.now() + broker.config.file_delete_delay};
  const auto later = std::upper_bound(broker.deleted_logs.begin(), broker.deleted_logs.end(), gone.remove_at,
                                      [](Time at, const DeletedLog& each) { return at < each.remove_at; });
  broker.deleted_logs.insert(later, gone);
  env.arm(broker.node, TimerKind::log_delete, broker.config.file_delete_delay);
}

// Who waits for the partition is answered when it is not there any more.
void delete_replica(Env& env, Broker& broker, TopicPartition tp, Step because) {
  Replica& replica = *broker.replica(tp);
  if (replica.role == ReplicaRole::leader) {
    fail_produces(env, broker, replica, ErrorCode::unknown_topic_or_partition);
    abdicate(env, broker, replica);
  }
  unfollow(broker, replica);
  put_aside(env, broker, replica);
  forget_cleaned(broker, tp);
  const Replica gone = std::move(replica);
  broker.replicas.erase(broker.replicas.begin() + static_cast<std::ptrdiff_t>(broker.replica_keys.remove(tp)));
  env.emit(LogDeleted{tp, broker.id, gone.log.log_end_offset(), gone.log.size_in_bytes()}, because);
  wake_all(env, broker, gone);
}

template <class Goes>
void delete_replicas(Env& env, Broker& broker, Step because, Goes goes) {
  std::vector<TopicPartition> gone;
  for (const Replica& each : broker.replicas)
    if (goes(each)) gone.push_back(each.tp);
  for (TopicPartition each : gone) delete_replica(env, broker, each, because);
}

bool is_of_present(const Broker& broker, const Replica& replica) {
  return broker.image.topic(replica.tp.topic) && broker.image.incarnation(replica.tp.topic) == replica.incarnation;
}

}  // namespace

void delete_topic_logs(Env& env, Broker& broker, TopicId topic, Step because) {
  delete_replicas(env, broker, because,
                  [&](const Replica& each) { return each.tp.topic == topic && !is_of_present(broker, each); });
  coordinator_on_topic_deleted(env, broker, topic);
}

void delete_strays(Env& env, Broker& broker) {
  delete_replicas(env, broker, kNoStep, [&](const Replica& each) { return !is_of_present(broker, each); });
}

void remove_deleted_logs(Env& env, Broker& broker) {
  auto& all = broker.deleted_logs;
  const auto waits = std::find_if(all.begin(), all.end(), [&](const DeletedLog& each) { return each.remove_at > env.now(); });
  for (auto each = all.begin(); each != waits; ++each) env.emit(LogFilesRemoved{each->tp, broker.id, each->size_in_bytes});
  all.erase(all.begin(), waits);
}

void expect_removals(Env& env, Broker& broker) {
  if (broker.deleted_logs.empty()) return;
  for (DeletedLog& each : broker.deleted_logs) each.remove_at = env.now() + broker.config.file_delete_delay;
  env.arm(broker.node, TimerKind::log_delete, broker.config.file_delete_delay);
}

}  // namespace nutshell
